"""Algorithm 1 run and enumerated: optimism and pessimism, on the events and off them."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.sandwich import (
    _draws,
    _law,
    _least,
    _sampled,
    _sandwich,
)

_TOPICS = (
    _draws,
    _law,
    _least,
    _sampled,
    _sandwich,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
