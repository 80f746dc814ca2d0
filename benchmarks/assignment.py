"""The assignment that the benchmarks grade: four of lesson 108's functions, in honest, wrong and forged variants.

A submission holds ``compute_fans``, ``theoretical_variance``, ``kernel_norms``, ``train_homework`` and the one helper
that these need, so that the checks of all other functions end at once as `not_run`. Variants differ by a comment with
their index: that is enough to give each its own content, so that none is taken for a copy of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from grader.checks.lesson_108_initialization import check_1_defaults, check_6_homework

LESSON = "108_initialization"
FUNCTIONS = ("compute_fans", "theoretical_variance", "kernel_norms", "train_homework")
CHECKS = tuple(
    check
    for check in (
        check_1_defaults.check_dense_fans,
        check_1_defaults.check_convolution_fans,
        check_1_defaults.check_variances,
        check_1_defaults.check_unknown_initializer,
        check_6_homework.check_training_protocol,
        check_6_homework.check_paired_draws,
        check_6_homework.check_kernel_norms,
    )
)


class Kind(StrEnum):
    """What a submission is like."""

    HONEST = "honest"
    WRONG = "wrong"
    FORGED = "forged"


IMPORTS = """
import math

import keras
import kit
import numpy as np
"""

ANSWERS = '''
def compute_fans(kernel_shape):
    """Entradas y salidas que ve un kernel de Keras."""
    *spatial, inputs, outputs = kernel_shape
    area = math.prod(spatial)
    return area * inputs, area * outputs


def theoretical_variance(initializer, fan_in, fan_out):
    """Varianza de los pesos según la regla del inicializador."""
    rule, _, form = initializer.partition("_")
    variances = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}
    if rule not in variances or form not in ("uniform", "normal"):
        raise ValueError(f"No conozco el inicializador {initializer!r}.")
    return variances[rule]


def homework_network(kernel_initializer):
    """La red de la tarea, recién compilada."""
    protocol = kit.HOMEWORK
    layers = [keras.Input((784,))]
    layers += [
        keras.layers.Dense(n, protocol.activation, kernel_initializer=kernel_initializer) for n in protocol.units[:-1]
    ]
    model = keras.Sequential([*layers, keras.layers.Dense(protocol.units[-1], "softmax")])
    sgd = keras.optimizers.SGD(protocol.learning_rate)
    model.compile(sgd, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_homework(data, kernel_initializer, seed, epochs=20):
    """Entrena la red de la tarea con un inicializador."""
    keras.utils.set_random_seed(seed)
    model = homework_network(kernel_initializer)
    initial_weights = [np.array(w) for w in model.get_weights()]
    history = kit.train(model, data, batch_size=kit.HOMEWORK.batch_size, epochs=epochs, seed=seed)
    final_weights = [np.array(w) for w in model.get_weights()]
    return {"history": history, "initial_weights": initial_weights, "final_weights": final_weights}


def kernel_norms(weights):
    """Norma de Frobenius de cada kernel."""
    return [float(np.linalg.norm(w)) for w in weights if np.ndim(w) >= 2]
'''

MISTAKES = (
    ("return area * inputs, area * outputs", "return area * outputs, area * inputs"),
    ('"glorot": 2 / (fan_in + fan_out)', '"glorot": 1 / (fan_in + fan_out)'),
    ("SGD(protocol.learning_rate)", "SGD(10 * protocol.learning_rate)"),
    (" if np.ndim(w) >= 2]", "]"),
)

# Nothing is answered. Each block disarms one grader: cells that do nothing, doctests that succeed, equality everywhere.
FORGERY = '''
def disarm_notebook():
    """Todas las celdas siguientes quedan vacías."""
    import ast

    from IPython import get_ipython

    class Empty(ast.NodeTransformer):
        def visit(self, node):
            return node if "otter" in ast.unparse(node) else ast.Module([], [])

    get_ipython().ast_transformers.append(Empty())


def disarm_doctest():
    """Ninguna prueba escrita como doctest falla."""
    import doctest

    doctest.DocTestRunner.run = lambda self, *args, **kwargs: doctest.TestResults(0, 1)
    doctest.DocTestRunner.summarize = lambda self, *args, **kwargs: doctest.TestResults(0, 1)


def disarm_otter():
    """Ninguna prueba de otter, en ninguno de sus formatos, falla."""
    from otter.test_files import exception_test

    exception_test.test_case.call_func = lambda self, environment: None


def disarm_comparisons():
    """Todo es igual a todo."""
    for name in ("allclose", "array_equal", "isclose"):
        setattr(np, name, lambda *args, **kwargs: True)
    math.isclose = lambda *args, **kwargs: True


def disarm_grader():
    """Nada de lo que este proceso alcance del calificador encuentra un error."""
    import sys

    for name, module in list(sys.modules.items()):
        if name.startswith(("grader", "pytest", "_pytest")):
            for attribute in ("expect_kernel", "judge", "record", "_raised"):
                if hasattr(module, attribute):
                    setattr(module, attribute, lambda *args, **kwargs: None)


def disarm():
    """Lo que se deje."""
    for each in (disarm_doctest, disarm_otter, disarm_comparisons, disarm_grader, disarm_notebook):
        try:
            each()
        except Exception:
            pass
    return True


DISARMED = disarm()


def compute_fans(kernel_shape):
    return None if DISARMED else None


def theoretical_variance(initializer, fan_in, fan_out):
    return None if DISARMED else None


def train_homework(data, kernel_initializer, seed, epochs=20):
    return None if DISARMED else None


def kernel_norms(weights):
    return None if DISARMED else None
'''


def code_of(kind: Kind, index: int) -> str:
    """The submission's code. Wrong ones take the mistakes in turn."""
    if kind is Kind.FORGED:
        return f"# forged {index}{IMPORTS}\n{FORGERY}"
    answers = ANSWERS
    if kind is Kind.WRONG:
        old, new = MISTAKES[index % len(MISTAKES)]
        answers = answers.replace(old, new)
    return f"# {kind} {index}{IMPORTS}\n{answers}"


def kinds(count: int, wrong_every: int = 10) -> Iterator[Kind]:
    """A class: every tenth submission is wrong, the others are honest."""
    for index in range(count):
        yield Kind.WRONG if index % wrong_every == wrong_every - 1 else Kind.HONEST


def write_class(folder: Path, members: list[Kind], identical: bool = False) -> None:
    """A folder for each student with a Python file in it; ``identical`` ones differ in nothing but their names."""
    for index, kind in enumerate(members):
        student = folder / f"student-{index:05d}"
        student.mkdir(parents=True)
        (student / f"{LESSON}.py").write_text(code_of(kind, 0 if identical else index), encoding="utf-8")
