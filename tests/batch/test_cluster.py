"""Grading on a Dask cluster: the same results, whatever happens to a worker, and no grading where it is not safe."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import msgspec
import psutil
import pytest
from typer.testing import CliRunner

from benchmarks.chaos import rows
from benchmarks.small_class import LESSON, WORKS, write_class
from grader.batch import cluster, slot
from grader.batch.slot import Conditions, Task
from grader.command_line import app
from grader.faults import GraderFault
from grader.language.messages import T, translator
from grader.student.warm import Isolation
from grader.submission.work import Work
from tests.support.batches import ROOT, command, environment, execute, grades, hand_in

NAMES = ["right", "swapped", "raises", "one seed", "slow"]
START_SECONDS = 120
PRELOAD_UNSAFE = "import grader.student.warm\n\ngrader.student.warm.is_enough = lambda _: False\n"
PRELOAD_OTHER = "import grader.batch.slot\n\ngrader.batch.slot.CODE = 'another'\n"

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")


class Cluster:
    """A scheduler on the loopback interface, and workers in processes of their own."""

    def __init__(self, folder):
        self._folder, self._children = folder, []
        self._file = folder / "scheduler.json"

    def open(self):
        """Start the scheduler."""
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self._file)
        self.until(lambda: self._file.exists() and self._file.read_bytes().strip().endswith(b"}"))
        self.address = msgspec.json.decode(self._file.read_bytes())["address"]

    def add_worker(self, preload=""):
        """Start a worker with one thread; ``preload`` is code that it runs first."""
        options = ["--scheduler-file", self._file, "--nthreads", "1", "--host", "127.0.0.1", "--no-nanny"]
        if preload:
            (self._folder / "preload.py").write_text(preload)
            options += ["--preload", self._folder / "preload.py"]
        return self._start("worker", *options, "--local-directory", self._folder)

    def _start(self, kind, *options):
        name = f"distributed.cli.dask_{kind}"
        child = subprocess.Popen(
            [sys.executable, "-m", name, *map(str, options), "--no-dashboard"],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._children.append(child)
        return child

    def until(self, condition):
        """Wait for it."""
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def close(self):
        """End everything."""
        for child in reversed(self._children):
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@pytest.fixture
def dask(tmp_path):
    """A scheduler without workers."""
    cluster = Cluster(tmp_path)
    try:
        cluster.open()
        yield cluster
    finally:
        cluster.close()


def test_same_results_as_here_though_a_worker_is_killed(tmp_path, dask):
    """Two workers, one of them killed with SIGKILL in the middle: the results are those of a local run."""
    folder = write_class(tmp_path / "class", NAMES)
    workers = [dask.add_worker(), dask.add_worker()]
    options = ["--seed", "3", "--lang", "en"]
    batch = subprocess.Popen(
        command(folder, "--out", tmp_path / "there", "--scheduler", dask.address, *options),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while batch.poll() is None and not rows(tmp_path / "there"):
        time.sleep(0.05)
    before = rows(tmp_path / "there")
    family = psutil.Process(workers[0].pid).children(recursive=True)
    workers[0].kill()
    _, errors = batch.communicate(timeout=300)
    here = execute(folder, "--out", tmp_path / "here", "--jobs", 2, *options)

    assert batch.returncode == 0, errors
    assert here.returncode == 0, here.stderr
    assert 1 <= len(before) < len(NAMES)
    assert before.items() <= rows(tmp_path / "there").items()
    assert grades(tmp_path / "there") == grades(tmp_path / "here")
    assert not psutil.wait_procs(family, 60)[1]


@pytest.mark.parametrize(
    ("preload", "said"),
    [(PRELOAD_UNSAFE, "cannot grade. Student code cannot be isolated here"), (PRELOAD_OTHER, "has another version")],
    ids=["no isolation", "other version"],
)
def test_worker_that_must_not_grade_stops_the_batch(tmp_path, dask, preload, said):
    """A worker without isolation, or with other code, gives a sentence with its machine's name, and no grades."""
    hand_in(tmp_path / "class", "ana", WORKS["right"])
    dask.add_worker(preload)

    result = execute(tmp_path / "class", "--out", tmp_path / "out", "--scheduler", dask.address, "--lang", "en")

    assert result.returncode == 2, result.stderr
    assert said in result.stderr
    assert os.uname().nodename in result.stderr
    assert "Traceback" not in result.stderr
    assert not rows(tmp_path / "out")
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.slow  # Dask tries to reach it for half a minute
def test_scheduler_that_goes_away_stops_the_batch(tmp_path, dask):
    """When the scheduler dies, the batch says so instead of waiting for ever."""
    hand_in(tmp_path / "class", "ana", WORKS["right"])
    worker = psutil.Process(dask.add_worker().pid)
    batch = subprocess.Popen(
        command(tmp_path / "class", "--out", tmp_path / "out", "--scheduler", dask.address, "--lang", "en"),
        cwd=ROOT,
        env=environment(DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="3s"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    dask.until(worker.children)  # it has begun to grade
    dask.close()
    _, errors = batch.communicate(timeout=120)

    assert batch.returncode == 2
    assert "What is finished is kept" in errors


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "No Dask scheduler with workers answers at tcp://127.0.0.1:9"),
        ("nonsense://x", "nonsense://x is no scheduler's address; expected one such as tcp://host:8786."),
        ("nonsense", "nonsense is no scheduler's address"),
    ],
)
def test_scheduler_that_does_not_answer_is_said(tmp_path, monkeypatch, address, said):
    """A wrong address gives a sentence and exit code 2."""
    hand_in(tmp_path / "class", "ana")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    arguments = ["batch", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--scheduler", address]

    result = CliRunner().invoke(app.app, [*arguments, "--lang", "en"])

    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_cluster_without_dask_is_said(monkeypatch):
    """Without the extra the sentence says how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(GraderFault, match="pip install"):
        cluster.cluster_slots("tcp://127.0.0.1:9")


def test_slot_without_isolation_gives_no_grade(monkeypatch):
    """What a warm process refuses is nobody's failed check."""

    class Unsafe:
        def __init__(self, _):
            self.closed = False

        def start(self):
            raise Isolation(T("Student code cannot be isolated here."))

        def close(self):
            self.closed = True

    monkeypatch.setattr(slot, "Warm", Unsafe)
    slot.warm_process.cache_clear()
    task = Task(Work(LESSON, f"{LESSON}.py", WORKS["right"].encode()), Conditions(1, "en", "strict", False))

    with pytest.raises(GraderFault) as fault:
        slot.run(slot.CODE, msgspec.msgpack.encode(task))

    slot.warm_process.cache_clear()
    assert fault.value.text.render(translator("en")).endswith("Student code cannot be isolated here.")


def test_documented_slurm_job_starts_a_worker_with_one_thread():
    """The snippet for Slurm in docs/cluster.md gives a job script that dask-jobqueue can write."""
    jobqueue = pytest.importorskip("dask_jobqueue", reason="the extra `cluster` is not installed")
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    snippet = text.split("```python\n")[1].split("cluster.scale")[0].split("cluster = ")[1]
    options = {"interface": "lo", "scheduler_options": {"dashboard": False, "dashboard_address": ":0", "port": 0}}

    with eval(snippet, {"SLURMCluster": lambda **given: jobqueue.SLURMCluster(**given, **options)}) as slurm:  # noqa: S307
        script = slurm.job_script()

    assert "#SBATCH -p normal" in script
    assert "/shared/course/.venv/bin/python -m distributed.cli.dask_worker tcp://" in script
    assert "--nthreads 1" in script
