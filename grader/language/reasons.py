"""Why the system refused something, in the reader's language: Python knows it in English only."""

from __future__ import annotations

import errno

from grader.language import visible
from grader.language.messages import T, Text

FULL = T("the disk is full; make room and run the same command again")
FORBIDDEN = T("you have no permission for it")
REASONS = {
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EROFS: T("its disk is read-only"),
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.ENOENT: T("there is no such file or folder"),
    errno.EEXIST: T("a file of that name is there already"),
    errno.EISDIR: T("it is a folder, not a file"),
    errno.ENOTDIR: T("there is a file where a folder should be"),
    errno.ELOOP: T("its links lead in a circle"),
    errno.ENAMETOOLONG: T("its name is too long"),
}


def reason_of(error: Exception) -> Text | str:
    """The reason as a part of a sentence; in the system's own words if it is a rare one."""
    known = REASONS.get(error.errno) if isinstance(error, OSError) and error.errno else None
    return known or visible.block(getattr(error, "strerror", None) or str(error) or type(error).__name__)
