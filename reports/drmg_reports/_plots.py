"""Plots of a claim: how its slacks are spread, and the row on which it fails."""

from __future__ import annotations

import json
import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from drmg_check.runs import MovedRow, SlackCurve
from drmg_check.vocabulary import InputError, brief, exact_tuple, normalise, visible
from drmg_reports._show import number, rounded, symbols
from drmg_reports._svg import ACCENT, HOLDS, INK, QUIET, REFUTED, RULE, TEXT, Picture, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS = 30
_MAX_STATES, _MAX_VECTORS, _MAX_PARAMETERS = 24, 4, 4


def slack_histogram(slacks: Sequence[float], salt: str) -> Picture | None:
    """Draw how the slacks of a claim are spread; those below 0 violate it.

    Returns ``None`` when there are fewer than three different finite slacks, since a sentence says it
    better, or when they differ by less or more than a float can say.
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
        axes.set_xlabel("slack")
        axes.locator_params(axis="x", nbins=6)
        _frame(axes, max(counts))

    caption = (
        f"Slack of {len(finite)} instances, from {rounded(low)} to {rounded(high)}; "
        f"{violated or 'none'} below 0{', where the claim fails' if violated else ''}."
    )
    return picture(draw, (7, 2), salt, caption)


def tightness_picture(tightness: Sequence[SlackCurve], salt: str) -> Picture | None:
    """Draw the smallest slack against each parameter along which it changes, at most four side by side.

    Returns ``None`` when it changes along none: one number says that better.
    """
    shown = [one for one in tightness if len(one.values) > 1 and len(set(one.smallest)) > 1][:_MAX_PARAMETERS]
    if not shown:
        return None
    width = 7 if len(shown) > 2 else 3.5 * len(shown)

    def draw(figure: Figure) -> None:
        share = 1 / len(shown)
        for k, one in enumerate(shown):
            axes = figure.add_axes((share * k + 0.55 / width, 0.3, share - 0.75 / width, 0.56))
            low, high = min(0.0, *one.smallest), max(0.0, *one.smallest)
            axes.axhline(0, color=INK, linewidth=1)
            axes.plot(one.values, one.smallest, color=HOLDS, linewidth=1.6, clip_on=False)
            for x, y in zip(one.values, one.smallest, strict=True):
                if y < 0:
                    axes.plot([x, x], [y, 0], color=REFUTED, linewidth=2, clip_on=False)
            axes.set_xlabel(visible(one.parameter))
            axes.set_xticks(
                [one.values[0], one.values[-1]], [rounded(one.values[0]), rounded(one.values[-1])]
            )
            axes.set_ylim(low, high)
            apart = 0.2 * (high - low)  # nearer to 0, a label would hide the other
            ticks = sorted({0.0, *(end for end in (low, high) if abs(end) > apart)})
            axes.set_yticks(ticks, [rounded(tick) for tick in ticks])
            axes.tick_params(length=0, pad=4, colors=INK)
            for spine in axes.spines.values():
                spine.set_visible(False)

    names = ", ".join(brief(symbols(one.parameter), 20) for one in shown)
    return picture(draw, (width, 1.5), salt, f"The smallest slack seen, against {names}.")


def row_picture(instance: str, salt: str, moves: Sequence[MovedRow] = ()) -> Picture | None:
    """Draw a row problem: the nominal distribution and the worst one, beside them the values averaged.

    Returns ``None`` when the instance has no ``nominal`` row of 2 to 24 states, or no vector beside it.
    """
    try:
        vectors, radius = _vectors(json.loads(instance))
    except (ValueError, TypeError, InputError, OverflowError, RecursionError):
        return None
    states = range(len(vectors["nominal"]))
    worst = next((move.worst for move in moves if len(move.worst) == len(states)), ())
    side = 1.4 + (0.4 if worst else 0.25) * len(states)  # inches, of each panel

    def draw(figure: Figure) -> None:
        share = 1 / len(vectors)
        for k, (name, bars) in enumerate(vectors.items()):
            axes = figure.add_axes((share * (k + 0.5 / side), 0.16, share * (1 - 0.7 / side), 0.64))
            if k or not worst:
                axes.bar(states, bars, 0.6, color=ACCENT if k else QUIET, linewidth=0, clip_on=False)
            else:
                left, right = ([s + shift for s in states] for shift in (-0.19, 0.19))
                axes.bar(left, bars, 0.34, color=QUIET, linewidth=0, clip_on=False)
                axes.bar(right, worst, 0.34, color=REFUTED, linewidth=0, clip_on=False)
            axes.set_title(name, fontsize=TEXT, loc="left", color=INK)
            if worst and not k:
                axes.set_title("worst case", fontsize=TEXT, loc="right", color=REFUTED)
            axes.set_xlim(-0.5, len(states) - 0.5)
            axes.set_xticks(states, [f"s{s}" for s in states])
            drawn = bars if k else (*bars, *worst)
            _frame(axes, max(0.0, *drawn), min(0.0, *drawn))

    what = "The nominal row, the worst one in the ball" if worst else "The nominal row"
    names = f"{what} and {' and '.join([*vectors][1:])}"
    caption = f"{names}, {len(states)} states{f', radius {number(radius)}' if radius else ''}."
    return picture(draw, (side * len(vectors), 1.8), salt, caption)


def _vectors(data: object) -> tuple[dict[str, list[float]], str]:
    """Return the nominal distribution and the other vectors of its length, and the radius, ``""`` without."""
    if isinstance(data, dict) and isinstance(data.get("row"), dict):
        data = data["row"]
    if not isinstance(data, dict) or not isinstance(data.get("nominal"), list):
        raise InputError("expected an instance with a nominal row")
    size = len(data["nominal"])
    others = [name for name, entry in data.items() if isinstance(entry, list) and len(entry) == size]
    others.remove("nominal")
    if (
        not 2 <= size <= _MAX_STATES
        or not 1 <= len(others) < _MAX_VECTORS
        or not all(map(str.isidentifier, others))
    ):
        raise InputError("expected 2 to 24 states and one to three named vectors")
    vectors: dict[str, Sequence[Fraction]] = {"nominal": normalise(exact_tuple(data["nominal"]))}
    vectors |= {name: exact_tuple(data[name]) for name in others}
    radius = data.get("radius")
    floats = {name: [float(x) for x in vector] for name, vector in vectors.items()}
    return floats, radius if isinstance(radius, str) else ""


def _edges(low: float, high: float) -> list[float]:
    """Return equal bins that cover the data, with 0 among their edges if it lies inside or near."""
    if 0 < low < (high - low) / 4:
        low = 0.0
    if 0 < -high < (high - low) / 4:
        high = 0.0
    width = (high - low) / _BINS
    first, last = math.floor(low / width), math.floor(high / width) + 1
    return [k * width for k in range(first, last + 1)]


def _frame(axes: Axes, top: float, bottom: float = 0.0) -> None:
    """Keep only what a small picture needs: a base line and the extremes on the vertical axis."""
    axes.set_ylim(bottom, top if top > bottom else bottom + 1)
    axes.set_yticks([tick for tick in sorted({bottom, 0.0, top}) if tick or bottom])
    axes.tick_params(length=0, pad=4, colors=INK)
    axes.grid(axis="y", color=RULE, linewidth=0.6, clip_on=False)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(INK)
