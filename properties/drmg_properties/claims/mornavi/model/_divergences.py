"""Lemma 1 and Proposition 1 for smooth f-divergences, whose balls have no vertices to list.

The convex conjugates ``f*(y) = sup_t { t y - f(t) }`` are written out here once more, from the definition of
each divergence (Ben-Tal et al. 2013, table 4); the oracles have theirs in other variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.models import (
    action_distribution,
    exact_radius,
    exact_reward,
    nominal_row,
    row_set,
    uniform_policy,
)
from drmg_check.sets import (
    ChiSquare,
    CressieRead,
    Hellinger,
    KullbackLeibler,
    ReverseKL,
    Row,
    UncertaintySet,
    set_name,
)
from drmg_check.vocabulary import Array, Bounds, FloatArray, Verdict
from drmg_check.zoo import load
from drmg_oracles import enclose, evaluate_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_least,
    at_most,
    both,
)
from drmg_properties.formulas import ball, enclose_closely, interval, outward, vector
from drmg_properties.instances import Play, describe_play
from drmg_properties.strategies import rows

CLOSE = Fraction(1, 2**24)  # of the largest value: a dual point found in float64 is that near the best one
EXPONENTS = np.linspace(-32.0, 20.0, 14)  # of multipliers that are tried, as powers of two of the range
ATTAINED = 60  # bits, as a power of two of H: what the enclosures of rows leave
NARROWING = 24  # times that the best exponent's surroundings are cut


@dataclass(frozen=True, slots=True)
class _Conjugate:
    """``f*`` in ball arithmetic, its derivative in float64, and where that is 1: ``f'(1)``.

    Beyond its domain ``value`` is None: infinite. The derivative is the density with which nature answers.
    """

    value: Callable[[arb], arb | None]
    density: Callable[[FloatArray], FloatArray]
    at_one: float


def _power(a: Fraction) -> _Conjugate:
    """Return the conjugate of ``(t^a - a t + a - 1) / (a (a - 1))``."""
    slope, exponent = float(a - 1), a / (a - 1)

    def value(y: arb) -> arb | None:
        base = 1 + ball(a - 1) * y
        if base > 0:
            return (base ** ball(exponent) - 1) / ball(a)
        return -1 / ball(a) if a > 1 else None

    def density(y: FloatArray) -> FloatArray:
        base = np.maximum(1.0 + slope * y, 0.0)
        powers: FloatArray = base ** (1.0 / slope)
        return powers

    return _Conjugate(value, density, 0.0)


def _below(y: FloatArray, end: float, inside: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Return a density that is infinite from the end of the domain on."""
    return np.where(y < end, inside(np.minimum(y, np.nextafter(end, -np.inf))), np.inf)


CONJUGATES: dict[UncertaintySet, _Conjugate] = {
    KullbackLeibler(): _Conjugate(lambda y: (y - 1).exp(), lambda y: np.exp(np.minimum(y, 700.0) - 1.0), 1.0),
    ReverseKL(): _Conjugate(
        lambda y: -1 - (-y).log() if y < 0 else None, lambda y: _below(y, 0.0, lambda x: -1.0 / x), -1.0
    ),
    ChiSquare(): _Conjugate(
        lambda y: y + y * y / 4 if y > -2 else arb(-1), lambda y: np.maximum(1.0 + y / 2.0, 0.0), 0.0
    ),
    Hellinger(): _Conjugate(
        lambda y: y / (1 - y) if y < 1 else None, lambda y: _below(y, 1.0, lambda x: (1.0 - x) ** -2), 0.0
    ),
}
ORDERS = tuple(CressieRead(a) for a in (Fraction(-1), Fraction(1, 2), Fraction(3, 2), Fraction(3)))
DIVERGENCES: tuple[UncertaintySet, ...] = (*CONJUGATES, *ORDERS)


def _conjugate(uncertainty: UncertaintySet) -> _Conjugate:
    """Return the conjugate of a divergence; rows draw orders of their own."""
    return _power(uncertainty.alpha) if isinstance(uncertainty, CressieRead) else CONJUGATES[uncertainty]


def _drawn(budget: Budget) -> SearchStrategy[Row]:
    """Draw rows that no mass can leave, with a positive radius, for each divergence."""
    most = 2 + budget.size // 2
    return st.sampled_from(DIVERGENCES).flatmap(
        lambda uncertainty: rows(uncertainty, most, 2).filter(
            lambda row: row.radius > 0 and min(row.probabilities) > 0
        )
    )


def dual_point(row: Row) -> tuple[Fraction, Fraction]:
    """Return about the best ``(lambda, eta)`` of Lemma 1, found in float64."""
    conjugate = _conjugate(row.uncertainty)
    p, V = (np.array([float(x) for x in each]) for each in (row.probabilities, row.values))
    span = float(np.ptp(V)) or 1.0

    def best_eta(lam: float) -> float:
        """Solve ``E f*'((eta - V) / lambda) = 1``."""
        low, high = (float(end) + lam * conjugate.at_one for end in (V.min(), V.max()))
        for _ in range(54):
            eta = (low + high) / 2.0
            low, high = (eta, high) if p @ conjugate.density((eta - V) / lam) < 1.0 else (low, eta)
        return low

    @cache
    def worth(exponent: float) -> float:
        lam = span * 2.0**exponent
        value = _dual_value(row, Fraction(lam), Fraction(best_eta(lam)), Fraction(1), Fraction(1))
        return -np.inf if value is None else float(value.mid())

    with np.errstate(divide="ignore", over="ignore"):  # densities are infinite where their domain ends
        here, step = max(EXPONENTS, key=worth), 4.0
        for _ in range(NARROWING):
            here = max((here - step, here, here + step), key=worth)
            step /= 2.0
        lam = span * 2.0 ** float(here)
        return Fraction(lam), Fraction(best_eta(lam))


def _dual_value(row: Row, lam: Fraction, eta: Fraction, share: Fraction, weight: Fraction) -> arb | None:
    """Return ``-lambda weight E f*((eta - V) / lambda) - lambda share rho + eta``; None: it is -infinity."""
    value = _conjugate(row.uncertainty).value
    total = arb(0)
    for p, v in zip(row.probabilities, row.values, strict=True):
        if (at := value(ball((eta - v) / lam))) is None:
            return None
        total += ball(p) * at
    return ball(eta) - ball(lam) * (ball(weight) * total + ball(share * row.radius))


def _duality(share: Fraction = Fraction(1), weight: Fraction = Fraction(1)) -> Callable[[Row], Derivation]:
    """Derive that no dual point exceeds the worst case, and that one comes as near as float64 finds it."""

    def derive(row: Row) -> Derivation:
        enclosure, (lam, eta) = enclose(row), dual_point(row)
        size = max(map(abs, row.values)) or Fraction(1)
        around = [(lam * up, eta + shift * lam) for up in (1, 2, Fraction(1, 2)) for shift in (0, 1, -1)]

        def formula(lam: Fraction, eta: Fraction) -> arb:
            value = _dual_value(row, lam, eta, share, weight)
            assert value is not None
            return value

        points = [at for at in around if _dual_value(row, *at, share, weight) is not None]
        values = [enclose_closely(partial(formula, *at)) for at in points]

        def lines() -> tuple[str, ...]:
            return (
                f"{row.uncertainty}: P* = {vector(row.probabilities)}, V = {vector(row.values)}, "
                f"rho = {row.radius}",
                f"worst case: {interval(Bounds(enclosure.lo, enclosure.hi))}",
                *(
                    f"dual at lambda = {outward(x, 1, 6)}, eta = {outward(y, 1, 6)}: {interval(value)}"
                    for (x, y), value in zip(points, values, strict=True)
                ),
            )

        return both(
            *(at_most(value, enclosure.hi, lines) for value in values),
            at_least(values[0], enclosure.lo - CLOSE * size, lines),
        )

    return derive


def _small_plays(budget: Budget) -> Iterator[Play]:
    """Yield uniform play in random games of two states and two steps, for each divergence."""
    for seed, uncertainty in product(range(4 * budget.size), DIVERGENCES):
        name, radius = set_name(uncertainty), Fraction(1 + seed % 3, 4)
        game = load(f"random?states=2&horizon=2&successors=3&uncertainty={name}&radius={radius}&seed={seed}")
        yield Play(game, uniform_policy(game))


Kernel = dict[tuple[int, int, int], tuple[Fraction, ...]]


def _kernels(play: Play, i: int, V: Array) -> dict[str, Kernel]:
    """Return kernels of agent i's balls, each row proved to lie in its ball: the first is the worst for V."""
    game = play.game
    places = tuple(product(range(game.horizon), range(game.n_states), range(game.n_joint_actions)))
    nominal = {(h, s, a): nominal_row(game.stages[h], s, a) for h, s, a in places}

    def answer(sign: int) -> Kernel:
        each = {}
        for h, s, a in places:
            values = tuple(sign * v for v in V[h + 1])
            radius = exact_radius(game.stages[h], i, s, a)
            row = Row(row_set(game.stages[h], i), nominal[h, s, a], values, radius)
            each[h, s, a] = enclose(row).worst_distribution
        return each

    worst, best = answer(1), answer(-1)
    return {
        "the worst for V": worst,
        "P*": nominal,
        "the best for V": best,
        "halfway from P*": {
            place: tuple((x + y) / 2 for x, y in zip(row, worst[place], strict=True))
            for place, row in nominal.items()
        },
    }


def _forwards(play: Play, i: int, kernel: Kernel, start: int) -> Fraction:
    """Return agent i's return from a state under a kernel, from where play is at each step."""
    game, total = play.game, Fraction(0)
    here = {start: Fraction(1)}
    for h in range(game.horizon):
        following = dict.fromkeys(range(game.n_states), Fraction(0))
        for s, chance in here.items():
            for a, weight in enumerate(action_distribution(play.policy, h, s)):
                total += chance * weight * exact_reward(game.stages[h], i, s, a)
                for t, probability in enumerate(kernel[h, s, a]):
                    following[t] += chance * weight * probability
        here = following
    return total


def _bellman(share: Fraction) -> Callable[[Play], Derivation]:
    """Derive that no kernel returns less than the recursion at ``share`` of the radii, the worst no more."""

    def derive(play: Play) -> Derivation:
        game = play.game
        smaller = replace(game, radius=share * game.radius)
        values, parts, shown = evaluate_exactly(smaller, play.policy), [], list(describe_play(play))
        size = Fraction(game.horizon)
        for i in range(game.n_agents):
            kernels = _kernels(play, i, evaluate_exactly(game, play.policy).lo[i])
            for s in range(game.n_states):
                low, high = values.lo[i, 0, s], values.hi[i, 0, s]
                returns = {name: _forwards(play, i, kernel, s) for name, kernel in kernels.items()}
                shown.append(
                    f"agent {i}, s{s}: recursion {interval(Bounds(low, high))}; forwards under "
                    + ", ".join(f"{name} {interval(Bounds.of(x))}" for name, x in returns.items())
                )
                parts += [at_most(low, x, lambda: tuple(shown)) for x in returns.values()]
                parts.append(
                    at_most(returns["the worst for V"], high + size / 2**ATTAINED, lambda: tuple(shown))
                )
        return both(*parts)

    return derive


NINE_TENTHS = Fraction(9, 10)
NAMES = ", ".join(set_name(uncertainty) for uncertainty in DIVERGENCES)

A2_DIVERGENCES = Claim(
    id="A2.divergences",
    place="Lemma 1",
    title="Strong duality for every smooth f-divergence",
    statement=(
        "The worst-case expectation is sup over lambda > 0 and eta of "
        "-lambda sum P*(s) f*((eta - V(s)) / lambda) - lambda rho + eta."
    ),
    latex=(
        r"\sigma(V) = \sup_{\lambda > 0, \eta} \left\{ -\lambda \sum_s P^*(s) "
        r"f^*\left(\frac{\eta - V(s)}{\lambda}\right) - \lambda \rho + \eta \right\}"
    ),
    formalisation=(
        f"For {NAMES}; P* is positive everywhere, so that A2 says nothing here. Weak duality at nine "
        "points, in ball arithmetic; at one of them, which float64 has found, the dual is within "
        "2^-24 max |V| of the certified worst case. The conjugates are written out from the definitions."
    ),
    assumptions=("P* > 0", "rho > 0"),
    instance_type=Row,
    search=Generated(_drawn),
    derive=_duality(),
    neighbours=(
        Neighbour("9/10 of the radius", _duality(share=NINE_TENTHS)),
        Neighbour("9/10 of the conjugate", _duality(weight=NINE_TENTHS)),
    ),
)
A5_DIVERGENCES = Claim(
    id="A5.divergences",
    place="Proposition 1, eq. (12)-(13)",
    title="Robust Bellman equation for every smooth f-divergence",
    statement="V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})] is the worst value over the product of the balls.",
    latex=(
        r"V^{\pi,\rho_i}_{i,h}(s) = E_{a \sim \pi_h(\cdot|s)} \left[ r_{i,h}(s,a) + "
        r"\sigma_{P^{\rho_i}_{i,h}(s,a)}[V^{\pi,\rho_i}_{i,h+1}] \right]"
    ),
    formalisation=(
        f"For {NAMES}. Whole kernels whose rows are proved to lie in their balls are played forwards: none "
        "returns less than the recursion, and the kernel of worst rows returns no more, up to 2^-60 H."
    ),
    assumptions=("agent-wise (s, a)-rectangular sets", "Markov joint policy"),
    expected=Verdict.ON_A_LIST,
    instance_type=Play,
    search=Exhaustive(_small_plays),
    derive=_bellman(Fraction(1)),
    neighbours=(Neighbour("9/10 of each radius", _bellman(NINE_TENTHS)),),
)

CLAIMS: tuple[Claim[Any], ...] = (A2_DIVERGENCES, A5_DIVERGENCES)
