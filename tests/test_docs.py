"""What the pages for people name is there: files, folders, modules, tests and make's targets."""

import re

import pytest

from benchmarks.structure import Tree
from grader.lesson import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PATH = re.compile(r"`((?:tests|grader|docs|data|lessons|solutions|benchmarks)/[\w./-]*)(?:::\w+)?`")
MODULE = re.compile(r"`(grader(?:\.[a-z_0-9]+)+)`")
TEST = re.compile(r"`(test_\w+)`")
TARGET = re.compile(r"`make ([a-z-]+)")


@pytest.fixture(scope="module")
def tests():
    """The text of all tests."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page, tests):
    """A file that was renamed leaves no page behind."""
    text = page.read_text(encoding="utf-8")
    known = set(Tree().modules) | Tree().packages
    targets = re.findall(r"^([a-z][a-z -]*?):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    named = [name for name in PATH.findall(text) if "KEY" not in name]  # which stands for a lesson's

    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [name for name in MODULE.findall(text) if not known & {name, name.rpartition(".")[0]}] == []
    assert [name for name in TEST.findall(text) if f"def {name}(" not in tests] == []
    assert set(TARGET.findall(text)) <= {target for line in targets for target in line.split()}
