"""Theorems 1 and 2 against the trivial bound H K, and the KL bound for small radii (B31, C18, C19)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_oracles import enclose
from drmg_properties.bounds import LEADING, REGRET_BOUNDS, RegretBound, Size, vacuous_below
from drmg_properties.bounds import regret as regret_bound
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    Sizes,
    at_least,
    at_most,
    both,
)
from drmg_properties.formulas import ball, enclose_formula, interval, vector

WIDTH = Fraction(1, 2**40)


@dataclass(frozen=True, slots=True)
class Run:
    """K episodes in a game with S states, A_1, ..., A_m actions, horizon H, at delta = 1/20."""

    S: int
    actions: tuple[int, ...]
    H: int
    radius: Fraction
    P_min: Fraction
    K: int

    def __post_init__(self) -> None:
        if self.K < 1 or self.H > 20:
            raise InputError(f"K={self.K}, H={self.H}; expected K >= 1 and H <= 20")
        size_of(self)


@dataclass(frozen=True, slots=True)
class RobustnessLoss:
    """A row of two states with values 0 and 1, the bad one of probability p, and a KL radius."""

    p: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.p < 1 or not 0 < self.radius <= 1:
            raise InputError(f"p={self.p}, radius={self.radius}; expected 0 < p < 1, 0 < radius <= 1")


def size_of(run: Run) -> Size:
    """Return the size of the game."""
    return Size(run.S, run.actions, run.H, run.radius, Fraction(1, 20), run.P_min)


def _runs(budget: Budget) -> Iterator[Run]:
    """Yield the published size, then ever longer runs of it: 5 states, 4 joint actions, horizon 5."""
    return (Run(5, (2, 2), 5, Fraction(1), Fraction(1, 5), 10**k) for k in (3, 6, 9))


def _regret(bound: RegretBound) -> Callable[[Run], Derivation]:
    """Derive that a regret bound is at most the trivial one, H K."""

    def derive(run: Run) -> Derivation:
        size = size_of(run)
        allowed = enclose_formula(lambda: bound.log_bound(size, ball(run.K).log(), LEADING).exp(), WIDTH)

        def lines() -> tuple[str, ...]:
            about = regret_bound(bound, size, Fraction(run.K), LEADING).about()
            mass = f", P_min = {run.P_min}" if bound.needs_mass else ""
            return (
                f"S = {run.S}, A = {size.A}, H = {run.H}, rho = {run.radius}{mass}, delta = {size.delta}",
                f"constants: c1 = {LEADING.c1}, cf = {LEADING.cf}, c2 = 0, no martingale term",
                f"bound on the regret of K = {run.K} episodes: about {about}",
                f"trivial bound: H K = {run.H * run.K}",
                f"the bound is at least H K for all {_below(bound, run)}",
            )

        return at_most(allowed, run.H * run.K, lines)

    return derive


def _below(bound: RegretBound, run: Run) -> str:
    return f"K < {vacuous_below(bound, size_of(run), LEADING).at_least()}"


def _losses(budget: Budget) -> Iterator[RobustnessLoss]:
    chances = (Fraction(1, 2), Fraction(1, 10), Fraction(9, 10))
    return (RobustnessLoss(p, Fraction(1, 10**k)) for p, k in product(chances, range(1 + 2 * budget.size)))


def _loss(case: RobustnessLoss) -> Bounds:
    """Return what the adversary takes: ``E_P V - sigma``, enclosed."""
    row = Row(KullbackLeibler(), (case.p, 1 - case.p), (Fraction(0), Fraction(1)), case.radius)
    enclosure = enclose(row)
    return Bounds(1 - case.p - enclosure.hi, 1 - case.p - enclosure.lo)


def _growth(radius: Fraction) -> Bounds:
    """Return ``R(rho / 2) / R(rho)`` for the bound of Theorem 2 at 10^6 episodes."""
    bound = REGRET_BOUNDS["theorem-2"]
    at, half = (Size(5, (2, 2), 5, rho, P_min=Fraction(1, 5)) for rho in (radius, radius / 2))

    def formula() -> arb:
        log_K = ball(10**6).log()
        return (bound.log_bound(half, log_K, LEADING) - bound.log_bound(at, log_K, LEADING)).exp()

    return enclose_formula(formula, WIDTH)


def _limit(share: Fraction, factor: Fraction) -> Callable[[RobustnessLoss], Derivation]:
    """Derive ``loss <= share sqrt(rho / 2)``, and that halving rho multiplies the bound by ``factor``."""

    def derive(case: RobustnessLoss) -> Derivation:
        loss, growth = _loss(case), _growth(case.radius)
        root = enclose_formula(lambda: ball(share) * ball(case.radius / 2).sqrt(), WIDTH)

        def lines() -> tuple[str, ...]:
            return (
                f"P = {vector((case.p, 1 - case.p))}, V = (0, 1), rho = {case.radius}",
                f"the adversary takes E V - sigma: {interval(loss)}; {share} sqrt(rho / 2) is "
                f"{interval(root)}",
                f"halving rho multiplies the regret bound by {interval(growth)}; wanted {factor}",
            )

        return both(at_most(loss, root, lines), at_least(growth, factor, lines))

    return derive


_TV, _KL = REGRET_BOUNDS["theorem-1"], REGRET_BOUNDS["theorem-2"]
_CONSTANTS = (
    "The proof's own bound with c1 = 2, cf = 11/5 and its martingale and c2 terms left out, the most "
    "generous reading, against H K; the K where they meet is found by certified bisection."
)

B31 = Claim(
    id="B31",
    place="Theorem 1, eq. (37)-(41)",
    title="When the bound for total variation says anything",
    statement="At S = 5, A = 4, H = 5, rho = 1 the regret bound is below H K.",
    latex=(
        r"\left(1 + \frac{20}{H}\right)^H \left( 4 \sqrt{\frac{3}{2} c_1 \iota \cdot "
        r"2 (b H K + b^3 H \iota) \cdot H S A (2 + \log K)} + 4 H \sqrt{K} \right) < H K, \quad "
        r"b = \min\left\{\frac{1}{\rho}, H\right\}"
    ),
    formalisation=_CONSTANTS,
    assumptions=("delta = 1/20", "the constants of claims B20.corrected, B26 and B27.tight"),
    severity="constant",
    expected=Verdict.VACUOUS,
    instance_type=Run,
    search=Sizes(_runs, lambda run: _below(_TV, run)),
    derive=_regret(_TV),
)
C18 = Claim(
    id="C18",
    place="Theorem 2, eq. (122)-(126)",
    title="When the bound for KL says anything",
    statement="At S = 5, A = 4, H = 5, rho = 1, P_min = 1/5 the regret bound is below H K.",
    latex=(
        r"e^{H^2} \left( \frac{8 \sqrt{8} c_f H \iota}{\rho \sqrt{P_{min}}} \cdot 2 H \sqrt{K S A} "
        r"+ 4 H \sqrt{K} \right) < H K"
    ),
    formalisation=_CONSTANTS,
    assumptions=("delta = 1/20", "P_min = 1/S, the largest for full support", "claims C12 and C15.tight"),
    severity="constant",
    expected=Verdict.VACUOUS,
    instance_type=Run,
    search=Sizes(_runs, lambda run: _below(_KL, run)),
    derive=_regret(_KL),
)
C19 = Claim(
    id="C19",
    place="Theorem 2, for small radii",
    title="The KL bound does not tend to that of a game without uncertainty",
    statement="As rho -> 0 the adversary takes at most sqrt(rho / 2), but the bound grows like 1 / rho.",
    latex=(
        r"E_P V - \sigma(V) \le \sqrt{\frac{\rho}{2}}, \qquad "
        r"\frac{R(\rho / 2)}{R(\rho)} \ge \frac{3}{2}"
    ),
    formalisation=(
        "Certified worst cases on rows of two states, V in {0, 1} (Pinsker's inequality), and the bound "
        "of Theorem 2 at S = 5, A = 4, H = 5, K = 10^6."
    ),
    assumptions=("rho <= 1",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=RobustnessLoss,
    search=Exhaustive(_losses),
    derive=_limit(Fraction(1), Fraction(3, 2)),
    neighbours=(
        Neighbour("9/10 sqrt(rho / 2)", _limit(Fraction(9, 10), Fraction(3, 2))),
        Neighbour("halving rho doubles the bound", _limit(Fraction(1), Fraction(2))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (B31, C18, C19)
