"""The journal: what is finished stays finished, and what cannot be used is said and left alone."""

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import time

import pytest

from grader.batch.journal import Journal, grading_hash, open_journal
from grader.batch.outcome import WorkOutcome
from grader.batch.slot import Conditions, Task
from grader.faults import GraderFault
from grader.results import Outcome
from grader.submission.work import Work
from tests.support.batches import outcome_of

TASK = Task(Work("108_initialization", "108_initialization.py", b"x = 1"), Conditions(7, "en", "strict", False))
GRADED = outcome_of(TASK)


def changed(path, script):
    """Change a journal's file as another program would."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(script)


@pytest.fixture
def path(tmp_path):
    """Where a journal goes."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path):
    """An empty journal."""
    with Journal(path) as journal:
        yield journal


def test_outcome_comes_back(journal):
    """An outcome is returned as it was put."""
    journal.put("work", "grading", GRADED)

    assert journal.get("work", "grading") == GRADED
    assert "work" in journal.finished("grading")


def test_file_has_a_write_ahead_log(journal, path):
    """Reading it while a batch runs stops neither of them."""
    journal.put("work", "grading", GRADED)

    with contextlib.closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("key", [("other", "grading"), ("work", "other")])
def test_key_is_work_and_grading(journal, key):
    """A result counts for this work under these conditions only."""
    journal.put("work", "grading", GRADED)

    assert journal.get(*key) is None
    assert key[0] not in journal.finished(key[1])


def test_unreadable_work_is_finished(journal):
    """A work that cannot be read is not read again."""
    journal.put("work", "grading", WorkOutcome(None, "no notebook"))

    assert "work" in journal.finished("grading")


def test_spoiled_result_is_kept_but_not_finished(journal):
    """What the grader spoiled in part is shown, and graded again."""
    journal.put("work", "grading", outcome_of(TASK, Outcome.GRADER_FAULT))

    assert journal.get("work", "grading").results.pending_points == 1
    assert "work" not in journal.finished("grading")


def test_setting_is_kept_from_the_first_time(journal):
    """The default of a setting is its value from then on."""
    first = journal.setting("seed", "5")

    assert (first, journal.setting("seed", "6")) == ("5", "5")


def test_reopened_journal_has_everything(path):
    """Closing loses nothing."""
    with Journal(path) as journal:
        journal.put("work", "grading", GRADED)

    with Journal(path) as journal:
        assert journal.get("work", "grading") == GRADED


def test_fresh_journal_is_empty(tmp_path):
    """`--fresh` forgets results and settings."""
    with open_journal(tmp_path, fresh=False) as journal:
        journal.put("work", "grading", GRADED)
        journal.setting("seed", "5")

    with open_journal(tmp_path, fresh=True) as journal:
        assert "work" not in journal.finished("grading")
        assert journal.setting("seed", "6") == "6"


# --- kills and competitors --------------------------------------------------------------------------------------


def _write_until_killed(path, pipe):
    with Journal(path) as journal:
        for number in range(10**6):
            journal.put(f"{number:06}", "grading", GRADED)
            os.write(pipe, f"{number:06}".encode())


def test_kill_loses_nothing_that_was_put(path):
    """After `kill -9` at any moment every outcome is there whose put had returned, and the file is sound."""
    context, finished = multiprocessing.get_context("fork"), 0
    for attempt in range(8):
        path.unlink(missing_ok=True)
        reader, writer = os.pipe()
        process = context.Process(target=_write_until_killed, args=(path, writer))
        process.start()
        os.close(writer)
        os.read(reader, 6)
        time.sleep(0.011 * attempt)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with os.fdopen(reader, "rb") as stream:
            finished = 1 + len(stream.read()) // 6

        with Journal(path) as journal:
            assert all(journal.get(f"{number:06}", "grading") == GRADED for number in range(finished))
        with sqlite3.connect(path) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
    assert finished > 1


def test_second_batch_is_refused(tmp_path):
    """Two batches never work in the same folder, not even with `--fresh`."""
    with open_journal(tmp_path, fresh=False) as journal:
        journal.put("work", "grading", GRADED)

        for fresh in (False, True):
            with pytest.raises(GraderFault, match="Another batch is at work"), open_journal(tmp_path, fresh):
                pass
        assert "work" in journal.finished("grading")


def _hold(folder, pipe):
    with open_journal(folder, fresh=False):
        os.write(pipe, b"held")
        time.sleep(60)


def test_killed_batch_leaves_no_lock(tmp_path):
    """The folder of a batch that was killed can be used at once."""
    reader, writer = os.pipe()
    process = multiprocessing.get_context("fork").Process(target=_hold, args=(tmp_path, writer))
    process.start()
    os.read(reader, 4)
    process.kill()
    process.join()

    with open_journal(tmp_path, fresh=False) as journal:
        assert "work" not in journal.finished("grading")
    os.close(reader)
    os.close(writer)


# --- files that cannot be used ----------------------------------------------------------------------------------


def _damage(content):
    return content[:4096] + b"\xff" * (len(content) - 4096)


@pytest.mark.parametrize("change", [lambda _: b"not a database, " * 99, _damage], ids=["other file", "damaged"])
def test_damaged_journal_is_said_and_kept(path, change):
    """A damaged file gives a sentence and is not touched."""
    with Journal(path) as journal:
        for number in range(50):
            journal.put(str(number), "grading", GRADED)
    path.write_bytes(change(path.read_bytes()))
    before = path.read_bytes()

    with pytest.raises(GraderFault) as fault, Journal(path) as journal:
        [journal.get(str(number), "grading") for number in range(50)]

    assert "is damaged or was written by another version" in fault.value.text.template
    assert path.read_bytes() == before


def test_journal_of_another_version_is_said_and_kept(path):
    """A journal that a later version wrote is refused, not misread."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 7")
    database.close()
    before = path.read_bytes()

    with pytest.raises(GraderFault, match="another version"), Journal(path):
        pass

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE settings SET value = 'abc'",
        "UPDATE outcomes SET outcome = 'no JSON'",
        "DROP TABLE outcomes; CREATE TABLE outcomes (other INTEGER)",
    ],
    ids=["seed", "outcome", "columns"],
)
def test_journal_with_other_contents_is_said(path, change):
    """Whatever another version may have kept differently, the sentence says what to do about it."""
    with Journal(path) as journal:
        journal.number("seed", 7)
        journal.put("work", "grading", GRADED)
    changed(path, change)

    with pytest.raises(GraderFault, match="damaged or was written by another version"), Journal(path) as journal:
        assert (journal.number("seed", 7), "work" in journal.finished("grading")) != (7, True)


def test_outcome_of_another_form_is_said(journal, path):
    """A row that is no outcome gives a sentence, no traceback."""
    changed(path, "INSERT INTO outcomes VALUES ('work', 'grading', CAST('{\"results\": 3}' AS BLOB))")

    with pytest.raises(GraderFault, match="damaged"):
        journal.get("work", "grading")


@pytest.fixture
def full_disk(monkeypatch, path):
    """From now on the journal's file does not grow."""
    connect = sqlite3.connect

    def connect_to_the_last_page(file, *args, **options):
        database = connect(file, *args, **options)
        if file == path:
            database.execute("PRAGMA max_page_count = 1")
        return database

    return lambda: monkeypatch.setattr(sqlite3, "connect", connect_to_the_last_page)


def test_full_disk_is_said(path, full_disk):
    """When nothing more can be written, what is there stays readable."""
    with Journal(path) as journal:
        journal.put("first", "grading", GRADED)
    full_disk()
    large = WorkOutcome(None, "x" * 10**6)

    with Journal(path) as journal:
        with pytest.raises(GraderFault, match="cannot be used") as fault:
            journal.put("second", "grading", large)

        assert "full" in str(fault.value.text.values["reason"])
        assert journal.get("first", "grading") == GRADED


def test_folder_in_the_place_of_the_journal_is_said(path):
    """A path that cannot be opened gives a sentence."""
    path.mkdir()

    with pytest.raises(GraderFault, match="cannot be used"):
        Journal(path)


# --- what decides a grade ---------------------------------------------------------------------------------------


def test_grading_hash_depends_on_every_option():
    """Another seed, language, sandbox or homework mode is another grading."""
    hashes = {grading_hash(*options) for options in (("1", "es"), ("2", "es"), ("1", "en"), ("1", "es", "none"))}

    assert len(hashes) == 4
