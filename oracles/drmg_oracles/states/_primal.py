"""The set as its docstring says it, given to a convex solver, who would not misread it as a proof might."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from drmg_check.sets import StateProblem
from drmg_check.vocabulary import NumericalError


def state_primal(problem: StateProblem) -> float:
    """Return ``min_q max_k sum_{a of k} c_a E_{q_a} z_a`` over the kernels within the budget, by cvxpy.

    z is scaled to [0, 1] and the kernels of all actions are one variable each; accurate to some 1e-7 of the
    span, no more.

    Raises
    ------
    NumericalError
        The solver does not find the optimum.

    Examples
    --------
    >>> from drmg_check.sets import L1, SRectangular
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0], [1, 0]], [[1, 0], [1, 0]], 1)
    >>> round(state_primal(problem), 6)
    0.75
    """
    import cvxpy as cp

    z = np.array([[float(x) for x in row] for row in problem.values])
    low, span = z.min(), float(np.ptp(z)) or 1.0
    scaled, spent, constraints = (z - low) / span, 0.0, []
    worth: list[Any] = [0.0] * problem.n_choices
    for a, row in enumerate(problem.probabilities):
        p = np.array([float(x) for x in row])
        q = cp.Variable(p.shape[0], nonneg=True)
        closed = [t for t, usable in enumerate(problem.usable(a)) if not usable]
        constraints += [cp.sum(q) == 1, *([q[closed] == 0] if closed else [])]
        spent += float(problem.uncertainty.weight(a)) * _DISTANCES[problem.uncertainty.ball.kind](cp, q, p)
        worth[problem.choices[a]] += float(problem.shares[a]) * (scaled[a] @ q)
    program = cp.Problem(
        cp.Minimize(cp.max(cp.hstack(worth))), [*constraints, spent <= float(problem.budget)]
    )
    # Clarabel's stopping rule, for values in [0, 1]: this guards against a misread set and proves nothing
    options = {"tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an inaccurate solution is refused below
        program.solve(solver="CLARABEL", **options)
    if program.status != "optimal":
        raise NumericalError(f"the solver says {program.status!r}; expected 'optimal'")
    each = sum(float(c) for c, k in zip(problem.shares, problem.choices, strict=True) if k == 0)
    return float(program.value) * span + float(low) * each


def _kl(cp: Any, q: Any, p: Any) -> Any:  # noqa: ANN401 - cvxpy has no types
    kept = np.flatnonzero(p)
    return cp.sum(cp.kl_div(q[kept], p[kept]))


def _chi2(cp: Any, q: Any, p: Any) -> Any:  # noqa: ANN401
    kept = np.flatnonzero(p)
    return cp.sum(cp.multiply(1 / p[kept], cp.square(q[kept] - p[kept])))


_DISTANCES: Mapping[str, Callable[[Any, Any, Any], Any]] = MappingProxyType(
    {
        "l1": lambda cp, q, p: cp.norm1(q - p),
        "tv": lambda cp, q, p: cp.norm1(q - p) / 2,
        "interval": lambda cp, q, p: cp.norm_inf(q - p),
        "kl": _kl,
        "chi2": _chi2,
    }
)
