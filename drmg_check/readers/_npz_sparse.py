"""NumPy archives (.npz) of games whose rows are compressed: many states, few of them after each."""

from __future__ import annotations

from math import prod

import numpy as np

from drmg_check.models import SparseRows, Stage, StagedGame, repeated
from drmg_check.readers._limits import MAX_ENTRIES, check_size
from drmg_check.readers._npz import (
    GENERAL,
    action_names_in,
    integer_in,
    names_in,
    oriented,
    read_arrays,
    scalar_in,
    vector_in,
)
from drmg_check.sets import game_set_for
from drmg_check.vocabulary import Array, InputError, IntArray, UnsupportedError

KERNEL = ("P_indptr", "P_indices", "P_weights")
_NEEDED = (*KERNEL, "r", "radius", "uncertainty", "horizon")


def staged_game_from_npz(data: bytes) -> StagedGame:
    """Read a game with compressed rows from a NumPy archive.

    In the place of ``P`` the archive holds the rows as compressed sparse rows, ``(s, a)`` in C order:
    ``P_indptr`` [S A + 1], ``P_indices`` (next states) and ``P_weights``, as ``scipy.sparse.csr_array`` has
    them. Entries may be in any order; zeros are no successors, and a state is named once in a row, for sets
    are over states. Rows, rewards and radii are the same at every step, and ``horizon`` is needed. All else
    is as in :func:`game_from_npz`.

    Raises
    ------
    InputError
        No archive, a missing or unknown key, arrays that do not fit together, or too large.
    UnsupportedError
        Rewards with an axis s': they would need the worst case of ``r + V``.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> np.savez(stream, P_indptr=[0, 2, 3], P_indices=[1, 0, 1], P_weights=[0.75, 0.25, 1.0], r=[0.0, 1.0],
    ...     r_axes="s", radius=0.1, uncertainty="tv", horizon=3)
    >>> game = staged_game_from_npz(stream.getvalue())
    >>> game.n_states, game.stages[0].rows.indices.tolist()
    (2, [0, 1, 1])
    """
    arrays = read_arrays(data, GENERAL | set(KERNEL), _NEEDED)
    r, rho = oriented(arrays, "r"), oriented(arrays, "radius")
    if r.shape[-1] != 1:
        raise UnsupportedError("r has an axis s'; a game with compressed rows has rewards r(s, a)")
    indptr, indices = vector_in(arrays, "P_indptr", "iu"), vector_in(arrays, "P_indices", "iu")
    actions = tuple(int(n) for n in vector_in(arrays, "actions", "iu")) if "actions" in arrays else ()
    A = prod(actions) if actions else int(max(r.shape[3], rho.shape[3]))
    actions = actions or (A,)
    S, rest = divmod(len(indptr) - 1, A) if A >= 1 else (0, 1)
    H = integer_in(arrays, "horizon")
    if rest or S < 1 or len(arrays["P_weights"]) != len(indices):
        raise InputError(
            f"P_indptr has {len(indptr)} entries, P_indices {len(indices)} and P_weights "
            f"{len(arrays['P_weights'])}, for {A} joint actions; expected S A + 1, and two of the same length"
        )
    check_size(states=1, actions=actions, horizon=1, kernels=1)
    if S * A * len(actions) > MAX_ENTRIES or H < 1:
        raise InputError(
            f"agents x states x joint actions = {S * A * len(actions)}, horizon={H}; expected at most "
            f"{MAX_ENTRIES}, and a horizon of at least 1"
        )
    rows = SparseRows(**_merged(indptr, indices, arrays["P_weights"]), shape=(S, A, S))
    if r.shape[1] != 1 or rho.shape[1] != 1:
        raise UnsupportedError(
            "r or radius has an axis h; a game with compressed rows is the same at every step"
        )
    sets = tuple(game_set_for(str(name), S) for name in vector_in(arrays, "uncertainty", "U"))
    first = Stage(
        rows=rows,
        reward=r[:, 0, ..., 0],
        radius=rho[:, 0],
        uncertainty=sets * len(actions) if len(sets) == 1 else sets,
        actions=actions,
        name=str(scalar_in(arrays, "name", "U")) if "name" in arrays else "npz",
    )
    return StagedGame(
        stages=repeated(first, H),
        initial_state=integer_in(arrays, "initial_state") if "initial_state" in arrays else 0,
        name=first.name,
        agent_names=names_in(arrays, "agent_names"),
        state_names=names_in(arrays, "state_names"),
        action_names=action_names_in(arrays, actions),
    )


def _merged(indptr: IntArray, indices: IntArray, weights: Array) -> dict[str, Array]:
    """Return rows with increasing states: zeros left out, and a state that is named twice refused."""
    if indptr[0] != 0 or indptr[-1] != len(indices) or np.any(np.diff(indptr.astype(np.int64)) < 0):
        raise InputError(
            f"P_indptr goes from {int(indptr[0])} to {int(indptr[-1])}; expected 0 to {len(indices)}"
        )
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    kept = weights != ("0" if weights.dtype.kind == "U" else 0)
    row, indices, weights = row[kept], indices[kept], weights[kept]
    order = np.lexsort((indices, row))
    row, indices, weights = row[order], indices[order], weights[order]
    twice = np.flatnonzero((np.diff(row) == 0) & (np.diff(indices.astype(np.int64)) == 0))
    if len(twice):
        where = int(twice[0])
        raise InputError(
            f"row {int(row[where])} of P names state {int(indices[where])} twice; expected each once: add "
            "the weights, as csr_array.sum_duplicates does"
        )
    counts = np.bincount(row, minlength=len(indptr) - 1)
    return {"indptr": np.concatenate([[0], np.cumsum(counts)]), "indices": indices, "weights": weights}
