"""The network on which the exercises compare initializers, and its trainings, done again by the judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.judge import expect, replays
from grader.judge.check import Student
from grader.judge.kernels import expect_kernel, expect_law
from grader.judge.replays import Mistake, Replay
from grader.language.messages import T, Text
from grader.mathematics.initializers import random_normal
from grader.mathematics.network import Layers, pairs
from grader.mathematics.training import Adam, Data, Descent, Recipe
from grader.wire.values import FunctionName

UNITS = (512, 256, 128, 64, 10)
INPUTS = 784
CLASSES = UNITS[-1]
RATE, BATCH_SIZE = 0.01, 32
STDDEV = 0.01  # of random_normal, which draws too small weights
# Keras and NumPy differ by 3e-7 after two epochs of three steps; batches in another order change val_loss by 2e-3.
TOLERANCE = 1e-4
AHEAD = 3  # initializer objects that may be made between the seed and the network: one for each name
RATES = (0.1, 0.05, 0.02, 0.001, 1.0)
SEEDS = (0, 1, 42, 108)
NOTHING = Text("")


@dataclass(frozen=True)
class Comparison:
    """Trainings that differ in the initializer only, as a student's function was asked for them.

    ``mistaken`` are data that are taken for the right ones, with what to say of each; ``advice`` is for other cases.
    """

    data: Data
    activation: str
    seed: int
    epochs: int
    mistaken: tuple[tuple[Data, Text], ...] = ()
    advice: Text = NOTHING

    def replays(self, student: Student, name: str, ahead: range = range(AHEAD + 1)) -> Iterator[Replay]:
        """The training with the initializer ``name``, for each number of initializers made since the seed."""
        recipe = Recipe(Descent(RATE), activation=self.activation, batch_size=BATCH_SIZE)
        for count in ahead:
            yield Replay(self._start(student, name, count), self.data, recipe, self.seed)

    def _start(self, student: Student, name: str, ahead: int) -> Layers:
        """The weights that the student's build_mlp draws after the seed."""

        def build(_: object) -> Layers:
            initializer = STDDEV if name == "random_normal" else name
            arguments = self.seed, list(UNITS), self.activation, initializer, ahead
            weights = student.tool("seeded_mlp", FunctionName("build_mlp"), *arguments)
            return pairs(expect.weights(weights, [INPUTS, *UNITS], f'build_mlp({list(UNITS)}, …, "{name}")'))

        return student.once(f"build_mlp {self.activation} {name} {ahead}", build)

    def expect_drawn(self, student: Student, name: str) -> None:
        """The student's build_mlp draws the hidden kernels by the initializer that is compared."""

        def compare(_: object) -> None:
            hidden = next(self.replays(student, name)).layers[:-1]
            for index, (kernel, _) in enumerate(hidden, start=1):
                what = T("Kernel {index} of {total}", index=index, total=len(UNITS))
                if name == "random_normal":
                    expect_law(kernel, random_normal(STDDEV), what, len(hidden))
                else:
                    expect_kernel(kernel, name, what, len(hidden))

        student.once(f"law of {self.activation} {name}", compare)

    def expect_trained(self, student: Student, name: str, history: dict[str, list[float]], what: str) -> None:
        """The history is that of the training with the initializer ``name``."""

        def hint(losses: list[float]) -> Text:
            otherwise = T(
                " Call keras.utils.set_random_seed(seed) right before build_mlp for each network, and train with "
                "compile_sgd(model, {rate}) and kit.train: batches of {batch_size}, the same seed.{advice}",
                rate=RATE,
                batch_size=BATCH_SIZE,
                advice=self.advice,
            )
            return replays.explained(losses[0], self._mistakes(student, name), otherwise)

        def compare(_: object) -> None:
            fitting = (each for each in self.replays(student, name) if each.gives(history["val_loss"][0]))
            replay = next(fitting, None) or next(self.replays(student, name))
            replays.expect_replay(history, replay, what, self.epochs, hint, TOLERANCE)

        student.once(f"replay of {what}", compare)

    def _mistakes(self, student: Student, name: str) -> Iterator[Mistake]:
        """What is taken for the training asked for."""
        replay = next(self.replays(student, name))
        yield from ((replace(replay, data=data), text) for data, text in self.mistaken)
        yield from replays.usual_mistakes(replay, RATES, SEEDS)
        yield replace(replay, recipe=replace(replay.recipe, optimizer=Adam(0.001))), T(" Your value is that of Adam.")
        for later in self.replays(student, name, range(AHEAD + 1, 2 * len(UNITS) + AHEAD + 1)):
            yield (
                later,
                T(
                    " Your network was built after others without setting the seed again: call "
                    "keras.utils.set_random_seed(seed) before each network."
                ),
            )
