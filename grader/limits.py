"""What a work and a call may use, as numbers: each stands here once, and messages are given them."""

from __future__ import annotations

from dataclasses import dataclass

START_SECONDS = 300.0
"""Wall seconds for a worker or a warm process to import TensorFlow; no student code has run then."""
CPU_SECONDS = 30.0
"""CPU seconds for a call, where a check does not say more."""
MEMORY_BYTES = 4 * 2**30
MAX_THREADS = 1000
READING_SECONDS = 10.0
"""CPU seconds of the judge for reading a work; a solved lesson takes a fifth of one."""
READING_BYTES = 2**30
"""Memory of the judge for reading a work; a solved lesson takes a few MB."""
SOURCE_BYTES = 20 * 2**20
"""Of a notebook or Python file, outputs included."""
ARTIFACT_BYTES = 64 * 2**20
"""Of the file that is handed in beside a notebook."""


@dataclass(frozen=True)
class Limits:
    """What one call may use. CPU time decides, whatever else the machine does; wall time only ends what sleeps."""

    cpu_seconds: float
    memory_bytes: int = MEMORY_BYTES

    @property
    def wall_seconds(self) -> float:
        """Generous, so that a loaded machine costs nobody a point."""
        return 30 + 8 * self.cpu_seconds
