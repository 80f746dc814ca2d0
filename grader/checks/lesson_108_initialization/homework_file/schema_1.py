"""How files of schema 1 are graded: by one first epoch, and by where the last one ended."""

from __future__ import annotations

from grader.checks.lesson_108_initialization.homework_file import claimed
from grader.checks.lesson_108_initialization.homework_file.claimed import Evidence, evidence, expect_initial
from grader.checks.lesson_108_initialization.homework_file.images import training_images, validation_images
from grader.checks.lesson_108_initialization.homework_file.protocol import LARGEST_FINAL_LOSS, PROTOCOL
from grader.judge.check import Mismatch, Student
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.training import Data
from grader.randomness import Generator

ACCURACY_TOLERANCE = 2.5 / PROTOCOL.validation_size  # float32 rounding may move two images across a decision boundary
LOSS_TOLERANCE = 1e-3
# An epoch in another order of batches moves val_loss by about 0.002; ten times the learning rate moves it by 1.
REPLAY_TOLERANCE = 0.03


def claims(student: Student) -> None:
    """The last accuracy and loss of each history are those of the final weights."""
    return student.once("homework claims", lambda _: _claims(evidence(student)))


def _claims(found: Evidence) -> None:
    x, y = validation_images()
    for name in PROTOCOL.initializers:
        loss, accuracy = network.evaluate(found.final[name], x, y, PROTOCOL.activation)
        claimed = found.histories[name]
        for key, claim, value, tolerance in (
            ("val_accuracy", claimed["val_accuracy"][-1], accuracy, ACCURACY_TOLERANCE),
            ("val_loss", claimed["val_loss"][-1], loss, LOSS_TOLERANCE * max(loss, 1)),
        ):
            if not abs(claim - value) <= tolerance:  # also where the weights give no number
                raise Mismatch(
                    T(
                        "{name}: the file claims a last {key} of {claim}, and its final weights give {value}. Save "
                        "the weights and the history of the same training.",
                        name=name,
                        key=key,
                        claim=f"{claim:.4f}",
                        value=f"{value:.4f}",
                    )
                )


def replay(student: Student) -> None:
    """Train the first epoch of one network again, drawn by the run's seed, and hold its ``val_loss`` to the history."""
    return student.once("homework replay", lambda rng: _replay(evidence(student), rng))


def _replay(found: Evidence, rng: Generator) -> None:
    name = str(rng.choice(PROTOCOL.initializers))
    data = Data(*training_images(), *validation_images())
    loss = claimed.first_epoch(found.initial[name], data, abs(found.homework.meta.seed)).val_loss
    claim = found.histories[name]["val_loss"][0]
    if not abs(claim - loss) <= REPLAY_TOLERANCE:
        raise Mismatch(
            T(
                "{name}: after the first epoch the history says val_loss {claim}; training that epoch from the "
                "initial weights with SGD({rate}) and batches of {batch_size} gives {loss}. Check optimizer, "
                "learning rate and batch size.",
                name=name,
                rate=PROTOCOL.learning_rate,
                batch_size=PROTOCOL.batch_size,
                claim=f"{claim:.3f}",
                loss=f"{loss:.3f}",
            )
        )


def initial_distributions(student: Student) -> None:
    """Every network's initial weights follow the initializer they are named after."""
    initial = evidence(student).initial
    for name, layers in initial.items():
        expect_initial(layers, name, comparisons=len(initial) * len(layers))


def trained_fully(student: Student) -> None:
    """The final weights are as good as all of the protocol's epochs make them: few epochs are no comparison."""
    x, y = validation_images()
    for name, layers in evidence(student).final.items():
        loss, _ = network.evaluate(layers, x, y, PROTOCOL.activation)
        if not loss <= LARGEST_FINAL_LOSS.of(name):
            raise Mismatch(
                T(
                    "{name}: its final weights give a val_loss of {loss}; {epochs} epochs of the protocol reach "
                    "{limit} or less. Was it trained for all of them?",
                    name=name,
                    epochs=PROTOCOL.epochs,
                    loss=f"{loss:.3f}",
                    limit=f"{LARGEST_FINAL_LOSS.of(name):.2f}",
                )
            )
