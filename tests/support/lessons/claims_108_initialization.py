"""A homework's file as an honest student hands it in, trained in a moment on fewer images than the protocol's."""

import numpy as np

from grader.checks.lesson_108_initialization import homework, images
from grader.checks.lesson_108_initialization.protocol import PROTOCOL
from grader.mathematics import network
from grader.mathematics.training import Data, Descent, Recipe, train

ROWS = 3000
GLOROT_LOSS, HE_LOSS = 0.84, 0.66  # what twenty epochs of the protocol reach, about


def flat(layers):
    """Weights in get_weights() order."""
    return [np.asarray(array, np.float32) for layer in layers for array in layer]


def honest_claims(x, y):
    """Weights and histories: drawn, trained, measured. Glorot is trained less than He."""
    weights, histories = {}, {}
    for index, name in enumerate(PROTOCOL.initializers):
        start = network.new_network(PROTOCOL.units, name, 784, np.random.default_rng(index))
        first = homework.first_epoch(start, Data(x, y, *images.validation_images()), 3).layers
        last = trained_until(first, x, y, GLOROT_LOSS if name == "glorot_uniform" else HE_LOSS)
        losses = [network.evaluate(layers, *images.validation_images()) for layers in (first, last)]
        columns = {"val_loss": 0, "val_accuracy": 1, "loss": 0, "accuracy": 1}
        histories[name] = {key: [losses[0][i]] + [losses[1][i]] * 19 for key, i in columns.items()}
        for stage, layers in (("initial", start), ("final", last)):
            weights |= {f"{name}/{stage}/{i}": array for i, array in enumerate(flat(layers))}
    return weights, histories


def trained_until(layers, x, y, loss):
    """A network trained by small steps until its validation loss is below ``loss``."""
    data = Data(x, y, *images.validation_images())
    recipe = Recipe(Descent(0.05), batch_size=64)
    for epoch in train(layers, data, recipe, 30, np.random.default_rng(0)):
        if epoch.val_loss < loss:
            return epoch.layers
    raise AssertionError("the fixture's network does not learn")
