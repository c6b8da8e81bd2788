"""A plot of a family of witnesses: how far each constant is from being enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from drmg_check.runs import FamilyPoint
from drmg_reports.pictures._svg import HOLDS, INK, QUIET, REFUTED, Picture, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def family_picture(family: Sequence[FamilyPoint], salt: str) -> Picture | None:
    """Draw by which factor the claim fails, against the constant claimed: above 1 it does.

    Returns ``None`` where no factor says it: :func:`without_factor` does.

    >>> points = [FamilyPoint(constant=1.0, log10_ratio=2.0), FamilyPoint(constant=100.0, log10_ratio=1.5)]
    >>> family_picture(points, "an id").caption
    'With the constant 1 the witness misses what is claimed by a factor of 100, with 100 still of 32.'
    """
    points = [(point.constant, point.log10_ratio) for point in family if point.log10_ratio is not None]
    if len(points) < 2:
        return None
    x, y = [math.log10(constant) for constant, _ in points], [ratio for _, ratio in points]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.1, 0.3, 0.86, 0.62))
        axes.axhline(0, color=HOLDS, linewidth=1.2)
        axes.plot(x, y, color=REFUTED, linewidth=1.6, clip_on=False)
        axes.set_xticks(x, [power_of_ten(exponent) for exponent in x])
        axes.set_xlabel("constant claimed")
        top = max(*y, 0.0)
        axes.set_ylim(min(0.0, *y), top * 1.08)
        axes.set_yticks([0, top], ["1", power_of_ten(top)])
        axes.set_ylabel("violated by", color=QUIET)
        axes.tick_params(length=0, pad=4, colors=INK)
        for spine in axes.spines.values():
            spine.set_visible(False)

    caption = (
        f"With the constant {power_of_ten(x[0])} the witness misses what is claimed by a factor of "
        f"{factor(y[0])}, with {power_of_ten(x[-1])} still of {factor(y[-1])}."
    )
    return picture(draw, (5, 1.9), salt, caption)


def without_factor(family: Sequence[FamilyPoint]) -> str:
    """Say of a family whose witnesses miss what is claimed by more than any factor; "" of others.

    >>> without_factor([FamilyPoint(constant=c, log10_ratio=None) for c in (1.0, 100.0)])
    'With each constant tried, 1 to 100, one side is 0 or of the other sign: no factor is enough.'
    """
    if len(family) < 2 or any(point.log10_ratio is not None for point in family):
        return ""
    ends = [power_of_ten(math.log10(point.constant)) for point in (family[0], family[-1])]
    return (
        f"With each constant tried, {' to '.join(ends)}, one side is 0 or of the other sign: "
        "no factor is enough."
    )


def power_of_ten(exponent: float) -> str:
    """Write ten to a power, as a plain number as long as that is short.

    >>> power_of_ten(2.0), power_of_ten(6.0), power_of_ten(864.3), power_of_ten(0.1249)
    ('100', '10⁶', '10⁸⁶⁴', '1.3')
    """
    if exponent < 3:
        return f"{10**exponent:.2g}" if exponent < 2 else f"{10**exponent:.0f}"
    return f"10{str(round(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def factor(exponent: float) -> str:
    """Write a factor; one near 1 keeps the digits by which it differs.

    >>> factor(2.0), factor(4.343e-7), factor(0.1249)
    ('100', '1.000001', '1.3')
    """
    if exponent < 0.1:
        digits = max(2, 1 - math.floor(math.log10(max(10**exponent - 1, 1e-15))))
        return f"{10**exponent:.{digits}g}"
    return power_of_ten(exponent)
