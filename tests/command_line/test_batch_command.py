"""`python -m grader batch`: options, exit codes, sentences; signals, closed output, folders that cannot be used."""

import csv
import errno
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import msgspec
import psutil
import pytest
from typer.testing import CliRunner

from benchmarks.chaos import rows
from benchmarks.small_class import write_class
from grader.batch.journal import open_journal
from grader.batch.rows import find_rows, read_row
from grader.command_line import app
from grader.faults import GraderFault
from grader.language.messages import T, translator
from grader.randomness import derived_seed
from grader.results import Outcome
from tests.support.batches import (
    LESSON,
    ROOT,
    Judge,
    answered,
    command,
    environment,
    execute,
    grades,
    hand_in,
    outcome_of,
    start,
)
from tests.support.files import notebook

STOPPED = {"en": "Stopped. What is finished is kept", "es": "Se detuvo. Lo que ya está calificado se conserva"}
INTERRUPT = """
import os, signal, sys
class Finder:
    def find_spec(name, path=None, target=None):
        if name == "{name}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
"""
MOUNT = shutil.which("mount") or "mount"
ANSWERED = "# %% [markdown]\n# **Respuesta 1.** Porque,sí\n"


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
    monkeypatch.setattr(app.pool, "local_slots", lambda jobs, _: judge.asked.append(jobs) or judge.slots)
    monkeypatch.setattr(app.layering, "probe", lambda: (list(app.layering.REQUIRED), []))
    return judge


def invoke(*arguments):
    """The command in this process."""
    return CliRunner().invoke(app.app, ["batch", *map(str, arguments)])


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
    invoke(folder, "--out", out, "--jobs", 3, "--seed", 2**128 - 1)

    assert judge.asked[0] == 3
    works = {read_row(row).content_hash for row in find_rows(folder, None, translator("en"))}
    assert {record["seed"] for record in _records(out)} == {derived_seed(2**128 - 1, work) for work in works}


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
        ["--seed", str(2**128)],
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
    monkeypatch.setattr(app.layering, "probe", lambda: ([], ["landlock: kernel too old"]))
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
    judge.answer = lambda task: outcome_of(task, Outcome.GRADER_FAULT)
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


# --- marks for open questions -----------------------------------------------------------------------------------


@pytest.fixture
def answers(tmp_path, judge):
    """A class of two in which Ana answers the first open question."""
    judge.answer = answered
    hand_in(tmp_path / "open", "ana", ANSWERED, f"{LESSON}.py")
    hand_in(tmp_path / "open", "bob", "x = 2")
    return tmp_path / "open"


def _grades(out):
    lines = csv.DictReader((out / "grades.csv").read_text(encoding="utf-8-sig").splitlines())
    return {row["submission"]: (row["points"], row["max_points"]) for row in lines}


def test_every_batch_writes_a_table_to_fill_in(answers, out):
    """The open questions count for nothing until there are marks."""
    assert invoke(answers, "--out", out).exit_code == 0

    assert "Porque,sí" in (out / "open_questions.csv").read_text(encoding="utf-8").replace('"', "")
    assert _grades(out) == {"ana": ("1", "1"), "bob": ("1", "1")}
    assert [answer["answer"] for answer in _open(out, "ana")] == ["Porque,sí", "", "", "", ""]


def _filled_in(out):
    """The table with a mark for Ana's answer."""
    table = out / "open_questions.csv"
    table.write_text(table.read_text(encoding="utf-8").replace('sí",,', 'sí",1.5,'), encoding="utf-8", newline="")
    return table


def _open(out, student):
    (path,) = (out / "results").glob(f"{student}*.json")
    return msgspec.json.decode(path.read_bytes())["open_answers"]


def test_marks_are_merged_without_grading_again(answers, out, judge):
    """The table that a batch wrote, filled in, is given back: sums, records and pages change, and nobody is graded."""
    invoke(answers, "--out", out)
    asked = len(judge.asked)

    result = invoke(answers, "--out", out, "--manual", _filled_in(out))

    assert result.exit_code == 0, result.output
    assert len(judge.asked) == asked + 1  # the number of jobs, and no work
    assert _grades(out) == {"ana": ("2.5", "11"), "bob": ("1", "11")}
    assert _open(out, "ana")[0]["points"] == 1.5
    assert "2.5/11" in (out / "index.html").read_text(encoding="utf-8")


def test_a_batch_without_marks_leaves_them_in_the_table(answers, out):
    """Points are again those of the checks, and the table stays filled in."""
    invoke(answers, "--out", out)
    invoke(answers, "--out", out, "--manual", _filled_in(out))
    invoke(answers, "--out", out)

    assert _grades(out) == {"ana": ("1", "1"), "bob": ("1", "1")}
    assert '"Porque,sí",1.5,' in (out / "open_questions.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "said"), [("ana,1,9,", "«9» points are more"), ("eva,1,1,", "no submission «eva»"), ("ana,7,1,", "«7»")]
)
def test_marks_with_a_mistake_stop_before_anything_is_written(line, said, answers, out, tmp_path, judge):
    """No work is graded, no folder made; the sentence has the line."""
    (tmp_path / "marks.csv").write_text(f"submission,question,points,comment\n{line}\n", encoding="utf-8")

    result = invoke(answers, "--out", out, "--manual", tmp_path / "marks.csv", "--lang", "en")

    assert result.exit_code == 2
    assert said in result.stderr
    assert "line 2" in result.stderr
    assert (judge.asked, out.exists()) == ([], False)


def test_marks_that_are_not_there_are_said(answers, out, tmp_path):
    """A wrong path is named."""
    result = invoke(answers, "--out", out, "--manual", tmp_path / "none.csv", "--lang", "en")

    assert result.exit_code == 2
    assert "none.csv cannot be used" in result.stderr


def test_a_table_that_is_no_table_is_left_alone_and_said(answers, out):
    """What somebody wrote into it is never lost."""
    out.mkdir()
    (out / "open_questions.csv").write_text("notas", encoding="utf-8")

    result = invoke(answers, "--out", out, "--lang", "en")

    assert (out / "open_questions.csv").read_text(encoding="utf-8") == "notas"
    assert "was left as it is; the new table is" in result.stderr


# --- an LMS's zip -----------------------------------------------------------------------------------------------


def _zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


NOTEBOOK = notebook("x = 1")
DOWNLOADS = {
    "moodle": {
        f"Ana Pérez_123_assignsubmission_file_/{LESSON}.ipynb": NOTEBOOK,
        f"Luis Gómez_124_assignsubmission_file_/{LESSON}.ipynb": notebook("x = 2"),
    },
    "moodle in a folder": {
        f"Curso-Tarea 108-99/Ana Pérez_123_assignsubmission_file_/{LESSON}.ipynb": NOTEBOOK,
        f"Curso-Tarea 108-99/Luis Gómez_124_assignsubmission_file_/{LESSON}.ipynb": notebook("x = 2"),
    },
    "canvas": {
        f"perezana_12345_90001_{LESSON}.ipynb": NOTEBOOK,
        f"gomezluis_LATE_12346_90002_{LESSON}-1.ipynb": notebook("x = 2"),
    },
}


@pytest.mark.parametrize("lms", DOWNLOADS)
def test_an_lms_zip_is_graded_as_it_was_downloaded(lms, tmp_path, out, temporary):
    """Nobody has to unpack it, and nothing of it stays behind."""
    archive = _zip(tmp_path / "download.zip", DOWNLOADS[lms])

    result = invoke(archive, "--out", out)

    assert result.exit_code == 0, result.output
    assert len(_grades(out)) == 2
    assert [record["points"] for record in _records(out)] == [1, 1]
    assert list(temporary.iterdir()) == []


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary folders are made."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


def test_a_second_batch_of_the_zip_grades_nothing_again(tmp_path, out, judge):
    """Works are known by their content, wherever they were unpacked."""
    archive = _zip(tmp_path / "download.zip", DOWNLOADS["moodle"])
    for _ in range(2):
        invoke(archive, "--out", out)

    assert len(judge.asked) == 2 + 2  # twice the number of jobs, and each work once


def test_a_hostile_zip_stays_in_its_folder(tmp_path, out, temporary):
    """Links, names that lead elsewhere and bombs are left out and named; whoever is left is graded."""
    link = zipfile.ZipInfo("Eva_125_assignsubmission_file_/108_initialization.ipynb")
    link.external_attr = 0o120777 << 16
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in DOWNLOADS["moodle"].items():
            opened.writestr(name, content)
        opened.writestr(link, "/etc/passwd")
        for name in ("../escaped.ipynb", "/escaped.ipynb", "Ana_1_assignsubmission_file_/../../escaped.ipynb"):
            opened.writestr(name, NOTEBOOK)
        opened.writestr("Bomba_126_assignsubmission_file_/108_homework.npz", bytes(80 * 2**20))

    result = invoke(archive, "--out", out, "--lang", "en")

    assert result.exit_code == 0, result.output
    assert "5 files of" in result.stderr
    assert "../escaped.ipynb" in result.stderr
    assert {"Ana Pérez", "Luis Gómez"} <= {name.partition("_")[0] for name in _grades(out)}
    assert not list(tmp_path.rglob("escaped*"))
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("end", [0, 10, -30], ids=["nothing", "beginning", "all but the end"])
def test_a_zip_whose_download_broke_off_is_said(tmp_path, out, end):
    """It is no class of one student whose work cannot be read."""
    archive = _zip(tmp_path / "download.zip", DOWNLOADS["moodle"])
    archive.write_bytes(archive.read_bytes()[:end])

    result = invoke(archive, "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert "is not a zip file, or it is damaged. Download it again." in result.stderr
    assert not out.exists()


def test_a_zip_that_is_too_large_is_said(tmp_path, out, monkeypatch):
    """Nothing is graded of half a class."""
    archive = _zip(tmp_path / "download.zip", DOWNLOADS["moodle"])
    monkeypatch.setattr("grader.lms.unpacking.MAX_TOTAL_BYTES", 10)

    result = invoke(archive, "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert "is larger than a class's work can be" in result.stderr
    assert not out.exists()


def test_a_disk_that_is_full_while_unpacking_leaves_nobody_out(tmp_path, out, monkeypatch):
    """The batch ends instead of grading those who fitted."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    archive = _zip(tmp_path / "download.zip", DOWNLOADS["canvas"])
    monkeypatch.setattr("grader.lms.unpacking.shutil.copyfileobj", full)

    result = invoke(archive, "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert re.search(r"grader-\S* cannot be used: the disk is full; make room", result.stderr)
    assert not out.exists()


def test_a_zip_in_a_folder_is_pointed_at(tmp_path, out):
    """The sentence says to give the zip itself."""
    (tmp_path / "class").mkdir()
    _zip(tmp_path / "class" / "download.zip", DOWNLOADS["moodle"])

    result = invoke(tmp_path / "class", "--out", out, "--lang", "en")

    assert result.exit_code == 2
    assert "Give this zip itself" in result.stderr


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
    assert f"{out} cannot be used: a file of that name is there already." in result.stderr


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
    judge.answer = lambda task: outcome_of(task, Outcome.FAILED, "long " * 20_000)
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


@pytest.mark.parametrize("imported", ["typer", "grader.batch.slot"])
def test_ctrl_c_while_loading_says_nothing(tmp_path, imported):
    """Before anything has begun there is nothing to keep, and no traceback to read."""
    (tmp_path / "sitecustomize.py").write_text(INTERRUPT.format(name=imported))
    path = os.pathsep.join((str(tmp_path), environment()["PYTHONPATH"]))
    process = start("nowhere", "--out", tmp_path / "out", env=environment(PYTHONPATH=path))
    output, errors = process.communicate(timeout=60)

    assert (process.returncode, output, errors) == (-signal.SIGINT, "", "")


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
    assert "3 of 3 submissions could not be read" in result.stdout
    assert Path(tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").count("unreadable") == 3
