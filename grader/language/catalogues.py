"""Keeps the message catalogues in step with the code: ``python -m grader.language.catalogues [--check]``.

Collects every ``T("…")`` and the first line of every check's docstring, merges them into the ``.po`` files of each
language and compiles these to the ``.mo`` that gettext reads. Translations are written by hand into the ``.po``. There
are two domains: what a record says decides what a journal holds, what a page says does not (grader.deciding).
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.deciding import ROOMS, VERDICTS, room_of
from grader.language.messages import DOMAINS, LANGUAGES, LOCALE
from grader.lesson import ROOT

PACKAGE = ROOT / "grader"
SOURCES = ("*.py", "check_*.py.j2")  # the checks that a new lesson begins with are translated before there is one
HEADER = "# Messages of the grader. Written by hand; `make messages` adds and removes entries."
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # no clock in the files, so that the same messages give the same bytes


def template(domain: str) -> Catalog:
    """Every message of a domain, with the files that it stands in. One that decides a grade anywhere is a verdict."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for pattern in SOURCES for path in PACKAGE.rglob(pattern)):
        for message in _messages(path.read_bytes()):
            found.setdefault(message, []).append(path.relative_to(ROOT).as_posix())
    catalogue = Catalog(project=domain, fuzzy=False)
    for message, places in found.items():
        if _domain(places) == domain:
            catalogue.add(message, locations=[(place, 0) for place in dict.fromkeys(places)])
    return catalogue


def _domain(places: list[str]) -> str:
    theirs = (ROOT / place.rpartition("templates/")[2] for place in places)  # where a template's file will go
    decides = any(room_of(path, PACKAGE) in ROOMS for path in theirs)
    return VERDICTS if decides else next(domain for domain in DOMAINS if domain != VERDICTS)


def _messages(source: bytes) -> Iterator[str]:
    for _, message, _, _ in extract("python", io.BytesIO(source), keywords={"T": None}):
        if message:
            yield str(message)
    yield from _sentences(source)


def _sentences(source: bytes) -> Iterator[str]:
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.FunctionDef)
            and node.name.startswith("check_")
            and (docstring := ast.get_docstring(node))
        ):
            yield docstring.splitlines()[0]


def merged(language: str, domain: str) -> Catalog:
    """The catalogue of a language with the messages that the code has now; what moved domains keeps its translation."""
    known = {message.id: message.string for each in DOMAINS for message in _written(language, each)}
    catalogue = Catalog(language, project=domain, version="1", header_comment=HEADER, creation_date=EPOCH, fuzzy=False)
    catalogue.revision_date = EPOCH
    for message in template(domain):
        if message.id:
            catalogue.add(message.id, known.get(message.id, ""), locations=message.locations)
    return catalogue


def _written(language: str, domain: str) -> Catalog:
    path = _path(language, domain, "po")
    return read_po(io.BytesIO(path.read_bytes())) if path.exists() else Catalog()


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages that have no translation yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def compiled(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The bytes of the ``.po`` and of the ``.mo``: the same for the same messages."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def _path(language: str, domain: str, suffix: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.{suffix}"


def contents(language: str) -> dict[Path, bytes]:
    """What the files of a language must hold. Tells of messages that have no translation yet."""
    found: dict[Path, bytes] = {}
    for domain in DOMAINS:
        catalogue = merged(language, domain)
        if missing := untranslated(catalogue):
            print(f"{language}, {domain}: {len(missing)} messages without translation, the first is {missing[0]!r}")
        for suffix, content in zip(("po", "mo"), compiled(catalogue), strict=True):
            found[_path(language, domain, suffix)] = content
    return found


def main(arguments: list[str] | None = None) -> int:
    """Bring the message catalogues up to date with the code; translations are written by hand into the .po files."""
    parser = argparse.ArgumentParser("python -m grader.language.catalogues", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one is stale or incomplete")
    only_check = parser.parse_args(arguments).check
    status = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        wanted = contents(language)
        stale = [path for path, content in wanted.items() if not path.exists() or path.read_bytes() != content]
        if only_check:
            for path in stale:
                print(f"{path.relative_to(ROOT)} is stale: run `make messages`")
            status |= bool(stale or any(untranslated(merged(language, domain)) for domain in DOMAINS))
            continue
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
    return status


if __name__ == "__main__":
    sys.exit(main())
