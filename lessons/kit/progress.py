"""Where a line of progress goes: a notebook's cell, a terminal, or a log file."""

import sys
from collections.abc import Callable

Writer = Callable[[str, bool], None]


def line_writer() -> Writer:
    """Return a function ``write(line, last)`` that suits the place where the program runs.

    A notebook and a terminal show one line that is replaced; anything else gets one line after the other.
    """
    if in_notebook():
        return _notebook_writer()
    if sys.stderr.isatty():
        return _write_over
    return _write_below


def in_notebook() -> bool:
    """Whether the program runs in a notebook's kernel."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def _notebook_writer() -> Writer:
    from IPython.display import display

    handle = display({"text/plain": "…"}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def write(line: str, _last: bool) -> None:
        handle.update({"text/plain": line}, raw=True)

    return write


def _write_over(line: str, last: bool) -> None:
    clear_to_end_of_line = "\x1b[K"
    sys.stderr.write(f"\r{line}{clear_to_end_of_line}" + ("\n" if last else ""))
    sys.stderr.flush()


def _write_below(line: str, _last: bool) -> None:
    print(line, file=sys.stderr, flush=True)
