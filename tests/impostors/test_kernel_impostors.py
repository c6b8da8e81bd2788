"""Sweeps that are wrong on purpose: the comparison with the enclosure rejects each, and says on which row.

Every impostor's docstring says how it lies; the table names the row that tells. The honest kernel is
accepted on every row of the same set.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.kernels import worst_case_expectations
from drmg_check.sets import (
    L1,
    L2,
    ChiSquare,
    Contamination,
    CressieRead,
    Ellipsoid,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_oracles import agrees

Impostor = Callable[[Row], float]
LINE = tuple(tuple(Fraction(abs(s - t)) for t in range(4)) for s in range(4))
SETS: dict[str, UncertaintySet] = {
    "tv": TotalVariation(),
    "tv nominal": TotalVariation("nominal"),
    "l1": L1(),
    "kl": KullbackLeibler(),
    "reverse-kl": ReverseKL(),
    "chi2": ChiSquare(),
    "hellinger": Hellinger(),
    "cressie-read": CressieRead(Fraction(3, 2)),
    "contamination": Contamination(),
    "interval": Interval(),
    "wasserstein": Wasserstein(LINE, order=2),
    "weighted-l1": WeightedL1((1, 3, "1/2", 2)),
    "weighted-interval": WeightedInterval((1, 3, "1/2", 2)),
    "l2": L2(),
    "ellipsoid": Ellipsoid((1, 3, "1/2", 2)),
}
P, V = (0.2, 0.3, 0.1, 0.4), (1.0, 3.0, 0.0, 2.0)
FAMILY: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "plain": (P, V, 0.1),
    "zero radius": (P, V, 0.0),
    "tiny radius": (P, V, 1e-14),
    "minimum off the support": ((0.3, 0.3, 0.0, 0.4), V, 0.1),
    "minimum off the support, radius 0.9": ((0.3, 0.3, 0.0, 0.4), V, 0.9),
    "minimum off the support, radius 40": ((0.3, 0.3, 0.0, 0.4), V, 40.0),
    "minimum of mass 1e-300": ((0.3, 0.3, 1e-300, 0.4), V, 0.1),
    "outlier": ((0.49, 0.01, 0.01, 0.49), (0.0, 100.0, 1.0, 0.5), 0.3),
    "radius of most of the mass": ((0.05, 0.05, 0.85, 0.05), V, 0.9),
    "values of size 1e-9": (P, tuple(1e-9 * v for v in V), 0.1),
    "stairs": ((0.1, 0.2, 0.3, 0.4), (0.0, 1.0, 4.0, 9.0), 0.3),
    "offset 1e9": (P, tuple(1e9 + v for v in V), 0.1),
}


def row(name: str, kind: str) -> Row:
    p, V, radius = FAMILY[name]
    top = SETS[kind].max_radius
    return Row.of(SETS[kind], p, V, radius if top is None else min(radius, float(top)))


def floats(row: Row) -> tuple[np.ndarray, np.ndarray, float]:
    p = np.array([float(x) for x in row.nominal])
    return p / p.sum(), np.array([float(v) for v in row.values]), float(row.radius)


def solve(uncertainty: UncertaintySet, p: np.ndarray, V: np.ndarray, rho: float) -> float:
    return float(worst_case_expectations(uncertainty, p[None, :], np.array([rho]), V)[0])


def honest(row: Row) -> float:
    return solve(row.uncertainty, *floats(row))


def half_coefficient(row: Row) -> float:
    """Puts rho / 2 on the cap in the dual, as eq. (10) of the MORNAVI paper prints it."""
    p, V, rho = floats(row)
    return max(float(p @ np.minimum(V, c)) - rho / 2 * (c - V.min()) for c in V)


def leaks_off_the_support(row: Row) -> float:
    """Puts the mass on the smallest value of all states although the support is the nominal one."""
    return solve(TotalVariation("all"), *floats(row))


def stays_on_the_support(row: Row) -> float:
    """Looks for the smallest value where the nominal row is positive only."""
    return solve(replace(row.uncertainty, support="nominal"), *floats(row))


def absolute_tolerance(row: Row) -> float:
    """Bisects for the cap until the interval is 1e-8 long, whatever the scale of V."""
    p, V, rho = floats(row)
    low, high = V.min(), V.max()
    while high - low > 1e-8:
        middle = (low + high) / 2
        low, high = (middle, high) if p[middle < V].sum() > rho else (low, middle)
    cap = (low + high) / 2
    return float(p @ np.minimum(V, cap)) - rho * (cap - V.min())


def radius_of_tv(row: Row) -> float:
    """Reads the radius of the full L1 distance as that of its half."""
    p, V, rho = floats(row)
    return solve(TotalVariation(), p, V, min(rho, 1.0))


def takes_more_than_there_is(row: Row) -> float:
    """Moves rho / 2 from the one largest value, without the constraint q >= 0."""
    p, V, rho = floats(row)
    return float(p @ V) - rho / 2 * (V.max() - V.min())


def reversed_divergence(row: Row) -> float:
    """Takes KL(p || q) for KL(q || p)."""
    return solve(ReverseKL(), *floats(row))


def other_reversed_divergence(row: Row) -> float:
    """Takes KL(q || p) for KL(p || q)."""
    return solve(KullbackLeibler(), *floats(row))


def clamped_logarithm(row: Row) -> float:
    """Adds 1e-12 to every probability, so that no logarithm is infinite."""
    p, V, rho = floats(row)
    return solve(KullbackLeibler(), p + 1e-12, V, rho)


def bounded_multiplier(row: Row) -> float:
    """Searches lambda between 1e-3 and 1e3 and so forgets that the minimum may be reached at lambda = 0."""
    p, V, rho = floats(row)
    W = V - V.min()
    grid = np.geomspace(1e-3, 1e3, 20001)
    with np.errstate(divide="ignore"):
        return float(V.min() + max(-m * math.log(p @ np.exp(-W / m)) - m * rho for m in grid))


def textbook_dual(row: Row) -> float:
    """Evaluates -lambda log E exp(-V / lambda) - lambda rho as it stands, at the best lambda."""
    p, V, rho = floats(row)
    if rho == 0:
        return float(p @ V)
    spread = math.sqrt(float(p @ (V - p @ V) ** 2))
    best = max(np.geomspace(0.5, 2, 4001) * spread / math.sqrt(2 * rho), key=lambda m: lse(m, p, V, rho))
    return lse(float(best), p, V, rho)


def lse(m: float, p: np.ndarray, V: np.ndarray, rho: float) -> float:
    peak = (-V / m).max()
    return -m * (peak + math.log(p @ np.exp(-V / m - peak))) - m * rho


def minimum_over_all_states(row: Row) -> float:
    """Looks for the threshold -log p(argmin) over all states, with p at least 1e-16 to be safe."""
    p, V, rho = floats(row)
    return float(V.min()) if rho >= -math.log(max(p[V.argmin()], 1e-16)) else honest(row)


def saturated_mean(row: Row) -> float:
    """Returns the nominal mean when the radius is so large that no multiplier exists."""
    p, V, _ = floats(row)
    return float(p @ V) if honest(row) == V.min() else honest(row)


def no_truncation(row: Row) -> float:
    """Returns mean - sqrt(rho Var), which needs a negative probability when there is an outlier."""
    p, V, rho = floats(row)
    mean = float(p @ V)
    return mean - math.sqrt(rho * float(p @ (V - mean) ** 2))


def half_convention(row: Row) -> float:
    """Puts the factor 1/2 before the divergence."""
    p, V, rho = floats(row)
    top = row.uncertainty.max_radius
    return solve(row.uncertainty, p, V, min(2 * rho, float(top) if top else math.inf))


def reflected_order(row: Row) -> float:
    """Takes the order 1 - alpha, which reverses the divergence."""
    return solve(CressieRead(Fraction(-1, 2)), *floats(row))


def unnormalised_radius(row: Row) -> float:
    """Forgets the factor 1 / (alpha (alpha - 1)) of the family."""
    p, V, rho = floats(row)
    return solve(row.uncertainty, p, V, rho * 4 / 3)


def best_case(row: Row) -> float:
    """Mixes with the largest value."""
    p, V, rho = floats(row)
    return (1 - rho) * float(p @ V) + rho * float(V.max())


def uncontracted(row: Row) -> float:
    """Adds the contamination without taking 1 - rho of the nominal row."""
    p, V, rho = floats(row)
    return float(p @ V) + rho * float(V.min())


def unclipped_below(row: Row) -> float:
    """Uses p - rho and p + rho as bounds without 0 <= q."""
    return filled(row, lambda p, rho: p - rho, lambda p, rho: np.minimum(1, p + rho))


def one_directional(row: Row) -> float:
    """Lets the adversary raise probabilities, and renormalises instead of lowering the others."""
    p, V, rho = floats(row)
    raised = p.copy()
    raised[V.argmin()] = min(1.0, raised[V.argmin()] + rho)
    return float(raised @ V / raised.sum())


def filled(row: Row, lower: Callable[..., np.ndarray], upper: Callable[..., np.ndarray]) -> float:
    p, V, rho = floats(row)
    q, u = lower(p, rho), upper(p, rho)
    for k in np.argsort(V):
        q[k] += min(max(1 - q.sum(), 0), u[k] - q[k])
    return float(q @ V)


def transports_downhill_only(row: Row) -> float:
    """Moves mass towards states of smaller number only."""
    return greedy(row, lambda s, t: t < s)


def jumps_to_the_minimum(row: Row) -> float:
    """Moves mass to the argmin only, never to a cheaper state on the way."""
    V = floats(row)[1]
    return greedy(row, lambda s, t: t == V.argmin())


def plain_budget(row: Row) -> float:
    """Spends rho instead of rho^p on costs d^p."""
    p, V, rho = floats(row)
    return solve(row.uncertainty, p, V, math.sqrt(rho))


def greedy(row: Row, allowed: Callable[[int, int], bool]) -> float:
    """Return the greedy transport value on the line with squared costs, one move per state."""
    p, V, rho = floats(row)
    moves = [
        ((V[s] - V[t]) / abs(s - t) ** 2, s, t)
        for s in range(len(V))
        for t in range(len(V))
        if V[t] < V[s] and allowed(s, t)
    ]
    left, budget, value = p.copy(), rho**2, float(p @ V)
    for gain, s, t in sorted(moves, reverse=True):
        moved = min(left[s], budget / abs(s - t) ** 2)
        left[s] -= moved
        budget -= moved * abs(s - t) ** 2
        value -= moved * gain * abs(s - t) ** 2
    return value


IMPOSTORS: list[tuple[Impostor, str, str]] = [
    (half_coefficient, "tv", "plain"),
    (stays_on_the_support, "tv", "minimum off the support"),
    (absolute_tolerance, "tv", "values of size 1e-9"),
    (saturated_mean, "tv", "radius of most of the mass"),
    (leaks_off_the_support, "tv nominal", "minimum off the support"),
    (half_coefficient, "tv nominal", "plain"),
    (radius_of_tv, "l1", "plain"),
    (takes_more_than_there_is, "l1", "radius of most of the mass"),
    (reversed_divergence, "kl", "plain"),
    (clamped_logarithm, "kl", "minimum of mass 1e-300"),
    (bounded_multiplier, "kl", "radius of most of the mass"),
    (textbook_dual, "kl", "tiny radius"),
    (minimum_over_all_states, "kl", "minimum off the support, radius 40"),
    (saturated_mean, "kl", "radius of most of the mass"),
    (other_reversed_divergence, "reverse-kl", "plain"),
    (stays_on_the_support, "reverse-kl", "minimum off the support"),
    (no_truncation, "chi2", "outlier"),
    (half_convention, "chi2", "plain"),
    (saturated_mean, "chi2", "radius of most of the mass"),
    (half_convention, "hellinger", "plain"),
    (stays_on_the_support, "hellinger", "minimum off the support, radius 0.9"),
    (reflected_order, "cressie-read", "plain"),
    (unnormalised_radius, "cressie-read", "plain"),
    (best_case, "contamination", "plain"),
    (uncontracted, "contamination", "offset 1e9"),
    (stays_on_the_support, "contamination", "minimum off the support"),
    (unclipped_below, "interval", "radius of most of the mass"),
    (one_directional, "interval", "plain"),
    (transports_downhill_only, "wasserstein", "plain"),
    (jumps_to_the_minimum, "wasserstein", "stairs"),
    (plain_budget, "wasserstein", "plain"),
    (stays_on_the_support, "weighted-l1", "minimum off the support"),
    (one_directional, "weighted-l1", "plain"),
    (unclipped_below, "weighted-interval", "radius of most of the mass"),
    (stays_on_the_support, "weighted-interval", "minimum off the support"),
    (saturated_mean, "l2", "minimum off the support, radius 40"),
    (stays_on_the_support, "l2", "minimum off the support"),
    (saturated_mean, "ellipsoid", "minimum off the support, radius 40"),
    (stays_on_the_support, "ellipsoid", "minimum off the support"),
]


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("kind", SETS)
def test_the_honest_kernel_is_accepted(kind: str, name: str):
    """Every row that judges impostors accepts the kernel."""
    judgement = agrees(honest(row(name, kind)), row(name, kind))
    assert judgement.accepted, judgement.reason


@pytest.mark.parametrize(
    ("impostor", "kind", "name"), IMPOSTORS, ids=[f"{i.__name__}[{k}]" for i, k, _ in IMPOSTORS]
)
def test_the_impostor_is_rejected(impostor: Impostor, kind: str, name: str):
    """The named row is enough to see the lie."""
    judgement = agrees(impostor(row(name, kind)), row(name, kind))
    assert not judgement.accepted, f"{impostor.__doc__} was accepted: {judgement.reason}"


def test_every_set_has_two_impostors():
    for kind in SETS:
        assert sum(k == kind for _, k, _ in IMPOSTORS) >= 2, kind
