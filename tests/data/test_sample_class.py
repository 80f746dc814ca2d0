"""The sample class is the one that the solution of today gives."""

import zipfile

import pytest

from data.quiz import load_quiz
from grader.lms.discovering import discover
from grader.submission.reading import parse_work
from grader.submission.work import Work
from solutions import sample_answers, sample_class

FOLDERS = {path.name.partition("_")[0]: path for path in sample_class.CLASS.iterdir() if path.is_dir()}


def content_of(folder):
    """The notebook in a student's folder, zipped or not."""
    packed = folder / "tarea.zip"
    if packed.exists():
        with zipfile.ZipFile(packed) as archive:
            return archive.read(f"tarea/{sample_class.NOTEBOOK}").decode()
    return (folder / sample_class.NOTEBOOK).read_text(encoding="utf-8")


@pytest.mark.parametrize("student", sample_class.STUDENTS, ids=lambda student: student.name)
def test_a_students_notebook_is_fresh(student):
    """Run `python -m solutions.sample_class` when it is not: it leaves the homeworks as they are."""
    assert content_of(FOLDERS[student.name]) == sample_class.work_of(student)


def test_everybody_in_the_folder_is_known():
    """Nobody is left over from another class, and the grader sees whom the folder holds."""
    names = {student.name for student in sample_class.STUDENTS}

    assert set(FOLDERS) == names
    assert {handed.student for handed in discover(sample_class.CLASS)} == names
    assert set(sample_answers.LETTERS) | set(sample_answers.ANSWERS) <= names


@pytest.mark.parametrize("name", sample_answers.ANSWERS)
def test_open_answers_are_found(name):
    """Each one that a student wrote, and no other."""
    work = Work(sample_class.LESSON, sample_class.NOTEBOOK, content_of(FOLDERS[name]).encode())

    found = {each.number: each.answer for each in parse_work(work).open_answers if each.answer}

    assert found == sample_answers.ANSWERS[name]
    assert set(found) <= set(range(1, len(load_quiz(sample_class.LESSON).open_questions) + 1))
