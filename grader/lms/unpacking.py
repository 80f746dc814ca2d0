"""Unpacks the zip that an LMS made of a whole class: regular files only, inside the target, within limits."""

from __future__ import annotations

import contextlib
import errno
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from grader.handed_file import TooManyMembers, opened_zip
from grader.language import visible
from grader.language.messages import T, Text
from grader.limits import ARTIFACT_BYTES
from grader.lms.listing import LmsError

MAX_MEMBERS = 100_000
MAX_TOTAL_BYTES = 16 * 2**30
MAX_PART_BYTES = 240
CHUNK = 2**20
DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError)
FULL = (errno.ENOSPC, errno.EDQUOT)  # a class without its last students is none


def is_broken_zip(path: Path) -> bool:
    """Whether a zip cannot be opened at all, as after a download that broke off."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with opened_zip(path, MAX_MEMBERS):
            return False
    except TooManyMembers:
        return False
    except DAMAGED:
        return True


def unpack(archive: Path, into: Path) -> list[str]:
    """Unpack ``archive`` into the folder ``into`` and return the names of the members that were left out.

    Left out are links, names that lead elsewhere, and files larger than any that is graded: one student's file must not
    keep the others from being graded.

    Raises:
        LmsError: it is no zip, or it is larger than a class's work can be.
        OSError: the disk is full.

    """
    try:
        with opened_zip(archive, MAX_MEMBERS) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
                raise LmsError(_too_large(archive))
            return [visible.line(member.filename) for member in members if not _unpacked(opened, member, into)]
    except TooManyMembers as error:
        raise LmsError(_too_large(archive)) from error
    except DAMAGED as error:
        raise LmsError(
            T("{path} is not a zip file, or it is damaged. Download it again.", path=visible.line(str(archive)))
        ) from error


def _too_large(archive: Path) -> Text:
    return T("{path} is larger than a class's work can be.", path=visible.line(str(archive)))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    relative = PurePosixPath(member.filename.replace("\\", "/"))
    if kind not in (0, stat.S_IFREG) or not _stays_inside(relative) or member.file_size > ARTIFACT_BYTES:
        return False
    target = into.joinpath(*(_short(part) for part in relative.parts))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, CHUNK)  # zipfile reads at most the size that the member states
    except FileExistsError:
        return False
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error) as error:
        with contextlib.suppress(OSError):
            target.unlink()
        if isinstance(error, OSError) and error.errno in FULL:
            raise OSError(error.errno, error.strerror, str(into)) from error
        return False
    return True


def _stays_inside(relative: PurePosixPath) -> bool:
    parts = relative.parts
    return bool(parts) and not relative.is_absolute() and not any(p == ".." or "\0" in p or ":" in p for p in parts)


def _short(part: str) -> str:
    """A path component that file systems take, keeping its suffix."""
    encoded = part.encode("utf-8", "replace")
    if len(encoded) <= MAX_PART_BYTES:
        return part
    suffix = PurePosixPath(part).suffix[:10]
    return encoded[: MAX_PART_BYTES - 10].decode("utf-8", "ignore") + suffix
