"""The JSON format of games loses nothing, says what is wrong, and allocates nothing on a stranger's word."""

import json
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import game_from_data, game_from_json, game_to_data, game_to_json
from drmg_check.sets import (
    UNCERTAINTY_SETS,
    CressieRead,
    KullbackLeibler,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_check.vocabulary import InputError

SCHEMA = json.loads(files("drmg_check.readers").joinpath("game.schema.json").read_text())

BY_HAND = """
{"format": "drmg-game", "version": 1, "horizon": 2, "states": 2, "actions": [2, 1],
 "uncertainty": ["kl"],
 "reward": {"numbers": "rational", "shape": [1, 1, 2, 1], "values": ["1", "-0.1"]},
 "radius": {"numbers": "float64", "shape": [2, 1, 1, 1], "values": ["0", "0x1.999999999999ap-4"]},
 "transition": {"numbers": "rational", "kernels": [[
   [1, 1, [[1, "1"]]],
   [1, 0, [[0, "1"]]],
   [0, 0, [[1, "2/3"], [0, "1/3"]]],
   [0, 1, [[0, "1"]]]]]}}
"""

AS_WRITTEN = """\
{"format":"drmg-game",
"version":1,
"name":"game",
"horizon":2,
"states":2,
"actions":[2,1],
"initial_state":0,
"agent_names":["agent 0","agent 1"],
"state_names":["s0","s1"],
"action_names":[["0","1"],["0"]],
"uncertainty":[{"kind":"kl"}],
"reward":{"numbers":"rational","shape":[1,1,2,1],"values":["1","-1/10"]},
"radius":{"numbers":"float64","shape":[2,1,1,1],"values":["0","0x1.999999999999ap-4"]},
"transition":{"numbers":"rational","kernels":[[
[0,0,[[0,"1/3"],[1,"2/3"]]],
[0,1,[[0,"1"]]],
[1,0,[[0,"1"]]],
[1,1,[[1,"1"]]]
]]}}
"""


def small_game(**changes: object) -> RobustMarkovGame:
    arguments: dict[str, Any] = {
        "transition": np.full((2, 2, 2), 0.5),
        "reward": np.zeros(()),
        "radius": np.zeros(()),
        "uncertainty": (TotalVariation(),) * 2,
        "actions": (2, 1),
        "horizon": 3,
    }
    return RobustMarkovGame(**(arguments | changes))


def document(**changes: object) -> dict[str, Any]:
    return json.loads(BY_HAND) | changes


def test_a_file_written_by_hand_is_read_exactly():
    game = game_from_json(BY_HAND)
    assert game.transition[1, 0, 0].tolist() == [Fraction(1, 3), Fraction(2, 3)]
    assert game.reward[1, 1, 1, 0] == Fraction(-1, 10)
    assert game.rho[:, 0, 0, 0].tolist() == [0.0, 0.1]
    assert game.uncertainty == (KullbackLeibler(),) * 2
    assert game.is_stationary


def test_the_text_is_canonical():
    """However a game was written, it is written back in one form, and that form is a fixed point."""
    assert game_to_json(game_from_json(BY_HAND)) == AS_WRITTEN
    assert game_to_json(game_from_json(AS_WRITTEN)) == AS_WRITTEN
    assert game_to_json(game_from_data(json.loads(BY_HAND))) == AS_WRITTEN


def test_data_and_text_are_the_same_document():
    game = game_from_json(BY_HAND)
    assert json.loads(game_to_json(game)) == game_to_data(game)


def test_equal_games_give_equal_bytes_however_their_arrays_are_stored():
    stationary = small_game(reward=np.ones((1, 2, 2)))
    spread = small_game(transition=np.full((3, 2, 2, 2), 0.5), reward=np.ones((2, 3, 2, 2)))
    assert game_to_json(stationary) == game_to_json(spread)


def test_kernels_that_differ_are_all_written():
    transition = np.array([np.full((2, 2, 2), 0.5), np.full((2, 2, 2), [0.25, 0.75])])
    game = game_from_json(game_to_json(small_game(transition=transition, horizon=0)))
    assert not game.is_stationary
    assert np.array_equal(game.P, transition)


@pytest.mark.parametrize("value", [0.1, 0.5, -0.0, 1e300, 5e-324, 2.0**60, -1234.0625, 1 / 3, 1e16 + 2])
def test_floats_stay_the_same_floats(value: float):
    game = game_from_json(game_to_json(small_game(reward=np.array(value))))
    assert game.reward.dtype == np.float64
    assert game.reward[0, 0, 0, 0] == value


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-(10**300) - 1, 7), Fraction(1, 2**1074)])
def test_fractions_stay_the_same_fractions(value: Fraction):
    game = game_from_json(game_to_json(small_game(reward=np.array(value, dtype=object))))
    assert game.reward.dtype == object
    assert game.reward[0, 0, 0, 0] == value


def test_a_fraction_too_long_to_read_is_not_written():
    with pytest.raises(InputError, match="reward holds a fraction too long"):
        game_to_json(small_game(reward=np.array(Fraction(1, 10**4000), dtype=object)))


def test_a_name_that_no_file_can_hold_is_not_written():
    with pytest.raises(InputError, match="not Unicode"):
        game_to_json(small_game(name="\ud800"))


METRIC = ((Fraction(0), Fraction(1, 3)), (Fraction(1, 3), Fraction(0)))
PARAMETERS = {
    "cressie-read": {"alpha": Fraction(3, 2)},
    "wasserstein": {"ground": METRIC, "order": 2},
    "bounds": {"lower": (0, "1/3"), "upper": ("1/2", 1)},
    "scenarios": {"rows": ((1, 0), ("1/3", "2/3"))},
    **{kind: {"weights": (1, "1/3")} for kind in ("weighted-l1", "weighted-interval", "ellipsoid")},
}
SETS = [cls(**PARAMETERS.get(kind, {})) for kind, cls in UNCERTAINTY_SETS.items()]


@pytest.mark.parametrize("uncertainty", [*SETS, TotalVariation("nominal")], ids=str)
def test_every_set_is_read_back_and_fits_the_schema(uncertainty: UncertaintySet):
    text = game_to_json(small_game(uncertainty=(uncertainty, KullbackLeibler())))
    jsonschema.validate(json.loads(text), SCHEMA)
    assert game_from_json(text).uncertainty == (uncertainty, KullbackLeibler())


Change = Callable[[dict[str, Any]], object]
ILLEGAL: list[tuple[Change, str, bool]] = [  # the change, the message, whether the schema sees it
    (lambda d: d.update(format="drmg-policy"), "format='drmg-policy'", True),
    (lambda d: d.update(version=2), "version=2; this drmg-check reads version 1", True),
    (lambda d: d.update(colour="red"), "unknown field `colour`", True),
    (lambda d: d.pop("horizon"), "horizon and discounts: expected one of them", True),
    (lambda d: d.update(horizon="2"), r"Expected `int | null`, got `str` - at `\$.horizon`", True),
    (lambda d: d.update(horizon=0), ">= 1", True),
    (lambda d: d.update(horizon=True), "Expected `int | null`, got `bool`", True),
    (lambda d: d.update(states=10**30), "<= 2147483648", True),
    (lambda d: d.update(states=2**31), "expected at most", False),
    (lambda d: d.update(horizon=2**31), "expected at most", False),
    (lambda d: d.update(actions=[2**31] * 32), "expected at most", False),
    (lambda d: d.update(actions=[1] * 33), "at most 32 agents", True),
    (lambda d: d.update(actions=[]), "expected numbers >= 1", True),
    (lambda d: d.update(initial_state=2), "initial_state=2", False),
    (lambda d: d.update(state_names=["a", "a"]), "repeats a name", False),
    (lambda d: d.update(uncertainty=["tv"] * 3), "3 sets; expected 1, or one per agent", False),
    (lambda d: d.update(uncertainty=[]), "0 sets", True),
    (lambda d: d.update(uncertainty=["magic"]), "'magic' is unknown", True),
    (lambda d: d.update(uncertainty=[{"kind": "tv", "support": 3}]), "support=3", True),
    (lambda d: d.update(uncertainty=[{"kind": "kl", "radius": "1"}]), "no parameter 'radius'", True),
    (lambda d: d.update(uncertainty=[{"kind": "cressie-read", "alpha": 0.5}]), "got `float`", True),
    (lambda d: d.update(uncertainty=[{"kind": "wasserstein"}]), "incomplete", True),
    (lambda d: d.update(uncertainty=[{"kind": "wasserstein", "ground": [["0"]]}]), "1 rows for 2", False),
    (lambda d: d["radius"].update(shape=[3, 1, 1, 1]), "expected lengths 1 or", False),
    (lambda d: d["radius"].update(shape=[2]), "expected lengths 1 or", True),
    (lambda d: d["radius"].update(values=["0"]), "1 values; expected 2", False),
    (lambda d: d["radius"].update(values=["0", "-1"]), "illegal for the kl set", False),
    (lambda d: d["radius"].update(values=["0", "0.1"]), "no float64 number", False),
    (lambda d: d["radius"].update(values=["0", "0x1p9999"]), "out of range", False),
    (lambda d: d["radius"].update(values=["0", "0x1.00000000000001p0"]), "no float64 number", False),
    (lambda d: d["radius"].update(values=["0", "nan"]), "'nan' is no exact number", True),
    (lambda d: d["radius"].update(values=["0", "inf"]), "'inf' is no exact number", True),
    (lambda d: d["radius"].update(numbers="float32"), "Invalid enum value 'float32'", True),
    (lambda d: d["radius"].update(values=["0", 0.1]), "Expected `str`, got `float`", True),
    (lambda d: d["radius"].update(values=["0", "NaN"]), r"radius.values\[1\]='NaN' is no exact", True),
    (lambda d: d["radius"].update(values=["0", "1e9999"]), "out of range", False),
    (lambda d: d["radius"].update(values=["0", "1" * 5000]), "5000 characters", True),
    (lambda d: d["reward"].update(values=["1", "1/0"]), "no number", False),
    (lambda d: d["transition"]["kernels"].append([]), "0 rows; expected 2 states x 2", False),
    (lambda d: d["transition"]["kernels"].clear(), "expected numbers >= 1", True),
    (
        lambda d: d["transition"].update(kernels=d["transition"]["kernels"] * 3),
        "3 kernels; expected 1",
        False,
    ),
    (
        lambda d: (d.update(horizon=3), d["transition"].update(kernels=d["transition"]["kernels"] * 2)),
        r"2 kernels; expected 1, or one per step \(3\)",
        False,
    ),
    (lambda d: d["transition"]["kernels"][0].pop(), "3 rows; expected 2 states x 2", False),
    (lambda d: d["transition"]["kernels"][0][0].__setitem__(0, 2), r"row \[2, 1\] is repeated or", False),
    (lambda d: d["transition"]["kernels"][0][0].__setitem__(1, 0), r"row \[1, 0\] is repeated", False),
    (lambda d: d["transition"]["kernels"][0][0].append(1), "Expected `array` of length 3", True),
    (lambda d: d["transition"]["kernels"][0][0][2].append([1, "0"]), "lists a state twice", False),
    (lambda d: d["transition"]["kernels"][0][0][2].append([2, "0"]), "leads to state 2", False),
    (lambda d: d["transition"]["kernels"][0][0][2].append([-1, "0"]), ">= 0", True),
    (lambda d: d["transition"]["kernels"][0][0][2].clear(), "sums to 0", False),
    (lambda d: d["transition"]["kernels"][0][2][2][0].__setitem__(1, "2/4"), "sums to 0.83", False),
]


@pytest.mark.parametrize(("change", "message", "seen"), ILLEGAL, ids=[message for _, message, _ in ILLEGAL])
def test_an_illegal_document_is_refused_with_its_place(change: Change, message: str, seen: bool):
    """By the reader always, as text and as data; by the schema wherever a schema can."""
    data = document()
    change(data)
    with pytest.raises(InputError, match=message):
        game_from_json(json.dumps(data))
    with pytest.raises(InputError, match=message):
        game_from_data(data)
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(data) is not seen


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "truncated"),
        (BY_HAND[:-40], "truncated|malformed"),
        (BY_HAND + "}", "trailing"),
        ("[]", "Expected `object`"),
        (b"\xff\xfe", "malformed"),
        (b'{"format": "\xff"}', "drmg-game"),
        ("\ud800", "drmg-game"),
        (BY_HAND.replace('"0"', "NaN"), "malformed"),
        ('{"format":' + "[" * 10**6, "drmg-game"),
        ('{"x":' + "[" * 10**6, "deeply"),
        (BY_HAND.replace('["kl"]', '[{"kind":' + "[" * 10**6), "drmg-game"),
        (BY_HAND.replace('"horizon": 2', f'"horizon": {"9" * 5000}'), "drmg-game"),
        (BY_HAND.replace('"horizon": 2', '"horizon": 2, "horizon": 3'), "'horizon' appears twice"),
        (BY_HAND.replace('"horizon": 2', r'"horizon": 2, "hori\u007aon": 3'), "'horizon' appears twice"),
        (BY_HAND.replace('["kl"]', '[{"kind": "kl", "kind": "tv"}]'), "'kind' appears twice"),
    ],
    ids=lambda x: repr(x)[:40],
)
def test_text_that_is_no_document_is_refused(text: str | bytes, message: str):
    with pytest.raises(InputError, match=message):
        game_from_json(text)


def test_names_may_hold_braces_quotes_and_colons():
    """The search for repeated keys is not confused by what stands in strings."""
    names = ('{"a":', '"', "\\", "}:{")
    game = small_game(transition=np.full((4, 2, 4), 0.25), state_names=names)
    assert game_from_json(game_to_json(game)).state_names == names


def test_an_announced_size_is_refused_before_it_is_allocated():
    data = document(states=5000, actions=[40, 40], horizon=30)
    text = json.dumps(data)
    tracemalloc.start()
    with pytest.raises(InputError, match=r"the kernel has 40000000000 rational numbers"):
        game_from_json(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_the_documented_example_is_a_game():
    page = Path(__file__).parents[3] / "docs" / "game-format.md"
    example = page.read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    jsonschema.validate(json.loads(example), SCHEMA)
    assert game_from_json(example).name == "a small game"


def test_cressie_read_keeps_an_exact_alpha():
    game = small_game(uncertainty=(CressieRead(Fraction(1, 3)), Wasserstein(METRIC)))
    assert game_from_json(game_to_json(game)).uncertainty == game.uncertainty
