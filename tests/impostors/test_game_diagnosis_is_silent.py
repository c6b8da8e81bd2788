"""Where no alternative explains a whole game's failure, the diagnosis says nothing rather than guess."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis import (
    DECLARED,
    FEWEST,
    GameAlternative,
    diagnose_policies,
    diagnose_values,
)
from drmg_check.referee.levels._equilibrium import STAGE_CATALOGUE
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._of_policy import PolicyQuestion
from drmg_check.referee.levels._planner import PLAN_CATALOGUE
from drmg_check.vocabulary import Array
from tests.impostors.game_impostors import (
    Ask,
    computed,
    games_of,
    in_floats,
    planner,
    plans_of,
    policies_of,
    stages_of,
    values_of,
)


def noise(question: PolicyQuestion) -> Answer:
    """Returns any values."""
    values = np.random.default_rng(question.game.horizon).uniform(0, 1, question.shape)
    return in_floats(values)


def rough(question: PolicyQuestion) -> Answer:
    """Halves the radius, and is off by 1e-4 besides."""
    right = computed(values_of("tv", "evaluation")["half the radius in each row"], "evaluation", question)
    return in_floats(right + Fraction(1, 1000))


def two_at_once(question: PolicyQuestion) -> Answer:
    """Halves the radius on the policy in reversed order: two entries, neither of which it follows."""
    entries = values_of("tv", "evaluation")
    how = replace(
        entries["half the radius in each row"].how, read=entries["the policy in reversed order"].how.read
    )
    return in_floats(computed(GameAlternative("", "", how), "evaluation", question))


def forgetful(question: PolicyQuestion) -> Array:
    return computed(values_of("tv", "evaluation")[NOMINAL], "evaluation", question)


def off_catalogue(question: PolicyQuestion) -> Answer:
    """Averages robust and nominal values, as nobody does."""
    robust = computed(DECLARED, "evaluation", question)
    return in_floats((robust + forgetful(question)) / 2)


def mostly(question: PolicyQuestion) -> Answer:
    """Forgets the adversary, but for games of two agents."""
    if question.game.n_agents == 2:
        return in_floats(computed(DECLARED, "evaluation", question))
    return in_floats(forgetful(question))


def refuses_nearly_all(question: PolicyQuestion) -> Answer:
    """Forgets the adversary, and answers fewer games than a diagnosis needs."""
    if question not in games_of("evaluation", "tv")[: FEWEST - 1]:
        return Answer(trouble="not supported")
    return in_floats(forgetful(question))


NOMINAL = "the nominal mean in each row"


@pytest.mark.parametrize("impostor", [noise, rough, two_at_once, off_catalogue, mostly, refuses_nearly_all])
def test_nothing_is_said_of_values_rather_than_guessed(impostor: Ask):
    assert diagnose_values(EVALUATION_CATALOGUE, impostor, games_of("evaluation", "tv")[:1]) is None


def pure_noise(question: GameQuestion) -> Answer:
    """Plays any pure actions."""
    chance = random.Random(repr(question.game.reward.tolist()))  # noqa: S311
    rows = [chance.randrange(question.shape[-1]) for _ in range(int(np.prod(question.shape[:-1])))]
    return in_floats(np.eye(question.shape[-1])[rows].reshape(question.shape))


def mixed_noise(question: GameQuestion) -> Answer:
    """Plays everything alike."""
    return in_floats(np.full(question.shape, 1 / question.shape[-1]))


def costs_of_the_other(question: GameQuestion) -> Answer:
    """Takes the other agent's rewards for its own costs: two entries, neither of which it follows."""
    other = policies_of("equilibrium", "nash")["the other agent's rewards"].how

    def read(t: object) -> object:
        exchanged = other.read(t)
        return replace(exchanged, r=-exchanged.r)

    return planner(GameAlternative("", "", replace(other, read=read)))(question)


@pytest.mark.parametrize("impostor", [pure_noise, mixed_noise, costs_of_the_other])
def test_nothing_is_said_of_policies_rather_than_guessed(impostor: Ask):
    stages, plans = stages_of("nash"), plans_of("nash", "tv")
    assert diagnose_policies(STAGE_CATALOGUE, impostor, stages[:1], "nash", "") is None
    if impostor is not costs_of_the_other:
        assert diagnose_policies(PLAN_CATALOGUE, impostor, plans[:1], "nash", "tv") is None


def test_an_implementation_that_no_alternative_explains_is_asked_no_more():
    """The games that tell alternatives apart are asked only while one is left."""
    asked: list[GameQuestion] = []

    def ask(question: GameQuestion) -> Answer:
        asked.append(question)
        return noise(question)

    assert diagnose_values(EVALUATION_CATALOGUE, ask, games_of("evaluation", "tv")[:1]) is None
    assert len(asked) == 1
