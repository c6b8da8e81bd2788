"""Eq. (38) and (123): Azuma's inequality for a recursion that is not clipped (B24, C14).

The law of the martingale is summed path by path: one agent, one action, two steps, and two next states of
the first, the failure state y with probability p, x otherwise. The estimate at the second step depends on
the visits alone, so K episodes have 2^K paths. States that are never reached count in S and so in the bonus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from flint import arb, ctx

from drmg_check.vocabulary import InputError, NumericalError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_most,
    chance_at_most,
)
from drmg_properties.formulas import MAX_BITS, ball, enclose_closely, interval

H = 2
DELTA = Fraction(1, 20)
MAX_EPISODES = 10


@dataclass(frozen=True, slots=True)
class Fork:
    """K episodes, S states, P(y) = p, the radius, the constant c of (38), and the bonus's own constant."""

    K: int
    S: int
    p: Fraction
    radius: Fraction
    c: Fraction
    bonus: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.K <= MAX_EPISODES or self.S < 3 or min(self.c, self.bonus) <= 0:
            raise InputError(f"{self}; expected 1 <= K <= {MAX_EPISODES}, S >= 3, c and bonus > 0")
        if not 0 < self.p < 1 or not 0 < self.radius <= 1:
            raise InputError(f"p={self.p}, radius={self.radius}; expected 0 < p < 1 and 0 < radius <= 1")

    @property
    def span(self) -> Fraction:
        """``min{1 / rho, H}``."""
        return min(1 / self.radius, Fraction(H))

    @property
    def P_min(self) -> Fraction:
        """The least positive entry of the kernel."""
        return min(self.p, 1 - self.p)


def _iota(fork: Fork) -> arb:
    return ball(fork.S**2 * H**2 / DELTA).log() + 3 * ball(fork.K).log() / 2


def _tv_estimate(fork: Fork, n: int) -> arb:
    """Return (29) at the last step, c2 = bonus, where no variance is left."""
    return 4 * ball(fork.bonus) * H**2 * fork.S * _iota(fork) / max(n, 1) + 2 / ball(fork.K).sqrt()


def _kl_estimate(fork: Fork, n: int) -> arb:
    """Return (114) at the last step, c1 = bonus."""
    root = (_iota(fork) ** 2 / (max(n, 1) * ball(fork.P_min))).sqrt()
    return 4 * ball(fork.bonus) * H / ball(fork.radius) * root + 2 / ball(fork.K).sqrt()


@dataclass(frozen=True, slots=True)
class MartingaleRecursion:
    """How the estimate of the second step and the limit on the sum depend on the instance."""

    estimate: Callable[[Fork, int], arb]
    limit: Callable[[Fork], arb]
    cap: Callable[[Fork], Fraction]

    def clipped(self, fork: Fork, n: int) -> arb:
        """Return the estimate after n visits, clipped."""
        return self.estimate(fork, n).min(ball(self.cap(fork)))


def _martingale_sum(fork: Fork, path: tuple[bool, ...], values: tuple[arb, ...]) -> arb:
    """Return the sum of xi over the episodes; zeta is 0, there being one action."""
    visits, total = [0, 0], ball(0)
    for to_y in path:
        x, y = values[visits[0]], values[visits[1]]
        total += (1 - ball(fork.p)) * x + ball(fork.p) * y - (y if to_y else x)
        visits[to_y] += 1
    return total


def _probability(fork: Fork, estimate: Callable[[Fork, int], arb], limit: Callable[[Fork], arb]) -> Fraction:
    """Return the probability that the sum exceeds the limit, exactly.

    Raises
    ------
    NumericalError
        A sum cannot be told from the limit.
    """
    bits = 128
    while bits <= MAX_BITS:
        with ctx.workprec(bits):
            values = tuple(estimate(fork, n) for n in range(fork.K + 1))
            most, exceeding = limit(fork), Fraction(0)
            for path in product((False, True), repeat=fork.K):
                rest = _martingale_sum(fork, path, values) - most
                if not (rest > 0 or rest < 0):
                    break
                if rest > 0:
                    exceeding += prod((fork.p if to_y else 1 - fork.p for to_y in path), start=Fraction(1))
            else:
                return exceeding
        bits *= 2
    raise NumericalError(f"a sum cannot be told from its limit in {MAX_BITS} bits: {fork}")


def _tv_limit(fork: Fork) -> arb:
    return ball(fork.c * fork.span) * (H * fork.K * _iota(fork)).sqrt()


def _kl_limit(fork: Fork) -> arb:
    return ball(fork.c) * (H**3 * fork.K * _iota(fork)).sqrt()


TV = MartingaleRecursion(_tv_estimate, _tv_limit, lambda fork: fork.span)
KL = MartingaleRecursion(_kl_estimate, _kl_limit, lambda fork: Fraction(H))


def _unclipped(recursion: MartingaleRecursion) -> Callable[[Fork], Derivation]:
    """State that the sum of the unclipped recursion exceeds its limit with probability at most delta."""

    def derive(fork: Fork) -> Derivation:
        chance = _probability(fork, recursion.estimate, recursion.limit)
        return chance_at_most(chance, DELTA, lambda: _lines(fork, recursion.estimate, recursion.limit))

    return derive


def _azuma(
    recursion: MartingaleRecursion, factor: int = 2, clip: bool = True
) -> Callable[[Fork], Derivation]:
    """State that the sum exceeds its limit with probability at most ``exp(-factor c^2 H iota)``.

    K increments of width w against ``c w sqrt(H K iota)``: Azuma's inequality has the factor 2. Where every
    estimate is at its clip, all increments are 0.
    """
    estimate = recursion.clipped if clip else recursion.estimate

    def derive(fork: Fork) -> Derivation:
        still = clip and recursion.estimate(fork, fork.K) > ball(recursion.cap(fork))
        return at_most(
            _probability(fork, estimate, recursion.limit),
            enclose_closely(lambda: (-factor * ball(fork.c) ** 2 * H * _iota(fork)).exp()),
            lambda: (
                *_lines(fork, estimate, recursion.limit),
                f"right: exp(-{factor} c^2 H iota)",
            ),
            silent="every estimate is at its clip, so that nothing is random" if still else "",
        )

    return derive


def _lines(fork: Fork, estimate: Callable[[Fork, int], arb], limit: Callable[[Fork], arb]) -> tuple[str, ...]:
    def estimated(n: int) -> str:
        return interval(enclose_closely(lambda: estimate(fork, n)))

    return (
        f"H = 2, S = {fork.S}, one action; s1 -> y with probability {fork.p}, else x; rho = {fork.radius}",
        f"K = {fork.K} episodes, delta = {DELTA}, c = {fork.c}, constant of the bonus {fork.bonus}, "
        f"iota {interval(enclose_closely(lambda: _iota(fork)))}",
        f"estimate at step 2 without a visit {estimated(0)}",
        f"estimate at step 2 after K visits {estimated(fork.K)}",
        f"the limit on the sum of xi: {interval(enclose_closely(lambda: limit(fork)))}",
        f"left: P(sum > limit), summed over {2**fork.K} paths",
    )


def _wide(c: Fraction) -> Fork:
    """Return so many states that one increment is a hundred times the limit with the constant c."""
    return Fork(8, int(100 * c) + 3, Fraction(1, 2), Fraction(1), c, Fraction(1))


def _sharp(c: Fraction) -> Fork:
    """Return so small a radius that one increment is a hundred times the limit with the constant c."""
    return Fork(8, 3, Fraction(1, 2), 1 / (100 * c), c, Fraction(1))


def _small_forks(budget: Budget) -> Iterator[Fork]:
    """Yield bonuses so small that few visits bring the estimates below their clip, and one that is large."""
    half = Fraction(1, 2)
    yield Fork(4, 100, half, Fraction(1), half, Fraction(1))
    chances, radii = (half, Fraction(1, 4)), (Fraction(1), Fraction(1, 10))
    constants = tuple(Fraction(x) for x in ("1/2", "13/100", "17/200", "1/20"))
    bonuses = (Fraction(1, 1000), Fraction(1, 400))
    for K, p, radius, c, bonus in product((4, MAX_EPISODES), chances, radii, constants, bonuses):
        yield Fork(K, 3, p, radius, c, bonus)


_FAMILY = "H = 2, one agent, one action, two next states of the first; all 2^K paths. "


B24 = Claim(
    id="B24",
    place="Eq. (38)",
    title="The martingale of the unclipped recursion, total variation",
    statement="With probability 1 - delta, sum (zeta + xi) <= c min{1/rho, H} sqrt(H K iota).",
    latex=(
        r"P\left( \sum_{k,h} (\zeta^k_h + \xi^k_h) > c \min\left\{\frac{1}{\rho}, H\right\} "
        r"\sqrt{H K \iota} \right) \le \delta"
    ),
    formalisation=(
        _FAMILY + "The estimate (29) of an unvisited pair is 4 c2 H^2 S iota, far above the width that "
        "Azuma's inequality is used with; the excess does not grow with K. c2 = 1; for each c the witness "
        "has 100 c + 3 states."
    ),
    assumptions=("estimates by eq. (29) without a clip", "delta = 1/20"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="B24.corrected",
    instance_type=Fork,
    search=EveryConstant(_wide),
    derive=_unclipped(TV),
)
B24_CORRECTED = Claim(
    id="B24.corrected",
    place="Eq. (38)",
    title="The martingale of the recursion clipped at min{1/rho, H}",
    statement=(
        "With estimates clipped at min{1/rho, H} the sum exceeds c min{1/rho, H} sqrt(H K iota) with "
        "probability at most exp(-2 c^2 H iota)."
    ),
    latex=(
        r"P\left( \sum_{k,h} (\zeta^k_h + \xi^k_h) > c \min\left\{\frac{1}{\rho}, H\right\} "
        r"\sqrt{H K \iota} \right) \le e^{-2 c^2 H \iota}"
    ),
    formalisation=(
        _FAMILY + "The constant of the bonus is so small that some estimates are below their clip. The "
        "probability is at most delta for c = 1/2."
    ),
    assumptions=("estimates clipped",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Fork,
    search=Exhaustive(_small_forks),
    derive=_azuma(TV),
    neighbours=(
        Neighbour("20 for 2 in the exponent", _azuma(TV, 20)),
        Neighbour("without the clip", _azuma(TV, clip=False)),
    ),
)
C14 = Claim(
    id="C14",
    place="Eq. (123)",
    title="The martingale of the unclipped recursion, KL",
    statement="With probability 1 - delta the sum of zeta + xi is at most c sqrt(H^3 K iota).",
    latex=r"P\left( \sum_{k,h} (\zeta^k_h + \xi^k_h) > c \sqrt{H^3 K \iota} \right) \le \delta",
    formalisation=(
        _FAMILY + "The estimate (114) of an unvisited pair grows like 1 / rho. c1 = 1; for each c the "
        "witness has the radius 1 / (100 c)."
    ),
    assumptions=("estimates by eq. (114) without a clip", "delta = 1/20"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="C14.corrected",
    instance_type=Fork,
    search=EveryConstant(_sharp),
    derive=_unclipped(KL),
)
C14_CORRECTED = Claim(
    id="C14.corrected",
    place="Eq. (123)",
    title="The martingale of the recursion clipped at H",
    statement=(
        "With estimates clipped at H the sum exceeds c sqrt(H^3 K iota) with probability at most "
        "exp(-2 c^2 H iota)."
    ),
    latex=(
        r"P\left( \sum_{k,h} (\zeta^k_h + \xi^k_h) > c \sqrt{H^3 K \iota} \right) "
        r"\le e^{-2 c^2 H \iota}"
    ),
    formalisation=_FAMILY + "The constant of the bonus is as for B24.corrected.",
    assumptions=("estimates clipped",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Fork,
    search=Exhaustive(_small_forks),
    derive=_azuma(KL),
    neighbours=(
        Neighbour("45 for 2 in the exponent", _azuma(KL, 45)),
        Neighbour("without the clip", _azuma(KL, clip=False)),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B24,
    B24_CORRECTED,
    C14,
    C14_CORRECTED,
)
