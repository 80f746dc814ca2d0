"""What proves a homework's training, at what cost, and which forgeries it finds, for docs/proof.md.

Homeworks are trained in NumPy by the protocol, from initial weights and a seed of their own. A forger knows the whole
honest training here and leaves out a part of each epoch; what each way would have cost is said beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks import calibration
from data.checkpoints import Recorder
from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file import proof
from grader.checks.lesson_108_initialization.homework_file.images import training_images, validation_images
from grader.checks.lesson_108_initialization.homework_file.measured import measured
from grader.checks.lesson_108_initialization.homework_file.proof import Stretch
from grader.checks.lesson_108_initialization.homework_file.protocol import INPUTS, PROTOCOL
from grader.lesson import ROOT
from grader.mathematics import network
from grader.mathematics.training import Data, Descent, train
from grader.randomness import Generator

DOCUMENT = ROOT / "docs" / "proof.md"
Steps = list[network.Layers]


@dataclass(frozen=True)
class Trained:
    """A network with its weights before the first epoch and after each one, and the seed of its batches."""

    name: str
    seed: int
    steps: Steps


@dataclass(frozen=True)
class Forgery:
    """Where a forger says that an epoch leads, and which share of the training this costs."""

    what: str
    cost: float
    after: Callable[[Trained, int], network.Layers]


def trained(name: str, seed: int) -> Trained:
    """A network trained by the protocol."""
    start = network.new_network(PROTOCOL.units, name, INPUTS, np.random.default_rng([seed, len(name)]))
    epochs = train(start, _data(), PROTOCOL.recipe, PROTOCOL.epochs, np.random.default_rng(seed))
    return Trained(name, seed, [start, *(epoch.layers for epoch in epochs)])


def _data() -> Data:
    x, y = validation_images()
    return Data(*training_images(), x[:1], y[:1])


def stretches(steps: Steps, name: str) -> Iterator[Stretch]:
    """The epochs as a file tells them: weights rounded to the codes of their changes."""
    recorder = Recorder(_arrays(steps[0]))
    for layers in steps[1:]:
        recorder.add(_arrays(layers))
    told = [network.pairs(weights) for weights in recorder.changes.checkpoints(_arrays(steps[0]))]
    for epoch, (before, after) in enumerate(pairwise(told)):
        yield Stretch(name, epoch, before, after, recorder.changes.rounding(epoch))


def _arrays(layers: network.Layers) -> list[Array]:
    return [array for layer in layers for array in layer]


def _blend(first: network.Layers, second: network.Layers, share: float) -> network.Layers:
    mixed = zip(_arrays(first), _arrays(second), strict=True)
    return network.pairs([np.float32(1 - share) * a + np.float32(share) * b for a, b in mixed])


def _interpolated(length: int) -> Callable[[Trained, int], network.Layers]:
    def after(work: Trained, epoch: int) -> network.Layers:
        return _blend(work.steps[epoch], work.steps[min(epoch + length, PROTOCOL.epochs)], 1 / length)

    return after


def _extrapolated(work: Trained, epoch: int) -> network.Layers:
    return _blend(work.steps[max(epoch - 1, 0)], work.steps[epoch], 2.0)


def _epoch(work: Trained, epoch: int, rows: float, rate: float, rng: Generator) -> network.Layers:
    data = _data()
    chosen = rng.permutation(len(data.x))[: int(rows * len(data.x))]
    recipe = replace(PROTOCOL.recipe, optimizer=Descent(rate * PROTOCOL.learning_rate))
    part = replace(data, x=data.x[chosen], y=data.y[chosen])
    return next(train(work.steps[epoch], part, recipe, 1, rng)).layers


FORGERIES = (
    Forgery("nothing is trained: each epoch moves by what the one before did", 0.0, _extrapolated),
    Forgery("one epoch in two, the other interpolated", 0.5, _interpolated(2)),
    Forgery("one epoch in four, the others interpolated", 0.25, _interpolated(4)),
    Forgery("half of the images, twice the rate", 0.5, lambda w, e: _epoch(w, e, 0.5, 2.0, np.random.default_rng(e))),
    Forgery("a quarter of the images", 0.25, lambda w, e: _epoch(w, e, 0.25, 4.0, np.random.default_rng(e))),
    Forgery("all images in another order (`fit`)", 1.0, lambda w, e: _epoch(w, e, 1.0, 1.0, np.random.default_rng(e))),
)


def forged(work: Trained, forgery: Forgery, epoch: int) -> Stretch:
    """An epoch that begins where the honest one did and leads where the forger says."""
    steps = [work.steps[epoch], forgery.after(work, epoch)]
    return replace(next(stretches(steps, work.name)), epoch=epoch)


def _row(works: list[list[Trained]], forgery: Forgery, every: int) -> str:
    epochs = range(1, PROTOCOL.epochs, every)
    shares, sizes = [], []
    for homework in works:
        found = []
        for work in homework:
            told = [proof.missed_by(forged(work, forgery, epoch), work.seed) for epoch in epochs]
            sizes += [missed for missed, _ in told]
            found.append(mean(missed > limit for missed, limit in told))
        shares.append(1 - prod(1 - share for share in found))
    return f"| {forgery.what} | {forgery.cost:.0%} | {min(sizes):.3f} … {max(sizes):.3f} | {min(shares):.1%} |"


def document(homeworks: int, every: int) -> str:
    """The page: honest files, costs, forgeries."""
    began = time.process_time()
    works = [[trained(name, seed) for name in PROTOCOL.initializers] for seed in range(homeworks)]
    training = (time.process_time() - began) / homeworks
    honest = [
        proof.missed_by(stretch, work.seed)
        for homework in works
        for work in homework
        for stretch in stretches(work.steps, work.name)
    ]
    verifying = _cost(works[0])
    return TEMPLATE.format(
        homeworks=homeworks,
        epochs=len(honest),
        low=min(honest)[0],
        high=max(honest)[0],
        refused=sum(missed > limit for missed, limit in honest),
        slack=proof.MISSED,
        training=training,
        verifying=verifying,
        share=verifying / training,
        rows="\n".join(_row(works, forgery, every) for forgery in FORGERIES),
        every=every,
    )


def _cost(homework: list[Trained]) -> float:
    """CPU seconds of looking at every claim and of one epoch of each network."""
    told = [list(stretches(work.steps, work.name)) for work in homework]
    began = time.process_time()
    for each, work in zip(told, homework, strict=True):
        proof.missed_by(each[PROTOCOL.epochs // 2], work.seed)
        for stretch in each:
            measured(stretch.after)
    return time.process_time() - began


TEMPLATE = """# The homework's training as a proof

Written by `python -m benchmarks.homework.proof`; do not edit.

A homework's file holds the weights of three networks before and after training, and how they changed in each of the 20
epochs, in 8 bits. From the weights before an epoch and the seed of the batches, one epoch of SGD leads to one place up
to rounding, so whoever did not train the epoch does not know it. Per run the grader draws an epoch of each network,
trains it again from the file's own weights and compares the *movement*; `--homework replay` does so for all 60. That
the weights are those of the student follows from the seed: it is made of the student's identifier, and the initial
weights must be what Keras draws with it, which a process that never sees student code draws again. Every `val_loss` and
`val_accuracy` of the histories is held to the weights of its epoch; images whose two best logits are nearer than 0.01
may count either way.

Proof of learning: Jia et al., IEEE S&P 2021. That bounds must be relative to the movement, and epochs drawn and not
chosen by the size of their steps: Fang et al., EuroS&P 2023.

## Honest files

Homeworks trained in NumPy: {homeworks}, with {epochs} epochs, each trained again. The movement is missed by {low:.4f}
to {high:.4f} of its size, which is what rounding to 8 bits makes (the bound: {slack} beside the expected rounding).
**{refused} of {epochs} epochs refused.**

## Cost

| | CPU-s |
|---|---|
| training in NumPy | {training:.1f} |
| one epoch of each network, and all claims | {verifying:.1f} |
| ratio | {share:.1%} |

## Forgeries

Each begins every epoch where the honest training does, which no forger can: what is found here is found all the more in
a file. "Missed" is over one epoch in {every}; the last column is the chance that three drawn epochs, one of each
network, find it, in the homework where it is smallest.

| what the forger does | of the training's cost | movement missed by | found by three epochs |
|---|---|---|---|
{rows}

A forger who trains a share of the epochs of each network honestly and leaves out the others, where leaving out is
always seen, passes three drawn epochs with the product of the three shares; with half of the work in all, that is at
most 1/8.

## What is not proved

- That the student's own code trained, or the student's own machine.
- That the batches came in the order of `kit.train`, in epochs where another order moves less than the bound: the first
  ones. Where it moves more, a training by `fit` is refused; `kit.save_homework` says so before.
- Trainings in mixed precision, with TF32 products, by JAX or by torch were not measured here.
"""


def main() -> None:
    """Write docs/proof.md."""
    parser = calibration.options(Path(DOCUMENT))
    parser.set_defaults(seeds=2)
    parser.add_argument("--every", type=int, default=6, help="forge one epoch in so many")
    options = parser.parse_args()
    calibration.write(options.out, lambda: document(options.seeds, options.every))


if __name__ == "__main__":
    main()
