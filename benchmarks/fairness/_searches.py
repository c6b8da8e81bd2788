"""Searches as people write them, each of which stops where it knows that it is near enough.

A dual maximised until tangents prove it, the same from points drawn at random or compiled, a dual on a grid
whose spacing its slope allows, and a primal that SciPy solves.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import rel_entr

from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation, UncertaintySet
from drmg_check.vocabulary import FloatArray

MOST_CUTS = 400
"""Tangents after which a search gives up."""
MOST_POINTS = 3_000
"""Of a grid."""
LEAST = 1e-290
"""Below, a probability times an exponential has no digits."""
ROUNDING = 1e-14
"""Of a dual, by its largest argument."""
Concave = Callable[[float], tuple[float, float]]
"""A point to the value and the slope there."""


class Problem(NamedTuple):
    """A row with values between 0 and 1, on the states an adversary may use."""

    p: FloatArray
    W: FloatArray
    rho: float
    floor: float
    span: float

    @property
    def is_trivial(self) -> bool:
        """Whether the adversary can do nothing."""
        return not self.rho or not self.span


class Bracket(NamedTuple):
    """A concave function, and two points between which it has its maximum."""

    dual: Concave
    low: float
    high: float


def problem_of(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> Problem:
    """Return what is searched for a row."""
    used = _used(p, uncertainty)
    p, V = p[used], V[used]
    floor = float(V.min())
    span = float(np.ptp(V))
    if p.min(initial=1.0, where=p > 0) < LEAST:
        raise NotImplementedError("logarithms of numbers without digits")
    return Problem(p, (V - floor) / (span or 1.0), rho, floor, span)


def _used(p: FloatArray, uncertainty: UncertaintySet) -> NDArray[np.bool_]:
    """Return which states an adversary may use: of these sets only total variation leaves the support."""
    return np.ones(len(p), dtype=bool) if isinstance(uncertainty, TotalVariation) else p > 0


def stopped(share: Fraction, draw: Callable[[], float], row: Row) -> float:
    """Return the dual's maximum as soon as tangents prove that it is found, up to a share of the span.

    ``draw`` says where between the ends of a bracket the next tangent is taken.
    """
    p, V = (np.array([float(x) for x in numbers]) for numbers in (row.nominal, row.values))
    problem = problem_of(p, V, float(row.radius), row.uncertainty)
    if problem.is_trivial:
        return float(p @ V)
    bracket = _bracket_of(problem, row.uncertainty, share)
    return problem.floor + problem.span * _maximum(bracket, float(share) / 2, draw)


def _bracket_of(problem: Problem, uncertainty: UncertaintySet, share: Fraction) -> Bracket:
    """Return the dual, if its rounding is less than the share of the span that is declared."""
    bracket = _dual(uncertainty, problem)
    if ROUNDING * bracket.high > float(share):
        raise NotImplementedError("rounding would carry it further than it declares")
    return bracket


def _dual(uncertainty: UncertaintySet, problem: Problem) -> Bracket:
    """Return a concave dual of values between 0 and 1."""
    p, W, rho = problem.p, problem.W, problem.rho
    match uncertainty:
        case TotalVariation():
            return _of_capped(p, W, rho)
        case ChiSquare():
            return _of_deviations(p, W, rho)
        case KullbackLeibler():
            return _of_tilted(p, W, rho)
        case _:
            raise NotImplementedError("three sets only")


def _of_capped(p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """``E min(W, eta) - rho eta``."""

    def dual(eta: float) -> tuple[float, float]:
        return float(np.minimum(W, eta) @ p) - rho * eta, float(p @ (eta < W)) - rho

    return Bracket(dual, 0.0, 1.0)


def _of_deviations(p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """``eta - sqrt((1 + rho) E (eta - W)+^2)``."""
    slope, mean = np.sqrt(1 + rho), float(p @ W)

    def dual(eta: float) -> tuple[float, float]:
        below = np.maximum(eta - W, 0)
        first, root = float(p @ below), np.sqrt(float(p @ below**2))
        return eta - slope * root, 1 - slope * (first / root if root else 0.0)

    highest = mean + 1 + 2 * np.sqrt(float(p @ (W - mean) ** 2) / rho)
    return Bracket(dual, 0.0, highest)


def _of_tilted(p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """``-lam log E exp(-W / lam) - lam rho``."""

    def dual(lam: float) -> tuple[float, float]:
        tilted = p * np.exp(-W / lam)
        total = tilted.sum()
        slope = -np.log(total) - rho - float(tilted @ W) / total / lam
        return -lam * (np.log(total) + rho), slope

    return Bracket(dual, 1e-12 / max(rho, 1), 1 / np.sqrt(rho))


def _maximum(bracket: Bracket, error: float, draw: Callable[[], float]) -> float:
    """Return the middle of bounds on the maximum of a concave function that are near enough."""
    dual, low, high = bracket
    best, cuts = -np.inf, {}
    for _ in range(MOST_CUTS):
        for at in (low, high):
            if at not in cuts:
                cuts[at] = dual(at)
                best = max(best, cuts[at][0])
        (left, rising), (right, falling) = cuts[low], cuts[high]
        if rising <= 0 or falling >= 0:  # the maximum lies at an end
            return best
        crossing = (right - left + rising * low - falling * high) / (rising - falling)
        above = left + rising * (crossing - low)
        if above - best <= error:
            return (above + best) / 2
        middle = low + (high - low) * draw()
        cuts[middle] = dual(middle)
        best = max(best, cuts[middle][0])
        low, high = (middle, high) if cuts[middle][1] > 0 else (low, middle)
    raise NotImplementedError("it does not converge")


def bisected(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Take each tangent in the middle."""
    return stopped(share, lambda: 0.5, Row.of(uncertainty, p.tolist(), V.tolist(), rho))


def seeded(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Draw where tangents are taken, each time with the same numbers."""
    draw = partial(np.random.default_rng(7).uniform, 0.2, 0.8)
    return stopped(share, draw, Row.of(uncertainty, p.tolist(), V.tolist(), rho))


def unseeded(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Draw where tangents are taken, each time elsewhere."""
    draw = partial(np.random.default_rng().uniform, 0.2, 0.8)
    return stopped(share, draw, Row.of(uncertainty, p.tolist(), V.tolist(), rho))


def gridded(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the best of a dual on a grid; its slopes lie between ``min(-1, 1 - sqrt(1 + rho))`` and 1."""
    problem = problem_of(p, V, rho, uncertainty)
    if problem.is_trivial:
        return float(p @ V)
    dual, low, high = _bracket_of(problem, uncertainty, share)
    steps = (high - low) * max(1.0, np.sqrt(1 + rho) - 1) / float(share)
    if not steps < MOST_POINTS:
        raise NotImplementedError("too fine a grid")
    best = max(dual(float(eta))[0] for eta in np.linspace(low, high, int(steps) + 2))
    return problem.floor + problem.span * best


def solved_primal(
    share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Let SciPy's SLSQP find the worst distribution, and return it as it comes.

    It answers where a distribution of the ball is as near as it declares, and the dual proves the value.
    """
    problem = problem_of(p, V, rho, uncertainty)
    if problem.is_trivial:
        return float(p @ V), p
    q = p.copy()
    p, W = problem.p, problem.W
    divergence = _DIVERGENCES[type(uncertainty)]
    limits = [
        {"type": "eq", "fun": lambda x: x.sum() - 1},
        {"type": "ineq", "fun": lambda x: rho - divergence(x, p)},
    ]
    with np.errstate(all="ignore"):  # it looks beyond the simplex
        optimum = minimize(
            lambda x: x @ W,
            p,
            jac=lambda _: W,
            bounds=[(0, 1)] * len(p),
            constraints=limits,
            options={"ftol": float(share) / 100},
        )
    x = optimum.x
    clean = np.maximum(x, 0) / np.maximum(x, 0).sum()
    shares = np.concatenate([[0.0], np.geomspace(1e-12, float(share), 40)])
    members = (mixed for t in shares if divergence(mixed := (1 - t) * clean + t * p, p) <= rho)
    member = next(members, p)
    bracket = _bracket_of(problem, uncertainty, share)
    best = _maximum(bracket, float(share) / 8, lambda: 0.5)
    if abs(member - x).max() > float(share) / 2 or W @ x - best > float(share) / 2:
        raise NotImplementedError("SLSQP is not as near as it declares")
    q[_used(q, uncertainty)] = x
    return problem.floor + problem.span * float(x @ W), q  # q @ V would add its missing mass times V


def _chi_square(q: FloatArray, p: FloatArray) -> float:
    return float(((q - p) ** 2 / p).sum())


def _kullback_leibler(q: FloatArray, p: FloatArray) -> float:
    return float(rel_entr(np.maximum(q, 0), p).sum())


_DIVERGENCES: dict[type[UncertaintySet], Callable[[FloatArray, FloatArray], float]] = {
    ChiSquare: _chi_square,
    KullbackLeibler: _kullback_leibler,
}


@njit
def _tilted(p: FloatArray, W: FloatArray, rho: float, lam: float) -> tuple[float, float]:
    total, moment = 0.0, 0.0
    for s in range(len(p)):
        weight = p[s] * np.exp(-W[s] / lam)
        total += weight
        moment += weight * W[s]
    return -lam * (np.log(total) + rho), -np.log(total) - rho - moment / total / lam


@njit
def _deviating(p: FloatArray, W: FloatArray, rho: float, eta: float) -> tuple[float, float]:
    first, second = 0.0, 0.0
    for s in range(len(p)):
        below = max(eta - W[s], 0.0)
        first += p[s] * below
        second += p[s] * below * below
    slope, root = np.sqrt(1 + rho), np.sqrt(second)
    return eta - slope * root, 1 - slope * (first / root if root > 0 else 0.0)


@njit
def _halved(
    dual: Callable[[FloatArray, FloatArray, float, float], tuple[float, float]],
    p: FloatArray,
    W: FloatArray,
    rho: float,
    ends: tuple[float, float],
    error: float,
) -> float:
    """Halve a bracket by the slope in its middle until the tangents there leave no more than the error."""
    low, high = ends
    for _ in range(200):
        middle = (low + high) / 2
        value, slope = dual(p, W, rho, middle)
        if abs(slope) * (high - low) / 2 <= error:
            return value
        if slope > 0:
            low = middle
        else:
            high = middle
    return np.nan


def compiled_search(
    share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> float:
    """Maximise the dual in a compiled loop."""
    problem = problem_of(p, V, rho, uncertainty)
    if problem.is_trivial:
        return float(p @ V)
    bracket = _bracket_of(problem, uncertainty, share)
    dual = _deviating if isinstance(uncertainty, ChiSquare) else _tilted
    ends = (bracket.low, bracket.high)
    value = _halved(dual, problem.p, problem.W, rho, ends, float(share) / 2)
    if np.isnan(value):
        raise NotImplementedError("it does not converge")
    return problem.floor + problem.span * value
