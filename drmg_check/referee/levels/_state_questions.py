"""The states that are asked about: by hand, where mistakes show, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.referee.asking import StateQuestion, state_as_given
from drmg_check.sets import Shareable, SRectangular, set_family
from drmg_check.vocabulary import InputError, Number
from drmg_properties.strategies import nominal_rows, value_vectors

Sense: TypeAlias = Literal["equal to", "at least", "at most"]
ONE = Fraction(1)
BUDGETS = tuple(map(Fraction, ("1/4", "1/2", "1", "0", "1/10", "3/2", "3")))
DISCOUNTS = tuple(map(Fraction, ("1", "9/10", "1/2")))


class Related(NamedTuple):
    """Another state, whose worth is so to the worth of the first plus a shift."""

    question: StateQuestion
    sense: Sense
    shift: Fraction = Fraction(0)


class Law(NamedTuple):
    """What every correct solver obeys."""

    id: str
    statement: str
    related: Callable[[StateQuestion], Iterator[Related]]


def ball_of(name: str) -> Shareable:
    """Return the ball of a declared set.

    Raises
    ------
    InputError
        Its discrepancy cannot be shared out.
    """
    ball = set_family(name).make(1)
    if not isinstance(ball, Shareable):
        SRectangular(ball)  # refuses with a sentence
        raise InputError(f"set={name!r} has no s-rectangular set")
    return ball


def _asked(
    ball: Shareable,
    nominal: Sequence[Sequence[Number]],
    rewards: Sequence[Number],
    values: Sequence[Number],
    budget: Number,
    beside: tuple[Sequence[Number], Number] = ((), 1),
) -> StateQuestion:
    weights, gamma = beside
    question = StateQuestion.of(SRectangular(ball, weights), nominal, rewards, values, budget, gamma)
    return state_as_given(question)


def smoke_states(ball: Shareable) -> dict[str, StateQuestion]:
    """Return what the worth of which can be seen: one action, no budget, two copies."""
    sure: Sequence[Number] = [1, 0]
    coin: Sequence[Number] = ["1/2", "1/2"]
    return {
        "one-action": _asked(ball, [coin], [0], [1, 0], "1/8"),
        "no-budget": _asked(ball, [coin, sure], [0, "1/4"], [1, 0], 0),
        "two-copies": _asked(ball, [coin, coin], [0, 0], [1, 0], "1/4"),
    }


def telling_states(ball: Shareable) -> tuple[StateQuestion, ...]:
    """Return states where mistakes show: different rows, weights, a discount, states never visited."""
    sure: Sequence[Number] = [1, 0, 0]
    coin: Sequence[Number] = ["1/2", "1/2", 0]
    third: Sequence[Number] = ["1/4", "1/2", "1/4"]
    V: Sequence[Number] = [2, 1, 0]
    return (
        _asked(ball, [sure, third], [0, "1/8"], V, "1/4"),
        _asked(ball, [third, coin], ["1/4", 0], V, "1/8", ([], "1/2")),
        _asked(ball, [third, third], [0, 0], V, "1/4", ([4, 1], 1)),
        _asked(ball, [third, third, coin], [0, "1/8", "-1/8"], V, "1/4", ([1, 2, 3], "3/4")),
        _asked(ball, [third, coin], [1, "5/4"], [0, 4, 8], "1/16", ([2, 1], "9/10")),
        _asked(ball, [coin, coin, third], [0, 0, "1/4"], [1, -1, -2], "1/8"),
        _asked(ball, [third, third], ["1/2", 0], [1, "1/2", 0], "1/32"),
        _asked(ball, [third, third], [3, "-3"], V, "1/4", ([1, 4], "1/2")),
    )


@st.composite
def drawn_states(draw: DrawFn, ball: Shareable) -> StateQuestion:
    """Draw up to three actions and states, with ties, structural zeros, weights and discounts."""
    A, S = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    weights = draw(st.one_of(st.just([]), st.lists(st.integers(1, 4), min_size=A, max_size=A)))
    question = StateQuestion(
        SRectangular(ball, weights),
        tuple(draw(nominal_rows(S)) for _ in range(A)),
        draw(value_vectors(A, low=-1)),
        draw(value_vectors(S)),
        draw(st.sampled_from(DISCOUNTS)),
        draw(st.sampled_from(BUDGETS)),
    )
    return state_as_given(question)


def _taking(question: StateQuestion, order: tuple[int, ...]) -> StateQuestion:
    """Return the state with these of its actions, in this order."""
    weights = [question.uncertainty.weight(a) for a in order] if question.uncertainty.weights else []
    return replace(
        question,
        uncertainty=SRectangular(question.uncertainty.ball, weights),
        nominal=tuple(question.nominal[a] for a in order),
        rewards=tuple(question.rewards[a] for a in order),
    )


def _shift(question: StateQuestion) -> Iterator[Related]:
    yield Related(replace(question, rewards=tuple(r + 1 for r in question.rewards)), "equal to", ONE)
    moved = replace(question, values=tuple(v + 1 for v in question.values))
    yield Related(moved, "equal to", question.gamma)


def _budget(question: StateQuestion) -> Iterator[Related]:
    yield Related(replace(question, budget=question.budget / 2), "at least")
    yield Related(replace(question, budget=question.budget + Fraction(1, 8)), "at most")


def _unit(question: StateQuestion) -> Iterator[Related]:
    weights = [2 * question.uncertainty.weight(a) for a in range(len(question.rewards))]
    heavier = SRectangular(question.uncertainty.ball, weights)
    yield Related(replace(question, uncertainty=heavier, budget=2 * question.budget), "equal to")


def _order(question: StateQuestion) -> Iterator[Related]:
    yield Related(_taking(question, tuple(range(len(question.rewards)))[::-1]), "equal to")
    flipped = tuple(row[::-1] for row in question.nominal)
    yield Related(replace(question, nominal=flipped, values=question.values[::-1]), "equal to")


def _copy(question: StateQuestion) -> Iterator[Related]:
    A = len(question.rewards)
    yield Related(_taking(question, (*range(A), 0)), "at least")


def _drop(question: StateQuestion) -> Iterator[Related]:
    A = len(question.rewards)
    for a in range(A if A > 1 else 0):
        yield Related(_taking(question, tuple(b for b in range(A) if b != a)), "at most")


LAWS = (
    Law("shift", "a constant added to rewards or values is added to the worth", _shift),
    Law("budget", "a larger budget never helps the agent", _budget),
    Law("unit", "weights and budget in another unit change nothing", _unit),
    Law("order", "the order of actions and of states does not matter", _order),
    Law("copy", "a copy of an action never lowers the worth", _copy),
    Law("drop", "an action less is never worth more", _drop),
)
