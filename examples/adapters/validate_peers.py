"""Validate other libraries as ``peers.toml`` lists them, and print a table.

Exit code 0 if every outcome is the known one, 1 if one is not: a new failure, or a known one that is gone.
A peer that is not installed is skipped with the reason. ``make validate-peers`` installs them and runs this.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from drmg_check.referee import on_one_question, open_target, plan_validation, validate
from drmg_check.runs import Check, Event
from drmg_check.vocabulary import InputError

FOLDER = Path(__file__).parent
GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An adapter, what is tried with it, and what is known to fail.

    Parameters
    ----------
    name, target : str
        The target is an address relative to this folder.
    packages : sequence of str
        Distributions that it needs.
    checks : sequence of str
        Shell patterns; none means all.
    known : mapping
        Patterns of checks that fail, with reasons.
    rows : sequence of mapping
        Each with a ``row``, and with what it ``shows`` if it fails.
    memory : int
        GiB of address space: importing some of these maps more than the usual 4.
    """

    name: str
    target: str
    packages: Sequence[str]
    checks: Sequence[str] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str]] = ()
    memory: int = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a peer: its checks, then sentences on whatever was not as known."""

    sets: str
    checks: tuple[Check, ...]
    surprises: tuple[str, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many checks passed, failed as known (xfail), failed and were skipped."""
        return Counter(check.outcome for check in self.checks)


def peers() -> tuple[Peer, ...]:
    """Read the list."""
    data = tomllib.loads((FOLDER / "peers.toml").read_text(encoding="utf-8"))
    return tuple(Peer(name=name, **members) for name, members in data.items())


def missing(peer: Peer) -> str:
    """Return why a peer cannot be validated here; empty if it can."""
    for package in peer.packages:
        try:
            version(package)
        except PackageNotFoundError:
            return f"{package} is not installed"
    return ""


def judge(peer: Peer) -> Outcome:
    """Run the checks of a peer, then its rows.

    Raises
    ------
    InputError
        Its adapter does not start.
    """
    events: list[Event] = []
    surprises = []
    with open_target(str(FOLDER / peer.target), {}, memory=peer.memory * GIB) as (subject, session):
        plan = plan_validation(subject, profile="quick", patterns=peer.checks, expected=peer.known)
        validate(plan, session, emit=events.append)
        checks = tuple(event for event in events if isinstance(event, Check))
        for check in checks:
            if check.outcome == "failed":
                surprises.append(f"{check.case} failed: {check.reason}")
            elif check.outcome == "passed" and check.expected_to_fail:
                surprises.append(f"{check.case} is known to fail, but passed")
        what = "*/distribution/*" if subject.declared.distribution else "*/oracle/generated"
        plan = plan_validation(subject, patterns=[what], diagnose=None)
        for known in peer.rows:
            events: list[Event] = []
            validate(on_one_question(plan, known["row"]), session, emit=events.append)
            wrong = [event for event in events if isinstance(event, Check) and event.failure is not None]
            if bool(wrong) != ("shows" in known):
                said = wrong[0].reason if wrong else f"nothing fails, but it showed {known['shows']}"
                surprises.append(f"{known['row']}: {said}")
        return Outcome(", ".join(subject.declared.sets), checks, tuple(surprises))


def main() -> int:
    """Validate every peer that is installed."""
    print("| adapter | versions | set | passed | known failures | new failures | says nothing |")
    print("|---|---|---|---|---|---|---|")
    surprising = False
    for peer in peers():
        if reason := missing(peer):
            print(f"| {peer.name} | skipped: {reason} | | | | | |", flush=True)
            continue
        versions = ", ".join(f"{package} {version(package)}" for package in peer.packages)
        try:
            outcome = judge(peer)
        except InputError as error:
            print(f"{peer.name}: {error}", file=sys.stderr)
            surprising = True
            continue
        numbers = " | ".join(str(outcome.counts[key]) for key in ("passed", "xfail", "failed", "skipped"))
        print(f"| {peer.name} | {versions} | {outcome.sets} | {numbers} |", flush=True)
        for sentence in outcome.surprises:
            print(f"{peer.name}: {sentence}", file=sys.stderr)
        surprising |= bool(outcome.surprises)
    return 1 if surprising else 0


if __name__ == "__main__":
    sys.exit(main())
