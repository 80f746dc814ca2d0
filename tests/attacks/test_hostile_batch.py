"""A class with somebody hostile in it: the others get the grades that they would get without."""

import pytest

from grader.batch import running
from grader.batch.gradebook import Gradebook
from grader.batch.journal import open_journal
from grader.batch.pool import local_slots
from grader.isolation import layering
from tests.attacks import arena as arenas
from tests.attacks.arena import ENGLISH, LESSON
from tests.support.batches import opened

CHEAP = (  # each ends soon with the checks' own limits
    *("read_others_work", "write_outside", "write_by_links", "network_socketpair", "processes_fork_bomb"),
    *("processes_kill", "processes_daemon", "processes_answer_and_go_on", "processes_abort", "kernel_unknown_calls"),
    *("resources_disk", "resources_inodes", "resources_wide_reply", "forge_machinery", "forge_reply", "forge_encode"),
)
FORMULAS = ("2 / (fan_in + fan_out)", "2 / fan_in", "1 / fan_in")


@pytest.fixture(scope="module", autouse=True)
def _isolated():
    """There is no batch without isolation."""
    if not layering.is_enough(layering.probe()[0]):
        pytest.skip("this machine cannot isolate a worker (see python -m grader.isolation)")


def honest(number):
    """One of several works that are right in different parts."""
    fans = "a * b, a * c" if number % 2 else "c, b"
    return (
        f"# {number}\nimport math\n\n\n"
        f"def compute_fans(kernel_shape):\n    *a, b, c = kernel_shape\n    a = math.prod(a)\n    return {fans}\n\n\n"
        f"def theoretical_variance(initializer, fan_in, fan_out):\n    return {FORMULAS[number % 3]}\n"
    )


def attack(name):
    """A hostile work that finds everything where this machine has it, as far as it is not told."""
    places = dict.fromkeys(("judge", "warm", "tcp", "udp"), 1)
    text = ("home", "key", "link", "class", "other", "journal", "scratch", "solutions", "grader", "datagrams")
    places |= dict.fromkeys(text, "/root/x")
    return arenas.composed(name, places)


def graded(folder, works):
    """The points and outcomes of each work in a batch with one slot."""
    for name, source in works.items():
        (folder / "in" / name).mkdir(parents=True)
        (folder / "in" / name / f"{LESSON.key}.py").write_text(source, encoding="utf-8")
    (folder / "out").mkdir()
    with open_journal(folder / "out", fresh=False) as journal:
        found = opened(folder / "in", journal, lesson=LESSON, seed=7)
        running.run(found, journal, local_slots(1, folder), lambda *_: None)
        rows = list(Gradebook(found, journal, ENGLISH))
    assert [row.status for row in rows] == ["graded"] * len(works)
    return {
        row.submission: [(check.id, check.outcome, check.points, check.message) for check in row.results.checks]
        for row in rows
    }


def compare(folder, honest_works, hostile_works):
    """Grade the class with and without the hostile works."""
    alone = graded(folder / "alone", honest_works)
    mixed = {**honest_works, **hostile_works}
    together = graded(folder / "together", dict(sorted(mixed.items())))
    return alone, together


def test_every_tenth_work_is_hostile(tmp_path):
    """Nine honest works have the same grades, check by check, as in a class without the tenth."""
    works = {f"s{number:03}": honest(number) for number in range(9)}

    alone, together = compare(tmp_path, works, {"s004-hostile": attack("processes_kill")})

    assert {name: together[name] for name in works} == alone
    assert not any(points for *_, points, _ in together["s004-hostile"])
    assert len({sum(points for *_, points, _ in checks) for checks in alone.values()}) > 1


@pytest.mark.slow
def test_every_tenth_work_is_hostile_in_a_large_class(tmp_path):
    """144 honest works beside 16 hostile ones, one for each technique that ends soon."""
    works = {f"s{number:03}": honest(number) for number in range(9 * len(CHEAP))}
    hostile = {f"s{9 * index:03}-hostile": attack(name) for index, name in enumerate(CHEAP)}

    alone, together = compare(tmp_path, works, hostile)

    assert {name: together[name] for name in works} == alone
