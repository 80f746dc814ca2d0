"""A job slot's own process: what it keeps from one work to the next."""

import gc
import time
import weakref
from types import SimpleNamespace

import msgspec
import pytest

from grader.batch import slot
from grader.batch.outcome import WorkOutcome
from grader.batch.slot import Conditions, Task
from grader.faults import Interrupted
from grader.handed_file import SubmissionError
from grader.language.messages import T
from grader.results import collect
from grader.submission.work import Work


@pytest.fixture
def task():
    """A work with one line, under strict conditions, as it travels."""
    work = Work("108_initialization", "108_initialization.py", b"x = 1\n")
    return msgspec.msgpack.encode(Task(work, Conditions(1, "en", "strict", train_homework=False)))


@pytest.fixture
def no_collector():
    """Nothing is collected unless somebody asks for it."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_nothing_of_a_work_outlives_it(task, monkeypatch):
    """Memory does not grow with the class: also what refers to itself, as kept failures do, is gone after each work."""
    seen = []

    class Kept:
        def __init__(self):
            self.itself = self
            seen.append(weakref.ref(self))

    def grade(*_):
        Kept()
        raise Interrupted

    monkeypatch.setattr(slot, "grade", grade)
    monkeypatch.setattr(slot, "warm_process", lambda _: type("Warm", (), {"start": None})())

    with pytest.raises(Interrupted):
        slot.run(slot.CODE, task)

    assert len(seen) == slot.ATTEMPTS
    assert [kept() for kept in seen] == [None] * slot.ATTEMPTS


@pytest.mark.parametrize("is_refused", [True, False])
def test_reading_counts_in_a_works_cpu_seconds(is_refused, task, monkeypatch):
    """What the judge computes to read a work is a part of what the work took, whether it is graded or not."""

    def read(_):
        while time.process_time() < began + 0.3:
            pass
        if is_refused:
            raise SubmissionError(T("no"))

    monkeypatch.setattr(slot, "parse_work", read)
    monkeypatch.setattr(slot, "grade", lambda *_: collect("108_initialization", "x", 1, []))
    monkeypatch.setattr(slot, "warm_process", lambda _: SimpleNamespace(start=None, layers=[]))
    began = time.process_time()

    outcome = msgspec.msgpack.decode(slot.run(slot.CODE, task), type=WorkOutcome)

    assert (outcome.message == "no") is is_refused
    assert 0.2 < outcome.cpu_seconds < 3
