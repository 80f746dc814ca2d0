"""What the calibrations of all lessons do alike: measure over seeds, describe a scatter beside a check's bounds, write.

Each lesson's measurements are in its calibrate_<number>.py; ``make calibrate`` runs them.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import NormalDist, mean, stdev

from threadpoolctl import threadpool_limits

Row = tuple[float, ...]

COLUMNS = """| quantity | n | mean | sd | min | max | bounds | distance in sd | normal tail |
|---|---|---|---|---|---|---|---|---|
"""


def scatter(measure: Callable[[int], Row], seeds: int, jobs: int) -> list[list[float]]:
    """The columns of a measurement over seeds."""
    with ProcessPoolExecutor(jobs, initializer=_one_thread) as pool:
        return [list(column) for column in zip(*pool.map(measure, range(seeds)), strict=True)]


def _one_thread() -> None:
    threadpool_limits(limits=1, user_api="blas")


def describe(name: str, values: Sequence[float], low: float, high: float) -> str:
    """One row: mean, standard deviation, extremes, the check's bounds, the nearer one in standard deviations."""
    m, s = mean(values), stdev(values)
    bounds = f"{'−∞' if math.isinf(low) else f'{low:.3f}'} … {'∞' if math.isinf(high) else f'{high:.3f}'}"
    numbers = " | ".join(f"{value:.4f}" for value in (m, s, min(values), max(values)))
    beyond = "– | –"  # what never varies has no distance in standard deviations
    if s > 1e-9:
        distance = min((m - low) / s, (high - m) / s)
        beyond = f"{distance:.1f} | {NormalDist().cdf(-distance):.0e}"
    return f"| {name} | {len(values)} | {numbers} | {bounds} | {beyond} |"


def options(path: Path) -> argparse.ArgumentParser:
    """What every calibration can be told."""
    parser = argparse.ArgumentParser(description="Measure and write the document.")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=path)
    return parser


def write(path: Path, measure: Callable[[], str]) -> None:
    """Measure, write what was found, and say how long it took."""
    began = time.monotonic()
    path.write_text(measure(), encoding="utf-8")
    print(f"{path}: written after {time.monotonic() - began:.0f} s")
