"""Marks for open questions: read with an eye on every cell, merged everywhere, and never lost."""

import csv
import io
import re

import msgspec
import pytest

from grader.exports.open_questions import BESIDE, NAME
from grader.exports.write import write_exports
from grader.graded import Status
from grader.language.messages import translator
from grader.marks.marking import MAX_COMMENT, Mark, Target, read_marks, with_marks
from grader.marks.table import COLUMNS, MarksError
from grader.results import OpenAnswer
from tests.support.pages import ATTACKS, Skeleton, dumped, needs_chromium, written
from tests.support.records import graded, judged

ANA, LUIS = "Ana Pérez_7_assignsubmission_file", "Luis Gómez_8_assignsubmission_file"
TARGETS = (
    Target("ana-7", ANA, "108_initialization", (2.0, 3.0)),
    Target("luis-8-107", LUIS, "107_losses_and_depth", (2.0,)),
    Target("luis-8-108", LUIS, "108_initialization", (2.0, 3.0)),
    Target("twin-1", "same", "108_initialization", (2.0, 3.0)),
    Target("twin-2", "same", "108_initialization", (2.0, 3.0)),
    Target("formula-1", "=x", "108_initialization", (2.0, 3.0)),
)
HEADING = "submission,question,points,comment\n"


@pytest.fixture
def read(tmp_path):
    """A function that reads a table of marks with this content."""

    def read(content):
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_marks(path, TARGETS)

    return read


def refusal(read, content, language="en"):
    """The sentence that refuses this content."""
    with pytest.raises(MarksError) as refused:
        read(content)
    return refused.value.text.render(translator(language))


def answered(key="ana-7", answers=("Porque sí.", ""), points=(None, None), **fields):
    """A graded submission with two open questions, of 2 and 3 points."""
    record = graded(key, [judged(points=90.0)], **fields)
    found = [
        OpenAnswer(i + 1, f"¿Por qué {i + 1}?", text, 2.0 + i, point)
        for i, (text, point) in enumerate(zip(answers, points, strict=True))
    ]
    return msgspec.structs.replace(record, results=msgspec.structs.replace(record.results, open_answers=found))


def rows_of(path, delimiter=","):
    """A table's rows by heading."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=delimiter))


def exported(out, *records):
    """Write the exports; the rows of the table of open questions."""
    write_exports(out, records, translator("es"))
    return rows_of(out / NAME)


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADING}{ANA},1,1.5,Bien\n",
        f"\ufeff{HEADING}{ANA},1,1.5,Bien\n",
        f"submission;question;points;comment\n{ANA};1;1,5;Bien\n",
        f"sep=;\nsubmission;question;points;comment\n{ANA};1;1,5;Bien\n",
        f"submission\tquestion\tpoints\tcomment\r\n{ANA}\t1\t1,5\tBien\r\n",
        f"\n{HEADING}\n{ANA},1, 1.50 , Bien \n\n",
        f"Submission, Question ,POINTS,comment\n{ANA},1,1.5,Bien\n",
        f"{HEADING}ana-7,1,1.5,Bien",
        f"submission,student,lesson,question,max_points,answer,points,comment\n{ANA},Ana,108,1,2,x,1.5,Bien\n",
        f"{HEADING}{ANA},1,1.5,Bien\n{ANA},2,,\n",
    ],
)
def test_a_table_is_read_as_spreadsheets_save_it(content, read):
    """Commas, semicolons, tabs, byte order mark, decimal commas, blank lines and lines without a mark."""
    assert read(content) == {"ana-7": {1: Mark(1.5, "Bien")}}


def test_a_comment_may_be_all_there_is(read):
    """It is shown, and the points are still to be given; a comment column is not needed."""
    assert read(f"{HEADING}{ANA},1,,Ven a verme\n") == {"ana-7": {1: Mark(None, "Ven a verme")}}
    assert read(f"submission,question,points\n{ANA},1,2\n") == {"ana-7": {1: Mark(2.0)}}


def test_a_lesson_is_needed_where_there_are_several(read):
    """By key or number; not where a submission has one."""
    table = "submission,lesson,question,points,comment\n"

    assert read(f"{table}{LUIS},107,1,2,\n{LUIS},108_initialization,1,0,\n") == {
        "luis-8-107": {1: Mark(2.0)},
        "luis-8-108": {1: Mark(0.0)},
    }
    assert "may be luis-8-107, luis-8-108; give the lesson" in refusal(read, f"{HEADING}{LUIS},1,2,\n")
    assert "has no work for lesson «109»" in refusal(read, f"{table}{LUIS},109,1,2,\n")


def test_the_longest_comment_and_number_are_read(read):
    """A comment is cut where pages would become long; twenty characters are enough for any points."""
    longest = "1.000000000000000000"

    found = read(f"{HEADING}{ANA},1,{longest},{'x' * (MAX_COMMENT + 1)}\n")

    assert len(longest) == 20
    assert found == {"ana-7": {1: Mark(1.0, "x" * MAX_COMMENT)}}


def test_quotes_and_formula_marks_are_taken_off(read):
    """What a table of ours marked as text is the text again."""
    content = f'{HEADING}"\'=x",1,2,"\'=bien, ""muy"" bien\nsigue"\n'

    assert read(content) == {"formula-1": {1: Mark(2.0, '=bien, "muy" bien\nsigue')}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nadie,1,1,", "line 2: there is no submission «nadie» in this batch"),
        ("same,1,1,", "line 2: «same» may be twin-1, twin-2"),
        (f"{ANA},3,1,", "line 2: lesson 108_initialization has no open question «3»; it has 2"),
        (f"{ANA},0,1,", "no open question «0»"),
        (f"{ANA},uno,1,", "no open question «uno»"),
        (f"{ANA},,1,", "no open question «»"),
        (f"{ANA},٣,1,", "no open question «٣»"),
        (f"{ANA},{'1' * 5000},1,", "no open question «1111"),
        (f"{ANA},1,mucho,", "line 2: «mucho» is no number of points"),
        (f"{ANA},1,nan,", "«nan» is no number"),
        (f"{ANA},1,inf,", "«inf» is no number"),
        (f"{ANA},1,1e0,", "«1e0» is no number"),
        (f"{ANA},1,٣,", "«٣» is no number"),
        (f"{ANA},1,{'0' * 21},", "«0+» is no number"),
        (f"{ANA},1,-0.5,", "line 2: «-0.5» points are less than none"),
        (f"{ANA},1,2.01,", "line 2: «2.01» points are more than the 2 of question 1"),
        (f"{ANA},1,1,\n{ANA},2,1,\n{ANA},1,1,", "line 4: question 1 of .* has a mark already, on line 2"),
        (f"{ANA},1,1,\nana-7,1,2,", "line 3: question 1 of ana-7 has a mark already, on line 2"),
        (f"{ANA},1,1,a,b", "line 2: 5 cells in 4 columns"),
        (f'{ANA},1,1,"a\nb"\n{ANA},2,9,', "line 4: «9» points"),
        (f'{ANA},1,1,"a', "line 2: a text in quotes does not end"),
        (f"{ANA},1,1,{'x' * 200_000}", "line 2: a cell has more than"),
        ("\x1b[31mevil\u202e,1,1,", "no submission «evil» in"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_value(line, said, read):
    """Whoever made it finds it; nothing of the file is used."""
    sentence = refusal(read, f"{HEADING}{line}\n")

    assert re.search(said, sentence), sentence
    assert "marks.csv cannot be used" in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column submission is missing"),
        (b"a,b\n1,2\n", "line 1: the column submission is missing; there are a, b"),
        (b"submission,question\n", "the column points is missing"),
        (b"submission,question,points,coment\n", "there is no column coment"),
        (b"submission,question,points,points\n", "the column points stands there twice"),
        (f"{HEADING}{ANA},1,1,Sí\n".encode("latin-1"), "line 2 is not UTF-8"),
        (f"{HEADING}{ANA},1,1,\n".encode("utf-16"), "not UTF-8"),
        (HEADING.encode() + b"a\0b,1,1,\n", "it is no text"),
    ],
)
def test_what_is_no_table_of_marks_is_refused(content, said, read):
    """The columns there must be, and the encoding to save it in, are named."""
    assert said in refusal(read, content)


def test_mistakes_are_listed_together(read):
    """The first ten, and how many there are; in Spanish too."""
    sentence = refusal(read, HEADING + f"{ANA},9,1,\n" * 12, "es")

    assert sentence.count("línea") == 10
    assert "12 problemas" in sentence
    assert "{" not in sentence


# --- merging ----------------------------------------------------------------------------------------------------


def test_marks_are_part_of_points_and_maximum():
    """Of every submission of the batch, marked or not; the checks stay as they were."""
    record = answered()

    merged = with_marks(record, {"ana-7": {1: Mark(1.5, "Bien")}})
    unmarked = with_marks(record, {})

    assert (merged.results.points, merged.results.max_points, merged.is_final) == (91.5, 95.0, True)
    assert (unmarked.results.points, unmarked.results.max_points, unmarked.is_final) == (90.0, 95.0, False)
    assert merged.results.checks == record.results.checks
    assert record.results.max_points == 90.0


def test_an_answer_without_a_mark_leaves_points_open_and_no_answer_does_not():
    """Who wrote nothing can earn nothing; who wrote something waits for the mark."""
    waiting, silent = (with_marks(answered(answers=texts), {}) for texts in (("Porque sí.", "x"), ("", "")))

    assert (waiting.results.unmarked_points, waiting.is_final) == (5.0, False)
    assert (silent.results.unmarked_points, silent.is_final) == (0.0, True)
    assert answered().is_final


def test_what_was_not_read_has_nothing_to_merge():
    """An unreadable submission stays without points."""
    unread = msgspec.structs.replace(answered(), status=Status.UNREADABLE, results=None)

    assert with_marks(unread, {"ana-7": {1: Mark(1.0)}}) == unread


def test_marks_reach_every_table_and_page(tmp_path):
    """grades.csv, Canvas, Moodle, Gradescope, the overview and the student's page have the same sum."""
    marks = {"ana-7": {1: Mark(1.5, "Falta <b>algo</b>.")}}
    lmss = [("moodle", "7"), ("canvas", "7"), ("gradescope", "a@b.c")]
    records = [with_marks(answered(lms=lms, lms_id=identity), marks) for lms, identity in lmss]

    write_exports(tmp_path, records, translator("es"))
    index, pages = written(tmp_path, records)

    (grades, *_) = rows_of(tmp_path / "grades.csv")
    assert (grades["points"], grades["max_points"], grades["flags"]) == ("91.5", "95", "")
    assert "7,,,,91.5" in (tmp_path / "canvas.csv").read_text(encoding="utf-8")
    assert ",91.5,95," in (tmp_path / "moodle-108_initialization.csv").read_text(encoding="utf-8")
    scope = msgspec.json.decode((tmp_path / "gradescope" / "ana-7.json").read_bytes())
    assert scope["score"] == sum(test["score"] for test in scope["tests"]) == 91.5
    assert [test["number"] for test in scope["tests"]] == ["108.1.fans", "open.1", "open.2"]
    assert {test[name] for test in scope["tests"] for name in ("name_format", "output_format")} == {"text"}
    assert "91.5/95" in index
    text = " ".join(" ".join(Skeleton(pages["ana-7"]).text).split())
    for expected in ("91.5/95", "1.5/2", "0/3", "Sin respuesta.", "Comentario: Falta <b>algo</b>.", "¿Por qué 1?"):
        assert expected in text


def test_half_marked_points_are_handed_to_no_gradebook(tmp_path):
    """The grade is not final: flagged in grades.csv, left out for Moodle, told to the student as open."""
    record = with_marks(answered(answers=("x", "y"), lms="moodle", lms_id="7"), {"ana-7": {1: Mark(2.0)}})

    write_exports(tmp_path, [record], translator("es"))
    _, pages = written(tmp_path, [record])

    assert rows_of(tmp_path / "grades.csv")[0]["flags"] == "unmarked:3"
    assert not list(tmp_path.glob("moodle*"))
    assert "Puntos pendientes: 3. Todavía no" in pages["ana-7"]


def test_without_marks_the_page_says_that_they_do_not_count(tmp_path):
    """Question, answer and maximum are there all the same."""
    _, pages = written(tmp_path, [answered()])

    text = " ".join(" ".join(Skeleton(pages["ana-7"]).text).split())
    assert "No forman parte de los puntos de arriba" in text
    assert "Porque sí." in text
    assert "?/2" in text
    assert "90/90" in text


# --- the table to fill in ---------------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_question_of_each_submission(tmp_path):
    """With the answer to read and room for the mark."""
    first, second = exported(tmp_path, answered())

    assert tuple(first) == COLUMNS
    assert (first["submission"], first["question"], first["max_points"]) == (ANA, "1", "2")
    assert (first["answer"], first["points"], first["comment"]) == ("Porque sí.", "", "")
    assert (second["question"], second["answer"]) == ("2", "")


def test_a_filled_in_table_keeps_every_mark(tmp_path):
    """Another batch adds rows, and changes no letter of points and comments, nor the separator."""
    exported(tmp_path, answered())
    comment = "Bien; «sí»,\nsegún lo visto: = 2 "
    filled = ";".join(COLUMNS) + f'\r\n{ANA};;108;1;;;1,50;"{comment}"\r\nnadie;;;4;;;2;se fue\r\n'
    (tmp_path / NAME).write_bytes(("\ufeff" + filled).encode())

    write_exports(tmp_path, [answered(), answered("eva-9", student="Eva")], translator("es"))

    rows = rows_of(tmp_path / NAME, ";")
    assert [(row["points"], row["comment"]) for row in rows if row["points"]] == [("1,50", comment), ("2", "se fue")]
    assert len(rows) == 2 + 2 + 1
    assert (rows[0]["submission"], rows[0]["answer"]) == (ANA, "Porque sí.")


def test_writing_the_table_again_changes_nothing(tmp_path):
    """Ten batches leave the file of the first, marks and formula marks included."""
    evil = answered(student="=1+1", answers=("=HYPERLINK(1)", "+x"), points=(0.5, None))
    exported(tmp_path, evil)
    content = (tmp_path / NAME).read_bytes()
    content = content.replace(b",,\r\n", b",1,'-comentario\r\n")
    (tmp_path / NAME).write_bytes(content)

    for _ in range(10):
        exported(tmp_path, evil)

    assert (tmp_path / NAME).read_bytes() == content


@pytest.mark.parametrize("content", [b"\xff\xfe", b"my own notes", b"submission,question\nana,1\n"])
def test_a_table_that_cannot_be_read_is_left_alone(content, tmp_path):
    """The new one is written beside it."""
    (tmp_path / NAME).write_bytes(content)

    exported = write_exports(tmp_path, [answered()], translator("es"))

    assert (tmp_path / NAME).read_bytes() == content
    assert (exported.left_alone, exported.tables[-1]) == (tmp_path / NAME, tmp_path / BESIDE)
    assert len(rows_of(tmp_path / BESIDE)) == 2


def test_the_table_can_be_given_back_as_it_is(tmp_path):
    """What it calls a submission is found again, two of the same name included."""
    records = [answered(key, submission="same") for key in ("twin-1", "twin-2")]
    exported(tmp_path, *records, answered("formula-1", submission="=x"))
    path = tmp_path / NAME
    path.write_text(path.read_text(encoding="utf-8").replace(",,\n", ",1,\n"), encoding="utf-8", newline="")

    marks = read_marks(path, TARGETS)

    assert marks == {key: {1: Mark(1.0), 2: Mark(1.0)} for key in ("twin-1", "twin-2", "formula-1")}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0", "%0A=1"])
def test_no_answer_is_a_formula(text, tmp_path):
    """Whatever a student writes is text to a spreadsheet."""
    rows = exported(tmp_path, answered(answers=(text, f"x\n{text}"), student=text, submission=text))

    for value in (value for row in rows for value in row.values()):
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_a_lesson_without_open_questions_has_no_table(tmp_path):
    """There is nothing to mark."""
    write_exports(tmp_path, [graded(checks=[judged()])], translator("es"))

    assert not (tmp_path / NAME).exists()


# --- hostile answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [*ATTACKS, "$$\\href{javascript:alert(1)}{x}$$", "[x](javascript:alert(1))"])
def test_no_answer_and_no_comment_becomes_markup(attack, tmp_path):
    """The page has the same elements, whether a student writes markup or a word."""
    evil, good = (
        written(tmp_path / name, [with_marks(answered(answers=(text, text)), {"ana-7": {1: Mark(1.0, text)}})])[1][
            "ana-7"
        ]
        for name, text in (("evil", attack), ("good", "word"))
    )

    assert Skeleton(evil).shape() == Skeleton(good).shape()
    assert not any(control in evil for control in "\x1b\0\u202e\u2066")


@needs_chromium
def test_a_browser_runs_no_answer(tmp_path):
    """Chromium opens a page whose answers and comments are attacks, and nothing of them runs."""
    text = " ".join(ATTACKS)
    record = with_marks(answered(answers=(text, text)), {"ana-7": {1: Mark(1.0, text)}})
    written(tmp_path, [record])

    dom = dumped(tmp_path / "students" / "ana-7.html", tmp_path / "profile")

    assert "<title>Ana Pérez" in dom
    assert "<iframe" not in dom
    assert not any(name.startswith("on") for _, attrs in Skeleton(dom).shape() for name in attrs)
