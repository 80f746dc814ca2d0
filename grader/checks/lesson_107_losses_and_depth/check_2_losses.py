"""Exercise 2: one-hot rows, two losses and a softmax that does not overflow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.mathematics import losses
from grader.mathematics.activations import softmax
from grader.randomness import Generator
from grader.wire.values import FunctionName

HUGE = 1000
CLIPS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2.220446049250313e-16, 1e-20, 1e-30, 1e-100, 1e-300)
NOT_FINITE = T(" e^{huge} overflows: subtract the largest logit of each row before taking exponentials.", huge=HUGE)


@check(exercise="2", points=3)
def check_one_hot(student: Student, rng: Generator) -> None:
    """one_hot writes a 1 in the column of each label, for as many classes as it is told."""
    classes = int(rng.integers(6, 12))
    labels = rng.integers(0, classes - 2, int(rng.integers(13, 20))).astype(np.int32)  # the last classes do not occur
    what = f"one_hot(labels, {classes})"
    received = student.call("one_hot", labels, classes)
    wanted = losses.one_hot(labels, classes)
    if isinstance(received, np.ndarray) and received.shape == wanted.T.shape:
        raise Mismatch(T("`{what}`: rows are examples and columns are classes; yours are the other way.", what=what))
    if isinstance(received, np.ndarray) and received.shape == (len(labels), int(labels.max()) + 1):
        raise Mismatch(
            T("`{what}`: it has {count} columns. Use the argument `num_classes`.", what=what, count=received.shape[1])
        )
    found = expect.array(received, wanted.shape, what)
    hint = Text("")
    if np.array_equal(found, np.roll(wanted, -1, axis=1)):
        hint = T(" Labels begin at 0, and so do columns.")
    expect.same(found, wanted, what, hint=hint)


@check(exercise="2", points=2)
def check_one_hot_range(student: Student, rng: Generator) -> None:
    """one_hot raises ValueError for a label outside 0 … num_classes − 1."""
    classes = int(rng.integers(4, 9))
    inside = rng.integers(0, classes, 5)
    for outside in rng.permutation([-1, classes]).tolist():
        labels = np.insert(inside, int(rng.integers(0, 6)), outside).astype(np.int32)
        try:
            expect.raises(
                student, "ValueError", "one_hot", labels, classes, answering=(inside.astype(np.int32), classes)
            )
        except Mismatch as mismatch:
            raise Mismatch(T("For the label {label}: {reason}", label=outside, reason=mismatch.text)) from mismatch


@check(exercise="2", points=3)
def check_mse(student: Student, rng: Generator) -> None:
    """mse_loss is the mean of the squared differences over all n·k numbers."""
    n, k = rng.choice(np.arange(4, 12), 2, replace=False).tolist()
    truth = losses.one_hot(rng.integers(0, k, n), k)
    guess = softmax(rng.normal(0, 2, (n, k))).astype(np.float32)
    wanted = losses.mse(truth.astype(float), guess.astype(float))
    hints = [
        (wanted * k, T(" You add up the classes; the mean is over all n·k numbers.")),
        (wanted * n, T(" You add up the examples; the mean is over all n·k numbers.")),
        (wanted * n * k, T(" Your value is the sum; the mean is over all n·k numbers.")),
        (math.sqrt(wanted), T(" Your value is its square root.")),
        (wanted / 2, T(" Your value is half of it.")),
        (float(np.abs(truth - guess).mean()), T(" Your value is the mean of the absolute differences.")),
        (losses.mse(truth, softmax(guess)), T(" y_pred holds probabilities already: no softmax here.")),
    ]
    expect.close(student.call("mse_loss", truth, guess), wanted, "mse_loss(y_true, y_pred)", hints=hints)


def _rows_and_columns(rng: Generator) -> tuple[int, int]:
    n, k = rng.choice(np.arange(4, 11), 2, replace=False).tolist()
    return n, k


@check(exercise="2", points=3)
def check_softmax(student: Student, rng: Generator) -> None:
    """Each row of softmax holds the probabilities for its row of logits."""
    logits = rng.normal(0, 1.5, _rows_and_columns(rng)).astype(np.float32)
    found = expect.array(student.call("softmax", logits), logits.shape, "softmax(logits)")
    exponentials = np.exp(logits)
    hints = [
        (exponentials / exponentials.sum(axis=0), T(" You normalize columns; each row is an example.")),
        (exponentials / exponentials.sum(), T(" You normalize the whole array; each row should sum to 1.")),
        (exponentials, T(" The exponentials still have to be divided by the sum of their row.")),
        (losses.log_softmax(logits), T(" These are logarithms of probabilities.")),
        (2**logits / (2**logits).sum(axis=-1, keepdims=True), T(" The base is e, not 2.")),
        (1 / (1 + 1 / exponentials), T(" It is a sigmoid of each logit.")),
    ]
    hint = next((text for wrong, text in hints if np.allclose(found, wrong, rtol=1e-3, atol=1e-6)), Text(""))
    expect.same(found, softmax(logits.astype(float)), "softmax(logits)", hint=hint)


def _huge(rng: Generator, rows: int, columns: int) -> Array:
    """Logits of ±HUGE: a row all high, a row all low, and rows with both, no two logits far apart in any of them."""
    logits = rng.normal(0, 1, (rows, columns))
    logits[0] += HUGE
    logits[1] -= HUGE
    logits[2:] += rng.choice([-HUGE, HUGE], (rows - 2, columns))
    return logits.astype(np.float32)


def _not_finite(value: Any) -> bool:
    """Whether there is NaN or infinity where numbers should be."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all()


@check(exercise="2", points=3)
def check_softmax_is_stable(student: Student, rng: Generator) -> None:
    """The probabilities of softmax are right for logits of ±1000 too."""
    logits = _huge(rng, *_rows_and_columns(rng))
    received = student.call("softmax", logits)
    what = f"softmax(logits ± {HUGE})"
    if _not_finite(received):
        raise Mismatch(T("`{what}` contains NaN or infinity.{hint}", what=what, hint=NOT_FINITE))
    wanted = softmax(logits.astype(float))
    hint = T(" Subtract from each row its own largest logit; do not clip the logits.")
    expect.same(expect.array(received, logits.shape, what), wanted, what, hint=hint)


@check(exercise="2", points=1)
def check_softmax_keeps_its_argument(student: Student, rng: Generator) -> None:
    """The logits that softmax is given stay as they are."""
    logits = rng.normal(0, 1.5, _rows_and_columns(rng)).astype(np.float32)
    expect.array(student.call("softmax", logits), logits.shape, "softmax(logits)")
    after = expect.array(student.tool("argument_after", FunctionName("softmax"), logits), logits.shape, "logits")
    hint = T(" It was changed in place (`-=`, `/=` or `out=`): write `logits = logits - …`.")
    expect.same(after, logits, "logits", hint=hint)


def _cross_entropy_hints(logits: Array, labels: Array) -> list[tuple[float, Text]]:
    z = logits.astype(float)
    wanted, n = losses.cross_entropy(z, labels), len(labels)
    p = softmax(z)
    every = -(losses.one_hot(labels, z.shape[1]) * np.log(p) + (1 - losses.one_hot(labels, z.shape[1])) * np.log1p(-p))
    return [
        (-wanted, T(" The sign: it is −ln p.")),
        (wanted * n, T(" Your value is the sum over the examples, not the mean.")),
        (wanted / z.shape[1], T(" You average over the classes too; the mean is over the examples.")),
        (wanted / math.log(2), T(" Your logarithm has base 2; the loss uses ln.")),
        (wanted / math.log(10), T(" Your logarithm has base 10; the loss uses ln.")),
        (losses.cross_entropy(p, labels), T(" You apply the softmax twice.")),
        (float(every.mean()), T(" That is binary cross-entropy; here only the right class counts.")),
        (float(every.sum(axis=1).mean()), T(" That is binary cross-entropy; here only the right class counts.")),
        (float(-np.log(p).mean()), T(" You average over all classes; only the right class of each example counts.")),
        (float(-p[np.arange(n), labels].mean()), T(" The logarithm is missing.")),
        (
            float(-np.log(p[np.arange(n), labels].mean())),
            T(" Take the mean of the logarithms, not ln of the mean."),
        ),
    ]


@check(exercise="2", points=3)
def check_cross_entropy(student: Student, rng: Generator) -> None:
    """cross_entropy is the mean of −ln p of the right class."""
    n, k = _rows_and_columns(rng)
    logits, labels = rng.normal(0, 1.5, (n, k)).astype(np.float32), rng.integers(0, k, n).astype(np.int32)
    wanted = losses.cross_entropy(logits.astype(float), labels)
    hints = _cross_entropy_hints(logits, labels)
    expect.close(student.call("cross_entropy", logits, labels), wanted, "cross_entropy(logits, labels)", hints=hints)


@check(exercise="2", points=2)
def check_cross_entropy_is_stable(student: Student, rng: Generator) -> None:
    """cross_entropy is right for logits of ±1000 too, where probabilities round to 0."""
    n, k = _rows_and_columns(rng)
    logits = _huge(rng, n, k)
    labels = rng.integers(0, k, n).astype(np.int32)
    logits[2, labels[2]] = -HUGE
    logits[2, (labels[2] + 1) % k] = HUGE  # this example alone costs twice that
    z, what = logits.astype(float), f"cross_entropy(logits ± {HUGE}, labels)"
    received = student.call("cross_entropy", logits, labels)
    if _not_finite(received):
        hint = T(" Do not take the logarithm of a probability: ln p = z − ln Σ e^z, with the largest logit subtracted.")
        raise Mismatch(
            T("`{what}` is not finite: {received}.{hint}", what=what, received=expect.show(received), hint=hint)
        )
    right = softmax(z)[np.arange(n), labels]
    clipped = T(" Clipping a probability hides how wrong it is: use ln p = z − ln Σ e^z.")
    hints = [(float(-np.log(np.clip(right, clip, 1)).mean()), clipped) for clip in CLIPS]
    hints += [(float(-np.log(right + clip).mean()), clipped) for clip in CLIPS]
    expect.close(received, losses.cross_entropy(z, labels), what, hints=hints)
