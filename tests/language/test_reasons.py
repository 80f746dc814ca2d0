import errno

import pytest

from grader.language.messages import T, translator
from grader.language.reasons import REASONS, reason_of


@pytest.mark.parametrize("number", REASONS)
def test_common_reasons_are_said_in_the_readers_language(number):
    """The system's own words are English whatever the run's language is."""
    reason = T("{reason}", reason=reason_of(OSError(number, "English words")))

    assert "English" not in reason.render(translator("es"))
    assert reason.render(translator("es")) != reason.render(translator("en"))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError("no number"), "no number"),
        (ValueError("bad\x1b[31m value"), "bad value"),
        (EOFError(), "EOFError"),
    ],
)
def test_rare_reasons_are_said_as_they_came(error, said):
    """Without a sentence of ours the system's is better than none; it is made harmless for a terminal."""
    assert reason_of(error) == said
