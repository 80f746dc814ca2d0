import numpy as np
import pytest

from grader.judge.histograms import MIN_BARS, is_histogram
from grader.wire.values import BarsFacts
from tests.support.figures import SEEN, bars

VALUES = np.random.default_rng(5).uniform(0, 1, (60, 8)).astype(np.float32)
STEEP = np.append(np.full(479, 0.5), 0.0).astype(np.float32)


def histogram(values=VALUES, bins=20, scale=1.0, **how):
    """Bars as plt.hist draws them."""
    counts, edges = np.histogram(values, bins, **how)
    return bars(counts * scale, edges)


def with_gaps(drawn, share):
    """The same bars, each so much narrower about its middle."""
    width = np.array(drawn.width)
    left = np.array(drawn.left) + width * (1 - share) / 2
    return BarsFacts(left.tolist(), drawn.bottom, (width * share).tolist(), drawn.height, SEEN)


def aside(drawn, share):
    """The same bars, each moved to the right by a share of its width."""
    left = np.array(drawn.left) + np.array(drawn.width) * share
    return BarsFacts(left.tolist(), drawn.bottom, drawn.width, drawn.height, SEEN)


def strokes(drawn, share):
    """Bars of no width, as ax.bar(x, counts, width=0) draws them."""
    return with_gaps(aside(drawn, share), 0.0)


def one_by_one(drawn):
    """Each bar drawn by a call of its own."""
    columns = zip(drawn.left, drawn.bottom, drawn.width, drawn.height, strict=True)
    return [BarsFacts(*([value] for value in each), SEEN) for each in columns]


RIGHT = {
    "counts": [histogram()],
    "density": [histogram(density=True)],
    "density of uneven bins": [histogram(bins=np.linspace(0, 1, 12) ** 2, density=True)],
    "fractions": [histogram(weights=np.full(VALUES.shape, 1 / VALUES.size, np.float32))],
    "per cent": [histogram(scale=100 / VALUES.size)],
    "bins that are wider than the values": [histogram(bins=np.linspace(-3, 3, 61))],
    "uneven bins": [histogram(bins=[0, 0.01, 0.1, 0.2, 0.5, 0.7, 1])],
    "with gaps": [with_gaps(histogram(), 0.8)],
    "density with gaps": [with_gaps(histogram(density=True), 0.5)],
    "at the left edge": [aside(histogram(), -0.5)],
    "at the right edge, with gaps": [with_gaps(aside(histogram(density=True), 0.5), 0.8)],
    "lying": [BarsFacts(*(getattr(histogram(), key) for key in ("bottom", "left", "height", "width")), SEEN)],
    "one by one": one_by_one(histogram()),
    "in the order of the heights": sorted(one_by_one(histogram()), key=lambda bar: bar.height),
    "beside a band": [bars([1.0], [0.9, 1.0]), histogram()],
}
WRONG = {
    "nothing": [],
    "two bars": [histogram(bins=2)],
    "heights times a constant": [histogram(scale=3.0)],
    "heights times a constant, as density": [histogram(density=True, scale=0.5)],
    "all bars alike": [bars(np.full(20, VALUES.size / 20), np.linspace(0, 1, 21))],
    "of other values": [histogram(np.random.default_rng(6).uniform(0, 1, 480))],
    "in reverse": [histogram(1 - VALUES)],
    "half of the values": [histogram(VALUES[:30])],
    "values cut off": [histogram(range=(0.1, 0.9))],
    "of no width": [bars(np.histogram(VALUES, 20)[0], np.zeros(21))],
    "strokes at the edges": [strokes(histogram(), -0.5)],
    "strokes in the middle": [strokes(histogram(), 0.0)],
    "without a bar": one_by_one(histogram())[:-1],
    "a bin aside": [aside(histogram(), 1.0)],
    "cumulative": [bars(np.histogram(VALUES, 20)[0].cumsum(), np.histogram(VALUES, 20)[1])],
    "not numbers": [bars([np.nan] * 20)],
    "endless": [bars([1e308] * 20, np.arange(21) * 1e306)],
    "columns of other lengths": [BarsFacts([0.0] * 9, [], [1.0] * 9, [1.0] * 9, SEEN)],
}


@pytest.mark.parametrize("way", RIGHT)
def test_a_histogram_is_known_however_it_is_normalised_and_drawn(way):
    """Whatever the bins and the unit of the heights."""
    assert is_histogram(RIGHT[way], VALUES)


@pytest.mark.parametrize("way", WRONG)
def test_bars_that_are_no_histogram_of_the_values_are_none(way):
    """Whatever else they show."""
    assert not is_histogram(WRONG[way], VALUES)


@pytest.mark.parametrize("bins", [1, 10, 30, np.linspace(0, 1, 11), "auto", "fd"])
def test_values_on_an_edge_may_fall_on_either_side(bins):
    """Almost all values are one number, which an edge may hit or miss by a rounding."""
    drawn = histogram(STEEP, bins)
    moved = BarsFacts((np.array(drawn.left) - 1e-9).tolist(), drawn.bottom, drawn.width, drawn.height, SEEN)

    assert is_histogram([moved], STEEP, fewest=1)


@pytest.mark.parametrize("rule", ["auto", "fd", "scott", "doane", "rice", "sturges", "sqrt", 10])
def test_no_rule_for_bins_draws_too_few(rule):
    """NumPy's rules, of which Seaborn's are some, and the default, whatever is drawn."""
    rng = np.random.default_rng(9)

    assert min(len(np.histogram(rng.random(480), rule)[0]) for _ in range(200)) >= MIN_BARS
