"""The comparison: ``make bench-peers`` measures and writes the section "peers" of docs/benchmarks.md.

Each round grades the same number of submissions with each tool in turn, one forged submission among them; then this
grader alone grades a larger class, to tell the cost of one more submission from that of starting.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from benchmarks import document
from benchmarks.assignment import FUNCTIONS, Kind
from benchmarks.peers import tools
from benchmarks.peers.tools import VERSIONS, Graded, Peers
from grader.lesson import ROOT

TARGETS = {"nbgrader": 10, "otter-grader": 20}
ORDER = ("nbgrader", "this grader", "otter-grader")
FOLDER = ROOT / "build" / "peers"


def members(count: int) -> list[Kind]:
    """Honest submissions, with one wrong and one forged."""
    return [Kind.HONEST] * (count - 2) + [Kind.WRONG, Kind.FORGED]


def measure(count: int, rounds: int, jobs: int, peers: Peers) -> list[Graded]:
    """Every tool in turn, as often as asked."""
    grade = {
        "nbgrader": lambda: tools.nbgrader(members(count), peers),
        "otter-grader": lambda: tools.otter(members(count), peers),
        "this grader": lambda: tools.ours(members(count), jobs),
    }
    runs = []
    for _ in range(rounds):
        for name in ORDER:
            runs.append(grade[name]())
            cost = runs[-1].cost
            print(f"{name}: {cost.wall / count:.1f} s and {cost.cpu / count:.1f} CPU-s each", flush=True)
    return runs


def each(runs: Sequence[Graded], tool: str) -> tuple[float, float]:
    """Mean wall and CPU seconds per submission of a tool."""
    mine = [run for run in runs if run.tool == tool]
    return fmean(r.cost.wall / len(r.kinds) for r in mine), fmean(r.cost.cpu / len(r.kinds) for r in mine)


def marginal(small: tuple[float, float], count: int, large: Graded) -> tuple[float, float]:
    """Wall and CPU seconds of one more submission, from a class and a larger one."""
    more = len(large.kinds) - count
    return (large.cost.wall - count * small[0]) / more, (large.cost.cpu - count * small[1]) / more


def report(runs: list[Graded], large: Graded, count: int) -> str:
    """The section's text below the circumstances."""
    own = each(runs, "this grader")
    more = marginal(own, count, large)
    rows = [(name, str(count), *_numbers(each(runs, name))) for name in ORDER]
    rows.append(("this grader", str(len(large.kinds)), *_numbers(_whole(large))))
    rows.append(("this grader, one more submission", "", *_numbers(more)))
    header = ("tool", "submissions", "wall s each", "CPU-s each", "per minute")
    parts = [
        document.table(header, rows),
        "### Throughput, as a ratio",
        document.table(
            (
                "compared with",
                "same class",
                f"class of {len(large.kinds)}",
                "one more submission",
                "target",
                "CPU, same class",
            ),
            [_ratios(name, runs, own, large, more) for name in TARGETS],
        ),
        "### Points for the forged submission",
        _points(runs),
        COMPARABLE,
    ]
    return "\n\n".join(parts)


def _whole(run: Graded) -> tuple[float, float]:
    return run.cost.wall / len(run.kinds), run.cost.cpu / len(run.kinds)


def _numbers(cost: tuple[float, float]) -> tuple[str, str, str]:
    return f"{cost[0]:.2f}", f"{cost[1]:.2f}", f"{60 / cost[0]:.1f}" if cost[0] > 0 else "–"


def _ratios(
    name: str, runs: list[Graded], own: tuple[float, float], large: Graded, more: tuple[float, float]
) -> tuple[str, ...]:
    wall, cpu = each(runs, name)
    best = wall / _whole(large)[0]
    verdict = "met" if best >= TARGETS[name] else "missed"
    return (
        name,
        f"{wall / own[0]:.1f} ×",
        f"**{best:.1f} ×**",
        f"{wall / more[0]:.1f} ×",
        f"{TARGETS[name]} ×: {verdict}",
        f"{cpu / own[1]:.1f} ×",
    )


def _points(runs: list[Graded]) -> str:
    rows = []
    for name in ORDER:
        run = next(run for run in runs if run.tool == name)
        honest, wrong, forged = (run.points_of(kind) for kind in (Kind.HONEST, Kind.WRONG, Kind.FORGED))
        rows.append((name, f"{max(honest):g}", f"{fmean(honest):g}", f"{fmean(wrong):g}", f"**{fmean(forged):g}**"))
    header = ("tool", "an honest one, best", "honest ones, mean", "a wrong one", "the forged one")
    return document.table(header, rows) + (
        f"\n\nThe peers give a point for each of {len(FUNCTIONS)} functions, this grader the points of its checks. The "
        "forged submission answers nothing; it makes the cells that follow do nothing, doctests and otter's test cases "
        "succeed, NumPy's comparisons true, and tries the same on whatever of this grader its process can reach."
    )


COMPARABLE = """### What is and is not comparable

* nbgrader: one `nbgrader autograde` for the class, SQLite gradebook, no limits or isolation; its limit of 30 s for a
  cell is raised, since TensorFlow's import alone can reach it. otter-grader: its function
  `grade_submission` (what `otter run` calls) in one process for the class; its usual `otter grade` starts a container
  for each submission on top. Both grade one submission after another; this grader has a job slot for each core. The CPU
  column does not depend on that.
* Both start a kernel that imports TensorFlow for each submission: that is how they work, not a setting.
* Their tests train as many networks on as many images as this grader's checks, on random numbers instead of images from
  the data set, and recompute less. nbgrader takes points for any output on stderr; its test silences TensorFlow.
* This grader runs at its default, `--sandbox strict`, and writes its reports and exports in the time measured."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=main.__doc__)
    parser.add_argument("--count", type=int, default=8, help="submissions per tool and round, at least 3")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--class-size", type=int, default=100, help="of the larger class that only this grader grades")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=document.DOCUMENT)
    chosen = parser.parse_args()
    peers, before, began = Peers(FOLDER), os.getloadavg()[0], time.monotonic()
    peers.install()
    runs = measure(max(chosen.count, 3), chosen.rounds, chosen.jobs, peers)
    large = tools.ours(members(chosen.class_size), chosen.jobs)
    named = ", ".join(f"{name} {number}" for name, number in VERSIONS.items())
    settings = f"{named}; rounds: {chosen.rounds}, `--jobs {chosen.jobs}`; {time.monotonic() - began:.0f} s in all."
    facts = document.circumstances(before, os.getloadavg()[0], settings)
    body = report(runs, large, max(chosen.count, 3))
    document.update("peers", f"## Compared with otter-grader and nbgrader\n\n{facts}\n\n{body}", chosen.out)
    print(f"{chosen.out}: written")


if __name__ == "__main__":
    main()
