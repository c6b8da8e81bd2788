"""What is said of two certificates compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drmg_check.documents import CertifiedBounds
from drmg_check.vocabulary import bounds_text
from drmg_reports.documents import BoundsChange, CertificateComparison, ChangedBounds
from drmg_reports.words._certificates import GAP_NAMES, certificate_facts

_NUMBERS = {
    "value": "robust value",
    "best_response": "best response",
    "gain": "gain",
    "ce_gain": "CE gain",
}
_MEETS: Mapping[BoundsChange, str] = {"meets": ", where the bounds meet"}


def certificates_sentence(comparison: CertificateComparison) -> str:
    """Return it in one sentence: ``"1 gap grew, 0 shrank; 4 other numbers differ, 6 are the same"``.

    >>> from drmg_check.documents import example_certificate
    >>> from drmg_reports.documents import compare_certificates
    >>> certificates_sentence(compare_certificates(example_certificate(), example_certificate()))
    '0 gaps grew, 0 shrank; 0 other numbers differ, 7 are the same'
    """
    grew = sum(change.worse for change in comparison.changes)
    shrank = sum(change.better for change in comparison.changes)
    other = len(comparison.changes) - grew - shrank
    gaps = f"{grew} gap{'s' * (grew != 1)} grew, {shrank} shrank"
    return f"{gaps}; {other} other numbers differ, {comparison.same} are the same"


def certificates_settings(comparison: CertificateComparison) -> dict[str, str]:
    """Return what differs but the numbers: the game, the policy, who certified.

    >>> from drmg_check.documents import example_certificate
    >>> from drmg_reports.documents import compare_certificates
    >>> certificates_settings(compare_certificates(example_certificate(), example_certificate()))
    {}
    """
    before, after = certificate_facts(comparison.before), certificate_facts(comparison.after)
    facts = {}
    for name, members in (("game", comparison.game), ("policy", comparison.policy)):
        said = _arrow(before[name], after[name])
        differing = f"; they differ in {_listed(members)}" if members else ""
        if differing or before[name] != after[name]:
            facts[name] = said + differing
    if comparison.before.tool_version != comparison.after.tool_version:
        facts["drmg-check"] = _arrow(comparison.before.tool_version, comparison.after.tool_version)
    return facts


def changed_numbers(comparison: CertificateComparison) -> Iterator[tuple[ChangedBounds, str]]:
    """Yield each number that differs, the gaps first, with a line that says how.

    >>> from drmg_check.documents import example_certificate
    >>> from drmg_reports.documents import compare_certificates
    >>> list(changed_numbers(compare_certificates(example_certificate(), example_certificate())))
    []
    """
    for change in comparison.changes:
        name = _name(change)
        sides = f"{_side(change.before)} -> {_side(change.after)}"
        yield change, f"{name}  {sides}{_MEETS.get(change.change, '')}"


def _name(change: ChangedBounds) -> str:
    if change.number == "gap":
        return next(name for concept, name in GAP_NAMES.items() if concept == change.of)
    return f"{change.of}: {_NUMBERS[change.number]}"


def _side(bounds: CertifiedBounds | None) -> str:
    return "not known" if bounds is None else bounds_text(bounds.pair)


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} -> {after}"


def _listed(members: Sequence[str]) -> str:
    return members[0] if len(members) == 1 else f"{', '.join(members[:-1])} and {members[-1]}"
