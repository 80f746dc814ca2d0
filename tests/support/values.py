"""Values that a worker may send, drawn by hypothesis, and what becomes of them on the wire."""

import math

import msgspec
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.wire import coding, protocol
from grader.wire.protocol import Returned
from grader.wire.values import (
    AxesFacts,
    BarsFacts,
    FigureFacts,
    FunctionName,
    Handle,
    Images,
    LayerFacts,
    LineFacts,
    ModelFacts,
    Opaque,
    PictureFacts,
    Sight,
    Sizes,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
keys = st.text(max_size=8) | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False)
plain_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys, inner, max_size=6), max_leaves=15
)
arrays = hnp.arrays(st.sampled_from(sorted(coding.DTYPES)), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
texts, handles = st.text(max_size=20), st.integers(-3, 2**40)
numbers = st.lists(st.floats(), max_size=5)
layers = st.builds(
    LayerFacts,
    kind=texts,
    units=st.none() | st.integers(-5, 900),
    activation=st.none() | texts,
    kernel_initializer=st.none() | texts,
    bias_initializer=st.none() | texts,
    weights=st.lists(arrays, max_size=4),
)
reals = st.floats()
sights = st.builds(
    Sight,
    visible=st.booleans(),
    alpha=reals,
    size=reals,
    contrast=reals,
    within=reals,
    room=reals,
    pixels=handles,
    change=reals,
)
lines = st.builds(LineFacts, label=texts, x=numbers, y=numbers, sight=sights)
bars = st.builds(BarsFacts, left=numbers, bottom=numbers, width=numbers, height=numbers, sight=sights)
pictures = st.builds(PictureFacts, pixels=arrays, sight=sights)
axes = st.builds(
    AxesFacts,
    title=texts,
    xlabel=texts,
    ylabel=texts,
    legend=st.lists(texts, max_size=3),
    lines=st.lists(lines, max_size=3),
    bars=st.lists(bars, max_size=2),
    pictures=st.lists(pictures, max_size=2),
    texts=st.lists(texts, max_size=3),
    yscale=texts,
)
facts = (
    st.builds(ModelFacts, handle=handles, layers=st.lists(layers, max_size=3))
    | st.builds(FigureFacts, axes=st.lists(axes, max_size=3), texts=st.lists(texts, max_size=3), trouble=texts)
    | st.builds(Opaque, type_name=texts)
    | st.builds(Handle, handle=handles)
    | st.builds(FunctionName, name=texts)
    | st.builds(Images, arrays=st.lists(arrays, max_size=4))
    | st.builds(Sizes, items=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4))
)
decodable = st.recursive(
    scalars | arrays | facts,
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(keys, inner, max_size=7),
    max_leaves=12,
)


def over_the_wire(value):
    """The value as it comes out of the other side of a connection."""
    return protocol.decode(protocol.encode(Returned("ticket", coding.to_wire(value)))).value


def decode_value(raw):
    """The value that a worker sends when it writes this MessagePack by hand; a list is ["l", […]]."""
    head = msgspec.msgpack.encode({"type": "Returned", "ticket": "ticket"})
    return protocol.decode(bytes([head[0] + 1]) + head[1:] + b"\xa5value" + raw).value


def alike(first, second):
    """Whether two values are the same to the type, the bit and the order, tuples counting as lists."""
    if isinstance(first, tuple):
        first = list(first)
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return (first.dtype, first.shape, first.tobytes()) == (second.dtype, second.shape, second.tobytes())
    if isinstance(first, float):
        return (first == second and math.copysign(1, first) == math.copysign(1, second)) or (first != first != second)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(alike, first, second))
    if isinstance(first, dict):
        return alike(list(first), list(second)) and alike(list(first.values()), list(second.values()))
    if isinstance(first, msgspec.Struct):
        return all(alike(getattr(first, name), getattr(second, name)) for name in first.__struct_fields__)
    return first == second


def nested(depth, width=1):
    """Lists in lists."""
    value = 0
    for _ in range(depth):
        value = [value] * width
    return value
