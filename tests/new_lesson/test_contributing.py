"""CONTRIBUTING.md followed to the letter: its commands make a lesson in a copy of the tree, and the lesson grades."""

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.structure import Tree
from grader.isolation import layering
from grader.lesson import ROOT
from tests.import_rules import violations

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
KEY = "110_batchnorm"
EXAMPLE = {"KEY": "108_initialization", "check_N_topic": "check_1_defaults", "behaviour": "right"}
FOLDERS = ("benchmarks", "data", "grader", "lessons", "solutions", "tests")
HEAVY = shutil.ignore_patterns("__pycache__", "cache", "sample_class", "submissions")
OWN = (
    "tests/checks/test_checks_110_batchnorm.py",
    "tests/checks/test_check_laws.py",
    "tests/lessons/test_lessons.py",
    "tests/samples",
)

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="the page's commands need make")


def commands():
    """The lines of the page's recipe for a new lesson."""
    section = PAGE.partition("## A new lesson\n")[2].partition("\n## ")[0]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1].splitlines()


def left_out(folder, names):
    """What is not copied: data that a new lesson does not read, and samples of other lessons."""
    samples = {name for name in names if name[0].isdigit()} if Path(folder).name == "samples" else set()
    return HEAVY(folder, names) | samples


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the tree in which the page's commands were run: its folder, ``run``, and what each command gave."""
    root = tmp_path_factory.mktemp("copy")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name, ignore=left_out)
    for name in ("pyproject.toml", "constraints.txt", "Makefile"):
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != "installed":
            (root / ".venv" / path.name).symlink_to(path)
    (root / ".venv" / "installed").touch()  # newer than what it depends on: make installs nothing
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(root), str(root / "lessons")))}

    def run(*command):
        return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)

    return SimpleNamespace(root=root, run=run, ran=[run(*shlex.split(line)) for line in commands()])


def totals(ran):
    """The points in the tables that a self-check printed."""
    return re.findall(r"Total: (\S+) puntos", ran.stdout)


def test_every_command_of_the_page_succeeds(copy):
    """A scaffold, catalogues, a notebook and two self-checks; nothing asks for a step that is not on the page."""
    assert [ran.returncode for ran in copy.ran] == [0] * 5, [ran.stdout + ran.stderr for ran in copy.ran]
    assert "without translation" not in copy.ran[1].stdout
    assert (copy.root / "lessons" / f"{KEY}.ipynb").is_file()
    assert not (ROOT / "solutions" / f"{KEY}.py").exists()


def test_the_solution_has_all_points_and_the_notebook_none(copy):
    """What the page says of the two self-checks."""
    *_, solved, untouched = copy.ran

    assert totals(solved) == ["10/10"]
    assert totals(untouched) == ["0/10"]
    assert "4 not_run" in untouched.stdout


def test_the_lesson_keeps_the_rules(copy):
    """Ruff finds nothing in any of its files, its imports go down, and its catalogues and notebook are fresh."""
    tools = (
        *((".venv/bin/ruff", "check", "."), (".venv/bin/ruff", "format", "--check", ".")),
        (".venv/bin/python", "-m", "grader.language.catalogues", "--check"),
    )

    assert [ran.stdout for ran in (copy.run(*tool) for tool in tools) if ran.returncode] == []
    assert violations(Tree(copy.root)) == []
    assert f"grader.checks.lesson_{KEY}.check_1_standardize" in Tree(copy.root).modules


def test_a_batch_has_a_page_for_the_lesson(copy, tmp_path):
    """One student's right work: ten points in the table, and a page."""
    work, out = tmp_path / "class" / "Ana", tmp_path / "out"
    work.mkdir(parents=True)
    shutil.copy(copy.root / "solutions" / f"{KEY}.py", work)
    sandbox = "strict" if layering.is_enough(layering.probe()[0]) else "none"

    ran = copy.run(
        *(".venv/bin/python", "-m", "grader", "batch", str(work.parent), "--out", str(out)),
        *("--jobs", "1", "--sandbox", sandbox),
    )

    assert ran.returncode == 0, ran.stderr
    with (out / "grades.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["lesson"], row["points"], row["max_points"]) == (KEY, "10", "10")
    (record,) = (out / "results").glob("*.json")
    assert json.loads(record.read_bytes())["lesson"] == KEY
    assert "standardize_columns" in (out / "students" / f"{record.stem}.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_lessons_own_tests_pass(copy):
    """Its mistakes, the laws of checks, the notebook, both samples; and mypy, for which another cache is needed."""
    tests = copy.run(".venv/bin/python", "-m", "pytest", "-q", *OWN, "-m", "not slow", "-k", "110")
    types = copy.run(".venv/bin/mypy")

    assert tests.returncode == 0, tests.stdout
    assert types.returncode == 0, types.stdout


def test_the_page_names_what_is_there():
    """Every path on the page exists, with a lesson, an exercise and a sample filled in."""
    filled = (
        PAGE.replace("KEY", "108_initialization")
        .replace("check_N_topic", "check_1_defaults")
        .replace("behaviour", "right")
    )
    named = {path for text in re.findall(r"`([^`\n]+)`", filled) for path in re.findall(r"^[\w./]+/[\w./]*\w$", text)}

    assert {path for path in named if not (ROOT / path).exists()} == set()
