"""Robust values of a joint policy, by the robust Bellman equation (12)-(13) of the MORNAVI paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria import deviation_payoffs, value
from drmg_check.models import (
    JointPolicy,
    Model,
    Policy,
    SparsePolicy,
    Stage,
    check_policy_fits,
    common_play,
    joint_policy,
    mirrored_game,
)
from drmg_check.planner._fictitious import backup_under, error_under
from drmg_check.planner._iterate import Backup, iterate
from drmg_check.planner._s_rectangular import error_shared, obey_shared
from drmg_check.planner._sweeps import Sweeps
from drmg_check.sets import SRectangular
from drmg_check.vocabulary import FloatArray, InputError
from drmg_check.words import NATURES, Nature


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The robust values of one joint policy.

    Attributes
    ----------
    V : array [m, H + 1, S]
        ``V[i, h, s]``: agent i's worst-case value of the steps h, ..., H - 1; zero at ``h = H``.
    Q : array [m, H, S, A]
        For a fictitious set what a_i is worth against the others' average, the same for every a_{-i}; for an
        s-rectangular set, where no action has a worth of its own, that of the state.
    error : array [m, H + 1]
        ``|V[i, h, s] - exact|`` is at most ``error[i, h]`` for every s.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> values = evaluate(game, policy)
    >>> values.V[0, 1].tolist(), values.V[0, 4].tolist()  # from step 1 on, and after the last
    ([3.0, 1.265625], [0.0, 0.0])
    """

    V: FloatArray
    Q: FloatArray
    error: FloatArray


def evaluate(game: Model, policy: Policy, *, threads: int = 1, nature: Nature = "own") -> Evaluation:
    r"""Return every agent's robust value of ``policy``.

    With ``V[i, H] = 0``, for h = H - 1, ..., 0:

        Q_i,h(s, a) = r_i,h(s, a) + inf { E_q V_i,h+1 : D_i(q, P_h(.|s, a)) <= rho_i,h(s, a) }
        V_i,h(s)    = sum_a pi_h(a|s) Q_i,h(s, a)

    Each agent has its own adversary, so its recursion is its own. Static and dynamic adversaries
    coincide because the sets are (s, a)-rectangular (Proposition 1 of the MORNAVI paper). Where an agent's
    set is s-rectangular, ``V = min_q sum_a pi(a|s) (r(s, a) + E_{q_a} V)`` over the kernels of the state.

    Parameters
    ----------
    game : Model
    policy : JointPolicy
    threads : int
        The rows (s, a) of a backup are shared out to this many; the result is the same for every number.
    nature : {"own", "common", "best"}
        ``"common"``: the sum of all rewards, as that of one agent, under one kernel that is worst for it.
        ``"best"``: every agent's value under its own best kernel.

    Raises
    ------
    InputError
        The policy is one of another game, or there is no thread.
    UnsupportedError
        Common nature in a game whose agents have sets or radii of their own.

    Notes
    -----
    O(m H S^2 A). The bound ``error`` is the recursion derived in :mod:`drmg_check.planner._bellman`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> values = evaluate(game, policy)
    >>> values.V[:, 0].tolist()  # of both agents in good and in bad; the shock costs 1/10 of 3 - 1.265625
    [[3.8265625, 1.94921875], [3.8265625, 1.94921875]]
    >>> bool(values.error.max() < 1e-12)
    True
    """
    if nature not in NATURES:
        raise InputError(f"nature={nature!r}; expected one of {NATURES}")
    if nature == "best":
        found = evaluate(mirrored_game(game), policy, threads=threads)
        return Evaluation(0.0 - found.V, 0.0 - found.Q, found.error)  # no -0.0
    if nature == "common":
        written = joint_policy(policy) if isinstance(policy, SparsePolicy) else policy
        assert isinstance(written, JointPolicy)
        game, policy = common_play(game, written)
    check_policy_fits(game, policy)
    agents, sweeps = range(game.n_agents), Sweeps(threads)

    def obey(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[None]:
        x, Q = policy.rule(stage.step), np.empty((len(agents), *stage.r.shape[1:]))
        values, errors = np.empty_like(V), np.empty_like(error)
        for i in agents:
            if isinstance(stage.uncertainty[i], SRectangular):
                values[i] = obey_shared(stage, i, V[i], x, threads=threads)
                Q[i], errors[i] = values[i][:, None], error_shared(stage, i, error[i], V[i])
                continue
            Q[i] = backup_under(stage, i, V[i], x, obeying=True, sweeps=sweeps)
            values[i] = value(deviation_payoffs(Q[i], x, i, stage.actions))
            errors[i] = error_under(stage, i, error[i], V[i], Q[i])
        return Backup(values, Q, errors, x, None)

    values = iterate(game, agents, obey)
    return Evaluation(values.V, values.Q, values.error)
