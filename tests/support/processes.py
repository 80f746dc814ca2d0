"""Workers without TensorFlow, and `pytest grader` run with them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from grader.isolation.environment import environment
from grader.lesson import ROOT

ANYTHING = "class Anything(type):\n    def __getattr__(cls, name): return None\n"
LIGHT_MODULES = {
    "keras.py": "class Model: pass\nclass Variable: pass\nclass ops:\n    is_tensor = staticmethod(lambda _: False)\n",
    "tensorflow.py": "",
    "kit.py": "def load_fashion_mnist():\n    return [1, 2, 3]\n",
    "matplotlib/__init__.py": "",
    "matplotlib/pyplot.py": "",
    "matplotlib/backends/__init__.py": "",
    **{
        f"matplotlib/{module}.py": ANYTHING + "".join(f"class {name}(metaclass=Anything): pass\n" for name in names)
        for module, names in {
            "artist": ["Artist"],
            "axis": ["Axis"],
            "backends/backend_agg": ["RendererAgg"],
            "cm": ["ScalarMappable"],
            "colors": ["to_rgba"],
            "figure": ["Figure"],
            "image": ["AxesImage"],
            "legend": ["Legend"],
            "lines": ["Line2D"],
            "patches": ["Patch", "Polygon", "Rectangle", "StepPatch"],
            "text": ["Text"],
            "transforms": ["Bbox"],
        }.items()
    },
}


def light_environment(folder, root=ROOT):
    """An environment in which the real worker starts in a blink: its TensorFlow and Keras are empty modules."""
    for name, source in LIGHT_MODULES.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return environment() | {"PYTHONPATH": os.pathsep.join((str(folder), str(root)))}


RUNNER = """
import contextlib, io, json, sys
import pytest
import grader.student.cold

job = json.loads(sys.stdin.read())
started, start = [], grader.student.cold.start
grader.student.cold.environment = lambda: job["environment"]
grader.student.cold.start = lambda *args: started.append(1) or start(*args)
if job["damaged"]:
    import data.fashion_mnist as module
    def load_split(split):
        raise module.DataError("train.gz is damaged.")
    module.load_split = load_split
runs = []
for arguments in job["runs"]:
    out, before = io.StringIO(), len(started)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = pytest.main(["grader", "-p", "no:cacheprovider", "-s", *arguments])
    loaded = sorted({"tensorflow", "keras", "kit"} & set(sys.modules))
    runs.append({"code": int(code), "output": out.getvalue(), "workers": len(started) - before, "loaded": loaded})
print(json.dumps(runs))
"""


def grade_all(folder, *runs, damaged=False, root=ROOT):
    """What ``pytest grader`` says to each list of arguments: exit code, output, workers started, modules loaded."""
    job = {
        "environment": light_environment(folder, root),
        "runs": [list(map(str, run)) for run in runs],
        "damaged": damaged,
    }
    ran = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=root,
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
