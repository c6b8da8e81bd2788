"""Lemma 25 and the second part of eq. (20): how far a binomial count strays (B10.frequencies, F1).

The counts that contradict an inequality are those below one count and those above another, which are found
by bisection or in closed form; their probability is exact, or enclosed (see the binomial steps).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from drmg_check.vocabulary import Bounds, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, chance_at_most
from drmg_properties.claims.steps import C1, C2, Trials, chance_outside, last_before
from drmg_properties.formulas import exp_of, interval

E_SQUARED = exp_of(Fraction(2))
LEVELS = tuple(map(Fraction, (1, 2, 4, 8, 16, 24)))
"""A bound of factor times e^-level tells if it is below 1; constants in an exponent show at large levels."""


def frequencies(case: Trials, c1: Fraction = Fraction(C1), c2: Fraction = Fraction(C2)) -> Derivation:
    """Derive ``P(|phat - p| > sqrt(c1 min{p, phat} iota / n) + c2 iota / n) <= 2 e^-iota``."""
    n, p, t = case.n, case.p, case.level / case.n

    def fails(k: int) -> bool:
        q = Fraction(k, n)
        rest = abs(q - p) - c2 * t
        return rest > 0 and rest**2 > c1 * t * min(p, q)

    # Squared, each side of p is a parabola in phat, negative where the root begins: it crosses zero once.
    low = last_before(0, floor(n * p), lambda k: not fails(k))
    high = last_before(ceil(n * p), n, fails) + 1
    return chance_at_most(
        chance_outside(n, p, low, high),
        exp_of(-case.level, 2),
        lambda: (
            f"N = {n}, P*(s') = {p}, iota = {case.level}, c1 = {c1}, c2 = {c2}",
            f"the bound fails where s' was seen at most {low} or at least {high} times",
            f"P(that), against 2 e^-iota = {interval(exp_of(-case.level, 2))}",
        ),
    )


def _inverse(level: Fraction) -> Fraction:
    return 1 / (8 * level)


def binomial_tails(
    case: Trials,
    enough: Fraction = Fraction(8),
    share: Callable[[Fraction], Fraction] = _inverse,
    most: Bounds = E_SQUARED,
) -> Derivation:
    """Derive (176) and (177): one of the bounds that apply fails with probability at most ``4 e^-level``.

    ``X >= share(level) np`` if ``np >= enough level``; ``X <= most np`` if ``np >= level``;
    ``X <= 2 most level`` if ``np <= 2 level``.
    """
    n, p, level = case.n, case.p, case.level
    expected = n * p
    low = ceil(share(level) * expected) - 1 if expected >= enough * level else -1
    least = min(([expected] if expected >= level else []) + ([2 * level] if expected <= 2 * level else []))
    # The factor is known by bounds: the lower one overlooks no failure, the upper one adds none.
    possible, certain = (
        chance_outside(n, p, low, floor(factor * least) + 1) for factor in (most.low, most.high)
    )
    applied = f"X >= {low + 1}" if low >= 0 else f"nothing, as np < {enough * level}"
    return chance_at_most(
        Bounds(certain.low, possible.high),
        exp_of(-level, 4),
        lambda: (
            f"n = {n}, p = {p}, np = {expected}, log(1/delta) = {level}",
            f"(176) asks {applied}; (177) asks X <= {floor(most.low * least)}",
            f"P(one of them fails), against 4 delta = {interval(exp_of(-level, 4))}",
        ),
    )


def _few_trials(budget: Budget) -> Iterator[Trials]:
    counts = (1, 2, 3, 5, 8, 13, 21, 34, 55)[: 5 + 2 * budget.size]
    chances = [Fraction(x) for x in ("1/2", "1/3", "1/10", "9/10", "1/100")]
    return (Trials(*each) for each in product(counts, chances, LEVELS[:3]))


def _many_trials(budget: Budget) -> Iterator[Trials]:
    """Yield so many trials that the root matters, and just so many that none of them is expected to miss."""
    for level, p in product(LEVELS, [Fraction(x) for x in ("1/2", "1/10", "1/1000")]):
        for n in (floor(9 * level / (10 * p)) + 1, 10**4, 10**8):
            yield Trials(n, p, level)


def _trials(budget: Budget) -> Iterator[Trials]:
    yield from _few_trials(budget)
    yield from _many_trials(budget)


def _expected(budget: Budget) -> Iterator[Trials]:
    """Yield trials around the conditions on np: just below and at multiples of the level."""
    multiples = [Fraction(x) for x in ("1/4", "9/10", "1", "2", "4", "8", "16")]
    chances = [Fraction(x) for x in ("1/2", "1/10", "1/1000", "9/10")][: 2 + budget.size]
    for level, multiple, p in product(LEVELS, multiples, chances):
        n = ceil(multiple * level / p)
        yield Trials(n, p, level)
        if n > 1:
            yield Trials(n - 1, p, level)


B10_FREQUENCIES = Claim(
    id="B10.frequencies",
    place="Lemma 4, second part of eq. (20)",
    title="Frequencies of one next state",
    statement="The second bound of E_TV fails for a next state with probability at most 2 exp(-iota).",
    latex=(
        r"P\left( |\hat P(s') - P^*(s')| > \sqrt{\frac{c_1 \min\{P^*(s'), \hat P(s')\} \iota}{N}} "
        r"+ \frac{c_2 \iota}{N} \right) \le 2 e^{-\iota}"
    ),
    formalisation=(
        "c1 = 2, c2 = 3; the counts that fail have an exact or enclosed binomial probability, up to N = 10^8 "
        "visits. No value occurs that the data could choose."
    ),
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_trials),
    derive=frequencies,
    neighbours=(
        Neighbour("without the root", lambda case: frequencies(case, c1=Fraction(0))),
        Neighbour("c1 = 3/2 for 2", lambda case: frequencies(case, c1=Fraction(3, 2))),
        Neighbour("c2 = 9/10 for 3", lambda case: frequencies(case, c2=Fraction(9, 10))),
    ),
)
F1 = Claim(
    id="F1",
    place="Lemma 25",
    title="Binomial tails",
    statement="Bounds (176) and (177) on a binomial count hold with probability at least 1 - 4 delta.",
    latex=r"P\left(X \ge \frac{np}{8 \log(1/\delta)}, \; X \le e^2 np\right) \ge 1 - 4 \delta",
    formalisation=(
        "delta = e^-level with a rational level; each bound applies under its own condition on np, and "
        "instances lie on both sides of the conditions; exact or enclosed binomial probabilities."
    ),
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_expected),
    derive=binomial_tails,
    neighbours=(
        Neighbour(
            "(176) if np >= 9/10 log(1/delta)", lambda case: binomial_tails(case, enough=Fraction(9, 10))
        ),
        Neighbour(
            "2/3 np for np / (8 log(1/delta))",
            lambda case: binomial_tails(case, share=lambda _: Fraction(2, 3)),
        ),
        Neighbour("5/2 for e^2", lambda case: binomial_tails(case, most=Bounds.of(Fraction(5, 2)))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (B10_FREQUENCIES, F1)
