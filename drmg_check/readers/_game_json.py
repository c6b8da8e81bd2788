"""The JSON format of games: versioned, every number an exact string, transitions sparse."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from drmg_check.models import DiscountedGame, RobustMarkovGame, RowBlock, SparseRows, StagedGame, support
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
from drmg_check.readers._limits import COMPRESSED, DISCOUNTED, check_size
from drmg_check.sets import MAX_GROUND, GameSet, game_set_from_data, game_set_to_data
from drmg_check.vocabulary import Array, InputError, UnsupportedError, show

RowSetData: TypeAlias = dict[str, str | int | list[str | list[str]]]
SetData: TypeAlias = str | dict[str, str | int | list[str | list[str | RowSetData]] | dict[str, str]]
KernelRow: TypeAlias = tuple[Index, Index, tuple[tuple[Index, str], ...]]


class Kernels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kernel for all steps, or one per step; a row is ``[s, a, [[s', probability], ...]]``.

    ``compressed`` says that the rows stay so, whatever the number of states: see :func:`model_from_json`.
    """

    numbers: Kind
    kernels: tuple[tuple[KernelRow, ...], ...]
    compressed: bool = False


KnownGame: TypeAlias = RobustMarkovGame | StagedGame | DiscountedGame
"""What has a file format."""


class GameFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A game as it stands in a file; the fields are those of :class:`RobustMarkovGame`.

    One that is discounted has ``discounts`` in the place of a horizon, and axes h of length 1.
    """

    format: Literal["drmg-game"]
    version: Literal[1]
    states: Size
    actions: tuple[Size, ...]
    uncertainty: tuple[SetData, ...]
    transition: Kernels
    reward: Dense
    radius: Dense
    horizon: Size | None = None
    arrival: Dense | None = None
    discounts: tuple[str, ...] = ()
    name: str = "game"
    initial_state: Index = 0
    agent_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = ()
    action_names: tuple[tuple[str, ...], ...] = ()

    @property
    def steps(self) -> int:
        """How many stages the game has.

        Raises
        ------
        InputError
            Nothing says how long it lasts, or two things do.
        """
        if (self.horizon is None) == (not self.discounts):
            raise InputError("horizon and discounts: expected one of them, a horizon or 0 <= discount < 1")
        if self.horizon is not None and self.arrival is not None:
            raise UnsupportedError("arrival: what is paid on arrival is read of discounted games only")
        return 1 if self.horizon is None else self.horizon


def game_to_data(game: KnownGame) -> dict[str, object]:
    """Return a game as the data of its JSON document: dictionaries, lists, strings, integers.

    Equal games give equal data. No number is rounded: a float64 array is written in integers, short
    dyadic decimals and hex floats, any other array in ratios, and :func:`game_from_data` reads back an
    array of the same kind. An axis along which rewards, radii or kernels are constant is written once. A game
    of compressed rows says so, and :func:`model_from_json` reads it.

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
    kernels = _kernels(game)
    kind = kind_of(kernels[0].weights)
    rows = [list(_rows(kernel, kind, f"transition[{h}]")) for h, kernel in enumerate(kernels)]
    return _head(game) | {"transition": _transition(game, kind) | {"kernels": rows}}


def _head(game: KnownGame) -> dict[str, object]:
    """Return all but the kernels."""
    sets = [game_set_to_data(ball) for ball in game.uncertainty]
    if isinstance(game, DiscountedGame):
        each = [show(discount) for discount in game.discounts]
        lasts: dict[str, object] = {"discounts": each[:1] if len({*each}) == 1 else each}
        if game.stage.arrival is not None:
            lasts["arrival"] = dense_to_data(game.stage.arrival[:, None], "arrival")
    elif any(stage.arrival is not None for stage in game.stages):
        raise UnsupportedError(f"{game.name!r} pays on arrival; files hold that of discounted games only")
    else:
        lasts = {"horizon": game.horizon}
    return {
        "format": "drmg-game",
        "version": 1,
        "name": game.name,
        **lasts,
        "states": game.n_states,
        "actions": list(game.actions),
        "initial_state": game.initial_state,
        "agent_names": list(game.agent_names),
        "state_names": list(game.state_names),
        "action_names": [list(names) for names in game.action_names],
        "uncertainty": sets[:1] if all(other == sets[0] for other in sets) else sets,
        "reward": dense_to_data(_over_steps(game, "reward"), "reward"),
        "radius": dense_to_data(_over_steps(game, "radius"), "radius"),
    }


def game_to_json(game: KnownGame) -> str:
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
    return "".join(pieces_of_json(game))


def pieces_of_json(game: KnownGame) -> Iterator[str]:
    """Yield the same text a row at a time, so that a large game can be written without its text being held.

    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> "".join(pieces_of_json(game)) == game_to_json(game)
    True
    """
    kernels = _kernels(game)
    kind = kind_of(kernels[0].weights)
    lines = {key: encode(value) for key, value in _head(game).items()}
    yield lay_out(lines).removesuffix("}\n")
    yield f',\n"transition":{encode(_transition(game, kind)).removesuffix("}")},"kernels":[['
    for h, kernel in enumerate(kernels):
        yield "],\n[\n" if h else "\n"
        for place, row in enumerate(_rows(kernel, kind, f"transition[{h}]")):
            yield (",\n" if place else "") + encode(row)
    yield "\n]]}}\n" if kernels else ""


def game_from_data(data: object) -> RobustMarkovGame:
    """Read a game from the data of its JSON document; errors as for :func:`game_from_json`.

    >>> from drmg_check.zoo import load
    >>> game_from_data(game_to_data(load("initial-shock"))).name
    'initial-shock'
    """
    return _with_horizon(convert(data, GameFile, name="drmg-game", version=1))


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
    UnsupportedError
        Compressed rows, or a discount: :func:`model_from_json` reads both.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game_from_json(game_to_json(load("initial-shock"))).state_names
    ('good', 'bad')
    """
    return _with_horizon(decode(text, GameFile, name="drmg-game", version=1))


def _with_horizon(data: GameFile) -> RobustMarkovGame:
    if data.discounts and data.horizon is None:
        raise UnsupportedError(DISCOUNTED)
    return game_of_file(data)


def game_of_file(data: GameFile) -> RobustMarkovGame:
    """Return the game of a file; of a discounted one the game of its one stage."""
    kernels, m, S, A = len(data.transition.kernels), len(data.actions), data.states, prod(data.actions)
    rational = data.transition.numbers == "rational"
    if data.transition.compressed:
        raise UnsupportedError(COMPRESSED)
    H = data.steps
    check_size(states=S, actions=data.actions, horizon=H, kernels=kernels, rational=rational)
    if kernels not in (1, H):
        raise InputError(f"transition has {kernels} kernels; expected 1, or one per step ({H})")
    shape = (m, H, S, A)
    return RobustMarkovGame(
        transition=_kernel_array(data.transition, S, A),
        reward=from_dense(data.reward, shape, "reward"),
        radius=from_dense(data.radius, shape, "radius"),
        uncertainty=of_agents(data.uncertainty, m, S),
        actions=data.actions,
        horizon=H,
        initial_state=data.initial_state,
        name=data.name,
        agent_names=data.agent_names,
        state_names=data.state_names,
        action_names=data.action_names,
    )


def _transition(game: KnownGame, kind: Kind) -> dict[str, object]:
    sparse = isinstance(game, DiscountedGame) and isinstance(game.stage.rows, SparseRows)
    return {"numbers": kind} | ({"compressed": True} if sparse or isinstance(game, StagedGame) else {})


def _kernels(game: KnownGame) -> list[RowBlock]:
    """Return the rows of each step, or once where they are the same."""
    blocks = [stage.rows for stage in game.stages]
    if all(block is blocks[0] or _same(block, blocks[0]) for block in blocks):
        return blocks[:1]
    return blocks


def _same(block: RowBlock, other: RowBlock) -> bool:
    if isinstance(block, SparseRows) and isinstance(other, SparseRows):
        return all(
            np.array_equal(getattr(block, name), getattr(other, name))
            for name in ("indptr", "indices", "weights")
        )
    return type(block) is type(other) and np.array_equal(block.weights, other.weights)


def _over_steps(game: KnownGame, name: str) -> Array:
    """Return rewards or radii ``[m, H, S, A]``, or ``[m, 1, S, A]`` where all steps share them."""
    if isinstance(game, RobustMarkovGame):
        whole: Array = getattr(game, name)
        return whole
    each = [getattr(stage, name) for stage in game.stages]
    shared = all(array is each[0] for array in each)
    return np.stack(each[:1] if shared else each, axis=1)


def _rows(block: RowBlock, kind: Kind, name: str) -> Iterator[list[object]]:
    write, known = writer(kind, name), dict[object, str]()
    S, A, _ = block.shape
    for s, a in np.ndindex(S, A):
        states, weights = support(block, s, a)
        row = []
        for t, weight in zip(states.tolist(), weights.tolist(), strict=True):
            if weight not in known:
                known[weight] = write(weight)
            row.append([t, known[weight]])
        yield [s, a, row]


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


def of_agents(data: tuple[SetData, ...], m: int, S: int) -> tuple[GameSet, ...]:
    """Return one set for each agent."""
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
