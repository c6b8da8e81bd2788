"""Appendix E: the upper bound for total variation, lemma by lemma."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.total_variation import (
    _bernstein,
    _bonus,
    _clip,
    _cutting,
    _dependence,
    _equilibria,
    _increments,
    _induction,
    _presampled,
    _proxy,
    _proxy_width,
    _repaired,
    _replies,
    _span,
    _sums,
    _total_variance,
    _unrolled,
    _variance,
    _width,
)

_TOPICS = (
    _bernstein,
    _bonus,
    _clip,
    _cutting,
    _dependence,
    _equilibria,
    _increments,
    _induction,
    _presampled,
    _proxy,
    _proxy_width,
    _repaired,
    _replies,
    _span,
    _sums,
    _total_variance,
    _unrolled,
    _variance,
    _width,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
