import math

import numpy as np
import pytest

from grader.checks.lesson_109_activations import clouds
from grader.checks.lesson_109_activations.check_1_data import SPREAD, SPREAD_TOLERANCE


@pytest.fixture
def rng():
    """Random numbers that are the same every time."""
    return np.random.default_rng(109)


def test_drawn_moons_have_the_shapes_and_types_of_a_data_set(rng):
    """Float32 points, int32 labels of both classes."""
    x, y, x_val, y_val = clouds.draw_moons(rng, 50, 30)

    assert (x.shape, x_val.shape, y.shape, y_val.shape) == ((50, 2), (30, 2), (50,), (30,))
    assert {x.dtype, x_val.dtype} == {np.dtype(np.float32)}
    assert {y.dtype, y_val.dtype} == {np.dtype(np.int32)}
    assert set(y) == set(y_val) == {0, 1}


def test_drawn_moons_lie_on_their_arcs(rng):
    """Each class has its mean, and the spread across its arc is that of the noise."""
    x, y, _, _ = clouds.draw_moons(rng, 20_000, 1)

    for label, mean in enumerate(clouds.MOON_MEANS):
        assert x[y == label].mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert clouds.radial_spread(clouds.unfold(x, y)) == pytest.approx(SPREAD, abs=0.004)


def test_wrong_labels_are_half_wrong(rng):
    """A label drawn at random is right half of the time."""
    x, y, _, _ = clouds.draw_moons(rng, 20_000, 1, wrong=0.4)
    clean, labels, _, _ = clouds.draw_moons(np.random.default_rng(109), 20_000, 1)

    assert np.array_equal(x, clean)
    assert (y != labels).mean() == pytest.approx(0.2, abs=0.02)


def test_unfolding_is_its_own_inverse(rng):
    """And it leaves class 0 where it is."""
    x, y = rng.normal(size=(9, 2)), rng.integers(0, 2, 9)

    assert clouds.unfold(clouds.unfold(x, y), y) == pytest.approx(x)
    assert clouds.unfold(x, np.zeros(9, int)) == pytest.approx(x)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_law_of_a_coordinate_is_that_of_its_draws(axis, rng):
    """The distribution function against two hundred thousand draws, of which sup |Fₙ − F| may be 0.006 (DKW, 1e-6)."""
    t = rng.uniform(0, math.pi, 200_000)
    drawn = np.sort((np.cos(t), np.sin(t))[axis] + 0.2 * rng.standard_normal(t.size))

    theory = clouds.moon_coordinate(axis).cdf(drawn)

    assert np.abs(theory - np.arange(t.size) / t.size).max() < 0.006


def test_the_spread_of_right_moons_is_far_from_its_bounds():
    """Seven standard deviations of right draws fit between the bounds that make_moons is held to."""
    spreads = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        x, y, _, _ = clouds.draw_moons(rng, 800, 1)
        spreads.append(clouds.radial_spread(clouds.unfold(x, y)))

    assert SPREAD_TOLERANCE - abs(np.mean(spreads) - SPREAD) > 6.5 * np.std(spreads)
