"""Hostile text on its way to people: names, messages, titles and labels in pages, tables and gradebooks."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest

from grader.checks.lesson_108_initialization import check_1_defaults
from grader.exports.write import write_exports
from grader.graded import Graded, Status
from grader.judge import check
from grader.names import safe_name
from grader.randomness import generator_for
from grader.reports.pages import write_reports
from grader.results import collect
from grader.student.exhibits import exhibits_of
from grader.student.explain import failure
from grader.submission.reading import parse_work
from grader.submission.work import Work
from grader.wire.protocol import Frame, Raised
from grader.wire.values import AxesFacts, FigureFacts
from tests.attacks.arena import ENGLISH, LESSON, SEED
from tests.support.figures import bars, line

EVIL = (
    '=HYPERLINK("http://evil")\t\r\n</td></script><script>alert(1)</script><img src=x onerror=alert(1)>'
    "\x1b[2J\x1b]0;x\x07\u202e{points}{0.__class__}%s'\"&#60;{{7*7}}\u061c\U000e0041\u200b\u00ad\u2066\u3164"
)
UNSEEN = "\x1b\x07\u202e\u061c\U000e0041\u200b\u00ad\u2066\u3164"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Page(HTMLParser):
    """The tags, attributes and scripts of a page, as a browser would see them."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        """Keep a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        """Keep text."""
        self.text.append(data)


@pytest.fixture(scope="module")
def record():
    """A submission whose every word is hostile."""
    program = parse_work(Work(LESSON.key, f"{LESSON.key}.py", b"def compute_fans(s):\n    return 1\n")).program
    raised = Raised("0", EVIL, EVIL, [Frame(0, 1, EVIL)])

    class Hostile:
        def call(self, function, *_args, **_options):
            raise failure(raised, function, program)

    asked = check.check_of(check_1_defaults.check_dense_fans)
    result = check.judge(asked, Hostile(), generator_for(SEED, "any"), LESSON, ENGLISH)
    figure = FigureFacts(
        [AxesFacts(EVIL, EVIL, EVIL, [EVIL], [line(EVIL, [1.0], [1.0, 2.0])], [bars([1.0, float("nan")])])]
    )
    exhibits = exhibits_of("plot_val_loss", figure)
    exhibits += exhibits_of("compare", {EVIL: {"val_accuracy": [0.1, "x", float("inf"), 0.2]}})
    results = collect(LESSON.key, EVIL, SEED, [result], [EVIL], {EVIL: EVIL}, exhibits)
    return Graded(EVIL, EVIL, EVIL, "canvas", EVIL, LESSON.key, Status.GRADED, [EVIL, f"copy:{EVIL}"], EVIL, results)


def test_a_message_is_cleaned_before_it_is_kept(record):
    """No escape sequence, no change of direction and no template of the student's in what the record says."""
    (found,) = record.results.checks

    assert not any(character in found.message for character in UNSEEN + "\r")
    assert "{points}" in found.message
    assert len(found.message) < 1000


def test_titles_and_labels_are_cleaned(record):
    """What a figure is called stays one short line."""
    words = [exhibit.title for exhibit in record.results.exhibits]
    words += [curve.label for exhibit in record.results.exhibits for curve in exhibit.curves]

    assert words
    assert not any(character in word for word in words for character in UNSEEN + "\r")
    assert all(len(word) <= 80 for word in words)


def test_pages_hold_hostile_text_as_text(record, tmp_path):
    """No tag, no attribute and no script of the student's in any page, and nothing outside the folder of reports."""
    write_reports(tmp_path / "out", [record], ENGLISH, language="en")

    pages = list((tmp_path / "out").rglob("*.html"))
    assert len(pages) >= 2
    for path in pages:
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        assert "img" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not [value for name, value in page.attributes if name in ("href", "src") and "://" in (value or "")]
        assert page.tags.count("script") <= 1
        assert "49" not in "".join(page.text).split("{{7*7}}")[0][-2:]
        assert not any(character in path.read_text(encoding="utf-8") for character in UNSEEN)
    assert all(path.is_relative_to(tmp_path / "out") for path in tmp_path.rglob("*.html"))


def test_tables_hold_no_formulas(record, tmp_path):
    """A spreadsheet that opens grades.csv or a gradebook computes nothing that a student wrote."""
    written = write_exports(tmp_path, [record], ENGLISH, language="en").tables

    assert written
    for path in written:
        assert not any(character in path.read_text(encoding="utf-8") for character in UNSEEN)
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert [cell for row in rows for cell in row if cell.startswith(FORMULAS) and not _is_number(cell)] == []
        assert len({len(row) for row in rows}) == 1


def test_records_are_plain_json(record, tmp_path):
    """The record of a hostile submission is read back by any JSON reader."""
    write_reports(tmp_path, [record], ENGLISH, language="en")

    (path,) = (tmp_path / "results").iterdir()
    assert json.loads(path.read_bytes())


@pytest.mark.parametrize("key", [EVIL, "../../etc/passwd", "a\0b", "CON", "." * 300, "-rf", ""])
def test_a_key_is_no_path(key):
    """What a student is called never leads out of a folder."""
    name = safe_name(key)

    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.startswith("-")


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True
