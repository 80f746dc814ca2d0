import functools
import math

import numpy as np
import pytest

from grader.mathematics import initializers
from grader.mathematics.sampling import (
    NORMAL,
    TRUNCATED_NORMAL,
    UNIFORM,
    cdf_distance,
    cdf_tolerance,
    variance_tolerance,
)

DISTRIBUTIONS = [UNIFORM, TRUNCATED_NORMAL, NORMAL]
IDS = ["uniform", "truncated", "normal"]
SIZES = [500, 2000, 8000]
RUNS = 1000


@pytest.fixture
def generator():
    """Random numbers that are the same every time."""
    return np.random.default_rng(20_240_108)


def standard_draws(distribution, shape, rng):
    """Draws with variance 1, made without the module under test: rejection at two sigma, scaled by its own integral."""
    if distribution is UNIFORM:
        return rng.uniform(-math.sqrt(3), math.sqrt(3), shape)
    if distribution is NORMAL:
        return rng.standard_normal(shape)
    z = rng.standard_normal(int(1.06 * math.prod(np.atleast_1d(shape))) + 100)
    inside = z[np.abs(z) <= 2][: math.prod(np.atleast_1d(shape))]
    return inside.reshape(shape) / truncated_std()


def truncated_density(x):
    """Density of the normal truncated at two sigma, not rescaled."""
    return np.where(np.abs(x) <= 2, np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2)), 0)


def moment(density, power, low=-2.0, high=2.0):
    """∫ xᵖ density(x) dx by the trapezoidal rule."""
    x = np.linspace(low, high, 200_001)
    return float(np.trapezoid(x**power * density(x), x))


@functools.cache
def truncated_std():
    """The standard deviation that the truncation leaves, integrated."""
    return math.sqrt(moment(truncated_density, 2))


def rejection_limit(probability, runs):
    """More rejections than this in so many runs would be very unlikely if the probability were the stated one."""
    return runs * probability + 4 * math.sqrt(runs * probability) + 1


def test_the_truncated_normal_integrates_to_its_constants():
    """Standard deviation, kurtosis and bound follow from the density."""
    std = truncated_std()

    assert moment(truncated_density, 0) == pytest.approx(1, abs=1e-9)
    assert TRUNCATED_NORMAL.bound == pytest.approx(2 / std, rel=1e-9)
    assert TRUNCATED_NORMAL.bound == pytest.approx(2.274, abs=5e-4)
    assert TRUNCATED_NORMAL.kurtosis == pytest.approx(moment(truncated_density, 4) / std**4, abs=5e-4)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=IDS)
def test_constants_agree_with_simulated_draws(distribution, generator):
    """Kurtosis and bound, up to the sampling error of a million draws."""
    draws = standard_draws(distribution, 1_000_000, generator)

    assert np.mean(draws**4) == pytest.approx(distribution.kurtosis, abs=0.05)
    assert np.abs(draws).max() <= distribution.bound
    assert math.isinf(distribution.bound) or np.abs(draws).max() > 0.999 * distribution.bound


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=IDS)
def test_the_cdf_is_that_of_the_draws(distribution, generator):
    """At every quantile, up to the sampling error; 0 on the far left, 1 on the far right, ½ in the middle."""
    draws = np.sort(standard_draws(distribution, 200_000, generator))
    points = np.linspace(-3, 3, 61)
    shares = np.searchsorted(draws, points, side="right") / draws.size

    assert [distribution.cdf(x) for x in points] == pytest.approx(shares.tolist(), abs=0.005)
    assert [distribution.cdf(x) for x in (-9, 0, 9)] == pytest.approx([0, 0.5, 1], abs=1e-12)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=IDS)
def test_right_kernels_are_rejected_no_more_often_than_stated(distribution, n, generator):
    """The bound on the variance holds at probabilities that can be simulated, from 50 × 10 weights up."""
    deviations = np.concatenate(
        [np.abs((standard_draws(distribution, (50, n), generator) ** 2).mean(axis=1) - 1) for _ in range(RUNS // 50)]
    )

    for false_fail in (0.1, 1e-2, 1e-3):
        rejected = int((deviations > variance_tolerance(distribution, n, false_fail)).sum())
        assert rejected <= rejection_limit(false_fail, RUNS)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=IDS)
def test_right_shapes_are_rejected_no_more_often_than_stated(distribution, generator):
    """The bound on the distribution's shape holds at 1 %, and is not so wide that nothing is ever beyond it."""
    n, runs = 500, 300
    distances = [cdf_distance(standard_draws(distribution, n, generator), 1.0, distribution) for _ in range(runs)]

    rejected, half = (sum(d > cdf_tolerance(n, p) for d in distances) for p in (0.01, 0.5))

    assert rejected <= rejection_limit(0.01, runs)
    assert 0.2 * runs < half <= 0.5 * runs + 4 * math.sqrt(runs / 4)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=IDS)
def test_the_tolerance_is_not_much_wider_than_the_standard_error(distribution):
    """At one in a million a normal approximation gives 4.9 standard errors; the proved bound stays below 8."""
    for n in (500, 5000, 500_000):
        standard_error = math.sqrt((distribution.kurtosis - 1) / n)

        assert 4.8 < variance_tolerance(distribution, n, 1e-6) / standard_error < 8


@pytest.mark.parametrize("distribution", DISTRIBUTIONS[:2], ids=IDS[:2])
@pytest.mark.parametrize("n", [20, 500, 60_000])
def test_the_tolerance_solves_bernsteins_inequality(distribution, n):
    """For squares of variance κ − 1 that exceed their mean by at most bound² − 1: as tight as proved, no tighter."""
    t = variance_tolerance(distribution, n, 1e-6)

    spread, largest = distribution.kurtosis - 1, distribution.bound**2 - 1
    assert 2 * math.exp(-n * t**2 / (2 * (spread + largest * t / 3))) == pytest.approx(1e-6)


@pytest.mark.parametrize("n", [20, 500, 60_000])
def test_the_tolerance_of_the_normal_is_laurents_and_massarts(n):
    """A χ² of n degrees of freedom exceeds n by 2√(nx) + 2x with probability e⁻ˣ at most."""
    t = variance_tolerance(NORMAL, n, 1e-6)

    root = (math.sqrt(1 + 2 * t) - 1) / 2  # √(x/n) in t = 2√(x/n) + 2x/n
    assert 2 * math.exp(-n * root**2) == pytest.approx(1e-6)


@pytest.mark.parametrize("n", [20, 500, 60_000])
def test_the_tolerance_of_the_shape_has_massarts_constant(n):
    """2e^(−2nε²) is the probability of a gap above ε."""
    epsilon = cdf_tolerance(n, 1e-6)

    assert 2 * math.exp(-2 * n * epsilon**2) == pytest.approx(1e-6)


def test_tolerances_shrink_with_size_and_grow_with_certainty():
    """More weights say more; fewer false failures need more room."""
    for distribution in DISTRIBUTIONS:
        tolerances = [variance_tolerance(distribution, n) for n in (100, 1000, 10_000, 100_000)]

        assert tolerances == sorted(tolerances, reverse=True)
        assert variance_tolerance(distribution, 1000, 1e-9) > variance_tolerance(distribution, 1000, 1e-3)


@pytest.mark.parametrize("shape", [(784, 300), (300, 200), (200, 100), (100, 50), (512, 256)])
@pytest.mark.parametrize(("drawn", "claimed"), [("glorot", "he"), ("he", "glorot"), ("lecun", "he")])
def test_schemes_are_told_apart_at_the_lessons_sizes(shape, drawn, claimed):
    """The gap between two schemes' variances is wider than both tolerances together."""
    right, wrong = (initializers.variance(scheme, *shape) for scheme in (drawn, claimed))
    tolerance = variance_tolerance(TRUNCATED_NORMAL, shape[0] * shape[1])

    assert abs(right / wrong - 1) > tolerance * (1 + right / wrong)


@pytest.mark.parametrize("n", [20_000, 60_000])
def test_shapes_are_told_apart_at_the_lessons_sizes(n, generator):
    """Uniform, truncated and plain normal of one variance differ by more than their tolerance in a hidden kernel."""
    for drawn in DISTRIBUTIONS:
        for claimed in DISTRIBUTIONS[:2]:
            distance = cdf_distance(standard_draws(drawn, n, generator), 1.0, claimed)
            beyond = distance > cdf_tolerance(n)

            if {drawn.name, claimed.name} == {"uniform", "normal"}:
                assert beyond
            elif drawn is claimed:
                assert not beyond


def test_the_distance_is_the_largest_gap_of_the_step_function():
    """Two weights by hand: at ±1 the uniform's distribution function is (1 ± 1/√3)/2."""
    distance = cdf_distance(np.array([1.0, -1.0]), 1.0, UNIFORM)

    assert distance == pytest.approx(1 / math.sqrt(3) / 2)


def test_the_distance_is_relative_to_the_scale(generator):
    """A kernel ten times as large with ten times the standard deviation is as near."""
    draws = standard_draws(UNIFORM, 300, generator)

    assert cdf_distance(10 * draws.reshape(30, 10), 10.0, UNIFORM) == pytest.approx(cdf_distance(draws, 1.0, UNIFORM))
