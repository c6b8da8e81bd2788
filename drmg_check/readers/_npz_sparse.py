"""NumPy archives (.npz) of games whose rows are compressed: many states, few of them after each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from drmg_check.files import check_memory, read_npz
from drmg_check.models import DiscountedGame, SparseRows, Stage, StagedGame, compressed, discounted, repeated
from drmg_check.readers._arrays import compact
from drmg_check.readers._compressed import compressed_rows
from drmg_check.readers._limits import MAX_NONZEROS, MAX_RATIONALS, check_nonzeros
from drmg_check.readers._npz import (
    GENERAL,
    action_names_in,
    discounts_in,
    integer_in,
    missing_from,
    names_in,
    oriented,
    scalar_in,
    vector_in,
)
from drmg_check.sets import UncertaintySet, game_set_for, set_name
from drmg_check.vocabulary import Array, InputError, UnsupportedError, exact, show

KERNEL = ("P_indptr", "P_indices", "P_weights")
_NEEDED = (*KERNEL, "r", "radius", "uncertainty")


def staged_game_from_npz(data: bytes | Path) -> StagedGame | DiscountedGame:
    """Read a game with compressed rows from a NumPy archive, its bytes or its file.

    In the place of ``P`` the archive holds the rows as compressed sparse rows, ``(s, a)`` in C order:
    ``P_indptr`` [S A + 1], ``P_indices`` (next states) and ``P_weights``, as ``scipy.sparse.csr_array`` has
    them; :func:`compressed_rows` says what they may be like. Rows, rewards and radii are the same at every
    step, and ``horizon`` or ``gamma`` is needed. All else is as in :func:`model_from_npz`.

    Raises
    ------
    InputError
        No archive, a missing or unknown key, arrays that do not fit together, or more memory than there is.
    UnsupportedError
        Rewards with an axis s': they would need the worst case of ``r + V``.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> np.savez(stream, P_indptr=[0, 2, 3], P_indices=[0, 1, 1], P_weights=[0.75, 0.25, 1.0], r=[0.0, 1.0],
    ...     r_axes="s", radius=0.1, uncertainty="tv", horizon=3)
    >>> game = staged_game_from_npz(stream.getvalue())
    >>> game.n_states, game.stages[0].rows.indices.tolist()
    (2, [0, 1, 1])
    """
    arrays = read_npz(data, accepting(GENERAL | set(KERNEL)))
    missing_from(arrays, _NEEDED)
    r, rho = oriented(arrays, "r"), oriented(arrays, "radius")
    if r.shape[-1] != 1:
        raise UnsupportedError("r has an axis s'; a game with compressed rows has rewards r(s, a)")
    if r.shape[1] != 1 or rho.shape[1] != 1:
        raise UnsupportedError(
            "r or radius has an axis h; a game with compressed rows is the same at every step"
        )
    actions = tuple(int(n) for n in vector_in(arrays, "actions", "iu")) if "actions" in arrays else ()
    actions = actions or (int(max(r.shape[3], rho.shape[3])),)
    if ("horizon" in arrays) == ("gamma" in arrays):
        raise InputError("horizon and gamma: expected one of the two keys")
    H = integer_in(arrays, "horizon") if "horizon" in arrays else 1
    rows = _rows(arrays, actions, H)
    S, names = rows.shape[0], vector_in(arrays, "uncertainty", "U")
    sets = tuple(game_set_for(str(name), S) for name in names)
    first = Stage(
        rows=rows,
        reward=r[:, 0, ..., 0],
        radius=rho[:, 0],
        uncertainty=sets * len(actions) if len(sets) == 1 else sets,
        actions=actions,
        name=str(scalar_in(arrays, "name", "U")) if "name" in arrays else "npz",
    )
    game = StagedGame(
        stages=repeated(first, H),
        initial_state=integer_in(arrays, "initial_state") if "initial_state" in arrays else 0,
        name=first.name,
        agent_names=names_in(arrays, "agent_names"),
        state_names=names_in(arrays, "state_names"),
        action_names=action_names_in(arrays, actions),
    )
    return discounted(game, discounts_in(arrays)) if "gamma" in arrays else game


def accepting(
    keys: AbstractSet[str], most: int = MAX_NONZEROS
) -> Callable[[str, tuple[int, ...], np.dtype[Any]], None]:
    """Return what refuses an array of an archive by its header: an unknown key, or more than memory holds."""
    announced = 0

    def accept(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        nonlocal announced
        if key not in keys:
            raise InputError(f"key {key[:60]!r} is unknown; expected {', '.join(sorted(keys))}")
        if dtype.kind not in "fiuU" or (dtype.kind == "f" and dtype.itemsize > 8):
            raise InputError(f"{key} has dtype {dtype}; expected float64, integers or strings")
        limit = MAX_RATIONALS if dtype.kind == "U" else most
        if prod(shape) > limit:
            raise InputError(f"{key} has shape {shape} and dtype {dtype}; expected at most {limit} numbers")
        announced += prod(shape) * max(dtype.itemsize, 8)
        check_memory(3 * announced, f"an archive with {key} of shape {shape}")  # while rows are put in order

    return accept


def _rows(arrays: Mapping[str, Array], actions: tuple[int, ...], horizon: int) -> SparseRows:
    indptr, indices = vector_in(arrays, "P_indptr", "iu"), vector_in(arrays, "P_indices", "iu")
    weights, A = arrays["P_weights"], prod(actions)
    S, rest = divmod(len(indptr) - 1, A) if A >= 1 else (0, 1)
    if rest or S < 1 or weights.shape != indices.shape:
        raise InputError(
            f"P_indptr has {len(indptr)} entries, P_indices {len(indices)} and P_weights "
            f"{weights.size}, for {A} joint actions; expected S A + 1, and two of the same length"
        )
    rational = weights.dtype.kind == "U"
    check_nonzeros(nonzeros=len(indices), states=S, actions=actions, horizon=horizon, rational=rational)
    return compressed_rows(indptr, indices, weights, (S, A, S))


def staged_game_to_npz(game: StagedGame | DiscountedGame, stream: BinaryIO) -> None:
    """Write the archive that :func:`staged_game_from_npz` reads, without loss.

    Raises
    ------
    UnsupportedError
        A game whose steps differ, or a set without a short name: JSON holds both.

    Examples
    --------
    >>> import io
    >>> from drmg_check.zoo import load
    >>> game, stream = load("good-bad-chain"), io.BytesIO()
    >>> staged_game_to_npz(StagedGame(stages=game.stages, name=game.name), stream)
    >>> staged_game_from_npz(stream.getvalue()).name
    'good-bad-chain'
    """
    first = game.stages[0]
    same = all(
        stage.rows is first.rows
        and np.array_equal(stage.reward, first.reward)
        and np.array_equal(stage.radius, first.radius)
        for stage in {id(stage.reward): stage for stage in game.stages}.values()
    )
    names = [set_name(ball) for ball in game.uncertainty if isinstance(ball, UncertaintySet)]
    named = [game_set_for(name, game.n_states) for name in names] == list(game.uncertainty)
    if not same or not named or not isinstance(rows := compressed(first.rows), SparseRows):
        raise UnsupportedError(
            "an archive holds games that are the same at every step, with sets that have a short name; write "
            "this one as JSON"
        )
    arrays: dict[str, Array] = {
        "P_indptr": rows.indptr,
        "P_indices": rows.indices.astype(np.uint32),
        "P_weights": stored(rows.weights),
        "uncertainty": np.array(names),
        **_duration(game),
        "actions": np.array(game.actions),
        "initial_state": np.array(game.initial_state),
        "name": np.array(game.name),
        "agent_names": np.array(game.agent_names),
        "state_names": np.array(game.state_names),
    }
    for key, numbers in (("r", first.reward), ("radius", first.radius)):
        arrays |= {key: stored(compact(numbers)), f"{key}_axes": np.array("i s a")}
    width = max(game.actions)
    arrays["action_names"] = np.array([[*each, *[""] * (width - len(each))] for each in game.action_names])
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type] # NumPy's stubs take keywords for allow_pickle


def _duration(game: StagedGame | DiscountedGame) -> dict[str, Array]:
    if isinstance(game, DiscountedGame):
        return {"gamma": np.array([show(discount) for discount in game.discounts])}
    return {"horizon": np.array(game.horizon)}


def stored(numbers: Array) -> Array:
    """Return doubles as they are, and anything else as exact strings."""
    if numbers.dtype == np.float64:
        return numbers
    return np.array([show(exact(x)) for x in numbers.ravel().tolist()]).reshape(numbers.shape)
