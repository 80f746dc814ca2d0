"""`python -m grader batch SUBMISSIONS --out OUT`: the instructor's command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from grader.batch import pool, running
from grader.batch.gradebook import Gradebook
from grader.batch.journal import open_journal
from grader.batch.rows import find_rows, targets
from grader.command_line.console import PatientConsole, bar, stoppable
from grader.exports.write import Exported, write_exports
from grader.faults import GraderFault
from grader.graded import Status
from grader.isolation import layering
from grader.isolation.scratch import Scratch
from grader.judge.artifacts import Audit
from grader.language.messages import T, Text, Translate, translator
from grader.language.reasons import reason_of
from grader.lesson import Lesson, all_lessons, find_lesson
from grader.lms.listing import LmsError
from grader.lms.names import is_download
from grader.lms.unpacking import is_broken_zip, unpack
from grader.marks.marking import read_marks
from grader.marks.table import MarksError
from grader.reports.analysis import ClassSummary
from grader.reports.pages import write_reports

USAGE, FAULT, SIGNALLED = 2, 3, 128
MAX_SEED = 2**128 - 1
MAX_NAMES = 10
CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Sandbox(StrEnum):
    """How student code is isolated."""

    STRICT = "strict"
    NONE = "none"


class HomeworkMode(StrEnum):
    """What happens to the homework."""

    VERIFY = "verify"
    TRAIN = "train"
    REPLAY = "replay"


class Language(StrEnum):
    """Of messages and reports."""

    ES = "es"
    EN = "en"


@app.callback()
def grader() -> None:
    """The autograder of the course. Students check themselves with `pytest grader`."""


@app.command("batch")
def batch_command(
    submissions: Annotated[Path, typer.Argument(help="the folder as the LMS packed it, or its zip")],
    out: Annotated[Path, typer.Option(help="where reports, exports and the journal go")],
    lesson: Annotated[str, typer.Option(help="only this lesson: its key or number")] = "",
    jobs: Annotated[int, typer.Option(min=1, help="submissions graded at the same time")] = CORES,
    seed: Annotated[
        int | None, typer.Option(min=0, max=MAX_SEED, help="of the drawn inputs (default: drawn once per OUT)")
    ] = None,
    scheduler: Annotated[str, typer.Option(help="address of a Dask scheduler, such as tcp://host:8786")] = "",
    sandbox: Annotated[Sandbox, typer.Option(help="`none` runs student code unprotected")] = Sandbox.STRICT,
    fresh: Annotated[bool, typer.Option("--fresh", help="forget what OUT's journal knows")] = False,
    homework: Annotated[
        HomeworkMode,
        typer.Option(help="verify what was handed in, train what was not, or replay all of a training (an audit)"),
    ] = HomeworkMode.VERIFY,
    homework_schema: Annotated[
        int, typer.Option(min=0, help="the form of the homework's files, where it is not the lesson's present one")
    ] = 0,
    manual: Annotated[
        Path | None, typer.Option(help="CSV with the marks for open questions, such as OUT/open_questions.csv")
    ] = None,
    lang: Annotated[Language, typer.Option(help="of messages and reports")] = Language.ES,
) -> None:
    """Grade a folder of submissions; finished work in OUT is not done again."""
    say, console = translator(lang), PatientConsole()
    with _in_plain_words(out, say), ExitStack() as stack:
        audit = Audit(homework_schema, homework is HomeworkMode.REPLAY)
        options = running.Options(_lesson(lesson), seed, lang, sandbox, homework is HomeworkMode.TRAIN, audit)
        _require_apart(out, submissions)
        if not scheduler and sandbox is Sandbox.STRICT:
            _require_isolation()
        folder = stack.enter_context(_folder(submissions, say))
        works = find_rows(folder, options.lesson, say)
        marks = read_marks(manual, targets(works)) if manual else None
        out.mkdir(parents=True, exist_ok=True)
        with open_journal(out, fresh) as journal:
            found = running.prepare(works, journal, options)
            scratch = stack.enter_context(Scratch())
            with bar(console, T("submissions").render(say)) as progress:
                task = progress.add_task("", total=None)
                running.run(
                    found,
                    journal,
                    _slots(scheduler, jobs, scratch),
                    lambda n, total: progress.update(task, completed=n, total=total),
                )
            rows = Gradebook(found, journal, say, marks)
            summary = write_reports(out, rows, say, language=lang)
            _warn_of_table(write_exports(out, rows, say, language=lang), say)
    _say_how_it_ended(summary, found, out, console, say)


def _say_how_it_ended(
    summary: ClassSummary, found: running.Batch, out: Path, console: PatientConsole, say: Translate
) -> None:
    """Where the pages are, and what could not be read or graded. Exits if the grader itself failed somewhere."""
    if unread := summary.statuses[Status.UNREADABLE]:
        text = T(
            "{count} of {total} submissions could not be read and have no points; their pages say why.",
            count=unread,
            total=len(found.rows),
        )
        console.print(text.render(say), soft_wrap=True, highlight=False)
    console.print(T("Open {page} in a browser.", page=out / "index.html").render(say), soft_wrap=True, highlight=False)
    if unfinished := len(found.failed.keys() | found.open):
        text = T(
            "The grader itself failed in {count} submissions; nobody lost a point. The same command tries them again.",
            count=unfinished,
        )
        raise _stop(text, say, FAULT)


@contextmanager
def _in_plain_words(out: Path, say: Translate) -> Iterator[None]:
    """End with a sentence and an exit code, whatever stands in the way."""
    try:
        with stoppable():
            yield
    except (LmsError, GraderFault, MarksError) as error:
        raise _stop(error.text, say, USAGE) from error
    except OSError as error:
        text = T("{path} cannot be used: {reason}.", path=error.filename or out, reason=reason_of(error))
        raise _stop(text, say, USAGE) from error
    except KeyboardInterrupt as error:
        text = T("Stopped. What is finished is kept; the same command goes on from there.")
        raise _stop(text, say, SIGNALLED + (error.args[0] if error.args else signal.SIGINT)) from None


@contextmanager
def _folder(submissions: Path, say: Translate) -> Iterator[Path]:
    """The folder with the submissions; the zip that an LMS made of a class is unpacked for the time of the batch."""
    if not (is_download(submissions) or is_broken_zip(submissions)):
        yield submissions
        return
    with Scratch() as folder:
        if left_out := unpack(submissions, folder):
            text = T(
                "{count} files of {path} were left out, because they are links, too large, damaged or lead elsewhere: "
                "{names}",
                count=len(left_out),
                path=submissions,
                names=", ".join(left_out[:MAX_NAMES]) + ("…" if len(left_out) > MAX_NAMES else ""),
            )
            typer.echo(text.render(say), err=True)
        yield folder


def _warn_of_table(exported: Exported, say: Translate) -> None:
    """Say so when a table of marks could not be read and was left alone."""
    if exported.left_alone:
        text = T(
            "{path} cannot be read and was left as it is; the new table is {beside}.",
            path=exported.left_alone,
            beside=exported.tables[-1],
        )
        typer.echo(text.render(say), err=True)


def _lesson(name: str) -> Lesson | None:
    found = find_lesson(name) if name else None
    if name and found is None:
        known = ", ".join(each.key for each in all_lessons())
        raise GraderFault(T("There is no lesson {lesson}. Lessons: {known}.", lesson=name, known=known))
    return found


def _require_apart(out: Path, submissions: Path) -> None:
    if out.resolve().is_relative_to(submissions.resolve()) and not submissions.is_file():
        raise GraderFault(
            T(
                "{out} lies inside {submissions} and would be taken for a submission. Give another --out.",
                out=out,
                submissions=submissions,
            )
        )


def _require_isolation() -> None:
    layers, reasons = layering.probe()
    if not layering.is_enough(layers):
        raise GraderFault(
            T(
                "Student code cannot be isolated on this machine ({reasons}). Use a Linux with Landlock (kernel 5.13) "
                "and libseccomp, or, where there is nothing to lose, --sandbox none.",
                reasons="; ".join(reasons) or "-",
            )
        )


def _slots(scheduler: str, jobs: int, scratch: Path) -> pool.Slots:
    if not scheduler:
        return pool.local_slots(jobs, scratch)
    from grader.batch.cluster import cluster_slots

    return cluster_slots(scheduler)


def _stop(text: Text, say: Translate, status: int) -> typer.Exit:
    typer.echo(text.render(say), err=True)
    return typer.Exit(status)
