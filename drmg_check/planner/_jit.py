"""How the loops of the planner are compiled: kernels and stage solvers come as function pointers.

A pointer keeps each kernel's own compiled code in use, whichever loop calls it, and lets one compiled
loop serve every uncertainty set.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core import types

from drmg_check.kernels import compiled_once, forget_stale_code

f8, i8, b1, none = types.float64, types.int64, types.boolean, types.void
F1, F2, F3, F4 = (types.Array(f8, d, "C") for d in (1, 2, 3, 4))
I1, I3, I4 = (types.Array(i8, d, "C") for d in (1, 3, 4))
M1 = types.Array(types.int8, 1, "C")
B3 = types.Array(b1, 3, "C")
_IN1, _IN2 = (types.Array(f8, d, "C", readonly=True) for d in (1, 2))
_ORDER = types.Array(i8, 1, "C", readonly=True)
KERNEL = types.FunctionType(none(_IN2, _IN1, _IN1, _ORDER, b1, F1, F1))
NASH = types.FunctionType(types.Tuple((F3, M1))(I3, I1))  # type: ignore[no-untyped-call]
CORRELATED = types.FunctionType(types.Tuple((F2, M1))(I3, I1, b1))  # type: ignore[no-untyped-call]


def compiled(signature: Any = None) -> Callable[[Callable[..., Any]], Any]:  # noqa: ANN401 - numba has no types
    """Compile in strict IEEE arithmetic and without Python's lock, for ``signature`` or for each caller."""
    return compiled_once(signature)


def named(cls: type[Any], *members: Any) -> Any:  # noqa: ANN401
    """Return the numba type of a named tuple whose members have these types."""
    return types.BaseTuple.from_types(members, cls)  # type: ignore[no-untyped-call]


def pair(*members: Any) -> Any:  # noqa: ANN401
    """Return the numba type of a tuple."""
    return types.Tuple(members)  # type: ignore[no-untyped-call]


PLANNER = Path(__file__).parent
forget_stale_code(PLANNER)
