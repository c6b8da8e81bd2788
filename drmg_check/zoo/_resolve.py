"""One address for every game: a name in the zoo, or a file."""

from __future__ import annotations

from pathlib import Path

from drmg_check.readers import read_game
from drmg_check.vocabulary import InputError, RobustMarkovGame
from drmg_check.zoo._catalogue import load, named_games

PREFIX = "zoo:"


def resolve_game(address: str) -> RobustMarkovGame:
    """Return the game at ``zoo:NAME?parameter=value&...`` or in the file at a path.

    Raises
    ------
    InputError
        No such name, parameter or file, or a file that is no game.
    UnsupportedError
        A game of Gymnasium without Gymnasium.
    """
    if address.startswith(PREFIX):
        return load(address.removeprefix(PREFIX))
    name = address.partition("?")[0]
    if name in named_games() and not Path(name).exists():
        raise InputError(f"{name}: no such file; did you mean {PREFIX}{address}?")
    return read_game(address)
