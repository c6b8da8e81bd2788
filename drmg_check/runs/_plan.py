"""What a run is going to do: its cases, how hard it searches, from which seed, and with what."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType

import msgspec

from drmg_check.runs._records import Check, Event, Header, Result, TargetText
from drmg_check.version import __version__
from drmg_check.vocabulary import InputError

GENERATED = "generated"
"""The subject of a case that is judged on generated instances, and not on one named game."""
MAX_PASTE = 400
"""Characters of an instance that a replay line still carries; a longer one is read from the run, or searched
again: terminals and chats break longer lines."""
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


class SearchProfile(msgspec.Struct, frozen=True):
    """How hard a run searches.

    ``limit`` is the wall-clock time in seconds after which the worker of a case is killed; it is a net for
    what hangs, far above what a case takes.

    >>> SearchProfile(max_examples=40, size=1, limit=300.0).size
    1
    """

    max_examples: int
    size: int
    limit: float


# For an edit, a commit, a release.
PROFILES = MappingProxyType(
    {
        "quick": SearchProfile(max_examples=40, size=1, limit=300.0),
        "ci": SearchProfile(max_examples=200, size=2, limit=900.0),
        "deep": SearchProfile(max_examples=2000, size=3, limit=7200.0),
    }
)


def search_profile(name: str) -> SearchProfile:
    """Return the profile of a name.

    Raises
    ------
    InputError
        No profile has it.

    Examples
    --------
    >>> search_profile("quick").max_examples
    40
    """
    if name not in PROFILES:
        raise InputError(f"profile={name!r}; expected one of {', '.join(PROFILES)}")
    return PROFILES[name]


def new_header(
    profile: str,
    seed: int,
    cases: Sequence[str],
    *,
    ledgers: Mapping[str, str] | None = None,
    ledger_addresses: Mapping[str, str] | None = None,
    target: TargetText | None = None,
) -> Header:
    """Return the header of a run that starts now, with the versions that are installed.

    Parameters
    ----------
    profile : str
    seed : int
    cases : sequence of str
        The ids of all cases, in report order.
    ledgers : mapping of id to name, optional
        Of the ledgers whose claims an audit judges.
    ledger_addresses : mapping of id to address, optional
        Where these are loaded from.
    target : TargetText, optional
        The implementation that a validation judges.

    Examples
    --------
    >>> new_header("ci", 0, ["A3"], ledgers={"mornavi": "a paper"}).cases
    ('A3',)
    """
    return Header(
        tool_version=__version__,
        profile=profile,
        seed=seed,
        cases=tuple(cases),
        started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        versions=installed_versions(),
        target=msgspec.UNSET if target is None else target,
        ledgers=msgspec.UNSET if ledgers is None else dict(ledgers),
        ledger_addresses=msgspec.UNSET if ledger_addresses is None else dict(ledger_addresses),
    )


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries on which a verdict may depend.

    >>> "python" in installed_versions()
    True
    """
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def case_id(claim_id: str, subject: str) -> str:
    """Return the id of a claim on a subject.

    >>> case_id("A3", GENERATED), case_id("B1", "zoo:frozen-lake")
    ('A3', 'B1@zoo:frozen-lake')
    """
    return claim_id if subject == GENERATED else f"{claim_id}@{subject}"


def split_case_id(text: str) -> tuple[str, str]:
    """Return the claim id and the subject of a case id; inverse of :func:`case_id`.

    >>> split_case_id("A3"), split_case_id("B1@zoo:frozen-lake")
    (('A3', 'generated'), ('B1', 'zoo:frozen-lake'))
    """
    claim_id, at, subject = text.partition("@")
    return claim_id, subject if at else GENERATED


def in_plan_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the same run with its results in the order that the header planned.

    Workers finish in any order; sorted, two runs of one plan differ in times only.

    >>> from drmg_check.runs import example_audit
    >>> header, first, second, footer = example_audit()
    >>> in_plan_order([header, second, first, footer]) == example_audit()
    True
    """
    events = tuple(events)
    place = {case: k for event in events if isinstance(event, Header) for k, case in enumerate(event.cases)}

    def key(event: Event) -> tuple[int, int]:
        if isinstance(event, Result | Check):
            return 1, place[event.case]
        return (0, 0) if isinstance(event, Header) else (2, 0)

    return tuple(sorted(events, key=key))


def check_same_plan(new: Header, events: Sequence[Event]) -> None:
    """Refuse to resume a run that was started from another plan.

    Raises
    ------
    InputError
        Another version, profile, seed, target or other cases; the message says what differs.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> check_same_plan(example_audit()[0], example_audit()[:2])
    """
    old = events[0]
    if not isinstance(old, Header):
        raise InputError(f"the run to resume starts with a {type(old).__name__}; expected its header")
    for name in ("tool_version", "profile", "seed", "versions", "target"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            raise InputError(
                f"cannot resume: the run was started with {name}={was!r}, now {name}={now!r}; "
                f"resume with the same, or start a new run in another folder"
            )
    if old.cases != new.cases:
        changed = sorted(set(old.cases) ^ set(new.cases)) or ["their order"]
        raise InputError(
            f"cannot resume: the run was planned with other cases ({', '.join(changed[:3])}...); "
            f"resume with the same options, or start a new run in another folder"
        )
