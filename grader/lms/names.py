"""What the names in an LMS's download look like, by which a class is told from one student's work."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from grader.handed_file import TooManyMembers, opened_zip
from grader.language import visible
from grader.language.messages import T
from grader.lms.gradescope_people import GRADESCOPE
from grader.lms.listing import LmsError
from grader.lms.unpacking import MAX_MEMBERS

METADATA = "submission_metadata.yml"

# Whose a Moodle folder is stands last in its name: a student may be called like another's folder.
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?:(?P<anonymous_late>LATE)_)?(?P<anonymous>anon_[A-Za-z0-9]{5})|(?P<name>\w+?)_(?:(?P<late>LATE)_)?(?P<id>\d{4,}))"
    r"_(?:(?P<attachment>\d{5,})_(?P<file>.+)|(?P<text>text|link)\.html)",
    re.DOTALL,
)
RESUBMITTED = re.compile(r"-\d{1,2}(?=\.\w+$)")  # of a second attempt: 108_homework-1.npz, but not homework-108.npz


def is_lms_name(name: str) -> bool:
    """Whether an LMS names a file or a folder of a class so."""
    return name == METADATA or any(each.fullmatch(name) for each in (MOODLE, CANVAS, GRADESCOPE))


def canvas_owner(match: re.Match[str]) -> str:
    """What the names of one student's files in Canvas share."""
    return f"{match['name']}_{match['id']}" if match["name"] else match["anonymous"]


def is_download(path: Path) -> bool:
    """Whether a zip is what an LMS packed for a whole class, going by the names in it."""
    if path.suffix.lower() != ".zip" or path.is_symlink() or not path.is_file():
        return False
    try:
        with opened_zip(path, MAX_MEMBERS) as archive:
            return any(is_lms_name(part) for name in archive.namelist() for part in PurePosixPath(name).parts[:2])
    except TooManyMembers:  # no student's; what unpacks it says so
        return True
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def require_no_class(path: Path) -> None:
    """Asked of the only file there is: beside other works, a zip is its student's, whatever the names in it."""
    if is_download(path):
        raise LmsError(T("{path} holds the work of a whole class. Give this zip itself.", path=visible.line(str(path))))
