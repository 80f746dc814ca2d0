"""Kills a batch and its processes with SIGKILL at random moments until it is finished all the same.

``python -m benchmarks.chaos --kills 50 --out docs/chaos.md`` writes what came out. Each round grades the small class
into an empty folder; the batch is started again when it was the victim. What is looked at: results that were in the
journal stay there byte for byte, the finished round has the results of an undisturbed one, and no process is left.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psutil

from benchmarks.small_class import WORKS, write_class
from grader.batch.outcome import WorkOutcome
from grader.lesson import ROOT

DOCUMENT = ROOT / "docs" / "chaos.md"
SEED = 108
BATCH, SLOT, WARM = "the batch", "a job slot", "a warm process"
VICTIMS = (BATCH, SLOT, SLOT, WARM, WARM)
SURVIVAL_SECONDS = 60.0
LOOK_SECONDS = 0.1

Rows = dict[str, bytes]


@dataclass
class Damage:
    """What was done, and what it did."""

    kills: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    during_grading: int = 0
    lost: int = 0
    different: int = 0
    survivors: int = 0
    left_behind: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def harmless(self) -> bool:
        """Whether nothing was lost, changed or left running."""
        return not (self.lost or self.different or self.survivors or self.failures)


class Run:
    """A running batch with all the processes that it ever had."""

    def __init__(self, submissions: Path, out: Path, jobs: int, scratch: Path) -> None:
        command = [sys.executable, "-m", "grader", "batch", str(submissions), "--out", str(out)]
        self.child = subprocess.Popen(  # noqa: S603 - this project's own command
            [*command, "--seed", str(SEED), "--jobs", str(jobs), "--lang", "en"],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(scratch), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seen: set[psutil.Process] = set()
        self._process = psutil.Process(self.child.pid)
        threading.Thread(target=self._watch, daemon=True).start()

    def members(self, victim: str) -> list[psutil.Process]:
        """The processes of one kind that run now."""
        if victim == BATCH:
            return [self._process]
        wanted = "spawn_main" if victim == SLOT else "grader.worker.zygote"
        found = [each for each in self._family() if wanted in _command(each)]
        parents = {each.pid for each in found}
        return [each for each in found if _parent(each) not in parents]  # a warm process's forks look like it

    def survivors(self) -> list[psutil.Process]:
        """Processes that are still there some time after the batch."""
        deadline = time.monotonic() + SURVIVAL_SECONDS
        while (left := [each for each in self.seen if _runs(each)]) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        return left

    def _family(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            found = self._process.children(recursive=True)
            self.seen.update(found)
            return found
        return []

    def _watch(self) -> None:
        while self.child.poll() is None:
            self._family()
            time.sleep(LOOK_SECONDS)


def rows(out: Path) -> Rows:
    """What the journal has, as bytes."""
    path = out / "journal.sqlite"
    if not path.exists():
        return {}
    with suppress(sqlite3.OperationalError), _reading(path) as database:  # killed before there were tables
        return {
            content: bytes(outcome) for content, outcome in database.execute("SELECT content, outcome FROM outcomes")
        }
    return {}


def results(out: Path) -> dict[str, bytes]:
    """The graded results by work, without what depends on the machine: CPU seconds."""
    found = {content: msgspec.json.decode(row, type=WorkOutcome) for content, row in rows(out).items()}
    return {content: msgspec.json.encode((each.results, each.message)) for content, each in found.items()}


def undisturbed(submissions: Path, out: Path, scratch: Path, jobs: int = 1) -> dict[str, bytes]:
    """The results of a run that nobody disturbs."""
    run = Run(submissions, out, jobs, scratch)
    _, errors = run.child.communicate()
    assert run.child.returncode == 0, errors
    return results(out)


def torment(
    submissions: Path, out: Path, jobs: int, scratch: Path, rng: random.Random, damage: Damage, kills: int, pause: float
) -> None:
    """One round: grade the class into ``out``, killing until there are ``kills`` in all, and start again after each."""
    damage.rounds += 1
    while True:
        run = Run(submissions, out, jobs, scratch)
        before = rows(out)
        while damage.kills.total() < kills and not _ended_within(run, rng.uniform(0, pause)):
            before = rows(out)
            victim = rng.choice(VICTIMS)
            if not _killed(run, victim, rng):
                continue
            damage.kills[victim] += 1
            damage.during_grading += bool(before)
            damage.lost += _lost(before, rows(out))
        _, errors = run.child.communicate()
        damage.lost += _lost(before, rows(out))
        damage.survivors += len(run.survivors())
        if run.child.returncode == 0:
            return
        if run.child.returncode != -9:
            damage.failures.append(f"exit code {run.child.returncode}: {errors.strip()[-300:]}")
            return


def _ended_within(run: Run, seconds: float) -> bool:
    with suppress(subprocess.TimeoutExpired):
        run.child.wait(seconds)
        return True
    return False


def _killed(run: Run, victim: str, rng: random.Random) -> bool:
    members = run.members(victim)
    if not members:
        return False
    with suppress(psutil.Error):
        rng.choice(members).kill()
        return True
    return False


def _lost(before: Rows, after: Rows) -> int:
    return sum(after.get(content) != outcome for content, outcome in before.items())


def chaos(
    kills: int, seed: int, jobs: int, names: list[str], share: float = 0.5, say: Callable[[str], None] = print
) -> Damage:
    """Kill so many processes, in as many rounds as it takes.

    Args:
        kills: how many.
        seed: of the moments and the victims.
        jobs: of the batch.
        names: the works in the class.
        share: the longest pause between two kills, as a share of what an undisturbed run takes.
        say: hears of each round.

    """
    rng, damage = random.Random(seed), Damage()  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        place = Path(folder)
        submissions, scratch = write_class(place / "class", names), place / "scratch"
        scratch.mkdir()
        began = time.monotonic()
        expected = undisturbed(submissions, place / "undisturbed", scratch)
        pause = share * (time.monotonic() - began)
        while damage.kills.total() < kills and damage.harmless:
            out = place / f"round-{damage.rounds}"
            torment(submissions, out, jobs, scratch, rng, damage, kills, pause)
            found = results(out)
            damage.different += sum(found.get(content) != result for content, result in expected.items())
            say(f"{damage.kills.total()} kills, {damage.rounds} rounds, harmless: {damage.harmless}")
        damage.left_behind = sum(path.is_file() for path in scratch.rglob("*"))
    return damage


def document(damage: Damage, seed: int, jobs: int, works: int, minutes: float) -> str:
    """docs/chaos.md."""
    lines = [f"| SIGKILL sent to {victim} | {damage.kills[victim]} |" for victim in (BATCH, SLOT, WARM)]
    table = "\n".join(lines)
    return TEMPLATE.format(
        damage=damage, table=table, total=damage.kills.total(), seed=seed, jobs=jobs, works=works, minutes=minutes
    )


TEMPLATE = """# Killing a batch

Written by `python -m benchmarks.chaos --kills {total} --seed {seed} --jobs {jobs}`; do not edit.

A class of {works} different submissions is graded again and again, while at random moments one of its processes is
killed with SIGKILL: the batch itself (and then started again with the same command), a job slot with its judge, or the
process that forks the workers. {total} kills in {minutes:.0f} minutes:

| | |
|---|---|
{table}
| of these, with finished submissions in the journal | {damage.during_grading} |
| times the class was graded to its end | {damage.rounds} |
| finished results that were lost or changed | {damage.lost} |
| results that differ from an undisturbed run by a byte | {damage.different} |
| processes left {survival:.0f} s after a batch's end | {damage.survivors} |
| files left in scratch folders | {damage.left_behind} |
"""
TEMPLATE = TEMPLATE.replace("{survival:.0f}", f"{SURVIVAL_SECONDS:.0f}")


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, timeout=60)
    try:
        yield database
    finally:
        database.close()


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _parent(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.ppid())
    return 0


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def main() -> int:
    """Kill, compare and write the document; fails when anything was harmed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=DOCUMENT)
    arguments = parser.parse_args()
    began = time.monotonic()
    damage = chaos(arguments.kills, arguments.seed, arguments.jobs, list(WORKS))
    minutes = (time.monotonic() - began) / 60
    text = document(damage, arguments.seed, arguments.jobs, len(WORKS), minutes)
    arguments.out.write_text(text, encoding="utf-8")
    print(text, *damage.failures, sep="\n")
    return 0 if damage.harmless else 1


if __name__ == "__main__":
    sys.exit(main())
