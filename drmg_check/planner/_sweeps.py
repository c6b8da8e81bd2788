"""The worst cases of all rows of a stage, by the kernels that read them as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import SparseRows, Stage, float_array, float_rows, row_set, set_at
from drmg_check.sets import ByRow, UncertaintySet
from drmg_check.vocabulary import FloatArray, float_view

if TYPE_CHECKING:
    from drmg_check.enclosures import Prepared

MANY = (
    256  # states, beyond which writing compressed rows out costs more than kernels that read them as they are
)


class Sweeps:
    """What one call of the planner sweeps with: its threads, and what it keeps of compressed rows meanwhile.

    Parameters
    ----------
    threads : int
        Rows (s, a) are shared out to this many; the result is the same for every number.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> Sweeps().worst_cases(game.stages[0], 0, np.array([3.0, 1.0])).tolist()
    [2.8, 2.8, 2.8, 2.8, 1.0, 1.0, 1.0, 3.0]
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._prepared: Prepared | None = None

    def worst_cases(self, stage: Stage, i: int, V: FloatArray) -> FloatArray:
        """Return agent i's worst cases of all rows ``s A + a``.

        How rows are kept changes no bit up to 256 states; beyond, compressed ones have proved lower bounds.
        """
        sets, rho = stage.uncertainty[i], stage.rho[i].ravel()
        if stage.arrival is not None:
            return _arriving(stage, i, V)
        if isinstance(sets, ByRow):
            return _by_row(stage, sets, rho, V)
        uncertainty = row_set(stage, i)
        if isinstance(stage.rows, SparseRows) and stage.rows.shape[2] > MANY:
            from drmg_check.enclosures import Prepared, sweeps_quickly  # for which few plans have a use

            if sweeps_quickly(stage, i):
                self._prepared = self._prepared or Prepared(self.threads)
                return self._prepared.bounds(stage, i, V)[0]
        parts = [
            worst_case_expectations(uncertainty, rows, rho[part], V, threads=self.threads)
            for part, rows in float_rows(stage.rows)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _arriving(stage: Stage, i: int, V: FloatArray) -> FloatArray:
    """Sweep a row at a time, for each has next values of its own."""
    z, P, rho = values_on_arrival(stage, i, V), float_array(stage.rows), stage.rho[i]
    worst = [
        worst_case_expectations(set_at(stage, i, s, a), P[s, a][None], rho[s, a][None], z[s, a])
        for s, a in np.ndindex(*rho.shape)
    ]
    return np.concatenate(worst)


def values_on_arrival(stage: Stage, i: int, V: FloatArray) -> FloatArray:
    """Return what each next state is worth after each (s, a), ``[S, A, S']``."""
    assert stage.arrival is not None
    z: FloatArray = float_view(stage.arrival[i]) + V
    return z


def _by_row(stage: Stage, sets: ByRow, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Sweep the rows that have the same set together: of data for each row that is a row at a time."""
    S, A = stage.n_states, stage.n_joint_actions
    alike: dict[UncertaintySet, list[int]] = {}
    for row in range(S * A):
        alike.setdefault(sets.at(*divmod(row, A)), []).append(row)
    P = float_array(stage.rows).reshape(S * A, -1)
    worst = np.empty(S * A)
    for ball, rows in alike.items():
        worst[rows] = worst_case_expectations(ball, P[rows], rho[rows], V)
    return worst
