"""A run on several lessons: a file of results for each, and an exit code when one cannot be written."""

import json
from types import SimpleNamespace

import pytest

from grader.grade import checks_of
from grader.language.messages import translator
from grader.lesson import Lesson
from grader.self_check import session
from grader.submission.reading import parse_work
from grader.submission.work import Work

CHECKS = checks_of(Lesson("108_initialization"))[:3]
LESSONS = ("107_losses_and_depth", "108_initialization")


@pytest.fixture
def run(monkeypatch):
    """A function that ends a run on these lessons, in which nothing was checked."""
    monkeypatch.setattr(session, "Progress", lambda _: SimpleNamespace(width=100, colour=False))

    def run(results, *lessons):
        works = [parse_work(Work(lesson, f"{lesson}.py", b"x = 1")) for lesson in lessons]
        found = session.Session(works, 7, translator("en"), results, None)
        found.expect((work.lesson, check) for work in works for check in CHECKS)
        found.finish()
        return found

    return run


def test_several_lessons_are_several_files(run, tmp_path):
    """None overwrites another; each has the lesson's number in its name."""
    found = run(tmp_path / "my.results.json", *LESSONS)

    assert {path.name: json.loads(path.read_bytes())["lesson"] for path in tmp_path.iterdir()} == {
        "my.results-107.json": LESSONS[0],
        "my.results-108.json": LESSONS[1],
    }
    assert not found.has_unwritten


def test_one_lesson_is_the_file_that_was_named(run, tmp_path):
    """To the letter, whatever it is called."""
    run(tmp_path / "results", LESSONS[1])

    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_results_that_cannot_be_written_are_noted(run, tmp_path):
    """In the run, for its exit code, and below the table of their lesson."""
    (tmp_path / "r-107.json").mkdir()

    found = run(tmp_path / "r.json", *LESSONS)

    assert found.has_unwritten
    assert found.summary().count("could not be written to") == 1
    assert json.loads((tmp_path / "r-108.json").read_bytes())["lesson"] == LESSONS[1]


def test_every_lesson_has_its_table(run):
    """With the checks that were not run in it."""
    summary = run(None, *LESSONS).summary()

    assert [line for line in summary.splitlines() if line.startswith("Lesson")] == [
        f"Lesson {lesson} · {lesson}.py · seed 7" for lesson in LESSONS
    ]
    assert summary.count("interrupted before this check") == 2 * len(CHECKS)
