"""Pages as a test reads them: written, taken apart, opened in a browser; and what must not become markup in them."""

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.language.messages import translator
from grader.reports.pages import write_reports

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
MARK = "pwned-by-a-student"
ATTACKS = [
    f"<script>document.title='{MARK}'</script>",
    f'"><img src=x onerror="document.title=\'{MARK}\'">',
    f"' onmouseover='document.title=`{MARK}`' x='",
    f"</title></style></svg><svg onload=\"document.title='{MARK}'\"><script>document.title='{MARK}'</script>",
    f"javascript:document.title='{MARK}'",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    f"<iframe srcdoc=\"<script>parent.document.title='{MARK}'</script>\"></iframe><base href='//evil.example/'>",
    f"]]><!--<meta http-equiv='refresh' content='0;url=javascript:document.title=`{MARK}`'>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css><form action=//evil.example>",
    "\x1b[31m\u202etxt.exe\u2066\0</textarea><math><mtext></p><a name=w>",
]


def written(folder, records, language="es"):
    """The texts of the overview and of the students' pages."""
    write_reports(folder, records, translator(language), language=language)
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "students").iterdir()}
    return (folder / "index.html").read_text(encoding="utf-8"), pages


class Skeleton(HTMLParser):
    """The elements of a page with their attributes, and its visible text."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.scripts = [], [], []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.elements.append((tag, tuple(attrs)))
        self._inside = tag

    def handle_endtag(self, tag):  # noqa: ARG002 - the parser calls it with one
        """Leave an element."""
        self._inside = ""

    def handle_data(self, data):
        """Note a text, apart if it is a script or a style."""
        (self.scripts if self._inside in ("script", "style") else self.text).append(data)

    def shape(self):
        """Elements and the names of their attributes."""
        return [(tag, tuple(name for name, _ in attrs)) for tag, attrs in self.elements]


def dumped(page: Path, profile: Path) -> str:
    """The page's elements after a browser ran what it would run."""
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    options += " --disable-component-update --disable-sync --virtual-time-budget=2000"
    ran = subprocess.run(
        [str(CHROMIUM), *options.split(), f"--user-data-dir={profile}", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ran.stdout
