"""What the overview shows, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.language import visible
from grader.language.messages import T, Translate
from grader.reports.analysis import ClassSummary, Item, LessonSummary, StudentRow
from grader.reports.charts import histogram
from grader.reports.student_view import flags_view, of
from grader.reports.texts import LABELS, STATUSES

MAX_MESSAGE = 400
SHOWN_CHECKS = 8


def class_view(summary: ClassSummary, title: str, say: Translate) -> dict[str, Any]:
    """The template's values for the class; the table's rows come one by one."""
    return {
        "title": visible.line(title),
        "counts": {"all": len(summary.rows)} | {name: summary.statuses[name] for name in STATUSES},
        "cpu": f"{sum(row.cpu_seconds for row in summary.rows):.1f}",
        "lessons": [_lesson(lesson, say) for lesson in sorted(summary.lessons.values(), key=lambda each: each.lesson)],
        "layers": _layers(summary),
        "no_layers": LABELS["no_layers" if summary.ran else "nothing_ran"].render(say),
        "shown_checks": SHOWN_CHECKS,
        "copies": [[_link(row) for row in group] for group in summary.copy_groups],
        "rows": _rows(summary.rows, say),
    }


def _lesson(lesson: LessonSummary, say: Translate) -> dict[str, Any]:
    chart = histogram(lesson.bins, LABELS["distribution"].render(say), LABELS["of_the_points"].render(say))
    ranges = ", ".join(f"{10 * i}–{10 * (i + 1)} %: {count}" for i, count in enumerate(lesson.bins) if count)
    counted = T(
        "{count} submissions with final points, of {maximum}.",
        count=len(lesson.points),
        maximum=f"{lesson.max_points:g}",
    )
    return {
        "name": visible.line(lesson.lesson),
        "histogram": chart,
        "histogram_summary": f"{chart.title}: {ranges or '0'}",
        "mean": f"{lesson.mean:.1f}",
        "median": f"{lesson.median:.1f}",
        "deviation": f"{lesson.deviation:.1f}",
        "counted": counted.render(say),
        "open_questions": _open_questions(lesson, say),
        "checks": [_item(item) for item in lesson.hardest_first],
    }


def _open_questions(lesson: LessonSummary, say: Translate) -> str:
    """How far the marking of the open questions is; empty if nobody answered any."""
    if not lesson.open_answers:
        return ""
    return T(
        "Open questions: {answers} answers, {marked} marked. They are in open_questions.csv.",
        answers=lesson.open_answers,
        marked=lesson.open_marked,
    ).render(say)


def _item(item: Item) -> dict[str, Any]:
    message, count = item.commonest
    discrimination = item.discrimination
    return {
        "id": visible.line(item.check.id),
        "sentence": visible.block(item.check.sentence, MAX_MESSAGE),
        "share": item.share,
        "percent": f"{100 * item.share:.0f} %",
        "count": f"{item.missed}/{item.judged}",
        "commonest": visible.block(message, MAX_MESSAGE),
        "counted": f"{count} ×",
        "discrimination": "–" if discrimination is None else f"{discrimination:.2f}",
    }


def _layers(summary: ClassSummary) -> list[str]:
    """Each layer, with the number of submissions where it was not in force for all of them."""
    return [
        visible.line(layer) if count == summary.ran else f"{visible.line(layer)} ({count}/{summary.ran})"
        for layer, count in sorted(summary.layers.items())
    ]


def _rows(rows: list[StudentRow], say: Translate) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield _link(row) | {
            "submission": visible.line(row.submission),
            "lesson": visible.line(row.lesson),
            "points": _points(row),
            "points_value": "" if row.points is None else f"{row.points:g}",
            "percent": "–" if row.percent is None else f"{row.percent:.0f}",
            "percent_value": "" if row.percent is None else f"{row.percent:.4g}",
            "status": row.status,
            "status_text": STATUSES[row.status].render(say),
            "flags": flags_view(row.flags, say),
            "cpu": f"{row.cpu_seconds:.1f}",
        }


def _points(row: StudentRow) -> str:
    if row.points is None or row.max_points is None:
        return "–"
    return of(row.points, row.max_points) + (f" (+{row.pending:g}?)" if row.pending else "")


def _link(row: StudentRow) -> dict[str, str]:
    return {"file": row.file, "student": visible.line(row.student) or "?"}
