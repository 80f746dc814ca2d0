"""Each layer on its own, without the others: what docs/security.md says of it must not rest on a neighbour."""

import json
import os
import signal
import subprocess
import sys

import pytest

from grader.isolation import layering, sandbox, system_calls
from grader.lesson import ROOT
from tests.attacks import arena as arenas
from tests.attacks.arena import HERE

# What each set of layers must close. With none, everything is open (test_without_layers).
CLOSED = {
    "namespaces": {"signal", "trace", "limit", "owner", "memory", "tcp", "abstract"},
    "namespaces scratch": {"read", "list", "write", "stat", "chmod", "attribute", "watch", "unix", "datagram"},
    "limits": {"large file", "descriptors"},
    "landlock": {"read", "list", "write", "memory", "trace"},
    "seccomp": {
        *("chmod", "attribute", "watch", "signal", "trace", "limit", "owner", "tcp", "unix", "abstract", "datagram"),
        *("fork", "namespace"),
    },
    "limits landlock seccomp": {
        *("read", "list", "write", "chmod", "attribute", "watch", "signal", "trace", "limit", "owner", "memory"),
        *("tcp", "unix", "abstract", "datagram", "fork", "namespace", "large file"),
    },
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A machine with a home folder and services, without a warm process."""
    if len(layering.probe()[0]) < len(sandbox.ALL_LAYERS):
        pytest.skip("this machine does not have every layer (see python -m grader.isolation)")
    folder = tmp_path_factory.mktemp("machine")
    arena = arenas.Arena(folder)
    for name in ("home/.ssh", "scratch", "out", "class/Ana Pérez_1_assignsubmission_file_"):
        (folder / name).mkdir(parents=True)
    arenas.listen(arena)
    arenas.fill(arena)
    yield arena
    for listener in arena.listeners.values():
        listener.close()


def tried(machine, folder, *layers):
    """What a process with these layers could do."""
    paths = os.pathsep.join(map(str, (ROOT, HERE)))
    command = [sys.executable, "-P", str(HERE / "alone.py"), str(folder), json.dumps(machine.places()), *layers]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, env=os.environ | {"PYTHONPATH": paths}
    )
    return json.loads(ran.stdout)


def test_without_layers_every_attempt_is_open(machine, tmp_path):
    """The attempts are real ones: where nothing is in their way they succeed."""
    found = tried(machine, tmp_path)

    possible = set().union(*CLOSED.values()) - {"attribute"}  # a call that this kernel may not have
    assert [name for name in possible if not found[name].startswith("OPEN")] == []


@pytest.mark.parametrize("layers", CLOSED)
def test_a_layer_holds_alone(machine, tmp_path, layers):
    """What it claims to close is closed although every other layer is missing."""
    found = tried(machine, tmp_path, *layers.split())

    assert {name: found[name] for name in CLOSED[layers] if not found[name].startswith("closed")} == {}
    assert machine.secret not in "".join(found[name] for name in CLOSED[layers])


@pytest.mark.parametrize("missing", layering.REQUIRED)
def test_a_required_layer_that_is_missing_is_a_refusal(missing):
    """Strict means files, network and limits: namespaces make up for none of them."""
    layers = [layer for layer in sandbox.ALL_LAYERS if layer != missing]

    assert not layering.is_enough(layers)


def test_namespaces_may_be_missing():
    """Containers often forbid them; landlock, seccomp and limits hold without."""
    assert layering.is_enough(layering.REQUIRED)


def test_refused_calls_are_spelt_as_the_kernel_spells_them():
    """A misspelt name would refuse nothing."""
    seccomp = pytest.importorskip("pyseccomp")
    elsewhere = {"_sysctl", "uselib", "nfsservctl"}  # names that some architectures dropped

    unknown = [name for name in system_calls.REFUSED if not system_calls.numbers(seccomp, [name])]

    assert set(unknown) <= elsewhere


def test_the_layers_can_be_seen():
    """``python -m grader.isolation`` prints what this machine puts in place."""
    ran = subprocess.run(
        [sys.executable, "-m", "grader.isolation"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert set(ran.stdout.split()) <= set(sandbox.ALL_LAYERS)
    assert ran.stdout.split() or ran.stderr


def test_a_32_bit_call_ends_the_process():
    """Not only the thread that made it, which would leave a worker that holds Python's lock and never answers."""
    script = (
        "from grader.isolation import system_calls; from toolbox import machine_code as m; "
        "system_calls.filter_system_calls(); " + (r"m(b'\xb8\x14\x00\x00\x00\xcd\x80\xc3')")
    )
    paths = os.pathsep.join(map(str, (ROOT, HERE)))

    ran = subprocess.run([sys.executable, "-P", "-c", script], env=os.environ | {"PYTHONPATH": paths}, check=False)

    assert ran.returncode == -signal.SIGSYS


CLEANING_UP = """
import shutil, sys
from pathlib import Path
from grader.isolation import layering, root, sandbox

shown, scratch = map(Path, sys.argv[1:])
sandbox.enter_namespaces()
layering.continue_in_child()
sandbox.mount_proc()
shown_at = scratch / shown.relative_to("/")
shown_at.mkdir(parents=True)
root.bind_read_only(shown, shown_at)
print(sorted(path.name for path in shown_at.iterdir()), flush=True)
shutil.rmtree(scratch, ignore_errors=True)
"""


def test_cleaning_up_never_reaches_what_is_shown(machine, tmp_path):  # noqa: ARG001 - skips where layers are missing
    """Whoever removes a scratch folder in the middle of its making removes nothing of the machine's own files."""
    shown, scratch = tmp_path / "library", tmp_path / "scratch"
    shown.mkdir()
    scratch.mkdir()
    (shown / "module.py").write_text("x = 1")

    ran = subprocess.run(
        [sys.executable, "-P", "-c", CLEANING_UP, str(shown), str(scratch)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert ran.stdout == "['module.py']\n"
    assert (shown / "module.py").read_text() == "x = 1"


PREPARED = """
import resource, sys
from pathlib import Path
from grader.isolation import layering, root, sandbox

def fail(*_):
    raise ValueError("not today")

scratch = Path(sys.argv[1])
device = scratch.stat().st_dev
sandbox.preload()
exec(sys.argv[2])
layers = layering.isolate(scratch, namespaces=True)
print(*layers, "own" if scratch.stat().st_dev != device else "as before")
"""


def isolated(scratch, preparation):
    """The layers of a process that did something before, whether its scratch folder is its own, and what is missing."""
    ran = subprocess.run(
        [sys.executable, "-P", "-c", PREPARED, str(scratch), preparation],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return ran.stdout.strip(), ran.stderr


@pytest.mark.usefixtures("machine")
def test_lower_limits_of_the_machine_are_kept(tmp_path):
    """Who may have fewer processes than the sandbox would allow loses no layer."""
    found, missing = isolated(tmp_path, "resource.setrlimit(resource.RLIMIT_NPROC, (256, 256))")

    assert (found, missing) == ("namespaces scratch limits landlock seccomp own", "")


@pytest.mark.usefixtures("machine")
def test_a_layer_that_fails_is_missing_with_its_reason(tmp_path):
    """Whatever it raises; the others are put in place all the same."""
    found, missing = isolated(tmp_path, "sandbox.set_limits = fail")

    assert (found, missing) == ("namespaces scratch landlock seccomp own", "limits: not today\n")


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("step", ["bind_read_only", "make_read_only"])
def test_a_root_folder_that_fails_halfway_is_taken_back(tmp_path, step):
    """The scratch folder is then the one of before, not a file system too small to work in."""
    found, missing = isolated(tmp_path, f"root.{step} = fail")

    assert (found, missing) == ("namespaces limits landlock seccomp as before", "scratch: not today\n")


INTERRUPTED = """
import os, tempfile
from grader.isolation import layering

class Folder(tempfile.TemporaryDirectory):
    def __exit__(self, *error):
        os.write(1, b"removed by the parent" if os.getpid() == parent else b"removed by the child")
        super().__exit__(*error)

def isolate(*_):
    raise KeyboardInterrupt

parent, tempfile.TemporaryDirectory = os.getpid(), Folder
layering.isolate, layering.namespaces_work = isolate, lambda: True
layering.main()
"""


def test_an_interrupted_probe_does_not_clean_up_inside():
    """A child that Ctrl-C throws out of isolate() ends: in there the scratch folder shows the machine's own files."""
    ran = subprocess.run(
        [sys.executable, "-P", "-c", INTERRUPTED],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert ran.stdout == "removed by the parent"
