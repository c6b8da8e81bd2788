r"""Laws of states whose actions share a budget: what the worths of related states have to do with each other.

From one state a law derives another, whose worth is

    equal to, at least, or at most    factor * (worth of the first) + shift.

That actions of a state share *one* budget shows in three of them: copies of an action dilute the adversary,
one action more never hurts, and no single action is worth more than the best mixture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from drmg_check.sets import SRectangular, StateProblem

Sense: TypeAlias = Literal["equal to", "at least", "at most"]
ONE, ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class StateRelation:
    """The worth of ``other`` is so to ``factor * worth + shift``.

    >>> from drmg_check.sets import L1
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0]], [[1, 0]], 1)
    >>> StateRelation(problem, "at least").broken_by(1.0, 0.5, 1e-9)
    True
    """

    other: StateProblem
    sense: Sense
    factor: Fraction = ONE
    shift: Fraction = ZERO

    def broken_by(self, worth: float, of_other: float, allowed: float) -> bool:
        """Whether two worths, each within ``allowed`` of the truth, break it."""
        excess = of_other - (float(self.factor) * worth + float(self.shift))
        forgiven = allowed * (1.0 + abs(float(self.factor)))
        if self.sense == "at least":
            return excess < -forgiven
        return excess > forgiven if self.sense == "at most" else abs(excess) > forgiven


@dataclass(frozen=True, slots=True)
class StateLaw:
    """A law of states of an agent that is alone.

    >>> from drmg_check.sets import L1
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0]], [[1, 0]], 1)
    >>> law = next(law for law in STATE_LAWS if law.id == "copy")
    >>> next(law.relations(problem)).sense
    'at least'
    """

    id: str
    statement: str
    relations: Callable[[StateProblem], Iterator[StateRelation]]


def _changed(
    problem: StateProblem,
    order: tuple[int, ...] | None = None,
    *,
    values: tuple[tuple[Fraction, ...], ...] | None = None,
    budget: Fraction | None = None,
    heavier: Fraction = ONE,
) -> StateProblem:
    """Return the problem with these of its actions, in this order, and other numbers."""
    order = tuple(range(len(problem.nominal))) if order is None else order
    values = problem.values if values is None else values
    weights = [problem.uncertainty.weight(a) * heavier for a in order]
    plain = all(weight == 1 for weight in weights)
    return StateProblem(
        SRectangular(problem.uncertainty.ball, () if plain else weights),
        tuple(problem.nominal[a] for a in order),
        tuple(values[a] for a in order),
        problem.budget if budget is None else budget,
        tuple(range(len(order))),
        (ONE,) * len(order),
    )


def _shift(problem: StateProblem) -> Iterator[StateRelation]:
    for c in (ONE, Fraction(-3, 2)):
        moved = tuple(tuple(z + c for z in row) for row in problem.values)
        yield StateRelation(_changed(problem, values=moved), "equal to", shift=c)


def _scale(problem: StateProblem) -> Iterator[StateRelation]:
    for c in (Fraction(3), Fraction(1, 4)):
        scaled = tuple(tuple(z * c for z in row) for row in problem.values)
        yield StateRelation(_changed(problem, values=scaled), "equal to", factor=c)


def _budget(problem: StateProblem) -> Iterator[StateRelation]:
    yield StateRelation(_changed(problem, budget=problem.budget / 2), "at least")
    yield StateRelation(_changed(problem, budget=problem.budget + Fraction(1, 8)), "at most")


def _unit(problem: StateProblem) -> Iterator[StateRelation]:
    yield StateRelation(_changed(problem, budget=problem.budget * 2, heavier=Fraction(2)), "equal to")


def _nominal(problem: StateProblem) -> Iterator[StateRelation]:
    pairs = zip(problem.probabilities, problem.values, strict=True)
    means = [sum((p * z for p, z in zip(*pair, strict=True)), ZERO) for pair in pairs]
    yield StateRelation(_changed(problem, budget=ZERO), "equal to", factor=ZERO, shift=max(means))


def _order(problem: StateProblem) -> Iterator[StateRelation]:
    A = len(problem.nominal)
    yield StateRelation(_changed(problem, tuple(range(A))[::-1]), "equal to")


def _states(problem: StateProblem) -> Iterator[StateRelation]:
    flipped = [tuple(row[::-1] for row in rows) for rows in (problem.nominal, problem.values)]
    yield StateRelation(replace(problem, nominal=flipped[0], values=flipped[1]), "equal to")


def _copy(problem: StateProblem) -> Iterator[StateRelation]:
    A = len(problem.nominal)
    for a in range(A):
        yield StateRelation(_changed(problem, (*range(A), a)), "at least")


def _drop(problem: StateProblem) -> Iterator[StateRelation]:
    A = len(problem.nominal)
    for a in range(A if A > 1 else 0):
        yield StateRelation(_changed(problem, tuple(b for b in range(A) if b != a)), "at most")


def _raise(problem: StateProblem) -> Iterator[StateRelation]:
    first, *others = problem.values
    raised = (tuple(z + (s == 0) for s, z in enumerate(first)), *others)
    yield StateRelation(_changed(problem, values=raised), "at least")


STATE_LAWS = (
    StateLaw("shift", "a constant added to all z is added to the worth", _shift),
    StateLaw("scale", "z in another unit gives the worth in it", _scale),
    StateLaw("budget", "a larger budget never helps the agent", _budget),
    StateLaw("unit", "weights and budget in another unit change nothing", _unit),
    StateLaw("nominal", "without a budget the best nominal mean is left", _nominal),
    StateLaw("order", "the order of the actions does not matter", _order),
    StateLaw("states", "the order of the states does not matter", _states),
    StateLaw("copy", "a copy of an action never lowers the worth: it dilutes the adversary", _copy),
    StateLaw("drop", "an action less is never worth more", _drop),
    StateLaw("raise", "a larger z never lowers the worth", _raise),
)
"""What every correct solver of a state's problem obeys; none needs an oracle."""
