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
"""

from __future__ import annotations

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import Stage, float_array, float_rows, row_set
from drmg_check.sets import ByRow, UncertaintySet
from drmg_check.vocabulary import FloatArray

UNIT_ROUNDOFF, SMALLEST = 2.0**-53, 2.0**-1074


def robust_backup(stage: Stage, i: int, V: FloatArray, *, threads: int = 1) -> FloatArray:
    """Return agent i's ``Q[s, a]`` of a stage for its next values ``V`` of length S.

    The rows (s, a) are shared out to ``threads``; the result is the same for every number.

    Raises
    ------
    UnsupportedError
        A fictitious set: its stage is no matrix game, for its worst case is not linear in what others play.
    """
    r, rho, uncertainty = stage.r[i], stage.rho[i].ravel(), stage.uncertainty[i]
    if isinstance(uncertainty, ByRow):
        return _backup_by_row(stage, i, uncertainty, V)
    uncertainty = row_set(stage, i)
    parts = [
        worst_case_expectations(uncertainty, rows, rho[part], V, threads=threads)
        for part, rows in float_rows(stage.rows)
    ]
    worst = parts[0] if len(parts) == 1 else np.concatenate(parts)
    Q: FloatArray = r + worst.reshape(r.shape)
    return Q


def _backup_by_row(stage: Stage, i: int, sets: ByRow, V: FloatArray) -> FloatArray:
    """Sweep the rows that have the same set together: of data for each row that is a row at a time."""
    S, A = stage.n_states, stage.n_joint_actions
    alike: dict[UncertaintySet, list[int]] = {}
    for row in range(S * A):
        alike.setdefault(sets.at(*divmod(row, A)), []).append(row)
    P, rho = float_array(stage.rows).reshape(S * A, -1), stage.rho[i].ravel()
    worst = np.empty(S * A)
    for ball, rows in alike.items():
        worst[rows] = worst_case_expectations(ball, P[rows], rho[rows], V)
    Q: FloatArray = stage.r[i] + worst.reshape(S, A)
    return Q


def backup_error(error: float, V: FloatArray, Q: FloatArray, r: FloatArray) -> float:
    """Bound the error of ``sum_a pi(a|s) Q(s, a)`` given that of the next values ``V``; see the module."""
    S, A = Q.shape
    low, high = float(V.min()), float(V.max())
    kernel = (36 + 2 * S) * ((high - low) + max(high, -low))
    sums = (3 * A + 6) * (max(float(Q.max()), -float(Q.min())) + max(float(r.max()), -float(r.min())))
    bound: float = error + UNIT_ROUNDOFF * (kernel + sums) + (A + 4) * SMALLEST
    return bound
