"""A student's work, read as text: a folder, a notebook, a Python file or a zip. Nothing of it is run here."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.lesson import Lesson, all_lessons
from grader.messages import T, Text, clean
from grader.notebook import Cell, ParsedCell, Unreadable, cells_of_notebook, cells_of_python, parse
from grader.slices import Program

MAX_SOURCE_BYTES = 20 * 2**20
MAX_ARTIFACT_BYTES = 64 * 2**20
MAX_ENTRIES = 10_000
SUFFIXES = (".ipynb", ".py")


class SubmissionError(Exception):
    """There is nothing to grade; ``text`` says what was found and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


@dataclass(frozen=True)
class Submission:
    """What a student hands in for one lesson.

    ``problems`` are the cells that cannot be read. ``artifact`` is the homework file beside the notebook, still packed;
    ``artifact_path`` is where a homework trained during the check may be kept, if anywhere.
    """

    name: str
    lesson: Lesson
    program: Program
    problems: tuple[Text, ...] = ()
    artifact: bytes | None = None
    artifact_path: Path | None = None


@dataclass(frozen=True)
class _Entry:
    """A file that may be part of a submission, not yet read."""

    name: str
    size: int
    read: Callable[[], bytes]
    path: Path | None = None


def read_submissions(path: Path, lesson: Lesson | None = None) -> list[Submission]:
    """The submissions at ``path``, one for each lesson found there, or only that of ``lesson``.

    Raises:
        SubmissionError: nothing there can be graded.

    """
    entries = _entries(path)
    lessons = [lesson] if lesson else all_lessons()
    found = [(each, _source_of(each, entries)) for each in lessons]
    pairs = [(each, entry) for each, entry in found if entry is not None]
    if not pairs and len(sources := _sources(entries)) == 1 and len(lessons) == 1:
        pairs = [(lessons[0], sources[0])]
    if not pairs:
        raise SubmissionError(_nothing_found(path, lessons, _sources(entries)))
    return [_read(each, entry, entries) for each, entry in pairs]


def _read(lesson: Lesson, source: _Entry, entries: list[_Entry]) -> Submission:
    cells, problems = _parse_all(_cells(source))
    artifact = next((e for e in entries if PurePosixPath(e.name).name == lesson.artifact_name), None)
    too_large = artifact is not None and artifact.size > MAX_ARTIFACT_BYTES
    if artifact is not None and too_large:
        problems.append(_too_large(artifact, MAX_ARTIFACT_BYTES))
    return Submission(
        name=clean(source.name),
        lesson=lesson,
        program=Program(tuple(cells)),
        problems=tuple(problems),
        artifact=_content(artifact) if artifact is not None and not too_large else None,
        artifact_path=source.path.with_name(lesson.artifact_name) if source.path else None,
    )


def _cells(source: _Entry) -> list[Cell]:
    if source.size > MAX_SOURCE_BYTES:
        raise SubmissionError(_too_large(source, MAX_SOURCE_BYTES))
    content = _content(source)
    try:
        return cells_of_notebook(content) if source.name.endswith(".ipynb") else cells_of_python(content)
    except Unreadable as error:
        raise SubmissionError(
            T("{name} cannot be read: {reason}.", name=clean(source.name), reason=error.text)
        ) from error


def _parse_all(cells: Iterable[Cell]) -> tuple[list[ParsedCell], list[Text]]:
    parsed, problems = [], []
    for cell in cells:
        try:
            parsed.append(parse(cell))
        except SyntaxError as error:
            line, reason = error.lineno or 0, clean(str(error.msg))
            problems.append(
                T(
                    "code cell {cell}, line {line}, is not valid Python: {reason}",
                    cell=cell.number,
                    line=line,
                    reason=reason,
                )
                if cell.number
                else T("line {line} is not valid Python: {reason}", line=line, reason=reason)
            )
    return parsed, problems


# --- finding the files ------------------------------------------------------------------------------------------


def _entries(path: Path) -> list[_Entry]:
    try:
        if path.is_dir():
            return _folder_entries(path)
        if not path.exists():
            raise SubmissionError(T("{path} does not exist. Give the folder or the notebook to grade.", path=path))
        if path.suffix.lower() == ".zip":
            return _zip_entries(path)
        if path.suffix not in SUFFIXES or not path.is_file():
            raise SubmissionError(
                T("{path} is neither a folder nor a .ipynb, .py or .zip file. Give one of those.", path=path)
            )
        beside = [entry for entry in _folder_entries(path.parent) if entry.name.endswith(".npz")]
        return [_file_entry(path), *beside]
    except OSError as error:
        raise SubmissionError(T("{path} cannot be read: {reason}.", path=path, reason=str(error.strerror))) from error


def _folder_entries(folder: Path) -> list[_Entry]:
    return [_file_entry(path) for path in sorted(folder.iterdir()) if path.is_file()]


def _file_entry(path: Path) -> _Entry:
    return _Entry(path.name, path.stat().st_size, path.read_bytes, path)


def _zip_entries(path: Path) -> list[_Entry]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise SubmissionError(T("{path} is not a zip file, or it is damaged. Pack it again.", path=path)) from error
    members = [member for member in archive.infolist() if _is_plain_file(member)]
    if len(members) > MAX_ENTRIES:
        raise SubmissionError(
            T(
                "{path} holds {count} files; a submission has a few. Pack only your notebook and your homework.",
                path=path,
                count=len(members),
            )
        )
    return [_Entry(member.filename, member.file_size, _member_reader(archive, member)) for member in members]


def _is_plain_file(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(member.filename).parts)
    return not member.is_dir() and kind in (0, stat.S_IFREG) and not hidden


def _member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(member) as file:
            return file.read(member.file_size)  # a member that unpacks to more than it says is cut, then fails its CRC

    return read


def _content(entry: _Entry) -> bytes:
    try:
        return entry.read()
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        reason = clean(getattr(error, "strerror", None) or str(error) or type(error).__name__)
        raise SubmissionError(T("{name} cannot be read: {reason}.", name=clean(entry.name), reason=reason)) from error


def _sources(entries: list[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if entry.name.endswith(SUFFIXES)]


def _source_of(lesson: Lesson, entries: list[_Entry]) -> _Entry | None:
    """The lesson's notebook or Python file: by its exact name first, then by the number in it; notebooks win."""
    sources = _sources(entries)
    exact = [entry for entry in sources if PurePosixPath(entry.name).stem == lesson.key]
    candidates = exact or [entry for entry in sources if lesson.is_named_by(PurePosixPath(entry.name).stem)]
    notebooks = [entry for entry in candidates if entry.name.endswith(".ipynb")]
    best = notebooks or candidates
    if len(best) > 1:
        names = ", ".join(clean(entry.name, 60) for entry in best[:5])
        raise SubmissionError(
            T(
                "There are {count} files for lesson {lesson}: {names}. Keep one, or name the one to grade.",
                count=len(best),
                lesson=lesson.number,
                names=names,
            )
        )
    return best[0] if best else None


# --- sentences --------------------------------------------------------------------------------------------------


def _nothing_found(path: Path, lessons: list[Lesson], sources: list[_Entry]) -> Text:
    wanted = ", ".join(f"{lesson.key}.ipynb" for lesson in lessons)
    if path.suffix.lower() == ".zip" and not sources and _holds_zip(path):
        return T(
            "{path} holds another zip. Unpack it and pack the notebook {wanted} directly.", path=path, wanted=wanted
        )
    if sources:
        names = ", ".join(clean(entry.name, 60) for entry in sources[:5])
        return T(
            "{path} has no file for the lesson: expected {wanted}, found {names}. Rename it, or say which lesson it "
            "is with --lesson.",
            path=path,
            wanted=wanted,
            names=names,
        )
    return T("{path} holds no notebook: expected {wanted}.", path=path, wanted=wanted)


def _holds_zip(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().endswith(".zip") for name in archive.namelist())


def _too_large(entry: _Entry, limit: int) -> Text:
    return T(
        "{name} has {size} MB; at most {limit} MB are read. Clear the outputs of all cells, save and try again.",
        name=clean(entry.name),
        size=f"{entry.size / 2**20:.0f}",
        limit=limit // 2**20,
    )
