"""What lesson 108 says about the world, measured small: a test fails when a sentence stops being true."""

import math
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import kit
from grader.lesson import ROOT
from solutions.generate import notebook_of
from tests.support.lesson_code import definitions

LN_10 = math.log(10)
SEEDS = range(4)


@pytest.fixture(scope="module")
def lesson():
    """The functions of the solution."""
    found = definitions("108_initialization")
    found.given.update(rng=np.random.default_rng(108), widths=[512, 256, 128, 64])
    return found


@pytest.fixture(scope="module")
def data():
    """All of Fashion-MNIST."""
    return kit.load_fashion_mnist()


@pytest.fixture(scope="module")
def small(data):
    """The small part that the lesson works with."""
    return kit.subset(data, n_train=4000, n_val=1000)


@pytest.fixture(scope="module")
def compared(lesson, small):
    """The histories of exercise 2, as the lesson shows them."""
    return lesson.compare_initializers(small, seed=42, epochs=5)


def drawn(name, shape, seed=108):
    """A kernel after a seed."""
    keras.utils.set_random_seed(seed)
    return np.array(keras.initializers.get(name)(shape))


# Sections 1 to 4


@pytest.mark.parametrize(("stddev", "low", "high"), [(0.01, 0, 1e-14), (1 / 16, 0.3, 3), (1.0, 1e24, 1e25)])
def test_only_one_scale_survives_twenty_layers(lesson, stddev, low, high):
    """With 0.01 nothing is left, with 1/16 the scale stays, with 1 the numbers have 25 digits."""
    sizes = [lesson.linear_output(stddev) for _ in range(5)]

    assert low <= np.median(sizes) < high


def test_pixels_are_far_from_mean_zero(data):
    """E[x²] is 0.206, variance plus squared mean, so that weights of variance 2/n give outputs of about 0.41."""
    x = data.x_train

    assert np.mean(x**2) == pytest.approx(0.206, abs=5e-4)
    assert x.var() + x.mean() ** 2 == pytest.approx(np.mean(x**2), rel=1e-4)
    assert 2 * np.mean(x**2) == pytest.approx(0.41, abs=5e-3)


def test_a_linear_network_keeps_its_signal_with_one_over_n_only(lesson):
    """Half of it loses a millionth of the signal in twenty layers, twice of it gains a million."""
    ends = {c: lesson.linear_profile(c)[-1] for c in (0.5, 1, 2)}

    assert 0.3 < ends[1] < 3
    assert ends[0.5] < 1e-5
    assert ends[2] > 1e5


def test_relu_halves_the_mean_square():
    """Of a symmetric z, ReLU leaves half of the squares."""
    z = np.random.default_rng(0).standard_normal(10**6)

    assert np.mean(np.maximum(z, 0) ** 2) == pytest.approx(np.mean(z**2) / 2, rel=0.01)


def test_glorot_shares_the_error_between_both_ways():
    """From 784 to 300 it amplifies forwards and weakens backwards, each less than the other rule would."""
    n_in, n_out = 784, 300
    forward, backward = 2 * n_in / (n_in + n_out), 2 * n_out / (n_in + n_out)

    assert 1 < forward < n_in / n_out
    assert n_out / n_in < backward < 1


# Sections 5 to 8


def test_glorots_limit_for_784_inputs_and_128_units(lesson):
    """0.08 by hand, and no weight of Keras is beyond it."""
    limit = lesson.uniform_limit("glorot_uniform", 784, 128)

    kernel = np.abs(drawn("glorot_uniform", (784, 128)))

    assert round(limit, 2) == 0.08
    assert 0.999 * limit < kernel.max() <= limit


@pytest.mark.parametrize("name", ["he_normal", "glorot_normal", "lecun_normal"])
def test_normal_forms_are_cut_and_rescaled(lesson, name):
    """The deviation is exact, and no weight is beyond 2.274 of them."""
    kernel = drawn(name, (2000, 1000))
    deviation = math.sqrt(lesson.theoretical_variance(name, 2000, 1000))

    assert kernel.std() == pytest.approx(deviation, rel=0.003)
    assert 2.27 < np.abs(kernel).max() / deviation < 2.2743


def test_truncated_normal_gives_less_than_was_asked():
    """Of 0.02 remain 0.0176, as in BERT; RandomNormal gives 0.02 and cuts nothing."""
    cut = np.array(keras.initializers.TruncatedNormal(stddev=0.02, seed=1)((2000, 1000)))
    whole = np.array(keras.initializers.RandomNormal(stddev=0.02, seed=1)((2000, 1000)))

    assert cut.std() == pytest.approx(0.0176, abs=1e-4)
    assert whole.std() == pytest.approx(0.02, abs=1e-4)
    assert np.abs(whole).max() > 4 * 0.02


@pytest.mark.parametrize(
    ("name", "kurtosis"),
    [("he_uniform", 1.8), ("he_normal", 2.366), (keras.initializers.RandomNormal(stddev=1.0, seed=3), 3.0)],
    ids=["uniform", "truncated", "normal"],
)
def test_kurtosis_of_the_three_forms(name, kurtosis):
    """1.8, 2.366 and 3."""
    kernel = drawn(name, (2000, 2000)).astype(np.float64)

    assert np.mean(kernel**4) / np.mean(kernel**2) ** 2 == pytest.approx(kurtosis, rel=0.005)


def test_the_formula_tells_how_much_a_variance_strays(lesson):
    """Of kernels of 500 weights, up to the scatter of 400 draws."""
    many = keras.initializers.HeNormal(seed=keras.random.SeedGenerator(5))

    measured = np.std([np.array(many((50, 10))).var() / (2 / 50) for _ in range(400)])

    assert measured == pytest.approx(lesson.relative_error(2.366, 500), rel=0.2)  # its own error is 4 %: 5 of them


def test_a_convolution_counts_the_window(lesson):
    """He's deviation in Conv2D(32, 3 × 3) on 16 channels is √(2/144)."""
    keras.utils.set_random_seed(108)
    layer = keras.layers.Conv2D(32, (3, 3), kernel_initializer="he_normal")
    layer.build((None, 28, 28, 16))

    kernel = layer.get_weights()[0]

    assert lesson.compute_fans(kernel.shape) == (144, 288)
    assert kernel.std() == pytest.approx(math.sqrt(2 / 144), rel=0.05)


# Section 9 and exercise 2


@pytest.mark.parametrize(("start", "twins"), [("zeros", True), (0.01, True), ("he_normal", False)])
def test_equal_units_stay_equal(lesson, small, start, twins):
    """From zeros and from a constant 32 units remain one, and the loss stays high: at ln 10 from zeros."""
    initializer = keras.initializers.Constant(start) if isinstance(start, float) else start
    keras.utils.set_random_seed(108)
    layers = [keras.layers.Dense(n, f, kernel_initializer=initializer) for n, f in ((32, "relu"), (10, "softmax"))]
    model = keras.Sequential([keras.Input((784,)), *layers])
    lesson.compile_sgd(model, 0.01)

    loss = kit.train(model, small, batch_size=32, epochs=2, seed=108)["val_loss"][-1]

    spread = np.ptp(model.get_weights()[0], axis=1).max()
    assert (spread < 1e-5) == twins
    assert (loss > 1.5) == twins
    assert start != "zeros" or loss == pytest.approx(LN_10, abs=0.01)


def test_an_initializer_object_repeats_itself(lesson):
    """The same object, or the same whole number as seed, draws the same kernel; a name or an own copy does not."""
    shared, plain = keras.initializers.HeNormal(), keras.initializers.RandomNormal(stddev=0.01)
    sources = {
        "object": lambda: shared,
        "number": lambda: keras.initializers.HeNormal(seed=7),
        "name": lambda: keras.initializers.get("he_normal"),
        "copy": lambda: lesson.own_copy(plain),
    }

    same = {name: np.array_equal(source()((64, 64)), source()((64, 64))) for name, source in sources.items()}

    assert same == {"object": True, "number": True, "name": False, "copy": False}


def test_he_leads_glorot_at_first_and_less_later(compared):
    """In validation loss, over five epochs."""
    lead = np.subtract(compared["glorot_uniform"]["val_loss"], compared["he_normal"]["val_loss"])

    assert lead[0] > 0.1
    assert 0 < lead[-1] < lead[0] / 2


def test_tiny_weights_do_not_learn(compared):
    """RandomNormal(0.01) stays at ln 10."""
    assert compared["random_normal"]["val_loss"] == pytest.approx([LN_10] * 5, abs=2e-3)


def test_tiny_weights_let_a_thousandth_of_the_gradient_through(lesson, small):
    """At the first kernel, against He's."""
    sizes = []
    for initializer in ("he_normal", keras.initializers.RandomNormal(stddev=0.01)):
        keras.utils.set_random_seed(42)
        model = lesson.build_mlp([512, 256, 128, 64, 10], "relu", initializer)
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(small.y_val, model(small.x_val))
            loss = tf.reduce_mean(losses)
        sizes.append(lesson.rms(tape.gradient(loss, model.trainable_variables[0])))

    assert 300 < sizes[0] / sizes[1] < 3000


def test_adam_gets_tiny_weights_going(lesson, small):
    """The same network from the same start leaves ln 10 behind in its first epoch."""
    keras.utils.set_random_seed(42)
    model = lesson.build_mlp([512, 256, 128, 64, 10], "relu", keras.initializers.RandomNormal(stddev=0.01))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

    losses = kit.train(model, small, batch_size=32, epochs=2, seed=42)["val_loss"]

    assert losses[0] < 0.8 * LN_10
    assert losses[1] < losses[0]


# Section 10 and exercise 3


def test_he_keeps_the_mean_square_on_average(lesson, small):
    """Over draws the mean is 1; one draw strays by forty percent, as the product over the layers says."""
    ratios = [lesson.he_ratio(small.x_val[0]) for _ in range(600)]
    theory = math.sqrt(math.prod(1 + 5 / n for n in lesson.given["widths"]) - 1)

    assert theory == pytest.approx(0.4, abs=0.05)
    assert np.std(ratios) == pytest.approx(theory, rel=0.2)
    assert np.mean(ratios) == pytest.approx(1, abs=0.1)  # six standard errors


def test_glorot_loses_half_a_layer_and_he_does_not(lesson, small):
    """Eight layers of 128: from the second on a factor near 1/2; the first is 14 % below He's; this He doubles."""
    variances = {}
    for name in ("glorot_uniform", "he_normal"):
        keras.utils.set_random_seed(42)
        model = lesson.build_mlp([128] * 8 + [10], "relu", name)
        variances[name] = np.array(lesson.activation_variances(lesson.layer_activations(model, small.x_val)))

    glorot, he = variances.values()
    assert np.all((glorot[1:] / glorot[:-1] > 0.3) & (glorot[1:] / glorot[:-1] < 0.75))
    assert pytest.approx(0.14, abs=5e-3) == 1 - (784 + 784) / (2 * (784 + 128))
    assert he.max() > 2 * he[0]


@pytest.mark.parametrize("start", ["glorot_uniform", "he_normal", 1.0])
def test_half_of_relus_outputs_are_zero_whatever_the_scale(lesson, small, start):
    """At the start, on average over networks."""
    zeros = []
    for seed in range(20):
        keras.utils.set_random_seed(seed)
        initializer = start if isinstance(start, str) else keras.initializers.RandomNormal(stddev=start)
        model = lesson.build_mlp([128] * 4 + [10], "relu", initializer)
        zeros.append(np.mean([np.mean(h == 0) for h in lesson.layer_activations(model, small.x_val)]))

    assert np.mean(zeros) == pytest.approx(0.5, abs=0.05)


# Section 11 and exercise 4


@pytest.mark.parametrize(
    ("activation", "initializer", "forward", "backward"),
    [
        ("relu", "he_normal", (0.3, 3), (0.3, 3)),
        ("relu", "glorot_uniform", (3e-4, 3e-3), (3e-4, 3e-3)),
        ("tanh", "glorot_uniform", (0.05, 0.5), (0.1, 0.9)),
        ("selu", "lecun_normal", (0.5, 2), (0.2, 5)),
        ("sigmoid", "glorot_uniform", (0.3, 0.8), (0, 1e-11)),
    ],
)
def test_activation_and_initializer_belong_together(lesson, activation, initializer, forward, backward):
    """Twenty layers: signal and gradient as the table has them, and as the three remarks below it say."""
    draws = [lesson.signal(activation, initializer, depth=20, seed=seed) for seed in SEEDS]

    there, back = np.mean(draws, axis=0)

    assert forward[0] < there < forward[1]
    assert backward[0] <= back < backward[1]


def test_a_sigmoid_is_bearable_with_three_layers(lesson):
    """A hundredth of the gradient comes back, a billion times more than from twenty."""
    back = np.mean([lesson.signal("sigmoid", "glorot_uniform", depth=3, seed=seed)[1] for seed in SEEDS])

    assert 0.005 < back < 0.05


@pytest.mark.parametrize(
    ("initializer", "depth", "low", "high"),
    [("glorot_uniform", 100, 0.06, 0.11), ("he_normal", 50, 6, 11), ("he_normal", 100, 70, 150)],
)
def test_he_explodes_behind_tanh(lesson, initializer, depth, low, high):
    """Glorot keeps 8 % over 100 layers; He's gradient is 8 times as large over 50, and 100 times over 100."""
    back = np.mean([lesson.signal("tanh", initializer, depth, seed=seed)[1] for seed in SEEDS])

    assert low < back < high


def test_four_layers_bear_he_with_tanh(lesson, small):
    """It saturates more units in every layer, and the accuracy is not hurt."""
    results = lesson.compare_tanh_initializers(small, seed=42, epochs=4)

    glorot, he = results["glorot_uniform"], results["he_normal"]
    assert np.all(np.greater(he["saturation"], glorot["saturation"]))
    assert he["history"]["val_accuracy"][-1] > glorot["history"]["val_accuracy"][-1] - 0.02


def test_the_quietest_pixel_would_be_blown_up(data):
    """Its deviation is a hundredth of that of all pixels, or less."""
    assert data.x_train.std(axis=0).min() < data.x_train.std() / 100


# Section 12


def test_the_old_recipe_does_not_repeat_and_the_new_one_does(lesson):
    """tf.random.set_seed and np.random.seed leave Keras' initializers alone; set_random_seed does not."""

    def twice(seed):
        return [(seed(), lesson.first_weights())[1] for _ in range(2)]

    old = twice(lambda: (tf.random.set_seed(42), np.random.seed(42)))
    new = twice(lambda: keras.utils.set_random_seed(42))

    assert old[0] != old[1]
    assert new[0] == new[1]


def test_fit_repeats_its_order_and_epoch_batches_do_not(lesson):
    """After a seed fit shuffles every epoch alike; kit.epoch_batches gives a new permutation each."""
    x, y = np.arange(6.0)[:, None], np.zeros((6, 1))

    arrays = lesson.order_seen(x, y, batch_size=6)
    batches = lesson.order_seen(kit.epoch_batches(x, y, batch_size=6, seed=42), shuffle=False)

    assert arrays[0] == arrays[1] == arrays[2]
    assert len(set(map(tuple, batches))) == 3


# The homework


def test_he_uniform_starts_from_glorots_numbers(lesson, small):
    """The same seed gives the same numbers, rescaled by √(1084 / 784) in the first kernel."""
    names = ("glorot_uniform", "he_uniform")
    first, second = (lesson.train_homework(small, n, 42, epochs=1)["initial_weights"][0] for n in names)

    np.testing.assert_allclose(second, math.sqrt(1084 / 784) * first, atol=1e-6)


def text_of(path):
    """The text of a document of the project."""
    return (ROOT / path).read_text(encoding="utf-8")


def text_of_the_lesson():
    """The texts that its students read."""
    notebook = notebook_of(text_of("solutions/108_initialization.py"), "108_initialization")
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def table_of(text, first):
    """The cells of a table's rows whose first cell begins so, without the first."""
    lines = text.splitlines()
    rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")]
    return [cells[1:] for cells in rows if cells[0].startswith(first)]


def test_the_table_of_protocols_is_the_measured_one():
    """The lesson has the rows of docs/protocols.md, and that of docs/calibration-108.md for the homework itself."""
    *faster, own = table_of(text_of_the_lesson(), "SGD 0")

    measured = table_of(text_of("docs/calibration-108.md"), "108.homework He")

    assert faster == table_of(text_of("docs/protocols.md"), "SGD 0")
    assert own[:2] == [f"{100 * float(mean):+.2f} ± {100 * float(sd):.2f}" for _, mean, sd, *_ in measured]
    assert own[2] == measured[0][0]


# Mistakes and questions


@pytest.mark.parametrize(
    ("start", "low", "high"), [("zeros", LN_10 - 1e-3, LN_10 + 1e-3), ("he_normal", 2, 3.5), (1.0, 100, math.inf)]
)
def test_the_first_loss_tells_the_scale(lesson, small, start, low, high):
    """E1 and E2: ln 10 from zeros, near it from He, in the hundreds and more from RandomNormal(1)."""
    initializer = start if isinstance(start, str) else keras.initializers.RandomNormal(stddev=start)
    lesson.given["small"] = small

    assert low < lesson.first_loss(initializer) < high


def test_a_variance_for_a_deviation_kills_the_signal():
    """E3: with stddev = 2/n four layers of 256 leave nothing, with √(2/n) they leave it as it is."""
    rng, ends = np.random.default_rng(3), []
    for stddev in (2 / 256, math.sqrt(2 / 256)):
        h = rng.standard_normal((200, 256))
        for _ in range(4):
            h = np.maximum(h @ (stddev * rng.standard_normal((256, 256))), 0)
        ends.append(np.sqrt(np.mean(h**2)))

    assert ends[0] < 1e-3
    assert 0.3 < ends[1] < 2


def test_live_weights_restore_nothing(lesson):
    """E7: model.weights change with the model, get_weights() does not."""
    model = lesson.build_mlp([8, 10], "relu", "he_normal")
    alive, copies = list(model.weights), model.get_weights()
    model.layers[0].kernel.assign(np.zeros((784, 8)))

    model.set_weights(alive)

    assert not np.array_equal(model.get_weights()[0], copies[0])


def test_an_optimizer_remembers(lesson, small):
    """E8: restored weights and the same batches give another run, until the model is compiled anew."""
    keras.utils.set_random_seed(42)
    model = lesson.build_mlp([16, 10], "relu", "he_normal")
    start, losses = model.get_weights(), []
    for is_new in (True, False, True):
        if is_new:
            model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.set_weights(start)
        losses.append(kit.train(model, small, batch_size=32, epochs=1, seed=42)["val_loss"][0])

    assert losses[0] == losses[2] != losses[1]


def test_keras_refuses_half_a_name_and_warns_of_input_shape():
    """E5, E9 and E10: "he" is no initializer, input_shape is of the past, biases are drawn without a word."""
    with pytest.raises(ValueError, match="he"):
        keras.layers.Dense(64, kernel_initializer="he")
    with pytest.warns(UserWarning, match="input_shape"):
        keras.layers.Dense(64, input_shape=(784,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        keras.layers.Dense(64, bias_initializer="glorot_uniform").build((None, 64))


def test_batch_normalization_does_not_break_symmetry(lesson, small):
    """With equal weights all units stay twins."""
    constant = keras.initializers.Constant(0.01)
    layers = [
        keras.layers.Dense(32, kernel_initializer=constant),
        keras.layers.BatchNormalization(),
        keras.layers.Activation("relu"),
        keras.layers.Dense(10, "softmax", kernel_initializer=constant),
    ]
    model = keras.Sequential([keras.Input((784,)), *layers])
    lesson.compile_sgd(model, 0.01)

    kit.train(model, small, batch_size=32, epochs=1, seed=1)

    assert np.ptp(model.get_weights()[0], axis=1).max() < 1e-5


def test_slopes_of_leaky_relu_and_variances_of_pytorch():
    """0.3 in Keras' layer and 0.2 in its function; PyTorch's default has a sixth of He's variance."""
    function = -float(keras.activations.leaky_relu(keras.ops.convert_to_tensor(-1.0)))

    assert keras.layers.LeakyReLU().negative_slope == pytest.approx(0.3)
    assert function == pytest.approx(0.2)
    assert (2 / 784) / ((1 / math.sqrt(784)) ** 2 / 3) == pytest.approx(6)
