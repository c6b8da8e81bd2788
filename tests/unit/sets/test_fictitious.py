"""A fictitious set belongs to a game: what it refuses, and its way through files and addresses."""

import json
from fractions import Fraction
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame, row_of, row_set
from drmg_check.readers import game_from_json, game_to_json
from drmg_check.sets import (
    FictitiousTotalVariation,
    KullbackLeibler,
    Row,
    TotalVariation,
    game_set_from_data,
    game_set_to_data,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import load


def game_of(radius: object, uncertainty: object = FictitiousTotalVariation()) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=np.full((2, 4, 2), 0.5),
        reward=0.0,
        radius=radius,
        uncertainty=uncertainty,
        actions=(2, 2),
        horizon=1,
    )


@pytest.mark.parametrize("support", ["all", "nominal"])
def test_json_round_trip(support: str):
    fictitious = FictitiousTotalVariation(support)
    assert game_set_from_data(game_set_to_data(fictitious)) == fictitious
    game = game_of(0.25, (fictitious, KullbackLeibler()))
    text = game_to_json(game)
    schema = json.loads(files("drmg_check.readers").joinpath("game.schema.json").read_text())
    jsonschema.validate(json.loads(text), schema)
    assert game_from_json(text).uncertainty == (fictitious, KullbackLeibler())


def test_a_bare_kind_means_its_defaults_and_the_zoo_knows_it():
    assert game_set_from_data("fictitious-tv") == FictitiousTotalVariation()
    assert load("random?uncertainty=fictitious-tv").uncertainty == (FictitiousTotalVariation(),) * 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "fictitious-tv", "support": "some"}, "expected 'all' or 'nominal'"),
        ({"kind": "fictitious-tv", "radius": "1"}, "no parameter 'radius'"),
        ("fictitious", "unknown; expected one of .*fictitious-tv, hellinger"),
        (7, "expected an object"),
    ],
)
def test_bad_data_is_refused(data: object, message: str):
    with pytest.raises(InputError, match=message):
        game_set_from_data(data)


def test_a_single_row_has_no_fictitious_set():
    with pytest.raises(InputError, match="no set of single rows"):
        Row.of(FictitiousTotalVariation(), [1, 1], [0, 1], "1/4")
    game = game_of(0.25, (FictitiousTotalVariation(), TotalVariation()))
    with pytest.raises(UnsupportedError, match="agent 0 of 'game' has a fictitious set"):
        row_of(game.stages[0], 0, 0, 0, [Fraction(0)] * 2)
    assert row_set(game.stages[0], 1) == TotalVariation()


def test_its_radius_depends_on_the_own_action_only():
    """Agent 0 plays a // 2 and agent 1 a % 2."""
    own = np.array([[0.1, 0.1, 0.2, 0.2], [0.1, 0.2, 0.1, 0.2]]).reshape(2, 1, 1, 4)
    game_of(own)
    with pytest.raises(InputError, match=r"radius\[0, 0, 0\] at the joint action \(0, 1\)"):
        game_of(own[::-1])
    game_of(own[::-1], TotalVariation())
    with pytest.raises(InputError, match=r"in \[0, 1\]"):
        game_of(2)
