"""Shared code of the lessons: what a notebook imports as ``kit``.

================  ==========================================================================
module            what it holds
================  ==========================================================================
``dataset``       ``Dataset``, ``load_fashion_mnist``, ``load_test_set``, ``subset``, ``CLASS_NAMES``
``batching``      ``epoch_batches``: a fresh, seeded permutation of the examples in every epoch
``training``      ``train``: fit a compiled model on those batches, with one line of progress
``checkpoints``   ``Checkpoints``: the weights after every epoch, to prove a training and to go on with it
``ensembles``     ``train_many``: the same network from many starts at once
``intervals``     ``mean_interval``: mean and 95 % interval of a few runs
``progress``      where that line goes: notebook, terminal or log
``homework``      ``HOMEWORK``, the protocol; ``homework_seed``; ``save_homework`` and ``load_homework``, its file
``whole``         files that are written whole or not at all
``plots``         the figures of the theory sections and of the homework
``panels``        the figures of lesson 109; ``plot_bands``: means with their intervals
``histograms``    ``plot_signal_histograms``: activations and gradients, layer by layer
``viewer``        ``slide``: look through examples with a slider
``versions``      ``show_versions``: the first line of every lesson
``checking``      ``check``: run the grader on the notebook being edited
================  ==========================================================================

What the exercises ask for is not in here: students write it.
"""

import sys
from pathlib import Path

REPOSITORY_ROOT = Path(__file__).resolve().parents[2]

if str(REPOSITORY_ROOT) not in sys.path:
    # A notebook started in lessons/ sees lessons/ only, and `data` is a folder beside it.
    sys.path.append(str(REPOSITORY_ROOT))

from .batching import EpochBatches, epoch_batches  # noqa: E402
from .checking import check  # noqa: E402
from .checkpoints import Checkpoints  # noqa: E402
from .dataset import CLASS_NAMES, Dataset, load_fashion_mnist, load_test_set, subset  # noqa: E402
from .ensembles import train_many  # noqa: E402
from .histograms import plot_signal_histograms  # noqa: E402
from .homework import (  # noqa: E402
    HOMEWORK,
    HomeworkProtocol,
    homework_seed,
    initial_weights,
    load_homework,
    save_homework,
)
from .intervals import Interval, mean_interval  # noqa: E402
from .panels import plot_bands, plot_functions, plot_points, plot_regions  # noqa: E402
from .plots import (  # noqa: E402
    color_of,
    plot_accuracy,
    plot_distributions,
    plot_layer_profile,
    plot_norms,
)
from .training import History, train  # noqa: E402
from .versions import show_versions  # noqa: E402
from .viewer import slide  # noqa: E402

__all__ = [
    "CLASS_NAMES",
    "HOMEWORK",
    "REPOSITORY_ROOT",
    "Checkpoints",
    "Dataset",
    "EpochBatches",
    "History",
    "HomeworkProtocol",
    "Interval",
    "check",
    "color_of",
    "epoch_batches",
    "homework_seed",
    "initial_weights",
    "load_fashion_mnist",
    "load_homework",
    "load_test_set",
    "mean_interval",
    "plot_accuracy",
    "plot_bands",
    "plot_distributions",
    "plot_functions",
    "plot_layer_profile",
    "plot_norms",
    "plot_points",
    "plot_regions",
    "plot_signal_histograms",
    "save_homework",
    "show_versions",
    "slide",
    "subset",
    "train",
    "train_many",
]
