"""What lesson 109 states as measured: each claim is measured again, small, with the Keras that is installed."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.support.lesson_code import definitions

STACKS = (("relu", "he"), ("relu", "xavier"), ("tanh", "xavier"), ("selu", "lecun"), ("sigmoid", "xavier"))


@pytest.fixture(scope="module")
def lesson():
    """The functions of the solution."""
    found = definitions("109_activations")
    found.moons = [found.make_moons(seed) for seed in range(8)]
    found.given.update(rng=np.random.default_rng(109), moons=found.moons)
    return found


@pytest.fixture(scope="module")
def raced(lesson):
    """Validation loss and accuracy of pairs on the moons, (seeds, epochs); each pair is trained once."""
    done = {}

    def race(activation, scheme, learning_rate=0.1, epochs=30, seeds=8):
        key = (activation, scheme, learning_rate, epochs, seeds)
        if key not in done:
            done[key] = lesson.race(activation, scheme, lesson.moons[:seeds], learning_rate, epochs)
        return done[key]

    return race


@pytest.fixture(scope="module")
def fashion(lesson):
    """A few standardized images."""
    data = lesson.kit.subset(lesson.kit.load_fashion_mnist(), n_train=1000, n_val=500)
    mean, std = data.x_train.mean(), data.x_train.std()
    return data._replace(x_train=(data.x_train - mean) / std, x_val=(data.x_val - mean) / std)


def excludes_zero(interval):
    """Whether an interval of a difference shows one."""
    return abs(interval.mean) > interval.half_width


# Section 1


def test_a_sigmoid_is_never_steeper_than_a_quarter(lesson):
    """Sigmoid's largest slope is 1/4 and tanh's is 1."""
    z = np.linspace(-5, 5, 1001, dtype="float32")

    steepest = {name: float(np.max(lesson.slope(lesson.get_activation(name), z))) for name in ("sigmoid", "tanh")}

    assert steepest == pytest.approx({"sigmoid": 0.25, "tanh": 1.0})


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "selu", "gelu", "swish", "mish", "sigmoid", "tanh"])
def test_only_sigmoid_and_tanh_are_flat_at_both_ends(lesson, name):
    """The other seven let the gradient pass on the right."""
    left, right = np.array(lesson.slope(lesson.get_activation(name), np.float32([-30, 30])))

    saturates = name in ("sigmoid", "tanh")
    assert abs(left) < 1e-6 or name == "leaky_relu"
    assert (abs(right) < 1e-6) == saturates
    assert saturates or right == pytest.approx(1, abs=0.06)


# Sections 2 and 3


def test_xavier_draws_the_smallest_weights_from_two_inputs_to_64(lesson):
    """From 2 to 64 Xavier's deviation is the smallest, nearly six times below He's; from 64 to 64 it is not."""
    schemes = ("xavier", "he", "lecun", "torch_default")

    wide, square = (
        {name: float(np.std(lesson.get_initializer(name)(shape))) for name in schemes} for shape in ((2, 64), (64, 64))
    )

    assert min(wide, key=wide.get) == "xavier"
    assert 4.5 < wide["he"] / wide["xavier"] < 7
    assert min(square, key=square.get) == "torch_default"


def test_training_many_at_once_is_training_each(lesson):
    """A member of train_many takes the course that kit.train gives it alone."""
    data = lesson.moons[0]
    alone = lesson.train_pair(data, "relu", "he", 0, 2, 0.1)

    models, curves = lesson.race("relu", "he", [data, lesson.moons[1]], 0.1, 2)

    assert curves["val_loss"][0] == pytest.approx(alone["val_loss"], rel=1e-4)
    assert curves["val_accuracy"][0] == pytest.approx(alone["val_accuracy"])
    hits = np.argmax(np.array(models[0](data.x_val)), axis=1) == data.y_val
    assert np.mean(hits) == pytest.approx(alone["val_accuracy"][-1])


def test_an_interval_covers_the_mean_19_times_in_20(lesson):
    """mean_interval of 5 normal numbers covers their mean with probability 0.95."""
    draws = np.random.default_rng(5).standard_normal((4000, 5))

    covered = [abs(i.mean) < i.half_width for i in map(lesson.kit.mean_interval, draws)]

    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)  # standard error 0.0034: 5.8 of them


def test_the_blobs_are_easy_for_every_pair_but_slow_for_the_sigmoid(lesson):
    """After one epoch the sigmoid's loss is far above the others'; its accuracy catches up."""
    blobs = [lesson.make_blobs(seed) for seed in range(4)]

    curves = {pair: lesson.race(*pair, blobs, 0.1, 6)[1] for pair in [("sigmoid", "xavier"), ("relu", "torch_default")]}

    slow, quick = curves.values()
    assert np.all(slow["val_loss"][:, 0] > 5 * quick["val_loss"][:, 0])
    assert np.all(slow["val_accuracy"][:, -1] > 0.98)


def test_he_starts_relu_faster_and_ends_where_the_default_does(lesson, raced):
    """Paired over seeds: He is ahead of torch_default after one epoch, and after 30 no difference shows."""
    he, default = (raced("relu", scheme)[1]["val_loss"] for scheme in ("he", "torch_default"))

    first, last = (lesson.kit.mean_interval((he - default)[:, epoch]) for epoch in (0, 29))

    assert excludes_zero(first)
    assert first.mean < 0
    assert not excludes_zero(last)


def test_he_beats_xavier_for_tanh_behind_two_inputs(lesson, raced):
    """Paired over seeds, tanh is lower with He than with Xavier after 15 epochs on the moons."""
    he, xavier = (raced("tanh", scheme, epochs=15)[1]["val_loss"] for scheme in ("he", "xavier"))

    difference = lesson.kit.mean_interval((he - xavier)[:, -1])

    assert excludes_zero(difference)
    assert difference.mean < 0


def test_xavier_s_first_layer_is_what_holds_tanh_back(lesson, raced):
    """With He's scale in the first kernel alone, tanh and Xavier get most of He's advantage after 15 epochs."""
    models = lesson.build_many("tanh", "xavier", range(8))
    for model in models:
        model.layers[0].kernel.assign(math.sqrt(33) * model.layers[0].kernel)
    settings = {"optimizer": lesson.keras.optimizers.SGD(0.1), "batch_size": 32, "epochs": 15, "seeds": range(8)}

    mixed = lesson.kit.train_many(models, lesson.moons, **settings)["val_loss"][:, -1].mean()

    he, xavier = (raced("tanh", scheme, epochs=15)[1]["val_loss"][:, -1].mean() for scheme in ("he", "xavier"))
    assert xavier - mixed > 0.75 * (xavier - he)


@pytest.mark.slow
def test_small_starts_are_steadier(raced):
    """Over 30 epochs the loss of torch_default and of the sigmoid rises less often than that of the other pairs."""

    def rises(activation, scheme):
        return np.mean(np.diff(raced(activation, scheme)[1]["val_loss"], axis=1) > 0)

    steady = max(rises("relu", "torch_default"), rises("sigmoid", "xavier"))

    assert steady < min(rises("relu", "he"), rises("leaky_relu", "he"), rises("tanh", "xavier"))


@pytest.mark.slow
@pytest.mark.parametrize("learning_rate", [0.01, 0.1, 0.5])
def test_relu_with_he_is_robust_and_the_sigmoid_is_last(lesson, raced, learning_rate):
    """At three learning rates He's pairs are within 1.5 points of the best, and the sigmoid is the worst."""
    final = {pair: raced(*pair, learning_rate)[1]["val_accuracy"][:, -1].mean() for pair in lesson.PAIRS}

    assert min(final, key=final.get) == ("sigmoid", "xavier")
    assert min(final["relu", "he"], final["leaky_relu", "he"]) > max(final.values()) - 0.015


# Section 4


@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_half_of_relus_outputs_are_zero_at_any_scale(scale):
    """At the start half of the outputs are zeros and no unit is dead."""
    rng = np.random.default_rng(1)
    h = np.maximum(rng.standard_normal((1000, 20)) @ (scale * rng.standard_normal((20, 300))), 0)

    zeros, dead = np.mean(h == 0), np.mean(np.all(h == 0, axis=0))

    assert zeros == pytest.approx(0.5, abs=0.02)
    assert dead == 0


@pytest.mark.parametrize("width", [2, 4, 8])
def test_narrow_deep_networks_are_born_off(lesson, width):
    """For one input the share is 1 - (1 - 2^-N)^L; for many inputs it is smaller."""
    depth, networks = 20, 2000
    formula = 1 - (1 - 2.0**-width) ** depth

    one, many = (lesson.off_share(width, depth, examples, networks) for examples in (1, 50))

    assert one == pytest.approx(formula, abs=5 * math.sqrt(formula * (1 - formula) / networks))
    assert many < one


def test_sixteen_units_per_layer_protect(lesson):
    """With 16 units per layer hardly any network of 20 layers is born off."""
    assert lesson.off_share(16, 20, 50, 500) < 0.01


def test_a_dead_unit_gets_no_gradient_and_a_leaky_one_does(lesson):
    """A unit of the first layer that is never active has gradient 0 with ReLU only."""
    tf, keras, data = lesson.tf, lesson.keras, lesson.moons[0]
    sizes = {}
    for name in ("relu", "leaky_relu"):
        keras.utils.set_random_seed(0)
        model = lesson.build_pair(name, "he")
        weights = model.get_weights()
        weights[1][0] = -100.0
        model.set_weights(weights)
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(data.y_train, model(data.x_train))
            loss = tf.reduce_mean(losses)
        sizes[name] = lesson.rms(tape.gradient(loss, model.layers[0].kernel.value)[:, 0])

    assert sizes["relu"] == 0
    assert sizes["leaky_relu"] > 0


def test_a_huge_learning_rate_kills_units(lesson, raced):
    """Zeros are half at the start and few units dead; SGD(1.0) kills many more than SGD(0.1)."""
    fresh = lesson.zeros_and_dead(lesson.build_many("relu", "he", range(8)))

    settings = ((0.1, 30), (1.0, 15))
    gentle, rough = (lesson.zeros_and_dead(raced("relu", "he", rate, epochs)[0]) for rate, epochs in settings)

    assert np.mean(fresh[0]) == pytest.approx(0.5, abs=0.02)
    assert np.mean(fresh[1]) < 0.08
    more_dead = lesson.kit.mean_interval(np.subtract(rough[1], gentle[1]))
    assert excludes_zero(more_dead)
    assert more_dead.mean > 0.05


def test_a_small_negative_slope_changes_nothing_that_shows(lesson, raced):
    """On the moons Leaky ReLU with slope 0.01 ends where ReLU does."""
    leaky, relu = (raced(name, "he")[1]["val_accuracy"][:, -1] for name in ("leaky_relu", "relu"))

    assert not excludes_zero(lesson.kit.mean_interval(leaky - relu))


def test_a_negative_slope_of_one_leaves_a_straight_line(lesson, raced):
    """On the moons slope 1 costs more than four points of accuracy."""
    models = lesson.build_many("relu", "he", range(8))
    for model in models:
        for layer in model.layers[:-1]:
            layer.activation = lesson.functools.partial(lesson.keras.activations.leaky_relu, negative_slope=1.0)
    settings = {"optimizer": lesson.keras.optimizers.SGD(0.1), "batch_size": 32, "epochs": 30, "seeds": range(8)}

    straight = lesson.kit.train_many(models, lesson.moons, **settings)["val_accuracy"][:, -1]

    loss = lesson.kit.mean_interval(straight - raced("relu", "he")[1]["val_accuracy"][:, -1])
    assert loss.mean + loss.half_width < -0.04


# Section 5 and exercise 3


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0, 4.0])
def test_the_saturated_share_of_tanh_is_an_erfc(sigma):
    """P(|tanh z| > 0.97) = erfc(z0 / (σ√2)) for normal z."""
    h = np.tanh(sigma * np.random.default_rng(2).standard_normal(100_000))

    share = math.erfc(math.atanh(0.97) / (sigma * math.sqrt(2)))

    assert np.mean(np.abs(h) > 0.97) == pytest.approx(share, abs=0.01)  # standard error below 0.0016


def test_unscaled_pixels_saturate_the_first_layer(lesson, fashion):
    """Pixels from 0 to 255 saturate nearly all tanh units that Xavier draws; standardized ones do not."""
    raw = 255 * (fashion.x_val - fashion.x_val.min()) / np.ptp(fashion.x_val)
    kernel = np.array(lesson.get_initializer("xavier")((784, 256)))

    shares = [np.mean(np.abs(np.tanh(batch @ kernel)) > 0.97) for batch in (raw, fashion.x_val)]

    assert shares[0] > 0.95
    assert shares[1] < 0.2


@pytest.mark.parametrize(
    ("activation", "scheme", "low", "high"),
    [
        ("relu", "he", -1, 1),
        ("tanh", "xavier", -2, 0.5),
        ("relu", "torch_default", -3, 1),
        ("sigmoid", "xavier", -8, -4),
    ],
)
def test_the_first_kernel_of_ten_sigmoid_layers_hardly_gets_a_gradient(lesson, activation, scheme, low, high):
    """The log10 of first over last gradient norm: near 0 for the others, below -6 for the sigmoid."""
    x, y = lesson.moons[0].x_train[:128], lesson.moons[0].y_train[:128]
    logs = []
    for model in lesson.build_many(activation, scheme, range(4), units=(64,) * 10 + (2,)):
        norms = lesson.gradient_norms_one_batch(model, x, y)[1]
        kernels = [norm for path, norm in norms.items() if path.endswith("kernel")]
        logs.append(math.log10(kernels[0] / kernels[-1]))

    assert low < np.mean(logs) < high


# Sections 6 and 7


@pytest.mark.parametrize(("activation", "scheme"), STACKS)
def test_the_product_of_factors_is_the_measured_one(lesson, activation, scheme):
    """The product of √(n Var(W) E[f'²]) over 20 layers is the backward factor, within a third."""
    formula = [sum(map(math.log, lesson.layer_factors(activation, scheme, 20, seed=seed))) for seed in range(3)]

    measured = [math.log(lesson.backward_factor(activation, scheme, 20, 128, seed)) for seed in range(3)]

    assert abs(np.mean(measured) - np.mean(formula)) < math.log(4 / 3)


@pytest.mark.parametrize("depth", [5, 20])
def test_the_sigmoid_stays_below_its_bound(lesson, depth):
    """With Xavier the sigmoid's product is at most (1/4)^L."""
    assert math.prod(lesson.layer_factors("sigmoid", "xavier", depth)) < 0.25**depth


@pytest.mark.parametrize("scale", [2, 4])
def test_larger_weights_do_not_lift_the_sigmoid_to_one(lesson, scale):
    """With Xavier's weights two or four times larger each layer still shrinks the gradient."""
    assert lesson.layer_factors("sigmoid", "xavier", 10, scale=scale)[-1] < 0.9


@pytest.mark.parametrize(
    ("activation", "scheme", "expected"),
    [
        ("relu", "he", 0.99),
        ("relu", "xavier", 9.6e-4),
        ("tanh", "xavier", 0.19),
        ("selu", "lecun", 2.0),
        ("sigmoid", "xavier", 2.5e-13),
    ],
)
def test_twenty_layers_of_256_have_the_factors_of_the_table(lesson, activation, scheme, expected):
    """The backward factors that the course quotes, up to the scatter of a draw."""
    logs = [math.log(lesson.backward_factor(activation, scheme, 20, 256, seed)) for seed in range(3)]

    assert np.mean(logs) == pytest.approx(math.log(expected), abs=0.5)


def test_fifty_linear_layers_are_one(lesson):
    """The matrix of collapse_linear does what the stack does."""
    rng = np.random.default_rng(3)
    kernels = [rng.standard_normal((30, 30)) / math.sqrt(30) for _ in range(50)]
    h = x = rng.standard_normal((5, 30))
    for kernel in kernels:
        h = h @ kernel

    assert x @ lesson.collapse_linear(kernels) == pytest.approx(h, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("activation", "scheme", "low", "high"),
    [
        ("sigmoid", "xavier", -35, -28),
        ("relu", "torch_default", -22, -17),
        ("relu", "xavier", -9, -6),
        ("relu", "he", -1.5, 1),
        ("tanh", "xavier", -1.3, -0.6),
        ("selu", "lecun", 0.5, 1.2),
        ("tanh", "he", 0.6, 1.3),
        ("selu", "he", 1.5, 3.2),
    ],
)
def test_fifty_layers_tell_the_pairs_apart(lesson, activation, scheme, low, high):
    """The log10 of the backward factor at 50 layers: some vanish, some grow, some stay near 0."""
    (backward,) = lesson.sweep(activation, scheme, (50,))[1]

    assert low < math.log10(backward) < high


def test_gelu_with_he_lasts_for_twenty_layers_only(lesson):
    """GELU with He is within a factor of 16 at 20 layers and has lost more than that at 50."""
    logs = np.mean([np.log10(lesson.sweep("gelu", "he", (20, 50), seed=seed)[1]) for seed in range(4)], axis=0)

    assert logs[0] > -1.2 > logs[1]


# Section 8


def test_relu_makes_inputs_alike_as_the_formula_says(lesson):
    """The cosine of ReLU with He follows Cho and Saul, and passes 0.9 by layer 30."""
    c, formula = 0.0, []
    for _ in range(30):
        c = (math.sqrt(1 - c**2) + c * (math.pi - math.acos(c))) / math.pi
        formula.append(c)

    measured = np.mean([lesson.cosine_profile("relu", "he", seed=seed) for seed in range(2)], axis=0)

    assert measured == pytest.approx(np.array(formula), abs=0.05)
    assert measured[-1] > 0.9


@pytest.mark.parametrize(
    ("activation", "scheme", "low", "high"),
    [("sigmoid", "xavier", 0.97, 1.0), ("tanh", "xavier", -0.1, 0.1), ("selu", "lecun", -0.1, 0.1)],
)
def test_positive_outputs_align_inputs_and_centred_ones_do_not(lesson, activation, scheme, low, high):
    """Three sigmoid layers make inputs alike; 20 layers of tanh or SELU do not."""
    profile = lesson.cosine_profile(activation, scheme, depth=20)

    assert low < profile[2] <= high + 1e-6
    assert low < profile[-1] <= high + 1e-6


# Exercise 5


def test_only_a_draw_makes_units_differ(lesson):
    """One unit from zeros, which does not move; one from a constant, which does; 64 from He."""
    results = lesson.compare_starts(seed=0, epochs=1)

    assert {name: result["distinct"] for name, result in results.items()} == {"zeros": 1, "constant": 1, "he": 64}
    assert not np.any(results["zeros"]["kernel"])
    assert np.max(np.abs(results["constant"]["kernel"] - 0.1)) > 1e-3


def test_a_drawn_output_separates_the_last_hidden_layer_only(lesson):
    """With constant hidden kernels and a drawn output, the first layer stays one unit and the second does not."""
    lesson.keras.utils.set_random_seed(0)
    model = lesson.build_pair("relu", "he")
    model.set_weights([np.full_like(w, 0.1) if w.ndim == 2 and w.shape[1] == 64 else w for w in model.get_weights()])

    lesson.quick_run(model, epochs=2)

    assert lesson.distinct_units(model.layers[0].kernel) == 1
    assert lesson.distinct_units(model.layers[1].kernel) > 1


# Section 9


def thirty_layers(lesson, data, optimizer, epochs, seeds):
    """Curves of a ReLU network with 30 hidden layers: with He, and with Xavier."""
    options = {"units": (64,) * 30 + (10,), "input_dim": 784}
    models = [
        model for scheme in ("he", "xavier") for model in lesson.build_many("relu", scheme, range(seeds), **options)
    ]
    settings = {"optimizer": optimizer, "batch_size": 32, "epochs": epochs, "seeds": [*range(seeds)] * 2}
    curves = lesson.kit.train_many(models, [data] * 2 * seeds, **settings)
    return ({name: values[part] for name, values in curves.items()} for part in np.split(np.arange(2 * seeds), 2))


def test_thirty_relu_layers_of_xavier_get_a_thousandth_of_he_s_gradient(lesson, fashion):
    """Before training, every kernel's gradient is more than a thousand times smaller with Xavier than with He."""
    x, y = fashion.x_train[:128], fashion.y_train[:128]
    norms = {}
    for scheme in ("he", "xavier"):
        (model,) = lesson.build_many("relu", scheme, [0], units=(64,) * 30 + (10,), input_dim=784)
        found = lesson.gradient_norms_one_batch(model, x, y)[1]
        norms[scheme] = np.array([norm for path, norm in found.items() if path.endswith("kernel")])

    assert np.all(norms["xavier"] < 1e-3 * norms["he"])


@pytest.mark.slow
def test_thirty_relu_layers_learn_with_he_and_stall_with_xavier(lesson, fashion):
    """Under SGD Xavier stays within 0.01 of ln 10, and He leaves it well behind."""
    he, xavier = thirty_layers(lesson, fashion, lesson.keras.optimizers.SGD(0.01), epochs=5, seeds=5)

    assert np.max(np.abs(xavier["val_loss"] - math.log(10))) < 0.01
    assert np.mean(he["val_loss"].min(axis=1)) < 2.1


@pytest.mark.slow
def test_adam_gets_thirty_layers_of_xavier_going(lesson, fashion):
    """Adam leaves ln 10 behind with Xavier too, and He learns more in the same epochs."""
    he, xavier = thirty_layers(lesson, fashion, lesson.keras.optimizers.Adam(0.001), epochs=5, seeds=8)

    assert xavier["val_loss"][:, -1].mean() < 2.0
    ahead = lesson.kit.mean_interval((he["val_accuracy"] - xavier["val_accuracy"]).mean(axis=1))
    assert excludes_zero(ahead)
    assert ahead.mean > 0


# Section 10


@pytest.mark.parametrize("k", [0.1, 1.0, 100.0])
def test_batch_normalization_forgets_the_scale(lesson, k):
    """Normalizing k z gives deviation 1 for any k that is not tiny; ε shows for k = 0.01."""
    z = 3 + 2 * np.random.default_rng(4).standard_normal((500, 1))

    normalized = np.array(lesson.keras.layers.BatchNormalization()(k * z, training=True))
    tiny = np.array(lesson.keras.layers.BatchNormalization()(0.01 * z, training=True))

    assert np.std(normalized) == pytest.approx(1, abs=0.02)
    assert np.std(tiny) < 0.8


@pytest.mark.parametrize("k", [3, 10])
def test_large_weights_under_batch_normalization_step_less(lesson, fashion, k):
    """In proportion to the kernel a step is k² times smaller."""
    lesson.given["fashion"] = fashion
    model = lesson.bn_network(normalize=True)

    one, scaled = (lesson.relative_step(model, factor) for factor in (1, k))

    assert scaled * k**2 == pytest.approx(one, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("k", [0.1, 0.3, 3, 10])
def test_batch_normalization_learns_at_scales_where_the_plain_network_does_not(lesson, k):
    """Away from He's scale only the normalized network leaves chance."""
    data = lesson.kit.subset(lesson.kit.load_fashion_mnist(), n_train=2000, n_val=1000)
    mean, std = data.x_train.mean(), data.x_train.std()
    data = data._replace(x_train=(data.x_train - mean) / std, x_val=(data.x_val - mean) / std)
    reached = {}
    for normalize in (False, True):
        model = lesson.bn_network(normalize)
        model.set_weights(lesson.scaled_start(model, k, seed=0))
        reached[normalize] = lesson.kit.train(model, data, batch_size=64, epochs=3, seed=0)["val_accuracy"][-1]

    assert reached[False] < 0.3
    assert reached[True] > 0.35


# Sections 11 and 12


def test_orthogonal_products_keep_every_direction(lesson):
    """Twenty orthogonal matrices have singular values 1; twenty Gaussian ones lose most directions."""
    initializers = lesson.keras.initializers
    starts = (initializers.Orthogonal, lambda: initializers.RandomNormal(stddev=1 / math.sqrt(64)))

    orthogonal, gaussian = (
        np.linalg.svd(
            lesson.collapse_linear([np.array(new()((64, 64)), dtype=float) for _ in range(20)]), compute_uv=False
        )
        for new in starts
    )

    assert orthogonal == pytest.approx(np.ones(64), abs=1e-4)
    assert gaussian[0] > 2
    assert gaussian[32] < 0.05


def test_lsuv_keeps_the_signal_where_orthogonal_loses_it(lesson):
    """With GELU, 30 orthogonal layers lose the signal, He loses some, and LSUV keeps it."""
    batch = np.random.default_rng(6).standard_normal((128, 128)).astype("float32")
    lesson.keras.utils.set_random_seed(1)
    orthogonal = [np.array(lesson.keras.initializers.Orthogonal()((128, 128))) for _ in range(30)]
    he = [np.array(lesson.get_initializer("he")((128, 128))) for _ in range(30)]

    starts = {"he": he, "orthogonal": orthogonal, "lsuv": lesson.lsuv("gelu", orthogonal, batch)}
    sizes = {name: lesson.profile("gelu", kernels, batch)[-1] for name, kernels in starts.items()}

    assert sizes["orthogonal"] < 1e-3
    assert sizes["orthogonal"] < sizes["he"] < 0.5 < sizes["lsuv"] < 1


def test_selu_with_lecun_returns_to_mean_0_and_deviation_1(lesson):
    """From far away LeCun brings SELU back; with He the deviation stays far above 1."""
    selu, scale = lesson.get_activation("selu"), {}
    z = np.random.default_rng(7).standard_normal(200_000).astype("float32")
    for scheme in ("lecun", "he"):
        lesson.keras.utils.set_random_seed(109)
        h = (0.5 + 3 * z[: 256 * 128].reshape(256, 128)).astype("float32")
        for _ in range(30):
            h = np.array(selu(h @ np.array(lesson.get_initializer(scheme)((128, 128)))))
        scale[scheme] = (h.mean(), h.std())

    fixed = np.array(selu(z))
    assert (fixed.mean(), np.mean(fixed**2)) == pytest.approx((0, 1), abs=0.02)
    assert scale["lecun"] == pytest.approx((0, 1), abs=0.35)
    assert scale["he"][1] > 3


def test_residual_branches_add_their_variance(lesson):
    """E[h²] after L branches is 1 + L v, and 1 + v when each is divided by √L."""
    d, depth, s = 256, 6, 0.03
    lesson.given.update(d=d, L=depth, s=s)
    v = (d * s**2 / 2) * (4 * d * s**2)

    plain, scaled = (lesson.residual_stream(scale, 0) ** 2 for scale in (1, 1 / math.sqrt(depth)))

    assert plain == pytest.approx(1 + depth * v, rel=0.06)
    assert scaled == pytest.approx(1 + v, rel=0.06)


# Section 13 and the common errors


def test_the_three_sick_networks_show_their_symptoms(lesson):
    """A: the signal fades; B: the first layer is saturated; C: a dead layer, loss ln 2, no gradient in a kernel."""
    faded, saturated, dead = (lesson.sick(case) for case in "ABC")

    sizes = [lesson.rms(h) for h in lesson.hidden_outputs(*faded[:2])]
    first = lesson.hidden_outputs(*saturated[:2])[0]
    loss, norms = lesson.gradient_norms_one_batch(*dead)
    assert all(later < earlier for earlier, later in pairwise(sizes))
    assert sizes[-1] < 0.05 * sizes[0]
    assert np.mean(np.abs(first) > 0.97) > 0.8
    assert np.all(lesson.hidden_outputs(*dead[:2])[2] == 0)
    assert loss == pytest.approx(math.log(2), abs=1e-6)
    assert all(norm == 0 for path, norm in norms.items() if path.endswith("kernel"))


def test_variable_names_repeat_and_paths_do_not(lesson):
    """E1: six variables have two names and six paths."""
    variables = lesson.build_pair("relu", "he").trainable_variables

    assert (len({v.name for v in variables}), len({v.path for v in variables})) == (2, 6)


def test_keras_has_two_leaky_slopes(lesson):
    """E2: 0.2 in the function, 0.3 in the layer, 0.01 in get_activation."""
    minus_one = lesson.tf.constant([-1.0])
    functions = (
        lesson.keras.activations.leaky_relu,
        lesson.keras.layers.LeakyReLU(),
        lesson.get_activation("leaky_relu"),
    )

    assert [float(f(minus_one)[0]) for f in functions] == pytest.approx([-0.2, -0.3, -0.01])


def test_ten_sigmoid_layers_stay_at_ln_2(lesson):
    """E4: a deep sigmoid network does not learn the moons in two epochs."""
    lesson.keras.utils.set_random_seed(0)
    model = lesson.build_pair("sigmoid", "xavier", units=(64,) * 10 + (2,))

    assert lesson.quick_run(model, epochs=2)["val_loss"][-1] > 0.65


def test_an_absurd_learning_rate_stops_learning(lesson):
    """E6: with SGD(20) the accuracy stays near chance, where 0.1 is past 0.8 after one epoch."""
    lesson.keras.utils.set_random_seed(0)
    model = lesson.build_pair("relu", "he")

    assert lesson.quick_run(model, learning_rate=20.0, epochs=2)["val_accuracy"][-1] < 0.65
    assert lesson.train_pair(lesson.moons[0], "relu", "he", 0, 1, 0.1)["val_accuracy"][-1] > 0.8


def test_the_tape_says_none_when_nothing_was_watched(lesson):
    """E7: the gradient of an input that is not watched is None, and so is that of a value that went through NumPy."""
    tf, x = lesson.tf, lesson.tf.constant([[1.0, 2.0]])
    with tf.GradientTape() as unwatched:
        y = tf.reduce_sum(tf.tanh(x))
    with tf.GradientTape() as detour:
        detour.watch(x)
        z = tf.reduce_sum(tf.constant(np.tanh(x.numpy())))

    assert unwatched.gradient(y, x) is None
    assert detour.gradient(z, x) is None


def test_an_unknown_activation_is_an_error(lesson):
    """E8: Keras refuses a name that it does not know."""
    with pytest.raises(ValueError, match="leaky"):
        lesson.keras.layers.Dense(64, activation="leaky")


def test_a_dense_layer_without_activation_is_affine(lesson):
    """E9: Dense applies no function unless told: a stack of three maps the midpoint to the midpoint."""
    keras = lesson.keras
    model = keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(n) for n in (64, 64, 2))])
    first, second = np.float32([[1, -2]]), np.float32([[-3, 5]])

    middle = np.array(model((first + second) / 2))

    assert middle == pytest.approx(np.array(model(first) + model(second)) / 2, abs=1e-5)


def test_batch_normalization_validates_badly_after_few_updates(lesson, fashion):
    """E11: after a few steps, moving averages with momentum 0.99 cost accuracy that the batch's own do not."""
    lesson.keras.utils.set_random_seed(0)
    model = lesson.bn_network(normalize=True, momentum=0.99)

    history = lesson.kit.train(model, fashion, batch_size=64, epochs=2, seed=0)

    by_batch = np.argmax(model(fashion.x_val, training=True), axis=1)
    assert history["val_accuracy"][-1] < np.mean(by_batch == fashion.y_val) - 0.1


# Frequent questions


@pytest.mark.parametrize(
    ("name", "gain"), [("relu", 0.5), ("selu", 1.0), ("tanh", 0.394), ("gelu", 0.425), ("swish", 0.355)]
)
def test_the_gains_are_those_of_the_table(lesson, name, gain):
    """E[f(z)²] for standard normal z: one half for ReLU, one for SELU, less than ReLU's for GELU and Swish."""
    z = np.random.default_rng(8).standard_normal(400_000).astype("float32")

    assert np.mean(np.square(lesson.get_activation(name)(z))) == pytest.approx(gain, abs=0.01)


@pytest.mark.parametrize("name", ["gelu", "swish", "mish"])
def test_smoothed_relus_lose_signal_with_he(lesson, name):
    """Over 30 layers with He's weights the gradient shrinks, where ReLU's does not."""
    logs = [math.log10(lesson.backward_factor(name, "he", 30, 128, seed)) for seed in range(3)]

    assert np.mean(logs) < -0.2
