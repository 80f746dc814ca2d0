"""Stand-ins: values that a worker may send, students that answer in this process, a worker without TensorFlow.

``AnyStudent`` gives one answer to every question. ``NumpyStudent`` solves lesson 108 with the judge's NumPy and nothing
of Keras: what it shows is that the checks can be passed, and by which answers.
"""

import io
import json
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.judge.check import Unanswered
from grader.language.messages import T
from grader.mathematics import initializers, network
from grader.mathematics.training import Data, Descent, Recipe, train
from grader.randomness import generator_for
from grader.results import Outcome
from grader.wire import coding, protocol
from grader.wire.protocol import Returned
from grader.wire.values import (
    AxesFacts,
    FigureFacts,
    FunctionName,
    Handle,
    Images,
    LayerFacts,
    LineFacts,
    ModelFacts,
    Opaque,
    Sizes,
)

ROOT = Path(__file__).resolve().parents[1]

# --- values -----------------------------------------------------------------------------------------------------

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
keys = st.text(max_size=8) | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False)
plain_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys, inner, max_size=6), max_leaves=15
)
arrays = hnp.arrays(st.sampled_from(sorted(coding.DTYPES)), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
texts, handles = st.text(max_size=20), st.integers(-3, 2**40)
numbers = st.lists(st.floats(), max_size=5)
layers = st.builds(
    LayerFacts,
    kind=texts,
    units=st.none() | st.integers(-5, 900),
    activation=st.none() | texts,
    kernel_initializer=st.none() | texts,
    bias_initializer=st.none() | texts,
    weights=st.lists(arrays, max_size=4),
)
lines = st.builds(LineFacts, label=texts, x=numbers, y=numbers)
axes = st.builds(
    AxesFacts,
    title=texts,
    xlabel=texts,
    ylabel=texts,
    legend=st.lists(texts, max_size=3),
    lines=st.lists(lines, max_size=3),
    bars=numbers,
    widths=numbers,
    images=st.lists(arrays, max_size=2),
    texts=st.lists(texts, max_size=3),
    yscale=texts,
)
facts = (
    st.builds(ModelFacts, handle=handles, layers=st.lists(layers, max_size=3))
    | st.builds(FigureFacts, axes=st.lists(axes, max_size=3), texts=st.lists(texts, max_size=3))
    | st.builds(Opaque, type_name=texts)
    | st.builds(Handle, handle=handles)
    | st.builds(FunctionName, name=texts)
    | st.builds(Images, arrays=st.lists(arrays, max_size=4))
    | st.builds(Sizes, items=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4))
)
decodable = st.recursive(
    scalars | arrays | facts,
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(keys, inner, max_size=7),
    max_leaves=12,
)


def over_the_wire(value):
    """The value as it comes out of the other side of a connection."""
    return protocol.decode(protocol.encode(Returned("ticket", coding.to_wire(value)))).value


def decode_value(raw):
    """The value that a worker sends when it writes this MessagePack by hand; a list is ["l", […]]."""
    head = msgspec.msgpack.encode({"type": "Returned", "ticket": "ticket"})
    return protocol.decode(bytes([head[0] + 1]) + head[1:] + b"\xa5value" + raw).value


def alike(first, second):
    """Whether two values are the same to the type, the bit and the order, tuples counting as lists."""
    if isinstance(first, tuple):
        first = list(first)
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return (first.dtype, first.shape, first.tobytes()) == (second.dtype, second.shape, second.tobytes())
    if isinstance(first, float):
        return (first == second and math.copysign(1, first) == math.copysign(1, second)) or (first != first != second)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(alike, first, second))
    if isinstance(first, dict):
        return alike(list(first), list(second)) and alike(list(first.values()), list(second.values()))
    if isinstance(first, msgspec.Struct):
        return all(alike(getattr(first, name), getattr(second, name)) for name in first.__struct_fields__)
    return first == second


def nested(depth, width=1):
    """Lists in lists."""
    value = 0
    for _ in range(depth):
        value = [value] * width
    return value


# --- students ---------------------------------------------------------------------------------------------------


class FakeStudent:
    """Answers from a dict of callables, in this process, and passes every answer through the protocol."""

    def __init__(self, functions, tools=None, seed=1, artifact=None):
        self.functions, self.tools, self.seed, self.artifact = functions, tools or {}, seed, artifact
        self.answers = []
        self._known = {}

    def call(self, function, /, *args, **kwargs):
        """What the function of this name returns; what it raises becomes Unanswered, as for a real student."""
        self.require(function)
        for option in ("cpu_seconds", "eager"):
            kwargs.pop(option, None)
        return self._answer(self.functions[function], args, kwargs)

    def require(self, function, /):
        """Unanswered if there is no function of this name."""
        if function not in self.functions:
            raise Unanswered(Outcome.NOT_RUN, T("There is no function `{function}`.", function=function))

    def tool(self, function, /, *args, **_limits):
        """What the stand-in for the instrument of this name returns."""
        return self._answer(self.tools[function], args, {})

    def once(self, key, compute):
        """The first result or failure."""
        if key not in self._known:
            try:
                self._known[key] = compute(generator_for(self.seed, key)), None
            except Exception as error:
                self._known[key] = None, error
        value, failure = self._known[key]
        if failure is not None:
            raise failure
        return value

    def homework(self):
        """The artifact's bytes."""
        if self.artifact is None:
            raise Unanswered(Outcome.NOT_RUN, T("There is no function `{function}`.", function="run_homework"))
        return self.artifact

    def _answer(self, function, args, kwargs):
        try:
            value = over_the_wire(function(*args, **kwargs))
        except Exception as error:
            raise Unanswered(Outcome.ERROR, T("{reason}", reason=error), type(error).__name__) from error
        self.answers.append(value)
        return value


class AnyStudent(FakeStudent):
    """Every function, every tool and the homework answer the same."""

    def __init__(self, answer, artifact=b""):
        super().__init__({}, artifact=artifact)
        self.answer = answer

    def call(self, _function, /, *_args, **_kwargs):
        """The one answer."""
        return self.answer

    def require(self, _function, /):
        """Everything is there."""

    def tool(self, _function, /, *_args, **_limits):
        """The one answer."""
        return self.answer


class Replayer(FakeStudent):
    """Gives recorded answers in their order, except that ``change`` makes another one of answer number ``index``."""

    def __init__(self, answers, index, change, seed, artifact):
        super().__init__({}, seed=seed, artifact=artifact)
        self._left = [change(answer) if i == index else answer for i, answer in enumerate(answers)]

    def call(self, _function, /, *_args, **_kwargs):
        """The next answer."""
        return self._left.pop(0) if self._left else None

    def require(self, _function, /):
        """Everything is there."""

    def tool(self, _function, /, *_args, **_limits):
        """The next answer."""
        return self.call("")


COMPARED = {}


class Model:
    """What stands for a Keras model: layers that can be changed in place."""

    def __init__(self, network_layers, activation):
        self.layers, self.activation = [(k.copy(), b.copy()) for k, b in network_layers], activation

    @property
    def weights(self):
        """The live arrays, kernel and bias of each layer in turn."""
        return [array for layer in self.layers for array in layer]


class NumpyStudent(FakeStudent):
    """Lesson 108 solved in NumPy. ``wrong`` replaces functions by name."""

    HOMEWORK_UNITS = (300, 200, 100, 50, 10)
    COMPARED_UNITS = (512, 256, 128, 64, 10)

    def __init__(self, seed=1, artifact=None, **wrong):
        names = [
            *("compute_fans", "theoretical_variance", "uniform_limit", "inspect_default_kernel", "build_mlp"),
            *("compare_initializers", "plot_val_loss", "layer_activations", "activation_variances"),
            *("plot_activation_histograms", "saturation_fraction", "compare_tanh_initializers", "seed_everything"),
            *("train_reproducibly", "snapshot_weights", "restore_weights", "train_homework", "kernel_norms"),
            "best_initializer",
        ]
        tools = ["build_network", "predict", "weights_of", "snapshot_then_change", "unsettle", "random_draws"]
        tools.append("built_with_an_object")
        super().__init__(
            {name: getattr(self, name) for name in names} | wrong,
            {name: getattr(self, f"tool_{name}") for name in tools},
            seed,
            artifact,
        )
        self.kept, self.generators = [], {}

    def _answer(self, function, args, kwargs):
        received = [self.kept[arg.handle] if isinstance(arg, ModelFacts) else arg for arg in args]
        return super()._answer(function, received, kwargs)

    def describe(self, model):
        """The model as facts."""
        self.kept.append(model)
        weights = [
            LayerFacts("Dense", k.shape[1], model.activation, None, "Zeros", [k.copy(), b.copy()])
            for k, b in model.layers
        ]
        return ModelFacts(len(self.kept) - 1, weights)

    def tool_build_network(self, network_layers, activation):
        """A model with these weights."""
        return self.describe(Model(network_layers, activation))

    def tool_predict(self, model, x):
        """Class probabilities."""
        return network.predict(model.layers, x, model.activation)

    def tool_weights_of(self, model):
        """Copies of the weights."""
        return [array.copy() for array in model.weights]

    def tool_built_with_an_object(self, _name, initializer, units, inputs):
        """Copies of the weights that the network starts with."""
        built = self.functions["build_mlp"](units, "relu", initializer, input_dim=inputs)
        return self.tool_weights_of(self.kept[built.handle])

    def tool_snapshot_then_change(self, _name, model):
        """The snapshot after the model changed."""
        snapshot = self.functions["snapshot_weights"](model)
        for array in model.weights:
            array *= 2
            array += 1
        return snapshot

    def tool_unsettle(self, seed):
        """Another state for every generator."""
        self.seed_generators(seed)

    def tool_random_draws(self):
        """Four numbers from each generator."""
        return {name: [float(draw()) for _ in range(4)] for name, draw in self.generators.items()}

    def seed_generators(self, seed):
        """Python's and NumPy's generators as they are, and two that stand for Keras' and TensorFlow's."""
        self.generators = {
            "python": random.Random(seed).random,  # noqa: S311 - the generator under test
            "numpy": np.random.RandomState(seed).random_sample,
            "keras": np.random.default_rng([seed, 1]).random,
            "tensorflow": np.random.default_rng([seed, 2]).random,
        }

    def compute_fans(self, kernel_shape):
        """Exercise 1."""
        *window, inputs, outputs = kernel_shape
        return math.prod(window) * inputs, math.prod(window) * outputs

    def theoretical_variance(self, name, fan_in, fan_out):
        """Exercise 1."""
        scheme, _, form = name.partition("_")
        if form not in ("uniform", "normal") or scheme not in ("glorot", "he", "lecun"):
            raise ValueError(name)
        return {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[scheme]

    def uniform_limit(self, name, fan_in, fan_out):
        """Exercise 1."""
        if not name.endswith("uniform"):
            raise ValueError(name)
        return math.sqrt(3 * self.theoretical_variance(name, fan_in, fan_out))

    def inspect_default_kernel(self, units, input_dim, seed):
        """Exercise 1."""
        kernel = initializers.draw("glorot_uniform", input_dim, units, np.random.default_rng(seed))
        theory = self.theoretical_variance("glorot_uniform", input_dim, units)
        return {"kernel": kernel, "empirical_variance": float(kernel.var()), "theoretical_variance": theory}

    def build_mlp(self, units, activation, kernel_initializer, input_dim=784):
        """Exercise 2."""
        rng = np.random.default_rng(len(self.kept))
        return self.describe(Model(network.new_network(units, kernel_initializer, input_dim, rng), activation))

    def fit(self, network_layers, images, seed, epochs, batch_size, learning_rate):
        """The history of a training and the trained network."""
        x, y, x_val, y_val = images.arrays
        history = {key: [] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
        recipe = Recipe(Descent(learning_rate), batch_size=batch_size)
        for epoch in train(network_layers, Data(x, y, x_val, y_val), recipe, epochs, np.random.default_rng(seed)):
            network_layers = epoch.layers
            for prefix, pair in (("", (x, y)), ("val_", (x_val, y_val))):
                loss, accuracy = network.evaluate(network_layers, *pair)
                history[f"{prefix}loss"].append(loss)
                history[f"{prefix}accuracy"].append(accuracy)
        return history, network_layers

    def compare_initializers(self, data, seed, epochs):
        """Exercise 2; several checks ask for the same training."""
        key = seed, data.arrays[1].tobytes()
        if key not in COMPARED:
            COMPARED[key] = self.compared(data, seed, epochs)
        return COMPARED[key]

    def compared(self, data, seed, epochs):
        """The histories of three trainings."""
        histories = {}
        for name in ("glorot_uniform", "he_normal", "random_normal"):
            rng = np.random.default_rng(seed)
            start = network.new_network(self.COMPARED_UNITS, name.replace("random_normal", "he_normal"), 784, rng)
            if name == "random_normal":
                drawn = [(0.01 * rng.standard_normal(k.shape).astype(np.float32), b) for k, b in start[:-1]]
                start = [*drawn, start[-1]]
            histories[name], _ = self.fit(start, data, seed, epochs, 32, 0.01)
        return histories

    def plot_val_loss(self, histories):
        """Exercise 2."""
        curves = [LineFacts(name, [], [*map(float, history["val_loss"])]) for name, history in histories.items()]
        return FigureFacts([AxesFacts("pérdida", "época", "val_loss", list(histories), curves, [])])

    def layer_activations(self, model, batch):
        """Exercise 3."""
        return network.hidden(model.layers, batch, model.activation)

    def activation_variances(self, activations):
        """Exercise 3."""
        return [float(h.var()) for h in activations]

    def plot_activation_histograms(self, activations):
        """Exercise 3."""
        bars = [np.histogram(h, 30)[0].astype(float).tolist() for h in activations]
        return FigureFacts([AxesFacts(f"capa {i}", "h", "cantidad", [], [], heights) for i, heights in enumerate(bars)])

    def saturation_fraction(self, activations, threshold=0.97):
        """Exercise 4."""
        return [float((np.abs(h) > threshold).mean()) for h in activations]

    def compare_tanh_initializers(self, data, seed, epochs):
        """Exercise 4."""
        x, _, x_val, _ = data.arrays
        found, history = {}, {key: [0.5] * epochs for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
        for name in ("glorot_uniform", "he_normal"):
            start = network.new_network(self.COMPARED_UNITS, name, 784, np.random.default_rng(seed))
            activations = network.hidden(start, (x_val - x.mean()) / x.std(), "tanh")
            found[name] = {"history": history, "saturation": self.saturation_fraction(activations)}
        return found

    def seed_everything(self, seed):
        """Exercise 5."""
        self.seed_generators(seed)

    def train_reproducibly(self, data, seed, epochs):
        """Exercise 5."""
        start = network.new_network((20, 10), "he_normal", 784, np.random.default_rng(seed))
        _, trained = self.fit(start, data, seed, epochs, 32, 0.01)
        return [array for layer in trained for array in layer]

    def snapshot_weights(self, model):
        """Exercise 5."""
        return [array.copy() for array in model.weights]

    def restore_weights(self, model, snapshot):
        """Exercise 5."""
        for array, kept in zip(model.weights, snapshot, strict=True):
            array[...] = kept

    def train_homework(self, data, kernel_initializer, seed, epochs=20):
        """Homework."""
        rng = np.random.default_rng(seed)
        start = network.new_network(self.HOMEWORK_UNITS, kernel_initializer, 784, rng)
        history, trained = self.fit(start, data, seed, epochs, 256, 1e-3)
        flat = ([array for layer in each for array in layer] for each in (start, trained))
        return {"history": history, "initial_weights": next(flat), "final_weights": next(flat)}

    def kernel_norms(self, weights):
        """Homework."""
        return [float(np.linalg.norm(kernel)) for kernel in weights[::2]]

    def best_initializer(self, results):
        """Homework."""
        return max(("he_uniform", "he_normal"), key=lambda name: results[name]["history"]["val_accuracy"][-1])


# --- files ------------------------------------------------------------------------------------------------------


def npz(members, **meta):
    """The bytes of a homework's file: NumPy's own writer, the members given, and ``meta`` as JSON."""
    whole = {"schema": 1, "lesson": "108_initialization", "student_id": "x", "seed": 3, "histories": {}} | meta
    file = io.BytesIO()
    np.savez(file, **members, meta=np.frombuffer(json.dumps(whole).encode(), np.uint8))
    return file.getvalue()


def notebook(*cells):
    """The bytes of a notebook with these code cells."""
    made = [{"cell_type": "code", "source": cell, "outputs": [], "metadata": {}} for cell in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


# --- processes --------------------------------------------------------------------------------------------------

LIGHT_MODULES = {
    "keras.py": "class Model: pass\nclass Variable: pass\nclass ops:\n    is_tensor = staticmethod(lambda _: False)\n",
    "tensorflow.py": "",
    "kit.py": "",
    "matplotlib/__init__.py": "",
    "matplotlib/pyplot.py": "",
}


def light_environment(folder):
    """An environment in which the real worker starts in a blink: its TensorFlow and Keras are empty modules."""
    for name, source in LIGHT_MODULES.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    from grader.isolation.environment import environment

    return environment() | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}


RUNNER = """
import contextlib, io, json, sys
import pytest
import grader.student.cold

job = json.loads(sys.stdin.read())
started, start = [], grader.student.cold.start
grader.student.cold.environment = lambda: job["environment"]
grader.student.cold.start = lambda *args: started.append(1) or start(*args)
if job["damaged"]:
    import data.fashion_mnist as module
    def load_split(split):
        raise module.DataError("train.gz is damaged.")
    module.load_split = load_split
runs = []
for arguments in job["runs"]:
    out, before = io.StringIO(), len(started)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = pytest.main(["grader", "-p", "no:cacheprovider", "-s", *arguments])
    loaded = sorted({"tensorflow", "keras", "kit"} & set(sys.modules))
    runs.append({"code": int(code), "output": out.getvalue(), "workers": len(started) - before, "loaded": loaded})
print(json.dumps(runs))
"""


def grade_all(folder, *runs, damaged=False):
    """What ``pytest grader`` says to each list of arguments: exit code, output, workers started, modules loaded."""
    job = {"environment": light_environment(folder), "runs": [list(map(str, run)) for run in runs], "damaged": damaged}
    ran = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=ROOT,
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
