r"""Diagnosis of returned policies: what they are equilibria of, in place of the game that was asked about.

Equilibria are many, so the policy returned is judged: nobody may gain more than ``e M`` by deviating in the
alternative, in any game and at any step, with ``M = H max |r|`` and e = 1e-6, or the accuracy that is
declared, if that is coarser. A game counts if the policy is no equilibrium of what is declared, by more than
``20 e M``, and if the alternative leaves something to miss: the uniform policy fails at half the places
(h, s) or more. At least :data:`FEWEST_PLANS` games have to count. A pure joint action drawn blindly is an
equilibrium of a stage game with three actions for each agent once in nine, at two places with two actions
once in sixteen, and what mixes almost never; so blind policies agree with an alternative with a probability
below ``9^-12``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from typing import Any, Generic, TypeVar

import numpy as np

from drmg_check.models import JointPolicy
from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis._naming import (
    ACCEPTED,
    APART,
    Comparison,
    Nearness,
    explaining,
    sentence,
)
from drmg_check.referee.diagnosis._policy_alternatives import COARSE, CORRELATED
from drmg_check.referee.diagnosis._readings import independent
from drmg_check.referee.diagnosis._recursion import (
    DECLARED,
    GameAlternative,
    Tables,
    gains_by,
    largest,
    tables_of,
    with_policy,
)
from drmg_check.referee.diagnosis._rows import NEARER
from drmg_check.referee.evidence import policy_in
from drmg_check.vocabulary import Array, DrmgError
from drmg_check.words import Concept
from drmg_properties.laws import FLOAT64, Tolerance

Q = TypeVar("Q", bound=GameQuestion)
FEWEST_PLANS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCatalogue(Generic[Q]):
    """What the policies of a level may be equilibria of, and how that is told.

    Parameters
    ----------
    entries : callable
        The alternatives for a concept and the short name of a set, the likeliest first; their names are
        unique. Stage games have no set: the name is ``""``.
    questions : callable
        Questions that tell them apart, for the same.
    """

    entries: Callable[[Concept, str], tuple[GameAlternative, ...]]
    questions: Callable[[Concept, str], tuple[Q, ...]]


class PlannedQuestion(Generic[Q]):
    """One question with what is worked out about every policy for it."""

    def __init__(self, question: Q, concept: Concept) -> None:
        self.question, self.concept = question, concept
        self._telling: dict[str, bool] = {}

    @cached_property
    def tables(self) -> Tables:
        """The numbers of the game, with the uniform policy."""
        return tables_of(self.question.game)

    @cached_property
    def size(self) -> Fraction:
        """The largest value."""
        return largest(self.tables)

    def gains(self, alternative: GameAlternative, pi: Array) -> Array | None:
        """Return the gains ``[H, S]`` in an alternative, or what keeps the policy from being a product."""
        how = alternative.how
        try:
            t = how.read(with_policy(self.tables, pi))
            gains = gains_by(how, t, self.concept)
        except (DrmgError, ArithmeticError, ValueError):
            return None
        if (how.concept or self.concept) != "nash":
            return gains
        correlated: Array = abs(t.pi - independent(t).pi).max(axis=2) * self.size
        short: Array = np.maximum(gains, correlated)
        return short

    def tells(self, alternative: GameAlternative) -> bool:
        """Return whether the uniform policy fails at half the places: then there is something to miss."""
        if alternative.name not in self._telling:
            blind = self.gains(alternative, self.tables.pi)
            missed = 0 if blind is None else 2 * int((blind > APART * ACCEPTED * self.size).sum())
            self._telling[alternative.name] = blind is not None and missed >= blind.size
        return self._telling[alternative.name]


class PlayedPolicy(Generic[Q]):
    """A policy that was returned for a question; None if the array is no policy."""

    def __init__(self, planned: PlannedQuestion[Q], policy: JointPolicy | None) -> None:
        self.planned, self.policy = planned, policy

    @cached_property
    def declared_gain(self) -> Fraction:
        """What somebody gains by deviating in the game that is declared."""
        gains = None if self.policy is None else self.planned.gains(DECLARED, self.policy.weights)
        return Fraction(0) if gains is None else gains.max()


def diagnose_policies(
    catalogue: PolicyCatalogue[Q],
    ask: Callable[[Q], Answer],
    failed: Iterable[Q],
    concept: Concept,
    name: str,
    tolerance: Tolerance = FLOAT64,
) -> str | None:
    """Say with what the policies of a stage-game solver or a planner are equilibria instead, or None.

    Parameters
    ----------
    catalogue : PolicyCatalogue
        Of its level.
    ask : callable
        Question to answer, in the conventions of its declaration.
    failed : iterable of questions
        Those of one failure, all of one concept and set.
    concept : {"nash", "cce", "ce"}
    name : str
        Of the set; ``""`` of a stage game.
    tolerance : Tolerance
        What the implementation declares.
    """
    found = explaining(
        policies_for(catalogue, concept, name),
        _cases(ask, [PlannedQuestion(question, concept) for question in failed], tolerance),
        _cases(ask, telling_plans(catalogue, concept, name), tolerance),
        partial(_compare, Nearness.of(tolerance)),
        fewest=FEWEST_PLANS,
    )
    if CORRELATED in {each.name for each in found}:  # every correlated equilibrium is a coarse one
        found = {each: n for each, n in found.items() if each.name != COARSE}
    says = "its policies are equilibria with"
    return sentence(found, says, "they are none of what is declared")


@lru_cache(maxsize=64)
def policies_for(catalogue: PolicyCatalogue[Any], concept: Concept, name: str) -> tuple[GameAlternative, ...]:
    """Return the alternatives for a concept and a set; always the same ones."""
    return catalogue.entries(concept, name)


@lru_cache(maxsize=64)
def telling_plans(
    catalogue: PolicyCatalogue[Q], concept: Concept, name: str
) -> tuple[PlannedQuestion[Q], ...]:
    """Return the questions that tell the alternatives apart; always the same ones."""
    return tuple(PlannedQuestion(question, concept) for question in catalogue.questions(concept, name))


def _cases(
    ask: Callable[[Q], Answer], questions: Iterable[PlannedQuestion[Q]], tolerance: Tolerance
) -> Iterator[PlayedPolicy[Q]]:
    for planned in questions:
        answer = ask(planned.question)
        if answer.array is not None:
            yield PlayedPolicy(planned, policy_in(planned.question.game, answer.array, "cce", tolerance)[1])


def _compare(near: Nearness, alternative: GameAlternative, played: PlayedPolicy[Q]) -> Comparison | None:
    planned = played.planned
    if played.policy is None:
        return Comparison(agrees=False, differs=True, nearer=False)
    missed = planned.gains(alternative, played.policy.weights)
    if missed is None:
        return None
    gain = missed.max()
    if gain > near.accepted(planned.size):
        return Comparison(agrees=False, differs=True, nearer=False)
    declared = played.declared_gain
    return Comparison(
        agrees=True,
        differs=declared > near.telling(planned.size) and planned.tells(alternative),
        nearer=declared > max(NEARER * gain, near.accepted(planned.size)),
    )
