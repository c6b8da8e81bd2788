"""Where a greedy adversary stops, for total variation and intervals; no bound rests on what is found."""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import BIG
from drmg_check.kernels.lanes import kernel, load, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray

FEW = 24  # entries up to which comparing all pairs is faster than passes that close in
PASSES = 60  # at most; values of one scale take five to eight


@kernel()
def _room_up_to(free: FloatArray, x: FloatArray, K: int, cap: Any) -> Any:  # noqa: ANN401 - lanes
    room = splat(0.0)
    for j in range(K):
        room = room + where_le(load(x, 8 * j), cap, load(free, 8 * j), 0.0)
    return room


@kernel()
def cap_of(free: FloatArray, x: FloatArray, K: int, high: Any, wanted: Any) -> Any:  # noqa: ANN401 - lanes
    """Return the least value up to which the free room is at least what is wanted; ``high`` if none is."""
    if K > FEW:
        return _closed_in(free, x, K, high, wanted)
    cap = high
    for j in range(K):
        candidate = load(x, 8 * j)
        cap = minimum(cap, where_le(wanted, _room_up_to(free, x, K, candidate), candidate, BIG))
    return cap


@kernel()
def _closed_in(free: FloatArray, x: FloatArray, K: int, high: Any, wanted: Any) -> Any:  # noqa: ANN401 - lanes
    """Close in on the cap from both sides, by interpolation of the room and, in every third pass, by halves.

    Both ends are values of the row: each pass leaves fewer between them.
    """
    low, top, room_below, room_at_top = splat(0.0), high, splat(0.0), splat(0.0)
    for j in range(K):
        room_at_top = room_at_top + load(free, 8 * j)
    for turn in range(PASSES):
        part = (wanted - room_below) / maximum(room_at_top - room_below, 1e-300)
        part = minimum(maximum(part, 2.0**-5), 1.0 - 2.0**-5) if turn % 3 < 2 else splat(0.5)
        middle = low + part * (top - low)
        middle = where_le(top, middle, low, middle)  # where rounding would repeat a question
        room, under, over = splat(0.0), splat(0.0), splat(BIG)
        for j in range(K):
            value = load(x, 8 * j)
            room = room + where_le(value, middle, load(free, 8 * j), 0.0)
            under = maximum(under, where_le(value, middle, value, 0.0))
            over = minimum(over, where_le(value, middle, BIG, value))
        open_ = where_le(top, low, 0.0, 1.0)
        enough = where_le(wanted, room, open_, 0.0)
        short = open_ - enough
        top, room_at_top = where_le(1.0, enough, under, top), where_le(1.0, enough, room, room_at_top)
        low = where_le(1.0, short, minimum(over, top), low)
        room_below = where_le(1.0, short, room, room_below)
        if total(where_le(top, low, 0.0, 1.0)) == 0.0:
            break
    return top
