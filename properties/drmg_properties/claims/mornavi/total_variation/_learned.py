"""What is learned of one row on event E_TV, and estimates between which a value lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, normalise
from drmg_properties.claim import Budget
from drmg_properties.claims.steps import C1, C2, event_level
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions, weighted_values

ON_EVENT = ("the second part of event E_TV, c1 = 2, c2 = 3", "0 <= L <= V <= U <= H", "H >= 1")
LEARNED = "Rational rows; t = iota / N is the least for which the event holds, to 8 binary digits. "
NEAR = (0, 1, 10, 10**2, 10**4, 10**6)
"""How much heavier P weighs in Phat than what is drawn: the event then holds from t = 1/3 down to 1e-13."""
WIDTHS = tuple(Fraction(x) for x in (1, 0, "1/10"))
"""Of U - L: where it is 0, variances alone count; where it is small, terms of its first order do."""
ROOTS = tuple(Fraction(k) for k in (0, "1/2", "2/3", 1, 2, 4))
"""k for which P = k^2 t / 2 is tried: where sqrt(2 t P) - a P is largest for a = 4, 3, 2, 1, 1/2."""
Vector: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """A nominal row, an empirical one, a radius, and values ``0 <= L <= V <= U <= H`` with ``H >= 1``."""

    nominal: Vector
    empirical: Vector
    L: Vector
    V: Vector
    U: Vector
    radius: Fraction
    H: Fraction

    def __post_init__(self) -> None:
        check_rows((self.nominal, self.empirical), self.radius, self.L, self.V, self.U)
        if not all(0 <= x <= y <= z <= self.H for x, y, z in zip(self.L, self.V, self.U, strict=True)):
            raise InputError(
                f"L={vector(self.L)}, V={vector(self.V)}, U={vector(self.U)}; expected L <= V <= U <= H"
            )
        if self.H < 1:
            raise InputError(f"H={self.H}; expected H >= 1")

    @property
    def t(self) -> Fraction:
        """The least ``iota / N`` at which the event holds."""
        return event_level(self.nominal, self.empirical)

    @property
    def size(self) -> Fraction:
        """``H^2 S t``, the unit of the last terms."""
        return self.H**2 * len(self.V) * self.t

    @property
    def D(self) -> Vector:
        """The width ``U - L``."""
        return tuple(u - low for u, low in zip(self.U, self.L, strict=True))

    @property
    def middle(self) -> Vector:
        """``(U + L) / 2``."""
        return tuple((u + low) / 2 for u, low in zip(self.U, self.L, strict=True))

    def lines(self) -> tuple[str, ...]:
        """Return what is given, for a derivation."""
        return (
            f"P = {vector(self.nominal)}, Phat = {vector(self.empirical)}, rho = {self.radius}, H = {self.H}",
            f"L = {vector(self.L)}, V = {vector(self.V)}, U = {vector(self.U)}",
            event_line(self.t),
        )


@dataclass(frozen=True, slots=True)
class Empirical:
    """A nominal row, an empirical one, and values X in [0, H] with ``H >= 1``."""

    nominal: Vector
    empirical: Vector
    X: Vector
    H: Fraction

    def __post_init__(self) -> None:
        check_rows((self.nominal, self.empirical), Fraction(0), self.X)
        if not all(0 <= x <= self.H for x in self.X) or self.H < 1:
            raise InputError(f"X={vector(self.X)}, H={self.H}; expected 0 <= X <= H, H >= 1")

    @property
    def t(self) -> Fraction:
        """The least ``iota / N`` at which the event holds."""
        return event_level(self.nominal, self.empirical)

    def lines(self) -> tuple[str, ...]:
        """Return what is given, for a derivation."""
        return (
            f"P = {vector(self.nominal)}, Phat = {vector(self.empirical)}",
            f"X = {vector(self.X)}, H = {self.H}",
            event_line(self.t),
        )


def check_rows(rows: tuple[Vector, ...], radius: Fraction, *values: Vector) -> None:
    """Refuse rows that are no distributions, or do not fit the values.

    Raises
    ------
    InputError
        With the row.
    """
    for p in rows:
        for each in values:
            Row(TotalVariation(), p, each, radius)
        if normalise(p) != p:
            raise InputError(f"{vector(p)} sums to {sum(p)}; expected a distribution")


def event_line(t: Fraction) -> str:
    """Return the line that says from where on the event holds."""
    return f"E_TV, |Phat - P| <= sqrt({C1} t min(P, Phat)) + {C2} t, holds from about t = iota / N = {t} on"


def frequencies(p: Vector, drawn: Vector, near: int) -> Vector:
    """Return what was drawn as frequencies, with ``near`` times as much of P mixed in."""
    total = sum(drawn, Fraction(0))
    return normalise([near * w + x / total for w, x in zip(p, drawn, strict=True)]) if total else p


def extreme_rows(budget: Budget) -> Iterator[tuple[Vector, Vector]]:
    """Yield P and Phat on the border of the event: rare states are drawn as often, or as seldom, as can be.

    Where P is ``k^2 t / 2``, the event lets Phat differ by ``(k + 3) t``. Small k are where terms of the
    order of t are largest against the others; with P a half or an eighth, t is small and roots of t count.
    """
    t = Fraction(1, 1000)
    pairs = [(Fraction(0), Fraction(1)), *((k * k * t / 2, (k * k / 2 + k + C2) * t) for k in ROOTS)]
    for r, half in product((Fraction(1, 10), Fraction(1, 10**4)), (Fraction(1), Fraction(1, 2))):
        p = half * half / 2
        pairs.append((p, p + half * r + C2 * r * r))
    for S, (x, y) in product((2, 2 + budget.size), pairs):
        if y * (S - 1) <= 1:
            yield _repeated(x, S), _repeated(y, S)
            yield _repeated(y, S), _repeated(x, S)


def _repeated(p: Fraction, S: int) -> Vector:
    """Return the row with p at all states but the first."""
    return (1 - (S - 1) * p, *(p,) * (S - 1))


def extremes(budget: Budget, H: int = 1) -> Iterator[Learned]:
    """Yield extreme rows with estimates 0 or H, the same at all states but the first."""
    low, high = Fraction(0), Fraction(H)
    levels = ((low, low, low), (low, low, high), (low, high, high), (high, high, high))
    for p, q in extreme_rows(budget):
        for first, others in product(levels, repeat=2):
            if first != others or first[0] < first[2]:
                L, V, U = ((x, *(y,) * (len(p) - 1)) for x, y in zip(first, others, strict=True))
                yield Learned(p, q, L, V, U, Fraction(0), Fraction(H))


def extreme_values(budget: Budget) -> Iterator[Empirical]:
    """Yield extreme rows with the values 0 and 1."""
    for p, q in extreme_rows(budget):
        for first in (Fraction(0), Fraction(1)):
            yield Empirical(p, q, (first, *(1 - first,) * (len(p) - 1)), Fraction(1))


@st.composite
def between(draw: DrawFn, budget: Budget) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Draw a row of up to ``2 + size`` states, frequencies, and L, V and U."""
    # All is drawn state by state, so that the search can leave a state out without disturbing the others.
    p, drawn, L, d, e = draw(weighted_values(2 + budget.size, columns=4, high=1))
    q = frequencies(p, drawn, draw(st.sampled_from(NEAR)))
    width = draw(st.sampled_from(WIDTHS))
    V = tuple(x + width * y for x, y in zip(L, d, strict=True))
    U = tuple(x + width * y for x, y in zip(V, e, strict=True))
    return p, q, L, V, U


@st.composite
def learned(draw: DrawFn, budget: Budget) -> Learned:
    """Draw a row, frequencies and estimates; with values up to 3."""
    p, q, L, V, U = draw(between(budget))
    return Learned(p, q, L, V, U, draw(fractions(0, 1, 4)), max(*U, Fraction(1)))


@st.composite
def empiricals(draw: DrawFn, budget: Budget) -> Empirical:
    """Draw a row of up to ``2 + size`` states, frequencies and values."""
    p, drawn, X = draw(weighted_values(2 + budget.size, columns=2))
    return Empirical(p, frequencies(p, drawn, draw(st.sampled_from(NEAR))), X, max(*X, Fraction(1)))
