"""Curves of runs with bands over seeds, as an SVG file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drmg_check.events import Panel
from drmg_reports._show import visible
from drmg_reports._svg import plain_style, saved

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The light colours of the page, told apart by colour-blind readers too, and by dashes beyond the first five.
_PAPER, _INK, _QUIET, _RULE = "#fdfcfa", "#1d2227", "#5d6670", "#dedad1"
_COLOURS = ("#0b5c8a", "#b23c0a", "#7d5a00", "#714a8f", "#2f7d4f")
_WIDTH, _HEIGHT = 4.6, 3.2  # inches of one panel


def render_curves(panels: Sequence[Panel], title: str) -> str:
    """Return an SVG file with the panels side by side.

    The same input gives the same bytes. Text stays text, and nothing is loaded from elsewhere.
    """
    with plain_style(title, _INK):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(_WIDTH * len(panels), _HEIGHT), layout="constrained", facecolor=_PAPER)
        figure.suptitle(visible(title), x=0.01, ha="left", fontsize="medium", fontweight="bold")
        for k, panel in enumerate(panels):
            _draw(figure.add_subplot(1, len(panels), k + 1), panel)
        return saved(figure)


def _draw(axes: Axes, panel: Panel) -> None:
    from matplotlib.ticker import NullLocator

    axes.set_facecolor(_PAPER)
    for k, one in enumerate(panel.series):
        colour = _COLOURS[k % len(_COLOURS)]
        dashes = ("-", "--", ":")[k // len(_COLOURS) % 3]
        axes.plot(one.x, one.y, dashes, color=colour, linewidth=1.6, label=visible(one.name))
        if len(one.low):
            axes.fill_between(one.x, one.low, one.high, color=colour, alpha=0.18, linewidth=0)
    for name, level in panel.levels:
        axes.axhline(level, color=_QUIET, linewidth=1, linestyle=(0, (4, 3)), label=visible(name))
    if panel.log_x:
        axes.set_xscale("log")
    if panel.log_y:
        axes.set_yscale("log", nonpositive="mask")
    elif all(min(one.y, default=0.0) >= 0 for one in panel.series):
        axes.set_ylim(bottom=0)
    for axis, is_log in ((axes.xaxis, panel.log_x), (axes.yaxis, panel.log_y)):
        if is_log:
            axis.set_major_formatter(lambda value, _: f"{value:g}")  # the default writes mathematics
            axis.set_minor_locator(NullLocator())
    axes.set_title(visible(panel.title), loc="left", fontsize="medium")
    axes.set_xlabel(visible(panel.x_label))
    axes.grid(color=_RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize="small")
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
    if len(panel.series) + len(panel.levels) > 1:
        axes.legend(frameon=False, fontsize="small")
