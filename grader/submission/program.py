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

from grader.submission.cells import ParsedCell

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
IMPORTS = (ast.Import, ast.ImportFrom)
GUARDED = (ast.If, ast.Try)  # `try: import …` and `if …: x = …`
SCOPES = (*DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NAMES_IN_A_MOMENT = 40  # that a symbol table looks through in the time that writing one node takes


@dataclass(frozen=True)
class Node:
    """A statement that may run, with the module-level names that it binds, reads and is decorated by.

    ``digest`` is a hash of its code without comments and layout.
    """

    cell: int
    index: int
    statement: ast.stmt
    binds: frozenset[str]
    reads: frozenset[str]
    decorators: frozenset[str]
    digest: bytes

    @property
    def defines(self) -> bool:
        """Whether it imports or defines what it binds, rather than computing it."""
        statement = self.statement
        return not isinstance(statement, ASSIGNMENTS) or isinstance(statement.value, ast.Lambda)


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
        with warnings.catch_warnings(action="ignore"):
            return tuple(node for node in found if node is not None)

    @cached_property
    def _binding(self) -> dict[str, list[int]]:
        """For each name, the positions in ``nodes`` of the statements that bind it, in source order.

        What ``@name`` decorates stands under that key.
        """
        found: dict[str, list[int]] = {}
        for position, node in enumerate(self.nodes):
            for name in (*node.binds, *(f"@{decorator}" for decorator in node.decorators)):
                found.setdefault(name, []).append(position)
        return found

    def _bound_by(self, kinds: tuple[type[ast.stmt], ...]) -> set[str]:
        return {name for node in self.nodes if isinstance(node.statement, kinds) for name in node.binds}

    @cached_property
    def _own_decorators(self) -> set[str]:
        """The names of the submission's own decorators, which may keep what they decorate."""
        return {name for node in self.nodes for name in node.decorators} - self._bound_by(IMPORTS)

    @cached_property
    def _registrars(self) -> dict[str, list[int]]:
        """For each variable, the positions of the own decorators that read it, and so may keep in it."""
        found: dict[str, list[int]] = {}
        variables = self._bound_by(ASSIGNMENTS)
        for position, node in enumerate(self.nodes):
            for name in node.reads & variables if node.binds & self._own_decorators else ():
                found.setdefault(name, []).append(position)
        return found

    @cached_property
    def _needs(self) -> dict[str, list[int]]:
        """What ``needs`` has found."""
        return {}

    def defines(self, name: str) -> bool:
        """Whether a runnable statement binds ``name``."""
        return name in self._binding

    def needs(self, name: str) -> list[int]:
        """The positions in ``nodes`` of all that ``name`` needs, in source order."""
        if name not in self._needs:
            self._needs[name] = self._closure(name)
        return self._needs[name]

    def _closure(self, name: str) -> list[int]:
        found, asked, wanted, waiting = set[int](), set[int](), {name, "*"}, [name, "*"]
        end = max(self._binding.get(name, [0]))
        while waiting:
            name = waiting.pop()
            registrars = set(self._registrars.get(name, ())) - asked
            asked |= registrars
            new = self._registered(name, registrars) - wanted
            for position in self._binding_until(name, end):
                if position not in found:
                    found.add(position)
                    new |= self.nodes[position].reads - wanted
            waiting += new
            wanted |= new
        return sorted(found)

    def _registered(self, name: str, registrars: Iterable[int]) -> set[str]:
        """What the decorator ``name`` decorates, and those that stand at ``registrars``, each as ``@name``."""
        own = self._own_decorators
        decorators = {name}.union(*(self.nodes[position].binds for position in registrars)) & own
        return {f"@{decorator}" for decorator in decorators}

    def _binding_until(self, name: str, end: int) -> list[int]:
        """The positions of the statements that bind ``name`` for a function that stands at ``end``.

        What it finds imported or defined there, it keeps: lessons go on after an exercise, and use names like
        ``layers`` or ``models`` for lists of their own.
        """
        positions = self._binding.get(name, [])
        if not any(position <= end and self.nodes[position].defines for position in positions):
            return positions
        return [
            position
            for position in positions
            if position <= end or self.nodes[position].defines or name in self.nodes[position].reads
        ]

    def unbound(self, name: str, known: Iterable[str]) -> list[str]:
        """Names that the slice of ``name`` reads and that nothing in it binds."""
        nodes = [self.nodes[i] for i in self.needs(name)]
        bound = {binding for node in nodes for binding in node.binds}
        return sorted({read for node in nodes for read in node.reads} - bound - set(known))

    def is_stub(self, name: str) -> bool:
        """Whether the last definition of ``name`` is still the lesson's empty one."""
        positions = self._binding.get(name)
        last = self.nodes[positions[-1]].statement if positions else None
        return isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_empty(last.body)

    def fingerprint(self, name: str) -> str:
        """A hash of the code that ``name`` needs; comments and layout do not count."""
        digests = (self.nodes[i].digest for i in self.needs(name))
        return hashlib.sha256(b"".join(digests)).hexdigest()


def effort(statement: ast.stmt) -> int:
    """How much work a statement makes here, about 10 µs each: writing its nodes, all names for each scope."""
    nodes = list(ast.walk(statement))
    scopes = sum(isinstance(node, SCOPES) for node in nodes)
    return len(nodes) + len(nodes) * scopes // NAMES_IN_A_MOMENT


def _node(cell: int, index: int, statement: ast.stmt) -> Node | None:
    try:
        code = ast.unparse(statement)
        table = symtable.symtable(code, "<statement>", "exec")
        binds = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        binds |= set(_changed(statement)) | ({"*"} if _is_star_import(statement) else set())
        digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
        reads, decorators = frozenset(_reads(table)), frozenset(_decorators(statement))
        return Node(cell, index, statement, frozenset(binds), reads, decorators, digest)
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
                yield from _base(node)


def _decorators(statement: ast.stmt) -> Iterable[str]:
    """Names that decorate a definition: ``x`` in ``@x``, ``@x.register`` and ``@x("he")``."""
    for decorator in statement.decorator_list if isinstance(statement, DEFINITIONS) else ():
        yield from _base(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _base(expression: ast.expr) -> Iterable[str]:
    while isinstance(expression, (ast.Subscript, ast.Attribute)):
        expression = expression.value
    if isinstance(expression, ast.Name):
        yield expression.id


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
