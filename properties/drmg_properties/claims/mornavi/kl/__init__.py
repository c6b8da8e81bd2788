"""Appendix F: the upper bound for Kullback-Leibler sets, lemma by lemma."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.kl import (
    _agents,
    _bonus_sums,
    _compounding,
    _constants,
    _event,
    _given_event,
    _net,
    _on_event,
    _pessimism,
    _steps,
    _unexplored,
    _unrolled,
)

_TOPICS = (
    _agents,
    _bonus_sums,
    _compounding,
    _constants,
    _event,
    _given_event,
    _net,
    _on_event,
    _pessimism,
    _steps,
    _unexplored,
    _unrolled,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
