"""Lemmas 4 and 27: the mean and the deviation of a sample in [0, 1] (B10, F3).

Of two values the failing counts of the larger one are found by bisection, or by certified signs; of more
values every vector of counts is tried with its multinomial probability.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, comb, floor, isqrt
from typing import Any

from flint import arb

from drmg_check.vocabulary import Bounds, InputError, Verdict, normalise
from drmg_oracles import multinomials
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, chance_at_most
from drmg_properties.claims.steps import (
    C1,
    C2,
    chance_of_lack,
    chance_outside,
    last_before,
    mean,
    variance,
)
from drmg_properties.formulas import ball, enclose_formula, exp_of, interval, vector

MAX_COUNTS = 5000
WIDTH = Fraction(1, 2**80)


@dataclass(frozen=True, slots=True)
class Sample:
    """n draws of V from p; and a level iota, or a distance eps."""

    n: int
    p: tuple[Fraction, ...]
    V: tuple[Fraction, ...]
    level: Fraction

    def __post_init__(self) -> None:
        if len(self.p) != len(self.V) or len(self.p) < 2 or normalise(self.p) != self.p:
            raise InputError(f"p={vector(self.p)}, V={vector(self.V)}; expected a distribution over values")
        if not 0 <= min(self.V) <= max(self.V) <= 1 or self.level <= 0 or not 1 <= self.n <= 10**9:
            raise InputError(f"{self}; expected values in [0, 1], a level > 0 and 1 <= n <= 10^9")
        S = len(self.p)
        if S > 2 and comb(self.n + S - 1, S - 1) > MAX_COUNTS:
            raise InputError(f"n={self.n}, S={S}; expected at most {MAX_COUNTS} vectors of counts")


def _coin(n: int, p: Fraction, level: Fraction) -> Sample:
    return Sample(n, (1 - p, p), (Fraction(0), Fraction(1)), level)


def _frequencies(case: Sample, k: int) -> tuple[Fraction, ...]:
    return Fraction(case.n - k, case.n), Fraction(k, case.n)


def _lines(case: Sample, letter: str) -> str:
    return f"{case.n} draws of V = {vector(case.V)} from p = {vector(case.p)}; {letter} = {case.level}"


def bernstein(case: Sample, c1: Fraction = Fraction(C1), c2: Fraction = Fraction(C2)) -> Derivation:
    """Derive ``P(|(phat - p) V| > sqrt(c1 Var_phat(V) iota / n) + c2 iota / n) <= 2 e^-iota``."""
    t = case.level / case.n

    def fails(q: tuple[Fraction, ...]) -> bool:
        rest = abs(mean(q, case.V) - mean(case.p, case.V)) - c2 * t
        return rest > 0 and rest**2 > c1 * t * variance(q, case.V)

    return chance_at_most(
        _chance(case, fails),
        exp_of(-case.level, 2),
        lambda: (
            _lines(case, "iota"),
            f"mean {mean(case.p, case.V)}, variance {variance(case.p, case.V)}; c1 = {c1}, c2 = {c2}",
            f"P(the bound fails), over all counts, against 2 e^-iota = {interval(exp_of(-case.level, 2))}",
        ),
    )


def _chance(case: Sample, fails: Callable[[tuple[Fraction, ...]], bool]) -> Bounds:
    """Return the probability of frequencies that fail: of two values, those far enough on a side of p."""
    n = case.n
    if len(case.p) > 2:
        law = multinomials(n, case.p)
        failing = (w for counts, w in law if fails(tuple(Fraction(k, n) for k in counts)))
        return Bounds.of(sum(failing, Fraction(0)))
    expected = n * case.p[1]
    low = last_before(0, floor(expected), lambda k: not fails(_frequencies(case, k)))
    high = last_before(ceil(expected), n, lambda k: fails(_frequencies(case, k))) + 1
    return chance_outside(n, case.p[1], low, high)


def deviation(case: Sample, factor: Fraction = Fraction(1, 2)) -> Derivation:
    """Derive ``P(|S_n - sd| >= eps) <= 2 exp(-factor n eps^2)``, S_n the biased deviation of the sample."""
    true = variance(case.p, case.V)

    def room(q: tuple[Fraction, ...]) -> Bounds:
        seen = variance(q, case.V)

        def formula() -> arb:
            return ball(case.level) - abs(ball(seen).sqrt() - ball(true).sqrt())

        return enclose_formula(formula, WIDTH)

    if len(case.p) > 2:
        law = [(room(tuple(Fraction(k, case.n) for k in ks)), w) for ks, w in multinomials(case.n, case.p)]
        certain, possible = (
            sum((w for x, w in law if end(x) < 0), Fraction(0)) for end in (_upper_end, _lower_end)
        )
        chance = Bounds(certain, possible)
    else:
        chance = chance_of_lack(case.n, case.p[1], lambda k: room(_frequencies(case, k)))
    allowed = exp_of(-factor * case.n * case.level**2, 2)
    return chance_at_most(
        chance,
        allowed,
        lambda: (
            _lines(case, "eps"),
            f"variance {true}; P(|S - sd| >= eps), over all counts",
            f"2 exp(-{factor} {case.n} eps^2) = {interval(allowed)}",
        ),
    )


def _upper_end(x: Bounds) -> Fraction:
    return x.high


def _lower_end(x: Bounds) -> Fraction:
    return x.low


LAWS = tuple(
    (tuple(map(Fraction, p)), tuple(map(Fraction, V)))
    for p, V in (
        (("1/3", "1/3", "1/3"), ("0", "1/2", "1")),
        (("9/10", "1/20", "1/20"), ("0", "1/2", "1")),
        (("1/10", "1/10", "4/5"), ("1", "1/10", "0")),
    )
)


def _samples(budget: Budget) -> Iterator[Sample]:
    """Yield coins with few and with many draws, and three values."""
    chances = [Fraction(x) for x in ("1/2", "1/10", "9/10", "1/100")]
    levels = tuple(map(Fraction, (1, 2, 4, 8, 16, 24)))
    for n, p, level in product((1, 2, 5, 13, 34), chances, levels[:3]):
        yield _coin(n, p, level)
    for (row, V), n, level in product(LAWS, (3, 9, 24)[: 1 + budget.size], levels[:3]):
        yield Sample(n, row, V, level)
    for level, p in product(levels, chances):
        # As many draws as leave e^(-9/10 level) for none of the rarer value; and so many that the root rules.
        for n in (floor(9 * level / (10 * p)) + 1, 10**4, 10**8):
            yield _coin(n, p, level)


def _deviations(budget: Budget) -> Iterator[Sample]:
    """Yield coins and three values at possible distances, of rare values up to the deviation itself."""
    distances = [Fraction(x) for x in ("1/2", "2/5", "1/3", "1/4", "1/5")]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/10", "1/100")]
    enough = Fraction(7, 5)  # of n eps^2: 2 exp(-n eps^2 / 2) is below 1 from 2 log 2 = 1.386 on
    for n, p, eps in product((8, 13, 21, 34)[: 2 + budget.size], chances, distances):
        if n * eps**2 > enough:
            yield _coin(n, p, eps)
    for (row, V), n, eps in product(LAWS, (13, 24)[: budget.size], distances):
        if n * eps**2 > enough:
            yield Sample(n, row, V, eps)
    for n, p in ((200, Fraction(1, 10)), (1000, Fraction(1, 100))):
        whole = Fraction(isqrt(int(p * (1 - p) * 10**8)), 10**4)  # just below the deviation
        yield from (_coin(n, p, eps) for eps in (whole / 2, whole))


B10 = Claim(
    id="B10",
    place="Lemma 4, for a fixed function",
    title="Bernstein's inequality with the empirical variance",
    statement="For fixed V the bound of event E_TV fails with probability at most 2 exp(-iota).",
    latex=(
        r"P\left( |(\hat P - P) V| > \sqrt{\frac{c_1 Var_{\hat P}(V) \iota}{N}} + \frac{c_2 H \iota}{N} "
        r"\right) \le 2 e^{-\iota}"
    ),
    formalisation=(
        "H = 1, c1 = 2, c2 = 3; V of two values at up to 10^8 visits, of three at few; exact or enclosed "
        "sums over all counts."
    ),
    assumptions=("V does not depend on the data",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Sample,
    search=Exhaustive(_samples),
    derive=bernstein,
    neighbours=(
        Neighbour("without the root", lambda case: bernstein(case, c1=Fraction(0))),
        Neighbour("c1 = 7/4 for 2", lambda case: bernstein(case, c1=Fraction(7, 4))),
        Neighbour("c2 = 9/10 for 3", lambda case: bernstein(case, c2=Fraction(9, 10))),
    ),
)
F3 = Claim(
    id="F3",
    place="Lemma 27",
    title="The empirical deviation concentrates",
    statement="P(|S_T - sd| >= eps) <= 2 exp(-T eps^2 / (2 M^2)) for the biased empirical deviation S_T.",
    latex=(
        r"P\left( \left| S_T - \sqrt{Var(X_1)} \right| \ge \epsilon \right) "
        r"\le 2 \exp\left(-\frac{T \epsilon^2}{2 M^2}\right)"
    ),
    formalisation=(
        "M = 1; variables of two values at up to T = 1000, of three at few; sums over all counts with "
        "certified signs. Maurer and Pontil state it of the unbiased deviation."
    ),
    assumptions=("independent, in [0, M]",),
    severity="typo",
    expected=Verdict.ON_A_LIST,
    instance_type=Sample,
    search=Exhaustive(_deviations),
    derive=deviation,
    neighbours=(Neighbour("11/10 for 1/2 in the exponent", lambda case: deviation(case, Fraction(11, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (B10, F3)
