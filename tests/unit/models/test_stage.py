"""A stage is one step of a game, legal or refused; planner and oracles need nothing else of it."""

from copy import copy
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.models import (
    DenseRows,
    JointPolicy,
    Model,
    RobustMarkovGame,
    SparseRows,
    Stage,
    _rows,
    backwards,
    exact_radius,
    exact_reward,
    nominal_row,
    row_of,
    row_set,
    uniform_policy,
)
from drmg_check.planner import best_modification, best_response, evaluate, robust_value_iteration
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    FictitiousTotalVariation,
    GameSet,
    Interval,
    KullbackLeibler,
    TotalVariation,
    Wasserstein,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_oracles import best_response_exactly, evaluate_exactly, gap_exactly
from drmg_oracles.policies import certify

HALF = Fraction(1, 2)


def stage(**changes: object) -> Stage:
    """Two states, one agent with two actions: the first tosses a coin, the second goes to the other state."""
    legal: dict = {
        "rows": DenseRows([[["1/2", "1/2"], [0, 1]], [["1/2", "1/2"], [1, 0]]]),
        "reward": [[[0, 1], [2, 3]]],
        "radius": "1/4",
        "uncertainty": (TotalVariation(),),
        "actions": (2,),
    }
    return Stage(**(legal | changes))


def game(uncertainty: GameSet, seed: int = 0, *, stationary: bool = False) -> RobustMarkovGame:
    """Return two agents with two actions each in five states, of which a row reaches two."""
    rng = np.random.default_rng(seed)
    steps = () if stationary else (3,)
    P = np.zeros((*steps, 5, 4, 5))
    for where in np.ndindex(P.shape[:-1]):
        P[where][rng.choice(5, 2, replace=False)] = rng.dirichlet(np.ones(2))
    return RobustMarkovGame(
        transition=P,
        reward=rng.random((2, 3, 5, 4)),
        radius=0.125,
        uncertainty=uncertainty,
        actions=(2, 2),
        horizon=3,
    )


def policy_of(game: Model) -> JointPolicy:
    shape = len(game.stages), game.n_states
    return JointPolicy(np.random.default_rng(1).dirichlet(np.ones(game.n_joint_actions), shape), game.actions)


def with_compressed_rows(game: RobustMarkovGame) -> RobustMarkovGame:
    """Return the same game whose stages hold their rows by the supports."""

    def same(stage: Stage) -> Stage:
        dense = stage.rows
        assert isinstance(dense, DenseRows)
        states = [np.flatnonzero(row) for row in dense.weights.reshape(-1, dense.shape[2])]
        rows = SparseRows(
            indptr=np.cumsum([0, *map(len, states)]),
            indices=np.concatenate(states),
            weights=dense.weights[dense.weights != 0],
            shape=dense.shape,
        )
        return Stage(
            rows=rows,
            reward=stage.reward,
            radius=stage.radius,
            uncertainty=stage.uncertainty,
            actions=stage.actions,
            name=stage.name,
            step=stage.step,
        )

    other = copy(game)
    object.__setattr__(other, "stages", tuple(map(same, game.stages)))
    return other


def test_it_says_its_numbers_exactly_and_in_floats():
    coin = stage(radius=[[["1/3", 0], [0, 1]]])
    assert (coin.n_agents, coin.n_states, coin.n_joint_actions) == (1, 2, 2)
    assert nominal_row(coin, 1, 1) == (1, 0)
    assert exact_reward(coin, 0, 1, 0) == 2
    assert exact_radius(coin, 0, 0, 0) == Fraction(1, 3)
    assert coin.rho[0, 0, 0] == 1 / 3
    row = row_of(coin, 0, 0, 0, [Fraction(0), Fraction(1)])
    assert (row.nominal, row.radius) == ((HALF, HALF), Fraction(1, 3))


def test_a_row_means_its_normalisation():
    """The sum of three floats next to 1/3 is not 1; the row says thirds of their sum."""
    thirds = stage(rows=DenseRows(np.full((2, 2, 2), 0.5) * (1 + 2.0**-52)))
    assert nominal_row(thirds, 0, 0) == (HALF, HALF)


def test_a_set_that_averages_over_the_others_has_no_rows():
    averaging = stage(uncertainty=(FictitiousTotalVariation(),), radius=[[["1/4", 0], [0, 1]]], name="crowd")
    with pytest.raises(UnsupportedError, match="agent 0 of 'crowd' has a fictitious set"):
        row_set(averaging, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"actions": (3,)}, r"rows has 2 joint actions; actions=\(3,\) give another number"),
        ({"uncertainty": ()}, r"uncertainty has 0 sets; expected one, or one per agent \(1\)"),
        ({"uncertainty": ("tv",)}, r"uncertainty\[0\]='tv' has type str"),
        ({"uncertainty": (Wasserstein(((Fraction(0),),)),)}, r"ground has 1 states; the game has 2"),
        ({"reward": np.zeros((1, 3, 2))}, r"reward.shape=\(1, 3, 2\) does not broadcast to \[m, S, A\]"),
        ({"reward": [[[0, float("inf")], [0, 0]]]}, r"reward\[0, 0, 1\]=inf is not finite"),
        ({"reward": 2.0**1010}, "rewards reach"),
        ({"radius": [[[0, 0], [0, "9/8"]]]}, r"radius\[0, 1, 1\]=9/8"),
        ({"radius": -1}, r"radius\[0, 0, 0\]=-1"),
        (
            {
                "rows": DenseRows(np.full((2, 4, 2), 0.5)),
                "reward": 0,
                "actions": (2, 2),
                "uncertainty": (TotalVariation(), FictitiousTotalVariation()),
                "radius": [[[0, 0, 0, 0]], [[0, 0, 0, "1/2"]]],
            },
            r"radius\[1, 0\] at the joint action \(1, 1\) differs",
        ),
    ],
)
def test_an_illegal_stage_is_refused(changes: dict, message: str):
    with pytest.raises(InputError, match=message):
        stage(**changes)


def test_the_stages_of_a_game_are_its_steps_in_its_own_memory():
    changing, lasting = game(TotalVariation()), game(TotalVariation(), stationary=True)
    for h, step in enumerate(changing.stages):
        assert step.step == h
        assert np.array_equal(step.rows.P, changing.P[h])
        assert np.array_equal(step.r, changing.r[:, h])
        for mine, whole in ((step.rows.P, changing.P), (step.r, changing.r), (step.rho, changing.rho)):
            assert np.shares_memory(mine, whole)
    assert len({id(step.rows) for step in lasting.stages}) == 1
    assert len({id(step.rows) for step in changing.stages}) == 3


def test_agent_i_alone_keeps_its_names_and_plays_the_given_stages():
    whole = game(TotalVariation())
    pair = RobustMarkovGame(
        transition=whole.transition,
        reward=whole.reward,
        radius=whole.radius,
        uncertainty=whole.uncertainty,
        actions=(2, 2),
        agent_names=("ann", "bob"),
        action_names=(("a", "b"), ("c", "d")),
        initial_state=1,
    )
    rows = DenseRows(np.full((5, 2, 5), 0.2))
    alone = pair.alone(1, [stage(rows=rows, step=h, reward=h) for h in range(2)])
    assert (alone.agent_names, alone.action_names, alone.initial_state) == (("bob",), (("c", "d"),), 1)
    assert alone.reward[0, :, 0, 0].tolist() == [0, 1]
    assert nominal_row(alone.stages[1], 1, 1) == (Fraction(1, 5),) * 5


SETS = [
    TotalVariation(),
    TotalVariation("nominal"),
    KullbackLeibler(),
    ChiSquare(),
    Contamination(),
    Interval(),
    FictitiousTotalVariation(),
    Wasserstein(tuple(tuple(Fraction(abs(s - t)) for t in range(5)) for s in range(5))),
]


@pytest.mark.parametrize(
    "uncertainty", SETS, ids=lambda uncertainty: f"{uncertainty.kind}-{getattr(uncertainty, 'support', '')}"
)
def test_values_do_not_depend_on_how_rows_are_kept(uncertainty: GameSet, monkeypatch: pytest.MonkeyPatch):
    """Nor on how many rows a kernel is given at a time: here three of twenty."""
    monkeypatch.setattr(_rows, "WHOLE", 15)
    dense = game(uncertainty)
    sparse, policy = with_compressed_rows(dense), policy_of(dense)
    mine, other = evaluate(dense, policy), evaluate(sparse, policy)
    assert np.array_equal(mine.V, other.V)
    assert np.array_equal(mine.Q, other.Q)
    deviations = [best_response]
    if not isinstance(uncertainty, FictitiousTotalVariation):
        deviations.append(best_modification)
        plans = [robust_value_iteration(each, "cce") for each in (dense, sparse)]
        assert np.array_equal(plans[0].policy.pi, plans[1].policy.pi)
    for deviation in deviations:
        assert np.array_equal(deviation(dense, policy, 1).V, deviation(sparse, policy, 1).V)
    exactly = [evaluate_exactly(each, policy, bits=64) for each in (dense, sparse)]
    assert exactly[0].lo.tolist() == exactly[1].lo.tolist()
    assert exactly[0].hi.tolist() == exactly[1].hi.tolist()


def test_certificates_do_not_depend_on_how_rows_are_kept():
    dense = game(TotalVariation())
    sparse, policy = with_compressed_rows(dense), policy_of(dense)
    mine, other = certify(dense, policy), certify(sparse, policy)
    assert mine.agents == other.agents
    assert gap_exactly(dense, policy).at_initial == gap_exactly(sparse, policy).at_initial


class Undriven:
    """A model of a kind that nobody drives: everything but the class is a game's."""

    def __init__(self, game: RobustMarkovGame) -> None:
        self.game = game

    def __getattr__(self, name: str) -> object:
        return getattr(self.game, name)


def test_a_model_without_a_driver_is_refused_in_words():
    finite = game(TotalVariation())
    undriven = Undriven(finite)
    assert isinstance(undriven, Model)
    policy = uniform_policy(finite)
    with pytest.raises(UnsupportedError, match="the planner has no driver for Undriven 'game'"):
        evaluate(undriven, policy)
    for oracle in (
        lambda: evaluate_exactly(undriven, policy),
        lambda: best_response_exactly(undriven, policy, 0),
    ):
        with pytest.raises(UnsupportedError, match="the oracles have no driver for Undriven 'game'"):
            oracle()


def test_steps_are_taken_from_the_last_to_the_first():
    seen = []

    def update(step: int, following: str) -> str:
        seen.append(step)
        return f"{step}({following})"

    assert backwards([0, 1, 2], update, "end") == ["0(1(2(end)))", "1(2(end))", "2(end)", "end"]
    assert seen == [2, 1, 0]
    assert backwards([], update, "end") == ["end"]
