"""A file that somebody handed in: on disk or in a zip, and not read before it is chosen.

A zip lists no more members than there may be: zipfile makes an object of 0.3 KB for each. The number that a zip
states about itself may be any, and zipfile does not use it; what it reads is the list.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.language import visible
from grader.language.messages import T, Told
from grader.language.reasons import reason_of

ENTRY = b"PK\x01\x02"  # begins each member's entry in the list
ENTRY_BYTES = 1024  # on average at most; an entry without names or comments has 46


class SubmissionError(Told):
    """There is nothing to grade; ``text`` says what was found and what to do."""


@dataclass(frozen=True)
class File:
    """A regular file. ``name`` is the student's own for it, ``size`` is in bytes, ``path`` is None inside a zip."""

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


class TooManyMembers(Exception):
    """The zip lists more members than asked for, or its list is larger than one of so many can be."""


@contextmanager
def opened_zip(file: Path | bytes, most: int) -> Iterator[zipfile.ZipFile]:
    """The zip at a path or in these bytes, once its list is known to have at most ``most`` members.

    Raises:
        TooManyMembers: it has more.
        BadZipFile, ValueError, NotImplementedError: as zipfile.ZipFile.
        OSError: it cannot be read.

    """
    raw = io.BytesIO(file) if isinstance(file, bytes) else io.FileIO(file)
    with _Listed(raw, most) as listed, zipfile.ZipFile(listed) as archive:
        listed.most = None
        yield archive


class _Listed(io.BufferedReader):
    """A file that stops whoever reads a list of more than ``most`` members from it."""

    def __init__(self, raw: io.FileIO | io.BytesIO, most: int) -> None:
        super().__init__(raw)
        self.most: int | None = most

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file does. Raises TooManyMembers."""
        if self.most is not None and size is not None and size > (self.most + 1) * ENTRY_BYTES:
            raise TooManyMembers
        content = super().read(size)
        if self.most is not None and content.count(ENTRY) > self.most:
            raise TooManyMembers
        return content
