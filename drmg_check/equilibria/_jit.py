"""How every stage solver is compiled: strict IEEE arithmetic, cached, no hold on the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba has no types
    """Compile for each caller. No fastmath and no BLAS: the bits are the same on every x86-64 machine."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
