"""Makes the files of a lesson from their templates, and writes all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import jinja2

from grader.files import write_whole
from grader.new_lesson.request import NewLesson, RefusedError

TEMPLATES = Path(__file__).resolve().parent / "templates"
SUFFIX = ".j2"


def files_of(lesson: NewLesson, root: Path) -> dict[Path, bytes]:
    """The content of each file of a new lesson, by its place in the checkout ``root``.

    Raises:
        RefusedError: the checkout has no room for it.

    """
    lesson.require_free(root)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        variable_start_string="<<",
        variable_end_string=">>",
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and TOML, no page
    )
    files = {}
    for name in environment.list_templates(extensions=[SUFFIX.removeprefix(".")]):
        text = environment.get_template(name).render(key=lesson.key, number=lesson.number, title=lesson.title.strip())
        files[root / name.removesuffix(SUFFIX).replace("KEY", lesson.key)] = text.encode()
    if existing := [path for path in files if path.exists()]:
        raise RefusedError(f"{existing[0].relative_to(root).as_posix()} exists.")
    return files


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file with the folders it needs; take back what was written if one cannot be. Raises OSError."""
    with ExitStack() as undo:
        for path, content in files.items():
            for folder in reversed([each for each in path.parents if not each.exists()]):
                folder.mkdir()
                undo.callback(folder.rmdir)
            undo.callback(path.unlink, missing_ok=True)
            write_whole(path, content)
        undo.pop_all()
