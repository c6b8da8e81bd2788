r"""Robust values of a joint policy, exactly or between proven bounds.

The recursion is the robust Bellman equation, eq. (12)-(13) of the MORNAVI paper,

    Q_h(s, a) = r_h(s, a) + inf { E_q V_{h+1} : D(q, P_h(.|s, a)) <= rho_h(s, a) },   V_H = 0,
    V_h(s) = E_{a ~ pi_h(.|s)} Q_h(s, a),

with the average over actions replaced by a maximum for deviations (``_deviations.py``). Three facts keep
it practical and rigorous:

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

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from math import frexp
from operator import mul
from typing import TypeAlias, TypeVar

import numpy as np

from drmg_check.files import Steps
from drmg_check.models import (
    JointPolicy,
    Model,
    RowBlock,
    Stage,
    action_distribution,
    check_policy_fits,
    common_play,
    exact_radius,
    exact_reward,
    largest_payment,
    mirrored_game,
    next_values,
    row_set,
    set_at,
    support,
)
from drmg_check.sets import (
    ByRow,
    FictitiousTotalVariation,
    Row,
    SRectangular,
    UncertaintySet,
)
from drmg_check.vocabulary import Array, Ends, InputError
from drmg_check.words import NATURES, Nature
from drmg_oracles.games._fictitious import averaged_game, own_policy
from drmg_oracles.games._fixed_point import Between, Moves, Operator
from drmg_oracles.games._iterate import iterate
from drmg_oracles.games._resuming import resuming
from drmg_oracles.games._s_rectangular import Resume, Rounding, obeying, shared_bounds
from drmg_oracles.rows import (
    IntegerRow,
    enclose,
    in_integers,
    integer_row,
    integer_values,
    is_recording,
    note_row,
    over_common_denominator,
    worst_case_in_integers,
    worst_row_in_integers,
)

DEFAULT_BITS = 128  # more than twice a float64's, so that no comparison with one is decided by rounding
EXACT_BITS = 4096
T = TypeVar("T")
ActionValues: TypeAlias = Callable[[int], Ends]  # a -> bounds on Q_h(s, a)
Update: TypeAlias = Callable[[int, int, ActionValues], Ends]  # (h, s, Q_h(s, .)) -> bounds on V_h(s)
WorstRows: TypeAlias = Callable[[IntegerRow, Fraction], IntegerRow]  # (nominal row, radius) -> the worst one
_Worst: TypeAlias = Callable[[IntegerRow, Fraction], Ends]  # (row, radius) -> bounds on its worst case


@dataclass(frozen=True, slots=True)
class Rule:
    """What is played at a place, from which the value there follows.

    Attributes
    ----------
    update : callable
        ``(h, s, Q_h(s, .))`` to bounds on V_h(s).
    played : callable
        ``(h, s)`` to the joint actions that were played when :attr:`update` was called last, each with its
        probability.
    """

    update: Update
    played: Callable[[int, int], Iterable[tuple[int, Fraction]]]


@dataclass(frozen=True, slots=True, eq=False)
class ExactValues:
    """Robust values ``lo[i, h, s] <= V[i, h, s] <= hi[i, h, s]``, object arrays [m, H + 1, S] of Fractions.

    ``lo == hi`` throughout when every set is polyhedral and no denominator exceeds 4096 bits, as in games
    of small fractions or with few successors; ``V[:, H] = 0``.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> values = evaluate_exactly(game, policy)
    >>> values.lo[0, 1].tolist() == values.hi[0, 1].tolist() == [3, Fraction(81, 64)]
    True
    """

    lo: Array
    hi: Array


def evaluate_exactly(
    game: Model,
    policy: JointPolicy,
    *,
    bits: int | None = None,
    steps: Sequence[Steps | None] = (),
    nature: Nature = "own",
) -> ExactValues:
    """Return every agent's robust value of a joint policy, possibly correlated.

    Parameters
    ----------
    game, policy
        Read as exact rationals.
    bits : int, optional
        Encloses rows and rounds outward at ``2^-bits`` of the scale. By default that is 128 bits, and
        exact values stay exact up to denominators of 4096 bits.
    steps : one for each agent, optional
        Where finished steps are kept and recalled, as of :func:`drmg_check.files.kept_parts`.
    nature : {"own", "common", "best"}
        ``"common"``: the sum of all rewards, as that of one agent, under one kernel that is worst for it.
        ``"best"``: every agent's value under its own best kernel.

    Raises
    ------
    InputError
        The policy belongs to another game.
    UnsupportedError
        Common nature in a game whose agents have sets or radii of their own.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> evaluate_exactly(game, policy).lo[0, 0].tolist()  # the radius is one tenth as a file says it
    [Fraction(2449, 640), Fraction(499, 256)]
    """
    if nature not in NATURES:
        raise InputError(f"nature={nature!r}; expected one of {NATURES}")
    if nature == "best":
        worst = evaluate_exactly(mirrored_game(game), policy, bits=bits)
        return ExactValues(-worst.hi, -worst.lo)
    if nature == "common":
        game, policy = common_play(game, policy)
    check_policy_fits(game, policy)
    each = [_evaluate(game, policy, i, bits, steps[i] if steps else None) for i in range(game.n_agents)]
    return ExactValues(np.stack([values.lo for values in each]), np.stack([values.hi for values in each]))


def _evaluate(game: Model, policy: JointPolicy, i: int, bits: int | None, steps: Steps | None) -> Between:
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        return _evaluate(averaged_game(game, policy, i, obeying=True), own_policy(policy, i), 0, bits, steps)
    if isinstance(game.uncertainty[i], SRectangular):
        return shared_bounds(game, i, obeying(policy), rounding_of(game, i, bits), resume=Resume(steps))

    def drawn(h: int, s: int) -> Iterable[tuple[int, Fraction]]:
        return ((a, w) for a, w in enumerate(action_distribution(policy, h, s)) if w)

    def average(h: int, s: int, q: ActionValues) -> Ends:
        return mean((w, q(a)) for a, w in drawn(h, s))

    return value_bounds(game, i, Rule(average, drawn), bits, steps)


def value_bounds(
    game: Model,
    i: int,
    rule: Rule,
    bits: int | None,
    steps: Steps | None = None,
    chosen: Sequence[Array] = (),
) -> Between:
    """Return bounds on ``V_h(s) = update(h, s, Q_h(s, .))`` in all stages; Q is enclosed only where asked.

    ``chosen`` are the arrays that ``update`` writes into, which are kept beside the values.
    """
    rounding = rounding_of(game, i, bits)
    precision, grid = rounding.precision, rounding.grid
    kept = cache(partial(exact_row, game.stages[0].rows)) if game.is_stationary else None

    def back_up(stage: Stage, following: Between) -> Between:
        width = max(following.hi - following.lo)
        V = following.lo.tolist()
        worst = for_rows(stage, i, V, lambda ball, z: worst_cases(ball, z, precision))
        rounded = grid if width or bits is not None else None
        rows = kept or partial(exact_row, stage.rows)
        Q = _action_values(stage, i, rows, worst, width, rounded)
        lo, hi = (np.empty(stage.n_states, dtype=object) for _ in range(2))
        for s in range(stage.n_states):
            lo[s], hi[s] = rounding.settled(*rule.update(stage.step, s, partial(Q, s)))
        return Between(lo, hi)

    def moves(stage: Stage, V: list[Fraction]) -> Moves:
        worst = for_rows(stage, i, V, worst_rows)
        rows = kept or partial(exact_row, stage.rows)
        return [
            _mixture(
                (w, worst(s, a)(rows(s, a), exact_radius(stage, i, s, a)))
                for a, w in rule.played(stage.step, s)
            )
            for s in range(stage.n_states)
        ]

    resumed = resuming(back_up, steps, chosen)
    return iterate(game, i, Operator(resumed, moves, grid, rounding.longest))


def rounding_of(game: Model, i: int, bits: int | None) -> Rounding:
    """Return how the bounds on agent i's values are rounded."""
    precision = DEFAULT_BITS if bits is None else bits
    largest = max(largest_payment(stage, i) for stage in game.stages)
    grid = Fraction(2) ** (frexp(float(game.occupancy.sum()) * largest)[1] - precision)
    return Rounding(precision, grid, EXACT_BITS if bits is None else 0, _outward)


def _mixture(rows: Iterable[tuple[Fraction, IntegerRow]]) -> dict[int, Fraction]:
    mixed: dict[int, Fraction] = {}
    for weight, row in rows:
        for t, chance in row.probabilities.items():
            mixed[t] = mixed.get(t, Fraction(0)) + weight * chance
    return mixed


def _action_values(
    stage: Stage,
    i: int,
    rows: Callable[[int, int], IntegerRow],
    worst: Callable[[int, int], _Worst],
    width: Fraction,
    grid: Fraction | None,
) -> Callable[[int, int], Ends]:
    """Return ``(s, a) -> bounds on Q(s, a)``; the next values lie within ``width`` of V.

    They are rounded outward to the grid, if there is one.
    """

    @cache  # deviations ask for the same action again and again
    def Q(s: int, a: int) -> Ends:
        low, high = worst(s, a)(rows(s, a), exact_radius(stage, i, s, a))
        span = width if low is high else high - low + width
        low += exact_reward(stage, i, s, a)
        high = low + span if span else low
        return _outward(low, high, grid) if grid else (low, high)

    return Q


def for_rows(
    stage: Stage,
    i: int,
    V: list[Fraction],
    prepare: Callable[[UncertaintySet, list[Fraction]], T],
) -> Callable[[int, int], T]:
    """Return ``(s, a) -> what is prepared for the set and the next values of that row``.

    It is prepared once for each set of agent i, unless each row pays on arrival.
    """
    if stage.arrival is not None:
        return lambda s, a: prepare(set_at(stage, i, s, a), list(next_values(stage, i, s, a, V)))
    if isinstance(stage.uncertainty[i], ByRow):
        prepared = cache(lambda ball: prepare(ball, V))
        return lambda s, a: prepared(set_at(stage, i, s, a))
    whole = prepare(row_set(stage, i), V)
    return lambda _s, _a: whole


def exact_row(rows: RowBlock, s: int, a: int) -> IntegerRow:
    """Return the nominal row of (s, a) in integers.

    Examples
    --------
    >>> from drmg_check.models import DenseRows
    >>> exact_row(DenseRows([[["1/3", 0, "2/3"]]]), 0, 0)
    IntegerRow(states=(0, 2), weights=(1, 2), total=3)
    """
    return integer_row(*support(rows, s, a))


def worst_cases(uncertainty: UncertaintySet, V: list[Fraction], bits: int) -> _Worst:
    """Return ``(row, radius) -> bounds on the worst case of V``, sorting V once.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> worst = worst_cases(TotalVariation(), [Fraction(1), Fraction(0)], 128)
    >>> worst(IntegerRow((0, 1), (3, 1), 4), Fraction(1, 4))
    (Fraction(1, 2), Fraction(1, 2))
    """
    if in_integers(uncertainty):
        values = integer_values(V)

        def exactly(row: IntegerRow, radius: Fraction) -> Ends:
            value = worst_case_in_integers(uncertainty, row, values, radius)
            return value, value

        return _noted(exactly, uncertainty, V) if is_recording() else exactly
    order = sorted(range(len(V)), key=V.__getitem__)

    @cache
    def enclosed(row: IntegerRow, radius: Fraction) -> Ends:
        _, reduced = reduced_row(uncertainty, row, radius, V, order)
        enclosure = enclose(reduced, bits=bits)
        return enclosure.lo, enclosure.hi

    return enclosed


def _noted(worst: _Worst, uncertainty: UncertaintySet, V: list[Fraction]) -> _Worst:
    order = sorted(range(len(V)), key=V.__getitem__)

    def noted(row: IntegerRow, radius: Fraction) -> Ends:
        note_row(reduced_row(uncertainty, row, radius, V, order)[1], 0)
        return worst(row, radius)

    return noted


def worst_rows(uncertainty: UncertaintySet, V: list[Fraction]) -> WorstRows:
    """Return ``(nominal row, radius) -> worst row``, sorting V once.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> worst_rows(TotalVariation(), [Fraction(1), Fraction(0)])(IntegerRow((0,), (1,), 1), Fraction(1, 4))
    IntegerRow(states=(0, 1), weights=(3, 1), total=4)
    """
    if in_integers(uncertainty):
        values = integer_values(V)
        return lambda row, radius: worst_row_in_integers(uncertainty, row, values, radius)
    order = sorted(range(len(V)), key=V.__getitem__)

    def enclosed(row: IntegerRow, radius: Fraction) -> IntegerRow:
        kept, reduced = reduced_row(uncertainty, row, radius, V, order)
        q = enclose(reduced, bits=DEFAULT_BITS).worst_distribution
        mass = {s: x for s, x in zip(kept, q, strict=True) if x}
        weights, total = over_common_denominator(tuple(mass.values()))
        return IntegerRow(tuple(mass), tuple(weights), total)

    return enclosed


def reduced_row(
    uncertainty: UncertaintySet, row: IntegerRow, radius: Fraction, V: list[Fraction], order: list[int]
) -> tuple[list[int], Row]:
    """Leave out the states that no worst case needs; return the others and the row that they make.

    ``order`` lists the states by increasing V.
    """
    extra = uncertainty.states_beyond_support(radius, len(V))
    weights = {s: Fraction(w, row.total) for s, w in zip(row.states, row.weights, strict=True)}
    others = [s for s in order[: extra + len(weights)] if s not in weights][:extra]
    weights |= dict.fromkeys(others, Fraction(0))
    kept = sorted(weights)  # all states in their order, as the ground metric needs
    p, v = tuple(weights[s] for s in kept), tuple(V[s] for s in kept)
    return kept, Row(uncertainty, p, v, radius)


def _outward(low: Fraction, high: Fraction, grid: Fraction) -> Ends:
    (a, b), (c, d), (n, m) = (x.as_integer_ratio() for x in (low, high, grid))
    return Fraction(a * m // (b * n) * n, m), Fraction(-(-c * m // (d * n)) * n, m)


def mean(terms: Iterable[tuple[Fraction, Ends]]) -> Ends:
    """Return the sums of weight times bound, over common denominators: fractions would take a gcd a term."""
    weights, bounds = zip(*terms, strict=True)
    numerators, denominator = over_common_denominator(weights)
    low, high = (
        Fraction(sum(map(mul, numerators, scaled)), denominator * unit)
        for scaled, unit in map(over_common_denominator, zip(*bounds, strict=True))
    )
    return low, high
