"""What is said of an audit: the verdicts in one sentence, and what each verdict means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from drmg_check.runs import ClaimText, Header, Result
from drmg_check.vocabulary import Verdict, brief
from drmg_reports.runs import Audited, Judgement, status_rank
from drmg_reports.words._severity import damages

VERDICTS_MEAN = {
    Verdict.HOLDS: "no instance tried violates it; the smallest slack says how close one came",
    Verdict.ON_A_LIST: "true of every entry of a finite list, where the statement speaks of all sizes",
    Verdict.PROVED: "a finite statement enumerated completely, or sides that are identical in symbols",
    Verdict.REFUTED: "an exact instance violates it, and replays from one line",
    Verdict.VACUOUS: "true, but it says nothing below a size that the run states",
    Verdict.UNPROVED: "the statement survives, but a step of its published proof is refuted",
    Verdict.NOT_CHECKABLE: "no finite computation decides it, or no instance within reach tells anything",
}
_CLAUSES = {
    "holds": ("holds", "hold"),
    "holds on a list": ("holds on a list", "hold on a list"),
    "proved": ("is proved", "are proved"),
    "refuted": ("is refuted by an exact counterexample", "are refuted by exact counterexamples"),
    "vacuous": ("is vacuous below a stated size", "are vacuous below a stated size"),
    "unproved": ("stands without its published proof", "stand without their published proofs"),
    "not checkable": ("is not checkable", "are not checkable"),
    "skipped": ("was skipped", "were skipped"),
    "error": ("ended in an error", "ended in errors"),
}


def tally_verdicts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """Count claims by status, in report order, leaving out what does not occur.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> tally_verdicts(read_run(example_audit()).judgements)
    {'holds': 1, 'refuted': 1}
    """
    counts = Counter(judgement.status for judgement in judgements)
    return {status: counts[status] for status in sorted(counts, key=status_rank)}


def audit_headline(run: Audited) -> str:
    """Return the verdict on the run: ``"14 of 14 verdicts are as expected"``.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> audit_headline(read_run(example_audit()))
    '2 of 2 verdicts are as expected'
    """
    decided = [each for each in run.judgements if any(result.found for result in each.results)]
    expected = [each for each in decided if all(result.outcome != "unexpected" for result in each.results)]
    errors = sum(result.outcome == "error" for result in run.results)
    are = "is" if len(decided) == 1 else "are"
    verdicts = f"{len(expected)} of {len(decided)} verdicts {are} as expected"
    trouble = f"{errors} case{'s' * (errors != 1)} ended in {'an error' if errors == 1 else 'errors'}"
    return ", ".join([verdicts if decided else "No claim has a verdict", *([trouble] if errors else [])])


def audit_breakdown(run: Audited) -> str:
    """Return what the verdicts are, source by source, as the second half of the sentence.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> audit_breakdown(read_run(example_audit()))[:67]
    'of the MORNAVI paper, 1 claim is refuted by an exact counterexample'
    """
    parts = []
    for name, judgements in by_source(run).items():
        counts = enumerate(tally_verdicts(judgements).items())
        clauses = [_clause(status, n, first=not k) for k, (status, n) in counts]
        if meant := [damage.words for damage in damages(judgements)]:
            refuted = list(tally_verdicts(judgements)).index("refuted")
            clauses[refuted] += f" ({', '.join(meant)})"
        parts.append(f"of {name}, {_listed(clauses)}")
    return "; ".join(parts)


def audit_sentence(run: Audited) -> str:
    """Return the verdict on the run and what it consists of, in one sentence.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> audit_sentence(read_run(example_audit()))[:40]
    '2 of 2 verdicts are as expected: of the '
    """
    details = audit_breakdown(run)
    return f"{audit_headline(run)}: {details}." if details else f"{audit_headline(run)}."


def certificates_of(result: Result) -> str:
    """Say how many worst cases a counterexample rests on, each of them certified; "" of none.

    >>> from drmg_check.runs import example_audit
    >>> certificates_of(example_audit()[1])
    ''
    """
    counterexample = result.counterexample
    if counterexample is None or isinstance(counterexample.certificates, msgspec.UnsetType):
        return ""
    n = len(counterexample.certificates)
    return "1 worst case, with its certificate" if n == 1 else f"{n} worst cases, each with its certificate"


def by_source(run: Audited) -> dict[str, list[Judgement]]:
    """Return the claims by whose statements they are, in the order of their first claim.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> list(by_source(read_run(example_audit())))
    ['the MORNAVI paper', 'the corrected statements']
    """
    groups: dict[str, list[Judgement]] = {}
    for judgement in run.judgements:
        groups.setdefault(source_of(judgement.claim, run.header), []).append(judgement)
    return groups


def source_of(claim: ClaimText, header: Header) -> str:
    """Say whose statement it is: a paper's, by the name that the header gives it, or ours about it.

    >>> from drmg_check.runs import example_audit
    >>> header, refuted, corrected, _ = example_audit()
    >>> source_of(refuted.claim, header), source_of(corrected.claim, header)
    ('the MORNAVI paper', 'the corrected statements')
    """
    if claim.reading == "corrected":
        return "the corrected statements"
    return ledger_name(claim, header)


def ledger_name(claim: ClaimText, header: Header) -> str:
    """Return the name of a claim's ledger; its id where the header, of an earlier version, names none.

    >>> from drmg_check.runs import example_audit
    >>> header, refuted, *_ = example_audit()
    >>> ledger_name(refuted.claim, header)
    'the MORNAVI paper'
    """
    names = {} if isinstance(header.ledgers, msgspec.UnsetType) else header.ledgers
    return brief(names.get(claim.ledger, claim.ledger))


def _clause(status: str, n: int, *, first: bool) -> str:
    singular, plural = _CLAUSES.get(status, (f"ended as {brief(status)}",) * 2)
    noun = " claim" + "s" * (n != 1) if first else ""
    return f"{n}{noun} {singular if n == 1 else plural}"


def _listed(clauses: Sequence[str]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"
