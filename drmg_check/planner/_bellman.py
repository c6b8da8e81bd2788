r"""The robust Bellman backup, and how far rounding can carry it from the exact one.

For agent i and the next values V (equation (12) of the MORNAVI paper),

    Q_i(s, a) = r_i(s, a) + inf { E_q V : D_i(q, P(.|s, a)) <= rho_i(s, a) }.

**Rounding.** Write ``u = 2^-53`` and let ``e'`` bound the error of the next values. The infimum is
monotone and 1-Lipschitz in ``V`` (it commutes with adding constants), hence after one backup and one
expectation over A joint actions the error is at most

    e = e' + u (36 + 2 S) (span V + max |V|) + u (3 A + 6) (max |Q| + max |r|) + (A + 4) 2^-1074.

The kernel is right within ``u (32 + 2 S) (span + |v|)``: that alone is measured, by the claim OWN-1 and by
hill climbs, and not proved, so a proof of values takes :func:`drmg_oracles.policies.certify`. Rounding p
and rho to floats moves the infimum by at most ``u`` times 4 spans (componentwise conditioning of the
infimum); ``r`` and the sum cost one rounding each; a dot product of length A costs A roundings, its weights
are rounded once and sum to 1 within ``2 A u``. Terms of order u^2 are covered by the slack in these
constants. The last term is for products and worst cases that underflow, half the smallest float each. A
maximum of such sums has the same bound. Source: Higham (2002), sections 3.1 and 4.2, for the sums.

Compressed rows are read by enclosing kernels, which are within ``2^-40 span V + 2^-50 max |V|`` of the exact
value, for what is wider they leave to the exact layer: for them that is added.
"""

from __future__ import annotations

import numpy as np

from drmg_check.models import SparseRows, Stage
from drmg_check.planner._sweeps import Sweeps, values_on_arrival
from drmg_check.vocabulary import FloatArray, float_view

UNIT_ROUNDOFF, SMALLEST = 2.0**-53, 2.0**-1074
OF_SPAN, OF_SIZE = 2.0**-40, 2.0**-50  # what enclosing kernels may be off: their WIDEST and OF_OFFSET


def robust_backup(stage: Stage, i: int, V: FloatArray, sweeps: Sweeps | None = None) -> FloatArray:
    """Return agent i's ``Q[s, a]`` of a stage for its next values ``V`` of length S.

    Raises
    ------
    UnsupportedError
        A fictitious set: its stage is no matrix game, for its worst case is not linear in what others play.
    """
    r = stage.r[i]
    Q: FloatArray = r + (sweeps or Sweeps()).worst_cases(stage, i, V).reshape(r.shape)
    return Q


def backup_error(error: float, V: FloatArray, Q: FloatArray, r: FloatArray) -> float:
    """Bound the error of ``sum_a pi(a|s) Q(s, a)`` given that of the next values ``V``; see the module."""
    S, A = Q.shape
    low, high = float(V.min()), float(V.max())
    kernel = (36 + 2 * S) * ((high - low) + max(high, -low))
    sums = (3 * A + 6) * (max(float(Q.max()), -float(Q.min())) + max(float(r.max()), -float(r.min())))
    bound: float = error + UNIT_ROUNDOFF * (kernel + sums) + (A + 4) * SMALLEST
    return bound


def stage_error(stage: Stage, i: int, error: float, V: FloatArray, Q: FloatArray) -> float:
    """Bound the error of agent i's values after a stage, given that of the next values ``V``.

    What is paid on arrival is rounded once, and so is its sum with V.
    """
    if stage.arrival is not None:
        z = values_on_arrival(stage, i, V)
        sizes = float(np.abs(float_view(stage.arrival[i])).max()) + float(np.abs(z).max())
        return backup_error(error, z, Q, stage.r[i]) + 4 * UNIT_ROUNDOFF * sizes
    bound = backup_error(error, V, Q, stage.r[i])
    if isinstance(stage.rows, SparseRows):
        bound += OF_SPAN * float(np.ptp(V)) + OF_SIZE * float(np.abs(V).max())
    return bound
