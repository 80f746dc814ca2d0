"""Every grade that this checkout gives, as a file to compare with another checkout's: ``make grades GRADES=FILE``.

The bundled class through the command line, and every sample submission through a worker, with one seed. The file is
JSON by submission; what names a run and not a grade is left out: CPU seconds, hashes, versions.
``python -m tests.support.grades BEFORE AFTER`` lists what differs. Numbers in messages are passed over: students' code
draws some of them without a seed.
"""

from __future__ import annotations

import json
import multiprocessing
import re
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

PROCESSES = 2
NUMBER = re.compile(r"[-−]?\d[\d.,]*(?:e[-+]?\d+)?")
LEFT_OUT = ("cpu_seconds", "layers", "versions")


def main() -> int:
    """Write the grades to the file that is the only argument, or compare those in two files."""
    if len(sys.argv) > 2:
        different = differences(*(json.loads(Path(path).read_bytes()) for path in sys.argv[1:3]))
        print("\n".join([*different, f"{len(different)} differences"]))
        return 1 if different else 0
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        found = {"class": class_grades(Path(scratch) / "class"), "samples": sample_grades(Path(scratch))}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def differences(before: Any, after: Any, place: str = "") -> list[str]:
    """A line for each place where two files differ, numbers inside texts aside."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted(before.keys() | after.keys())
        return [each for name in names for each in differences(before.get(name), after.get(name), f"{place}/{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [each for index, pair in pairs for each in differences(*pair, f"{place}/{index}")]
    same = _plain(before) == _plain(after)
    return [] if same else [f"{place}: {before!r} -> {after!r}"]


def _plain(value: Any) -> Any:
    return NUMBER.sub("#", value) if isinstance(value, str) else value


def class_grades(out: Path) -> dict[str, Any]:
    """What ``python -m grader batch`` gives the bundled class, by student."""
    command = [
        sys.executable,
        "-m",
        "grader",
        "batch",
        "data/sample_class",
        "--out",
        str(out),
        "--seed",
        str(samples.SEED),
    ]
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
    sys.exit(main())
