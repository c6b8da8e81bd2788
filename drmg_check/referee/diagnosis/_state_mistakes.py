"""What a solver of states whose actions share a budget may compute instead: usual mistakes, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from drmg_check.referee.asking import StateQuestion
from drmg_check.sets import L1, Interval, SRectangular, TotalVariation
from drmg_oracles import enclose_state

Solution: TypeAlias = tuple[Fraction, tuple[Fraction, ...]]
"""A worth, and the policy that comes with it."""


@dataclass(frozen=True, slots=True)
class StateMistake:
    """A mistake: what is computed, in words that follow "it computes", and the solution that it gives."""

    words: str
    solve: Callable[[StateQuestion], Solution]


@cache
def solution(question: StateQuestion) -> Solution:
    """Return the true worth and a policy that secures it."""
    proved = enclose_state(question.problem)
    return (proved.lo + proved.hi) / 2, proved.policy


def _alone(question: StateQuestion, a: int, budget: Fraction) -> Fraction:
    """Return what action a is worth if the budget is spent on nothing else."""
    own = SRectangular(question.uncertainty.ball, [question.uncertainty.weight(a)])
    return solution(
        replace(
            question,
            uncertainty=own,
            nominal=(question.nominal[a],),
            rewards=(question.rewards[a],),
            budget=budget,
        )
    )[0]


def _best_single(question: StateQuestion, budget: Fraction) -> Solution:
    each = [_alone(question, a, budget) for a in range(len(question.rewards))]
    best = each.index(max(each))
    return each[best], tuple(Fraction(a == best) for a in range(len(each)))


def _single(question: StateQuestion) -> Solution:
    return _best_single(question, question.budget)


def _parts(question: StateQuestion) -> Solution:
    return _best_single(question, question.budget / len(question.rewards))


def _weighing(question: StateQuestion, weights: Sequence[Fraction]) -> StateQuestion:
    return replace(question, uncertainty=SRectangular(question.uncertainty.ball, weights))


def _unweighted(question: StateQuestion) -> Solution:
    return solution(_weighing(question, ()))


def _inverted(question: StateQuestion) -> Solution:
    A = len(question.rewards)
    return solution(_weighing(question, [1 / question.uncertainty.weight(a) for a in range(A)]))


def _policy_of_unweighted(question: StateQuestion) -> Solution:
    return solution(question)[0], _unweighted(question)[1]


def _uniform(question: StateQuestion) -> Solution:
    A = len(question.rewards)
    return solution(question)[0], (Fraction(1, A),) * A


def _policy_single(question: StateQuestion) -> Solution:
    return solution(question)[0], _single(question)[1]


def _undiscounted(question: StateQuestion) -> Solution:
    return solution(replace(question, gamma=Fraction(1)))


def _discounted_rewards(question: StateQuestion) -> Solution:
    return solution(replace(question, rewards=tuple(question.gamma * r for r in question.rewards)))


def _budget_times(factor: Fraction) -> Callable[[StateQuestion], Solution]:
    return lambda question: solution(replace(question, budget=factor * question.budget))


def _other_support(question: StateQuestion) -> Solution:
    uncertainty = question.uncertainty
    ball = uncertainty.ball
    assert isinstance(ball, L1 | TotalVariation | Interval)
    other = type(ball)("nominal" if ball.leaves_support else "all")
    return solution(replace(question, uncertainty=SRectangular(other, uncertainty.weights)))


def _nominal(question: StateQuestion) -> Solution:
    return solution(replace(question, budget=Fraction(0)))


def state_mistakes(question: StateQuestion) -> Iterator[StateMistake]:
    """Yield the mistakes that make sense for the ball of a question."""
    yield StateMistake("the best single action, where a mixture is better", _single)
    yield StateMistake("with an equal part of the budget for each action", _parts)
    yield StateMistake("with the weights of the actions ignored", _unweighted)
    yield StateMistake("with the weights of the actions inverted", _inverted)
    yield StateMistake("the right worth, with the policy of the unweighted problem", _policy_of_unweighted)
    yield StateMistake("the right worth, with the best single action as policy", _policy_single)
    yield StateMistake("the right worth, with the uniform policy", _uniform)
    yield StateMistake("without the discount", _undiscounted)
    yield StateMistake("with the rewards discounted, too", _discounted_rewards)
    yield StateMistake("with half of the budget", _budget_times(Fraction(1, 2)))
    yield StateMistake("with twice the budget", _budget_times(Fraction(2)))
    yield StateMistake("without an adversary", _nominal)
    if isinstance(question.uncertainty.ball, L1 | TotalVariation | Interval):
        yield StateMistake("with the other support of the adversary", _other_support)
