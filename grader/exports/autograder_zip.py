"""Builds Gradescope's autograder zip: ``python -m grader.exports.autograder_zip OUT.zip [LESSON]``."""

from __future__ import annotations

import argparse
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader.lesson import ROOT, Lesson, all_lessons, find_lesson

SCRIPTS = Path(__file__).resolve().parent / "scripts"
FOLDERS = ("grader", "lessons/kit", "data/fashion-mnist", "data/homework", "data/quizzes")
FILES = (
    *("LICENSE", "constraints.txt", "pyproject.toml"),
    *("data/__init__.py", "data/fashion_mnist.py", "data/homework.py", "data/quiz.py"),
)
LEFT_OUT = ("__pycache__", "cache", "new_lesson")  # the last has a solution, if a small one
PACKED_ALREADY = (".gz", ".png")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # no clock, so that the same sources give the same zip


def build_gradescope_zip(path: Path, lesson: str = "") -> Lesson:
    """Write the autograder of ``lesson`` (a key or number; the first lesson if empty) to ``path``; without solutions.

    Returns:
        The lesson that it grades.

    Raises:
        ValueError: there is no such lesson.
        OSError: a source cannot be read or the zip cannot be written.

    """
    found = find_lesson(lesson) if lesson else all_lessons()[0]
    if found is None:
        raise ValueError(f"there is no lesson {lesson}; lessons: {', '.join(each.key for each in all_lessons())}")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sorted(_sources()):
            _add(archive, source.relative_to(ROOT).as_posix(), source.read_bytes())
        _add(archive, "requirements.txt", "".join(f"{line}\n" for line in _requirements()).encode())
        _add(archive, "lesson", found.key.encode())
        for name in ("setup.sh", "run_autograder"):
            _add(archive, name, (SCRIPTS / name).read_bytes(), mode=0o755)
    return found


def _sources() -> Iterator[Path]:
    yield from (ROOT / name for name in FILES)
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not any(
                part in LEFT_OUT or part.startswith(".") for part in path.relative_to(ROOT).parts
            ):
                yield path


def _requirements() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return list(project["dependencies"])


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int = 0o644) -> None:
    member = zipfile.ZipInfo(name, EARLIEST)
    member.external_attr = (0o100000 | mode) << 16
    member.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED
    archive.writestr(member, content)


def main(arguments: list[str] | None = None) -> None:
    """Write the zip that Gradescope takes as a lesson's autograder."""
    parser = argparse.ArgumentParser("python -m grader.exports.autograder_zip", description=main.__doc__)
    parser.add_argument("out", type=Path, metavar="OUT.zip", help="the zip to write")
    parser.add_argument(
        "lesson", nargs="?", default="", metavar="LESSON", help="its number or key (default: the first)"
    )
    options = parser.parse_args(arguments)
    try:
        lesson = build_gradescope_zip(options.out, options.lesson)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(f"{options.out} grades lesson {lesson.key}.")


if __name__ == "__main__":
    main()
