r"""Robust values, best responses and equilibrium gaps of a joint policy, exactly or between proven bounds.

The recursion is the robust Bellman equation, eq. (12)-(13) of the MORNAVI paper,

    Q_h(s, a) = r_h(s, a) + inf { E_q V_{h+1} : D(q, P_h(.|s, a)) <= rho_h(s, a) },   V_H = 0,
    V_h(s) = E_{a ~ pi_h(.|s)} Q_h(s, a),

with the average over actions replaced by a maximum for deviations. Three facts keep it practical and
rigorous:

* **Lipschitz.** The worst-case expectation is monotone and ``sigma(V + c) = sigma(V) + c``, hence
  ``sigma(L) <= sigma(V) <= sigma(L) + max(U - L)`` whenever ``L <= V <= U``: one enclosure per row, at
  the lower bound, is enough, and widths add along h.
* **Few states matter.** Outside the nominal support an f-divergence and a contamination ball charge for
  the mass alone, so all of it sits on one argmin of V; an interval ball allows rho per state, so it
  fills the ``ceil(1 / rho)`` smallest. The remaining states of probability 0 are left out of the row.
* **Rounding outward.** Bounds that are no longer exact are rounded to multiples of
  ``2^-bits * 2^ceil(log2(H max |r|))``, rows and values, so that denominators stay bounded; that widens an
  interval by at most four multiples a step. Exact values (``lo == hi``) are kept exact until their
  denominators, which can grow like the product of all row sums, exceed 4096 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from math import ceil, frexp, prod
from operator import mul
from typing import TypeAlias

import numpy as np

from drmg_check.vocabulary import (
    L1,
    Array,
    Contamination,
    FictitiousTotalVariation,
    InputError,
    IntArray,
    Interval,
    JointPolicy,
    RobustMarkovGame,
    Row,
    TotalVariation,
    UncertaintySet,
    UnsupportedError,
    Wasserstein,
    action_distribution,
    check_policy_fits,
    exact_radius,
    exact_reward,
    leaves_support,
    row_set,
    uniform_policy,
)
from drmg_oracles._enclosure import enclose
from drmg_oracles._fictitious import averaged_game, own_policy
from drmg_oracles._integers import (
    IntegerRow,
    integer_row,
    integer_values,
    over_common_denominator,
    worst_case_in_integers,
)

DEFAULT_BITS = 128
EXACT_BITS = 4096
Bounds: TypeAlias = tuple[Fraction, Fraction]
_Q: TypeAlias = Callable[[int], Bounds]  # a -> bounds on Q_h(s, a)
_Update: TypeAlias = Callable[[int, int, _Q], Bounds]  # (h, s, Q_h(s, .)) -> bounds on V_h(s)
_Worst: TypeAlias = Callable[[IntegerRow, Fraction], Bounds]  # (row, radius) -> bounds on its worst case


@dataclass(frozen=True, slots=True, eq=False)
class ExactValues:
    """Robust values ``lo[i, h, s] <= V[i, h, s] <= hi[i, h, s]``, object arrays [m, H + 1, S] of Fractions.

    ``lo == hi`` throughout when every set is polyhedral and no denominator exceeds 4096 bits, as in games
    of small fractions or with few successors; ``V[:, H] = 0``.
    """

    lo: Array
    hi: Array


@dataclass(frozen=True, slots=True, eq=False)
class ExactBestResponse:
    """Bounds [H + 1, S] on agent i's best-response values and a deviation [H, S] that attains them.

    The deviation maximises the lower bound, ties to the smallest action; where ``lo < hi`` its value is
    at most ``hi - lo`` below the maximum.
    """

    lo: Array
    hi: Array
    deviation: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ExactGap:
    """Bounds ``lo[i, s] <= gap_i(s) <= hi[i, s]`` at step 0, object arrays [m, S] of Fractions.

    ``at_initial`` is the largest over agents at the game's initial state, ``overall`` over states as well
    (the paper's gap at all s).
    """

    lo: Array
    hi: Array
    at_initial: Bounds
    overall: Bounds


def evaluate_exactly(game: RobustMarkovGame, policy: JointPolicy, *, bits: int | None = None) -> ExactValues:
    """Return every agent's robust value of a joint policy, possibly correlated.

    Parameters
    ----------
    game, policy
        Read as exact rationals.
    bits : int, optional
        Encloses rows and rounds outward at ``2^-bits`` of the scale. By default that is 128 bits, and
        exact values stay exact up to denominators of 4096 bits.

    Raises
    ------
    InputError
        The policy belongs to another game.
    """
    check_policy_fits(game, policy)

    each = [_evaluate(game, policy, i, bits) for i in range(game.n_agents)]
    return ExactValues(np.stack([lo for lo, _ in each]), np.stack([hi for _, hi in each]))


def _evaluate(game: RobustMarkovGame, policy: JointPolicy, i: int, bits: int | None) -> tuple[Array, Array]:
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        return _evaluate(averaged_game(game, policy, i, obeying=True), own_policy(policy, i), 0, bits)

    def average(h: int, s: int, q: _Q) -> Bounds:
        return _mean((w, q(a)) for a, w in enumerate(action_distribution(policy, h, s)) if w)

    return _backward_induction(game, i, average, bits)


def best_response_exactly(
    game: RobustMarkovGame, policy: JointPolicy, i: int, *, bits: int | None = None
) -> ExactBestResponse:
    """Return ``max over agent i's Markov policies of V_i`` against the marginal ``pi_{-i}``, eq. (2)-(3).

    The other agents keep the joint distribution of their own actions; agent i no longer sees the
    correlation. Parameters and errors as for :func:`evaluate_exactly`.
    """
    check_policy_fits(game, policy)
    if not 0 <= i < game.n_agents:
        raise InputError(f"i={i!r}; expected an agent 0 <= i < {game.n_agents}")
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        one = averaged_game(game, policy, i, obeying=False)
        return best_response_exactly(one, uniform_policy(one), 0, bits=bits)
    deviation = np.zeros((game.horizon, game.n_states), dtype=np.int64)

    def improve(h: int, s: int, q: _Q) -> Bounds:
        others: dict[int, Fraction] = {}
        for given in _by_recommendation(policy, i, h, s).values():
            for rest, weight in given.items():
                others[rest] = others.get(rest, Fraction(0)) + weight
        options = _answers(game, i, others, q)
        deviation[h, s] = max(range(len(options)), key=lambda b: options[b][0])
        return _maximum(options)

    lo, hi = _backward_induction(game, i, improve, bits)
    deviation.setflags(write=False)
    return ExactBestResponse(lo, hi, deviation)


def gap_exactly(game: RobustMarkovGame, policy: JointPolicy, *, bits: int | None = None) -> ExactGap:
    """Return ``V_i^{dagger, pi_{-i}} - V_i^pi`` at step 0: the CCE gap, and the NE gap of a product policy.

    The gap of a correlated policy may be negative: a deviation gives up the correlation. Parameters and
    errors as for :func:`evaluate_exactly`.
    """
    values = evaluate_exactly(game, policy, bits=bits)
    best = [best_response_exactly(game, policy, i, bits=bits) for i in range(game.n_agents)]
    return _gap(
        np.stack([b.lo[0] for b in best]) - values.hi[:, 0],
        np.stack([b.hi[0] for b in best]) - values.lo[:, 0],
        game.initial_state,
    )


def ce_gap_exactly(game: RobustMarkovGame, policy: JointPolicy, *, bits: int | None = None) -> ExactGap:
    r"""Return ``max_phi V_i^{phi o pi} - V_i^pi`` at step 0, over modifications ``phi_{h,s}: A_i -> A_i``.

    By backward induction ``V_h(s) = sum_{a_i} max_b sum_{a_{-i}} pi(a_i, a_{-i}) Q_h(s, (b, a_{-i}))``: each
    recommendation is answered on its own. The gap is never negative, phi may be the identity.
    Parameters as for :func:`evaluate_exactly`.

    Raises
    ------
    InputError
        The policy belongs to another game.
    UnsupportedError
        A fictitious set: two recommendations that are answered alike share one ball, around the average
        over both, so that they cannot be answered each on its own.
    """
    for i, one in enumerate(game.uncertainty):
        if isinstance(one, FictitiousTotalVariation):
            raise UnsupportedError(
                f"agent {i} of {game.name!r} has a fictitious set: recommendations answered alike share one "
                "ball, so a CE gap is no sum over them; ask for the NE / CCE gap"
            )
    values = evaluate_exactly(game, policy, bits=bits)
    best = [_backward_induction(game, i, _modification(game, policy, i), bits) for i in range(game.n_agents)]
    lo: Array = np.stack([low[0] for low, _ in best]) - values.hi[:, 0]
    lo[lo < 0] = Fraction(0)
    return _gap(lo, np.stack([high[0] for _, high in best]) - values.lo[:, 0], game.initial_state)


def _modification(game: RobustMarkovGame, policy: JointPolicy, i: int) -> _Update:
    def modify(h: int, s: int, q: _Q) -> Bounds:
        answers = [_answers(game, i, given, q) for given in _by_recommendation(policy, i, h, s).values()]
        return _mean((Fraction(1), _maximum(options)) for options in answers)

    return modify


def _answers(game: RobustMarkovGame, i: int, others: dict[int, Fraction], q: _Q) -> list[Bounds]:
    """Return for each action b of agent i the sum over the others' (unnormalised) weights of ``Q(b, .)``."""
    stride = prod(game.actions[i + 1 :])
    return [_mean((w, q(rest + b * stride)) for rest, w in others.items()) for b in range(game.actions[i])]


def _by_recommendation(policy: JointPolicy, i: int, h: int, s: int) -> dict[int, dict[int, Fraction]]:
    """Split ``pi_h(.|s)`` by agent i's action; keys of the inner dict are joint actions with a_i set to 0."""
    stride, n = prod(policy.actions[i + 1 :]), policy.actions[i]
    result: dict[int, dict[int, Fraction]] = {}
    for a, weight in enumerate(action_distribution(policy, h, s)):
        if weight:
            own = (a // stride) % n
            result.setdefault(own, {})[a - own * stride] = weight
    return result


def _backward_induction(
    game: RobustMarkovGame, i: int, update: _Update, bits: int | None
) -> tuple[Array, Array]:
    """Return bounds [H + 1, S] on ``V_h(s) = update(h, s, Q_h(s, .))``; Q is enclosed only where asked."""
    H, S = game.horizon, game.n_states
    lo, hi = (np.full((H + 1, S), Fraction(0), dtype=object) for _ in range(2))
    exponent = frexp(H * float(np.abs(game.r[i]).max()))[1]
    precision = DEFAULT_BITS if bits is None else bits
    grid = Fraction(2) ** (exponent - precision)
    rows = _rows_of(game)
    for h in reversed(range(H)):
        width = max(hi[h + 1] - lo[h + 1])
        worst = _worst_cases(row_set(game, i), lo[h + 1].tolist(), precision)
        rounded = grid if width or bits is not None else None
        Q = _action_values(game, i, h, partial(rows, h), worst, width, rounded)
        for s in range(S):
            low, high = update(h, s, partial(Q, s))
            if low != high or bits is not None or low.denominator.bit_length() > EXACT_BITS:
                low, high = _outward(low, high, grid)
            lo[h, s], hi[h, s] = low, high
    lo.setflags(write=False)
    hi.setflags(write=False)
    return lo, hi


def _action_values(
    game: RobustMarkovGame,
    i: int,
    h: int,
    rows: Callable[[int, int], IntegerRow],
    worst: _Worst,
    width: Fraction,
    grid: Fraction | None,
) -> Callable[[int, int], Bounds]:
    """Return ``(s, a) -> bounds on Q_h(s, a)``; the next values lie within ``width`` of V.

    Equal rows are enclosed once, and rounded outward to the grid, if there is one.
    """
    known: dict[tuple[IntegerRow, Fraction], Bounds] = {}

    @cache  # deviations ask for the same action again and again
    def Q(s: int, a: int) -> Bounds:
        key = (rows(s, a), exact_radius(game, i, h, s, a))
        if key not in known:
            low, high = worst(*key)
            known[key] = _outward(low, high + width, grid) if grid else (low, high + width)
        low, high = known[key]
        r = exact_reward(game, i, h, s, a)
        return r + low, r + high

    return Q


def _rows_of(game: RobustMarkovGame) -> Callable[[int, int, int], IntegerRow]:
    """Return ``(h, s, a) -> row``; the rows of a stationary kernel are read once."""

    def read(h: int, s: int, a: int) -> IntegerRow:
        return integer_row(game.transition[h, s, a])

    if not game.is_stationary:
        return read
    kept = cache(partial(read, 0))
    return lambda h, s, a: kept(s, a)


def _worst_cases(uncertainty: UncertaintySet, V: list[Fraction], bits: int) -> _Worst:
    """Return ``(row, radius) -> bounds on the worst case of V``, sorting V once."""
    if isinstance(uncertainty, TotalVariation | L1 | Contamination):
        values = integer_values(V)

        def in_integers(row: IntegerRow, radius: Fraction) -> Bounds:
            value = worst_case_in_integers(uncertainty, row, values, radius)
            return value, value

        return in_integers
    order = sorted(range(len(V)), key=V.__getitem__)

    def enclosed(row: IntegerRow, radius: Fraction) -> Bounds:
        found = enclose(_reduced_row(uncertainty, row, radius, V, order), bits=bits)
        return found.lo, found.hi

    return enclosed


def _reduced_row(
    uncertainty: UncertaintySet, row: IntegerRow, radius: Fraction, V: list[Fraction], order: list[int]
) -> Row:
    """Leave out the states that no worst case needs; ``order`` lists the states by increasing V."""
    if isinstance(uncertainty, Wasserstein):
        extra = len(V)
    elif not leaves_support(uncertainty) or radius == 0:
        extra = 0
    elif isinstance(uncertainty, Interval):
        extra = ceil(1 / radius)
    else:
        extra = 1
    weights = {s: Fraction(w, row.total) for s, w in zip(row.states, row.weights, strict=True)}
    others = [s for s in order[: extra + len(weights)] if s not in weights][:extra]
    weights |= dict.fromkeys(others, Fraction(0))
    kept = sorted(weights)  # all states in their order, as the ground metric needs
    return Row(uncertainty, tuple(weights[s] for s in kept), tuple(V[s] for s in kept), radius)


def _outward(low: Fraction, high: Fraction, grid: Fraction) -> Bounds:
    (a, b), (c, d), (n, m) = (x.as_integer_ratio() for x in (low, high, grid))
    return Fraction(a * m // (b * n) * n, m), Fraction(-(-c * m // (d * n)) * n, m)


def _mean(terms: Iterable[tuple[Fraction, Bounds]]) -> Bounds:
    """Return the sums of weight times bound, over common denominators: fractions would take a gcd a term."""
    weights, bounds = zip(*terms, strict=True)
    numerators, denominator = over_common_denominator(weights)
    low, high = (
        Fraction(sum(map(mul, numerators, one)), denominator * unit)
        for one, unit in map(over_common_denominator, zip(*bounds, strict=True))
    )
    return low, high


def _maximum(options: list[Bounds]) -> Bounds:
    return max(low for low, _ in options), max(high for _, high in options)


def _gap(lo: Array, hi: Array, initial: int) -> ExactGap:
    lo.setflags(write=False)
    hi.setflags(write=False)
    return ExactGap(lo, hi, (max(lo[:, initial]), max(hi[:, initial])), (lo.max(), hi.max()))
