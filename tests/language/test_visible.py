"""The one sanitizer: what of a student's text a reader sees, and nothing that acts on what shows it."""

import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.language import visible
from grader.language.messages import T

FORMS = (visible.line, visible.block)
WITHOUT_SURROGATES = st.text(st.characters(exclude_categories=["Cs"]))
ACTS = [
    *(
        "\x1b[31m",
        "\x1b[1;31;40m",
        "\x1b[2J",
        "\x9b31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x1bP1$r\x1b\\",
    ),
    *("\x1b(B", "\x1bc", "\x90q\x9c", "\x00", "\x07", "\x08", "\x7f", "\x85"),
    *("\u061c", "\u200b", "\u200e", "\u00ad", "\u2060", "\u202e", "\u2066", "\ufeff", "\U000e0041", "\U000e007f"),
    *("\ud800", "\ue000", "\u115f", "\u3164", "\uffa0", "\u2800", "\ufe0f", "\u034f", "\U000e0100"),
]


@pytest.mark.parametrize("form", [*FORMS, visible.printable, lambda text: T("{text}", text=text).render(str)])
@pytest.mark.parametrize("act", ACTS, ids=ascii)
def test_what_cannot_be_seen_is_not_there(act, form):
    """A terminal sequence goes as a whole; so do controls, format characters and blanks that are no spaces."""
    assert form(f"ca{act}sa").replace("?", "").replace(" ", "") == "casa"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["Núñez", "≤ 3 × σ²", "日本語", "x‖W‖₂", "¿Qué? «así»", "🙂", "a\u0301".join("bc")])
def test_what_can_be_seen_stays(text, form):
    """Accents, mathematics, other alphabets and pictures; composed, as people write."""
    assert form(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("form", FORMS)
@given(text=st.text())
def test_every_text_becomes_visible(form, text):
    """No control, no format character, no surrogate, no unassigned one; a block keeps its lines and tabs."""
    kept = "\n\t" if form is visible.block else ""

    found = form(text, 50)

    assert len(found) <= 50
    assert all(each in kept or unicodedata.category(each) not in visible.INVISIBLE for each in found)
    assert not set(found) & visible.BLANK
    found.encode("utf-8")


@pytest.mark.parametrize("form", FORMS)
@given(text=WITHOUT_SURROGATES)
def test_cleaning_twice_changes_nothing(form, text):
    """What was cleaned is clean."""
    once = form(text, 1000)

    assert form(once, 1000) == once


def test_both_forms_know_the_same_characters():
    """One alphabet: of every character there is, either both forms keep it or none; white space and controls aside."""
    everything = map(chr, range(sys.maxunicode + 1))
    printing = (each for each in everything if not each.isspace() and unicodedata.category(each) != "Cc")
    text = "".join(f"a{character}" for character in printing)

    found = visible.line(text, len(text))

    assert found == visible.block(text, len(text))
    assert len(found) > 300_000


def test_a_line_is_one_and_a_block_keeps_its_own():
    """Line breaks of any kind become spaces in one and stay in the other."""
    text = "uno\r\n\tdos\u2028tres  \n"

    assert visible.line(text) == "uno dos tres"
    assert visible.block(text) == "uno\n\tdostres"


def test_a_sentence_says_what_is_visible_of_its_values():
    """Whatever they are: a path, an exception, a list; its own words and a value's spaces and lines stay."""
    hidden = "\u061c\u200b\u00ad\u202e\U000e0041"
    values = [Path(f"a{hidden}"), ValueError(f"b{hidden}"), [f"c{hidden}\u3164"], f" d{hidden}\n ", 3]

    said = [T("«{value}»", value=value).render(str) for value in values]

    assert said[:2] == ["«a»", "«b»"]
    assert said[3:] == ["« d\n »", "«3»"]
    assert not any(each in visible.BLANK for each in said[2])


def test_towers_of_accents_are_cut_down():
    """Three marks on a letter are enough for any language; more would reach into other lines."""
    assert len(visible.line("a" + "\u0315" * 50)) == 4


@pytest.mark.parametrize("form", FORMS)
def test_a_long_text_is_cut_with_a_sign(form):
    """At the limit, not before and not after; and the time does not grow with what is cut off."""
    assert form("x" * 20, 20) == "x" * 20
    assert form("x" * 21, 20) == "x" * 19 + "…"
    assert form("\x1b" * 10**8, 20) == ""
