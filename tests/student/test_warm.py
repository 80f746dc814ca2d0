"""The judge's side of the warm process: how workers end, and what happens where it cannot be had."""

import signal
from contextlib import closing
from itertools import count

import psutil
import pytest

from grader.faults import Interrupted, OutOfMemory
from grader.isolation import layering
from grader.language.messages import translator
from grader.limits import Limits
from grader.student import warm as module
from grader.student import watching
from grader.student.process import WorkerGone
from grader.student.warm import Warm, WarmProcessGone
from grader.wire import protocol
from grader.wire.protocol import Call, CellSource, Load
from tests.support.processes import light_environment

KILLED = "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGKILL)"
WAITS = "import time\ndef f(): time.sleep(60)"
LARGE = Limits(30)
SMALL = Limits(30, memory_bytes=2**20)


@pytest.fixture
def broken(monkeypatch, tmp_path):
    """An environment in which importing TensorFlow fails."""
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libcudart is broken')")
    environment = module.environment()
    monkeypatch.setattr(module, "environment", lambda: environment | {"PYTHONPATH": str(tmp_path)})


@pytest.mark.usefixtures("broken")
def test_a_warm_process_that_does_not_start_says_why():
    """What TensorFlow's import raised is part of the reason, and no process is left."""
    with Warm("none") as warm, pytest.raises(WarmProcessGone, match="ImportError: libcudart is broken"):
        warm.start()

    assert not warm.alive


@pytest.fixture
def light(monkeypatch, tmp_path):
    """Warm processes start in a blink: their TensorFlow is an empty module."""
    environment = light_environment(tmp_path / "modules")
    monkeypatch.setattr(module, "environment", lambda: environment)


@pytest.fixture
def short_of_memory(monkeypatch):
    """A machine on which the kernel kills something between any two looks."""
    monkeypatch.setattr(watching, "out_of_memory_kills", count().__next__)


def ending(process, source, within=LARGE):
    """What the judge makes of a worker whose function ends it."""
    process.send(protocol.encode(Load([CellSource(source, 1)])))
    with closing(process), pytest.raises((WorkerGone, Interrupted)) as raised:
        process.ask(protocol.encode(Call("t", "f", [], {}, [(0, 0), (0, 1)])), "t", within)
    return raised.value


def say(error):
    """The sentence of an exception, in English."""
    return error.text.render(translator("en"))


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\ndef f(): os._exit(3)", "exit code 3"),
        (KILLED, "signal 9"),
        ("import os\ndef f(): os.abort()", "signal 6"),
    ],
    ids=["exit", "kill", "abort"],
)
def test_how_a_forked_worker_ended_is_known(source, reason):
    """Its exit code or signal, from the process that forked it; one that kills itself is to blame."""
    with Warm("none") as warm:
        error = ending(warm.start(), source)

    assert say(error).startswith(reason)


@pytest.mark.usefixtures("light", "short_of_memory")
def test_a_worker_killed_for_want_of_memory_is_asked_again():
    """The kernel chooses whom it kills; that says nothing about whose code was answering."""
    with Warm("none") as warm:
        error = ending(warm.start(), KILLED)

    assert isinstance(error, OutOfMemory)


@pytest.mark.usefixtures("light", "short_of_memory")
@pytest.mark.parametrize(("source", "within"), [("import os\ndef f(): os._exit(247)", LARGE), (KILLED, SMALL)])
def test_want_of_memory_excuses_nothing_else(source, within):
    """Neither who ends in another way, nor who was beyond its own limit before the judge looked."""
    with Warm("none") as warm:
        error = ending(warm.start(), source, within)

    assert isinstance(error, WorkerGone)


@pytest.mark.usefixtures("light", "short_of_memory")
def test_a_killed_worker_in_namespaces_is_known_as_killed():
    """Behind the first process of the namespace stands one that ends as it did."""
    if "namespaces" not in layering.probe()[0]:
        pytest.skip("this machine has no namespaces (see python -m grader.isolation)")
    with Warm("strict") as warm:
        process = warm.start()
        inner = psutil.Process(process.pid).children()[0]
        inner.send_signal(signal.SIGKILL)
        error = ending(process, WAITS)

    assert isinstance(error, OutOfMemory)


@pytest.mark.usefixtures("light")
def test_no_worker_remains_as_a_zombie():
    """Who closes a worker has it cleared away."""
    before = set(psutil.Process().children())
    with Warm("none") as warm:
        for _ in range(3):
            process = warm.start()
            process.close()
        (forking,) = set(psutil.Process().children()) - before
        left = forking.children()

    assert left == []
