"""What the levels of solvers share: equilibria are many, so the policy that is returned is judged by itself.

A policy is right if it is one, a product where NASH is asked for, and if no agent gains by deviating: the
exact recursion gives its gap

    max_{i, s} V_i^{dagger, pi_{-i}}(s) - V_i^pi(s),    for CE  max_phi V_i^{phi o pi}(s) - V_i^pi(s),

which may exceed 0 by what rounding explains and by the declared accuracy, a fraction of ``H max |r|``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeVar

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.referee.asking import GameQuestion, Session, tolerance_of
from drmg_check.referee.evidence import (
    Fault,
    GameFault,
    Tally,
    grade_of,
    largest_value,
    policy_in,
    rounding_of_policies,
)
from drmg_check.referee.levels._gap import certified_gap
from drmg_check.referee.levels._of_policy import PolicyQuestion
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions, judge_repeated, judge_untouched
from drmg_check.vocabulary import Array, exact
from drmg_check.words import Concept, FailureKind
from drmg_oracles import ce_gap_exactly
from drmg_properties.laws import Tolerance

TELLING = "nobody gains where every mistake of the catalogue shows"
LARGE, SMALL = Fraction(1000), Fraction(1, 1000)


@dataclass(frozen=True, eq=False)
class SolverQuestion(GameQuestion):
    """What is asked of somebody who returns a policy.

    Parameters
    ----------
    game : RobustMarkovGame
    concept : {"nash", "cce", "ce"}
    """

    concept: Concept


S = TypeVar("S", bound=SolverQuestion)


def judge_legal(session: Session[S], question: S, tally: Tally) -> Fault[S] | None:
    """Return the trouble, or what keeps an answer from being a policy, or None."""
    answer = session.answer(question)
    if not tally.count(answer):
        return None
    if answer.array is None:
        return GameFault(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    wrong, _ = policy_in(question.game, answer.array, question.concept, tolerance_of(session.declared))
    return GameFault(FailureKind.ILLEGAL_POLICY, question, answer, wrong) if wrong else None


def judge_gap(session: Session[S], question: S, tally: Tally) -> Fault[S] | None:
    """Return who gains by deviating from the policy returned, by more than is forgiven, or None."""
    fault = judge_legal(session, question, tally)
    answer = session.answer(question)
    if fault is not None or answer.array is None:
        return fault
    game = question.game
    _, policy = policy_in(game, answer.array, question.concept, tolerance_of(session.declared))
    assert policy is not None
    moved = largest_change(answer.array, policy)
    lo, hi, allowed = policy_gap(game, policy, question.concept, tolerance_of(session.declared), moved)
    beyond: Array = lo - allowed
    worst = max(np.ndindex(*lo.shape), key=lambda where: exact(beyond[where]))
    grade = grade_of(exact(beyond[worst]), largest_value(game))
    tally.note_grade(grade)
    if grade == "exact":
        return None
    i, s = map(int, worst)
    return GameFault(
        FailureKind.NO_EQUILIBRIUM,
        question,
        answer,
        f"agent {i} gains {float(lo[worst]):.3g} in s{s} by deviating",
        where=worst,
        low=exact(lo[worst]),
        high=exact(hi[worst]),
        allowed=allowed,
        grade=grade,
        severity=exact(beyond[worst]) / (largest_value(game) or 1),
    )


def largest_change(weights: Array, policy: JointPolicy) -> Fraction:
    """Return by how much an entry of the policy that an array means differs from the array."""
    change: Fraction = abs(weights.reshape(policy.weights.shape) - policy.weights).max()
    return change


def policy_gap(
    game: RobustMarkovGame,
    policy: JointPolicy,
    concept: Concept,
    tolerance: Tolerance,
    moved: Fraction = Fraction(0),
) -> tuple[Array, Array, Fraction]:
    """Return bounds ``[m, S]`` on each agent's gain at the first step, and what is forgiven.

    If every entry of pi changes by at most ``moved``, a value changes at each step by at most
    ``A moved H max |r|``, and a gain by twice the sum: what it took to make a policy of what was returned is
    forgiven, and the rounding of its entries.
    """
    truth = certified_gap(PolicyQuestion(game, policy), tolerance)
    lo, hi = truth.lo, truth.hi
    if concept == "ce":
        gaps = ce_gap_exactly(game, policy)
        lo, hi = gaps.lo, gaps.hi
    rounding = rounding_of_policies(game, tolerance)
    unlike = 2 * game.n_joint_actions * (rounding + game.horizon * moved)
    declared = tolerance.accuracy * largest_value(game) + tolerance.absolute
    return lo, hi, truth.allowed.max() + unlike * largest_value(game) + declared


def judge_again(session: Session[S], question: S, tally: Tally) -> Fault[S] | None:
    """Return whether the same game gets policies further apart than rounding explains."""
    rounding = rounding_of_policies(question.game, tolerance_of(session.declared))
    return judge_repeated(lambda: np.array(2 * rounding, dtype=object), session, question, tally)


def solver_checks(
    about: str,
    smoke: Mapping[str, tuple[str, S]],
    legal: str,
    laws: Mapping[str, tuple[str, Judge[S]]],
    asked: FixedQuestions[S],
    drawn: Callable[[], SearchStrategy[S]],
) -> Iterator[PlannedCheck[S]]:
    """Yield the checks of a solver, about a set or a concept.

    Parameters
    ----------
    about : str
    smoke : mapping
        Titles and questions that a reader can check, by name.
    legal : str
        What every answer is, as a title.
    laws : mapping
        Titles and judges by name.
    asked : FixedQuestions
    drawn : callable
        The strategy of generated questions.
    """
    for name, (title, question) in smoke.items():
        alone = partial(tuple, (question,))
        yield PlannedCheck(about=about, name=f"smoke/{name}", title=title, judge=judge_gap, questions=alone)
    yield PlannedCheck(about=about, name="contract/answers", title=legal, judge=judge_legal, drawn=drawn)
    yield PlannedCheck(
        about=about,
        name="contract/input",
        title="leaves its input alone",
        judge=judge_untouched,
        questions=lambda: tuple(question for _, question in smoke.values()),
    )
    yield PlannedCheck(
        about=about,
        name="contract/deterministic",
        title="equal games get equal policies",
        judge=judge_again,
        questions=asked.repeated,
    )
    for name, (title, judge) in laws.items():
        yield PlannedCheck(about=about, name=f"law/{name}", title=title, judge=judge, drawn=drawn)
    title = "nobody gains by deviating"
    yield PlannedCheck(about=about, name="oracle/generated", title=title, judge=judge_gap, drawn=drawn)
    yield PlannedCheck(
        about=about, name="oracle/telling", title=TELLING, judge=judge_gap, questions=asked.telling
    )
