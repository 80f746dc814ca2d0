import ast
import pickle
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.faults import GraderFault
from grader.judge import expect
from grader.judge.check import Mismatch, Unanswered
from grader.language import catalogues, messages, visible
from grader.language.messages import LANGUAGES, T, Text, translator
from grader.lesson import ROOT
from grader.results import Outcome
from grader.student.process import WorkerGone

BIDIRECTIONAL = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def fields(template):
    """The names in a template's braces, with their format specifications."""
    return sorted((name, spec) for _, name, spec, _ in string.Formatter().parse(template) if name is not None)


@pytest.fixture(scope="module", params=messages.DOMAINS)
def domain(request):
    """What the translations are kept in: those of records and those of pages."""
    return request.param


@pytest.fixture(scope="module")
def spanish(domain):
    """A Spanish catalogue as it stands, merged with the messages of the code."""
    return catalogues.merged("es", domain)


def test_every_message_has_a_spanish_translation(spanish):
    """Students read Spanish unless they ask for English."""
    assert catalogues.untranslated(spanish) == []


def test_asking_for_help_writes_nothing(monkeypatch, capsys):
    """``--help`` of the command that writes the catalogues only helps."""
    monkeypatch.setattr(catalogues, "merged", lambda *_: pytest.fail("it went to work"))

    with pytest.raises(SystemExit, match="0"):
        catalogues.main(["--help"])

    assert "--check" in capsys.readouterr().out


def test_catalogues_are_up_to_date():
    """What `make messages` would write is what is there."""
    assert catalogues.main(["--check"]) == 0


def test_translations_have_the_fields_of_their_templates(spanish):
    """A misspelt field would make a message fail when it is shown."""
    wrong = [m.id for m in spanish if m.id and m.string and set(fields(m.id)) != set(fields(m.string))]

    assert wrong == []


def test_translations_keep_the_spaces_around_hints(spanish):
    """Hints are joined to sentences by the space that they begin with."""
    wrong = [m.id for m in spanish if m.id and m.string and m.id.startswith(" ") != m.string.startswith(" ")]

    assert wrong == []


def test_every_template_gets_the_values_it_names():
    """Each call of T in the grader passes exactly the fields of its literal template."""
    with pytest.raises(Mismatch) as raised:
        expect.number(None, "")
    wrong_kind, wrong = set(raised.value.text.values), []
    for path in sorted((ROOT / "grader").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "T"):
                continue
            template, given_names = node.args[0], {keyword.arg for keyword in node.keywords}
            if given_names == {None}:  # T("…", **what all say of a value of the wrong kind) in grader/judge/expect.py
                given_names = wrong_kind
            if not isinstance(template, ast.Constant) or {name for name, _ in fields(template.value)} != given_names:
                wrong.append(f"{path.name}:{node.lineno}")

    assert wrong == []


@pytest.mark.parametrize(
    "error",
    [
        GraderFault(T("no {what}", what=T("isolation"))),
        Unanswered(Outcome.ERROR, T("{n} s", n=3), ("E",)),
        WorkerGone(T("x")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_sentence_stays_whole_between_processes(error):
    """What travels as an exception arrives with its text and all that it carries."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (type(copy), copy.args, vars(copy)) == (type(error), error.args, vars(error))
    assert str(copy) == error.text.template


@pytest.mark.parametrize("language", LANGUAGES)
def test_nested_texts_are_said_in_one_language(language):
    """A text inside a text is translated with it, and an empty one is empty."""
    say = translator(language)
    inner = T("it lacks {name}", name="meta")
    outer = T("The homework's file cannot be read: {reason}. Write it again with kit.save_homework.", reason=inner)

    assert inner.render(say) in outer.render(say)
    assert Text("").render(say) == ""


@given(st.text())
def test_values_are_never_taken_for_templates(value):
    """Braces, percent signs and attribute look-ups in a student's text are shown as they are."""
    assert T("[{value}]", value=value).render(translator("en")) == f"[{visible.printable(value)}]"


def test_an_unknown_language_is_a_value_error():
    """The languages are a closed list."""
    with pytest.raises(ValueError, match="language must be"):
        translator("../../etc")


@given(st.text(st.characters(), max_size=400), st.integers(1, 100))
def test_cleaned_text_is_short_and_harmless(text, limit):
    """No controls but tab and new line, nothing that turns the direction of writing, valid UTF-8, within the limit."""
    cleaned = visible.block(text, limit)

    assert len(cleaned) <= limit
    assert cleaned.encode().decode() == cleaned
    assert not [c for c in cleaned if (unicodedata.category(c) == "Cc" and c not in "\t\n") or c in BIDIRECTIONAL]


def test_catalogues_are_the_same_bytes_each_time(spanish, domain):
    """No clock and no machine in them."""
    assert catalogues.compiled(spanish) == catalogues.compiled(catalogues.merged("es", domain))


def test_a_message_is_in_one_domain():
    """Records' messages decide what a journal holds; a page's own do not, and none is in both."""
    verdicts, pages = ({message.id for message in catalogues.template(each) if message.id} for each in messages.DOMAINS)

    assert not verdicts & pages
    assert "Open {page} in a browser." in pages
    assert "There is no function `{function}`. Its name must be exactly this one." in verdicts


def test_both_domains_are_spoken():
    """A message of a record and one of a page come in the language asked for."""
    say = messages.translator("es")

    assert say("Open {page} in a browser.") == "Abre {page} en un navegador."
    assert say("Homework") == "Tarea"
