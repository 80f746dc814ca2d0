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
from typing import Any, BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

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


# --- values that are neither plain nor arrays -------------------------------------------------------------------


class LayerFacts(msgspec.Struct, frozen=True):
    """What a Keras layer is, as far as checks look at it; weights in ``get_weights()`` order."""

    kind: str
    units: int | None
    activation: str | None
    kernel_initializer: str | None
    bias_initializer: str | None
    weights: list[Any]


class ModelFacts(msgspec.Struct, frozen=True, tag=True):
    """A Keras model stays in the worker; its facts travel, and ``handle`` names it in later calls."""

    handle: int
    layers: list[LayerFacts]


class LineFacts(msgspec.Struct, frozen=True):
    """One line of a plot: its legend label and its data."""

    label: str
    x: list[float]
    y: list[float]


class AxesFacts(msgspec.Struct, frozen=True):
    """One axes of a figure. ``bars`` are the heights of its rectangles, as histograms draw them."""

    title: str
    xlabel: str
    ylabel: str
    legend: list[str]
    lines: list[LineFacts]
    bars: list[float]


class FigureFacts(msgspec.Struct, frozen=True, tag=True):
    """A matplotlib figure, told as its axes."""

    axes: list[AxesFacts]


class Opaque(msgspec.Struct, frozen=True, tag=True):
    """A value that cannot travel; only the name of its type does."""

    type_name: str


class Handle(msgspec.Struct, frozen=True, tag=True):
    """An object that an earlier call left in the worker."""

    handle: int


class FunctionName(msgspec.Struct, frozen=True, tag=True):
    """One of the student's functions, as an argument for a tool."""

    name: str


class Images(msgspec.Struct, frozen=True, tag=True):
    """A ``kit.Dataset``, as its four arrays in order."""

    arrays: list[Any]


Fact = ModelFacts | FigureFacts | Opaque | Handle | FunctionName | Images


# --- messages ---------------------------------------------------------------------------------------------------


class CellSource(msgspec.Struct, frozen=True):
    """The source of one cell, padded so that its line numbers are the student's."""

    source: str


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
    """The payload of a message; facts in it must have gone through :func:`to_wire`.

    Raises:
        TypeError, OverflowError, RecursionError: a value that cannot travel.

    """
    return msgspec.msgpack.encode(message, enc_hook=_to_extension)


def decode(payload: bytes | memoryview) -> Message:
    """The message in a payload.

    Raises:
        ProtocolError: it is none, or it holds an array that is not allowed.

    """
    try:
        message: Message = msgspec.msgpack.decode(payload, type=Message, ext_hook=_from_extension)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
    return message


def can_travel(array: Array) -> bool:
    """Whether the dtype and the number of dimensions are among those that messages carry."""
    return array.dtype.name in DTYPES and array.dtype.isnative and array.ndim <= MAX_NDIM


class _ArrayHead(msgspec.Struct, frozen=True, array_like=True):
    dtype: str
    shape: list[int]
    content: memoryview


class _Wrapped(msgspec.Struct, frozen=True, array_like=True):
    """A fact on the wire: an own level of MessagePack, so that a student's dict is never taken for a fact."""

    fact: Fact


def _to_extension(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if not can_travel(value):
            raise TypeError(f"an array of dtype {value.dtype} with {value.ndim} dimensions cannot travel")
        head = _ArrayHead(value.dtype.name, list(value.shape), memoryview(np.ascontiguousarray(value).tobytes()))
        return msgspec.msgpack.Ext(ARRAY, msgspec.msgpack.encode(head))
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a value of type {type(value).__name__} cannot travel")


def to_wire(value: Any) -> Any:
    """The same value with each fact in it packed, at any depth of lists and dicts."""
    if isinstance(value, Fact):
        return msgspec.msgpack.Ext(FACT, msgspec.msgpack.encode(_Wrapped(value), enc_hook=_to_extension))
    if isinstance(value, (list, tuple)):
        return [to_wire(item) for item in value]
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    return value


def _from_extension(code: int, content: memoryview) -> Any:
    if code == ARRAY:
        return _array(msgspec.msgpack.decode(content, type=_ArrayHead))
    if code == FACT:
        return msgspec.msgpack.decode(content, type=_Wrapped, ext_hook=_from_extension).fact
    raise ProtocolError(f"unknown extension {code}")


def _array(head: _ArrayHead) -> Array:
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
