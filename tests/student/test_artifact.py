"""A lesson whose homework is another kind of file than lesson 108's: nothing but its own files is there for it."""

import json
import shutil
import zipfile

import pytest

from benchmarks.structure import Tree
from grader.lesson import ROOT
from tests.import_rules import violations
from tests.support.files import notebook
from tests.support.processes import grade_all

DECLARATION = """
[artifact]
file_name = "110_Medias.json"
function = "measure"
written_by = "json.dump"
cpu_seconds = 20
"""
ARTIFACT = '''
"""The means as JSON."""

import json
from typing import Any

from grader.judge import expect
from grader.judge.artifacts import ArtifactFormat, Origin


def read(content: bytes) -> dict[str, Any]:
    """The means."""
    return json.loads(content)


def pack(value: Any, origin: Origin) -> bytes:
    """The file."""
    return json.dumps({"mean": expect.number(value, "measure"), "code": origin.code}).encode()


def made_by(content: bytes) -> str:
    """The fingerprint."""
    return read(content).get("code", "")


FORMAT = ArtifactFormat(made_by, pack)
'''
CHECK = '''
"""The homework."""

from grader.checks.lesson_110_means.artifact import read
from grader.exercises import HOMEWORK
from grader.judge import expect
from grader.judge.check import Student, check
from grader.randomness import Generator


@check(exercise=HOMEWORK, points=5)
def check_mean(student: Student, rng: Generator) -> None:
    """The mean is right."""
    expect.close(read(student.artifact())["mean"], 2.0, "mean")
'''
RIGHT = "def measure(data, seed):\n    return sum(data) / len(data)"
FILES = {
    "data/homework/110_means.toml": DECLARATION,
    "grader/checks/lesson_110_means/__init__.py": '"""Lesson 110, means."""\n',
    "grader/checks/lesson_110_means/artifact.py": ARTIFACT,
    "grader/checks/lesson_110_means/check_1_homework.py": CHECK,
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the grader with one lesson more."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(ROOT / "grader", root / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("sample_class", "fashion-mnist"))
    for name, content in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    """Folders with a notebook for the lesson: with the file or without, and code that is right or is not."""
    folder = tmp_path_factory.mktemp("works")
    for name, source, files in (
        ("trained", RIGHT, {}),
        ("no number", "def measure(data, seed):\n    return 'x'", {}),
        ("stub", "def measure(data, seed):\n    raise NotImplementedError", {}),
        ("right file", "x = 1", {"110_Medias.json": {"mean": 2}}),
        ("renamed file", "x = 1", {"110_medias (1).JSON": {"mean": 3}}),
        ("stale file", RIGHT, {"110_Medias.json": {"mean": 3, "code": "of other code"}}),
    ):
        (folder / name).mkdir()
        (folder / name / "110_means.ipynb").write_bytes(notebook(source))
        for file, content in files.items():
            (folder / name / file).write_text(json.dumps(content))
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("110_means.ipynb", notebook("x = 1"))
        archive.writestr("110_Medias.json", '{"mean": 2}')
    return folder


@pytest.fixture(scope="module")
def runs(tree, works, tmp_path_factory):
    """What ``pytest grader`` says to each."""
    names = {name: name for name in ("trained", "no number", "stub", "right file", "renamed file", "stale file")}
    places = names | {"trained again": "trained", "notebook": "right file/110_means.ipynb", "packed": "packed.zip"}
    arguments = [["--submission", works / place, "--lang", "en"] for place in places.values()]
    told = grade_all(tmp_path_factory.mktemp("light"), *arguments, root=tree)
    return dict(zip(places, told, strict=True))


@pytest.mark.parametrize(
    ("name", "code", "workers", "says"),
    [
        ("trained", 0, 1, "The trained homework was kept in"),
        ("trained again", 0, 0, "The homework was taken from 110_Medias.json"),
        ("no number", 1, 1, "`measure` should be a finite number"),
        ("stub", 1, 0, "`measure` is still to be written."),
        ("right file", 0, 0, "The homework was taken from 110_Medias.json"),
        ("notebook", 0, 0, "The homework was taken from 110_Medias.json"),
        ("packed", 0, 0, "The homework was taken from 110_Medias.json"),
        ("renamed file", 1, 0, "expected 2, received 3"),
        ("stale file", 0, 1, "The trained homework was kept in"),
    ],
)
def test_another_kind_of_file_is_taken_or_trained(name, code, workers, says, runs):
    """Handed in under its name or nearly, beside the notebook or in a zip, or made by the function and kept."""
    told = " ".join(runs[name]["output"].split())

    assert (runs[name]["code"], runs[name]["workers"]) == (code, workers), told
    assert says in told


def test_what_was_trained_lies_under_the_declared_name(runs, works):
    """Beside the notebook, with the fingerprint of the code; nothing is kept of what is no such value."""
    assert runs["trained"]["code"] == 0
    assert json.loads((works / "trained" / "110_Medias.json").read_bytes())["mean"] == 2
    assert [path.name for path in (works / "no number").iterdir()] == ["110_means.ipynb"]


def test_another_lesson_needs_no_line_elsewhere(tree):
    """Every import in its files is allowed, and they are all that the copy has more."""
    ours, theirs = ({path.relative_to(root) for path in root.glob("grader/**/*.py")} for root in (ROOT, tree))

    assert violations(Tree(tree)) == []
    assert {path.as_posix() for path in theirs - ours} == {name for name in FILES if name.endswith(".py")}
