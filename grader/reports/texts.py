"""What the pages say, as messages; the templates get them in the language of the run."""

from __future__ import annotations

from grader.graded import Status
from grader.language.messages import T, Text
from grader.lms.flags import (
    COPY,
    LATE,
    LINK_REFUSED,
    NO_ACCESS,
    NO_HOMEWORK,
    SPECIAL_FILE,
    TOO_MANY_FILES,
    UNCLEAR_OWNER,
)
from grader.results import Outcome

LABELS = {
    "all": T("All students"),
    "by_exercise": T("Points by exercise"),
    "chart_note": T(
        "Drawn again from the numbers that the student's code gave for the grader's own inputs, so that curves need "
        "not look like those of the lesson. They are not part of the grade."
    ),
    "check": T("Check"),
    "commonest": T("Commonest message"),
    "copies": T("Identical submissions"),
    "copies_note": T("Same content, byte for byte. It was graded once; what it means is for you to decide."),
    "cpu": T("CPU seconds"),
    "deviation": T("standard deviation"),
    "discrimination": T("Discrimination"),
    "distribution": T("Distribution of points"),
    "epoch": T("epoch"),
    "export_note": T("The same in grades.csv and in results/, one JSON file for each submission."),
    "faults": T("grader faults"),
    "figures": T("Figures and histories"),
    "filter": T("Filter by name, state or flag"),
    "graded": T("were graded"),
    "hardest_first": T("Checks, hardest first"),
    "item_note": T(
        "Share of students who did not pass; checks that the grader itself spoiled do not count. Discrimination is the "
        "correlation with the points in all other checks: near 0 or below, look at the check before you look at the "
        "class."
    ),
    "layers": T("Isolation in force"),
    "lesson": T("Lesson"),
    "mean": T("mean"),
    "median": T("median"),
    "no_layers": T("None: the students' code ran without isolation."),
    "nothing_ran": T("No student's code was run."),
    "not_passed": T("Not passed"),
    "notices": T("Notices"),
    "of_the_points": T("% of the points"),
    "overview": T("All students"),
    "comment": T("Comment"),
    "no_answer": T("No answer."),
    "open_apart": T("Your instructor marks them. They are not part of the points above."),
    "open_counted": T("Your instructor marks them; they are part of the points above."),
    "open_questions": T("Open questions"),
    "others": T("The other checks"),
    "points": T("Points"),
    "repeat": T("Repeat this check"),
    "repeat_note": T(
        "With the same seed the same inputs are drawn. "
        "Run it at the root of the course, with the path to your notebook."
    ),
    "seed": T("Seed"),
    "state": T("State"),
    "student": T("Student"),
    "students": T("Students"),
    "submission": T("Submission"),
    "submissions": T("submissions"),
    "unreadable": T("could not be read"),
    "versions": T("Versions"),
    "what_happened": T("Why there are no points"),
}

OUTCOMES = {
    Outcome.PASSED: T("passed"),
    Outcome.FAILED: T("not passed"),
    Outcome.ERROR: T("error"),
    Outcome.NOT_RUN: T("not run"),
    Outcome.GRADER_FAULT: T("grader fault"),
}

STATUSES = {
    Status.GRADED: T("graded"),
    Status.UNREADABLE: T("unreadable"),
    Status.FAULT: T("grader fault"),
}

FLAGS = {
    LATE: T("late"),
    NO_HOMEWORK: T("no homework handed in"),
    LINK_REFUSED: T("link refused"),
    SPECIAL_FILE: T("special file refused"),
    UNCLEAR_OWNER: T("named as two students' work: see whose it is"),
    NO_ACCESS: T("folder that cannot be opened"),
    TOO_MANY_FILES: T("too many files"),
}


def flag_text(flag: str) -> Text | str:
    """A flag in words; one that is not known stays as it is."""
    if flag.startswith(COPY):
        return T("identical to another submission")
    return FLAGS.get(flag, flag)
