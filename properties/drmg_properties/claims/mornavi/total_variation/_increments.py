"""Eq. (38) and (123): Azuma's inequality for a recursion that is not clipped (B24, C14).

The law of the martingale is summed path by path: one agent, one action, two steps, and two next states of
the first, the failure state y with probability p, x otherwise. The estimate at the second step depends on
the visits alone, so K episodes have 2^K paths. States that are never reached count in S and so in the bonus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import prod
from typing import Any

from flint import arb, ctx

from drmg_check.vocabulary import InputError, NumericalError, Slack, Verdict
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, twins
from drmg_properties.formulas import MAX_BITS, ball, enclose_formula, interval

H = 2
DELTA = Fraction(1, 20)
MAX_EPISODES = 10
WIDTH = Fraction(1, 2**60)


@dataclass(frozen=True, slots=True)
class Fork:
    """K episodes, S states, P(y) = p, the radius, and c, the ratio of the constant of (38) to c2 of (19)."""

    K: int
    S: int
    p: Fraction
    radius: Fraction
    c: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.K <= MAX_EPISODES or self.S < 3 or self.c <= 0:
            raise InputError(
                f"K={self.K}, S={self.S}, c={self.c}; expected 1 <= K <= {MAX_EPISODES}, S >= 3, c > 0"
            )
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
    """Return (29) at the last step with c2 = 1, where no variance is left."""
    return 4 * H**2 * fork.S * _iota(fork) / max(n, 1) + 2 / ball(fork.K).sqrt()


def _kl_estimate(fork: Fork, n: int) -> arb:
    """Return (114) at the last step with c1 = 1."""
    root = (_iota(fork) ** 2 / (max(n, 1) * ball(fork.P_min))).sqrt()
    return 4 * H / ball(fork.radius) * root + 2 / ball(fork.K).sqrt()


def _clipped(
    estimate: Callable[[Fork, int], arb], cap: Callable[[Fork], Fraction]
) -> Callable[[Fork, int], arb]:
    return lambda fork, n: estimate(fork, n).min(ball(cap(fork)))


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
    found = Fraction(0)
    for path in product((False, True), repeat=fork.K):
        bits = 128
        while True:
            with ctx.workprec(bits):
                values = tuple(estimate(fork, n) for n in range(fork.K + 1))
                rest = _martingale_sum(fork, path, values) - limit(fork)
            if rest > 0 or rest < 0:
                break
            bits *= 2
            if bits > MAX_BITS:
                raise NumericalError(f"a sum cannot be told from its limit in {MAX_BITS} bits: {fork}")
        if rest > 0:
            found += prod((fork.p if to_y else 1 - fork.p for to_y in path), start=Fraction(1))
    return found


def _tv_limit(fork: Fork) -> arb:
    return ball(fork.c * fork.span) * (H * fork.K * _iota(fork)).sqrt()


def _kl_limit(fork: Fork) -> arb:
    return ball(fork.c) * (H**3 * fork.K * _iota(fork)).sqrt()


def _azuma(fork: Fork) -> arb:
    """Return ``exp(-2 c^2 H iota)``: K increments of width w against ``c w sqrt(H K iota)``."""
    return (-2 * ball(fork.c) ** 2 * H * _iota(fork)).exp()


def _unclipped_check(estimate: Callable[[Fork, int], arb], limit: Callable[[Fork], arb]) -> Check[Fork]:
    """Check that the sum exceeds its limit with probability at most delta."""

    @cache
    def found(fork: Fork) -> Fraction:
        return _probability(fork, estimate, limit)

    def slack(fork: Fork) -> Slack:
        return Slack.of(DELTA - found(fork))

    def explain(fork: Fork) -> tuple[str, ...]:
        return (*_lines(fork, estimate, limit, found(fork)), f"slack = delta - P = {slack(fork).low}")

    return Check(slack, explain)


def _clipped_check(estimate: Callable[[Fork, int], arb], limit: Callable[[Fork], arb]) -> Check[Fork]:
    """Check that the sum exceeds its limit with probability at most ``exp(-2 c^2 H iota)``."""

    @cache
    def found(fork: Fork) -> Fraction:
        return _probability(fork, estimate, limit)

    def slack(fork: Fork) -> Slack:
        return enclose_formula(lambda: _azuma(fork) - ball(found(fork)), WIDTH)

    def explain(fork: Fork) -> tuple[str, ...]:
        return (
            *_lines(fork, estimate, limit, found(fork)),
            f"Azuma: exp(-2 c^2 H iota): {interval(enclose_formula(lambda: _azuma(fork), WIDTH))}",
            f"slack = {interval(slack(fork))}",
        )

    return Check(slack, explain)


def _lines(
    fork: Fork, estimate: Callable[[Fork, int], arb], limit: Callable[[Fork], arb], found: Fraction
) -> tuple[str, ...]:
    def estimated(n: int) -> str:
        return interval(enclose_formula(lambda: estimate(fork, n), WIDTH))

    return (
        f"H = 2, S = {fork.S}, one action; s1 -> y with probability {fork.p}, else x; rho = {fork.radius}",
        f"K = {fork.K} episodes, delta = {DELTA}, c = {fork.c}",
        f"estimate at step 2 without a visit {estimated(0)}",
        f"estimate at step 2 after K visits {estimated(fork.K)}",
        f"the limit on the sum of xi: {interval(enclose_formula(lambda: limit(fork), WIDTH))}",
        f"P(sum > limit) = {found}, summed over {2**fork.K} paths",
    )


def _wide_forks(budget: Budget) -> Iterator[Fork]:
    """Yield ever more states for one constant c, and a larger c with a larger budget."""
    c = Fraction(10**budget.size)
    return (Fork(4, S, Fraction(1, 2), Fraction(1), c) for S in (3, 10, 100, 1000, 10**4, 10**6))


def _sharp_forks(budget: Budget) -> Iterator[Fork]:
    """Yield ever smaller radii for one constant c."""
    c = Fraction(10**budget.size)
    return (Fork(4, 3, Fraction(1, 2), Fraction(1, 10**k), c) for k in range(8))


def _small_forks(budget: Budget) -> Iterator[Fork]:
    chances = (Fraction(1, 2), Fraction(1, 4))
    radii = (Fraction(1), Fraction(1, 10))
    constants = (Fraction(1, 2), Fraction(1, 8), Fraction(1, 20))
    for K, p, radius, c in product((1, 4, 5 + budget.size), chances, radii, constants):
        yield Fork(K, 3, p, radius, c)


_TV, _KL = _unclipped_check(_tv_estimate, _tv_limit), _unclipped_check(_kl_estimate, _kl_limit)
_TV_CLIPPED = _clipped_check(_clipped(_tv_estimate, lambda fork: fork.span), _tv_limit)
_KL_CLIPPED = _clipped_check(_clipped(_kl_estimate, lambda fork: Fraction(H)), _kl_limit)
_FAMILY = (
    "H = 2, one agent, one action, two next states of the first; all 2^K paths. The ratio of the two "
    "absolute constants is part of the instance: refuting one refutes the smaller ones. "
)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
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
            "Azuma's inequality is used with; the excess does not grow with K. "
            "slack = delta - exact probability, for c2 = 1."
        ),
        assumptions=("estimates by eq. (29) without a clip", "delta = 1/20"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="B24.corrected",
        instance_type=Fork,
        search=Exhaustive(_wide_forks),
        derive=twins(_TV.slack, _TV.explain),
    ),
    Claim(
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
        formalisation=_FAMILY + "At most delta for c = 1/2; smaller c make it sharp. slack = right - left.",
        assumptions=("estimates clipped",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Fork,
        search=Exhaustive(_small_forks),
        derive=twins(_TV_CLIPPED.slack, _TV_CLIPPED.explain),
    ),
    Claim(
        id="C14",
        place="Eq. (123)",
        title="The martingale of the unclipped recursion, KL",
        statement="With probability 1 - delta the sum of zeta + xi is at most c sqrt(H^3 K iota).",
        latex=r"P\left( \sum_{k,h} (\zeta^k_h + \xi^k_h) > c \sqrt{H^3 K \iota} \right) \le \delta",
        formalisation=(
            _FAMILY + "The estimate (114) of an unvisited pair grows like 1 / rho. slack = delta - exact "
            "probability, for c1 = 1."
        ),
        assumptions=("estimates by eq. (114) without a clip", "delta = 1/20"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="C14.corrected",
        instance_type=Fork,
        search=Exhaustive(_sharp_forks),
        derive=twins(_KL.slack, _KL.explain),
    ),
    Claim(
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
        formalisation=_FAMILY + "slack = right - left.",
        assumptions=("estimates clipped",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Fork,
        search=Exhaustive(_small_forks),
        derive=twins(_KL_CLIPPED.slack, _KL_CLIPPED.explain),
    ),
)
