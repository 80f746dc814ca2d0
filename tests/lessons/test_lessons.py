"""The students' notebooks: complete, without answers, and what the generator promises about them."""

import ast
import json
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.quiz import INVITATION, answer_heading, load_quiz
from grader.lesson import find_lesson
from solutions import generate

CONTRACTS = Path(__file__).parent / "contracts"
QUIZ_FUNCTION = {"quiz_answers": ""}
SECTIONS = ("Errores comunes", "Preguntas frecuentes", "Cuestionario", "Preguntas abiertas", "Referencias")


def contract_of(lesson):
    """Return the functions that a lesson asks for, its quiz included."""
    contract = tomllib.loads((CONTRACTS / f"{lesson}.toml").read_text(encoding="utf-8"))
    return contract | (QUIZ_FUNCTION if load_quiz(lesson).questions else {})


@pytest.fixture(params=generate.sources(), ids=lambda source: source.stem)
def source(request):
    """The solution of one lesson."""
    return request.param


@pytest.fixture
def cells(source):
    """The cells of its notebook, as the file on disk has them."""
    return json.loads(generate.notebook_path(source).read_text(encoding="utf-8"))["cells"]


def code_of(cells):
    """Return the code cells as one module."""
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def functions_of(code):
    """Return the top-level functions by name."""
    return {node.name: node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


# The notebooks


def test_the_notebook_is_the_one_its_solution_gives(source):
    """The notebook on disk is fresh."""
    assert generate.is_fresh(source), "run `python -m solutions.generate`"


def test_no_line_of_an_answer_survives(source, cells):
    """A line that stands in an answer only is nowhere in the student's notebook, at any indent."""
    lines = source.read_text(encoding="utf-8").splitlines()
    regions = generate.solution_regions("\n".join(lines), source.name)
    answered = {number for region in regions for number in range(region.begin, region.end + 1)}
    answer, given_too = set(), set()
    for number, line in enumerate(lines, start=1):
        (answer if number in answered else given_too).add(line.strip())

    student = {line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()}

    assert regions
    assert not (answer - given_too) & student


def test_the_notebook_holds_no_outputs(cells):
    """Outputs and execution counts are stripped, and every cell has its own identifier."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_the_notebook_is_valid(source):
    """The notebook follows the format's schema and names its kernel."""
    nbformat = pytest.importorskip("nbformat")

    notebook = nbformat.read(generate.notebook_path(source), as_version=4)

    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language == "es"


def test_every_function_of_the_contract_waits_for_the_student(source, cells):
    """Each exercise is a signature, a docstring and a NotImplementedError that names the function."""
    functions = functions_of(code_of(cells))

    for name, arguments in contract_of(source.stem).items():
        function = functions[name]
        docstring, *rest = function.body
        assert ast.unparse(function.args) == arguments
        assert ast.get_docstring(function)
        assert isinstance(docstring, ast.Expr)
        assert [ast.unparse(line) for line in rest] == [
            f"raise NotImplementedError('{name}: falta escribir esta función')"
        ]


def test_only_the_contract_is_left_to_write(source, cells):
    """Nothing outside the contract raises NotImplementedError."""
    waiting = {
        name for name, node in functions_of(code_of(cells)).items() if "NotImplementedError" in ast.unparse(node)
    }

    assert waiting == set(contract_of(source.stem))


def test_every_lesson_has_its_closing_sections_in_order(cells):
    """Errors, questions, quiz, open questions and references end every lesson, in this order."""
    titles = [
        line.removeprefix("## ").strip()
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
        if line.startswith("## ")
    ]

    assert tuple(title for title in titles if title in SECTIONS) == SECTIONS


def test_every_question_is_shown_and_no_answer_to_it(source, cells):
    """All options and open questions stand in the notebook; what is said about an option does not, in any form."""
    quiz = load_quiz(source.stem)
    notebook = " ".join(" ".join("".join(cell["source"]) for cell in cells).split())

    assert quiz.questions
    assert quiz.open_questions
    for question in quiz.questions:
        assert " ".join(question.text.split()) in notebook
        for letter, option in question.lettered.items():
            assert f"- {letter}) {' '.join(option.text.split())}" in notebook
            assert " ".join(option.feedback.split()) not in notebook
    for number, question in enumerate(quiz.open_questions, start=1):
        assert " ".join(question.text.split()) in notebook
        assert f"{answer_heading(number)} {INVITATION}" in notebook
    assert "{{" not in notebook


def test_the_solution_answers_the_quiz_rightly(source):
    """The letters in quiz_answers are those of the right options."""
    function = functions_of(source.read_text(encoding="utf-8"))["quiz_answers"]

    answers = ast.literal_eval(function.body[-1].value)

    right = {number: each.answer for number, each in enumerate(load_quiz(source.stem).questions, start=1)}
    assert answers == right


def test_which_option_is_right_cannot_be_read_from_the_notebook(source, cells, monkeypatch):
    """The notebook is the same bytes if other options are the right ones."""
    quiz = load_quiz(source.stem)
    questions = tuple(msgspec.structs.replace(each, options=turned(each.options)) for each in quiz.questions)
    monkeypatch.setattr(generate, "load_quiz", lambda _: msgspec.structs.replace(quiz, questions=questions))

    assert [each.answer for each in questions] != [each.answer for each in quiz.questions]
    assert json.loads(generate.student_notebook(source))["cells"] == cells


def turned(options):
    """The options with another one right, and what is said about them exchanged."""
    last = len(options) - 1
    return tuple(
        msgspec.structs.replace(option, right=options[i - 1].right, feedback=options[last - i].feedback)
        for i, option in enumerate(options)
    )


@pytest.mark.slow
def test_the_solution_runs_from_top_to_bottom(source, tmp_path):
    """The complete notebook, homework included, runs without an error."""
    from nbclient import NotebookClient

    notebook = generate.notebook_of(source.read_text(encoding="utf-8"), source.stem)

    NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": str(tmp_path)}}).execute()

    artifact = find_lesson(source.stem).artifact
    assert artifact is None or (tmp_path / artifact.file_name).exists()


# The generator


names = st.sampled_from(["solve", "mean", "f"])
answers = st.lists(st.sampled_from(["secret = 1", "return secret", "for i in secret: pass", "# secret"]), min_size=1)
blocks = st.lists(st.sampled_from(["class Given:", "if given:", "with given:", "def outer():"]), max_size=3)


@given(name=names, answer=answers, around=blocks, inner=st.lists(st.just("if given:"), max_size=2))
def test_an_answer_is_cut_at_any_indent(name, answer, around, inner):
    """Whatever encloses it, the region becomes two lines at its markers' indent, and the rest stays."""
    head = [*around, f"def {name}(x):", *inner]
    given_lines = ["    " * depth + line for depth, line in enumerate(head)]
    indent = "    " * len(head)
    region = [indent + line for line in (generate.BEGIN, *answer, "secret()", generate.END)]
    text = "\n".join([*given_lines, *region, "given_after = 1"])

    cut = generate.cut_answers(text, "f.py")

    assert cut.splitlines() == [
        *given_lines,
        indent + generate.INVITATION,
        f'{indent}raise NotImplementedError("{name}: falta escribir esta función")',
        "given_after = 1",
    ]
    ast.parse(cut)


@given(count=st.integers(1, 5))
def test_several_answers_are_cut_each_under_its_name(count):
    """Every region names the function that encloses it."""
    text = "\n".join(
        f"def f{i}(\n    x,\n):\n    {generate.BEGIN}\n    return {i}00\n    {generate.END}\n" for i in range(count)
    )

    cut = generate.cut_answers(text, "f.py")

    assert cut.count("NotImplementedError") == count
    assert all(f'"f{i}: falta' in cut and f"{i}00" not in cut for i in range(count))


def test_an_answer_outside_a_function_leaves_a_comment_only():
    """A cell's answer becomes an invitation to write, which raises nothing."""
    text = f"{generate.BEGIN}\nsecret = 1\n{generate.END}\n"

    assert generate.cut_answers(text, "f.py") == generate.INVITATION + "\n"


def test_a_text_without_answers_stays_as_it_is():
    """The generator changes nothing but the regions."""
    text = "# %% [markdown]\n# ## Título\n\n# %%\nx = 1\n"

    assert generate.cut_answers(text, "f.py") == text


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["x = 1", generate.END], "f.py:2: # END SOLUTION without # BEGIN SOLUTION"),
        ([generate.BEGIN, "x = 1"], "f.py:1: # BEGIN SOLUTION without # END SOLUTION"),
        ([generate.BEGIN, "x = 1", generate.BEGIN, generate.END, generate.END], "f.py:3: .* that begins on line 1"),
        ([generate.BEGIN, generate.END], "f.py:1: empty region"),
        ([generate.BEGIN, "x = 1", "# %%", generate.END], "f.py:1: the region goes on into the cell of line 3"),
        (["def f(:"], "f.py:1: not Python"),
    ],
)
def test_markers_that_cannot_be_followed_are_refused(lines, message):
    """The message names the file and the line."""
    with pytest.raises(generate.SolutionError, match=message):
        generate.cut_answers("\n".join(lines), "f.py")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, in a folder of its own."""
    for folder in ("solutions", "lessons"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(generate, "SOLUTIONS", tmp_path / "solutions")
    monkeypatch.setattr(generate, "LESSONS", tmp_path / "lessons")
    text = f"# %% [markdown]\n# Hola, ñandú\n\n# %%\ndef f():\n    {generate.BEGIN}\n    return 1\n    {generate.END}\n"
    (tmp_path / "solutions" / "108_lesson.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_check_fails_until_the_notebook_is_made(course):
    """--check writes nothing and fails on a stale notebook; without it the notebook is written."""
    assert generate.main(["--check"]) == 1
    assert not list((course / "lessons").iterdir())

    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_check_notices_an_edited_notebook(course):
    """A notebook that was edited by hand is stale."""
    generate.main([])
    notebook = course / "lessons" / "108_lesson.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("Hola", "Adiós"), encoding="utf-8")

    assert generate.main(["--check"]) == 1


def test_broken_markers_stop_the_generator(course, capsys):
    """The generator ends with the message and writes nothing."""
    (course / "solutions" / "109_broken.py").write_text(generate.BEGIN, encoding="utf-8")

    assert generate.main([]) == 2
    assert "109_broken.py:1" in capsys.readouterr().err
    assert not list((course / "lessons").iterdir())


@pytest.mark.parametrize("marker", [generate.QUIZ, generate.OPEN_QUESTIONS])
def test_a_marker_without_questions_stops_the_generator(marker, course, capsys):
    """A lesson that announces a quiz and has none is refused, and the message says where it should be."""
    (course / "solutions" / "109_bare.py").write_text(f"# %% [markdown]\n# {marker}\n", encoding="utf-8")

    assert generate.main([]) == 2
    assert f"{marker} stands for nothing: data/quizzes/109_bare.toml" in capsys.readouterr().err


def test_a_marker_inside_a_text_or_in_code_is_no_marker():
    """Only a text cell that holds nothing else is replaced."""
    text = f"# %% [markdown]\n# About {generate.QUIZ}.\n\n# %%\n# {generate.QUIZ}\n"

    assert [cell.source for cell in generate.notebook_of(text, "108_lesson").cells] == [
        f"About {generate.QUIZ}.",
        f"# {generate.QUIZ}",
    ]


def test_generating_twice_gives_the_same_bytes(course):
    """The notebook depends on the solution alone."""
    source = Path(course / "solutions" / "108_lesson.py")

    assert generate.student_notebook(source) == generate.student_notebook(source)
    assert "ñandú" in generate.student_notebook(source)
