"""Policies from NumPy's files: one array of the joint policy, or one for each agent."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from drmg_check.files import read_npy, read_npz
from drmg_check.models import JointPolicy, Model, product_policy
from drmg_check.readers._limits import check_size
from drmg_check.readers._npz import accept_array
from drmg_check.vocabulary import Array, InputError, widened

WHAT = "file of NumPy"
NPY, NPZ = b"\x93NUMPY", b"PK"  # how the files begin
_HOW = (
    "expected weights [H, S, A] or [S, A] of the joint policy, or marginal_0, marginal_1, ... [H, S, A_i] or "
    "[S, A_i] of the agents"
)


def policy_from_arrays(data: bytes, game: Model | None = None) -> JointPolicy:
    """Read a policy from the bytes of an ``.npy`` or ``.npz`` file.

    Parameters
    ----------
    data : bytes
        An array of the joint policy, ``[H, S, A]``, or with one axis for each agent,
        ``[H, S, A_0, A_1, ...]``; or an archive of one such array, ``weights``, or of the agents' policies
        ``marginal_0``, ``marginal_1``, ..., each ``[H, S, A_i]``; what ``np.savez`` names ``arr_0``,
        ``arr_1``, ... is the same. An array without the axis h is played at every step.
    game : Model, optional
        Says H and the agents' actions. Without it an array has all axes, and a joint array is of one agent
        unless it has one axis for each.

    Raises
    ------
    InputError
        No such file, other keys, a shape that does not fit, or no distributions.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> np.savez(stream, marginal_0=np.full((3, 1, 2), 0.5), marginal_1=np.eye(2)[None, :1].repeat(3, axis=0))
    >>> policy_from_arrays(stream.getvalue()).pi[0].tolist()
    [[0.5, 0.0, 0.5, 0.0]]
    """
    arrays = {key: widened(array, key) for key, array in _arrays(data).items()}
    if len(arrays) > 1 or next(iter(arrays)) == "marginal_0":
        return _independent([arrays[f"marginal_{i}"] for i in range(len(arrays))], game)
    weights = arrays["weights"]
    if weights.ndim < 2:
        raise InputError(f"weights has shape {weights.shape}; {_HOW}")
    if game is None:
        actions = weights.shape[2:]
    else:
        actions = game.actions
        axes = [n for n in (len(actions), 1) if weights.shape[-n:] in (actions, (prod(actions),))]
        if not axes or weights.ndim not in (axes[0] + 1, axes[0] + 2):
            raise InputError(f"weights has shape {weights.shape} for actions {actions}; {_HOW}")
        if weights.ndim == axes[0] + 1:
            weights = np.broadcast_to(weights, (len(game.stages), *weights.shape))
    if not actions:
        raise InputError(f"weights has shape {weights.shape}, and nothing says how many steps; {_HOW}")
    H, S = weights.shape[:2]
    stored = 1 if weights.strides[0] == 0 else H
    check_size(states=1, actions=(1,), horizon=max(stored * S * prod(actions), 1))
    once = weights[:stored].reshape(stored, S, prod(actions))
    return JointPolicy(np.broadcast_to(once, (H, *once.shape[1:])), tuple(int(n) for n in actions))


def _independent(arrays: Sequence[Array], game: Model | None) -> JointPolicy:
    if game is not None:
        arrays = [
            np.broadcast_to(array, (len(game.stages), *array.shape)) if array.ndim == 2 else array
            for array in arrays
        ]
    if any(array.ndim != 3 for array in arrays):
        raise InputError(f"marginals have shapes {[array.shape for array in arrays]}; {_HOW}")
    H, S = arrays[0].shape[:2]
    check_size(states=S, actions=[int(array.shape[2]) for array in arrays], horizon=H, rational=True)
    return product_policy(arrays)


def _arrays(data: bytes) -> dict[str, Array]:
    """Return the arrays of a file by their keys: weights, or marginal_0, marginal_1, ..."""
    if data.startswith(NPY):
        return {"weights": read_npy(data, "weights", accept_array, WHAT)}
    arrays = read_npz(data, accept_array, WHAT)
    n = len(arrays)
    if set(arrays) == {f"arr_{i}" for i in range(n)}:
        arrays = {"weights" if n == 1 else key.replace("arr", "marginal"): arrays[key] for key in arrays}
    if set(arrays) not in ({"weights"}, {f"marginal_{i}" for i in range(n)}) or not n:
        raise InputError(f"the keys are {', '.join(sorted(arrays))[:120] or 'none'}; {_HOW}")
    return arrays
