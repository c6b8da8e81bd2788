"""The concentration event of total variation, eq. (20) of the MORNAVI paper, second part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, log2, sqrt

C1, C2 = 2, 3
"""The constants of Lemma 4 with which its fixed-V form holds."""
LEAST_LEVEL = Fraction(1, 2**40)
"""Of a row that is its own frequencies: the event asks for t > 0, and any serves."""
DIGITS = 8
"""Binary digits to which a level is rounded up: within 1 % of the least, and short enough to read."""


def on_event(p: Sequence[Fraction], q: Sequence[Fraction], t: Fraction) -> bool:
    """Whether the second part of event E_TV, eq. (20), holds; the root is decided by squares."""
    beyond = ((max(abs(x - w) - C2 * t, Fraction(0)), min(w, x)) for w, x in zip(p, q, strict=True))
    return all(rest**2 <= C1 * t * least for rest, least in beyond)


def event_level(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    """Return the least ``t = iota / N`` at which the event holds for P and Phat, rounded up.

    The bounds that follow from the event grow with t, so they are hardest at the least.

    >>> event_level([Fraction(1), Fraction(0)], [Fraction(1, 4), Fraction(3, 4)])
    Fraction(1, 4)
    """
    roots = [0.0]
    for w, x in zip(p, q, strict=True):
        least, gap = C1 * float(min(w, x)), float(abs(x - w))
        if gap:
            roots.append(2 * gap / (sqrt(least) + sqrt(least + 4 * C2 * gap)))
    t = max(LEAST_LEVEL, Fraction(max(roots) ** 2))
    unit = Fraction(2) ** (floor(log2(t)) + 1 - DIGITS)
    t = ceil(t / unit) * unit
    while not on_event(p, q, t):  # the roots are rounded
        t += unit
    return t
