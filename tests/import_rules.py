"""What may import what: the rules, as a function of a checkout that names everything which breaks them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache

from benchmarks.structure import Module, Tree

STUDENTS_WORLD = {"kit", "keras", "tensorflow", "solutions", "lessons", "entrega"}
LOADERS = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "runpy"}
MAY_IMPORT = {  # rooms that know less than their floor allows, with all that they know of the project
    "mathematics": {"arrays", "randomness"},
    "wire": {"arrays"},
    "worker": {"arrays", "wire", "isolation"},
    "isolation": {"lesson"},
    "language": {"lesson", "deciding"},
    "checks": {
        *("judge", "mathematics", "language", "data", "exercises", "arrays", "randomness"),
        *("grader.wire.values", "grader.results.Outcome"),
    },
}
STARTS_WORKERS = {"grader.student.cold", "grader.student.warm", "grader.exports.apart"}
COMPUTED_IMPORTS = {"grader.worker.serving"}


def violations(tree: Tree) -> list[str]:
    """A line for each import that is not allowed, and for each module that the map does not know."""
    return [line for module in tree.modules.values() for line in (*_unmapped(tree, module), *_imports(tree, module))]


def _unmapped(tree: Tree, module: Module) -> Iterator[str]:
    if module.name != "grader" and module.room not in tree.floors:
        yield f"{module.name}: the map in grader/__init__.py has no room {module.room}"
    if module.name.rpartition(".")[2] in sys.stdlib_module_names and not module.name.endswith("__main__"):
        yield f"{module.name}: bears a name of the standard library"


def _imports(tree: Tree, module: Module) -> Iterator[str]:
    for name in sorted(module.imports):
        yield from _foreign(module, name)
        if name.partition(".")[0] in ("grader", "data") and "." in name:
            yield from _arrow(tree, module, name)
    if module.room != "worker" and module.name not in STARTS_WORKERS and "grader.worker" in _texts(module):
        yield f"{module.name} names grader.worker: only what starts a worker knows it"


def _foreign(module: Module, name: str) -> Iterator[str]:
    top = name.partition(".")[0]
    if name.startswith("."):
        yield f"{module.name} imports relatively: {name}"
    if top in STUDENTS_WORLD and module.room != "worker":
        yield f"{module.name} imports {name}: only the worker knows the students' world"
    if top in LOADERS:
        yield f"{module.name} imports {name}: it runs what it reads"
    if top == "?" and module.name not in COMPUTED_IMPORTS:
        yield f"{module.name} imports what only the run decides"
    if module.room == "mathematics" and top not in {"grader", "numpy", *sys.stdlib_module_names}:
        yield f"{module.name} imports {name}: the mathematics knows NumPy only"


def _arrow(tree: Tree, module: Module, name: str) -> Iterator[str]:
    other = tree.known(name)
    if not other:
        if name not in tree.packages:
            yield f"{module.name} imports {name}, which is not there"
        return
    room, floors = tree.modules[other].room, tree.floors
    if room == module.room:
        if room == "checks" and module.name.split(".")[2] != other.split(".")[2]:
            yield f"{module.name} imports {other}: a lesson knows no other"
        return
    if floors.get(room, 99) >= floors.get(module.room, 0):
        yield f"{module.name} on floor {floors.get(module.room)} imports {other} on floor {floors.get(room)}"
    if room == "worker":
        yield f"{module.name} imports {other}: the worker is started, never imported"
    known = MAY_IMPORT.get(module.room)
    if known is not None and not known & {room, other, name}:
        yield f"{module.name} imports {name}: {module.room} knows {', '.join(sorted(known))} only"


@cache
def _texts(module: Module) -> str:
    """The texts in a module's code, docstrings left out."""
    tree = ast.parse(module.source)
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, owners) and ast.get_docstring(node)
    }
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return "\n".join(text for text in texts if isinstance(text, str))
