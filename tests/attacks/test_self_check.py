"""Attacks that need no kernel feature against a worker without any isolation, as `pytest grader` starts it."""

import tempfile

import pytest

from grader.results import Outcome
from grader.student import cold
from tests.attacks import arena as arenas
from tests.attacks.expected import ATTACKS, FANS

TABLE = {attack.name: attack for attack in ATTACKS}
TOGETHER = ("forge_reply", "forge_encode", "forge_other_messages", "forge_later_calls", "forge_machinery")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    """Places without a warm process."""
    folder = tmp_path_factory.mktemp("self-check")
    for name in ("home/.ssh", "scratch"):
        (folder / name).mkdir(parents=True)
    opened = arenas.Arena(folder)
    arenas.listen(opened)
    yield opened
    for listener in opened.listeners.values():
        listener.close()


@pytest.mark.parametrize("name", TOGETHER[:2])
def test_a_forgery_gains_nothing_without_isolation_either(arena, name):
    """Verdicts are computed in another process, whatever the machine can do."""
    attack = TABLE[name]

    graded = arenas.grade(arena.compose(name), (FANS,), cold.start)

    assert {check.id: check.outcome for check in graded.results.checks} == dict(attack.checks)
    assert graded.results.points == graded.results.pending_points == 0


def test_traps_for_the_cleanup_are_removed_without_isolation(arena, monkeypatch):
    """Where a scratch folder is no file system of its own, the judge removes it, and nothing that links lead to."""
    monkeypatch.setattr(tempfile, "tempdir", str(arena.folder / "scratch"))
    (arena.folder / "home" / "file").touch()

    graded = arenas.grade(arena.compose("write_traps_for_the_cleanup"), (FANS,), cold.start)

    assert [check.outcome for check in graded.results.checks] == [Outcome.FAILED]
    assert arena.scratches() == []
    assert (arena.folder / "home" / "file").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER[2:])
def test_more_forgeries_gain_nothing_without_isolation(arena, name):
    """The same for those that end their worker."""
    graded = arenas.grade(arena.compose(name), (FANS,), cold.start)

    assert graded.results.points == graded.results.pending_points == 0
    assert all(check.message for check in graded.results.checks)
