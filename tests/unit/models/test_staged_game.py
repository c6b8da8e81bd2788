"""A game given by its stages is the game that its arrays would give, for whatever works on stages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drmg_check.enclosures import tables
from drmg_check.learners import Recording, Settings, learn
from drmg_check.models import (
    DenseRows,
    Model,
    RobustMarkovGame,
    SparseRows,
    Stage,
    StagedGame,
    repeated,
    uniform_policy,
)
from drmg_check.planner import best_response, evaluate, gaps, practical, robust_value_iteration
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_oracles import brute_force_best_response, brute_force_value, evaluate_by_program
from drmg_oracles.policies import certify, verify_places


def staged(game: RobustMarkovGame) -> StagedGame:
    return StagedGame(
        stages=game.stages,
        initial_state=game.initial_state,
        name=game.name,
        agent_names=game.agent_names,
        state_names=game.state_names,
        action_names=game.action_names,
    )


@pytest.mark.parametrize(
    "name", ["initial-shock", "failure-gridworld?horizon=3", "random-dirichlet?states=4"]
)
def test_planner_oracles_and_certificates_take_it(name: str):
    """Values, responses, gaps and plans are the same bits, certificates the same fractions."""
    game = load(name)
    same, policy = staged(game), uniform_policy(game)
    assert isinstance(same, Model)
    assert evaluate(same, policy).V.tolist() == evaluate(game, policy).V.tolist()
    assert best_response(same, policy, 0).V.tolist() == best_response(game, policy, 0).V.tolist()
    assert gaps(same, policy).cce.tolist() == gaps(game, policy).cce.tolist()
    planned = [robust_value_iteration(each, "cce").policy.pi.tolist() for each in (same, game)]
    assert planned[0] == planned[1]
    assert certify(same, policy).gap("cce") == certify(game, policy).gap("cce")


def test_learners_take_it():
    """What is drawn, planned and regretted is the same."""
    game = load("initial-shock")
    same = staged(game)
    assert (same.r.tolist(), same.rho.tolist()) == (game.r.tolist(), game.rho.tolist())
    assert practical(same, 40) == practical(game, 40)
    for algorithm in ("mornavi", "nash-vi", "commit"):
        how = Settings(algorithm=algorithm, concept="cce", episodes=40, optimism=practical(game, 40))
        first, second = (learn(each, how, seeds=[3]) for each in (same, game))
        assert first.N.tolist() == second.N.tolist()
        assert (first.regret.tolist(), first.pi.tolist()) == (second.regret.tolist(), second.pi.tolist())


def test_checkpoints_of_one_are_those_of_the_other(tmp_path: Path):
    game = load("initial-shock")
    how = Settings(algorithm="mornavi", concept="nash", episodes=40, optimism=practical(game, 40))
    learn(game, how, seeds=[0], recording=Recording(folder=tmp_path))
    again = learn(staged(game), how, seeds=[0], recording=Recording(folder=tmp_path, resume=True))
    assert again.regret.tolist() == learn(game, how, seeds=[0]).regret.tolist()
    other = load("initial-shock?horizon=5")
    with pytest.raises(InputError, match="holds another run"):
        learn(staged(other), how, seeds=[0], recording=Recording(folder=tmp_path, resume=True))


def test_brute_force_takes_it():
    """Over the vertices of total variation, and over the policies of one agent."""
    game = load("initial-shock?horizon=2")
    same, policy = staged(game), uniform_policy(game)
    for by_force in (brute_force_value, brute_force_best_response):
        assert by_force(same, policy, 0) == by_force(game, policy, 0)
    assert evaluate_by_program(same, policy, 0).tolist() == evaluate_by_program(game, policy, 0).tolist()


def test_names_and_sizes_are_those_of_its_stages():
    game = load("initial-shock")
    same = staged(game)
    for attribute in (
        "n_states",
        "n_agents",
        "n_joint_actions",
        "actions",
        "uncertainty",
        "criterion",
        "is_stationary",
    ):
        assert getattr(same, attribute) == getattr(game, attribute), attribute
    assert same.occupancy.tolist() == game.occupancy.tolist()
    assert same.state_names == ("good", "bad")


def a_stage(**changes: object) -> Stage:
    numbers: dict[str, object] = {
        "rows": DenseRows([[[0.5, 0.5]], [[0, 1]]]),
        "reward": [[[1.0], [0.0]]],
        "radius": 0.25,
        "uncertainty": (TotalVariation(),),
        "actions": (1,),
    }
    return Stage(**(numbers | changes))


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ((), "stages is empty"),
        ((a_stage(), a_stage()), r"stages\[1\] has .* step=0; expected .* step 1"),
        ((a_stage(), a_stage(step=1, uncertainty=(KullbackLeibler(),))), r"stages\[1\] has .* the same sets"),
        ((a_stage(rows=DenseRows([[[1.0]], [[1.0]]])),), r"rows \(2, 1, 1\)"),
        (repeated(a_stage(reward=2.0**1008), 8), "rewards reach"),
    ],
)
def test_stages_that_do_not_follow_each_other_are_refused(stages: tuple[Stage, ...], message: str):
    with pytest.raises(InputError, match=message):
        StagedGame(stages=stages)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"initial_state": 2}, "initial_state=2; expected 0 <= s < 2"),
        ({"initial_state": True}, "initial_state=True"),
        ({"state_names": ("a",)}, "state_names"),
        ({"action_names": (("a",), ("b",))}, "action_names has 2 entries"),
    ],
)
def test_labels_that_do_not_fit_are_refused(change: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        StagedGame(stages=repeated(a_stage(), 2), **change)


@pytest.mark.parametrize("horizon", [0, -1, True, 1.5])
def test_a_stage_is_repeated_a_whole_number_of_times(horizon: object):
    with pytest.raises(InputError, match="horizon"):
        repeated(a_stage(), horizon)


def test_a_hundred_thousand_states_take_what_their_successors_take():
    """Nothing of the game, a policy that is the same at every step, or a place of it is written out."""
    S = 100_000
    rows = SparseRows(
        indptr=np.arange(S + 1), indices=(np.arange(S) * 7 + 1) % S, weights=np.ones(S), shape=(S, 1, S)
    )
    stage = Stage(
        rows=rows,
        reward=(np.arange(S) % 3 * 1.0)[None, :, None],
        radius=np.array(0.5),
        uncertainty=(TotalVariation(support="nominal"),),
        actions=(1,),
    )
    game = StagedGame(stages=repeated(stage, 40), name="ring")
    policy = uniform_policy(game)
    assert policy.weights.strides[0] == 0
    (value,) = tables(game, policy, questions=("value",))
    assert verify_places(game, policy, value, [(0, 0), (20, 5), (39, S - 1)]) == 3
    assert value.L.shape == (41, S)
