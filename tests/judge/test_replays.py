"""Histories held to the training they tell of."""

from dataclasses import replace

import numpy as np
import pytest

from grader.judge.check import Mismatch
from grader.judge.replays import Replay, expect_replay, explained, usual_mistakes
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.training import Data, Descent, Recipe

RNG = np.random.default_rng(3)
DATA = Data(
    RNG.normal(size=(70, 6)).astype(np.float32),
    RNG.integers(0, 4, 70),
    RNG.normal(size=(30, 6)).astype(np.float32),
    RNG.integers(0, 4, 30),
)
REPLAY = Replay(network.new_network([12, 4], "he_normal", 6, RNG), DATA, Recipe(Descent(0.1)), seed=5)


def history(replay, epochs=2):
    """What a student who trains so would return."""
    trained = list(replay.epochs(epochs))
    return {key: [getattr(epoch, key) for epoch in trained] for key in ("val_loss", "val_accuracy")}


def expect(found):
    """Hold a history to the training, with no hint."""
    expect_replay(found, REPLAY, "train(…)", 2, lambda _: Text(""))


def test_the_training_itself_passes():
    """A history of the same weights, batches and steps, with another network's object."""
    expect(history(replace(REPLAY, layers=[(kernel.copy(), bias.copy()) for kernel, bias in REPLAY.layers])))


@pytest.mark.parametrize(
    "other",
    [
        replace(REPLAY, seed=6),
        replace(REPLAY, recipe=Recipe(Descent(0.11))),
        replace(REPLAY, recipe=Recipe(Descent(0.1), batch_size=35)),
        replace(REPLAY, layers=network.new_network([12, 4], "he_normal", 6, np.random.default_rng(4))),
    ],
    ids=["order", "rate", "batch", "weights"],
)
def test_another_training_fails(other):
    """Order, rate, batch size and start are all seen in val_loss."""
    with pytest.raises(Mismatch, match="val_loss"):
        expect(history(other))


@pytest.mark.parametrize(("key", "value"), [("val_loss", float("nan")), ("val_loss", 1.4), ("val_accuracy", 0.9)])
def test_one_wrong_number_in_the_last_epoch_fails(key, value):
    """Every replayed epoch is looked at, losses and accuracies."""
    found = history(REPLAY)
    found[key][-1] = value

    with pytest.raises(Mismatch) as raised:
        expect(found)

    assert f"epoch 2, {key}" in raised.value.text.render(str)


def test_the_mistake_that_gives_the_number_is_named():
    """Momentum is found among the usual mistakes by the first val_loss; what none explains is not called one."""
    momentum = replace(REPLAY, recipe=Recipe(Descent(0.1, momentum=0.9)))
    otherwise = T("something else")

    said, unknown = (
        explained(loss, usual_mistakes(REPLAY, (0.01,), (42,)), otherwise).render(str)
        for loss in (history(momentum)["val_loss"][0], 9.9)
    )

    assert said == " Your value is that of SGD with momentum."
    assert unknown == "something else"
