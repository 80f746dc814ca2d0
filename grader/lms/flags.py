"""What is told of a submission beside its work: the LMS that packed it, and flags that the reports explain."""

from __future__ import annotations

from typing import Literal

Lms = Literal["moodle", "canvas", "gradescope", "plain"]

# A flag that the reports do not know is shown as it is. A copy is flagged as `copy:<key of the other>`.
COPY = "copy:"
LATE = "late"
UNCLEAR_OWNER = "unclear owner"
NO_HOMEWORK = "no homework"
LINK_REFUSED = "link refused"
NO_ACCESS = "no access"
SPECIAL_FILE = "special file refused"
TOO_MANY_FILES = "too many files"
