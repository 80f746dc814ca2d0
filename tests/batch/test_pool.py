"""Job slots: whatever happens to one, every task has its outcome, or the run ends with a sentence."""

import threading
from concurrent.futures import BrokenExecutor
from contextlib import closing

import pytest

from grader.batch import pool, slot
from grader.batch.outcome import WorkOutcome
from grader.batch.pool import Slots, local_slots, outcomes
from grader.batch.slot import Conditions, Task
from grader.faults import GraderFault, Interrupted, OutOfMemory
from grader.language.messages import T
from grader.submission.work import Work
from tests.support.batches import Judge, outcome_of

CONDITIONS = Conditions(7, "en", "none", False)


def task(source, name="108_initialization.py"):
    """A work to grade."""
    return Task(Work("108_initialization", name, source), CONDITIONS)


def tasks(count):
    """Tasks by number, made when they are wanted."""
    return ((str(number), task(b"%d" % number)) for number in range(count))


def failing(times, error):
    """A judge whose every task fails so often before it is graded."""
    seen = {}

    def answer(each):
        seen[each.work.source] = seen.get(each.work.source, 0) + 1
        if seen[each.work.source] <= times:
            raise error
        return outcome_of(each)

    return Judge(answer)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_task_has_its_outcome(count):
    """However many slots there are, each key comes once."""
    found = dict(outcomes(tasks(20), Judge(count=count).slots))

    assert sorted(found, key=int) == [str(number) for number in range(20)]
    assert all(isinstance(each, WorkOutcome) for each in found.values())


def test_no_tasks_no_outcomes():
    """An empty run ends, and no slot is made for it."""
    judge = Judge(count=3)

    assert list(outcomes(iter(()), judge.slots)) == []
    assert judge.made == 0


@pytest.mark.parametrize("error", [BrokenExecutor("killed"), Interrupted("gone"), OSError("pipe")])
def test_lost_slot_is_replaced(error):
    """A task whose slot died is graded in a new one."""
    judge = failing(3, error)

    found = dict(outcomes(tasks(4), judge.slots))

    assert all(isinstance(each, WorkOutcome) for each in found.values())
    assert judge.made == 1 + 3 * 4


def test_defect_costs_one_task_only():
    """An exception that is not the slot's end is that task's, and is not tried again."""
    judge = failing(1, ZeroDivisionError("a defect"))

    found = dict(outcomes(tasks(3), judge.slots))

    assert [str(each) for each in found.values()] == ["a defect"] * 3
    assert len(judge.asked) == 3


def test_task_that_always_kills_its_slot_is_given_up():
    """After some attempts the task fails, and the others are graded."""

    def answer(each):
        if each.work.source == b"1":
            raise BrokenExecutor("killed")
        return outcome_of(each)

    found = dict(outcomes(tasks(3), Judge(answer).slots))

    assert isinstance(found["1"], BrokenExecutor)
    assert isinstance(found["0"], WorkOutcome)
    assert isinstance(found["2"], WorkOutcome)


def test_first_task_that_kills_its_slot_does_not_end_the_run():
    """Where another slot has graded something, slots work; so does the one slot whose first work runs out of memory."""
    others = threading.Event()

    def kills(each):
        if each.work.source == b"0":
            others.wait(10)
            raise BrokenExecutor("killed")
        others.set()
        return outcome_of(each)

    def hungers(each):
        if each.work.source == b"0":
            raise OutOfMemory("full")
        return outcome_of(each)

    two, one = dict(outcomes(tasks(4), Judge(kills, count=2).slots)), dict(outcomes(tasks(4), Judge(hungers).slots))

    assert [key for key, each in two.items() if not isinstance(each, WorkOutcome)] == ["0"]
    assert [key for key, each in one.items() if not isinstance(each, WorkOutcome)] == ["0"]


def test_slots_that_never_work_end_the_run():
    """When no slot ever graded anything, that is said once instead of a failure for each submission."""
    judge = Judge(lambda _: (_ for _ in ()).throw(BrokenExecutor("no TensorFlow")))

    with pytest.raises(GraderFault, match="do not start") as fault:
        list(outcomes(tasks(50), judge.slots))

    assert fault.value.text.values["reason"] == "no TensorFlow"
    assert len(judge.asked) == pool.ATTEMPTS


def test_machine_that_cannot_grade_ends_the_run():
    """A grader fault of a slot is nobody's result."""

    def answer(_):
        raise GraderFault(T("no isolation"))

    with pytest.raises(GraderFault, match="no isolation"):
        list(outcomes(tasks(50), Judge(answer).slots))


def test_broken_list_of_tasks_is_said():
    """A defect in listing tasks does not pass for the end of the class."""

    def broken():
        yield "a", task(b"a")
        raise RuntimeError("a defect")

    with pytest.raises(GraderFault, match="broke off"):
        list(outcomes(broken(), Judge().slots))


def test_few_tasks_are_read_ahead():
    """Works are read as slots want them, not before."""
    read = []

    def listed():
        for number in range(1000):
            read.append(number)
            yield str(number), task(b"%d" % number)

    with closing(outcomes(listed(), Judge(count=2).slots)) as found:
        next(found)
        assert len(read) <= 10


def test_closing_stops_everything():
    """Who stops listening stops the slots: nothing more is read, and they are told to end."""
    stopped, judge = [], Judge(count=2)
    slots = Slots(2, judge.slots.make, stop=lambda: stopped.append(True))
    found = outcomes(tasks(10_000), slots)
    next(found)
    found.close()
    asked = len(judge.asked)

    assert stopped
    assert asked < 20
    assert threading.active_count() < 20
    assert len(judge.asked) == asked


def test_local_slot_is_a_process_that_grades(tmp_path):
    """A work that cannot be parsed comes back as a sentence from another process, without TensorFlow."""
    slots = local_slots(1, tmp_path)

    found = list(outcomes(iter([("a", task(b"{", "108_initialization.ipynb"))]), slots))

    assert found[0][1].message.startswith("108_initialization.ipynb cannot be read")


def test_local_slots_sentence_arrives(tmp_path, monkeypatch):
    """What stops a slot is told in its own words, and at once: it is not taken for a slot that was killed."""
    monkeypatch.setattr(slot, "CODE", "0" * 64)
    slots = local_slots(1, tmp_path)
    made = []
    counting = Slots(1, lambda: made.append(slots.make()) or made[-1], stop=slots.stop)

    with pytest.raises(GraderFault, match="has another version"):
        list(outcomes(tasks(2), counting))

    assert len(made) == 1


def test_slot_refuses_another_version():
    """A slot whose code or libraries are others than the batch's grades nothing."""
    with pytest.raises(GraderFault, match="another version"):
        slot.run("0" * 64, b"")
