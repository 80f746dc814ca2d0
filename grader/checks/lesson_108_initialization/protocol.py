"""The homework's protocol as the judge holds it."""

from __future__ import annotations

from grader.mathematics.training import Descent, Recipe

LESSON = "108_initialization"
INPUTS = 784
UNITS = (300, 200, 100, 50, 10)
INITIALIZERS = ("glorot_uniform", "he_uniform", "he_normal")
HE = INITIALIZERS[1:]
RECIPE = Recipe(Descent(1e-3), batch_size=256)
EPOCHS = 20
MIN_GAP = 0.005
MAX_NORM_RATIO = 10.0
