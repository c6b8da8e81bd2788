"""Many runs in the order given: outcomes, times and slacks of each, and what changed since the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drmg_check.runs import Check, Event, Header, Result
from drmg_check.vocabulary import InputError, exact
from drmg_reports.runs._compare import compare_runs

_GROUPS = {
    "as expected": "as expected",
    "passed": "as expected",
    "xfail": "as expected",
    "unexpected": "unexpected",
    "failed": "unexpected",
    "error": "error",
    "skipped": "skipped",
}
TREND_COLUMNS = ("as expected", "unexpected", "error", "skipped", "not run")


@dataclass(frozen=True, slots=True)
class Moment:
    """One run of many.

    Attributes
    ----------
    name : str
        Of its file.
    header : Header
    counts : mapping of str to int
        Cases as expected (passed checks included), unexpected (failed checks included), in error, skipped,
        and planned without a result.
    seconds : float
        Of work.
    worse, better : int
        Changes since the run before (see :func:`compare_runs`); 0 for the first.
    slacks : mapping of str to float
        The smallest slack of each case, rounded for drawing.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> moments = trend_of_runs([("a", example_audit()), ("b", example_audit())])
    >>> moments[1].name, moments[1].worse
    ('b', 0)
    """

    name: str
    header: Header
    counts: Mapping[str, int]
    seconds: float
    worse: int
    better: int
    slacks: Mapping[str, float]


def trend_of_runs(runs: Sequence[tuple[str, Sequence[Event]]]) -> tuple[Moment, ...]:
    """Sum up runs, given with their names in the order of the trend.

    Raises
    ------
    InputError
        Fewer than two runs, or audits and validations together.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> len(trend_of_runs([("a", example_audit()), ("b", example_audit())]))
    2
    """
    if len(runs) < 2:
        raise InputError(f"{len(runs)} run is no trend; expected two or more")
    moments = []
    for k, (name, events) in enumerate(runs):
        comparison = compare_runs(runs[max(k - 1, 0)][1], events)
        outcomes = [event for event in events if isinstance(event, Result | Check)]
        counts = Counter(_GROUPS[event.outcome] for event in outcomes)
        counts["not run"] = len(comparison.after.cases) - len(outcomes)
        moments.append(
            Moment(
                name=name,
                header=comparison.after,
                counts={column: counts[column] for column in TREND_COLUMNS},
                seconds=comparison.seconds[1],
                worse=sum(change.worse for change in comparison.changes),
                better=sum(change.better for change in comparison.changes),
                slacks=_slacks(outcomes),
            )
        )
    return tuple(moments)


def _slacks(outcomes: Sequence[Result | Check]) -> dict[str, float]:
    slacks = {}
    for event in outcomes:
        if isinstance(event, Result) and event.smallest_slack_low:
            try:
                slacks[event.case] = float(exact(event.smallest_slack_low))
            except InputError:  # no number that can be drawn
                continue
    return slacks
