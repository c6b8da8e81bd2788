"""Every game has an address, and a wrong address gets a useful answer."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from drmg_check.readers import game_from_json, game_to_json, write_game
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import load, named_games, resolve_game

NAMES = list(named_games())


@pytest.mark.parametrize("name", NAMES)
def test_a_named_game_can_be_built_written_and_read(name: str):
    game = load(name)
    assert game.name == name
    text = game_to_json(game)
    assert game_to_json(game_from_json(text)) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_named_game_is_described(name: str):
    """One line for the list; all parameters are keywords with defaults, explained in the docstring."""
    entry = named_games()[name]
    assert entry.name == name
    assert 0 < len(entry.description) < 70
    assert set(entry.parameters) == set(inspect.signature(entry.build).parameters)
    documentation = inspect.getdoc(entry.build) or ""
    shared = "parameters are those of" in " ".join(documentation.split())
    assert shared or all(parameter in documentation for parameter in entry.parameters)


def test_an_address_carries_parameters_of_every_type():
    game = load("initial-shock?agents=3&radius=1/5&secret=1,0,1&hidden=true&everywhere=false&horizon=2")
    assert game.actions == (2, 2, 2)
    assert game.P[0, 1, :, 0].argmax() == 0b101
    assert not game.r[:, :, 1].any()
    assert load("random-dirichlet?concentration=0.5&uncertainty=chi2").uncertainty[0].kind == "chi2"
    assert load("failure-gridworld?pit=leak").name == "failure-gridworld"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("intial-shock", "zoo:intial-shock is no named game; did you mean 'initial-shock'"),
        ("", "expected one of initial-shock, corrupted-bandit"),
        ("Z" * 10**6, "is no named game"),
        ("initial-shock?agent=2", "no parameter 'agent'; did you mean 'agents'"),
        ("initial-shock?zzz=2", "expected one of agents, actions"),
        ("initial-shock?agents=2&agents=3", "'agents' twice"),
        ("initial-shock?agents", "expected \\?name=value"),
        ("initial-shock?agents=two", "agents='two' cannot be read; expected an integer"),
        ("initial-shock?agents=" + "9" * 5000, "agents='999"),
        ("initial-shock?agents=0", "1 <= agents <= 32"),
        ("initial-shock?agents=1000000000", "1 <= agents <= 32"),
        ("initial-shock?agents=32&actions=9", "expected at most"),
        ("initial-shock?horizon=1000000000", "expected at most"),
        ("initial-shock?horizon=0", "expected numbers >= 1"),
        ("initial-shock?radius=x", "radius='x' is no exact number"),
        ("initial-shock?radius=2", "illegal for the tv set"),
        ("initial-shock?secret=1", "expected 2 actions"),
        ("initial-shock?secret=0,2", "expected 2 actions, each 0 <= a < 2"),
        ("initial-shock?secret=", "secret=''"),
        ("corrupted-bandit?epsilon=0.51", "0 <= epsilon <= 1/2"),
        ("failure-gridworld?pit=hole", "pit='hole' cannot be read; expected one of fail, code, leak"),
        ("failure-gridworld?cells=1", "cells >= 2"),
        ("failure-gridworld?secret=0,2", "0 or 1"),
        ("failure-gridworld?pit=leak&leak=2", "0 <= leak <= 1"),
        ("shaky-bridge?crash=2", "0 <= crash <= 1"),
        ("random?successors=0", "1 <= successors"),
        ("random?seed=-1", "seed=-1"),
        ("random?uncertainty=magic", "'magic' is unknown"),
        ("random-dirichlet?concentration=nan", "concentration=nan"),
        ("random-dirichlet?states=100000", "expected at most"),
        ("frozen-lake?map_name=9x9", "map_name='9x9' cannot be read; expected one of 4x4, 8x8"),
    ],
    ids=lambda text: text[:50],
)
def test_a_wrong_address_is_answered(address: str, message: str):
    with pytest.raises(InputError, match=message):
        load(address)


def test_resolve_takes_names_and_files(tmp_path: Path):
    file = tmp_path / "game.json"
    write_game(load("good-bad-chain"), file)
    assert game_to_json(resolve_game(str(file))) == game_to_json(resolve_game("zoo:good-bad-chain"))
    with pytest.raises(InputError, match=r"no such file; did you mean zoo:taxi\?horizon=3"):
        resolve_game("taxi?horizon=3")
    with pytest.raises(InputError, match="no such file"):
        resolve_game(str(tmp_path / "other.json"))


def test_gymnasium_is_imported_only_when_needed():
    """A fresh interpreter lists and loads games without Gymnasium, numba, cvxpy or Hypothesis."""
    code = (
        "import sys; from drmg_check.zoo import load, named_games; named_games(); load('random');"
        "heavy = {'gymnasium', 'numba', 'cvxpy', 'scipy', 'matplotlib', 'hypothesis'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["frozen-lake", "cliff-walking", "taxi"])
def test_without_gymnasium_the_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    with pytest.raises(UnsupportedError, match=r"drmg-check\[toy-text\]"):
        load(name)


def test_an_environment_of_gymnasium_has_an_address():
    game = load(
        "gym/FrozenLake-v1?is_slippery=false&map_name=8x8&horizon=6&radius=1/5&uncertainty=tv:nominal"
    )
    assert (game.name, game.n_states, game.horizon) == ("FrozenLake-v1", 65, 6)
    assert str(game.radius.flat[0]) == "1/5"
    assert (load("frozen-lake?slippery=false&map_name=8x8").P[:6] == game.P).all()
    assert load("gym/CliffWalking-v1").initial_state == load("cliff-walking").initial_state == 36


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("gym/CartPole-v1", "has no table env.unwrapped.P"),
        ("gym/FrozenLake-v77", "FrozenLake"),
        ("gym/NoSuchLake-v1", "NoSuchLake"),
        ("gym/FrozenLake-v1?colour=red", "colour"),
        ("gym/FrozenLake-v1?horizon=x", "an integer"),
        ("gym/os:system-v0", "is no id of Gymnasium"),
        ("gym/", "is no id of Gymnasium"),
        ("gym/FrozenLake-v1?horizon=1&horizon=2", "twice"),
    ],
)
def test_an_environment_that_has_no_game_is_refused(address: str, message: str):
    with pytest.raises(InputError, match=message):
        load(address)
