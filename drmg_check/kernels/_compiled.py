"""The compiled kernels themselves, for loops that are compiled too and call them without Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from drmg_check.kernels._sweep import _family
from drmg_check.sets import CressieRead, UncertaintySet, Wasserstein, leaves_support
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
    """
    nothing, nobody = np.zeros(1), np.zeros(1, dtype=np.int64)
    if isinstance(uncertainty, Wasserstein) or (
        isinstance(uncertainty, CressieRead)
        and len(_family(uncertainty, nothing, nothing, nobody).values) > 3
    ):
        raise UnsupportedError(
            f"{uncertainty!r} has no kernel that a compiled loop can call; evaluate, gaps and "
            "robust_value_iteration handle it"
        )
    family = _family(uncertainty, radius, nothing, nobody)
    scaled = np.ascontiguousarray(family.radius, dtype=np.float64)
    return CompiledSweep(family.expectations, scaled, leaves_support(uncertainty))
