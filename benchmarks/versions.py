"""The library versions that pyproject.toml allows, as constraints for pip: ``python -m benchmarks.versions lowest``.

``lowest`` pins every library of the project to the lowest version that is declared, with whatever those bring along;
``newest`` pins nothing. `make test-lowest` and `make test-newest` install each in an environment of its own.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DECLARED = re.compile(r"(?P<name>[\w.-]+)>=(?P<version>[\w.]+)(?P<rest>\s*;.*)?")


def lowest(pyproject: str) -> list[str]:
    """A line ``name==version`` for each declared library, with the marker that it is declared with.

    Raises:
        ValueError: a library is declared without a lowest version, or with more than that.

    """
    lines = []
    for declared in tomllib.loads(pyproject)["project"]["dependencies"]:
        match = DECLARED.fullmatch(declared)
        if match is None:
            raise ValueError(f"expected `name>=version`, and there is {declared!r}")
        lines.append(f"{match['name']}=={match['version']}{match['rest'] or ''}")
    return lines


def main() -> None:
    """Print the constraints of a set."""
    if sys.argv[1:] == ["lowest"]:
        print("\n".join(lowest((ROOT / "pyproject.toml").read_text(encoding="utf-8"))))
    elif sys.argv[1:] != ["newest"]:
        sys.exit("expected one of: lowest, newest")


if __name__ == "__main__":
    main()
