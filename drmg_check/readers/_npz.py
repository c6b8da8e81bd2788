"""NumPy archives (.npz) in which every array names its axes: ``P`` with ``P_axes = "h s a s'"``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from drmg_check.files import read_npz
from drmg_check.models import DiscountedGame, RobustMarkovGame, discounted
from drmg_check.readers._limits import COMPRESSED, DISCOUNTED, MAX_ENTRIES, MAX_RATIONALS, check_size
from drmg_check.readers._rows import narrow
from drmg_check.sets import game_set_for
from drmg_check.vocabulary import Array, InputError, UnsupportedError, exact, exact_tuple, normalise, widened

_AXES = {"P": "h s a s'", "r": "i h s a s'", "radius": "i h s a"}
_NAMES = ("agent_names", "state_names", "action_names")
GENERAL = frozenset(
    {
        *("r", "r_axes", "radius", "radius_axes", "uncertainty"),
        *("actions", "horizon", "gamma", "initial_state", "name", *_NAMES),
    }
)
"""Keys of every game in an archive; those of its kernel come on top."""


def game_from_npz(data: bytes) -> RobustMarkovGame:
    """Read a game with a horizon from a NumPy archive; see :func:`model_from_npz`, whose errors it has.

    Raises
    ------
    UnsupportedError
        Compressed rows, or a discount: :func:`model_from_npz` reads it.

    Examples
    --------
    >>> stream = io.BytesIO()
    >>> np.savez(stream, P=np.eye(2)[:, None], P_axes="s a s'", r=[0.0, 1.0], r_axes="s", radius=0.1,
    ...     uncertainty="tv", horizon=3)
    >>> game_from_npz(stream.getvalue()).r[0, 0, :, 0].tolist()
    [0.0, 1.0]
    """
    game = model_from_npz(data)
    if isinstance(game, DiscountedGame):
        raise UnsupportedError(DISCOUNTED)
    return game


def model_from_npz(data: bytes) -> RobustMarkovGame | DiscountedGame:
    """Read a game from a NumPy archive.

    The archive holds ``P``, ``r``, ``radius`` and ``uncertainty`` (a short name such as "tv:nominal", or one
    per agent); ``horizon``, unless P has an axis h, or ``gamma``, one discount or one for each agent, in the
    place of a horizon; and, if need be, ``actions`` (the number of actions of each agent; one agent when
    absent), ``initial_state``, ``name``, ``agent_names`` and ``state_names``, and
    ``action_names``: one list for all agents, or a row for each, filled up with empty strings.

    Strings ``P_axes``, ``r_axes`` and ``radius_axes`` name the axes of their arrays in order, such as
    ``"a s s'"`` (only a scalar needs none): s, a, s' and maybe h for P, any of i, h, s, a, s' for r, any of
    i, h, s, a for radius; along an axis that is not named the array is constant.

    Numbers are floats, integers or exact strings; a float means its binary value. Rewards with an axis s'
    become their expectations under the nominal row, exactly, as in :func:`from_toy_text`; in a discounted
    game they are paid on arrival, inside the worst case.

    Raises
    ------
    InputError
        No archive, pickled objects, a missing or unknown key, axes that do not fit, an array of more
        than 2^25 numbers, or a game that :class:`RobustMarkovGame` or :class:`DiscountedGame` refuses.
    UnsupportedError
        Compressed rows.

    Examples
    --------
    >>> stream = io.BytesIO()
    >>> np.savez(stream, P=np.eye(2)[:, None], P_axes="s a s'", r=[0.0, 1.0], r_axes="s", radius=0.1,
    ...     uncertainty="tv", gamma="9/10")
    >>> model_from_npz(stream.getvalue()).criterion
    'discount 9/10'
    """
    if is_compressed(data):
        raise UnsupportedError(COMPRESSED)
    arrays = read_arrays(data, GENERAL | {"P", "P_axes"}, ("P", "r", "radius", "uncertainty"))
    P, r, rho = (oriented(arrays, key) for key in _AXES)
    P = widened(P, "P")  # before rewards are weighted with it
    steps, S, A = P.shape[:3]
    H = integer_in(arrays, "horizon") if "horizon" in arrays else steps
    _check_criterion(arrays)
    arrival = r[:, 0] if "gamma" in arrays and r.shape[-1] != 1 else None
    if arrival is not None:
        r = np.zeros((1,) * r.ndim)
    actions = tuple(int(n) for n in vector_in(arrays, "actions", "iu")) if "actions" in arrays else (A,)
    check_size(states=S, actions=actions, horizon=H, kernels=steps, rational=P.dtype.kind == "U")
    if P.shape != (steps, S, prod(actions), S) or steps not in (1, H):
        raise InputError(f"P has shape {P.shape} as [h, s, a, s']; expected {(H, S, prod(actions), S)}")
    sets = tuple(game_set_for(str(name), S) for name in vector_in(arrays, "uncertainty", "U"))
    game = RobustMarkovGame(
        transition=P if steps > 1 else P[0],
        reward=r[..., 0] if r.shape[-1] == 1 else _expectation(r, P),
        radius=rho,
        uncertainty=sets * len(actions) if len(sets) == 1 else sets,
        actions=actions,
        horizon=H,
        initial_state=integer_in(arrays, "initial_state") if "initial_state" in arrays else 0,
        name=str(scalar_in(arrays, "name", "U")) if "name" in arrays else "npz",
        agent_names=names_in(arrays, "agent_names"),
        state_names=names_in(arrays, "state_names"),
        action_names=action_names_in(arrays, actions),
    )
    return discounted(game, discounts_in(arrays), arrival=arrival) if "gamma" in arrays else game


def _check_criterion(arrays: Mapping[str, Array]) -> None:
    """Refuse an archive that says neither a horizon nor a discount, or both."""
    steps = [key for key in _AXES if "h" in axes_of(arrays, key)]
    if "gamma" in arrays and ("horizon" in arrays or steps):
        what = "the key horizon" if "horizon" in arrays else f"{steps[0]} has an axis h"
        raise InputError(f"there is a discount, gamma, and {what}; expected one of them")
    if "gamma" not in arrays and "horizon" not in arrays and "P" not in steps:
        raise InputError(
            "nothing says the horizon; add the key horizon, or an axis h of P, or a discount: the key gamma"
        )


def discounts_in(arrays: Mapping[str, Array]) -> tuple[Fraction, ...]:
    """Return the discounts that the key gamma holds."""
    if arrays["gamma"].ndim > 1:
        raise InputError(f"gamma has shape {arrays['gamma'].shape}; expected a number, or one for each agent")
    return exact_tuple(arrays["gamma"].reshape(-1).tolist(), "gamma")


def is_compressed(data: bytes | Path) -> bool:
    """Return whether an archive, its bytes or its file, holds compressed rows.

    >>> is_compressed(b"no archive")
    False
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
            return "P_indptr.npy" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def names_in(arrays: Mapping[str, Array], key: str) -> tuple[str, ...]:
    return tuple(map(str, vector_in(arrays, key, "U"))) if key in arrays else ()


def action_names_in(arrays: Mapping[str, Array], actions: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    if "action_names" not in arrays:
        return ()
    names, m = arrays["action_names"], len(actions)
    if names.dtype.kind != "U" or names.ndim not in (1, 2):
        what = f"shape {names.shape} and dtype {names.dtype}"
        raise InputError(f"action_names has {what}; expected strings, one list or a row for each agent")
    if names.ndim == 1:
        return (tuple(map(str, names)),) * m
    if len(names) != m or any(row[n:].any() for row, n in zip(names, actions, strict=True)):
        raise InputError(
            f"action_names has shape {names.shape}; expected a row for each of {m} agents, of as many names "
            f"as actions {actions} and then empty strings"
        )
    return tuple(tuple(map(str, row[:n])) for row, n in zip(names, actions, strict=True))


def read_arrays(data: bytes, keys: AbstractSet[str], required: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of an archive that has these keys, some of them needed.

    Raises
    ------
    InputError
        No archive, another key, one twice or missing, an array that is too large or no numbers or strings.
    """

    def accept(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        if key not in keys:
            raise InputError(f"key {key[:60]!r} is unknown; expected {', '.join(sorted(keys))}")
        accept_array(key, shape, dtype)

    arrays = read_npz(data, accept)
    missing_from(arrays, required)
    return arrays


def missing_from(arrays: Mapping[str, Array], required: Sequence[str]) -> None:
    """Refuse an archive that lacks a key."""
    if missing := [key for key in required if key not in arrays]:
        raise InputError(f"the key {missing[0]} is missing; expected {', '.join(required)}")


def accept_array(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Refuse an array by what its header announces, before anything of that size is allocated."""
    if dtype.kind not in "fiuU" or (dtype.kind == "f" and dtype.itemsize > 8):
        raise InputError(f"{key} has dtype {dtype}; expected float64, integers or strings")
    limit = MAX_RATIONALS if dtype.kind == "U" else MAX_ENTRIES
    if prod(shape) > limit or prod(shape) * dtype.itemsize > 8 * MAX_ENTRIES:
        raise InputError(f"{key} has shape {shape} and dtype {dtype}; expected at most {limit} numbers")


def axes_of(arrays: Mapping[str, Array], key: str) -> list[str]:
    if f"{key}_axes" in arrays:
        return str(scalar_in(arrays, f"{key}_axes", "U")).split()
    if arrays[key].ndim:
        raise InputError(f'{key}_axes is missing; expected the axes of {key}, such as "{_AXES[key]}"')
    return []


def oriented(arrays: Mapping[str, Array], key: str) -> Array:
    """Return the array with all the axes of its kind in their order, length 1 where it has none."""
    array, axes, order = arrays[key], axes_of(arrays, key), _AXES[key].split()
    required = order[1:] if key == "P" else []
    if len(set(axes)) != len(axes) or not set(required) <= set(axes) <= set(order) or len(axes) != array.ndim:
        raise InputError(
            f'{key}_axes="{" ".join(axes)[:60]}" for {array.ndim} axes; '
            f'expected some of "{_AXES[key]}", each once'
        )
    array = array.transpose([axes.index(axis) for axis in order if axis in axes])
    return array[tuple(slice(None) if axis in axes else None for axis in order)]


def _expectation(r: Array, P: Array) -> Array:
    """Return ``sum_s' P(s' | s, a) r(s, a, s')`` as an array [i, h, s, a], exactly."""
    steps = max(r.shape[1], P.shape[0])
    shape = (r.shape[0], steps, *P.shape[1:])
    fits = all(
        n in (1, full) for n, full in zip((*r.shape[1:], P.shape[0]), (*shape[1:], steps), strict=True)
    )
    if not fits or prod(shape) > MAX_RATIONALS:
        raise InputError(
            f"r has shape {r.shape} as [i, h, s, a, s'] and P {P.shape}; expected them to fit, "
            f"with at most {MAX_RATIONALS} numbers"
        )
    rewards, kernel = np.broadcast_to(r, shape), np.broadcast_to(P, shape[1:])
    result = np.empty(shape[:4], dtype=object)
    for h, s, a in np.ndindex(*shape[1:4]):
        row = normalise([exact(p) for p in kernel[h, s, a]], f"P[{h}, {s}, {a}]")
        for i in range(shape[0]):
            terms = (p * exact(x) for p, x in zip(row, rewards[i, h, s, a], strict=True))
            result[i, h, s, a] = sum(terms, Fraction(0))
    return narrow(result)


def vector_in(arrays: Mapping[str, Array], key: str, kinds: str) -> Array:
    array = arrays[key]
    if array.dtype.kind not in kinds or array.ndim > 1:
        what = "strings" if kinds == "U" else "integers"
        raise InputError(f"{key} has shape {array.shape} and dtype {array.dtype}; expected {what}")
    return array.reshape(-1)


def scalar_in(arrays: Mapping[str, Array], key: str, kinds: str) -> object:
    vector = vector_in(arrays, key, kinds)
    if vector.size != 1:
        raise InputError(f"{key} has {vector.size} values; expected one")
    return vector.item()


def integer_in(arrays: Mapping[str, Array], key: str) -> int:
    return int(str(scalar_in(arrays, key, "iu")))
