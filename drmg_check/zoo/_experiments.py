"""The games of the experiments: where support shift hurts, and where robustness changes the plan."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import check_size
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, Number, exact


def failure_gridworld(
    *,
    cells: int = 4,
    horizon: int = 6,
    radius: Number = "1/10",
    pit: Literal["fail", "code", "leak"] = "fail",
    secret: tuple[int, int] = (1, 0),
    leak: Number = "1/50",
) -> RobustMarkovGame:
    """Build a corridor beside a pit into which only the adversary pushes.

    Two agents wait (0) or push (1) in the cells 0 ... L - 1. If both push they move right with probability
    9/10, if one does with 3/10; otherwise they stay. In cell x the reward is ``4/5 x / (L - 1)``, plus 1/5
    for an agent that waits; in the pit it is 0. Total variation over the whole simplex, the same radius
    everywhere: the pit is the worst state, and nominally nobody sees it.

    Parameters
    ----------
    cells : L >= 2
    horizon : H
    radius : rho in [0, 1]
    pit : {"fail", "code", "leak"}
        "fail": the pit is absorbing, a failure state. "code": the secret joint action leads from the pit to
        the last cell; the kernel alone knows it. "leak": as "code", and each cell nominally leads to
        the pit with probability ``leak``, so that it can be explored.
    secret : one action per agent
    leak : in [0, 1]

    Raises
    ------
    InputError
        A size or parameter out of range.

    Examples
    --------
    >>> failure_gridworld(cells=3).state_names
    ('cell 0', 'cell 1', 'cell 2', 'pit')
    """
    check_size(states=cells + 1, actions=(2, 2), horizon=horizon, rational=True)
    fall = exact(leak, "leak") if pit == "leak" else Fraction(0)
    if cells < 2 or not 0 <= fall <= 1:
        raise InputError(f"cells={cells}, leak={fall}; expected cells >= 2 and 0 <= leak <= 1")
    if len(secret) != 2 or not set(secret) <= {0, 1}:
        raise InputError(f"secret={secret}; expected one action, 0 or 1, of each of the two agents")
    bottom = cells
    P = np.full((cells + 1, 2, 2, cells + 1), Fraction(0), dtype=object)
    r = np.full((2, cells + 1, 2, 2), Fraction(0), dtype=object)
    for x, *push in np.ndindex(cells, 2, 2):
        right = (Fraction(0), Fraction(3, 10), Fraction(9, 10))[sum(push)]
        here = P[(x, *push)]
        here[x] += (1 - fall) * (1 - right)
        here[min(x + 1, cells - 1)] += (1 - fall) * right
        here[bottom] += fall
        for i in (0, 1):
            r[(i, x, *push)] = Fraction(4, 5) * Fraction(x, cells - 1) + Fraction(1 - push[i], 5)
    P[bottom, ..., bottom] = Fraction(1)
    if pit != "fail":
        P[(bottom, *secret)][[bottom, cells - 1]] = Fraction(0), Fraction(1)
    return RobustMarkovGame(
        transition=P.reshape(cells + 1, 4, cells + 1),
        reward=r.reshape(2, 1, cells + 1, 4),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(TotalVariation(),) * 2,
        actions=(2, 2),
        horizon=horizon,
        name="failure-gridworld",
        state_names=(*(f"cell {x}" for x in range(cells)), "pit"),
        action_names=(("wait", "push"),) * 2,
    )


def shaky_bridge(
    *,
    horizon: int = 5,
    radius: Number = "1/10",
    crash: Number = "1/20",
    bonus: Number = "1/50",
    alone: bool = False,
) -> RobustMarkovGame:
    """Build the game in which the nominally better of two routes is the fragile one.

    From start both agents choose bridge (0) or detour (1); if they disagree they stay. The bridge pays 1
    and leads to the goal, or with probability ``crash`` to the crash; the detour pays 3/4 and leads to the
    goal surely. The goal pays 1 at every step, the crash nothing. At the start agent 0 gets ``bonus`` for
    playing bridge and agent 1 for playing detour. KL sets: the adversary can only make a crash likelier.
    Nominally the bridge is better, in the worst case the detour; both are equilibria, because
    nobody can leave a route alone.

    Parameters
    ----------
    horizon : H
    radius : rho >= 0
    crash : in [0, 1]
    bonus : any number
    alone : bool
        Agent 0 alone chooses the route.

    Raises
    ------
    InputError
        A size or parameter out of range.

    Examples
    --------
    >>> game = shaky_bridge(crash="1/10")
    >>> game.state_names, [str(p) for p in game.transition[0, 1, 0]]
    (('start', 'bridge', 'detour', 'goal', 'crash'), ['0', '0', '0', '9/10', '1/10'])
    """
    check_size(states=5, actions=(2, 2), horizon=horizon, rational=True)
    fragile, gift = exact(crash, "crash"), exact(bonus, "bonus")
    if not 0 <= fragile <= 1:
        raise InputError(f"crash={fragile}; expected 0 <= crash <= 1")
    start, bridge, detour, goal, crashed = range(5)
    P = np.full((5, 2, 2, 5), Fraction(0), dtype=object)
    r = np.full((2, 5, 2, 2), Fraction(0), dtype=object)
    for first, second in np.ndindex(2, 2):
        agreed = alone or first == second
        P[start, first, second, (bridge, detour)[first] if agreed else start] = Fraction(1)
    P[bridge, ..., goal], P[bridge, ..., crashed] = 1 - fragile, fragile
    P[detour, ..., goal] = P[goal, ..., goal] = P[crashed, ..., crashed] = Fraction(1)
    r[0, start, 0, :] = r[1, start, :, 1] = gift
    r[:, bridge], r[:, detour], r[:, goal] = Fraction(1), Fraction(3, 4), Fraction(1)
    return RobustMarkovGame(
        transition=P.reshape(5, 4, 5),
        reward=r.reshape(2, 1, 5, 4),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(KullbackLeibler(),) * 2,
        actions=(2, 2),
        horizon=horizon,
        name="shaky-bridge",
        state_names=("start", "bridge", "detour", "goal", "crash"),
        action_names=(("bridge", "detour"),) * 2,
    )
