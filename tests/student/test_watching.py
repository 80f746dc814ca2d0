"""What a call may use, measured on a family of processes that has used what the test says."""

import subprocess
import sys
import textwrap
from dataclasses import dataclass

import psutil
import pytest

from grader.language.messages import translator
from grader.limits import MAX_THREADS, Limits
from grader.student import watching
from grader.student.watching import Exhausted, Watch


@dataclass
class Family:
    """Processes that have used this much."""

    cpu: float = 5.0
    memory: float = 0.0
    running: int = 1

    def count(self):
        """Nobody joins."""

    def cpu_seconds(self):
        """As told."""
        return self.cpu

    def memory_bytes(self):
        """As told."""
        return self.memory

    def threads(self):
        """As told."""
        return self.running


@pytest.fixture
def family(monkeypatch):
    """A family that is looked at whenever a test asks for it."""
    monkeypatch.setattr(watching, "WATCH_SECONDS", -1)
    return Family()


@pytest.mark.parametrize(
    ("resource", "allowed", "beyond", "sentence"),
    [
        ("cpu", 7.0, 7.01, "more than 2 seconds of CPU time"),
        ("memory", 2**30, 2**30 + 1, "more than 1 GB"),
        ("running", MAX_THREADS, MAX_THREADS + 1, "more than 1000 threads"),
    ],
)
def test_a_limit_may_be_reached_and_not_passed(resource, allowed, beyond, sentence, family):
    """CPU time counts from the call; memory and threads are what there is."""
    watch = Watch(family, Limits(2, memory_bytes=2**30))
    setattr(family, resource, allowed)

    watch.look()
    setattr(family, resource, beyond)

    with pytest.raises(Exhausted) as exhausted:
        watch.look()
    assert sentence in exhausted.value.text.render(translator("en"))


def test_a_family_is_looked_at_a_few_times_a_second(family, monkeypatch):
    """Reading every process for each answer would take longer than the answers."""
    monkeypatch.setattr(watching, "WATCH_SECONDS", 1000)
    watch = Watch(family, Limits(2))
    family.cpu = 100

    watch.look()


def test_the_clock_is_generous():
    """On a machine eight times slower nobody loses a point, and a short call waits for half a minute."""
    assert Limits(30).wall_seconds > 8 * 30
    assert Limits(0).wall_seconds == 30


def test_only_memory_that_ran_out_since_the_call_counts(family, monkeypatch):
    """What the kernel killed before is somebody else's."""
    counts = iter([3, 3, 4])
    monkeypatch.setattr(watching, "out_of_memory_kills", lambda: next(counts))
    watch = Watch(family, Limits(2))

    assert [watch.memory_ran_out() for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("vmstat", "count"), [("pgfault 9\noom_kill 4\nzone_oom_kill 7\n", 4), ("pgfault 9\n", 0), (None, 0)]
)
def test_the_kernels_count_is_read_where_there_is_one(vmstat, count, tmp_path, monkeypatch):
    """Older kernels and other systems do not say."""
    path = tmp_path / "vmstat"
    if vmstat is not None:
        path.write_text(vmstat)
    monkeypatch.setattr(watching, "Path", {"/proc/vmstat": path}.__getitem__)

    assert watching.out_of_memory_kills() == count


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the size of page tables")
def test_page_tables_count_as_memory():
    """Looking at one byte in each 2 MiB of 32 GiB takes no resident memory, and 64 MiB of the kernel's."""
    touching = """
        import mmap
        held = mmap.mmap(-1, 32 * 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
        held.madvise(15)  # no huge pages
        print(sum(held[place] for place in range(0, len(held), 2**21)), flush=True)
        input()
    """
    command = [sys.executable, "-c", textwrap.dedent(touching)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"0\n"

        found = watching.Family(process.pid).memory_bytes()
        resident = psutil.Process(process.pid).memory_info().rss

        process.kill()
    assert found >= resident + 64 * 2**20
