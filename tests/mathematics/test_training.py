import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.lesson import ROOT
from grader.mathematics import losses, network
from grader.mathematics.training import Adam, Data, Descent, Recipe, train

KERAS = """
import json, sys
import keras, numpy as np

case = np.load(sys.argv[1])
data = [case[name] for name in ("x", "y", "x_val", "y_val")]
found = {}
for name, activation, output, loss, optimizer in (
    ("mse", "sigmoid", "softmax", "mse", keras.optimizers.Adam(0.01)),
    ("cross_entropy", "tanh", "softmax", "categorical_crossentropy", keras.optimizers.SGD(0.1)),
    ("momentum", "gelu", "softmax", "categorical_crossentropy", keras.optimizers.SGD(0.1, momentum=0.9)),
    ("binary", "relu", "sigmoid", "binary_crossentropy", keras.optimizers.Adam(0.01)),
):
    columns = slice(0, 1) if output == "sigmoid" else slice(None)
    weights = [case[f"w{i}"] for i in range(4)]
    weights[2:] = [weights[2][:, columns], weights[3][columns]]
    layers = [keras.layers.Dense(5, activation), keras.layers.Dense(weights[3].size, output)]
    model = keras.Sequential([keras.Input((6,)), *layers])
    model.set_weights(weights)
    model.compile(optimizer, loss, metrics=["accuracy"])
    x, y, x_val, y_val = data[0], data[1][:, columns], data[2], data[3][:, columns]
    history = model.fit(x, y, batch_size=len(x), epochs=4, verbose=0, validation_data=(x_val, y_val)).history
    found[name] = {key: history[key] for key in ("loss", "val_loss", "val_accuracy")}
print(json.dumps(found))
"""
CASES = {
    "mse": Recipe(Adam(0.01), losses.MSE, "sigmoid", 40),
    "cross_entropy": Recipe(Descent(0.1), losses.CROSS_ENTROPY, "tanh", 40),
    "momentum": Recipe(Descent(0.1, momentum=0.9), losses.CROSS_ENTROPY, "gelu", 40),
    "binary": Recipe(Adam(0.01), losses.BINARY_CROSS_ENTROPY, "relu", 40),
}


def flat(layers):
    """All parameters in one vector."""
    return np.concatenate([array.ravel() for layer in layers for array in layer])


@pytest.fixture(scope="module")
def case():
    """A network 6-5-3, forty examples of three classes to train on and thirty to measure on."""
    rng = np.random.default_rng(4)
    layers = network.new_network([5, 3], "he_normal", 6, rng)
    x, x_val = (rng.normal(size=(count, 6)).astype(np.float32) for count in (40, 30))
    y, y_val = (rows[:, :3].argmax(axis=1) for rows in (x, x_val))
    return layers, Data(x, y, x_val, y_val)


@pytest.fixture(scope="module")
def keras_says(case, tmp_path_factory):
    """The histories of the same trainings in Keras, each epoch one batch of everything."""
    layers, data = case
    path = tmp_path_factory.mktemp("training") / "case.npz"
    weights = {f"w{i}": array for i, array in enumerate(array for layer in layers for array in layer)}
    targets = {"y": losses.one_hot(data.y, 3), "y_val": losses.one_hot(data.y_val, 3)}
    np.savez(path, x=data.x, x_val=data.x_val, **targets, **weights)
    ran = subprocess.run(
        [sys.executable, "-c", KERAS, str(path)],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", CASES)
def test_trainings_agree_with_keras(name, case, keras_says):
    """From the same weights and with one batch per epoch, losses and accuracies are Keras' own."""
    layers, data = case
    if name == "binary":
        layers = [layers[0], (layers[1][0][:, :1], layers[1][1][:1])]
        y, y_val = ((labels == 0).astype(np.float32)[:, None] for labels in (data.y, data.y_val))
        data = Data(data.x, y, data.x_val, y_val)

    epochs = list(train(layers, data, CASES[name], 4, np.random.default_rng(1)))

    for key, values in keras_says[name].items():
        assert [getattr(epoch, key) for epoch in epochs] == pytest.approx(values, rel=2e-5), key


def test_each_epoch_goes_through_its_own_permutation(case):
    """One generator gives one order after the other, and each batch one step against its gradient."""
    layers, data = case
    rng, expected = np.random.default_rng(9), layers
    for _ in range(2):
        order = rng.permutation(40)
        for rows in (order[:32], order[32:]):
            steps = network.gradients(expected, data.x[rows], data.y[rows])
            expected = [(k - 0.1 * dk, b - 0.1 * db) for (k, b), (dk, db) in zip(expected, steps, strict=True)]

    *_, last = train(layers, data, Recipe(Descent(0.1)), 2, np.random.default_rng(9))

    assert flat(last.layers) == pytest.approx(flat(expected), abs=1e-6)


def test_batches_come_in_the_kits_order(keras_side, case):
    """The judge replays the very order in which the lesson's kit trains: six rows in batches of four, seed 77."""
    _, said = keras_side
    layers, data = case
    expected = layers
    for rows in said["order"]:
        steps = network.gradients(expected, data.x[rows], data.y[rows])
        expected = [(k - 0.5 * dk, b - 0.5 * db) for (k, b), (dk, db) in zip(expected, steps, strict=True)]
    six = Data(data.x[:6], data.y[:6], data.x_val, data.y_val)

    (epoch,) = train(layers, six, Recipe(Descent(0.5), batch_size=4), 1, np.random.default_rng(77))

    assert len(said["order"]) == 2
    assert flat(epoch.layers) == pytest.approx(flat(expected), abs=1e-6)


@given(st.integers(1, 40), st.integers(0, 2**40))
def test_every_row_is_seen_once_in_an_epoch(case, size, seed):
    """The loss of an epoch without steps is the loss of all rows, whatever the size and the order of the batches."""
    layers, data = case
    expected = losses.CROSS_ENTROPY.value(network.logits(layers, data.x), data.y)

    (found,) = train(layers, data, Recipe(Descent(0.0), batch_size=size), 1, np.random.default_rng(seed))

    assert found.loss == pytest.approx(expected, rel=1e-5)


def test_epochs_are_measured_on_the_validation_set(case):
    """By the network as it is after the epoch."""
    layers, data = case

    for epoch in train(layers, data, Recipe(Descent(0.3)), 3, np.random.default_rng(1)):
        assert (epoch.val_loss, epoch.val_accuracy) == network.evaluate(epoch.layers, data.x_val, data.y_val)


def test_epochs_keep_their_networks(case):
    """What comes later changes neither the network that a training starts from nor those of the epochs before."""
    layers, data = case
    before = flat(layers).copy()
    epochs = train(layers, data, Recipe(Adam(0.1), losses.MSE, batch_size=7), 2, np.random.default_rng(1))

    first = next(epochs)
    kept = flat(first.layers).copy()
    second = next(epochs)

    assert np.array_equal(flat(layers), before)
    assert np.array_equal(flat(first.layers), kept)
    assert not np.array_equal(flat(second.layers), kept)


@pytest.mark.parametrize("optimizer", [Adam(0.1), Descent(0.1, momentum=0.9)])
def test_nothing_is_remembered_from_one_training_to_the_next(case, optimizer):
    """Two trainings with one recipe come to the same."""
    layers, data = case
    ends = [list(train(layers, data, Recipe(optimizer), 2, np.random.default_rng(1)))[-1] for _ in range(2)]

    assert np.array_equal(flat(ends[0].layers), flat(ends[1].layers))


def test_training_is_in_float32(case):
    """As in Keras: float64 would hide what rounding does."""
    layers, data = case
    layers = [(kernel.astype(np.float64), bias.astype(np.float64)) for kernel, bias in layers]

    (epoch,) = train(layers, data, Recipe(Descent(0.1)), 1, np.random.default_rng(1))

    assert {array.dtype for layer in epoch.layers for array in layer} == {np.dtype(np.float32)}
