"""One address for every game: a name in the zoo, or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from drmg_check.models import DiscountedGame, Model, RobustMarkovGame, discounted
from drmg_check.readers import DISCOUNTED, KnownGame, read_game, read_model
from drmg_check.vocabulary import InputError, Number, UnsupportedError, check_type
from drmg_check.zoo._address import parse_query
from drmg_check.zoo._catalogue import load, load_large, named_games
from drmg_check.zoo._gymnasium import GYM, registered_model

M = TypeVar("M", bound=Model)
PREFIX = "zoo:"
DISCOUNT, HORIZON = "discount=", "horizon="
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
        A game of Gymnasium without Gymnasium, a PRISM model that is no robust game, or a discounted game.

    Examples
    --------
    >>> resolve_game("zoo:good-bad-chain?horizon=7").horizon
    7
    """
    check_type(address, str, "address", "zoo:NAME or the path of a file as text")
    if discount_in(address)[1] is not None:
        raise UnsupportedError(f"{address[:120]}: {DISCOUNTED}")
    return _resolved(address, read_game)


def resolve_model(address: str) -> KnownGame:
    """Return what is at an address as :func:`resolve_game` does, a discounted game, or compressed rows.

    Any game that is the same at every step is discounted by ``discount=`` in the place of a horizon, with one
    number, or one for each agent and commas between them. Errors are those of :func:`resolve_game`.

    >>> resolve_model("zoo:good-bad-chain?horizon=7").criterion
    'H = 7'
    >>> resolve_model("zoo:good-bad-chain?radius=1/10&discount=9/10").criterion
    'discount 9/10'
    """
    check_type(address, str, "address", "zoo:NAME or the path of a file as text")
    rest, discounts = discount_in(address)
    if discounts is None:
        return _model(address)
    path = rest.partition("?")[0]
    game = _model(_with_one_step(rest))
    if isinstance(game, DiscountedGame):
        raise InputError(f"{path}: its file says {game.criterion}; leave out the discount of the address")
    try:
        return discounted(game, discounts.split(","))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def discount_in(address: str) -> tuple[str, str | None]:
    """Return an address without its discount, and the discount.

    >>> discount_in("zoo:random?agents=2&discount=9/10")
    ('zoo:random?agents=2', '9/10')
    """
    path, _, query = address.partition("?")
    parts = query.split("&") if query else []
    given = [part.removeprefix(DISCOUNT) for part in parts if part.startswith(DISCOUNT)]
    if len(given) > 1:
        raise InputError(f"?{query[:60]} has the parameter 'discount' twice; expected it once")
    rest = "&".join(part for part in parts if not part.startswith(DISCOUNT))
    return f"{path}?{rest}" if rest else path, given[0] if given else None


def _with_one_step(address: str) -> str:
    """Return the address of a game of one step, where an address says how many."""
    path, _, query = address.partition("?")
    if any(part.startswith(HORIZON) for part in query.split("&")):
        raise InputError(f"{path}: there are a horizon and a discount; expected one of them")
    named = named_games().get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
    takes_one = "horizon" in named.parameters if named else path.startswith(PREFIX + GYM)
    if not takes_one and Path(path).suffix != ".tra":
        return address
    return f"{path}?{query}{'&' if query else ''}{HORIZON}1"


def _model(address: str) -> KnownGame:
    name, _, query = address.removeprefix(PREFIX).partition("?")
    if address.startswith(PREFIX + GYM):
        return registered_model(name.removeprefix(GYM), query)
    if str(address).startswith(PREFIX) and (large := load_large(address.removeprefix(PREFIX))) is not None:
        return large
    return _resolved(address, read_model)


def _resolved(address: str, read: Callable[..., M]) -> M | RobustMarkovGame:
    if address.startswith(PREFIX):
        return load(address.removeprefix(PREFIX))
    path, _, query = address.partition("?")
    if not path:
        raise InputError(f"game={address!r} names no file; expected zoo:NAME or the path of a file")
    if path in named_games() and not Path(path).exists():
        raise InputError(f"{path}: no such file; did you mean {PREFIX}{address}?")
    options: dict[str, Any] = parse_query(query, _FILE_PARAMETERS, path)
    return read(path, **options)
