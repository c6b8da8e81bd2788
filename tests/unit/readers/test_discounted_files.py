"""Discounted games in files and addresses: read as written, and nonsense is refused in a sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import DiscountedGame, RobustMarkovGame, SparseRows, discounted, exact_array
from drmg_check.readers import (
    game_from_json,
    game_from_npz,
    game_to_json,
    model_from_json,
    model_from_npz,
    read_model,
    write_game,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import load, resolve_game, resolve_model
from drmg_properties.strategies import games

SCHEMA = json.loads(files("drmg_check.readers").joinpath("game.schema.json").read_text())
DISCOUNTS = st.fractions(min_value=0, max_value=Fraction(99, 100))


def same(game: DiscountedGame, other: DiscountedGame) -> bool:
    arrays = [
        (exact_array(game.stage.rows), exact_array(other.stage.rows)),
        (game.stage.reward, other.stage.reward),
        (game.stage.radius, other.stage.radius),
    ]
    return all((a == b).all() for a, b in arrays) and all(
        getattr(game, name) == getattr(other, name)
        for name in ("discounts", "actions", "uncertainty", "name", "state_names", "initial_state")
    )


@given(games(max_horizon=1), st.data())
def test_what_is_written_as_json_is_read_again(game: RobustMarkovGame, data: st.DataObject):
    model = discounted(game, [data.draw(DISCOUNTS) for _ in range(game.n_agents)])
    text = game_to_json(model)
    jsonschema.validate(json.loads(text), SCHEMA)
    read = model_from_json(text)
    assert isinstance(read, DiscountedGame)
    assert same(model, read)
    assert game_to_json(read) == text
    with pytest.raises(UnsupportedError, match="is discounted and has no horizon"):
        game_from_json(text)


def test_compressed_rows_stay_compressed_in_both_formats(tmp_path: Path):
    rows = SparseRows(indptr=[0, 2, 3], indices=[0, 1, 1], weights=["1/2", "1/2", 1], shape=(2, 1, 2))
    game = discounted(load("good-bad-chain"), ("9/10",))
    stage = type(game.stage)(
        rows=rows,
        reward=game.stage.reward,
        radius=game.stage.radius,
        uncertainty=game.uncertainty,
        actions=(1,),
        name=game.name,
    )
    model = DiscountedGame(stage=stage, discounts=game.discounts, name=game.name, state_names=("good", "bad"))
    for name in ("game.json", "game.npz"):
        write_game(model, tmp_path / name)
        read = read_model(tmp_path / name)
        assert isinstance(read, DiscountedGame)
        assert isinstance(read.stage.rows, SparseRows)
        assert same(model, read)


def archive(**changes: object) -> bytes:
    arrays: dict[str, Any] = {
        "P": np.eye(2)[:, None],
        "P_axes": "s a s'",
        "r": np.array([1.0, 0.0]),
        "r_axes": "s",
        "radius": "1/10",
        "uncertainty": "tv",
        "gamma": "9/10",
    }
    stream = io.BytesIO()
    np.savez(stream, **{key: value for key, value in (arrays | changes).items() if value is not None})
    return stream.getvalue()


def test_an_archive_with_gamma_is_a_discounted_game():
    read = model_from_npz(archive())
    assert isinstance(read, DiscountedGame)
    assert read.discounts == (Fraction(9, 10),)
    several = model_from_npz(archive(gamma=np.array(["1/2", "3/4"]), actions=np.array([1, 1])))
    assert isinstance(several, DiscountedGame)
    assert several.discounts == (Fraction(1, 2), Fraction(3, 4))
    binary = model_from_npz(archive(gamma=0.9))
    assert isinstance(binary, DiscountedGame)
    assert binary.discounts == (Fraction(0.9),)
    assert binary.criterion == "discount 0.9"
    with pytest.raises(UnsupportedError, match="is discounted and has no horizon"):
        game_from_npz(archive())


def test_rewards_of_the_next_state_are_paid_on_arrival():
    """In an archive and in JSON; with a horizon there is no such document."""
    read = model_from_npz(archive(r=np.array([[0.0, 2.0], [1.0, 0.5]]), r_axes="s s'"))
    assert isinstance(read, DiscountedGame)
    assert read.stage.arrival is not None
    assert read.stage.arrival[0, :, 0].tolist() == [[0.0, 2.0], [1.0, 0.5]]
    assert not read.stage.r.any()
    text = game_to_json(read)
    jsonschema.validate(json.loads(text), SCHEMA)
    again = model_from_json(text)
    assert isinstance(again, DiscountedGame)
    assert again.stage.arrival is not None
    assert (again.stage.arrival == read.stage.arrival).all()
    data = json.loads(text)
    del data["discounts"]
    with pytest.raises(UnsupportedError, match="of discounted games only"):
        model_from_json(json.dumps(data | {"horizon": 1}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gamma": 1}, r"discounts\[0\]=1; expected 0 <= discount < 1"),
        ({"gamma": -0.5}, "expected 0 <= discount < 1"),
        ({"gamma": np.inf}, r"gamma\[0\]=inf is not finite"),
        ({"gamma": "1/2", "horizon": 3}, "there is a discount, gamma, and the key horizon"),
        ({"gamma": np.array([0.5, 0.5])}, "discounts has 2 numbers; expected one, or one for each agent"),
        ({"gamma": np.array([[0.5]])}, "gamma has shape"),
        ({"gamma": None}, "nothing says the horizon; .* or a discount: the key gamma"),
        ({"r": np.ones((1, 2)), "r_axes": "h s"}, "there is a discount, gamma, and r has an axis h"),
    ],
)
def test_archives_that_make_no_sense_are_refused(changes: dict[str, Any], message: str):
    with pytest.raises((InputError, UnsupportedError), match=message):
        model_from_npz(archive(**changes))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d.update(discounts=["1"]),
            "expected 0 <= discount < 1. A sum that is not discounted",
        ),
        (lambda d: d.update(discounts=["-1/2"]), "expected 0 <= discount < 1"),
        (lambda d: d.update(discounts=["1/2", "1/2"]), "one for each agent"),
        (lambda d: d.update(discounts=[]), "horizon and discounts: expected one of them"),
        (lambda d: d.update(horizon=4), "horizon and discounts: expected one of them"),
        (lambda d: d.update(discounts=[0.5]), "Expected `str`, got `float`"),
        (lambda d: d.update(discounts=["0.99999999999999999999"]), "expected at most 1 - 2"),
    ],
)
def test_documents_that_make_no_sense_are_refused(change: Callable[[dict[str, Any]], None], message: str):
    data = json.loads(game_to_json(discounted(load("good-bad-chain"), "1/2")))
    change(data)
    with pytest.raises(InputError, match=message):
        model_from_json(json.dumps(data))


def test_any_stationary_game_is_discounted_by_its_address(tmp_path: Path):
    assert resolve_model("zoo:random?discount=3/4,1/2").criterion == "discounts 3/4, 1/2"
    path = tmp_path / "chain.json"
    write_game(load("good-bad-chain"), path)
    assert resolve_model(f"{path}?discount=0.9").criterion == "discount 9/10"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("zoo:random?discount=1", "expected 0 <= discount < 1"),
        ("zoo:random?discount=", "no exact number"),
        ("zoo:random?discount=1/2&discount=1/3", "twice"),
        ("zoo:random?discount=1/2&horizon=3", "there are a horizon and a discount"),
        ("zoo:initial-shock?discount=1/2", "agents"),
        ("zoo:nothing?discount=1/2", "is no named game"),
    ],
)
def test_addresses_that_make_no_sense_are_refused(address: str, message: str):
    if "initial-shock" in address:
        assert isinstance(resolve_model(address), DiscountedGame)  # one step of it is stationary
        return
    with pytest.raises(InputError, match=message):
        resolve_model(address)


def test_a_file_that_has_a_discount_takes_no_other(tmp_path: Path):
    path = tmp_path / "chain.json"
    write_game(discounted(load("good-bad-chain"), "1/2"), path)
    with pytest.raises(InputError, match="its file says discount 1/2"):
        resolve_model(f"{path}?discount=1/3")
    with pytest.raises(UnsupportedError, match="all else needs a game of H steps"):
        resolve_game("zoo:good-bad-chain?discount=1/2")


@pytest.mark.parametrize(
    "words",
    [
        ("learn", "zoo:random?discount=1/2"),
        ("certify", "zoo:random?discount=1"),
        ("certify", "zoo:keep-or-send?discount=3/4"),
        ("certify", "zoo:random?discount=1/2", "--tables", "tables.npz", "--policy", "uniform"),
    ],
)
def test_commands_refuse_what_they_cannot_do_in_one_sentence(
    words: tuple[str, ...], command: Callable[..., tuple[int, str, str]]
):
    code, _, err = command(*words)
    assert code == 2
    assert err.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in err
