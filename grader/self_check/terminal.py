"""The table of points that `pytest grader` ends with."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from grader.exercises import QUIZ, exercise_name
from grader.language.messages import T, Text, Translate
from grader.results import CheckResult, Outcome, Results

COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.ERROR: "red",
    Outcome.NOT_RUN: "yellow",
    Outcome.GRADER_FAULT: "magenta",
}


def table(results: Results, say: Translate, width: int, colour: bool) -> str:
    """The results of one lesson: a block for each exercise, then the total and how to repeat the run."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
    )
    title = T(
        "Lesson {lesson} · {submission} · seed {seed}",
        lesson=results.lesson,
        submission=results.submission,
        seed=results.seed,
    )
    console.print(RichText(title.render(say), style="bold"))
    for exercise in dict.fromkeys(check.exercise for check in results.checks):
        console.print()
        console.print(_block(exercise, [check for check in results.checks if check.exercise == exercise], say))
    console.print()
    if results.open_answers and any(check.exercise == QUIZ for check in results.checks):
        console.print(RichText(_open_answers(results).render(say)))
    for notice in results.notices:
        console.print(RichText(f"• {notice}"))
    console.print(_total(results, say))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def _block(exercise: str, checks: list[CheckResult], say: Translate) -> Table:
    block = Table(box=None, expand=True, padding=(0, 1), show_header=True, header_style="bold")
    block.add_column("", width=1)
    block.add_column(RichText(exercise_name(exercise).render(say)), ratio=1)
    block.add_column(
        _points(sum(c.points for c in checks), sum(c.max_points for c in checks)), justify="right", no_wrap=True
    )
    for check in checks:
        style = COLOURS[check.outcome]
        sentence = RichText(check.sentence)
        block.add_row(
            RichText(check.outcome.glyph, style=style),
            sentence,
            RichText(_points(check.points, check.max_points), style=style),
        )
        if check.message:
            block.add_row(
                "",
                Padding(RichText(check.message, style="dim" if check.outcome is Outcome.NOT_RUN else ""), (0, 0, 0, 2)),
                "",
            )
    return block


def _open_answers(results: Results) -> Text:
    return T(
        "• Open questions: {answered} of {count} answered; your instructor marks them.",
        answered=sum(bool(each.answer) for each in results.open_answers),
        count=len(results.open_answers),
    )


def _total(results: Results, say: Translate) -> RichText:
    total = T("Total: {points} points", points=_points(results.points, results.max_points)).render(say)
    if results.pending_points:
        total += " " + T(
            "({pending} open: the grader itself failed there)", pending=f"{results.pending_points:g}"
        ).render(say)
    return RichText(total, style="bold green" if results.complete else "bold")


def _points(points: float, maximum: float) -> str:
    return f"{points:g}/{maximum:g}"
