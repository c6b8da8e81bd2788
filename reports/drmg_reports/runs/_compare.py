"""Two runs compared, case by case: what became worse, what became better, what is only different.

A verdict is worse where a case that was as it should be no longer is: it fails, ends in an error, is
skipped, or lost its result. Slacks are compared as the certified intervals that they are, in exact
arithmetic: one shrank only if its new interval lies below the old one. Times are told and never judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from drmg_check.runs import Check, Event, Header, Result, is_complete
from drmg_check.vocabulary import InputError, exact
from drmg_check.words import GRADES
from drmg_reports.runs._read import target_of

ChangeKind: TypeAlias = Literal["verdict", "slack", "accuracy", "new", "removed"]
NOT_RUN = "no result"
_RANKS = {"as expected": 0, "passed": 0, "skipped": 1, "xfail": 1, "unexpected": 2, "failed": 2, "error": 2}
_GRADES = ("", *GRADES)


@dataclass(frozen=True, slots=True)
class CaseChange:
    """How one case differs between two runs.

    Attributes
    ----------
    case, title : str
    kind : {"verdict", "slack", "accuracy", "new", "removed"}
    before, after : str
        ``""`` where the run has no such case.
    worse, better : bool
        At most one of them; a shrunk slack, a lost accuracy and a removed case are worse only to the strict.
    why : str
        What the later run says of a failure; ``""`` else.
    replay : str
        The line that reproduces the later failure.

    Examples
    --------
    >>> CaseChange("A3", "a title", "verdict", "holds", "refuted", worse=True, better=False).worse
    True
    """

    case: str
    title: str
    kind: ChangeKind
    before: str
    after: str
    worse: bool
    better: bool
    why: str = ""
    replay: str = ""


@dataclass(frozen=True, slots=True)
class RunComparison:
    """How run B differs from run A.

    ``settings`` are the fields of the headers that differ, ``slower`` the cases that take at least twice as
    long and a second more, as (case, seconds, seconds); ``same`` counts the cases in both without a change.

    >>> from drmg_check.runs import example_audit
    >>> compare_runs(example_audit(), example_audit()).worse
    False
    """

    before: Header
    after: Header
    changes: tuple[CaseChange, ...]
    same: int
    settings: Mapping[str, tuple[str, str]]
    seconds: tuple[float, float]
    slower: tuple[tuple[str, float, float], ...]
    died: tuple[bool, bool]

    @property
    def worse(self) -> bool:
        """Whether any change is for the worse."""
        return any(change.worse for change in self.changes)


def compare_runs(before: Sequence[Event], after: Sequence[Event], *, strict: bool = False) -> RunComparison:
    """Compare two runs of the same kind, finished or not.

    Parameters
    ----------
    before, after : sequence of Event
        As :func:`drmg_check.runs.read_events` returns them.
    strict : bool
        Count a shrunk slack, a lost accuracy and a removed case as worse, too.

    Raises
    ------
    InputError
        A run has no header, or an audit is compared with a validation.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> [change.after for change in compare_runs(example_audit(), example_audit()[:2]).changes]
    ['no result']
    """
    a, b = _header(before), _header(after)
    if (target_of(a) is None) != (target_of(b) is None):
        raise InputError("one run is an audit and the other a validation; expected two of a kind")
    old, new = _standings(before), _standings(after)
    planned = set(a.cases) & set(b.cases)
    changes = []
    for case in dict.fromkeys((*b.cases, *a.cases)):
        change = _change(old.get(case), new.get(case), in_both=case in planned, strict=strict)
        if change is not None:
            changes.append(change)
    common = old.keys() & new.keys()
    slower = [(c, old[c].seconds, new[c].seconds) for c in common if _is_slower(old[c], new[c])]
    return RunComparison(
        before=a,
        after=b,
        changes=tuple(changes),
        same=len(common) - sum(change.case in common for change in changes),
        settings=_settings(a, b),
        seconds=(_seconds(before), _seconds(after)),
        slower=tuple(sorted(slower, key=lambda times: (times[1] - times[2], times[0]))),
        died=(not is_complete(before), not is_complete(after)),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What one run says of one case, whether of a claim or of an implementation."""

    case: str
    title: str
    said: str
    rank: int
    slack: tuple[Fraction, Fraction] | None
    grade: str
    seconds: float
    why: str
    replay: str


def _standings(events: Sequence[Event]) -> dict[str, _Standing]:
    return {event.case: _standing(event) for event in events if isinstance(event, Result | Check)}


def _standing(event: Result | Check) -> _Standing:
    rank = _RANKS[event.outcome]
    if isinstance(event, Check):
        diagnosis = event.failure.diagnosis if event.failure is not None else ""
        return _Standing(
            case=event.case,
            title=event.title,
            said=event.outcome,
            rank=rank,
            slack=None,
            grade=event.grade,
            seconds=event.seconds,
            why=diagnosis or event.reason,
            replay=event.replay,
        )
    return _Standing(
        case=event.case,
        title=event.claim.title,
        said=f"{event.found or event.outcome}{', unexpected' if event.outcome == 'unexpected' else ''}",
        rank=rank,
        slack=_interval(event.smallest_slack_low, event.smallest_slack_high),
        grade="",
        seconds=event.seconds,
        why=event.note,
        replay=event.replay,
    )


def _interval(low: str, high: str) -> tuple[Fraction, Fraction] | None:
    try:
        return exact(low), exact(high)
    except InputError:  # no instance, or no number
        return None


def _change(
    old: _Standing | None, new: _Standing | None, *, in_both: bool, strict: bool
) -> CaseChange | None:
    """Return how a case differs; ``in_both`` says that both runs plan it, so that one without it died."""
    if old is not None and new is not None:
        return _verdict_change(old, new) or _grade_change(old, new, strict) or _slack_change(old, new, strict)
    if new is not None:
        kind: ChangeKind = "verdict" if in_both else "new"
        return _changed(new, kind, NOT_RUN if in_both else "", new.said, new.rank == 2, new.rank < 2)
    if old is not None and in_both:
        return _changed(old, "verdict", old.said, NOT_RUN, old.rank < 2)
    if old is not None:
        return _changed(old, "removed", old.said, "", strict)
    return None


def _verdict_change(old: _Standing, new: _Standing) -> CaseChange | None:
    if (old.said, old.rank) == (new.said, new.rank):
        return None
    return _changed(new, "verdict", old.said, new.said, new.rank > old.rank, new.rank < old.rank)


def _grade_change(old: _Standing, new: _Standing, strict: bool) -> CaseChange | None:
    if old.grade == new.grade or not old.grade or not new.grade:
        return None
    lost = _GRADES.index(new.grade) > _GRADES.index(old.grade)
    worse = lost and (strict or new.grade == "wrong")
    return _changed(new, "accuracy", old.grade, new.grade, worse, not lost)


def _slack_change(old: _Standing, new: _Standing, strict: bool) -> CaseChange | None:
    if old.slack is None or new.slack is None:
        return None
    shrank, grew = new.slack[1] < old.slack[0], new.slack[0] > old.slack[1]
    if not shrank and not grew:
        return None
    judged = new.said != "refuted"  # of a counterexample, a larger violation is not worse
    before, after = _numbers(*old.slack), _numbers(*new.slack)
    return _changed(new, "slack", before, after, shrank and strict and judged, grew and judged)


def _changed(
    standing: _Standing, kind: ChangeKind, before: str, after: str, worse: bool, better: bool = False
) -> CaseChange:
    """Return a change of the case; a failure that the later run has says why, and how to see it."""
    fails = standing.rank == 2 and after not in ("", NOT_RUN)
    return CaseChange(
        case=standing.case,
        title=standing.title,
        kind=kind,
        before=before,
        after=after,
        worse=worse,
        better=better,
        why=standing.why if fails else "",
        replay=standing.replay if fails else "",
    )


def _numbers(low: Fraction, high: Fraction) -> str:
    return str(low) if low == high else f"[{low}, {high}]"


def _is_slower(old: _Standing, new: _Standing) -> bool:
    return new.seconds >= 2 * old.seconds and new.seconds >= old.seconds + 1


def _settings(a: Header, b: Header) -> dict[str, tuple[str, str]]:
    def facts(header: Header) -> dict[str, str]:
        target = target_of(header)
        return {
            "drmg-check": header.tool_version,
            "profile": header.profile,
            "seed": str(header.seed),
            **({"target": target.address, "declaration": target.declaration} if target is not None else {}),
            **header.versions,
        }

    old, new = facts(a), facts(b)
    return {
        name: (old.get(name, "none"), new.get(name, "none"))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    }


def _seconds(events: Sequence[Event]) -> float:
    return sum(event.seconds for event in events if isinstance(event, Result | Check))


def _header(events: Sequence[Event]) -> Header:
    if not events or not isinstance(events[0], Header):
        raise InputError("a run without a header; expected one that `drmg-check audit` or `validate` wrote")
    return events[0]
