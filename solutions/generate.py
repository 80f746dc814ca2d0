"""Make the students' notebooks from the solutions: ``python -m solutions.generate [--check]``.

A solution is a percent-format notebook whose answers stand between marker lines, at any indent::

    def double(x):
        '''Return twice x.'''
        # BEGIN SOLUTION
        return 2 * x
        # END SOLUTION

The student gets a comment and a ``raise NotImplementedError`` in their place. A text cell that holds only
``{{quiz}}`` or ``{{open_questions}}`` stands for the questions in data/quizzes/; which option is right stays there. In
a text, ``{{protocol.epochs}}`` is a number from the table ``[protocol]`` of the lesson's file in data/homework/. The
notebook depends on the solution's text and on those files alone, so that ``--check`` can tell whether the one on disk
is stale.
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jupytext  # type: ignore[import-untyped]
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from data.homework import HomeworkError, load_homework
from data.quiz import INVITATION as INVITATION_TO_ANSWER
from data.quiz import Question, Quiz, QuizError, answer_heading, load_quiz

SOLUTIONS = Path(__file__).resolve().parent
LESSONS = SOLUTIONS.parent / "lessons"
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
CELL = "# %%"
QUIZ, OPEN_QUESTIONS = "{{quiz}}", "{{open_questions}}"
FACT = re.compile(r"\{\{(?P<table>\w+)\.(?P<name>\w+)\}\}")
INVITATION = "# Escribe aquí tu código."
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language": "es",
    "language_info": {"name": "python"},
}


class SolutionError(ValueError):
    """A solution's markers cannot be followed; the message names the file and the line."""


class Region(NamedTuple):
    """The lines of an answer, numbered from 1: ``begin`` and ``end`` are those of the markers."""

    begin: int
    end: int


def main(arguments: list[str] | None = None) -> int:
    """Write every lesson's notebook, or with ``--check`` only say which ones are stale; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m solutions.generate", description="Make the students' notebooks.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a notebook is stale")
    check = parser.parse_args(arguments).check
    try:
        made = {notebook_path(source): student_notebook(source) for source in sources()}
    except (SolutionError, QuizError, HomeworkError) as error:
        print(error, file=sys.stderr)
        return 2
    stale = {path: text for path, text in made.items() if not _holds(path, text)}
    for path, text in stale.items():
        if check:
            print(f"{path} is stale: run `python -m solutions.generate`.", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    return 1 if check and stale else 0


def sources() -> list[Path]:
    """Return the solutions, one per lesson: the files here whose names begin with the lesson's number."""
    return sorted(SOLUTIONS.glob("[0-9]*.py"))


def notebook_path(source: Path) -> Path:
    """Return where the notebook of a solution stands."""
    return LESSONS / f"{source.stem}.ipynb"


def is_fresh(source: Path) -> bool:
    """Return whether the notebook on disk is the one its solution gives."""
    return _holds(notebook_path(source), student_notebook(source))


def student_notebook(source: Path) -> str:
    """Return the student's notebook of a solution, as the text of an ``.ipynb`` file."""
    parsed = notebook_of(cut_answers(source.read_text(encoding="utf-8"), source.name), source.stem)
    cells = [
        _cell(cell.cell_type, cell.source, cell_id=f"{source.stem}-{index:03d}")
        for index, cell in enumerate(parsed.cells)
    ]
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def notebook_of(text: str, lesson: str) -> NotebookNode:
    """A percent-format text as a notebook that shows the lesson's questions.

    Args:
        text: a solution, or what is left of it without the answers.
        lesson: its key.

    Raises:
        SolutionError: it asks for questions or facts that the lesson does not have.
        QuizError: the lesson's questions cannot be used.
        HomeworkError: the facts of its homework cannot be used.

    """
    quiz, homework = load_quiz(lesson), load_homework(lesson)
    tables = homework.tables if homework else {}
    notebook = jupytext.reads(text, fmt="py:percent")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_facts(cell.source, tables, lesson)
    notebook.cells = [shown for cell in notebook.cells for shown in _shown(cell, quiz, lesson)]
    return notebook


def with_facts(text: str, tables: Mapping[str, Mapping[str, Any]], lesson: str) -> str:
    """A text with the numbers that it asks for. Raises SolutionError where the lesson's homework has no such one."""

    def fact(found: re.Match[str]) -> str:
        value = tables.get(found["table"], {}).get(found["name"])
        if value is None:
            raise SolutionError(
                f"{lesson}: {found[0]} stands for nothing: data/homework/{lesson}.toml has no such fact"
            )
        return f"{value:g}" if isinstance(value, float) else str(value)

    return FACT.sub(fact, text)


def _shown(cell: NotebookNode, quiz: Quiz, lesson: str) -> list[NotebookNode]:
    """The cells that one cell of a solution stands for."""
    marker = cell.source.strip() if cell.cell_type == "markdown" else ""
    if marker not in (QUIZ, OPEN_QUESTIONS):
        return [cell]
    texts = [_quiz_text(quiz)] if marker == QUIZ else _open_question_texts(quiz)
    if not any(texts):
        raise SolutionError(f"{lesson}: {marker} stands for nothing: data/quizzes/{lesson}.toml has no such questions")
    return [new_markdown_cell(text) for text in texts]


def _quiz_text(quiz: Quiz) -> str:
    return "\n\n".join(_question_text(number, question) for number, question in enumerate(quiz.questions, start=1))


def _question_text(number: int, question: Question) -> str:
    options = "\n".join(f"- {letter}) {_line(option.text)}" for letter, option in question.lettered.items())
    return f"**{number}.** {question.text.strip()}\n\n{options}"


def _open_question_texts(quiz: Quiz) -> list[str]:
    texts = []
    for number, question in enumerate(quiz.open_questions, start=1):
        points = f"{question.points:g} {'punto' if question.points == 1 else 'puntos'}"
        texts += [
            f"**Pregunta {number}** ({points}). {question.text.strip()}",
            f"{answer_heading(number)} {INVITATION_TO_ANSWER}",
        ]
    return texts


def _line(text: str) -> str:
    return " ".join(text.split())


def cut_answers(text: str, name: str) -> str:
    """Return a solution's text with every answer replaced.

    Args:
        text: the percent-format notebook.
        name: of its file, for messages.

    Raises:
        SolutionError: if markers are nested, unbalanced, across cells or empty, or the text is not Python.

    """
    lines = text.splitlines()
    functions = _functions(text, name)
    for region in reversed(solution_regions(text, name)):
        marker = lines[region.begin - 1]
        indent = marker[: len(marker) - len(marker.lstrip())]
        replacement = [indent + line for line in _replacement(functions, region)]
        lines[region.begin - 1 : region.end] = replacement
    return "\n".join(lines) + "\n"


def solution_regions(text: str, name: str) -> list[Region]:
    """Return where a solution's answers stand, in order; raise ``SolutionError`` as ``cut_answers`` does."""
    regions: list[Region] = []
    begin = 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped == BEGIN:
            _require(not begin, name, number, f"{BEGIN} inside the region that begins on line {begin}")
            begin = number
        elif stripped == END:
            _require(begin > 0, name, number, f"{END} without {BEGIN}")
            _require(number > begin + 1, name, begin, "empty region")
            regions.append(Region(begin, number))
            begin = 0
        elif begin and line.startswith(CELL):
            raise SolutionError(f"{name}:{begin}: the region goes on into the cell of line {number}")
    _require(not begin, name, begin, f"{BEGIN} without {END}")
    return regions


def _require(condition: bool, name: str, line: int, otherwise: str) -> None:
    if not condition:
        raise SolutionError(f"{name}:{line}: {otherwise}")


def _functions(text: str, name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise SolutionError(f"{name}:{error.lineno}: not Python: {error.msg}") from error
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _replacement(functions: list[ast.FunctionDef | ast.AsyncFunctionDef], region: Region) -> list[str]:
    around = [f for f in functions if f.lineno < region.begin <= (f.end_lineno or 0)]
    if not around:
        return [INVITATION]
    innermost = max(around, key=lambda f: f.lineno)
    return [INVITATION, f'raise NotImplementedError("{innermost.name}: falta escribir esta función")']


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _cell(kind: str, source: str, cell_id: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source.splitlines(keepends=True)}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell


if __name__ == "__main__":
    sys.exit(main())
