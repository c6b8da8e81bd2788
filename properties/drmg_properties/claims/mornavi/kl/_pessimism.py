"""Lemmas 19-21: optimism and pessimism of KL-MORNAVI at one row, by exact probabilities (C3, C4).

s0 leads to a good state with probability 1 - p and to a bad one with probability p; there is one agent with
one action, H = 2, and the last step pays 1 in the good state and 0 in the bad one. While the bad state was
never seen, Phat is a point mass and Phat_min = 1, so that the bonus (102) does not know of it, whereas the
adversary does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import binomial_probability, enclose
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.kl._event import DELTA, iota
from drmg_properties.formulas import ball, enclose_formula, exp_of, interval, outward

H = 2
WIDTH = Fraction(1, 2**60)
MAX_TRIALS = 500


@dataclass(frozen=True, slots=True)
class Unseen:
    """N episodes, of K, in the game of this module; its p, the radius and c_f."""

    N: int
    K: int
    p: Fraction
    radius: Fraction
    cf: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.N < self.K or not 0 < self.p < 1 or self.radius <= 0 or self.cf <= 0:
            raise InputError(f"{self}; expected 1 <= N < K, 0 < p < 1, radius > 0 and c_f > 0")


@dataclass(frozen=True, slots=True)
class KLTrials:
    """n visits of which each leads to the good state with probability ``good``; delta = e^-level; c_f."""

    n: int
    good: Fraction
    radius: Fraction
    level: Fraction
    cf: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_TRIALS or not 0 < self.good < 1:
            raise InputError(f"n={self.n}, good={self.good}; expected 1 <= n <= {MAX_TRIALS}, 0 < good < 1")
        if min(self.radius, self.level, self.cf) <= 0:
            raise InputError(f"{self}; expected radius, level and c_f > 0")


@cache
def worst_chance(good: Fraction, radius: Fraction) -> Slack:
    """Return the least probability of the good state within the KL ball, enclosed."""
    found = enclose(Row(KullbackLeibler(), (good, 1 - good), (Fraction(1), Fraction(0)), radius))
    return Slack(found.lo, found.hi)


def _bonus(case: Unseen) -> arb:
    """Return (102) at ``Phat_min = 1``, with iota of S = 3 states and A = 1."""
    factor = 2 * ball(case.cf * H / case.radius)
    return factor * (iota(3, 1, H, case.K) / case.N).sqrt() + 1 / ball(case.K).sqrt()


def _estimate(case: Unseen) -> Slack:
    """Return ``Qlow(s0) = (1 - beta)+ - beta``, clipped at 0, when only the good state was seen."""
    found = enclose_formula(lambda: 1 - 2 * _bonus(case), WIDTH)
    return Slack(max(found.low, Fraction(0)), max(found.high, Fraction(0)))


def _unseen_chance(case: Unseen) -> Slack:
    """Return ``(1 - p)^N``."""
    return enclose_formula(lambda: (case.N * ball(1 - case.p).log()).exp(), WIDTH)


def _pessimism_fails(case: Unseen) -> Slack:
    """Enclose the probability that ``Qlow(s0) > Q^pi(s0)``.

    The data without a bad state give the largest Qlow: the worst case under Phat, the value Vlow of the good
    state and minus the bonus are all largest there. So if they do not violate the claim, none do.
    """
    estimate, true = _estimate(case), worst_chance(1 - case.p, case.radius)
    if estimate.high <= true.low:
        return Slack.of(0)
    least = _unseen_chance(case).low if estimate.low > true.high else Fraction(0)
    return Slack(least, Fraction(1))


def _unseen_slack(case: Unseen) -> Slack:
    found = _pessimism_fails(case)
    return Slack(DELTA - found.high, DELTA - found.low)


def _unseen_explain(case: Unseen) -> tuple[str, ...]:
    beta = enclose_formula(lambda: _bonus(case), WIDTH)
    true, found = worst_chance(1 - case.p, case.radius), _pessimism_fails(case)
    return (
        f"p = {case.p}, rho = {case.radius}, c_f = {case.cf}, N = {case.N}, K = {case.K}, delta = {DELTA}",
        f"no bad state among N draws: probability (1 - p)^N {interval(_unseen_chance(case))}",
        "then Phat = (1, 0) and Phat_min = 1 at s0, and at the good state too, which leads to one state only",
        f"beta = (2 c_f H / rho) sqrt(iota / N) + 1/sqrt(K) = {outward(beta.low, -1, 6)}... at both",
        f"Qlow(s0) = (1 - beta) - beta = {outward(_estimate(case).low, -1, 6)}..., or 0 if that is negative",
        f"Q^pi(s0), the least chance q of the good state with KL((q, 1-q) || P*) <= rho: {interval(true)}",
        f"P(Qlow > Q^pi) >= {outward(found.low, -1)}, so slack <= {outward(DELTA - found.low, 1)}",
    )


def _grid(budget: Budget) -> Iterator[Unseen]:
    """Yield N on a logarithmic grid of 20 a decade, with p = 2 / (3 N), so that (1 - p)^N > 1/2."""
    for j in range(40, 121):
        N = round(10 ** (j / 20))
        yield Unseen(N, N + 1, Fraction(2, 3 * N), Fraction(1), Fraction(1))


def _radii(budget: Budget) -> Iterator[Unseen]:
    for radius in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        yield Unseen(1, 10**6, Fraction(1, 2), Fraction(radius), Fraction(budget.size))


def _trials_check(fails: Callable[[KLTrials, int], bool], factor: int, event: str) -> Check[KLTrials]:
    """Check ``P(count fails) <= factor e^-level``; a count that may fail counts as one that does."""

    def chance(case: KLTrials) -> Fraction:
        return binomial_probability(case.n, case.good, lambda count: fails(case, count))

    def slack(case: KLTrials) -> Slack:
        allowed, found = exp_of(-case.level, factor), chance(case)
        return Slack(allowed.low - found, allowed.high - found)

    def explain(case: KLTrials) -> tuple[str, ...]:
        return (
            f"N = {case.n}, P* = (good {case.good}, bad {1 - case.good}), V = (1, 0), H = 1",
            f"rho = {case.radius}, iota = {case.level}, c_f = {case.cf}",
            f"sigma_P*(V): {interval(worst_chance(case.good, case.radius))}",
            f"P({event}) <= {outward(chance(case), 1)}, over all counts",
            f"{factor} e^-iota = {interval(exp_of(-case.level, factor))}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


def _room(case: KLTrials, count: int) -> tuple[Slack, Slack, Fraction]:
    """Return the worst cases under ``Phat`` and ``P*``, and a number just below the bonus, less 1/sqrt(K)."""
    q = Fraction(count, case.n)
    least = min(x for x in (q, 1 - q) if x)
    beta = enclose_formula(
        lambda: 2 * ball(case.cf / case.radius) * ball(case.level / (case.n * least)).sqrt(), WIDTH
    )
    return worst_chance(q, case.radius), worst_chance(case.good, case.radius), beta.low


def _too_low(case: KLTrials, count: int) -> bool:
    seen, true, beta = _room(case, count)
    return seen.low + beta < true.high


def _too_low_after_caution(case: KLTrials, count: int) -> bool:
    """Decide for Qbar = H while ``N Phat_min < 12 iota``, and a bonus with ``H S iota / (rho N)`` besides."""
    least = min(x for x in (count, case.n - count) if x)
    if least < 12 * case.level:
        return False
    seen, true, beta = _room(case, count)
    return seen.low + beta + 2 * case.level / (case.radius * case.n) < true.high


def _too_high(case: KLTrials, count: int) -> bool:
    seen, true, beta = _room(case, count)
    return seen.high - beta > true.low


def _optimistic_trials(budget: Budget) -> Iterator[KLTrials]:
    counts = (1, 2, 5, 10, 20, 40)[: 3 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/10", "9/10", "99/100")]
    radii, levels = [Fraction(x) for x in ("1/4", "1", "4")], [Fraction(x) for x in ("1/2", "2")]
    return (KLTrials(*each, Fraction(1)) for each in product(counts, chances, radii, levels))


def _cautious_trials(budget: Budget) -> Iterator[KLTrials]:
    """Yield trials with counts on both sides of ``12 iota``."""
    counts = (48, 96, 192, 384)[: 1 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/4", "9/10")]
    radii, levels = [Fraction(x) for x in ("1/4", "1", "4")], [Fraction(x) for x in ("3/2", "2")]
    return (KLTrials(*each, Fraction(11, 5)) for each in product(counts, chances, radii, levels))


def _pessimistic_trials(budget: Budget) -> Iterator[KLTrials]:
    counts = (6, 12, 24, 48, 96)[: 2 + budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/4", "3/4", "9/10")]
    radii, levels = [Fraction(x) for x in ("1/4", "1", "4", "20")], [Fraction(x) for x in ("1/4", "1/2", "1")]
    for n, good, radius, level in product(counts, chances, radii, levels):
        if n * min(good, 1 - good) >= 12 * level:
            yield KLTrials(n, good, radius, level, Fraction(11, 5))


_OPTIMISM = _trials_check(_too_low, 2, "sigma_Phat(V) + beta < sigma_P*(V)")
_PESSIMISM = _trials_check(_too_high, 4, "sigma_Phat(V) - beta > sigma_P*(V)")
_CAUTION = _trials_check(
    _too_low_after_caution, 4, "N Phat_min >= 12 iota, sigma_Phat(V) + beta' < sigma_P*(V)"
)
_STATEMENT = r"P\left( \underline{Q}^{k,\rho_i}_{i,h} \le Q^{\pi^k,\rho_i}_{i,h} \right) \ge 1 - \delta"

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C3",
        place="Lemmas 19-21, pessimism",
        title="The pessimistic estimate while a bad state was never seen",
        statement="With probability 1 - delta, Qlow <= Q^pi in all episodes, for an absolute constant c_f.",
        latex=_STATEMENT,
        formalisation=(
            "Three states, one agent, one action, H = 2, rho = 1, p = 2 / (3 N), before episode K = N + "
            "1. The "
            "failure probability is at least (1 - p)^N once the data without a bad state violate the "
            "claim, and "
            "0 before that. c_f is part of the instance: larger ones need a larger N. slack = delta - "
            "P(failure)."
        ),
        assumptions=("delta = 1/20", "iota as in Lemma 16"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="C3.corrected",
        instance_type=Unseen,
        search=Exhaustive(_grid),
        derive=twins(_unseen_slack, _unseen_explain),
    ),
    Claim(
        id="C3.one-visit",
        place="Lemmas 19-21, pessimism, at large radii",
        title="The pessimistic estimate after one visit",
        statement="With probability 1 - delta, Qlow <= Q^pi after one visit, whatever the radius.",
        latex=_STATEMENT,
        formalisation=(
            "As C3 with N = 1, p = 1/2 and K = 10^6: the bonus falls like 1 / rho, and at rho >= log 2 "
            "the true "
            "worst case is 0. slack = delta - P(failure)."
        ),
        assumptions=("delta = 1/20", "iota as in Lemma 16"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="C3.corrected",
        instance_type=Unseen,
        search=Exhaustive(_radii),
        derive=twins(_unseen_slack, _unseen_explain),
    ),
    Claim(
        id="C3.corrected",
        place="Lemmas 19-21, pessimism, after enough visits",
        title="Pessimism where every next state was expected often",
        statement=(
            "If N P_min >= 12 iota and c_f = 11/5, then sigma_Phat(V) - beta <= sigma_P*(V), but for a "
            "probability "
            "of 2 S e^-iota."
        ),
        latex=(
            r"N P_{min} \ge 12 \iota \Rightarrow P\left( \sigma_{\hat P}(V) - \beta > \sigma_{P^*}(V) "
            r"\right) "
            r"\le 2 S e^{-\iota}"
        ),
        formalisation=(
            "One step, S = 2, V = (1, 0), H = 1, the bonus less 1/sqrt(K); exact binomial sums of certified "
            "comparisons; slack = right - left. Proof: C1.corrected, and Phat_min <= 1.5 P_min there."
        ),
        assumptions=("N P_min >= 12 iota",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=KLTrials,
        search=Exhaustive(_pessimistic_trials),
        derive=twins(_PESSIMISM.slack, _PESSIMISM.explain),
    ),
    Claim(
        id="C4",
        place="Lemmas 19-21, optimism",
        title="The optimistic estimate at one step",
        statement="sigma_Phat(V) + beta >= sigma_P*(V), but for a probability of 2 e^-iota, at c_f = 1.",
        latex=r"P\left( \sigma_{\hat P}(V) + \beta < \sigma_{P^*}(V) \right) \le 2 e^{-\iota}",
        formalisation=(
            "One step, two next states, fixed V = (1, 0), H = 1, the bonus less 1/sqrt(K); exact "
            "binomial sums of "
            "certified comparisons; slack = right - left."
        ),
        assumptions=("V does not depend on the data", "N >= 1"),
        reading="intended",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected="C4.corrected",
        instance_type=KLTrials,
        search=Exhaustive(_optimistic_trials),
        derive=twins(_OPTIMISM.slack, _OPTIMISM.explain),
    ),
    Claim(
        id="C4.corrected",
        place="Lemmas 19-21, optimism, with Qbar = H at first",
        title="Optimism that can be proved",
        statement=(
            "With Qbar = H while N Phat_min < 12 iota, and beta' = beta + H S iota / (rho N) after that, "
            "sigma_Phat(V) + beta' >= sigma_P*(V), but for a probability of 2 S e^-iota."
        ),
        latex=(
            r"N \hat P_{min} \ge 12 \iota \Rightarrow \sigma_{\hat P}(V) + \beta + \frac{H S \iota}{\rho N} "
            r"\ge \sigma_{P^*}(V)"
        ),
        formalisation=(
            "One step, S = 2, V = (1, 0), H = 1, c_f = 11/5, the bonus less 1/sqrt(K); exact binomial sums "
            "of certified comparisons; slack = right - left. C4 holds on what was tried; this has a proof."
        ),
        assumptions=("V does not depend on the data",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=KLTrials,
        search=Exhaustive(_cautious_trials),
        derive=twins(_CAUTION.slack, _CAUTION.explain),
    ),
)
