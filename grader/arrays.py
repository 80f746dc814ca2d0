"""What an array is, to type checkers and readers: any shape, any dtype; docstrings give both."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
