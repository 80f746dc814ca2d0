"""Every attack of submissions/, graded by the real checks: no point, nobody harmed, and it is reported."""

import platform
import re

import pytest

from grader.isolation import layering
from tests.attacks import arena as arenas
from tests.attacks.arena import HERE
from tests.attacks.expected import ATTACKS, FANS


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    """The one warm process of this module, with everybody who could be harmed."""
    if not layering.is_enough(layering.probe()[0]):
        pytest.skip("this machine cannot isolate a worker (see python -m grader.isolation)")
    if platform.machine() != "x86_64":
        pytest.skip("the attacks use numbers of system calls of x86-64")
    with pytest.MonkeyPatch.context() as patch, arenas.opened(tmp_path_factory.mktemp("arena"), patch) as opened:
        yield opened


def test_the_table_holds_every_submission():
    """No attack lies about without being tested, and there are at least 60."""
    names = [attack.name for attack in ATTACKS]

    assert sorted(names) == sorted(path.stem for path in (HERE / "submissions").glob("*.py"))
    assert len(names) >= 60


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_contained(arena, attack):
    """It gains no point, opens nothing, changes nothing, leaves nothing, is reported, and the next student gets all."""
    before, warm = arena.state(), arena.warm_pid

    graded = arenas.grade(arena.compose(attack.name), tuple(dict(attack.checks)), arena.warm.start, attack.limits)
    honest = arenas.grade(arena.honest(), (FANS,), arena.warm.start)
    arena.settle()

    record = graded.results
    assert {check.id: check.outcome for check in record.checks} == dict(attack.checks), record
    assert {check.id for check in record.checks if check.points} == attack.earned
    assert not record.pending_points
    for check in record.checks:
        assert check.id in attack.earned or re.search(attack.says, check.message), check.message
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", check.message)
    assert [f"{name}: {answer}" for name, answer in graded.findings.items() if answer.startswith("OPEN")] == []
    assert arena.secret not in f"{record} {graded.values}"
    assert arena.state() == before
    assert arena.heard() == []
    assert [process.pid for process in arena.processes()] == [warm]
    assert honest.results.points == honest.results.max_points > 0
