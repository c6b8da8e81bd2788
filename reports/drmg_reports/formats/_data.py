"""Comparisons and trends as data: dictionaries, lists, strings and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from drmg_reports.runs import Moment, RunComparison


def comparison_to_data(comparison: RunComparison) -> dict[str, object]:
    """Return the comparison as dictionaries, lists, strings and numbers."""
    return {
        "worse": comparison.worse,
        "same": comparison.same,
        "seconds": list(comparison.seconds),
        "died": list(comparison.died),
        "settings": {name: list(pair) for name, pair in comparison.settings.items()},
        "changes": [
            {
                "case": change.case,
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
                "worse": change.worse,
                "better": change.better,
                "why": change.why,
                "replay": change.replay,
            }
            for change in comparison.changes
        ],
        "slower": [list(times) for times in comparison.slower],
    }


def trend_to_data(moments: Sequence[Moment]) -> list[dict[str, object]]:
    """Return the trend as dictionaries, one a run."""
    return [
        {
            "name": moment.name,
            "started": moment.header.started,
            "version": moment.header.tool_version,
            **moment.counts,
            "worse": moment.worse,
            "better": moment.better,
            "seconds": moment.seconds,
        }
        for moment in moments
    ]
