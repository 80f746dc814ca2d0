"""What decides a grade: a change in it regrades, a change in anything else does not."""

import shutil

import pytest

from benchmarks.structure import Tree
from grader import deciding
from grader.lesson import ROOT

TREE = Tree()
ROOMS = sorted({module.room for module in TREE.modules.values()} - {"grader", "data"})
GRADING = ("grader.grade", "grader.worker.serving", "grader.worker.zygote", "grader.student.warm")
GIVEN = {
    *("lessons/kit/training.py", "data/quiz.py", "data/quizzes/108_initialization.toml"),
    *("data/fashion-mnist/SHA256SUMS", "grader/language/locale/es/LC_MESSAGES/verdicts.mo"),
}
REST = {
    *("grader/language/locale/es/LC_MESSAGES/pages.mo", "grader/language/locale/es/LC_MESSAGES/verdicts.po"),
    *("grader/reports/templates/style.css", "lessons/108_initialization.ipynb", "README.md"),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what is hashed, and of what is not."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "grader", root / "grader")
    shutil.copytree(ROOT / "lessons", root / "lessons", ignore=shutil.ignore_patterns("*.npz"))
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("sample_class", "*.gz", "cache"))
    shutil.copy(ROOT / "README.md", root)
    return root


def moves(path, checkout):
    """Whether the deciding hash and the version's hash change with a file."""
    before = deciding.deciding_hash(checkout), deciding.version_hash(checkout)
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    after = deciding.deciding_hash(checkout), deciding.version_hash(checkout)
    path.write_bytes(content)
    return before[0] != after[0], before[1] != after[1]


def file_of(room, checkout):
    """A file of a room."""
    folder = checkout / "grader" / room
    return next(iter(sorted(folder.rglob("*.py")))) if folder.is_dir() else folder.with_suffix(".py")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_decides_or_it_does_not(room, checkout):
    """A comma in a check, the wire or the worker regrades; one in a page, a gradebook or the batch regrades nobody."""
    assert moves(file_of(room, checkout), checkout) == (room in deciding.ROOMS, True)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_given_to_students_decides(name, checkout):
    """The kit, a quiz, the data, and what records say."""
    assert moves(checkout / name, checkout)[0]


@pytest.mark.parametrize("name", sorted(REST))
def test_what_people_look_at_decides_nothing(name, checkout):
    """What pages say and how they look, sources of catalogues, the lessons' texts."""
    assert not moves(checkout / name, checkout)[0]


@pytest.mark.parametrize("library", deciding.LIBRARIES)
def test_another_version_of_a_library_decides(library, checkout, monkeypatch):
    """What computes may compute otherwise."""
    before = deciding.deciding_hash(checkout)
    version = deciding.metadata.version
    monkeypatch.setattr(deciding.metadata, "version", lambda name: "0" if name == library else version(name))

    assert deciding.deciding_hash(checkout) != before


def test_a_file_cannot_be_moved_into_another_unnoticed(checkout):
    """Where one file ends and the next begins is part of the hash."""
    first, second = checkout / "grader" / "wire" / "coding.py", checkout / "grader" / "wire" / "protocol.py"
    before, contents = deciding.deciding_hash(checkout), (first.read_bytes(), second.read_bytes())
    first.write_bytes(contents[0] + contents[1][:10])
    second.write_bytes(contents[1][10:])
    after = deciding.deciding_hash(checkout)
    first.write_bytes(contents[0])
    second.write_bytes(contents[1])

    assert before != after


def test_the_deciding_rooms_are_closed():
    """All that grading reaches through imports is in the set, and no more than that."""
    reached: set[str] = set()
    waiting = [*GRADING, *(name for name in TREE.modules if name.startswith("grader.checks."))]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += TREE.arrows(TREE.modules[name])

    assert {TREE.modules[name].room for name in reached} - {"data"} == deciding.ROOMS
