"""Quizzes: what their files must hold, and what is said to every answer that a student can give."""

import re

import numpy as np
import pytest
from hypothesis import given

from data import quiz
from data.quiz import Quiz, QuizError, load_quiz
from grader.exercises import HOMEWORK, QUIZ
from grader.grade import checks_of
from grader.judge.check import judge
from grader.language.messages import translator
from grader.language.plain import plain
from grader.lesson import all_lessons, find_lesson
from grader.randomness import generator_for
from grader.results import Outcome
from tests.support.students import AnyStudent, FakeStudent
from tests.support.values import decodable

LESSON = find_lesson("108")
ASKED = load_quiz(LESSON.key).questions
CHECKS = [check for check in checks_of(LESSON) if check.exercise == QUIZ]
RIGHT = {number: question.answer for number, question in enumerate(ASKED, start=1)}
LESSONS_WITH_QUIZ = [lesson.key for lesson in all_lessons() if load_quiz(lesson.key) != Quiz()]

OPTION = '[[questions.options]]\ntext = "{0}"\nfeedback = "About {0}."\n'
QUESTION = '[[questions]]\ntext = "Which?"\n' + "".join(OPTION.format(text) for text in ("one", "two", "three"))
GOOD = QUESTION + "right = true\n"


@pytest.fixture
def read(tmp_path):
    """A function that reads a quiz file with the content given."""

    def read(content):
        (tmp_path / "110_x.toml").write_text(content, encoding="utf-8")
        return load_quiz("110_x", tmp_path)

    return read


def results_of(answers):
    """The results of the quiz's checks for what quiz_answers returns."""
    student = FakeStudent({"quiz_answers": lambda: answers})
    return [judge(check, student, generator_for(1, check.name), LESSON, translator("es")) for check in CHECKS]


# --- files ------------------------------------------------------------------------------------------------------


def test_a_quiz_is_read_with_its_letters(read):
    """Options are called a, b, c in their order, and the right one is known."""
    found = read(GOOD + '[[open_questions]]\ntext = "Why?"\npoints = 2\n')

    assert [(question.answer, list(question.lettered)) for question in found.questions] == [("c", ["a", "b", "c"])]
    assert [(each.text, each.points) for each in found.open_questions] == [("Why?", 2)]


def test_a_lesson_without_a_file_has_no_quiz(tmp_path):
    """Nothing is asked then, and nothing is wrong."""
    assert load_quiz("110_none", tmp_path) == Quiz()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "110_x.toml: it holds no question."),
        ("[[questions]]\ntext = x\n", "110_x.toml: .*line 2"),
        (QUESTION, "question 1 has 0 right options; expected exactly one"),
        (
            GOOD + OPTION.format("four") + "right = true\n",
            r"question 1 has 2 right options \(c, d\)",
        ),
        (GOOD + QUESTION, "question 2 has 0 right options"),
        (GOOD + OPTION.format("4") + OPTION.format("5"), "question 1 has 5 options; expected three or four"),
        ('[[questions]]\ntext = "Which?"\noptions = []\n', "question 1 has 0 options"),
        (GOOD.replace('"Which?"', '" "'), "question 1 has no text"),
        (GOOD.replace('"two"', '""'), "question 1, option b, has no text"),
        (GOOD.replace('"About two."', '""'), "question 1, option b, has no feedback"),
        (GOOD.replace('feedback = "About two."\n', ""), "question 1, option b: .*feedback"),
        (GOOD.replace('"two"', '"one"'), "two options with the same text"),
        (GOOD.replace("right = true", "rigth = true"), "question 1, option c: .*rigth"),
        (GOOD.replace("right = true", 'right = "yes"'), "question 1, option c: .*bool"),
        (GOOD + '[[open_questions]]\ntext = ""\npoints = 1\n', "open question 1 has no text"),
        (GOOD + '[[open_questions]]\ntext = "Why?"\npoints = 0\n', "open question 1 has 0 points"),
        (GOOD + '[[open_questions]]\ntext = "Why?"\npoints = nan\n', "open question 1 has nan points"),
        (GOOD + '[[open_questions]]\ntext = "Why?"\n', "open question 1: .*points"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_words(content, said, read):
    """The message names the file, the question and the option."""
    with pytest.raises(QuizError, match=said):
        read(content)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    """Latin-1 is no UTF-8."""
    (tmp_path / "110_x.toml").write_bytes(GOOD.replace("Which", "Cuál").encode("latin-1"))

    with pytest.raises(QuizError, match=r"110_x\.toml"):
        load_quiz("110_x", tmp_path)


@pytest.mark.parametrize("key", LESSONS_WITH_QUIZ)
def test_no_feedback_gives_the_right_option_away(key):
    """What a student reads about a wrong option neither names the right one nor repeats its text."""
    for question in load_quiz(key).questions:
        right = question.lettered[question.answer]
        for option in question.options:
            if option is right:
                continue
            said = plain(option.feedback)
            assert not re.search(rf"opci[oó]n {question.answer}\b|\b{question.answer}\)", said), said
            assert plain(right.text).casefold() not in said.casefold() or len(plain(right.text)) < 4, said


@pytest.mark.parametrize("key", LESSONS_WITH_QUIZ)
def test_right_options_are_spread_over_the_letters(key):
    """Nobody passes half of a quiz with one letter."""
    answers = [question.answer for question in load_quiz(key).questions]

    assert max(map(answers.count, answers)) <= len(answers) / 2


def test_a_lesson_declares_an_artifact_if_it_has_a_homework():
    """What a lesson says of itself without loading its checks agrees with them."""
    for lesson in all_lessons():
        assert (lesson.artifact is not None) == any(check.exercise == HOMEWORK for check in checks_of(lesson))


# --- checks -----------------------------------------------------------------------------------------------------


def test_there_is_a_check_for_each_question():
    """One point each, told by the question itself."""
    assert [check.identifier(LESSON) for check in CHECKS] == [f"108.quiz.question_{n:02}" for n in range(1, 9)]
    assert [(check.points, check.sentence) for check in CHECKS] == [(1, plain(question.text)) for question in ASKED]
    assert not [check.sentence for check in CHECKS if re.search(r"[$`\\]|\*\*|\n", check.sentence)]


@pytest.mark.parametrize(
    "answers",
    [
        RIGHT,
        {str(number): letter for number, letter in RIGHT.items()},
        {number: f"  {letter.upper()} " for number, letter in RIGHT.items()},
        {f" {number} ": f"{letter})" for number, letter in RIGHT.items()},
        RIGHT | {99: "a", "x": 3, 2.5: [], "1" * 5000: "b"},
    ],
)
def test_right_letters_pass_however_they_are_written(answers):
    """Numbers or texts as keys, any case, spaces; what is no question does not count."""
    assert [result.points for result in results_of(answers)] == [1] * len(ASKED)


def test_a_wrong_letter_is_told_by_its_feedback():
    """Each wrong option has its own message, and a wrong answer costs its question only."""
    for number, question in enumerate(ASKED, start=1):
        for letter, option in question.lettered.items():
            results = results_of(RIGHT | {number: letter})

            wrong = [result for result in results if result.outcome is not Outcome.PASSED]
            assert len(wrong) == (not option.right)
            for result in wrong:
                assert result.outcome is Outcome.FAILED
                assert result.message == f"Elegiste {letter}. {plain(option.feedback)}"


@pytest.mark.parametrize("nothing", [{}, {1: ""}, {1: " "}, {1: None}])
def test_a_missing_answer_is_told_as_missing(nothing):
    """It is not run, and says which question."""
    answers = {number: letter for number, letter in RIGHT.items() if number != 1} | nothing

    first, *others = results_of(answers)

    assert (first.outcome, first.points) == (Outcome.NOT_RUN, 0)
    assert "La pregunta 1 todavía no tiene respuesta" in first.message
    assert all(result.outcome is Outcome.PASSED for result in others)


@pytest.mark.parametrize(
    "odd", ["e", "ab", "b c", "bb", 2, ["b"], {"b": 1}, True, np.zeros(2), "b" * 10**6, "\x1b[2Jb"]
)
def test_what_is_no_letter_is_refused(odd):
    """The message has the letters there are."""
    first = results_of(RIGHT | {1: odd})[0]

    assert first.outcome is Outcome.FAILED
    assert "a, b, c, d" in first.message
    assert "\x1b" not in first.message
    assert len(first.message) < 400


def test_two_answers_to_a_question_are_none():
    """The number as a number and as a text are the same question."""
    assert {result.outcome for result in results_of(RIGHT | {"1": "a"})} == {Outcome.FAILED}


@given(decodable)
def test_no_answer_for_everything_passes_or_makes_the_grader_fall(value):
    """Whatever quiz_answers returns, every check says something, and none that a dict of letters did not earn."""
    results = [judge(check, AnyStudent(value), generator_for(1, "x"), LESSON, str) for check in CHECKS]

    assert not [result for result in results if result.outcome in (Outcome.GRADER_FAULT, Outcome.PASSED)]


def test_the_answers_are_asked_for_once():
    """Eight checks are one call: an answer that changes from call to call has no second try."""
    calls = []
    student = FakeStudent({"quiz_answers": lambda: calls.append(1) or RIGHT})
    for check in CHECKS:
        judge(check, student, generator_for(1, check.name), LESSON, str)

    assert len(calls) == 1


def test_a_function_that_is_not_written_is_said_for_each_question():
    """The untouched lesson fails no question: it has not been answered."""
    results = [judge(check, FakeStudent({}), generator_for(1, "x"), LESSON, str) for check in CHECKS]

    assert {result.outcome for result in results} == {Outcome.NOT_RUN}


# --- plain text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**Nunca** uses `Dense(64)`, *nunca*.", "Nunca uses Dense(64), nunca."),
        (r"$\mathrm{Var}(z) = n\,\mathrm{Var}(w)\,\mathbb{E}[x^2]$", "Var(z) = n Var(w) E[x²]"),
        (r"$\sqrt{6/600} = 0.1$ y $1/\sqrt{n}$", "√(6/600) = 0.1 y 1/√n"),
        (r"$\frac{2}{n_{\text{in}} + n_{\text{out}}}$", "2/(n_in + n_out)"),
        (r"$\sigma'(z) \le 1/4$, $\pm 0.1$, $5 \times 5$", "σ'(z) ≤ 1/4, ± 0.1, 5 × 5"),
        (r"$10^{-13}$, $2^n$, $a^{bc}$, $\ln 10$, $\max(0, x)$", "10⁻¹³, 2ⁿ, a^bc, ln 10, max(0, x)"),
        ("[He](https://x.org/a) y `a_b` $", "He y a_b $"),
        ("cuesta 5 $ y 6 $; `$x$` se queda", "cuesta 5 $ y 6 $; $x$ se queda"),
        ("dos\n\nlíneas", "dos líneas"),
        (r"$\sqrt2$, $\tfrac12$, $\tfrac{1}{2}E$, $\lVert W \rVert$", "√2, 1/2, 1/2 E, ‖ W ‖"),
        (r"$\unknown{x}$ y 2 * 3 * 4", "unknownx y 2 * 3 * 4"),
    ],
)
def test_text_is_said_without_marks(text, said):
    """Terminals and tables typeset nothing."""
    assert plain(text) == said


def test_options_have_letters():
    """As many as there may be options."""
    assert len(quiz.LETTERS) == max(quiz.OPTIONS)


@pytest.mark.parametrize("key", LESSONS_WITH_QUIZ)
def test_every_formula_of_a_quiz_can_be_said(key):
    """No command of LaTeX is left over in what a terminal shows."""
    found = load_quiz(key)
    texts = [each.text for each in (*found.questions, *found.open_questions)]
    texts += [text for each in found.questions for option in each.options for text in (option.text, option.feedback)]
    commands = {name for text in texts for name in re.findall(r"\\([A-Za-z]+)", text)}

    unknown = {name for name in commands if plain(f"$\\{name}{{x}}{{y}}$").startswith(name)}

    assert unknown <= {"exp", "ln", "log", "max", "min", "sin", "cos", "tanh"}
    assert not [text for text in map(plain, texts) if "$" in text or "\\" in text]
