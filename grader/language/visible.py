"""The one sanitizer: a text from outside with what a reader can see of it and nothing else, as a line or as a block.

Out go terminal sequences (ECMA-48, section 5), controls, format characters (directions, tags, soft hyphens, zero
widths), what is blank without being a space, lone surrogates, and towers of combining marks. Every text of a student
passes here before it is shown on a terminal, kept in a record, or written to a page or a table.
"""

from __future__ import annotations

import re
import unicodedata

SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, the cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC and its kin: titles, links
    r"|\x1b[ -/]*[0-~]?"  # the rest
)
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
BLANK = frozenset(  # Default_Ignorable_Code_Point of other categories, and the Braille pattern without dots
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, (0xFFA0, *range(0xE0100, 0xE01F0))))
MARKS_ON_A_LETTER = 3


def line(text: str, limit: int = 120) -> str:
    """One line: white space of any kind becomes single spaces; at most ``limit`` characters."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return " ".join(text.split())
    return _cut(" ".join(_visible(text[: 8 * limit], " \t\n\r\v\f\x85\u2028\u2029").split()), limit)


def block(text: str, limit: int = 300) -> str:
    """Several lines as they are, with their tabs; at most ``limit`` characters."""
    return _cut(_visible(text[: 4 * limit], "\t\n").strip(), limit)


def printable(text: str) -> str:
    """The whole text with what can be seen of it, its spaces, its lines and its tabs."""
    return text if text.isascii() and text.isprintable() else _visible(text, "\t\n")


def _visible(text: str, kept: str) -> str:
    """The visible characters, and those of ``kept``."""
    text = SEQUENCES.sub("", text.encode("utf-8", "replace").decode("utf-8"))
    found: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_visible = category not in INVISIBLE and character not in BLANK and marks <= MARKS_ON_A_LETTER
        if is_visible or character in kept:
            found.append(character)
    return "".join(found)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
