"""The scratch layer of grader/sandbox.py: a root folder that holds only what student code may see (Linux).

A path that is not shown does not exist, so that not even its name, size or age can be asked for, which Landlock allows.
Needs the own mount namespace.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox import MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REC, SCRATCH_BYTES, SCRATCH_FILES, Unavailable, call_c

MS_BIND, MNT_DETACH = 0x1000, 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, AT_FDCWD, AT_RECURSIVE = 1, 2, -100, 0x8000
MOUNT_SETATTR = 442  # on every architecture


def enter_root(shown: Iterable[Path], scratch: Path) -> None:
    """Show these paths, read-only, and the scratch folder, which becomes a small tmpfs. Raises Unavailable."""
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    try:
        _mount(b"tmpfs", scratch, b"tmpfs", MS_NOSUID, b"size=1m,nr_inodes=1k,mode=755")
        for path in sorted({*shown, Path("/proc")}):
            _show(path, scratch)
        inner = _below(scratch, scratch)
        inner.mkdir(parents=True, exist_ok=True)
        _make_read_only(scratch)
        _mount(b"tmpfs", inner, b"tmpfs", flags, f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=700".encode())
        os.chdir(scratch)
        call_c("pivot_root", b".", b".")  # the old root now lies on the new one
        call_c("umount2", b".", MNT_DETACH)
        os.chdir("/")
    except OSError as error:
        raise Unavailable(f"root folder: {error}") from error


def _show(path: Path, root: Path) -> None:
    target = _below(root, path)
    if target.exists():  # shown already, with the folder that it lies in
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        target.mkdir()
    else:
        target.touch()
    _mount(os.fsencode(path), target, b"none", MS_BIND | MS_REC, None)


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _mount(source: bytes, target: Path, kind: bytes, flags: int, options: bytes | None) -> None:
    call_c("mount", source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)


def _make_read_only(root: Path) -> None:
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    call_c("syscall", MOUNT_SETATTR, AT_FDCWD, os.fsencode(root), AT_RECURSIVE, ctypes.byref(attributes), size)
