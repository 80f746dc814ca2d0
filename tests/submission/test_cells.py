import ast
import contextlib
import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submission.cells import Cell, Unreadable, cells_of_notebook, cells_of_python, parse, python_of_notebook
from tests.support.files import notebook


def code_of(source):
    """A cell's statements as Python writes them."""
    return [ast.unparse(statement) for statement in parse(Cell(1, source)).body]


def test_code_cells_are_counted_from_one_and_text_cells_are_left_out():
    """The number of a cell is what a student counts: code cells only."""
    cells = [
        {"cell_type": kind, "source": source} for kind, source in [("markdown", "# t"), ("code", "a"), ("raw", "")]
    ]
    content = json.dumps({"cells": [*cells, {"cell_type": "code", "source": ["b\n", "c"]}]}).encode()

    assert cells_of_notebook(content) == [Cell(1, "a"), Cell(2, "b\nc")]


def test_a_notebook_may_begin_with_a_byte_order_mark():
    """Some Windows programs write one."""
    content = b"\xef\xbb\xbf" + notebook("x = 1")

    assert cells_of_notebook(content) == [Cell(1, "x = 1")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"cells": 3}',
        b'{"cells": [1]}',
        b'{"cells": [{"cell_type": "code", "source": 5}]}',
        b'{"worksheets": [{"cells": []}]}',
        b"\xff\xfe" + "{}".encode("utf-16-le"),
        b'{"cells": [{"cell_type": "code", "source": "\xff"}]}',
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"cells": []',
        bytes(1000),
    ],
)
def test_what_is_no_notebook_is_called_unreadable(content):
    """Other JSON, other encodings, truncated and absurdly nested files get the one exception with a sentence."""
    with pytest.raises(Unreadable):
        cells_of_notebook(content)


@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_unreadable(content):
    """No content makes the readers fail in any other way."""
    for read in (cells_of_notebook, cells_of_python):
        try:
            cells = read(content)
        except Unreadable:
            continue

        assert all(isinstance(cell, Cell) for cell in cells)


@given(st.text(max_size=200))
def test_every_text_is_parsed_or_a_syntax_error(source):
    """No text makes the parser fail in any other way, in a notebook or in a file."""
    for number in (0, 1):
        try:
            cell = parse(Cell(number, source))
        except SyntaxError:
            continue

        assert cell.number == number


@pytest.mark.parametrize(
    ("magic", "expected"),
    [
        ("%matplotlib inline\nx = 1", ["pass", "x = 1"]),
        ("!pip install keras\nx = 1", ["pass", "x = 1"]),
        ("files = !ls\nx = 1", ["files = None", "x = 1"]),
        ("a, b = %magic 3", ["a, b = None"]),
        ("if True:\n    %time f()\n    x = 1", ["if True:\n    pass\n    x = 1"]),
        ("print?\nx = 1", ["pass", "x = 1"]),
        ("?print\nkeras.layers??", ["pass", "pass"]),
        ("%%time\nx = 1", ["x = 1"]),
        ("\n%%capture out\nx = 1", ["x = 1"]),
        ("%%bash\nrm -rf $HOME", []),
        ("%%bash time\nrm -rf $HOME", []),
        ("%%html\n<b>x</b>", []),
        ("%%writefile a.py\nx = 1", []),
    ],
)
def test_magics_do_not_hide_the_python_around_them(magic, expected):
    """Line magics and shell lines become nothing, other languages' cells become empty, Python cells stay."""
    assert code_of(magic) == expected


@pytest.mark.parametrize(
    ("metadata", "version"),
    [
        ({"language_info": {"version": "3.12.1"}}, (3, 12)),
        ({"language_info": {"version": "3.9"}}, (3, 9)),
        ({"language_info": {"version": "3"}}, (0, 0)),
        ({"language_info": {"name": "python"}}, (0, 0)),
        ({}, (0, 0)),
    ],
)
def test_the_version_of_python_is_what_the_notebook_says(metadata, version):
    """Major and minor number as numbers, of which 9 is less than 12; (0, 0) where nothing is said."""
    assert python_of_notebook(json.dumps({"metadata": metadata, "cells": []}).encode()) == version


def test_percent_signs_of_valid_python_are_not_magics():
    """A cell that is Python as it stands is taken as it stands."""
    source = 'x = (7\n%3)\ntext = """\n!not a shell\n%not a magic"""'

    assert code_of(source)[0] == "x = 7 % 3"
    assert "!not a shell" in code_of(source)[1]


def test_lines_keep_their_numbers_when_magics_go():
    """An error is shown at the student's line."""
    cell = parse(Cell(1, "%matplotlib inline\n\nx = 1\n"))

    assert cell.body[-1].lineno == 3


@pytest.mark.parametrize("source", ["def f(:\n  pass", "x = = 1", "    x = 1", "(", '"""', "x = 1\n\x00", "\x00"])
def test_what_is_no_python_is_a_syntax_error(source):
    """Magics removed or not."""
    for number in (0, 1):
        with pytest.raises(SyntaxError):
            parse(Cell(number, source))


@pytest.mark.parametrize("source", ["(" * 5000, "-" * 100_000 + "1", "[" * 90 + "]" * 90, "not " * 50_000 + "x"])
def test_deep_nesting_is_parsed_or_a_syntax_error(source):
    """Code nested beyond what Python reads does not take the judge with it."""
    try:
        body = parse(Cell(1, source)).body
    except SyntaxError:
        return

    assert body


@pytest.mark.parametrize(
    "source", [r'"\d"', r'"$\sigma$"', "x = 1if 2 else 3", "x = 1 is 1", "assert (1, 'x')", r"b'\q'"]
)
def test_code_that_python_only_warns_about_is_valid(source):
    """A warning costs nobody a cell, even where warnings are errors: LaTeX in a plot's title is common."""
    assert code_of(source)


def test_python_files_are_cut_at_percent_lines():
    """Text cells are left out, and each code cell knows its first line."""
    content = (
        b"import a\n# %%\nx = 1\n# %% [markdown]\n# # Text: def f(:\n# %% title\ny = 2\n#%%\nz = 3\n# %% [raw]\n((\n"
    )

    cells = cells_of_python(content)

    assert [(cell.number, cell.line) for cell in cells] == [(0, 1), (0, 2), (0, 6), (0, 8)]
    assert [parse(cell).body[-1].lineno for cell in cells] == [1, 3, 7, 9]


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# -*- coding: latin-1 -*-\n"),
        ("cp1252", "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n"),
    ],
)
def test_python_files_are_read_in_the_encoding_they_declare(encoding, declaration):
    """UTF-8 with or without a mark, or what PEP 263's comment says."""
    content = f'{declaration}x = "señal"\n'.encode(encoding)

    (cell,) = cells_of_python(content)

    assert "señal" in cell.source


@pytest.mark.parametrize(
    "content",
    [
        'x = "señal"'.encode("latin-1"),
        b"# coding: no-such-encoding\n",
        b"# coding: rot13\nx = 1\n",
        b"# coding: hex\nx = 1\n",
        b"# coding: undefined\nx = 1\n",
        b"# coding: utf-16\nx = 1\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"x = 1\x00",
    ],
    ids=["latin-1", "unknown", "rot13", "hex", "undefined", "utf-16", "picture", "NUL"],
)
def test_python_files_that_are_no_text_are_unreadable(content):
    """Encodings that are not declared, do not exist or are no encodings of text; binary files."""
    with pytest.raises(Unreadable):
        cells_of_python(content)


def test_an_encoding_that_warns_is_read():
    """Escapes that the codec complains about are no reason to refuse a file."""
    (cell,) = cells_of_python(b'# coding: unicode_escape\nx = "\\d"\n')

    assert cell.source.startswith("# coding")


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_line_ends_of_python_end_a_line(character):
    """Characters that Unicode calls line breaks and Python does not leave a string whole."""
    (cell,) = cells_of_python(f'x = "a{character}b"\ny = 2\n'.encode())

    assert [statement.lineno for statement in parse(cell).body] == [1, 2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_of_pythons_line_ends_end_a_line(end):
    """Files from Windows and old Macs have the same cells."""
    cells = cells_of_python(end.join(["# %%", "x = 1", "# %%", "y = 2", ""]).encode())

    assert [parse(cell).body[0].lineno for cell in cells if cell.source.strip()] == [2, 4]


@pytest.mark.parametrize(
    "line",
    [
        "x = [" + "1, " * 100_000 + "]",
        " " * 2500 + "x\n!ls",
        "a " * 2500 + "\n!ls",
        "!" + "x" * 10**6 + "\n(",
        "a" * 10**5 + "(",
    ],
    ids=["list", "spaces", "words", "shell", "name"],
)
def test_a_huge_line_is_read_in_linear_time(line):
    """A line of spaces in a cell with a magic is no reason to wait."""
    began = time.process_time()

    with contextlib.suppress(SyntaxError):
        parse(Cell(1, line))

    assert time.process_time() - began < 3


def test_many_cells_take_memory_in_proportion():
    """A file of ten thousand markers is no way to fill the judge's memory with padding."""
    content = b"# %%\n" * 10_000
    tracemalloc.start()

    try:
        cells = [parse(cell) for cell in cells_of_python(content)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(cells) <= 10_001
    assert peak < 32 * 2**20


@pytest.mark.parametrize("encoding", ["punycode", "idna"])
def test_an_encoding_that_takes_forever_is_refused(encoding):
    """Encodings of host names are no encodings of Python files."""
    content = f"# coding: {encoding}\n".encode() + b"a" * 200_000 + b"-" + b"b" * 200_000
    began = time.process_time()

    with pytest.raises(Unreadable):
        cells_of_python(content)

    assert time.process_time() - began < 1
