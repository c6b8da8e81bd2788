"""Comparisons and trends as data: dictionaries, lists, strings and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from drmg_check.documents import CertifiedBounds
from drmg_reports.documents import CertificateComparison
from drmg_reports.runs import Moment, RunComparison


def comparison_to_data(comparison: RunComparison) -> dict[str, object]:
    """Return the comparison as dictionaries, lists, strings and numbers.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import compare_runs
    >>> comparison_to_data(compare_runs(example_audit(), example_audit()))["same"]
    2
    """
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
    """Return the trend as dictionaries, one a run.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import trend_of_runs
    >>> moments = trend_of_runs([("a", example_audit()), ("b", example_audit())])
    >>> [moment["as expected"] for moment in trend_to_data(moments)]
    [2, 2]
    """
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


def certificate_comparison_to_data(comparison: CertificateComparison) -> dict[str, object]:
    """Return the comparison of two certificates as dictionaries, lists and strings.

    >>> from drmg_check.documents import example_certificate
    >>> from drmg_reports import compare_certificates
    >>> comparison = compare_certificates(example_certificate(), example_certificate())
    >>> certificate_comparison_to_data(comparison)["changes"]
    []
    """
    return {
        "worse": comparison.worse,
        "same": comparison.same,
        "game": list(comparison.game),
        "policy": list(comparison.policy),
        "changes": [
            {
                "of": change.of,
                "number": change.number,
                "before": _bounds(change.before),
                "after": _bounds(change.after),
                "change": change.change,
                "worse": change.worse,
                "better": change.better,
            }
            for change in comparison.changes
        ],
    }


def _bounds(bounds: CertifiedBounds | None) -> dict[str, str] | None:
    return None if bounds is None else {"lo": bounds.lo, "hi": bounds.hi}
