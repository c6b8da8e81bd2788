"""Theorems 1 and 2, Corollary 1, Table 1: what the statements say as a whole."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.results import (
    _comparison,
    _ladder,
    _printed,
    _table,
    _theorems,
    _vacuous,
)

_TOPICS = (
    _comparison,
    _ladder,
    _printed,
    _table,
    _theorems,
    _vacuous,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
