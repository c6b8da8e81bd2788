"""Averages over one row: mean, variance, and the dual without its min term."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def mean(q: Sequence[Fraction], V: Sequence[Fraction]) -> Fraction:
    """Return ``sum q V``."""
    return sum((weight * v for weight, v in zip(q, V, strict=True)), Fraction(0))


def variance(p: Sequence[Fraction], X: Sequence[Fraction]) -> Fraction:
    """Return ``Var_p(X)``."""
    return mean(p, [x * x for x in X]) - mean(p, X) ** 2


def sdrop(p: Sequence[Fraction], V: Sequence[Fraction], rho: Fraction) -> Fraction:
    """Return ``sup over eta of (1 - rho) eta - E(eta - V)+``, the dual without the term in min V."""
    return max((1 - rho) * eta - mean(p, [max(eta - v, Fraction(0)) for v in V]) for eta in V)
