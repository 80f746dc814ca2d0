"""What the worker does with a call, in this process and with the real Keras."""

import functools

import numpy as np
import pytest

from grader.wire import protocol
from grader.wire.protocol import Call, CellSource, Raised, Returned
from grader.wire.values import Sizes
from grader.worker import serving

CODE = """
import keras
import numpy as np
import tensorflow as tf

def train(seed, rate=0.1):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(7, "relu"), keras.layers.Dense(3, "softmax")])
    model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(seed).normal(size=(64, 5)).astype("float32")
    model.fit(x, np.arange(64) % 3, batch_size=8, epochs=2, verbose=0)
    return model.get_weights()

def is_eager():
    return tf.config.functions_run_eagerly()

def fails():
    raise ValueError("no")
"""


@pytest.fixture(scope="module")
def notebook():
    """A worker's notebook with the functions above."""
    serving.preload()
    made = serving.StudentModule()
    made.load([CellSource(CODE, 1)])
    return made


def ask(notebook, function, *args, eager):
    """The worker's reply to a call of a function."""
    call = Call("t", function, list(args), {}, [(0, index) for index in range(6)], eager=eager)
    return protocol.decode(protocol.encode(notebook.call(call)))


def test_an_eager_training_ends_with_the_weights_of_a_compiled_one(notebook):
    """Running step by step saves the graph and changes nothing but rounding."""
    eager, compiled = (ask(notebook, "train", 3, eager=wanted).value for wanted in (True, False))

    for one, other in zip(eager, compiled, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("function", ["is_eager", "fails"])
def test_eager_ends_with_its_call(notebook, function):
    """The next call is compiled again, also after one that raised."""
    first = ask(notebook, function, eager=True)
    second = ask(notebook, "is_eager", eager=False)

    assert isinstance(first, Raised) or first.value is True
    assert isinstance(second, Returned)
    assert second.value is False


def value_of(source, *args):
    """What f returns in a notebook of this one cell, all of whose statements run."""
    made = serving.StudentModule()
    made.load([CellSource(source, 1)])
    needs = [(0, index) for index in range(len(made.cells[0]))]
    return protocol.decode(protocol.encode(made.call(Call("t", "f", list(args), {}, needs)))).value


def test_annotations_of_the_future_hold_in_every_statement():
    """A class may name in an annotation what is not there."""
    source = "from __future__ import annotations\nclass A:\n    x: Absent\ndef f(): return A.__annotations__['x']"

    assert value_of(source) == "Absent"


def test_display_is_there_and_does_nothing():
    """Notebooks have it without an import."""
    assert value_of("def f(): return display(1, raw=True)") is None


def test_a_tuple_arrives_as_a_tuple():
    """The shape that a check passes is what the lesson calls with."""
    assert value_of("def f(shape): return isinstance(shape, tuple) and sum(shape[:-1] + (1,))", Sizes([2, 3, 4])) == 6


@pytest.mark.parametrize("wrapped", [lambda f: f, functools.partial, lambda f: functools.partial(functools.partial(f))])
def test_other_strings_reach_a_function_in_any_dress(wrapped):
    """with_parity changes what make_parity gives a function, a partial of it too, and puts the student's own back."""
    from grader.worker import tools

    space = {"make_parity": "the student's"}
    exec("def parity_scaling(bits):\n    return make_parity(bits, 2, 7)", space)  # noqa: S102 - two lines of this test
    tables = {3: [np.eye(3), np.arange(3)]}

    x, y = tools.with_parity(wrapped(space["parity_scaling"]), tables, 3)

    assert (x.shape, y.tolist()) == ((2, 3), [0, 1])
    assert space["make_parity"] == "the student's"


def test_normal_weights_are_those_of_a_network_built_after_the_seed():
    """Each layer has an initializer of its own, and the seed decides both."""
    import keras

    from grader.worker import tools

    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((5,))])
    for units in (4, 3):
        model.add(keras.layers.Dense(units, kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)))

    drawn = tools.normal_weights(7, [5, 4, 3], 1.0, is_shared=False)
    shared = tools.normal_weights(7, [5, 4, 3], 1.0, is_shared=True)

    assert all(np.array_equal(a, b) for a, b in zip(drawn, model.get_weights(), strict=True))
    assert [np.array_equal(a, b) for a, b in zip(drawn, shared, strict=True)] == [True, True, False, True]
