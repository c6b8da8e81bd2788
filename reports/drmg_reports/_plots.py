"""Pictures as inline SVG that takes its colours from the page, so that it follows dark and light.

The same input gives the same bytes: element ids come from a fixed salt, there is no date, and text stays
text. Matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

import json
import math
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from drmg_check.vocabulary import InputError, exact_tuple
from drmg_reports._show import number, rounded, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Matplotlib wants colours; these stand for the colours of the style sheet, by name.
_INK, _QUIET, _RULE, _HOLDS, _REFUTED, _ACCENT = (f"#00000{k}" for k in range(6))
_NAMES = ("ink", "quiet", "rule", "holds", "refuted", "accent")
_DIGITS = re.compile(r"(\.\d)\d+")  # a tenth of a pixel is enough
_BINS = 30
_MAX_STATES = 24
_TEXT = 11  # points; one point becomes one CSS pixel


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG with the sentence that says the same to those who do not see it."""

    svg: Markup
    caption: str


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
        for first, last, colour in ((0, zero, _REFUTED), (zero, len(counts), _HOLDS)):
            if any(counts[first:last]):
                axes.stairs(
                    counts[first:last], edges[first : last + 1], fill=True, color=colour, clip_on=False
                )
        if edges[0] <= 0 <= edges[-1]:
            axes.axvline(0, color=_INK, linewidth=1, clip_on=False)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_xlabel("slack")
        axes.locator_params(axis="x", nbins=6)
        _frame(axes, max(counts))

    caption = (
        f"Slack of {len(finite)} instances, from {rounded(low)} to {rounded(high)}; "
        f"{violated or 'none'} below 0{', where the claim fails' if violated else ''}."
    )
    return Picture(_svg(draw, (7, 2), salt, caption), caption)


def row_picture(instance: str, salt: str) -> Picture | None:
    """Draw a row problem: the nominal distribution above, the values that it averages below.

    Returns ``None`` when the instance is no row (``nominal``, ``values``, ``radius``) of 2 to 24 states.
    """
    try:
        data = json.loads(instance)
        weights = exact_tuple(data["nominal"], "nominal")
        values = exact_tuple(data["values"], "values")
        total = sum(weights)
        nominal = [float(weight / total) for weight in weights]
        heights = [float(value) for value in values]
        radius = str(data["radius"])
    except (ValueError, TypeError, KeyError, InputError, ArithmeticError, RecursionError):
        return None
    if len(nominal) != len(heights) or not 2 <= len(nominal) <= _MAX_STATES:
        return None
    states = range(len(nominal))
    side = 1.3 + 0.25 * len(nominal)  # inches, of either panel

    def draw(figure: Figure) -> None:
        for k, (bars, title, colour) in enumerate(
            ((nominal, "nominal P", _QUIET), (heights, "values V", _ACCENT))
        ):
            axes = figure.add_axes((0.5 * k + 0.25 / side, 0.16, 0.5 - 0.4 / side, 0.64))
            axes.bar(states, bars, 0.6, color=colour, linewidth=0, clip_on=False)
            axes.set_title(title, fontsize=_TEXT, loc="left")
            axes.set_xlim(-0.5, len(nominal) - 0.5)
            axes.set_xticks(states, [f"s{s}" for s in states])
            _frame(axes, max(0.0, *bars), min(0.0, *bars))

    caption = visible(
        f"The nominal row and the values of its {len(nominal)} states; radius {number(radius)}."
    )
    return Picture(_svg(draw, (2 * side, 1.8), salt, caption), caption)


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
    axes.tick_params(length=0, pad=4, colors=_INK)
    axes.grid(axis="y", color=_RULE, linewidth=0.6, clip_on=False)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(_INK)


def _svg(draw: Callable[[Figure], None], size: tuple[float, float], salt: str, label: str) -> Markup:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": salt,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # comes with Matplotlib: the same metrics everywhere
        "font.size": _TEXT,
        "axes.labelcolor": _INK,
        "text.color": _INK,
        "text.usetex": False,
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
    with rc_context(style):
        figure = Figure(figsize=size)
        figure.patch.set_visible(False)
        draw(figure)
        for axes in figure.axes:
            axes.patch.set_visible(False)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return _inlined(buffer.getvalue(), label)


def _inlined(svg: str, label: str) -> Markup:
    """Reduce Matplotlib's file to what a page needs: no prologue, namespaces, metadata, styles or ids."""
    box = re.search(r'viewBox="([\d. ]+)"', svg)
    assert box is not None, "Matplotlib writes a viewBox"
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r' id="[\w.]+_\d+"| transform="rotate\(-0 [^"]*"| clip-path="[^"]*"', "", body)
    body = re.sub(r'style="([^"]*)"', _classed, body)
    body = re.sub(r' (?:d|x|y)="[^"]*"', lambda match: _DIGITS.sub(r"\1", match[0]), body)
    body = re.sub(r"</?g/?>|<defs>.*?</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", "", body)
    width, height = box[1].split()[2:]
    return Markup(  # noqa: S704 - Matplotlib escapes its text, the label is escaped here
        f'<svg class="plot" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{body.strip()}'
    )


def _classed(match: re.Match[str]) -> str:
    """Turn a style into classes, so that the style sheet decides how things look."""
    style = match[1]
    kind = "line" if "fill: none" in style else "area"
    colour = re.search(r"#00000(\d)", style)
    anchor = re.search(r"text-anchor: (\w+)", style)
    return f'class="{anchor[1] if anchor else kind} {_NAMES[int(colour[1])] if colour else "ink"}"'
