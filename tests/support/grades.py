"""Every grade that this checkout gives, as a file to compare with another checkout's: ``make grades GRADES=FILE``.

The bundled class through the command line, and every sample submission through a worker, with one seed. The file is
JSON by submission; what names a run and not a grade is left out: CPU seconds, hashes, versions.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from grader.lesson import ROOT
from grader.student import cold
from grader.student.warm import Warm
from tests.support import samples
from tests.support.homework_files_108_initialization import SEED

PROCESSES = 2
LEFT_OUT = ("cpu_seconds", "layers", "versions")


def main() -> None:
    """Write the grades to the file that is the first argument."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        found = {"class": class_grades(Path(scratch) / "class"), "samples": sample_grades(Path(scratch))}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def class_grades(out: Path) -> dict[str, Any]:
    """What ``python -m grader batch`` gives the bundled class, by student."""
    command = [sys.executable, "-m", "grader", "batch", "data/sample_class", "--out", str(out), "--seed", str(SEED)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {path.stem: _grade(json.loads(path.read_bytes())) for path in sorted((out / "results").glob("*.json"))}


def _grade(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _grade(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if name not in LEFT_OUT
    }


def sample_grades(scratch: Path) -> dict[str, Any]:
    """The verdicts on every sample that is not slow, with their messages in Spanish, by lesson and name."""
    chosen = [sample for sample in samples.all_samples() if not sample.expected.slow]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        parts = pool.map(partial(_graded, scratch=scratch), [chosen[i::PROCESSES] for i in range(PROCESSES)])
    return {name: grade for part in parts for name, grade in part}


def _graded(chosen: list[samples.Sample], scratch: Path) -> list[tuple[str, Any]]:
    with Warm() as warm:
        return [_graded_one(sample, scratch, warm) for sample in chosen]


def _graded_one(sample: samples.Sample, scratch: Path, warm: Warm) -> tuple[str, Any]:
    start = cold.start if sample.expected.worker == "cold" else warm.start
    name = f"{sample.lesson.number}-{sample.name}"
    graded = samples.grade(sample, scratch / name / "entrega", start, samples.artifact_of(sample, scratch / "cache"))
    verdicts = {
        check: {"outcome": verdict.outcome, "points": verdict.points, "message": verdict.spanish}
        for check, verdict in graded.verdicts.items()
    }
    return name, {"verdicts": verdicts, "notices": graded.notices}


if __name__ == "__main__":
    main()
