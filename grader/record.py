"""One graded submission of a batch: who handed it in, what became of it, and names that are safe to show and to use."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

import msgspec

from grader.results import Results

Lms = Literal["moodle", "canvas", "gradescope", "plain"]
Status = Literal["graded", "unreadable", "fault"]

# Flags that the reports explain; any other is shown as it is. A copy is flagged as `copy:<key of the other>`.
COPY = "copy:"
LATE = "late"
NO_HOMEWORK = "no homework"
LINK_REFUSED = "link refused"
NO_ACCESS = "no access"
SPECIAL_FILE = "special file refused"
TOO_MANY_FILES = "too many files"

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # Windows keeps these names, whatever their suffix
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_MAX_MARKS = 3


class Graded(msgspec.Struct, frozen=True):
    """A row of the batch. ``results`` is there unless the submission was unreadable or the grader failed altogether.

    ``submission`` is the name as the LMS gave it, ``lms_id`` how the LMS knows the student ("" if the name does not
    say), ``message`` why there are no results, and ``layers`` the isolation that was in force.
    """

    key: str
    submission: str
    student: str
    lms: Lms
    lms_id: str
    lesson: str
    status: Status
    flags: list[str] = []
    message: str = ""
    results: Results | None = None
    layers: list[str] = []
    cpu_seconds: float = 0.0

    @property
    def is_final(self) -> bool:
        """Whether the points may be handed on: nothing is open, by the grader's own fault or for want of a mark."""
        results = self.results
        return self.status == "graded" and not (results is None or results.pending_points or results.unmarked_points)


def encode(graded: Graded) -> bytes:
    """The record as JSON."""
    return msgspec.json.encode(graded)


def decode(content: bytes) -> Graded:
    """The record in ``content``.

    Raises:
        msgspec.ValidationError: it is JSON, but no such record.
        msgspec.DecodeError: it is not JSON.

    """
    return msgspec.json.decode(content, type=Graded)


def shown(name: str, limit: int = 120) -> str:
    """A name from outside as one line of visible characters: no controls, no direction marks, no towers of accents."""
    if name.isascii() and name.isprintable() and len(name) <= limit:
        return " ".join(name.split())
    text = unicodedata.normalize("NFC", name[: 8 * limit].encode("utf-8", "replace").decode("utf-8"))
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in _INVISIBLE:
            kept.append(" " if character.isspace() else "")
        elif marks <= _MAX_MARKS:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def slug(text: str, limit: int = 40) -> str:
    """The ASCII letters and digits of ``text``, with hyphens between words; may be empty."""
    plain = unicodedata.normalize("NFKD", text[: 8 * limit]).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-")


def digest(text: str) -> str:
    """A short name for any text, the same each time."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def safe_name(key: str) -> str:
    """A file name, without suffix, that every file system takes; a key that is one already stays as it is."""
    if _SAFE_NAME.fullmatch(key) and not _RESERVED.fullmatch(key):
        return key
    return f"{slug(key) or 'x'}-{digest(key)}"
