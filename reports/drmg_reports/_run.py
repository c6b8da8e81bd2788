"""A run as every report sees it: results grouped by claim, tallied, summed up in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.runs import GENERATED, Check, ClaimText, Event, Footer, Header, Result
from drmg_check.vocabulary import InputError, Verdict, brief, exact
from drmg_reports._checks import as_result, target_of

STATUSES = (*(str(verdict) for verdict in Verdict), "skipped", "error")
"""What a claim can end as: a verdict or the reason why there is none. Report order."""

_LEDGERS = {"mornavi": "the MORNAVI paper", "drmg-check": "drmg-check itself"}
_CLAUSES = {
    "holds": ("holds", "hold"),
    "proved": ("is proved", "are proved"),
    "refuted": ("is refuted by an exact counterexample", "are refuted by exact counterexamples"),
    "vacuous": ("is vacuous below a stated size", "are vacuous below a stated size"),
    "unproved": ("stands without its published proof", "stand without their published proofs"),
    "not checkable": ("is not checkable", "are not checkable"),
    "skipped": ("was skipped", "were skipped"),
    "error": ("ended in an error", "ended in errors"),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim and all results on it: at most one on generated instances, any number on games."""

    claim: ClaimText
    results: tuple[Result, ...]

    @property
    def generated(self) -> Result | None:
        """The result on generated instances."""
        return next((result for result in self.results if result.subject == GENERATED), None)

    @property
    def on_games(self) -> tuple[Result, ...]:
        """The results on named games."""
        return tuple(result for result in self.results if result.subject != GENERATED)

    @property
    def status(self) -> str:
        """The verdict over all results: one refutation refutes; else generated instances speak first."""
        found = [result.found for result in self.results if result.found]
        if Verdict.REFUTED in found:
            return str(Verdict.REFUTED)
        speaker = self.generated
        if speaker is not None and speaker.outcome != "skipped":
            return speaker.found or "error"
        if found:
            return min(found, key=_rank)
        return "error" if any(result.outcome == "error" for result in self.results) else "skipped"

    @property
    def outcome(self) -> str:
        """The most alarming outcome among the results."""
        outcomes = {result.outcome for result in self.results}
        return next(one for one in ("error", "unexpected", "as expected", "skipped") if one in outcomes)

    @property
    def instances(self) -> int:
        """Instances tried, over all results."""
        return sum(result.instances for result in self.results)

    @property
    def undecided(self) -> int:
        """Instances whose certified interval contained 0, over all results."""
        return sum(result.undecided for result in self.results)

    @property
    def seconds(self) -> float:
        """Time over all results."""
        return sum(result.seconds for result in self.results)

    @property
    def smallest(self) -> tuple[str, str]:
        """The smallest certified slack ``(low, high)`` over all results, ``("", "")`` without one."""
        slacks = [(r.smallest_slack_low, r.smallest_slack_high) for r in self.results if r.smallest_slack_low]
        return min(slacks, key=lambda slack: _magnitude(slack[0]), default=("", ""))

    @property
    def slacks(self) -> tuple[float, ...]:
        """The sample for the histogram: of the generated instances, or else of all games together."""
        if self.generated is not None and self.generated.slacks:
            return self.generated.slacks
        return tuple(slack for result in self.results for slack in result.slacks)


@dataclass(frozen=True, slots=True)
class Run:
    """The events of one run, ordered for reading. ``footer is None`` means that the run died."""

    header: Header
    judgements: tuple[Judgement, ...]
    footer: Footer | None
    missing: tuple[str, ...]
    games: tuple[str, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """All results, claim by claim."""
        return tuple(result for judgement in self.judgements for result in judgement.results)

    @property
    def by_source(self) -> dict[str, list[Judgement]]:
        """The claims by where they come from (see :func:`source`), in the order of their first claim."""
        groups: dict[str, list[Judgement]] = {}
        for judgement in self.judgements:
            groups.setdefault(source(judgement.claim), []).append(judgement)
        return groups

    @property
    def alarms(self) -> tuple[Judgement, ...]:
        """Claims with an unexpected verdict or an error."""
        return tuple(one for one in self.judgements if one.outcome in ("unexpected", "error"))

    @property
    def seconds(self) -> float:
        """Wall time of the run if it ended, or else the time spent on the results that exist."""
        return self.footer.seconds if self.footer else sum(one.seconds for one in self.judgements)


def read_run(events: Iterable[Event]) -> Run:
    """Group the events of one run; a check of an implementation counts as the result that it is.

    Claims and cases come in the order that the header plans, whatever the order of the results.

    Raises
    ------
    InputError
        No header at the start, a second header or footer, or two results for one case.
    """
    rest = iter(events)
    first = next(rest, None)
    if not isinstance(first, Header):
        raise InputError(f"events[0] is {type(first).__name__}; expected the header of a run")
    results: dict[str, Result] = {}
    footer: Footer | None = None
    target = target_of(first)
    for k, one in enumerate(rest, start=1):
        event = as_result(one, target) if isinstance(one, Check) else one
        if isinstance(event, Result):
            if event.case in results:
                raise InputError(f"events[{k}] is a second result for case {event.case!r}; expected one")
            results[event.case] = event
        elif isinstance(event, Footer) and footer is None:
            footer = event
        else:
            raise InputError(f"events[{k}] is a second {type(event).__name__.lower()}; give one run a time")
    planned = {case: k for k, case in enumerate(first.cases)}
    ordered = sorted(results.values(), key=lambda one: planned.get(one.case, len(planned)))
    groups: dict[str, list[Result]] = {}
    for result in ordered:
        groups.setdefault(result.claim.id, []).append(result)
    return Run(
        header=first,
        judgements=tuple(Judgement(group[0].claim, tuple(group)) for group in groups.values()),
        footer=footer,
        missing=tuple(case for case in first.cases if case not in results),
        games=tuple(dict.fromkeys(result.subject for result in ordered if result.subject != GENERATED)),
    )


def tally(judgements: Iterable[Judgement]) -> dict[str, int]:
    """Count claims by status, in report order, leaving out what does not occur."""
    counts = Counter(judgement.status for judgement in judgements)
    return {status: counts[status] for status in sorted(counts, key=_rank)}


def headline(run: Run) -> str:
    """Return the verdict on the run: ``"14 of 14 verdicts are as expected"``."""
    decided = [one for one in run.judgements if any(result.found for result in one.results)]
    expected = [one for one in decided if all(result.outcome != "unexpected" for result in one.results)]
    errors = sum(result.outcome == "error" for result in run.results)
    target = target_of(run.header)
    verdicts = (
        f"{len(expected)} of {len(decided)} verdicts {'is' if len(decided) == 1 else 'are'} as expected"
        if target is None
        else f"{target.name} passes {len(expected)} of {len(decided)} checks"
    )
    trouble = f"{errors} case{'s' * (errors != 1)} ended in {'an error' if errors == 1 else 'errors'}"
    return ", ".join([verdicts if decided else "No claim has a verdict", *([trouble] if errors else [])])


def breakdown(run: Run) -> str:
    """Return what the verdicts are, source by source, as the second half of the sentence."""
    parts = []
    for name, judgements in run.by_source.items():
        counts = enumerate(tally(judgements).items())
        clauses = [_clause(status, n, first=not k) for k, (status, n) in counts]
        parts.append(f"of {name}, {_listed(clauses)}")
    return "; ".join(parts)


def sentence(run: Run) -> str:
    """Return the verdict on the run and what it consists of, in one sentence."""
    details = breakdown(run)
    return f"{headline(run)}: {details}." if details else f"{headline(run)}."


def source(claim: ClaimText) -> str:
    """Say whose statement it is: a paper's, ours about a paper, or ours about our own code."""
    if claim.reading == "corrected":
        return "the corrected statements"
    return _LEDGERS.get(claim.ledger, brief(claim.ledger))


def _clause(status: str, n: int, *, first: bool) -> str:
    one, many = _CLAUSES.get(status, (f"ended as {brief(status)}",) * 2)
    noun = " claim" + "s" * (n != 1) if first else ""
    return f"{n}{noun} {one if n == 1 else many}"


def _listed(clauses: Sequence[str]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"


def _rank(status: str) -> int:
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)


def _magnitude(text: str) -> Fraction:
    try:
        return exact(text)
    except InputError:
        return Fraction(10) ** 400  # no number: comes after every number
