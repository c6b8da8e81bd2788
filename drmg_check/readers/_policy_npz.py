"""NumPy archives (.npz) of policies whose rules are compressed, as ``plan`` writes them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from drmg_check.files import read_npz
from drmg_check.models import JointPolicy, SparsePolicy, SparseRows, sparse_policy
from drmg_check.readers._compressed import compressed_rows
from drmg_check.readers._limits import MAX_AGENTS
from drmg_check.readers._npz import integer_in, missing_from, vector_in
from drmg_check.readers._npz_sparse import accepting, stored
from drmg_check.vocabulary import Array, InputError

_PARTS = ("indptr", "indices", "weights")
_JOINT = "pi"


def _keys(name: str) -> list[str]:
    return [f"{name}_{part}" for part in _PARTS]


_GENERAL = ("actions", "states", "horizon")
_KNOWN = {*_GENERAL, *_keys(_JOINT), *(key for i in range(MAX_AGENTS) for key in _keys(f"{_JOINT}_{i}"))}


def policy_from_npz(data: bytes | Path) -> SparsePolicy:
    """Read a policy with compressed rules from a NumPy archive, its bytes or its file.

    The archive holds ``actions``, ``states`` and ``horizon``; and ``pi_indptr``, ``pi_indices`` and
    ``pi_weights``, in which row ``h S + s`` has the joint actions that are played at (h, s), or
    ``pi_0_indptr``, ... with those of agent 0, and so on for agents who draw independently. Rules of a single
    step serve all.

    Raises
    ------
    InputError
        No archive, a missing or unknown key, or arrays that do not fit together.

    Examples
    --------
    >>> rule = dict(pi_indptr=[0, 2], pi_indices=[0, 3], pi_weights=["1/3", "2/3"])
    >>> stream = io.BytesIO()
    >>> np.savez(stream, actions=[2, 2], states=1, horizon=5, **rule)
    >>> policy_from_npz(stream.getvalue()).horizon
    5
    """
    arrays = read_npz(data, accepting(_KNOWN), "NumPy archive of a policy")
    missing_from(arrays, _GENERAL)
    actions = tuple(int(n) for n in vector_in(arrays, "actions", "iu"))
    S, H = integer_in(arrays, "states"), integer_in(arrays, "horizon")
    if min((*actions, S, H), default=0) < 1 or len(actions) > MAX_AGENTS:
        raise InputError(f"actions={actions}, states={S}, horizon={H}; expected numbers >= 1")
    names = [_JOINT] if f"{_JOINT}_indptr" in arrays else [f"{_JOINT}_{i}" for i in range(len(actions))]
    missing_from(arrays, [key for name in names for key in _keys(name)])
    widths = [int(np.prod(actions, dtype=object))] if len(names) == 1 else actions
    rules = tuple(_rules(arrays, name, S, n) for name, n in zip(names, widths, strict=True))
    if extra := set(arrays) - {*_GENERAL, *(key for name in names for key in _keys(name))}:
        raise InputError(f"the key {min(extra)} is too much; expected a joint policy, or one of each agent")
    return SparsePolicy(rules, actions, H)


def is_compressed_policy(data: bytes | Path) -> bool:
    """Return whether an archive holds a policy with compressed rules.

    >>> is_compressed_policy(b"no archive")
    False
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
            return not {f"{_JOINT}_indptr.npy", f"{_JOINT}_0_indptr.npy"}.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def policy_to_npz(policy: SparsePolicy | JointPolicy, stream: BinaryIO) -> None:
    """Write the archive that :func:`policy_from_npz` reads, without loss.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> stream = io.BytesIO()
    >>> policy_to_npz(uniform_policy(load("initial-shock")), stream)
    >>> policy_from_npz(stream.getvalue()).exact_rule(0, 0)[0]
    Fraction(1, 4)
    """
    compressed = sparse_policy(policy) if isinstance(policy, JointPolicy) else policy
    arrays: dict[str, Array] = {
        "actions": np.array(compressed.actions),
        "states": np.array(compressed.n_states),
        "horizon": np.array(compressed.horizon),
    }
    joint = len(compressed.rules) == 1
    for i, rows in enumerate(compressed.rules):
        parts = (rows.indptr, rows.indices.astype(np.uint32), stored(rows.weights))
        arrays |= dict(zip(_keys(_JOINT if joint else f"{_JOINT}_{i}"), parts, strict=True))
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type] # NumPy's stubs take keywords for allow_pickle


def _rules(arrays: dict[str, Array], name: str, S: int, n: int) -> SparseRows:
    indptr, indices = (vector_in(arrays, key, "iu") for key in _keys(name)[:2])
    weights = arrays[f"{name}_weights"]
    steps, rest = divmod(len(indptr) - 1, S)
    if rest or steps < 1 or weights.shape != indices.shape:
        raise InputError(
            f"{name}_indptr has {len(indptr)} entries, {name}_indices {len(indices)} and {name}_weights "
            f"{weights.size}, for {S} states; expected H S + 1, and two of the same length"
        )
    return compressed_rows(indptr, indices, weights, (steps, S, n), name)
