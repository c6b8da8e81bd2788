r"""The set as its docstring says it, given to a convex solver: ``min E_q V`` over ``D(q, p) <= rho``.

This layer guards against a common misreading of a set (convention, direction, factor), which an
enclosure and its certificate would share. It is not the accurate layer: on hard rows conic solvers stop
with errors of 1e-6 of the span and more, and call some of them optimal. Hence

* V is scaled to [0, 1] in exact arithmetic, since solver tolerances are absolute;
* any status but ``optimal`` (at 1e-10, else at 1e-8 for cones) is no answer;
* whatever the solver says is turned into proven bounds ``[lower, upper]``: its q is pulled into the ball and
  its multiplier put into the Lagrangian bound (for LPs the exact dual), so ``gap`` is the error it has;
* ``weak`` says in a sentence why a conic solver cannot be trusted to the usual 1e-6 on this row.

Problems are compiled once per (set, number of states, support) with p, V and rho as parameters.
Sources: Ben-Tal et al. (2013); the solvers are HiGHS for linear programs and Clarabel for cones.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from drmg_check.sets import Row, UncertaintySet, Wasserstein
from drmg_check.vocabulary import FloatArray, normalise
from drmg_oracles.rows._formulations import Formulation, Parts, formulation
from drmg_oracles.rows._lagrangian import admissible_states, lagrangian_bound, pull_into_ball

# The looser step is taken where Clarabel calls its best point inaccurate; the proven gap judges it anyway.
_OPTIONS = {
    "HIGHS": ({"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},),
    "CLARABEL": tuple({"tol_gap_abs": x, "tol_gap_rel": x, "tol_feas": x} for x in (1e-10, 1e-8)),
}


@dataclass(frozen=True, slots=True)
class ConvexSolution:
    """What a convex solver says about a row, and what that proves.

    Parameters
    ----------
    value : float or None
        The solver's optimum; None unless its status is optimal.
    status : str
        As cvxpy reports it; ``"trivial"`` where radius 0 or a constant V leave nothing to solve.
    solver : str
        ``"HIGHS"``, ``"CLARABEL"`` or ``"none"``.
    q : tuple of float, length S, or None
        The solver's distribution, as it came.
    multiplier : float or None
        Of the ball: value per radius; for Wasserstein per budget ``rho^p``; None for contamination.
    lower, upper : Fraction
        Proven bounds on the worst case, from the multiplier and from q.
    weak : str or None
        Why the solver cannot be trusted to 1e-6 of the span on this row.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles import primal
    >>> solution = primal(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> solution.status, solution.solver, float(solution.lower)
    ('optimal', 'HIGHS', 0.25)
    """

    value: float | None
    status: str
    solver: str
    q: tuple[float, ...] | None
    multiplier: float | None
    lower: Fraction
    upper: Fraction
    weak: str | None

    @property
    def gap(self) -> Fraction:
        """``upper - lower``: the error that the solution is proved to have at most."""
        return self.upper - self.lower


def primal(row: Row) -> ConvexSolution:
    """Solve ``min E_q V`` over the ball of ``row`` with HiGHS (linear sets) or Clarabel (conic sets).

    Never raises for a hard row: a solver that fails leaves ``value=None``, its status, and the trivial
    bounds ``[min V, E_p V]``. Not safe to call from several threads: problems are compiled once and shared.

    >>> from drmg_check.sets import ChiSquare
    >>> solution = primal(Row.of(ChiSquare(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> abs(solution.value - 0.25) < 1e-6, solution.lower <= Fraction(1, 4) <= solution.upper
    (True, True)
    """
    states = admissible_states(row)
    V, p = row.values, row.probabilities
    floor, top = min(V[s] for s in states), max(V[s] for s in states)
    mean = _expectation(p, V)
    if row.radius == 0 or floor == top:
        return ConvexSolution(float(mean), "trivial", "none", tuple(map(float, p)), 0.0, mean, mean, None)
    ball = row.uncertainty if len(states) == len(p) else row.uncertainty.restrict(states)
    program = _compile(ball, tuple(p[s] > 0 for s in states))
    scaled = [(V[s] - floor) / (top - floor) for s in states]
    status = _solve(program, row, [p[s] for s in states], scaled)
    how = program.formulation
    weak = None if how.solver == "HIGHS" else _weakness(how, row, states)
    if status != "optimal":
        return ConvexSolution(None, status, how.solver, None, None, floor, mean, weak)
    q = np.zeros(len(p))
    q[states] = program.q.value
    multiplier, eta = Fraction(0), None
    if how.multiplier is not None:
        multiplier = (top - floor) * Fraction(abs(float(program.ball.dual_value))) * how.multiplier(row)
    if not how.by_plan:
        eta = floor - (top - floor) * Fraction(float(program.simplex.dual_value))
    return ConvexSolution(
        value=float(floor + (top - floor) * Fraction(float(program.problem.value))),
        status=status,
        solver=how.solver,
        q=tuple(q.tolist()),
        multiplier=None if how.multiplier is None else float(multiplier),
        lower=lagrangian_bound(row, multiplier, eta),
        upper=min(_expectation(_feasible(program, row, q), V), mean),
        weak=weak,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Program:
    """A compiled problem; ``q`` is a variable, or the second marginal of the plan."""

    formulation: Formulation
    problem: Any
    parameters: dict[str, Any]
    q: Any
    plan: Any
    ball: Any
    simplex: Any


@lru_cache(maxsize=256)
def _compile(uncertainty: UncertaintySet, support: tuple[bool, ...]) -> _Program:
    import cvxpy as cp

    how = formulation(uncertainty)
    n = len(support)
    inside = [s for s in range(n) if support[s]]
    V = cp.Parameter(n, name="V")
    p = cp.Parameter(n, nonneg=True, name="p")
    mass = cp.Parameter(len(inside), nonneg=True, name="mass")
    root = cp.Parameter(len(inside), nonneg=True, name="root")
    density = cp.Variable(len(inside), nonneg=True)
    plan = cp.Variable((n, n), nonneg=True)
    if how.by_plan:
        q = cp.sum(plan, axis=0)
        simplex = cp.sum(plan, axis=1) == p
    else:
        q = cp.Variable(n, nonneg=True)
        simplex = cp.sum(q) == 1
    bound = cp.Parameter(nonneg=True, name="bound")
    low, high = (cp.Parameter(n, name=name) for name in ("low", "high"))
    parts = Parts(inside, p, mass, root, bound, low, high, q, density, plan)
    ball = how.ball(parts)
    constraints = [simplex, ball, *how.further(parts)]
    if how.by_density:
        constraints.append(q[inside] == cp.multiply(mass, density))
    problem = cp.Problem(cp.Minimize(V @ q), constraints)
    assert problem.is_dpp()
    return _Program(how, problem, {x.name(): x for x in problem.parameters()}, q, plan, ball, simplex)


def _solve(program: _Program, row: Row, p: list[Fraction], V: list[Fraction]) -> str:
    import cvxpy as cp

    how, rho = program.formulation, float(row.radius)
    mass = np.array([float(x) for x in p if x > 0])
    low, high = how.ends(row) if how.ends is not None else ((), ())
    known = {
        "low": low,
        "high": high,
        "V": [float(v) for v in V],
        "p": [how.kept(rho) * float(x) for x in p],
        "mass": mass,
        "root": mass**0.5,
        "bound": how.bound(row),
    }
    try:
        for name, parameter in program.parameters.items():
            parameter.value = known[name]
        for options in _OPTIONS[how.solver]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what the solver thinks of its solution is in the status
                program.problem.solve(solver=how.solver, **options)
            if program.problem.status == "optimal":
                break
    except (cp.SolverError, ValueError, ZeroDivisionError) as error:
        return f"solver error: {error}".splitlines()[0]
    return str(program.problem.status)


def _feasible(program: _Program, row: Row, q: FloatArray) -> tuple[Fraction, ...]:
    """Return a distribution of the ball near the solver's: clipped, normalised, mixed with p."""
    if not isinstance(row.uncertainty, Wasserstein):
        return pull_into_ball(row, _normalised(q))
    p, n = row.probabilities, len(row.nominal)
    d, k = row.uncertainty.ground, row.uncertainty.order
    moves = np.maximum(program.plan.value, 0.0)
    still = np.flatnonzero(~moves.any(axis=1))  # the solver may lose a tiny mass: it stays where it is
    moves[still, still] = 1.0
    coupling = [
        [mass * x for x in _normalised(line)] if mass else [Fraction(0)] * n
        for mass, line in zip(p, moves, strict=True)
    ]
    cost = sum((coupling[s][t] * d[s][t] ** k for s in range(n) for t in range(n)), Fraction(0))
    share = Fraction(1) if cost <= row.radius**k else row.radius**k / cost
    return tuple((1 - share) * p[t] + share * sum(line[t] for line in coupling) for t in range(n))


def _normalised(q: FloatArray) -> tuple[Fraction, ...]:
    return normalise([Fraction(max(float(x), 0.0)) for x in q])


def _expectation(q: Iterable[Fraction], V: Iterable[Fraction]) -> Fraction:
    return sum((x * v for x, v in zip(q, V, strict=True)), Fraction(0))


def _weakness(how: Formulation, row: Row, states: list[int]) -> str | None:
    """Return why an interior-point method is known to be off on this row, by the measurements cited above."""
    p, rho = row.probabilities, float(row.radius)
    smallest = min(x for x in p if x)
    if smallest < Fraction(1, 10**8):
        return f"a nominal probability of {float(smallest):.1e} is below what a conic solver resolves (1e-8)"
    if rho < 1e-4:  # measured, as are the other limits here
        return f"a radius of {rho:.1e} leaves the ball almost no interior (conic solvers need about 1e-4)"
    if (moment := how.moment(row)) > 100:
        return f"the ball admits a mean power of q/p of {moment:.1e}, beyond what a cone is scaled for (100)"
    lowest = float(p[min(states, key=lambda s: row.values[s])])
    # from there on the optimum sits in a corner of the cone
    if rho > 0.9 * how.saturation(lowest):
        return f"the radius {rho:.3g} is near or above the one at which the worst case is min V"
    return None
