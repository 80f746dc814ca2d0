"""Open answers: found in the student's text cells, kept as they are, harmless wherever they are shown."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.quiz import INVITATION, answer_heading, load_quiz
from grader.language.messages import translator
from grader.lesson import find_lesson
from grader.results import CheckResult, Outcome, collect
from grader.self_check.terminal import table
from grader.submission.cells import Unreadable, texts_of_notebook, texts_of_python
from grader.submission.open_questions import MAX_CHARACTERS, answers_in, open_answers
from grader.submission.reading import parse_work
from grader.submission.work import Work
from solutions import generate
from tests.support.files import notebook

LESSON = find_lesson("108")
QUESTIONS = load_quiz(LESSON.key).open_questions


def answer(number, text):
    """A text cell as a student fills it in."""
    return f"{answer_heading(number)} {text}"


def notebook_with(*texts):
    """The bytes of a notebook with these text cells between code cells."""
    content = json.loads(notebook("x = 1", "y = 2"))
    content["cells"][1:1] = [{"cell_type": "markdown", "source": text, "metadata": {}} for text in texts]
    return json.dumps(content).encode()


# --- finding them -----------------------------------------------------------------------------------------------


def test_answers_are_read_from_the_cells_that_begin_like_the_lessons():
    """By number, whatever order the cells have; other texts are no answers, nor are headings in the middle of one."""
    texts = ["# Título", answer(2, "Dos."), answer(1, "Uno,\n\ncon $\\sigma^2$."), "Véase **Respuesta 3.** más abajo"]

    assert answers_in(texts) == {1: "Uno,\n\ncon $\\sigma^2$.", 2: "Dos."}


@pytest.mark.parametrize(
    "heading",
    ["**Respuesta 1.**", "**Respuesta 1**", "**respuesta 1:**", "** Respuesta  1. **", "\n  **Respuesta 1**."],
)
def test_small_changes_of_the_heading_lose_no_answer(heading):
    """A student who retypes it is understood."""
    assert answers_in([f"{heading} Porque sí."]) == {1: "Porque sí."}


@pytest.mark.parametrize("text", ["", " \n", INVITATION, f"{INVITATION}\n\n", INVITATION.strip("*"), "\x1b[2J\x00"])
def test_an_untouched_invitation_is_no_answer(text):
    """Nor is an empty cell."""
    assert answers_in([answer(1, text)]) == {}


def test_an_answer_below_the_invitation_is_without_it():
    """Students write under it as often as over it."""
    assert answers_in([answer(1, f"{INVITATION}\n\nPorque sí.")]) == {1: "Porque sí."}


def test_an_answer_in_several_cells_is_one():
    """In the order of the cells."""
    assert answers_in([answer(1, "Primero."), answer(1, INVITATION), answer(1, "Después.")]) == {
        1: "Primero.\n\nDespués."
    }


def test_the_students_notebook_holds_no_answer_yet():
    """As the lesson hands it out, and every question is known with its points."""
    source = next(path for path in generate.sources() if path.stem == LESSON.key)
    content = generate.student_notebook(source).encode()

    found = parse_work(Work(LESSON.key, f"{LESSON.key}.ipynb", content)).open_answers

    assert [(each.number, each.answer, each.max_points) for each in found] == [
        (number, "", question.points) for number, question in enumerate(QUESTIONS, start=1)
    ]
    assert not any(mark in each.question for each in found for mark in "$\\`")


@pytest.mark.parametrize(
    "cell",
    [
        "# %% [markdown]\n# **Respuesta 1.** Línea una.\n#\n#     sangrada\n",
        '# %% [markdown]\n"""\n**Respuesta 1.** Línea una.\n\n    sangrada\n"""\n',
        "# %% [markdown]\n'''\n**Respuesta 1.** Línea una.\n\n    sangrada\n'''\n",
        "# %% [md]\n# **Respuesta 1.** Línea una.\n#\n#     sangrada\n",
        "#%% título [markdown] {}\n#**Respuesta 1.** Línea una.\n#\n#     sangrada\n",
    ],
)
def test_python_files_are_read_as_well(cell):
    """Text cells are comments there, or strings; code that follows is not part of them."""
    content = f"x = 1\n{cell}\n# %%\n# **Respuesta 2.** no es texto\n".encode()

    assert answers_in(texts_of_python(content)) == {1: "Línea una.\n\n    sangrada"}


def test_only_questions_of_the_lesson_are_answered():
    """An answer to a question that was not asked is nowhere."""
    found = open_answers(LESSON.key, [answer(99, "x"), answer(0, "x"), answer(1, "Uno.")])

    assert [each.answer for each in found] == ["Uno.", *[""] * (len(QUESTIONS) - 1)]
    assert open_answers("110_none", [answer(1, "x")]) == ()


# --- what is hostile --------------------------------------------------------------------------------------------


def test_nothing_of_an_answer_is_run(tmp_path):
    """It is text, whatever it looks like."""
    trap = f"__import__('pathlib').Path({str(tmp_path / 'sprung')!r}).touch()"
    work = Work(LESSON.key, "x.ipynb", notebook_with(answer(1, trap), answer(2, "{{7*7}} {answer} %s")))

    found = parse_work(work).open_answers

    assert [each.answer for each in found[:2]] == [trap, "{{7*7}} {answer} %s"]
    assert not (tmp_path / "sprung").exists()


def test_controls_and_escape_sequences_are_taken_out():
    """Terminals, and those who read a page, see what is written."""
    (found, *_) = open_answers(LESSON.key, [answer(1, "a\x1b[31mb\x07c\u202ed\0e\ud800")])

    assert found.answer == "abcde?"


def test_a_huge_answer_is_cut():
    """A notebook may hold megabytes; a record does not."""
    (found, *_) = open_answers(LESSON.key, [answer(1, "x" * 10**7), answer(1, "y" * 10**7)])

    assert len(found.answer) == MAX_CHARACTERS
    assert found.answer.endswith("…")


@pytest.mark.parametrize(
    "text", [" " * 10**6, "*" * 10**6, "**Respuesta" + " " * 10**6, "**Respuesta 1" * 10**5, "\n" * 10**6]
)
def test_no_text_takes_long_to_read(text):
    """Nothing is looked at twice for each of its characters."""
    began = time.process_time()

    answers_in([text, answer(1, text)])

    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["ñ" * 4000, "\u200b" * 4000, "ñ"])
@pytest.mark.parametrize("number", [lambda _: 1, lambda index: index % 1000], ids=["one", "many"])
def test_thousands_of_cells_take_no_longer_than_their_answers(text, number):
    """Each cell is read once, and no more of a question's cells than an answer may have."""
    texts = [answer(number(index), text) for index in range(5000)]
    began = time.process_time()

    open_answers(LESSON.key, texts)

    assert time.process_time() - began < 1


@given(st.lists(st.text(max_size=60) | st.builds(answer, st.integers(0, 9), st.text(max_size=60)), max_size=6))
def test_every_text_is_read(texts):
    """And what is found is short, clean and not empty."""
    for text in answers_in(texts).values():
        assert text == text.strip()
        assert text
        text.encode()


@given(st.binary(max_size=200))
def test_texts_are_found_where_cells_are(content):
    """A file that is no notebook is refused in the same way for both."""
    for read in (texts_of_notebook, texts_of_python):
        try:
            texts = read(content)
        except Unreadable:
            continue

        assert all(isinstance(text, str) for text in texts)


# --- the self-check ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("exercise", "said"), [("quiz", True), ("1", False)])
def test_the_table_says_how_many_are_answered(exercise, said):
    """Where the quiz is shown; who checks one exercise is not told."""
    checks = [CheckResult("108.x", exercise, Outcome.PASSED, 1, 1, "", "It.")]
    results = collect(LESSON.key, "x", 1, checks, open_answers=open_answers(LESSON.key, [answer(1, "Uno.")]))

    shown = table(results, translator("es"), 100, colour=False)

    assert ("Preguntas abiertas: 1 de 5 con respuesta" in shown) == said
