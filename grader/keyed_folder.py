"""A folder with a file for each submission: after a run it holds that run's files and none of an earlier one's."""

from __future__ import annotations

import re
from pathlib import Path

from grader.files import write_whole
from grader.names import safe_name

_KEY = re.compile(r"(?:[a-z0-9_-]*-)?(?:\d{1,19}|[0-9a-f]{12})(?:-\d+)*")  # as lms and batch make them


class KeyedFolder:
    """Files ``<key><suffix>`` in ``folder``, which is made for the first one."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder, self._suffix = folder, suffix
        self._written: set[str] = set()

    def write(self, key: str, content: bytes) -> None:
        """Write a submission's file in one step."""
        name = safe_name(key)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{name}{self._suffix}", content)
        self._written.add(name)

    def remove_others(self) -> None:
        """Remove what an earlier run wrote here and this one did not; files of other names are somebody else's."""
        for path in self._folder.glob(f"*{self._suffix}"):
            if path.stem not in self._written and _KEY.fullmatch(path.stem) and path.is_file():
                path.unlink(missing_ok=True)
