"""Right work gets all its points with any allowed library: the solutions checked, a small class graded."""

import json
import shutil
import subprocess
import sys

import pytest

from benchmarks.versions import lowest
from grader.lesson import ROOT, all_lessons
from grader.results import Outcome

pytestmark = pytest.mark.versions

SAMPLE = "Ana Pérez_4217_assignsubmission_file_"


def run(*arguments):
    """What a command of this project says, run with the Python that runs the test."""
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def solved(tmp_path):
    """The solutions, with a homework that was trained before."""
    folder = tmp_path / "solved"
    folder.mkdir()
    for lesson in all_lessons():
        name = f"{lesson.key}.py"
        (folder / name).write_bytes((ROOT / "solutions" / name).read_bytes())
    homework = next((ROOT / "data" / "sample_class" / SAMPLE).glob("*.npz"))
    (folder / homework.name).write_bytes(homework.read_bytes())
    return folder


def test_the_solutions_earn_everything(solved, tmp_path):
    """All points of every lesson, whatever versions these are."""
    ran = run(
        "pytest", "grader", f"--submission={solved}", f"--results={tmp_path / 'r.json'}", "-p", "no:cacheprovider"
    )

    found = [json.loads(path.read_bytes()) for path in sorted(tmp_path.glob("r*.json"))]
    assert [each["lesson"] for each in found] == [lesson.key for lesson in all_lessons()], ran.stdout + ran.stderr
    lost = [check["id"] for each in found for check in each["checks"] if check["outcome"] != Outcome.PASSED]
    assert lost == []


def test_a_class_gets_its_grades(tmp_path):
    """A batch of one: graded, isolated where this machine can, and no fault."""
    shutil.copytree(ROOT / "data" / "sample_class" / SAMPLE, tmp_path / "class" / SAMPLE)

    ran = run("grader", "batch", tmp_path / "class", "--out", tmp_path / "out", "--seed", "108")

    (record,) = [json.loads(path.read_bytes()) for path in (tmp_path / "out" / "results").glob("*.json")]
    assert ran.returncode == 0, ran.stderr
    assert record["pending_points"] == 0
    assert record["points"] > 80


def test_the_lowest_versions_are_those_declared():
    """Bounds alone, with their markers; anything else is refused rather than passed over."""
    text = '[project]\ndependencies = ["keras>=3.10", "landlock>=1.0.0.dev5; sys_platform == \'linux\'"]'

    assert lowest(text) == ["keras==3.10", "landlock==1.0.0.dev5; sys_platform == 'linux'"]
    with pytest.raises(ValueError, match="keras"):
        lowest('[project]\ndependencies = ["keras"]')
