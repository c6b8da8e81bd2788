"""Law: what is written is read back as the same numbers, sets and names, and is written again the same."""

import json
from fractions import Fraction
from importlib.resources import files
from math import prod
from typing import Any

import jsonschema
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.readers import (
    game_from_data,
    game_from_json,
    game_to_data,
    game_to_json,
    policy_from_json,
    policy_to_json,
)
from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_check.vocabulary import Array

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(files("drmg_check.readers").joinpath("game.schema.json").read_text())
)

FLOATS = st.floats(-1e9, 1e9) | st.floats(-1e303, 1e303)  # a game refuses larger rewards
FRACTIONS = st.fractions(max_denominator=12) | st.fractions()
SUPPORTS = st.sampled_from(["all", "nominal"])
ALPHAS = st.fractions(-8, 8, max_denominator=64).filter(lambda alpha: alpha not in (0, 1))


def sets(states: int) -> st.SearchStrategy[UncertaintySet]:
    metric = st.fractions(1, 2, max_denominator=9).map(
        lambda d: tuple(tuple(Fraction(0) if s == t else d for t in range(states)) for s in range(states))
    )
    return st.one_of(
        *(
            st.builds(cls, SUPPORTS)
            for cls in (TotalVariation, L1, ReverseKL, Hellinger, Contamination, Interval)
        ),
        st.sampled_from([KullbackLeibler(), ChiSquare()]),
        st.builds(CressieRead, ALPHAS, SUPPORTS),
        st.builds(Wasserstein, metric, st.integers(1, 16)),
    )


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[int, ...], numbers: st.SearchStrategy[Any]) -> Array:
    """Draw an array of a shape that broadcasts to the given one."""
    small = tuple(draw(st.sampled_from([1, n])) for n in shape)
    values = draw(st.lists(numbers, min_size=prod(small), max_size=prod(small)))
    return np.array(values, dtype=float if isinstance(values[0], float) else object).reshape(small)


@st.composite
def distributions(draw: st.DrawFn, shape: tuple[int, ...], size: int) -> Array:
    """Draw rows of thirds and the like as Fractions, or of floats that sum to 1 up to rounding."""
    weights = st.lists(st.integers(0, 5), min_size=size, max_size=size).filter(any)
    rows = [draw(weights) for _ in range(prod(shape))]
    number = draw(st.sampled_from([Fraction, lambda n, d: n / d]))
    values = [number(n, sum(row)) for row in rows for n in row]
    return np.array(values, dtype=object if number is Fraction else float).reshape(*shape, size)


@st.composite
def games(draw: st.DrawFn) -> RobustMarkovGame:
    actions = tuple(draw(st.lists(st.integers(1, 2), min_size=1, max_size=3)))
    m, A = len(actions), prod(actions)
    H, S = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    names = st.lists(st.text(max_size=5), min_size=S, max_size=S, unique=True)
    steps = () if draw(st.booleans()) else (H,)
    return RobustMarkovGame(
        transition=draw(distributions((*steps, S, A), S)),
        reward=draw(st.one_of(arrays((m, H, S, A), FLOATS), arrays((m, H, S, A), FRACTIONS))),
        radius=draw(
            st.one_of(arrays((m, H, S, A), st.floats(0, 1)), arrays((m, H, S, A), st.fractions(0, 1)))
        ),
        uncertainty=tuple(draw(sets(S)) for _ in range(m)),
        actions=actions,
        horizon=H,
        initial_state=draw(st.integers(0, S - 1)),
        name=draw(st.text(max_size=8)),
        state_names=tuple(draw(names)) if draw(st.booleans()) else (),
    )


def assert_same_numbers(first: Array, second: Array) -> None:
    assert first.shape == second.shape
    assert first.dtype == second.dtype
    assert all(x == y for x, y in zip(first.flat, second.flat, strict=True))


@given(games())
def test_a_game_survives_its_file(game: RobustMarkovGame):
    text = game_to_json(game)
    again = game_from_json(text)
    for attribute in ("transition", "reward", "radius", "P", "r", "rho"):
        assert_same_numbers(getattr(game, attribute), getattr(again, attribute))
    for attribute in ("uncertainty", "actions", "horizon", "initial_state", "name"):
        assert getattr(game, attribute) == getattr(again, attribute)
    assert (game.agent_names, game.state_names) == (again.agent_names, again.state_names)
    assert game.action_names == again.action_names
    assert game_to_json(again) == text
    assert game_to_json(game_from_json(text.encode())) == text
    assert game_to_json(game_from_data(game_to_data(game))) == text
    SCHEMA.validate(json.loads(text))


@given(st.data())
def test_a_policy_survives_its_file(data: st.DataObject):
    H, S, A = (data.draw(st.integers(1, 3)) for _ in "HSA")
    policy = JointPolicy(data.draw(distributions((H, S), A)), (A, 1))
    text = policy_to_json(policy)
    again = policy_from_json(text)
    assert again.actions == policy.actions
    assert_same_numbers(policy.weights, again.weights)
    assert policy_to_json(again) == text
