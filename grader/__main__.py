"""`python -m grader`: the command line, which takes a moment to load."""

import signal


def main() -> None:
    """Run it. Ctrl-C before it is loaded ends it without a traceback: nothing has begun."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from grader.command_line.app import app

    app()


if __name__ == "__main__":
    main()
