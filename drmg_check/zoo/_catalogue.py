"""The named games, and the addresses ``zoo:NAME?parameter=value&...`` under which they are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar, get_type_hints

from drmg_check.models import Model, RobustMarkovGame, StagedGame
from drmg_check.vocabulary import InputError, check_type
from drmg_check.zoo._address import parse_query, suggest
from drmg_check.zoo._contexts import contexts
from drmg_check.zoo._experiments import failure_gridworld, shaky_bridge
from drmg_check.zoo._gymnasium import GYM, cliff_walking, frozen_lake, registered, taxi
from drmg_check.zoo._paper import corrupted_bandit, good_bad_chain, initial_shock
from drmg_check.zoo._random import random_dirichlet, random_fractions
from drmg_check.zoo._stationary import keep_or_send, newton_cycle

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class NamedGame:
    """A game that has a name.

    Parameters
    ----------
    name : str
    description : str
        One line.
    build : callable
        Builds the game; all parameters are keywords with defaults.

    Examples
    --------
    >>> sorted(named_games()["good-bad-chain"].parameters)
    ['horizon', 'radius']
    """

    name: str
    description: str
    build: Callable[..., RobustMarkovGame]

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of ``build`` and their defaults."""
        return MappingProxyType(self.build.__kwdefaults__ or {})


_GAMES = (
    NamedGame(
        "initial-shock", "the paper's Example 1: one shock into a trap with a secret exit", initial_shock
    ),
    NamedGame("corrupted-bandit", "the paper's Example 2: a bandit under KL, in two steps", corrupted_bandit),
    NamedGame("good-bad-chain", "two absorbing states; attains the span bound of Lemma 5", good_bad_chain),
    NamedGame("failure-gridworld", "a corridor beside a pit that only the adversary uses", failure_gridworld),
    NamedGame("shaky-bridge", "two routes; robustness prefers the nominally worse one", shaky_bridge),
    NamedGame("keep-or-send", "no pure stationary equilibrium at the discount 3/4", keep_or_send),
    NamedGame("newton-cycle", "zero-sum; Newton's method repeats 12, 4 at the discount 3/4", newton_cycle),
    NamedGame("random", "a random general-sum game of small fractions", random_fractions),
    NamedGame("random-dirichlet", "a random general-sum game of floats", random_dirichlet),
    NamedGame("frozen-lake", "Gymnasium's FrozenLake, total variation 1/10, 20 steps", frozen_lake),
    NamedGame("cliff-walking", "Gymnasium's CliffWalking, total variation 1/10, 20 steps", cliff_walking),
    NamedGame("taxi", "Gymnasium's Taxi, total variation 1/10, 20 steps", taxi),
)
LARGE: Mapping[str, Callable[..., StagedGame]] = MappingProxyType({"contexts": contexts})
"""Games with compressed rows, for commands that take them."""


def named_games() -> Mapping[str, NamedGame]:
    """Return all named games by name, in the order in which they are listed to people.

    >>> list(named_games())[:3]
    ['initial-shock', 'corrupted-bandit', 'good-bad-chain']
    """
    return MappingProxyType({game.name: game for game in _GAMES})


def load(address: str) -> RobustMarkovGame:
    """Build a named game from ``NAME``, ``NAME?parameter=value&...`` or ``gym/ID?parameter=value&...``.

    >>> load("initial-shock?agents=3&radius=1/5").actions
    (2, 2, 2)

    Raises
    ------
    InputError
        An unknown name or parameter (the message has the closest match), an illegal value, or an environment
        of Gymnasium that has no table.
    UnsupportedError
        A game of Gymnasium without Gymnasium.
    """
    check_type(address, str, "address", "the name of a game, as in initial-shock?radius=1/5")
    name, _, query = address.partition("?")
    if name.startswith(GYM):
        return registered(name.removeprefix(GYM), query)
    games = named_games()
    if name in LARGE:
        raise InputError(
            f"zoo:{name} has compressed rows; expected a command that takes them, as certify does"
        )
    if name not in games:
        raise InputError(f"zoo:{name[:60]} is no named game; {suggest(name, games)}")
    return _built(games[name].build, name, query)


def load_large(address: str) -> StagedGame | None:
    """Build a named game with compressed rows, None if there is none of that name; errors as of :func:`load`.

    >>> load_large("contexts?contexts=20000").n_states
    20002
    """
    name, _, query = address.partition("?")
    return _built(LARGE[name], name, query) if name in LARGE else None


def _built(build: Callable[..., M], name: str, query: str) -> M:
    hints = {key: hint for key, hint in get_type_hints(build).items() if key != "return"}
    return build(**parse_query(query, hints, f"zoo:{name}"))
