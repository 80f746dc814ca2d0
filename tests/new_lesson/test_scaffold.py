"""What a new lesson may be called, where it can be made, and that it is made whole or not at all."""

import os

import pytest

from grader.lesson import ROOT
from grader.new_lesson.__main__ import main
from grader.new_lesson.request import CHECKOUT, NewLesson, RefusedError
from grader.new_lesson.scaffold import files_of, write_all

LESSON = NewLesson("110_batchnorm", "Normalización por lotes")


@pytest.fixture
def checkout(tmp_path):
    """The folders of a checkout, with nothing in them."""
    for name in CHECKOUT:
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def everything(folder):
    """All paths below a folder."""
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize(
    "key",
    [
        *("", "110", "110_", "batchnorm", "11_batchnorm", "1100_batchnorm", "110-batchnorm", "110_Batchnorm"),
        *("110_batch norm", "110_batch__norm", "110_2nd", "110_ñandú", "١١٠_batchnorm", "110_batchnorm\n", "110_../x"),
        "110_" + "a" * 40,
    ],
)
def test_a_key_of_another_form_is_refused(key):
    """The sentence shows the key and one that would do."""
    with pytest.raises(RefusedError, match="such as 110_batchnorm") as refused:
        NewLesson(key, "Título")

    assert repr(key) in str(refused.value)


@pytest.mark.parametrize("title", ["", "  ", "dos\nlíneas", "a\x1b[31m", "a" * 81])
def test_a_title_of_another_form_is_refused(title):
    """One line that can be printed, not empty and not endless."""
    with pytest.raises(RefusedError, match="is not one line"):
        NewLesson("110_batchnorm", title)


@pytest.mark.parametrize(
    "taken", ["solutions/110_x.py", "data/quizzes/110_x.toml", "grader/checks/lesson_110_x", "lessons/110_x.ipynb"]
)
def test_a_number_that_is_taken_is_refused(taken, checkout):
    """Whatever the lesson that has it is called; the sentence names what has it."""
    (checkout / taken).mkdir()

    with pytest.raises(RefusedError, match=f"The number 110 is taken by {taken}"):
        files_of(LESSON, checkout)


def test_a_file_that_exists_is_refused(checkout):
    """A stand-in that somebody wrote beforehand is not written over."""
    (checkout / "tests" / "support" / "lessons").mkdir(parents=True)
    (checkout / "tests" / "support" / "lessons" / "student_110_batchnorm.py").touch()

    with pytest.raises(RefusedError, match=r"^tests/support/lessons/student_110_batchnorm\.py exists\.$"):
        files_of(LESSON, checkout)


@pytest.mark.parametrize("missing", CHECKOUT)
def test_what_is_no_checkout_is_refused(missing, checkout):
    """An installed package has no solutions, and nowhere to put one."""
    (checkout / missing).rmdir()

    with pytest.raises(RefusedError, match=f"is no checkout of this project: it has no {missing}"):
        files_of(LESSON, checkout)


def test_this_checkout_has_no_room_for_its_own_lessons(capsys):
    """The command says so in one line, writes nothing, and fails."""
    before = everything(ROOT / "grader" / "checks")

    assert main(["108_other", "Otra"]) == 2
    assert capsys.readouterr().err.endswith("108_initialization.toml. Nothing was written.\n")
    assert everything(ROOT / "grader" / "checks") == before


def test_every_file_is_the_lessons_own(checkout):
    """Each bears the lesson's key, and no placeholder is left in a name or in a text."""
    files = files_of(LESSON, checkout)

    assert all("110_batchnorm" in path.relative_to(checkout).as_posix() for path in files)
    assert not [path for path, content in files.items() if b"<<" in content or b">>" in content or "KEY" in str(path)]
    assert "# # Clase 110: Normalización por lotes" in files[checkout / "solutions/110_batchnorm.py"].decode()


def test_all_files_are_written(checkout):
    """Each with the content that it was to have."""
    files = files_of(LESSON, checkout)

    write_all(files)

    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.parametrize("failing", range(0, 12, 3))
def test_a_file_that_cannot_be_written_takes_back_the_others(failing, checkout, monkeypatch):
    """A full disk at any file leaves the checkout as it was, without the folders that were made."""
    files, before = files_of(LESSON, checkout), everything(checkout)
    last = str(list(files)[failing])
    replace = os.replace

    def full(source, target, **options):
        if str(target) == last:
            raise OSError(28, "No space left on device")
        replace(source, target, **options)

    monkeypatch.setattr(os, "replace", full)

    with pytest.raises(OSError, match="No space left"):
        write_all(files)

    assert everything(checkout) == before
