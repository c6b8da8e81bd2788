"""An implementation that goes wrong in another way at each radius: transcripts of trouble show it."""

from __future__ import annotations

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray


@implementation("tv", name="careless example")
def worst_case(p: FloatArray, V: FloatArray, rho: float) -> object:
    """Fail at radius 0, write into V at 1/4, refuse 1/2, return NaN at 3/4 and words at 1."""
    if rho == 0:
        raise ZeroDivisionError("the multiplier is infinite")
    if rho == 0.5:
        raise NotImplementedError("radius 1/2")
    if rho == 0.75:
        return float("nan")
    if rho == 1:
        return "about a half"
    value = float(p @ V) - rho * float(V.max() - V.min())
    V -= value
    return value
