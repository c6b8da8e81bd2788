"""Games on which methods for stationary policies go round in a circle."""

from __future__ import annotations

from itertools import product

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import check_size
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import Number, exact

KEEP, SEND = 0, 1


def keep_or_send(*, horizon: int = 4, radius: Number = 0) -> RobustMarkovGame:
    """Build the game of Zinkevich, Greenwald and Littman (2006), whose stationary equilibrium is mixed.

    Two states, each of which one agent decides: keep stays, send goes to the other state. At the discount 3/4
    and radius 0 no deterministic stationary policy is an equilibrium, value iteration through equilibria of
    the stage repeats its policies with the period 5, and in the equilibrium the agents send with the
    probabilities 2/3 and 5/12.

    Parameters
    ----------
    horizon : H
    radius : rho in [0, 1], of total variation

    Examples
    --------
    >>> game = keep_or_send()
    >>> game.state_names, game.r[:, 1, 0, 0].tolist()  # what keeping pays both in the second agent's state
    (('first decides', 'second decides'), [1.0, 0.0])
    """
    check_size(states=2, actions=(2, 2), horizon=horizon)
    P, r = np.zeros((2, 4, 2)), np.zeros((2, 1, 2, 4))
    pays = {(0, KEEP): (1, 0), (0, SEND): (0, 3), (1, KEEP): (3, 1), (1, SEND): (0, 0)}
    for s, a, b in product(range(2), repeat=3):
        move = (a, b)[s]
        P[s, 2 * a + b, s if move == KEEP else 1 - s] = 1
        r[:, 0, s, 2 * a + b] = pays[s, move]
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(TotalVariation(),) * 2,
        actions=(2, 2),
        horizon=horizon,
        name="keep-or-send",
        state_names=("first decides", "second decides"),
        action_names=(("keep", "send"),) * 2,
    )


def newton_cycle(*, horizon: int = 4, radius: Number = 0) -> RobustMarkovGame:
    """Build van der Wal's game, on which Newton's method for zero-sum games goes round in a circle.

    One state and an end that pays nothing. Agent 0 chooses a row, agent 1 a column; row 0 pays 3 and 6, row 1
    pays 2 and 1, from agent 1 to agent 0, and play goes on for certain but for row 0, column 1, where it does
    with probability 1/3. At the discount 3/4 its value is 8, and the method of Pollatschek and Avi-Itzhak
    jumps from 0 to 12, 4, 12, 4, ... (van der Wal 1978).

    Parameters
    ----------
    horizon : H
    radius : rho in [0, 1], of total variation

    Examples
    --------
    >>> game = newton_cycle()
    >>> game.r[0, 0, 0].tolist(), game.transition[0, 0, 1].tolist()
    ([3.0, 6.0, 2.0, 1.0], [Fraction(1, 3), Fraction(2, 3)])
    """
    check_size(states=2, actions=(2, 2), horizon=horizon)
    P = np.full((2, 4, 2), exact(0), dtype=object)
    P[0, :, 0] = P[1, :, 1] = exact(1)
    P[0, 1] = [exact("1/3"), exact("2/3")]
    paid = np.zeros((2, 4))
    paid[0] = [3, 6, 2, 1]
    return RobustMarkovGame(
        transition=P,
        reward=np.stack([paid, -paid])[:, None],
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(TotalVariation(),) * 2,
        actions=(2, 2),
        horizon=horizon,
        name="newton-cycle",
        state_names=("on", "end"),
    )
