"""A homework's file as an honest student hands it in, trained in a moment on fewer images than the protocol's."""

import numpy as np

from data.checkpoints import Recorder
from data.homework import homework_seed
from grader.checks.lesson_108_initialization.homework_file import images
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.mathematics import network
from grader.mathematics.training import Data, train
from tests.support.files import STUDENT

ROWS = 3000


def flat(layers):
    """Weights in get_weights() order."""
    return [np.asarray(array, np.float32) for layer in layers for array in layer]


def drawn(name):
    """What stands for Keras' draw of a network's initial weights."""
    return network.new_network(PROTOCOL.units, name, 784, np.random.default_rng(PROTOCOL.initializers.index(name)))


def honest_claims(x, y):
    """Arrays and histories: drawn, trained, measured."""
    arrays, histories = {}, {}
    for name in PROTOCOL.initializers:
        steps = [drawn(name)]
        data, seed = Data(x, y, *images.validation_images()), homework_seed(STUDENT)
        epochs = list(train(steps[0], data, PROTOCOL.recipe, PROTOCOL.epochs, np.random.default_rng(seed)))
        steps += [epoch.layers for epoch in epochs]
        arrays |= members(name, steps)
        losses, accuracies = [each.val_loss for each in epochs], [each.val_accuracy for each in epochs]
        histories[name] = {"val_loss": losses, "loss": losses, "val_accuracy": accuracies, "accuracy": accuracies}
    return arrays, histories


def members(name, steps):
    """A network's members of the file: its weights before the first epoch and after each one."""
    recorder = Recorder(flat(steps[0]))
    for layers in steps[1:]:
        recorder.add(flat(layers))
    changes = recorder.changes
    found = {f"{name}/codes/{i}": codes for i, codes in enumerate(changes.codes)} | {f"{name}/steps": changes.steps}
    for stage, layers in (("initial", steps[0]), ("final", steps[-1])):
        found |= {f"{name}/{stage}/{i}": array for i, array in enumerate(flat(layers))}
    return found
