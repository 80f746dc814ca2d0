"""Values as they travel in a message: lists and dicts as tagged nodes, arrays and facts as packed bytes.

What comes from a worker is untrusted: dtype, shape and types are checked before anything is built from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Union

import msgspec
import numpy as np

from grader.arrays import Array
from grader.wire.values import AxesFacts, Fact, FigureFacts, Images, ModelFacts

DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
)
MAX_NDIM = 8
ARRAY, FACT = 1, 2


class WireError(ValueError):
    """The bytes hold a value that is not allowed to travel."""


def can_travel(array: Array) -> bool:
    """Whether the dtype and the number of dimensions are among those that messages carry."""
    return array.dtype.name in DTYPES and array.dtype.isnative and array.ndim <= MAX_NDIM


class _ArrayHead(msgspec.Struct, frozen=True, array_like=True):
    dtype: str
    shape: list[int]
    content: memoryview


class _List(msgspec.Struct, frozen=True, array_like=True, tag="l"):
    items: list[Wire]


class _Dict(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    """A dict as two lists: MessagePack's own maps may have lists as keys, which can be made to collide."""

    keys: list[str | int | float | bool]
    items: list[Wire]


Wire = Union[None, bool, int, float, str, _List, _Dict, msgspec.msgpack.Ext]  # noqa: UP007 - msgspec reads it at run time


def to_wire(value: Any) -> Any:
    """A value as it travels: lists and dicts as nodes, arrays and facts packed, at any depth."""
    if isinstance(value, np.ndarray):
        return msgspec.msgpack.Ext(ARRAY, _packed(value))
    if isinstance(value, Fact):
        return msgspec.msgpack.Ext(FACT, msgspec.msgpack.encode(_pack_arrays(value)))
    if isinstance(value, (list, tuple)):
        return _List([to_wire(item) for item in value])
    if isinstance(value, dict):
        return _Dict(list(value), [to_wire(item) for item in value.values()])
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str, _List, _Dict, msgspec.msgpack.Ext)):
        return value
    raise TypeError(f"a value of type {type(value).__name__} cannot travel")


def from_wire(value: Any) -> Any:
    """The value that travelled.

    Raises:
        WireError, msgspec.MsgspecError: it is not allowed to.

    """
    if isinstance(value, _List):
        return [from_wire(item) for item in value.items]
    if isinstance(value, _Dict):
        return dict(zip(value.keys, map(from_wire, value.items), strict=True))
    if not isinstance(value, msgspec.msgpack.Ext):
        return value
    if value.code == ARRAY:
        return _unpacked(memoryview(value.data))
    if value.code == FACT:
        return _unpack_arrays(_FACTS.decode(value.data))
    raise WireError(f"unknown extension {value.code}")


def _pack_arrays(fact: Any) -> Any:
    return _with_arrays(fact, _packed)


def _unpack_arrays(fact: Any) -> Any:
    return _with_arrays(fact, _unpacked)


def _with_arrays(fact: Any, change: Callable[[Any], Any]) -> Any:
    """The fact with its arrays changed: between arrays and their packed form."""
    replace = msgspec.structs.replace
    if isinstance(fact, ModelFacts):
        return replace(fact, layers=[replace(each, weights=list(map(change, each.weights))) for each in fact.layers])
    if isinstance(fact, FigureFacts):
        return replace(fact, axes=[_with_pictures(each, change) for each in fact.axes])
    return replace(fact, arrays=list(map(change, fact.arrays))) if isinstance(fact, Images) else fact


def _with_pictures(axes: AxesFacts, change: Callable[[Any], Any]) -> AxesFacts:
    replace = msgspec.structs.replace
    return replace(axes, pictures=[replace(each, pixels=change(each.pixels)) for each in axes.pictures])


def _packed(array: Array) -> bytes:
    if not can_travel(array):
        raise TypeError(f"an array of dtype {array.dtype} with {array.ndim} dimensions cannot travel")
    content = memoryview(np.ascontiguousarray(array).tobytes())
    return msgspec.msgpack.encode(_ArrayHead(array.dtype.name, list(array.shape), content))


def _unpacked(content: bytes | memoryview) -> Array:
    head = _HEADS.decode(content)
    if head.dtype not in DTYPES or len(head.shape) > MAX_NDIM or any(size < 0 for size in head.shape):
        raise WireError(f"array of dtype {head.dtype[:40]!r} and {len(head.shape)} dimensions is not allowed")
    dtype = np.dtype(head.dtype)
    if math.prod(head.shape) * dtype.itemsize != len(head.content):
        raise WireError("array whose shape and content disagree")
    return np.frombuffer(head.content, dtype).reshape(head.shape)


_FACTS = msgspec.msgpack.Decoder(Fact)
_HEADS = msgspec.msgpack.Decoder(_ArrayHead)
