"""What grading costs: ``make bench`` measures and writes the section "throughput" of docs/benchmarks.md.

A batch of N submissions and a bare run of the same N (benchmarks/bare.py) are measured in turn, so that whatever else
the machine does meets both. CPU seconds are those of whole process trees (benchmarks/accounting.py).
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import accounting, assignment, document
from benchmarks.accounting import Cost
from grader.checks.lesson_108_initialization.artifact import trained_by
from grader.isolation.environment import environment
from grader.lesson import ROOT, Lesson
from grader.submission.reading import read_submissions

SEED = 108
SIZES = (20, 100, 500)
COPIES = 5000
SAMPLE_SECONDS = 0.1
TARGET_OVERHEAD, TARGET_SELF_CHECK = 0.25, 1.5
LINE = 3
ROLES = ("batch", "slot", "warm process", "worker")


@dataclass(frozen=True)
class Pair:
    """A batch and the bare run beside it."""

    count: int
    jobs: int
    batch: Cost
    bare: list[Cost]

    @property
    def bare_cpu(self) -> float:
        """CPU seconds of all bare processes."""
        return sum(cost.cpu for cost in self.bare)

    @property
    def per_minute(self) -> float:
        """Submissions per minute, start and reports included."""
        return 60 * self.count / self.batch.wall


class Failed(Exception):
    """A part that could not be measured, and why."""


def role(command: str, parent: str) -> str:
    """What a process of a batch is, by its command line; a worker keeps that of the warm process it was forked from."""
    for name, part in (("warm process", "grader.worker.zygote"), ("slot", "spawn_main"), ("batch", "grader batch")):
        if part in command:
            return "worker" if name == "warm process" and parent in ("warm process", "worker") else name
    return "other"


def batch(folder: Path, jobs: int, python: str = sys.executable) -> Cost:
    """Grade a class from nothing."""
    with tempfile.TemporaryDirectory(prefix="bench-") as out:
        command = [python, "-m", "grader", "batch", str(folder), "--out", out, "--jobs", str(jobs)]
        cost = accounting.measure(
            [*command, "--seed", str(SEED), "--lang", "en"], ROOT, role=role, sample_seconds=SAMPLE_SECONDS
        )
        _require(cost, Path(out) / "grades.csv")
    return cost


def points(path: Path) -> dict[str, float]:
    """The points of each student in a batch's grades.csv."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: float(row["points"] or 0) for row in csv.DictReader(file)}


def _require(cost: Cost, grades: Path) -> None:
    if cost.status != 0 or not grades.exists() or not any(points(grades).values()):
        raise SystemExit(f"the batch did not grade (status {cost.status}):\n{cost.output[-2000:]}")


def bare(folder: Path, jobs: int) -> list[Cost]:
    """The same work without a grader, in as many processes as the batch has slots."""
    given = environment() | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lessons")))}
    calls = folder / "calls"
    program = [sys.executable, "-m", "benchmarks.bare", str(calls)]
    recorded = accounting.measure([*program, "--record", str(SEED)], ROOT, given, sample_seconds=1)
    if not calls.exists():
        raise SystemExit(f"the calls could not be recorded:\n{recorded.output[-2000:]}")
    command = [*program, "--folder", str(folder), "--step", str(jobs)]
    found: list[Cost] = []

    def one(first: int) -> None:
        found.append(accounting.measure([*command, "--first", str(first)], ROOT, given, sample_seconds=SAMPLE_SECONDS))

    threads = [threading.Thread(target=one, args=(first,)) for first in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(found) < jobs or any(cost.status for cost in found):
        raise SystemExit(f"the bare run failed:\n{found[0].output[-2000:] if found else ''}")
    return found


def pair(count: int, jobs: int) -> Pair:
    """A batch of ``count`` submissions and its bare run."""
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        folder = Path(name)
        assignment.write_class(folder, list(assignment.kinds(count)))
        measured = Pair(count, jobs, batch(folder, jobs), bare(folder, jobs))
    print(
        f"N={count} jobs={jobs}: batch {measured.batch.cpu:.1f} CPU-s, bare {measured.bare_cpu:.1f} CPU-s", flush=True
    )
    return measured


def copies(count: int, jobs: int) -> tuple[Cost, Cost]:
    """One submission, and ``count`` that differ from it in nothing but their names."""
    costs = []
    for size in (1, count):
        with tempfile.TemporaryDirectory(prefix="copies-") as name:
            assignment.write_class(Path(name), [assignment.Kind.HONEST] * size, identical=True)
            costs.append(batch(Path(name), jobs))
    print(f"{count} copies: {costs[1].cpu:.1f} CPU-s, one: {costs[0].cpu:.1f} CPU-s", flush=True)
    return costs[0], costs[1]


# --- the self-check ---------------------------------------------------------------------------------------------


def self_check(folder: Path, homework: bool) -> tuple[Cost, Cost]:
    """`pytest grader` from nothing; and importing TensorFlow once to answer the same calls (benchmarks/own_work.py)."""
    options = ["--submission", str(folder), "--seed", str(SEED), "-p", "no:cacheprovider"]
    chosen = [] if homework else ["-k", "not check_6_homework"]
    with tempfile.TemporaryDirectory(prefix="bench-") as out:
        calls = Path(out) / "calls"
        own_work = [sys.executable, "-P", "-m", "benchmarks.own_work"]
        asked = [*own_work, "record", str(folder), str(calls), *(["--homework"] if homework else [])]
        recorded = accounting.measure([*asked, "--seed", str(SEED)], ROOT, environment(), sample_seconds=1)
        own = accounting.measure([*own_work, "replay", str(calls)], ROOT, environment(), sample_seconds=SAMPLE_SECONDS)
        results = ["--results", str(Path(out) / "results.json")]
        command = [sys.executable, "-m", "pytest", "grader", *options, *results, *chosen]
        whole = accounting.measure(command, ROOT, sample_seconds=SAMPLE_SECONDS)
    for cost in (recorded, own, whole):
        if cost.status:
            raise Failed(cost.output.strip().rpartition("\n")[2] or f"status {cost.status}")
    return whole, own


# --- the document -----------------------------------------------------------------------------------------------


def report(pairs: list[Pair], one_job: Pair | None, same: tuple[Cost, Cost, int] | None, checks: list[str]) -> str:
    """The section's text below the circumstances."""
    parts = ["### Cost against N", _cost_table(pairs), _line(pairs), "### Memory against N", _memory_table(pairs)]
    if one_job is not None:
        two = next(each for each in pairs if each.count == one_job.count)
        parts += ["### Job slots", _jobs_table(one_job, two)]
    if same is not None:
        parts += ["### Identical submissions", _copies_text(*same)]
    if checks:
        parts += ["### Self-check", *checks]
    return "\n\n".join(parts)


def _cost_table(pairs: list[Pair]) -> str:
    header = ("N", "jobs", "per minute", "wall s", "CPU-s", "CPU-s each", "bare CPU-s each", "overhead each", "ratio")
    rows = [
        (
            each.count,
            each.jobs,
            f"{each.per_minute:.1f}",
            f"{each.batch.wall:.1f}",
            f"{each.batch.cpu:.1f}",
            f"{each.batch.cpu / each.count:.2f}",
            f"{each.bare_cpu / each.count:.2f}",
            f"{(each.batch.cpu - each.bare_cpu) / each.count:+.2f}",
            f"{each.batch.cpu / each.bare_cpu:.2f}",
        )
        for each in pairs
    ]
    return document.table(header, rows)


def _line(pairs: list[Pair]) -> str:
    counts = [float(each.count) for each in pairs]
    slope, fixed, fit = document.fit_line(counts, [each.batch.cpu for each in pairs])
    own, own_fixed, _ = document.fit_line(counts, [each.bare_cpu for each in pairs])
    wall, wall_fixed, wall_fit = document.fit_line(counts, [each.batch.wall for each in pairs])
    verdict = "met" if slope - own <= TARGET_OVERHEAD else "missed"
    if len(pairs) < LINE:  # any two points lie on a line
        verdict = f"not decided, that takes {LINE} sizes"
    exact = "the kernel's control groups" if pairs[0].batch.exact else "samples of /proc (a lower bound)"
    sampled = pairs[-1].batch.sampled_cpu / pairs[-1].batch.cpu
    return (
        f"CPU = {fixed:.1f} s + N × {slope:.3f} s (R² {fit:.4f}); wall = {wall_fixed:.1f} s + N × {wall:.3f} s (R² "
        f"{wall_fit:.4f}); bare: {own_fixed:.1f} s + N × {own:.3f} s. Overhead of one more submission: "
        f"**{slope - own:+.3f} CPU-s** ({slope / own:.2f} × the bare work; target {TARGET_OVERHEAD} CPU-s: {verdict}). "
        f"The fixed part is mostly TensorFlow's import, once per job slot; the bare run imports it "
        f"as often.\n\n"
        f"CPU is accounted by {exact}; samples of /proc, taken beside it every {SAMPLE_SECONDS} s, find "
        f"{sampled:.1%} of it."
    )


def _memory_table(pairs: list[Pair]) -> str:
    rows = [(each.count, *(document.megabytes(each.batch.peak_rss.get(name, 0)) for name in ROLES)) for each in pairs]
    last, first = pairs[-1].batch.peak_rss, pairs[0].batch.peak_rss
    growth = ", ".join(
        f"{name} {(last.get(name, 0) - first.get(name, 0)) / 2**20:+.0f} MB" for name in ROLES if name in last
    )
    return (
        document.table(("N", *(f"{name}, peak RSS" for name in ROLES)), rows)
        + f"\n\nFrom N = {pairs[0].count} to N = {pairs[-1].count}: {growth}. A worker shares most of its pages with "
        "the warm process that it was forked from."
    )


def _jobs_table(one: Pair, two: Pair) -> str:
    rows = [
        (each.jobs, each.count, f"{each.per_minute:.1f}", f"{each.batch.wall:.1f}", f"{each.batch.cpu:.1f}")
        for each in (one, two)
    ]
    ratio = two.per_minute / one.per_minute
    return document.table(("jobs", "N", "per minute", "wall s", "CPU-s"), rows) + (
        f"\n\n{two.jobs} slots are {ratio:.2f} × as fast as one."
    )


def _copies_text(one: Cost, many: Cost, count: int) -> str:
    each = 1000 * (many.cpu - one.cpu) / count
    return document.table(
        ("submissions", "wall s", "CPU-s"),
        [(1, f"{one.wall:.1f}", f"{one.cpu:.1f}"), (count, f"{many.wall:.1f}", f"{many.cpu:.1f}")],
    ) + (
        f"\n\n{count} identical but for their names cost {many.cpu / one.cpu:.2f} × the CPU and "
        f"{many.wall / one.wall:.2f} × the wall time of one: {each:.1f} ms of CPU each, for "
        "reading, journal, pages and exports."
    )


def self_check_text(whole: Cost, own: Cost) -> str:
    """One line on a self-check."""
    verdict = "met" if whole.cpu <= TARGET_SELF_CHECK * own.cpu else "missed"
    return (
        f"`pytest grader` {whole.cpu:.1f} CPU-s ({whole.wall:.1f} s), importing TensorFlow once and the "
        f"student's own work {own.cpu:.1f} CPU-s ({own.wall:.1f} s): **{whole.cpu / own.cpu:.2f} ×** in CPU, "
        f"{whole.wall / own.wall:.2f} × in wall time (target {TARGET_SELF_CHECK} ×: {verdict})."
    )


def _self_checks() -> list[str]:
    found = []
    for title, homework in (("Exercises only", False), ("Full solution with its homework's file", True)):
        with tempfile.TemporaryDirectory(prefix="self-") as name:
            try:
                told = _lay_out(Path(name), homework) or self_check_text(*self_check(Path(name), homework))
            except Failed as error:  # what was measured until here is not lost for that
                told = f"the self-check failed ({error})."
        found.append(f"{title}: {told}")
        print(found[-1], flush=True)
    return found


def _lay_out(folder: Path, homework: bool) -> str:
    """The solution, with its homework's file if asked; or why there is nothing to measure without training it."""
    shutil.copy(ROOT / "solutions" / f"{assignment.LESSON}.py", folder)
    if not homework:
        return ""
    wanted = Lesson(assignment.LESSON).artifact
    assert wanted is not None
    file = ROOT / "solutions" / wanted.file_name
    if not file.exists():
        return "not measured, there is no file; `make check SUBMISSION=solutions` makes it."
    shutil.copy(file, folder)
    (submission,) = read_submissions(folder)
    if trained_by(file.read_bytes()) not in ("", submission.program.fingerprint(wanted.function)):
        return "not measured, the file is of other code and would be trained anew."
    return ""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--copies", type=int, default=COPIES, help="0 leaves this part out")
    parser.add_argument("--no-self-check", action="store_true")
    parser.add_argument("--out", type=Path, default=document.DOCUMENT)
    chosen = parser.parse_args()
    before, began = os.getloadavg()[0], time.monotonic()
    pairs = [pair(count, chosen.jobs) for count in sorted(chosen.sizes)]
    one_job = pair(min(chosen.sizes), 1) if chosen.jobs > 1 else None
    same = (*copies(chosen.copies, chosen.jobs), chosen.copies) if chosen.copies else None
    checks = [] if chosen.no_self_check else _self_checks()
    body = report(pairs, one_job, same, checks)
    settings = (
        f"Batches: `--jobs {chosen.jobs}`, every tenth submission wrong; {time.monotonic() - began:.0f} s in all."
    )
    facts = document.circumstances(before, os.getloadavg()[0], settings)
    document.update("throughput", f"## Throughput\n\n{facts}\n\n{body}", chosen.out)
    print(f"{chosen.out}: written")


if __name__ == "__main__":
    main()
