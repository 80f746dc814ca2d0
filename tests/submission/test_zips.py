"""Opening a zip: a list of a million members is refused before an object is made of any."""

import struct
import time
import tracemalloc
import zipfile

import pytest

from grader.checks.lesson_108_initialization import artifact
from grader.handed_file import SubmissionError, TooManyMembers, opened_zip
from grader.judge.check import Unanswered
from grader.language.messages import translator
from grader.lms.listing import LmsError
from grader.lms.names import is_download
from grader.lms.unpacking import is_broken_zip, unpack
from grader.submission.entries import MAX_ENTRIES, entries_at

ENTRY = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
MILLION = 10**6


def listing(count, stated, zip64=False):
    """A zip that is a list of ``count`` members, states ``stated`` of them, and holds none."""
    entries = ENTRY * count
    if not zip64:
        return entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, stated, stated, len(entries), 0, 0)
    far = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, stated, stated, len(entries), 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(entries), 1)
    return (
        entries + far + locator + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    )


@pytest.fixture(
    params=[(1, False), (0xFFFF, False), (MILLION, True), (1, True)], ids=["lies", "full", "zip64", "lies64"]
)
def crowded(request, tmp_path):
    """A zip with a million members, whatever it states."""
    path = tmp_path / "work.zip"
    path.write_bytes(listing(MILLION, *request.param))
    return path


def refused(read, path, error):
    """What is said, once it is certain that it took neither memory nor time."""
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(error) as raised:
        read(path)
    seconds, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 2
    assert peak < 150 * 2**20
    return raised.value.text.render(translator("en")) if hasattr(raised.value, "text") else ""


def test_a_students_zip_of_a_million_members_is_refused(crowded):
    """With a sentence that says the limit and what to do."""
    said = refused(entries_at, crowded, SubmissionError)

    assert f"holds more than {MAX_ENTRIES} files" in said
    assert "Pack only your notebook" in said


def test_a_classs_zip_of_a_million_members_is_refused(crowded, tmp_path):
    """It is no damaged file and no student's, and nothing of it is unpacked."""
    said = refused(lambda path: unpack(path, tmp_path / "out"), crowded, LmsError)

    assert "larger than a class's work can be" in said
    assert is_download(crowded)
    assert not is_broken_zip(crowded)


def test_a_homework_of_a_million_members_is_refused():
    """The bytes of a file are held to a limit of their own."""
    assert "it has more than" in refused(artifact.read, listing(MILLION, 1), Unanswered)


@pytest.mark.parametrize("stated", [1, 3, 4])
def test_the_limit_is_exact(stated):
    """Three of three are listed, and four are not, whatever the zip states."""
    with opened_zip(listing(3, stated), 3) as archive:
        assert len(archive.infolist()) == 3
    with pytest.raises(TooManyMembers), opened_zip(listing(4, stated), 3):
        pass


def test_what_a_member_holds_is_no_list(tmp_path):
    """A zip inside a zip, packed as it is, is read as any file."""
    inner = listing(500, 500)
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", inner)

    with opened_zip(path, 3) as archive:
        assert archive.read("inner.zip") == inner
