"""Why a question to a student's code got no answer, in sentences that the student understands."""

from __future__ import annotations

import builtins

from grader.judge.check import Unanswered
from grader.language import visible
from grader.language.messages import T, Text
from grader.results import Outcome
from grader.student.process import WorkerGone
from grader.student.watching import Exhausted
from grader.submission.program import Program
from grader.wire import protocol
from grader.wire.protocol import Raised


def missing(function: str, problems: tuple[Text, ...]) -> Text:
    """The function is not there; a cell that cannot be read may be why."""
    if not problems:
        return T("There is no function `{function}`. Its name must be exactly this one.", function=function)
    return T(
        "There is no function `{function}` in the cells that can be read; but {problem}.",
        function=function,
        problem=problems[0],
    )


def not_handed_in(name: str) -> Text:
    """There is no homework and none is trained."""
    return T("There is no {name}. Run the homework in your notebook and hand that file in with it.", name=name)


def broken_tool(tool: str, raised: Raised) -> Text:
    """One of the grader's own functions raised."""
    reason = f"{tool}: {visible.block(raised.error, 60)}: {visible.block(raised.text, 120)}"
    return T("The grader itself failed ({where}). This costs you no points; please tell your instructor.", where=reason)


def spoiled_tool(tool: str, raised: Raised) -> Text:
    """One of the grader's own functions raised, and does not where the student's code has not run."""
    return T(
        "Your code changed something that the grader's `{tool}` needs, which then raised {error}. Leave libraries as "
        "they are.",
        tool=tool,
        error=visible.block(raised.error, 60),
    )


def lost(error: WorkerGone | Exhausted, function: str) -> Text:
    """The worker used up a limit or ended."""
    if isinstance(error, Exhausted):
        return T("`{function}`: {reason}", function=function, reason=error.text)
    return T(
        "`{function}` ended its process ({reason}) instead of returning a value.",
        function=function,
        reason=error.text,
    )


def failure(raised: Raised, function: str, program: Program) -> Unanswered:
    """The function raised, or a line that it needs did."""
    cause, place = _error(raised), _place(raised, program)
    if raised.error == protocol.REPLY_TOO_LARGE:
        message = T("`{function}` returned too much ({size}).", function=function, size=visible.block(raised.text, 60))
    elif "NotImplementedError" in raised.kinds:
        unwritten = T("A part of `{function}` is still to be written{place}.", function=function, place=place)
        return Unanswered(Outcome.NOT_RUN, unwritten, raised.kinds)
    elif raised.loading:
        message = T(
            "`{function}` needs a line that raised {error}{place}. Correct that line first.",
            function=function,
            error=cause,
            place=place,
        )
    else:
        message = T("`{function}` raised {error}{place}.", function=function, error=cause, place=place)
    return Unanswered(Outcome.ERROR, message, () if raised.loading else raised.kinds)


def _error(raised: Raised) -> Text:
    """The exception as Python prints it, without a full stop of its own."""
    text, name = visible.block(raised.text).rstrip("."), visible.block(raised.error, 60)
    said = f"{name}: {text}" if text else name
    if hasattr(builtins, raised.error) and raised.error not in raised.kinds:
        return T("{error} (by a class of that name which is not Python's own)", error=said)
    return Text("{error}", {"error": said})


def _place(raised: Raised, program: Program) -> Text:
    if not raised.trace or not 0 <= raised.trace[-1].cell < len(program.cells):
        return Text("")
    frame = raised.trace[-1]
    number, code = program.cells[frame.cell].number, visible.block(frame.code, 80)
    if number:
        return T(" (code cell {cell}, line {line}: {code})", cell=number, line=frame.line, code=code)
    return T(" (line {line}: {code})", line=frame.line, code=code)
