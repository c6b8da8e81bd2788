"""Appendix G and Lemmas 4 and 25: tails, by summing every outcome (B10, F1, F2, F3).

A failure probability is the exact sum of the binomial probabilities of the counts that violate the
inequality; whether a count does is decided by squares or by certified signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import binomial_probability
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, twins
from drmg_properties.claims.steps import C1, C2
from drmg_properties.formulas import ball, exp_of, interval, outward, sign

MAX_TRIALS = 5000
WIDTH = Fraction(1, 2**80)


@dataclass(frozen=True, slots=True)
class Trials:
    """A binomial count of n trials with success probability p, and a level: delta = e^-level."""

    n: int
    p: Fraction
    level: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_TRIALS or not 0 <= self.p <= 1 or self.level <= 0:
            raise InputError(
                f"n={self.n}, p={self.p}, level={self.level}; expected 1 <= n <= {MAX_TRIALS}, "
                "0 <= p <= 1 and level > 0"
            )


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk of n fair steps of size 1, and a distance."""

    n: int
    distance: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_TRIALS or self.distance <= 0:
            raise InputError(f"n={self.n}, distance={self.distance}; expected n >= 1 and distance > 0")


def _against(allowed: Slack, found: Fraction) -> Slack:
    return Slack(allowed.low - found, allowed.high - found)


def _trials(budget: Budget) -> Iterator[Trials]:
    counts = (1, 2, 3, 5, 8, 13, 21, 34, 55)[: 5 + 2 * budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/4", "1/10", "9/10", "1/20", "1/100")]
    levels = [Fraction(x) for x in ("1", "1/2", "1/4", "2", "4")]
    return (Trials(n, p, level) for n, p, level in product(counts, chances, levels))


_E_SQUARED = exp_of(Fraction(2))


def _f1_failure(case: Trials) -> Fraction:
    n, p, level = case.n, case.p, case.level
    np = n * p

    def violates(k: int) -> bool:
        # e^2 replaced by less than it: a violation is never overlooked.
        too_low = np >= 8 * level and k * 8 * level < np
        too_high = np >= level and k > _E_SQUARED.low * np
        too_high_small = np <= 2 * level and k > 2 * _E_SQUARED.low * level
        return too_low or too_high or too_high_small

    return binomial_probability(n, p, violates)


def _tail_check(
    failure: Callable[[Trials], Fraction],
    allowed: Callable[[Trials], Slack],
    introduce: Callable[[Trials], str],
    event: str,
    bound: str,
    counts: str = "the counts",
) -> Check[Trials]:
    """Check ``P(event) <= bound``, the left side being the sum ``failure`` and the right side ``allowed``."""

    def slack(case: Trials) -> Slack:
        return _against(allowed(case), failure(case))

    def explain(case: Trials) -> tuple[str, ...]:
        return (
            introduce(case),
            f"P({event}) = {outward(failure(case), 1)}, summed over {counts}",
            f"{bound} {interval(allowed(case))}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


def _bernstein_failure(spread: Callable[[Fraction, Fraction], Fraction]) -> Callable[[Trials], Fraction]:
    """Return ``P(|phat - p| > sqrt(c1 spread(p, phat) level / n) + c2 level / n)`` as a function."""

    def failure(case: Trials) -> Fraction:
        n, p, level = case.n, case.p, case.level

        def violates(k: int) -> bool:
            q = Fraction(k, n)
            rest = abs(q - p) - C2 * level / n
            return rest > 0 and rest**2 > C1 * spread(p, q) * level / n

        return binomial_probability(n, p, violates)

    return failure


def _walks(budget: Budget) -> Iterator[Walk]:
    for n in range(1, 1 + 8 * budget.size):
        for distance in range(1, n + 1):
            yield Walk(n, Fraction(distance))


def _walk_failure(case: Walk) -> Fraction:
    return binomial_probability(case.n, Fraction(1, 2), lambda k: abs(2 * k - case.n) >= case.distance)


def _azuma_check(factor: int) -> Check[Walk]:
    """Check ``P(|Z_n - Z_0| >= beta) <= factor exp(-2 beta^2 / sum c_t^2)`` with c_t = 2."""

    def bound(case: Walk) -> Slack:
        return exp_of(-(case.distance**2) / (2 * case.n), factor)

    def slack(case: Walk) -> Slack:
        return _against(bound(case), _walk_failure(case))

    def explain(case: Walk) -> tuple[str, ...]:
        times = "" if factor == 1 else f"{factor} "
        return (
            f"{case.n} fair steps of +1 or -1, so c_t = 2; beta = {case.distance}",
            f"P(|Z_n - Z_0| >= beta) = {_walk_failure(case)}",
            f"{times}exp(-2 beta^2 / {4 * case.n}): {interval(bound(case))}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


def _deviation_failure(case: Trials) -> Fraction:
    """Return ``P(|S_n - sd| >= level)`` for the biased empirical deviation S_n of Bernoulli variables."""
    n, p, eps = case.n, case.p, case.level

    def violates(k: int) -> bool:
        q = Fraction(k, n)

        def excess() -> arb:
            return abs(ball(q * (1 - q)).sqrt() - ball(p * (1 - p)).sqrt()) - ball(eps)

        return sign(excess) >= 0

    return binomial_probability(n, p, violates)


def _deviations(budget: Budget) -> Iterator[Trials]:
    counts = (1, 2, 3, 5, 8, 13, 21)[: 4 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/10", "1/100")]
    widths = [Fraction(x) for x in ("1/2", "1/4", "1/10", "2/5", "1/3")]
    return (Trials(n, p, eps) for n, p, eps in product(counts, chances, widths))


_ONE, _TWO = _azuma_check(1), _azuma_check(2)
_BINOMIAL = _tail_check(
    _f1_failure,
    lambda case: exp_of(-case.level, 4),
    lambda case: f"n = {case.n}, p = {case.p}, log(1/delta) = {case.level}",
    "one of (176), (177) fails",
    "4 delta =",
)
_BERNSTEIN = _tail_check(
    _bernstein_failure(lambda p, q: q * (1 - q)),
    lambda case: exp_of(-case.level, 2),
    lambda case: f"N = {case.n}, two next states with values 0 and 1, P(1) = {case.p}, iota = {case.level}",
    "the bound fails",
    "2 e^-iota =",
)
_FREQUENCY = _tail_check(
    _bernstein_failure(min),
    lambda case: exp_of(-case.level, 2),
    lambda case: f"N = {case.n}, P*(s') = {case.p}, iota = {case.level}",
    "the bound fails",
    "2 e^-iota =",
    "the counts of s'",
)
_DEVIATION = _tail_check(
    _deviation_failure,
    lambda case: exp_of(-case.n * case.level**2 / 2, 2),
    lambda case: f"T = {case.n} variables in {{0, 1}} with P(1) = {case.p}, M = 1, eps = {case.level}",
    "|S_T - sd| >= eps",
    "2 exp(-T eps^2 / 2):",
)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B10",
        place="Lemma 4, for a fixed function",
        title="Bernstein's inequality with the empirical variance",
        statement="For fixed V the bound of event E_TV fails with probability at most 2 exp(-iota).",
        latex=(
            r"P\left( |(\hat P - P) V| > \sqrt{\frac{c_1 Var_{\hat P}(V) \iota}{N}} + \frac{c_2 H \iota}{N} "
            r"\right) \le 2 e^{-\iota}"
        ),
        formalisation="Two next states, V in {0, 1}, H = 1, c1 = 2, c2 = 3; exact binomial sums.",
        assumptions=("V does not depend on the data",),
        reading="intended",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(_trials),
        derive=twins(_BERNSTEIN.slack, _BERNSTEIN.explain),
    ),
    Claim(
        id="B10.frequencies",
        place="Lemma 4, second part of eq. (20)",
        title="Frequencies of one next state",
        statement="The second bound of E_TV fails for a next state with probability at most 2 exp(-iota).",
        latex=(
            r"P\left( |\hat P(s') - P^*(s')| > \sqrt{\frac{c_1 \min\{P^*(s'), \hat P(s')\} \iota}{N}} "
            r"+ \frac{c_2 \iota}{N} \right) \le 2 e^{-\iota}"
        ),
        formalisation="c1 = 2, c2 = 3; exact binomial sums. No value occurs that the data could choose.",
        assumptions=(),
        reading="literal",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(_trials),
        derive=twins(_FREQUENCY.slack, _FREQUENCY.explain),
    ),
    Claim(
        id="F1",
        place="Lemma 25",
        title="Binomial tails",
        statement="Bounds (176) and (177) on a binomial count hold with probability at least 1 - 4 delta.",
        latex=r"P\left(X \ge \frac{np}{8 \log(1/\delta)}, \; X \le e^2 np\right) \ge 1 - 4 \delta",
        formalisation="delta = e^-level, level rational; exact binomial sums; slack = 4 delta - P(failure).",
        assumptions=("each bound under its own condition on np",),
        reading="literal",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(_trials),
        derive=twins(_BINOMIAL.slack, _BINOMIAL.explain),
    ),
    Claim(
        id="F2",
        place="Lemma 26, eq. (178)",
        title="Azuma-Hoeffding, two-sided with constant 1",
        statement="P(|Z_t - Z_0| >= beta) <= exp(-2 beta^2 / sum c_i^2).",
        latex=r"P(|Z_t - Z_0| \ge \beta) \le \exp\left(-\frac{2 \beta^2}{\sum_{i \le t} c_i^2}\right)",
        formalisation="Fair walks of steps +1 and -1, c_i = 2; exact binomial sums; slack = right - left.",
        assumptions=("bounded martingale differences",),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="F2.corrected",
        instance_type=Walk,
        search=Exhaustive(_walks),
        derive=twins(_ONE.slack, _ONE.explain),
    ),
    Claim(
        id="F2.corrected",
        place="Lemma 26, eq. (178)",
        title="Azuma-Hoeffding, two-sided",
        statement="P(|Z_t - Z_0| >= beta) <= 2 exp(-2 beta^2 / sum c_i^2).",
        latex=r"P(|Z_t - Z_0| \ge \beta) \le 2 \exp\left(-\frac{2 \beta^2}{\sum_{i \le t} c_i^2}\right)",
        formalisation="Fair walks of steps +1 and -1, c_i = 2; exact binomial sums; slack = right - left.",
        assumptions=("bounded martingale differences",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Walk,
        search=Exhaustive(_walks),
        derive=twins(_TWO.slack, _TWO.explain),
    ),
    Claim(
        id="F3",
        place="Lemma 27",
        title="The empirical deviation concentrates",
        statement="P(|S_T - sd| >= eps) <= 2 exp(-T eps^2 / (2 M^2)) for the biased empirical deviation S_T.",
        latex=(
            r"P\left( \left| S_T - \sqrt{Var(X_1)} \right| \ge \epsilon \right) "
            r"\le 2 \exp\left(-\frac{T \epsilon^2}{2 M^2}\right)"
        ),
        formalisation="Variables in {0, 1}; exact binomial sums with certified signs; slack = right - left.",
        assumptions=("independent, in [0, M]",),
        reading="literal",
        severity="typo",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(_deviations),
        derive=twins(_DEVIATION.slack, _DEVIATION.explain),
    ),
)
