"""``python -m grader.new_lesson KEY TITLE``: write the files of a new lesson into this checkout."""

from __future__ import annotations

import argparse
import sys

from grader.lesson import ROOT
from grader.new_lesson.request import NewLesson, RefusedError
from grader.new_lesson.scaffold import files_of, write_all


def main(arguments: list[str] | None = None) -> int:
    """Write a lesson's files and name them; return the exit status, 2 if nothing was written."""
    parser = argparse.ArgumentParser("python -m grader.new_lesson", description=main.__doc__)
    parser.add_argument("key", help="its number and a name, such as 110_batchnorm")
    parser.add_argument("title", help="as students read it, in Spanish")
    given = parser.parse_args(arguments)
    try:
        files = files_of(NewLesson(given.key, given.title), ROOT)
        write_all(files)
    except (RefusedError, OSError) as error:
        print(f"{str(error).removesuffix('.')}. Nothing was written.", file=sys.stderr)
        return 2
    for path in files:
        print(f"wrote {path.relative_to(ROOT)}")
    print("CONTRIBUTING.md says what comes next.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
