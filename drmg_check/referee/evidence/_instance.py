"""The input of a failure read back: what a record holds, or a person wrote, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from drmg_check.models import DiscountedGame, JointPolicy, RobustMarkovGame
from drmg_check.readers import game_from_data, model_from_data, policy_from_data
from drmg_check.vocabulary import InputError
from drmg_check.words import CONCEPTS, Concept

Instance = Mapping[str, object]


def instance_from_json(text: str) -> Instance:
    """Read the input of a failure about a game, or a game document by itself.

    >>> sorted(instance_from_json('{"game":{},"concept":"cce"}'))
    ['concept', 'game']

    Raises
    ------
    InputError
        No JSON, or no object with a game.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"the game is no JSON: {error}; expected a game file, or a failure's input"
        ) from error
    if isinstance(data, dict) and data.get("format") == "drmg-game":
        return {"game": data}
    if not isinstance(data, dict) or "game" not in data:
        raise InputError("expected a game file, or an object with game and what is asked beside it")
    return data


def game_of_instance(instance: Instance) -> RobustMarkovGame:
    """Return the game; errors as for :func:`drmg_check.readers.game_from_data`."""
    return game_from_data(instance["game"])


def discounted_of_instance(instance: Instance) -> DiscountedGame:
    """Return the discounted game; errors as for :func:`drmg_check.readers.model_from_data`.

    Raises
    ------
    InputError
        It has a horizon.
    """
    model = model_from_data(instance["game"])
    if not isinstance(model, DiscountedGame):
        raise InputError(
            f'the game has horizon {model.horizon}; expected one with "discounts", which is played for ever'
        )
    return model


def policy_of_instance(instance: Instance) -> JointPolicy:
    """Return the joint policy.

    Raises
    ------
    InputError
        There is none, or an illegal one.
    """
    if "policy" not in instance:
        raise InputError('a policy is judged with its game; expected {"game": ..., "policy": ...}')
    return policy_from_data(instance["policy"])


def concept_of_instance(instance: Instance, declared: Concept) -> Concept:
    """Return which equilibrium is meant: the one that is declared unless the instance says another.

    >>> concept_of_instance({"game": {}}, "nash")
    'nash'
    """
    concept = instance.get("concept", declared)
    for known in CONCEPTS:
        if concept == known:
            return known
    raise InputError(f"concept={concept!r}; expected one of {', '.join(CONCEPTS)}")


def count_of_instance(instance: Instance, name: str, usual: int) -> int:
    """Return a whole number of an instance.

    >>> count_of_instance({"seed": 3}, "seed", 0), count_of_instance({}, "episodes", 8)
    (3, 8)

    Raises
    ------
    InputError
        It is none, or beyond a thousand.
    """
    number = instance.get(name, usual)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _MOST:
        raise InputError(f"{name}={number!r}; expected a whole number from 0 to {_MOST}")
    return number


_MOST = 1000  # a record of ours has tens; a stranger's must not ask for a run of years
