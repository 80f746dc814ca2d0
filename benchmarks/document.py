"""docs/benchmarks.md: a section for each benchmark, between markers, so that each command refreshes only its own."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.lesson import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
SECTIONS = ("throughput", "peers")
COMMANDS = {"throughput": "make bench", "peers": "make bench-peers"}
EMPTY = "Not measured yet: run `{command}`."

INTRODUCTION = """# Benchmarks

Every figure here was written by a command, `make bench` or `make bench-peers`, on one machine; do not edit. Absolute
times are that machine's. What carries over are ratios and differences, whose sides were measured in turn in one run.

What is graded: four functions of lesson 108 (`compute_fans`, `theoretical_variance`, `kernel_norms`, `train_homework`)
with their seven checks, which train two small networks. Submissions are made by code and differ by a comment with
their index, so that none is graded as the copy of another.
"""


def begin(section: str) -> str:
    """The line before a section's text."""
    return f"<!-- begin {section}: written by `{COMMANDS[section]}` -->"


def end(section: str) -> str:
    """The line after it."""
    return f"<!-- end {section} -->"


def read(text: str) -> dict[str, str]:
    """The sections of a document. Raises ValueError when a marker is missing."""
    found = {}
    for section in SECTIONS:
        match = re.search(f"{re.escape(begin(section))}\n(.*?){re.escape(end(section))}", text, re.DOTALL)
        if match is None:
            raise ValueError(f"the markers of the section {section!r} are missing")
        found[section] = match[1].strip()
    return found


def compose(sections: dict[str, str]) -> str:
    """The document with these sections; one that is missing says how to measure it."""
    parts = [INTRODUCTION.strip()]
    for section in SECTIONS:
        body = sections.get(section) or EMPTY.format(command=COMMANDS[section])
        parts.append(f"{begin(section)}\n\n{body.strip()}\n\n{end(section)}")
    return "\n\n".join(parts) + "\n"


def update(section: str, body: str, path: Path = DOCUMENT) -> None:
    """Replace one section and leave the others as they are."""
    kept = read(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(compose(kept | {section: body}), encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def circumstances(load_before: float, load_after: float, settings: str) -> str:
    """When, on what and how it was measured, without the machine's name; and whether it had other work to do."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    shared = (
        f" **The machine was shared**: its load was {load_before:.1f} before the run and {load_after:.1f} at its end, "
        "which stretches wall times and inflates CPU times somewhat; only ratios within the run mean something."
        if load_before > 0.5
        else ""
    )
    versions = ", ".join(f"{name} {_version(name)}" for name in ("tensorflow", "keras", "numpy"))
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores ({platform.machine()}), {pages:.0f} GB of "
        f"memory, {platform.system()}, Python {platform.python_version()}, {versions}. {settings}{shared}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def megabytes(size: float) -> str:
    """A size for people."""
    return f"{size / 2**20:.0f} MB"


def fit_line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float, float]:
    """Slope, intercept and coefficient of determination of the least-squares line."""
    n, mx, my = len(xs), sum(xs) / len(xs), sum(ys) / len(ys)
    sxx = sum((x - mx) ** 2 for x in xs)
    if n < 2 or sxx == 0:
        return my / mx if mx else 0.0, 0.0, 1.0
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sxx
    intercept = my - slope * mx
    rest = sum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    total = sum((y - my) ** 2 for y in ys)
    return slope, intercept, 1 - rest / total if total else 1.0
