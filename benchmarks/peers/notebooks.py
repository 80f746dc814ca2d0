"""The assignment in the forms of otter-grader and nbgrader: a notebook, and one test for each of the four functions.

The tests ask for what the grader's checks ask for, on inputs drawn anew, with as many trainings of the same size. They
are somewhat cheaper, in the peers' favour: images are random numbers, and no training step is computed again.
"""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import nbformat

from benchmarks import assignment
from benchmarks.assignment import FUNCTIONS, Kind

NAME = "tarea108"
NOTEBOOK = f"{NAME}.ipynb"

# nbgrader takes away the points of a cell that writes to stderr, as TensorFlow does when it traces a function anew.
TESTS = {
    "compute_fans": """
        import math
        import numpy as np
        rng = np.random.default_rng()
        for dimensions in (0, 0, 0, 1, 2, 3):
            *window, inputs, outputs = shape = rng.integers(2, 9, dimensions + 2).tolist()
            area = math.prod(window)
            assert tuple(compute_fans(shape)) == (area * inputs, area * outputs), shape
    """,
    "theoretical_variance": """
        import numpy as np
        rng = np.random.default_rng()
        for rule in ("glorot", "he", "lecun"):
            for form in ("uniform", "normal"):
                fan_in, fan_out = rng.integers(20, 900, 2).tolist()
                expected = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[rule]
                assert np.isclose(theoretical_variance(f"{rule}_{form}", fan_in, fan_out), expected, rtol=1e-5)
        try:
            theoretical_variance("orthogonal", 30, 20)
        except ValueError:
            pass
        else:
            raise AssertionError("no ValueError")
    """,
    "kernel_norms": """
        import numpy as np
        rng = np.random.default_rng()
        weights = [rng.normal(size=shape).astype("float32") for shape in ((20, 30), (30,), (30, 10), (10,))]
        assert np.allclose(kernel_norms(weights), [np.sqrt((w**2).sum()) for w in weights[::2]], rtol=1e-3)
    """,
    "train_homework": """
        import logging
        import kit
        import numpy as np
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        rng = np.random.default_rng()
        sizes = (784, *kit.HOMEWORK.units)
        def images(n):
            return rng.random((n, 784)).astype("float32"), rng.integers(0, 10, n).astype("int32")
        def check(result):
            assert all(len(values) == 1 for values in result["history"].values())
            before, after = result["initial_weights"], result["final_weights"]
            assert [w.shape for w in before[::2]] == list(zip(sizes[:-1], sizes[1:]))
            distance = np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(after, before)))
            assert 0 < distance < 0.05, distance
            return before[::2]
        glorot = check(train_homework(kit.Dataset(*images(768), *images(200)), "glorot_uniform", 7, epochs=1))
        he = check(train_homework(kit.Dataset(*images(32), *images(32)), "he_uniform", 7, epochs=1))
        for first, second in zip(glorot[:-1], he[:-1]):
            fan_in, fan_out = first.shape
            assert np.allclose(second, first * np.sqrt((fan_in + fan_out) / fan_in), rtol=1e-4, atol=1e-6)
    """,
}


def source(function: str) -> str:
    """The test of a function."""
    return dedent(TESTS[function]).strip() + "\n"


# --- otter-grader -----------------------------------------------------------------------------------------------


def otter_test(function: str) -> str:
    """A test file in otter's exception-based format."""
    body = f"{function} = env[{function!r}]\n{source(function)}"
    return (
        "from otter.test_files import test_case\n\n"
        f"OK_FORMAT = False\nname = {function!r}\npoints = 1\n\n\n"
        f"@test_case(points=1)\ndef test_{function}(env):\n{indent(body, '    ')}"
    )


def write_otter(folder: Path, members: list[Kind]) -> None:
    """Tests and submissions."""
    (folder / "tests").mkdir(parents=True)
    for function in FUNCTIONS:
        (folder / "tests" / f"{function}.py").write_text(otter_test(function), encoding="utf-8")
    for index, kind in enumerate(members):
        _save(
            _notebook([_code(assignment.code_of(kind, index))]), folder / "submissions" / f"student-{index:05d}.ipynb"
        )


# --- nbgrader ---------------------------------------------------------------------------------------------------


def write_nbgrader(folder: Path) -> None:
    """A course with the source version of the assignment; nbgrader itself makes the release version of it."""
    answer = _code("# YOUR CODE HERE", _nbgrader("answer", solution=True))
    tests = [
        _code(source(function), _nbgrader(f"test_{function}", grade=True, points=1, locked=True))
        for function in FUNCTIONS
    ]
    _save(_notebook([answer, *tests]), folder / "source" / NAME / NOTEBOOK)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'course'\nc.ExecutePreprocessor.timeout = 3600\n"
        "c.Execute.timeout = 3600\n",
        encoding="utf-8",
    )


def submit_nbgrader(folder: Path, members: list[Kind]) -> None:
    """Each student's copy of the release version, with the answer's cell filled in."""
    release = json.loads((folder / "release" / NAME / NOTEBOOK).read_text(encoding="utf-8"))
    for index, kind in enumerate(members):
        notebook = nbformat.from_dict(release)  # type: ignore[no-untyped-call]
        notebook.cells[0].source = assignment.code_of(kind, index)
        _save(notebook, folder / "submitted" / f"student-{index:05d}" / NAME / NOTEBOOK)


def _nbgrader(grade_id: str, **fields: Any) -> dict[str, Any]:
    common = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": common | {"grade_id": grade_id} | fields}


def _code(text: str, metadata: dict[str, Any] | None = None) -> Any:
    return nbformat.v4.new_code_cell(text, metadata=metadata or {})  # type: ignore[no-untyped-call]


def _notebook(cells: list[Any]) -> Any:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)  # type: ignore[no-untyped-call]


def _save(notebook: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
