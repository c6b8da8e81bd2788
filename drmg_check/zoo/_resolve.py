"""One address for every game: a name in the zoo, or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from drmg_check.models import Model, RobustMarkovGame, StagedGame
from drmg_check.readers import read_game, read_model
from drmg_check.vocabulary import InputError, Number, check_type
from drmg_check.zoo._address import parse_query
from drmg_check.zoo._catalogue import load, named_games
from drmg_check.zoo._gymnasium import GYM, registered_model

M = TypeVar("M", bound=Model)
PREFIX = "zoo:"
_FILE_PARAMETERS = {
    "horizon": int,
    "radius": Number,
    "uncertainty": str,
    "initial_state": int,
    "rewards": str,
}


def resolve_game(address: str) -> RobustMarkovGame:
    """Return the game at ``zoo:NAME?parameter=value&...`` or in the file at a path.

    What a PRISM file does not say follows its path: ``model.tra?horizon=10&radius=1/10&uncertainty=tv``.

    Raises
    ------
    InputError
        No such name, parameter or file, or a file that is no game.
    UnsupportedError
        A game of Gymnasium without Gymnasium, or a PRISM model that is no robust game.

    Examples
    --------
    >>> resolve_game("zoo:good-bad-chain?horizon=7").horizon
    7
    """
    return _resolved(address, read_game)


def resolve_model(address: str) -> RobustMarkovGame | StagedGame:
    """Return what is at an address as :func:`resolve_game` does, or a game with compressed rows.

    Errors are those of :func:`resolve_game`.

    >>> resolve_model("zoo:good-bad-chain?horizon=7").criterion
    'H = 7'
    """
    name, _, query = str(address).removeprefix(PREFIX).partition("?")
    if str(address).startswith(PREFIX + GYM):
        return registered_model(name.removeprefix(GYM), query)
    return _resolved(address, read_model)


def _resolved(address: str, read: Callable[..., M]) -> M | RobustMarkovGame:
    check_type(address, str, "address", "zoo:NAME or the path of a file as text")
    if address.startswith(PREFIX):
        return load(address.removeprefix(PREFIX))
    path, _, query = address.partition("?")
    if not path:
        raise InputError(f"game={address!r} names no file; expected zoo:NAME or the path of a file")
    if path in named_games() and not Path(path).exists():
        raise InputError(f"{path}: no such file; did you mean {PREFIX}{address}?")
    options: dict[str, Any] = parse_query(query, _FILE_PARAMETERS, path)
    return read(path, **options)
