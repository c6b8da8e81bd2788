"""All claims, in ledger order, found by id."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Any

from drmg_check.vocabulary import InputError
from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.hardness import (
    _bandit,
    _bandit_team,
    _commit,
    _curse,
    _pulls,
    _shock,
    _shock_class,
    _shock_nash,
    _trap,
    _waste,
)
from drmg_properties.claims.mornavi.kl import (
    _bonus_sums,
    _compounding,
    _constants,
    _event,
    _net,
    _pessimism,
    _steps,
    _unexplored,
)
from drmg_properties.claims.mornavi.model import (
    _bellman,
    _contamination,
    _convention,
    _duals,
    _existence,
    _kl_dual,
    _notions,
    _radius,
    _support,
)
from drmg_properties.claims.mornavi.results import _comparison, _table, _theorems, _vacuous
from drmg_properties.claims.mornavi.sandwich import _draws, _law, _least, _sampled, _sandwich
from drmg_properties.claims.mornavi.tails import _tails
from drmg_properties.claims.mornavi.total_variation import (
    _bernstein,
    _bonus,
    _clip,
    _cutting,
    _dependence,
    _equilibria,
    _increments,
    _induction,
    _proxy,
    _proxy_width,
    _span,
    _sums,
    _total_variance,
    _variance,
    _width,
)
from drmg_properties.claims.own import _own

_TOPICS = (
    *(_duals, _convention, _kl_dual, _bellman, _radius, _notions, _support, _existence),
    *(_span, _clip, _bonus, _dependence, _bernstein, _cutting, _variance, _width, _proxy, _proxy_width),
    *(_increments, _total_variance, _sums, _equilibria, _induction),
    *(_net, _event, _constants, _pessimism, _steps, _compounding, _bonus_sums, _unexplored),
    *(_sandwich, _draws, _sampled, _law, _least),
    *(_trap, _waste, _shock, _shock_class, _shock_nash, _bandit, _bandit_team, _pulls, _commit, _curse),
    *(_tails, _vacuous, _theorems, _comparison, _table, _contamination, _own),
)


def _order(one: Claim[Any]) -> tuple[bool, str, int, bool]:
    """Order by section and row, ``"B10"`` after ``"B9.x"`` and before ``"B10.x"``; our own ledger is last."""
    row = re.fullmatch(r"([A-Z]+-?)(\d+)(\..*)?", one.id)
    assert row is not None, one.id
    return one.ledger != "mornavi", row[1], int(row[2]), row[3] is not None


@cache
def ledger(name: str | None = None) -> tuple[Claim[Any], ...]:
    """Return all claims, or those of one ledger: ``"mornavi"``, the paper, or ``"drmg-check"``, ourselves.

    Raises
    ------
    InputError
        No ledger of that name.
    """
    claims = sorted((one for topic in _TOPICS for one in topic.CLAIMS), key=_order)
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
