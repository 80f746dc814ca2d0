import io
import tracemalloc

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.wire import coding, protocol
from grader.wire.protocol import Call, CellSource, ConnectionLost, Frame, Load, ProtocolError, Raised, Ready, Returned
from grader.wire.values import FunctionName, Handle, Images, Opaque
from tests.support.values import alike, arrays, decodable, over_the_wire, plain_values

MESSAGES = [
    Load([CellSource("x = 1", 1)]),
    Call("t", "f", [1, [2.5, None]], {"a": {"b": "ñ"}}, [(0, 1), (2, 3)], True),
    Call("t", "f", [], {}, [], eager=True),
    Ready({"python": "3"}, ["landlock"]),
    Returned("t", [1, "x"]),
    Raised("t", "ValueError", "no", [Frame(0, 3, "raise")], True),
]


def returned(ext):
    """The payload of an answer that holds one raw MessagePack object."""
    head = msgspec.msgpack.encode({"type": "Returned", "ticket": "t"})
    return bytes([head[0] + 1]) + head[1:] + b"\xa5value" + ext


def array_extension(dtype, shape, content):
    """The bytes of an array on the wire, right or wrong."""
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(coding.ARRAY, msgspec.msgpack.encode([dtype, shape, content])))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_messages_come_out_as_they_went_in(message):
    """Each kind of message survives the way."""
    received = protocol.decode(protocol.encode(message))

    assert received == message


@given(plain_values)
def test_plain_values_come_out_as_they_went_in(value):
    """None, booleans, numbers, texts, lists and dicts keep value, type and order, at any depth."""
    received = over_the_wire(value)

    assert alike(value, received)


@given(decodable)
def test_everything_decodable_comes_out_as_it_went_in(value):
    """Arrays and facts too, inside lists, dicts and other facts."""
    received = over_the_wire(value)

    assert alike(value, received)


@given(arrays)
def test_arrays_keep_dtype_shape_and_bytes(array):
    """Every allowed dtype, with no dimensions, with none of its elements, with NaN in it."""
    received = over_the_wire(array)

    assert alike(array, received)


@pytest.mark.parametrize("dtype", sorted(coding.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3), (1,) * 8])
def test_every_dtype_travels_in_every_shape(dtype, shape):
    """No combination of an allowed dtype and shape is lost."""
    array = np.ones(shape, dtype)

    received = over_the_wire(array)

    assert alike(array, received)


def test_fortran_order_and_strides_do_not_change_the_values():
    """An array that is not contiguous arrives with its elements in place."""
    matrix = np.arange(12.0).reshape(3, 4)

    received = [over_the_wire(view) for view in (np.asfortranarray(matrix), matrix[::-1, ::2], matrix.T)]

    assert [view.tolist() for view in received] == [matrix.tolist(), matrix[::-1, ::2].tolist(), matrix.T.tolist()]


@pytest.mark.parametrize(
    "array",
    [
        np.array([object()]),
        np.array(["text"]),
        np.array([1 + 2j]),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.array([(1, 2.0)], [("a", int), ("b", float)]),
        np.ones(3, ">f4"),
        np.ones((1,) * 9),
    ],
    ids=["object", "text", "complex", "date", "record", "big-endian", "nine dimensions"],
)
def test_other_arrays_do_not_travel(array):
    """What is not on the list of dtypes is refused where it starts, whatever it holds."""
    assert not coding.can_travel(array)
    with pytest.raises(TypeError):
        over_the_wire(array)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 3j, len], ids=lambda value: type(value).__name__)
def test_other_values_do_not_travel(value):
    """Neither alone nor inside others: what is left out would come out as None."""
    for each in (value, [value], {"a": value}):
        with pytest.raises(TypeError, match="cannot travel"):
            over_the_wire(each)


@pytest.mark.parametrize("scalar", [np.float32(0.5), np.int64(7), np.bool_(True)], ids=lambda scalar: scalar.dtype.name)
def test_scalars_of_numpy_are_pythons_numbers(scalar):
    """A mean is told like any other number."""
    received = over_the_wire([scalar])

    assert received == [scalar.item()]
    assert type(received[0]) is type(scalar.item())


@pytest.mark.parametrize(
    "extension",
    [
        array_extension("object", [1], bytes(8)),
        array_extension("|O", [1], bytes(8)),
        array_extension("U8", [1], bytes(32)),
        array_extension(">f4", [1], bytes(4)),
        array_extension("float32", [2], bytes(4)),
        array_extension("float32", [-1], bytes(4)),
        array_extension("float32", [-1, -1], bytes(4)),
        array_extension("float32", [2**62, 0], b""),
        array_extension("uint8", [2**63, 2], b""),
        array_extension("uint8", [1] * 9, b"x"),
        array_extension("uint8", "3", b"xyz"),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(7, b"x")),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(coding.FACT, b"\xc1")),
        msgspec.msgpack.encode({np.bool_(0).item(): 0} | {"k": msgspec.msgpack.Ext(coding.ARRAY, b"")}),
        b"\x81" + array_extension("uint8", [1], b"x") + b"\x01",
        b"\xdd\xff\xff\xff\xff\x01",
        b"\xdf\xff\xff\xff\xff\x01",
        b"\xc6\xff\xff\xff\xff\x01",
        b"\x91" * 200_000 + b"\x01",
    ],
    ids=[
        *("object", "object code", "text", "big-endian", "too little content", "negative", "two negatives", "overflow"),
        *("overflow in the product", "nine dimensions", "shape is a text", "unknown extension", "fact of garbage"),
        *("empty array", "array as a key", "4 G elements", "4 G pairs", "4 GB of bytes", "200,000 levels"),
    ],
)
def test_forbidden_values_are_protocol_errors(extension):
    """Dtypes off the list, shapes that lie, and announced sizes that would fill the memory are refused unbuilt."""
    payload = returned(extension)
    tracemalloc.start()

    try:
        with pytest.raises(ProtocolError):
            protocol.decode(payload)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 32 * 2**20


def test_what_a_dict_looks_like_never_makes_it_a_fact():
    """A student's dict with the fields of a fact stays a dict: facts are marked on the wire, not by their looks."""
    forged = {"type": "Handle", "handle": 0}

    assert over_the_wire([forged, Handle(0)]) == [forged, Handle(0)]


def test_facts_nest():
    """Facts keep their place in lists, dicts and arrays of other facts."""
    value = {"a": [Images([np.zeros(2)]), {"b": Opaque("x")}], "c": FunctionName("f")}

    assert alike(over_the_wire(value), value)


@given(st.binary(max_size=200))
def test_random_bytes_are_no_message(payload):
    """Whatever bytes come, decoding either gives a message or says ProtocolError."""
    try:
        message = protocol.decode(payload)
    except ProtocolError:
        return

    assert isinstance(message, protocol.Message)


@given(decodable, st.data())
def test_damaged_messages_are_protocol_errors_at_worst(value, data):
    """A message that was cut or had bytes changed gives a message or a ProtocolError, and nothing else."""
    payload = bytearray(protocol.encode(Returned("ticket", coding.to_wire(value))))
    for position in data.draw(st.lists(st.integers(0, len(payload) - 1), max_size=4)):
        payload[position] ^= data.draw(st.integers(1, 255))
    payload = payload[: data.draw(st.integers(0, len(payload)))]

    try:
        message = protocol.decode(bytes(payload))
    except ProtocolError:
        return

    assert isinstance(message, protocol.Message)


@given(st.binary(max_size=64))
@example(b"")
@example(protocol.HEADER.pack(3) + b"ab")
def test_random_streams_end_or_are_refused(stream):
    """Reading a frame from any bytes gives its payload, ConnectionLost or ProtocolError."""
    try:
        payload = protocol.receive(io.BytesIO(stream), limit=1000)
    except (ConnectionLost, ProtocolError):
        return

    assert stream[8:].startswith(payload)


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_frames_are_read_one_by_one(payloads):
    """What was sent arrives in order, and then the stream ends."""
    stream = io.BytesIO()
    for payload in payloads:
        protocol.send(stream, payload)
    stream.seek(0)

    received = [protocol.receive(stream, limit=100) for _ in payloads]

    assert received == payloads
    with pytest.raises(ConnectionLost):
        protocol.receive(stream, limit=100)


@pytest.mark.parametrize("length", [101, 2**31, 2**63, 2**64 - 1])
def test_a_frame_above_the_limit_is_refused_before_it_is_read(length):
    """The announced length decides; nothing is read or kept for it."""
    stream = io.BytesIO(protocol.HEADER.pack(length) + b"content")

    with pytest.raises(ProtocolError):
        protocol.receive(stream, limit=100)

    assert stream.tell() == protocol.HEADER.size


def test_an_announced_length_takes_no_memory_until_bytes_come():
    """A frame that promises 16 MB and sends three bytes costs the reader next to nothing."""
    stream = io.BytesIO(protocol.HEADER.pack(protocol.MAX_REPLY_BYTES) + b"abc")
    tracemalloc.start()

    try:
        with pytest.raises(ConnectionLost):
            protocol.receive(stream, protocol.MAX_REPLY_BYTES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * 2**20


def test_received_arrays_cannot_be_written():
    """Checks share what they received, so nothing may change it by accident."""
    received = over_the_wire(np.zeros(3))

    with pytest.raises(ValueError, match="read-only"):
        received[0] = 1
