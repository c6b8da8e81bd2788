"""Many runs in the order given: a line for each, and curves of verdicts, times and slacks over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from drmg_check.documents import Panel, Series
from drmg_check.runs import Check, Event, Header, Result
from drmg_check.vocabulary import InputError, brief, exact
from drmg_reports._checks import target_of
from drmg_reports._compare import compare
from drmg_reports._curves import render_curves
from drmg_reports._show import duration, line

_GROUPS = {
    "as expected": "as expected",
    "passed": "as expected",
    "xfail": "as expected",
    "unexpected": "unexpected",
    "failed": "unexpected",
    "error": "error",
    "skipped": "skipped",
}
_COLUMNS = ("as expected", "unexpected", "error", "skipped", "not run")
_MOST_CURVES = 5


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
        Changes since the run before (see :func:`drmg_reports.compare`); 0 for the first.
    slacks : mapping of str to float
        The smallest slack of each case, rounded for drawing.
    """

    name: str
    header: Header
    counts: Mapping[str, int]
    seconds: float
    worse: int
    better: int
    slacks: Mapping[str, float]


def trend(runs: Sequence[tuple[str, Sequence[Event]]]) -> tuple[Moment, ...]:
    """Sum up runs, given with their names in the order of the trend.

    Raises
    ------
    InputError
        Fewer than two runs, or audits and validations together.
    """
    if len(runs) < 2:
        raise InputError(f"{len(runs)} run is no trend; expected two or more")
    moments = []
    for k, (name, events) in enumerate(runs):
        comparison = compare(runs[max(k - 1, 0)][1], events)
        outcomes = [event for event in events if isinstance(event, Result | Check)]
        counts = Counter(_GROUPS[event.outcome] for event in outcomes)
        counts["not run"] = len(comparison.after.cases) - len(outcomes)
        moments.append(
            Moment(
                name=name,
                header=comparison.after,
                counts={column: counts[column] for column in _COLUMNS},
                seconds=comparison.seconds[1],
                worse=sum(change.worse for change in comparison.changes),
                better=sum(change.better for change in comparison.changes),
                slacks=_slacks(outcomes),
            )
        )
    return tuple(moments)


def print_trend(console: Console, moments: Sequence[Moment]) -> None:
    """Print a line for each run; its number is its place on the axis of the curves."""
    columns = [column for column in _COLUMNS if any(one.counts[column] for one in moments)]
    heads = ["run", "started", *columns, "worse", "better", "work"]
    table = [
        [
            str(k),
            one.header.started.removesuffix("Z").replace("T", " ")[:16],
            *(str(one.counts[column]) for column in columns),
            *(("", "") if k == 1 else (str(one.worse), str(one.better))),
            duration(one.seconds),
        ]
        for k, one in enumerate(moments, 1)
    ]
    widths = [max(len(row[j]) for row in (heads, *table)) for j in range(len(heads))]
    for k, row in enumerate((heads, *table)):
        cells = [f"{line(cell):>{width}}" for cell, width in zip(row, widths, strict=True)]
        style = "dim" if k == 0 else "bold red" if k > 1 and moments[k - 1].worse else ""
        console.print(Text("  ".join(cells), style=style), soft_wrap=True)
    console.print()
    for k, one in enumerate(moments, 1):
        console.print(Text(f"{k}  {line(one.name)}", style="dim"), soft_wrap=True)


def trend_to_data(moments: Sequence[Moment]) -> list[dict[str, object]]:
    """Return the trend as dictionaries, one a run."""
    return [
        {
            "name": one.name,
            "started": one.header.started,
            "version": one.header.tool_version,
            **one.counts,
            "worse": one.worse,
            "better": one.better,
            "seconds": one.seconds,
        }
        for one in moments
    ]


def render_trend(moments: Sequence[Moment]) -> str:
    """Return an SVG file: cases by outcome, time, and the smallest slacks that moved most, over the runs."""
    x = [float(k) for k in range(1, len(moments) + 1)]
    drawn = [column for column in _COLUMNS if any(one.counts[column] for one in moments)]
    outcomes = [Series(column, x, [float(one.counts[column]) for one in moments]) for column in drawn]
    panels = [
        Panel("cases", "run", outcomes),
        Panel("seconds of work", "run", [Series("seconds", x, [one.seconds for one in moments])]),
    ]
    if moved := _moved(moments):
        panels.append(Panel("smallest slack, as a share of the largest", "run", moved))
    target = target_of(moments[0].header)
    what = "Audits" if target is None else f"Validations of {brief(target.name, 40)}"
    return render_curves(panels, f"{what}, {len(moments)} runs")


def _slacks(outcomes: Sequence[Result | Check]) -> dict[str, float]:
    slacks = {}
    for event in outcomes:
        if isinstance(event, Result) and event.smallest_slack_low:
            try:
                slacks[event.case] = float(exact(event.smallest_slack_low))
            except InputError:  # no number that can be drawn
                continue
    return slacks


def _moved(moments: Sequence[Moment]) -> list[Series]:
    """Return the slacks in all runs that moved most, each divided by its largest magnitude."""
    common = [case for case in moments[0].slacks if all(case in one.slacks for one in moments)]
    curves = {case: [one.slacks[case] for one in moments] for case in common}
    spread = {}
    for case, curve in curves.items():
        if size := max(map(abs, curve)):
            curves[case] = [slack / size for slack in curve]
            spread[case] = max(curves[case]) - min(curves[case])
    most = sorted((case for case in spread if spread[case] > 0), key=lambda case: (-spread[case], case))
    x = [float(k) for k in range(1, len(moments) + 1)]
    return [Series(brief(case, 24), x, curves[case]) for case in most[:_MOST_CURVES]]
