"""Messages between the judging process and the worker: plain values, never code, never verdicts.

A message is one frame: 8 bytes with the length of its payload (unsigned, big-endian), then the payload in MessagePack.
Values inside it are coded by coding.py. What comes from a worker is untrusted: lengths and types are checked
before anything is built from it, and nothing is ever executed.

    judge   -> Call(ticket, target, arguments)
    worker  -> Ready, then for each Call one Returned or Raised with the same ticket
"""

from __future__ import annotations

import struct
from typing import Any, BinaryIO, Union

import msgspec

from grader.wire.coding import Wire, from_wire, to_wire

HEADER = struct.Struct(">Q")
MAX_REQUEST_BYTES = 256 * 2**20
MAX_REPLY_BYTES = 32 * 2**20  # a homework takes 26; even a reply of empty lists takes no more than 2 GiB to decode
REPLY_TOO_LARGE = "reply too large"


class ProtocolError(Exception):
    """The bytes are no message of this protocol."""


class ConnectionLost(Exception):
    """The other side closed the connection, between or inside messages."""


# --- messages ---------------------------------------------------------------------------------------------------


class CellSource(msgspec.Struct, frozen=True):
    """The source of one cell, and the line on which it begins in the student's file."""

    source: str
    line: int


class Load(msgspec.Struct, frozen=True, tag=True):
    """The cells that calls may need statements of. Nothing runs yet."""

    cells: list[CellSource]


class Call(msgspec.Struct, frozen=True, tag=True):
    """Run the statements in ``needs`` (cell, position) that have not run yet, then ``function``.

    A tool is one of the grader's own functions, in grader.worker.tools. ``eager`` calls run what they train step by
    step instead of compiling it into a graph first.
    """

    ticket: str
    function: str
    args: list[Any]
    kwargs: dict[str, Any]
    needs: list[tuple[int, int]]
    tool: bool = False
    eager: bool = False


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker has imported what lessons need and has run no code of the student; ``layers`` isolate it."""

    versions: dict[str, str]
    layers: list[str] = []


class Returned(msgspec.Struct, frozen=True, tag=True):
    """What the function returned."""

    ticket: str
    value: Any


class Frame(msgspec.Struct, frozen=True):
    """A line of the student's code: index of its cell, line number, source."""

    cell: int
    line: int
    code: str


class Raised(msgspec.Struct, frozen=True, tag=True):
    """The function raised, or, when ``loading``, a statement that it needs did. ``trace``: outermost first.

    ``error`` is what the exception's class is called; ``kinds`` are those of Python's own exceptions that it is one of.
    """

    ticket: str
    error: str
    text: str
    trace: list[Frame]
    loading: bool = False
    kinds: list[str] = []


Message = Load | Call | Ready | Returned | Raised


def with_ticket(raised: Raised, ticket: str) -> Raised:
    """The same failure as the answer to another call."""
    return msgspec.structs.replace(raised, ticket=ticket)


# --- encoding ---------------------------------------------------------------------------------------------------


def encode(message: Message) -> bytes:
    """The payload of a message.

    Raises:
        TypeError, OverflowError, RecursionError: a value that cannot travel.

    """
    return msgspec.msgpack.encode(_outgoing(message))


def decode(payload: bytes | memoryview) -> Message:
    """The message in a payload.

    Raises:
        ProtocolError: it is none, or it holds something that is not allowed.

    """
    try:
        return _incoming(_MESSAGES.decode(payload))
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ProtocolError(str(error)) from error


class _WiredCall(msgspec.Struct, frozen=True, tag="Call"):
    ticket: str
    function: str
    args: list[Wire]
    kwargs: dict[str, Wire]
    needs: list[tuple[int, int]]
    tool: bool = False
    eager: bool = False


class _WiredReturned(msgspec.Struct, frozen=True, tag="Returned"):
    ticket: str
    value: Wire


_Wired = Union[Load, _WiredCall, Ready, _WiredReturned, Raised]  # noqa: UP007 - msgspec reads it at run time


def _outgoing(message: Message) -> Any:
    if isinstance(message, Returned):
        return _WiredReturned(message.ticket, to_wire(message.value))
    if isinstance(message, Call):
        args, kwargs = [to_wire(value) for value in message.args], {k: to_wire(v) for k, v in message.kwargs.items()}
        return _WiredCall(message.ticket, message.function, args, kwargs, message.needs, message.tool, message.eager)
    return message


def _incoming(message: Any) -> Message:
    if isinstance(message, _WiredReturned):
        return Returned(message.ticket, from_wire(message.value))
    if isinstance(message, _WiredCall):
        args, kwargs = (
            [from_wire(value) for value in message.args],
            {k: from_wire(v) for k, v in message.kwargs.items()},
        )
        return Call(message.ticket, message.function, args, kwargs, message.needs, message.tool, message.eager)
    assert isinstance(message, (Load, Ready, Raised))
    return message


_MESSAGES = msgspec.msgpack.Decoder(_Wired)  # made here: msgspec must not make two at once, and threads decode


# --- framing ----------------------------------------------------------------------------------------------------


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame."""
    stream.write(HEADER.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO, limit: int) -> bytes:
    """Read one frame.

    Raises:
        ConnectionLost: the stream ended.
        ProtocolError: the frame announces more than ``limit`` bytes.

    """
    (length,) = HEADER.unpack(_exactly(stream, HEADER.size))
    if length > limit:
        raise ProtocolError(f"a message of {length} bytes; at most {limit} are allowed")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(min(count, 2**20))
        if not part:
            raise ConnectionLost
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
