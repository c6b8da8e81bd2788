"""All claims, in ledger order, found by id."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from drmg_check.vocabulary import InputError
from drmg_properties._claim import Claim
from drmg_properties.claims import _bellman, _duals, _kl_dual, _own, _shock, _span, _trap

_SECTIONS = (_duals, _kl_dual, _bellman, _span, _trap, _shock, _own)


@cache
def ledger(name: str | None = None) -> tuple[Claim[Any], ...]:
    """Return all claims, or those of one ledger: ``"mornavi"``, the paper, or ``"drmg-check"``, ourselves.

    Raises
    ------
    InputError
        No ledger of that name.
    """
    claims = tuple(one for section in _SECTIONS for one in section.CLAIMS)
    chosen = tuple(one for one in claims if name in (None, one.ledger))
    if not chosen:
        raise InputError(f"ledger={name!r} is unknown; expected one of {sorted({c.ledger for c in claims})}")
    return chosen


def claim(id: str) -> Claim[Any]:  # noqa: A002 - the word of the command line
    """Return the claim with that id, of any ledger.

    Raises
    ------
    InputError
        No such claim; the message names the nearest ids.
    """
    known = {one.id: one for one in ledger()}
    if id not in known:
        near = get_close_matches(id, known, n=3, cutoff=0.3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise InputError(f"claim {id!r} is unknown{hint} (all ids: drmg-check claims list)")
    return known[id]
