r"""Each set as a convex program, from its docstring: ``min E_q V`` over ``D(q, p) <= rho``.

A formulation says which constraint the ball is, what stands on its right, and what one unit of that
constraint's multiplier is worth per unit of radius. Written here once more than elsewhere on purpose: this
layer guards against a misreading of a set, so that it shares no formula with the enclosures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    ProbabilityBounds,
    Quadratic,
    ReverseKL,
    Row,
    Scenarios,
    TotalVariation,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    operation,
)
from drmg_check.vocabulary import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What a ball is written in: cvxpy's variables and parameters for n states, some of them the support.

    ``low`` and ``high`` are ends of q, ``density`` is ``q / p``, ``mass`` is p and ``root`` its square root
    on the support; ``plan`` moves mass.
    """

    inside: list[int]
    p: Any
    mass: Any
    root: Any
    bound: Any
    low: Any
    high: Any
    q: Any
    density: Any
    plan: Any


@dataclass(frozen=True, slots=True)
class Formulation:
    """How a set is put to a solver.

    Attributes
    ----------
    ball : callable
        Parts to the constraint.
    bound : callable
        Row to the number that the parameter ``bound`` stands for.
    multiplier : callable or None
        Row to the value per radius (Wasserstein: per budget) of one unit of the ball's dual variable.
    further : callable
        Parts to constraints beside that of the ball.
    ends : callable or None
        Row to the numbers that the parameters ``low`` and ``high`` stand for.
    solver : str
        HiGHS for linear programs, Clarabel for cones.
    by_density, by_plan : bool
        Whether the constraint is one on ``density``, or on ``plan``.
    kept : callable
        Radius to the share of p that the parameter ``p`` stands for.
    moment : callable
        Row to the bound on ``E_p (q/p)^alpha`` that the radius means (reverse KL: on ``exp E_p log(p/q)``).
    saturation : callable
        Nominal probability of the argmin to the radius from which on all mass sits there; infinite where
        there is none in float64.
    """

    ball: Callable[[Parts], Any]
    bound: Callable[[Row], float] = lambda row: float(row.radius)
    multiplier: Callable[[Row], Fraction] | None = lambda _row: Fraction(1)
    further: Callable[[Parts], list[Any]] = lambda _parts: []
    ends: Callable[[Row], tuple[Sequence[float], Sequence[float]]] | None = None
    solver: Literal["HIGHS", "CLARABEL"] = "CLARABEL"
    by_density: bool = False
    by_plan: bool = False
    kept: Callable[[float], float] = lambda _radius: 1.0
    moment: Callable[[Row], float] = lambda _row: 1.0
    saturation: Callable[[float], float] = lambda _lowest: math.inf


formulation: Operation[[], Formulation] = operation(
    "primal", __name__, "the set as a convex program, for a solver that knows nothing of its worst case"
)


@formulation.register(TotalVariation)
def _tv(_: TotalVariation) -> Formulation:
    import cvxpy as cp

    return Formulation(
        ball=lambda x: cp.norm1(x.q - x.p) <= x.bound,
        bound=lambda row: 2 * float(row.radius),
        multiplier=lambda _row: Fraction(2),
        solver="HIGHS",
    )


@formulation.register(L1)
def _l1(_: L1) -> Formulation:
    import cvxpy as cp

    return Formulation(ball=lambda x: cp.norm1(x.q - x.p) <= x.bound, solver="HIGHS")


@formulation.register(Contamination)
def _contamination(_: Contamination) -> Formulation:
    return Formulation(
        ball=lambda x: x.q >= x.p, multiplier=None, solver="HIGHS", kept=lambda radius: 1 - radius
    )


@formulation.register(Interval)
def _interval(_: Interval) -> Formulation:
    import cvxpy as cp

    return Formulation(ball=lambda x: cp.norm_inf(x.q - x.p) <= x.bound, solver="HIGHS")


@formulation.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval) -> Formulation:
    import cvxpy as cp

    w, largest = _of_largest(uncertainty.weights)
    return Formulation(
        ball=lambda x: cp.max(cp.multiply(w, cp.abs(x.q - x.p))) <= x.bound,
        bound=lambda row: float(row.radius / largest),
        multiplier=lambda _row: 1 / largest,
        solver="HIGHS",
    )


@formulation.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds) -> Formulation:
    def ends(row: Row) -> tuple[Sequence[float], Sequence[float]]:
        p, rho = np.array([float(x) for x in row.probabilities]), float(row.radius)
        lower, upper = (np.array([float(x) for x in data]) for data in (uncertainty.lower, uncertainty.upper))
        return p - rho * np.maximum(p - lower, 0.0), p + rho * np.maximum(upper - p, 0.0)

    return Formulation(
        ball=lambda x: x.q >= x.low,
        further=lambda x: [x.q <= x.high],
        ends=ends,
        multiplier=None,
        solver="HIGHS",
    )


@formulation.register(Scenarios)
def _scenarios(uncertainty: Scenarios) -> Formulation:
    import cvxpy as cp

    rows = np.array([[float(x) for x in row] for row in uncertainty.rows])
    share = cp.Variable(len(rows), nonneg=True)
    return Formulation(
        ball=lambda x: cp.sum(share) <= x.bound,
        further=lambda x: [x.q == (1 - cp.sum(share)) * x.p + rows.T @ share],
        multiplier=None,
        solver="HIGHS",
    )


@formulation.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1) -> Formulation:
    import cvxpy as cp

    w, largest = _of_largest(uncertainty.weights)
    return Formulation(
        ball=lambda x: cp.sum(cp.multiply(w, cp.abs(x.q - x.p))) <= x.bound,
        bound=lambda row: float(row.radius / largest),
        multiplier=lambda _row: 1 / largest,
        solver="HIGHS",
    )


def _of_largest(weights: Sequence[Fraction]) -> tuple[FloatArray, Fraction]:
    """Return weights relative to the largest, and that: solver tolerances are absolute."""
    largest = max(weights)
    return np.array([float(w / largest) for w in weights]), largest


@formulation.register(Quadratic)
def _quadratic(uncertainty: Quadratic) -> Formulation:
    import cvxpy as cp

    def ball(x: Parts) -> Any:  # noqa: ANN401 - cvxpy has no types
        root = np.array([math.sqrt(w) for w in uncertainty.squares(x.q.shape[0])])
        return cp.norm(cp.multiply(root, x.q - x.p), 2) <= x.bound

    return Formulation(ball=ball)


@formulation.register(Wasserstein)
def _wasserstein(uncertainty: Wasserstein) -> Formulation:
    import cvxpy as cp

    order = uncertainty.order
    largest = max(x for line in uncertainty.ground for x in line) ** order
    # relative to the largest, since solver tolerances are absolute
    costs = np.array([[float(x**order / largest) for x in line] for line in uncertainty.ground])
    return Formulation(
        ball=lambda x: cp.sum(cp.multiply(costs, x.plan)) <= x.bound,
        bound=lambda row: float(row.radius**order / largest),
        multiplier=lambda _row: 1 / largest,
        solver="HIGHS",
        by_plan=True,
    )


@formulation.register(KullbackLeibler)
def _kl(_: KullbackLeibler) -> Formulation:
    import cvxpy as cp

    return Formulation(
        ball=lambda x: cp.sum(cp.rel_entr(x.q, x.p)) <= x.bound,
        saturation=lambda lowest: -math.log(lowest) if lowest > 0 else math.inf,
    )


@formulation.register(ReverseKL)
def _reverse_kl(_: ReverseKL) -> Formulation:
    import cvxpy as cp

    return Formulation(
        ball=lambda x: cp.sum(cp.rel_entr(x.mass, x.q[x.inside])) <= x.bound,
        moment=lambda row: math.exp(min(float(row.radius), 700.0)),  # exp overflows beyond 709
    )


@formulation.register(ChiSquare)
def _chi_square(_: ChiSquare) -> Formulation:
    import cvxpy as cp

    return Formulation(
        ball=lambda x: cp.norm(cp.multiply(x.root, x.density - 1), 2) <= x.bound,
        bound=lambda row: float(row.radius) ** 0.5,
        multiplier=lambda row: Fraction(0.5 / float(row.radius) ** 0.5),
        by_density=True,
        saturation=lambda lowest: 1 / lowest - 1 if lowest > 0 else math.inf,
    )


@formulation.register(Hellinger)
def _hellinger(_: Hellinger) -> Formulation:
    import cvxpy as cp

    return Formulation(
        ball=lambda x: x.root @ cp.sqrt(x.q[x.inside]) >= x.bound,
        bound=lambda row: 1 - float(row.radius) / 2,
        multiplier=lambda _row: Fraction(1, 2),
        saturation=lambda lowest: 2 * (1 - math.sqrt(lowest)),
    )


@formulation.register(CressieRead)
def _cressie_read(uncertainty: CressieRead) -> Formulation:
    import cvxpy as cp

    a = uncertainty.alpha

    def ball(x: Parts) -> Any:  # noqa: ANN401 - cvxpy has no types
        moment = x.mass @ cp.power(x.density, a)
        return moment >= x.bound if 0 < a < 1 else moment <= x.bound

    def saturation(lowest: float) -> float:
        if 0 < a < 1:
            return (1 - math.pow(lowest, float(1 - a))) / float(a * (1 - a))
        if a > 1 and lowest > 1e-38:  # lowest^(1 - a) fits float64 up to a = 8
            return (math.pow(lowest, float(1 - a)) - 1) / float(a * (a - 1))
        return math.inf

    return Formulation(
        ball=ball,
        bound=lambda row: float(1 + a * (a - 1) * row.radius),
        multiplier=lambda _row: abs(a * (a - 1)),
        by_density=True,
        moment=lambda row: float(1 + a * (a - 1) * row.radius),
        saturation=saturation,
    )
