import numpy as np
import pytest

from grader.judge import images


@pytest.fixture
def generator():
    """Random numbers that are the same every time."""
    return np.random.default_rng(6)


def test_images_are_drawn_as_a_data_set(generator):
    """float32 in [0, 1] and int32 labels, of the sizes asked for, other ones in every draw."""
    x, y, x_val, y_val = images.draw_images(generator, 30, 20)

    assert (x.shape, y.shape, x_val.shape, y_val.shape) == ((30, 784), (30,), (20, 784), (20,))
    assert (x.dtype, y.dtype, float(x.min()), float(x.max())) == (np.float32, np.int32, 0.0, 1.0)
    assert not np.array_equal(x, images.draw_images(generator, 30, 20)[0])


def test_noise_replaces_the_share_of_labels_that_is_asked_for(generator):
    """Right labels stay with 1 − noise + noise/10, if classes are equally frequent."""
    seeds = generator.integers(2**31, size=3).tolist()
    for seed in seeds:
        clean, noisy = (images.draw_images(np.random.default_rng(seed), 4000, 1, noise) for noise in (0.0, 0.6))

        assert np.array_equal(clean[0], noisy[0])
        assert np.mean(clean[1] == noisy[1]) == pytest.approx(0.4 + 0.06, abs=0.05)


def test_one_class_is_drawn_more_often(generator):
    """About the share that is asked for, in training and validation alike, and the labels are right."""
    x, y, _, y_val = images.draw_uneven_images(generator, 4000, 2000, frequent=7, share=0.4)

    for labels in (y, y_val):
        assert np.mean(labels == 7) == pytest.approx(0.4, abs=0.06)
        assert set(labels.tolist()) == set(range(10))
    everything, names = images.training_set()
    row = np.flatnonzero((images.scaled(everything) == x[0]).all(axis=1))
    assert names[row[0]] == y[0]
