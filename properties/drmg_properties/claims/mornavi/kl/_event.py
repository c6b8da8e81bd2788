"""Appendix F: how often frequencies of the Kullback-Leibler proof are far off (C1.corrected, C11, C12).

Failure probabilities are exact sums over counts; whether a count fails is decided by certified signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Slack, Verdict, normalise
from drmg_oracles import binomial_probability, multinomials
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.steps import Trials
from drmg_properties.formulas import ball, enclose_formula, exp_of, interval, outward, sign, vector

DELTA = Fraction(1, 20)
WIDTH = Fraction(1, 2**60)
LEVELS = tuple(Fraction(x) for x in ("1/4", "1/2", "1", "2"))


def iota(S: int, A: int, H: int, K: int) -> arb:
    """Return ``log(S^3 A H^2 K^(3/2) / delta)`` of Lemma 16, delta = 1/20."""
    return (ball(S**3 * A * H * H / DELTA) * ball(K) * ball(K).sqrt()).log()


@dataclass(frozen=True, slots=True)
class Draws:
    """N draws from p in the course of K episodes."""

    N: int
    p: tuple[Fraction, ...]
    K: int

    def __post_init__(self) -> None:
        if not 1 <= self.N < self.K or normalise(self.p) != self.p or len(self.p) * self.N > 100:
            raise InputError(f"{self}; expected 1 <= N < K, a distribution and at most 100 / S draws")


@dataclass(frozen=True, slots=True)
class Unvisited:
    """S states, one of which certainly follows; no visit yet; the ratio of c1 to 2 c_f."""

    S: int
    ratio: Fraction

    def __post_init__(self) -> None:
        if self.S < 1 or self.ratio <= 0:
            raise InputError(f"S={self.S}, ratio={self.ratio}; expected S >= 1 and ratio > 0")


def _often_enough(budget: Budget, visits: int) -> Iterator[Trials]:
    """Yield trials in which the rarer outcome is expected at least ``visits`` times the level."""
    counts = (6, 12, 24, 48, 96)[: 3 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/4", "1/10", "2/3", "9/10")]
    for n, p, level in product(counts, chances, LEVELS):
        if n * min(p, 1 - p) >= visits * level:
            yield Trials(n, p, level)


def _ratio_failure(case: Trials) -> Fraction:
    """Return ``P(max_s |log Phat(s)/P(s)| > 2 sqrt(3 iota / (N P_min)))`` for two states."""
    n, p = case.n, case.p

    def fails(count: int) -> bool:
        if count in (0, n):
            return True
        ratios = (Fraction(count, n) / p, Fraction(n - count, n) / (1 - p))

        def room() -> arb:
            allowed = 2 * ball(3 * case.level / (n * min(p, 1 - p))).sqrt()
            return min(allowed - abs(ball(x).log()) for x in ratios)

        return sign(room) < 0

    return binomial_probability(n, p, fails)


def _ratio_slack(case: Trials) -> Slack:
    allowed, found = exp_of(-case.level, 4), _ratio_failure(case)
    return Slack(allowed.low - found, allowed.high - found)


def _trial_lines(case: Trials) -> str:
    return f"N = {case.n}, P = ({case.p}, {1 - case.p}), iota = {case.level}"


def _ratio_explain(case: Trials) -> tuple[str, ...]:
    return (
        _trial_lines(case),
        "the sup over f > 0 of |log(E_Phat f / E_P f)| is the largest |log Phat(s)/P(s)| (claim C2)",
        f"P(it exceeds 2 sqrt(3 iota / (N P_min))) = {outward(_ratio_failure(case), 1)}, over all counts",
        f"2 e^-iota for each state: {interval(exp_of(-case.level, 4))}",
        f"slack = {interval(_ratio_slack(case))}",
    )


_E_SQUARED = exp_of(Fraction(2))


def _between_fails(counts: tuple[int, ...], case: Draws) -> bool:
    """Whether (132) fails: in some state not ``P >= Phat / e^2 >= P / (8 e^2 iota)``."""
    level = enclose_formula(lambda: iota(len(case.p), 1, 1, case.K), WIDTH)
    for count, p in zip(counts, case.p, strict=True):
        q = Fraction(count, case.N)
        if q > _E_SQUARED.high * p or q * 8 * level.high < p:
            return True
    return False


def _between_failure(case: Draws) -> Fraction:
    law = multinomials(case.N, case.p)
    return sum((chance for counts, chance in law if _between_fails(counts, case)), Fraction(0))


def _between_slack(case: Draws) -> Slack:
    return Slack.of(DELTA - _between_failure(case))


def _between_explain(case: Draws) -> tuple[str, ...]:
    rarest = min(range(len(case.p)), key=lambda s: case.p[s])
    return (
        f"N = {case.N} visits, P* = {vector(case.p)}, K = {case.K}, delta = {DELTA}",
        f"a next state not seen has Phat = 0, but (132) asks Phat >= P* / (8 iota) > 0 of s{rarest} too",
        f"P(one of the inequalities fails) = {_between_failure(case)}, over all counts",
        f"slack = {DELTA} - {_between_failure(case)} = {_between_slack(case).low}",
    )


def _draws(budget: Budget) -> Iterator[Draws]:
    for N, S in product((1, 2, 4)[: 1 + budget.size], (1, 2, 3, 10)):
        yield Draws(N, (Fraction(1, S),) * S, 10)


def _above_chance(case: Draws) -> Fraction:
    """Return the probability that some ``Phat > e^2 P``."""
    law = multinomials(case.N, case.p)
    certain = (
        chance
        for counts, chance in law
        if any(k > _E_SQUARED.high * case.N * p for k, p in zip(counts, case.p, strict=True))
    )
    return sum(certain, Fraction(0))


def _above_slack(case: Draws) -> Slack:
    return Slack.of(DELTA - _above_chance(case))


def _above_explain(case: Draws) -> tuple[str, ...]:
    return (
        f"N = {case.N} visits, P* = {vector(case.p)}, K = {case.K}, delta = {DELTA}",
        f"a next state that was seen has Phat >= 1/{case.N}; e^2 P* <= "
        f"{outward(_E_SQUARED.high * case.p[0], 1, 6)} at s0",
        f"P(some Phat > e^2 P*) = {_above_chance(case)}, over all counts",
        f"slack = {DELTA} - {_above_chance(case)} = {_above_slack(case).low}",
    )


def _seen_failure(case: Trials, above: bool) -> Fraction:
    """Return ``P(0 < Phat < P / (8 iota))``, and with ``above`` the event ``Phat > e^2 P`` besides."""
    n, p, level = case.n, case.p, case.level

    def fails(count: int) -> bool:
        too_high = above and count > _E_SQUARED.low * n * p  # a violation is never overlooked
        return too_high or (count > 0 and count * 8 * level < n * p)

    return binomial_probability(n, p, fails)


def _seen_slack(case: Trials) -> Slack:
    allowed, found = exp_of(-case.level, 2), _seen_failure(case, above=True)
    return Slack(allowed.low - found, allowed.high - found)


def _seen_explain(case: Trials) -> tuple[str, ...]:
    return (
        _trial_lines(case),
        f"P(Phat > e^2 P or 0 < Phat < P / (8 iota)) = {outward(_seen_failure(case, above=True), 1)}",
        f"2 e^-iota = {interval(exp_of(-case.level, 2))}",
        f"slack = {interval(_seen_slack(case))}",
    )


def _least_failure(case: Trials) -> Fraction:
    """Return the probability that the least positive ``Phat`` is below ``P_min / (8 iota)``."""
    n, least = case.n, min(case.p, 1 - case.p)

    def fails(count: int) -> bool:
        return min(k for k in (count, n - count) if k) * 8 * case.level < n * least

    return binomial_probability(n, case.p, fails)


def _least_slack(case: Trials) -> Slack:
    allowed, found = exp_of(-case.level), _least_failure(case)
    return Slack(allowed.low - found, allowed.high - found)


def _least_explain(case: Trials) -> tuple[str, ...]:
    return (
        _trial_lines(case),
        "with c1 = 2 c_f sqrt(8), (130) fails iff Phat_min < P_min / (8 iota), over states that were seen",
        f"P(that) = {outward(_least_failure(case), 1)}, over all counts",
        f"e^-iota = {interval(exp_of(-case.level))}",
        f"slack = {interval(_least_slack(case))}",
    )


def _least_trials(budget: Budget) -> Iterator[Trials]:
    counts = (1, 5, 20, 50, 100)[: 3 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/10", "1/100")]
    return (Trials(n, p, level) for n, p, level in product(counts, chances, LEVELS[2:]))


def _unvisited_slack(case: Unvisited) -> Slack:
    def room() -> arb:
        level = iota(case.S, 1, 2, 1)
        return ball(case.ratio) ** 2 * level**2 - case.S * level

    return enclose_formula(room, WIDTH)


def _unvisited_explain(case: Unvisited) -> tuple[str, ...]:
    level = enclose_formula(lambda: iota(case.S, 1, 2, 1), WIDTH)
    return (
        f"S = {case.S}, one next state, so P_min = 1; first episode, N = 0, so Phat_min = 1/S; K = A = "
        f"1, H = 2",
        f"iota = log(S^3 A H^2 K^(3/2) / delta) = {outward(level.low, -1, 6)}..., delta = {DELTA}",
        "squares of (beta - 1/sqrt(K)) rho / (2 c_f H): S iota against (c1 / 2 c_f)^2 iota^2 / P_min",
        f"slack = {case.ratio}^2 iota^2 - {case.S} iota {interval(_unvisited_slack(case))}",
    )


def _unvisited(budget: Budget) -> Iterator[Unvisited]:
    return (Unvisited(S, Fraction(budget.size)) for S in range(1, 1000))


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C1.corrected",
        place="Lemma 16, after enough visits",
        title="Ratios of expectations concentrate for all functions at once",
        statement=(
            "If N P_min >= 12 iota, then |log(E_Phat f / E_P f)| <= 2 sqrt(3 iota / (N P_min)) for every "
            "f > 0, "
            "but for a probability of 2 S e^-iota."
        ),
        latex=(
            r"N P_{min} \ge 12 \iota \Rightarrow P\left( \exists f > 0: \left| \log \frac{E_{\hat P} "
            r"f}{E_{P^*} f} "
            r"\right| > 2 \sqrt{\frac{3 \iota}{N P_{min}}} \right) \le 2 S e^{-\iota}"
        ),
        formalisation="Two states, S = 2; exact binomial sums with certified signs; slack = right - left.",
        assumptions=("N P_min >= 12 iota",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(lambda budget: _often_enough(budget, 12)),
        derive=twins(_ratio_slack, _ratio_explain),
    ),
    Claim(
        id="C11",
        place="Eq. (132)",
        title="Empirical and true probabilities within constants of each other",
        statement="With probability 1 - delta, P* >= Phat / e^2 >= P* / (8 e^2 iota) for all next states.",
        latex=(
            r"P\left( \forall s': P^*(s') \ge \frac{\hat P(s')}{e^2} \ge \frac{P^*(s')}{8 e^2 \iota} \right) "
            r"\ge 1 - \delta"
        ),
        formalisation=(
            "One row; every vector of counts with its exact probability; slack = delta - P(failure)."
        ),
        assumptions=("N >= 1", "delta = 1/20"),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="C11.corrected",
        instance_type=Draws,
        search=Exhaustive(_draws),
        derive=twins(_between_slack, _between_explain),
    ),
    Claim(
        id="C11.above",
        place="Eq. (132), the first inequality",
        title="A next state that was seen is not rare",
        statement="With probability 1 - delta, P* >= Phat / e^2 for all next states, seen or not.",
        latex=r"P\left( \forall s': P^*(s') \ge \frac{\hat P(s')}{e^2} \right) \ge 1 - \delta",
        formalisation=(
            "One row; every vector of counts with its exact probability; slack = delta - P(failure)."
        ),
        assumptions=("N >= 1", "delta = 1/20"),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="C11.corrected",
        instance_type=Draws,
        search=Exhaustive(_draws),
        derive=twins(_above_slack, _above_explain),
    ),
    Claim(
        id="C11.corrected",
        place="Eq. (132), for next states that were expected and seen",
        title="Empirical and true probabilities within constants of each other, after enough visits",
        statement=(
            "If N P*(s') >= 8 iota and s' was seen, then P* >= Phat / e^2 >= P* / (8 e^2 iota) at s', "
            "but for a "
            "probability of 2 e^-iota."
        ),
        latex=(
            r"N P^*(s') \ge 8 \iota \Rightarrow P\left( \hat P > e^2 P^* \vee 0 < \hat P < \frac{P^*}{8 "
            r"\iota} "
            r"\right) \le 2 e^{-\iota}"
        ),
        formalisation="Exact binomial sums; slack = right - left.",
        assumptions=("N P*(s') >= 8 iota", "s' was seen"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(lambda budget: _often_enough(budget, 8)),
        derive=twins(_seen_slack, _seen_explain),
    ),
    Claim(
        id="C12",
        place="Lemma 18, for rows that were visited",
        title="The bonus in terms of the true least probability",
        statement="For N >= 1, beta <= c1 (H/rho) sqrt(iota^2 / (N P_min)) + 1/sqrt(K), c1 = 2 c_f sqrt(8).",
        latex=r"P\left( \frac{\iota}{N \hat P_{min}} > \frac{8 \iota^2}{N P_{min}} \right) \le e^{-\iota}",
        formalisation="Two next states; exact binomial sums; slack = e^-iota - P(failure).",
        assumptions=("N >= 1", "iota >= 1"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Trials,
        search=Exhaustive(_least_trials),
        derive=twins(_least_slack, _least_explain),
    ),
    Claim(
        id="C12.unvisited",
        place="Lemma 18, for rows never visited",
        title="The bonus before the first visit",
        statement="For N = 0, beta <= c1 (H/rho) sqrt(iota^2 / P_min) + 1/sqrt(K).",
        latex=(
            r"\frac{2 c_f H}{\rho} \sqrt{\frac{\iota}{1/S}} \le \frac{c_1 H}{\rho} "
            r"\sqrt{\frac{\iota^2}{P_{min}}}"
        ),
        formalisation=(
            "Phat = 1/S there. The ratio c1 / 2 c_f is part of the instance: refuting one refutes the "
            "smaller "
            "ones. slack = difference of the squares, enclosed."
        ),
        assumptions=("N = 0", "delta = 1/20", "P_min = 1: one next state"),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="C12",
        instance_type=Unvisited,
        search=Exhaustive(_unvisited),
        derive=twins(_unvisited_slack, _unvisited_explain),
    ),
)
