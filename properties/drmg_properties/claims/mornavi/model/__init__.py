"""Sections 2, 4 and 6, Appendix C: sets, duals, the Bellman equation, equilibria."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.model import (
    _bellman,
    _contamination,
    _convention,
    _divergences,
    _duals,
    _existence,
    _kl_dual,
    _notions,
    _radius,
    _support,
)

_TOPICS = (
    _bellman,
    _contamination,
    _convention,
    _divergences,
    _duals,
    _existence,
    _kl_dual,
    _notions,
    _radius,
    _support,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
