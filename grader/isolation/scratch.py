"""Folders in which student code wrote, and their removal: however deep, locked or full of links they are."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path


class Scratch:
    """A new folder for temporary files. It is removed at the latest when nobody holds this object any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="grader-"))
        self._finalizer = weakref.finalize(self, remove, self.path)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder, once."""
        self._finalizer()


def remove(folder: Path) -> None:
    """Remove a folder with all that it holds. Never raises: what cannot be removed stays.

    Follows no links. Folders are emptied one after the other and those in them moved up first, so that neither the call
    stack nor the number of open files nor a path grows with the depth.
    """
    if not shutil.rmtree.avoids_symlink_attacks:  # Windows: nothing can be done relative to an open folder
        with suppress(OSError, RecursionError):
            shutil.rmtree(folder, ignore_errors=True)
        return
    with suppress(OSError):
        folder.chmod(0o700)
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _empty(top)
        finally:
            os.close(top)
        folder.rmdir()


def _empty(top: int) -> None:
    unused = map(f"{secrets.token_hex(8)}-{{}}".format, count())
    waiting = _unlink_files(top)
    while waiting:
        name = waiting.pop()
        with suppress(OSError):
            waiting += _move_folders_up(name, top, unused)
            os.rmdir(name, dir_fd=top)


def _move_folders_up(name: str, top: int, unused: Iterator[str]) -> list[str]:
    """Leave nothing in a folder of ``top``; the new names of the folders that were in it."""
    moved = []
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for found in _unlink_files(folder):
            with suppress(OSError):
                os.rename(found, new := next(unused), src_dir_fd=folder, dst_dir_fd=top)
                moved.append(new)
    finally:
        os.close(folder)
    return moved


def _unlink_files(folder: int) -> list[str]:
    """The names of the folders that are left, which are unlocked."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        with suppress(OSError):
            if is_folder:
                os.chmod(name, 0o700, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)
    return [name for name, is_folder in found if is_folder]
