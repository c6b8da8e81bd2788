"""How every stage solver is compiled: strict IEEE arithmetic, cached, no hold on the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from drmg_check.kernels import compiled_once, forget_stale_code


def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba has no types
    """Compile for each caller. No fastmath and no BLAS: the bits are the same on every x86-64 machine."""
    return compiled_once()(function)


forget_stale_code(Path(__file__).parent)
