"""The JSON format of games: versioned, every number an exact string, transitions sparse."""

from __future__ import annotations

from math import prod
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers._arrays import (
    Dense,
    Kind,
    dense_to_data,
    empty,
    from_dense,
    kind_of,
    parser,
    writer,
)
from drmg_check.readers._json import Index, Size, convert, decode, encode, lay_out
from drmg_check.readers._limits import check_size
from drmg_check.sets import MAX_GROUND, GameSet, game_set_from_data, game_set_to_data
from drmg_check.vocabulary import Array, InputError

SetData: TypeAlias = str | dict[str, str | int | list[list[str]]]
KernelRow: TypeAlias = tuple[Index, Index, tuple[tuple[Index, str], ...]]


class Kernels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kernel for all steps, or one per step; a row is ``[s, a, [[s', probability], ...]]``."""

    numbers: Kind
    kernels: tuple[tuple[KernelRow, ...], ...]


class GameFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A game as it stands in a file; the fields are those of :class:`RobustMarkovGame`."""

    format: Literal["drmg-game"]
    version: Literal[1]
    horizon: Size
    states: Size
    actions: tuple[Size, ...]
    uncertainty: tuple[SetData, ...]
    transition: Kernels
    reward: Dense
    radius: Dense
    name: str = "game"
    initial_state: Index = 0
    agent_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = ()
    action_names: tuple[tuple[str, ...], ...] = ()


def game_to_data(game: RobustMarkovGame) -> dict[str, object]:
    """Return a game as the data of its JSON document: dictionaries, lists, strings, integers.

    Equal games give equal data. No number is rounded: a float64 array is written in integers, short
    dyadic decimals and hex floats, any other array in ratios, and :func:`game_from_data` reads back an
    array of the same kind. An axis along which rewards, radii or kernels are constant is written once.

    Raises
    ------
    InputError
        A fraction of more than 4000 characters.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game_to_data(load("initial-shock"))["uncertainty"]
    [{'kind': 'tv', 'support': 'all'}]
    """
    sets = [game_set_to_data(ball) for ball in game.uncertainty]
    P = game.transition
    if game.is_stationary or bool((P[:1] == P).all()):
        P = P[:1]
    return {
        "format": "drmg-game",
        "version": 1,
        "name": game.name,
        "horizon": game.horizon,
        "states": game.n_states,
        "actions": list(game.actions),
        "initial_state": game.initial_state,
        "agent_names": list(game.agent_names),
        "state_names": list(game.state_names),
        "action_names": [list(names) for names in game.action_names],
        "uncertainty": sets[:1] if all(other == sets[0] for other in sets) else sets,
        "reward": dense_to_data(game.reward, "reward"),
        "radius": dense_to_data(game.radius, "radius"),
        "transition": {
            "numbers": kind_of(P),
            "kernels": [_rows(kernel, f"transition[{h}]") for h, kernel in enumerate(P)],
        },
    }


def game_to_json(game: RobustMarkovGame) -> str:
    """Write a game as JSON, without loss; equal games give equal bytes.

    Raises
    ------
    InputError
        A fraction of more than 4000 characters, or a name that is not Unicode text.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> print(game_to_json(load("good-bad-chain"))[:40])
    {"format":"drmg-game",
    "version":1,
    "nam
    """
    data = game_to_data(game)
    transition: Any = data.pop("transition")
    kernels = (",\n".join(encode(row) for row in kernel) for kernel in transition["kernels"])
    lines = {key: encode(value) for key, value in data.items()}
    lines["transition"] = (
        f'{{"numbers":"{transition["numbers"]}","kernels":[[\n' + "],\n[\n".join(kernels) + "\n]]}"
    )
    return lay_out(lines)


def game_from_data(data: object) -> RobustMarkovGame:
    """Read a game from the data of its JSON document; errors as for :func:`game_from_json`.

    >>> from drmg_check.zoo import load
    >>> game_from_data(game_to_data(load("initial-shock"))).name
    'initial-shock'
    """
    return _game(convert(data, GameFile, name="drmg-game", version=1))


def game_from_json(text: str | bytes) -> RobustMarkovGame:
    """Read a game that :func:`game_to_json` wrote, or that was written by hand to the same schema.

    The schema is ``game.schema.json`` beside this module. Rows may stand in any order, each (s, a) once;
    states that a row does not list have probability 0.

    Raises
    ------
    InputError
        Whatever is wrong: no JSON, another format or version, a repeated or unknown key, a number that
        is not an exact string, a missing row, a size beyond the limits of :func:`check_size`, or a game
        that :class:`RobustMarkovGame` refuses.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game_from_json(game_to_json(load("initial-shock"))).state_names
    ('good', 'bad')
    """
    return _game(decode(text, GameFile, name="drmg-game", version=1))


def _game(data: GameFile) -> RobustMarkovGame:
    kernels, m, S, A = len(data.transition.kernels), len(data.actions), data.states, prod(data.actions)
    rational = data.transition.numbers == "rational"
    check_size(states=S, actions=data.actions, horizon=data.horizon, kernels=kernels, rational=rational)
    if kernels not in (1, data.horizon):
        raise InputError(f"transition has {kernels} kernels; expected 1, or one per step ({data.horizon})")
    shape = (m, data.horizon, S, A)
    return RobustMarkovGame(
        transition=_kernel_array(data.transition, S, A),
        reward=from_dense(data.reward, shape, "reward"),
        radius=from_dense(data.radius, shape, "radius"),
        uncertainty=_sets(data.uncertainty, m, S),
        actions=data.actions,
        horizon=data.horizon,
        initial_state=data.initial_state,
        name=data.name,
        agent_names=data.agent_names,
        state_names=data.state_names,
        action_names=data.action_names,
    )


def _rows(kernel: Array, name: str) -> list[list[object]]:
    write = writer(kind_of(kernel), name)
    rows: list[list[object]] = []
    for s, a in np.ndindex(*kernel.shape[:2]):
        support = np.flatnonzero(kernel[s, a])
        weights = kernel[s, a, support].tolist()
        rows.append([s, a, [[t, write(p)] for t, p in zip(support.tolist(), weights, strict=True)]])
    return rows


def _kernel_array(data: Kernels, S: int, A: int) -> Array:
    """Return [S, A, S] for a single kernel, [H, S, A, S] otherwise."""
    parse = parser(data.numbers)
    P = empty(data.numbers, (len(data.kernels), S, A, S))
    for h, kernel in enumerate(data.kernels):
        if len(kernel) != S * A:
            raise InputError(f"kernel {h} has {len(kernel)} rows; expected {S} states x {A} joint actions")
        filled = np.zeros((S, A), dtype=bool)
        for s, a, successors in kernel:
            where = f"transition[{h}] row [{s}, {a}]"
            if s >= S or a >= A or filled[s, a]:
                raise InputError(f"{where} is repeated or beyond {S} states x {A} joint actions")
            filled[s, a] = True
            if len({t for t, _ in successors}) != len(successors):
                raise InputError(f"{where} lists a state twice; add its probabilities")
            for t, text in successors:
                if t >= S:
                    raise InputError(f"{where} leads to state {t}; expected 0 <= s' < {S}")
                P[h, s, a, t] = parse(text, where)
    return P[0] if len(data.kernels) == 1 else P


def _sets(data: tuple[SetData, ...], m: int, S: int) -> tuple[GameSet, ...]:
    if len(data) not in (1, m):
        raise InputError(f"uncertainty has {len(data)} sets; expected 1, or one per agent ({m})")
    for each in data:
        ground = each.get("ground", ()) if isinstance(each, dict) else ()
        if isinstance(ground, list) and (S > MAX_GROUND or len(ground) != S):
            raise InputError(
                f"ground has {len(ground)} rows for {S} states; expected one per state, at most {MAX_GROUND}"
            )
    sets = tuple(game_set_from_data(each) for each in data)
    return sets * m if len(sets) == 1 else sets
