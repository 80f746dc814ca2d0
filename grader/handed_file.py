"""A file that somebody handed in: on disk or in a zip, and not read before it is chosen."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.language import visible
from grader.language.messages import T, Told
from grader.language.reasons import reason_of


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
