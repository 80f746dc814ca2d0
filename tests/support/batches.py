"""What the tests of the batch share: slots that answer in this process, and commands that really run."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, Future
from pathlib import Path

import msgspec

from benchmarks.small_class import LESSON, notebook
from grader.batch import pool, running, slot
from grader.batch.gradebook import Gradebook
from grader.batch.journal import open_journal
from grader.batch.outcome import WorkOutcome
from grader.batch.rows import find_rows
from grader.language.messages import translator
from grader.lesson import ROOT
from grader.results import CheckResult, Outcome, collect

ENGLISH = translator("en")


def outcome_of(task, verdict=Outcome.PASSED, message=""):
    """A record with one check, and a point for having handed in anything."""
    check = CheckResult("108.1.a", "1", verdict, 1.0 if verdict is Outcome.PASSED else 0.0, 1.0, message, "A check.")
    return WorkOutcome(collect(task.work.lesson, task.work.name, task.conditions.seed, [check]))


class Answers(Executor):
    """An executor that answers tasks at once, with what ``answer`` makes of them; errors are raised by the future."""

    def __init__(self, answer):
        self._answer = answer

    def submit(self, _function, /, _code, payload):
        """A future that is done."""
        future = Future()
        try:
            future.set_result(msgspec.msgpack.encode(self._answer(slot.DECODER.decode(payload))))
        except BaseException as error:
            future.set_exception(error)
        return future


class Judge:
    """Slots without processes, and what they were asked."""

    def __init__(self, answer=outcome_of, count=1, keep=True):
        self.answer, self.asked, self.made, self._lock, self._keep = answer, [], 0, threading.Lock(), keep
        self.slots = pool.Slots(count, self._make)

    def _make(self):
        self.made += 1
        return Answers(self._note)

    def _note(self, task):
        with self._lock:
            self.asked.append(task.work.source if self._keep else b"")
        return self.answer(task)


def answered(task):
    """The same, with what the work answers to the open questions."""
    outcome = outcome_of(task)
    answers = list(slot.parse_work(task.work).open_answers)
    return msgspec.structs.replace(outcome, results=msgspec.structs.replace(outcome.results, open_answers=answers))


def opened(folder, journal, **options):
    """The batch of a folder, as the command line opens it."""
    chosen = running.Options(**{"language": "en"} | options)
    return running.prepare(find_rows(folder, chosen.lesson, translator(chosen.language)), journal, chosen)


def run(folder, out, judge, fresh=False, **options):
    """Grade a folder without student code; the rows, as a list."""
    out.mkdir(exist_ok=True)
    with open_journal(out, fresh) as journal:
        found = opened(folder, journal, **options)
        running.run(found, journal, judge.slots, lambda *_: None)
        return list(Gradebook(found, journal, ENGLISH))


def hand_in(folder, student, source="x = 1\n", name=f"{LESSON}.ipynb"):
    """A student's folder with a notebook, or with a Python file when the name says so."""
    path = folder / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook(source) if name.endswith(".ipynb") else source.encode())
    return path


def command(*arguments):
    """The command line of a batch."""
    return [sys.executable, "-m", "grader", "batch", *map(str, arguments)]


def environment(**changes):
    """The environment of this test, with this project in front."""
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lessons")))} | changes


def execute(*arguments, **options):
    """Run a batch to its end."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, **options
    )


def _hear_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # ignored when these tests run in the background
        signal.signal(number, signal.SIG_DFL)


def start(*arguments, **options):
    """A batch that runs, in a process group of its own."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_hear_signals,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()} | options,
    )


def grades(out):
    """Each submission's points and verdicts, by its name, as the reports have them."""
    files = sorted((Path(out) / "results").glob("*.json"))
    records = {path.stem: msgspec.json.decode(path.read_bytes()) for path in files}
    return {
        name: (each["points"], [(c["id"], c["outcome"], c["message"]) for c in each["checks"]])
        for name, each in records.items()
    }
