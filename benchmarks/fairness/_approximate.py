"""Honest approximate code for single rows: wrong by no more than it declares, in the ways of real code.

Some err by all that they declare, in a direction that the row decides: nothing is harder on laws. Others are
what people write: the textbook in float32, a dual maximised until tangents prove that it is near enough, the
same from points drawn at random, loops compiled by numba.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import TypeAlias

import numpy as np
from numba import njit

from benchmarks.fairness._exact import SETS, kernel, truth_of
from benchmarks.fairness._honest import ABSOLUTE, ACCURACIES, Honest, in_digits, sign_by
from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation, UncertaintySet, Wasserstein
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray
from drmg_properties.laws import scale_of

MOST_CUTS = 400
"""Tangents after which a search gives up."""
ROUNDING = 1e-14
"""Of a dual, by its largest argument."""
single = np.float32
Concave = Callable[[float], tuple[float, float]]
"""A point to the value and the slope there."""


def off_by(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return a value that is off by all that is declared, a share of the span."""
    return _moved(share * scale_of([Fraction(v) for v in V.tolist()]), p, V, rho, uncertainty)


def off_absolutely(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return a value that is off by all that is declared, whatever V is."""
    return _moved(ABSOLUTE, p, V, rho, uncertainty)


def _moved(error: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    enclosure = truth_of(p, V, rho, uncertainty)
    return float(enclosure.hi + error if sign_by(p, V, rho) > 0 else enclosure.lo - error)


def distribution_off_by(
    share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Return a worst distribution, each probability of which is off by what is declared, and a value."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("no distribution is judged")
    enclosure = truth_of(p, V, rho, uncertainty)
    q = np.array([float(x) for x in enclosure.worst_distribution])
    wave = np.resize([1.0, -1.0], len(q)) * sign_by(p, V, rho)
    wave[-1] *= len(q) % 2 == 0  # as much is added as is taken away
    return float(q @ V), q + float(share) * wave


def single_kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> np.float32:
    """Return the float32 on one side of the value or the other."""
    value = kernel(p, V, rho, uncertainty)
    return np.nextafter(single(value), single(sign_by(p, V, rho) * np.inf))


def single_textbook(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """Cut the mass rho from the largest values and put it on the smallest, in float32."""
    order = np.argsort(-V)
    q, W = p.astype(single)[order], V.astype(single)[order]
    above = np.cumsum(q, dtype=single) - q
    cut = np.clip(single(rho) - above, 0, q)
    cut[W[-1] == W] = 0
    return (q - cut) @ W + cut.sum(dtype=single) * W[-1]


def stopped(share: Fraction, draw: Callable[[], float], row: Row) -> float:
    """Return the dual's maximum as soon as tangents prove that it is found, up to a share of the span.

    ``draw`` says where between the ends of a bracket the next tangent is taken.
    """
    p, V = (np.array([float(x) for x in numbers]) for numbers in (row.nominal, row.values))
    uncertainty, rho = row.uncertainty, float(row.radius)
    if not isinstance(uncertainty, TotalVariation):  # the adversary keeps to the support
        p, V = p[p > 0], V[p > 0]
    floor, span = float(V.min()), float(np.ptp(V))
    if not rho or not span:
        return float(p @ V)
    dual, low, high = _dual(uncertainty, p, V - floor, rho)
    if ROUNDING * high > float(share) * span:
        raise NotImplementedError("rounding would carry it further than it declares")
    return floor + _maximum(dual, low, high, float(share) * span / 2, draw)


Bracket: TypeAlias = tuple[Concave, float, float]
"""A concave function, and two points between which it has its maximum."""


def _dual(uncertainty: UncertaintySet, p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """Return a concave dual of values above 0."""
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

    return dual, 0.0, float(W.max())


def _of_deviations(p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """``eta - sqrt((1 + rho) E (eta - W)+^2)``."""
    slope, mean = np.sqrt(1 + rho), float(p @ W)

    def dual(eta: float) -> tuple[float, float]:
        below = np.maximum(eta - W, 0)
        first, root = float(p @ below), np.sqrt(float(p @ below**2))
        return eta - slope * root, 1 - slope * (first / root if root else 0.0)

    return dual, 0.0, mean + float(W.max()) + 2 * np.sqrt(float(p @ (W - mean) ** 2) / rho)


def _of_tilted(p: FloatArray, W: FloatArray, rho: float) -> Bracket:
    """``-lam log E exp(-W / lam) - lam rho``."""

    def dual(lam: float) -> tuple[float, float]:
        tilted = p * np.exp(-W / lam)
        total = tilted.sum()
        slope = -np.log(total) - rho - float(tilted @ W) / total / lam
        return -lam * (np.log(total) + rho), slope

    return dual, 1e-9 * float(W.max()) / max(rho, 1), float(W.max()) / np.sqrt(rho)


def _maximum(dual: Concave, low: float, high: float, error: float, draw: Callable[[], float]) -> float:
    """Return the middle of bounds on the maximum of a concave function that are near enough."""
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


@njit
def compiled_tv(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Move the mass rho from the largest values to the smallest, in a compiled loop."""
    order = np.argsort(-V)
    low, left, value = V[order[-1]], rho, 0.0
    for s in order:
        moved = min(left, p[s])
        left -= moved
        value += (p[s] - moved) * (V[s] - low)
    return low + value


@njit
def compiled_contamination(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the mixture, in a compiled loop."""
    value = 0.0
    for s in range(len(p)):
        value += p[s] * V[s]
    return (1 - rho) * value + rho * V.min()


def _at(share: Fraction) -> Iterator[Honest]:
    for kind, function in (
        ("off by all of it", off_by),
        ("its distribution off by all of it", distribution_off_by),
    ):
        told = Implementation(sets=SETS, accuracy=share, distribution=function is distribution_off_by)
        yield Honest(
            name=f"{kind}, {in_digits(share)}",
            kind=f"declares {in_digits(share)}, {kind}",
            function=partial(function, share),
            declared=told,
        )
    for kind, search in (
        ("a stopping rule", bisected),
        ("random points, seeded", seeded),
        ("random points", unseeded),
    ):
        yield Honest(
            name=f"{kind}, {in_digits(share)}",
            kind=kind,
            function=partial(search, share),
            declared=Implementation(sets=("tv", "chi2", "kl"), accuracy=share),
            repeats=search is not unseeded,
        )


def _others() -> Iterator[Honest]:
    yield Honest(
        name="off by 1e-4",
        kind="declares an absolute error, off by all of it",
        function=off_absolutely,
        declared=Implementation(sets=SETS, accuracy=Fraction(0), accuracy_absolute=ABSOLUTE),
    )
    for name, function, sets in (
        ("kernel in float32", single_kernel, SETS),
        ("textbook in float32", single_textbook, ("tv",)),
    ):
        told = Implementation(sets=sets, accuracy=Fraction(0), precision="float32")
        yield Honest(name=name, kind="float32", function=function, declared=told)
    for compiled, name in ((compiled_tv, "tv"), (compiled_contamination, "contamination")):
        told = Implementation(sets=(name,), accuracy=Fraction(0))
        yield Honest(name=f"compiled {name}", kind="compiled", function=compiled, declared=told)


APPROXIMATE = (*(honest for share in ACCURACIES for honest in _at(share)), *_others())
"""What is judged on single rows."""
