import ast
from pathlib import Path

import pytest
from fakes import ROOT

GRADER = ROOT / "grader"
MODULES = sorted(path for folder in ("grader", "data") for path in (ROOT / folder).rglob("*.py"))
WORKER_SIDE = {"grader.worker", "grader.instruments", "grader.facts", "grader.zygote"}
STUDENTS_WORLD = {"lessons", "kit", "solutions", "tensorflow", "keras"}
CODE_RUNNERS = {"eval", "exec", "compile", "__import__"}
LOADERS = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "runpy"}


def name_of(path: Path) -> str:
    """The dotted name of a module of this project."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, top_level: bool = False) -> set[str]:
    """The modules that a file imports, with the names taken from them; only those at its top level if asked."""
    tree = ast.parse(path.read_bytes())
    found = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls_of(path: Path) -> set[str]:
    """The functions that a file calls, as they are written."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)}


NAMES = {name_of(path): path for path in MODULES}
JUDGING = [path for name, path in NAMES.items() if name not in WORKER_SIDE]


def depends_on(name: str) -> set[str]:
    """The modules of this project that must be loaded to load one of them."""
    return {found for found in imports_of(NAMES[name], top_level=True) if found in NAMES and found != name}


@pytest.mark.parametrize("path", JUDGING, ids=name_of)
def test_the_judging_side_never_imports_the_students_world(path):
    """Neither at the top nor inside a function; only the worker's modules may."""
    roots = {name.partition(".")[0] for name in imports_of(path)}

    assert not roots & STUDENTS_WORLD
    assert not imports_of(path) & WORKER_SIDE


def test_modules_of_the_worker_are_known():
    """The exceptions of this test exist, so that a renamed file does not leave a hole."""
    assert set(NAMES) >= WORKER_SIDE


@pytest.mark.parametrize("path", JUDGING, ids=name_of)
def test_the_judging_side_has_nothing_that_runs_received_code(path):
    """No pickle and its kin, no eval, exec or compile, no np.load, no shell."""
    calls = calls_of(path)

    assert not {name.partition(".")[0] for name in imports_of(path)} & LOADERS
    assert not calls & CODE_RUNNERS
    assert not calls & {"np.load", "numpy.load", "np.fromregex", "np.genfromtxt", "os.system", "os.popen"}
    assert not [call for call in calls if call.endswith(("load_model", "load_weights", "model_from_json"))]
    assert "allow_pickle" not in path.read_text(encoding="utf-8")
    assert "shell=True" not in path.read_text(encoding="utf-8")


def test_imports_have_no_cycles():
    """Every module can be understood after the ones it imports."""
    state: dict[str, str] = {}

    def visit(name, trail):
        assert state.get(name) != "open", " -> ".join([*trail, name])
        if name not in state:
            state[name] = "open"
            for other in sorted(depends_on(name)):
                visit(other, [*trail, name])
            state[name] = "done"

    for name in NAMES:
        visit(name, [])

    assert set(state.values()) == {"done"}


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("grader.protocol", {"grader.check", "grader.student", "grader.process", "grader.worker"}),
        ("grader.messages", {"grader.check", "grader.expect", "grader.protocol"}),
        ("grader.results", {"grader.check", "grader.plugin", "grader.session", "grader.student"}),
        ("grader.check", {"grader.student", "grader.expect", "grader.plugin", "grader.session", "grader.process"}),
        ("grader.expect", {"grader.student", "grader.plugin", "grader.session"}),
        ("grader.submission", {"grader.student", "grader.process", "grader.plugin", "grader.session"}),
        ("grader.student", {"grader.plugin", "grader.session"}),
        ("grader.worker", {"grader.check", "grader.student", "grader.results", "grader.expect", "grader.submission"}),
        ("data.fashion_mnist", {"grader", "kit"}),
    ],
)
def test_imports_go_one_way(lower, upper):
    """What lies below knows nothing of what lies above; the worker knows nothing of checks, points or results."""
    imports = imports_of(NAMES[lower])

    assert not imports & upper


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "checks" in path.parts and path.stem != "__init__"], ids=lambda path: path.stem
)
def test_checks_ask_only_through_the_student(path):
    """A check knows the interface of a student and not how it answers."""
    assert not imports_of(path) & {"grader.student", "grader.process", "grader.plugin", "grader.session", "subprocess"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_fit_the_eye(path):
    """At most 250 lines in a module and 60 in a function."""
    source = path.read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert len(source.splitlines()) <= 250
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 60] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_say_what_they_are_for(path):
    """A docstring at the top, and annotations on every function."""
    tree = ast.parse(path.read_bytes())
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]

    assert ast.get_docstring(tree)
    assert [f.name for f in functions if f.returns is None] == []
