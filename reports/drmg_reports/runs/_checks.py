"""The checks of a validation as reports arrange them: by set, in a matrix, by failure, by speed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from drmg_check.runs import Check, Speed
from drmg_check.words import DIAGNOSED

OUTCOMES: tuple[Literal["passed", "failed", "xfail", "skipped"], ...] = (
    "passed",
    "failed",
    "xfail",
    "skipped",
)
MOST_SLOW = 5
"""Checks that :func:`slow_checks` returns."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One check across the sets; a set without it has None.

    >>> from drmg_check.runs import example_validation
    >>> rows = check_matrix(example_validation()[1:-1])["oracle"]
    >>> rows[0].name, rows[0].cells[0].outcome
    ('small', 'failed')
    """

    name: str
    title: str
    cells: tuple[Check | None, ...]


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What the implementation seems to compute for a set.

    Parameters
    ----------
    set : str
    said : tuple of (str, int)
        Diagnoses, the commonest first, and how many failures each explains.
    failures : int
        Failures for which a diagnosis was sought: wrong values and policies, and broken laws.

    Examples
    --------
    >>> Diagnosed("tv", (("agrees with half the radius", 2),), 3).unexplained
    1
    """

    set: str
    said: tuple[tuple[str, int], ...]
    failures: int

    @property
    def unexplained(self) -> int:
        """Failures without a diagnosis."""
        return self.failures - sum(n for _, n in self.said)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast it answered for one set.

    >>> Pace("tv", calls=10, seconds=0.5, slowest=0.1, size=3).per_second
    20.0
    """

    set: str
    calls: int
    seconds: float
    slowest: float
    size: int

    @property
    def per_second(self) -> float:
        """Calls a second; infinite where the clock saw no time pass."""
        return self.calls / self.seconds if self.seconds else float("inf")


def set_of(check: Check) -> str:
    """Return the set that a check is about: the first part of its id.

    >>> from drmg_check.runs import example_validation
    >>> set_of(example_validation()[1])
    'tv'
    """
    return check.case.partition("/")[0]


def count_checks(checks: Iterable[Check]) -> dict[str, int]:
    """Count checks by outcome, in report order.

    >>> from drmg_check.runs import example_validation
    >>> count_checks(example_validation()[1:-1])
    {'passed': 1, 'failed': 1, 'xfail': 0, 'skipped': 1}
    """
    tally = Counter(check.outcome for check in checks)
    return {outcome: tally[outcome] for outcome in OUTCOMES}


def by_set(checks: Iterable[Check]) -> dict[str, list[Check]]:
    """Group checks by set, in the order of their first check.

    >>> from drmg_check.runs import example_validation
    >>> list(by_set(example_validation()[1:-1]))
    ['tv']
    """
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(set_of(check), []).append(check)
    return groups


def check_matrix(checks: Sequence[Check]) -> dict[str, list[MatrixRow]]:
    """Return the checks, kind by kind, as rows with a cell for each set.

    >>> from drmg_check.runs import example_validation
    >>> list(check_matrix(example_validation()[1:-1]))
    ['law', 'oracle']
    """
    sets = list(by_set(checks))
    rows: dict[str, dict[str, Check]] = {}
    for check in checks:
        rows.setdefault(check.case.partition("/")[2], {})[set_of(check)] = check
    kinds: dict[str, list[MatrixRow]] = {}
    for path, cells in rows.items():
        kind, _, name = path.partition("/")
        title = next(iter(cells.values())).title
        row = MatrixRow(name or kind, title, tuple(map(cells.get, sets)))
        kinds.setdefault(kind, []).append(row)
    return kinds


def diagnoses(checks: Sequence[Check]) -> list[Diagnosed]:
    """Return what is said of each set with wrong values or broken laws.

    >>> from drmg_check.runs import example_validation
    >>> [(each.set, each.failures) for each in diagnoses(example_validation()[1:-1])]
    [('tv', 1)]
    """
    diagnosed = []
    for name, members in by_set(checks).items():
        wrong = [check.failure for check in members if check.failure is not None]
        texts = [failure.diagnosis for failure in wrong if failure.diagnosis or failure.kind in DIAGNOSED]
        if texts:
            said = Counter(filter(None, texts)).most_common()
            diagnosed.append(Diagnosed(name, tuple(said), len(texts)))
    return diagnosed


def same_failures(checks: Iterable[Check]) -> list[list[Check]]:
    """Group failed checks that fail alike, on the same row with the same answer; the worst groups first.

    >>> from drmg_check.runs import example_validation
    >>> [[check.case for check in group] for group in same_failures(example_validation()[1:-1])]
    [['tv/oracle/small']]
    """
    groups: dict[tuple[str, str, str], list[Check]] = {}
    for check in checks:
        if check.failure is not None:
            key = (check.failure.kind, check.failure.instance, check.failure.got)
            groups.setdefault(key, []).append(check)
    return sorted(groups.values(), key=lambda group: -max(map(_severity, group)))


def _severity(check: Check) -> float:
    return 0.0 if check.failure is None else check.failure.severity


def paces(checks: Sequence[Check]) -> list[Pace]:
    """Return how fast each set was answered; sets that were asked nothing are left out.

    >>> from drmg_check.runs import example_validation
    >>> [pace.calls for pace in paces(example_validation()[1:-1])]
    [168]
    """
    answered = []
    for name, members in by_set(checks).items():
        speeds = [check.speed for check in members if check.speed is not None]
        if speeds:
            slowest = max(speeds, key=_slowest)
            total = sum(speed.seconds for speed in speeds)
            calls = sum(speed.calls for speed in speeds)
            answered.append(Pace(name, calls, total, slowest.slowest, slowest.size))
    return answered


def slow_checks(checks: Iterable[Check]) -> list[tuple[Check, Speed]]:
    """Return the checks with the slowest calls, the slowest first.

    >>> from drmg_check.runs import example_validation
    >>> slow_checks(example_validation()[1:-1])[0][0].case
    'tv/law/bounds'
    """
    timed = [(check, check.speed) for check in checks if check.speed is not None]
    return sorted(timed, key=lambda pair: -pair[1].slowest)[:MOST_SLOW]


def _slowest(speed: Speed) -> float:
    return speed.slowest
