"""`python -m grader batch`: options, exit codes, sentences; signals, closed output, folders that cannot be used."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import msgspec
import psutil
import pytest
from batches import ROOT, Judge, command, environment, execute, grades, hand_in, outcome_of, start
from typer.testing import CliRunner

from benchmarks.chaos import rows
from benchmarks.small_class import write_class
from grader import __main__ as command_line
from grader.check import GraderFault
from grader.journal import open_journal
from grader.messages import T
from grader.results import Outcome as Verdict

STOPPED = {"en": "Stopped. What is finished is kept", "es": "Se detuvo. Lo que ya está calificado se conserva"}
MOUNT = shutil.which("mount") or "mount"
REQUIRE_ISOLATION = command_line._require_isolation


@pytest.fixture
def folder(tmp_path):
    """Two students' work."""
    hand_in(tmp_path / "class", "ana", "x = 1")
    hand_in(tmp_path / "class", "bob", "x = 2")
    return tmp_path / "class"


@pytest.fixture
def out(tmp_path):
    """Where everything goes."""
    return tmp_path / "out"


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    """Slots in this process, in the place of the real ones."""
    judge = Judge()
    monkeypatch.setattr(command_line.pool, "local_slots", lambda jobs, _: judge.asked.append(jobs) or judge.slots)
    monkeypatch.setattr(command_line, "_require_isolation", lambda: None)
    return judge


def invoke(*arguments):
    """The command in this process."""
    return CliRunner().invoke(command_line.app, ["batch", *map(str, arguments)])


# --- options ----------------------------------------------------------------------------------------------------


def test_batch_writes_what_it_promises(folder, out):
    """Reports, tables, records and the journal are in OUT, and the last line says what to open."""
    result = invoke(folder, "--out", out, "--lang", "en")

    assert result.exit_code == 0, result.output
    assert f"Open {out / 'index.html'} in a browser." in result.stdout
    assert {"index.html", "grades.csv", "journal.sqlite", "results", "students"} <= {p.name for p in out.iterdir()}
    assert len(grades(out)) == 2


@pytest.mark.parametrize(("lang", "said"), [("es", "navegador"), ("en", "browser")])
def test_language_is_that_of_messages_and_pages(folder, out, lang, said):
    """Terminal and pages speak the language asked for, and the pages say which it is."""
    result = invoke(folder, "--out", out, "--lang", lang)

    assert said in result.stdout
    assert f'lang="{lang}"' in (out / "index.html").read_text(encoding="utf-8")


def test_options_reach_the_slots(folder, out, judge):
    """--jobs, --seed and --homework are obeyed."""
    invoke(folder, "--out", out, "--jobs", 3, "--seed", 2**63 - 1)

    assert judge.asked[0] == 3
    assert {record["seed"] for record in _records(out)} == {2**63 - 1}


def _records(out):
    return [msgspec.json.decode(path.read_bytes()) for path in (out / "results").iterdir()]


def test_fresh_forgets(folder, out, judge):
    """--fresh grades everything again."""
    for options in ([], [], ["--fresh"]):
        invoke(folder, "--out", out, *options)

    assert len(judge.asked) == 3 + 2 * 2


@pytest.mark.parametrize(
    "wrong",
    [
        ["--jobs", "0"],
        ["--jobs", "many"],
        ["--seed", "-1"],
        ["--seed", str(2**63)],
        ["--sandbox", "some"],
        ["--homework", "later"],
        ["--lang", "fr"],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_wrong_option_is_a_usage_error(folder, out, wrong):
    """A wrong value ends with exit code 2 before anything is graded."""
    assert invoke(folder, "--out", out, *wrong).exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize(("lang", "said"), [("es", "No hay"), ("en", "There is no lesson 999")])
def test_unknown_lesson_is_named(folder, out, lang, said):
    """The sentence has the lessons that there are."""
    result = invoke(folder, "--out", out, "--lesson", "999", "--lang", lang)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "108_initialization" in result.stderr


@pytest.mark.parametrize("lesson", ["108", "108_initialization"])
def test_lesson_has_two_names(folder, out, lesson):
    """The number and the key mean the same lesson."""
    assert invoke(folder, "--out", out, "--lesson", lesson).exit_code == 0


def test_machine_without_isolation_is_refused(folder, out, judge, monkeypatch):
    """Student code is not run unprotected unless --sandbox none says so."""
    monkeypatch.setattr(command_line, "_require_isolation", REQUIRE_ISOLATION)
    monkeypatch.setattr(command_line.isolation, "probe", lambda: ([], ["landlock: kernel too old"]))
    refused = invoke(folder, "--out", out, "--lang", "en")
    told = invoke(folder, "--out", out, "--lang", "en", "--sandbox", "none")

    assert (refused.exit_code, told.exit_code) == (2, 0)
    assert "landlock: kernel too old" in refused.stderr
    assert len(judge.asked) == 1 + 2


def test_failure_of_the_grader_has_its_exit_code(folder, out, judge):
    """Exit code 3 and a sentence say that the grader failed for somebody; the reports are there."""
    judge.answer = lambda _: 1 / 0
    result = invoke(folder, "--out", out, "--lang", "en")

    assert result.exit_code == 3
    assert "The grader itself failed in 2 submissions" in result.stderr
    assert (out / "index.html").exists()


def test_spoiled_check_has_the_same_exit_code(folder, out, judge):
    """Open points count as a failure of the grader too, until a run heals them."""
    judge.answer = lambda task: outcome_of(task, Verdict.GRADER_FAULT)
    spoiled = invoke(folder, "--out", out).exit_code
    judge.answer = outcome_of

    assert (spoiled, invoke(folder, "--out", out).exit_code) == (3, 0)


def test_machine_that_cannot_grade_ends_with_a_sentence(folder, out, judge):
    """Nothing is written about anybody when a slot says that it cannot grade."""

    def refuse(_):
        raise GraderFault(T("No space left."))

    judge.answer = refuse
    result = invoke(folder, "--out", out)

    assert (result.exit_code, result.stderr) == (2, "No space left.\n")
    assert not (out / "index.html").exists()


# --- folders that cannot be used --------------------------------------------------------------------------------


def test_missing_submissions_are_said(tmp_path, out):
    """A wrong path is named."""
    result = invoke(tmp_path / "nowhere", "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert f"{tmp_path / 'nowhere'} does not exist" in result.stderr


def test_empty_folder_is_said(tmp_path, out):
    """So is a folder with nothing in it."""
    (tmp_path / "empty").mkdir()
    result = invoke(tmp_path / "empty", "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert "holds no submissions" in result.stderr


def test_single_notebook_is_a_class_of_one(tmp_path, out):
    """A file in the place of the folder is graded."""
    assert invoke(hand_in(tmp_path, "ana"), "--out", out).exit_code == 0
    assert len(_records(out)) == 1


def test_any_other_file_is_said(tmp_path, out):
    """A file that is no submission is named."""
    (tmp_path / "list.txt").write_text("ana")
    result = invoke(tmp_path / "list.txt", "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert "list.txt" in result.stderr


def test_out_that_is_a_file_is_said(folder, out):
    """OUT must be a folder."""
    out.write_text("")
    result = invoke(folder, "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert f"{out} cannot be used: File exists." in result.stderr


@pytest.mark.parametrize("place", ["", "out", "a/b"])
def test_out_inside_the_submissions_is_refused(folder, place):
    """The second run would take the reports for a submission."""
    result = invoke(folder, "--out", folder / place, "--lang", "en")

    assert result.exit_code == 2
    assert "lies inside" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["ana", "bob"]


def test_out_that_cannot_be_written_is_said(folder):
    """A folder that takes no files is named; /proc is one for root too."""
    result = invoke(folder, "--out", "/proc/self/out", "--lang", "en")

    assert result.exit_code == 2
    assert "/proc/self/out cannot be used" in result.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run([shutil.which("umount"), place], check=True)


def test_full_disk_is_said_and_what_was_finished_stays(folder, small_disk, judge):
    """When OUT is full the batch ends with a sentence; with space again it goes on."""
    out = small_disk / "out"
    judge.answer = lambda task: outcome_of(task, Verdict.FAILED, "long " * 20_000)
    full = invoke(folder, "--out", out, "--lang", "en")
    subprocess.run([MOUNT, "-o", "remount,size=8m", small_disk], check=True)
    judge.answer = outcome_of
    healed = invoke(folder, "--out", out, "--lang", "en")

    assert full.exit_code == 2, full.output
    assert "cannot be used" in full.stderr
    assert "Traceback" not in full.output
    assert healed.exit_code == 0, healed.output


def test_damaged_journal_is_said_and_kept(folder, out):
    """A journal that cannot be read is never deleted on the quiet; --fresh is the way to do it."""
    out.mkdir()
    (out / "journal.sqlite").write_bytes(b"no database " * 100)
    result = invoke(folder, "--out", out, "--lang", "en")
    kept = (out / "journal.sqlite").read_bytes()

    assert result.exit_code == 2
    assert "is damaged or was written by another version" in result.stderr
    assert kept == b"no database " * 100
    assert invoke(folder, "--out", out, "--fresh").exit_code == 0


def test_second_batch_on_the_same_folder_is_refused(folder, out):
    """Whoever comes second is told so, and disturbs nothing."""
    out.mkdir()
    with open_journal(out, fresh=False):
        result = invoke(folder, "--out", out, "--lang", "en", "--fresh")

    assert result.exit_code == 2
    assert "Another batch is at work" in result.stderr


# --- signals and pipes, for real --------------------------------------------------------------------------------


def _until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def _family(process):
    return psutil.Process(process.pid).children(recursive=True)


def _ended(family, seconds=60):
    _, left = psutil.wait_procs(family, seconds)
    return [each for each in left if each.is_running()]


@pytest.mark.parametrize(("number", "lang"), [(signal.SIGINT, "en"), (signal.SIGTERM, "es"), (signal.SIGHUP, "en")])
def test_signal_stops_cleanly(tmp_path, number, lang):
    """Ctrl-C in a terminal, and the signals of a system that shuts down: a sentence, no traceback, nobody left."""
    folder = write_class(tmp_path / "class", ["slow", "right"])
    process = start(folder, "--out", tmp_path / "out", "--jobs", 2, "--lang", lang)
    _until(lambda: len(_family(process)) >= 3)  # two slots and multiprocessing's tracker
    family = _family(process)
    began = time.monotonic()
    os.killpg(process.pid, number)
    output, errors = process.communicate(timeout=60)
    seconds = time.monotonic() - began

    assert process.returncode == 128 + number
    assert STOPPED[lang] in errors
    assert "Traceback" not in errors + output
    assert seconds < 20  # two on an idle machine
    assert not _ended(family)


def test_killed_slots_leave_no_scratch_folder(tmp_path):
    """Slots that are killed in the middle leave nothing in the temporary folder once the batch has ended."""
    folder, temporary = write_class(tmp_path / "class", ["slow", "right"]), tmp_path / "tmp"
    temporary.mkdir()
    process = start(folder, "--out", tmp_path / "out", "--jobs", 2, env=environment(TMPDIR=str(temporary)))
    _until(lambda: list(temporary.glob("grader-*/grader-*")))
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)

    assert list(temporary.iterdir()) == []


def test_stopped_batch_goes_on_where_it_was(tmp_path):
    """After Ctrl-C in the middle the same command grades the rest, and only that."""
    folder = write_class(tmp_path / "class", ["right", "slow", "raises", "one seed"])
    out = tmp_path / "out"
    options = (folder, "--out", out, "--jobs", 1, "--seed", 3)
    process = start(*options, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _until(lambda: rows(out) or process.poll() is not None)
    os.killpg(process.pid, signal.SIGINT)
    code = process.wait(60)
    before = rows(out)
    again = execute(*options)

    assert code == 130
    assert again.returncode == 0, again.stderr
    assert 1 <= len(before) < 4
    assert before.items() <= rows(out).items()
    assert len(grades(out)) == 4


UNREADABLE = "not json"
CLOSED = 'exec "$@" <&- >&- 2>&-'


def _class_without_code(folder):
    for number in range(3):
        path = hand_in(folder, f"student {number}")
        path.write_text(f"{UNREADABLE} {number}")
    return folder


def test_reader_that_goes_away_does_not_stop_the_batch(tmp_path):
    """With `| head` the output ends early, and the grading goes on."""
    folder = _class_without_code(tmp_path / "class")
    reader, writer = os.pipe()
    process = start(folder, "--out", tmp_path / "out", "--jobs", 1, stdout=writer)
    os.close(writer)
    os.close(reader)
    _, errors = process.communicate(timeout=120)

    assert (process.returncode, errors) == (0, "")
    assert (tmp_path / "out" / "index.html").exists()


def test_batch_needs_no_terminal_and_no_output(tmp_path):
    """Started with closed standard streams, as by a scheduler, it grades all the same."""
    folder = _class_without_code(tmp_path / "class")
    line = ["/bin/sh", "-c", CLOSED, "sh", *command(folder, "--out", tmp_path / "out", "--jobs", 1)]
    done = subprocess.run(line, cwd=ROOT, env=environment(), check=False)

    assert done.returncode == 0
    assert (tmp_path / "out" / "index.html").exists()


def test_plain_output_has_no_control_sequences(tmp_path):
    """What goes into a file or a mail is plain text."""
    result = execute(_class_without_code(tmp_path / "class"), "--out", tmp_path / "out", "--jobs", 1, "--lang", "en")

    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert "3/3" in result.stdout
    assert Path(tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").count("unreadable") == 3
