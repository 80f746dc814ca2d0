"""What a student's page shows, as plain values for the template."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from grader.exercises import HOMEWORK, exercise_name
from grader.graded import Graded
from grader.language import visible
from grader.language.messages import T, Text, Translate
from grader.reports.charts import Chart, chart_of
from grader.reports.texts import LABELS, OUTCOMES, STATUSES, flag_text
from grader.results import CheckResult, Exhibit, OpenAnswer, Outcome, Results

MAX_MESSAGE = 4_000
MAX_NOTICES = 50
MAX_ANSWER = 20_000


def student_view(graded: Graded, say: Translate) -> dict[str, Any]:
    """The template's values for one submission. Other students' names are not among them: students get this page."""
    student, lesson = visible.line(graded.student), visible.line(graded.lesson)
    return {
        "title": f"{student} · {lesson}",
        "student": student,
        "submission": visible.line(graded.submission),
        "lesson": lesson,
        "status": {"code": graded.status, "text": STATUSES[graded.status].render(say)},
        "flags": flags_view(graded.flags, say),
        "message": visible.block(graded.message, MAX_MESSAGE),
    }


def flags_view(flags: list[str] | tuple[str, ...], say: Translate) -> list[str]:
    """Flags in words, each once."""
    texts = (flag_text(flag) for flag in flags)
    return list(dict.fromkeys(text.render(say) if isinstance(text, Text) else visible.line(text) for text in texts))


def of(points: float, maximum: float) -> str:
    """Points and how many there are."""
    return f"{points:g}/{maximum:g}"


def share(points: float, maximum: float) -> float:
    """Points as a part of one, whatever the record says."""
    return min(1.0, max(0.0, points / maximum)) if maximum > 0 else 0.0


def record_view(results: Results, layers: list[str], say: Translate) -> dict[str, Any]:
    """The template's values for the part of the page that is the same for equal results."""
    exercises = dict.fromkeys(check.exercise for check in results.checks)
    return {
        "points": of(results.points, results.max_points),
        "share": share(results.points, results.max_points),
        "percent": f"{100 * share(results.points, results.max_points):.0f} {LABELS['of_the_points'].render(say)}",
        "pending": [text.render(say) for text in _pending(results)],
        "notices": [visible.block(notice, MAX_MESSAGE) for notice in results.notices[:MAX_NOTICES]],
        "exercises": [_exercise(i, name, results.checks, say) for i, name in enumerate(exercises, start=1)],
        "open_questions": [_open_question(answer, say) for answer in results.open_answers],
        "open_points": _open_points(results),
        "open_note": LABELS["open_counted" if results.with_marks else "open_apart"].render(say),
        "layers": [visible.line(layer) for layer in layers],
        "charts": _charts(results.exhibits, say),
        "command": _command(results),
        "seed": results.seed,
        "versions": ", ".join(
            f"{visible.line(name)} {visible.line(version)}" for name, version in results.versions.items()
        ),
    }


def _pending(results: Results) -> Iterator[Text]:
    if results.pending_points:
        yield T(
            "Points still open: {pending}. The grader itself failed there; another run will decide them.",
            pending=f"{results.pending_points:g}",
        )
    if results.unmarked_points:
        yield T(
            "Points still open: {pending}. Your answers to the open questions are not all marked yet.",
            pending=f"{results.unmarked_points:g}",
        )


def _exercise(number: int, exercise: str, checks: list[CheckResult], say: Translate) -> dict[str, Any]:
    own = [check for check in checks if check.exercise == exercise]
    points, maximum = sum(check.points for check in own), sum(check.max_points for check in own)
    return {
        "title": visible.line(exercise_name(exercise).render(say)),
        "anchor": HOMEWORK if exercise == HOMEWORK else f"part-{number}",
        "points": of(round(points, 2), round(maximum, 2)),
        "share": share(points, maximum),
        "checks": [_check(check, say) for check in own],
    }


def _check(check: CheckResult, say: Translate) -> dict[str, str]:
    open_ = check.outcome is Outcome.GRADER_FAULT
    return {
        "outcome": check.outcome.value,
        "glyph": check.outcome.glyph,
        "verdict": OUTCOMES[check.outcome].render(say),
        "sentence": visible.block(check.sentence, MAX_MESSAGE),
        "points": f"?/{check.max_points:g}" if open_ else of(check.points, check.max_points),
        "message": visible.block(check.message, MAX_MESSAGE),
    }


def _open_points(results: Results) -> str:
    """The sum of the marks, where it is part of the points."""
    if not results.with_marks or not results.open_answers:
        return ""
    given = sum(answer.points or 0.0 for answer in results.open_answers)
    return of(round(given, 2), sum(answer.max_points for answer in results.open_answers))


def _open_question(answer: OpenAnswer, say: Translate) -> dict[str, Any]:
    """A question with what the student wrote, which is shown as it is, LaTeX included."""
    given = f"?/{answer.max_points:g}" if answer.points is None else of(answer.points, answer.max_points)
    return {
        "title": T("Question {number}", number=answer.number).render(say),
        "question": visible.block(answer.question, MAX_MESSAGE),
        "answer": visible.block(answer.answer, MAX_ANSWER),
        "points": given if answer.answer or answer.points is not None else of(0.0, answer.max_points),
        "comment": visible.block(answer.comment, MAX_MESSAGE),
    }


def _charts(exhibits: list[Exhibit], say: Translate) -> list[Chart]:
    epochs = LABELS["epoch"].render(say)
    drawn = (chart_of(exhibit, epochs) for exhibit in exhibits)
    return [chart for chart in drawn if chart is not None]


def _command(results: Results) -> str:
    """How to repeat the run, safe to paste: a file name is quoted, and can be no option."""
    submission = shlex.quote("./" + visible.line(results.submission, 200).lstrip("/"))
    number = shlex.quote(visible.line(results.lesson).partition("_")[0])
    return f"pytest grader --submission={submission} --lesson={number} --seed={results.seed}"
