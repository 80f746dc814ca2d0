"""Which top-level statements a function needs: imports, definitions, and assignments, but no training and no prints.

The slice of a function is found from the names that it and its helpers read from the module, as Python's own symbol
tables tell them, so that a local variable is never mistaken for a cell that trains.
"""

from __future__ import annotations

import ast
import hashlib
import symtable
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.notebook import ParsedCell

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
IMPORTS = (ast.Import, ast.ImportFrom)
GUARDED = (ast.If, ast.Try)  # `try: import …` and `if …: x = …`


@dataclass(frozen=True)
class Node:
    """A statement that may run, with the module-level names that it binds and reads."""

    cell: int
    index: int
    statement: ast.stmt
    binds: frozenset[str]
    reads: frozenset[str]


@dataclass(frozen=True)
class Program:
    """The statements of a submission that may run, in source order."""

    cells: tuple[ParsedCell, ...]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every runnable statement. Statements too deep for Python's symbol tables are left out."""
        found = (
            _node(cell_index, index, statement)
            for cell_index, cell in enumerate(self.cells)
            for index, statement in enumerate(cell.body)
            if isinstance(statement, (*DEFINITIONS, *ASSIGNMENTS, *IMPORTS, *GUARDED)) and not _is_main_guard(statement)
        )
        return tuple(node for node in found if node is not None)

    def defines(self, name: str) -> bool:
        """Whether a runnable statement binds ``name``."""
        return any(name in node.binds for node in self.nodes)

    def needs(self, name: str) -> list[int]:
        """The positions in ``nodes`` of all that ``name`` needs, in source order."""
        wanted, found = {name, "*"}, set[int]()
        while True:
            new = {i for i, node in enumerate(self.nodes) if i not in found and node.binds & wanted}
            if not new:
                return sorted(found)
            found |= new
            wanted |= {read for i in new for read in self.nodes[i].reads}

    def unbound(self, name: str, known: Iterable[str]) -> list[str]:
        """Names that the slice of ``name`` reads and that nothing in it binds."""
        nodes = [self.nodes[i] for i in self.needs(name)]
        bound = {binding for node in nodes for binding in node.binds}
        return sorted({read for node in nodes for read in node.reads} - bound - set(known))

    def is_stub(self, name: str) -> bool:
        """Whether the last definition of ``name`` is still the lesson's empty one."""
        definitions = [node.statement for node in self.nodes if name in node.binds]
        last = definitions[-1] if definitions else None
        return isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_empty(last.body)

    def fingerprint(self, name: str) -> str:
        """A hash of the code that ``name`` needs; comments and layout do not count."""
        dumps = (ast.dump(self.nodes[i].statement) for i in self.needs(name))
        return hashlib.sha256("\n".join(dumps).encode("utf-8", "surrogatepass")).hexdigest()


def _node(cell: int, index: int, statement: ast.stmt) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(ast.unparse(statement), "<statement>", "exec")
        binds = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        binds |= set(_changed(statement)) | ({"*"} if _is_star_import(statement) else set())
        return Node(cell, index, statement, frozenset(binds), frozenset(_reads(table)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _reads(table: symtable.SymbolTable) -> set[str]:
    """Names looked up at module level by the statement itself or inside its functions and classes."""
    top = table.get_type() == "module"
    own = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return own.union(*(_reads(child) for child in table.get_children()))


def _changed(statement: ast.stmt) -> Iterable[str]:
    """Names whose object an assignment changes: ``x`` in ``x[0] = 1`` and ``x.a = 1``."""
    if isinstance(statement, (*ASSIGNMENTS, *GUARDED)):
        for node in ast.walk(statement):
            if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                base: ast.expr = node
                while isinstance(base, (ast.Subscript, ast.Attribute)):
                    base = base.value
                if isinstance(base, ast.Name):
                    yield base.id


def _is_star_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"


def _is_main_guard(statement: ast.stmt) -> bool:
    names = (
        (node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name))
        if isinstance(statement, ast.If)
        else ()
    )
    return "__name__" in names


def _is_empty(body: Sequence[ast.stmt]) -> bool:
    """Only a docstring, ``pass``, ``...`` or ``raise NotImplementedError``."""
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Raise) and "NotImplementedError" in ast.unparse(statement))
        for statement in body
    )
