"""The JSON format of games, read row by row: for games whose rows stay compressed."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import prod

import msgspec
import numpy as np

from drmg_check.models import RobustMarkovGame, SparseRows, Stage, StagedGame, discounted, repeated
from drmg_check.readers._arrays import Kind, from_dense, parser
from drmg_check.readers._compressed import rows_of_entries
from drmg_check.readers._game_json import GameFile, KernelRow, KnownGame, game_of_file, of_agents
from drmg_check.readers._json import decode, encode, refusals
from drmg_check.readers._limits import MAX_NONZEROS, check_nonzeros, fits_an_array
from drmg_check.vocabulary import InputError

_ROW = msgspec.json.Decoder(KernelRow)


class _Kernels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As :class:`Kernels`, with rows that are still text."""

    numbers: Kind
    kernels: tuple[tuple[msgspec.Raw, ...], ...]
    compressed: bool = False


class _GameFile(GameFile, frozen=True, forbid_unknown_fields=True):
    """As :class:`GameFile`, with kernels that are still text."""

    transition: _Kernels  # type: ignore[assignment] # the same field, read later


def model_from_json(text: str | bytes) -> KnownGame:
    """Read a game as :func:`game_from_json` does, or a discounted one.

    Its rows stay compressed if it says so or is large.

    Raises
    ------
    InputError
        As there, and more entries than memory holds.

    Examples
    --------
    >>> from drmg_check.readers import game_to_json
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> staged = StagedGame(stages=game.stages, name=game.name)
    >>> [type(model_from_json(game_to_json(each))).__name__ for each in (game, staged)]
    ['RobustMarkovGame', 'StagedGame']
    """
    data = decode(text, _GameFile, name="drmg-game", version=1)
    game = _game(text, data)
    if not data.discounts:
        return game
    arrival = None
    if data.arrival is not None:
        shape = (game.n_agents, 1, game.n_states, game.n_joint_actions, game.n_states)
        arrival = from_dense(data.arrival, shape, "arrival")[:, 0]
    return discounted(game, data.discounts, arrival=arrival)


def model_from_data(data: object) -> KnownGame:
    """Read a game from the data of its JSON document; errors as for :func:`model_from_json`.

    >>> from drmg_check.readers import game_to_data
    >>> from drmg_check.zoo import load
    >>> model_from_data(game_to_data(discounted(load("good-bad-chain"), "9/10"))).criterion
    'discount 9/10'
    """
    return model_from_json(encode(data))


def _game(text: str | bytes, data: _GameFile) -> RobustMarkovGame | StagedGame:
    kernels = len(data.transition.kernels)
    S, actions, horizon = data.states, data.actions, data.steps
    if not data.transition.compressed and (
        kernels not in (1, horizon)
        or fits_an_array(states=S, actions=actions, horizon=horizon, kernels=kernels)
    ):
        return game_of_file(decode(text, GameFile, name="drmg-game", version=1))
    encoded = (text.encode() if isinstance(text, str) else text).removeprefix(codecs.BOM_UTF8)
    nonzeros = encoded.count(b'"') // 2  # every weight is a string
    rational = data.transition.numbers == "rational"
    check_nonzeros(nonzeros=nonzeros, states=S, actions=actions, horizon=horizon, rational=rational)
    if kernels not in (1, horizon):
        raise InputError(f"transition has {kernels} kernels; expected 1, or one per step ({horizon})")
    return _staged(data)


def _staged(data: _GameFile) -> StagedGame:
    m, S, A, H = len(data.actions), data.states, prod(data.actions), data.steps
    rows = [_rows(kernel, h, data) for h, kernel in enumerate(data.transition.kernels)]
    reward = from_dense(data.reward, (m, H, S, A), "reward", limit=MAX_NONZEROS)
    radius = from_dense(data.radius, (m, H, S, A), "radius", limit=MAX_NONZEROS)
    stationary = max(len(rows), reward.shape[1], radius.shape[1]) == 1

    def stage(h: int) -> Stage:
        return Stage(
            rows=rows[h if len(rows) > 1 else 0],
            reward=reward[:, h if reward.shape[1] > 1 else 0],
            radius=radius[:, h if radius.shape[1] > 1 else 0],
            uncertainty=of_agents(data.uncertainty, m, S),
            actions=data.actions,
            name=data.name,
            step=h,
        )

    stages = repeated(stage(0), H) if stationary else tuple(stage(h) for h in range(H))
    return StagedGame(
        stages=stages,
        initial_state=data.initial_state,
        name=data.name,
        agent_names=data.agent_names,
        state_names=data.state_names,
        action_names=data.action_names,
    )


def _rows(kernel: tuple[msgspec.Raw, ...], h: int, data: _GameFile) -> SparseRows:
    S, A = data.states, prod(data.actions)
    if len(kernel) != S * A:
        raise InputError(f"kernel {h} has {len(kernel)} rows; expected {S} states x {A} joint actions")
    exactly: bool = data.transition.numbers == "rational"
    return rows_of_entries(_entries(kernel, h, data), (S, A, S), exactly=exactly)


def _entries(
    kernel: Iterable[msgspec.Raw], h: int, data: _GameFile
) -> Iterator[tuple[int, list[tuple[int, float | Fraction]]]]:
    """Yield the rows of a kernel, each read when it is asked for."""
    S, A, parse = data.states, prod(data.actions), parser(data.transition.numbers)
    filled = np.zeros(S * A, dtype=bool)
    for raw in kernel:
        with refusals(f"row of transition[{h}] in a drmg-game"):
            s, a, successors = _ROW.decode(raw)
        where = f"transition[{h}] row [{s}, {a}]"
        if s >= S or a >= A or filled[s * A + a]:
            raise InputError(f"{where} is repeated or beyond {S} states x {A} joint actions")
        filled[s * A + a] = True
        if len({t for t, _ in successors}) != len(successors):
            raise InputError(f"{where} lists a state twice; add its probabilities")
        if beyond := [t for t, _ in successors if t >= S]:
            raise InputError(f"{where} leads to state {beyond[0]}; expected 0 <= s' < {S}")
        row = [(t, parse(text, where)) for t, text in successors]
        if not any(weight for _, weight in row):
            raise InputError(f"{where} has no positive probability; expected a distribution")
        yield s * A + a, row
