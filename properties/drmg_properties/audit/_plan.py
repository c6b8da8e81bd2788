"""The plan of an audit: which claims are judged on which subjects, how hard, from which seed."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType

import msgspec

from drmg_check import __version__
from drmg_check.runs import Header
from drmg_check.vocabulary import InputError
from drmg_properties import Budget
from drmg_properties.audit._ledger import Listed

GENERATED = "generated"
YEAR = 366 * 86_400  # seconds
DEFAULT_RUN = "drmg-audit/audit.ndjson"
LIBRARIES = (
    "numpy",
    "numba",
    "scipy",
    "highspy",
    "hypothesis",
    "mpmath",
    "python-flint",
    "cvxpy",
    "gymnasium",
)


class Profile(msgspec.Struct, frozen=True):
    """How hard an audit searches.

    ``limit`` is the wall-clock time in seconds after which the worker of a case is killed; it is a net for
    what hangs, far above what a case takes.
    """

    max_examples: int
    size: int
    limit: float


PROFILES = MappingProxyType(
    {
        "quick": Profile(max_examples=40, size=1, limit=300.0),
        "ci": Profile(max_examples=200, size=2, limit=900.0),
        "deep": Profile(max_examples=2000, size=3, limit=7200.0),
    }
)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of work, a pure function of what it holds: it runs in any process and merges by ``id``."""

    id: str  # "A3", or "B1@zoo:frozen-lake"
    claim: str
    subject: str  # GENERATED, or the text that names a game
    budget: Budget
    spend: float  # seconds for further rounds with further seeds; 0: one round
    limit: float  # seconds until the worker is killed
    ledger: str
    run_file: str  # where the run is recorded, for the replay line
    profile: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit is going to run."""

    header: Header
    cases: tuple[Case, ...]


def plan(
    listed: Sequence[Listed],
    games: Sequence[str],
    profile: str = "ci",
    seed: int = 0,
    *,
    spend: float = 0.0,
    run_file: str = DEFAULT_RUN,
) -> Plan:
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
        Where the run is recorded.

    Raises
    ------
    InputError
        An unknown profile.
    """
    if profile not in PROFILES:
        raise InputError(f"profile={profile!r}; expected one of {', '.join(PROFILES)}")
    how = PROFILES[profile]

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
    header = Header(
        tool_version=__version__,
        profile=profile,
        seed=seed,
        cases=tuple(one.id for one in cases),
        started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        versions=installed_versions(),
    )
    return Plan(header=header, cases=tuple(cases))


def case_id(claim_id: str, subject: str) -> str:
    """Return the id of a claim on a subject: ``A3``, or ``B1@zoo:frozen-lake``."""
    return claim_id if subject == GENERATED else f"{claim_id}@{subject}"


def split_case_id(text: str) -> tuple[str, str]:
    """Return the claim id and the subject of a case id; inverse of :func:`case_id`."""
    claim_id, at, subject = text.partition("@")
    return claim_id, subject if at else GENERATED


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries on which a verdict may depend."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def parse_duration(text: str) -> float:
    """Return the seconds of ``"45s"``, ``"90m"``, ``"2h"`` or ``"1h30m"``.

    Raises
    ------
    InputError
        Any other text, no time at all, or more than a year.
    """
    match = re.fullmatch(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", text.strip(), re.ASCII)
    parts = match.groups(default="0") if match else ("0", "0", "0")
    seconds = sum(int(n) * unit for n, unit in zip(parts, (3600, 60, 1), strict=True))
    if seconds == 0:
        raise InputError(f"{text!r} is no duration; expected something like 2h, 90m or 1h30m")
    if seconds > YEAR:
        raise InputError(f"{text!r} is more than a year; expected something like 2h, 90m or 1h30m")
    return float(seconds)
