"""Lesson 109 solved with the judge's NumPy and nothing of Keras: the checks can be passed, and by which answers."""

import inspect
import math
from itertools import pairwise

import numpy as np

from grader.checks.lesson_109_activations import clouds
from grader.checks.lesson_109_activations.propagation import backward_factor
from grader.mathematics import network
from grader.mathematics.activations import ACTIVATIONS
from grader.mathematics.initializers import draw
from grader.mathematics.training import Data, Descent, Recipe, train
from grader.wire.values import AxesFacts, FigureFacts, FunctionName, LayerFacts, ModelFacts, Opaque
from tests.support.figures import line
from tests.support.judging import Checks
from tests.support.laws import Laws
from tests.support.lessons.student_108_initialization import Model
from tests.support.students import FakeStudent

SCHEMES = {"xavier": "glorot_uniform", "he": "he_uniform", "lecun": "lecun_normal", "torch_default": "torch_uniform"}
NAMES = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish", "mish")
PAIRS = ("relu+torch_default", "relu+he", "tanh+xavier", "sigmoid+xavier", "leaky_relu+he")
FUNCTIONS = (
    *("make_blobs", "make_moons", "get_activation", "get_initializer", "build_pair", "train_pair", "run_experiment"),
    *("compare_pairs", "plot_comparison", "relu_zero_fraction", "dead_unit_fraction", "gradient_norms_one_batch"),
    *("backward_factor", "collapse_linear", "distinct_units", "compare_starts"),
)
TOOLS = (
    *("activation_values", "seeded_kernels", "seeded_weights", "build_network", "predict", "paths_of", "weights_of"),
    *("unsettle", "defaults_of"),
)


class ActivationsStudent(FakeStudent):
    """Answers in this process. ``wrong`` replaces functions by name; ``activation`` is what its networks compute."""

    def __init__(self, seed=1, **wrong):
        super().__init__(
            {name: getattr(self, name) for name in FUNCTIONS} | wrong,
            {name: getattr(self, f"tool_{name}") for name in TOOLS},
            seed,
        )
        self.kept, self.rng = [], np.random.default_rng(0)

    def _answer(self, function, args, kwargs):
        received = [
            self.kept[arg.handle]
            if isinstance(arg, ModelFacts)
            else self.functions[arg.name]
            if isinstance(arg, FunctionName)
            else arg
            for arg in args
        ]
        return super()._answer(function, received, kwargs)

    def tool(self, function, /, *args, **limits):
        """What the stand-in for the instrument returns, once the function that it works on is there."""
        for arg in args:
            if isinstance(arg, FunctionName):
                self.require(arg.name)
        return super().tool(function, *args, **limits)

    def describe(self, model):
        """The model as facts."""
        self.kept.append(model)
        layers = [
            LayerFacts("Dense", k.shape[1], model.activation, None, "Zeros", [k.copy(), b.copy()])
            for k, b in model.layers
        ]
        return ModelFacts(len(self.kept) - 1, layers)

    # --- tools --------------------------------------------------------------------------------------------------

    def tool_unsettle(self, seed):
        """Another state for the generator."""
        self.rng = np.random.default_rng(seed)

    def tool_defaults_of(self, function):
        """As the signature says them."""
        parameters = inspect.signature(function).parameters.values()
        return {each.name: each.default for each in parameters if each.default is not each.empty}

    def tool_activation_values(self, _function, name, z):
        """The activation, computed."""
        return ACTIVATIONS[name].function(z)

    def tool_seeded_kernels(self, _function, scheme, shape, seeds):
        """Two kernels for each seed."""
        drawn = []
        for seed in seeds:
            self.rng = np.random.default_rng(seed)
            drawn.append([draw(SCHEMES[scheme], *shape, self.rng) for _ in range(2)])
        return drawn

    def tool_seeded_weights(self, _function, seed, activation, scheme):
        """The weights of a network drawn from a seed."""
        self.rng = np.random.default_rng(seed)
        return [array for layer in self.drawn(activation, scheme, (64, 64, 2), 2).layers for array in layer]

    def tool_build_network(self, network_layers, activation):
        """A model with these weights."""
        return self.describe(Model(network_layers, activation))

    def tool_predict(self, model, x):
        """Class probabilities."""
        return network.predict(model.layers, x, model.activation)

    def tool_paths_of(self, model):
        """Paths as Keras makes them."""
        return [f"sequential/dense_{i}/{kind}" for i in range(len(model.layers)) for kind in ("kernel", "bias")]

    def tool_weights_of(self, model):
        """Copies of the weights."""
        return [array.copy() for array in model.weights]

    # --- exercise 1 ---------------------------------------------------------------------------------------------

    def make_blobs(self, seed):
        """Two clouds."""
        rng = np.random.default_rng(seed)
        y = np.repeat([0, 1], 400)
        return self.divided(np.array(clouds.CENTRES)[y] + rng.standard_normal((800, 2)), y, rng)

    def make_moons(self, seed):
        """Two moons."""
        rng = np.random.default_rng(seed)
        y, t = np.repeat([0, 1], 400), rng.uniform(0, math.pi, 800)
        arc = np.stack([np.cos(t), np.sin(t)], axis=1) + 0.2 * rng.standard_normal((800, 2))
        return self.divided(clouds.unfold(arc, y), y, rng)

    def divided(self, x, y, rng):
        """Mixed and divided."""
        order = rng.permutation(len(x))
        x, y = x[order].astype(np.float32), y[order].astype(np.int32)
        return x[:640], y[:640], x[640:], y[640:]

    def get_activation(self, name):
        """Something that cannot travel."""
        if name not in NAMES:
            raise ValueError(f"No conozco {name}.")
        return Opaque("function")

    def get_initializer(self, scheme):
        """Something that cannot travel."""
        if scheme not in SCHEMES:
            raise ValueError(f"No conozco {scheme}.")
        return Opaque("Initializer")

    def drawn(self, activation, scheme, units, input_dim):
        """A network drawn from the generator as it is."""
        names = [SCHEMES[scheme]] * (len(units) - 1) + ["glorot_uniform"]
        shapes = pairwise([input_dim, *units])
        layers = [
            (draw(name, *shape, self.rng), np.zeros(shape[1], np.float32))
            for name, shape in zip(names, shapes, strict=True)
        ]
        return Model(layers, activation)

    def build_pair(self, activation, scheme, units=(64, 64, 2), input_dim=2):
        """A model."""
        return self.describe(self.drawn(activation, scheme, units, input_dim))

    def train_pair(self, data, activation, scheme, seed, epochs, learning_rate):
        """A history."""
        self.rng = np.random.default_rng(seed)
        start = self.drawn(activation, scheme, (64, 64, 2), 2).layers
        recipe, rng = Recipe(Descent(learning_rate), activation=activation), np.random.default_rng(seed)
        done = list(train(start, Data(*getattr(data, "arrays", data)), recipe, epochs, rng))
        history = {"val_loss": [e.val_loss for e in done], "val_accuracy": [e.val_accuracy for e in done]}
        return history | {"loss": history["val_loss"], "accuracy": history["val_accuracy"]}

    def run_experiment(self, activation, scheme, seed, epochs=30, learning_rate=0.1):
        """A history on blobs."""
        return self.train_pair(self.make_blobs(seed), activation, scheme, seed, epochs, learning_rate)

    def compare_pairs(self, data, seed, epochs=30, learning_rate=0.1):
        """Five histories."""
        return {pair: self.train_pair(data, *pair.split("+"), seed, epochs, learning_rate) for pair in PAIRS}

    def plot_comparison(self, histories):
        """Two panels."""
        axes = [
            AxesFacts(key, "época", key, list(histories), [line(p, [], h[key]) for p, h in histories.items()], [])
            for key in ("val_loss", "val_accuracy")
        ]
        return FigureFacts(axes)

    # --- exercises 2 to 5 ---------------------------------------------------------------------------------------

    def relu_zero_fraction(self, model, x):
        """Share of zeros."""
        return float(np.concatenate([(h == 0).ravel() for h in network.hidden(model.layers, x, "relu")]).mean())

    def dead_unit_fraction(self, model, x):
        """Share of units."""
        dead = [(h == 0).all(axis=0) for h in network.hidden(model.layers, x, "relu")]
        return float(np.concatenate(dead).mean())

    def gradient_norms_one_batch(self, model, x, y):
        """Loss and norms."""
        loss = -np.log(network.predict(model.layers, x, model.activation)[np.arange(len(y)), y]).mean()
        gradients = [g for layer in network.gradients(model.layers, x, y, model.activation) for g in layer]
        norms = [float(np.linalg.norm(gradient)) for gradient in gradients]
        return float(loss), dict(zip(self.tool_paths_of(model), norms, strict=True))

    def backward_factor(self, activation, scheme, depth, width, seed):
        """The judge's own."""
        return backward_factor(activation, SCHEMES[scheme], depth, width, np.random.default_rng(seed))

    def collapse_linear(self, weights):
        """The product."""
        return np.linalg.multi_dot(weights) if len(weights) > 1 else weights[0]

    def distinct_units(self, weights):
        """Columns that differ."""
        gaps = np.abs(weights[:, :, None] - weights[:, None, :]).max(axis=0)
        return sum(not (gaps[:i, i] <= 1e-5).any() for i in range(weights.shape[1]))

    def compare_starts(self, seed, epochs=5):
        """Three first kernels."""
        found, sizes = {}, (2, 64, 64, 2)
        for name in ("zeros", "constant", "he"):
            rng = np.random.default_rng(seed)
            constant = {"zeros": 0.0, "constant": 0.1}.get(name)
            layers = [
                (
                    draw("he_uniform", *shape, rng) if constant is None else np.full(shape, constant, np.float32),
                    np.zeros(shape[1], np.float32),
                )
                for shape in pairwise(sizes)
            ]
            data, rng = Data(*self.make_moons(seed)), np.random.default_rng(seed)
            *_, last = train(layers, data, Recipe(Descent(0.1)), epochs, rng)
            kernel = last.layers[0][0]
            found[name] = {"kernel": kernel, "distinct": self.distinct_units(kernel)}
        return found


LAWS = Laws(
    Checks("109_activations"),
    lambda seed, _file: ActivationsStudent(seed),
    raising=("unknown_activation", "unknown_scheme"),
    same_in_every_run=(
        *("history", "norm_keys", "data_depend_on_the_seed", "factor_depends_on_the_seed"),
        *("he_breaks_symmetry", "blobs", "moons", "initializers_follow_the_seed"),
    ),
)
