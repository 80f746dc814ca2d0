"""The pages: what they say, that nothing a student writes becomes markup, and that a browser runs none of it."""

import html
import json
import subprocess

import msgspec
import pytest

from grader.graded import Status, decode, encode
from grader.reports.analysis import ClassSummary
from grader.reports.charts import chart_of, histogram
from grader.results import Curve, Exhibit, Outcome
from tests.support.pages import ATTACKS, MARK, Skeleton, dumped, needs_chromium, written
from tests.support.records import graded, hostile, judged

# --- what the pages say -----------------------------------------------------------------------------------------


def test_a_students_page_says_it_all(tmp_path):
    """Points, verdicts, messages, notices, seed, versions and the command to repeat are on the page."""
    checks = [
        judged(),
        judged("108.1.b", Outcome.FAILED, "Se esperaba 3, se recibió 4.", sentence="Otra."),
        judged("108.homework.c", Outcome.NOT_RUN, "Falta la tarea.", exercise="homework"),
    ]

    _, pages = written(tmp_path, [graded(checks=checks, notices=["Un aviso."])])

    text = " ".join(" ".join(Skeleton(pages["ana-7"]).text).split())
    for expected in ("Ana Pérez", "2/6", "Ejercicio 1", "Tarea", "Se esperaba 3, se recibió 4.", "Falta la tarea."):
        assert expected in text
    for expected in ("Un aviso.", "keras 3.15", "--seed=5", "(superada)", "(no superada)", "(no ejecutada)"):
        assert expected in text


def test_pages_in_english(tmp_path):
    """The other language reaches the texts and the language attribute."""
    index, pages = written(tmp_path, [graded(checks=[judged()])], "en")

    assert '<html lang="en">' in index
    assert "Repeat this check" in pages["ana-7"]
    assert "Checks, hardest first" in index


def test_the_record_is_written_beside(tmp_path):
    """results/<key>.json is the record."""
    record = graded(checks=[judged()])

    written(tmp_path, [record])

    assert json.loads((tmp_path / "results" / "ana-7.json").read_text())["points"] == 2.0


def test_a_rerun_leaves_no_old_pages(tmp_path):
    """Pages and records of who is gone, or has no results now, go too; what the grader did not write stays."""
    written(tmp_path, [graded(), graded("luis-8-108"), graded("eva-0123456789ab")])
    kept = ["results/mine.json", "results/ana-9.txt", "students/notes.html"]
    for name in kept:
        (tmp_path / name).write_text("mine")

    written(tmp_path, [msgspec.structs.replace(graded(), status=Status.UNREADABLE, results=None)])

    left = [str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")]
    assert sorted(left) == sorted([*kept, "students/ana-7.html"])


def test_pages_and_records_are_written_in_one_step(tmp_path, monkeypatch):
    """A disk that is full in the middle leaves the earlier page and record whole."""
    written(tmp_path, [graded()])
    before = {path: path.read_bytes() for path in tmp_path.glob("*/*")}
    monkeypatch.setattr("os.fsync", _full_disk)

    with pytest.raises(OSError, match="full"):
        written(tmp_path, [graded(student="Luis")])

    assert {path: path.read_bytes() for path in tmp_path.glob("*/*")} == before


def _full_disk(_):
    raise OSError(28, "full")


def test_a_submission_of_no_lesson(tmp_path):
    """Where nothing tells the lesson, the page names none."""
    record = msgspec.structs.replace(
        graded(), status=Status.UNREADABLE, results=None, lesson="", message="No hay nada."
    )

    _, pages = written(tmp_path, [record])

    assert f'<p class="soft">{record.submission}</p>' in pages["ana-7"]


def test_an_unreadable_submission(tmp_path):
    """What could not be read has a page that says why, no points, and no place in the distribution."""
    record = msgspec.structs.replace(graded(), status=Status.UNREADABLE, results=None, message="No es un cuaderno.")

    index, pages = written(tmp_path, [record])

    assert "No es un cuaderno." in pages["ana-7"]
    assert "0/0" not in index
    assert not list((tmp_path / "results").iterdir())


def test_a_grader_fault_is_no_fault_of_the_student(tmp_path):
    """Open points are shown as open, and the row counts for no statistic."""
    record = graded(checks=[judged(), judged("108.1.b", Outcome.GRADER_FAULT, "El corrector falló.")])

    index, pages = written(tmp_path, [record])

    assert "Puntos pendientes: 2." in pages["ana-7"]
    assert "?/2" in pages["ana-7"]
    assert "Entregas con puntos definitivos: 0" in index


def test_students_do_not_see_who_handed_in_the_same(tmp_path):
    """A copy is named to the instructor only: a student's page may be handed out."""
    one = graded("ana-7", [judged()], flags=["copy:luis-8"])
    other = graded("luis-8", [judged()], student="Luis Gómez")

    index, pages = written(tmp_path, [one, other])

    assert "Luis" not in pages["ana-7"]
    assert "luis-8" not in pages["ana-7"]
    assert "idéntica a otra entrega" in pages["ana-7"]
    assert "Entregas idénticas" in index


def test_every_row_links_to_its_page(tmp_path):
    """Links of the overview lead to pages that exist, also for keys that are no file names."""
    index, _ = written(tmp_path, [graded(key, [judged()]) for key in ("../../up", "CON", "a b", "ok-1", "x" * 300)])

    links = [dict(attrs)["href"] for tag, attrs in Skeleton(index).elements if tag == "a"]
    pages = [link for link in links if link.startswith("students/")]
    assert len(set(pages)) == 5
    assert all((tmp_path / link).is_file() for link in pages)


# --- the class in numbers ---------------------------------------------------------------------------------------


def test_items_are_analysed():
    """The hardest check comes first, with the message that most got, whatever numbers stand in it."""
    summary = ClassSummary()
    for i in range(12):
        failed = i < 6
        message = f"Se esperaba {i}.5, se recibió 0.{i}." if i < 4 else "Otra cosa."
        hard = judged("b", Outcome.FAILED if failed else Outcome.PASSED, message if failed else "")
        summary.add(graded(f"k-{i}", [judged("a"), hard, judged("c", points=1.0 + (not failed))]))

    items = summary.lessons["108_initialization"].hardest_first

    assert (items[0].check.id, items[0].share) == ("b", 0.5)
    assert items[0].commonest == ("Se esperaba 0.5, se recibió 0.0.", 4)
    assert items[0].discrimination == pytest.approx(1.0)
    assert items[1].discrimination is None


def test_statistics_of_the_points():
    """Mean, median, deviation and bins are those of the final points."""
    summary = ClassSummary()
    for i, passed in enumerate([0, 1, 1, 2]):
        outcomes = [Outcome.PASSED] * passed + [Outcome.FAILED] * (2 - passed)
        summary.add(graded(f"k-{i}", [judged(str(j), outcome) for j, outcome in enumerate(outcomes)]))

    lesson = summary.lessons["108_initialization"]

    assert (lesson.mean, lesson.median, lesson.deviation) == pytest.approx((2.0, 2.0, 2.0**0.5))
    assert lesson.bins == [1, 0, 0, 0, 0, 2, 0, 0, 0, 1]


def test_copies_form_groups():
    """Flags tie submissions together, also over a third one; a flag that names nobody ties nothing."""
    summary = ClassSummary()
    for key, flags in {"a": [], "b": ["copy:a"], "c": ["copy:b"], "d": ["copy:gone"], "e": []}.items():
        summary.add(graded(key, flags=flags))

    assert [[row.key for row in group] for group in summary.copy_groups] == [["a", "b", "c"]]


def test_messages_are_counted_within_bounds():
    """A class of students who all read something else does not fill the memory."""
    summary = ClassSummary()
    for i in range(1000):
        text = "".join(chr(97 + int(digit)) for digit in str(i))
        summary.add(graded("k", [judged(outcome=Outcome.FAILED, message=text)]))

    (item,) = summary.lessons["108_initialization"].hardest_first

    assert len(item.messages) == 300


@pytest.mark.parametrize(
    "values",
    [
        [1.0],
        [0.0, 0.0],
        [1e308, -1e308],
        [1e-320, 2e-320],
        [float("nan"), 1.0],
        [float("inf")] * 3 + [2.0],
        [-5.0, 5.0],
        list(range(200)),
    ],
)
@pytest.mark.parametrize("kind", ["lines", "bars", "nonsense"])
def test_charts_of_any_numbers(values, kind):
    """Whatever numbers are reported, the chart's own stay finite and inside it."""
    chart = chart_of(Exhibit("t", kind, [Curve("c", values), Curve("none", [])]), "epoch")

    assert chart is not None
    assert all(-1 <= tick.at <= chart.width for tick in (*chart.x_ticks, *chart.y_ticks))
    drawn = chart.bars + "".join(line.points + line.marks for line in chart.lines)
    assert "nan" not in drawn
    assert "inf" not in drawn
    assert drawn


def test_charts_of_nothing():
    """No numbers, no chart; an empty class has an empty histogram."""
    assert chart_of(Exhibit("t", "lines", [Curve("c", [float("nan")])]), "epoch") is None
    assert chart_of(Exhibit("t", "bars", []), "epoch") is None
    assert histogram([0] * 10, "t", "x").values == ()


# --- records ----------------------------------------------------------------------------------------------------


def test_records_survive_json():
    """A record comes back as it was."""
    record = graded(checks=[judged()], exhibits=[Exhibit("t", "lines", [Curve("c", [1.0])])], cpu_seconds=1.5)

    assert decode(encode(record)) == record


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"key": 1}', b"\xff"])
def test_what_is_no_record(content):
    """Damaged JSON is refused, not half read."""
    with pytest.raises(msgspec.DecodeError):
        decode(content)


# --- hostile texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_a_student_writes_becomes_markup(tmp_path, attack):
    """The pages have the same elements and attributes, whether a student writes markup or a word."""
    evil_index, evil_pages = written(tmp_path / "evil", [hostile(attack)])
    good_index, good_pages = written(tmp_path / "good", [hostile("word")])

    for evil, good in ((evil_index, good_index), (evil_pages["evil-1"], good_pages["evil-1"])):
        skeleton = Skeleton(evil)
        assert skeleton.shape() == Skeleton(good).shape()
        assert not any(name.startswith("on") or name == "style" for _, attrs in skeleton.shape() for name in attrs)
        assert skeleton.scripts == Skeleton(good).scripts
        links = [dict(attrs).get("href", "#") for _, attrs in skeleton.elements]
        assert all(link.startswith(("#", "students/", "../index.html")) for link in links)
        assert not any(control in evil for control in "\x1b\0\u202e\u2066")


def test_the_policy_names_exactly_the_pages_own_texts(tmp_path):
    """The Content-Security-Policy allows one style and, on the overview, one script, by fingerprint."""
    index, pages = written(tmp_path, [graded(checks=[judged()])])

    policies = [
        html.unescape(page.split('Content-Security-Policy" content="')[1].split('"')[0])
        for page in (index, pages["ana-7"])
    ]

    assert all(policy.startswith("default-src 'none'; style-src 'sha256-") for policy in policies)
    assert "script-src 'sha256-" in policies[0]
    assert "script-src 'none'" in policies[1]
    assert not any("unsafe" in policy for policy in policies)


def test_pages_load_nothing(tmp_path):
    """No page names another host or file to load."""
    index, pages = written(tmp_path, [graded(checks=[judged()], exhibits=[Exhibit("t", "lines", [Curve("c", [1.0])])])])

    for page in (index, pages["ana-7"]):
        assert "http://" not in page
        assert "https://" not in page
        assert not any(
            name in ("src", "srcset", "data", "action", "xlink:href")
            for _, attrs in Skeleton(page).shape()
            for name in attrs
        )


def test_a_command_is_safe_to_paste(tmp_path):
    """A notebook's name cannot end the quotes, add an option or a line to the command."""
    name = "-x'; rm -rf ~; echo '\n$(id) `id`.ipynb"
    record = graded(checks=[judged()])
    record = msgspec.structs.replace(record, results=msgspec.structs.replace(record.results, submission=name))

    _, pages = written(tmp_path, [record])

    command = next(text for text in Skeleton(pages["ana-7"]).text if text.startswith("pytest grader"))
    printed = subprocess.run(  # noqa: S602 - what a shell makes of it is the question
        command.replace("pytest grader", "printf '%s\\n'"), shell=True, capture_output=True, text=True, check=True
    )
    assert printed.stdout.splitlines() == [
        "--submission=./-x'; rm -rf ~; echo ' $(id) `id`.ipynb",
        "--lesson=108",
        "--seed=5",
    ]


# --- in a browser -----------------------------------------------------------------------------------------------


@needs_chromium
def test_a_browser_runs_nothing_of_a_students(tmp_path):
    """Chromium opens the overview and a page full of attacks, and no script of theirs changes anything."""
    written(tmp_path / "out", [hostile(attack, f"evil-{i}") for i, attack in enumerate(ATTACKS)])
    combined = hostile(" ".join(ATTACKS), "all-1")
    written(tmp_path / "all", [combined])

    pages = [tmp_path / "out" / "index.html", tmp_path / "all" / "students" / "all-1.html"]
    found = [dumped(page, tmp_path / f"profile-{i}") for i, page in enumerate(pages)]

    for dom in found:
        assert f"<title>{MARK}" not in dom
        assert "<iframe" not in dom
        assert not any(name.startswith("on") for _, attrs in Skeleton(dom).shape() for name in attrs)
        assert dom.rstrip().endswith("</html>")
    assert 'id="filter" aria-label' in found[0]  # shown by the page's own script, so scripts of the page do run


@needs_chromium
def test_the_policy_stops_a_script_that_gets_in(tmp_path):
    """Even markup that were written unescaped would not run: the second line of defence holds by itself."""
    written(tmp_path, [graded(checks=[judged()])])
    page = tmp_path / "students" / "ana-7.html"
    injected = f"<script>document.title='{MARK}'</script><img src=x onerror=\"document.title='{MARK}'\">"
    page.write_text(page.read_text(encoding="utf-8").replace("</h1>", f"</h1>{injected}"), encoding="utf-8")

    dom = dumped(page, tmp_path / "profile")

    assert f"<title>{MARK}" not in dom


@needs_chromium
def test_the_table_sorts_and_filters(tmp_path):
    """A click on a heading sorts by it, empty cells last and numbers as such; the search box needs no accents."""
    points = {"Ana": 9.0, "Zoë": 10.0, "Luis": 100.0}
    records = [graded(name, [judged(points=value)], student=name) for name, value in points.items()]
    unread = msgspec.structs.replace(graded("eva", student="Eva"), status=Status.UNREADABLE, results=None)
    index, _ = written(tmp_path, [unread, *records])
    script = """<script>
      const heads = document.querySelectorAll("#students thead button"), seen = [];
      const names = () => [...document.querySelectorAll("#students tbody tr:not([hidden]) a")].map(a => a.textContent);
      for (const i of [1, 1, 0]) { heads[i].click(); seen.push(names()); }
      const box = document.getElementById("filter");
      for (const wanted of ["ILEGIBLE", "zoe"]) {
        box.value = wanted; box.dispatchEvent(new Event("input")); seen.push(names());
      }
      document.title = JSON.stringify(seen);
    </script></body>"""
    unguarded = index.replace("Content-Security-Policy", "x-off").replace("</body>", script)
    (tmp_path / "index.html").write_text(unguarded, encoding="utf-8")

    dom = dumped(tmp_path / "index.html", tmp_path / "profile")

    assert json.loads(html.unescape(dom.split("<title>")[1].split("</title>")[0])) == [
        ["Ana", "Zoë", "Luis", "Eva"],
        ["Luis", "Zoë", "Ana", "Eva"],
        ["Ana", "Eva", "Luis", "Zoë"],
        ["Eva"],
        ["Zoë"],
    ]
