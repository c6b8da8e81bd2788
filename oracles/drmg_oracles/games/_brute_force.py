"""Robust values and best responses of tiny games by trying every extreme kernel and every deviation.

Nothing here knows a dual formula or the Bellman equation: it is what they are compared with.

* A polyhedral ball is written down as ``{ q : sum q = 1, G q <= g }`` straight from its definition and
  its vertices are found by solving every choice of S - 1 active constraints.
* The expected return ``sum_h E[r_h(s_h, a_h)]`` of a fixed policy is multilinear in the rows of the
  kernel (each row occurs at one step only, and once on every path), so its minimum over the product of
  the balls is attained at a product of vertices: all are tried, the return being accumulated along the
  distributions of s_h, forwards from the start.
* A best response is the best of all deterministic Markov deviations, each evaluated so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod
from typing import TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat

from drmg_check.models import (
    FiniteHorizon,
    JointPolicy,
    action_distribution,
    check_policy_fits,
    exact_reward,
    row_of,
)
from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    Operation,
    ProbabilityBounds,
    Row,
    TotalVariation,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import InputError, UnsupportedError

# Measured, some five seconds each:
MAX_ACTIVE_SETS = 100_000  # 64 us, of five states
MAX_KERNELS = 200_000  # 26 us
MAX_DEVIATIONS = 5_000  # 0.2 ms for the policy in fractions, besides its products of kernels
Distribution: TypeAlias = tuple[Fraction, ...]
Constraint: TypeAlias = tuple[list[Fraction], Fraction]  # (c, b): c . q <= b
_Kernels: TypeAlias = dict[tuple[int, int, int], tuple[Distribution, ...]]  # (h, s, a) -> vertices


def vertex_kernels(row: Row) -> tuple[Distribution, ...]:
    """Return the vertices of the polyhedral ball around one nominal row, sorted; V is not looked at.

    Parameters
    ----------
    row : Row
        With a total variation, L1, contamination or interval set.

    Raises
    ------
    UnsupportedError
        Another set, or a row with more than ``MAX_ACTIVE_SETS`` candidate active sets (TV beyond five
        allowed states).

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 0], "1/4")
    >>> vertex_kernels(row)
    ((Fraction(1, 4), Fraction(3, 4)), (Fraction(3, 4), Fraction(1, 4)))
    """
    p = row.probabilities
    allowed = [s for s in range(len(p)) if p[s] > 0 or leaves_support(row.uncertainty)]
    constraints = half_spaces(row.uncertainty, row, [p[s] for s in allowed])
    inside = _vertices(constraints, len(allowed))
    vertices = set()
    for q in inside:
        full = [Fraction(0)] * len(p)
        for s, mass in zip(allowed, q, strict=True):
            full[s] = mass
        vertices.add(tuple(full))
    return tuple(sorted(vertices))


def brute_force_value(
    game: FiniteHorizon, policy: JointPolicy, i: int, *, step: int = 0, state: int | None = None
) -> Fraction:
    """Return agent i's robust value at (step, state) as the minimum over all products of vertex kernels.

    Parameters
    ----------
    game, policy
        Of a few states, actions and steps; agent i's set is one that :func:`vertex_kernels` knows.
    i : int
        The agent.
    step, state : int
        Where play starts; by default at step 0 in the game's initial state.

    Raises
    ------
    UnsupportedError
        More than ``MAX_KERNELS`` products of vertices of reachable rows, or what :func:`vertex_kernels`
        refuses.
    InputError
        The policy belongs to another game, or there is no such agent or place.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> brute_force_value(game, policy, 0)
    Fraction(2449, 640)
    """
    check_policy_fits(game, policy)
    start = _start(game, i, step, state)
    kernels, _ = _reach(game, policy, i, step, start)
    _refuse_above(MAX_KERNELS, _n_products(kernels), "products of vertex kernels")
    return _worst_return(game, policy, i, step, start, kernels)


def brute_force_best_response(
    game: FiniteHorizon, policy: JointPolicy, i: int, *, step: int = 0, state: int | None = None
) -> Fraction:
    """Return agent i's largest robust value over its deterministic Markov deviations from ``policy``.

    The others keep their marginal ``pi_{-i}``. Every choice of one action for each reachable (h, s) is
    evaluated over all products of vertex kernels. Parameters and errors as for :func:`brute_force_value`;
    besides, at most ``MAX_DEVIATIONS`` deviations.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> brute_force_best_response(game, policy, 0)
    Fraction(313, 80)
    """
    check_policy_fits(game, policy)
    start = _start(game, i, step, state)
    n = game.actions[i]
    everywhere = dict.fromkeys(product(range(game.horizon), range(game.n_states)), [Fraction(1, n)] * n)
    reach, places = _reach(game, _deviate(policy, i, everywhere), i, step, start)
    _refuse_above(MAX_DEVIATIONS, n ** len(places), "deterministic deviations")
    plans = []
    for choices in product(range(n), repeat=len(places)):
        chosen = {place: _unit(n, b) for place, b in zip(places, choices, strict=True)}
        deviated = _deviate(policy, i, chosen)
        used = {(h, s, a): vertices for (h, s, a), vertices in reach.items() if deviated.weights[h, s, a]}
        plans.append((deviated, used))
    total = sum(_n_products(used) for _, used in plans)
    _refuse_above(MAX_KERNELS, total, "pairs of a deviation and a product of vertex kernels")
    return max(_worst_return(game, deviated, i, step, start, used) for deviated, used in plans)


def _vertices(constraints: Sequence[Constraint], n: int) -> set[Distribution]:
    """Return the vertices of ``{ q in R^n : sum q = 1, c . q <= b for each constraint }``."""
    _refuse_above(MAX_ACTIVE_SETS, comb(len(constraints), n - 1), "choices of active constraints")
    vertices = set()
    for active in combinations(constraints, n - 1):
        try:
            q = _solve([[Fraction(1)] * n, *(c for c, _ in active)], [Fraction(1), *(b for _, b in active)])
        except ZeroDivisionError:  # dependent constraints meet in no single point
            continue
        if all(sum(x * y for x, y in zip(c, q, strict=True)) <= b for c, b in constraints):
            vertices.add(q)
    return vertices


def _solve(matrix: list[list[Fraction]], right: list[Fraction]) -> Distribution:
    n = len(right)
    left = fmpq_mat(n, n, [fmpq(x.numerator, x.denominator) for line in matrix for x in line])
    solution = left.solve(fmpq_mat(n, 1, [fmpq(x.numerator, x.denominator) for x in right]))
    return tuple(Fraction(int(x.p), int(x.q)) for x in solution.entries())


half_spaces: Operation[[Row, Sequence[Fraction]], list[Constraint]] = operation(
    "vertices", __name__, "the ball as half spaces, of which brute force takes the vertices"
)
"""Besides ``sum q = 1``, over the states that the adversary may use, of nominal probabilities p."""


@half_spaces.register(TotalVariation)
def _tv(_: TotalVariation, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    return _within_l1(p, 2 * row.radius)


@half_spaces.register(L1)
def _l1(_: L1, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    return _within_l1(p, row.radius)


def _within_l1(p: Sequence[Fraction], bound: Fraction) -> list[Constraint]:
    constraints = _nonnegative(len(p))
    for signs in product((1, -1), repeat=len(p)):
        if len(set(signs)) > 1:  # sum |q - p| is the largest of these; equal signs say 0 <= bound
            c = [Fraction(x) for x in signs]
            constraints.append((c, bound + sum(x * y for x, y in zip(signs, p, strict=True))))
    return constraints


@half_spaces.register(Contamination)
def _contamination(_: Contamination, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    return [(_unit(len(p), s, -1), -(1 - row.radius) * mass) for s, mass in enumerate(p)]


@half_spaces.register(Interval)
def _interval(_: Interval, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    n, rho = len(p), row.radius
    above: list[Constraint] = [(_unit(n, s), mass + rho) for s, mass in enumerate(p)]
    below: list[Constraint] = [(_unit(n, s, -1), rho - mass) for s, mass in enumerate(p)]
    return [*_nonnegative(n), *above, *below]


@half_spaces.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    n, widths = len(p), [row.radius / w for w in _allowed_weights(uncertainty, row)]
    above: list[Constraint] = [(_unit(n, s), mass + widths[s]) for s, mass in enumerate(p)]
    below: list[Constraint] = [(_unit(n, s, -1), widths[s] - mass) for s, mass in enumerate(p)]
    return [*_nonnegative(n), *above, *below]


@half_spaces.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    allowed = [s for s, mass in enumerate(row.nominal) if mass or uncertainty.leaves_support]
    constraints: list[Constraint] = []
    for k, s in enumerate(allowed):
        most = p[k] + row.radius * max(uncertainty.upper[s] - p[k], Fraction(0))
        least = p[k] - row.radius * max(p[k] - uncertainty.lower[s], Fraction(0))
        constraints += [(_unit(len(p), k), most), (_unit(len(p), k, -1), -least)]
    return constraints


@half_spaces.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, row: Row, p: Sequence[Fraction]) -> list[Constraint]:
    w = _allowed_weights(uncertainty, row)
    constraints = _nonnegative(len(p))
    for signs in product((1, -1), repeat=len(p)):  # sum w |q - p| is the largest of these
        c = [sign * x for sign, x in zip(signs, w, strict=True)]
        if len(set(c)) > 1:  # a multiple of sum q says 0 <= bound
            constraints.append((c, row.radius + sum(x * y for x, y in zip(c, p, strict=True))))
    return constraints


def _allowed_weights(uncertainty: WeightedInterval | WeightedL1, row: Row) -> list[Fraction]:
    anywhere = leaves_support(uncertainty)
    return [w for w, mass in zip(uncertainty.weights, row.nominal, strict=True) if mass or anywhere]


def _nonnegative(n: int) -> list[Constraint]:
    return [(_unit(n, s, -1), Fraction(0)) for s in range(n)]


def _reach(
    game: FiniteHorizon, policy: JointPolicy, i: int, step: int, start: int
) -> tuple[_Kernels, list[tuple[int, int]]]:
    """Return the vertices of every row that play can meet before the last step, and every (h, s) met."""
    kernels: _Kernels = {}
    places = []
    nothing = [Fraction(0)] * game.n_states
    states = {start}
    for h in range(step, game.horizon):
        places += [(h, s) for s in sorted(states)]
        if h == game.horizon - 1:  # what follows the last reward is worth nothing
            break
        reached = set()
        for s in sorted(states):
            for a, weight in enumerate(action_distribution(policy, h, s)):
                if weight:
                    kernels[h, s, a] = vertex_kernels(row_of(game.stages[h], i, s, a, nothing))
                    reached |= {t for q in kernels[h, s, a] for t, mass in enumerate(q) if mass}
        states = reached
    return kernels, places


def _worst_return(
    game: FiniteHorizon, policy: JointPolicy, i: int, step: int, start: int, kernels: _Kernels
) -> Fraction:
    """Return the smallest expected return, over every distribution of s_h that some kernel leads to."""
    frontier = {(tuple(_unit(game.n_states, start)), Fraction(0))}
    for h in range(step, game.horizon):
        following = set()
        for distribution, collected in frontier:
            flow = [
                (s, a, mass * weight)
                for s, mass in enumerate(distribution)
                if mass
                for a, weight in enumerate(action_distribution(policy, h, s))
                if weight
            ]
            collected += sum((w * exact_reward(game.stages[h], i, s, a) for s, a, w in flow), Fraction(0))
            if h == game.horizon - 1:
                following.add((distribution, collected))
                continue
            for rows in product(*(kernels[h, s, a] for s, a, _ in flow)):
                after = [Fraction(0)] * game.n_states
                for (_, _, w), q in zip(flow, rows, strict=True):
                    for t, mass in enumerate(q):
                        after[t] += w * mass
                following.add((tuple(after), collected))
        frontier = following
    return min(collected for _, collected in frontier)


def _deviate(policy: JointPolicy, i: int, own: Mapping[tuple[int, int], Sequence[Fraction]]) -> JointPolicy:
    """Return the policy in which agent i draws from ``own[h, s]`` where given, whatever the others draw."""
    weights = np.array(policy.weights, dtype=object)
    for (h, s), chances in own.items():
        weights[h, s] = Fraction(0)
        for each, weight in zip(np.ndindex(*policy.actions), action_distribution(policy, h, s), strict=True):
            for b, chance in enumerate(chances):
                a = np.ravel_multi_index((*each[:i], b, *each[i + 1 :]), policy.actions)
                weights[h, s, a] += weight * chance
    return JointPolicy(weights, policy.actions)


def _start(game: FiniteHorizon, i: int, step: int, state: int | None) -> int:
    start = game.initial_state if state is None else state
    if not (0 <= i < game.n_agents and 0 <= step < game.horizon and 0 <= start < game.n_states):
        raise InputError(
            f"i={i!r}, step={step!r}, state={state!r}; expected i < {game.n_agents}, "
            f"step < {game.horizon}, state < {game.n_states}"
        )
    return start


def _unit(n: int, s: int, value: int = 1) -> list[Fraction]:
    return [Fraction(value if t == s else 0) for t in range(n)]


def _n_products(kernels: _Kernels) -> int:
    return prod(len(vertices) for vertices in kernels.values())


def _refuse_above(limit: int, count: int, what: str) -> None:
    if count > limit:
        raise UnsupportedError(
            f"brute force would try {count} {what}, the limit is {limit}; take a smaller game, "
            "or evaluate_exactly"
        )
