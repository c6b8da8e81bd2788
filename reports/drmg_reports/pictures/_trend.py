"""Curves of many runs: cases by outcome, time, and the smallest slacks that moved most."""

from __future__ import annotations

from collections.abc import Sequence

from drmg_check.documents import Panel, Series
from drmg_check.vocabulary import brief
from drmg_reports.pictures._curves import render_curves
from drmg_reports.runs import TREND_COLUMNS, Moment, target_of

_MOST_CURVES = 5


def render_trend(moments: Sequence[Moment]) -> str:
    """Return an SVG file of runs in a row; a run's place is its number in the order given.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import trend_of_runs
    >>> render_trend(trend_of_runs([("a", example_audit()), ("b", example_audit())]))[:5]
    '<?xml'
    """
    x = [float(k) for k in range(1, len(moments) + 1)]
    drawn = [column for column in TREND_COLUMNS if any(moment.counts[column] for moment in moments)]
    outcomes = [Series(column, x, [float(moment.counts[column]) for moment in moments]) for column in drawn]
    panels = [
        Panel("cases", "run", outcomes),
        Panel("seconds of work", "run", [Series("seconds", x, [moment.seconds for moment in moments])]),
    ]
    if moved := _moved(moments):
        panels.append(Panel("smallest slack, as a share of the largest", "run", moved))
    target = target_of(moments[0].header)
    what = "Audits" if target is None else f"Validations of {brief(target.name, 40)}"
    return render_curves(panels, f"{what}, {len(moments)} runs")


def _moved(moments: Sequence[Moment]) -> list[Series]:
    """Return the slacks in all runs that moved most, each divided by its largest magnitude."""
    common = [case for case in moments[0].slacks if all(case in moment.slacks for moment in moments)]
    curves = {case: [moment.slacks[case] for moment in moments] for case in common}
    spread = {}
    for case, curve in curves.items():
        if size := max(map(abs, curve)):
            curves[case] = [slack / size for slack in curve]
            spread[case] = max(curves[case]) - min(curves[case])
    most = sorted((case for case in spread if spread[case] > 0), key=lambda case: (-spread[case], case))
    x = [float(k) for k in range(1, len(moments) + 1)]
    return [Series(brief(case, 24), x, curves[case]) for case in most[:_MOST_CURVES]]
