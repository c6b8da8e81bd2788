r"""Verify a certificate with nothing but the standard library: this file alone is the trust base.

A certificate claims ``lo <= inf { E_q V : D(q, p) <= rho, q in simplex } <= hi``. Two facts prove it:

* *primal*: the distribution q given is in the ball, D evaluated from its definition, and ``E_q V <= hi``;
* *dual*: every q in the ball has ``E_q V >=`` the bound below at the number x given, which is >= lo.

With v the smallest value that the set admits, ``W = V - v`` and ``t = q / p``:

==================  ==============================================  ==========================================
set                 bound at x                                      because, for every q in the ball,
==================  ==============================================  ==========================================
tv                  E_p min(V, x) - rho (x - v)_+                   E_q V >= E_q min(V, x), of span (x - v)_+
interval, weighted  x + sum l (V - x)_+ - sum u (x - V)_+           (p - r)_+ = l <= q <= u = min(1, p + r)
                                                                    with r = rho / w
bounds              x + sum l (V - x)_+ - sum u (x - V)_+           l, u: those given, by 1 - rho nearer to p
weighted-l1         E_p min(V, m + x w) - x rho,                    in each state q (V - m) + x w |q - p| is
                    m = min (V + x w)                               least at q = 0 or at q = p
l2, ellipsoid       e - x rho^2 + sum y (V - e) + x w (y - p)^2,    in each state q (V - e) + x w (q - p)^2 is
                    y = (p - (V - e) / (2 x w))_+                   least at q = y, whatever e is
contamination       (1 - rho) E_p V + rho v                         q >= (1 - rho) p
scenarios           (1 - rho) E_p V + rho min E_(q_k) V, q_0 = p    q = (1 - rho) p + rho q_k, or q = p
wasserstein         sum_i p_i min_j (V_j + x C_ij) - x rho^order    V_j >= min_k (V_k + x C_ik) - x C_ij
kl                  v - (log E_p exp(-x W) + rho) / x               Gibbs: log E_p exp(-x W) >= -x E_q W - D
reverse-kl          v + (exp(E_p log y - rho) - 1) / x, y = 1 + xW  Jensen: log E_q y >= E_p log(t y)
cressie-read        v + (1 - c B^(1/r)) / ((a - 1) x), B = E_p y^r  Hoelder: E_q y <= |t|_a |y|_r (a > 1) or
                    y = (1 - (a - 1) x W)_+, r = a / (a - 1),       its reverse >= (a < 1); in the ball |t|_a
                    c = (1 + a (a - 1) rho)^(1/a)                   is at most c (at least c if a < 1)
==================  ==============================================  ==========================================

l1 is tv at rho / 2, chi2 and hellinger are a = 2 at rho / 2 and a = 1/2 at 2 rho; for l2 and ellipsoids e
balances the q given. Two more bounds need no x: no expectation is below v ("minimum"), and at rho = 0 only
q = p is left ("mean"), unless a move of wasserstein's is free.

Coq has checked the rules, in properties/proofs/theories: minimum_bound, and from tv_bound and mean_tv to
cressie_read_bound and mean_cressie_read; not yet those of bounds, scenarios, l2, ellipsoids and weights.

Arithmetic: intervals with rational end points. Sums and products are exact; only exp, log and irrational
powers are rounded: ``decimal`` rounds them correctly and one more unit in the last place on either side makes
them bounds. The precision doubles until the inequality is proved, is refuted, or 1,920 digits are not enough.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?)", re.ASCII | re.IGNORECASE)
_HEX = re.compile(r"([+-]?)0x([0-9a-f]+)\.?([0-9a-f]*)p([+-]?\d{1,4})", re.ASCII | re.IGNORECASE)
_PRECISIONS = tuple(  # underflow is rounded like everything else, so that no bound gets a million digits
    Context(digits, Emax=99_999, Emin=-20 * digits, traps=[InvalidOperation, DivisionByZero, Overflow])
    for digits in (60, 120, 240, 480, 960, 1920)
)
_FAMILY = {"chi2": (Fraction(2), Fraction(1, 2)), "hellinger": (Fraction(1, 2), Fraction(2))}  # order, radius
_WEIGHTED = {"weighted-l1", "weighted-interval", "ellipsoid"}
_BY_STATE = {"l2", "interval", "bounds", "scenarios"} | _WEIGHTED
_RATIONAL = {"tv", "l1", "contamination", "wasserstein"} | _BY_STATE
KINDS = _RATIONAL | {"kl", "reverse-kl", "cressie-read"} | set(_FAMILY)
ZERO, ONE = Fraction(0), Fraction(1)


class RefusedError(ValueError):
    """The certificate is malformed or does not prove what it claims; the message says which."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All reals between two rationals; sums and products are exact."""

    lo: Fraction
    hi: Fraction

    def __add__(self, other: Interval | Fraction) -> Interval:
        low, high = (other.lo, other.hi) if isinstance(other, Interval) else (other, other)
        return Interval(self.lo + low, self.hi + high)

    def __mul__(self, other: Interval | Fraction) -> Interval:
        ends = (other.lo, other.hi) if isinstance(other, Interval) else (other,)
        products = [x * y for x in (self.lo, self.hi) for y in ends]
        return Interval(min(products), max(products))


def verify(data: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """Return the interval ``(lo, hi)`` that a certificate, given as parsed JSON, proves.

    Raises
    ------
    RefusedError
        Not a certificate of version 1, or its claim does not follow from the points that it gives.
    """
    try:
        _require((data["format"], data["version"]) == ("drmg-certificate", 1), "unknown format or version")
        row = _read_row(data["row"])
        lo, hi = number(data["lo"]), number(data["hi"])
        _check_primal(row, data, hi)
        _check_dual(row, data, lo)
    except RefusedError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RefusedError(f"malformed certificate: {type(error).__name__}: {error}") from error
    return lo, hi


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    a: Fraction  # order of the Cressie-Read family, chi2 and hellinger included; 0 elsewhere
    p: list[Fraction]
    V: list[Fraction]
    rho: Fraction
    w: list[Fraction]  # weights of the states; 1 where the set has none
    given: list[list[Fraction]]  # bounds: the lower and the upper ones; scenarios: p and the rows of the list
    usable: list[bool]  # the states on which the adversary may put mass
    cost: list[list[Fraction]]  # wasserstein: ground ** order
    budget: Fraction

    @property
    def floor(self) -> Fraction:
        return min(v for v, usable in zip(self.V, self.usable, strict=True) if usable)


def _read_row(data: Mapping[str, Any]) -> _Row:
    ball = data["uncertainty"]
    kind, p, rho = ball["kind"], _distribution(data["nominal"]), number(data["radius"])
    V = [number(x) for x in data["values"]]
    _require(kind in KINDS, "unknown uncertainty set")
    _require(len(p) == len(V) and rho >= 0, "lengths differ, or the radius is negative")
    a = _FAMILY[kind][0] if kind in _FAMILY else number(ball["alpha"]) if kind == "cressie-read" else ZERO
    _require(abs(a) <= 8 and a.denominator <= 64 and a != 1, "alpha is out of range")
    _require(a != 0 or kind != "cressie-read", "alpha is out of range")
    _require(ball.get("support", "all") in ("all", "nominal"), "unknown support")
    confined = kind == "kl" or a > 1 or ball.get("support") == "nominal"
    w = [number(x) for x in ball["weights"]] if kind in _WEIGHTED else [ONE] * len(p)
    _require(len(w) == len(p) and min(w) > 0, "weights have another length, or are not positive")
    given = _read_given(kind, ball, p)
    cost, budget = _read_ground(ball, len(p), rho) if kind == "wasserstein" else ([], ZERO)
    return _Row(kind, a, p, V, rho, w, given, [m > 0 or not confined for m in p], cost, budget)


def _read_given(kind: str, ball: Mapping[str, Any], p: list[Fraction]) -> list[list[Fraction]]:
    if kind == "scenarios":
        given = [p, *(_distribution(line) for line in ball["rows"])]
    else:
        names = ("lower", "upper") if kind == "bounds" else ()
        given = [[number(x) for x in ball[name]] for name in names]
        _require(all(0 <= x <= 1 for line in given for x in line), "bounds are no probabilities")
    _require(all(len(line) == len(p) for line in given), "data of the set have another length")
    return given


def _read_ground(ball: Mapping[str, Any], n: int, rho: Fraction) -> tuple[list[list[Fraction]], Fraction]:
    order = ball["order"]
    _require(type(order) is int and 1 <= order <= 16, "order is out of range")
    cost = [[number(x) ** order for x in line] for line in ball["ground"]]
    _require([len(line) for line in cost] == [n] * n, "ground is not square")
    _require(all(x >= 0 for line in cost for x in line), "ground is negative")
    return cost, rho**order


def _check_primal(row: _Row, data: Mapping[str, Any], hi: Fraction) -> None:
    q = _distribution(data["distribution"])
    _require(len(q) == len(row.p), "the distribution has another length than the row")
    _require(all(u or not x for x, u in zip(q, row.usable, strict=True)), "q leaves the nominal support")
    _require(_dot(q, row.V) <= hi, "the distribution has an expectation above hi")
    if row.kind == "wasserstein":
        _check_plan(row, q, data["plan"])
    else:
        _prove(lambda context: _room(row, q, context), "the distribution lies in the ball")


def _check_plan(row: _Row, q: list[Fraction], plan: Sequence[Any]) -> None:
    left, arrived, spent = list(row.p), [ZERO] * len(q), ZERO
    for i, j, text in plan:
        mass = number(text)
        _require(type(i) is type(j) is int and min(i, j) >= 0 and mass >= 0, "the plan has an illegal move")
        left[i], arrived[j], spent = left[i] - mass, arrived[j] + mass, spent + mass * row.cost[i][j]
    _require(not any(left) and arrived == q, "the plan does not carry p to q")
    _require(spent <= row.budget, "the plan exceeds the budget")


def _room(row: _Row, q: list[Fraction], context: Context) -> Interval:
    """Enclose ``rho - D(q, p)``, D from its definition."""
    rho, a, pairs = row.rho, row.a, list(zip(q, row.p, strict=True))
    if row.kind in _BY_STATE:
        return _point(_room_by_state(row, q))
    if row.kind in ("tv", "l1"):
        return _point(rho - sum((abs(x - m) for x, m in pairs), ZERO) / (2 if row.kind == "tv" else 1))
    if row.kind == "contamination":
        return _point(min(x - (1 - rho) * m for x, m in pairs))
    room = _point(rho)
    for x, m in pairs:
        if row.kind == "reverse-kl":  # m log(m / x)
            room += _log(x / m, context) * m if m else ZERO
        elif row.kind == "hellinger":  # (sqrt x - sqrt m)^2
            room += _power(x * m, a, context) * Fraction(2) + -(x + m)
        elif m == 0:  # m f(x / m) in the limit m -> 0
            room += x / (a - 1)
        elif row.kind == "kl":  # x log(x / m)
            room += _log(x / m, context) * -x if x else ZERO
        elif row.kind == "chi2":
            room += -((x - m) ** 2) / m
        else:  # m f(x / m), f(t) = (t^a - a t + a - 1) / (a (a - 1))
            room += (_power(x / m, a, context) * m + (a * (m - x) - m)) * (1 / (a * (1 - a)))
    return room


def _room_by_state(row: _Row, q: list[Fraction]) -> Fraction:
    if row.kind in ("interval", "weighted-interval", "bounds"):
        return min(min(x - low, high - x) for x, low, high in zip(q, *_ends(row), strict=True))
    if row.kind == "scenarios":
        points = [[(1 - row.rho) * m + row.rho * y for m, y in zip(row.p, x, strict=True)] for x in row.given]
        return ZERO if q in [row.p, *points] else -ONE
    moves = [(w, abs(x - m)) for w, x, m in zip(row.w, q, row.p, strict=True)]
    if row.kind == "weighted-l1":
        return row.rho - sum((w * x for w, x in moves), ZERO)
    return row.rho**2 - sum((w * x**2 for w, x in moves), ZERO)


def _check_dual(row: _Row, data: Mapping[str, Any], lo: Fraction) -> None:
    bound = data["bound"]
    if bound["kind"] == "minimum":
        _require(lo <= row.floor, "lo is above the smallest value")
    elif bound["kind"] == "mean":
        _require(row.rho == 0, "the mean bounds nothing at a positive radius")
        # Where a move costs nothing, mass goes there at radius 0, too.
        free = any(c == 0 and i != j for i, line in enumerate(row.cost) for j, c in enumerate(line))
        _require(not free, "the mean bounds nothing where moves are free")
        _require(lo <= _dot(row.p, row.V), "lo is above the mean")
    else:
        _require(bound["kind"] == "dual", "unknown kind of bound")
        x = ZERO if row.kind in ("contamination", "scenarios") else number(bound["at"])
        q = _distribution(data["distribution"])
        _prove(lambda context: _dual(row, x, q, context) + -lo, "the dual bound reaches lo")


def _dual(row: _Row, x: Fraction, q: Sequence[Fraction], context: Context) -> Interval:
    """Enclose the bound of the table at x; only that of l2 and ellipsoids looks at q."""
    p, V, v, rho, a = row.p, row.V, row.floor, row.rho, row.a
    if row.kind in ("tv", "l1"):
        rho = rho if row.kind == "tv" else rho / 2
        return _point(_dot(p, [min(value, x) for value in V]) - rho * max(x - v, ZERO))
    if row.kind in ("interval", "weighted-interval", "bounds"):
        lower, upper = _ends(row)
        above, below = [max(value - x, ZERO) for value in V], [max(x - value, ZERO) for value in V]
        return _point(x + _dot(lower, above) - _dot(upper, below))
    if row.kind == "contamination":
        return _point((1 - rho) * _dot(p, V) + rho * v)
    if row.kind == "weighted-l1":
        _require(x >= 0, "the multiplier is negative")
        least = min(v + x * w for v, w, use in zip(V, row.w, row.usable, strict=True) if use)
        capped = [min(value, least + x * w) for value, w in zip(V, row.w, strict=True)]
        return _point(_dot(p, capped) - x * rho)
    if row.kind == "scenarios":
        return _point((1 - rho) * _dot(p, V) + rho * min(_dot(line, V) for line in row.given))
    if row.kind == "wasserstein":
        _require(x >= 0, "the multiplier is negative")
        reach = [min(value + x * c for value, c in zip(V, line, strict=True)) for line in row.cost]
        return _point(_dot(p, reach) - x * row.budget)
    _require(x > 0, "the tilt is not positive")
    if row.kind in ("l2", "ellipsoid"):
        return _point(_quadratic(row, x, q))
    support = [(m, value - v) for m, value in zip(p, V, strict=True) if m]
    total = _point(ZERO)
    if row.kind == "kl":
        for m, w in support:
            total += _exp(-x * w, context) * m
        return (_log(total, context) + rho) * (-1 / x) + v
    if row.kind == "reverse-kl":
        for m, w in support:
            total += _log(1 + x * w, context) * m
        return (_exp(total + -rho, context) + -ONE) * (1 / x) + v
    K = 1 + a * (a - 1) * rho * _FAMILY.get(row.kind, (a, ONE))[1]
    _require(K > 0, "the ball is the whole simplex, whose only bound is the minimum")
    for m, w in support:
        total += _power(max(1 - (a - 1) * x * w, ZERO), a / (a - 1), context) * m
    norm = _power(K, 1 / a, context) * _power(total, (a - 1) / a, context)
    return (norm + -ONE) * (1 / ((1 - a) * x)) + v


def _ends(row: _Row) -> tuple[list[Fraction], list[Fraction]]:
    """Return the least and the largest probabilities of the sets between bounds."""
    p, rho = row.p, row.rho
    if row.kind == "bounds":
        lower, upper = row.given
        least = [m - rho * max(m - y, ZERO) for m, y in zip(p, lower, strict=True)]
        return least, [m + rho * max(y - m, ZERO) for m, y in zip(p, upper, strict=True)]
    r = [rho / w for w in row.w]
    most = [min(m + y, ONE) if use else ZERO for m, y, use in zip(p, r, row.usable, strict=True)]
    return [max(m - y, ZERO) for m, y in zip(p, r, strict=True)], most


def _quadratic(row: _Row, x: Fraction, q: Sequence[Fraction]) -> Fraction:
    """Return the bound of the table at x, for the e with which the given q would be best on its support."""
    inside = [s for s, mass in enumerate(q) if mass]
    free = 2 * x * (1 - sum((row.p[s] for s in inside), ZERO))
    e = (sum((row.V[s] / row.w[s] for s in inside), free)) / sum((1 / row.w[s] for s in inside), ZERO)
    bound = e - x * row.rho**2
    for m, value, w, use in zip(row.p, row.V, row.w, row.usable, strict=True):
        y = max(m - (value - e) / (2 * x * w), ZERO) if use else ZERO
        bound += y * (value - e) + x * w * (y - m) ** 2
    return bound


def _prove(room: Callable[[Context], Interval], what: str) -> None:
    for context in _PRECISIONS:
        try:
            enclosed = room(context)
        except ArithmeticError:  # an interval touches 0 where a logarithm or a division needs it positive
            continue
        if enclosed.lo >= 0:
            return
        _require(enclosed.hi >= 0, f"it is false that {what}")
    raise RefusedError(f"{_PRECISIONS[-1].prec} digits do not prove that {what}")


def _log(x: Interval | Fraction, context: Context) -> Interval:
    if x == ONE:
        return _point(ZERO)
    return _monotone(context.ln, x, context)


def _exp(x: Interval | Fraction, context: Context) -> Interval:
    enclosed = _monotone(context.exp, x, context)
    return Interval(max(enclosed.lo, ZERO), enclosed.hi)


def _monotone(function: Callable[[Decimal], Decimal], x: Interval | Fraction, context: Context) -> Interval:
    """Enclose an increasing function whose ``decimal`` version is correctly rounded."""
    low, high = (x.lo, x.hi) if isinstance(x, Interval) else (x, x)
    below = context.next_minus(context.divide(Decimal(low.numerator), Decimal(low.denominator)))
    above = context.next_plus(context.divide(Decimal(high.numerator), Decimal(high.denominator)))
    return Interval(
        Fraction(context.next_minus(function(below))), Fraction(context.next_plus(function(above)))
    )


def _power(x: Interval | Fraction, e: Fraction, context: Context) -> Interval:
    """Enclose ``x ** e`` for x >= 0; exactly if that is rational: points on the sphere must pass."""
    if isinstance(x, Interval):
        ends = [_power(x.lo, e, context), _power(x.hi, e, context)]
        return Interval(min(end.lo for end in ends), max(end.hi for end in ends))
    top, bottom = _root(x.numerator, e.denominator), _root(x.denominator, e.denominator)
    if top is not None and bottom is not None and max(top, bottom).bit_length() * abs(e.numerator) <= 2000:
        return _point(Fraction(top, bottom) ** e.numerator)
    return _exp(_log(x, context) * e, context)


def _root(k: int, n: int) -> int | None:
    """Return the integer ``k ** (1/n)`` if there is one."""
    if n <= 2 or k == 0:
        root = k if n == 1 else math.isqrt(k)
    else:
        root = 1 << -(-k.bit_length() // n)
        while (smaller := ((n - 1) * root + k // root ** (n - 1)) // n) < root:
            root = smaller
    return root if root**n == k else None


def _distribution(weights: Sequence[str]) -> list[Fraction]:
    numbers = [number(x) for x in weights]
    total = sum(numbers)
    _require(all(x >= 0 for x in numbers) and total > 0, "weights are negative or sum to 0")
    return [x / total for x in numbers]


def _dot(q: Sequence[Fraction], V: Sequence[Fraction]) -> Fraction:
    return sum((x * value for x, value in zip(q, V, strict=True) if x), ZERO)


def number(text: object) -> Fraction:
    """Read the exact numbers of a certificate: ratio, decimal or C99 hex float, as strings."""
    _require(isinstance(text, str) and len(text) <= 4000, "a number is no string of at most 4,000 characters")
    assert isinstance(text, str)
    if _NUMBER.fullmatch(text):
        return Fraction(text)
    match = _HEX.fullmatch(text)
    _require(match is not None, f"{text[:40]!r} is no exact number")
    assert match is not None
    sign, whole, part, exponent = match.groups()
    scale = Fraction(2) ** (int(exponent) - 4 * len(part))
    return int(sign + whole + part, 16) * scale


def _point(x: Fraction) -> Interval:
    return Interval(x, x)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise RefusedError(message)


ParsedRow, room, distribution, dot, exp, log, prove = _Row, _room, _distribution, _dot, _exp, _log, _prove
