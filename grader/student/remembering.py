"""What several checks look at is asked once in a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from grader.randomness import Generator, generator_for

Result = TypeVar("Result")


class Memory:
    """Remembers answers and failures by key. ``seed`` is that of the run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._known: dict[str, tuple[Any, BaseException | None]] = {}

    def once(self, key: str, compute: Callable[[Generator], Result]) -> Result:
        """What ``compute`` returned, or raised, for the first that asked with this key."""
        if key not in self._known:
            try:
                self._known[key] = compute(generator_for(self._seed, key)), None
            except Exception as error:
                self._known[key] = None, error
        value, failure = self._known[key]
        if failure is not None:
            raise failure
        return value  # type: ignore[no-any-return]  # what compute returned
