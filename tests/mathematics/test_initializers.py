import math

import numpy as np
import pytest

from grader.judge.check import Mismatch
from grader.judge.kernels import expect_kernel, expect_law
from grader.language.messages import Text, translator
from grader.mathematics.initializers import NAMES, draw, law, random_normal

SHAPE = (300, 200)


@pytest.fixture
def generator():
    """Random numbers that are the same every time."""
    return np.random.default_rng(108)


def said(mismatch):
    """The message in English."""
    return mismatch.value.text.render(translator("en"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("glorot_uniform", 2 / 400),
        ("glorot_normal", 2 / 400),
        ("he_uniform", 2 / 300),
        ("he_normal", 2 / 300),
        ("lecun_uniform", 1 / 300),
        ("lecun_normal", 1 / 300),
        ("torch_uniform", 1 / 900),
    ],
)
def test_variances_are_those_of_the_papers(name, expected):
    """Glorot 2/(fan_in + fan_out), He 2/fan_in, LeCun 1/fan_in, uniform or normal; PyTorch 1/(3 fan_in)."""
    assert law(name, 300, 100).variance == pytest.approx(expected)


def test_the_largest_weight_is_the_limit_of_the_uniform():
    """√(6/(fan_in + fan_out)) for Glorot; 2.274 standard deviations for a truncated normal; none for RandomNormal."""
    assert law("glorot_uniform", 300, 100).largest == pytest.approx(math.sqrt(6 / 400))
    assert law("he_normal", 300, 100).largest == pytest.approx(2.2737 * math.sqrt(2 / 300), rel=1e-4)
    assert math.isinf(random_normal(0.01).largest)
    assert random_normal(0.01).variance == pytest.approx(1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_draws_have_variance_range_and_mean_of_their_law(name, generator):
    """Up to five standard errors; exactly, for the range."""
    kernel, wanted = draw(name, 784, 300, generator), law(name, 784, 300)

    assert kernel.dtype == np.float32
    assert kernel.var() == pytest.approx(wanted.variance, rel=5 * math.sqrt(1.4 / kernel.size))
    assert 0.999 * wanted.largest < np.abs(kernel).max() <= wanted.largest * (1 + 1e-6)
    assert abs(kernel.mean()) < 5 * math.sqrt(wanted.variance / kernel.size)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(50, 10), (100, 50), SHAPE])
def test_a_kernel_of_its_own_law_is_accepted(name, shape, generator):
    """Many draws, also of the homework's smallest kernel, pass."""
    for _ in range(40):
        expect_kernel(draw(name, *shape, generator), name, Text("kernel"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_kernel_of_another_law_is_not(name, other, generator):
    """Each of the six initializers is told from the other five at 300 × 200."""
    if name == other:
        return

    with pytest.raises(Mismatch):
        expect_kernel(draw(other, *SHAPE, generator), name, Text("kernel"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda k: k * 0,
        lambda k: k * 1.1,
        lambda k: -np.abs(k),
        lambda k: k + 0.3 * k.std(),
        lambda k: np.sign(k) * k.std(),
        lambda k: np.where(np.arange(k.size).reshape(k.shape) == 0, 3 * k.std(), k),
        lambda k: np.full_like(k, 1e300),
    ],
    ids=["zeros", "scaled", "one sign", "shifted", "two values", "one weight beyond", "huge"],
)
def test_spoiled_kernels_are_not_accepted(spoil, generator):
    """Scale, sign, mean, shape and range all count, and no number is too large to be looked at."""
    kernel = draw("he_normal", *SHAPE, generator).astype(np.float64)

    with pytest.raises(Mismatch):
        expect_kernel(spoil(kernel), "he_normal", Text("kernel"))


def test_an_untruncated_normal_is_not_he_normal(generator):
    """The right variance with tails beyond 2.274 standard deviations is RandomNormal, not HeNormal."""
    kernel = generator.normal(0, math.sqrt(2 / 300), SHAPE)

    with pytest.raises(Mismatch) as mismatch:
        expect_kernel(kernel, "he_normal", Text("kernel"))

    assert "shape of he_normal" in said(mismatch)


def test_the_hint_names_the_scheme_whose_variance_was_found(generator):
    """Glorot in the place of He is called by its name."""
    with pytest.raises(Mismatch) as mismatch:
        expect_kernel(draw("glorot_normal", *SHAPE, generator), "he_normal", Text("kernel"))

    assert "variance of glorot" in said(mismatch).lower()


def test_keras_draws_what_the_judge_expects(keras_side):
    """Keras' own initializers have the variance, the range and the shape that kernels are held to."""
    folder, _ = keras_side

    with np.load(folder / "draws.npz") as draws:
        for name in NAMES:
            kernel = draws[name].astype(np.float64)
            expect_kernel(kernel, name, Text(name), comparisons=len(NAMES))
            assert np.abs(kernel).max() == pytest.approx(law(name, *kernel.shape).largest, rel=1e-3)
            if name.endswith("normal"):
                assert np.abs(kernel).max() / kernel.std() == pytest.approx(2.274, rel=0.01)
        assert draws["random_normal"].std() == pytest.approx(0.01, rel=0.02)
        assert np.abs(draws["random_normal"]).max() > 3.5 * 0.01


def test_a_law_may_come_with_hints_of_its_own(generator):
    """The text of the one law whose variance was found is said, and none where two have it."""
    kernel = draw("lecun_uniform", *SHAPE, generator)
    wanted, found, other = (law(name, *SHAPE) for name in ("torch_uniform", "lecun_uniform", "he_uniform"))

    with pytest.raises(Mismatch) as named:
        expect_law(kernel, wanted, Text("it"), hints=[(found, Text(" square")), (other, Text(" double"))])
    with pytest.raises(Mismatch) as doubtful:
        expect_law(kernel, wanted, Text("it"), hints=[(found, Text(" square")), (found, Text(" again"))])

    assert "square" in said(named)
    assert not {"square", "again"} & set(said(doubtful).split())


def test_pytorchs_default_is_accepted_as_its_law(generator):
    """Uniform on ±1/√fan_in, as its documentation says."""
    kernel = generator.uniform(-1, 1, SHAPE) / math.sqrt(SHAPE[0])

    expect_law(kernel, law("torch_uniform", *SHAPE), Text("it"))
