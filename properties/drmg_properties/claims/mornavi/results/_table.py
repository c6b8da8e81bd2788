"""Corollary 1 and Table 1: sample sizes and what an entry says (G1, G4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties.bounds import entry
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    at_least,
    both,
    equal,
)
from drmg_properties.claims.steps import Chain, span_bound
from drmg_properties.strategies import simple_fractions


@dataclass(frozen=True, slots=True)
class GameSize:
    """The sizes of a game, the radius, the accuracy eps, and a factor that multiplies the regret bound.

    ``factor`` is 1 for total variation; for KL it stands for ``H e^(2 H^2) / (rho^2 P_min min{1/rho, H})``.
    """

    S: int
    A: int
    H: int
    radius: Fraction
    eps: Fraction
    factor: Fraction

    def __post_init__(self) -> None:
        if min(self.S, self.A, self.H) < 1 or self.eps <= 0 or not 0 <= self.radius <= 1 or self.factor <= 0:
            raise InputError(f"{self}; expected sizes >= 1, 0 <= radius <= 1, eps and factor > 0")


def _sizes(budget: Budget) -> Iterator[GameSize]:
    radii, factors = (Fraction(0), Fraction(1, 3), Fraction(1)), (Fraction(1), Fraction(17, 5))
    for S, A, H, radius, factor in product((1, 5), (1, 4), (1, 5, 10), radii, factors):
        yield GameSize(S, A, H, radius, Fraction(1, 10), factor)


def _samples(power: int) -> Callable[[GameSize], Derivation]:
    """Derive the K at which the regret bound is eps K, and ``K H = eps^-2 min{1/rho, H} H^power S A``."""

    def derive(size: GameSize) -> Derivation:
        least = span_bound(size.radius, size.H) * size.S * size.A * size.factor
        K = least * size.H**2 / size.eps**2
        regret, allowed = least * size.H**2 * K, (size.eps * K) ** 2
        samples = least * size.H**power / size.eps**2

        def lines() -> tuple[str, ...]:
            return (
                f"S = {size.S}, A = {size.A}, H = {size.H}, rho = {size.radius}, eps = {size.eps}",
                f"K = {K}: squared regret bound {regret}, (eps K)^2 = {allowed}",
                f"samples K H = {K * size.H}; claimed {samples}",
            )

        return both(equal(regret, allowed, lines), equal(K * size.H, samples, lines))

    return derive


def _chains(budget: Budget) -> Iterator[Chain]:
    radii = [x for x in simple_fractions(0, 1, 2 + 3 * budget.size) if x]
    return (Chain(radius, H) for H, radius in product(range(1, 10 * budget.size + 1), radii))


def _entry(less: Fraction) -> Callable[[Chain], Derivation]:
    """Derive ``f(H, rho) >= H - less``."""

    def derive(chain: Chain) -> Derivation:
        value = entry(chain.radius, chain.H)
        return at_least(
            value,
            chain.H - less,
            lambda: (
                f"H = {chain.H}, rho = {chain.radius}: f(H, rho) = {value}",
                f"so min(f, H) = {min(value, Fraction(chain.H))}; H - {less} = {chain.H - less}",
            ),
        )

    return derive


G1 = Claim(
    id="G1",
    place="Corollary 1",
    title="From regret to samples",
    statement="Regret sqrt(min{1/rho, H} H^2 S A K) gives K H = eps^-2 min{1/rho, H} H^3 S A samples.",
    latex=r"K H = \epsilon^{-2} \min\{\rho^{-1}, H\} H^3 S \prod_i A_i",
    formalisation=(
        "The K at which the regret bound equals eps K; squares, exactly. The KL bound differs by a "
        "factor, which is carried along."
    ),
    assumptions=("the regret bounds of Theorems 1 and 2", "logarithms left out"),
    expected=Verdict.ON_A_LIST,
    instance_type=GameSize,
    search=Exhaustive(_sizes),
    derive=_samples(3),
    neighbours=(Neighbour("H^2 for H^3", _samples(2)),),
)
G4 = Claim(
    id="G4",
    place="Table 1, min{f(H, rho), H}",
    title="An entry that is H up to one",
    statement="f(H, rho) = (H rho - 1 + (1 - rho)^H) / rho^2 is at least H - 1: the minimum says H.",
    latex=r"f(H, \rho) = \frac{H \rho - 1 + (1 - \rho)^H}{\rho^2} \ge H - 1",
    formalisation="On a grid of radii and horizons.",
    assumptions=("0 < rho <= 1",),
    reading="corrected",
    severity="typo",
    expected=Verdict.ON_A_LIST,
    instance_type=Chain,
    search=Exhaustive(_chains),
    derive=_entry(Fraction(1)),
    neighbours=(Neighbour("H - 9/10", _entry(Fraction(9, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (G1, G4)
