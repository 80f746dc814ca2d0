"""Names from outside as file systems take them: of students, their files, their folders."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # Windows keeps these names, whatever their suffix


def slug(text: str, limit: int = 40) -> str:
    """The ASCII letters and digits of ``text``, with hyphens between words; may be empty."""
    plain = unicodedata.normalize("NFKD", text[: 8 * limit]).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-")


def digest(text: str) -> str:
    """A short name for any text, the same each time."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def safe_name(key: str) -> str:
    """A file name, without suffix, that every file system takes; a key that is one already stays as it is."""
    if _SAFE_NAME.fullmatch(key) and not _RESERVED.fullmatch(key):
        return key
    return f"{slug(key) or 'x'}-{digest(key)}"
