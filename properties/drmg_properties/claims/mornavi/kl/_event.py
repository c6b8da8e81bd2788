"""Appendix F: how often frequencies of the Kullback-Leibler proof are far off (C1.corrected, C11, C12).

Failure probabilities are exact or enclosed sums over counts; whether a count fails is decided by certified
signs, and on each side of the expected count those fail that are far enough from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from flint import arb

from drmg_check.vocabulary import Bounds, InputError, Verdict, normalise
from drmg_oracles import multinomials
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
from drmg_properties.claims.steps import Trials, chance_of_runs, chance_outside, last_before
from drmg_properties.formulas import ball, enclose_closely, exp_of, interval, outward, sign, vector

DELTA = Fraction(1, 20)
LEVELS = tuple(map(Fraction, (1, 2, 4, 8, 16, 24)))
"""Those of iota: the constants in an exponent show at large ones."""
E_SQUARED = exp_of(Fraction(2))
TOO_FEW = "fewer visits than the condition asks"


def iota(S: int, A: int, H: int, K: int) -> arb:
    """Return ``log(S^3 A H^2 K^(3/2) / delta)`` of Lemma 16, delta = 1/20."""
    return (ball(S**3 * A * H * H / DELTA) * ball(K) * ball(K).sqrt()).log()


@dataclass(frozen=True, slots=True)
class Seen:
    """N visits to a row p in the course of K episodes."""

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


def _trial_line(case: Trials) -> str:
    return f"N = {case.n}, P = ({case.p}, {1 - case.p}), iota = {case.level}"


def ratios_concentrate(
    case: Trials, inside: Fraction = Fraction(3), enough: Fraction = Fraction(12)
) -> Derivation:
    """Derive ``P(max |log Phat/P| > 2 sqrt(inside iota / (N P_min))) <= 2 S e^-iota`` for two states.

    It is stated if ``N P_min >= enough iota``.
    """
    n, p, least = case.n, case.p, min(case.p, 1 - case.p)
    if n * least < enough * case.level:
        return at_most(0, 1, lambda: (_trial_line(case),), silent=TOO_FEW)

    def fails(k: int) -> bool:
        if k in (0, n):
            return True
        shares = (Fraction(k, n) / p, Fraction(n - k, n) / (1 - p))

        def room() -> arb:
            allowed = 2 * ball(inside * case.level / (n * least)).sqrt()
            return min(allowed - abs(ball(share).log()) for share in shares)

        return sign(room) < 0

    low = last_before(0, floor(n * p), lambda k: not fails(k))
    high = last_before(ceil(n * p), n, fails) + 1
    return chance_at_most(
        chance_outside(n, p, low, high),
        exp_of(-case.level, 4),
        lambda: (
            _trial_line(case),
            "the sup over f > 0 of |log(E_Phat f / E_P f)| is the largest |log Phat(s)/P(s)| (claim C2)",
            f"it exceeds 2 sqrt({inside} iota / (N P_min)) at counts up to {low} and from {high} on",
            f"P(that), against 2 e^-iota for each state: {interval(exp_of(-case.level, 4))}",
        ),
    )


def within_constants(case: Seen) -> Derivation:
    """Derive that (132), ``P >= Phat / e^2 >= P / (8 e^2 iota)``, fails with probability at most delta."""
    level = enclose_closely(lambda: iota(len(case.p), 1, 1, case.K))
    rarest = min(range(len(case.p)), key=lambda s: case.p[s])

    def fails(q: Fraction, p: Fraction) -> bool:
        return q > E_SQUARED.high * p or q * 8 * level.high < p

    return chance_at_most(
        _chance_of_a_state(case, fails),
        DELTA,
        lambda: (
            f"N = {case.N} visits, P* = {vector(case.p)}, K = {case.K}, delta = {DELTA}",
            f"a next state not seen has Phat = 0, but (132) asks Phat >= P* / (8 iota) > 0 of s{rarest} too",
            "P(one of the inequalities fails), over all counts, against delta",
        ),
    )


def not_rare(case: Seen) -> Derivation:
    """Derive that some ``Phat > e^2 P`` with probability at most delta."""
    return chance_at_most(
        _chance_of_a_state(case, lambda q, p: q > E_SQUARED.high * p),
        DELTA,
        lambda: (
            f"N = {case.N} visits, P* = {vector(case.p)}, K = {case.K}, delta = {DELTA}",
            f"a next state that was seen has Phat >= 1/{case.N}; e^2 P* <= "
            f"{outward(E_SQUARED.high * case.p[0], 1, 6)} at s0",
            "P(some Phat > e^2 P*), over all counts, against delta",
        ),
    )


def _chance_of_a_state(case: Seen, fails: Callable[[Fraction, Fraction], bool]) -> Fraction:
    """Return the probability that some state's frequency certainly fails."""
    return sum(
        (
            chance
            for counts, chance in multinomials(case.N, case.p)
            if any(fails(Fraction(k, case.N), p) for k, p in zip(counts, case.p, strict=True))
        ),
        Fraction(0),
    )


def _inverse(level: Fraction) -> Fraction:
    return 1 / (8 * level)


def seen_within_constants(
    case: Trials,
    above: Bounds = E_SQUARED,
    share: Callable[[Fraction], Fraction] = _inverse,
    enough: Fraction = Fraction(8),
) -> Derivation:
    """Derive ``P(Phat > above P or 0 < Phat < share(iota) P) <= 2 e^-iota`` if ``N P >= enough iota``."""
    n, p, expected = case.n, case.p, case.n * case.p
    if expected < enough * case.level:
        return at_most(0, 1, lambda: (_trial_line(case),), silent=TOO_FEW)
    low = ceil(share(case.level) * expected) - 1
    # The factor is known by bounds: the lower one overlooks no failure, the upper one adds none.
    possible, certain = (
        chance_of_runs(n, p, (1, low), (floor(factor * expected) + 1, n))
        for factor in (above.low, above.high)
    )
    return chance_at_most(
        Bounds(certain.low, possible.high),
        exp_of(-case.level, 2),
        lambda: (
            _trial_line(case),
            f"the next state is seen 1 to {low} times, or more than {floor(above.low * expected)} times",
            f"P(that), against 2 e^-iota = {interval(exp_of(-case.level, 2))}",
        ),
    )


def least_frequency(case: Trials, factor: Fraction = Fraction(8)) -> Derivation:
    """Derive ``P(Phat_min < P_min / (factor iota)) <= e^-iota``, Phat_min the least positive frequency."""
    n, p = case.n, case.p
    low = ceil(n * min(p, 1 - p) / (factor * case.level)) - 1
    if case.level < 1:
        return at_most(0, 1, lambda: (_trial_line(case),), silent="iota < 1")
    return chance_at_most(
        chance_of_runs(n, p, (1, low), (n - low, n - 1)),
        exp_of(-case.level),
        lambda: (
            _trial_line(case),
            f"with c1 = 2 c_f sqrt({factor}), (130) fails iff Phat_min < P_min / ({factor} iota),",
            f"iff one of the states was seen 1 to {low} times",
            f"P(that), against e^-iota = {interval(exp_of(-case.level))}",
        ),
    )


def first_bonus(case: Unvisited) -> Derivation:
    """Derive ``sqrt(iota / Phat_min) <= ratio sqrt(iota^2 / P_min)`` before the first visit, P_min = 1."""

    def level() -> arb:
        return iota(case.S, 1, 2, 1)

    return at_most(
        enclose_closely(lambda: (case.S * level()).sqrt()),
        enclose_closely(lambda: ball(case.ratio) * level()),
        lambda: (
            f"S = {case.S}, one next state, so P_min = 1; first episode, N = 0, so Phat_min = 1/S; K = A = "
            "1, H = 2",
            f"iota = log(S^3 A H^2 K^(3/2) / delta): {interval(enclose_closely(level))}, delta = {DELTA}",
            "(beta - 1/sqrt(K)) rho / (2 c_f H) = sqrt(S iota), against (c1 / 2 c_f) iota / sqrt(P_min), "
            f"c1 / 2 c_f = {case.ratio}",
        ),
    )


def _expecting(multiples: tuple[str, ...]) -> Callable[[Budget], Iterator[Trials]]:
    """Return trials in which the rarer outcome is expected so many times the level, or just above."""

    def instances(budget: Budget) -> Iterator[Trials]:
        chances = [Fraction(x) for x in ("1/2", "1/10", "1/1000", "9/10")][: 2 + budget.size]
        for level, multiple, p in product(LEVELS, map(Fraction, multiples), chances):
            yield Trials(floor(multiple * level / min(p, 1 - p)) + 1, p, level)

    return instances


def _few_visits(budget: Budget) -> Iterator[Seen]:
    for N, S in product((1, 2, 4)[: 1 + budget.size], (1, 2, 3, 10)):
        yield Seen(N, (Fraction(1, S),) * S, 10)


def _many_states(ratio: Fraction) -> Unvisited:
    """Return 10^4 ratio^2 states: iota grows like their logarithm only."""
    return Unvisited(int(10**4 * ratio**2), ratio)


C1_CORRECTED = Claim(
    id="C1.corrected",
    place="Lemma 16, after enough visits",
    title="Ratios of expectations concentrate for all functions at once",
    statement=(
        "If N P_min >= 12 iota, then |log(E_Phat f / E_P f)| <= 2 sqrt(3 iota / (N P_min)) for every f > 0, "
        "but for a probability of 2 S e^-iota."
    ),
    latex=(
        r"N P_{min} \ge 12 \iota \Rightarrow P\left( \exists f > 0: \left| \log \frac{E_{\hat P} f}"
        r"{E_{P^*} f} \right| > 2 \sqrt{\frac{3 \iota}{N P_{min}}} \right) \le 2 S e^{-\iota}"
    ),
    formalisation="Two states, S = 2; exact or enclosed binomial sums with certified signs.",
    assumptions=("N P_min >= 12 iota",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_expecting(("9/10", "12", "16", "100"))),
    derive=ratios_concentrate,
    neighbours=(
        Neighbour("1/2 for 3 under the root", lambda case: ratios_concentrate(case, Fraction(1, 2))),
        Neighbour(
            "N P_min >= 9/10 iota is enough", lambda case: ratios_concentrate(case, enough=Fraction(9, 10))
        ),
    ),
)
C11 = Claim(
    id="C11",
    place="Eq. (132)",
    title="Empirical and true probabilities within constants of each other",
    statement="With probability 1 - delta, P* >= Phat / e^2 >= P* / (8 e^2 iota) for all next states.",
    latex=(
        r"P\left( \forall s': P^*(s') \ge \frac{\hat P(s')}{e^2} \ge \frac{P^*(s')}{8 e^2 \iota} \right) "
        r"\ge 1 - \delta"
    ),
    formalisation="One row; every vector of counts with its exact probability.",
    assumptions=("N >= 1", "delta = 1/20"),
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="C11.corrected",
    instance_type=Seen,
    search=Exhaustive(_few_visits),
    derive=within_constants,
)
C11_ABOVE = replace(
    C11,
    id="C11.above",
    place="Eq. (132), the first inequality",
    title="A next state that was seen is not rare",
    statement="With probability 1 - delta, P* >= Phat / e^2 for all next states, seen or not.",
    latex=r"P\left( \forall s': P^*(s') \ge \frac{\hat P(s')}{e^2} \right) \ge 1 - \delta",
    derive=not_rare,
)
C11_CORRECTED = Claim(
    id="C11.corrected",
    place="Eq. (132), for next states that were expected and seen",
    title="Empirical and true probabilities within constants of each other, after enough visits",
    statement=(
        "If N P*(s') >= 8 iota and s' was seen, then P* >= Phat / e^2 >= P* / (8 e^2 iota) at s', but for a "
        "probability of 2 e^-iota."
    ),
    latex=(
        r"N P^*(s') \ge 8 \iota \Rightarrow P\left( \hat P > e^2 P^* \vee 0 < \hat P < \frac{P^*}{8 \iota} "
        r"\right) \le 2 e^{-\iota}"
    ),
    formalisation="Exact or enclosed binomial sums.",
    assumptions=("N P*(s') >= 8 iota", "s' was seen"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_expecting(("1/10", "8", "16", "64"))),
    derive=seen_within_constants,
    neighbours=(
        Neighbour("7/5 for e^2", lambda case: seen_within_constants(case, Bounds.of(Fraction(7, 5)))),
        Neighbour(
            "2/3 for 1 / (8 iota)", lambda case: seen_within_constants(case, share=lambda _: Fraction(2, 3))
        ),
        Neighbour(
            "N P* >= 1/10 iota is enough", lambda case: seen_within_constants(case, enough=Fraction(1, 10))
        ),
    ),
)
C12 = Claim(
    id="C12",
    place="Lemma 18, for rows that were visited",
    title="The bonus in terms of the true least probability",
    statement="For N >= 1, beta <= c1 (H/rho) sqrt(iota^2 / (N P_min)) + 1/sqrt(K), c1 = 2 c_f sqrt(8).",
    latex=r"P\left( \frac{\iota}{N \hat P_{min}} > \frac{8 \iota^2}{N P_{min}} \right) \le e^{-\iota}",
    formalisation="Two next states; exact or enclosed binomial sums.",
    assumptions=("N >= 1", "iota >= 1"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_expecting(("1/2", "3/2", "8", "16"))),
    derive=least_frequency,
    neighbours=(Neighbour("3/2 for 8", lambda case: least_frequency(case, Fraction(3, 2))),),
)
C12_UNVISITED = Claim(
    id="C12.unvisited",
    place="Lemma 18, for rows never visited",
    title="The bonus before the first visit",
    statement=(
        "For N = 0, beta <= c1 (H/rho) sqrt(iota^2 / P_min) + 1/sqrt(K), with c1 / c_f an absolute constant."
    ),
    latex=(
        r"\frac{2 c_f H}{\rho} \sqrt{\frac{\iota}{1/S}} \le \frac{c_1 H}{\rho} \sqrt{\frac{\iota^2}{P_{min}}}"
    ),
    formalisation="Phat = 1/S there, while iota grows like log S; a number of states for each c1 / 2 c_f.",
    assumptions=("N = 0", "delta = 1/20", "P_min = 1: one next state"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="C12",
    instance_type=Unvisited,
    search=EveryConstant(_many_states),
    derive=first_bonus,
)

CLAIMS: tuple[Claim[Any], ...] = (C1_CORRECTED, C11, C11_ABOVE, C11_CORRECTED, C12, C12_UNVISITED)
