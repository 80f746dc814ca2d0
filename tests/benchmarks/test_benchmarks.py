import os
import signal
import subprocess
import sys
import time

import pytest

from benchmarks import accounting, assignment, document, throughput
from benchmarks.accounting import Cost
from benchmarks.assignment import Kind
from benchmarks.peers import __main__ as peers
from benchmarks.peers import notebooks
from benchmarks.peers.tools import Graded
from grader.lesson import ROOT
from grader.submission.cells import cells_of_python, parse
from grader.submission.program import Program

SPIN = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n"
UNSEEN_GRANDCHILD = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as the warm process does: nobody waits, nobody is told
if os.fork() == 0:
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    os._exit(0)
try:
    os.wait()
except ChildProcessError:
    pass
"""


def cost(wall=10.0, cpu=20.0, **peak_rss):
    """A cost as a measurement gives it."""
    return Cost(wall, cpu, cpu, True, 0, peak_rss)


def pair(count, batch_each=1.5, bare_each=1.25):
    """A batch and its bare run on an ideal machine."""
    batch = cost(5 + count, 10 + batch_each * count, slot=2**20, worker=2**21)
    return throughput.Pair(count, 2, batch, [cost(count, 5 + bare_each * count / 2)] * 2)


def program_of(code):
    """A submission's statements as the grader reads them."""
    return Program(tuple(parse(cell) for cell in cells_of_python(code.encode())))


def test_a_class_of_two_has_two_different_submissions(tmp_path):
    """The comment with the index is enough to make their contents differ."""
    assignment.write_class(tmp_path, [Kind.HONEST, Kind.HONEST])

    contents = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*/*.py")]
    assert len(set(contents)) == 2


def test_identical_submissions_are_identical(tmp_path):
    """Nothing but the folders' names differs."""
    assignment.write_class(tmp_path, [Kind.HONEST, Kind.HONEST], identical=True)

    assert len({path.read_bytes() for path in tmp_path.glob("*/*.py")}) == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_defines_the_four_functions(kind):
    """What is measured is graded: no function is missing, none is a stub."""
    program = program_of(assignment.code_of(kind, 3))

    assert all(program.defines(name) and not program.is_stub(name) for name in assignment.FUNCTIONS)


def test_every_mistake_changes_the_code():
    """A passage that is gone from the answers would make a wrong submission right."""
    codes = {assignment.code_of(Kind.WRONG, index).partition("\n")[2] for index in range(len(assignment.MISTAKES))}

    assert len(codes | {assignment.code_of(Kind.HONEST, 0).partition("\n")[2]}) == len(assignment.MISTAKES) + 1


def test_a_process_that_nobody_waits_for_is_accounted():
    """The CPU time of a fork that the kernel clears away is found, which os.wait4 would not tell."""
    before = time.monotonic()

    found = accounting.measure([sys.executable, "-S", "-c", UNSEEN_GRANDCHILD], ROOT, sample_seconds=0.01)

    assert found.status == 0
    assert found.cpu > 0.4
    assert found.sampled_cpu > 0.3
    assert found.wall <= time.monotonic() - before


def test_a_command_that_fails_is_told():
    """Its status and its output, both streams, are in the cost."""
    code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)"

    found = accounting.measure([sys.executable, "-S", "-c", code], ROOT)

    assert (found.status, sorted(found.output.split())) == (3, ["err", "out"])


def test_memory_is_told_by_role():
    """A process that lives for a while has its peak under the name that the role gives it."""
    found = accounting.measure(
        [sys.executable, "-S", "-c", "import time\ntime.sleep(0.5)"], ROOT, role=lambda _command, _parent: "sleeper"
    )

    assert found.peak_rss["sleeper"] > 2**20


def test_a_worker_is_told_from_its_warm_process():
    """Both have the same command line; the one whose parent is a warm process is a worker."""
    command = "python -P -m grader.worker.zygote 6 strict"

    assert throughput.role(command, "slot") == "warm process"
    assert throughput.role(command, "warm process") == "worker"
    assert throughput.role(command, "worker") == "worker"


def test_own_descendants_are_a_family():
    """A child of this process is found below it, and no stranger."""
    child = subprocess.Popen([sys.executable, "-S", "-c", "import time\ntime.sleep(30)"])
    try:
        found = accounting.family(os.getpid())
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()

    assert {os.getpid(), child.pid} <= set(found)
    assert 1 not in found


def test_a_line_is_fitted():
    """Slope, intercept and fit of points on a line; one point alone is a slope through the origin."""
    assert document.fit_line([20, 100, 500], [50, 210, 1010]) == pytest.approx((2, 10, 1))
    assert document.fit_line([2], [6])[0] == pytest.approx(3)


def test_the_overhead_is_the_difference_of_the_slopes():
    """1.5 CPU-seconds a submission against 1.25 of the bare work: 0.25, which meets the target."""
    text = throughput.report([pair(20), pair(100), pair(500)], pair(20), (cost(), cost(12.0, 25.0), 5000), [])

    assert "**+0.250 CPU-s**" in text
    assert "R² 1.0000" in text
    assert "5000 identical but for their names cost 1.25 ×" in text


def test_refreshing_one_section_leaves_the_other(tmp_path):
    """Each command owns its markers."""
    path = tmp_path / "benchmarks.md"

    document.update("peers", "ratios", path)
    document.update("throughput", "first", path)
    document.update("throughput", "second", path)

    assert document.read(path.read_text(encoding="utf-8")) == {"throughput": "second", "peers": "ratios"}


def test_markers_of_the_document_parse():
    """docs/benchmarks.md has both sections."""
    sections = document.read(document.DOCUMENT.read_text(encoding="utf-8"))

    assert set(sections) == set(document.SECTIONS)


def test_a_missing_marker_is_told():
    """Rather than written over."""
    with pytest.raises(ValueError, match="throughput"):
        document.read("# Benchmarks\n")


def test_circumstances_admit_a_shared_machine():
    """A load before the run is told; names and paths of the machine are not."""
    quiet, shared = document.circumstances(0.1, 2.0, ""), document.circumstances(5.0, 5.0, "")

    assert "shared" in shared
    assert "shared" not in quiet
    assert os.uname().nodename not in quiet
    assert "/" not in quiet.replace("CPU/", "")


def test_peers_get_the_same_assignment(tmp_path):
    """A notebook for each student, a test for each function, and tests that are Python."""
    notebooks.write_otter(tmp_path / "otter", [Kind.HONEST, Kind.FORGED])
    notebooks.write_nbgrader(tmp_path / "nbgrader")

    tests = sorted((tmp_path / "otter" / "tests").glob("*.py"))
    assert [path.stem for path in tests] == sorted(assignment.FUNCTIONS)
    assert all(compile(path.read_text(encoding="utf-8"), path.name, "exec") for path in tests)
    assert len(list((tmp_path / "otter" / "submissions").glob("*.ipynb"))) == 2
    assert (tmp_path / "nbgrader" / "source" / notebooks.NAME / notebooks.NOTEBOOK).exists()


def test_the_comparison_tells_ratios_and_points():
    """Ten times the wall time of ours is a ratio of ten; the forged submission's points are in the table."""
    kinds = peers.members(3)
    points = {"student-00000": 4.0, "student-00001": 3.0, "student-00002": 4.0}
    runs = [Graded(tool, kinds, cost(30.0 if tool == "this grader" else 300.0, 60.0), points) for tool in peers.ORDER]

    text = peers.report(runs, Graded("this grader", peers.members(6), cost(60.0, 120.0), points), 3)

    assert text.count("**10.0 ×**") == 2
    assert "10 ×: met" in text
    assert "20 ×: missed" in text
    assert "**4**" in text
