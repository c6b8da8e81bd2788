"""Curves of runs with bands over seeds: as an SVG file of its own, and in the colours of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING

from drmg_check.documents import Panel, Series
from drmg_check.vocabulary import visible
from drmg_reports.pictures._svg import (
    ACCENT,
    INK,
    QUIET,
    REFUTED,
    RULE,
    UNPROVED,
    VACUOUS,
    Picture,
    picture,
    plain_style,
    saved,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The light colours of the page; dashes keep curves that coincide visible, and apart without colour.
_PAPER, _INK, _QUIET, _RULE = "#fdfcfa", "#1d2227", "#5d6670", "#dedad1"
_COLOURS = ("#0b5c8a", "#b23c0a", "#7d5a00", "#714a8f", "#2f7d4f")
_DASHES = ("solid", (0, (6, 2)), (2, (3, 3)), (0, (1, 2)), (4, (8, 2, 2, 2)), (0, (3, 1, 1, 1)))
_FEW = 8  # places at which all are named
_GUIDE_POINTS = 100
_WIDTH, _HEIGHT = 4.6, 3.2  # inches of one panel


@dataclass(frozen=True, slots=True)
class _Look:
    quiet: str
    rule: str
    colours: tuple[str, ...]


_FILE = _Look(_QUIET, _RULE, _COLOURS)
_PAGE = _Look(QUIET, RULE, (ACCENT, REFUTED, UNPROVED, VACUOUS, INK))


def render_curves(panels: Sequence[Panel], title: str) -> str:
    """Return an SVG file with the panels side by side.

    The same input gives the same bytes. Text stays text, and nothing is loaded from elsewhere.

    >>> from drmg_check.documents import example_study
    >>> render_curves(example_study().panels, "a title")[:5]
    '<?xml'
    """
    with plain_style(title, _INK):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(_WIDTH * len(panels), _HEIGHT), layout="constrained", facecolor=_PAPER)
        figure.suptitle(visible(title), x=0.01, ha="left", fontsize="medium", fontweight="bold")
        for k, panel in enumerate(panels):
            axes = figure.add_subplot(1, len(panels), k + 1)
            axes.set_facecolor(_PAPER)
            axes.set_title(visible(panel.title), loc="left", fontsize="medium")
            _draw(axes, panel, _FILE)
        return saved(figure)


def panel_picture(panel: Panel, salt: str) -> Picture:
    """Return one panel as a picture of a page, without its title, in the page's colours.

    >>> from drmg_check.documents import example_study
    >>> panel_picture(example_study().panels[0], "an id").caption
    'regret, secret in the kernel only over episodes: (0, 1), (1, 0).'
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.1, 0.16, 0.88, 0.8))
        _draw(axes, panel, _PAGE)

    names = ", ".join(series.name for series in panel.series)
    return picture(draw, (_WIDTH * 1.6, _HEIGHT * 1.2), salt, f"{panel.title} over {panel.x_label}: {names}.")


def _draw(axes: Axes, panel: Panel, look: _Look) -> None:
    from matplotlib.ticker import NullLocator

    for k, series in enumerate(panel.series):
        colour = look.colours[k % len(look.colours)]
        dashes = _DASHES[k % len(_DASHES)]
        name = visible(series.name)
        axes.plot(series.x, series.y, color=colour, linestyle=dashes, linewidth=1.6, label=name)
        if len(series.low):
            there = [*zip(series.x, series.low, strict=True)]
            around = [*there, *reversed([*zip(series.x, series.high, strict=True)])]
            inside = [point for point in around if all(map(isfinite, point))]
            axes.fill(*zip(*inside, strict=True), color=colour, alpha=0.18, linewidth=0)
    if shows_guide(panel):
        _draw_guide(axes, panel.series[0], look)
    for name, level in panel.levels:
        axes.axhline(level, color=look.quiet, linewidth=1, linestyle=(0, (4, 3)), label=visible(name))
    if panel.log_x:
        axes.set_xscale("log")
    if panel.log_y:
        axes.set_yscale("log", nonpositive="mask")
    elif _starts_near_zero(panel):
        axes.set_ylim(bottom=0)
    for axis, is_log in ((axes.xaxis, panel.log_x), (axes.yaxis, panel.log_y)):
        if is_log:
            axis.set_major_formatter(lambda value, _: f"{value:g}")  # the default writes mathematics
            axis.set_minor_locator(NullLocator())
    places = sorted({x for series in panel.series for x in series.x})
    if len(places) <= _FEW:
        axes.set_xticks(places)
    axes.set_xlabel(visible(panel.x_label))
    axes.grid(color=look.rule, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize="small")
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
    if len(panel.series) + len(panel.levels) + shows_guide(panel) > 1:
        axes.legend(frameon=False, fontsize="small")


def shows_guide(panel: Panel) -> bool:
    """Return whether a panel shows regret over episodes, which theory bounds by a square root.

    >>> from drmg_check.documents import example_study
    >>> shows_guide(example_study().panels[0])
    True
    """
    ends = panel.series[0].y[-1:] if panel.series else ()
    positive = any(isfinite(y) and y > 0 for y in ends)
    return "regret" in panel.title and panel.x_label == "episodes" and positive


def _draw_guide(axes: Axes, series: Series, look: _Look) -> None:
    """Draw what grows like the square root of the number of episodes, through the end of a curve."""
    last, end = series.x[-1], series.y[-1]
    points = [last * k / _GUIDE_POINTS for k in range(1, _GUIDE_POINTS + 1)]
    heights = [end * sqrt(x / last) for x in points]
    axes.plot(points, heights, color=look.quiet, linewidth=1, linestyle=(0, (1, 2)), label="like √K")


def _starts_near_zero(panel: Panel) -> bool:
    """Whether an axis from 0 would waste less than half of the height."""
    curves = [curve for series in panel.series for curve in (series.y, series.low, series.high)]
    values = [y for curve in curves for y in curve if isfinite(y)]
    return bool(values) and 0.0 <= min(values) <= 0.5 * max(values)
