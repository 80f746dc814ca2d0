"""Tables and gradebook files: their columns, their escaping, and an autograder zip that really runs."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile

import msgspec
import pytest

from grader.exports.autograder_zip import build_gradescope_zip
from grader.exports.autograder_zip import main as build
from grader.exports.grades import COLUMNS
from grader.exports.gradescope import gradescope_results
from grader.exports.gradescope import main as convert
from grader.exports.write import write_exports
from grader.graded import Status
from grader.language.messages import translator
from grader.lesson import ROOT
from grader.marks.spreadsheet import cell
from grader.results import Outcome, write_json
from tests.support.records import graded, hostile, judged

BASH = shutil.which("bash") or "/bin/bash"
CHECKS = (judged(), judged("108.1.b", Outcome.FAILED, "No.", points=6.0))


def exported(folder, records, **options):
    """The rows of each table that was written."""
    paths = write_exports(folder, records, translator("es"), **options).tables
    return {
        path.name: list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))) for path in paths
    }


def from_lms(lms, identity, key="ana-7", **fields):
    """A submission as if that LMS had handed it over."""
    return graded(key, CHECKS, lms=lms, lms_id=identity, **fields)


# --- grades.csv -------------------------------------------------------------------------------------------------


def test_grades(tmp_path):
    """A row for each submission, with numbers as numbers."""
    tables = exported(tmp_path, [from_lms("plain", "", flags=["late", "no homework"])])

    assert tables["grades.csv"] == [
        list(COLUMNS),
        [
            "Ana Pérez_7_assignsubmission_file",
            "Ana Pérez",
            "108_initialization",
            "2",
            "8",
            "25",
            "graded",
            "late; no homework",
        ],
    ]


def test_grades_begin_with_a_byte_order_mark(tmp_path):
    """Excel reads accents right only with the mark."""
    exported(tmp_path, [from_lms("plain", "")])

    assert (tmp_path / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbfsubmission,")


def test_what_was_not_graded_has_no_points(tmp_path):
    """An unreadable submission and a fault have empty cells, not a zero; points left open are flagged."""
    unread = msgspec.structs.replace(from_lms("plain", ""), status=Status.UNREADABLE, results=None)
    spoiled = graded("k", [judged(), judged("b", Outcome.GRADER_FAULT)])

    rows = exported(tmp_path, [unread, spoiled])["grades.csv"]

    assert rows[1][3:] == ["", "", "", "unreadable", ""]
    assert rows[2][3:] == ["2", "4", "50", "graded", "open:2"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "'=1",
        '"=1',
        "＝1",
        "=cmd|' /C calc'!A0",
        "\u200b=1",
        "%0A=1",
    ],
)
def test_no_cell_is_a_formula(tmp_path, text):
    """A student's text that a spreadsheet would calculate is marked as text, in every table."""
    records = [hostile(text, "evil-1"), from_lms("canvas", "5", student=text), from_lms("moodle", "5", student=text)]

    tables = exported(tmp_path, records)

    assert set(tables) > {"grades.csv", "canvas.csv"}
    for rows in tables.values():
        for value in (value for row in rows for value in row):
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_numbers_stay_numbers():
    """A negative number is no formula, and a text that is a number is no number of ours."""
    assert [cell(-1.5), cell(3), cell(0.1 + 0.2), cell(None), cell("-1.5")] == ["-1.5", "3", "0.3", "", "'-1.5"]


def test_a_row_is_a_line(tmp_path):
    """A name with quotes, commas and line breaks stays in its cell."""
    rows = exported(tmp_path, [from_lms("plain", "", student='a"b,c\r\nd\0;e')])["grades.csv"]

    assert len(rows) == 2
    assert rows[1][1] == 'a"b,c d;e'


# --- Canvas and Moodle ------------------------------------------------------------------------------------------


def test_canvas(tmp_path):
    """Canvas finds the header by Student and ID, the points by their row, and the student by number."""
    records = [
        from_lms("canvas", "12345"),
        graded("b", [judged("x", Outcome.GRADER_FAULT)], lms="canvas", lms_id="9"),
    ]

    rows = exported(tmp_path, records)["canvas.csv"]

    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "108_initialization"],
        ["    Points Possible", "", "", "", "", "2"],
        ["Ana Pérez", "12345", "", "", "", "2"],
        ["Ana Pérez", "9", "", "", "", ""],
    ]


def test_a_student_with_two_lessons_is_one_row_in_canvas(tmp_path):
    """Lessons are columns."""
    records = [from_lms("canvas", "5"), from_lms("canvas", "5", key="b", lesson="107_losses_and_depth")]

    rows = exported(tmp_path, records)["canvas.csv"]

    assert rows[0][5:] == ["107_losses_and_depth", "108_initialization"]
    assert rows[2:] == [["Ana Pérez", "5", "", "", "", "2", "2"]]


def test_canvas_takes_those_with_a_number_only(tmp_path):
    """Who handed in anonymously, or elsewhere, has no row that Canvas could find; without rows there is no file."""
    others = [from_lms("canvas", identity, key=f"x{identity}") for identity in ("", "x9", "1" * 21)]

    with_one = exported(tmp_path, [*others, from_lms("moodle", "7", key="m"), from_lms("canvas", "1" * 20)])
    with_none = exported(tmp_path, others)

    assert [row[1] for row in with_one["canvas.csv"][2:]] == ["1" * 20]
    assert "canvas.csv" not in with_none
    assert not (tmp_path / "canvas.csv").exists()


def test_who_was_never_graded_has_an_empty_row_in_canvas(tmp_path):
    """Neither results nor points; a class where nobody has any makes no file."""
    unread = from_lms("canvas", "9", key="b", status=Status.UNREADABLE)
    unread = msgspec.structs.replace(unread, results=None)

    rows = exported(tmp_path, [unread, from_lms("canvas", "5")])["canvas.csv"]
    alone = exported(tmp_path, [unread])

    assert [(row[1], row[5]) for row in rows[2:]] == [("9", ""), ("5", "2")]
    assert "canvas.csv" not in alone


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("en", "Identifier,Full name,Grade,Maximum grade,Last modified (grade),Feedback comments"),
        (
            "es",
            "Identificador,Nombre completo,Calificación,Calificación máxima,Última modificación (calificación),"
            "Comentarios de retroalimentación",
        ),
    ],
)
def test_moodle(tmp_path, language, header):
    """Moodle finds columns by their names in its language, and the participant by the number in the folder's name."""
    record = graded(checks=[*CHECKS, judged("108.1.c")], lms="moodle", lms_id="77")

    rows = exported(tmp_path, [record], language=language)["moodle-108_initialization.csv"]

    assert ",".join(rows[0]) == header
    participant = {"es": "Participante 77", "en": "Participant 77"}[language]
    assert rows[1:] == [[participant, "Ana Pérez", "4", "10", "", "4/10 · 2/3 ✔"]]


def test_moodle_takes_those_with_a_number_only(tmp_path):
    """As in the names of its folders; who handed in elsewhere is in another gradebook."""
    records = [from_lms("moodle", "x7"), from_lms("canvas", "7"), from_lms("plain", "7")]

    tables = exported(tmp_path, records)

    assert not [name for name in tables if name.startswith("moodle")]


def test_a_run_worth_nothing_is_nothing_in_moodle(tmp_path):
    """Without a check there is no share of the maximum."""
    rows = exported(tmp_path, [graded(lms="moodle", lms_id="7")], moodle_maximum=20)["moodle-108_initialization.csv"]

    assert rows[1][2:4] == ["0", "20"]


def test_moodle_scaled(tmp_path):
    """Points can be given out of the maximum that the assignment has in Moodle."""
    tables = exported(tmp_path, [from_lms("moodle", "77")], moodle_maximum=20)

    (rows,) = [rows for name, rows in tables.items() if name.startswith("moodle")]
    assert rows[1][2:4] == ["5", "20"]


def test_open_points_are_handed_to_no_gradebook(tmp_path):
    """A grade that the grader itself left open, or never gave, does not reach an LMS."""
    spoiled = graded("k", [judged(), judged("b", Outcome.GRADER_FAULT)])
    faulty = msgspec.structs.replace(spoiled, key="f", status=Status.FAULT, results=None)
    records = [
        msgspec.structs.replace(each, lms=lms, lms_id="3")
        for each in (spoiled, faulty)
        for lms in ("moodle", "gradescope")
    ]

    tables = exported(tmp_path, records)

    assert list(tables) == ["grades.csv"]
    assert not (tmp_path / "gradescope").exists()


@pytest.mark.parametrize("lms", ["canvas", "moodle", "gradescope"])
def test_a_rerun_leaves_no_old_grade(tmp_path, lms):
    """Points that are open now, or a submission that is gone, do not keep the grade of an earlier run."""
    again, fresh = tmp_path / "again", tmp_path / "fresh"
    again.mkdir()
    fresh.mkdir()
    exported(again, [from_lms(lms, "7"), from_lms(lms, "8", key="luis-8")])
    spoiled = graded("ana-7", [judged("b", Outcome.GRADER_FAULT)], lms=lms, lms_id="7")

    for folder in (again, fresh):
        exported(folder, [spoiled])

    assert _files(again) == _files(fresh)


def _files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- Gradescope -------------------------------------------------------------------------------------------------


def test_gradescope(tmp_path):
    """A test for each check, with its points, its sentence and its message, all plain text."""
    exported(tmp_path, [from_lms("gradescope", "ana@example.edu")])

    content = json.loads((tmp_path / "gradescope" / "ana-7.json").read_text())
    assert content["score"] == sum(test["score"] for test in content["tests"]) == 2
    assert content["tests"][1]["output"] == "No."
    assert [(test["score"], test["max_score"], test["status"]) for test in content["tests"]] == [
        (2, 2, "passed"),
        (0, 6, "failed"),
    ]
    assert {test["output_format"] for test in content["tests"]} == {"text"}
    assert [(test["number"], test["name"]) for test in content["tests"]] == [("108.1.fans", "It."), ("108.1.b", "It.")]


def test_gradescope_shows_tests_and_notices_and_hides_what_was_printed(tmp_path):
    """Students read every test and notice when they are graded; what the autograder printed is not for them."""
    record = graded(checks=CHECKS, notices=["One.", "Two."], lms="gradescope", cpu_seconds=61.7)
    unread = msgspec.structs.replace(record, key="b", status=Status.UNREADABLE, results=None, message="Why.")

    exported(tmp_path, [record, unread])

    read, refused = (json.loads((tmp_path / "gradescope" / f"{key}.json").read_text()) for key in ("ana-7", "b"))
    assert (read["output"], read["execution_time"]) == ("One.\nTwo.", 62)
    assert {test["visibility"] for test in read["tests"]} == {"visible"}
    assert "Why." in refused["output"]
    for content in (read, refused):
        assert (content["visibility"], content["stdout_visibility"]) == ("visible", "hidden")


def test_gradescope_reads_no_markup():
    """Whatever a student writes, it is declared plain text and holds no terminal codes."""
    record = hostile("\x1b[31m<script>alert(1)</script>")

    content = gradescope_results(record.results)

    assert content["output_format"] == content["test_output_format"] == content["test_name_format"] == "text"
    assert "\x1b" not in json.dumps(content, ensure_ascii=False)


def test_converting_a_record(tmp_path):
    """The program turns the record of a run into results.json."""
    write_json(graded(checks=CHECKS).results, tmp_path / "record.json")

    status = convert([str(tmp_path / "record.json"), str(tmp_path / "results.json")])

    assert status == 0
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 2


def test_a_grader_fault_is_no_score(tmp_path, capsys):
    """Points that the grader left open are no zero: there is no results.json, not even an old one, but a sentence."""
    spoiled = graded(checks=[judged(), judged("b", Outcome.GRADER_FAULT, "broken.")])
    write_json(spoiled.results, tmp_path / "record.json")
    (tmp_path / "results.json").write_text("{}")

    status = convert([str(tmp_path / "record.json"), str(tmp_path / "results.json")])

    assert status == 1
    assert not (tmp_path / "results.json").exists()
    assert "falló el corrector (broken.)" in capsys.readouterr().err


def test_converting_a_submission_that_cannot_be_read(tmp_path):
    """Without a record the student reads the reason; without that the autograder fails and nobody gets a zero."""
    (tmp_path / "refusal").write_text("no contiene ningún cuaderno", encoding="utf-8")
    arguments = [str(tmp_path / name) for name in ("none.json", "results.json")]

    said = convert([*arguments, str(tmp_path / "refusal")])
    content = json.loads((tmp_path / "results.json").read_text())
    silent = convert([*arguments, str(tmp_path / "no-refusal")])

    assert (said, silent) == (0, 1)
    assert content["score"] == 0
    assert "no contiene ningún cuaderno" in content["output"]


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """Gradescope's folders with the zip unpacked, as its machines lay them out."""
    root = tmp_path_factory.mktemp("autograder")
    build_gradescope_zip(root / "autograder.zip", "108")
    with zipfile.ZipFile(root / "autograder.zip") as archive:
        archive.extractall(root / "source")
    for name in ("submission", "results"):
        (root / name).mkdir()
    return root


def attempt(autograder, *options):
    """What Gradescope does for each submission; the exit code of its script."""
    environment = os.environ | {
        "AUTOGRADER": str(autograder),
        "GRADER_PYTHON": sys.executable,
        "GRADER_ARGS": " ".join(options),
    }
    script = str(autograder / "source" / "run_autograder")
    return subprocess.run([BASH, script], env=environment, cwd=autograder, check=False).returncode


def run(autograder, *options):
    """What Gradescope shows of a submission."""
    assert attempt(autograder, *options) == 0
    return json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))


def test_the_zip_holds_no_solution(autograder):
    """Students' machines get the grader, the kit and the data: nothing of solutions/ and no test."""
    names = [path.relative_to(autograder / "source").as_posix() for path in (autograder / "source").rglob("*")]

    assert {
        "setup.sh",
        "run_autograder",
        "grader/self_check/plugin.py",
        "lessons/kit/__init__.py",
        "constraints.txt",
    } <= set(names)
    assert not any(
        "solution" in name or name.startswith(("tests", "benchmarks", "grader/new_lesson")) for name in names
    )
    assert not any(name.endswith((".pyc", ".npz", ".ipynb")) for name in names)


def test_the_zip_is_the_same_each_time(tmp_path):
    """The same sources give the same bytes, and both scripts may be run."""
    build_gradescope_zip(tmp_path / "a.zip", "108")
    build_gradescope_zip(tmp_path / "b.zip", "108_initialization")

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o111 for name in ("setup.sh", "run_autograder")}
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert set(modes.values()) == {0o111}


def test_an_unknown_lesson_makes_no_zip(tmp_path):
    """A lesson that is not there is an error, not a zip of another."""
    with pytest.raises(ValueError, match="999"):
        build_gradescope_zip(tmp_path / "a.zip", "999")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "OUT.zip"),
        (["a.zip", "999"], "there is no lesson 999; lessons: 107_"),
        (["no/such/a.zip", "108"], "no/such"),
    ],
)
def test_a_wrong_command_line_makes_no_zip(tmp_path, monkeypatch, capsys, arguments, said):
    """The maker of the zip says what is wrong and ends like any other command, without a traceback."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit, match="2"):
        build(arguments)

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_maker_of_the_zip_says_what_it_grades(tmp_path, capsys):
    """Without a lesson it is the first one's, and the last line tells."""
    build([str(tmp_path / "a.zip")])

    assert "grades lesson 107_losses_and_depth." in capsys.readouterr().out


def hand_in(autograder, name, content):
    """Make this file the only one of the submission."""
    for path in (autograder / "submission").iterdir():
        path.unlink()
    (autograder / "submission" / name).write_text(content, encoding="utf-8")


def test_the_autograder_grades(autograder):
    """Unpacked into an empty folder, away from this repository, the zip grades a submission."""
    solution = ROOT / "solutions" / "108_initialization.py"
    hand_in(autograder, solution.name, solution.read_text(encoding="utf-8"))

    content = run(autograder, "--exercise 1")

    assert content["tests"]
    assert content["score"] == sum(test["max_score"] for test in content["tests"])


def test_the_autograder_says_what_it_cannot_read(autograder):
    """A submission that is no notebook gets a message and no points."""
    hand_in(autograder, "108_initialization.ipynb", "not JSON")

    content = run(autograder)

    assert content["score"] == 0
    assert "108_initialization.ipynb" in content["output"]


@pytest.mark.parametrize("option", ["--no-such-option", "--exercise 99"])
def test_an_autograder_with_wrong_options_gives_no_zero(autograder, option):
    """What pytest says of its command line is nobody's submission: there is no results.json, not even an old one."""
    hand_in(autograder, "108_initialization.py", "x = 1")
    (autograder / "results" / "results.json").write_text("{}")

    status = attempt(autograder, option)

    assert status == 1
    assert not (autograder / "results" / "results.json").exists()


def test_the_scripts_are_valid_bash(autograder):
    """Both scripts parse."""
    for name in ("setup.sh", "run_autograder"):
        subprocess.run([BASH, "-n", str(autograder / "source" / name)], check=True)
