"""What the worker tells of an exception: its class and Python's own above it, its text, the lines of the student."""

from __future__ import annotations

import builtins
import traceback

from grader.wire.protocol import Frame, Raised

MAX_FRAMES = 6
EXCEPTIONS = {  # as they are before any code of a student has run
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def file_name(cell: int) -> str:
    """What the code of a cell is compiled under, by which its lines are found in a traceback."""
    return f"<cell {cell}>"


def raised(ticket: str, error: BaseException, loading: bool = False) -> Raised:
    """The failure as it is told; ``loading`` if a statement raised that the function needs."""
    return Raised(
        ticket=ticket,
        error=type(error).__name__,
        text=_text_of(error),
        trace=_student_lines(error),
        loading=loading,
        kinds=[name for name, kind in EXCEPTIONS.items() if issubclass(type(error), kind)],
    )


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:2000].encode("utf-8", "replace").decode()
    except BaseException:  # a student's __str__ may do anything
        return ""


def _student_lines(error: BaseException) -> list[Frame]:
    frames = [
        Frame(int(frame.filename[6:-1]), frame.lineno or 0, (frame.line or "")[:200])
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ]
    return frames[-MAX_FRAMES:]
