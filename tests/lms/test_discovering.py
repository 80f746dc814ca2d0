"""Who handed in what: folders as Moodle, Canvas and Gradescope make them, and as hostile students would."""

import errno
import os
import stat
import zipfile
from pathlib import Path

import pytest

from grader.language import visible
from grader.language.messages import translator
from grader.lms.discovering import discover
from grader.lms.flags import LATE, LINK_REFUSED, NO_ACCESS, SPECIAL_FILE, UNCLEAR_OWNER
from grader.lms.listing import LmsError
from grader.lms.names import is_download
from grader.lms.unpacking import unpack
from grader.names import safe_name

NOTEBOOK = "108_initialization.ipynb"
HOMEWORK = "108_homework.npz"


def lay(folder, *names, content=b"{}"):
    """Files with these relative names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def by_student(folder):
    """What is found in a folder, by the student's name."""
    return {each.student: each for each in discover(folder)}


def names(handed):
    """The student's names of the files."""
    return [file.name for file in handed.files]


# --- layouts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["_assignsubmission_file", "_assignsubmission_file_"])
def test_moodle_folders(tmp_path, ending):
    """A Moodle folder is its student's, with the participant's number, whichever Moodle wrote it."""
    lay(tmp_path, f"Ana Pérez Gómez_1234567{ending}/{NOTEBOOK}", f"Ana Pérez Gómez_1234567{ending}/{HOMEWORK}")

    (handed,) = discover(tmp_path)

    assert (handed.student, handed.lms, handed.lms_id) == ("Ana Pérez Gómez", "moodle", "1234567")
    assert handed.key == "ana-perez-gomez-1234567"
    assert names(handed) == [HOMEWORK, NOTEBOOK]


def test_moodle_online_text_belongs_to_its_student(tmp_path):
    """A student's files and online text, in two folders, are one submission."""
    lay(tmp_path, f"Ana_7_assignsubmission_file_/{NOTEBOOK}", "Ana_7_assignsubmission_onlinetext_/onlinetext.html")

    (handed,) = discover(tmp_path)

    assert names(handed) == [NOTEBOOK, "onlinetext.html"]


def test_moodle_without_folders(tmp_path):
    """Moodle's download without folders puts the same words before each file's name."""
    lay(tmp_path, f"Ana_7_assignsubmission_file_{NOTEBOOK}", f"Ana_7_assignsubmission_file_{HOMEWORK}")

    (handed,) = discover(tmp_path)

    assert names(handed) == [HOMEWORK, NOTEBOOK]


def test_moodle_namesakes_stay_apart(tmp_path):
    """Two students of the same name have different numbers."""
    lay(tmp_path, f"Ana_7_assignsubmission_file_/{NOTEBOOK}", f"Ana_8_assignsubmission_file_/{NOTEBOOK}")

    handed = discover(tmp_path)

    assert [each.key for each in handed] == ["ana-7", "ana-8"]


@pytest.mark.parametrize("ending", ["_assignsubmission_file", "_assignsubmission_file_"])
def test_a_student_called_like_anothers_moodle_folder_stays_apart(tmp_path, ending):
    """The participant whose name is made of another's folder gets no part of that one's work, nor gives it any."""
    mallory = f"Ana_7{ending}_Mallory"
    lay(tmp_path, f"Ana_7{ending}/{NOTEBOOK}", f"{mallory}_8{ending}/{NOTEBOOK}")

    handed = by_student(tmp_path)

    assert {name: (each.lms_id, names(each)) for name, each in handed.items()} == {
        "Ana": ("7", [NOTEBOOK]),
        mallory: ("8", [NOTEBOOK]),
    }


def test_a_file_named_as_two_students_work_is_neither_ones(tmp_path):
    """Without folders, a name and a file of that name look alike: it stands apart, flagged, and without a number."""
    both = "Ana_7_assignsubmission_file_Berta_8_assignsubmission_file_"
    lay(tmp_path, *(f"{each}{NOTEBOOK}" for each in (both, *both.replace("Berta", "|Berta").split("|"))))

    handed = by_student(tmp_path)

    assert {name: (each.lms_id, each.flags, names(each)) for name, each in handed.items()} == {
        "Ana": ("7", (), [NOTEBOOK]),
        "Berta": ("8", (), [NOTEBOOK]),
        "Ana_7_assignsubmission_file_Berta": ("", (UNCLEAR_OWNER,), [NOTEBOOK]),
    }


def test_a_folder_called_like_an_lms_students_name_and_number_is_not_lost(tmp_path):
    """What an instructor lays beside a download is somebody's work, also where its name is a participant's."""
    lay(tmp_path, f"Ana_7_assignsubmission_file_/{NOTEBOOK}", f"Ana_7/{NOTEBOOK}", f"perezana_12345/{NOTEBOOK}")
    lay(tmp_path, f"perezana_12345_67890_{NOTEBOOK}")

    assert sorted(each.submission for each in discover(tmp_path) if each.lms == "plain") == ["Ana_7", "perezana_12345"]


def test_canvas_files_of_a_student_belong_together(tmp_path):
    """Canvas lays all files in one folder; the student's own names are found again, also after a second attempt."""
    lay(tmp_path, f"perezana_12345_67890_{NOTEBOOK}", "perezana_12345_67891_108_homework-1.npz")
    lay(tmp_path, f"gomezluis_LATE_22222_67892_{NOTEBOOK}", "rojas_33333_text.html")

    handed = by_student(tmp_path)

    assert names(handed["perezana"]) == [NOTEBOOK, HOMEWORK]
    assert (handed["perezana"].lms, handed["perezana"].lms_id) == ("canvas", "12345")
    assert (handed["gomezluis"].lms_id, handed["gomezluis"].flags) == ("22222", (LATE,))
    assert names(handed["rojas"]) == ["text.html"]


def test_canvas_anonymous(tmp_path):
    """An anonymous Canvas assignment names no student and gives no number."""
    lay(tmp_path, f"anon_AbC12_67890_{NOTEBOOK}", f"LATE_anon_xYz98_67891_{NOTEBOOK}")

    handed = by_student(tmp_path)

    assert {name: (each.lms_id, each.flags) for name, each in handed.items()} == {
        "anon_AbC12": ("", ()),
        "anon_xYz98": ("", (LATE,)),
    }


def test_names_that_only_look_like_canvas(tmp_path):
    """Two students' files with the same numbers in their names are not taken for one student's."""
    lay(tmp_path, "tarea_1080_20260301_ana.ipynb", "tarea_1080_20260301_luis.ipynb")

    handed = discover(tmp_path)

    assert [(each.lms, each.student) for each in handed] == [
        ("plain", "tarea_1080_20260301_ana"),
        ("plain", "tarea_1080_20260301_luis"),
    ]


@pytest.mark.parametrize(
    "name", ["grupo_2_108_initialization.ipynb", "tarea_108_20260301_ana.ipynb", "ana_perez_2026_108_tarea.ipynb"]
)
def test_a_name_with_short_numbers_is_not_canvas(tmp_path, name):
    """A group, a lesson, a year or a date are no user's and no attachment's number: those of Canvas are long."""
    lay(tmp_path, name, "luis.ipynb")

    handed = discover(tmp_path)

    assert [each.lms for each in handed] == ["plain", "plain"]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("entrega-108.ipynb", "entrega-108.ipynb"),
        ("108_homework-1.npz", "108_homework.npz"),
        ("108_homework-12.npz", "108_homework.npz"),
    ],
)
def test_canvas_number_of_an_attempt(tmp_path, name, own):
    """The number of a second attempt is taken off a name, a lesson's number is not."""
    lay(tmp_path, f"perezana_12345_67890_{name}")

    (handed,) = discover(tmp_path)

    assert names(handed) == [own]


METADATA = """---
submission_111:
  :submitters:
  - :name: Ana Pérez
    :sid: '00123'
    :email: ana@example.edu
  - :name: 'Luis O''Hara'
    :sid: null
    :email: luis@example.edu
  :created_at: 2026-03-01 10:00:00.000000000 Z
  :score: 0.0
  :history:
  - :id: 5
    :name: not a submitter
submission_222:
  :submitters:
  - :name: "Zo\\xEB"
    :sid: "77"
"""


def test_gradescope_export(tmp_path):
    """Gradescope's folders are named by number; the metadata beside them name the students."""
    lay(
        tmp_path, f"assignment_9_export/submission_111/{NOTEBOOK}", f"assignment_9_export/submission_222/sub/{NOTEBOOK}"
    )
    (tmp_path / "assignment_9_export" / "submission_metadata.yml").write_text(METADATA, encoding="utf-8")

    handed = by_student(tmp_path)

    assert {name: (each.lms, each.lms_id) for name, each in handed.items()} == {
        "Ana Pérez, Luis O'Hara": ("gradescope", "ana@example.edu"),
        "Zoë": ("gradescope", "77"),
    }
    assert names(handed["Zoë"]) == [f"sub/{NOTEBOOK}"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"submission_111: !!python/object:os.system\n", b"a: &a [*a]"]
)
def test_gradescope_metadata_of_any_kind(tmp_path, content):
    """Metadata that are none leave the folder's name as the student's."""
    lay(tmp_path, f"submission_111/{NOTEBOOK}")
    (tmp_path / "submission_metadata.yml").write_bytes(content)

    (handed,) = discover(tmp_path)

    assert handed.student == "submission_111"


def test_gradescope_metadata_without_a_name(tmp_path):
    """Who has only a number is shown as the folder's name, and found by the number."""
    lay(tmp_path, f"submission_111/{NOTEBOOK}")
    metadata = 'submission_111:\n  :submitters:\n  - :sid: "77"\n  - :name: null\n'
    (tmp_path / "submission_metadata.yml").write_text(metadata)

    (handed,) = discover(tmp_path)

    assert (handed.student, handed.lms_id) == ("submission_111", "77")


def test_plain_folders_notebooks_and_zips(tmp_path):
    """Without an LMS, each folder, notebook, Python file or zip is a student's."""
    lay(tmp_path, f"Ana/{NOTEBOOK}", f"Ana/{HOMEWORK}", "luis.ipynb", "eva.py")
    with zipfile.ZipFile(tmp_path / "zoe.zip", "w") as archive:
        archive.writestr(NOTEBOOK, "{}")

    handed = by_student(tmp_path)

    assert {name: names(each) for name, each in handed.items()} == {
        "Ana": [HOMEWORK, NOTEBOOK],
        "eva": ["eva.py"],
        "luis": ["luis.ipynb"],
        "zoe": ["zoe.zip"],
    }
    assert all(each.lms == "plain" and each.lms_id == "" for each in handed.values())


def test_a_folder_that_is_one_submission(tmp_path):
    """A notebook with its homework beside it, and nothing else, is one student's."""
    lay(tmp_path, NOTEBOOK, HOMEWORK)

    (handed,) = discover(tmp_path)

    assert names(handed) == [HOMEWORK, NOTEBOOK]


def test_one_file(tmp_path):
    """A single notebook can be given too."""
    lay(tmp_path, "ana.ipynb", "other.ipynb")

    (handed,) = discover(tmp_path / "ana.ipynb")

    assert names(handed) == ["ana.ipynb"]


def test_one_file_of_another_kind_is_no_submission(tmp_path):
    """A text or a homework by itself is nothing to grade."""
    lay(tmp_path, "notes.txt", HOMEWORK)

    for name in ("notes.txt", HOMEWORK):
        with pytest.raises(LmsError, match="holds no submissions"):
            discover(tmp_path / name)


def test_a_number_without_end_makes_no_long_key(tmp_path):
    """Numbers of an LMS stand in keys, which are names of files, while they are as long as such numbers are."""
    lay(tmp_path, *(f"ana_{number}_67890{len(number)}_{NOTEBOOK}" for number in ("1" * 19, "2" * 200)))

    first, second = sorted(discover(tmp_path), key=lambda each: each.lms_id)

    assert first.key == "ana-" + "1" * 19
    assert len(second.key) == len("ana-") + 12


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="uses symbolic links")
def test_a_link_is_no_download(tmp_path):
    """What a link leads to is not looked into."""
    archive = class_zip(tmp_path / "class.zip", f"ana_12345_67890_{NOTEBOOK}")
    link = tmp_path / "link.zip"
    link.symlink_to(archive)

    assert is_download(archive)
    assert not is_download(link)


def test_keys_are_stable(tmp_path):
    """A submission's key does not depend on who else handed in: a batch is resumed by it."""
    lay(tmp_path, "b.ipynb", "c.ipynb")
    before = {each.student: each.key for each in discover(tmp_path)}

    lay(tmp_path, "a.ipynb", "B.ipynb")

    after = {each.student: each.key for each in discover(tmp_path)}
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


# --- what is not looked at --------------------------------------------------------------------------------------


def test_rubbish_is_skipped(tmp_path):
    """Hidden files and what operating systems leave behind are no submissions and no part of one."""
    lay(tmp_path, f"Ana/{NOTEBOOK}", "Ana/.DS_Store", f"Ana/.ipynb_checkpoints/{NOTEBOOK}", "Ana/__MACOSX/x.ipynb")
    lay(tmp_path, "Luis/a.ipynb", "__MACOSX/y.ipynb", ".DS_Store", "Thumbs.db", "Ana/Thumbs.db", ".git/config")

    handed = by_student(tmp_path)

    assert {name: names(each) for name, each in handed.items()} == {"Ana": [NOTEBOOK], "Luis": ["a.ipynb"]}


def test_links_and_special_files_are_refused(tmp_path):
    """A link could lead to another student's work, a FIFO would never end: both are left out, and it is said."""
    lay(tmp_path / "class", f"Ana/{NOTEBOOK}", f"Luis/{NOTEBOOK}")
    (tmp_path / "class" / "Luis" / HOMEWORK).symlink_to(tmp_path / "class" / "Ana" / NOTEBOOK)
    (tmp_path / "class" / "Luis" / "more").symlink_to(tmp_path)
    (tmp_path / "class" / "Eva").symlink_to(tmp_path / "class" / "Ana")
    os.mkfifo(tmp_path / "class" / "Ana" / "pipe.ipynb")

    handed = by_student(tmp_path / "class")

    assert (names(handed["Luis"]), handed["Luis"].flags) == ([NOTEBOOK], (LINK_REFUSED,))
    assert (names(handed["Eva"]), handed["Eva"].flags) == ([], (LINK_REFUSED,))
    assert (names(handed["Ana"]), handed["Ana"].flags) == ([NOTEBOOK], (SPECIAL_FILE,))


def test_a_folder_that_cannot_be_opened_is_flagged(tmp_path, monkeypatch):
    """The instructor's missing permission is not told as something that the student handed in."""
    lay(tmp_path, f"Ana/{NOTEBOOK}", f"Bob/{NOTEBOOK}")

    def iterdir(path, whole=Path.iterdir):
        if path.name == "Bob":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return whole(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    handed = by_student(tmp_path)

    assert (handed["Ana"].flags, handed["Bob"].flags) == ((), (NO_ACCESS,))


def test_very_deep_and_very_wide_folders(tmp_path, monkeypatch):
    """A submission of endless folders or files ends at a limit, and it is said."""
    monkeypatch.setattr("grader.lms.handed.MAX_FILES", 20)
    lay(tmp_path, "Deep/" + "d/" * 40 + "x.ipynb", *(f"Wide/{i}.py" for i in range(40)))

    handed = by_student(tmp_path)

    assert names(handed["Deep"]) == []
    assert len(names(handed["Wide"])) == 20
    assert handed["Deep"].flags == handed["Wide"].flags == ("too many files",)


HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "line\nbreak",
    "<script>alert(1)</script>".replace("/", "∕"),
    "right\u202eleft",
    "=HYPERLINK(1)",
    "CON",
    "z\u0335\u0336\u0337\u0338" * 20,
    "日本語の名前",
    "\u200b\u2066\ufeff",
    "A" * 240,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(tmp_path, name):
    """Whatever a name holds, it is shown as one clean line, and its key is a file name for any system."""
    folder = tmp_path / name
    lay(folder, NOTEBOOK)
    lay(tmp_path / "Other", NOTEBOOK)

    (handed,) = [each for each in discover(tmp_path) if each.student != "Other"]

    assert handed.student
    assert handed.student.isprintable()
    assert len(handed.student) <= 120
    assert safe_name(handed.key) == handed.key


def test_a_name_that_is_no_unicode(tmp_path):
    """A file name that is not UTF-8 is shown with replacement characters."""
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    lay(tmp_path / "Other", NOTEBOOK)

    handed = discover(tmp_path)

    assert "caf?" in [each.student for each in handed]


def test_shown_removes_nul():
    """A NUL cannot be in a file name, but it can be in metadata."""
    assert visible.line("a\0b\tc\u2028d") == "ab c d"


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "", "con", "COM1", "x" * 300, "a\0b", "Ána", "-rf", "."])
def test_safe_name(key):
    """Any key becomes a name without separators, that no system reserves, different for different keys."""
    name = safe_name(key)

    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert not name.startswith("-")
    assert 0 < len(name) <= 100
    assert name not in ("con", "com1")
    assert name != safe_name(key + "x")


# --- nothing, and zips of a whole class -------------------------------------------------------------------------


def test_nothing_is_said_in_both_languages(tmp_path):
    """An empty folder, or none, is told in the language of the run."""
    with pytest.raises(LmsError) as empty:
        discover(tmp_path)
    with pytest.raises(LmsError) as missing:
        discover(tmp_path / "none")

    assert "no contiene entregas" in empty.value.text.render(translator("es"))
    assert "does not exist" in missing.value.text.render(translator("en"))


def class_zip(path, *names):
    """A zip with these members."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path


@pytest.mark.parametrize(
    "name",
    [
        f"Ana_7_assignsubmission_file_/{NOTEBOOK}",
        f"ana_12345_67890_{NOTEBOOK}",
        f"assignment_9_export/submission_1/{NOTEBOOK}",
    ],
)
def test_a_class_in_one_zip(tmp_path, name):
    """The LMS's own zip is recognized, alone or in a folder, and can be unpacked and read."""
    archive = class_zip(tmp_path / "download.zip", name)
    with pytest.raises(LmsError):
        discover(archive)
    with pytest.raises(LmsError):
        discover(tmp_path)

    left_out = unpack(archive, tmp_path / "class")

    assert is_download(archive)
    assert left_out == []
    assert len(discover(tmp_path / "class")) == 1


@pytest.mark.parametrize("name", ["submission_metadata.yml", f"submission_1/{NOTEBOOK}", f"ana_12345_67890_{NOTEBOOK}"])
@pytest.mark.parametrize("other", ["luis.ipynb", f"luis/{NOTEBOOK}"])
def test_a_students_zip_with_the_names_of_an_lms(tmp_path, name, other):
    """One student's zip cannot keep a class from being graded: beside other works it is a row like theirs."""
    class_zip(tmp_path / "ana.zip", NOTEBOOK, name)
    lay(tmp_path, other)

    handed = by_student(tmp_path)

    assert {student: names(each) for student, each in handed.items()} == {
        "ana": ["ana.zip"],
        "luis": [Path(other).name],
    }


def test_a_students_zip_with_a_group_in_a_name(tmp_path):
    """A notebook named after a group and its lesson does not make a zip a class."""
    assert not is_download(class_zip(tmp_path / "ana.zip", "grupo_2_108_initialization.ipynb"))


def test_a_students_zip_is_no_class(tmp_path):
    """A zip with one notebook is a student's."""
    assert not is_download(class_zip(tmp_path / "ana.zip", NOTEBOOK, HOMEWORK))


def test_unpacking_stays_inside(tmp_path):
    """Names that lead elsewhere, links and bombs are left out by name; the others are unpacked."""
    archive = tmp_path / "class.zip"
    link = zipfile.ZipInfo("Ana_7_assignsubmission_file_/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"Ana_7_assignsubmission_file_/{NOTEBOOK}", "{}")
        for name in ("../evil", "/etc/evil", "a/../../evil", "C:\\evil", "..\\evil"):
            opened.writestr(name, "x")
        opened.writestr(link, "/etc/passwd")
        opened.writestr("Luis_8_assignsubmission_file_/bomb.ipynb", b"\0" * (65 * 2**20))

    left_out = unpack(archive, tmp_path / "into" / "class")

    found = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if not path.is_dir()]
    assert sorted(found) == ["class.zip", f"into/class/Ana_7_assignsubmission_file_/{NOTEBOOK}"]
    assert len(left_out) == 7


def test_a_name_twice_in_a_zip(tmp_path):
    """The first member of a name stays: a later one cannot replace it."""
    archive = tmp_path / "class.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("a/x.ipynb", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr("a/x.ipynb", "second")

    left_out = unpack(archive, tmp_path / "class")

    assert left_out == ["a/x.ipynb"]
    assert (tmp_path / "class" / "a" / "x.ipynb").read_text() == "first"


def test_a_broken_zip(tmp_path):
    """What is no zip is said to be none."""
    (tmp_path / "class.zip").write_bytes(b"PK\x03\x04 nothing")

    with pytest.raises(LmsError):
        unpack(tmp_path / "class.zip", tmp_path / "class")
