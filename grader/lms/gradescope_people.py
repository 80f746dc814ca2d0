"""The people of a Gradescope download: the lines of its metadata that name them, read without a YAML parser."""

from __future__ import annotations

import re
from pathlib import Path

MAX_METADATA_BYTES = 32 * 2**20

GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_FIELD = re.compile(r"(?P<item>- )?:(?P<name>name|email|sid): (?P<value>.*)")


def submitters(path: Path) -> dict[str, list[dict[str, str]]]:
    """Name, e-mail and number of the submitters, by folder; of a file that is not Gradescope's, what looks like it."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_METADATA_BYTES:
        return {}
    people: dict[str, list[dict[str, str]]] = {}
    current: list[dict[str, str]] = []
    among_submitters = False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if (top := line.rstrip(":")) and GRADESCOPE.fullmatch(top):
            current = people.setdefault(top, [])
        elif line.startswith("  :"):
            among_submitters = line.rstrip() == "  :submitters:"
        elif among_submitters and (found := _FIELD.fullmatch(line.strip())):
            if found["item"]:
                current.append({})
            if current:
                current[-1][found["name"]] = _scalar(found["value"].strip())
    return people


def _scalar(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        inside = re.sub(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1] or m[2], 16)), text[1:-1])
        return re.sub(r'\\(["\\])', r"\1", inside)
    return "" if text in ("null", "~") else text
