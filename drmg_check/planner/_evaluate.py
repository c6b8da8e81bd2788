"""Robust values of a joint policy, by the robust Bellman equation (12)-(13) of the MORNAVI paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria import deviation_payoffs, value
from drmg_check.models import JointPolicy, RobustMarkovGame, check_policy_fits
from drmg_check.planner._bellman import backup_error
from drmg_check.planner._fictitious import averaging_error, backup_under
from drmg_check.vocabulary import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The robust values of one joint policy.

    Attributes
    ----------
    V : array [m, H + 1, S]
        ``V[i, h, s]``: agent i's worst-case value of the steps h, ..., H - 1; zero at ``h = H``.
    Q : array [m, H, S, A]
        For a fictitious set what a_i is worth against the others' average, the same for every a_{-i}.
    error : array [m, H + 1]
        ``|V[i, h, s] - exact|`` is at most ``error[i, h]`` for every s.
    """

    V: FloatArray
    Q: FloatArray
    error: FloatArray


def evaluate(game: RobustMarkovGame, policy: JointPolicy, *, threads: int = 1) -> Evaluation:
    r"""Return every agent's robust value of ``policy``.

    With ``V[i, H] = 0``, for h = H - 1, ..., 0:

        Q_i,h(s, a) = r_i,h(s, a) + inf { E_q V_i,h+1 : D_i(q, P_h(.|s, a)) <= rho_i,h(s, a) }
        V_i,h(s)    = sum_a pi_h(a|s) Q_i,h(s, a)

    Each agent has its own adversary, so its recursion is its own. Static and dynamic adversaries
    coincide because the sets are (s, a)-rectangular (Proposition 1 of the MORNAVI paper).

    Parameters
    ----------
    game : RobustMarkovGame
    policy : JointPolicy
    threads : int
        The rows (s, a) of a backup are shared out to this many; the result is the same for every number.

    Raises
    ------
    InputError
        The policy is one of another game, or there is no thread.

    Notes
    -----
    O(m H S^2 A). The bound ``error`` is the recursion derived in :mod:`drmg_check.planner._bellman`.
    """
    check_policy_fits(game, policy)
    m, H, S, A = game.n_agents, game.horizon, game.n_states, game.n_joint_actions
    V, Q, error = np.zeros((m, H + 1, S)), np.empty((m, H, S, A)), np.zeros((m, H + 1))
    for i in range(m):
        for h in reversed(range(H)):
            Q[i, h] = backup_under(game, i, h, V[i, h + 1], policy.pi[h], obeying=True, threads=threads)
            V[i, h] = value(deviation_payoffs(Q[i, h], policy.pi[h], i, game.actions))
            error[i, h] = backup_error(error[i, h + 1], V[i, h + 1], Q[i, h], game.r[i, h])
            error[i, h] += averaging_error(game, i, h, V[i, h + 1])
    return Evaluation(V, Q, error)
