r"""Robust values of a whole finite-horizon game as one linear program, by dualising every row.

The minimum over a polyhedral ball is, by linear programming duality, a maximum that is linear in V as well:

* TV:            ``max eta + w.p - 2 rho l``   with ``eta + w_s <= V_s``, ``|w_s| <= l``;
* L1:            the same with ``rho l`` for ``2 rho l``; weighted L1 besides with ``|w_s| <= l weight_s``;
* contamination: ``max (1 - rho) p.V + rho b`` with ``b <= V_s``;
* interval:      ``max eta + low.x - up.y``    with ``eta + x_s - y_s <= V_s``, ``x, y >= 0``,
  where ``low = (p - rho)_+`` and ``up = min(1, p + rho)``, with ``rho / weight_s`` where there are weights,

over the states s that the adversary may use (for TV the primal is ``min q.V`` over ``t >= |q - p|`` and
``sum t <= 2 rho``, and eta is the multiplier of ``sum q = 1``). So all values together are the largest V with

    V_h(s) <= sum_a pi_h(a|s) (r_h(s, a) + a feasible dual value at (h, s, a) for V_{h+1}),   V_H = 0:

the right-hand side increases in V_{h+1}, so the fixed point of the recursion is the largest solution in every
component, and maximising the sum of all values finds it. No recursion runs here, no row is sorted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from drmg_check.models import FiniteHorizon, JointPolicy, Stage, check_policy_fits, float_array, row_set
from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    Operation,
    ProbabilityBounds,
    Scenarios,
    TotalVariation,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import FloatArray, NumericalError

FEASIBLE = 1e-10  # what HiGHS is asked for, on primal and dual constraints alike


def evaluate_by_program(game: FiniteHorizon, policy: JointPolicy, i: int) -> FloatArray:
    """Return agent i's robust values ``V[h, s]`` of a joint policy, shape [H + 1, S], by one linear program.

    Parameters
    ----------
    game, policy
        Read as floats. Agent i's set is total variation, L1, contamination or interval; a few hundred rows.
    i : int

    Raises
    ------
    UnsupportedError
        Another set.
    NumericalError
        HiGHS does not call the program solved.
    InputError
        The policy belongs to another game.

    Notes
    -----
    An oracle of medium accuracy that shares no formula with the others. A row's constraints violated by 1e-10
    raise a value by a few times that at each step; dual constraints violated by 1e-10 lower the sum of all
    values by at most that times the sum of all variables.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> evaluate_by_program(game, policy, 0)[0].round(4).tolist()
    [3.8266, 1.9492]
    """
    import cvxpy as cp

    check_policy_fits(game, policy)
    H, S = game.horizon, game.n_states
    V = cp.Variable((H, S))
    constraints = []
    for h, stage in enumerate(game.stages):
        following = V[h + 1] if h + 1 < H else np.zeros(S)
        worst, rows = _worst_cases(stage, i, following)
        Q = cp.reshape(worst, (S, game.n_joint_actions), order="C") + stage.r[i]
        constraints += [*rows, V[h] <= cp.sum(cp.multiply(policy.pi[h], Q), axis=1)]
    problem = cp.Problem(cp.Maximize(cp.sum(V)), constraints)
    options = {"primal_feasibility_tolerance": FEASIBLE, "dual_feasibility_tolerance": FEASIBLE}
    problem.solve(solver="HIGHS", **options)
    if problem.status != "optimal":
        raise NumericalError(
            f"HiGHS says {problem.status!r} of the game {game.name!r}; take evaluate_exactly"
        )
    return np.vstack([V.value, np.zeros(S)])


def _worst_cases(stage: Stage, i: int, V: Any) -> tuple[Any, list[Any]]:  # noqa: ANN401
    """Return dual values of all rows (s, a), linear in variables under the constraints returned."""
    import cvxpy as cp

    uncertainty, S = row_set(stage, i), stage.n_states
    p = float_array(stage.rows).reshape(-1, S)
    p = p / p.sum(axis=1, keepdims=True)
    usable = np.ones(p.shape) if leaves_support(uncertainty) else (p > 0.0).astype(float)
    values = np.ones((len(p), 1)) @ cp.reshape(V, (1, S), order="C")
    return linear_dual(uncertainty, _Rows(p, stage.rho[i].reshape(-1), usable, values))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows of a step [n, S], their radii [n], where their adversary may go, and V below each other."""

    p: FloatArray
    rho: FloatArray
    usable: FloatArray
    values: Any

    def below_values(self, terms: Any) -> Any:  # noqa: ANN401
        """Return the constraint that the terms are at most V, on the states that the adversary may use."""
        import cvxpy as cp

        return cp.multiply(self.usable, terms - self.values) <= 0


linear_dual: Operation[[_Rows], tuple[Any, list[Any]]] = operation(
    "linear program", __name__, "dual values of rows, linear in V, for a whole game in one program"
)


@linear_dual.register(Contamination)
def _contamination(_: Contamination, rows: _Rows) -> tuple[Any, list[Any]]:
    import cvxpy as cp

    n, S = rows.p.shape
    least = cp.Variable((n, 1))
    mean = cp.sum(cp.multiply(rows.p, rows.values), axis=1)
    bound = cp.multiply(1 - rows.rho, mean) + cp.multiply(rows.rho, least[:, 0])
    return bound, [rows.below_values(least @ np.ones((1, S)))]


@linear_dual.register(Interval)
def _interval(_: Interval, rows: _Rows) -> tuple[Any, list[Any]]:
    return _by_widths(rows, rows.rho[:, None] * np.ones(rows.p.shape[1]))


@linear_dual.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval, rows: _Rows) -> tuple[Any, list[Any]]:
    return _by_widths(rows, rows.rho[:, None] / np.array([float(w) for w in uncertainty.weights]))


@linear_dual.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, rows: _Rows) -> tuple[Any, list[Any]]:
    lower, upper = (np.array([float(x) for x in ends]) for ends in (uncertainty.lower, uncertainty.upper))
    rho = rows.rho[:, None]
    low = rows.p - rho * np.maximum(rows.p - lower, 0.0)
    return _within(rows, low, rows.p + rho * np.maximum(upper - rows.p, 0.0))


@linear_dual.register(Scenarios)
def _scenarios(uncertainty: Scenarios, rows: _Rows) -> tuple[Any, list[Any]]:
    import cvxpy as cp

    least = cp.Variable((len(rows.p), 1))
    listed = np.array([[float(x) for x in row] for row in uncertainty.rows])
    mean = cp.sum(cp.multiply(rows.p, rows.values), axis=1)
    bound = cp.multiply(1 - rows.rho, mean) + cp.multiply(rows.rho, least[:, 0])
    everywhere = np.ones((1, len(listed)))
    return bound, [least[:, 0] <= mean, least @ everywhere <= rows.values @ listed.T]


def _by_widths(rows: _Rows, width: FloatArray) -> tuple[Any, list[Any]]:
    return _within(rows, np.maximum(rows.p - width, 0.0), np.minimum(rows.p + width, 1.0))


def _within(rows: _Rows, low: FloatArray, up: FloatArray) -> tuple[Any, list[Any]]:
    import cvxpy as cp

    n, S = rows.p.shape
    eta = cp.Variable((n, 1))
    x, y = (cp.Variable((n, S), nonneg=True) for _ in range(2))
    bound = cp.sum(cp.multiply(low, x) - cp.multiply(up * rows.usable, y), axis=1)
    return eta[:, 0] + bound, [rows.below_values(eta @ np.ones((1, S)) + x - y)]


@linear_dual.register(TotalVariation)
def _tv(_: TotalVariation, rows: _Rows) -> tuple[Any, list[Any]]:
    return _within_l1(rows, 2 * rows.rho, np.ones(rows.p.shape[1]))


@linear_dual.register(L1)
def _l1(_: L1, rows: _Rows) -> tuple[Any, list[Any]]:
    return _within_l1(rows, rows.rho, np.ones(rows.p.shape[1]))


@linear_dual.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, rows: _Rows) -> tuple[Any, list[Any]]:
    return _within_l1(rows, rows.rho, np.array([float(w) for w in uncertainty.weights]))


def _within_l1(rows: _Rows, budget: FloatArray, weights: FloatArray) -> tuple[Any, list[Any]]:
    import cvxpy as cp

    n, S = rows.p.shape
    eta, w, limit = cp.Variable((n, 1)), cp.Variable((n, S)), cp.Variable((n, 1), nonneg=True)
    bound = cp.sum(cp.multiply(rows.p, w), axis=1) - cp.multiply(budget, limit[:, 0])
    everywhere = np.ones((1, S))
    return eta[:, 0] + bound, [rows.below_values(eta @ everywhere + w), cp.abs(w) <= limit @ weights[None, :]]
