"""The files that a submission may consist of, found in folders and zips; none is read before it is chosen."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.language import visible
from grader.language.messages import T, Told
from grader.language.reasons import reason_of
from grader.lesson import all_lessons

MAX_ENTRIES = 10_000
SUFFIXES = (".ipynb", ".py")


class SubmissionError(Told):
    """There is nothing to grade; ``text`` says what was found and what to do."""


@dataclass(frozen=True)
class Entry:
    """A file that may be part of a submission. ``path`` is None inside a zip."""

    name: str
    size: int
    read: Callable[[], bytes]
    path: Path | None = None

    @property
    def suffix(self) -> str:
        """What kind of file it is, in small letters: some systems write ``.IPYNB``."""
        return PurePosixPath(self.name).suffix.lower()

    def content(self) -> bytes:
        """The file's bytes. Raises SubmissionError."""
        try:
            return self.read()
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            text = T("{name} cannot be read: {reason}.", name=visible.block(self.name), reason=reason_of(error))
            raise SubmissionError(text) from error


def entries_at(path: Path) -> list[Entry]:
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
        return [_file_entry(path), *beside]
    except OSError as error:
        raise SubmissionError(T("{path} cannot be read: {reason}.", path=path, reason=reason_of(error))) from error


def entries_of(files: Iterable[tuple[str, Path]]) -> list[Entry]:
    """The files given by name and path; a zip among them stands for its members. Raises SubmissionError."""
    found: list[Entry] = []
    for name, path in files:
        found += _zip_entries(path, visible.block(name)) if path.suffix.lower() == ".zip" else [_file_entry(path, name)]
    return found


def _folder_entries(folder: Path) -> list[Entry]:
    return [_file_entry(path) for path in sorted(folder.iterdir()) if path.is_file()]


def _file_entry(path: Path, name: str = "") -> Entry:
    return Entry(name or path.name, path.stat().st_size, path.read_bytes, path)


def _zip_entries(path: Path, name: str = "") -> list[Entry]:
    """The members of a zip, which messages call ``name`` if it lies where its student does not know."""
    named = name or str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SubmissionError(T("{path} is not a zip file, or it is damaged. Pack it again.", path=named)) from error
    members = [member for member in infos if _is_plain_file(member)]
    if len(members) > MAX_ENTRIES:
        raise SubmissionError(
            T(
                "{path} holds {count} files; a submission has a few. Pack only your notebook and your homework.",
                path=named,
                count=len(members),
            )
        )
    return [Entry(member.filename, member.file_size, _member_reader(path, member)) for member in members]


def _is_plain_file(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(member.filename).parts)
    return not member.is_dir() and kind in (0, stat.S_IFREG) and not hidden


def _member_reader(path: Path, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("unusual compression")  # zipfile unpacks the others without a limit
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return file.read(member.file_size)  # a member that unpacks to more than it says is cut, then fails its CRC

    return read
