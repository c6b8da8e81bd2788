r"""The robust backup of one agent under a policy, for sets of rows and for the fictitious set.

With a fictitious set agent i has one ball for each own action, around the kernel averaged over the others:

    Q_i(s, a_i) = E[r_i | s, a_i] + inf { E_q V : TV(q, E[P | s, a_i]) <= rho_i(s, a_i) }.

That depends on the policy and not on a_{-i}; it is returned once for every joint action, so that whatever
is summed over joint actions for a set of rows is summed right for this one too.

**Rounding.** The averaged row is a sum of non-negative products: against the exact one each entry has a
relative error of at most (2 A + 2 S + 4) u, from A additions to a weight and A of products, one rounding
of each policy and kernel entry, and rows that sum to 1 within 2 S u. The infimum moves by at most the
total variation between the rows, times the span of V; the averaged reward by as much of max |r|. Twice
that covers terms of order u^2.
"""

from __future__ import annotations

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import Stage, float_array
from drmg_check.planner._bellman import UNIT_ROUNDOFF, robust_backup, stage_error
from drmg_check.planner._sweeps import Sweeps
from drmg_check.sets import FictitiousTotalVariation, leaves_support
from drmg_check.vocabulary import FloatArray, NumericalError


def backup_under(
    stage: Stage,
    i: int,
    V: FloatArray,
    x: FloatArray,
    *,
    obeying: bool,
    sweeps: Sweeps,
) -> FloatArray:
    """Return agent i's ``Q[s, a]`` of a stage for its next values ``V``, the joint policy being ``x[s, a]``.

    Parameters
    ----------
    obeying : bool
        Average over the others' actions given agent i's own, as the policy draws them; else over their
        marginal, as a deviation meets them. It matters for a fictitious set and a correlated policy.
    sweeps : Sweeps
        With how many threads, and what is kept from one backup to the next.

    Raises
    ------
    NumericalError
        Probabilities so small that a nominal successor vanishes from an averaged row.
    """
    uncertainty = stage.uncertainty[i]
    if not isinstance(uncertainty, FictitiousTotalVariation):
        return robust_backup(stage, i, V, sweeps)
    S, A = x.shape
    n = stage.actions[i]
    ball = uncertainty.ball
    weights = _others(_own_first(x, i, stage.actions), obeying=obeying)
    P = _own_first(float_array(stage.rows), i, stage.actions)
    rows = np.einsum("skb,skbt->skt", weights, P)
    if not leaves_support(ball):
        _refuse_lost_successors(weights, P, rows, stage.step)
    rho = _own_first(stage.rho[i], i, stage.actions)[..., 0]
    worst = worst_case_expectations(
        ball, rows.reshape(S * n, S), rho.reshape(S * n), V, threads=sweeps.threads
    )
    paid = np.einsum("skb,skb->sk", weights, _own_first(stage.r[i], i, stage.actions))
    each = paid + worst.reshape(S, n)
    own = np.unravel_index(np.arange(A), stage.actions)[i]
    Q: FloatArray = each[:, own]
    return Q


def error_under(stage: Stage, i: int, error: float, V: FloatArray, Q: FloatArray) -> float:
    """Bound the error of agent i's values after the stage, given that of the next values ``V``.

    It is that of a backup and, for a fictitious set, what averaging in floats adds. See the module.
    """
    bound = stage_error(stage, i, error, V, Q)
    if not isinstance(stage.uncertainty[i], FictitiousTotalVariation):
        return bound
    size = float(np.ptp(V)) + float(np.abs(stage.r[i]).max())
    return bound + UNIT_ROUNDOFF * 4 * (stage.n_joint_actions + stage.n_states + 2) * size


def _own_first(array: FloatArray, i: int, actions: tuple[int, ...]) -> FloatArray:
    """Return ``array[s, a, ...]`` as ``[s, a_i, a_{-i}, ...]``."""
    S, _, *rest = array.shape
    split: FloatArray = np.moveaxis(array.reshape(S, *actions, *rest), 1 + i, 1)
    return split.reshape(S, actions[i], -1, *rest)


def _others(x: FloatArray, *, obeying: bool) -> FloatArray:
    """Return the others' distribution ``[s, a_i, a_{-i}]`` for each own action, from the joint one."""
    own = x.sum(axis=2, keepdims=True)
    marginal = np.broadcast_to(x.sum(axis=1, keepdims=True) / own.sum(axis=1, keepdims=True), x.shape)
    return np.divide(x, own, out=np.array(marginal), where=own > 0.0) if obeying else marginal


def others_given_own(x: FloatArray, i: int, actions: tuple[int, ...]) -> FloatArray:
    """Return for each joint action what the others contribute to it under the policy ``x[s, a]``: [S, A]."""
    S, A = x.shape
    others = _others(_own_first(x, i, actions), obeying=False).reshape(S, actions[i], *_without(i, actions))
    back: FloatArray = np.ascontiguousarray(np.moveaxis(others, 1, 1 + i)).reshape(S, A)
    return back


def _without(i: int, actions: tuple[int, ...]) -> tuple[int, ...]:
    return actions[:i] + actions[i + 1 :]


def _refuse_lost_successors(weights: FloatArray, P: FloatArray, rows: FloatArray, h: int) -> None:
    meant = np.einsum("skb,skbt->skt", weights > 0.0, P > 0.0)
    lost = np.argwhere(meant & (rows == 0.0))
    if lost.shape[0]:
        s, k, t = (int(j) for j in lost[0])
        raise NumericalError(
            f"the probability of state {t} after state {s} and own action {k} at h={h} underflows; "
            "drmg_oracles.evaluate_exactly has no such limit"
        )
