"""Run by the peers' own interpreter: grade notebooks one after another with otter's documented function.

``python otter_run.py AUTOGRADER.zip POINTS.json NOTEBOOK…``. One process for the whole class: otter's modules are
imported once, which `otter run` would do for each submission.
"""

import json
import sys
from pathlib import Path

from otter.api import grade_submission  # type: ignore[import-not-found]  # of the peers' environment

if __name__ == "__main__":
    autograder, out, *notebooks = sys.argv[1:]
    points = {Path(name).stem: float(grade_submission(name, autograder, quiet=True).total) for name in notebooks}
    Path(out).write_text(json.dumps(points), encoding="utf-8")
