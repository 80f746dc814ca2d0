"""Files that are an attack before any code runs: what the judge reads itself, in its own process."""

import io
import json
import os
import struct
import time
import zipfile

import numpy as np
import pytest

from grader.checks.lesson_108_initialization import artifact
from grader.handed_file import SubmissionError
from grader.judge.check import Unanswered
from grader.lms.discovering import discover
from grader.lms.flags import LINK_REFUSED, SPECIAL_FILE
from grader.lms.unpacking import unpack
from grader.submission.entries import entries_of
from grader.submission.reading import parse_work, read_submissions
from grader.submission.work import Work
from tests.attacks.arena import ENGLISH, LESSON

NAME = "108_initialization.ipynb"
GOOD = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4, "metadata": {}}).encode()
SECONDS = 20  # what reading may take on a loaded machine; the attacks ask for hours


def notebook(*sources):
    """The bytes of a notebook with these code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources]}).encode()


def zipped(*members):
    """The bytes of a zip with members given by name and content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def parsed(content, name=NAME):
    """The submission in the bytes, and how long reading it took."""
    began = time.process_time()
    submission = parse_work(Work(LESSON.key, name, content))
    submission.program.needs("compute_fans")
    return submission, time.process_time() - began


def npz(header, data=b"", name="meta.npy"):
    """A homework's file with one member, whose NumPy header says what is given."""
    text = header if isinstance(header, bytes) else repr(header).encode()
    return zipped((name, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data))


def refusal(content):
    """Why a homework's file is not read."""
    with pytest.raises(Unanswered) as refused:
        artifact.read(content)
    return refused.value.text.render(ENGLISH)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 1_000_000,
        b'{"cells":' * 100_000,
        b'{"cells": [' + b'{"cell_type": "code", "source": ' + b"[" * 100_000,
        b'{"cells": 3}',
        b'{"cells": [{"cell_type": "code", "source": "\xff\xfe"}]}',
        b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
        b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}',
    ],
    ids=["empty", "binary", "deep list", "deep object", "deep source", "number", "not UTF-8", "object", "surrogate"],
)
def test_a_notebook_that_is_none_is_refused_in_words(content):
    """Deep nesting, other encodings and other shapes are a sentence, not a crash of the judge."""
    with pytest.raises(SubmissionError) as refused:
        parsed(content)

    assert NAME in refused.value.text.render(ENGLISH)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "x = " + "+".join(["1"] * 50_000),
        "x = " + "a." * 50_000 + "b",
        "if 1:\n" + "".join(f"{' ' * depth}if 1:\n" for depth in range(1, 200)),
        "x = 0x" + "f" * 200_000,
        "x = 1" + "0" * 200_000,
        "x = '\0'",
        "é = '\\N{nonsense}'",
        "lambda: " * 20_000 + "0",
        "f'" + "{f'" * 200,
        "def compute_fans(" + ", ".join(f"a{n}" for n in range(30_000)) + "): pass",
    ],
    ids=lambda source: ascii(source[:12]),
)
def test_code_that_breaks_parsers_is_a_notice(source):
    """What Python cannot parse, or only by recursion, costs its own cell; the next one is read."""
    submission, seconds = parsed(notebook(source, "def compute_fans(s):\n    return 1"))

    assert submission.program.defines("compute_fans")
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "line", [" " * 20_000 + "?", "a " * 10_000 + "(", "a," * 10_000 + "(", "a." * 10_000 + "(", " \t" * 10_000 + "("]
)
def test_a_line_cannot_make_the_search_for_magics_slow(line):
    """The expression that finds IPython's magics reads a line once, however it is made."""
    _, seconds = parsed(notebook(f"{line}\n(((", "x = 1"))

    assert seconds < SECONDS


def test_a_homework_of_pickles_is_not_unpickled(tmp_path):
    """An object array is refused by its dtype; nothing in it is run."""

    class Runs:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    stream = io.BytesIO()
    np.savez(stream, meta=np.array([Runs()], dtype=object))

    assert "should hold plain" in refusal(stream.getvalue())
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (npz({"descr": "|u1", "fortran_order": False, "shape": (2**62,)}), "size it announces"),
        (npz({"descr": "|u1", "fortran_order": False, "shape": (-1,)}), "cannot be read"),
        (npz({"descr": "|u1", "fortran_order": False, "shape": (2**40, 0)}), "cannot be read"),
        (npz({"descr": "|O", "fortran_order": False, "shape": (1,)}, b"cos\nsystem\n(S'true'\ntR."), "plain"),
        (npz({"descr": [("a", "|O")], "fortran_order": False, "shape": ()}), "plain"),
        (npz(b"__import__('os').abort()\n"), "cannot be read"),
        (npz(b"{" * 60_000), "cannot be read"),
        (npz(b"(" * 4000 + b"\n"), "cannot be read"),
        (zipped(("meta.npy", bytes(64 * 2**20))), "unpacks to"),
        (zipped(*((f"{n}.npy", b"") for n in range(5000))), "members"),
        (b"PK\x03\x04" + bytes(100), "cannot be read"),
        (zipped(("../../meta.npy", b"x"), ("/etc/passwd.npy", b"x")), "cannot be read"),
    ],
    ids=[
        *("huge shape", "negative shape", "empty but huge", "object", "structured object", "call", "braces", "deep"),
        *("bomb", "many members", "damaged", "paths"),
    ],
)
def test_a_homework_made_to_harm_is_refused_in_words(content, says):
    """Headers that announce what is not there, bombs and odd names end in a sentence and take no memory."""
    assert says in refusal(content)


def test_a_zip_writes_nothing_outside(tmp_path):
    """Members that climb out, are absolute, links or devices are left out; the rest is unpacked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in (
            "../outside",
            "/attack",
            "a/../../outside",
            "C:\\outside",
            "..\\outside",
            "a\0b/../../x",
        ):
            archive.writestr(name, b"x")
        for mode, name in ((0o120777, "link"), (0o020666, "device"), (0o010666, "fifo")):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("Ana_1_assignsubmission_file_/" + NAME, GOOD)
    path, into = tmp_path / "class.zip", tmp_path / "into"
    path.write_bytes(stream.getvalue())
    into.mkdir()

    left_out = unpack(path, into)

    files = [file for file in tmp_path.rglob("*") if not file.is_dir()]
    assert len(left_out) >= 8
    assert all(file == path or file.resolve().is_relative_to(into) for file in files)
    assert not any(file.is_symlink() for file in files)


def test_a_students_zip_is_read_within_limits(tmp_path):
    """A notebook that unpacks to gigabytes is refused by its announced size, and one that lies is cut there."""
    bomb, liar = tmp_path / "bomb.zip", tmp_path / "liar.zip"
    bomb.write_bytes(zipped((NAME, bytes(64 * 2**20))))
    content = bytearray(zipped((NAME, bytes(64 * 2**20))))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    liar.write_bytes(content)

    for path in (bomb, liar):
        with pytest.raises(SubmissionError):
            read_submissions(path, LESSON)


def test_a_zip_in_a_zip_is_not_opened(tmp_path):
    """A quine of zips has no bottom."""
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped(("inner.zip", zipped((NAME, GOOD)))))

    with pytest.raises(SubmissionError) as refused:
        read_submissions(path, LESSON)

    assert "another zip" in refused.value.text.render(ENGLISH)


def test_links_and_special_files_of_a_student_are_refused(tmp_path):
    """A link to another student's notebook, a FIFO that blocks a reader and a device are flagged and never opened."""
    ana, eve = tmp_path / "Ana_1_assignsubmission_file_", tmp_path / "Eve_2_assignsubmission_file_"
    for folder in (ana, eve):
        folder.mkdir()
    (ana / NAME).write_bytes(GOOD)
    (eve / NAME).symlink_to(ana / NAME)
    (eve / "folder").symlink_to(ana)
    (eve / "108_homework.npz").symlink_to("/dev/zero")
    os.mkfifo(eve / "108_initialization.py")

    handed = {each.student: each for each in discover(tmp_path)}

    assert [file.name for file in handed["Eve"].files] == []
    assert {LINK_REFUSED, SPECIAL_FILE} <= set(handed["Eve"].flags)
    assert [file.name for file in handed["Ana"].files] == [NAME]


def test_names_made_to_harm_are_only_names(tmp_path):
    """Control characters, directions, quotes and formulas in file names are shown cleaned, and nothing is run."""
    folder = tmp_path / "=cmd|' C calc'!A0\x1b[31m\u202e_7_assignsubmission_file_"
    folder.mkdir()
    (folder / NAME).write_bytes(GOOD)
    (folder / "\x1b]0;owned\x07.py").write_bytes(b"")

    (handed,) = discover(tmp_path)

    assert not any(character in handed.student + handed.submission + handed.key for character in "\x1b\u202e\x07")
    assert entries_of(handed.files)
