r"""Theorem 1 with the bonus (19) as printed, and what its symbol O-tilde keeps (B29).

**Contexts with known rewards.** ``H = 2``, one agent, radius 1/2. The first step leads to one of n = S - 2
contexts, uniformly, or with the adversary's help to the failure state; at the second step action 0 pays 0 and
action 1 pays 1/2. After the last step no value follows, so that the bonus at a context is ``B / sqrt(N)`` and
1 / sqrt(K) more, ``B = c2 H^2 S iota``.

*Of the first 16 B^2 visits to a context 3/2 B^2 go to action 0*: were it fewer, then at the last visit that
went to action 1 its estimate was at most ``1/2 + B / sqrt(29/2 B^2 - 1)``, below 0.77 for B >= 2, and that of
action 0 at least ``B / sqrt(3/2 B^2)``, above 0.81, or its clip. This depends neither on the rule for ties
nor on which of its clips, H or 1, an estimate has.

In ``K >= 64 S B^2`` episodes all contexts have as many visits, but with a chance of ``n e^(-8 B^2)``
(Chernoff), and the probabilities of action 0 sum to half of what is played of it, but with a chance of
``e^(-n B^2 / 4)`` (Freedman). It costs ``(1 - rho) / 2 = 1/4`` each time, as the adversary can take rho from
all contexts alike. So the regret is at least ``3 n B^2 / 16``.

**O-tilde.** "f <= Poly(log K) g for sufficiently large K" lets the game be chosen first: log K then exceeds
whatever is made of S, H, A, rho and P_min. With iota in the place of log K, which holds S, A, H and delta,
and at every K, a factor sqrt(S) is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, log, log10
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, UnsupportedError, Verdict
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
from drmg_properties.formulas import ball, enclose_closely, outward, sign

H, A = 2, 2
DELTA = Fraction(1, 20)
RADIUS = Fraction(1, 2)
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Contexts:
    """``10^states`` states, ``10^episodes`` episodes, c2 of the bonus, and c of the bound ``c iota^c g``."""

    c: Fraction
    c2: Fraction
    states: int
    episodes: int

    def __post_init__(self) -> None:
        if self.c < 1 or self.c2 <= 0 or not 1 <= self.states <= self.episodes <= LARGEST:
            raise InputError(
                f"{self}; expected c >= 1, c2 > 0 and 1 <= states <= episodes <= {LARGEST}, as powers of ten"
            )


@dataclass(frozen=True, slots=True)
class Episodes:
    """A constant, and K as its natural logarithm."""

    c: Fraction
    log_K: Fraction

    def __post_init__(self) -> None:
        if self.c < 0 or self.log_K < 0:
            raise InputError(f"{self}; expected c, log_K >= 0")


@dataclass(frozen=True, slots=True)
class Power:
    """A polynomial ``c x^degree`` of the logarithm, and ``10^states`` states in as many episodes."""

    c: Fraction
    degree: int
    states: int

    def __post_init__(self) -> None:
        if self.c <= 0 or self.degree < 0 or not 1 <= self.states <= LARGEST:
            raise InputError(f"{self}; expected c > 0, degree >= 0 and 1 <= states <= {LARGEST}")


def _iota(states: int, episodes: int) -> arb:
    """Return ``log(S^2 A H^2 K^(3/2) / delta)`` at powers of ten."""
    return ball(A * H * H / DELTA).log() + ball(2 * states + Fraction(3, 2) * episodes) * ball(10).log()


def _B(case: Contexts) -> arb:
    """Return ``log(c2 H^2 S iota)``."""
    tens = case.states * ball(10).log()
    return ball(case.c2 * H * H).log() + tens + _iota(case.states, case.episodes).log()


def _known_rewards(case: Contexts) -> Derivation:
    """State ``3 n B^2 / 16 <= c iota^c sqrt(min{1/rho, H} H^2 S K A)``, in logarithms.

    Raises
    ------
    UnsupportedError
        Fewer episodes than ``64 S B^2``, or B < 2.
    """

    def spare() -> arb:
        return (case.episodes - case.states) * ball(10).log() - ball(64).log() - 2 * _B(case)

    if sign(spare) < 0 or sign(lambda: _B(case) - ball(2).log()) < 0:
        raise UnsupportedError(f"{case}; expected K >= 64 S B^2 and B >= 2, B = c2 H^2 S iota")
    lost = enclose_closely(lambda: case.states * ball(10).log() + ball(Fraction(3, 32)).log() + 2 * _B(case))

    def bound() -> arb:
        iota, tens = _iota(case.states, case.episodes), case.states + case.episodes
        return ball(case.c).log() + ball(case.c) * iota.log() + ball(16).log() / 2 + tens * ball(10).log() / 2

    return at_most(
        lost,
        enclose_closely(bound),
        lambda: (
            f"S = 10^{case.states}, K = 10^{case.episodes}, H = 2, A = 2, rho = 1/2, c2 = {case.c2}, "
            f"c = {case.c}, delta = 1/20",
            "s0 leads to one of n = S - 2 contexts, uniformly; there action 0 pays 0 and action 1 pays 1/2",
            f"iota = {outward(enclose_closely(lambda: _iota(case.states, case.episodes)).low, -1, 6)}..., "
            f"B = c2 H^2 S iota, log B = {outward(enclose_closely(lambda: _B(case)).low, -1, 6)}...",
            "3/2 B^2 of the first 16 B^2 visits to a context go to action 0, for whatever rule for ties;",
            "K >= 64 S B^2, so that all contexts have as many, but with a chance below e^-B",
            "left: log(3 n B^2 / 16), n >= S / 2: half of those, at 1/4 each, as regret",
            "right: log(c iota^c sqrt(min{1/rho, H} H^2 S K A))",
        ),
    )


def _many_states(c: Fraction) -> Contexts:
    """Return so many states that ``S iota`` exceeds ``c^2 iota^c``, with the bonus of c2 = 1 / c.

    Any larger c2 has more regret. Floats choose the number of episodes, which the derivation checks.
    """
    states = int(10 + 10 * c)
    iota = log(10) * 7 * states
    extra = 2 * log10(4 * iota / float(c)) + log10(64)
    return Contexts(c, 1 / c, states, 3 * states + ceil(extra))


def _swallowed(case: Episodes) -> Derivation:
    """State ``log(K) sqrt(K) <= c sqrt(K)``, in units of sqrt(K)."""
    return at_most(
        case.log_K,
        case.c,
        lambda: (
            f"a regret of {case.c} sqrt(K), whatever game its factor comes from, at K = e^{case.log_K}",
            "is it more than log(K) sqrt(K)? Both in units of sqrt(K): right the regret, left log K",
        ),
    )


def _kept(case: Power, share: Fraction = Fraction(1, 2)) -> Derivation:
    """State ``S^share >= c iota^degree`` in logarithms, at K = S."""
    tens = case.states
    factor = enclose_closely(lambda: ball(share * tens) * ball(10).log())
    allowed = enclose_closely(lambda: ball(case.c).log() + case.degree * _iota(tens, tens).log())
    return at_least(
        factor,
        allowed,
        lambda: (
            f"S = K = 10^{tens}; iota = log(S^2 A H^2 K^(3/2) / delta) at A = H = 2",
            f"left: log S^{share}; right: log({case.c} iota^{case.degree})",
        ),
    )


def _powers(budget: Budget) -> Iterator[Power]:
    """Yield constants and degrees, with about the fewest states that keep a factor sqrt(S)."""
    for c, degree in product((Fraction(1), Fraction(10**6)), (0, 1, 3, 10 * budget.size)):
        yield Power(c, degree, 16 + 8 * (degree + 1))


B29_PRINTED = Claim(
    id="B29.printed",
    place="Theorem 1 (upper bound), eq. (19) as printed",
    title="The regret of TV-MORNAVI with the printed bonus",
    statement=(
        "With the bonus (19) as printed, with probability 1 - delta the regret of K episodes is at most "
        "c iota^c sqrt(min{1/rho, H} H^2 S K A)."
    ),
    latex=r"Regret(K) \le c \, \iota^c \sqrt{\min\{\rho_{min}^{-1}, H\} H^2 S K \prod_i A_i}",
    formalisation=(
        "Read for all games at once: absolute constants and polynomial, K polynomial in S; c iota^c exceeds "
        "any polynomial at some c. Algorithm 1 itself, exactly: contexts with known rewards whose count "
        "bonus keeps a bad action in play. c2 >= 1 / c. Literally O-tilde asks nothing of S (claim "
        "B29.factors)."
    ),
    assumptions=("Assumption 1", "one agent with two actions", "delta = 1/20"),
    reading="intended",
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="B13.rate-corrected",
    instance_type=Contexts,
    search=EveryConstant(_many_states),
    derive=_known_rewards,
)
B29_FACTORS = Claim(
    id="B29.factors",
    place="Definition of O-tilde, after Theorem 1",
    title="The bounds depend on S, H, A, the radius and P_min",
    statement=(
        "Of a regret of c sqrt(K) with a large enough factor c it is false that it is O-tilde of sqrt(K): it "
        "is more than Poly(log K) sqrt(K) at every K."
    ),
    latex=r"\exists c \; \forall K: c \sqrt{K} \ge \log(K) \sqrt{K}",
    formalisation=(
        "f <= Poly(log K) g for sufficiently large K: once the game is chosen, log K exceeds any factor of "
        "it, at K = e^(c + 1). So literally Theorems 1 and 2 say that the regret is sqrt(K) up to "
        "logarithms, and nothing of the game. This ledger reads them for all games at once: claims "
        "B29.printed, C7.finite, B29.iota."
    ),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B29.iota",
    instance_type=Episodes,
    search=EveryConstant(lambda c: Episodes(c, c + 1)),
    derive=_swallowed,
)
B29_IOTA = Claim(
    id="B29.iota",
    place="Definition of O-tilde, after Theorem 1",
    title="A polynomial of iota, at every K, keeps a factor sqrt(S)",
    statement="For every polynomial of iota there are S and K at which it is less than sqrt(S).",
    latex=r"\sqrt{S} \ge c \, \iota^d \quad \text{for } S = K \text{ large}",
    formalisation=(
        "iota is the logarithm of the theorems, which holds the sizes. Constants and degrees on a list, "
        "S = K = 10^(24 + 8 degree): as log iota grows like log log S, more states keep it true."
    ),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Power,
    search=Exhaustive(_powers),
    derive=_kept,
    neighbours=(Neighbour("the sixth root for sqrt(S)", lambda case: _kept(case, Fraction(1, 6))),),
)

CLAIMS: tuple[Claim[Any], ...] = (B29_PRINTED, B29_FACTORS, B29_IOTA)
