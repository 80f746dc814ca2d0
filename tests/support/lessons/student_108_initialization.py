"""Lesson 108 solved with the judge's NumPy and nothing of Keras: the checks can be passed, and by which answers."""

import math
import random

import numpy as np

from grader.mathematics import initializers, network
from grader.mathematics.training import Data, Descent, Recipe, train
from grader.wire.values import AxesFacts, FigureFacts, LayerFacts, ModelFacts
from tests.support.figures import bars, line
from tests.support.judging import Checks
from tests.support.laws import Laws
from tests.support.lessons.claims_108_initialization import drawn, flat
from tests.support.students import FakeStudent

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
        tools += ["built_with_an_object", "seeded_mlp", "homework_weights"]
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

    def tool_homework_weights(self, name, _seed):
        """What the sample homework begins with."""
        return flat(drawn(name))

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

    def tool_seeded_mlp(self, _name, seed, _units, _activation, initializer, ahead):
        """The weights that a comparison starts with; other numbers where initializers were made before."""
        name = initializer if isinstance(initializer, str) else "random_normal"
        return flat(self.start(name, [seed, ahead] if ahead else seed))

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

    def start(self, name, seed):
        """The network that is compared, its hidden kernels drawn by the initializer ``name``."""
        rng = np.random.default_rng(seed)
        start = network.new_network(self.COMPARED_UNITS, name.replace("random_normal", "he_normal"), 784, rng)
        if name == "random_normal":
            drawn = [(0.01 * rng.standard_normal(k.shape).astype(np.float32), b) for k, b in start[:-1]]
            start = [*drawn, start[-1]]
        return start

    def fit(self, network_layers, images, seed, epochs, batch_size, learning_rate, activation="relu"):
        """The history of a training and the trained network."""
        x, y, x_val, y_val = images
        history = {key: [] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
        recipe = Recipe(Descent(learning_rate), activation=activation, batch_size=batch_size)
        for epoch in train(network_layers, Data(x, y, x_val, y_val), recipe, epochs, np.random.default_rng(seed)):
            network_layers = epoch.layers
            for prefix, pair in (("", (x, y)), ("val_", (x_val, y_val))):
                loss, accuracy = network.evaluate(network_layers, *pair, activation)
                history[f"{prefix}loss"].append(loss)
                history[f"{prefix}accuracy"].append(accuracy)
        return history, network_layers

    def compare_initializers(self, data, seed, epochs):
        """Exercise 2; several checks ask for the same training."""
        key = seed, epochs, data.arrays[1].tobytes()
        if key not in COMPARED:
            names = ("glorot_uniform", "he_normal", "random_normal")
            starts = {name: self.start(name, seed) for name in names}
            COMPARED[key] = {name: self.fit(starts[name], data.arrays, seed, epochs, 32, 0.01)[0] for name in names}
        return COMPARED[key]

    def plot_val_loss(self, histories):
        """Exercise 2."""
        curves = [line(name, [], [*map(float, history["val_loss"])]) for name, history in histories.items()]
        return FigureFacts([AxesFacts("pérdida", "época", "val_loss", list(histories), curves, [])])

    def layer_activations(self, model, batch):
        """Exercise 3."""
        return network.hidden(model.layers, batch, model.activation)

    def activation_variances(self, activations):
        """Exercise 3."""
        return [float(h.var()) for h in activations]

    def plot_activation_histograms(self, activations):
        """Exercise 3."""
        drawn = [np.histogram(h, 30) for h in activations]
        return FigureFacts(
            [
                AxesFacts(f"capa {i}", "h", "cantidad", [], [], [bars(counts.astype(float), edges)])
                for i, (counts, edges) in enumerate(drawn)
            ]
        )

    def saturation_fraction(self, activations, threshold=0.97):
        """Exercise 4."""
        return [float((np.abs(h) > threshold).mean()) for h in activations]

    def compare_tanh_initializers(self, data, seed, epochs):
        """Exercise 4."""
        x, y, x_val, y_val = data.arrays
        images = [(x - x.mean()) / x.std(), y, (x_val - x.mean()) / x.std(), y_val]
        found = {}
        for name in ("glorot_uniform", "he_normal"):
            start = self.start(name, seed)
            saturation = self.saturation_fraction(network.hidden(start, images[2], "tanh"))
            history, _ = self.fit(start, images, seed, epochs, 32, 0.01, "tanh")
            found[name] = {"history": history, "saturation": saturation}
        return found

    def seed_everything(self, seed):
        """Exercise 5."""
        self.seed_generators(seed)

    def train_reproducibly(self, data, seed, epochs):
        """Exercise 5."""
        start = network.new_network((20, 10), "he_normal", 784, np.random.default_rng(seed))
        _, trained = self.fit(start, data.arrays, seed, epochs, 32, 0.01)
        return flat(trained)

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
        history, trained = self.fit(start, data.arrays, seed, epochs, 256, 1e-3)
        return {"history": history, "initial_weights": flat(start), "final_weights": flat(trained)}

    def kernel_norms(self, weights):
        """Homework."""
        return [float(np.linalg.norm(kernel)) for kernel in weights[::2]]

    def best_initializer(self, results):
        """Homework."""
        return max(("he_uniform", "he_normal"), key=lambda name: results[name]["history"]["val_accuracy"][-1])


LAWS = Laws(
    Checks("108_initialization"),
    NumpyStudent,
    raising=("unknown_initializer", "no_limit_for_normal"),
    same_in_every_run=(
        *("reproducible_training", "training_depends_on_seed_and_data", "seed_everything", "mlp_biases"),
        *("comparison", "random_normal_stalls", "glorot_and_he_learn", "tanh_comparison", "he_saturates_tanh"),
        *("histograms", "mlp_initializers"),
    ),
    trials={"training_protocol": 20, "paired_draws": 30},
)
