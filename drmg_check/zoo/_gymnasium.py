"""Gymnasium's tabular environments as robust games; Gymnasium is imported only when one is built."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
import numpy as np

from drmg_check.models import RobustMarkovGame, StagedGame
from drmg_check.readers import Names, from_gymnasium, from_toy_text, model_from_gymnasium
from drmg_check.vocabulary import InputError, Number, UnsupportedError
from drmg_check.zoo._address import parse_pairs, parse_query

GYM = "gym/"
_OF_THE_GAME: dict[str, Any] = {"horizon": int, "radius": Number, "uncertainty": str, "initial_state": int}


def frozen_lake(
    *,
    map_name: Literal["4x4", "8x8"] = "4x4",
    slippery: bool = True,
    horizon: int = 20,
    radius: Number = "1/10",
    uncertainty: str = "tv",
) -> RobustMarkovGame:
    """Build FrozenLake: reach the goal over slippery ice with holes, reward 1 on arrival.

    Parameters
    ----------
    map_name, slippery : as Gymnasium's ``map_name`` and ``is_slippery``
    horizon, radius, uncertainty
        H, one radius for all (h, s, a), and the short name of the set, as ``tv:nominal``.

    Raises
    ------
    UnsupportedError
        Gymnasium is not installed.

    Examples
    --------
    >>> game = frozen_lake(slippery=False, horizon=6)
    >>> game.n_states, game.actions, game.state_names[-1]
    (17, (4,), 's16')
    """
    return _robust(
        "frozen-lake",
        _environment("FrozenLake", map_name=map_name, is_slippery=slippery),
        ("left", "down", "right", "up"),
        horizon,
        radius,
        uncertainty,
    )


def cliff_walking(
    *,
    slippery: bool = False,
    horizon: int = 20,
    radius: Number = "1/10",
    uncertainty: str = "tv",
) -> RobustMarkovGame:
    """Build CliffWalking: reward -1 a step, -100 and back to the start on stepping off the cliff.

    The parameters are those of :func:`frozen_lake`.

    >>> cliff_walking(horizon=2).n_states
    49
    """
    return _robust(
        "cliff-walking",
        _environment("CliffWalking", is_slippery=slippery),
        ("up", "right", "down", "left"),
        horizon,
        radius,
        uncertainty,
    )


def taxi(*, horizon: int = 20, radius: Number = "1/10", uncertainty: str = "tv") -> RobustMarkovGame:
    """Build Taxi: fetch a passenger and bring them to their destination, on a 5 x 5 grid.

    Gymnasium draws the first state; the game starts in the first state that it can draw. The parameters
    are those of :func:`frozen_lake`.

    >>> taxi(horizon=2).action_names[0]
    ('south', 'north', 'east', 'west', 'pick up', 'drop off')
    """
    return _robust(
        "taxi",
        _environment("Taxi"),
        ("south", "north", "east", "west", "pick up", "drop off"),
        horizon,
        radius,
        uncertainty,
    )


def registered(name: str, query: str) -> RobustMarkovGame:
    """Build the game of a tabular environment that Gymnasium has registered, as ``FrozenLake-v1``.

    Parameters
    ----------
    name : str
        Its id; a module that would have to be imported first is not taken from an address.
    query : str
        ``horizon`` (20), ``radius`` (1/10), ``uncertainty`` (tv) and ``initial_state`` are of the game; every
        other parameter is given to ``gymnasium.make``.

    Raises
    ------
    InputError
        An id that is not registered, an environment without a table, or parameters that it does not take.
    UnsupportedError
        Gymnasium is not installed.

    Examples
    --------
    >>> registered("FrozenLake-v1", "is_slippery=false&horizon=6").horizon
    6
    """
    environment, options = _made(name, query)
    return from_gymnasium(environment, **options)


def registered_model(name: str, query: str) -> RobustMarkovGame | StagedGame:
    """Build the same game as :func:`registered`, with compressed rows if it has too many states for arrays.

    >>> registered_model("FrozenLake-v1", "horizon=6").criterion
    'H = 6'
    """
    environment, options = _made(name, query)
    return model_from_gymnasium(environment, **options)


def _made(name: str, query: str) -> tuple[object, dict[str, Any]]:
    """Return an environment, and what the address says of the game."""
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        raise InputError(f"{GYM}{name[:60]} is no id of Gymnasium; expected one as in {GYM}FrozenLake-v1")
    pairs = parse_pairs(query)
    own = {key: text for key, text in pairs.items() if key in _OF_THE_GAME}
    game: dict[str, Any] = parse_query(urlencode(own), _OF_THE_GAME, f"{GYM}{name}")
    options = {key: _literal(text) for key, text in pairs.items() if key not in own}
    gymnasium = _gymnasium(name)
    try:
        environment = gymnasium.make(name, **options)
    except (gymnasium.error.Error, TypeError, ValueError, KeyError) as error:
        raise InputError(f"{GYM}{name}: {type(error).__name__}: {str(error)[:300]}") from error
    return environment, {"horizon": 20, "radius": "1/10", **game}


def _literal(text: str) -> object:
    """Return what a parameter of an environment says: a truth value, an integer, a number, or the text."""
    try:
        return msgspec.json.decode(text)
    except ValueError:
        return text


def _gymnasium(name: str) -> Any:  # noqa: ANN401 - a module that may not be there
    try:
        import gymnasium
    except ImportError as error:
        raise UnsupportedError(
            f"{name} needs Gymnasium; install the extra: pip install 'drmg-check[toy-text]'"
        ) from error
    return gymnasium


def _environment(name: str, **options: Any) -> Any:  # noqa: ANN401 - Gymnasium's types know no table
    """Make the newest registered version: old ones are deprecated, and then removed."""
    gymnasium = _gymnasium(name)
    versions = [
        spec.version
        for spec in gymnasium.registry.values()
        if spec.name == name and spec.namespace is None and spec.version is not None
    ]
    if not versions:
        raise UnsupportedError(
            f"Gymnasium {gymnasium.__version__} registers no {name}; use FrozenLake, CliffWalking or Taxi of "
            "the version that the extra drmg-check[toy-text] installs"
        )
    return gymnasium.make(f"{name}-v{max(versions)}", **options).unwrapped


def _robust(
    name: str,
    environment: Any,  # noqa: ANN401
    action_names: tuple[str, ...],
    horizon: int,
    radius: Number,
    uncertainty: str,
) -> RobustMarkovGame:
    return from_toy_text(
        environment.P,
        horizon=horizon,
        radius=radius,
        uncertainty=uncertainty,
        initial_state=int(np.argmax(environment.initial_state_distrib > 0)),
        names=Names(name, actions=action_names),
    )
