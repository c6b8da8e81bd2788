r"""The robust backup of one agent whose actions share a budget: a small game against nature in each state.

Obeying a joint policy x and answering the others best are worth

    min_q sum_a x(a) (r_i(s, a) + E_{q_a} V_i),
    max_d min_q sum_k d(k) sum_b x_{-i}(b) (r_i(s, (k, b)) + E_{q_{k,b}} V_i)

over the kernels of a state with ``sum_a w_a D(q_a, P(. | s, a)) <= rho_i(s)``: neither is a sum of worths of
rows. No action has a worth of its own; where one is asked for, it is that of the state.

**Rounding.** The kernel is right within a few units in the last place of ``span V + max |V| + max |r|``,
which is measured (the claim STATE-1) and not proved; sums over A actions and S' states cost as many
roundings, and rounding the nominal rows, the budget and the policy as much as for single rows.
"""

from __future__ import annotations

import numpy as np

from drmg_check.kernels import Shares, worst_case_states
from drmg_check.models import Stage, float_array
from drmg_check.planner._bellman import SMALLEST, UNIT_ROUNDOFF
from drmg_check.planner._fictitious import others_given_own
from drmg_check.sets import SRectangular
from drmg_check.vocabulary import FloatArray


def obey_shared(stage: Stage, i: int, V: FloatArray, x: FloatArray, *, threads: int) -> FloatArray:
    """Return what the joint policy ``x[s, a]`` is worth to agent i in each state."""
    choices = np.zeros(x.shape[1], dtype=np.int64)
    return _solve(stage, i, V, Shares(choices, x), threads)[0]


def answer_shared(
    stage: Stage, i: int, V: FloatArray, x: FloatArray, *, threads: int
) -> tuple[FloatArray, FloatArray]:
    """Return what agent i's best answers to the others' part of ``x`` are worth, and these, ``[s, k]``."""
    own = np.unravel_index(np.arange(x.shape[1]), stage.actions)[i].astype(np.int64)
    return _solve(stage, i, V, Shares(own, others_given_own(x, i, stage.actions)), threads)


def error_shared(stage: Stage, i: int, error: float, V: FloatArray) -> float:
    """Bound the error of agent i's values after the stage, given that of the next values ``V``."""
    S, A = stage.rows.shape[2], stage.n_joint_actions
    size = float(np.ptp(V)) + float(np.abs(V).max()) + float(np.abs(stage.r[i]).max())
    return error + UNIT_ROUNDOFF * (64 + 4 * S + 4 * A) * size + (A + 4) * SMALLEST


def _solve(
    stage: Stage, i: int, V: FloatArray, shares: Shares, threads: int
) -> tuple[FloatArray, FloatArray]:
    uncertainty = stage.uncertainty[i]
    assert isinstance(uncertainty, SRectangular), uncertainty
    P, budget = float_array(stage.rows), stage.rho[i][:, 0]
    return worst_case_states(uncertainty, P, stage.r[i], budget, V, shares=shares, threads=threads)
