"""`python -m grader batch SUBMISSIONS --out OUT`: the instructor's command line."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text as RichText

from grader import batch, exports, isolation, pool, reports
from grader.check import GraderFault
from grader.journal import open_journal
from grader.lesson import Lesson, all_lessons, find_lesson
from grader.lms import LmsError
from grader.messages import T, Text, translator

USAGE, FAULT, INTERRUPTED = 2, 3, 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Sandbox(StrEnum):
    """How student code is isolated."""

    STRICT = "strict"
    NONE = "none"


class Homework(StrEnum):
    """What happens to the homework."""

    VERIFY = "verify"
    TRAIN = "train"


class Language(StrEnum):
    """Of messages and reports."""

    ES = "es"
    EN = "en"


@app.callback()
def grader() -> None:
    """The autograder of the course. Students check themselves with `pytest grader`."""


@app.command("batch")
def batch_command(
    submissions: Annotated[Path, typer.Argument(help="the folder as the LMS packed it")],
    out: Annotated[Path, typer.Option(help="where reports, exports and the journal go")],
    lesson: Annotated[str, typer.Option(help="only this lesson: its key or number")] = "",
    jobs: Annotated[int, typer.Option(min=1, help="submissions graded at the same time")] = os.cpu_count() or 1,
    seed: Annotated[int | None, typer.Option(min=0, help="of the drawn inputs (default: drawn once per OUT)")] = None,
    scheduler: Annotated[str, typer.Option(help="address of a Dask scheduler, such as tcp://host:8786")] = "",
    sandbox: Annotated[Sandbox, typer.Option(help="`none` runs student code unprotected")] = Sandbox.STRICT,
    fresh: Annotated[bool, typer.Option("--fresh", help="forget what OUT's journal knows")] = False,
    homework: Annotated[
        Homework, typer.Option(help="verify what was handed in, or train what was not")
    ] = Homework.VERIFY,
    lang: Annotated[Language, typer.Option(help="of messages and reports")] = Language.ES,
) -> None:
    """Grade a folder of submissions; finished work in OUT is not done again."""
    say, console = translator(lang), Console()
    options = batch.Options(_lesson(lesson, lang), seed, lang, sandbox, homework is Homework.TRAIN)
    if not scheduler and sandbox is Sandbox.STRICT:
        _require_isolation(lang)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with open_journal(out, fresh) as journal:
            found = batch.open_batch(submissions, journal, options)
            with _bar(console, T("submissions").render(say)) as progress:
                task = progress.add_task("", total=None)
                batch.run(
                    found,
                    journal,
                    _slots(scheduler, jobs),
                    lambda n, total: progress.update(task, completed=n, total=total),
                )
            rows = batch.GradedRows(found, journal, say)
            reports.write_reports(out, rows, say)
            exports.write_exports(out, rows, say)
    except (LmsError, GraderFault) as error:
        raise _stop(error.text, lang) from error
    except OSError as error:
        raise _stop(
            T("{path} cannot be used: {reason}.", path=error.filename or out, reason=str(error.strerror)), lang
        ) from error
    except KeyboardInterrupt:
        typer.echo(
            "\n" + T("Stopped. What is finished is kept; the same command goes on from there.").render(say), err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    console.print(T("Open {page} in a browser.", page=out / "index.html").render(say), soft_wrap=True, highlight=False)
    raise typer.Exit(FAULT if found.failed else 0)


class RateColumn(ProgressColumn):
    """Submissions per minute."""

    def render(self, task: Task) -> RichText:
        """The rate since the start, or nothing yet."""
        return RichText(f"{60 * task.speed:.1f}/min" if task.speed else "")


def _bar(console: Console, label: str) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), RateColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(TextColumn(label), *columns, console=console)


def _lesson(name: str, lang: str) -> Lesson | None:
    found = find_lesson(name) if name else None
    if name and found is None:
        known = ", ".join(each.key for each in all_lessons())
        raise _stop(T("There is no lesson {lesson}. Lessons: {known}.", lesson=name, known=known), lang)
    return found


def _require_isolation(lang: str) -> None:
    layers, reasons = isolation.probe() if sys.platform == "linux" else ([], [sys.platform])
    if not isolation.is_enough(layers):
        raise _stop(
            T(
                "Student code cannot be isolated on this machine ({reasons}). Use a Linux with Landlock (kernel 5.13) "
                "and libseccomp, or, where there is nothing to lose, --sandbox none.",
                reasons="; ".join(reasons) or "-",
            ),
            lang,
        )


def _slots(scheduler: str, jobs: int) -> pool.Slots:
    if not scheduler:
        return pool.local_slots(jobs)
    from grader.cluster import cluster_slots

    return cluster_slots(scheduler)


def _stop(text: Text, lang: str) -> typer.Exit:
    typer.echo(text.render(translator(lang)), err=True)
    return typer.Exit(USAGE)


if __name__ == "__main__":
    app()
