r"""Robust policy iteration: evaluate a policy, improve it where that certainly pays, and again.

Evaluation is robust itself, an inner fixed point of its own. Its value is the start of the next one, and an
action is only replaced by another that earns more than rounding and the rest of the inner iteration explain;
so values grow from policy to policy and, as there are finitely many, the iteration ends. At its end V is
about the policy's value; let no action gain more than g in the backup of V, and let ``b <= T_x V - V`` with
the policy x and ``T V - V <= B`` with the best actions. By the bounds of :mod:`drmg_check.planner._iterate`

    V* - V^x  <=  g + gamma (B - b) / (1 - gamma),

the bound of the plan. Newton's method in one step, which would fix nature's answer and
the agent's together, need not end: see zoo:newton-cycle.
"""

from __future__ import annotations

import numpy as np

from drmg_check.models import DiscountedGame, Stage, deterministic_policy
from drmg_check.planner._bellman import SMALLEST, UNIT_ROUNDOFF, robust_backup, stage_error
from drmg_check.planner._iterate import Backup, Operator, fixed_point
from drmg_check.planner._plan import Plan
from drmg_check.planner._sweeps import Sweeps
from drmg_check.vocabulary import FloatArray, IntArray, UnsupportedError


def robust_policy_iteration(game: DiscountedGame, *, threads: int = 1) -> Plan:
    """Return the robust optimum of one agent in a discounted game.

    Parameters
    ----------
    game : DiscountedGame
        Of one agent.
    threads : int
        The rows (s, a) of a backup are shared out to this many; the result is the same for every number.

    Raises
    ------
    UnsupportedError
        More than one agent, or another model.

    Examples
    --------
    >>> from drmg_check.models import discounted
    >>> from drmg_check.zoo import load
    >>> game = discounted(load("random?agents=1&horizon=1"), "9/10")
    >>> plan = robust_policy_iteration(game)
    >>> plan.bound < 1e-9
    True
    """
    if not isinstance(game, DiscountedGame) or game.n_agents != 1:
        raise UnsupportedError(
            f"{game.name!r} has {game.n_agents} agents and {game.criterion}; policy iteration solves "
            "discounted games of one agent"
        )
    stage, gamma, sweeps = game.stage, float(game.discounts[0]), Sweeps(threads)
    actions = np.zeros(game.n_states, dtype=np.int64)
    start: FloatArray = np.zeros((1, game.n_states))
    while True:
        inner = fixed_point(game, (0,), _obeying(actions, sweeps), start, 0.0)
        V, error = inner.V[0, 0], float(inner.error[0, 0])
        Q = robust_backup(stage, 0, gamma * V, sweeps)
        e = stage_error(stage, 0, 3 * UNIT_ROUNDOFF * float(np.abs(V).max()) + SMALLEST, gamma * V, Q)
        obeying, best = Q[np.arange(game.n_states), actions], Q.max(axis=1)
        better = best - obeying > 2.0 * (e + gamma * error)
        if not better.any():
            break
        actions = np.where(better, Q.argmax(axis=1), actions)
        start = V[None]
    gain = best - obeying
    spread = float((best - V).max() - (obeying - V).min()) + 2.0 * e
    bound = float(gain.max()) + 2.0 * e + gamma * float(game.occupancy[0]) * spread
    chosen = actions.tolist()
    policy = deterministic_policy(game, lambda _h, s: int(chosen[s]))
    return Plan(policy, "nash", inner.V, Q[None, None], gain[None], bound * (1.0 + 16 * UNIT_ROUNDOFF))


def _obeying(actions: IntArray, sweeps: Sweeps) -> Operator[None]:
    x = np.zeros((len(actions), 0))  # nobody asks what is played

    def obey(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[None]:
        Q = robust_backup(stage, 0, V[0], sweeps)
        values = Q[np.arange(len(actions)), actions]
        bound = stage_error(stage, 0, float(error[0]), V[0], Q)
        return Backup(values[None], Q[None], np.array([bound]), x, None)

    return obey
