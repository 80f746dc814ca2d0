"""Seeds and generators: every check has its own, so that subsets of checks draw the same numbers."""

from __future__ import annotations

import hashlib
import zlib

import numpy as np

Generator = np.random.Generator


def generator_for(seed: int, key: str) -> Generator:
    """The random inputs of one check: the same for the same seed, whichever other checks run."""
    return np.random.default_rng([seed, zlib.crc32(key.encode())])


def derived_seed(seed: int, purpose: str) -> int:
    """A seed of 63 bits for one purpose. Who sees it does not learn ``seed``, if that was drawn from enough numbers."""
    return int.from_bytes(hashlib.sha256(f"{seed} {purpose}".encode()).digest()[:8]) >> 1
