"""Each entry of the catalogue for whole games has an impostor that follows it; each is caught, and named.

Most impostors follow the catalogue itself, so that no entry goes untested; others are written by hand and
share no code with it. CI tries every entry at one level, and those that differ in kind at each;
``HYPOTHESIS_PROFILE=deep`` tries all of them everywhere.
"""

import os
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import best_response, gaps, robust_value_iteration
from drmg_check.referee import check_implementation
from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis import (
    COARSE,
    CORRELATED,
    DECLARED,
    FEWEST,
    FEWEST_PLANS,
    RegretAlternative,
    diagnose_policies,
    diagnose_regret,
    diagnose_values,
    entries_for,
    policies_for,
    regret_entries,
)
from drmg_check.referee.levels._equilibrium import STAGE_CATALOGUE
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._learner import REGRET_CATALOGUE
from drmg_check.referee.levels._planner import PLAN_CATALOGUE
from drmg_check.referee.levels._played import LearnerQuestion
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import FloatArray
from tests.impostors.game_impostors import (
    CONCEPTS,
    LEVELS,
    VALUES,
    Actions,
    computed,
    first_failure,
    follower,
    games_of,
    in_floats,
    learner,
    planner,
    plans_of,
    policies_of,
    said_of,
    stages_of,
    values_of,
)

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SAMPLE = (
    *("half the radius in each row", "the nominal mean in each row", "the largest expectation in each row"),
    *("a discount of 0.9 in each row", "Q at most H - h + 1", "V at most H", "the worst case at most H - h"),
)


def is_sampled(entry: str) -> bool:
    """Alternatives to rows, discounts and clipping differ in numbers: CI tries some of them everywhere."""
    alike = entry.endswith(" in each row") or entry.startswith(("Q ", "V ", "rewards times", "a discount of"))
    return DEEP or not alike or entry in SAMPLE


EVERY_VALUE = sorted({name for level in LEVELS for name in values_of("tv", level)})


@pytest.mark.parametrize("entry", EVERY_VALUE)
def test_the_impostor_of_values_is_caught_and_named_at_each_level(entry: str):
    levels = [level for level in LEVELS if entry in values_of("tv", level)]
    for level in levels if is_sampled(entry) else levels[:1]:
        ask = follower(values_of("tv", level)[entry], level)
        fault = first_failure(level, ask, games_of(level, "tv"))
        assert fault is not None, level
        said = said_of(level, ask, fault)
        assert said is not None, level
        assert said.startswith(f"agrees with {entry} ("), level
        assert "tells these apart" not in said


@pytest.mark.parametrize("concept", CONCEPTS)
def test_impostors_of_a_stage_solver_are_caught_and_named(concept: str):
    for entry, one in policies_of("equilibrium", concept).items():
        ask = planner(one)
        fault = first_failure("equilibrium", ask, stages_of(concept))
        assert fault is not None, entry
        said = said_of("equilibrium", ask, fault)
        assert said is not None, entry
        assert said.startswith(f"its policies are equilibria with {entry} ("), entry
        assert "tells these apart" not in said


ALIKE = {COARSE: CORRELATED}
"""In games with two actions for each agent, the coarse equilibrium of largest welfare is often no other."""


PURE = (CORRELATED, COARSE, "rewards taken for costs", "the largest expectation in each row")
"""Not told by games of three steps, where agents mix: whoever mixes is as indifferent between costs."""


@pytest.mark.parametrize("entry", [name for name in policies_of("planner", "nash", "tv") if is_sampled(name)])
def test_impostors_of_a_planner_are_caught_and_named(entry: str):
    least = 2 if entry in PURE else 3
    one = policies_of("planner", "nash", "tv")[entry]
    ask = planner(one, lambda question: question.game.n_agents == 2 and question.game.horizon >= least)
    fault = first_failure("planner", ask, plans_of("nash", "tv"))
    assert fault is not None
    said = said_of("planner", ask, fault)
    assert said is not None
    assert said.startswith(f"its policies are equilibria with {ALIKE.get(entry, entry)} (")
    assert "tells these apart" not in said


@pytest.mark.parametrize("entry", ["half the radius in each row", "the nominal mean in each row"])
def test_a_planner_of_one_agent_is_named_too(entry: str):
    one = policies_of("planner", "nash", "tv")[entry]
    ask = planner(one, lambda question: question.game.n_agents == 1)
    fault = first_failure("planner", ask, plans_of("nash", "tv"))
    assert f"with {entry} (" in (said_of("planner", ask, fault) or "")


def runs_of(concept: str) -> tuple[LearnerQuestion, ...]:
    return REGRET_CATALOGUE.questions(concept, "tv")


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "the mean of the gaps",
            "the gap of each episode",
            "the sum of earlier gaps",
            "the sum over agents",
        ),
        *("the gaps of the first agent", "the nominal mean in each row", "half the radius in each row"),
        *("rewards taken for costs", "the largest gap of all states", "no last reward"),
    ],
)
def test_impostors_of_a_learner_are_named_by_their_regret(entry: str):
    catalogue = {one.name: one for one in regret_entries(REGRET_CATALOGUE, "cce", "tv")}
    ask = learner(catalogue[entry])
    fault = first_failure("learner", ask, runs_of("cce"))
    assert fault is not None
    assert (said_of("learner", ask, fault) or "").startswith(f"its regret agrees with {entry} (")


def test_the_right_regret_is_never_diagnosed():
    right = RegretAlternative("", "", DECLARED, regret_entries(REGRET_CATALOGUE, "cce", "tv")[-1].total)
    ask, runs = learner(right), runs_of("cce")
    assert first_failure("learner", ask, runs) is None
    assert diagnose_regret(REGRET_CATALOGUE, ask, runs[0], "cce", "tv") is None


OTHER_SETS = {
    "kl": "the radius in bits in each row",
    "wasserstein:2": "the root of the radius in each row",
    "interval:nominal": "all states in each row",
}


@pytest.mark.parametrize("name", OTHER_SETS)
def test_impostors_of_other_sets_are_named(name: str):
    ask = follower(values_of(name, "evaluation")[OTHER_SETS[name]], "evaluation")
    said = diagnose_values(EVALUATION_CATALOGUE, ask, games_of("evaluation", name)[:3])
    assert said is not None
    assert said.startswith(f"agrees with {OTHER_SETS[name]} (")


def the_game(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=P, reward=r, radius=rho, uncertainty=(TotalVariation(),) * len(actions), actions=actions
    )


def clipped(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Cuts every value at the number of steps that are left, as if rewards were at most 1."""
    m, H, S, A = r.shape
    V = np.zeros((m, S))
    for h in reversed(range(H)):
        for i in range(m):
            rows, radii = P[h].reshape(S * A, S), rho[i, h].ravel()
            worst = worst_case_expectations(TotalVariation(), rows, radii, V[i]).reshape(S, A)
            V[i] = np.minimum((pi[h] * (r[i, h] + worst)).sum(axis=1), H - h)
    return V


def half(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Takes the radius for an L1 distance."""
    S, A = r.shape
    return r + worst_case_expectations(TotalVariation(), P.reshape(S * A, S), rho.ravel() / 2, V).reshape(
        S, A
    )


def column_major(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Numbers joint actions with the first agent's action fastest."""
    order = np.arange(r.shape[3]).reshape(actions, order="F").ravel()
    game = the_game(P[:, :, order], r[..., order], rho[..., order], actions)
    policy = JointPolicy(pi[..., order], actions)
    return np.array([best_response(game, policy, i).V[0] for i in range(len(actions))])


def nominal_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Forgets the adversary."""
    return gaps(the_game(P, r, 0 * rho, actions), JointPolicy(pi, actions)).cce


def team(u: FloatArray, actions: Actions) -> FloatArray:
    """Lets the agents cooperate."""
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]


def careless(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Plans for the nominal game."""
    return robust_value_iteration(the_game(P, r, 0 * rho, actions), "nash").policy.pi


@pytest.mark.parametrize(
    ("function", "level", "check", "words"),
    [
        (half, "backup", "tv/smoke/two-states", "agrees with half the radius in each row ("),
        (clipped, "evaluation", "tv/law/shift", "agrees with V at most H - h + 1 ("),
        (column_major, "best-response", "tv/oracle/telling", "agrees with joint actions with agent 1's"),
        (nominal_gap, "gap", "tv/oracle/telling", "agrees with the nominal mean in each row ("),
        (team, "equilibrium", "nash/smoke/prisoners-dilemma", "with the sum of the rewards for all ("),
        (careless, "planner", "tv/smoke/safe-or-risky", "with the nominal mean in each row ("),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_impostors_by_hand_are_named_in_the_record(
    function: Callable[..., FloatArray], level: str, check: str, words: str
):
    sets = {} if level == "equilibrium" else {"sets": "tv"}
    found = check_implementation(function, **sets, level=level, checks=[check], on_fail=None, profile="quick")
    assert [one.outcome for one in found] == ["failed"]
    assert words in found[0].failure.diagnosis


@pytest.mark.parametrize("level", LEVELS)
def test_right_values_are_never_diagnosed(level: str):
    """Not even on games that a failure hands in, and not when the last digits are off."""

    def ask(question: GameQuestion) -> Answer:
        return in_floats(computed(DECLARED, level, question) + Fraction(1, 10**7))

    assert diagnose_values(VALUES[level], ask, games_of(level, "tv")[:FEWEST]) is None


@pytest.mark.parametrize("concept", CONCEPTS)
def test_our_equilibria_are_never_diagnosed(concept: str):
    stages, plans = stages_of(concept), plans_of(concept, "tv")
    ask = planner(DECLARED)
    assert diagnose_policies(STAGE_CATALOGUE, ask, stages[:FEWEST_PLANS], concept, "") is None
    assert diagnose_policies(PLAN_CATALOGUE, ask, plans[:2], concept, "tv") is None
    assert first_failure("equilibrium", ask, stages) is None


def test_questions_are_always_the_same_and_names_unique():
    for level in LEVELS:
        assert games_of(level, "tv") == games_of(level, "tv")
        names = [entry.name for entry in entries_for(VALUES[level], "tv")]
        assert len(names) == len(set(names))
    names = [entry.name for entry in policies_for(PLAN_CATALOGUE, "nash", "tv")]
    assert len(names) == len(set(names))
