r"""What is taken for sets with data for each state, and for L2: other weights, and no simplex.

With ``m`` the mean of V in the weights ``1 / w``, dropping ``q >= 0`` of an ellipsoid leaves
``E_p V - rho sqrt(sum (V - m)^2 / w)``, dropping ``sum q = 1`` too ``E_p V - rho sqrt(sum V^2 / w)``. Of
weighted L1 without ``q >= 0`` only the move that lowers V most for its price is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import sqrt
from typing import TypeAlias, TypeVar

from drmg_check.referee.diagnosis._alternatives import Alternative, Particulars, particulars, solved
from drmg_check.referee.diagnosis._formulas import box, boxed, capped_above, mean, n_states, smallest
from drmg_check.sets import (
    ProbabilityBounds,
    Quadratic,
    Row,
    Scenarios,
    UncertaintySet,
    WeightedInterval,
    WeightedL1,
    WeightedSet,
    leaves_support,
)
from drmg_check.vocabulary import UnsupportedError

Weights: TypeAlias = tuple[Fraction, ...]
Ball = TypeVar("Ball", bound=UncertaintySet)


def other_weights(*, squared: bool = False) -> Iterator[Alternative]:
    """Yield what a weighted set becomes if its weights are not read as they are meant."""
    yield _reweighted("the weights ignored", "every weight is 1", lambda w, _: tuple(x / x for x in w))
    yield _reweighted("the weights inverted", "1 / w in place of w", lambda w, _: tuple(1 / x for x in w))
    words = "the weights read from the last state to the first"
    yield _reweighted("the weights reversed", words, lambda w, _: w[::-1])
    words = "V is sorted, and the weights are not sorted with it"
    yield _reweighted("the weights by rank", words, _by_rank)
    if squared:
        words = "the length of w (q - p), w not under the root"
        yield _reweighted("the weights squared", words, lambda w, _: tuple(x**2 for x in w))


def _reweighted(name: str, words: str, change: Callable[[Weights, Row], Weights]) -> Alternative:
    return Alternative(name, words, partial(_with_weights, change))


def _with_weights(change: Callable[[Weights, Row], Weights], row: Row) -> Fraction:
    ball = row.uncertainty
    if not isinstance(ball, WeightedSet):
        raise UnsupportedError("no weights")
    return solved(row, replace(ball, weights=change(ball.weights, row)))


def _by_rank(weights: Weights, row: Row) -> Weights:
    order = sorted(range(n_states(row)), key=row.values.__getitem__)
    placed = dict(zip(order, weights, strict=True))
    return tuple(placed[s] for s in range(n_states(row)))


def steepest_move(row: Row) -> Fraction:
    """Return ``mean - rho max (V_s - V_t) / (w_s + w_t)``."""
    states = [(v, w) for _, v, w in _weighed(row)]
    return mean(row) - row.radius * max((v - u) / (w + x) for v, w in states for u, x in states)


def paid_by_senders(row: Row) -> Fraction:
    """Return the mean after the moves to min V whose senders' weights cost rho, the best bargains first."""
    states = _weighed(row)
    floor, left, value = min(v for _, v, _ in states), row.radius, mean(row)
    for p, v, w in sorted(states, key=lambda state: (floor - state[1]) / state[2]):
        moved = min(p, left / w)
        value, left = value - moved * (v - floor), left - moved * w
    return value


def unsigned(row: Row) -> Fraction:
    """Return the closed form of an ellipsoid without ``q >= 0``."""
    states = _weighed(row)
    m = sum((v / w for _, v, w in states), Fraction(0)) / sum((1 / w for _, _, w in states), Fraction(0))
    return _less_length(row, m)


def unsummed(row: Row) -> Fraction:
    """Return the closed form of an ellipsoid without the simplex."""
    return _less_length(row, Fraction(0))


def spread(row: Row) -> Fraction:
    """Return ``mean - rho std``, the standard deviation of V without probabilities."""
    V = row.values
    m = sum(V, Fraction(0)) / len(V)
    return mean(row) - row.radius * Fraction(sqrt(sum((v - m) ** 2 for v in V) / len(V)))


def cut_below(row: Row) -> Fraction:
    """Return the closed form without ``q >= 0``, at least min V."""
    return max(unsigned(row), smallest(row))


def _less_length(row: Row, m: Fraction) -> Fraction:
    return mean(row) - row.radius * Fraction(sqrt(sum((v - m) ** 2 / w for _, v, w in _weighed(row))))


def _weighed(row: Row) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return ``(p, V, w)`` of the states that the adversary reaches."""
    ball, S = row.uncertainty, n_states(row)
    weights = ball.squares(S) if isinstance(ball, Quadratic) else getattr(ball, "weights", (Fraction(1),) * S)
    everywhere = leaves_support(ball)
    return [
        (p, v, w) for p, v, w in zip(row.probabilities, row.values, weights, strict=True) if p or everywhere
    ]


def without_upper(row: Row) -> Fraction:
    """Return the value with upper bounds of 1."""
    ball = _of(ProbabilityBounds, row)
    return solved(row, replace(ball, upper=(Fraction(1),) * n_states(row)))


def reversed_data(row: Row) -> Fraction:
    """Return the value with the data of the set in the reverse order of the states."""
    return solved(row, row.uncertainty.restrict(range(n_states(row))[::-1]))


def average_row(row: Row) -> Fraction:
    """Return the value with the mean of the rows in place of the least."""
    means = _means(row)
    return (1 - row.radius) * mean(row) + row.radius * sum(means, Fraction(0)) / len(means)


def without_nominal(row: Row) -> Fraction:
    """Return the value when the nominal row is not one of the list."""
    return (1 - row.radius) * mean(row) + row.radius * min(_means(row))


def first_row(row: Row) -> Fraction:
    """Return the value of the list's first row alone."""
    return (1 - row.radius) * mean(row) + row.radius * min(mean(row), _means(row)[0])


def _means(row: Row) -> list[Fraction]:
    lines = _of(Scenarios, row).rows
    return [sum((x * v for x, v in zip(line, row.values, strict=True)), Fraction(0)) for line in lines]


def _of(cls: type[Ball], row: Row) -> Ball:
    if not isinstance(row.uncertainty, cls):
        raise UnsupportedError("another set")
    return row.uncertainty


BOXES = (
    Alternative("intervals without a sum", "q does not sum to 1", box),
    Alternative("intervals without a lower end", "0 <= q <= p + rho, sum q = 1", capped_above),
    Alternative("intervals with sum q >= 1", ">= in place of =", partial(boxed, at_least_one=True)),
    Alternative("intervals with sum q <= 1", "<= in place of =", partial(boxed, at_least_one=False)),
)


@particulars.register(WeightedInterval)
def _weighted_interval(_: WeightedInterval) -> Particulars:
    return Particulars(mistakes=(*BOXES, *other_weights()))


@particulars.register(ProbabilityBounds)
def _bounds(_: ProbabilityBounds) -> Particulars:
    return Particulars(
        mistakes=(
            *BOXES,
            Alternative("the upper bounds ignored", "q <= 1 in place of the bound", without_upper),
            Alternative("the bounds reversed", "read from the last state to the first", reversed_data),
        )
    )


@particulars.register(Scenarios)
def _scenarios(_: Scenarios) -> Particulars:
    return Particulars(
        mistakes=(
            Alternative("the average of the list", "the mean over its rows, not the least", average_row),
            Alternative("the list without the nominal row", "q = p is not admitted", without_nominal),
            Alternative("the first row of the list", "the others are not looked at", first_row),
            Alternative("the rows reversed", "read from the last state to the first", reversed_data),
        )
    )


@particulars.register(WeightedL1)
def _weighted_l1(_: WeightedL1) -> Particulars:
    words = "q may be negative: only the steepest move is made"
    return Particulars(
        mistakes=(
            *other_weights(),
            Alternative("weighted L1 without q >= 0", words, steepest_move),
            Alternative("the price of the sender alone", "mass arrives at no cost", paid_by_senders),
        )
    )


@particulars.register(Quadratic)
def _quadratic(declared: Quadratic) -> Particulars:
    words = "q may be negative: the simplex is dropped but for its sum"
    return Particulars(
        origins={
            "the root of the radius": "rho bounds the squared distance",
            "the squared radius": "rho^2 in place of rho",
        },
        mistakes=(
            *(other_weights(squared=True) if isinstance(declared, WeightedSet) else ()),
            Alternative("mean - rho |V - m|", words, unsigned),
            Alternative("mean - rho |V|", "q need not even sum to 1", unsummed),
            Alternative(
                "mean - rho std of V",
                "the standard deviation of the numbers V in place of their length",
                spread,
            ),
            Alternative("mean - rho |V - m|, at least min V", f"{words}, and the value cut", cut_below),
        ),
    )
