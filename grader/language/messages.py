"""What students read: templates in English, said in the language of the run by gettext catalogues.

A message is kept as template and values until it is shown, so that checks need not know the language::

    T("Expected {expected}, received {received}.", expected=3, received=4)
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.deciding import VERDICTS
from grader.language import visible

DOMAINS = (VERDICTS, "pages")
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("es", "en")

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Text:
    """A sentence with its values, translated when rendered.

    Values may be texts themselves. Of any other, only what is visible is said: some are names that a student gave.
    """

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def render(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``."""
        values = {name: _said(value, translate) for name, value in self.values.items()}
        return translate(self.template).format(**values) if values else translate(self.template)


def _said(value: Any, translate: Translate) -> str:
    return value.render(translate) if isinstance(value, Text) else visible.printable(str(value))


def T(template: str, **values: Any) -> Text:  # noqa: N802 - short and capital, as gettext's `_`, so that babel finds it
    """A text for students; the template must be a literal, because the catalogues are extracted from the source."""
    return Text(template, values)


class Told(Exception):
    """What went wrong, in a sentence: ``text``. It stays whole on its way from another process."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return self.text.template


def translator(language: str) -> Translate:
    """The function that says a template in ``language``; English is the language of the templates.

    Raises:
        ValueError: there is no such catalogue.

    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    if language == "en":
        return _as_it_is
    catalogue, pages = (gettext.translation(domain, LOCALE, languages=[language]) for domain in DOMAINS)
    catalogue.add_fallback(pages)
    return lambda template: catalogue.gettext(template) if template else ""


def _as_it_is(template: str) -> str:
    return template
