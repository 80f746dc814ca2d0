"""The cells of a notebook or of a Python file, code and texts, read and never run."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

import msgspec

from grader.language.messages import T, Text, Told

PERCENT = re.compile(r"^# ?%%(?P<rest>.*)$")
KIND = re.compile(r"\[(?P<kind>markdown|md|raw)\]")
MAGIC = re.compile(  # possessive throughout: a line of spaces must not be read more than once
    r"^(?P<indent>\s*+)(?:(?P<target>\w[\w, \t]*+)=\s*+)?[%!?](?P<rest>.*)$|^(?P<help>\s*+[\w.]++\?{1,2}+)\s*+$"
)
SLOW_ENCODINGS = frozenset({"punycode", "idna"})  # for host names: their time grows with the square of the length
VERSION = re.compile(r"(?P<major>\d{1,3})\.(?P<minor>\d{1,3})(?!\d)", re.ASCII)
CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
CONFLICT_MARKS = T(
    "it holds the marks of a conflict in git (<<<<<<<, =======, >>>>>>>); keep one of the two versions and delete the "
    "marks"
)
PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun"})


@dataclass(frozen=True)
class Cell:
    """One cell. ``number`` counts code cells from 1, and is 0 in a Python file; ``line`` is its first line there."""

    number: int
    source: str
    line: int = 1


@dataclass(frozen=True)
class ParsedCell:
    """A cell that is valid Python: magics and shell lines have become ``pass``. Lines are numbered as the student's."""

    number: int
    source: str
    line: int
    body: tuple[ast.stmt, ...]


class _LanguageInfo(msgspec.Struct):
    version: str


class _Metadata(msgspec.Struct):
    language_info: _LanguageInfo


class _Described(msgspec.Struct):
    metadata: _Metadata


class Unreadable(Told):
    """The file is no notebook or no text; the message says what it is instead."""


class _NotebookCell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""


class _NotebookFile(msgspec.Struct):
    cells: list[_NotebookCell]


def cells_of_notebook(content: bytes) -> list[Cell]:
    """The code cells of an ``.ipynb`` file, in order.

    Raises:
        Unreadable: the bytes are not a notebook of format 4.

    """
    return [Cell(number, source) for number, source in enumerate(_sources(content, "code"), start=1)]


def texts_of_notebook(content: bytes) -> list[str]:
    """The Markdown cells of an ``.ipynb`` file, in order. Raises Unreadable as ``cells_of_notebook``."""
    return _sources(content, "markdown")


def python_of_notebook(content: bytes) -> tuple[int, int]:
    """The version of Python that an ``.ipynb`` file says it was written with; (0, 0) if it says none."""
    try:
        described = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Described)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0, 0
    version = VERSION.match(described.metadata.language_info.version)
    return (int(version["major"]), int(version["minor"])) if version else (0, 0)


def _sources(content: bytes, kind: str) -> list[str]:
    try:
        notebook = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_NotebookFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(_no_notebook(content, error)) from error
    sources = (cell.source for cell in notebook.cells if cell.cell_type == kind)
    return [source if isinstance(source, str) else "".join(source) for source in sources]


def _no_notebook(content: bytes, error: Exception) -> Text:
    """Why these bytes are no notebook, and what to do about it."""
    if not content.strip():
        return T("it is empty; hand in the notebook that you saved last")
    if isinstance(error, UnicodeDecodeError):
        return T("it is not text in UTF-8 ({reason}); save it with that encoding", reason=_short(error))
    if has_conflict(content.decode("utf-8", "replace")):
        return CONFLICT_MARKS
    return T("it is not a Jupyter notebook ({reason})", reason=_short(error))


def has_conflict(text: str) -> bool:
    """Whether git left the two sides of a conflict in a text."""
    return CONFLICT.search(text) is not None


def cells_of_python(content: bytes) -> list[Cell]:
    """The cells of a ``.py`` file: what stands between its ``# %%`` lines, or the whole file.

    Raises:
        Unreadable: the bytes are not text in the encoding that the file declares (UTF-8 if none).

    """
    return [Cell(0, "\n".join(lines), start) for start, kind, lines in _blocks(content) if kind == "code"]


def texts_of_python(content: bytes) -> list[str]:
    """The ``# %% [markdown]`` cells of a ``.py`` file, in order. Raises Unreadable as ``cells_of_python``."""
    return [_uncommented(lines[1:]) for _, kind, lines in _blocks(content) if kind == "markdown"]


def _blocks(content: bytes) -> list[tuple[int, str, list[str]]]:
    """First line, kind and lines of each cell; the line that begins a cell is its first, if there is one."""
    start, kind, lines = 1, "code", list[str]()
    blocks: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(_lines(_decoded(content)), start=1):
        if marker := PERCENT.match(line):
            blocks.append((start, kind, lines))
            start, lines = number, []
            named = KIND.search(marker["rest"])
            kind = named["kind"].replace("md", "markdown") if named else "code"
        lines.append(line)
    return [*blocks, (start, kind, lines)]


def _uncommented(lines: list[str]) -> str:
    """The text in comments, or in a string of three quotes as some editors write it."""
    text = "\n".join(lines).strip()
    for quotes in ('"""', "'''"):
        if text.startswith(quotes) and text.endswith(quotes) and len(text) >= 2 * len(quotes):
            return text.removeprefix(quotes).removesuffix(quotes)
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


def _decoded(content: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if codecs.lookup(encoding).name in SLOW_ENCODINGS:
            raise LookupError(f"encoding {encoding}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = content.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise Unreadable(
            T("it is not text in UTF-8 ({reason}); save it with that encoding", reason=_short(error))
        ) from error
    if "\x00" in text:
        raise Unreadable(T("it is a binary file, not Python"))
    return text


def _lines(text: str) -> list[str]:
    """Lines as Python counts them; ``splitlines`` also breaks at characters that are just part of a string."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse(cell: Cell) -> ParsedCell:
    """A cell as statements whose line numbers are the student's.

    Raises:
        SyntaxError: it is no Python, even without magics; ``lineno`` is set where it is known.

    """
    try:
        return ParsedCell(cell.number, cell.source, cell.line, tuple(statements(cell.source, cell.line)))
    except SyntaxError:
        if cell.number == 0:
            raise
        source = _without_magics(cell.source)
        return ParsedCell(cell.number, source, cell.line, tuple(statements(source, cell.line)))


def statements(source: str, line: int) -> list[ast.stmt]:
    """The statements of a source that begins on ``line``. Raises SyntaxError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what Python only warns about, such as LaTeX in a title, costs nobody a cell
            return [ast.increment_lineno(statement, line - 1) for statement in ast.parse(source).body]
    except SyntaxError as error:
        error.lineno = (error.lineno or 1) + line - 1
        raise
    except (ValueError, RecursionError, MemoryError) as error:  # NUL characters; code nested beyond what Python reads
        raise SyntaxError(_short(error) or "nested too deeply or too large") from error


def _without_magics(source: str) -> str:
    """IPython's line magics, shell lines and help requests replaced by ``pass``; other cell magics empty the cell."""
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        name = lines[first][2:].split(maxsplit=1)[:1]
        if not PYTHON_CELL_MAGICS.intersection(name):
            return ""
        lines[first] = ""
    return "\n".join(_plain(line) for line in lines)


def _plain(line: str) -> str:
    magic = MAGIC.match(line)
    if magic is None:
        return line
    indent = magic["indent"] or ""
    return f"{indent}{magic['target'].rstrip()} = None" if magic["target"] else f"{indent}pass"


def _short(error: BaseException) -> str:
    return str(error).split("\n", maxsplit=1)[0][:120]
