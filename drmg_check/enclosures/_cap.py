"""Where a greedy adversary stops, for total variation and intervals; no bound rests on what is found."""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import BIG
from drmg_check.kernels.lanes import kernel, load, maximum, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray

FEW = 32  # entries up to which comparing all pairs is faster than fifty passes of bisection
HALVINGS = 52  # of the span, after which the cap is snapped to the next value


@kernel()
def _room_up_to(free: FloatArray, x: FloatArray, K: int, cap: Any) -> Any:  # noqa: ANN401 - lanes
    room = splat(0.0)
    for j in range(K):
        room = room + where_le(load(x, 8 * j), cap, load(free, 8 * j), 0.0)
    return room


@kernel()
def cap_of(free: FloatArray, x: FloatArray, K: int, high: Any, wanted: Any) -> Any:  # noqa: ANN401 - lanes
    """Return the least value up to which the free room is at least what is wanted; ``high`` if none is."""
    if K <= FEW:
        cap = high
        for j in range(K):
            candidate = load(x, 8 * j)
            cap = minimum(cap, where_le(wanted, _room_up_to(free, x, K, candidate), candidate, BIG))
        return cap
    low, top = splat(0.0), high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + top)
        room = _room_up_to(free, x, K, middle)
        top, low = where_le(wanted, room, middle, top), where_le(wanted, room, low, middle)
    cap = splat(0.0)
    for j in range(K):
        value = load(x, 8 * j)
        cap = maximum(cap, where_le(value, top, value, 0.0))
    return cap
