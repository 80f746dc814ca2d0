"""The class in numbers, collected one submission at a time: what is kept does not grow with a student's record."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field

from grader.graded import Graded, Status
from grader.lms.flags import COPY
from grader.names import safe_name
from grader.results import CheckResult, Outcome

MAX_PATTERNS = 300
MIN_FOR_DISCRIMINATION = 10
BINS = 10

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class StudentRow:
    """What the overview shows of a submission."""

    key: str
    file: str
    student: str
    submission: str
    lesson: str
    status: Status
    flags: tuple[str, ...]
    points: float | None
    max_points: float | None
    pending: float
    cpu_seconds: float

    @property
    def percent(self) -> float | None:
        """Points of a hundred."""
        return None if self.points is None or not self.max_points else 100 * self.points / self.max_points


@dataclass
class Item:
    """A check over the class. The sums are those of a correlation, see :attr:`discrimination`."""

    check: CheckResult
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    messages: dict[str, list[int | str]] = field(default_factory=dict)
    _sums: list[float] = field(default_factory=lambda: [0.0] * 5)

    def add(self, check: CheckResult, rest: float) -> None:
        """Count a student's outcome; ``rest`` are the student's points in all other checks."""
        self.outcomes[check.outcome] += 1
        if check.outcome is Outcome.GRADER_FAULT:
            return
        x = float(check.outcome is Outcome.PASSED)
        self._sums = [a + b for a, b in zip(self._sums, (1, x, rest, x * rest, rest * rest), strict=True)]
        if check.message and check.outcome is not Outcome.PASSED:
            self._count(check.message)

    def _count(self, message: str) -> None:
        pattern = _NUMBER.sub("#", message)
        if pattern in self.messages or len(self.messages) < MAX_PATTERNS:
            entry = self.messages.setdefault(pattern, [0, message])
            entry[0] = int(entry[0]) + 1

    @property
    def judged(self) -> int:
        """Students about whom the check says something."""
        return self.outcomes.total() - self.outcomes[Outcome.GRADER_FAULT]

    @property
    def missed(self) -> int:
        """Students who did not pass."""
        return self.judged - self.outcomes[Outcome.PASSED]

    @property
    def share(self) -> float:
        """The share of students who did not pass."""
        return self.missed / self.judged if self.judged else 0.0

    @property
    def commonest(self) -> tuple[str, int]:
        """The message that most students got, numbers aside, as one of them read it, and how many got it."""
        if not self.messages:
            return "", 0
        count, message = max(self.messages.values(), key=lambda entry: int(entry[0]))
        return str(message), int(count)

    @property
    def discrimination(self) -> float | None:
        """Correlation of passing with the points in all other checks; None where it says nothing."""
        n, x, r, xr, rr = self._sums
        spread = (n * x - x * x) * (n * rr - r * r)
        if n < MIN_FOR_DISCRIMINATION or spread <= 1e-9:
            return None
        return (n * xr - x * r) / math.sqrt(spread)


@dataclass
class LessonSummary:
    """One lesson over the class."""

    lesson: str
    max_points: float = 0.0
    points: list[float] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    open_answers: int = 0
    open_marked: int = 0

    def add(self, graded: Graded) -> None:
        """Take in one student's results."""
        results = graded.results
        assert results is not None
        self.max_points = max(self.max_points, results.max_points)
        if graded.is_final:
            self.points.append(results.points)
        earned = sum(check.points for check in results.checks)
        for check in results.checks:
            self.items.setdefault(check.id, Item(check)).add(check, earned - check.points)
        for answer in results.open_answers:
            self.open_answers += bool(answer.answer)
            self.open_marked += answer.points is not None

    @property
    def mean(self) -> float:
        """Mean of the points."""
        return statistics.fmean(self.points) if self.points else 0.0

    @property
    def median(self) -> float:
        """Median of the points."""
        return statistics.median(self.points) if self.points else 0.0

    @property
    def deviation(self) -> float:
        """Standard deviation of the points, of this class and not of a population it stands for."""
        return statistics.pstdev(self.points) if self.points else 0.0

    @property
    def bins(self) -> list[int]:
        """Students per tenth of the points; full marks belong to the last one."""
        counts = [0] * BINS
        for points in self.points:
            share = points / self.max_points if self.max_points else 0.0
            counts[min(BINS - 1, max(0, int(BINS * share + 1e-9)))] += 1
        return counts

    @property
    def hardest_first(self) -> list[Item]:
        """Checks by the share of students who did not pass; as in the lesson where it is the same."""
        return sorted(self.items.values(), key=lambda item: -item.share)


@dataclass
class ClassSummary:
    """Everything that the overview shows."""

    rows: list[StudentRow] = field(default_factory=list)
    lessons: dict[str, LessonSummary] = field(default_factory=dict)
    layers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[Status] = field(default_factory=Counter)
    ran: int = 0

    def add(self, graded: Graded) -> None:
        """Take in one submission."""
        results = graded.results
        self.statuses[graded.status] += 1
        if results is not None:
            self.layers.update(dict.fromkeys(graded.layers, 1))
            self.ran += 1
            self.lessons.setdefault(graded.lesson, LessonSummary(graded.lesson)).add(graded)
        self.rows.append(
            StudentRow(
                key=graded.key,
                file=safe_name(graded.key),
                student=graded.student,
                submission=graded.submission,
                lesson=graded.lesson,
                status=graded.status,
                flags=tuple(graded.flags),
                points=results.points if results else None,
                max_points=results.max_points if results else None,
                pending=results.pending_points + results.unmarked_points if results else 0.0,
                cpu_seconds=graded.cpu_seconds,
            )
        )

    @property
    def copy_groups(self) -> list[list[StudentRow]]:
        """Submissions that copy flags tie together, directly or through others."""
        rows = {row.key: row for row in self.rows}
        head = {key: key for key in rows}

        def find(key: str) -> str:
            while head[key] != key:
                head[key] = key = head[head[key]]
            return key

        for row in self.rows:
            for flag in row.flags:
                if flag.startswith(COPY) and (other := flag.removeprefix(COPY)) in rows:
                    head[find(row.key)] = find(other)
        groups: dict[str, list[StudentRow]] = {}
        for row in self.rows:
            groups.setdefault(find(row.key), []).append(row)
        return [group for group in groups.values() if len(group) > 1]
