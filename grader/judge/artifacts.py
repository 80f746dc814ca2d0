"""What a lesson tells the grader about the file that its students hand in beside the notebook.

A lesson that declares one in data/homework has a module ``artifact`` beside its checks, whose ``FORMAT`` is this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Audit:
    """How an artifact is looked at.

    ``schema`` is the form of the file that is graded, 0 for the lesson's present one; ``thorough`` asks for all that
    can be proved, whatever it costs.
    """

    schema: int = 0
    thorough: bool = False


@dataclass(frozen=True)
class Origin:
    """What the grader knows of a value that it had a student's function make.

    ``code`` is the fingerprint of the functions that made it, ``versions`` are those of the libraries they ran on.
    """

    seed: int
    code: str
    versions: dict[str, str]


@dataclass(frozen=True)
class ArtifactFormat:
    """How the file is told from others and written; its checks read it.

    ``made_by`` finds in any bytes the ``code`` of the origin with which a grader packed them; empty if none did.
    ``pack`` makes the file of the value that the student's function returned; it raises Mismatch for what is no such
    value.
    """

    made_by: Callable[[bytes], str]
    pack: Callable[[Any, Origin], bytes]
