"""Section 4 and Appendix D: the lower bounds, by benchmark."""

from typing import Any

from drmg_properties.claim import Claim
from drmg_properties.claims.mornavi.hardness import (
    _bandit,
    _bandit_team,
    _commit,
    _curse,
    _decentralized,
    _pulls,
    _shock,
    _shock_class,
    _shock_nash,
    _trap,
    _waste,
)

_TOPICS = (
    _bandit,
    _bandit_team,
    _commit,
    _curse,
    _decentralized,
    _pulls,
    _shock,
    _shock_class,
    _shock_nash,
    _trap,
    _waste,
)
CLAIMS: tuple[Claim[Any], ...] = tuple(claim for topic in _TOPICS for claim in topic.CLAIMS)
