"""What is said of a validation: the verdict, the declaration, and what kinds of checks and outcomes mean."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from drmg_check.runs import Check, Failure, TargetText
from drmg_check.vocabulary import InputError, exact, in_digits
from drmg_check.words import LEVELS, SIGNATURES
from drmg_reports.runs import count_checks
from drmg_reports.words._values import short_number

CHECK_GROUPS = {
    "smoke": "Smoke: can it be judged at all",
    "contract": "Contract: what any function keeps",
    "law": "Laws: true of every correct implementation, without a reference",
    "oracle": "Oracles: agreement with certified intervals",
    "distribution": "Worst distributions",
}
OUTCOMES_MEAN = {
    "passed": "judged, and no fault found",
    "failed": "it does what no correct implementation does, on the input shown",
    "xfail": "it fails, as the file of expected failures says",
    "skipped": "nothing was judged; the reason is in the list of checks",
}
SHORT = 9
"""Characters of a number that still read better than three digits."""
_SOLVERS = tuple(level for level in LEVELS if SIGNATURES[level].concept)
_SAFETY: dict[str, str] = {"too optimistic": " (unsafe)"}


def validation_headline(target: TargetText, checks: Sequence[Check]) -> str:
    """Return the verdict in one line: ``"a toolbox passes 2 of 7 checks"``.

    >>> from drmg_check.runs import example_validation
    >>> header, *checks, _ = example_validation()
    >>> validation_headline(header.target, checks)
    'mine.py:half_radius passes 1 of 2 checks'
    """
    tally = count_checks(checks)
    decided = tally["passed"] + tally["failed"] + tally["xfail"]
    if not decided:
        return f"Nothing of {target.name} was judged"
    if tally["passed"] == decided == 1:
        return f"{target.name} passes its only check"
    of = f"all {decided}" if tally["passed"] == decided else f"{tally['passed']} of {decided}"
    return f"{target.name} passes {of} check{'s' * (decided != 1)}"


def validation_sentence(checks: Sequence[Check]) -> str:
    """Return the verdict on an implementation in one sentence.

    >>> from drmg_check.runs import example_validation
    >>> validation_sentence(example_validation()[1:-1])
    'At fault in 1 check: too optimistic (unsafe) in 1.'
    """
    failures = [check.failure for check in checks if check.outcome == "failed" and check.failure is not None]
    if not failures:
        judged = sum(check.judged for check in checks)
        answers = f"{judged:,} judged answer{'s' * (judged != 1)}"
        return f"No fault found in {answers}." if judged else "Nothing was judged."
    kinds = Counter(failure.direction or failure.kind for failure in failures)
    said = ", ".join(f"{kind}{_SAFETY.get(kind, '')} in {n}" for kind, n in kinds.most_common())
    return f"At fault in {len(failures)} check{'s' * (len(failures) != 1)}: {said}."


def fault_name(failure: Failure) -> str:
    """Return what to call a failure in a cell.

    >>> from drmg_check.runs import example_validation
    >>> fault_name(example_validation()[3].failure)
    'unsafe'
    """
    return {"too optimistic": "unsafe", "too pessimistic": "pessimistic"}.get(failure.direction, failure.kind)


def declared_facts(target: TargetText) -> dict[str, str]:
    """Return what the implementation says about itself, member by member.

    >>> from drmg_check.runs import example_validation
    >>> declared_facts(example_validation()[0].target)["Sets"]
    'tv'
    """
    data: object = None
    with suppress(ValueError, RecursionError):
        data = json.loads(target.declaration)
    if not isinstance(data, dict):
        return {}
    unsaid = {"name"} if data.get("level") in _SOLVERS else {"name", "concept"}
    words = {key: _words(value) for key, value in data.items() if key not in unsaid}
    if "accuracy" in words:
        words["accuracy"] = f"{_accuracy(words['accuracy'])} of the span"
    if "accuracy_absolute" in words:
        words["accuracy_absolute"] = _accuracy(words["accuracy_absolute"])
    return {key.replace("_", " ").capitalize(): text for key, text in words.items() if text}


def _accuracy(text: str) -> str:
    with suppress(InputError):
        digits = in_digits(exact(text))
        return digits if len(digits) <= SHORT else short_number(text)
    return text


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def program_title(failure: Failure) -> str:
    """Return what to call the program that shows a failure.

    >>> from drmg_check.runs import example_validation
    >>> program_title(example_validation()[3].failure)
    'with NumPy alone'
    """
    return "by a program" if "\nfrom drmg_check" in failure.snippet else "with NumPy alone"
