"""What sweeps read of the stages of a model, made once where stages share it."""

from __future__ import annotations

import numpy as np

from drmg_check.enclosures._kinds import enclosing
from drmg_check.enclosures._rows import Entries, Radii, enclosed_expectations, entries_of, radii_between
from drmg_check.models import SparseRows, Stage, row_set
from drmg_check.vocabulary import FloatArray


class Prepared:
    """Rows and radii as enclosing kernels read them, for stages that are asked about again and again.

    Parameters
    ----------
    threads : int
        Rows are shared out to at most so many; the bits are the same for every number.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> stage = load("initial-shock").stages[0]
    >>> lo, hi = Prepared().bounds(stage, 0, np.array([3.0, 1.0]))
    >>> bool((lo <= hi).all()), lo.shape
    (True, (8,))
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._entries: dict[int, Entries] = {}
        self._radii: dict[tuple[object, ...], Radii] = {}

    def bounds(self, stage: Stage, i: int, V: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return doubles on both sides of agent i's worst cases of all rows ``s A + a`` of a stage."""
        entries, radii = self._entries_of(stage), self._radii_of(stage, i)
        return enclosed_expectations(row_set(stage, i), entries, radii, V, threads=self.threads)

    def _entries_of(self, stage: Stage) -> Entries:
        key = id(stage.rows)
        if key not in self._entries:
            self._entries[key] = entries_of(stage.rows)
        return self._entries[key]

    def _radii_of(self, stage: Stage, i: int) -> Radii:
        radius = stage.radius[i]
        key = radius.__array_interface__["data"][0], radius.strides, radius.dtype.kind
        if key not in self._radii:
            self._radii[key] = radii_between(np.ascontiguousarray(radius).reshape(-1))
        return self._radii[key]


def sweeps_quickly(stage: Stage, i: int) -> bool:
    """Return whether agent i's worst cases of a stage have kernels that read compressed rows.

    >>> from drmg_check.zoo import load
    >>> sweeps_quickly(load("initial-shock").stages[0], 0)  # its rows are an array
    False
    """
    ball, _ = row_set(stage, i).canonical(stage.rho[i])
    return isinstance(stage.rows, SparseRows) and enclosing.has(type(ball))
