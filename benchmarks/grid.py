"""A game of many states and few successors: two agents on a torus, who slip, and whom gusts carry away.

``python -m benchmarks.grid N HORIZON FILE`` writes it, with ``N^4`` states, as an archive that ``certify``
reads, and a policy beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy import sparse

from drmg_check.models import SparseRows, Stage, StagedGame, repeated
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import FloatArray

CHANCES = {"both move": 0.8, "one slips": 0.07, "the other slips": 0.07, "both slip": 0.05, "a gust": 0.01}


def rows_of(n: int) -> SparseRows:
    """Return the nominal rows of ``n^4`` states and 4 x 4 joint actions, at most five successors each."""
    cells, S = n * n, n**4
    first, second = np.divmod(np.arange(S), cells)
    moved = [[_moved(where, move, n) for move in range(4)] for where in (first, second)]
    data, row, column = [], [], []
    for a in range(16):
        ahead = moved[0][a // 4], moved[1][a % 4]
        gust = np.full(S, n // 2 * n + n // 2) * (cells + 1)
        nexts = (ahead, (first, ahead[1]), (ahead[0], second), (first, second))
        targets = [there * cells + here for there, here in nexts] + [gust]
        for target, chance in zip(targets, CHANCES.values(), strict=True):
            data.append(np.full(S, chance))
            row.append(np.arange(S) * 16 + a)
            column.append(target)
    where = np.concatenate(row), np.concatenate(column)
    matrix = sparse.coo_array((np.concatenate(data), where), shape=(S * 16, S)).tocsr()
    matrix.sum_duplicates()
    matrix.sort_indices()
    return SparseRows(
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        weights=matrix.data,
        shape=(S, 16, S),
    )


def _moved(cell: FloatArray, move: int, n: int) -> FloatArray:
    y, x = np.divmod(cell, n)
    dy, dx = ((-1, 0), (0, 1), (1, 0), (0, -1))[move]
    return (y + dy) % n * n + (x + dx) % n


def grid_game(n: int, horizon: int, uncertainty: UncertaintySet, radius: float = 0.1) -> StagedGame:
    """Return the game: a cell each pays, meeting costs, and so does moving."""
    cells, S = n * n, n**4
    first, second = np.divmod(np.arange(S), cells)
    reward = np.zeros((2, S, 16))
    reward[0] += (first == cells - 1)[:, None]
    reward[1] += (second == 0)[:, None]
    reward -= 0.4 * (first == second)[None, :, None]
    reward -= 0.01 * np.arange(16)[None, None] / 16
    stage = Stage(
        rows=rows_of(n),
        reward=reward,
        radius=np.array(radius),
        uncertainty=(uncertainty,) * 2,
        actions=(4, 4),
        name=f"grid {n}",
    )
    return StagedGame(stages=repeated(stage, horizon), name=f"grid {n}")


def grid_policy(n: int) -> FloatArray:
    """Return a correlated policy ``[S, 16]``: mostly a direction that depends on the state, else any."""
    S = n**4
    likely = (np.arange(S) * 7 + np.arange(S) // n) % 16
    policy = np.full((S, 16), 0.25 / 16)
    policy[np.arange(S), likely] += 0.75
    return policy


def main(n: int, horizon: int, path: Path) -> None:
    """Write the game and a policy."""
    rows = rows_of(n)
    from drmg_check.sets import TotalVariation

    stage = grid_game(n, horizon, TotalVariation()).stages[0]
    arrays = {"P_indptr": rows.indptr, "P_indices": rows.indices.astype(np.uint32), "P_weights": rows.P}
    np.savez_compressed(
        path,
        **arrays,
        r=stage.r,
        r_axes="i s a",
        radius=0.1,
        uncertainty="tv",
        horizon=horizon,
        actions=[4, 4],
        name=f"grid {n}",
    )
    np.savez_compressed(path.with_name(f"{path.stem}-policy.npz"), weights=grid_policy(n))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
