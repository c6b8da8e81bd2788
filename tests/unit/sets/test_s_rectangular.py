"""An s-rectangular set belongs to a game: what it refuses, and its way through files and addresses."""

import json
from fractions import Fraction
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame, row_of, row_set, state_problem
from drmg_check.readers import game_from_json, game_to_json
from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    SRectangular,
    StateProblem,
    TotalVariation,
    Wasserstein,
    game_set_for,
    game_set_from_data,
    game_set_to_data,
)
from drmg_check.vocabulary import InputError, UnsupportedError

BALLS = (TotalVariation(), L1("nominal"), KullbackLeibler(), ChiSquare(), Interval())


def game_of(radius: object, *sets: object) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=np.full((2, 4, 2), 0.5),
        reward=0.0,
        radius=radius,
        uncertainty=sets,
        actions=(2, 2),
        horizon=1,
    )


@pytest.mark.parametrize("ball", BALLS, ids=lambda ball: ball.kind)
@pytest.mark.parametrize("weights", [(), ("1/3", 2, 1, 1)])
def test_json_round_trip(ball: object, weights: tuple[object, ...]):
    uncertainty = SRectangular(ball, weights)
    assert game_set_from_data(game_set_to_data(uncertainty)) == uncertainty
    text = game_to_json(game_of(0.5, uncertainty, L1()))
    schema = json.loads(files("drmg_check.readers").joinpath("game.schema.json").read_text())
    jsonschema.validate(json.loads(text), schema)
    assert game_from_json(text).uncertainty == (uncertainty, L1())


def test_short_names_name_the_ball():
    assert game_set_for("s-rectangular:l1:nominal", 3) == SRectangular(L1("nominal"))
    with pytest.raises(InputError, match="ball=reverse-kl has no s-rectangular set; expected one of chi2"):
        game_set_for("s-rectangular:reverse-kl", 3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "s-rectangular"}, "no 'ball'"),
        ({"kind": "s-rectangular", "ball": "l1", "budget": "1"}, "no parameter 'budget'"),
        ({"kind": "s-rectangular", "ball": "l1", "weights": ["0"]}, r"weights\[0\]=0; expected a positive"),
        ({"kind": "s-rectangular", "ball": "hellinger"}, "ball=hellinger has no s-rectangular set"),
        ({"kind": "s-rectangular", "ball": "s-rectangular"}, "unknown"),
    ],
)
def test_bad_data_is_refused(data: object, message: str):
    with pytest.raises(InputError, match=message):
        game_set_from_data(data)


@pytest.mark.parametrize("ball", [ReverseKL(), Wasserstein([[0, 1], [1, 0]]), "l1"])
def test_other_balls_are_refused(ball: object):
    with pytest.raises(InputError, match="has no s-rectangular set"):
        SRectangular(ball)


def test_a_budget_has_no_largest_value_and_is_one_for_all_actions():
    game_of(50.0, SRectangular(L1()), SRectangular(KullbackLeibler()))
    radius = np.full((2, 1, 2, 4), 0.5)
    radius[1, 0, 1, 2] = 0.25
    with pytest.raises(InputError, match=r"radius\[1, 0, 1\] at the joint action 2 differs .* one budget"):
        game_of(radius, SRectangular(L1()), SRectangular(L1()))
    game_of(radius, SRectangular(L1()), L1())
    with pytest.raises(InputError, match=r"radius\[0, 0, 0, 0\]=-1 is illegal for the s-rectangular set"):
        game_of(-1.0, SRectangular(L1()), SRectangular(L1()))


def test_weights_are_one_for_each_joint_action():
    with pytest.raises(InputError, match=r"uncertainty\[0\].weights has 2 entries; expected one for each of"):
        game_of(0.5, SRectangular(L1(), [1, 2]), L1())


def test_a_single_row_has_no_s_rectangular_set():
    with pytest.raises(InputError, match="no set of single rows"):
        Row.of(SRectangular(L1()), [1, 1], [0, 1], "1/4")
    game = game_of(0.5, SRectangular(L1()), L1())
    with pytest.raises(UnsupportedError, match="agent 0 of 'game' has an s-rectangular set, whose budget"):
        row_of(game.stages[0], 0, 0, 0, [Fraction(0)] * 2)
    assert row_set(game.stages[0], 1) == L1()
    with pytest.raises(UnsupportedError, match="agent 1 of 'game' has no s-rectangular set"):
        state_problem(game.stages[0], 1, 0, [Fraction(0)] * 2, (0,) * 4, (Fraction(1),) * 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 0]], [[1]], 1), "of lengths"),
        (([[0, 0]], [[1, 0]], 1), "nominal"),
        (([[1, 0]], [[1, 0]], -1), "budget=-1; expected >= 0"),
        (([[1, 0]], [[1, 0], [0, 0]], 1), "values has 2"),
    ],
)
def test_illegal_states_are_refused(arguments: tuple[object, ...], message: str):
    with pytest.raises(InputError, match=message):
        StateProblem.of(SRectangular(L1()), *arguments)
    ones = (Fraction(1),) * 2
    with pytest.raises(InputError, match="choices="):
        StateProblem(
            SRectangular(L1()), ((Fraction(1),),) * 2, ((Fraction(1),),) * 2, Fraction(1), (0, 2), ones
        )
