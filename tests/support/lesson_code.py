"""A solved lesson's functions, to measure what its text says with what its students run."""

import ast
import warnings
from types import SimpleNamespace

from grader.lesson import ROOT


def definitions(lesson):
    """Run a solution's imports, functions, classes and upper-case constants, and none of its cells.

    ``given`` holds the names that the functions see, for those that a cell would have set.
    """
    path = ROOT / "solutions" / f"{lesson}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if _is_definition(node)]
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what TensorFlow's import warns about is not the lesson's
        exec(compile(tree, path.name, "exec"), names)  # noqa: S102 - this project's own solution
    return SimpleNamespace(**names, given=names)


def _is_definition(node):
    """A constant is an upper-case name of several letters: W and N are matrices and sizes of a cell."""
    name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
    return isinstance(node, kinds) or (name.isupper() and len(name) > 1)
