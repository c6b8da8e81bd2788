r"""Two agents of opposite rewards and one nature, which sides with the second: Shapley's value iteration.

With agent 0's rewards r, its sets and its next values V, each state is a matrix game with the payoffs

    Q(s, (a, b)) = r(s, (a, b)) + inf { E_q V : D(q, P(.|s, (a, b))) <= rho(s, (a, b)) },

and its value is the value of the state. Nature moves last and knows both actions, so that the game has a
value, as every zero-sum game of one kernel has (Shapley 1953). This is another question than that of an
equilibrium between agents that each fear a nature of their own: there the sum is below zero, in general.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria import solve_stages
from drmg_check.models import (
    JointPolicy,
    Model,
    Stage,
    largest_payment,
    product_policy,
)
from drmg_check.planner._bellman import robust_backup, stage_error
from drmg_check.planner._iterate import Backup, iterate
from drmg_check.planner._sweeps import Sweeps
from drmg_check.vocabulary import FloatArray, InputError


@dataclass(frozen=True, slots=True, eq=False)
class ZeroSumPlan:
    """The value of a zero-sum game with one nature, and how both agents play.

    Attributes
    ----------
    policy : JointPolicy
        Exactly a product.
    V : array [H + 1, S]
        Agent 0's values; of a discounted game both entries are the fixed point.
    Q : array [H, S, A]
        The matrix games.
    error : array [H + 1]
        ``|V[h, s] - exact|`` is at most ``error[h]`` for every s.

    Examples
    --------
    >>> from drmg_check.models import discounted
    >>> from drmg_check.zoo import load
    >>> plan = zero_sum(discounted(load("newton-cycle"), "3/4"))
    >>> abs(float(plan.V[0, 0]) - 8) <= float(plan.error[0]) < 1e-8
    True
    """

    policy: JointPolicy
    V: FloatArray
    Q: FloatArray
    error: FloatArray


def zero_sum(game: Model, *, threads: int = 1) -> ZeroSumPlan:
    """Return the value of a zero-sum game in which nature sides with agent 1, by value iteration.

    Parameters
    ----------
    game : Model
        Two agents with ``r_1 = -r_0`` and, in a discounted game, one discount. Agent 0's sets and radii say
        what nature may do; agent 1's are not looked at.
    threads : int
        The rows (s, a) of a backup are shared out to this many; the result is the same for every number.

    Raises
    ------
    InputError
        Another number of agents, rewards that are not opposite, or discounts that differ.

    Notes
    -----
    The value of a matrix game is monotone in its entries and moves by c with them, so that the stopping rule
    and the bound of :mod:`drmg_check.planner._iterate` hold; what the solver of a matrix game leaves to be
    gained, at most about 2^-40 of the scale, adds to the error of a sweep.

    Examples
    --------
    >>> from drmg_check.models import discounted
    >>> from drmg_check.zoo import load
    >>> plan = zero_sum(discounted(load("newton-cycle"), "3/4"))
    >>> plan.policy.pi[0, 0].tolist()  # row 0, column 1
    [0.0, 1.0, 0.0, 0.0]
    """
    check_zero_sum(game)
    largest = max(map(largest_payment, game.stages))
    scale, sweeps = (float(game.occupancy.sum()) + 1.0) * largest, Sweeps(threads)

    def solve(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[tuple[FloatArray, ...]]:
        Q = robust_backup(stage, 0, V[0], sweeps)
        solved = solve_stages(np.stack([Q, -Q]), stage.actions, "nash", scale=scale)
        bound = stage_error(stage, 0, float(error[0]), V[0], Q) + float(solved.gap.max())
        value = (solved.x * Q).sum(axis=1)
        return Backup(value[None], Q[None], np.array([bound]), solved.x, solved.marginals)

    values = iterate(game, (0,), solve)
    each = zip(*values.choices, strict=True)
    policy = product_policy([np.stack(marginals) for marginals in each])
    return ZeroSumPlan(policy, values.V[0], values.Q[0], values.error[0])


def check_zero_sum(game: Model) -> None:
    """Refuse a game that is not zero-sum.

    Raises
    ------
    InputError
        Another number of agents, rewards that are not opposite, or discounts that differ.
    """
    if game.n_agents != 2:
        raise InputError(f"{game.name!r} has {game.n_agents} agents; expected two, of opposite rewards")
    discounts = getattr(game, "discounts", ())
    if len({*discounts}) > 1:
        raise InputError(f"{game.name!r} has {game.criterion}; expected one discount, for a sum to be zero")
    for stage in game.stages:
        if stage.arrival is not None and bool((stage.arrival[0] != -stage.arrival[1]).any()):
            raise InputError(f"{game.name!r} pays on arrival what is not opposite; expected opposite rewards")
        apart = np.argwhere(stage.reward[0] != -stage.reward[1])
        if len(apart):
            s, a = (int(k) for k in apart[0])
            raise InputError(
                f"{game.name!r} pays {stage.r[0, s, a]!r} and {stage.r[1, s, a]!r} at h={stage.step}, s={s}, "
                f"a={a}; expected opposite rewards"
            )
