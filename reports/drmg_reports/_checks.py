"""Checks of an implementation, for every format: what is said about them, and how they look as results."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from drmg_check.runs import Check, ClaimText, Counterexample, Event, Footer, Header, Result, TargetText
from drmg_check.vocabulary import InputError

OUTCOMES: tuple[Literal["passed", "failed", "xfail", "skipped"], ...] = (
    "passed",
    "failed",
    "xfail",
    "skipped",
)


def target_of(header: Header) -> TargetText | None:
    """Return the implementation that a run validates; None of an audit."""
    return None if isinstance(header.target, msgspec.UnsetType) else header.target


def as_result(check: Check, target: TargetText | None) -> Result:
    """Return a check as the result that it is: a law, or agreement on some rows, holds or is refuted."""
    failure = check.failure
    found = "refuted" if failure is not None else "holds" if check.outcome == "passed" else ""
    counterexample = None
    if failure is not None:
        lines = (*failure.lines, *([f"diagnosis: {failure.diagnosis}"] if failure.diagnosis else []))
        counterexample = Counterexample(instance=failure.instance, lines=lines, slack_low="", slack_high="")
    return Result(
        case=check.case,
        claim=ClaimText(
            id=check.case,
            ledger=target.name if target is not None else "the implementation",
            place=_group(check.case),
            title=check.title,
            statement=check.title,
            latex="",
            formalisation="",
            assumptions=(),
            reading="literal",
            severity="none",
            expected="refuted" if check.outcome == "xfail" else "holds",
            corrected=None,
        ),
        subject="generated",
        outcome=_OUTCOME[check.outcome],
        found=found,
        instances=check.judged,
        undecided=0,
        smallest_slack_low="",
        smallest_slack_high="",
        slacks=(),
        counterexample=counterexample,
        note=check.reason,
        replay=check.replay,
        seconds=check.seconds,
    )


_Outcome: TypeAlias = Literal["as expected", "unexpected", "skipped"]
_OUTCOME: dict[str, _Outcome] = {
    "passed": "as expected",
    "failed": "unexpected",
    "xfail": "as expected",
    "skipped": "skipped",
}


def counts(checks: Iterable[Check]) -> dict[str, int]:
    """Count checks by outcome, in report order."""
    found = Counter(check.outcome for check in checks)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def same_failures(checks: Iterable[Check]) -> list[list[Check]]:
    """Group failed checks that fail alike: on the same row, with the same answer."""
    groups: dict[tuple[str, str, str], list[Check]] = {}
    for check in checks:
        if check.failure is not None:
            key = (check.failure.kind, check.failure.instance, check.failure.got)
            groups.setdefault(key, []).append(check)
    return list(groups.values())


def verdict(checks: Sequence[Check]) -> str:
    """Return the verdict on an implementation in one sentence."""
    failed = [one for one in checks if one.outcome == "failed" and one.failure is not None]
    if not failed:
        judged = sum(one.judged for one in checks)
        return f"No fault found in {judged:,} judged answers." if judged else "Nothing was judged."
    kinds = Counter(one.failure.direction or one.failure.kind for one in failed if one.failure is not None)
    said = ", ".join(f"{kind}{_SAFETY.get(kind, '')} in {n}" for kind, n in kinds.most_common())
    return f"At fault in {len(failed)} check{'s' * (len(failed) != 1)}: {said}."


_SAFETY: dict[str, str] = {"too optimistic": " (unsafe)"}


def render_badge(events: Sequence[Event]) -> str:
    """Return a badge as JSON in the form that shields.io serves from an endpoint.

    Raises
    ------
    InputError
        The events are no validation.
    """
    header, *rest = events
    target = target_of(header) if isinstance(header, Header) else None
    if target is None:
        raise InputError("a badge is about an implementation; expected the run of a validation")
    tally = counts(event for event in rest if isinstance(event, Check))
    complete = isinstance(rest[-1], Footer) if rest else False
    colour = "red" if tally["failed"] else "brightgreen" if tally["passed"] and complete else "lightgrey"
    declared = json.loads(target.declaration)
    what = ", ".join(declared.get("sets", [])) or declared.get("concept", "")
    message = ", ".join(f"{n} {outcome}" for outcome, n in tally.items() if n) or "not run"
    badge = {"schemaVersion": 1, "label": f"drmg-check {what}".strip(), "message": message, "color": colour}
    return json.dumps(badge, indent=1) + "\n"


def _group(case: str) -> str:
    name, _, rest = case.partition("/")
    return f"{rest.partition('/')[0]} of {name}"
