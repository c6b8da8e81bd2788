"""The constants of the bonuses with which the sandwich follows from its events; estimates at counts.

The bonuses have c1 = 2, c2 = 7, c3 = 1 and c_f = 11/5: for ``sqrt_S`` the sandwich follows from
B12.corrected, for ``per_N`` from Lemmas 6, 11 and 12, whose terms without S are at most
``(c1 + c2 / H) H^2 iota / N <= 1.75 H^2 S iota / N`` at H, S >= 2, for KL from C1.corrected. For
``literal_19`` the c2 = 3 of E_TV is enough: its count term alone is above ``H TV(Phat, P)`` on the event once
``(2 c2 H S - 3 S) sqrt(iota) >= sqrt(2 S)``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import IntArray
from drmg_properties.claims.steps._tv_event import C1, C2

if TYPE_CHECKING:  # imported where they are used: listing the claims must not load compiled loops
    from drmg_check.equilibria import Concept
    from drmg_check.planner import Optimism, OptimisticPlan, Rate

CF = Fraction(11, 5)
C2_BONUS = 7
BONUS_CONSTANTS = "c1 = 2, c2 = 7, c3 = 1, c_f = 11/5 in the bonus"
BONUS_CONSTANTS_19 = "c1 = 2, c2 = 3, c3 = 1 in the bonus"


def bonus_constants(episodes: int, iota: Fraction, rate: Rate) -> Optimism:
    """Return the constants of this module.

    >>> bonus_constants(100, Fraction(3, 2), "literal_19").c2
    3.0
    """
    from drmg_check.planner import Optimism

    return Optimism(
        episodes=episodes,
        iota=float(iota),
        c1=float(C1),
        c2=float(C2 if rate == "literal_19" else C2_BONUS),
        c3=1.0,
        cf=float(CF),
        rate=rate,
    )


def estimates_at(game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept) -> OptimisticPlan:
    """Return Stage 2 of Algorithm 1 at these counts.

    >>> import numpy as np
    >>> from drmg_check.zoo import initial_shock
    >>> game = initial_shock(agents=1, actions=2, horizon=2)
    >>> N = np.zeros((2, game.n_states, 2, game.n_states), dtype=np.int64)
    >>> float(estimates_at(game, N, bonus_constants(100, Fraction(1), "per_N"), "nash").Vbar[0, 0, 0])
    2.0
    """
    from drmg_check.planner import optimistic_plan

    return optimistic_plan(game, N, optimism, concept)
