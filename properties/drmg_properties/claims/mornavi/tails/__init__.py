"""The concentration inequalities that the paper rests on."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.tails import _counts, _samples, _walks

_TOPICS = (_samples, _counts, _walks)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
