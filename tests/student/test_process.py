import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from grader.faults import GraderFault, Interrupted, NoWorker
from grader.grade import grade, training_of
from grader.isolation.scratch import Scratch
from grader.judge.check import Unanswered
from grader.language.messages import T, translator
from grader.lesson import ROOT
from grader.limits import Limits
from grader.results import Outcome
from grader.student import cold
from grader.student.process import Pipes, Process, WorkerGone
from grader.student.remote import RemoteStudent
from grader.student.watching import Exhausted
from grader.submission.cells import Cell, parse
from grader.submission.program import Program
from grader.submission.reading import Submission
from grader.wire import protocol
from grader.wire.protocol import Call, CellSource, Frame, Load, Raised, Returned
from grader.wire.values import FunctionName, Opaque
from tests.support.processes import light_environment

BRANCHES = """
def spin():
    while True:
        pass
"""


@dataclass(frozen=True)
class Impatient(Limits):
    """Limits whose wall time is up after a second."""

    @property
    def wall_seconds(self):
        """One second."""
        return 1.0


@pytest.fixture
def light_worker(tmp_path, monkeypatch):
    """Workers start without TensorFlow."""
    environment = light_environment(tmp_path / "modules")
    monkeypatch.setattr(cold, "environment", lambda: environment)
    return environment


@pytest.fixture
def process(light_worker):
    """A worker with no student's code in it."""
    assert light_worker
    started = cold.start()
    yield started
    started.close()


@pytest.fixture
def started():
    """The workers that students were given, in turn."""
    return []


@pytest.fixture
def enrol(light_worker, lesson, started):
    """A function that makes a student of some source."""
    assert light_worker
    students = []

    def start():
        started.append(cold.start())
        return started[-1]

    def make(source):
        program = Program((parse(Cell(1, textwrap.dedent(source))),))
        students.append(RemoteStudent(Submission("x.ipynb", lesson, program), seed=1, start=start))
        return students[-1]

    yield make
    for student in students:
        student.close()


def ask(process, source, limits):
    """What a function ``f`` of this source answers within these limits."""
    process.send(protocol.encode(Load([CellSource(textwrap.dedent(source), 1)])))
    call = Call("ticket", "f", [], {}, [(0, 0)])
    return process.ask(protocol.encode(call), "ticket", limits)


def said(raised):
    """The outcome and the message in English."""
    return raised.value.outcome, raised.value.text.render(translator("en"))


def gone(pid, seconds=10.0):
    """Whether a process ends within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_a_function_answers_with_what_it_returns(enrol):
    """Arguments go in, values come out, tuples as lists; statements it needs have run, others have not."""
    student = enrol("""
        import math
        k = 2
        print("never"); raise SystemExit
        def f(x, *, y=1):
            return {"a": (x * k, y), "b": math.pi > 3}
    """)

    assert student.call("f", [1, 2], y=None) == {"a": [[1, 2, 1, 2], None], "b": True}
    assert student.asker.versions["python"].startswith("3.")


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        ("raise ValueError('no')", "raised ValueError: no (code cell 1, line 3: raise ValueError('no'))"),
        ("import sys; sys.exit(3)", "raised SystemExit: 3"),
        ("import os; os._exit(3)", "`f` ended its process"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "`f` ended its process"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt"),
        ("return f()", "raised RecursionError"),
        ("return bytes(3)", ""),
        ("return input('?')", "raised EOFError"),
        ("return [0.5] * 3_000_000", ""),
        ("import numpy; return numpy.zeros(5_000_000)", "returned too much"),
        ("class E(Exception):\n                __str__ = lambda self: 1 / 0\n            raise E", "raised E"),
        ("raise type('a\\x1b[31mb', (Exception,), {})('\\x1b[2J')", "raised ab"),
        ("raise ValueError('x' * 10**7)", "raised ValueError: xxx"),
    ],
)
def test_a_function_that_does_not_return_is_told_so(body, fragment, enrol):
    """In the words of what happened, and the function of another exercise answers all the same."""
    student = enrol(f"""
        def f():
            {body}
        def g():
            return 7
    """)

    if fragment:
        with pytest.raises(Unanswered) as raised:
            student.call("f")
        outcome, message = said(raised)
        assert (outcome, fragment in message) == (Outcome.ERROR, True), message
        assert "\x1b" not in message
        assert len(message) < 600
    else:
        assert isinstance(student.call("f"), Opaque)
    assert student.call("g") == 7


@pytest.mark.parametrize(
    ("definition", "is_one"),
    [
        ("ValueError = builtins.ValueError", True),
        ("class Unknown(ValueError): pass", True),
        ("class ValueError(Exception): pass", False),
        ("class ValueError(Exception):\n            __class__ = builtins.ValueError", False),
        ("class ValueError(Exception): pass\n        builtins.ValueError = ValueError", False),
        (
            "class Meta(type):\n            __mro__ = (builtins.ValueError,)\n        "
            "class ValueError(Exception, metaclass=Meta): pass",
            False,
        ),
    ],
)
def test_an_exception_is_what_it_is_derived_from_and_not_what_it_is_called(definition, is_one, enrol):
    """A check that asks for ValueError takes Python's own and its subclasses; the message tells of any other."""
    student = enrol(f"""
        import builtins
        {definition}
        def f():
            raise (Unknown if "Unknown" in globals() else ValueError)("no")
    """)

    with pytest.raises(Unanswered) as raised:
        student.call("f")

    assert ("ValueError" in raised.value.errors) is is_one
    assert ("(by a class of that name which is not Python's own)" in said(raised)[1]) is not is_one


def test_a_function_that_ended_its_process_is_not_called_again(enrol, started):
    """It would cost a new worker for every check; the second one here is the grader's own, and shows that it works."""
    student = enrol("""
        import os
        def f():
            os._exit(0)
    """)
    for _ in range(2):
        with pytest.raises(Unanswered):
            student.call("f")

    assert len(started) == 2


def test_a_failing_line_is_blamed_on_the_functions_that_need_it(enrol):
    """And on no other."""
    student = enrol("""
        k = 1 / 0
        def f():
            return k
        def g():
            return 7
    """)

    with pytest.raises(Unanswered) as raised:
        student.call("f")

    assert "needs a line that raised ZeroDivisionError" in said(raised)[1]
    assert student.call("g") == 7


def test_what_is_not_written_asks_no_worker(enrol, started):
    """A stub and a missing function are told from the text alone; a stub deeper inside is found when it runs."""
    student = enrol("""
        def stub():
            raise NotImplementedError("falta")
        def half(x):
            if x:
                return 1
            raise NotImplementedError
    """)
    reasons = []
    for name in ("stub", "missing", "half"):
        assert started == []
        with pytest.raises(Unanswered) as raised:
            student.call(name, *([0] if name == "half" else []))
        reasons.append(said(raised))

    assert [outcome for outcome, _ in reasons] == [Outcome.NOT_RUN] * 3
    assert ["still to be written" in text for _, text in reasons] == [True, False, True]


def test_printing_never_blocks_and_never_mixes_with_answers(enrol):
    """Ten megabytes on standard output and error, from Python and from below it, change nothing."""
    student = enrol("""
        import os, sys
        def f():
            for _ in range(100):
                print("x" * 50_000)
                sys.stderr.write("y" * 50_000)
            os.write(1, b"z" * 100_000)
            return 7
    """)

    assert student.call("f") == 7


def test_the_students_code_sees_nothing_of_the_judge(enrol, monkeypatch):
    """No environment variable of the judge, an empty folder of its own, no terminal."""
    monkeypatch.setenv("SECRET_TOKEN", "42")
    student = enrol("""
        import os, sys
        def f():
            return [os.environ.get("SECRET_TOKEN"), os.getcwd(), os.listdir(), sys.stdin.isatty(), sys.flags.safe_path]
    """)

    secret, folder, files, terminal, safe_path = student.call("f")
    student.close()

    assert (secret, files, terminal, safe_path) == (None, [], False, True)
    assert not Path(folder).exists()


def test_a_file_of_the_students_cannot_replace_a_library(enrol):
    """A `json.py` in the working folder stays a file."""
    student = enrol("""
        def f():
            open("colorsys.py", "w").write("x = 1")
            import colorsys
            return hasattr(colorsys, "rgb_to_hsv")
    """)

    assert student.call("f") is True


@pytest.mark.parametrize("junk", ["b'\\xff' * 64", "b'\\0' * 8 + b'x'", "b'\\0' * 7 + b'\\x05hello'", "b''"])
def test_junk_on_every_descriptor_costs_that_function(junk, enrol):
    """A worker that writes into its own connection, or closes it, is a worker that failed."""
    student = enrol(f"""
        import os
        def f():
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, {junk}) if {junk} else os.close(descriptor)
                except OSError:
                    pass
            return 7
        def g():
            return 7
    """)

    with pytest.raises(Unanswered) as raised:
        student.call("f")

    assert said(raised)[0] is Outcome.ERROR
    assert student.call("g") == 7


def test_the_cpu_limit_ends_what_never_ends(process):
    """Half a second of CPU time, whatever the clock says."""
    with pytest.raises(Exhausted) as exhausted:
        ask(process, "def f():\n    while True: pass", Limits(0.5))

    assert "0.5 seconds of CPU time" in exhausted.value.text.render(translator("en"))


def test_the_cpu_time_of_children_counts(process):
    """A loop in another process is a loop."""
    source = f"""
        def f():
            import subprocess, sys
            subprocess.run([sys.executable, "-c", {BRANCHES + "spin()"!r}])
    """

    with pytest.raises(Exhausted):
        ask(process, source, Limits(0.5))


def test_waiting_costs_no_cpu_time(process):
    """What sleeps for longer than its CPU limit still answers."""
    reply = ask(process, "def f():\n    import time; time.sleep(1.2); return 7", Limits(0.5))

    assert isinstance(reply, Returned)


def test_the_wall_limit_ends_what_sleeps(process):
    """Only waiting for ever is ended by the clock."""
    with pytest.raises(Exhausted) as exhausted:
        ask(process, "def f():\n    import time; time.sleep(1000)", Impatient(60))

    assert "within 1 seconds" in exhausted.value.text.render(translator("en"))


def test_the_memory_limit_ends_what_grows(process):
    """Resident memory of the worker, not address space."""
    source = """
        def f():
            import time
            kept = bytearray(b"x" * 300_000_000)
            time.sleep(60)
    """

    with pytest.raises(Exhausted) as exhausted:
        ask(process, source, Limits(60, memory_bytes=250 * 2**20))

    assert "memory" in exhausted.value.text.render(translator("en"))


def test_every_call_has_its_own_limits(process):
    """What one call used is not counted for the next."""
    burn = """
        def f():
            import time
            end = time.process_time() + 0.4
            while time.process_time() < end: pass
            return 7
    """

    answers = [ask(process, burn, Limits(0.7))]
    for ticket in ("second", "third"):
        call = protocol.encode(Call(ticket, "f", [], {}, []))
        answers.append(process.ask(call, ticket, Limits(0.7)))

    assert [answer.value for answer in answers] == [7, 7, 7]


@pytest.mark.skipif(sys.platform == "win32", reason="uses start_new_session")
@pytest.mark.parametrize("session", [False, True])
def test_closing_ends_what_the_worker_started(session, process):
    """Children go with it, in its session or in one of their own."""
    source = f"""
        def f():
            import subprocess
            return subprocess.Popen(["sleep", "1000"], start_new_session={session}).pid
    """
    child = ask(process, source, Limits(20)).value
    worker = process.pid

    process.close()

    assert gone(worker)
    assert gone(child)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="uses fork")
def test_closing_ends_what_tried_to_get_away(process):
    """A grandchild whose parent has ended belongs to nobody, and goes all the same."""
    source = """
        def f():
            import os, time
            reader, writer = os.pipe()
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.write(writer, str(os.getpid()).encode())
                    time.sleep(12)
                os._exit(0)
            os.wait()
            return int(os.read(reader, 20))
    """
    orphan = ask(process, source, Limits(20)).value
    began = time.monotonic()

    process.close()

    assert time.monotonic() - began < 8, "the judge waited for the orphan"
    assert gone(orphan, seconds=3)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
@pytest.mark.parametrize(
    "loop", ["while True: pass", "import time; time.sleep(1000)", "sum(range(10**14))"], ids=["loop", "sleep", "C code"]
)
def test_a_killed_judge_leaves_no_worker(loop, light_worker):
    """Not even one that spins in code which never gives another thread its turn."""
    script = f"""
        import sys
        from grader.student import cold
        from grader.wire import protocol
        from grader.wire.protocol import Call, CellSource, Load
        cold.environment = lambda: {light_worker!r}
        process = cold.start()
        process.send(protocol.encode(Load([CellSource({f"def f():{chr(10)}    {loop}"!r}, 1)])))
        process.send(protocol.encode(Call("t", "f", [], {{}}, [(0, 0)])))
        print(process.pid, flush=True)
        sys.stdin.read()
    """
    judge = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with judge:
        worker = int(judge.stdout.readline())
        time.sleep(0.5)
        judge.send_signal(signal.SIGKILL)

    try:
        assert gone(worker, seconds=8)
    finally:
        if psutil.pid_exists(worker):
            os.kill(worker, signal.SIGKILL)


def test_a_worker_that_does_not_start_is_a_grader_fault(light_worker, tmp_path):
    """A broken installation is not the student's doing; the last line of its output is the reason."""
    assert light_worker
    (tmp_path / "modules" / "keras.py").write_text("raise ImportError('no keras here')")

    with pytest.raises(GraderFault) as fault:
        cold.start()

    assert "no keras here" in fault.value.text.render(translator("en"))


@pytest.fixture
def unnoticed():
    """A worker whose end of the pipe for replies is held open by somebody else, so that reading it tells no end."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (asked, requests), (replies, told), (output, printed) = (os.pipe() for _ in range(3))
    process = Process(child, Pipes(*map(os.fdopen, (requests, replies, output), ("wb", "rb", "rb"))), Scratch())
    yield process
    for descriptor in (asked, told, printed):
        os.close(descriptor)
    process.close()


@pytest.mark.parametrize(("excuse", "expected"), [(None, WorkerGone), (Interrupted("gone"), Interrupted)])
def test_an_end_that_the_reader_has_not_seen_is_blamed_like_any_other(excuse, expected, unnoticed):
    """A worker that went down with what it was forked from costs nobody a function, whoever notices first."""
    process = unnoticed
    process.excuse = lambda _: excuse
    os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(expected):
        process.ask(b"", "ticket", Limits(5))


class Scripted:
    """A process that gives one reply to every question."""

    def __init__(self, reply):
        self.versions, self.layers, self._reply = {}, [], reply

    def send(self, _payload):
        """Nobody reads it."""

    def ask(self, payload, ticket, _limits):
        """The reply, or the exception; what was asked can be looked at."""
        self.asked = protocol.decode(payload)
        if isinstance(self._reply, Exception):
            raise self._reply
        return protocol.with_ticket(self._reply, ticket) if isinstance(self._reply, Raised) else self._reply

    def close(self):
        """Nothing is open."""


@pytest.mark.parametrize("cell", [-(2**63), -7, -1, 0, 1, 2**62])
def test_a_forged_trace_is_said_without_its_place(cell, lesson):
    """Cells and lines that do not exist are no reason for the judge to fail."""
    program = Program((parse(Cell(1, "def f():\n    return 1")),))
    forged = Raised("t", "E\x1b[31m", "{text}", [Frame(cell, -5, "{code}\x1b[2J")])
    student = RemoteStudent(Submission("x", lesson, program), 1, start=lambda: Scripted(forged))

    with pytest.raises(Unanswered) as raised:
        student.call("f")

    outcome, message = said(raised)
    assert outcome is Outcome.ERROR
    assert "\x1b" not in message


@pytest.fixture
def trained(lesson):
    """A function that asks for an artifact which was not handed in, from a worker with this reply, and what it kept."""

    def ask_for(value, seed=1):
        program = Program((parse(Cell(1, f"def {lesson.artifact.function}(data, seed):\n    return 1")),))
        process, kept = Scripted(Returned("t", value)), []
        student = RemoteStudent(
            Submission("x", lesson, program), seed, lambda: process, training_of(lesson, keep=kept.append)
        )
        with pytest.raises(Unanswered) as raised:
            student.artifact()
        return process, kept, said(raised)

    return ask_for


@pytest.mark.parametrize("value", [None, 3, "x", [1], {"a": 1}, {"glorot_uniform": 1, "he_uniform": 1, "he_normal": 1}])
def test_a_value_that_makes_no_artifact_is_an_error(value, trained):
    """What a worker sends for a trained homework is looked at before it is kept, and the function is named."""
    _, kept, (outcome, message) = trained(value)

    assert outcome is Outcome.ERROR
    assert "`run_homework" in message
    assert kept == []


@pytest.mark.parametrize("seed", [5, 2**31 - 1, 2**63 - 1])
def test_the_artifact_is_trained_with_another_seed(seed, trained):
    """The seed that student's code is given for its training tells nothing of the one that draws the inputs."""
    process, _, _ = trained(None, seed)

    given = process.asked.args[1]
    assert 0 <= given < 2**31
    assert given != seed % 2**31


@pytest.mark.parametrize("failure", [WorkerGone, Exhausted])
def test_a_lost_worker_is_reported_once_for_each_function(failure, lesson):
    """Where another worker answers without the student's code; every reason has its sentence in both languages."""
    program = Program((parse(Cell(1, "def f():\n    return 1")),))
    replies = iter([failure(T("it closed its connection")), Returned("t", [])])
    student = RemoteStudent(Submission("x", lesson, program), 1, start=lambda: Scripted(next(replies)))

    with pytest.raises(Unanswered) as raised:
        student.call("f")

    assert all(raised.value.text.render(translator(language)) for language in ("es", "en"))


def test_workers_that_die_without_a_students_code_are_the_graders_fault(lesson):
    """What is asked does not matter then, and no function is to blame."""
    program, started = Program((parse(Cell(1, "def f(x):\n    return 1")),)), []

    def start():
        started.append(Scripted(WorkerGone(T("exit code {code}", code=1))))
        return started[-1]

    student = RemoteStudent(Submission("x", lesson, program), 1, start)
    with pytest.raises(NoWorker) as raised:
        student.call("f", 3)

    assert "exit code 1" in raised.value.text.render(translator("en"))
    assert student.no_worker is raised.value
    assert started[-1].asked.function == "echo"
    assert len(started) == 3


def test_a_class_in_which_every_worker_dies_is_not_graded(lesson):
    """The run ends with the fault instead of a row of zeros."""
    program = Program((parse(Cell(1, "def compute_fans(shape):\n    return 1, 2")),))

    with pytest.raises(NoWorker):
        grade(Submission("x", lesson, program), 1, str, lambda: Scripted(WorkerGone(T("it ended"))), trains=False)


def test_a_tool_runs_what_the_students_function_needs(enrol):
    """A tool that works on a function needs no call before it, and the function answers for what it raises."""
    student = enrol("LIMIT = 0\n\ndef f(model):\n    return model / LIMIT")

    with pytest.raises(Unanswered) as raised:
        student.tool("snapshot_then_change", FunctionName("f"), 1)

    outcome, message = said(raised)
    assert outcome is Outcome.ERROR
    assert message.startswith("`f` raised ZeroDivisionError")


@pytest.mark.parametrize("source", ["x = 1", "def f(model):\n    raise NotImplementedError"])
def test_a_tool_asks_for_nothing_that_is_not_written(source, enrol):
    """A function that is missing or still a stub is not run."""
    student = enrol(source)

    with pytest.raises(Unanswered) as raised:
        student.tool("snapshot_then_change", FunctionName("f"), 1)

    assert said(raised)[0] is Outcome.NOT_RUN
