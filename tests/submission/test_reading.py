import io
import json
import os
import stat
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.handed_file import SubmissionError
from grader.language.messages import translator
from grader.lesson import ROOT, Lesson, all_lessons, find_lesson
from grader.limits import ARTIFACT_BYTES, SOURCE_BYTES
from grader.submission import entries, frugal, reading
from grader.submission.cells import parse
from grader.submission.reading import MAX_CELLS, MAX_CODE_CHARACTERS, read_submissions
from tests.support.files import notebook
from tests.support.processes import grade_all

NAME = "108_initialization.ipynb"
LESSON = Lesson("108_initialization")
SOURCE = "def compute_fans(kernel_shape):\n    return 1, 2"
OURS = ".".join(map(str, sys.version_info[:3]))


def said(path, language="en"):
    """The sentence that refuses this path."""
    with pytest.raises(SubmissionError) as error:
        read_submissions(path)
    return error.value.text.render(translator(language))


def read_one(path, lesson=None):
    """The only submission at a path."""
    (found,) = read_submissions(path, lesson)
    return found


def sparse(path, size):
    """A file of this size that takes no room."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def zip_bytes(members, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def set_everywhere(raw, local_offset, central_offset, form, value):
    """The zip with one field changed in every member's head and in the directory."""
    raw = bytearray(raw)
    for signature, offset in ((b"PK\x03\x04", local_offset), (b"PK\x01\x02", central_offset)):
        start = -1
        while (start := raw.find(signature, start + 1)) >= 0:
            struct.pack_into(form, raw, start + offset, value)
    return bytes(raw)


def missing(folder):
    """Nothing is there."""
    return folder / "missing.ipynb"


def empty_folder(folder):
    """A folder without a file."""
    return folder


def other_file(folder):
    """A document."""
    path = folder / "report.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def binary_python(folder):
    """A program under the name of its source."""
    path = folder / "108_initialization.py"
    path.write_bytes(b"\x7fELF" + bytes(range(256)))
    return path


def picture_for_notebook(folder):
    """A picture under the name of a notebook."""
    path = folder / NAME
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    return path


def huge_notebook(folder):
    """Two hundred megabytes, as a notebook with videos in it."""
    return sparse(folder / NAME, 200 * 2**20)


def latin_1(folder):
    """Accents in an encoding that is not declared."""
    path = folder / "108_initialization.py"
    path.write_bytes("x = 'señal'".encode("latin-1"))
    return path


def folder_named_like_a_notebook(folder):
    """A directory called x.ipynb."""
    path = folder / NAME
    path.mkdir()
    return path


def two_candidates(folder):
    """Two copies, as a browser saves them."""
    for name in ("tarea_108.ipynb", "tarea_108 (1).ipynb"):
        (folder / name).write_bytes(notebook(SOURCE))
    return folder


def several_unnamed(folder):
    """Notebooks of which none says that it is this lesson's."""
    for name in ("1080.ipynb", "2108.ipynb"):
        (folder / name).write_bytes(notebook(SOURCE))
    return folder


def not_a_zip(folder):
    """A truncated download."""
    path = folder / "work.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(30))
    return path


def empty_file_as_zip(folder):
    """Nothing under the name of a zip."""
    path = folder / "work.zip"
    path.touch()
    return path


def impossible_directory(folder):
    """A zip whose directory names a member in an encoding that it does not keep."""
    path = folder / "work.zip"
    raw = bytearray(zip_bytes({"108ñ.ipynb": notebook(SOURCE)}))
    raw[raw.rindex("ñ".encode())] = 0xFF
    path.write_bytes(raw)
    return path


def unknown_version(folder):
    """A zip that says that it needs a program which does not exist yet."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: notebook(SOURCE)}), 4, 6, "<H", 99))
    return path


def zip_in_a_zip(folder):
    """Packed twice."""
    path = folder / "work.zip"
    path.write_bytes(zip_bytes({"work.zip": zip_bytes({NAME: notebook(SOURCE)})}))
    return path


def climbing_names(folder):
    """Members that lead out of the folder."""
    path = folder / "work.zip"
    path.write_bytes(zip_bytes({f"../../{NAME}": notebook(SOURCE), f"a/../../{NAME}": notebook(SOURCE)}))
    return path


def symlink_member(folder):
    """A member that is a link to a file of the grader's machine."""
    path, member = folder / "work.zip", zipfile.ZipInfo("108_initialization.py")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    return path


def encrypted(folder):
    """A zip with a password, as its flags say."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: notebook(SOURCE)}), 6, 8, "<H", 1))
    return path


def lying_small(folder):
    """A member that unpacks to more than it says."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: b" " * 50_000_000}), 22, 24, "<I", 100))
    return path


def lying_large(folder):
    """A member that says it is larger than anything that is read."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: notebook(SOURCE)}), 22, 24, "<I", 2**31))
    return path


def unknown_compression(folder):
    """A method that nobody knows."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: notebook(SOURCE)}), 8, 10, "<H", 77))
    return path


def wrong_checksum(folder):
    """A member that was damaged on the way."""
    path = folder / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: notebook(SOURCE)}), 14, 16, "<I", 1))
    return path


def too_many_members(folder):
    """A whole environment packed with the notebook."""
    path = folder / "work.zip"
    path.write_bytes(zip_bytes({f"venv/{i}.py": b"" for i in range(entries.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED))
    return path


def pipe(folder):
    """A named pipe under the name of a notebook."""
    path = folder / NAME
    os.mkfifo(path)
    return path


def long_name(folder):
    """A name that no file system takes."""
    return folder / ("x" * 5000 + ".ipynb")


def only_hidden_members(folder):
    """What a Mac adds to a zip, without what it was added to."""
    path = folder / "work.zip"
    path.write_bytes(zip_bytes({f"__MACOSX/._{NAME}": b"x", f".ipynb_checkpoints/{NAME}": notebook(SOURCE)}))
    return path


BAD = {
    missing: "does not exist",
    empty_folder: "holds no notebook: expected 107_losses_and_depth.ipynb",
    other_file: "is neither a folder nor",
    binary_python: "108_initialization.py cannot be read",
    picture_for_notebook: "is not a Jupyter notebook",
    huge_notebook: "has 200 MB; at most 20 MB are read. Clear the outputs",
    latin_1: "not text in UTF-8",
    folder_named_like_a_notebook: "holds no notebook",
    two_candidates: "There are 2 files for lesson 108",
    several_unnamed: "has no file for the lesson",
    not_a_zip: "is not a zip file",
    empty_file_as_zip: "is not a zip file",
    impossible_directory: "not a zip file, or it is damaged",
    unknown_version: "not a zip file, or it is damaged",
    zip_in_a_zip: "holds another zip",
    climbing_names: "holds no notebook",
    symlink_member: "holds no notebook",
    encrypted: "encrypted",
    lying_small: "cannot be read",
    lying_large: "has 2048 MB",
    unknown_compression: "cannot be read",
    wrong_checksum: "cannot be read",
    too_many_members: "holds more than 10000 files",
    pipe: "is neither a folder nor",
    long_name: "cannot be read",
    only_hidden_members: "holds no notebook",
}

LOST = {
    *(empty_folder, folder_named_like_a_notebook, several_unnamed, zip_in_a_zip),
    *(climbing_names, symlink_member, only_hidden_members),
}


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_what_cannot_be_graded_gets_one_sentence(make, tmp_path):
    """The sentence names the path or file, says what was found, and is one line, in either language."""
    folder = tmp_path / "given"
    folder.mkdir()
    path = make(folder)

    sentences = [said(path, language) for language in ("en", "es")]

    assert BAD[make] in sentences[0]
    for sentence in sentences:
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert "Traceback" not in sentence
        assert "{" not in sentence


def test_the_command_says_the_sentence_and_exits_with_4(tmp_path):
    """No traceback, no points, in Spanish and in English."""
    folders = []
    for make in BAD:
        folders.append(tmp_path / make.__name__)
        folders[-1].mkdir()
    paths = [make(folder) for make, folder in zip(BAD, folders, strict=True)]
    calls = [["--submission", path, "--lang", ("es", "en")[index % 2]] for index, path in enumerate(paths)]

    runs = grade_all(tmp_path / "modules", *calls)

    assert {run["code"] for run in runs} == {4}
    assert {make for make, run in zip(BAD, runs, strict=True) if "--lesson" in run["output"]} == LOST
    for run, path, call in zip(runs, paths, calls, strict=True):
        assert said(path, call[-1]) in run["output"]
    for run in runs:
        assert run["output"].count("ERROR: ") == 1
        assert not [
            word for word in ("Traceback", "INTERNALERROR", "Error:", "points", "puntos") if word in run["output"]
        ]


def test_the_real_command_line_does_the_same(tmp_path):
    """`python -m pytest grader`, as a student types it."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "grader", "--submission", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 4
    assert said(tmp_path, "es") in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="uses symbolic links")
def test_a_link_to_itself_is_one_sentence(tmp_path):
    """A loop of links ends in exit code 4, not in an internal error."""
    loop = tmp_path / NAME
    loop.symlink_to(loop)

    (run,) = grade_all(tmp_path / "modules", ["--submission", loop, "--lang", "en"])

    assert run["code"] == 4
    assert "INTERNALERROR" not in run["output"]
    assert "Traceback" not in run["output"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="uses named pipes")
def test_a_pipe_named_zip_does_not_keep_the_judge_waiting(tmp_path):
    """Nobody will ever write into it."""
    path = tmp_path / "work.zip"
    os.mkfifo(path)
    script = (
        "import sys, pathlib; from grader.submission.reading import read_submissions as r; r(pathlib.Path(sys.argv[1]))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=10, check=False
    )

    assert "SubmissionError" in ran.stderr


@pytest.mark.parametrize("refused", ["file", "folder", "artifact"])
def test_missing_permissions_are_one_sentence(refused, tmp_path, monkeypatch):
    """With the system's reason; a homework that cannot be read does not keep the notebook from being graded."""
    path = tmp_path / NAME
    path.write_bytes(notebook(SOURCE))
    (tmp_path / "108_homework.npz").write_bytes(b"x")
    readable = {"file": ".npz", "folder": "", "artifact": ".ipynb"}[refused]
    real = entries.Path.read_bytes

    def read_bytes(self):
        if (readable and self.suffix == readable) or not self.is_relative_to(tmp_path):
            return real(self)
        raise PermissionError(13, "Permission denied", str(self))

    def iterdir(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(entries.Path, *(("iterdir", iterdir) if refused == "folder" else ("read_bytes", read_bytes)))

    if refused == "artifact":
        assert read_one(tmp_path).program.defines("compute_fans")
    else:
        assert "cannot be read: you have no permission for it" in said(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_one_sentence(tmp_path):
    """As a shared folder gives it."""
    path = tmp_path / NAME
    path.write_bytes(notebook(SOURCE))
    path.chmod(0)

    assert "you have no permission for it" in said(path)


@pytest.mark.parametrize(
    "name", [NAME, "108_initialization.py", "entrega_108.ipynb", "108.ipynb", "Tarea 108 (2).ipynb", "x108y.ipynb"]
)
def test_a_lesson_is_found_by_its_key_or_its_number(name, tmp_path):
    """In whatever name the student gave it, in a folder with other files."""
    content = SOURCE.encode() if name.endswith(".py") else notebook(SOURCE)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "1080_other.ipynb").write_bytes(notebook("x = 1"))
    (tmp_path / "notes.txt").write_text("x")

    found = read_one(tmp_path)

    assert (found.name, found.lesson.key) == (name, "108_initialization")
    assert found.program.defines("compute_fans")
    assert found.artifact_path == tmp_path / "108_homework.npz"


@pytest.mark.parametrize("name", ["1080", "2108", "10 8", "initialization", "108_", "lesson"])
def test_a_number_counts_only_when_it_stands_alone(name):
    """1080 is not 108."""
    lesson = Lesson("108_initialization")

    assert lesson.is_named_by(name) == (name == "108_")


def test_lessons_are_found_by_key_and_by_number():
    """And by nothing else."""
    assert find_lesson("108") == find_lesson("108_initialization") == Lesson("108_initialization")
    assert [find_lesson(text) for text in ("10", "1080", "", "108_", "initialization")] == [None] * 5
    assert all(lesson.checks.is_dir() for lesson in all_lessons())


def test_the_exact_name_wins_over_the_number_and_notebooks_over_files(tmp_path):
    """A backup beside the notebook is no second candidate."""
    for name in (NAME, "108_initialization_backup.ipynb", "108_old.py"):
        (tmp_path / name).write_bytes(notebook(SOURCE))
    (tmp_path / "108_initialization.py").write_text(SOURCE)

    assert read_one(tmp_path).name == NAME


def test_a_single_file_of_any_name_is_taken_for_the_lesson_asked_for(tmp_path):
    """`--lesson 108` says which one it is; without that nobody can know."""
    path = tmp_path / "solution.ipynb"
    path.write_bytes(notebook(SOURCE))

    (found,) = read_submissions(path, LESSON)

    assert found.program.defines("compute_fans")
    with pytest.raises(SubmissionError, match="has no file for the lesson"):
        read_submissions(path)


def test_a_file_of_another_lesson_is_not_taken(tmp_path):
    """Whoever handed in lesson 107 alone has not handed in lesson 108."""
    (tmp_path / "107_losses_and_depth.ipynb").write_bytes(notebook(SOURCE))

    with pytest.raises(SubmissionError, match="has no file for the lesson"):
        read_submissions(tmp_path, LESSON)


def test_lessons_in_one_folder_are_a_submission_each(tmp_path):
    """Each has its own notebook; the homework belongs to the lesson that has one."""
    for name in ("107_losses_and_depth", "108_initialization"):
        (tmp_path / f"{name}.ipynb").write_bytes(notebook(f"x = '{name}'"))
    for number in ("107", "108"):
        (tmp_path / f"{number}_homework.npz").write_bytes(b"weights")

    found = {each.lesson.number: each for each in read_submissions(tmp_path)}

    assert list(found) == ["107", "108"]
    assert (found["107"].artifact, found["107"].artifact_path) == (None, None)
    assert (found["108"].artifact, found["108"].artifact_path) == (b"weights", tmp_path / "108_homework.npz")


@pytest.mark.parametrize("name", ["108_INITIALIZATION.IPYNB", "tarea 108.Ipynb", "108.PY"])
def test_capital_letters_in_a_name_do_not_matter(name, tmp_path):
    """Some systems write suffixes in capitals; the work is graded all the same, in a folder, alone or in a zip."""
    content = SOURCE.encode() if name.endswith("PY") else notebook(SOURCE)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "packed.zip").write_bytes(zip_bytes({name: content}))

    found = [read_one(tmp_path / name), read_one(tmp_path / "packed.zip"), read_one(tmp_path)]

    assert all(each.program.defines("compute_fans") for each in found)


@pytest.mark.parametrize("name", ["108_homework (1).npz", "108_Homework.npz", "108_homework_final.NPZ"])
def test_a_homework_renamed_on_its_way_is_found(name, tmp_path):
    """Browsers number a second download and some systems write capitals."""
    (tmp_path / NAME).write_bytes(notebook(SOURCE))
    (tmp_path / name).write_bytes(b"weights")

    found = [read_one(tmp_path), read_one(tmp_path / NAME)]

    assert [(each.artifact, each.notices) for each in found] == [(b"weights", ())] * 2


@pytest.mark.parametrize(
    ("members", "artifact", "is_told"),
    [
        (("a/108_homework.npz", "b/108_homework.npz"), b"b/108_homework.npz", False),
        (("b/108_homework (1).npz", "b/108_homework.npz"), b"b/108_homework.npz", False),
        (("a/108_homework.npz", "c/108_homework.npz"), b"a/108_homework.npz", True),
        (("b/108_homework (1).npz", "b/108_homework (2).npz"), None, True),
    ],
)
def test_one_of_several_homeworks(members, artifact, is_told, tmp_path):
    """The exact name counts first, then lying beside the notebook; what remains doubtful is said."""
    path = tmp_path / "work.zip"
    path.write_bytes(zip_bytes({f"b/{NAME}": notebook(SOURCE)} | {name: name.encode() for name in members}))

    found = read_one(path)

    assert found.artifact == artifact
    assert any("beside the notebook" in each.render(translator("en")) for each in found.notices) == is_told


def test_zips_are_read_where_they_lie(tmp_path):
    """Folders inside count, hidden ones do not, the homework is found, and nothing is unpacked."""
    members = {
        f"Ana Pérez/{NAME}": notebook(SOURCE),
        "Ana Pérez/108_homework.npz": b"weights",
        f"__MACOSX/Ana Pérez/._{NAME}": b"\x00",
        f"Ana Pérez/.ipynb_checkpoints/{NAME}": notebook("x = 1"),
        "../../escape.py": b"x = 1",
        "/etc/absolute.py": b"x = 1",
    }
    path = tmp_path / "in" / "work.ZIP"
    path.parent.mkdir()
    path.write_bytes(zip_bytes(members))

    found = read_one(path)

    assert (found.name, found.artifact, found.artifact_path) == (f"Ana Pérez/{NAME}", b"weights", None)
    assert found.program.defines("compute_fans")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["in", "work.ZIP"]


def test_the_names_of_members_are_shown_clean(tmp_path):
    """Escape sequences in a file's name stay out of the terminal."""
    path = tmp_path / "work.zip"
    path.write_bytes(zip_bytes({"108\x1b[2J_a.ipynb": b"x", "108\x1b[31m_b.ipynb": b"x"}))

    assert "\x1b" not in said(path)


def test_a_homework_that_is_too_large_costs_the_homework_only(tmp_path):
    """The notebook is graded, and a notice says what was left out."""
    (tmp_path / NAME).write_bytes(notebook(SOURCE))
    sparse(tmp_path / "108_homework.npz", ARTIFACT_BYTES + 1)

    found = read_one(tmp_path)

    assert found.artifact is None
    assert any("64 MB" in notice.render(translator("en")) for notice in (*found.problems, *found.notices))


def test_a_homework_damaged_in_a_zip_costs_the_homework_only(tmp_path):
    """The notebook beside it is whole."""
    raw = bytearray(zip_bytes({NAME: notebook(SOURCE), "108_homework.npz": b"weights"}, zipfile.ZIP_STORED))
    raw[raw.index(b"weights")] ^= 1
    path = tmp_path / "work.zip"
    path.write_bytes(raw)

    assert read_one(path).program.defines("compute_fans")


@pytest.mark.parametrize("size", [SOURCE_BYTES, SOURCE_BYTES + 1])
def test_the_limit_on_notebooks_is_exact(size, tmp_path):
    """At the limit it is read, above it is not."""
    content = notebook(SOURCE)
    (tmp_path / NAME).write_bytes(content + b" " * (size - len(content)))

    if size == SOURCE_BYTES:
        assert read_one(tmp_path).program.defines("compute_fans")
    else:
        assert "at most 20 MB" in said(tmp_path)


@pytest.mark.parametrize(
    ("sources", "readable"),
    [
        (["#" * MAX_CODE_CHARACTERS], True),
        (["#" * MAX_CODE_CHARACTERS, "x"], False),
        (["x"] * MAX_CELLS, True),
        (["x"] * (MAX_CELLS + 1), False),
    ],
    ids=["characters", "more characters", "cells", "more cells"],
)
def test_the_limits_on_code_are_exact(sources, readable, tmp_path):
    """All cells together, or their number: at the limit they are read, above it the student is told."""
    (tmp_path / NAME).write_bytes(notebook(*sources))

    if readable:
        assert len(read_one(tmp_path).program.cells) == len(sources)
    else:
        assert "a lesson has far less" in said(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system, and elsewhere by none")
def test_a_cell_that_grows_in_the_parser_costs_itself(tmp_path):
    """Python's parser joins the parts of a name pairwise: this cell of 250 KB took more than 6 GB, and takes one."""
    (tmp_path / NAME).write_bytes(notebook("import a" + ".a" * 125_000, SOURCE))

    submission = read_one(tmp_path)

    assert submission.program.defines("compute_fans")
    assert "nested too deeply or too large" in submission.problems[0].render(str)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda _: bytes(64 * 2**30), "Reading 108_initialization.ipynb takes more than 1 GB of memory"),
        (parse, "Reading 108_initialization.ipynb takes more than 0 seconds"),
    ],
    ids=["memory", "seconds"],
)
def test_reading_that_takes_too_much_is_refused(fault, reason, tmp_path, monkeypatch):
    """With what happened and what to do; and this process has its memory again."""
    (tmp_path / NAME).write_bytes(notebook(SOURCE, SOURCE))
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    monkeypatch.setattr(reading, "parse", fault)
    if "seconds" in reason:
        monkeypatch.setattr(frugal, "READING_SECONDS", 0.0)

    found = said(tmp_path)

    assert found.startswith(reason)
    assert "Hand in the lesson's notebook" in found
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.parametrize("mode", [0, 0o644, stat.S_IFREG | 0o644])
def test_zips_of_every_system_are_read(mode, tmp_path):
    """Windows gives no kind of file, Python permissions only, and Unix says that it is a regular one."""
    member = zipfile.ZipInfo(NAME)
    member.external_attr = mode << 16
    (tmp_path / "work.zip").write_bytes(zip_bytes({member: notebook(SOURCE)}))

    assert read_one(tmp_path / "work.zip").program.defines("compute_fans")


def test_the_limit_on_the_files_of_a_zip_is_exact(tmp_path, monkeypatch):
    """As many as are allowed are looked through; folders and hidden files do not count."""
    monkeypatch.setattr(entries, "MAX_ENTRIES", 2)
    folder = zipfile.ZipInfo("folder/")  # without the attributes of a Unix system
    members = {NAME: notebook(SOURCE), "notes.txt": b"", folder: b"", ".DS_Store": b""}
    (tmp_path / "work.zip").write_bytes(zip_bytes(members))
    (tmp_path / "more.zip").write_bytes(zip_bytes(members | {"one.txt": b""}))

    assert read_one(tmp_path / "work.zip").program.defines("compute_fans")
    assert "holds more than 2 files" in said(tmp_path / "more.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_bombs_in_other_compressions_take_no_memory(method, tmp_path):
    """Python's zipfile unpacks bzip2 and LZMA without a limit, so a member in them is refused by its method."""
    path = tmp_path / "work.zip"
    path.write_bytes(set_everywhere(zip_bytes({NAME: bytes(90 * 2**20)}, method), 22, 24, "<I", 1000))
    script = """
import pathlib, resource, sys
from grader.handed_file import SubmissionError
from grader.submission.reading import read_submissions
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_submissions(pathlib.Path(sys.argv[1]))
except SubmissionError:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
    pytest.importorskip("resource")

    ran = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.stderr == ""
    assert int(ran.stdout) < 40 * 2**20


CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("content", "said_of_it"),
    [
        (b"", "108_initialization.ipynb cannot be read: it is empty"),
        (CONFLICT.encode(), "cannot be read: it holds the marks of a conflict in git"),
        (
            '{"cells": [{"cell_type": "code", "source": "señal"}]}'.encode("latin-1"),
            "cannot be read: it is not text in UTF-8",
        ),
    ],
    ids=["empty", "conflict", "latin-1"],
)
def test_common_accidents_are_called_by_their_names(content, said_of_it, tmp_path):
    """What JSON's reader says of them tells nobody what to do."""
    (tmp_path / NAME).write_bytes(content)

    assert said_of_it in said(tmp_path)


def test_a_conflict_inside_a_cell_is_called_by_its_name(tmp_path):
    """A merge of two notebooks may leave its marks in one cell of valid JSON."""
    (tmp_path / NAME).write_bytes(notebook("a = 1", CONFLICT))

    (problem,) = read_one(tmp_path).problems

    assert problem.render(str).startswith(
        "code cell 2, line 1, is not valid Python: it holds the marks of a conflict in git"
    )


def test_cells_that_are_no_python_are_problems_of_their_own(tmp_path):
    """They are named by number and line, and the others are read."""
    (tmp_path / NAME).write_bytes(notebook("x = 1", "def f(:\n  pass", SOURCE))

    found = read_one(tmp_path)

    assert found.program.defines("compute_fans")
    (problem,) = found.problems
    assert "code cell 2, line 1, is not valid Python" in problem.render(translator("en"))


def test_a_python_file_that_is_no_python_is_told_by_its_line(tmp_path):
    """A file has no numbered cells: the line is that of the file, and the cells around it are read."""
    path = tmp_path / "108_initialization.py"
    path.write_text(f"{SOURCE}\n# %%\ndef f(:\n# %%\nx = 1\n")
    line = path.read_text().splitlines().index("def f(:") + 1

    found = read_one(path)

    assert found.program.defines("compute_fans")
    assert found.program.defines("x")
    (problem,) = found.problems
    assert problem.render(translator("en")).startswith(f"line {line} is not valid Python: ")


@given(data=st.data())
def test_damaged_zips_are_read_or_refused(data, tmp_path_factory):
    """Changed and missing bytes give a submission or a sentence, and nothing else."""
    raw = bytearray(zip_bytes({NAME: notebook(SOURCE), "108_homework.npz": b"weights"}))
    for position in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=5)):
        raw[position] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "work.zip"
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])

    try:
        found = read_submissions(path)
    except SubmissionError as error:
        assert error.text.render(translator("es"))  # noqa: PT017 - either way is right
        return

    assert len(found) == 1


@given(content=st.binary(max_size=200), name=st.sampled_from([NAME, "108_initialization.py", "work.zip"]))
def test_random_files_are_read_or_refused(content, name, tmp_path_factory):
    """Whatever the bytes are."""
    path = tmp_path_factory.mktemp("random") / name
    path.write_bytes(content)

    try:
        found = read_submissions(path)
    except SubmissionError as error:
        assert error.text.render(translator("es"))  # noqa: PT017 - either way is right
        return

    assert len(found) == 1


def test_outputs_and_metadata_of_a_notebook_do_not_matter(tmp_path):
    """Widgets, pictures and unknown fields are skipped."""
    cells = json.loads(notebook(SOURCE))
    cells["cells"][0]["outputs"] = [{"data": {"image/png": "x" * 10_000}, "output_type": "display_data"}]
    cells["metadata"] = {"widgets": {"a": [1, {"b": None}]}, "colab": {}}
    (tmp_path / NAME).write_text(json.dumps(cells))

    assert read_one(tmp_path).program.defines("compute_fans")


def test_code_with_more_statements_than_any_lesson_is_refused(tmp_path):
    """A notebook that is short and full of statements is refused in words, before anything looks through it."""
    path = tmp_path / NAME
    path.write_bytes(notebook("a = b\n" * 20_000))

    assert "far more statements" in said(path)


@pytest.mark.parametrize(
    ("version", "told"), [("3.99.1", True), (OURS, False), ("3.5.0", False), ("new", False), (3, False)]
)
def test_a_cell_of_a_newer_python_is_told_from_a_wrong_one(tmp_path, version, told):
    """A student whose notebook needs a newer Python than the grader's reads what to ask for."""
    written = json.loads(notebook("def f(:")) | {"metadata": {"language_info": {"version": version}}}
    (tmp_path / NAME).write_text(json.dumps(written))

    (problem,) = read_one(tmp_path / NAME).problems

    text = problem.render(translator("en"))
    assert ("ask your instructor" in text, "grade with Python 3.99" in text) == (told, told)
