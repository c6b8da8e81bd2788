"""Plots of a claim's slacks: how they are spread, and how the smallest depends on a parameter."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from drmg_check.runs import SlackCurve
from drmg_check.vocabulary import brief, visible
from drmg_reports.pictures._svg import HOLDS, INK, REFUTED, Picture, picture, small_frame
from drmg_reports.words import symbols, three_digits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BINS = 30
_MAX_PARAMETERS = 4


def slack_histogram(slacks: Sequence[float], salt: str) -> Picture | None:
    """Draw how the slacks of a claim are spread; those below 0 violate it.

    Returns ``None`` when there are fewer than three different finite slacks, since a sentence says it
    better, or when they differ by less or more than a float can say.

    >>> slack_histogram([0.0, 0.5, 1.0], "an id").caption
    'Relative slack of 3 instances, from 0 to 1; none below 0.'
    """
    finite = [slack for slack in slacks if math.isfinite(slack)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    if len(set(finite)) < 3 or not sys.float_info.min < (high - low) / _BINS < math.inf:
        return None
    violated = sum(slack < 0 for slack in finite)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.07, 0.28, 0.91, 0.64))
        edges = _edges(low, high)
        counts = [0] * (len(edges) - 1)
        for slack in finite:  # bins are [left, right): a slack of exactly 0 counts as holding
            counts[min(bisect_right(edges, slack), len(counts)) - 1] += 1
        zero = bisect_left(edges, 0.0)
        for first, last, colour in ((0, zero, REFUTED), (zero, len(counts), HOLDS)):
            if any(counts[first:last]):
                axes.stairs(
                    counts[first:last], edges[first : last + 1], fill=True, color=colour, clip_on=False
                )
        if edges[0] <= 0 <= edges[-1]:
            axes.axvline(0, color=INK, linewidth=1, clip_on=False)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_xlabel("relative slack")
        axes.locator_params(axis="x", nbins=6)
        small_frame(axes, max(counts))

    caption = (
        f"Relative slack of {len(finite)} instances, from {three_digits(low)} to {three_digits(high)}; "
        f"{violated or 'none'} below 0{', where the claim fails' if violated else ''}."
    )
    return picture(draw, (7, 2), salt, caption)


def tightness_picture(tightness: Sequence[SlackCurve], salt: str) -> Picture | None:
    """Draw the smallest slack against each parameter along which it changes, at most four side by side.

    Returns ``None`` when it changes along none: one number says that better.

    >>> curve = SlackCurve(parameter="rho", values=(0.0, 1.0), smallest=(0.5, 0.25))
    >>> tightness_picture([curve], "an id").caption
    'The smallest relative slack seen, against ρ.'
    """
    changing = [curve for curve in tightness if len(curve.values) > 1 and len(set(curve.smallest)) > 1]
    shown = changing[:_MAX_PARAMETERS]
    if not shown:
        return None
    width = 7 if len(shown) > 2 else 3.5 * len(shown)

    def draw(figure: Figure) -> None:
        share = 1 / len(shown)
        for k, curve in enumerate(shown):
            axes = figure.add_axes((share * k + 0.55 / width, 0.3, share - 0.75 / width, 0.56))
            low, high = min(0.0, *curve.smallest), max(0.0, *curve.smallest)
            axes.axhline(0, color=INK, linewidth=1)
            axes.plot(curve.values, curve.smallest, color=HOLDS, linewidth=1.6, clip_on=False)
            for x, y in zip(curve.values, curve.smallest, strict=True):
                if y < 0:
                    axes.plot([x, x], [y, 0], color=REFUTED, linewidth=2, clip_on=False)
            axes.set_xlabel(visible(curve.parameter))
            ends = [curve.values[0], curve.values[-1]]
            axes.set_xticks(ends, [three_digits(end) for end in ends])
            axes.set_ylim(low, high)
            apart = 0.2 * (high - low)  # nearer to 0, a label would hide the other
            ticks = sorted({0.0, *(end for end in (low, high) if abs(end) > apart)})
            axes.set_yticks(ticks, [three_digits(tick) for tick in ticks])
            axes.tick_params(length=0, pad=4, colors=INK)
            for spine in axes.spines.values():
                spine.set_visible(False)

    names = ", ".join(brief(symbols(curve.parameter), 20) for curve in shown)
    return picture(draw, (width, 1.5), salt, f"The smallest relative slack seen, against {names}.")


def _edges(low: float, high: float) -> list[float]:
    """Return equal bins that cover the data, with 0 among their edges if it lies inside or near."""
    if 0 < low < (high - low) / 4:
        low = 0.0
    if 0 < -high < (high - low) / 4:
        high = 0.0
    width = (high - low) / _BINS
    first, last = math.floor(low / width), math.floor(high / width) + 1
    return [k * width for k in range(first, last + 1)]
