r"""Polyhedral balls as functions of what may be spent: ``q(xi) = min { E_q z : D(q, p) <= xi }``, in pieces.

q is convex, decreasing and piecewise linear; a piece says how far it goes in xi and how steeply q falls
there, the steepest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from drmg_check.sets import L1, Interval, Shareable, TotalVariation
from drmg_oracles.state_checker import Share

ZERO = Fraction(0)


class Piece(NamedTuple):
    """``q`` falls by ``steepness`` for each unit of xi, for ``length`` units."""

    length: Fraction
    steepness: Fraction


def pieces_of(ball: Shareable, row: Share) -> list[Piece]:
    """Return the pieces of a row.

    >>> from drmg_oracles.state_checker import Share
    >>> row = Share("l1", (Fraction(1), ZERO), (Fraction(1), ZERO), (True, True), Fraction(1), Fraction(1), 0)
    >>> pieces_of(L1(), row)
    [Piece(length=Fraction(2, 1), steepness=Fraction(1, 2))]
    """
    return _by_moving(row, _unit(ball)) if not isinstance(ball, Interval) else _by_filling(row)


def spent_row(ball: Shareable, row: Share, xi: Fraction) -> tuple[Fraction, ...]:
    """Return a row within xi that attains q(xi)."""
    if isinstance(ball, Interval):
        return _filled(row, xi)
    q, left = list(row.p), xi / _unit(ball)
    low = min((s for s, usable in enumerate(row.usable) if usable), key=row.z.__getitem__)
    for s in sorted(range(len(q)), key=row.z.__getitem__, reverse=True):
        moved = min(left, q[s]) if row.z[s] > row.z[low] else ZERO
        q[s], q[low], left = q[s] - moved, q[low] + moved, left - moved
    return tuple(q)


def dual_point(ball: Shareable, row: Share, e: Fraction, u: Fraction) -> Fraction:
    """Return the number at which the checker's bound on ``inf { e E_q z + u D(q, p) }`` is best."""
    if not isinstance(ball, Interval) or u == 0 or e == 0:
        return ZERO
    return _best_cut(row, [e * z for z in row.z], u)


def _unit(ball: Shareable) -> int:
    """Return what moving a unit of mass costs."""
    assert isinstance(ball, L1 | TotalVariation), ball
    return 2 if isinstance(ball, L1) else 1


def _by_moving(row: Share, unit: int) -> list[Piece]:
    """Let mass go from the largest values to the smallest."""
    least = min(z for z, usable in zip(row.z, row.usable, strict=True) if usable)
    pairs = sorted(((z, p) for z, p in zip(row.z, row.p, strict=True) if p and z > least), reverse=True)
    return [Piece(unit * p, (z - least) / unit) for z, p in pairs]


def _by_filling(row: Share) -> list[Piece]:
    """Let the smallest values get xi more, the largest xi less or nothing: q bends where that changes."""
    order = _ascending(row)
    bends = {row.p[s] for s in order}
    for k in range(len(order)):
        bends.add(_enough(k, [row.p[s] for s in order[k + 1 :]]))
    ends = [ZERO, *sorted(bend for bend in bends if bend > 0)]
    worth = [_mean(_filled(row, xi), row.z) for xi in ends]
    pieces: list[Piece] = []
    for k in range(1, len(ends)):
        steepness = (worth[k - 1] - worth[k]) / (ends[k] - ends[k - 1])
        if steepness > 0:
            pieces.append(Piece(ends[k] - ends[k - 1], steepness))
    return pieces


def _enough(k: int, above: Sequence[Fraction]) -> Fraction:
    """Return the xi from which k + 1 states take up all that the ones above them give.

    ``(k + 1) xi - sum min(xi, p)`` is convex and 0 at 0: it is negative, if at all, up to this xi.
    """
    given, left, start = ZERO, len(above), ZERO
    for p in sorted(above):
        given, left = given + p, left - 1
        if (k + 1 - left) * p < given:
            start = given / (k + 1 - left) if k + 1 > left else p
    return start


def _filled(row: Share, xi: Fraction) -> tuple[Fraction, ...]:
    """Return the worst row of the L-infinity ball: as much as is allowed on the smallest values."""
    q = [max(p - xi, ZERO) for p in row.p]
    left = 1 - sum(q, ZERO)
    for s in _ascending(row):
        given = min(row.p[s] + xi - q[s], left)
        q[s], left = q[s] + given, left - given
    return tuple(q)


def _ascending(row: Share) -> list[int]:
    return sorted((s for s, usable in enumerate(row.usable) if usable), key=row.z.__getitem__)


def _mean(q: Sequence[Fraction], z: Sequence[Fraction]) -> Fraction:
    return sum((x * v for x, v in zip(q, z, strict=True) if x), ZERO)


def _best_cut(row: Share, V: Sequence[Fraction], u: Fraction) -> Fraction:
    """Maximise the bound over its cut x: concave and piecewise linear, so that one of its bends will do.

    It bends at the values, and between two of them where what is left pays for j states above entirely.
    """
    low = sorted(v for v, usable in zip(V, row.usable, strict=True) if usable)
    above = [v for _, v in sorted(((p, v) for p, v in zip(row.p, V, strict=True) if p), reverse=True)]
    cuts = set(low) | set(above)
    total = ZERO
    for n, v in enumerate(low, start=1):
        total += v
        paid, j = ZERO, 0
        cuts.add((u + total) / n)
        for w in above:
            if w > v:
                paid, j = paid + w, j + 1
                if n != j:
                    cuts.add((u + total - paid) / (n - j))
    return max(cuts, key=lambda x: _cut_bound(row, V, u, x))


def _cut_bound(row: Share, V: Sequence[Fraction], u: Fraction, x: Fraction) -> Fraction:
    lifted = [max(x - v, ZERO) if usable else ZERO for v, usable in zip(V, row.usable, strict=True)]
    left = u - sum(lifted, ZERO)
    if left < 0:
        return min(V) - u  # no bound; worse than any
    bound = x - _mean(row.p, lifted)
    for p, v in sorted(zip(row.p, V, strict=True), reverse=True):
        lowered = min(max(v - x, ZERO), left) if p else ZERO
        bound, left = bound + p * lowered, left - lowered
    return bound
