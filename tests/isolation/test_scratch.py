"""Removing what student code left: however deep, locked or full of links, and never raising."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.isolation.scratch import Scratch, remove
from grader.lesson import ROOT


def dig(folder, depth):
    """A chain of folders with a file in each, deeper than a path may be long."""
    inside = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inside))
        os.mkdir("d" * 50, dir_fd=inside)
        below = os.open("d" * 50, os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = below
    os.close(inside)


@pytest.mark.parametrize("depth", [0, 1, 3000])
def test_folder_is_removed_however_deep(tmp_path, depth):
    """Deeper than Python's stack, the limit on open files and the length of a path."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    dig(folder, depth)

    remove(folder)

    assert list(tmp_path.iterdir()) == []


def test_links_are_removed_and_not_followed(tmp_path):
    """Neither those to folders nor those to files, nor a folder that is a link itself."""
    kept, folder = tmp_path / "kept", tmp_path / "scratch"
    kept.mkdir()
    (kept / "file").touch()
    (folder / "inside").mkdir(parents=True)
    for place in (folder, folder / "inside"):
        (place / "to folder").symlink_to(kept)
        (place / "to file").symlink_to(kept / "file")
    (tmp_path / "link").symlink_to(kept)

    remove(folder)
    remove(tmp_path / "link")

    assert not folder.exists()
    assert [path.name for path in kept.iterdir()] == ["file"]


LOCKED = """
import os
from grader.isolation.scratch import Scratch
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
with Scratch() as folder:
    (folder / "a/b/c").mkdir(parents=True)
    for name in ("a/b/c", "a/b", "a", ""):
        (folder / name / "file").touch()
        (folder / name).chmod(0)
print(folder.exists())
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs users")
def test_locked_folders_are_removed():
    """Who is not root can neither list nor move them before they are unlocked."""
    ran = subprocess.run([sys.executable, "-c", LOCKED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"


def test_what_is_gone_or_stays_raises_nothing(tmp_path):
    """A folder that is not there, a file, and folders that nobody can remove."""
    (tmp_path / "file").touch()
    for path in (tmp_path / "missing", tmp_path / "file", Path("/proc/self/fdinfo")):
        remove(path)

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_scratch_is_gone_when_nobody_holds_it():
    """A start that failed halfway leaves no folder, even if nobody asked for its removal."""
    scratch = Scratch()
    path = scratch.path
    existed = path.is_dir()

    del scratch

    assert existed
    assert not path.exists()
