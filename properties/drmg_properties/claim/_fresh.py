"""A counterexample derived again from its JSON alone, with cold caches: what it is, and what it rests on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import _lru_cache_wrapper, partial
from types import ModuleType
from typing import Any, Generic, TypeVar

from drmg_check.sets import Row
from drmg_check.vocabulary import Slack
from drmg_oracles import asked_rows
from drmg_properties.claim._claim import Claim
from drmg_properties.claim._codec import decode_instance, encode_instance
from drmg_properties.claim._derivation import Derivation
from drmg_properties.claim._finding import ClaimError, Finding, derive
from drmg_properties.formulas import interval

I = TypeVar("I")  # noqa: E741 - the instance
OURS = (
    "drmg_oracles",
    "drmg_properties.claims",
    "drmg_properties.formulas",
    "drmg_properties.instances",
)
CERTIFIED_BITS = 110
"""The width of the certificate of a worst case that a derivation computes exactly: that of an enclosure."""


@dataclass(frozen=True, slots=True)
class Fresh(Generic[I]):
    """An instance derived again as if nothing had been computed before.

    Attributes
    ----------
    instance : instance
        Read again from its JSON.
    derivation : Derivation
    rests_on : dict of Row to int
        The rows of the instance and those whose worst cases the two sides ask the oracles for, with the bits
        of a certificate.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_properties.claims.mornavi import LEDGER
    >>> claim = next(claim for claim in LEDGER.claims if claim.id == "A3")
    >>> fresh = derive_afresh(claim, Row.of(TotalVariation(), [0, 1], [0, 1], 1))
    >>> isinstance(fresh, Fresh), fresh.derivation.violated, len(fresh.rests_on)
    (True, True, 1)
    """

    instance: I
    derivation: Derivation
    rests_on: dict[Row, int]


def derive_afresh(claim: Claim[I], instance: I) -> Fresh[I]:
    """Derive an instance again: read from JSON, with the caches of the claim's package and of ours emptied.

    State that a claim keeps elsewhere, such as in a dictionary of its module, is not forgotten.

    Raises
    ------
    Exception
        As :func:`derive` does.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_properties.claims.mornavi import LEDGER
    >>> claim = next(claim for claim in LEDGER.claims if claim.id == "A3")
    >>> derive_afresh(claim, Row.of(TotalVariation(), [0, 1], [0, 1], 1)).derivation.difference
    Slack(low=Fraction(-1, 2), high=Fraction(-1, 2))
    """
    again = decode_instance(claim, encode_instance(claim, instance))
    _forget(claim)
    with asked_rows() as asked:
        derivation = derive(claim, again)
    rests_on = dict.fromkeys(_rows(again), CERTIFIED_BITS)
    for row, bits in asked.items():
        rests_on[row] = max(bits, CERTIFIED_BITS)
    return Fresh(again, derivation, rests_on)


def confirmed(claim: Claim[I], finding: Finding[I]) -> Finding[I]:
    """Return the finding if its counterexample is one when it is derived afresh, with what it rests on.

    Raises
    ------
    ClaimError
        The slack is another one (``derive`` is random or keeps state), or the lines are no tuple of strings.
    """
    if finding.counterexample is None:
        return finding
    again = derive_afresh(claim, finding.counterexample)
    check_same(claim, finding.smallest, again.derivation)
    check_lines(claim, again.derivation)
    return replace(finding, rests_on=again.rests_on)


def check_same(claim: Claim[I], before: Slack | None, again: Derivation) -> None:
    """Refuse a claim whose slack on one instance is now this and now that."""
    if again.difference != before:
        raise ClaimError(
            f"claim {claim.id}: its derive is no function of the instance: the slack was {_shown(before)} "
            f"and is {_shown(again.difference)} when it is derived again; draw nothing at random in it, and "
            "keep no state"
        )


def check_lines(claim: Claim[I], derivation: Derivation) -> None:
    """Refuse lines that no report can show.

    >>> from drmg_properties.claim import at_most
    >>> from drmg_properties.claims.mornavi import LEDGER
    >>> check_lines(LEDGER.claims[0], at_most(1, 2, lambda: ("one line",)))

    Raises
    ------
    ClaimError
        They are no tuple of strings.
    """
    try:
        lines = derivation.lines()
    except Exception as error:
        error.add_note(f"while writing the lines of claim {claim.id}")
        raise
    if not isinstance(lines, tuple) or not all(isinstance(line, str) for line in lines):
        raise ClaimError(
            f"claim {claim.id}: the lines of its derivation are {lines!r:.80} of type "
            f"{type(lines).__name__}; expected a tuple of strings, one a line"
        )


def _shown(slack: Slack | None) -> str:
    return "none" if slack is None else interval(slack)


def _forget(claim: Claim[I]) -> None:
    function = claim.derive.func if isinstance(claim.derive, partial) else claim.derive
    modules = (getattr(function, "__module__", ""), claim.instance_type.__module__)
    packages = {module.partition(".")[0] for module in modules} - {
        "drmg_properties",
        "drmg_check",
        "builtins",
    }
    for name, module in list(sys.modules.items()):
        if _is_within(name, (*OURS, *packages)):
            for cached in _caches(module):
                cached.cache_clear()


def _caches(module: ModuleType) -> Iterator[_lru_cache_wrapper[Any]]:
    """Yield the cached functions of a module, and the cached methods of its classes."""
    for value in list(vars(module).values()):
        members = vars(value).values() if isinstance(value, type) else (value,)
        for member in members:
            function = getattr(member, "__func__", member)  # of a static or class method
            if isinstance(function, _lru_cache_wrapper):
                yield function


def _is_within(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def _rows(value: object) -> Iterator[Row]:
    if isinstance(value, Row):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _rows(getattr(value, field.name))
