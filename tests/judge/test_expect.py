import math
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings

from data.homework import HISTORY_KEYS
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Unanswered
from grader.language.messages import Text, translator
from grader.wire.values import FigureFacts, Opaque
from tests.support.students import AnyStudent, FakeStudent
from tests.support.values import decodable, decode_value, nested, over_the_wire

COMPARISONS = {
    "number": lambda v: expect.number(v, "x"),
    "close": lambda v: expect.close(v, 0.5, "x", hints=[(2.0, Text("hint"))]),
    "close to zero": lambda v: expect.close(v, 0.0, "x", hints=[(0.0, Text("hint"))]),
    "sequence": lambda v: expect.sequence(v, 2, "x"),
    "numbers of a sequence": lambda v: [expect.number(item, "x") for item in expect.sequence(v, 2, "x")],
    "mapping": lambda v: expect.mapping(v, ("a", "b"), "x"),
    "array": lambda v: expect.array(v, None, "x"),
    "array of a shape": lambda v: expect.array(v, (2, 3), "x"),
    "arrays": lambda v: expect.arrays(v, "x"),
    "same": lambda v: expect.same(expect.array(v, None, "x"), np.ones(np.shape(v)), "x"),
    "history": lambda v: curves.expect_history(v, 2, "x"),
    "history of a list": lambda v: curves.expect_history(dict.fromkeys(HISTORY_KEYS, v), 2, "x"),
    "figure": lambda v: expect.figure(v, "x"),
    "model": lambda v: expect.model(v, "x"),
    "raises": lambda v: expect.raises(AnyStudent(v), "ValueError", "f", 1, answering=(2,)),
    "raises with arguments": lambda v: expect.raises(AnyStudent(1), "ValueError", "f", v, answering=(v,)),
}

LEVELS = 150
DEEP = {
    "lists": decode_value(b"\x92\xa1l\x91" * LEVELS + b"\x00"),
    "dicts": decode_value(b"\x93\xa1d\x91\x00\x91" * LEVELS + b"\x00"),
}


def complaint(compare, value):
    """What the mismatch says, if the comparison raises one."""
    try:
        compare(value)
    except Mismatch as mismatch:
        return mismatch.text
    return None


def said(mismatch):
    """The message in English."""
    return mismatch.value.text.render(translator("en"))


@pytest.mark.parametrize("compare", COMPARISONS.values(), ids=COMPARISONS)
@settings(max_examples=25)
@given(value=decodable)
@example(value=np.full((2, 3), 1.7e308))
@example(value=[2**64 - 1, -1])
@example(value=nested(5, 7))
@example(value=np.zeros((2, 0)))
@example(value=[10**19, 1.7e308])
def test_any_answer_is_accepted_or_a_mismatch(compare, value):
    """No value that a worker can send makes a comparison fail in another way, and every message can be shown."""
    text = complaint(compare, value)

    assert text is None or (text.render(translator("en")) and text.render(translator("es")))


@pytest.mark.parametrize("compare", COMPARISONS.values(), ids=COMPARISONS)
@pytest.mark.parametrize("deep", DEEP.values(), ids=DEEP)
def test_deep_answers_are_a_mismatch_too(compare, deep):
    """Nesting that no honest worker sends, and that decodes, is compared like anything else."""
    text = complaint(compare, deep)

    assert text is None or len(text.render(translator("en"))) < 1000


@pytest.mark.parametrize("deep", DEEP.values(), ids=DEEP)
def test_deep_values_are_shown_short(deep):
    """A thousand brackets help nobody."""
    assert 0 < len(expect.show(deep)) <= 200


@given(decodable)
@example(nested(5, 7))
@example(["x" * 10_000] * 6)
@example({"x" * 1000: 1, "\x1b[31m": 2})
@example(Opaque("a\nb\x1b[2J"))
@example(Opaque("\u202e" * 100))
def test_values_are_shown_short_and_clean(value):
    """One line of at most 200 characters without controls, whatever the value."""
    shown = expect.show(value)

    assert 0 < len(shown) <= 200
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (0.1 + 0.2, "0.3"),
        ("ñ", "'ñ'"),
        ([1, 2.5], "[1, 2.5]"),
        (list(range(6)), "[0, 1, 2, 3, 4, 5]"),
        (list(range(7)), "[0, 1, 2, 3, 4, 5, …]"),
        ([[[[1]]]], "[[[…]]]"),
        ({"a": 1}, "{'a'}"),
        (dict.fromkeys(range(6)), "{0, 1, 2, 3, 4, 5}"),
        (dict.fromkeys(range(7)), "{0, 1, 2, 3, 4, 5, …}"),
        (np.zeros((32, 10)), "array (32, 10)"),
        (Opaque("Tensor"), "<Tensor>"),
        (FigureFacts([]), "<Figure>"),
    ],
)
def test_values_are_shown_as_students_know_them(value, shown):
    """Shapes as tuples, types by their names, numbers with six digits."""
    assert expect.show(value) == shown


@pytest.mark.parametrize(
    "value",
    [3, 3.0, np.array(3), np.array(3.0, np.float32), over_the_wire(np.float32(3))],
    ids=["int", "float", "0-d int", "0-d float32", "scalar"],
)
def test_numbers_come_in_many_types(value):
    """Integers, floats and arrays without dimensions are numbers."""
    assert expect.number(value, "x") == 3.0


@pytest.mark.parametrize("value", [True, None, "3", [3], math.nan, math.inf, np.array([3]), np.array(True), b"3", 3j])
def test_other_things_are_no_numbers(value):
    """Booleans, texts, lists, NaN and infinity are not."""
    with pytest.raises(Mismatch):
        expect.number(value, "x")


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "int64", "uint8"])
def test_arrays_are_sequences_of_numbers(dtype):
    """A student may return an array where a list is asked for, whatever its dtype."""
    elements = expect.sequence(over_the_wire(np.array([1, 2], dtype)), 2, "x")

    assert [expect.number(element, "x") for element in elements] == [1.0, 2.0]


def test_histories_may_hold_arrays():
    """Four arrays of float32 are as good as four lists of floats."""
    value = over_the_wire({key: np.array([0.25, 0.5], np.float32) for key in HISTORY_KEYS})

    assert curves.expect_history(value, 2, "x")["loss"] == [0.25, 0.5]


@pytest.mark.parametrize(
    "change",
    [
        {"loss": [1.0]},
        {"loss": [1.0, math.nan]},
        {"loss": [1.0, "1"]},
        {"loss": 1.0},
        {"accuracy": [0.5, 1.1]},
        {"val_accuracy": [-0.1, 0.5]},
        {"val_loss": None},
    ],
)
def test_histories_must_be_whole(change):
    """Wrong lengths, NaN, texts and accuracies beyond [0, 1] are mismatches."""
    right = {key: [0.5, 0.5] for key in HISTORY_KEYS}

    assert curves.expect_history(right, 2, "x") == right
    with pytest.raises(Mismatch):
        curves.expect_history(right | change, 2, "x")


@pytest.mark.parametrize("factor", [1.0, 1 + 9e-5, 1 - 9e-5])
def test_close_numbers_are_close(factor):
    """Up to one part in ten thousand."""
    expect.close(0.02 * factor, 0.02, "x")


@pytest.mark.parametrize("value", [0.02 * (1 + 2e-4), 0.02 * (1 - 2e-4), -0.02, 0, 1e300])
def test_other_numbers_are_not(value):
    """Beyond the tolerance, on either side, or with the other sign."""
    with pytest.raises(Mismatch):
        expect.close(value, 0.02, "x")


def test_the_hint_of_a_known_mistake_is_given():
    """A wrong value that has a name is called by it; another one gets no hint."""
    hints = [(4.0, Text(" Squared.")), (1.0, Text(" Halved."))]

    with pytest.raises(Mismatch) as known:
        expect.close(4.0, 2.0, "f(2)", hints=hints)
    with pytest.raises(Mismatch) as unknown:
        expect.close(7.0, 2.0, "f(2)", hints=hints)

    assert said(known) == "`f(2)`: expected 2, received 4. Squared."
    assert said(unknown) == "`f(2)`: expected 2, received 7."


def test_arrays_are_the_same_up_to_rounding_of_their_scale():
    """Float32 rounding of the largest element is nothing; a tenth of a percent more is."""
    expected = np.array([1000.0, 0.001, -3.0])

    expect.same(expected.astype(np.float32).astype(np.float64), expected, "x")
    expect.same(np.zeros((0, 3)), np.zeros((0, 3)), "x")
    with pytest.raises(Mismatch):
        expect.same(expected + np.array([0, 0, 1.1]), expected, "x")


def test_nothing_is_the_same_as_what_the_judge_cannot_compute():
    """An expected value that is NaN or infinite accepts no answer."""
    for impossible in (math.nan, math.inf):
        expected = np.array([1.0, impossible, 1.0])

        with pytest.raises(Mismatch):
            expect.same(np.ones(3), expected, "x")


@pytest.mark.parametrize("value", [[1, 2], np.array([1, 2], np.uint8), np.array([1, 2], np.float16)])
def test_lists_of_numbers_are_arrays(value):
    """The result is float64, of the shape asked for."""
    received = expect.array(value, (2,), "x")

    assert received.dtype == np.float64
    assert received.tolist() == [1, 2]


@pytest.mark.parametrize(
    "value",
    [[], [1, "2"], [True, False], np.array([True]), np.array([math.nan]), np.array([math.inf]), np.zeros(3), 5, None],
)
def test_what_is_no_array_of_that_shape_is_a_mismatch(value):
    """Empty lists, booleans, NaN, infinities and other shapes."""
    with pytest.raises(Mismatch):
        expect.array(value, (2,), "x")


def test_raises_wants_the_error_that_it_names():
    """The right error passes, returning is a mismatch, and another error stays what it is."""

    def refuse(error):
        def function(*args):
            if args != (2,):
                raise error
            return 3

        return function

    student = FakeStudent(
        {
            "right": refuse(ValueError("x")),
            "other": refuse(KeyError("x")),
            "none": lambda *_: 3,
            "nothing": lambda *_: None,
        }
    )

    expect.raises(student, "ValueError", "right", 1, answering=(2,))
    with pytest.raises(Mismatch) as returned:
        expect.raises(student, "ValueError", "none", "a", 1, answering=(2,))
    with pytest.raises(Mismatch, match="should return a value"):
        expect.raises(student, "ValueError", "nothing", 1, answering=(2,))
    with pytest.raises(Unanswered):
        expect.raises(student, "ValueError", "other", answering=(2,))

    assert said(returned) == "`none('a', 1)` should raise ValueError; it returned 3."


def test_a_function_that_always_raises_refuses_nothing():
    """The error counts only where the function answers what it should answer."""

    def always(*_):
        raise ValueError("x")

    with pytest.raises(Unanswered):
        expect.raises(FakeStudent({"f": always}), "ValueError", "f", 1, answering=(2,))
