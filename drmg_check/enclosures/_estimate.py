"""What proving a game by sweeps will take, from a few of its rows."""

from __future__ import annotations

from dataclasses import replace
from time import thread_time

import numpy as np

from drmg_check.enclosures._prepared import Prepared
from drmg_check.models import SparseRows, Stage, compressed

FEW, ROWS = 64, 2**15  # rows that load the kernel, and that are timed: a millisecond and more
LONG = 0.2  # seconds that the few may take: then they are the sample, for each is enclosed by itself


def seconds_of_a_sweep(stage: Stage, i: int) -> float:
    """Return about how many seconds agent i's worst cases of a stage take one thread, by some of them.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> seconds_of_a_sweep(load("initial-shock").stages[0], 0) > 0
    True
    """
    S, A, _ = stage.rows.shape
    V = np.arange(S) % 97 * 1.0  # some values, all different in a row
    _timed(_first_states(stage, 1), i, V)
    few = _first_states(stage, max(FEW // A, 1))
    seconds = _timed(few, i, V)
    if seconds < LONG:
        few = _first_states(stage, max(ROWS // A, 1))
        seconds = _timed(few, i, V)
    return seconds * S / few.n_states


def _timed(stage: Stage, i: int, V: np.ndarray) -> float:
    prepared = Prepared()
    prepared.bounds(stage, i, V[: stage.rows.shape[2]])  # makes ready what later sweeps share
    start = thread_time()
    prepared.bounds(stage, i, V[: stage.rows.shape[2]])
    return thread_time() - start


def _first_states(stage: Stage, n: int) -> Stage:
    S, A, after = stage.rows.shape
    n = min(n, S)
    rows = compressed(stage.rows)
    ends = rows.indptr[: n * A + 1]
    part = SparseRows(
        indptr=ends, indices=rows.indices[: ends[-1]], weights=rows.weights[: ends[-1]], shape=(n, A, after)
    )
    numbers = {name: getattr(stage, name)[:, :n] for name in ("reward", "radius")}
    return replace(stage, rows=part, **numbers, views=(stage.r[:, :n], stage.rho[:, :n]))
