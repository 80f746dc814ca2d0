import json
import os
import subprocess
import sys

import numpy as np
import pytest
from fakes import ROOT

from grader import losses, network, training

KERAS = """
import json, sys
import keras, numpy as np

case = np.load(sys.argv[1])
data = [case[name] for name in ("x", "y", "x_val", "y_val")]
found = {}
for name, activation, output, loss, optimizer in (
    ("mse", "sigmoid", "softmax", "mse", keras.optimizers.Adam(0.01)),
    ("cross_entropy", "tanh", "softmax", "categorical_crossentropy", keras.optimizers.SGD(0.1)),
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
    "mse": ("sigmoid", losses.MSE, lambda: training.Adam(0.01)),
    "cross_entropy": ("tanh", losses.CROSS_ENTROPY, lambda: training.Descent(0.1)),
    "binary": ("relu", losses.BINARY_CROSS_ENTROPY, lambda: training.Adam(0.01)),
}


@pytest.fixture(scope="module")
def case():
    """A network 6-5-3, forty examples of three classes to train on and thirty to measure on."""
    rng = np.random.default_rng(4)
    layers = network.new_network([5, 3], "he_normal", 6, rng)
    x, x_val = (rng.normal(size=(count, 6)).astype(np.float32) for count in (40, 30))
    y, y_val = (losses.one_hot(rows[:, :3].argmax(axis=1), 3) for rows in (x, x_val))
    return layers, training.Data(x, y, x_val, y_val)


@pytest.fixture(scope="module")
def keras_says(case, tmp_path_factory):
    """The histories of the same trainings in Keras, each epoch one batch of everything."""
    layers, data = case
    path = tmp_path_factory.mktemp("training") / "case.npz"
    weights = {f"w{i}": array for i, array in enumerate(array for layer in layers for array in layer)}
    np.savez(path, x=data.x, y=data.y, x_val=data.x_val, y_val=data.y_val, **weights)
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
    activation, loss, step = CASES[name]
    layers, data = case
    if name == "binary":
        layers = [layers[0], (layers[1][0][:, :1], layers[1][1][:1])]
        data = training.Data(data.x, data.y[:, :1], data.x_val, data.y_val[:, :1])
    options = {"batch_size": 40, "epochs": 4, "activation": activation, "rng": np.random.default_rng(1)}

    history = training.train(layers, data, loss, step(), **options)

    for key, values in keras_says[name].items():
        assert history[key] == pytest.approx(values, rel=2e-5), key


def test_training_leaves_the_network_that_it_starts_from(case):
    """Several trainings start from the same weights."""
    layers, data = case
    before = [array.copy() for layer in layers for array in layer]
    options = {"batch_size": 7, "epochs": 2, "rng": np.random.default_rng(1)}

    training.train(layers, data, losses.MSE, training.Adam(0.1), **options)

    after = [array for layer in layers for array in layer]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_every_row_is_seen_once_in_an_epoch(case):
    """The loss of an epoch without steps is the loss of all rows, whatever the size of the batches."""
    layers, data = case
    logits = network.logits(layers, data.x)
    options = {"epochs": 1, "rng": np.random.default_rng(1)}

    for batch_size in (1, 7, 40, 100):
        found = training.train(
            layers, data, losses.CROSS_ENTROPY, training.Descent(0.0), batch_size=batch_size, **options
        )

        assert found["loss"] == pytest.approx([losses.CROSS_ENTROPY.value(logits, data.y)], rel=1e-5)
