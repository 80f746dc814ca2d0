"""Which names this project's modules keep to themselves, and where a test takes one of them all the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

PROJECT = {"grader", "data", "kit", "solutions", "benchmarks"}
OWN = {"self", "cls", "super()"}
NAMED_TUPLE = {"_asdict", "_fields", "_make", "_replace"}
LOOKED_UP = re.compile(r"(?<!self)(?<!cls)\.(_[a-z]\w*)")


def is_private(name: str) -> bool:
    """Whether a name begins with one underscore, and has more to it; those of named tuples are public all the same."""
    return name.startswith("_") and name.strip("_") != "" and not name.startswith("__") and name not in NAMED_TUPLE


def defined(source: str) -> set[str]:
    """The private names that a module gives to functions, classes, variables and attributes."""
    return {name for node in ast.walk(ast.parse(source)) for name in _bound(node) if is_private(name)}


def taken(source: str, known: set[str]) -> list[str]:
    """A line for each private name that a test imports from the project, or looks up although the project defines it.

    That is also where the name is a text, as for ``monkeypatch.setattr``, or stands in code that another process runs;
    the parts of an f-string are no names.
    """
    nodes = list(ast.walk(ast.parse(source)))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    return [f"line {node.lineno}: {name}" for node in nodes if id(node) not in parts for name in _used(node, known)]


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.id if isinstance(node, ast.Name) else node.attr


def _used(node: ast.AST, known: set[str]) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PROJECT:
        yield from (alias.name for alias in node.names if is_private(alias.name))
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in OWN:
        yield from {node.attr} & known
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from sorted({node.value, *LOOKED_UP.findall(node.value)} & known)
