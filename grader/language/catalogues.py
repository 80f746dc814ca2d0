"""Keeps the message catalogues in step with the code: ``python -m grader.language.catalogues [--check]``.

Collects every ``T("…")`` and the first line of every check's docstring, merges them into the ``grader.po`` of each
language and compiles that to the ``.mo`` that gettext reads. Translations are written by hand into the ``.po``.
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

from grader.language.messages import DOMAIN, LANGUAGES, LOCALE
from grader.lesson import ROOT

PACKAGE = ROOT / "grader"
HEADER = "# Messages of the grader. Written by hand; `make messages` adds and removes entries."
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # no clock in the files, so that the same messages give the same bytes


def template() -> Catalog:
    """Every message of the grader, with the file that it stands in."""
    catalogue = Catalog(project=DOMAIN, fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        source = path.read_bytes()
        for _, message, _, _ in extract("python", io.BytesIO(source), keywords={"T": None}):
            if message:
                catalogue.add(message, locations=[(place, 0)])
        for sentence in _sentences(source):
            catalogue.add(sentence, locations=[(place, 0)])
    return catalogue


def _sentences(source: bytes) -> Iterator[str]:
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.FunctionDef)
            and node.name.startswith("check_")
            and (docstring := ast.get_docstring(node))
        ):
            yield docstring.splitlines()[0]


def merged(language: str) -> Catalog:
    """The catalogue of a language with the messages that the code has now."""
    path = _path(language, "po")
    before = read_po(io.BytesIO(path.read_bytes())) if path.exists() else Catalog()
    catalogue = Catalog(language, project=DOMAIN, version="1", header_comment=HEADER, creation_date=EPOCH, fuzzy=False)
    catalogue.revision_date = EPOCH
    for message in template():
        if message.id:
            known = before.get(message.id)
            catalogue.add(message.id, known.string if known else "", locations=message.locations)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages that have no translation yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def compiled(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The bytes of the ``.po`` and of the ``.mo``: the same for the same messages."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def _path(language: str, suffix: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def main(arguments: list[str] | None = None) -> int:
    """Bring the message catalogues up to date with the code; translations are written by hand into grader.po."""
    parser = argparse.ArgumentParser("python -m grader.language.catalogues", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one is stale or incomplete")
    only_check = parser.parse_args(arguments).check
    status = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = merged(language)
        missing = untranslated(catalogue)
        paths = [_path(language, suffix) for suffix in ("po", "mo")]
        contents = compiled(catalogue)
        stale = [
            path
            for path, content in zip(paths, contents, strict=True)
            if not path.exists() or path.read_bytes() != content
        ]
        if missing:
            print(f"{language}: {len(missing)} messages without translation, the first is {missing[0]!r}")
        if only_check:
            for path in stale:
                print(f"{path.relative_to(ROOT)} is stale: run `make messages`")
            status |= bool(missing or stale)
            continue
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
    return status


if __name__ == "__main__":
    sys.exit(main())
