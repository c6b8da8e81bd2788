"""Binomial counts: trials, and the probability of a set of counts at any number of trials.

Up to ``EXACT`` trials a probability is an exact sum. Beyond, it is enclosed by the regularised incomplete
beta function, ``P(X >= k) = I_p(k, n - k + 1)``, in ball arithmetic (Arb), whose cost hardly depends on n.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from drmg_check.vocabulary import Bounds, InputError
from drmg_oracles import binomial_probability
from drmg_properties.formulas import ball, enclose_formula

EXACT = 64
MAX_TRIALS = 10**9
WIDTH = Fraction(1, 2**100)
"""Of an enclosed probability: about e^-69, where the largest level of a claim is 24."""
NEGLIGIBLE = 1e-16
"""Of the counts at each end that are too unlikely to be looked at; their probability is still counted."""


@dataclass(frozen=True, slots=True)
class Trials:
    """A binomial count of n trials with success probability p, and a level: delta = e^-level.

    >>> Trials(10, Fraction(1, 2), Fraction(3)).n
    10
    """

    n: int
    p: Fraction
    level: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_TRIALS or not 0 <= self.p <= 1 or self.level <= 0:
            raise InputError(
                f"n={self.n}, p={self.p}, level={self.level}; expected 1 <= n <= {MAX_TRIALS}, "
                "0 <= p <= 1 and level > 0"
            )


def chance_between(n: int, p: Fraction, first: int, last: int) -> Bounds:
    """Enclose ``P(first <= X <= last)`` for a binomial X.

    >>> chance_between(2, Fraction(1, 3), 1, 1)
    Bounds(low=Fraction(4, 9), high=Fraction(4, 9))
    """
    first, last = max(first, 0), min(last, n)
    if first > last:
        return Bounds.of(0)
    if n <= EXACT:
        return Bounds.of(binomial_probability(n, p, lambda k: first <= k <= last))

    def formula() -> arb:
        if last < n * p:  # a difference of small tails, which are quick, on either side
            return _at_least(n, 1 - p, n - last) - _at_least(n, 1 - p, n - first + 1)
        return _at_least(n, p, first) - _at_least(n, p, last + 1)

    chance = enclose_formula(formula, WIDTH)
    return Bounds(max(chance.low, Fraction(0)), min(chance.high, Fraction(1)))


def chance_outside(n: int, p: Fraction, low: int, high: int) -> Bounds:
    """Enclose ``P(X <= low or X >= high)``, ``low < high``.

    >>> chance_outside(2, Fraction(1, 3), 0, 2)
    Bounds(low=Fraction(5, 9), high=Fraction(5, 9))
    """
    return chance_of_runs(n, p, (0, low), (high, n))


def chance_of_runs(n: int, p: Fraction, *runs: tuple[int, int]) -> Bounds:
    """Enclose the probability of the counts in some runs ``(first, last)``, no two of which overlap.

    >>> chance_of_runs(2, Fraction(1, 2), (0, 0), (2, 2))
    Bounds(low=Fraction(1, 2), high=Fraction(1, 2))
    """
    chances = [chance_between(n, p, first, last) for first, last in runs]
    return Bounds(sum((x.low for x in chances), Fraction(0)), sum((x.high for x in chances), Fraction(0)))


def chance_of_lack(n: int, p: Fraction, room: Callable[[int], Bounds]) -> Bounds:
    """Enclose the probability that ``room(X) < 0``; a count whose sign is open may have it or not.

    Counts beyond the ``NEGLIGIBLE`` tails are not looked at, and may have it or not, too.

    >>> chance_of_lack(2, Fraction(1, 2), lambda k: Bounds(Fraction(k - 1), Fraction(k)))
    Bounds(low=Fraction(0, 1), high=Fraction(1, 4))
    """
    first, last = _likely(n, p)
    rooms = [room(k) for k in range(first, last + 1)]
    certain = chance_of_runs(n, p, *_runs(first, [x.high < 0 for x in rooms]))
    possible = chance_of_runs(n, p, *_runs(first, [x.low < 0 for x in rooms]))
    rest = chance_outside(n, p, first - 1, last + 1)
    return Bounds(certain.low, min(possible.high + rest.high, Fraction(1)))


def last_before(first: int, last: int, event: Callable[[int], bool]) -> int:
    """Bisect for the last of the counts without the event, which then stays; ``first - 1`` if none.

    >>> last_before(0, 100, lambda k: k * k > 50)
    7
    """
    low, high = first - 1, last + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if event(middle) else (middle, high)
    return low


def _at_least(n: int, p: Fraction, k: int) -> arb:
    """Return the ball of ``P(X >= k)``."""
    if k <= 0:
        return arb(1)
    if k > n:
        return arb(0)
    return ball(p).beta_lower(arb(k), arb(n - k + 1), regularized=True)


def _likely(n: int, p: Fraction) -> tuple[int, int]:
    """Return the ends of the counts to be looked at; floats choose them, so nothing rests on them."""
    from scipy.stats import binom

    if n <= EXACT:
        return 0, n
    return int(binom.ppf(NEGLIGIBLE, n, float(p))), int(binom.isf(NEGLIGIBLE, n, float(p)))


def _runs(first: int, marked: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield the runs of the counts that are marked."""
    start = None
    for k, mark in enumerate([*marked, False], first):
        if mark and start is None:
            start = k
        elif not mark and start is not None:
            yield start, k - 1
            start = None
