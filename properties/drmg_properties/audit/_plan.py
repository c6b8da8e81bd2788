"""The plan of an audit: which claims are judged on which subjects, how hard, from which seed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from drmg_check.runs import GENERATED, Header, case_id, new_header, search_profile
from drmg_check.vocabulary import InputError
from drmg_properties import Budget
from drmg_properties.audit._ledger import Listed

YEAR = 366 * 86_400  # seconds


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of work, a pure function of what it holds: it runs in any process and merges by ``id``.

    >>> from drmg_properties.audit import list_claims, select_claims
    >>> (case,) = plan(select_claims(list_claims(), ["D5"]), games=[], seed=7).cases
    >>> case.id, case.subject, case.budget.seed
    ('D5', 'generated', 7)
    """

    id: str  # "A3", or "B1@zoo:frozen-lake"
    claim: str
    subject: str  # GENERATED, or the text that names a game
    budget: Budget
    spend: float  # seconds for further rounds with further seeds; 0: one round
    limit: float  # seconds until it is an error
    ledger: str
    run_file: str  # where the run is recorded, for the replay line; "" where `replay` looks by itself
    profile: str


class AuditPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit is going to run.

    >>> from drmg_properties.audit import list_claims, select_claims
    >>> planned = plan(select_claims(list_claims(), ["D5"]), games=[])
    >>> planned.header.profile, planned.header.cases
    ('ci', ('D5',))
    """

    header: Header
    cases: tuple[Case, ...]


def plan(
    listed: Sequence[Listed],
    games: Sequence[str],
    profile: str = "ci",
    seed: int = 0,
    *,
    spend: float = 0.0,
    run_file: str = "",
) -> AuditPlan:
    """Plan every claim on generated instances, and every game-capable claim on every game.

    Parameters
    ----------
    listed : sequence of Listed
        Claims with their ledgers, in report order.
    games : sequence of str
        ``zoo:NAME?parameter=value`` or the path of a game file; loaded only when a case runs.
    profile : {"quick", "ci", "deep"}
    seed : int
        Of every search.
    spend : float
        Seconds that each case on generated instances may spend on further rounds of the search, with the
        seeds that follow. Such a run finds more; how much more depends on the machine.
    run_file : str
        Where the run is recorded, for replay lines; "" where ``drmg-check replay`` looks by itself.

    Raises
    ------
    InputError
        An unknown profile.

    Examples
    --------
    >>> from drmg_properties.audit import list_claims, select_claims
    >>> planned = plan(select_claims(list_claims(), ["A1", "B1"]), games=["zoo:frozen-lake"])
    >>> [case.id for case in planned.cases]
    ['A1', 'B1', 'B1@zoo:frozen-lake']
    """
    how = search_profile(profile)

    def case(entry: Listed, subject: str) -> Case:
        return Case(
            id=case_id(entry.claim.id, subject),
            claim=entry.claim.id,
            subject=subject,
            budget=Budget(max_examples=how.max_examples, size=how.size, seed=seed),
            spend=spend if subject == GENERATED else 0.0,
            limit=how.limit + spend,
            ledger=entry.address,
            run_file=run_file,
            profile=profile,
        )

    cases = [case(entry, GENERATED) for entry in listed]
    for game in dict.fromkeys(games):
        cases += [case(entry, game) for entry in listed if entry.claim.on_game is not None]
    names = {entry.ledger.id: entry.ledger.name for entry in listed}
    addresses = {entry.ledger.id: entry.address for entry in listed}
    header = new_header(profile, seed, [case.id for case in cases], ledgers=names, ledger_addresses=addresses)
    return AuditPlan(header=header, cases=tuple(cases))


def limited(plan: AuditPlan, seconds: float) -> AuditPlan:
    """Return the plan with another limit on the time of each case than that of the profile.

    >>> from drmg_properties.audit import list_claims, plan, select_claims
    >>> limited(plan(select_claims(list_claims(), ["D5"]), games=[]), 2.5).cases[0].limit
    2.5
    """
    cases = tuple(msgspec.structs.replace(case, limit=seconds) for case in plan.cases)
    return msgspec.structs.replace(plan, cases=cases)


def parse_duration(text: str) -> float:
    """Return the seconds of ``"45s"``, ``"90m"``, ``"2h"`` or ``"1h30m"``.

    Raises
    ------
    InputError
        Any other text, no time at all, or more than a year.

    Examples
    --------
    >>> parse_duration("1h30m")
    5400.0
    """
    match = re.fullmatch(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", text.strip(), re.ASCII)
    parts = match.groups(default="0") if match else ("0", "0", "0")
    seconds = sum(int(n) * unit for n, unit in zip(parts, (3600, 60, 1), strict=True))
    if seconds == 0:
        raise InputError(f"{text!r} is no duration; expected something like 2h, 90m or 1h30m")
    if seconds > YEAR:
        raise InputError(f"{text!r} is more than a year; expected something like 2h, 90m or 1h30m")
    return float(seconds)
