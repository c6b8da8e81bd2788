"""Rows of a robust backup: structural zeros, tied values, radii on the borders between regimes."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import (
    UNCERTAINTY_SETS,
    CressieRead,
    Operation,
    ProbabilityBounds,
    Row,
    Scenarios,
    SupportedSet,
    UncertaintySet,
    Wasserstein,
    WeightedSet,
    operation,
)
from drmg_check.vocabulary import normalise
from drmg_oracles import saturation_radius
from drmg_properties.strategies._numbers import fractions, simple_fractions

NUDGE = Fraction(1, 100)
"""Just beside a border: far enough for a person to see, near enough to share the other inputs."""
LONGEST = 10**6
"""A denominator beyond is that of an irrational number's approximation: no data here are so long."""
SUPPORTS = st.sampled_from(("all", "nominal"))
WEIGHTS = (0, 1, 0, 2, 0, 3, 4)
"""Every other weight is zero: a state outside the support is what most formulas forget."""


@cache
def nominal_rows(
    states: int, max_weight: int = 4, drawn: int | None = None, *, pointed: bool = True
) -> SearchStrategy[tuple[Fraction, ...]]:
    """Draw a distribution: every other time a point mass, otherwise one with small integer weights.

    Parameters
    ----------
    states : int
        Its length S. Zeros are structural; all weights zero mean the point mass on state 0, which is what a
        distribution shrinks to.
    max_weight : int
        Weights are integers up to this one.
    drawn : int, optional
        Draw that many weights and use the first S: then S can shrink without disturbing later draws.
    pointed : bool
        Whether every other one is a point mass on purpose.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(nominal_rows(2), lambda p: p[0] < p[1] < 1)
    (Fraction(1, 3), Fraction(2, 3))
    """
    count = states if drawn is None else drawn
    weights = st.lists(st.integers(0, max_weight), min_size=count, max_size=count)

    def build(on_one: bool, chosen: list[int]) -> tuple[Fraction, ...]:
        used = chosen[:states]
        if on_one or not any(used):
            return tuple(Fraction(s == used[0] % states) for s in range(states))
        return normalise([Fraction(weight) for weight in used])

    return st.builds(build, st.booleans() if pointed else st.just(False), weights)


def value_vectors(
    states: int, high: Fraction | int = 2, max_denominator: int = 2, low: Fraction | int = 0
) -> SearchStrategy[tuple[Fraction, ...]]:
    """Draw V in ``[low, high]^S`` from so few numbers that ties are common.

    >>> from hypothesis import find
    >>> find(value_vectors(2), lambda V: V[0] > V[1])
    (Fraction(1, 1), Fraction(0, 1))
    """
    pool = fractions(low, high, max_denominator)
    return st.lists(pool, min_size=states, max_size=states).map(tuple)


def critical_radii(
    uncertainty: UncertaintySet, p: tuple[Fraction, ...], V: tuple[Fraction, ...]
) -> tuple[Fraction, ...]:
    """Return radii at, just below and just above the border beyond which the worst case is the minimum.

    Where the border is irrational, the two neighbours on a grid of 1/64 stand for it. All returned radii are
    legal for the set.

    >>> half = Fraction(1, 2)
    >>> from drmg_check.sets import TotalVariation
    >>> [str(radius) for radius in critical_radii(TotalVariation(), (half, half), (Fraction(0), Fraction(1)))]
    ['0', '1/100', '49/100', '1/2', '51/100', '99/100', '1']
    """
    border = saturation_radius(Row(uncertainty, p, V, Fraction(0)))
    borders = {Fraction(0)}
    if border is not None:
        borders |= {border} if border.denominator <= LONGEST else _neighbours(float(border))
    top = uncertainty.max_radius
    if top is not None:
        borders.add(top)
    around = {border + shift for border in borders for shift in (-NUDGE, Fraction(0), NUDGE)}
    return tuple(sorted(radius for radius in around if radius >= 0 and (top is None or radius <= top)))


def _neighbours(border: float) -> set[Fraction]:
    below = Fraction(int(border * 64), 64)
    return {below, below + Fraction(1, 64)}


def weighted_values(
    max_states: int, columns: int = 1, high: Fraction | int = 2, min_states: int = 1
) -> SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    """Draw ``(p, V)``, or p with several value vectors, state by state so that a state can be shrunk away.

    >>> from hypothesis import find
    >>> find(weighted_values(3), lambda drawn: len(drawn[1]) > 1)
    ((Fraction(0, 1), Fraction(1, 1)), (Fraction(0, 1), Fraction(0, 1)))
    """
    state = st.tuples(st.sampled_from(WEIGHTS), *(fractions(0, high, 2) for _ in range(columns)))
    states = st.lists(state, min_size=min_states, max_size=max_states).filter(
        lambda drawn: any(w for w, *_ in drawn)
    )

    def split(drawn: list[tuple[Any, ...]]) -> tuple[tuple[Fraction, ...], ...]:
        weights, *values = zip(*drawn, strict=True)
        return (normalise([Fraction(weight) for weight in weights]), *values)

    return states.filter(lambda drawn: any(weight for weight, *_ in drawn)).map(split)


@st.composite
def rows(
    draw: DrawFn, uncertainty: UncertaintySet, max_states: int = 3, max_radius: Fraction | int = 1
) -> Row:
    """Draw a row: nominal with zeros, values with ties, a simple radius or one on a border.

    A Wasserstein set fixes the number of states; ``max_states`` does not count then.

    >>> from hypothesis import find
    >>> from drmg_check.sets import TotalVariation
    >>> find(rows(TotalVariation()), lambda row: row.radius > 0).radius
    Fraction(1, 1)
    """
    S = uncertainty.n_states
    p, V = draw(weighted_values(max_states) if S is None else weighted_values(S, min_states=S))
    top = uncertainty.max_radius
    high = Fraction(max_radius) if top is None else min(Fraction(max_radius), top)
    candidates = (*simple_fractions(0, high, 4), *critical_radii(uncertainty, p, V))
    return Row(uncertainty, p, V, draw(st.sampled_from(tuple(dict.fromkeys(candidates)))))


def rows_of_any_set(max_states: int = 3) -> SearchStrategy[Row]:
    """Draw a set, then a row for it.

    >>> from hypothesis import find
    >>> find(rows_of_any_set(), lambda row: row.uncertainty.kind == "kl").uncertainty
    KullbackLeibler()
    """
    sets = st.integers(1, max_states).flatmap(uncertainty_sets)
    return sets.flatmap(lambda uncertainty: rows(uncertainty, max_states, 2))


def ground_metrics(states: int) -> SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    """Draw the metric ``|x_s - x_t|`` of distinct points on a line, or the discrete one.

    >>> from hypothesis import find
    >>> find(ground_metrics(2), lambda ground: ground[0][1] > 1)
    ((Fraction(0, 1), Fraction(2, 1)), (Fraction(2, 1), Fraction(0, 1)))
    """
    line = st.lists(st.integers(0, 4), min_size=states, max_size=states, unique=True).map(
        lambda x: tuple(tuple(Fraction(abs(a - b)) for b in x) for a in x)
    )
    discrete = tuple(tuple(Fraction(s != t) for t in range(states)) for s in range(states))
    return st.just(discrete) | line


def uncertainty_sets(states: int) -> SearchStrategy[UncertaintySet]:
    """Draw any uncertainty set for that many states, in both support conventions where it has them.

    >>> from hypothesis import find
    >>> find(uncertainty_sets(2), lambda uncertainty: uncertainty.kind == "hellinger")
    Hellinger(support='all')
    """
    one_each = [next(iter(cls.variants().values()))(states) for cls in UNCERTAINTY_SETS.values()]
    simplest_first = sorted(one_each, key=lambda example: not isinstance(example, SupportedSet))
    return st.one_of([drawing(example, states) for example in simplest_first])


def resized_sets(uncertainty: UncertaintySet, states: int) -> SearchStrategy[UncertaintySet]:
    """Draw what a set is for so many states: with any ground metric or weights if it has some, else itself.

    >>> from drmg_check.sets import KullbackLeibler
    >>> resized_sets(KullbackLeibler(), 3)
    just(KullbackLeibler())
    """
    if isinstance(uncertainty, Wasserstein):
        return st.builds(Wasserstein, ground_metrics(states), st.just(uncertainty.order))
    if isinstance(uncertainty, ProbabilityBounds | Scenarios):
        return drawing(uncertainty, states)
    if isinstance(uncertainty, WeightedSet):
        return st.builds(type(uncertainty), state_weights(states), st.just(uncertainty.support))
    return st.just(uncertainty)


def state_weights(states: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """Draw positive weights of the states, from so few numbers that ties are common.

    >>> from hypothesis import find
    >>> find(state_weights(2), lambda w: w[0] < w[1])
    (Fraction(1, 2), Fraction(1, 1))
    """
    pool = st.sampled_from((Fraction(1), Fraction(1, 2), Fraction(2), Fraction(3)))
    return st.lists(pool, min_size=states, max_size=states).map(tuple)


drawing: Operation[[int], SearchStrategy[UncertaintySet]] = operation(
    "strategy", __name__, "how Hypothesis draws the sets of a class, for a number of states"
)


@drawing.register(UncertaintySet)
def _as_it_is(example: UncertaintySet, _states: int) -> SearchStrategy[UncertaintySet]:
    return st.just(example)


@drawing.register(SupportedSet)
def _with_support(example: SupportedSet, _states: int) -> SearchStrategy[UncertaintySet]:
    return st.builds(type(example), SUPPORTS)


@drawing.register(CressieRead)
def _with_order(_: CressieRead, _states: int) -> SearchStrategy[UncertaintySet]:
    alphas = st.sampled_from((Fraction(1, 2), Fraction(3, 2), Fraction(2), Fraction(-1)))
    return st.builds(CressieRead, alphas, SUPPORTS)


@drawing.register(Wasserstein)
def _with_metric(_: Wasserstein, states: int) -> SearchStrategy[UncertaintySet]:
    return st.builds(Wasserstein, ground_metrics(states), st.integers(1, 2))


@drawing.register(WeightedSet)
def _with_weights(example: WeightedSet, states: int) -> SearchStrategy[UncertaintySet]:
    return st.builds(type(example), state_weights(states), SUPPORTS)


@drawing.register(ProbabilityBounds)
def _with_bounds(_: ProbabilityBounds, states: int) -> SearchStrategy[UncertaintySet]:
    ends = st.lists(fractions(0, 1, 4), min_size=2, max_size=2).map(sorted)
    pairs = st.lists(ends, min_size=states, max_size=states)
    return pairs.map(lambda each: ProbabilityBounds(*map(tuple, zip(*each, strict=True))))


@drawing.register(Scenarios)
def _with_rows(_: Scenarios, states: int) -> SearchStrategy[UncertaintySet]:
    return st.lists(nominal_rows(states), min_size=1, max_size=3).map(lambda rows: Scenarios(tuple(rows)))
