"""The files that a submission may consist of, found in folders and zips; none is read before it is chosen."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from grader.handed_file import File, SubmissionError, TooManyMembers, opened_zip
from grader.language import visible
from grader.language.messages import T, Text
from grader.language.reasons import reason_of
from grader.lesson import all_lessons

MAX_ENTRIES = 10_000
MAX_LISTED = 4 * MAX_ENTRIES  # with folders and hidden files
SUFFIXES = (".ipynb", ".py")


def entries_at(path: Path) -> list[File]:
    """The files at a folder, a zip, or a notebook with what may be its artifact beside it. Raises SubmissionError."""
    try:
        if path.is_dir():
            return _folder_entries(path)
        if not path.exists():
            raise SubmissionError(T("{path} does not exist. Give the folder or the notebook to grade.", path=path))
        if path.suffix.lower() == ".zip" and path.is_file():
            return _zip_entries(path)
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            raise SubmissionError(
                T("{path} is neither a folder nor a .ipynb, .py or .zip file. Give one of those.", path=path)
            )
        kinds = {lesson.artifact.suffix for lesson in all_lessons() if lesson.artifact}
        beside = [entry for entry in _folder_entries(path.parent) if entry.suffix in kinds]
        return [_file_at(path), *beside]
    except OSError as error:
        raise SubmissionError(T("{path} cannot be read: {reason}.", path=path, reason=reason_of(error))) from error


def entries_of(files: Iterable[File]) -> list[File]:
    """The same files; a zip among them stands for its members. Raises SubmissionError."""
    found: list[File] = []
    for file in files:
        if file.path and file.path.suffix.lower() == ".zip":
            found += _zip_entries(file.path, visible.block(file.name))
        else:
            found.append(file)
    return found


def _folder_entries(folder: Path) -> list[File]:
    return [_file_at(path) for path in sorted(folder.iterdir()) if path.is_file()]


def _file_at(path: Path) -> File:
    return File(path.name, path.stat().st_size, path.read_bytes, path)


def _zip_entries(path: Path, name: str = "") -> list[File]:
    """The members of a zip, which messages call ``name`` if it lies where its student does not know."""
    named = name or str(path)
    try:
        with opened_zip(path, MAX_LISTED) as archive:
            members = [member for member in archive.infolist() if _is_plain_file(member)]
    except TooManyMembers as error:
        raise SubmissionError(_too_many(named)) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SubmissionError(T("{path} is not a zip file, or it is damaged. Pack it again.", path=named)) from error
    if len(members) > MAX_ENTRIES:
        raise SubmissionError(_too_many(named))
    return [File(member.filename, member.file_size, _member_reader(path, member)) for member in members]


def _too_many(path: str) -> Text:
    return T(
        "{path} holds more than {limit} files; a submission has a few. Pack only your notebook and your homework.",
        path=path,
        limit=MAX_ENTRIES,
    )


def _is_plain_file(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(member.filename).parts)
    return not member.is_dir() and kind in (0, stat.S_IFREG) and not hidden


def _member_reader(path: Path, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("unusual compression")  # zipfile unpacks the others without a limit
        with opened_zip(path, MAX_LISTED) as archive, archive.open(member) as file:
            return file.read(member.file_size)  # a member that unpacks to more than it says is cut, then fails its CRC

    return read
