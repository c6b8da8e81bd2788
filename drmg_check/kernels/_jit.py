"""How every kernel is compiled: once per installation, in strict IEEE arithmetic, without Python's lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core import types

from drmg_check.kernels._once import compiled_once
from drmg_check.kernels._stale import forget_stale_code

f8, i8, b1, none = types.float64, types.int64, types.boolean, types.void
Matrix = types.Array(f8, 2, "C", readonly=True)  # takes writable arrays too
Vector = types.Array(f8, 1, "C", readonly=True)
Order = types.Array(i8, 1, "C", readonly=True)
OutMatrix = types.Array(f8, 2, "C")
OutVector = types.Array(f8, 1, "C")
Cube = types.Array(f8, 3, "C", readonly=True)
Orders = types.Array(i8, 2, "C", readonly=True)
TwoMatrices = types.Tuple((OutMatrix, OutMatrix))  # type: ignore[no-untyped-call]
ThreeOrders = types.Tuple((types.Array(i8, 1, "C"),) * 3)  # type: ignore[no-untyped-call]


def kernel(signature: Any = None) -> Callable[[Callable[..., Any]], Any]:  # noqa: ANN401 - numba has no types
    """Compile now for ``signature``, or for each caller when there is none.

    No fastmath: a result depends neither on the number of threads nor on the vector width. A function that is
    called once a row should not take its arrays: numba counts references to each, 8 ns together, which is a
    tenth of a short row's time.
    """
    return compiled_once(signature)


forget_stale_code(Path(__file__).parent)
