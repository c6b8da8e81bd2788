"""A run as reports see it: an audit with its results grouped by claim, or a validation with its checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import msgspec

from drmg_check.runs import GENERATED, Check, ClaimText, Event, Footer, Header, Result, TargetText
from drmg_check.vocabulary import InputError, Verdict, exact

STATUSES = (*(str(verdict) for verdict in Verdict), "skipped", "error")
"""What a claim can end as: a verdict or the reason why there is none. Report order."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim and all results on it: at most one on generated instances, any number on games.

    >>> from drmg_check.runs import example_audit
    >>> judgement = read_run(example_audit()).judgements[0]
    >>> judgement.status, judgement.outcome
    ('refuted', 'as expected')
    """

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
        verdicts = [result.found for result in self.results if result.found]
        if Verdict.REFUTED in verdicts:
            return str(Verdict.REFUTED)
        speaker = self.generated
        if speaker is not None and speaker.outcome != "skipped":
            return speaker.found or "error"
        if verdicts:
            return min(verdicts, key=status_rank)
        return "error" if any(result.outcome == "error" for result in self.results) else "skipped"

    @property
    def outcome(self) -> str:
        """The most alarming outcome among the results."""
        outcomes = {result.outcome for result in self.results}
        order = ("error", "unexpected", "as expected", "skipped")
        return next(outcome for outcome in order if outcome in outcomes)

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
class Audited:
    """The events of an audit, ordered for reading. ``footer is None`` means that the run died.

    >>> from drmg_check.runs import example_audit
    >>> [judgement.claim.id for judgement in read_run(example_audit()).judgements]
    ['A3', 'A3.corrected']
    """

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
    def alarms(self) -> tuple[Judgement, ...]:
        """Claims with an unexpected verdict or an error."""
        return tuple(each for each in self.judgements if each.outcome in ("unexpected", "error"))

    @property
    def seconds(self) -> float:
        """Wall time of the run if it ended, or else the time spent on the results that exist."""
        return self.footer.seconds if self.footer else sum(each.seconds for each in self.judgements)


@dataclass(frozen=True, slots=True)
class Validated:
    """The events of a validation, ordered for reading. ``footer is None`` means that the run died.

    >>> from drmg_check.runs import example_validation
    >>> read_run(example_validation()).target.name
    'mine.py:half_radius'
    """

    header: Header
    target: TargetText
    checks: tuple[Check, ...]
    footer: Footer | None
    missing: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Wall time of the run if it ended, or else the time spent on the checks that exist."""
        return self.footer.seconds if self.footer else sum(check.seconds for check in self.checks)


ReadRun: TypeAlias = Audited | Validated


def read_run(events: Iterable[Event]) -> ReadRun:
    """Order the events of one run, and group those of an audit by claim.

    Claims, results and checks come in the order that the header plans, whatever that of the events.

    Raises
    ------
    InputError
        No header at the start, a second header or footer, two results for one case, a check in an audit, or
        a result in a validation.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> read_run(example_audit()[:2]).missing
    ('A3.corrected',)
    """
    rest = iter(events)
    first = next(rest, None)
    if not isinstance(first, Header):
        raise InputError(f"events[0] is {type(first).__name__}; expected the header of a run")
    target = target_of(first)
    wanted = Result if target is None else Check
    cases: dict[str, Result | Check] = {}
    footer: Footer | None = None
    for k, event in enumerate(rest, start=1):
        name = type(event).__name__.lower()
        if isinstance(event, Result | Check):
            if not isinstance(event, wanted):
                raise InputError(f"events[{k}] is a {name}; expected a {wanted.__name__.lower()} in this run")
            if event.case in cases:
                raise InputError(f"events[{k}] is a second {name} for case {event.case!r}; expected one")
            cases[event.case] = event
        elif isinstance(event, Footer) and footer is None:
            footer = event
        else:
            raise InputError(f"events[{k}] is a second {name}; give one run a time")
    planned = {case: k for k, case in enumerate(first.cases)}
    ordered = sorted(cases.values(), key=lambda event: planned.get(event.case, len(planned)))
    missing = tuple(case for case in first.cases if case not in cases)
    if target is not None:
        checks = tuple(event for event in ordered if isinstance(event, Check))
        return Validated(first, target, checks, footer, missing)
    results = [event for event in ordered if isinstance(event, Result)]
    return Audited(
        header=first,
        judgements=_by_claim(results),
        footer=footer,
        missing=missing,
        games=tuple(dict.fromkeys(result.subject for result in results if result.subject != GENERATED)),
    )


def target_of(header: Header) -> TargetText | None:
    """Return the implementation that a run validates; None of an audit.

    >>> from drmg_check.runs import example_audit
    >>> target_of(example_audit()[0]) is None
    True
    """
    return None if isinstance(header.target, msgspec.UnsetType) else header.target


def status_rank(status: str) -> int:
    """Return the place of a status in reports; an unknown one, from another version, comes last.

    >>> status_rank("holds") < status_rank("refuted") < status_rank("error")
    True
    """
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)


def _by_claim(results: Iterable[Result]) -> tuple[Judgement, ...]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.claim.id, []).append(result)
    return tuple(Judgement(group[0].claim, tuple(group)) for group in groups.values())


def _magnitude(text: str) -> Fraction:
    try:
        return exact(text)
    except InputError:
        return Fraction(10) ** 400  # no number: comes after every number
