"""Lemma 5 of the MORNAVI paper: what a robust value of total variation can differ by."""

from __future__ import annotations

from fractions import Fraction


def span_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 1 / rho, k }`` for k = H - h + 1 steps to go.

    >>> span_bound(Fraction(1, 3), 5)
    Fraction(3, 1)
    """
    return min(1 / rho, Fraction(k)) if rho else Fraction(k)
