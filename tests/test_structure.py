"""The house: every import goes down, every room is on the map, every module fits the eye."""

import ast
import shutil

import pytest

from benchmarks.structure import SAMPLES, Tree, folders, imports_of
from grader.lesson import ROOT
from tests.import_rules import violations
from tests.private_names import defined, taken

TREE = Tree()
MODULES = sorted(TREE.modules.values(), key=lambda module: module.name)
JUDGING = [module for module in MODULES if module.room != "worker"]
MOST_FILES = 16
TESTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if not path.parent.relative_to(ROOT).as_posix().startswith(SAMPLES)
}


def calls_of(module):
    """The functions that a module calls, as they are written."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(module.source)) if isinstance(node, ast.Call)}


def name_of(module):
    """What pytest calls a module."""
    return module.name


def is_test(name):
    """Whether what is imported is a test module, or lies in one."""
    return name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))


def test_every_import_is_allowed():
    """Own package or a lower floor; inside functions and computed ones too."""
    assert violations(TREE) == []


FORBIDDEN = {
    "upwards": ("judge/expect.py", "from grader.student.remote import RemoteStudent"),
    "upwards to a module": ("wire/protocol.py", "from grader import grade"),
    "upwards inside a function": ("results.py", "def f():\n    import grader.reports.pages"),
    "between rooms of one floor": ("lms/names.py", "from grader.submission.work import Work"),
    "upwards by a computed name": ("judge/quiz.py", "import importlib\nimportlib.import_module(f'grader.checks.{1}')"),
    "what only the run decides": ("batch/rows.py", "import importlib\nimportlib.import_module(input())"),
    "Keras": ("mathematics/network.py", "import keras"),
    "the kit": ("checks/lesson_108_initialization/homework_file/claimed.py", "from kit import HOMEWORK"),
    "TensorFlow inside a function": ("student/warm.py", "def f():\n    from tensorflow import constant"),
    "solutions": ("reports/pages.py", "import solutions.generate"),
    "the worker": ("student/remote.py", "from grader.worker.serving import run"),
    "the worker by its name": ("batch/slot.py", "COMMAND = ['-m', 'grader.worker.serving']"),
    "messages in the mathematics": ("mathematics/losses.py", "from grader.language.messages import T"),
    "a library in the mathematics": ("mathematics/losses.py", "import msgspec"),
    "files in checks": ("checks/lesson_109_activations/recipes.py", "from grader.files import write_whole"),
    "results in checks": ("checks/lesson_109_activations/recipes.py", "from grader.results import Results"),
    "another lesson": (
        "checks/lesson_109_activations/recipes.py",
        "from grader.checks.lesson_108_initialization.homework_file import claimed",
    ),
    "language on the wire": ("wire/coding.py", "from grader.language.messages import clean"),
    "the judge in the worker": ("worker/tools.py", "from grader.judge.check import Mismatch"),
    "pickle": ("batch/journal.py", "import pickle"),
    "relative": ("batch/slot.py", "from . import pool"),
    "what is not there": ("grade.py", "from grader.reporting import pages"),
}


@pytest.fixture
def copied(tmp_path):
    """A copy of the tree."""
    shutil.copytree(ROOT / "grader", tmp_path / "grader")
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("sample_class", "fashion-mnist"))
    return tmp_path


@pytest.mark.parametrize("case", FORBIDDEN)
def test_each_kind_of_forbidden_import_is_found(case, copied):
    """Put into a copy of the tree, it is told with the module that it stands in."""
    place, line = FORBIDDEN[case]
    path = copied / "grader" / place
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    found = violations(Tree(copied))

    assert found
    assert all(each.startswith(f"grader.{place.removesuffix('.py').replace('/', '.')}") for each in found)


@pytest.mark.parametrize("name", ["grader/tools.py", "grader/wire/queue.py"], ids=["no room", "standard library"])
def test_a_module_without_a_place_is_found(name, copied):
    """Neither a room that the map does not know, nor a name that Python's own library has."""
    (copied / name).write_text('"""New."""\n', encoding="utf-8")

    assert len(violations(Tree(copied))) == 1


def test_the_map_names_every_room_and_no_other():
    """The table in grader/__init__.py is what stands there."""
    rooms = {module.room for module in MODULES if module.name != "grader"}

    assert set(TREE.floors) == rooms


def test_no_folder_of_code_is_crowded():
    """A newcomer reads a folder's names at a glance."""
    assert {name: count for name, count in folders().items() if count > MOST_FILES} == {}


@pytest.mark.parametrize("module", JUDGING, ids=name_of)
def test_the_judging_side_has_nothing_that_runs_received_code(module):
    """No eval, exec or compile, no np.load, no shell."""
    calls = calls_of(module)

    assert not calls & {"eval", "exec", "compile", "__import__"}
    assert not calls & {"np.load", "numpy.load", "np.fromregex", "np.genfromtxt", "os.system", "os.popen"}
    assert not [call for call in calls if call.endswith(("load_model", "load_weights", "model_from_json"))]
    assert "allow_pickle" not in module.source
    assert "shell=True" not in module.source


def test_imports_have_no_cycles():
    """Every module can be understood after the ones it imports."""
    state: dict[str, str] = {}

    def visit(name, trail):
        assert state.get(name) != "open", " -> ".join([*trail, name])
        if name not in state:
            state[name] = "open"
            for other in sorted(TREE.arrows(TREE.modules[name])):
                visit(other, [*trail, name])
            state[name] = "done"

    for module in MODULES:
        visit(module.name, [])

    assert set(state.values()) == {"done"}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_fit_the_eye(module):
    """At most 250 lines in a module and 60 in a function."""
    tree = ast.parse(module.source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert len(module.source.splitlines()) <= 250
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 60] == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_say_what_they_are_for(module):
    """A docstring at the top, and annotations on every function."""
    tree = ast.parse(module.source)

    assert ast.get_docstring(tree)
    assert [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns is None] == []


def test_one_class_has_one_name():
    """Whoever reads a class's name knows which one is meant; private ones are their module's business."""
    named: dict[str, list[str]] = {}
    for module in MODULES:
        for node in ast.parse(module.source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named.setdefault(node.name, []).append(module.name)

    assert {name: places for name, places in named.items() if len(places) > 1} == {}


def test_no_test_module_imports_another():
    """What two of them share lies in tests/support, or in a module of the room that is no test."""
    borrowed = {name: found for name, source in TESTS.items() if (found := [*filter(is_test, imports_of(source))])}

    assert borrowed == {}


def test_no_test_takes_a_private_name():
    """Tests come through the public door; what is worth testing or replacing by itself has a public name."""
    places = (ROOT / folder for folder in ("grader", "data", "lessons/kit", "solutions", "benchmarks"))
    sources = [path.read_text(encoding="utf-8") for place in places for path in place.rglob("*.py")]
    known = set().union(*map(defined, sources))

    assert {name: found for name, source in TESTS.items() if (found := taken(source, known))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from grader.judge.expect import _hidden",
        "def test(student):\n    assert student._hidden is None",
        "monkeypatch.setattr(expect, '_hidden', None)",
        "SCRIPT = '''\nfrom grader.judge import expect\nexpect._hidden(1)\n'''",
    ],
    ids=["imported", "looked up", "replaced", "in a script"],
)
def test_each_way_to_take_a_private_name_is_found(source):
    """Imported, looked up, replaced by its name, or in code for another process; an own attribute is no such way."""
    assert taken(source, {"_hidden"})
    assert taken("class A:\n    def f(self):\n        return self._hidden", {"_hidden"}) == []
