"""How far a mean of a few runs can be trusted."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# 97.5 % quantiles of Student's t for 1, 2, ... 30 degrees of freedom (any table of the distribution has them).
STUDENT_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


class Interval(NamedTuple):
    """A mean and the half width of its 95 % confidence interval."""

    mean: float
    half_width: float

    def __str__(self) -> str:
        """Return ``mean ± half width`` with three decimals."""
        return f"{self.mean:.3f} ± {self.half_width:.3f}"


def mean_interval(values: Sequence[float] | NDArray[np.floating]) -> Interval:
    """Return the mean of independent runs and the half width of its 95 % interval, by Student's t.

    Args:
        values: one number per run, 2 to 31 of them; for a paired comparison, the differences.

    Raises:
        ValueError: if there are fewer than 2 or more than 31 values.

    """
    n = len(values)
    if not 2 <= n <= len(STUDENT_T) + 1:
        raise ValueError(f"Hacen falta entre 2 y {len(STUDENT_T) + 1} valores; llegaron {n}.")
    standard_error = float(np.std(values, ddof=1)) / math.sqrt(n)
    return Interval(float(np.mean(values)), STUDENT_T[n - 2] * standard_error)
