"""The compiled kernels themselves, for loops that are compiled too and call them without Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from drmg_check.kernels._kernel import kernel_of
from drmg_check.sets import UncertaintySet, leaves_support
from drmg_check.vocabulary import FloatArray, UnsupportedError


@dataclass(frozen=True, slots=True, eq=False)
class CompiledSweep:
    """A kernel ``expectations(P, radius, W, order, all_states, start, out)`` that a compiled loop may call.

    Attributes
    ----------
    expectations : compiled function
        ``W`` holds the values moved to start at 0 and scaled to end in [1/2, 1); ``order`` sorts them;
        ``start`` holds zeros. Nothing is checked; a row that does not sum to nearly 1 yields NaN.
    radius : array
        The radii in the unit of the kernel.
    all_states : bool

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> sweep = compiled_sweep(TotalVariation(), np.array([0.25]))
    >>> P, W, out = np.array([[0.5, 0.5]]), np.array([0.0, 0.5]), np.empty(1)
    >>> sweep.expectations(P, sweep.radius, W, np.array([0, 1]), sweep.all_states, np.zeros(1), out)
    >>> out
    array([0.125])
    """

    expectations: Any
    radius: FloatArray
    all_states: bool


def compiled_sweep(uncertainty: UncertaintySet, radius: FloatArray) -> CompiledSweep:
    """Return the kernel of a set, with the radii (any shape) that it is to be called with.

    Raises
    ------
    UnsupportedError
        Wasserstein and Cressie-Read sets prepare more than sorted values; use ``worst_case_expectations``.

    Examples
    --------
    >>> from drmg_check.sets import L1
    >>> compiled_sweep(L1(), np.array([0.5])).radius
    array([0.25])
    """
    nothing, nobody = np.zeros(1), np.zeros(1, dtype=np.int64)
    if uncertainty.n_states is None:  # else the kernel would read more values than ``nothing`` has
        kernel = kernel_of(uncertainty, radius, nothing, nobody)
        if kernel.sorted_only:
            scaled = np.ascontiguousarray(kernel.radius, dtype=np.float64)
            return CompiledSweep(kernel.expectations, scaled, leaves_support(uncertainty))
    raise UnsupportedError(
        f"{uncertainty!r} has no kernel that a compiled loop can call; evaluate, gaps and "
        "robust_value_iteration handle it"
    )
