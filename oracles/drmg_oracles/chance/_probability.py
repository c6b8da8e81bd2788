"""Probabilities: exact binomial sums and first passages, and a confidence sequence where one must sample.

A confidence sequence is valid at all times at once, so that sampling may stop as soon as it has decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import comb

from flint import arb, ctx, fmpq

from drmg_check.vocabulary import InputError, Slack

BITS = 40
"""The ends of an interval are dyadic rationals with this many bits, rounded outward."""


def binomial_probability(n: int, p: Fraction, event: Callable[[int], bool]) -> Fraction:
    """Return the probability that a binomial count of n trials lies in the event, exactly.

    >>> binomial_probability(3, Fraction(1, 2), lambda count: count >= 2)
    Fraction(1, 2)
    """
    # Integers over one denominator: adding Fractions would reduce after each of the n terms.
    a, b = p.numerator, p.denominator
    total = sum(comb(n, k) * a**k * (b - a) ** (n - k) for k in range(n + 1) if event(k))
    return Fraction(total, b**n)


def multinomials(n: int, p: tuple[Fraction, ...]) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    """Yield every vector of counts of n draws from p with its probability; the probabilities sum to 1.

    >>> dict(multinomials(2, (Fraction(1, 4), Fraction(3, 4))))[1, 1]
    Fraction(3, 8)
    """
    if len(p) == 1:
        yield (n,), p[0] ** n
        return
    for k in range(n + 1):
        weight = comb(n, k) * p[0] ** k
        if weight:
            for rest, chance in multinomials(n - k, p[1:]):
                yield (k, *rest), weight * chance


def anytime_interval(successes: int, trials: int, alpha: Fraction) -> Slack:
    r"""Return a confidence interval for a probability that is valid at all numbers of trials at once.

    With probability at least ``1 - alpha`` every interval of the sequence ``n = 1, 2, ...`` contains the
    success probability p of independent trials.

    Parameters
    ----------
    successes, trials : int
        k successes in n trials.
    alpha : Fraction in (0, 1)

    Returns
    -------
    Slack
        An interval within [0, 1] that contains ``{ p : M_n(p) < 1 / alpha }``, rounded outward to 2^-40:

            M_n(p) = int_0^1 x^k (1-x)^(n-k) dx / (p^k (1-p)^(n-k)) = 1 / ((n+1) C(n,k) p^k (1-p)^(n-k)).

    Raises
    ------
    InputError
        Not ``0 <= successes <= trials`` or ``0 < alpha < 1``.

    Notes
    -----
    Under p the ratio M_n is a nonnegative martingale with mean 1: a mixture of likelihood ratios.
    By Ville's inequality it ever reaches 1 / alpha with probability at most alpha. As a function of p,
    log M_n is convex with its least value at k / n, so the set is an interval. Sources: Ville (1939);
    Robbins (1970), "Statistical methods related to the law of the iterated logarithm"; Howard, Ramdas,
    McAuliffe and Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences".

    Examples
    --------
    >>> interval = anytime_interval(successes=5, trials=100, alpha=Fraction(1, 20))
    >>> round(float(interval.low), 3), round(float(interval.high), 3)
    (0.007, 0.16)
    """
    if not 0 <= successes <= trials or not 0 < alpha < 1:
        raise InputError(
            f"successes={successes}, trials={trials}, alpha={alpha}; expected 0 <= successes <= trials "
            "and 0 < alpha < 1"
        )
    if not trials:
        return Slack(Fraction(0), Fraction(1))
    unit = 2**BITS
    middle = successes * unit // trials
    return Slack(
        Fraction(_last_outside(successes, trials, alpha, 0, middle, unit), unit),
        Fraction(_last_outside(successes, trials, alpha, unit, min(middle + 1, unit), unit), unit),
    )


def _last_outside(k: int, n: int, alpha: Fraction, outside: int, inside: int, unit: int) -> int:
    """Bisect for the p nearest to ``inside``, in units, that is certainly outside; or an end of [0, 1]."""
    while abs(inside - outside) > 1:
        p = (inside + outside) // 2
        if _excluded(k, n, alpha, Fraction(p, unit)):
            outside = p
        else:
            inside = p
    return outside


def _excluded(k: int, n: int, alpha: Fraction, p: Fraction) -> bool:
    """Whether ``(n + 1) C(n, k) p^k (1 - p)^(n - k) <= alpha`` for certain, 0 < p < 1."""
    with ctx.workprec(128):  # far more than the 40 bits of an end; where it does not decide, p stays inside

        def log(x: Fraction) -> arb:
            return arb(fmpq(x.numerator, x.denominator)).log()

        likelihood = log(Fraction((n + 1) * comb(n, k))) + k * log(p) + (n - k) * log(1 - p)
        return bool(likelihood <= log(alpha))
