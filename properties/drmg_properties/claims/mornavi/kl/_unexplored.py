"""Lemmas 19-21 and Section 6: KL-MORNAVI at large radii never tries what it has not tried (C4, C20).

One agent, H = 2, three states. At s0 action 0 pays 1/2 and leads to ``bad``, action 1 pays 0 and leads to
``good``; good pays 1, bad pays 0; all for certain, so that P_min = 1 and no radius changes a value. Where a
pair is unvisited Phat is uniform, and for rho >= log 3 its worst case is the least next estimate:

    Qbar_1(s0, 1) = sigma + beta <= Vbar_2(bad) + beta <= 2 beta,
    beta = 2 c_f H sqrt(S iota) / rho + 1 / sqrt(K).

While that is below 1/2 <= Qbar_1(s0, 0), the learner plays action 0, so that the pair stays unvisited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from drmg_check.vocabulary import Bounds, InputError, UnsupportedError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    at_most,
)
from drmg_properties.claims.mornavi.kl._event import iota
from drmg_properties.formulas import ball, enclose_closely, interval, sign

S, A, H = 3, 2, 2
MAX_DIGITS = 60
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Unexplored:
    """``K = 10^digits`` episodes, the radius, and the constant c_f of the bonus."""

    digits: int
    radius: Fraction
    c_f: Fraction

    def __post_init__(self) -> None:
        if not 2 <= self.digits <= MAX_DIGITS or self.radius < Fraction(11, 10) or self.c_f <= 0:
            raise InputError(
                f"digits={self.digits}, radius={self.radius}, c_f={self.c_f}; expected 2 <= digits <= "
                f"{MAX_DIGITS}, radius >= 11/10 > log 3 and c_f > 0"
            )

    @property
    def K(self) -> int:
        """The number of episodes."""
        return int(10**self.digits)


@dataclass(frozen=True, slots=True)
class Charged:
    """A run, and a constant c that the O may hide."""

    run: Unexplored
    c: Fraction


def bonus(case: Unexplored) -> arb:
    """Return (102) at an unvisited pair, ``2 c_f H sqrt(S iota) / rho + 1 / sqrt(K)``."""
    scale = ball(2 * case.c_f * H / case.radius)
    return scale * (S * iota(S, A, H, case.K)).sqrt() + 1 / ball(case.K).sqrt()


def is_stuck(case: Unexplored) -> bool:
    """Whether ``2 beta < 1/2`` for certain, so that action 1 is never tried."""
    return sign(lambda: ball(HALF) - 2 * bonus(case)) > 0


def _root(digits: int) -> Bounds:
    """Return ``sqrt(S iota)`` at ``K = 10^digits``, enclosed."""
    return enclose_closely(lambda: (S * iota(S, A, H, 10**digits)).sqrt())


def _stuck_radius(digits: int) -> Fraction:
    """Return an integer radius of at least ``32 sqrt(S iota)``, at which the learner is stuck for c_f = 1."""
    return Fraction(int(32 * _root(digits).high) + 1)


def _lines(case: Unexplored) -> tuple[str, ...]:
    return (
        f"K = 10^{case.digits}, rho = {case.radius}, c_f = {case.c_f}, delta = 1/20",
        f"beta at an unvisited pair: {interval(enclose_closely(lambda: bonus(case)))}",
    )


def first_estimate(case: Unexplored) -> Derivation:
    """Derive ``Q^dagger_1(s0, 1) <= Qbar_1(s0, 1)`` before the first episode: 1 against 2 beta."""
    return at_most(
        1,
        enclose_closely(lambda: 2 * bonus(case)),
        lambda: (
            *_lines(case),
            "no pair was visited: Vbar_2 = beta at bad, more elsewhere; the uniform Phat may become the "
            "point mass at bad, as KL = log 3 <= rho",
            "left: Q^dagger_1(s0, 1) = 0 + 1; right: Qbar_1(s0, 1) = 0 + beta + beta, before the clip at H",
        ),
    )


def regret_share(case: Charged) -> Derivation:
    """Derive that the regret of an episode, 1/2 while the learner is stuck, is at most the bound / K."""
    if not is_stuck(case.run):
        raise UnsupportedError(f"rho={case.run.radius}; expected it so large that 2 beta < 1/2")
    return at_most(
        HALF,
        enclose_closely(lambda: _bound(case) / case.run.K),
        lambda: (
            *_lines(case.run),
            "2 beta < 1/2: the learner plays action 0 in every episode and never learns where action 1 leads",
            "each episode costs 1 - 1/2; the regret is K / 2, with probability 1",
            f"left: regret / K; right: bound / K with c = {case.c}",
        ),
    )


def _bound(case: Charged) -> arb:
    """Return ``c sqrt(H^4 e^(2 H^2) S A K iota^6 / rho^2)``: (126) at P_min = 1, with iota' = iota^2."""
    K, size = case.run.K, Fraction(H**4 * S * A) / case.run.radius**2
    return ball(case.c) * (ball(size * K) * ball(2 * H * H).exp()).sqrt() * iota(S, A, H, K) ** 3


def covered(case: Unexplored, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``beta >= H`` at an unvisited pair if ``rho <= factor 2 c_f sqrt(S iota)``."""
    threshold = _root(case.digits)
    most = Bounds(*(2 * factor * case.c_f * end for end in (threshold.low, threshold.high)))
    if case.radius > most.low:
        return at_most(0, 1, lambda: _lines(case), silent="rho is larger than the condition admits")
    return at_least(
        enclose_closely(lambda: bonus(case)),
        H,
        lambda: (*_lines(case), f"rho <= {factor} 2 c_f sqrt(S iota) = {interval(most)}; H = {H}"),
    )


def _digits(c: Fraction) -> int:
    return len(str(int(c))) - 1


def _large_radius(c_f: Fraction) -> Unexplored:
    """Return 10^4 episodes at a radius of 1000 c_f, at which ``2 beta`` is about 0.08."""
    return Unexplored(4, 1000 * c_f, c_f)


def _long_run(c: Fraction) -> Charged:
    """Return a run so long that c is made up for: the bound / K falls like ``c / sqrt(K)``."""
    digits = 16 + 2 * _digits(c)
    return Charged(Unexplored(digits, _stuck_radius(digits), Fraction(1)), c)


def _moderate(budget: Budget) -> Iterator[Unexplored]:
    """Yield radii up to the threshold, and some beyond it."""
    for digits in range(2, 4 + 4 * budget.size):
        for c_f in (HALF, Fraction(1), Fraction(11, 5)):
            top = 2 * c_f * _root(digits).low
            yield from (
                Unexplored(digits, top * share, c_f) for share in (HALF, Fraction(1), Fraction(51, 50))
            )


C4_UNVISITED = Claim(
    id="C4.unvisited",
    place="Lemma 21, and Lemma 19 as Theorem 2 uses it, optimism",
    title="The optimistic estimate before the first visit",
    statement=(
        "With probability 1 - delta, Q^dagger <= Qbar in the first episode, whatever the radius, for an "
        "absolute constant c_f."
    ),
    latex=r"Q^{\dagger,\pi^1_{-i},\rho_i}_{i,h}(s,a) \le \bar Q^{1,\rho_i}_{i,h}(s,a)",
    formalisation=(
        "A finding beyond the table of claims. Phat is uniform where nothing was visited, and the bonus "
        "falls like 1 / rho: at large radii the estimate is near 0. Three states, P_min = 1, all certain; "
        "the event of Lemma 16 fails there, too (claim C1). A radius for every c_f."
    ),
    assumptions=("N = 0", "delta = 1/20", "iota as in Lemma 16"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="C20.corrected",
    instance_type=Unexplored,
    search=EveryConstant(_large_radius),
    derive=first_estimate,
)
C20 = Claim(
    id="C20",
    place="Section 6, on Ma et al. (2023)",
    title="No assumption on the radius",
    statement="The regret bound of Theorem 2 needs no assumption on rho.",
    latex=(
        r"Regret(K) \le c \sqrt{\frac{H^4 e^{2 H^2} K S \prod_i A_i \, \iota'^3}"
        r"{\rho_{min}^2 P_{min}^\star}} \quad \text{for all } \rho"
    ),
    formalisation=(
        "A finding beyond the table of claims. (126) with iota' = iota^2 and one constant c for all rho. At "
        "radii of the order of c_f sqrt(S iota) the learner never tries the better action, so its regret is "
        "K / 2 for certain; a K for every c. For one fixed rho the theorem survives, from a K of the order "
        "of e^(rho^2) on."
    ),
    assumptions=("constants do not depend on rho", "delta = 1/20"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="C20.corrected",
    instance_type=Charged,
    search=EveryConstant(_long_run),
    derive=regret_share,
)
C20_CORRECTED = Claim(
    id="C20.corrected",
    place="Section 6, on Ma et al. (2023)",
    title="Radii for which unvisited pairs are optimistic",
    statement="If rho <= 2 c_f sqrt(S iota), the bonus of an unvisited pair is at least H, so Qbar is H.",
    latex=r"\rho_i \le 2 c_f \sqrt{S \iota} \quad \Rightarrow \quad \beta^k_{i,h}(s,a) \ge H",
    formalisation="Radii up to the threshold. Setting Qbar = H where N = 0 does it for every radius.",
    assumptions=("N = 0", "KL"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Unexplored,
    search=Exhaustive(_moderate),
    derive=covered,
    neighbours=(Neighbour("radii up to 51/50 of that", lambda case: covered(case, Fraction(51, 50))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C4_UNVISITED, C20, C20_CORRECTED)
