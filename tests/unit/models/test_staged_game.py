"""A game given by its stages is the game that its arrays would give, for whatever works on stages."""

from __future__ import annotations

import numpy as np
import pytest

from drmg_check.enclosures import tables
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
from drmg_check.planner import best_response, evaluate, gaps, robust_value_iteration
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
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
