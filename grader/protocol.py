"""Messages between the judging process and the worker: plain values, never code, never verdicts.

A message is one frame: 8 bytes with the length of its payload (unsigned, big-endian), then the payload in MessagePack.
NumPy arrays travel as raw bytes behind their dtype and shape. What comes from a worker is untrusted: the length,
the dtype, the shape and the types are checked before anything is built from it, and nothing is ever executed.

    judge   -> Call(ticket, target, arguments)
    worker  -> Ready, then for each Call one Returned or Raised with the same ticket
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any, BinaryIO, Union

import msgspec
import numpy as np
import numpy.typing as npt

from grader.values import Fact, FigureFacts, Images, ModelFacts

HEADER = struct.Struct(">Q")
MAX_REQUEST_BYTES = 256 * 2**20
MAX_REPLY_BYTES = 16 * 2**20  # small enough that even a reply of empty lists only takes 1 GiB to decode
DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
)
MAX_NDIM = 8
ARRAY, FACT = 1, 2
REPLY_TOO_LARGE = "reply too large"

Array = npt.NDArray[Any]


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

    A tool is one of the grader's own functions, in grader/instruments.py.
    """

    ticket: str
    function: str
    args: list[Any]
    kwargs: dict[str, Any]
    needs: list[tuple[int, int]]
    tool: bool = False


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
    """The function raised, or, when ``loading``, a statement that it needs did. ``trace``: outermost first."""

    ticket: str
    error: str
    text: str
    trace: list[Frame]
    loading: bool = False


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
        return _incoming(msgspec.msgpack.decode(payload, type=_Wired))
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ProtocolError(str(error)) from error


def can_travel(array: Array) -> bool:
    """Whether the dtype and the number of dimensions are among those that messages carry."""
    return array.dtype.name in DTYPES and array.dtype.isnative and array.ndim <= MAX_NDIM


class _ArrayHead(msgspec.Struct, frozen=True, array_like=True):
    dtype: str
    shape: list[int]
    content: memoryview


class _List(msgspec.Struct, frozen=True, array_like=True, tag="l"):
    items: list[_Wire]


class _Dict(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    """A dict as two lists: MessagePack's own maps may have lists as keys, which can be made to collide."""

    keys: list[str | int | float | bool]
    items: list[_Wire]


class _WiredCall(msgspec.Struct, frozen=True, tag="Call"):
    ticket: str
    function: str
    args: list[_Wire]
    kwargs: dict[str, _Wire]
    needs: list[tuple[int, int]]
    tool: bool = False


class _WiredReturned(msgspec.Struct, frozen=True, tag="Returned"):
    ticket: str
    value: _Wire


_Wire = Union[None, bool, int, float, str, _List, _Dict, msgspec.msgpack.Ext]  # noqa: UP007 - msgspec reads it at run time
_Wired = Union[Load, _WiredCall, Ready, _WiredReturned, Raised]  # noqa: UP007 - as above


def _outgoing(message: Message) -> Any:
    if isinstance(message, Returned):
        return _WiredReturned(message.ticket, to_wire(message.value))
    if isinstance(message, Call):
        args, kwargs = [to_wire(value) for value in message.args], {k: to_wire(v) for k, v in message.kwargs.items()}
        return _WiredCall(message.ticket, message.function, args, kwargs, message.needs, message.tool)
    return message


def _incoming(message: Any) -> Message:
    if isinstance(message, _WiredReturned):
        return Returned(message.ticket, _from_wire(message.value))
    if isinstance(message, _WiredCall):
        args, kwargs = (
            [_from_wire(value) for value in message.args],
            {k: _from_wire(v) for k, v in message.kwargs.items()},
        )
        return Call(message.ticket, message.function, args, kwargs, message.needs, message.tool)
    assert isinstance(message, (Load, Ready, Raised))
    return message


def to_wire(value: Any) -> Any:
    """A value as it travels: lists and dicts as nodes, arrays and facts packed, at any depth."""
    if isinstance(value, np.ndarray):
        return msgspec.msgpack.Ext(ARRAY, _packed(value))
    if isinstance(value, Fact):
        return msgspec.msgpack.Ext(FACT, msgspec.msgpack.encode(_with_arrays(value, _packed)))
    if isinstance(value, (list, tuple)):
        return _List([to_wire(item) for item in value])
    if isinstance(value, dict):
        return _Dict(list(value), [to_wire(item) for item in value.values()])
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str, _List, _Dict, msgspec.msgpack.Ext)):
        return value
    raise TypeError(f"a value of type {type(value).__name__} cannot travel")


def _from_wire(value: Any) -> Any:
    if isinstance(value, _List):
        return [_from_wire(item) for item in value.items]
    if isinstance(value, _Dict):
        return dict(zip(value.keys, map(_from_wire, value.items), strict=True))
    if not isinstance(value, msgspec.msgpack.Ext):
        return value
    if value.code == ARRAY:
        return _unpacked(memoryview(value.data))
    if value.code == FACT:
        return _with_arrays(msgspec.msgpack.decode(value.data, type=Fact), _unpacked)
    raise ProtocolError(f"unknown extension {value.code}")


def _with_arrays(fact: Any, change: Callable[[Any], Any]) -> Any:
    """The fact with its arrays changed: between arrays and their packed form."""
    replace = msgspec.structs.replace
    if isinstance(fact, ModelFacts):
        return replace(fact, layers=[replace(each, weights=list(map(change, each.weights))) for each in fact.layers])
    if isinstance(fact, FigureFacts):
        return replace(fact, axes=[replace(each, images=list(map(change, each.images))) for each in fact.axes])
    return replace(fact, arrays=list(map(change, fact.arrays))) if isinstance(fact, Images) else fact


def _packed(array: Array) -> bytes:
    if not can_travel(array):
        raise TypeError(f"an array of dtype {array.dtype} with {array.ndim} dimensions cannot travel")
    content = memoryview(np.ascontiguousarray(array).tobytes())
    return msgspec.msgpack.encode(_ArrayHead(array.dtype.name, list(array.shape), content))


def _unpacked(content: bytes | memoryview) -> Array:
    head = msgspec.msgpack.decode(content, type=_ArrayHead)
    if head.dtype not in DTYPES or len(head.shape) > MAX_NDIM or any(size < 0 for size in head.shape):
        raise ProtocolError(f"array of dtype {head.dtype[:40]!r} and {len(head.shape)} dimensions is not allowed")
    dtype = np.dtype(head.dtype)
    if math.prod(head.shape) * dtype.itemsize != len(head.content):
        raise ProtocolError("array whose shape and content disagree")
    return np.frombuffer(head.content, dtype).reshape(head.shape)


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
