"""A validation as its page shows it: matrix of checks and sets, diagnoses, failures, speed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from drmg_check.runs import Check, Failure, Speed, TargetText
from drmg_check.words import DIAGNOSED, LEVELS, SIGNATURES
from drmg_reports._checks import counts, same_failures
from drmg_reports._show import number

GROUPS = {
    "smoke": "Smoke: can it be judged at all",
    "contract": "Contract: what any function keeps",
    "law": "Laws: true of every correct implementation, without a reference",
    "oracle": "Oracles: agreement with certified intervals",
    "distribution": "Worst distributions",
}
MEANINGS = {
    "passed": "judged, and no fault found",
    "failed": "it does what no correct implementation does, on the input shown",
    "xfail": "it fails, as the file of expected failures says",
    "skipped": "nothing was judged; the reason is in the list of checks",
}
MOST_SLOW = 5
_SOLVERS = tuple(level for level in LEVELS if SIGNATURES[level].concept)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One check across the sets; a set without it has None."""

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
    """How fast it answered for one set."""

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
    """Return the set that a check is about: the first part of its id."""
    return check.case.partition("/")[0]


def headline(target: TargetText, checks: Sequence[Check]) -> str:
    """Return the verdict in one line."""
    tally = counts(checks)
    decided = tally["passed"] + tally["failed"] + tally["xfail"]
    if not decided:
        return f"Nothing of {target.name} was judged"
    of = f"all {decided}" if tally["passed"] == decided else f"{tally['passed']} of {decided}"
    return f"{target.name} passes {of} checks"


def by_set(checks: Iterable[Check]) -> dict[str, list[Check]]:
    """Group checks by set, in the order of their first check."""
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(set_of(check), []).append(check)
    return groups


def matrix(checks: Sequence[Check]) -> dict[str, list[MatrixRow]]:
    """Return the checks, kind by kind, as rows with a cell for each set."""
    sets = list(by_set(checks))
    rows: dict[str, dict[str, Check]] = {}
    for check in checks:
        rows.setdefault(check.case.partition("/")[2], {})[set_of(check)] = check
    found: dict[str, list[MatrixRow]] = {}
    for path, cells in rows.items():
        kind, _, name = path.partition("/")
        title = next(iter(cells.values())).title
        row = MatrixRow(name or kind, title, tuple(cells.get(one) for one in sets))
        found.setdefault(kind, []).append(row)
    return found


def diagnoses(checks: Sequence[Check]) -> list[Diagnosed]:
    """Return what is said of each set with wrong values or broken laws."""
    found = []
    for name, members in by_set(checks).items():
        wrong = [check.failure for check in members if check.failure is not None]
        texts = [failure.diagnosis for failure in wrong if failure.diagnosis or failure.kind in DIAGNOSED]
        if texts:
            said = Counter(filter(None, texts)).most_common()
            found.append(Diagnosed(name, tuple(said), len(texts)))
    return found


def failures(checks: Sequence[Check]) -> dict[str, list[Check]]:
    """Return the failures, those that are alike together, by the address of their section."""
    return {f"failure-{k}": group for k, group in enumerate(same_failures(checks), 1)}


def fault(failure: Failure) -> str:
    """Return what to call a failure in a cell."""
    return {"too optimistic": "unsafe", "too pessimistic": "pessimistic"}.get(failure.direction, failure.kind)


def paces(checks: Sequence[Check]) -> list[Pace]:
    """Return how fast each set was answered; sets that were asked nothing are left out."""
    found = []
    for name, members in by_set(checks).items():
        speeds = [check.speed for check in members if check.speed is not None]
        if speeds:
            slowest = max(speeds, key=_slowest)
            total = sum(speed.seconds for speed in speeds)
            calls = sum(speed.calls for speed in speeds)
            found.append(Pace(name, calls, total, slowest.slowest, slowest.size))
    return found


def slow_checks(checks: Iterable[Check]) -> list[tuple[Check, Speed]]:
    """Return the checks with the slowest calls, the slowest first."""
    timed = [(check, check.speed) for check in checks if check.speed is not None]
    return sorted(timed, key=lambda pair: -pair[1].slowest)[:MOST_SLOW]


def declaration(target: TargetText) -> dict[str, str]:
    """Return what the implementation says about itself, member by member."""
    data: object = None
    with suppress(ValueError, RecursionError):
        data = json.loads(target.declaration)
    if not isinstance(data, dict):
        return {}
    unsaid = {"name"} if data.get("level") in _SOLVERS else {"name", "concept"}
    words = {key: _words(value) for key, value in data.items() if key not in unsaid}
    if "accuracy" in words:
        words["accuracy"] = f"{number(words['accuracy'])} of the span"
    return {key.replace("_", " ").capitalize(): text for key, text in words.items() if text}


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _slowest(speed: Speed) -> float:
    return speed.slowest
