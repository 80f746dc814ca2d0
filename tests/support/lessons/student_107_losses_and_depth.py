"""Lesson 107 solved with the judge's NumPy and nothing of Keras: the checks can be passed, and by which answers."""

from itertools import pairwise

import numpy as np

from data.fashion_mnist import CLASS_NAMES
from grader.checks.lesson_107_losses_and_depth import check_2_comparison, check_3_scaling, signals
from grader.checks.lesson_107_losses_and_depth import check_4_vanishing_recipes as depth_recipes
from grader.judge.replays import Replay
from grader.mathematics import losses, network
from grader.mathematics.activations import sigmoid, softmax
from grader.mathematics.initializers import draw
from grader.mathematics.training import Adam, Data, Descent, Recipe
from grader.wire.values import AxesFacts, FigureFacts, FunctionName, LayerFacts, ModelFacts
from tests.support.figures import bars, line, picture
from tests.support.judging import Checks
from tests.support.laws import Laws
from tests.support.lessons.student_108_initialization import Model
from tests.support.students import FakeStudent

FUNCTIONS = (
    *("show_example", "show_prediction", "one_hot", "mse_loss", "softmax", "cross_entropy", "compare_losses"),
    *("make_parity", "build_shallow", "build_deep", "parity_scaling", "plot_learning_curves", "plot_parity_scaling"),
    *("build_deep_mlp", "gradient_norms", "compare_depth_recipes", "probe_signal", "plot_signal"),
)
TOOLS = ("build_network", "predict", "weights_of", "argument_after", "unsettle", "with_parity")
TOOLS += ("seeded_weights", "normal_weights")


class LossesStudent(FakeStudent):
    """Answers in this process. ``wrong`` replaces functions by name."""

    def __init__(self, seed=1, **wrong):
        super().__init__(
            {name: getattr(self, name) for name in FUNCTIONS} | wrong,
            {name: getattr(self, f"tool_{name}") for name in TOOLS},
            seed,
        )
        self.kept, self.drawn = [], 0

    def _answer(self, function, args, kwargs):
        received = [self.kept[arg.handle] if isinstance(arg, ModelFacts) else arg for arg in args]
        received = [self.functions[arg.name] if isinstance(arg, FunctionName) else arg for arg in received]
        return super()._answer(function, received, kwargs)

    def describe(self, sizes, activation, initializer, output="softmax"):
        """A model drawn now, as facts."""
        self.drawn += 1
        rng = np.random.default_rng(self.drawn)
        names = [initializer] * (len(sizes) - 2) + ["glorot_uniform"]
        kernels = [draw(name, *pair, rng) for name, pair in zip(names, pairwise(sizes), strict=True)]
        return self.keep([(k, np.zeros(k.shape[1], np.float32)) for k in kernels], activation, output)

    def keep(self, layers, activation, output="softmax"):
        """A model with these weights, as facts."""
        model = Model(layers, activation)
        model.output = output
        self.kept.append(model)
        told = [LayerFacts("Dense", k.shape[1], activation, None, "Zeros", [k.copy(), b.copy()]) for k, b in layers]
        return ModelFacts(len(self.kept) - 1, told)

    # --- tools --------------------------------------------------------------------------------------------------

    def tool_with_parity(self, function, tables, *args):
        """What the function makes of these rows."""
        written, self.functions["make_parity"] = self.functions["make_parity"], lambda n, _samples, _seed: tables[n]
        try:
            return function(*args)
        finally:
            self.functions["make_parity"] = written

    def tool_seeded_weights(self, build, seed, *args):
        """The weights that the seed decides."""
        return self.weights_after(build, seed, *args)

    def weights_after(self, build, seed, *args):
        """What a builder draws right after this seed."""
        self.drawn = seed
        return [array for layer in build(*args).layers for array in layer.weights]

    def tool_normal_weights(self, seed, sizes, stddev, is_shared):
        """Kernels N(0, stddev²); shared ones begin with the same numbers."""
        drawn = []
        for index, shape in enumerate(pairwise(sizes)):
            rng = np.random.default_rng([seed, 0 if is_shared else index])
            drawn += [rng.normal(0, stddev, shape).astype(np.float32), np.zeros(shape[1], np.float32)]
        return drawn

    def trained(self, layers, data, recipe, seed, epochs):
        """The judge's training, with accuracies for training that it does not keep."""
        done = list(Replay(layers, data, recipe, seed).epochs(epochs))
        history = {key: [getattr(epoch, key) for epoch in done] for key in ("loss", "val_loss", "val_accuracy")}
        return history | {"accuracy": [0.5] * epochs}

    def tool_build_network(self, layers, activation):
        """A model with these weights."""
        return self.keep(layers, activation)

    def tool_predict(self, model, x):
        """The model's outputs."""
        z = network.logits(model.layers, x, model.activation)
        return sigmoid(z) if model.output == "sigmoid" else softmax(z)

    def tool_weights_of(self, model):
        """Copies of the weights."""
        return [array.copy() for array in model.weights]

    def tool_argument_after(self, function, argument):
        """The argument after a call."""
        argument = argument.copy()
        function(argument)
        return argument

    def tool_unsettle(self, _seed):
        """Nothing here draws from a global generator."""

    # --- exercise 1 ---------------------------------------------------------------------------------------------

    def show_example(self, images, labels, index):
        """A picture with a title."""
        pixels = images[index].reshape(28, 28)
        return FigureFacts([AxesFacts(f"Es: {CLASS_NAMES[labels[index]]}", "", "", [], [], [], [picture(pixels)])])

    def show_prediction(self, model, images, labels, index):
        """A picture and bars."""
        p = network.predict(model.layers, images[index : index + 1], model.activation)[0]
        drawn = AxesFacts(CLASS_NAMES[p.argmax()], "clase", "probabilidad", [], [], [bars(p.tolist())])
        return FigureFacts([*self.show_example(images, labels, index).axes, drawn])

    # --- exercise 2 ---------------------------------------------------------------------------------------------

    def one_hot(self, labels, num_classes):
        """Rows of an identity."""
        if min(labels) < 0 or max(labels) >= num_classes:
            raise ValueError(labels)
        return losses.one_hot(labels, num_classes)

    def mse_loss(self, y_true, y_pred):
        """The judge's."""
        return losses.mse(y_true, y_pred)

    def softmax(self, logits):
        """The judge's."""
        return softmax(logits)

    def cross_entropy(self, logits, labels):
        """The judge's."""
        return losses.cross_entropy(logits, labels)

    def compare_losses(self, data, seed, epochs, rate=1e-3, batch_size=64):
        """The judge's trainings."""
        layers = network.pairs(self.tool_normal_weights(seed, check_2_comparison.SIZES, 1.0, False))
        return {
            name: self.trained(
                layers, Data(*data.arrays), Recipe(Adam(rate), loss, "sigmoid", batch_size), seed, epochs
            )
            for name, loss in check_2_comparison.LOSSES.items()
        }

    # --- exercise 3 ---------------------------------------------------------------------------------------------

    def make_parity(self, n_bits, n_samples, seed):
        """Numbers drawn, and their bits."""
        codes = np.random.default_rng(seed).choice(2**n_bits, n_samples, replace=n_samples > 2**n_bits)
        x = (codes[:, None] >> np.arange(n_bits)) & 1
        return x.astype(np.float32), (x.sum(axis=1) % 2 == 0).astype(np.int32)

    def build_shallow(self, input_dim, width=128):
        """One hidden layer."""
        return self.build_deep(input_dim, width, 1)

    def build_deep(self, input_dim, width=32, depth=4):
        """Some hidden layers."""
        return self.describe([input_dim, *[width] * depth, 1], "relu", "he_normal", "sigmoid")

    def parity_scaling(self, bit_sizes, seed, epochs, optimizer=check_3_scaling.RECIPE.optimizer, batch_size=32):
        """The judge's training."""
        found = {"shallow": {}, "deep": {}}
        recipe = Recipe(optimizer, losses.BINARY_CROSS_ENTROPY, batch_size=batch_size)
        for n in bit_sizes:
            x, y = self.functions["make_parity"](n, min(2**n, 2048), seed)
            cut, y = 4 * len(x) // 5, y[:, None].astype(np.float32)
            data = Data(x[:cut], y[:cut], x[cut:], y[cut:])
            for name, each in found.items():
                layers = network.pairs(self.weights_after(self.functions[f"build_{name}"], seed, n))
                each[n] = self.trained(layers, data, recipe, seed, epochs)["val_accuracy"][-1]
        return found

    def plot_learning_curves(self, histories):
        """Two axes."""
        panels = []
        for key in ("loss", "accuracy"):
            lines = [
                line(f"{prefix}{name}", list(range(len(history[key]))), history[prefix + key])
                for name, history in histories.items()
                for prefix in ("", "val_")
            ]
            panels.append(AxesFacts(key, "época", key, [each.label for each in lines], lines, []))
        return FigureFacts(panels)

    def plot_parity_scaling(self, results):
        """One axes."""
        lines = [line(name, list(map(float, each)), list(each.values())) for name, each in results.items()]
        return FigureFacts([AxesFacts("Paridad", "bits", "exactitud", list(results), lines, [])])

    # --- exercise 4 ---------------------------------------------------------------------------------------------

    def build_deep_mlp(self, activation, kernel_initializer, width=64, depth=4):
        """A classifier."""
        return self.describe([784, *[width] * depth, 10], activation, kernel_initializer)

    def gradient_norms(self, model, x, y):
        """The judge's gradients."""
        found = network.gradients(model.layers, x, y, model.activation)
        return [float(np.linalg.norm(dk.ravel())) for dk, _ in found]

    def compare_depth_recipes(self, data, seed, epochs, optimizer=Descent(0.01), batch_size=32):  # noqa: B008 - frozen
        """The judge's trainings."""
        found = {}
        for name, (activation, initializer) in depth_recipes.RECIPES.items():
            layers = network.pairs(self.weights_after(self.build_deep_mlp, seed, activation, initializer))
            recipe = Recipe(optimizer, activation=activation, batch_size=batch_size)
            found[name] = self.trained(layers, Data(*data.arrays), recipe, seed, epochs)["val_accuracy"][-1]
        return found

    # --- exercise 5 ---------------------------------------------------------------------------------------------

    def probe_signal(self, kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
        """The judge's profile."""
        rng = np.random.default_rng(seed)
        if kernel_initializer != "identity":
            found = signals.probe(kernel_initializer, depth, width, input_dim, rng)
        else:
            x, upstream = rng.standard_normal((signals.ROWS, width)), rng.standard_normal((signals.ROWS, width))
            found = signals.profile([np.eye(width)] * depth, x, upstream)
        return {"activation_std": found.activation_std, "gradient_std": found.gradient_std}

    def plot_signal(self, results):
        """Two axes with a logarithmic scale."""
        panels = []
        for key in ("activation_std", "gradient_std"):
            lines = [
                line(name, [float(i + 1) for i in range(len(each[key]))], each[key]) for name, each in results.items()
            ]
            panels.append(AxesFacts(key, "capa", "desviación", list(results), lines, [], yscale="log"))
        return FigureFacts(panels)


LAWS = Laws(
    Checks("107_losses_and_depth"),
    lambda seed, _file: LossesStudent(seed),
    raising=("one_hot_range",),
    same_in_every_run=(
        *("parity_seed", "probe_seed", "loss_comparison", "losses_learn", "relu_learns", "sigmoid_stalls"),
        *("scaling", "scaling_tests_what_is_new"),
        *("parity_initializers", "deep_mlp_initializers", "probe_initializers"),
    ),
    trials={"losses_learn": 6, "relu_learns": 12, "probe_initializers": 20},
)
