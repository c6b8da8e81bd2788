r"""Diagnosis of whole games: which other recursion gives the values, or makes the policies equilibria.

The rule is that of single rows (:mod:`drmg_check.referee.diagnosis._rows`): one counterexample rules an
alternative out, it has to explain the failure at hand, and nothing is said of noise, of a mistake that the
catalogue does not have, or of two at once. Errors are measured by the largest value, ``M = H max |r|``.

**Values.** With v the answer, x that of an alternative and V the exact one, all in the largest norm, an
alternative is named if ``|v - x| <= 1e-6 M`` for every game that it speaks about, rounding forgiven, and
``|x - V| > 2e-5 M`` for at least :data:`FEWEST` games: values that hit x by chance do so with a probability
below ``20^-8``.

**Policies.** Equilibria are many, so the policy returned is judged: nobody may gain more than ``1e-6 M`` by
deviating in the alternative, in any game and at any step. A game counts if the policy is no equilibrium of
what is declared, by more than ``2e-5 M``, and if the alternative leaves something to miss: the uniform
policy fails at half the places (h, s) or more. At least :data:`FEWEST_PLANS` games have to count. A pure
joint action drawn blindly is an equilibrium of a stage game with three actions for each agent once in nine,
at two places with two actions once in sixteen, and what mixes almost never; so blind policies agree with an
alternative with a probability below ``9^-12``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, row_set, uniform_policy
from drmg_check.referee._game_checks import GameFinding
from drmg_check.referee._policy_checks import read_policy
from drmg_check.referee._questions import Question, certified_answer
from drmg_check.referee._session import Answer
from drmg_check.referee.diagnosis._discriminating_games import discriminating_games
from drmg_check.referee.diagnosis._discriminating_plans import discriminating_plans, discriminating_stages
from drmg_check.referee.diagnosis._game_alternatives import value_catalogue
from drmg_check.referee.diagnosis._naming import Comparison, explaining, sentence
from drmg_check.referee.diagnosis._policy_alternatives import COARSE, CORRELATED, policy_catalogue
from drmg_check.referee.diagnosis._readings import independent
from drmg_check.referee.diagnosis._recursion import GameAlternative, Recursion, answer_by, gains_by, read_with
from drmg_check.referee.diagnosis._regret import diagnose_regret
from drmg_check.referee.diagnosis._rows import ACCEPTED, DIFFERENT, FEWEST, NEARER
from drmg_check.targets import set_family, set_name
from drmg_check.vocabulary import Array, DrmgError, exact
from drmg_check.words import FailureKind

FEWEST_PLANS = 12
DECLARED = GameAlternative("", "", Recursion())
POLICIES = ("equilibrium", "planner")
VALUES = ("backup", "evaluation", "best-response", "gap")
Ask: TypeAlias = Callable[[Question], Answer]


def diagnose_game(ask: Ask, finding: GameFinding) -> str | None:
    """Say what an implementation seems to compute of games in place of what it declares, or None.

    Parameters
    ----------
    ask : callable
        Question to answer, in the conventions of its declaration.
    finding : GameFinding
    """
    questions = (finding.question, *finding.derived)
    if finding.question.level in VALUES and finding.kind in (FailureKind.WRONG_VALUE, FailureKind.LAW_BROKEN):
        return diagnose_values(ask, questions)
    if finding.question.level in POLICIES and finding.kind in (
        FailureKind.NO_EQUILIBRIUM,
        FailureKind.ILLEGAL_POLICY,
    ):
        return diagnose_policies(ask, questions)
    if finding.kind == FailureKind.WRONG_REGRET:
        return diagnose_regret(ask, finding.question)
    return None


def diagnose_values(ask: Ask, failed: Iterable[Question]) -> str | None:
    """Say what an implementation seems to compute in place of the values of games, or None.

    Parameters
    ----------
    ask : callable
        Question to answer, in the conventions of its declaration.
    failed : iterable of Question
        Those of one failure, all of one level and set.
    """
    questions = list(failed)
    level, name = questions[0].level, set_name(row_set(questions[0].game.stages[0], 0))
    found = explaining(
        value_catalogue(level, set_family(name).make(1)),
        _arrays(ask, questions),
        _arrays(ask, discriminating_games(level, name)),
        _compare_values,
        fewest=FEWEST,
    )
    return sentence(found, "agrees with", "{it} and the declared semantics differ")


def _arrays(ask: Ask, questions: Iterable[Question]) -> Iterator[tuple[Question, Array]]:
    for question in questions:
        answer = ask(question)
        if answer.array is not None:
            yield question, answer.array


def _compare_values(one: GameAlternative, case: tuple[Question, Array]) -> Comparison | None:
    question, answer = case
    values = _answer_of(one, question)
    if values is None:
        return None
    truth = certified_answer(question)
    size = largest(question)
    off = abs(answer - values)
    return Comparison(
        agrees=off.max() <= ACCEPTED * size + truth.allowed.max(),
        differs=abs(values - truth.lo).max() > DIFFERENT * size,
        nearer=bool((NEARER * off < abs(answer - truth.lo)).any()),
    )


@lru_cache(maxsize=16384)
def _answer_of(one: GameAlternative, question: Question) -> Array | None:
    try:
        return answer_by(one.how, question)
    except (DrmgError, ArithmeticError, ValueError):
        return None


def diagnose_policies(ask: Ask, failed: Iterable[Question]) -> str | None:
    """Say with what the policies of a stage-game solver or a planner are equilibria instead, or None.

    Parameters are those of :func:`diagnose_values`.
    """
    questions = list(failed)
    one, concept = questions[0], questions[0].concept
    if one.level == "planner":
        name = set_name(row_set(one.game.stages[0], 0))
        catalogue = policy_catalogue(one.level, concept, set_family(name).make(1))
        games = discriminating_plans(concept, name)
    else:
        catalogue, games = policy_catalogue(one.level, concept, None), discriminating_stages(concept)
    found = explaining(
        catalogue, _arrays(ask, questions), _arrays(ask, games), _compare_policies, fewest=FEWEST_PLANS
    )
    if CORRELATED in {each.name for each in found}:  # every correlated equilibrium is a coarse one
        found = {each: n for each, n in found.items() if each.name != COARSE}
    says = "its policies are equilibria with"
    return sentence(found, says, "they are none of what is declared")


def _compare_policies(one: GameAlternative, case: tuple[Question, Array]) -> Comparison | None:
    question, answer = case
    _, policy = read_policy(question.game, answer, "cce")
    if policy is None:
        return Comparison(agrees=False, differs=True, nearer=False)
    size = largest(question)
    missed = _gains(one, question, policy)
    if missed is None:
        return None
    gain = missed.max()
    if gain > ACCEPTED * size:
        return Comparison(agrees=False, differs=True, nearer=False)
    declared = _declared_gain(question, policy)
    return Comparison(
        agrees=True,
        differs=declared > DIFFERENT * size and _telling(one, question),
        nearer=declared > max(NEARER * gain, ACCEPTED * size),
    )


def _telling(one: GameAlternative, question: Question) -> bool:
    """Return whether an alternative leaves something to miss: the uniform policy fails at half the places."""
    blind = _gains(one, question, _uniform(question.game))
    return blind is not None and 2 * int((blind > DIFFERENT * largest(question)).sum()) >= blind.size


@lru_cache(maxsize=256)
def _uniform(game: RobustMarkovGame) -> JointPolicy:
    return uniform_policy(game)


@lru_cache(maxsize=4096)
def _gains(one: GameAlternative, question: Question, policy: JointPolicy) -> Array | None:
    """Return the gains ``[H, S]`` in an alternative, or what keeps the policy from being a product there."""
    try:
        gains = gains_by(one.how, question, policy.weights)
        t = read_with(one.how, question, policy.weights)
    except (DrmgError, ArithmeticError, ValueError):
        return None
    if (one.how.concept or question.concept) != "nash":
        return gains
    correlated: Array = abs(t.pi - independent(t).pi).max(axis=2) * largest(question)
    short: Array = np.maximum(gains, correlated)
    return short


def _declared_gain(question: Question, policy: JointPolicy) -> Fraction:
    gains = _gains(DECLARED, question, policy)
    return Fraction(0) if gains is None else gains.max()


def largest(question: Question) -> Fraction:
    """Return ``H max |r|``, which no value exceeds, with the next values of a backup."""
    game = question.game
    after = max(abs(v) for v in question.values) if question.level == "backup" else Fraction(0)
    return game.horizon * max(abs(exact(x)) for x in game.reward.ravel()) + after
