"""What lesson 107 says about the world, measured small: a test fails when a sentence stops being true."""

import math
from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf

import kit
from tests.support.lesson_code import definitions

RECIPES = {
    "sigmoid": ("sigmoid", "glorot_uniform"),
    "relu": ("relu", "glorot_uniform"),
    "relu_he": ("relu", "he_normal"),
}
SEEDS = range(3)


@pytest.fixture(scope="module")
def lesson():
    """The functions of the solution."""
    return definitions("107_losses_and_depth")


@pytest.fixture(scope="module")
def data():
    """All of Fashion-MNIST."""
    return kit.load_fashion_mnist()


@pytest.fixture(scope="module")
def small(data):
    """The small part that the lesson works with."""
    return kit.subset(data, n_train=4000, n_val=1000)


@pytest.fixture
def rng():
    """Random numbers, the same in every run."""
    return np.random.default_rng(107)


def trained(build, data, optimizer, epochs, loss="sparse_categorical_crossentropy", batch_size=32):
    """The curves of one training per seed."""
    models = [seeded(build, seed) for seed in SEEDS]
    datasets = data if isinstance(data, list) else [data] * len(models)
    return kit.train_many(
        models, datasets, optimizer=optimizer, batch_size=batch_size, epochs=epochs, seeds=SEEDS, loss=loss
    )


def seeded(build, seed):
    """The network that ``build`` makes after a seed."""
    keras.utils.set_random_seed(seed)
    return build()


# 1. The data


def test_classes_are_balanced_and_half_of_the_pixels_are_black(data):
    """Guessing reaches 10 %; E[x²] is variance plus squared mean, 0.206, and not the variance."""
    x = data.x_train

    assert np.bincount(data.y_train).max() / len(data.y_train) < 0.102
    assert np.mean(x == 0) == pytest.approx(0.50, abs=0.01)
    assert np.mean(x**2) == pytest.approx(0.206, abs=0.001)
    assert x.var() == pytest.approx(0.124, abs=0.002)


def test_the_shirt_is_the_hardest_class(lesson, small):
    """In every one of the networks without hidden layers, by ten points at least."""
    x, y = kit.load_test_set()
    models = [seeded(lesson.softmax_regression, seed) for seed in SEEDS]

    kit.train_many(models, [small] * 3, optimizer=keras.optimizers.Adam(1e-3), batch_size=32, epochs=4, seeds=SEEDS)

    for model in models:
        guess = np.argmax(model(x), axis=1)
        accuracy = np.array([np.mean(guess[y == c] == c) for c in range(10)])
        assert kit.CLASS_NAMES[accuracy.argmin()] == "camisa"
        assert np.sort(accuracy)[1] - accuracy.min() > 0.1


# 2 to 5. Losses


def test_the_squared_error_has_a_ceiling_and_the_cross_entropy_has_none(lesson):
    """All probability on a wrong class gives 2/K; the cross-entropy grows with the logit without end."""
    wrong, right = np.eye(10)[[3]], np.eye(10)[[0]]

    assert lesson.mse_loss(right, wrong) == pytest.approx(0.2)
    assert lesson.cross_entropy(1000 * wrong, np.array([0])) == pytest.approx(1000)


@pytest.mark.parametrize(("name", "low", "high"), [("glorot_uniform", 2.2, 2.6), ("N(0, 1)", 8, 40)])
def test_the_loss_before_training_tells_the_scale_of_the_weights(lesson, small, name, low, high):
    """Keras' default starts near ln 10, a normal of variance 1 far from it."""
    for seed in SEEDS:
        outputs = seeded(lambda: lesson.one_hidden(name), seed)(small.x_val)

        loss = float(tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(small.y_val, outputs)))

        assert low < loss < high


@pytest.mark.parametrize("s", [0.1, 0.5])
def test_random_logits_cost_half_their_variance(lesson, rng, s):
    """E[CE] = ln K + s²/2 (1 − 1/K) for small s."""
    logits = s * rng.standard_normal((100_000, 10))

    loss = lesson.cross_entropy(logits, np.zeros(len(logits), dtype=int))

    assert loss - math.log(10) == pytest.approx(s**2 / 2 * 0.9, abs=0.006)


def test_gradients_with_respect_to_the_logits(lesson, rng):
    """It is p − y for the cross-entropy, and the formula with the factor p for the squared error."""
    z, y = rng.normal(size=(1, 6)), np.eye(6)[[2]]
    p = lesson.softmax(z)
    expected = {
        keras.losses.categorical_crossentropy: p - y,
        keras.losses.mean_squared_error: 2 / 6 * p * ((p - y) - np.sum(p * (p - y))),
    }

    for loss, by_hand in expected.items():
        logits = tf.constant(z)
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = loss(y, tf.nn.softmax(logits))
        np.testing.assert_allclose(tape.gradient(value, logits), by_hand, atol=1e-6)


def test_only_the_squared_error_forgives_a_confident_mistake():
    """With a wrong logit of 20 its gradient is gone; that of the cross-entropy nears √2."""
    z = np.zeros(10)
    z[3] = 20
    p, y = np.exp(z) / np.exp(z).sum(), np.eye(10)[0]

    assert np.linalg.norm(p - y) == pytest.approx(math.sqrt(2), abs=1e-6)
    assert np.linalg.norm(2 / 10 * p * ((p - y) - np.sum(p * (p - y)))) < 1e-8


def compared_losses(lesson, data, initializer):
    """Last validation accuracy with cross-entropy minus that with the squared error, one per seed."""
    coded = data._replace(y_train=lesson.one_hot(data.y_train, 10), y_val=lesson.one_hot(data.y_val, 10))
    last = {}
    for loss in ("mse", "categorical_crossentropy"):
        adam = keras.optimizers.Adam(1e-3)
        curves = trained(lambda: lesson.one_hidden(initializer), coded, adam, 3, loss, batch_size=64)
        last[loss] = curves["val_accuracy"][:, -1]
    return last["categorical_crossentropy"] - last["mse"]


def test_the_squared_error_suffers_from_a_confident_start(lesson, data):
    """From N(0, 1) weights the cross-entropy leads by points; from Keras' default it hardly matters."""
    few = kit.subset(data, n_train=2000, n_val=1000)

    assert compared_losses(lesson, few, "N(0, 1)").min() > 0.02
    assert np.abs(compared_losses(lesson, few, "glorot_uniform")).mean() < 0.03


# 6 and 7. Parity, depth and width


def test_no_proper_subset_of_bits_tells_the_parity(lesson):
    """Every product of signs but the whole one is uncorrelated with it."""
    bits, parity = lesson.whole_cube(6)
    signs = 1 - 2 * bits
    subsets = [(code >> np.arange(6)) & 1 == 1 for code in range(1, 2**6 - 1)]

    assert all(np.mean(signs[:, subset].prod(axis=1) * signs.prod(axis=1)) == 0 for subset in subsets)
    assert np.array_equal(signs.prod(axis=1), 2 * parity - 1)


def test_two_small_networks_compute_parity_exactly(lesson):
    """A tree of xors with 2 (n − 1) neurons, and one layer with n."""
    bits, parity = lesson.whole_cube(8)
    level, neurons = bits, 0
    while level.shape[1] > 1:
        a, b = level[:, ::2], level[:, 1::2]
        level, neurons = lesson.relu(a - b) + lesson.relu(b - a), neurons + 2 * a.shape[1]
    s = bits.sum(axis=1)
    zigzag = 1 - lesson.relu(s) + sum(2 * (-1) ** (k + 1) * lesson.relu(s - k) for k in range(1, 8))

    assert neurons == 14
    assert np.array_equal(1 - level[:, 0], parity)
    assert np.array_equal(zigzag, parity)


def test_folding_doubles_the_pieces(lesson):
    """L layers of two neurons make 2^L straight pieces."""
    folded, pieces = np.linspace(0, 1, 3 * 2**10 + 1), []
    for _ in range(6):
        folded = 2 * lesson.relu(folded) - 4 * lesson.relu(folded - 0.5)
        pieces.append(lesson.count_pieces(folded))

    assert pieces == [2, 4, 8, 16, 32, 64]


def test_the_nearest_neighbour_is_always_wrong(lesson):
    """Copying the most similar training string gets every test string wrong."""
    bits, labels = lesson.make_parity(8, 256, seed=0)

    guess = lesson.nearest_label(bits[:204], labels[:204], bits[204:])

    assert np.mean(guess == labels[204:]) == 0


def parity(lesson, build, n, epochs=60):
    """Train and test accuracy at the end, one per seed, with the protocol of parity_scaling."""
    datasets = []
    for seed in SEEDS:
        x, y = lesson.make_parity(n, min(2**n, 2048), seed)
        cut = 4 * len(x) // 5
        datasets.append(kit.Dataset(x[:cut], y[:cut], x[cut:], y[cut:]))
    curves = trained(lambda: build(n), datasets, keras.optimizers.Adam(3e-3), epochs, "binary_crossentropy")
    return curves["accuracy"][:, -1], curves["val_accuracy"][:, -1]


def test_memorized_parity_is_worse_than_guessing(lesson):
    """With 8 bits the deep network fits nearly all it saw, and fails on most of the rest."""
    train, test = parity(lesson, lesson.build_deep, 8)

    assert train.min() > 0.85
    assert test.max() < 0.4


@pytest.mark.slow
def test_wide_networks_keep_up_with_as_many_parameters(lesson):
    """With 10 bits the lead of the deep network over the shallow one is a matter of its parameters."""
    accuracy = {
        name: parity(lesson, getattr(lesson, name), 10)[1].mean()
        for name in ("build_shallow", "build_matched", "build_deep")
    }

    assert lesson.build_matched(10).count_params() >= lesson.build_deep(10).count_params()
    assert accuracy["build_deep"] > accuracy["build_shallow"]
    assert accuracy["build_matched"] > accuracy["build_shallow"] + 0.05
    assert abs(accuracy["build_matched"] - accuracy["build_deep"]) < 0.12


@pytest.mark.slow
def test_width_wins_at_12_bits(lesson):
    """Having seen less than half of the cube, the deep network is far behind, in the same epochs."""
    _, wide = parity(lesson, lesson.build_matched, 12)
    _, deep = parity(lesson, lesson.build_deep, 12)

    assert (wide - deep).min() > 0.05


# 8 to 11. Variance, forward and backward


def test_the_first_layer_keeps_the_scale_that_comes_in(small):
    """Keras' he_normal gives 2 E[x²] = 0.41, and not 2 Var(x) = 0.25."""
    x = small.x_train[:500]
    kernel = np.array(seeded(lambda: keras.initializers.HeNormal()((784, 4000)), 1))

    assert np.mean((x @ kernel) ** 2) == pytest.approx(2 * np.mean(x**2), rel=0.15)
    assert np.mean((x @ kernel) ** 2) == pytest.approx(0.41, rel=0.15)


def test_relu_halves_the_mean_square_and_not_the_variance(rng):
    """E[h²] = E[z²] / 2, Var(h) = (1/2 − 1/2π) E[z²]."""
    h = np.maximum(rng.standard_normal(1_000_000), 0)

    assert np.mean(h**2) == pytest.approx(0.5, abs=0.005)
    assert np.var(h) == pytest.approx(1 / 2 - 1 / (2 * math.pi), abs=0.004)


def test_he_keeps_the_mean_square_where_the_variance_would_predict_its_end(lesson, rng):
    """Ten layers of 256 keep E[z²] near 1, on average over draws; (2 · 0.341)^10 is 0.02."""
    measured = []
    for _ in range(20):
        z = rng.standard_normal((50, 256))
        for _ in range(10):
            z = lesson.relu(z) @ (math.sqrt(2 / 256) * rng.standard_normal((256, 256)))
        measured.append(np.mean(z**2))

    assert np.mean(measured) == pytest.approx(1, abs=0.35)
    assert 0.02 < (2 * 0.341) ** 10 < 0.03


@pytest.mark.parametrize(
    ("activation", "initializer", "low", "high"),
    [
        ("relu", "he_normal", 0.6, 1.6),
        ("relu", "glorot_uniform", 6e-4, 1.6e-3),
        ("sigmoid", "glorot_uniform", 1e-13, 4.0**-20),
    ],
)
def test_what_comes_back_through_20_layers(lesson, activation, initializer, low, high):
    """All of it with He, 2^−10 with Glorot and ReLU, less than 4^−20 with a sigmoid."""
    shares = [lesson.backward_share(activation, initializer, seed=seed) for seed in range(4)]

    assert low < np.exp(np.mean(np.log(shares))) < high


def test_the_slope_of_a_sigmoid_is_at_most_a_quarter(rng):
    """Its mean square is below 1/16, and that of tanh below 1."""
    z = rng.standard_normal(100_000)
    sigma = 1 / (1 + np.exp(-z))

    assert np.max(sigma * (1 - sigma)) <= 0.25
    assert 0.04 < np.mean((sigma * (1 - sigma)) ** 2) < 1 / 16


def test_glorot_shares_the_error_between_both_ways(rng):
    """Between layers of 784 and 300 its two factors are 1.45 and 0.55."""
    kernel = math.sqrt(2 / 1084) * rng.standard_normal((784, 300))
    x, delta = rng.standard_normal((1000, 784)), rng.standard_normal((1000, 300))

    assert np.mean((x @ kernel) ** 2) == pytest.approx(2 * 784 / 1084, rel=0.03)
    assert np.mean((delta @ kernel.T) ** 2) == pytest.approx(2 * 300 / 1084, rel=0.03)


def test_backward_factors_cancel_when_each_layer_keeps_the_forward_scale(rng):
    """The product over the layers is last width over first width."""
    widths, products = [784, 300, 500, 100, 200], []
    for _ in range(5):
        back = rng.standard_normal((300, 200))
        for inputs, outputs in reversed(list(pairwise(widths))):
            back = back @ (math.sqrt(1 / inputs) * rng.standard_normal((inputs, outputs))).T
        products.append(np.mean(back**2))

    assert np.mean(products) == pytest.approx(200 / 784, rel=0.1)


# Exercise 4 and 12 to 14. The vanishing gradient


@pytest.fixture(scope="module")
def batch(small):
    """The images and labels on which the lesson looks at gradients."""
    return small.x_train[:256], small.y_train[:256]


def first_norm(lesson, batch, recipe, depth):
    """Typical norm of the first kernel's gradient before training, over the seeds."""
    models = [seeded(lambda: lesson.build_deep_mlp(*RECIPES[recipe], depth=depth), seed) for seed in SEEDS]
    return float(np.exp(np.mean([math.log(lesson.gradient_norms(model, *batch)[0]) for model in models])))


def test_depth_takes_a_constant_factor_per_layer_from_a_sigmoid(lesson, batch):
    """From 2 to 4 to 8 layers the first gradient falls by an order of magnitude every two layers; with He it stays."""
    sigmoid = [first_norm(lesson, batch, "sigmoid", depth) for depth in (2, 4, 8)]
    he = [first_norm(lesson, batch, "relu_he", depth) for depth in (2, 8)]
    relu = [first_norm(lesson, batch, "relu", depth) for depth in (2, 8)]

    assert 7 < sigmoid[0] / sigmoid[1] < 100
    assert 50 < sigmoid[1] / sigmoid[2] < 10_000
    assert 0.2 < he[0] / he[1] < 5
    assert 2 < relu[0] / relu[1] < 50


def test_the_recipes_of_four_layers(lesson, small):
    """Under SGD 0.01 the sigmoid guesses after two epochs, ReLU learns, and He is ahead of Glorot."""
    last = {}
    for name, recipe in RECIPES.items():
        sgd = keras.optimizers.SGD(0.01)
        last[name] = trained(lambda recipe=recipe: lesson.build_deep_mlp(*recipe), small, sgd, 2)["val_accuracy"][:, -1]

    assert last["sigmoid"].max() < 0.25
    assert last["relu"].min() > 0.4
    assert np.mean(last["relu_he"] - last["relu"]) > 0.02


def log_first_norm(lesson, batch, build):
    """Mean of the logarithm of the first kernel's gradient, over the seeds."""
    return np.mean([math.log10(lesson.gradient_norms(seeded(build, seed), *batch)[0]) for seed in SEEDS])


def test_saturated_networks_are_not_the_ones_that_lose_the_gradient(lesson, batch):
    """With Glorot hardly a sigmoid is saturated, with N(0, 1) half are; and yet more gradient arrives with N(0, 1)."""
    builds = {"glorot": lambda: lesson.build_deep_mlp("sigmoid", "glorot_uniform"), "wide": lesson.wide_sigmoids}
    shares = {
        name: [np.mean(h * (1 - h) < 0.05) for h in lesson.signals(seeded(build, 1), *batch)[0]]
        for name, build in builds.items()
    }

    assert max(shares["glorot"]) < 0.001
    assert min(shares["wide"]) > 0.4
    assert log_first_norm(lesson, batch, builds["wide"]) > log_first_norm(lesson, batch, builds["glorot"]) + 0.5


def test_deep_sigmoids_forget_which_image_came_in(lesson, batch):
    """In the sixth layer neurons differ from each other and not from image to image; with ReLU and He they do."""
    varies = {}
    for name in ("sigmoid", "relu_he"):
        build = lambda name=name: lesson.build_deep_mlp(*RECIPES[name], depth=6)  # noqa: E731
        activations, _ = lesson.signals(seeded(build, 1), *batch)
        varies[name] = np.std(activations[-1], axis=0).mean() / np.std(activations[-1])

    assert varies["sigmoid"] < 0.01
    assert varies["relu_he"] > 0.2


def test_in_one_step_the_first_sigmoid_layer_hardly_moves(lesson, batch):
    """Update over weights, SGD 0.01: the output layers are alike, the first layers orders of magnitude apart."""
    ratios = {
        name: lesson.update_ratios(seeded(lambda r=recipe: lesson.build_deep_mlp(*r), 1), *batch, learning_rate=0.01)
        for name, recipe in RECIPES.items()
    }

    assert 1e-4 < ratios["relu_he"][0] < 1e-2
    assert ratios["sigmoid"][0] < ratios["relu_he"][0] / 100
    assert 0.1 < ratios["sigmoid"][-1] / ratios["relu_he"][-1] < 10


# Exercise 5 and 15. The toy


def test_orthogonal_matrices_of_gain_root_two_double_the_square(rng):
    """WᵀW = 2I, up to rounding."""
    kernel = np.array(keras.initializers.Orthogonal(gain=math.sqrt(2))((128, 128)))
    x = rng.standard_normal(128)

    assert np.sum((kernel @ x) ** 2) == pytest.approx(2 * np.sum(x**2), rel=1e-4)


def test_fifteen_layers_of_three_initializers(lesson):
    """Glorot loses a hundredfold both ways; He and orthogonal keep the size."""
    last, first = {}, {}
    for name in ("glorot_uniform", "he_normal", "orthogonal"):
        results = [lesson.probe_signal(name, seed=seed) for seed in range(6)]
        last[name] = np.mean(np.log([result["activation_std"][-1] / result["activation_std"][0] for result in results]))
        first[name] = np.mean(np.log([result["gradient_std"][0] for result in results]))

    for way in (last, first):
        assert np.exp(way["glorot_uniform"]) == pytest.approx(2**-7, rel=0.5)
        assert 0.4 < np.exp(way["he_normal"]) < 2.5
        assert 0.4 < np.exp(way["orthogonal"]) < 2.5


@pytest.mark.parametrize(("orthogonal", "c"), [(False, 5), (True, 3)])
def test_one_draw_fluctuates_as_the_formula_says(lesson, rng, orthogonal, c):
    """Relative variance Π(1 + c/n) − 1: 5 for normal weights, 3 for orthogonal ones."""
    sample = lesson.energies(orthogonal, rng, draws=1500, depth=3)

    assert np.var(sample) / np.mean(sample) ** 2 == pytest.approx((1 + c / 64) ** 3 - 1, rel=0.2)


def test_inputs_become_alike_in_depth(lesson, rng):
    """Perpendicular inputs have a cosine of 0.92 after 15 layers, as the arc-cosine map says."""
    cosine, h = 0.0, np.linalg.qr(rng.standard_normal((512, 64)))[0].T
    for _ in range(15):
        angle = math.acos(cosine)
        cosine = (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi
        h = lesson.relu(h @ (math.sqrt(2 / 512) * rng.standard_normal((512, 512))))

    assert cosine == pytest.approx(0.92, abs=0.01)
    assert lesson.mean_cosine(h) == pytest.approx(cosine, abs=0.03)


# Common errors and questions


def test_a_second_softmax_leaves_a_floor(lesson):
    """E4: with probabilities for logits the cross-entropy cannot fall below ln(e + 9) − 1."""
    assert lesson.cross_entropy(np.eye(10), np.arange(10)) == pytest.approx(math.log(math.e + 9) - 1)


def complaint(lesson, small, loss, labels):
    """What Keras says of labels in another format than the loss expects; nothing if it trains."""
    model = lesson.softmax_regression()
    model.compile("sgd", loss)
    try:
        model.fit(small.x_train[:32], labels[:32], verbose=0)
    except ValueError as error:
        return str(error)
    return ""


def test_keras_refuses_labels_of_another_format(lesson, small):
    """E5: one-hot rows for a sparse loss, and integers for one that is not, are errors."""
    coded = lesson.one_hot(small.y_train, 10)

    assert complaint(lesson, small, "sparse_categorical_crossentropy", coded)
    assert complaint(lesson, small, "categorical_crossentropy", small.y_train)


def test_repeated_strings_give_the_test_away(lesson, rng):
    """E7: with repetition nearly every test string was seen, and copying works."""
    bits, parity = lesson.whole_cube(8)
    chosen = rng.integers(0, 256, 2000)
    train, test = chosen[:1600], chosen[1600:]

    assert np.isin(test, train).mean() > 0.95
    assert np.mean(lesson.nearest_label(bits[train], parity[train], bits[test]) == parity[test]) > 0.95


def test_predict_inside_the_tape_loses_the_gradient(lesson, batch):
    """E9: what left TensorFlow has no gradient."""
    model = seeded(lambda: lesson.build_deep_mlp("relu", "he_normal"), 42)
    x, y = batch

    with tf.GradientTape() as tape:
        outputs = tf.convert_to_tensor(model.predict(x, verbose=0))
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, outputs))

    assert tape.gradient(loss, model.layers[0].kernel.value) is None


def test_accuracy_has_no_gradient(lesson, batch):
    """F1: a tiny change of all weights of a layer changes no prediction."""
    model = seeded(lambda: lesson.build_deep_mlp("relu", "he_normal"), 42)
    before = np.argmax(model(batch[0]), axis=1)

    model.layers[0].kernel.assign(model.layers[0].kernel + 1e-7)

    assert np.array_equal(np.argmax(model(batch[0]), axis=1), before)


def last_accuracy(lesson, data, depth, optimizer, epochs):
    """Validation accuracy of deep sigmoids at the end, one per seed."""
    return trained(lambda: lesson.build_deep_mlp("sigmoid", "glorot_uniform", depth=depth), data, optimizer, epochs)[
        "val_accuracy"
    ][:, -1]


def test_adam_hides_a_vanishing_gradient_at_4_layers(lesson, small):
    """F2: where SGD 0.01 still guesses, Adam has left the plateau."""
    assert last_accuracy(lesson, small, 4, keras.optimizers.Adam(1e-3), 5).min() > 0.35


@pytest.mark.slow
def test_adam_does_not_repair_16_layers(lesson, small):
    """F3: there the same recipe still guesses."""
    assert last_accuracy(lesson, small, 16, keras.optimizers.Adam(1e-3), 5).max() < 0.25


@pytest.mark.slow
def test_a_rate_50_times_larger_leaves_the_plateau(lesson, small):
    """F4: after eight epochs of SGD 0.5 four layers of sigmoids have begun to learn."""
    assert last_accuracy(lesson, small, 4, keras.optimizers.SGD(0.5), 8).min() > 0.25


def test_a_gradient_can_explode(lesson, batch):
    """F5: with N(0, 1) weights behind ReLU the first gradient is hundreds of times that of He."""
    he = log_first_norm(lesson, batch, lambda: lesson.build_deep_mlp("relu", "he_normal"))

    assert log_first_norm(lesson, batch, lesson.wide_relus) > he + 2
