"""The structure of the grader in figures: ``make structure`` prints rooms, floors, import chains and crossings.

``python -m benchmarks.structure FOLDER`` prints those of another checkout.

What a module imports is read from its source, inside functions too; ``importlib.import_module`` counts with the part of
the name that is written there. Rooms and floors are the table in ``grader/__init__.py``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = ("grader", "data", "lessons/kit", "solutions", "benchmarks", "tests")
SAMPLES = ("tests/samples/", "tests/attacks/submissions", "data/sample_class")
ROW = re.compile(r"^    (?P<floor>\d| )   (?P<room>[a-z_]+) {2,}\S", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """A module's dotted name, its source, and what it imports: dotted names, with the names taken from modules."""

    name: str
    source: str
    imports: frozenset[str] = field(compare=False)

    @property
    def room(self) -> str:
        """The package or module below ``grader`` that it belongs to; ``data`` is a room of its own."""
        top, _, rest = self.name.partition(".")
        return rest.partition(".")[0] if top == "grader" else top


@dataclass(frozen=True)
class Tree:
    """The modules of a checkout's grader and data."""

    root: Path = ROOT

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Every module by its dotted name."""
        paths = sorted(path for folder in ("grader", "data") for path in (self.root / folder).rglob("*.py"))
        inside = [path for path in paths if "sample_class" not in path.parts]
        found = ((name_of(path, self.root), path.read_text(encoding="utf-8")) for path in inside)
        return {name: Module(name, source, imports_of(source)) for name, source in found}

    @property
    def packages(self) -> set[str]:
        """The dotted names of the folders."""
        return {"grader"} | {name.rpartition(".")[0] for name in self.modules}

    @cached_property
    def floors(self) -> dict[str, int]:
        """The floor of each room, as the map in ``grader/__init__.py`` has it; ``data`` is the ground."""
        found, floor = {"data": 0}, ""
        for row in ROW.finditer(self.modules["grader"].source):
            floor = row["floor"].strip() or floor
            found[row["room"]] = int(floor)
        return found

    def arrows(self, module: Module) -> set[str]:
        """The modules of this project that one imports, itself left out."""
        return {found for name in module.imports if (found := self.known(name)) and found != module.name}

    def known(self, name: str) -> str:
        """The module that an imported name is, or lies in; empty if it is none of this project."""
        if name in self.modules and name != "grader":
            return name
        parent = name.rpartition(".")[0]
        return parent if parent in self.modules and parent != "grader" else ""

    def crossings(self) -> Counter[tuple[str, str]]:
        """How many imports lead from one room into another."""
        return Counter(
            (module.room, self.modules[other].room)
            for module in self.modules.values()
            for other in self.arrows(module)
            if module.room != self.modules[other].room
        )

    def longest_chain(self) -> list[str]:
        """The longest path of imports, from the module that nobody imports down to one that imports nobody."""
        chains: dict[str, list[str]] = {}

        def below(name: str) -> list[str]:
            if name not in chains:
                chains[name] = []  # an import that leads back here adds nothing
                others = [below(other) for other in sorted(self.arrows(self.modules[name]))]
                chains[name] = [name, *max(others, key=len, default=[])]
            return chains[name]

        return max((below(name) for name in self.modules), key=len)


def name_of(path: Path, root: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(source: str) -> frozenset[str]:
    """What a module imports anywhere: modules, and ``module.name`` for each name taken from one."""
    return frozenset(name for node in ast.walk(ast.parse(source)) for name in _imported(node))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        yield from (f"{module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
        yield _written(node.args[0]) if node.args else ""


def _written(argument: ast.expr) -> str:
    """The modules that a computed name is certain to lie in: ``grader.checks`` of ``f"grader.checks.{name}"``."""
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
    text = str(first.value) if isinstance(first, ast.Constant) else "?"
    return text.rstrip(".") if first is not argument else text


def folders(root: Path = ROOT) -> Counter[str]:
    """How many files of code each folder has; sample submissions are data."""
    paths = (path for folder in CODE for path in (root / folder).rglob("*.py"))
    names = (path.parent.relative_to(root).as_posix() for path in paths)
    return Counter(name for name in names if not name.startswith(SAMPLES))


def main(root: Path = ROOT) -> None:
    """Print the figures of a checkout."""
    tree = Tree(root)
    chain, crossings, floors = tree.longest_chain(), tree.crossings(), tree.floors
    upward = sum(count for (room, other), count in crossings.items() if floors.get(room, 0) <= floors.get(other, 0))
    inside = Counter(module.room for module in tree.modules.values() if module.name != "grader")
    print(f"rooms: {len(inside)} on {len(set(floors.values()))} floors, modules: {len(tree.modules)}")
    print(f"crossings between rooms: {len(crossings)} pairs, {sum(crossings.values())} imports, {upward} upward")
    print(f"longest import chain: {len(chain)}: {' > '.join(name.removeprefix('grader.') for name in chain)}")
    for name, count in folders(root).most_common():
        print(f"{count:4d} files  {name}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
