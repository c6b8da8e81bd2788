"""The unit of work: judge one case and state the result, whatever happens."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from time import perf_counter
from typing import Any, Literal

import msgspec

from drmg_check.models import RobustMarkovGame
from drmg_check.runs import (
    GENERATED,
    MAX_PASTE,
    ClaimText,
    Counterexample,
    FalseNeighbour,
    FamilyPoint,
    Result,
    SlackCurve,
    rational_above,
    rational_below,
    split_case_id,
)
from drmg_check.sets import Row
from drmg_check.vocabulary import DrmgError, Verdict
from drmg_check.zoo import resolve_game
from drmg_properties.audit._adversary import worst_moves
from drmg_properties.audit._blame import describe_error
from drmg_properties.audit._freeze import certificates_of
from drmg_properties.audit._ledger import DEFAULT_LEDGERS, AnyClaim, Listed, find_claim, list_claims
from drmg_properties.audit._limit import OutOfTimeError, time_limit
from drmg_properties.audit._plan import Case
from drmg_properties.claim import (
    Caught,
    Finding,
    Generated,
    Witness,
    derive_afresh,
    encode_instance,
    judge,
    judge_on_game,
    together,
)


def run_case(case: Case) -> Result:
    """Judge one case.

    A pure function of the case up to the field ``seconds`` (and up to how many rounds fit into
    ``case.spend``), so that it may run in any process and again on resuming. A game that cannot be loaded
    or that no checker can take is skipped with the reason; an exception, or a claim that exceeds its limit,
    is an error that names the place in the author's file.

    >>> from drmg_properties.audit import list_claims, plan, select_claims
    >>> (case,) = plan(select_claims(list_claims(), ["D5"]), games=[], profile="quick").cases
    >>> run_case(case).found
    'holds on a list'
    """
    started = perf_counter()
    entry = find_claim(_listed(case.ledger), case.claim)
    claim = entry.claim
    try:
        with time_limit(case.limit):
            if case.subject == GENERATED:
                finding = _search(claim, case, started)
            else:
                try:
                    game = _game(case.subject)
                except DrmgError as error:
                    return no_result(case, entry, "skipped", f"no game: {error}", perf_counter() - started)
                finding = judge_on_game(claim, game, case.budget)
                if finding.verdict == Verdict.NOT_CHECKABLE:
                    return no_result(case, entry, "skipped", finding.note, perf_counter() - started)
        return _result(case, entry, finding, perf_counter() - started)
    except (Exception, SystemExit, OutOfTimeError) as error:  # a claim that exits has not been judged
        return no_result(case, entry, "error", describe_error(error), perf_counter() - started)


def no_result(
    case: Case, entry: Listed, outcome: Literal["skipped", "error"], note: str, seconds: float
) -> Result:
    """Return the result of a case without a verdict, and why it has none."""
    return Result(
        case=case.id,
        claim=claim_text(entry),
        subject=case.subject,
        outcome=outcome,
        found="",
        instances=0,
        undecided=0,
        smallest_slack_low="",
        smallest_slack_high="",
        slacks=(),
        counterexample=None,
        note=note,
        replay=rerun_line(case),
        seconds=seconds,
    )


def is_expected(claim: AnyClaim, subject: str, finding: Finding[Any]) -> bool:
    """Whether a verdict agrees with the ledger, and the search has shown what it is worth.

    The ledger speaks of all games. On generated instances the verdict found must be the one
    expected, and no false neighbour may have survived the same search; on one game, a claim that is false
    somewhere may well be true.
    """
    found = finding.verdict
    if subject == GENERATED:
        return found == claim.expected and all(caught.counterexample is not None for caught in finding.caught)
    return found != Verdict.REFUTED or claim.expected == Verdict.REFUTED


def claim_text(entry: Listed) -> ClaimText:
    """Return the statement of a claim as events carry it.

    >>> from drmg_properties.audit import list_claims
    >>> claim_text(find_claim(list_claims(), "D5")).title
    'Wasted steps of a geometric escape'
    """
    claim = entry.claim
    return ClaimText(
        id=claim.id,
        ledger=entry.ledger.id,
        place=claim.place,
        title=claim.title,
        statement=claim.statement,
        latex=claim.latex,
        formalisation=claim.formalisation,
        assumptions=claim.assumptions,
        reading=claim.reading,
        severity=claim.severity,
        expected=str(claim.expected),
        corrected=claim.corrected,
    )


def rerun_line(case: Case) -> str:
    """Return the command that judges the case again, in one process, with the same search."""
    words = ["drmg-check", "claims", "run", split_case_id(case.id)[0]]
    if case.subject != GENERATED:
        words += ["--game", case.subject]
    words += ["--profile", case.profile, "--seed", str(case.budget.seed), *_ledger_words(case)]
    return shlex.join(words)


def _search(claim: AnyClaim, case: Case, started: float) -> Finding[Any]:
    finding = judge(claim, case.budget)
    rounds = 1
    while (
        perf_counter() - started < case.spend
        and isinstance(claim.search, Generated)
        and finding.verdict != Verdict.REFUTED
    ):
        # The false neighbours were judged in the first round; further ones search for violations only.
        again = judge(replace(claim, neighbours=()), replace(case.budget, seed=case.budget.seed + rounds))
        rounds += 1
        finding = together(finding, again)
    if rounds > 1:
        finding = replace(finding, note=f"{finding.note}; {rounds} rounds from seed {case.budget.seed} on")
    return finding


def _result(case: Case, entry: Listed, finding: Finding[Any], seconds: float) -> Result:
    claim = entry.claim
    smallest, counterexample = finding.smallest, None
    replay = rerun_line(case)
    if finding.counterexample is not None:
        counterexample = _counterexample(claim, finding.counterexample, finding.rests_on)
        replay = _replay_line(case, counterexample.instance)
    return Result(
        case=case.id,
        claim=claim_text(entry),
        subject=case.subject,
        outcome="as expected" if is_expected(claim, case.subject, finding) else "unexpected",
        found=str(finding.verdict),
        instances=finding.instances,
        undecided=finding.undecided,
        smallest_slack_low=rational_below(smallest.low) if smallest else "",
        smallest_slack_high=rational_above(smallest.high) if smallest else "",
        slacks=tuple(_to_four_digits(slack) for slack in finding.slacks if isfinite(slack)),
        counterexample=counterexample,
        note=finding.note,
        replay=replay,
        seconds=seconds,
        silent=finding.silent,
        neighbours=tuple(_neighbour(claim, caught) for caught in finding.caught) or msgspec.UNSET,
        relative=msgspec.UNSET
        if finding.relative is None or not isfinite(finding.relative)
        else _to_four_digits(finding.relative),
        telling=_telling(claim, finding) or msgspec.UNSET,
        family=tuple(map(_point, finding.family)) or msgspec.UNSET,
        tightness=tuple(
            SlackCurve(parameter=one.parameter, values=one.values, smallest=one.smallest)
            for one in finding.tightness
        )
        or msgspec.UNSET,
    )


def _counterexample(
    claim: AnyClaim,
    instance: Any,  # noqa: ANN401 - claim.instance_type
    rests_on: Mapping[Row, int],
) -> Counterexample:
    derivation = claim.derive(instance)
    slack = derivation.difference
    return Counterexample(
        instance=encode_instance(claim, instance),
        lines=derivation.derivation,
        slack_low=rational_below(slack.low),
        slack_high=rational_above(slack.high),
        moves=worst_moves(instance) or msgspec.UNSET,
        certificates=tuple(certificates_of(rests_on)) or msgspec.UNSET,
        address=msgspec.UNSET if claim.address is None else claim.address(instance),
    )


def _telling(claim: AnyClaim, finding: Finding[Any]) -> Counterexample | None:
    """Return what is shown beside the smallest violation, with the worst cases that it rests on."""
    if finding.telling is None:
        return None
    again = derive_afresh(claim, finding.telling.instance)
    return _counterexample(claim, again.instance, again.rests_on)


def _point(witness: Witness[Any]) -> FamilyPoint:
    size = witness.derivation.log10_factor
    return FamilyPoint(
        constant=float(witness.constant), log10_ratio=None if size is None else _to_four_digits(size)
    )


def _to_four_digits(slack: float) -> float:
    return float(f"{slack:.4g}")


def _neighbour(claim: AnyClaim, caught: Caught[Any]) -> FalseNeighbour:
    if caught.derivation is None:
        return FalseNeighbour(name=caught.name, instance="", lines=(), slack_low="", slack_high="")
    slack = caught.derivation.difference
    return FalseNeighbour(
        name=caught.name,
        instance=encode_instance(claim, caught.counterexample),
        lines=caught.derivation.derivation,
        slack_low=rational_below(slack.low),
        slack_high=rational_above(slack.high),
    )


def _replay_line(case: Case, instance: str) -> str:
    if len(instance) <= MAX_PASTE:
        words = ["drmg-check", "replay", case.claim, "--instance", instance]
    else:
        words = ["drmg-check", "replay", case.id]
        if case.run_file:
            words += ["--run", case.run_file]
    return shlex.join([*words, *_ledger_words(case)])


def _ledger_words(case: Case) -> list[str]:
    return [] if case.ledger in DEFAULT_LEDGERS else ["--ledger", case.ledger]


@lru_cache(maxsize=8)
def _listed(address: str) -> tuple[Listed, ...]:
    return list_claims([address])


@lru_cache(maxsize=4)
def _game(text: str) -> RobustMarkovGame:
    # Cases come game by game, so a worker loads each game about once.
    return resolve_game(text)
