"""Grading a class with each of the three tools: what it cost and which points it gave."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import accounting, assignment, throughput
from benchmarks.accounting import Cost
from benchmarks.assignment import Kind
from benchmarks.peers import notebooks
from grader.isolation.environment import environment
from grader.lesson import ROOT

VERSIONS = {"otter-grader": "7.0.0", "nbgrader": "0.9.6"}
SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Graded:
    """One tool's run over one class."""

    tool: str
    kinds: list[Kind]
    cost: Cost
    points: dict[str, float]

    def points_of(self, kind: Kind) -> list[float]:
        """The points of the submissions of a kind."""
        return [self.points.get(f"student-{index:05d}", 0.0) for index, each in enumerate(self.kinds) if each is kind]


@dataclass(frozen=True)
class Peers:
    """The peers' environment: made once, with the same TensorFlow as the grader's."""

    folder: Path

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "venv" / "bin" / "python")

    def tool(self, name: str) -> str:
        """A command of it."""
        return str(self.folder / "venv" / "bin" / name)

    def install(self) -> None:
        """Make the environment, unless it is there."""
        if (self.folder / "installed").exists():
            return
        from importlib.metadata import version

        self.folder.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, "-m", "venv", str(self.folder / "venv")])
        same = [f"{name}=={version(name)}" for name in ("tensorflow", "keras", "numpy", "psutil")]
        wanted = [f"{name}=={number}" for name, number in VERSIONS.items()]
        _run([self.python, "-m", "pip", "install", "--quiet", *wanted, *same, "matplotlib"])
        subprocess.run(  # noqa: S603 - the grader's environment has its bytecode compiled too
            [self.python, "-m", "compileall", "-q", "-j", "0", str(self.folder / "venv" / "lib")],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        (self.folder / "installed").touch()

    def environment(self) -> dict[str, str]:
        """As the grader's workers have it: the kit to import, as many threads, no log of TensorFlow's."""
        path = os.pathsep.join((str(self.folder / "venv" / "bin"), os.environ.get("PATH", "")))
        return environment() | {"PATH": path, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lessons")))}


def ours(kinds: list[Kind], jobs: int) -> Graded:
    """A batch of this grader."""
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        folder, out = Path(name) / "class", Path(name) / "out"
        assignment.write_class(folder, kinds)
        command = [sys.executable, "-m", "grader", "batch", str(folder), "--out", str(out), "--jobs", str(jobs)]
        cost = accounting.measure([*command, "--lang", "en"], ROOT, sample_seconds=SAMPLE_SECONDS)
        _require(cost)
        return Graded("this grader", kinds, cost, throughput.points(out / "grades.csv"))


def otter(kinds: list[Kind], peers: Peers) -> Graded:
    """otter-grader without containers."""
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        folder = Path(name)
        notebooks.write_otter(folder, kinds)
        given = peers.environment() | {"JUPYTER_PREFER_ENV_PATH": "1"}
        _run(
            [peers.tool("otter"), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder, given
        )
        submissions = map(str, sorted((folder / "submissions").glob("*.ipynb")))
        script = str(Path(__file__).with_name("otter_run.py"))
        command = [peers.python, script, "autograder.zip", "points.json", *submissions]
        cost = accounting.measure(command, folder, given, sample_seconds=SAMPLE_SECONDS)
        _require(cost)
        return Graded("otter-grader", kinds, cost, json.loads((folder / "points.json").read_text(encoding="utf-8")))


def nbgrader(kinds: list[Kind], peers: Peers) -> Graded:
    """Nbgrader's autograde, one command for the class."""
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        folder, given = Path(name), peers.environment() | {"JUPYTER_PREFER_ENV_PATH": "1"}
        notebooks.write_nbgrader(folder)
        command = peers.tool("nbgrader")
        _run([command, "generate_assignment", notebooks.NAME], folder, given)
        notebooks.submit_nbgrader(folder, kinds)
        cost = accounting.measure([command, "autograde", notebooks.NAME], folder, given, sample_seconds=SAMPLE_SECONDS)
        _require(cost)
        _run([command, "export", "--to", "grades.csv"], folder, given)
        with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            points = {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}
        return Graded("nbgrader", kinds, cost, points)


def _run(command: list[str], cwd: Path = ROOT, given: dict[str, str] | None = None) -> None:
    found = subprocess.run(  # noqa: S603 - commands of this module
        command, cwd=cwd, env=given, capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed:\n{(found.stdout + found.stderr)[-2000:]}")


def _require(cost: Cost) -> None:
    if cost.status:
        raise SystemExit(f"a tool failed (status {cost.status}):\n{cost.output[-2000:]}")


def clean(peers: Peers) -> None:
    """Remove the environment."""
    shutil.rmtree(peers.folder, ignore_errors=True)
