"""Writes the pages: every text goes through autoescaped templates, and the pages forbid every script but their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from grader.files import write_whole
from grader.graded import Graded
from grader.keyed_folder import KeyedFolder
from grader.language.messages import T, Translate
from grader.reports.analysis import ClassSummary
from grader.reports.charts import Chart
from grader.reports.class_view import class_view
from grader.reports.student_view import record_view, student_view
from grader.reports.texts import LABELS

TEMPLATES = Path(__file__).resolve().parent / "templates"
KEPT_RECORDS = 32


class Pages:
    """The templates in the language of a run."""

    def __init__(self, say: Translate, language: str) -> None:
        self._say = say
        self._style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
        self._script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=jinja2.select_autoescape(default=True, default_for_string=True),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["summary"] = partial(_summary, say)
        environment.globals |= {
            "w": {name: text.render(say) for name, text in LABELS.items()},
            "language": language,
            "style": Markup(self._style),  # noqa: S704 - a file of this package
        }
        self._records: dict[bytes, tuple[bytes, Markup]] = {}
        self._record = environment.get_template("record.html.j2")
        self._student = environment.get_template("student.html.j2")
        self._class = environment.get_template("index.html.j2")

    def student(self, graded: Graded) -> tuple[str, bytes]:
        """One student's page, and the record as people may want to read it: empty without results."""
        record, section = self._recorded(graded) if graded.results else (b"", "")
        view = student_view(graded, self._say)
        return self._student.render(policy=_policy(self._style), record=section, **view), record

    def _recorded(self, graded: Graded) -> tuple[bytes, Markup]:
        """The record and its section of the page, made once for submissions that are identical."""
        assert graded.results is not None
        record = msgspec.json.encode(graded.results)
        key = record + msgspec.json.encode(graded.layers)
        if key not in self._records:
            if len(self._records) >= KEPT_RECORDS:
                del self._records[next(iter(self._records))]
            view = {"record": record_view(graded.results, graded.layers, self._say)}
            section = Markup(self._record.render(view))  # noqa: S704 - what a template escaped already
            self._records[key] = msgspec.json.format(record, indent=2) + b"\n", section
        return self._records[key]

    def overview(self, summary: ClassSummary, title: str) -> str:
        """The page of the whole class."""
        view: Mapping[str, Any] = class_view(summary, title, self._say)
        script = Markup(self._script)  # noqa: S704 - a file of this package
        return self._class.render(policy=_policy(self._style, self._script), script=script, **view)


def write_reports(
    out: Path, graded: Iterable[Graded], say: Translate, *, title: str = "", language: str = "es"
) -> ClassSummary:
    """Write ``index.html``, ``students/<key>.html`` and ``results/<key>.json`` into ``out``.

    Pages and records of an earlier run that this one did not write are removed. Each record is written and let go
    before the next one is asked for, so ``graded`` may come from a file.

    Args:
        out: the folder; it is made if it is not there.
        graded: the submissions, in the order of the overview's table.
        say: the language of the texts, from grader.language.messages.translator.
        title: the overview's heading; a general one if empty.
        language: the pages' language code for browsers and screen readers.

    Returns:
        What the overview shows.

    Raises:
        OSError: a page cannot be written.

    """
    pages, summary = Pages(say, language), ClassSummary()
    students, records = KeyedFolder(out / "students", ".html"), KeyedFolder(out / "results", ".json")
    for name in ("students", "results"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for each in graded:
        page, record = pages.student(each)
        students.write(each.key, page.encode("utf-8", "replace"))
        if record:
            records.write(each.key, record)
        summary.add(each)
    students.remove_others()
    records.remove_others()
    heading = title or T("Results of the class").render(say)
    write_whole(out / "index.html", pages.overview(summary, heading).encode("utf-8", "replace"))
    return summary


def _policy(style: str, script: str = "") -> str:
    """A Content-Security-Policy that lets nothing load and nothing run but these two texts."""
    scripts = f"'{_fingerprint(script)}'" if script else "'none'"
    return (
        f"default-src 'none'; style-src '{_fingerprint(style)}'; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _fingerprint(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _summary(say: Translate, chart: Chart) -> str:
    """What a chart shows, for who cannot see it."""
    if not chart.lines:
        return T("{title}: bar chart with {count} bars.", title=chart.title, count=chart.bar_count).render(say)
    curves = "; ".join(
        T("{label} from {first} to {last}", label=line.label or "–", first=line.first, last=line.last).render(say)
        for line in chart.lines
    )
    return T("{title}: {curves}.", title=chart.title, curves=curves).render(say)
