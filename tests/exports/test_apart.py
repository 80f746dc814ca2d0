"""Student code as a user of its own where the grader is root, as in Gradescope's container."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import msgspec
import psutil
import pytest

from grader.exports.apart import can_run, end
from grader.exports.autograder_zip import build_gradescope_zip
from grader.faults import GraderFault
from grader.lesson import ROOT
from grader.student import cold

BASH = shutil.which("bash") or "/bin/bash"
USER = 60_117
pytestmark = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can give up being root")

HOSTILE = """
import os, pathlib, subprocess, sys
def _try(what):
    try:
        what()
    except Exception:
        pass
root = pathlib.Path(sys.modules["grader"].__file__).parent
_try(lambda: (root / "exports" / "gradescope.py").write_text("forged"))
_try(lambda: (root.parents[1] / "results" / "results.json").write_text("forged"))
seen = pathlib.Path(str(root.parents[1]) + "-seen")
_try(lambda: seen.write_text("ran"))
_try(lambda: seen.write_text(next((root.parent / "data" / "quizzes").glob("*.toml")).read_text()))
_try(lambda: os.kill(os.getppid(), 9))
subprocess.Popen(["sleep", "300"], start_new_session=True, env={}, stdin=-3, stdout=-3, stderr=-3)
"""


def sleeper(**options):
    """A process that does nothing for long."""
    return subprocess.Popen([shutil.which("sleep") or "sleep", "300"], start_new_session=True, **options)


def test_every_process_of_the_user_is_ended():
    """Whatever student code left running is gone before its results are read; other users' processes go on."""
    left = [sleeper(user=USER, group=USER, extra_groups=[]) for _ in range(3)]
    other = sleeper()

    is_done = end(USER)

    assert is_done
    assert [each.wait(timeout=5) for each in left] == [-9] * 3
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_process_that_forks_on_is_ended_too():
    """A process that hands on its life to a child again and again does not outlast its end."""
    script = "import os, time\nwhile True:\n    if os.fork():\n        os._exit(0)\n    time.sleep(0.02)"
    python = shutil.which("python3", path="/usr/bin") or pytest.skip("no Python that every user can run")
    first = subprocess.Popen([python, "-c", script], start_new_session=True, user=USER, group=USER, extra_groups=[])
    first.wait(timeout=10)

    is_done = end(USER)
    time.sleep(0.2)

    assert is_done
    assert end(USER)


def test_a_worker_is_started_as_the_user(monkeypatch):
    """Where the environment names a user, the worker is it, with no group of the judge's and its own scratch folder."""
    start, told = subprocess.Popen, []

    def popen(_command, **options):
        told.append((options["user"], options["group"], options["extra_groups"], Path(options["cwd"]).stat().st_uid))
        return start([shutil.which("true") or "true"], **options)

    monkeypatch.setattr(cold.subprocess, "Popen", popen)
    monkeypatch.setenv(cold.USER, str(USER))
    with pytest.raises(GraderFault):
        cold.start()

    assert told == [(USER, USER, [], USER)]


@pytest.fixture
def autograder():
    """Gradescope's folders where every user may enter them."""
    root = Path(tempfile.mkdtemp(prefix="autograder-"))
    root.chmod(0o755)
    build_gradescope_zip(root / "autograder.zip", "108")
    with zipfile.ZipFile(root / "autograder.zip") as archive:
        archive.extractall(root / "source")
    for name in ("submission", "results"):
        (root / name).mkdir(mode=0o777)
    (root / "results").chmod(0o777)
    yield root
    shutil.rmtree(root)
    Path(f"{root}-seen").unlink(missing_ok=True)


def run(autograder, user):
    """What Gradescope does for a submission: the score, and what was said."""
    solution = (ROOT / "solutions" / "108_initialization.py").read_text(encoding="utf-8")
    start = solution.index("def compute_fans")
    hostile = "def _forge():\n" + "".join(f"    {line}\n" for line in HOSTILE.splitlines())
    body = f"{solution[:start]}{hostile}\n_forged = _forge()\n\n{solution[start:]}"
    body = body.replace("def compute_fans(kernel_shape):", "def compute_fans(kernel_shape, _=_forged):")
    (autograder / "submission" / "108_initialization.py").write_text(body, encoding="utf-8")
    environment = os.environ | {
        "AUTOGRADER": str(autograder),
        "GRADER_PYTHON": sys.executable,
        "GRADER_ARGS": "--exercise 1",
        "GRADER_STUDENT": str(user),
    }
    script = str(autograder / "source" / "run_autograder")
    done = subprocess.run([BASH, script], env=environment, capture_output=True, text=True, check=False)
    return done, autograder / "results" / "results.json"


@pytest.mark.skipif(not can_run(USER), reason="the interpreter lies where other users cannot enter")
def test_a_hostile_submission_changes_nothing(autograder):
    """It can neither rewrite the grader or the results, nor read the quiz, nor outlive its run."""
    converter = autograder / "source" / "grader" / "exports" / "gradescope.py"
    before = converter.read_bytes()

    done, results = run(autograder, USER)

    assert "WARNING" not in done.stderr
    assert converter.read_bytes() == before
    assert msgspec.json.decode(results.read_bytes())["score"] > 0
    assert Path(f"{autograder}-seen").read_text() == "ran"
    assert not [each for each in psutil.process_iter() if USER in each.uids() and each.status() != "zombie"]


def test_without_another_user_it_is_said(autograder):
    """Where student code cannot be given a user of its own, the grading goes on with a warning."""
    (autograder / "submission").mkdir(exist_ok=True)
    script, environment = (
        autograder / "source" / "run_autograder",
        {"GRADER_STUDENT": "0", "GRADER_PYTHON": sys.executable},
    )

    done = subprocess.run(
        [BASH, str(script)],
        env=os.environ | environment | {"AUTOGRADER": str(autograder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "WARNING: student code runs as the grader's own user" in done.stderr
    assert (autograder / "results" / "results.json").is_file()
