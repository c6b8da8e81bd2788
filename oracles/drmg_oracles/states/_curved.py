r"""KL and chi-square: rows that lie on their balls at one level, found at high precision, proved exactly.

With ``sigma_k = d_k / lambda`` the adversary answers by the rows that minimise ``theta E_q z + D(q, p)`` at
``theta_a = sigma_k c_a / w_a``:

    KL          q ~ p exp(-theta z)
    chi-square  q = p (1 + (eta - theta z) / 2)_+,  eta such that q sums to 1

Each choice's worth ``M_k(sigma_k)`` falls in sigma_k; the level u of all choices that the adversary attacks
solves ``sum_a w_a D_a = kappa``, whose slope in u is ``-sum_k sigma_k``: Newton's method from below, kept
between bounds. What comes out is untrusted: the policy and the multiplier are put into the checker's bound,
the rows are pulled a hair towards p, so that they certainly keep within the budget, and priced exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context
from fractions import Fraction
from math import ceil, floor
from typing import Any

from mpmath import mp, mpf, workprec

from drmg_check.sets import ChiSquare, KullbackLeibler, Shareable, StateProblem
from drmg_oracles.state_checker import Share, lower_bound
from drmg_oracles.states._certificate import StateEnclosure, enclosed_state, shares_of

ZERO = Fraction(0)
GUARD = 40  # bits beyond those asked for: the search loses some of them, the hair costs 16
TURNS = 400  # a safeguard; Newton's method needs some ten turns, bisection as many as there are bits


@dataclass(frozen=True, slots=True)
class _Tilted:
    """A row's answer: ``q``, its mean of z, how that falls with theta, and its divergence."""

    q: list[Any]
    mean: Any
    fall: Any
    divergence: Any


@enclosed_state.register(KullbackLeibler, ChiSquare)
def enclose_curved(ball: Shareable, problem: StateProblem, bits: int) -> StateEnclosure:
    """Return an interval about ``2^-bits`` of the span of z wide."""
    shares = shares_of(problem)
    span = max(max(share.z) for share in shares) - min(min(share.z) for share in shares)
    with workprec(bits + 2 * GUARD):
        search = _Search(problem, shares)
        sigma = search.solve()
        d, m = _policy_of(sigma, search.stuck)
        dual = tuple(_dual_point(share, d[share.choice] * share.share, m * share.weight) for share in shares)
        hair = mpf(2) ** -(bits + 16)
        tilted = [search.row(a, sigma[share.choice]) for a, share in enumerate(shares)]
        rows = tuple(
            _pulled(t.q, share.p, hair) if t.divergence else share.p
            for t, share in zip(tilted, shares, strict=True)
        )
    grid = Fraction(2) ** (_magnitude(span) - bits - 4)
    digits = ceil((bits + 2 * GUARD) * 0.302) + 10  # decimal ones; 0.302 > log10(2)
    context = Context(digits, rounding=ROUND_HALF_EVEN, Emax=99_999, Emin=-20 * digits)
    low = lower_bound(shares, problem.budget, d, m, dual, context).lo
    worth = [ZERO] * problem.n_choices
    for share, row in zip(shares, rows, strict=True):
        here = sum((x * z for x, z in zip(row, share.z, strict=True)), ZERO) / sum(row)
        worth[share.choice] += share.share * here
    high = max(worth)
    if low != high:
        low, high = floor(low / grid) * grid, ceil(high / grid) * grid
    return StateEnclosure(problem, low, high, d, m, _spent(problem, shares, rows, bits), rows, dual)


class _Search:
    """The levels and tilts of one problem, at the precision of the moment."""

    def __init__(self, problem: StateProblem, shares: Sequence[Share]) -> None:
        self.shares, self.K = shares, problem.n_choices
        self.budget = _mp(problem.budget)
        self.parts = [(_mp(share.share), _mp(share.weight)) for share in shares]
        self.support = [
            [(s, _mp(p), _mp(share.z[s])) for s, p in enumerate(share.p) if p] for share in shares
        ]
        self.tilt = _kl if shares[0].kind == "kl" else _chi2
        self.stuck: int | None = None

    def row(self, a: int, sigma: Any) -> _Tilted:  # noqa: ANN401 - mpmath has no types
        """Return the answer of action a's row; ``inf`` puts all on its least value."""
        share, (c, w) = self.shares[a], self.parts[a]
        support = self.support[a]
        least = min(z for _, _, z in support)
        if sigma == mp.inf and c:
            mass = mp.fsum(p for _, p, z in support if z == least)
            q = [p / mass if z == least else mpf(0) for _, p, z in support]
            divergence = -mp.log(mass) if share.kind == "kl" else 1 / mass - 1
            mean, fall = least, mpf(0)
        elif sigma == 0 or c == 0:
            q, divergence = [p for _, p, _ in support], mpf(0)
            mean = mp.fsum(p * z for _, p, z in support)
            fall = mp.fsum(p * (z - mean) ** 2 for _, p, z in support)
        else:
            q, mean, fall, divergence = self.tilt(support, least, sigma * c / w)
        full = [mpf(0)] * len(share.p)
        for (s, _, _), x in zip(support, q, strict=True):
            full[s] = x
        return _Tilted(full, mean, fall, divergence)

    def choice(self, k: int, sigma: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
        """Return worth, its fall with sigma, and what the rows of choice k spend."""
        worth, fall, spends = mpf(0), mpf(0), mpf(0)
        for a, share in enumerate(self.shares):
            if share.choice == k:
                row, (c, w) = self.row(a, sigma), self.parts[a]
                worth, fall = worth + c * row.mean, fall + c * c / w * row.fall
                spends += w * row.divergence
        return worth, fall, spends

    def solve(self) -> list[Any]:
        """Return sigma of each choice at the level where the budget is spent; inf where it cannot sink."""
        nominal = [self.choice(k, mpf(0))[0] for k in range(self.K)]
        least = [self.choice(k, mp.inf)[0] for k in range(self.K)]
        high, low = max(nominal), max(least)
        self.stuck = least.index(low)
        sigma = self._at_floor(nominal, least, low)
        if high == low or self._spends(sigma) <= self.budget:
            return sigma
        if self.budget == 0:
            self.stuck = nominal.index(high)
            return [mpf(0)] * self.K
        self.stuck = None
        tiny = (high - low) * mpf(2) ** -(mp.prec - 8)
        u = (high + low) / 2
        sigma = [mpf(1)] * self.K
        for _ in range(TURNS):
            sigma = [self._sigma(k, u, nominal[k], sigma[k]) for k in range(self.K)]
            over = self._spends(sigma) - self.budget
            low, high = (u, high) if over > 0 else (low, u)
            step = over / (mp.fsum(sigma) or mpf(1))
            if abs(step) <= tiny or high - low <= tiny:
                break
            u = u + step if low < u + step < high else (low + high) / 2
        return sigma

    def _at_floor(self, nominal: list[Any], least: list[Any], low: Any) -> list[Any]:  # noqa: ANN401
        sigma = []
        for k in range(self.K):
            if nominal[k] <= low:
                sigma.append(mpf(0))
            elif least[k] == low:
                sigma.append(mp.inf)
            else:
                sigma.append(self._sigma(k, low, nominal[k], mpf(1)))
        return sigma

    def _spends(self, sigma: list[Any]) -> Any:  # noqa: ANN401
        return mp.fsum(self.choice(k, sigma[k])[2] for k in range(self.K))

    def _sigma(self, k: int, u: Any, nominal: Any, start: Any) -> Any:  # noqa: ANN401
        """Return the sigma at which choice k is worth u, by Newton's method between bounds."""
        if nominal <= u:
            return mpf(0)
        low, high, x = mpf(0), mp.inf, start if 0 < start < mp.inf else mpf(1)
        for _ in range(TURNS):
            worth, fall, _ = self.choice(k, x)
            low, high = (x, high) if worth > u else (low, x)
            if worth == u or (high < mp.inf and high - low <= high * mpf(2) ** -(mp.prec - 4)):
                break
            new = x + (worth - u) / fall if fall else mp.inf
            if low < new < high and abs(new - x) <= x * mpf(2) ** -(mp.prec // 2 + 4):
                return new  # Newton's method doubles the digits: this step was the last one
            if not low < new < high or (high == mp.inf and new > 16 * x):
                new = 4 * x if high == mp.inf else (low + high) / 2
            x = new
        return x


def _kl(support: list[tuple[int, Any, Any]], least: Any, theta: Any) -> tuple[list[Any], Any, Any, Any]:  # noqa: ANN401
    weights = [p * mp.exp(-theta * (z - least)) for _, p, z in support]
    total = mp.fsum(weights)
    q = [x / total for x in weights]
    mean = mp.fsum(x * z for x, (_, _, z) in zip(q, support, strict=True))
    variance = mp.fsum(x * (z - mean) ** 2 for x, (_, _, z) in zip(q, support, strict=True))
    return q, mean, variance, theta * (least - mean) - mp.log(total)


def _chi2(support: list[tuple[int, Any, Any]], _: Any, theta: Any) -> tuple[list[Any], Any, Any, Any]:  # noqa: ANN401
    """Tilt over the smallest values, as many as leave each of them a positive weight."""
    mass, moment, active = mpf(0), mpf(0), mpf(0)
    eta = mpf(0)
    for _, p, z in sorted(support, key=lambda entry: entry[2]):
        if mass and eta + 2 <= theta * z:
            break
        mass, moment = mass + p, moment + p * theta * z
        eta = (2 - 2 * mass + moment) / mass
    q, second = [], mpf(0)
    for _, p, z in support:
        weight = 1 + (eta - theta * z) / 2
        q.append(p * weight if weight > 0 else mpf(0))
        active += p * z if weight > 0 else 0
    centre = active / mass
    for (_, p, z), x in zip(support, q, strict=True):
        second += p * (z - centre) ** 2 if x > 0 else 0
    mean = mp.fsum(x * z for x, (_, _, z) in zip(q, support, strict=True))
    divergence = mp.fsum((x - p) ** 2 / p for x, (_, p, _) in zip(q, support, strict=True))
    return q, mean, second / 2, divergence


def _policy_of(sigma: list[Any], stuck: int | None) -> tuple[tuple[Fraction, ...], Fraction]:
    """Return ``d = sigma / sum`` and ``lambda = 1 / sum``; a choice that is stuck secures all alone."""
    if stuck is not None:
        return tuple(Fraction(k == stuck) for k in range(len(sigma))), ZERO
    total = mp.fsum(sigma)
    parts = [_fraction(x / total) for x in sigma]
    whole = sum(parts, ZERO)
    return tuple(part / whole for part in parts), _fraction(1 / total)


def _dual_point(share: Share, e: Fraction, u: Fraction) -> Fraction:
    """Return the number x of the checker's bound for chi-square: ``u`` times the eta of its row, shifted."""
    if share.kind != "chi2" or not e or not u:
        return ZERO
    mass, moment, x = ZERO, ZERO, ZERO
    for z, p in sorted((e * z, p) for z, p in zip(share.z, share.p, strict=True) if p):
        if mass and x + 2 * u <= z:
            break
        mass, moment = mass + p, moment + p * z
        x = (2 * u - 2 * u * mass + moment) / mass
    return x


def _spent(
    problem: StateProblem, shares: Sequence[Share], rows: Sequence[Sequence[Fraction]], bits: int
) -> tuple[Fraction, ...]:
    """Return upper bounds on the divergences of the rows, whose weighed sum is within the budget."""
    if not problem.budget:
        return (ZERO,) * len(rows)
    grid = problem.budget / sum(share.weight for share in shares) / 2 ** (bits + 32)
    with workprec(bits + 2 * GUARD):
        each = [_divergence(share, row) for share, row in zip(shares, rows, strict=True)]
    return tuple(ceil(x / grid + 1) * grid if x else ZERO for x in each)


def _divergence(share: Share, row: Sequence[Fraction]) -> Fraction:
    total = sum(row)
    terms = [(_mp(x / total), _mp(p)) for x, p in zip(row, share.p, strict=True) if p]
    if tuple(row) == share.p:
        return ZERO
    kl: Callable[[Any, Any], Any] = lambda x, p: x * mp.log(x / p) if x else mpf(0)  # noqa: E731
    return _fraction(mp.fsum(kl(x, p) if share.kind == "kl" else (x - p) ** 2 / p for x, p in terms))


def _pulled(q: Sequence[Any], p: Sequence[Fraction], hair: Any) -> tuple[Fraction, ...]:  # noqa: ANN401
    """Return weights a hair towards p: their divergence, convex and 0 there, falls by as much at least."""
    mixed = ((1 - hair) * x + hair * _mp(m) for x, m in zip(q, p, strict=True))
    return tuple(Fraction(int(mp.floor(x * mpf(2) ** mp.prec)), 2**mp.prec) for x in mixed)


def _mp(x: Fraction) -> Any:  # noqa: ANN401
    return mpf(x.numerator) / x.denominator


def _fraction(x: Any) -> Fraction:  # noqa: ANN401
    sign, mantissa, exponent, _ = mpf(x)._mpf_
    return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** int(exponent)


def _magnitude(x: Fraction) -> int:
    return x.numerator.bit_length() - x.denominator.bit_length() if x else 0
