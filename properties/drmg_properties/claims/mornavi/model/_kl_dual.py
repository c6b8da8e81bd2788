"""Corollary 2, eq. (11): the Kullback-Leibler dual and the interval of its variable (A4).

g(eta) = -eta log E exp(-V / eta) - eta rho is concave on eta > 0, so its supremum over an interval is at
an end where the derivative points outward, or between two points where it changes sign. The derivative
is g'(eta) = -log E exp(-V / eta) - rho - E_q V / eta with q proportional to P* exp(-V / eta).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict, distance
from drmg_oracles import enclose
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour
from drmg_properties.formulas import ball, enclose_formula, interval, outward, sign, vector
from drmg_properties.strategies import critical_radii, simple_fractions, weighted_values

BITS = 90
ETA_LOW = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class KLDual:
    """A row of the KL set, a bound H >= max V, and the lower end of eq. (11) (0 for an open one)."""

    row: Row
    H: Fraction
    eta_low: Fraction

    def __post_init__(self) -> None:
        V, rho = self.row.values, self.row.radius
        if self.row.uncertainty != KullbackLeibler() or rho == 0:
            raise InputError(
                f"{self.row.uncertainty} with radius {rho}; expected a KL ball of positive radius"
            )
        if min(V) < 0 or max(V) > self.H or self.H == 0:
            raise InputError(f"V={vector(V)}, H={self.H}; expected 0 <= V <= H and H > 0")
        if not 0 <= self.eta_low <= self.H / rho:
            raise InputError(f"eta_low={self.eta_low}; expected 0 <= eta_low <= H / rho = {self.H / rho}")


def _tilt(row: Row, eta: Fraction) -> tuple[arb, arb]:
    """Return ``log E exp(-V / eta)`` and ``E_q V / eta``, with V shifted by its least reachable value."""
    inside = [(p, v) for p, v in zip(row.probabilities, row.values, strict=True) if p]
    least = min(v for _, v in inside)
    weights = [(ball(p) * (-ball((v - least) / eta)).exp(), ball(v / eta)) for p, v in inside]
    mass = sum((w for w, _ in weights), arb(0))
    return mass.log() - ball(least / eta), sum((w * v for w, v in weights), arb(0)) / mass


def objective(row: Row, eta: Fraction) -> arb:
    """Return the ball of ``-eta log E exp(-V / eta) - eta rho``."""
    log_mass, _ = _tilt(row, eta)
    return -ball(eta) * (log_mass + ball(row.radius))


def slope(row: Row, eta: Fraction) -> arb:
    """Return the ball of the derivative of :func:`objective`."""
    log_mass, mean = _tilt(row, eta)
    return -log_mass - ball(row.radius) - mean


def dual_supremum(case: KLDual) -> tuple[Bounds, str]:
    """Return the supremum of eq. (11), enclosed to ``2^-(BITS + 7) H``, and where it lies."""
    row, top, low = case.row, case.H / case.row.radius, case.eta_low
    width = case.H / 2 ** (BITS + 8)
    if sign(lambda: slope(row, top)) >= 0:
        return _value(row, top, width), f"eta = H / rho = {top}"
    if low > 0 and not rises(row, low):
        return _value(row, low, width), f"eta = {low}, the lower end"
    if low == 0:
        least = min(v for p, v in zip(row.probabilities, row.values, strict=True) if p)
        on_least = sum(p for p, v in zip(row.probabilities, row.values, strict=True) if v == least)
        if sign(lambda: ball(row.radius) + ball(on_least).log()) >= 0:
            return Bounds.of(least), "eta -> 0"
        low = top / 2
        while not rises(row, low):
            low /= 2
    return _inner_supremum(row, low, top, width)


def _inner_supremum(row: Row, low: Fraction, high: Fraction, width: Fraction) -> tuple[Bounds, str]:
    """Bisect between a point where g rises and one where it falls.

    Right of ``low`` the slope is at most ``g'(low)``, so nothing exceeds ``g(low) + g'(low) (high - low)``.
    """
    while True:
        gain = _slope(row, low, width).high * (high - low)
        if gain <= width:
            at = _value(row, low, width)
            return Bounds(at.low, at.high + gain), f"eta = {outward(low, 1, 6)}"
        middle = (low + high) / 2
        low, high = (middle, high) if rises(row, middle) else (low, middle)


def _value(row: Row, eta: Fraction, width: Fraction) -> Bounds:
    return enclose_formula(lambda: objective(row, eta), width)


def _slope(row: Row, eta: Fraction, width: Fraction) -> Bounds:
    return enclose_formula(lambda: slope(row, eta), width)


def rises(row: Row, eta: Fraction) -> bool:
    """Whether the dual objective has a certified positive slope at eta."""
    return sign(lambda: slope(row, eta)) > 0


def _dual(case: KLDual) -> Derivation:
    """Derive that the worst case is the supremum of eq. (11), up to ``2^-BITS H`` of certified arithmetic."""
    enclosure = enclose(case.row)
    true = Bounds(enclosure.lo, enclosure.hi)
    dual, where = dual_supremum(case)
    row, start = case.row, f"[{case.eta_low}" if case.eta_low else "(0"
    return Derivation(
        distance(true, dual),
        Bounds.of(case.H / 2**BITS),
        lambda: (
            f"P* = {vector(row.probabilities)}, V = {vector(row.values)}, rho = {row.radius}, H = {case.H}",
            f"eta ranges over {start}, {case.H / row.radius}]",
            f"-eta log E exp(-V / eta) - eta rho is largest at {where}: {interval(dual)}",
            f"true worst case: {interval(true)}",
        ),
        scale=case.H,
        names=("|difference|", f"2^-{BITS} H"),
    )


def _dual_from(eta_low: Fraction) -> Callable[[KLDual], Derivation]:
    """Derive the same with the variable bounded below."""
    return lambda case: _dual(replace(case, eta_low=min(eta_low, case.H / case.row.radius)))


@st.composite
def _cases(draw: DrawFn, budget: Budget, eta_low: Fraction) -> KLDual:
    p, V = draw(
        weighted_values(1 + budget.size).filter(lambda x: len({v for w, v in zip(*x, strict=True) if w}) > 1)
        if eta_low
        else weighted_values(2 + budget.size)
    )
    radii = (*simple_fractions(0, 2, 4), *critical_radii(KullbackLeibler(), p, V))
    rho = draw(st.sampled_from(tuple(dict.fromkeys(radius for radius in radii if radius > 0))))
    return KLDual(Row(KullbackLeibler(), p, V, rho), max(V) or Fraction(1), eta_low)


def _fixed_end(budget: Budget) -> SearchStrategy[KLDual]:
    return _cases(budget, ETA_LOW)


def _open_end(budget: Budget) -> SearchStrategy[KLDual]:
    return _cases(budget, Fraction(0))


A4 = Claim(
    id="A4",
    place="Corollary 2, eq. (11)",
    title="KL dual on [eta_low, H/rho]",
    statement=(
        "For f(t) = t log t the worst-case expectation is sup over eta in [eta_low, H/rho] of "
        "-eta log E exp(-V / eta) - eta rho, with a fixed eta_low > 0."
    ),
    latex=(
        r"\sigma(V) = \sup_{\eta \in [\underline{\eta}, H/\rho]} \left\{ -\eta \log "
        r"E_{P^*}\left[e^{-V/\eta}\right] - \eta \rho \right\}"
    ),
    formalisation=(
        f"eta_low is never defined; taken as a constant, the same for all rows. It is {ETA_LOW} here: a "
        "larger one fails on the same instance, because the supremum only shrinks. Both sides are certified "
        f"enclosures and may differ by 2^-{BITS} H."
    ),
    assumptions=("0 <= V <= H", "rho > 0", "V not constant on the support"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="A4.corrected",
    instance_type=KLDual,
    search=Generated(_fixed_end),
    derive=_dual,
)
A4_CORRECTED = replace(
    A4,
    id="A4.corrected",
    title="KL dual on (0, H/rho]",
    statement=(
        "The worst-case expectation is the supremum of eq. (11) over eta in (0, H/rho]; for "
        "rho >= -log P*(argmin V) it is min V, reached only as eta -> 0 (minimum over the support)."
    ),
    latex=(
        r"\sigma(V) = \sup_{\eta \in (0, H/\rho]} \left\{ -\eta \log "
        r"E_{P^*}\left[e^{-V/\eta}\right] - \eta \rho \right\}"
    ),
    formalisation=f"Both sides are certified enclosures and may differ by 2^-{BITS} H.",
    assumptions=("0 <= V <= H", "rho > 0"),
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(_open_end),
    neighbours=(Neighbour("eta at least 1/1000", _dual_from(ETA_LOW)),),
)

CLAIMS: tuple[Claim[Any], ...] = (A4, A4_CORRECTED)
