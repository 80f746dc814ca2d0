"""The scratch layer of sandbox.py: a root folder that holds only what student code may see (Linux).

A path that is not shown does not exist, so that not even its name, size or age can be asked for, which Landlock allows.
Needs the own mount namespace.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from grader.isolation.sandbox import MS_NODEV, MS_NOEXEC, MS_NOSUID, SCRATCH_BYTES, SCRATCH_FILES, call_c

MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 1, 2
AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, MOVE_MOUNT_F_EMPTY_PATH = 1, os.O_CLOEXEC, 4
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442  # on every architecture


def enter_root(shown: Iterable[Path], scratch: Path) -> None:
    """Show these paths, read-only, and the scratch folder, which becomes a small tmpfs.

    Raises:
        Unavailable, OSError: that cannot be had here; the scratch folder is what it was.

    """
    _mount(b"tmpfs", scratch, b"tmpfs", MS_NOSUID, b"size=1m,nr_inodes=1k,mode=755")
    try:
        os.chdir(scratch)  # by paths from here nothing is written beside the tmpfs, should somebody remove the folder
        _furnish(scratch, shown)
        call_c("pivot_root", b".", b".")  # the old root now lies on the new one
    except BaseException:
        call_c("umount2", os.fsencode(scratch), MNT_DETACH)  # with all that was mounted in it
        raise
    call_c("umount2", b".", MNT_DETACH)
    os.chdir("/")


def _furnish(scratch: Path, shown: Iterable[Path]) -> None:
    """Put into the new root, which is the working folder, what student code may see, and its scratch folder."""
    for path in sorted({*shown, Path("/proc")}):
        _show(path)
    inner = scratch.relative_to("/")
    inner.mkdir(parents=True, exist_ok=True)
    make_read_only(AT_FDCWD, Path())
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount(b"tmpfs", inner, b"tmpfs", flags, f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=700".encode())


def _show(path: Path) -> None:
    target = path.relative_to("/")
    if target.exists():  # shown already, with the folder that it lies in
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        target.mkdir()
    else:
        target.touch()
    bind_read_only(path, target)


def bind_read_only(path: Path, target: Path) -> None:
    """Show a tree at a second place where, unlike with mount(2), it is never for a moment writable.

    Whatever goes wrong meanwhile, such as a cleaning up of ``target``, must not reach the tree itself.
    """
    tree = _system_call(OPEN_TREE, AT_FDCWD, os.fsencode(path), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)
    try:
        make_read_only(tree, None)
        _system_call(MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH)
    finally:
        os.close(tree)


def _mount(source: bytes, target: Path, kind: bytes, flags: int, options: bytes | None) -> None:
    call_c("mount", source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)


def make_read_only(folder: int, path: Path | None) -> None:
    """Let nothing be written in a mount and all below it: at ``path``, or the one that ``folder`` is open on."""
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID)
    name, flags = (os.fsencode(path), AT_RECURSIVE) if path else (b"", AT_RECURSIVE | AT_EMPTY_PATH)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    _system_call(MOUNT_SETATTR, folder, name, flags, ctypes.byref(attributes), size)


def _system_call(number: int, *arguments: object) -> int:
    """A call that the C library has no function for. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    result = int(library.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
