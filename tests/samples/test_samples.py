"""Sample submissions, right, wrong and hostile, graded through the real worker: each has the result it has earned."""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile

import psutil
import pytest

from grader.faults import GraderFault
from grader.handed_file import SubmissionError
from grader.lesson import ROOT, find_lesson
from grader.results import Outcome
from grader.student import cold
from grader.student.warm import Warm
from grader.submission.reading import read_submissions
from tests.support import samples
from tests.support.lessons.homework_files_108_initialization import KEY

EVERY = samples.all_samples()
UNREADABLE = re.compile(
    r"Traceback|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|grader/\w+\.py|site-packages"
)
LONGEST = 1200


def _parameters(chosen):
    return [
        pytest.param(
            sample,
            id=f"{sample.lesson.number}-{sample.name}",
            marks=[pytest.mark.slow] if sample.expected.slow else [],
        )
        for sample in chosen
    ]


@pytest.fixture(scope="module")
def warm():
    """A warm process whose workers are isolated as in a batch; None where this machine cannot do that."""
    with Warm() as process:
        try:
            process.start().close()
        except (GraderFault, OSError):
            yield None
        else:
            yield process


@pytest.fixture(scope="module")
def cache(request):
    """A folder for what is trained once and not again."""
    return request.config.cache.mkdir("homework-samples")


@pytest.fixture
def folder(tmp_path):
    """Where a submission is laid out; processes that it leaves behind are ended."""
    laid_out = tmp_path / "entrega"
    yield laid_out
    for pid in _pids(laid_out):
        os.kill(pid, signal.SIGKILL)


def _pids(folder):
    """The processes that a submission noted to have started and that still live."""
    noted = folder / "pids"
    pids = [int(line) for line in noted.read_text().split()] if noted.exists() else []
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def _starter(sample, warm):
    if warm is None and sample.expected.isolated:
        pytest.skip("this machine cannot isolate a worker (see python -m grader.isolation)")
    return cold.start if warm is None or sample.expected.worker == "cold" else warm.start


@pytest.mark.parametrize("sample", _parameters(EVERY))
def test_gets_what_it_has_earned(sample, folder, warm, cache):
    """Every check of a sample ends as its expected.toml says, with a message that a student can read."""
    graded = samples.grade(sample, folder, _starter(sample, warm), samples.artifact_of(sample, cache))

    expected = sample.expected
    verdicts = graded.verdicts
    assert set(expected.not_passed) <= set(verdicts), "expected.toml names checks that are not run"
    for name, unmet in expected.not_passed.items():
        assert (name, verdicts[name].outcome, verdicts[name].points) == (name, unmet.outcome, 0), verdicts[name]
        assert unmet.says in verdicts[name].spanish, name
    for name in set(verdicts) - set(expected.not_passed):
        outcome = verdicts[name].outcome
        assert outcome is Outcome.PASSED or (expected.partly and outcome is not Outcome.GRADER_FAULT), verdicts[name]
    assert any(expected.notice in notice for notice in graded.notices) or not expected.notice
    for message in graded.messages:
        assert not UNREADABLE.search(message)
        assert len(message) < LONGEST
    assert not list(folder.glob("*.loaded"))
    assert not _pids(folder)


@pytest.mark.parametrize("sample", _parameters([sample for sample in EVERY if sample.expected.plugin]))
def test_pytest_grader_says_the_same(sample, folder):
    """`python -m pytest grader` comes to the same results, and loads nothing that lies beside the submission."""
    run, results = samples.grade_by_plugin(sample, folder)

    outcomes = {check["id"]: check["outcome"] for check in json.loads(results.read_bytes())["checks"]}
    for name in samples.checks_of(sample):
        unmet = sample.expected.not_passed.get(name)
        assert (name, outcomes[name]) == (name, unmet.outcome if unmet else "passed"), run.stdout
    assert run.returncode == (1 if sample.expected.not_passed else 0)
    assert "Traceback" not in run.stdout + run.stderr
    assert not list(folder.glob("*.loaded"))


def test_options_may_come_in_any_order(folder):
    """A submission's pytest.ini is not taken for the grader's own when --submission=… comes before the checks."""
    sample = next(sample for sample in EVERY if sample.name == "files_beside")
    sample.compose(folder)
    command = [sys.executable, "-m", "pytest", f"--submission={folder}", "grader", "-p", "no:cacheprovider"]

    run = subprocess.run([*command, "-k", "check_dense_fans"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert not list(folder.glob("*.loaded"))
    assert "Total" in run.stdout


def test_an_orphan_does_not_stop_the_run(folder):
    """A process that outlives the worker and holds its connection open costs one function, not the run."""
    sample = next(sample for sample in EVERY if sample.name == "leaves_orphans")

    _, results = samples.grade_by_plugin(sample, folder, timeout=90)

    outcomes = {check["id"]: check["outcome"] for check in json.loads(results.read_bytes())["checks"]}
    assert outcomes["108.1.dense_fans"] == "error"
    assert outcomes["108.1.variances"] == "passed"


@pytest.mark.parametrize("encoding", ["undefined", "idna", "utf-7", "unicode_escape", "rot13", "no-such-encoding"])
def test_an_odd_encoding_is_refused_in_words(encoding, tmp_path):
    """A Python file that declares an encoding nobody can read is refused, or read, and stops nothing."""
    path = tmp_path / f"{KEY}.py"
    path.write_bytes(f"# coding: {encoding}\nx = '\\udfff \xff'\n".encode("latin-1"))

    try:
        found = read_submissions(tmp_path, find_lesson(KEY))
    except SubmissionError as error:
        found = [error.text.render(str)]

    assert len(found) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused_in_words(method, tmp_path):
    """A zip whose member cannot be unpacked is refused with a message, whatever packed it."""
    path = tmp_path / "entrega.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(f"{KEY}.py", "".join(f"x{number} = {number**5}\n" for number in range(900)))
    content = bytearray(path.read_bytes())
    content[90:140] = b"\xff" * 50
    path.write_bytes(content)

    with pytest.raises(SubmissionError) as refused:
        read_submissions(path, find_lesson(KEY))

    assert refused.value.text.render(str)


def test_every_behaviour_states_what_it_is():
    """Each folder holds a submission and a sentence, and no file of more than a few kilobytes."""
    folders = {path for path in samples.FOLDERS.glob("*/*") if path.is_dir() and path.name != "__pycache__"}

    assert folders == {sample.folder for sample in EVERY}
    for sample in EVERY:
        files = [path for path in sample.folder.iterdir() if path.is_file()]
        assert sample.expected.what.endswith(".")
        assert {path.name for path in files} & {"changes.py", f"{sample.lesson.key}.py", f"{sample.lesson.key}.ipynb"}
        assert max(path.stat().st_size for path in files) < 20_000
