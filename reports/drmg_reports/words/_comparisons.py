"""What is said of two runs compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drmg_reports.runs import CaseChange, ChangeKind, RunComparison
from drmg_reports.words._values import duration, short_number

CHANGES: Mapping[ChangeKind, str] = {
    "verdict": "verdicts that changed",
    "slack": "slacks that moved",
    "accuracy": "accuracies that changed",
    "new": "new cases",
    "removed": "cases no longer planned",
}


def comparison_sentence(comparison: RunComparison) -> str:
    """Return the comparison in one sentence: ``"2 worse, 1 better, 40 the same; 12.0 s -> 13.1 s"``.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import compare_runs
    >>> comparison_sentence(compare_runs(example_audit(), example_audit()))
    '0 worse, 2 the same; 500 ms -> 500 ms of work'
    """
    worse = sum(change.worse for change in comparison.changes)
    better = sum(change.better for change in comparison.changes)
    other = len(comparison.changes) - worse - better
    counts = {"worse": worse, "better": better, "otherwise different": other, "the same": comparison.same}
    said = ", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "worse")
    before, after = map(duration, comparison.seconds)
    return f"{said}; {before} -> {after} of work"


def comparison_warnings(comparison: RunComparison) -> Iterator[str]:
    """Yield a sentence for each of the two runs that did not finish.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import compare_runs
    >>> list(comparison_warnings(compare_runs(example_audit(), example_audit()[:2])))
    ['The second run did not finish.']
    """
    for name, died in zip(("first", "second"), comparison.died, strict=True):
        if died:
            yield f"The {name} run did not finish."


def shown_side(text: str) -> str:
    """Shorten the numbers of a slack; words stay.

    >>> shown_side("[1/3, 12345678901/3]"), shown_side("refuted")
    ('[1/3, ≈ 4.12·10⁹]', 'refuted')
    """
    if text.startswith("["):
        low, _, high = text[1:-1].partition(", ")
        return f"[{short_number(low)}, {short_number(high)}]"
    return short_number(text) if text[:1] in "-0123456789" else text


def changes_by_kind(comparison: RunComparison) -> Iterator[tuple[ChangeKind, list[CaseChange]]]:
    """Yield each kind of change that there is, with its changes, the worse first.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import compare_runs
    >>> [kind for kind, _ in changes_by_kind(compare_runs(example_audit(), example_audit()[:2]))]
    ['verdict']
    """
    for kind in CHANGES:
        changes = [change for change in comparison.changes if change.kind == kind]
        if changes:
            yield kind, sorted(changes, key=lambda change: (not change.worse, change.better))


def change_mark(*, worse: bool, better: bool) -> str:
    """Return a cross for the worse, a tick for the better, a dot for what is only different.

    >>> change_mark(worse=True, better=False), change_mark(worse=False, better=False)
    ('✗', '·')
    """
    return "✗" if worse else "✓" if better else "·"
