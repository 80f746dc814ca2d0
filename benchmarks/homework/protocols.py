"""How He's lead over Glorot depends on the protocol: ``python -m benchmarks.homework.protocols``, docs/protocols.md.

The homework's network is trained in NumPy (grader.mathematics) for the homework's epochs, under protocols that go
faster; what its own leads to is in docs/calibration-108.md. The lesson on initialization shows both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from statistics import mean, stdev

from benchmarks.calibrate_108 import last_epoch
from benchmarks.calibration import Row, options, scatter, write
from benchmarks.document import table
from grader.checks.lesson_108_initialization.homework_file.images import training_images, validation_images
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.lesson import ROOT
from grader.mathematics.training import Data, Descent, Recipe

DOCUMENT = ROOT / "docs" / "protocols.md"
PROTOCOLS = ((0.01, 32), (0.001, 32), (0.001, 128))

HEADER = """# He's lead over Glorot, by protocol

Written by `make protocols`; do not edit. The homework's network on Fashion-MNIST, trained for {epochs}
epochs with plain SGD. Differences of the last validation accuracies in percentage points, paired: the networks of a
seed start from the same random numbers, rescaled, and see the same batches. Mean ± standard deviation between seeds,
which is not the error of the mean. The homework's own protocol, batches of 256: [calibration](calibration-108.md).

"""


def leads(protocol: tuple[float, int], seed: int) -> Row:
    """Percentage points of validation accuracy by which He uniform and He normal end above Glorot uniform."""
    rate, batch_size = protocol
    data, recipe = Data(*training_images(), *validation_images()), Recipe(Descent(rate), batch_size=batch_size)
    glorot, *others = (last_epoch(name, data, recipe, seed).val_accuracy for name in PROTOCOL.initializers)
    return tuple(100 * (accuracy - glorot) for accuracy in others)


def row(protocol: tuple[float, int], columns: Sequence[Sequence[float]]) -> tuple[str, ...]:
    """A protocol with He uniform's and He normal's leads."""
    rate, batch_size = protocol
    return (
        f"SGD {rate:g}, batches of {batch_size}",
        *(f"{mean(column):+.2f} ± {stdev(column):.2f}" for column in columns),
        str(len(columns[0])),
    )


def document(seeds: int, jobs: int) -> str:
    """docs/protocols.md."""
    rows = []
    for protocol in PROTOCOLS:
        rows.append(row(protocol, scatter(partial(leads, protocol), seeds, jobs)))
        print(*rows[-1], sep="  ", flush=True)
    header = ("protocol", "He uniform − Glorot uniform", "He normal − Glorot uniform", "seeds")
    return f"{HEADER.format(epochs=PROTOCOL.epochs)}{table(header, rows)}\n"


def main() -> None:
    """Measure and write the document."""
    parser = options(DOCUMENT)
    parser.set_defaults(seeds=4)
    chosen = parser.parse_args()
    write(chosen.out, lambda: document(chosen.seeds, chosen.jobs))


if __name__ == "__main__":
    main()
