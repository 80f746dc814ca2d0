"""Grading a class: each different work once, finished work never again, and one row for everybody."""

import gc
import multiprocessing
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from benchmarks.small_class import LESSON, WORKS, write_class
from grader.batch import journal, rows, running
from grader.batch.gradebook import Gradebook
from grader.batch.journal import open_journal
from grader.handed_file import SubmissionError
from grader.language.messages import T
from grader.lesson import Lesson
from grader.lms.listing import LmsError
from grader.results import Outcome
from tests.support.batches import ENGLISH, Judge, execute, grades, hand_in, opened, outcome_of, run


@pytest.fixture
def folder(tmp_path):
    """An empty folder for submissions."""
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


@pytest.fixture
def out(tmp_path):
    """Where the journal goes."""
    return tmp_path / "out"


def statuses(rows):
    """What became of each student's work."""
    return {row.student: row.status for row in rows}


# --- what is handed in ------------------------------------------------------------------------------------------


def test_every_way_to_hand_in_is_graded(folder, out):
    """Folders, Moodle's folders, single files and zips are one row each."""
    hand_in(folder, "plain", "x = 1")
    hand_in(folder, "Ana Pérez_123_assignsubmission_file_", "x = 2")
    hand_in(folder, "python", "x = 3", f"{LESSON}.py")
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        archive.write(hand_in(folder.parent, "elsewhere", "x = 4"), f"work/{LESSON}.ipynb")

    rows = run(folder, out, Judge())

    assert statuses(rows) == dict.fromkeys(["plain", "Ana Pérez", "python", "zipped"], "graded")


def test_unreadable_submissions_are_rows_with_a_sentence(folder, out):
    """A damaged zip, an empty folder, two notebooks and a link do not stop the class, and each is told why."""
    hand_in(folder, "good")
    (folder / "empty").mkdir()
    (folder / "damaged.zip").write_bytes(b"PK\x03\x04 no zip")
    hand_in(folder, "twice", name="108_a.ipynb")
    hand_in(folder, "twice", name="108_b.ipynb")
    (folder / "link").symlink_to("/etc")

    rows = {row.student: row for row in run(folder, out, Judge())}

    assert rows.pop("good").status == "graded"
    assert sorted(rows) == ["damaged", "empty", "link", "twice"]
    assert all(row.status == "unreadable" and row.message.endswith(".") for row in rows.values())
    assert rows["twice"].message.startswith("There are 2 files")
    assert not any("no homework" in row.flags for row in rows.values())


def test_sentence_about_other_files_names_them_and_no_option_of_the_self_check(folder, out):
    """What a student reads on the page of a batch is what was found, not how a command is called."""
    hand_in(folder, "good")
    hand_in(folder, "document", name="essay.pdf")
    hand_in(folder, "renamed", name="x.py")

    messages = {row.student: row.message for row in run(folder, out, Judge())}

    assert "found essay.pdf" in messages["document"]
    assert "found x.py" in messages["renamed"]
    assert not [message for message in messages.values() if "--" in message]


def test_sentence_about_a_zip_names_no_place_of_the_instructor(folder, out, monkeypatch):
    """A zip is judged by what is in it, not by what lies in the current folder, and only its name is shown."""
    with zipfile.ZipFile(folder / "ana.zip", "w") as archive:
        archive.writestr("inner.zip", b"PK")
    (folder / "luis").mkdir()
    (folder / "luis" / "tarea.zip").write_bytes(b"PK\x03\x04 no zip")
    monkeypatch.chdir(folder.parent)

    messages = {row.student: row.message for row in run(folder, out, Judge())}

    assert messages["ana"].startswith("ana.zip holds another zip.")
    assert messages["luis"] == "tarea.zip is not a zip file, or it is damaged. Pack it again."


def test_capital_letters_in_a_suffix_do_not_matter(folder, out):
    """A notebook whose suffix some system wrote in capitals is the same work as its copy."""
    path = hand_in(folder, "ana")
    (folder / "luis").mkdir()
    (folder / "luis" / "108.IPYNB").write_bytes(path.read_bytes())

    rows = run(folder, out, judge := Judge())

    assert statuses(rows) == {"ana": "graded", "luis": "graded"}
    assert len(judge.asked) == 1


@pytest.mark.parametrize("step", ["choose", "work_of"])
def test_reader_that_stumbles_costs_one_row(step, folder, out, monkeypatch):
    """Whatever a strange file makes its reader raise is that student's problem only, by its name or by its content."""
    hand_in(folder, "good")
    hand_in(folder, "strange", name=f"{LESSON}.py")
    real = getattr(rows, step)

    def stumble(*given):
        if ".py" in {file.suffix for file in (given[1] if step == "choose" else [given[1]])}:
            raise RuntimeError("stumbled")
        return real(*given)

    monkeypatch.setattr(rows, step, stumble)
    graded = {row.student: row for row in run(folder, out, Judge())}

    assert graded["good"].status == "graded"
    assert graded["strange"].message == "strange cannot be read: stumbled."


@pytest.mark.parametrize("count", [1, 3])
def test_each_file_is_read_once(count, folder, out, monkeypatch):
    """From finding rows to the last outcome: on disk or in a zip, copies included, and nothing that is not graded."""
    for student, source in (("ana", "x = 1"), ("copy", "x = 1"), ("eva", "x = 2")):
        hand_in(folder, student, source)
        (folder / student / "108_homework.npz").write_bytes(b"PK")
        (folder / student / "notes.txt").write_bytes(b"notes")
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        for name in (f"{LESSON}.ipynb", "108_homework.npz", "notes.txt"):
            archive.write(folder / "ana" / name, name)
    expected = [str(path) for path in folder.glob("*/108_*")] + [f"{LESSON}.ipynb", "108_homework.npz"]
    read, from_disk, from_zip = [], Path.read_bytes, zipfile.ZipFile.open
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(str(path)) or from_disk(path))
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda self, info, *rest: read.append(info.filename) or from_zip(self, info, *rest)
    )

    graded = run(folder, out, judge := Judge(count=count))

    theirs = [name for name in read if name.startswith(str(folder)) or "/" not in name]  # not the grader's own
    assert sorted(theirs) == sorted(expected)
    assert {row.status for row in graded} == {"graded"}
    assert len(judge.asked) == 2


def test_file_that_is_gone_when_its_turn_comes_costs_one_row(folder, out):
    """It is a row with its reason, and the others are graded."""
    path = hand_in(folder, "ana", "x = 1")
    hand_in(folder, "bob", "x = 2")
    out.mkdir()
    with open_journal(out, fresh=False) as kept:
        found = opened(folder, kept)
        path.unlink()
        running.run(found, kept, Judge().slots, lambda *_: None)
        graded = {row.student: row for row in Gradebook(found, kept, ENGLISH)}

    assert graded["ana"].status == "unreadable"
    assert graded["ana"].message.startswith(f"{LESSON}.ipynb cannot be read")
    assert graded["bob"].status == "graded"


def test_progress_counts_every_row_to_the_end(folder, out):
    """Works, copies, unreadable rows and what an earlier run finished; it never goes back."""
    for student, source in (("ana", "x = 1"), ("bob", "x = 1"), ("eva", "x = 2"), ("zoe", "x = 2")):
        hand_in(folder, student, source)
    (folder / "empty").mkdir()
    out.mkdir()
    told = []
    with open_journal(out, fresh=False) as kept:
        for _ in range(2):
            running.run(opened(folder, kept), kept, Judge(count=2).slots, lambda *each: told.append(each))

    assert {total for _, total in told} == {5}
    counts = [count for count, _ in told]
    runs = counts[: counts.index(0, 1)], counts[counts.index(0, 1) :]
    assert all(each == sorted(each) and each[-1] == 5 for each in runs)
    assert [len(each) for each in runs] == [4, 2]


def test_class_without_submissions_is_refused(folder, out):
    """There is nothing to grade in an empty folder."""
    with pytest.raises(LmsError, match="holds no submissions"):
        run(folder, out, Judge())


def test_lesson_asked_for_is_the_only_one(folder, out):
    """With --lesson, a single notebook of any name is that lesson's."""
    hand_in(folder, "student", name="tarea.ipynb")

    rows = run(folder, out, Judge(), lesson=Lesson(LESSON))

    assert [(row.lesson, row.status) for row in rows] == [(LESSON, "graded")]


def test_lessons_in_one_folder_are_a_row_each(folder, out):
    """Keys tell them apart, and a homework is missed only where there is one."""
    hand_in(folder, "ana", "x = 1")
    hand_in(folder, "ana", "x = 2", "107_losses_and_depth.ipynb")
    hand_in(folder, "bob", "x = 3", "109_activations.py")

    rows = {row.key: row for row in run(folder, out, Judge())}

    assert {key: row.lesson.partition("_")[0] for key, row in rows.items()} == {
        next(key for key in rows if key.startswith("ana") and key.endswith("-107")): "107",
        next(key for key in rows if key.startswith("ana") and key.endswith("-108")): "108",
        next(key for key in rows if key.startswith("bob")): "109",
    }
    assert {row.lesson.partition("_")[0]: row.flags for row in rows.values()} == {
        "107": [],
        "108": ["no homework"],
        "109": [],
    }


def test_two_files_for_one_lesson_cost_that_lesson_only(folder, out):
    """The others are graded."""
    for name in ("107_a.ipynb", "107_b.ipynb", "108_x.ipynb"):
        hand_in(folder, "ana", name=name)

    rows = {row.lesson: row for row in run(folder, out, Judge())}

    assert {lesson: row.status for lesson, row in rows.items()} == {
        "107_losses_and_depth": "unreadable",
        LESSON: "graded",
    }
    assert "There are 2 files for lesson 107" in rows["107_losses_and_depth"].message


def test_lesson_asked_for_is_not_graded_from_another_ones_file(folder, out):
    """Whoever handed in lesson 107 alone has a row that says so, and no points in 108."""
    hand_in(folder, "ana", name="107_losses_and_depth.ipynb")

    (row,) = run(folder, out, Judge(), lesson=Lesson(LESSON))

    assert (row.lesson, row.status) == (LESSON, "unreadable")
    assert "expected 108_initialization.ipynb, found 107_losses_and_depth.ipynb" in row.message


def test_copies_of_one_lesson_name_the_row_of_that_lesson(folder, out):
    """With several lessons a flag leads to the copy and not to a student."""
    for student in ("ana", "bob"):
        hand_in(folder, student, "x = 1")
        hand_in(folder, student, f"x = '{student}'", "107_losses_and_depth.ipynb")

    rows = {row.key: row for row in run(folder, out, Judge())}

    copies = {
        key: flag.removeprefix("copy:") for key, row in rows.items() for flag in row.flags if flag.startswith("copy:")
    }
    assert len(copies) == 2
    assert all(key.endswith("-108") for key in copies)
    assert set(copies.values()) == set(copies)


# --- once -------------------------------------------------------------------------------------------------------


def test_identical_works_are_graded_once_and_flagged(folder, out):
    """Whatever the files are called, equal work is one task, and both students are flagged with the other."""
    for student, name in (("ana", f"{LESSON}.py"), ("bob", "108_bob.py"), ("eva", "108 final.py")):
        hand_in(folder, student, name=name)
    hand_in(folder, "own", "y = 1\n")
    judge = Judge()

    rows = {row.student: row for row in run(folder, out, judge)}

    assert len(judge.asked) == 2
    assert [any(flag.startswith("copy:") for flag in row.flags) for row in rows.values()] == [True] * 3 + [False]
    assert f"copy:{rows['bob'].key}" in rows["ana"].flags
    assert f"copy:{rows['ana'].key}" in rows["bob"].flags


def test_copies_do_not_bear_each_others_file_names(folder, out):
    """A record names its own student's file, though the work was graded under another's."""
    hand_in(folder, "ana", name="108_ana.py")
    hand_in(folder, "bob", name="108_bob.py")

    rows = run(folder, out, Judge())

    assert [row.results.submission for row in rows] == ["108_ana.py", "108_bob.py"]


def test_works_without_a_point_are_no_copies(folder, out):
    """Two empty notebooks are not suspicious."""
    hand_in(folder, "ana")
    hand_in(folder, "bob")

    rows = run(folder, out, Judge(lambda task: outcome_of(task, Outcome.NOT_RUN)))

    assert not any(flag.startswith("copy:") for row in rows for flag in row.flags)


# --- not again --------------------------------------------------------------------------------------------------


def test_second_run_grades_nothing(folder, out):
    """The same command again only writes the reports."""
    for number in range(5):
        hand_in(folder, f"student {number}", f"x = {number}")
    judge = Judge()
    first, second = run(folder, out, judge), run(folder, out, judge)

    assert len(judge.asked) == 5
    assert first == second


def test_new_submission_is_graded_alone(folder, out):
    """Who hands in later is graded later."""
    hand_in(folder, "early", "x = 1")
    run(folder, out, judge := Judge())
    hand_in(folder, "late", "x = 2")

    rows = run(folder, out, judge)

    assert len(judge.asked) == 2
    assert [row.status for row in rows] == ["graded", "graded"]


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"language": "es"}, {"sandbox": "none"}, {"train_homework": True}, {"fresh": True}], ids=str
)
def test_other_conditions_grade_again(folder, out, change):
    """What decides a grade is part of its key."""
    hand_in(folder, "student")
    run(folder, out, judge := Judge(), seed=1)
    run(folder, out, judge, **{"seed": 1} | change)

    assert len(judge.asked) == 2


def test_changed_checks_grade_again(folder, out, monkeypatch):
    """A grade of other checks is no grade."""
    hand_in(folder, "student")
    run(folder, out, judge := Judge())
    monkeypatch.setattr(journal, "deciding_hash", lambda _: "other")
    run(folder, out, judge)

    assert len(judge.asked) == 2


def test_seed_is_drawn_once_for_a_folder(folder, out):
    """Without --seed a work gets the same inputs each time, drawn for this output folder."""
    hand_in(folder, "student")
    seeds = [run(folder, out, Judge(), fresh=fresh)[0].results.seed for fresh in (False, False, True)]

    assert seeds[0] == seeds[1] != seeds[2]


def test_pages_tell_no_seed_of_another_work(folder, out):
    """Each work has a seed of its own content: a seed that was seen is of no use to whoever hands in again."""
    for student, source in (("ana", "x = 1"), ("luis", "x = 1"), ("eva", "x = 2")):
        hand_in(folder, student, source)

    rows = {row.student: row.results.seed for row in run(folder, out, Judge(), seed=3)}

    assert rows["ana"] == rows["luis"] != rows["eva"]
    assert 3 not in rows.values()
    assert all(2**31 < seed < 2**63 for seed in rows.values())


def test_batch_keeps_a_seed_that_nobody_can_try(folder, out):
    """The seed drawn for a folder has 128 bits, and none that pages of an earlier version told is taken over."""
    hand_in(folder, "student")
    out.mkdir()
    with open_journal(out, fresh=False) as kept:
        kept.setting("seed", "5")
        seed = opened(folder, kept).conditions.seed
        again = opened(folder, kept).conditions.seed

    assert seed == again > 2**100


def test_work_is_never_sent_with_the_seed_of_the_batch(folder, out):
    """Not even the machines that grade are told it."""
    hand_in(folder, "student")
    sent = []

    run(folder, out, Judge(lambda task: sent.append(task.conditions.seed) or outcome_of(task)), seed=2**128 - 1)

    assert len(sent) == 1
    assert sent[0] < 2**63


def test_interrupted_run_goes_on(folder, out):
    """What was finished before Ctrl-C is not graded again."""
    for number in range(6):
        hand_in(folder, f"student {number}", f"x = {number}")

    def stop(done, _total):
        if done == 3:
            raise KeyboardInterrupt

    judge = Judge()
    out.mkdir()
    with open_journal(out, fresh=False) as kept:
        found = opened(folder, kept)
        with pytest.raises(KeyboardInterrupt):
            running.run(found, kept, judge.slots, stop)
        assert len(kept.finished(found.grading)) == 3

    again = Judge()
    rows = run(folder, out, again)

    assert len(again.asked) == 3
    assert {row.status for row in rows} == {"graded"}


# --- the grader's own failures ----------------------------------------------------------------------------------


def test_failure_of_the_grader_is_a_row_and_is_tried_again(folder, out):
    """Nobody loses a point by a defect, the others are graded, and the next run tries again."""
    hand_in(folder, "ana", "x = 1")
    hand_in(folder, "bob", "x = 2")

    def answer(task):
        if b"x = 1" in task.work.source:
            raise ZeroDivisionError("a defect")
        return outcome_of(task)

    rows = {row.student: row for row in run(folder, out, Judge(answer))}
    again = Judge()
    healed = statuses(run(folder, out, again))

    assert rows["ana"].status == "fault"
    assert "ZeroDivisionError: a defect" in rows["ana"].message
    assert rows["bob"].status == "graded"
    assert len(again.asked) == 1
    assert healed == {"ana": "graded", "bob": "graded"}


def test_spoiled_check_is_shown_and_tried_again(folder, out):
    """A check that the grader spoiled leaves points open until a run without that."""
    hand_in(folder, "ana")
    spoiled = run(folder, out, Judge(lambda task: outcome_of(task, Outcome.GRADER_FAULT)))
    healed = run(folder, out, Judge())

    assert (spoiled[0].status, spoiled[0].is_final) == ("graded", False)
    assert healed[0].is_final


def test_file_changed_meanwhile_is_graded_as_it_is_when_its_turn_comes(folder, out):
    """A result is never kept under the hash of other content: the old content is graded when it comes back."""
    hand_in(folder, "ana", "x = 1")
    out.mkdir()
    with open_journal(out, fresh=False) as kept:
        found = opened(folder, kept)
        hand_in(folder, "ana", "x = 2")
        running.run(found, kept, (judge := Judge()).slots, lambda *_: None)
    run(folder, out, same := Judge())
    hand_in(folder, "ana", "x = 1")
    run(folder, out, back := Judge())

    assert b"x = 2" in judge.asked[0]
    assert same.asked == []
    assert b"x = 1" in back.asked[0]


def test_sentence_of_a_failure_is_in_the_language_of_the_run(folder, out):
    """Errors with a text are rendered, others are named."""
    hand_in(folder, "ana")

    def answer(_):
        raise SubmissionError(T("{path} holds no submissions.", path="x"))

    rows = run(folder, out, Judge(answer))

    assert "x holds no submissions." in rows[0].message


# --- size -------------------------------------------------------------------------------------------------------


def _peak(folder, out):
    """Bytes that grading takes on top of the list of submissions, and bytes of that list for each submission."""
    out.mkdir()
    with open_journal(out, fresh=False) as kept:
        gc.collect()
        tracemalloc.start()
        found = opened(folder, kept)
        gc.collect()
        listed = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        running.run(found, kept, Judge(count=2, keep=False).slots, lambda *_: None)
        rows = Gradebook(found, kept, ENGLISH)
        assert sum(1 for _ in rows) == len(rows)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak - listed, listed / len(rows)


def test_memory_does_not_grow_with_the_class(folder, tmp_path):
    """Ten times the submissions need the memory of a few; only their names and hashes stay, not their work."""
    peaks, listed = [], []
    for students in (50, 500):
        place = folder / str(students)
        for number in range(students):
            hand_in(place, f"student {number}", f"x = {number}  #" + 50_000 * "x")
        peak, each = _peak(place, tmp_path / f"out-{students}")
        peaks.append(peak)
        listed.append(each)

    assert peaks[1] < peaks[0] + 2**20 + 450 * 1000
    assert max(listed) < 5000


def _seconds(folder, out, judge):
    began = time.process_time()
    rows = run(folder, out, judge)
    return time.process_time() - began, rows


def test_identical_works_cost_bookkeeping_only(folder, tmp_path):
    """Five hundred copies are one task, and bookkeeping takes less than five milliseconds of CPU for each."""
    for number in range(500):
        hand_in(folder, f"student {number:04}", "x = 1  #" + 20_000 * "x")
    judge = Judge()

    seconds, rows = _seconds(folder, tmp_path / "out", judge)

    assert len(judge.asked) == 1
    assert len(rows) == 500
    assert seconds < 500 * 0.005


@pytest.mark.slow
def test_five_thousand_copies_cost_what_one_costs(folder, tmp_path):
    """The whole command on 5,000 identical submissions takes the CPU time of one and 10 ms of bookkeeping for each."""
    import psutil

    spent = []
    for students in (1, 5000):
        place = folder / str(students)
        for number in range(students):
            hand_in(place, f"student {number:04}", WORKS["right"])
        before = psutil.Process().cpu_times()
        assert execute(place, "--out", tmp_path / f"out-{students}", "--jobs", 1, "--lang", "en").returncode == 0
        after = psutil.Process().cpu_times()
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)

    assert spent[1] < spent[0] + 5000 * 0.010


# --- for real ---------------------------------------------------------------------------------------------------


def _burn():
    while True:
        sum(range(10**6))


@pytest.fixture
def load():
    """Two processes that keep both cores busy."""
    burners = [multiprocessing.get_context("fork").Process(target=_burn, daemon=True) for _ in range(2)]
    for burner in burners:
        burner.start()
    yield
    for burner in burners:
        burner.kill()
        burner.join()


@pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")
def test_same_grades_at_any_jobs_and_under_load(tmp_path, request):
    """Check by check and letter by letter, grades do not depend on how many slots there are or what else runs."""
    names = ["right", "swapped", "raises", "exits", "one seed", "slow", "nothing"]
    folder = write_class(tmp_path / "class", names)
    alone = execute(folder, "--out", tmp_path / "alone", "--seed", 3, "--jobs", 1)
    request.getfixturevalue("load")
    together = execute(folder, "--out", tmp_path / "together", "--seed", 3, "--jobs", 2)

    assert (alone.returncode, together.returncode) == (0, 0), alone.stderr + together.stderr
    assert grades(tmp_path / "alone") == grades(tmp_path / "together")
    assert sorted(points for points, _ in grades(tmp_path / "alone").values()) == [0, 4, 11, 11, 11, 15, 15]
