"""Play, unrolled: a column for each step, a place for each state, and where the worst kernel sends what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

from drmg_check.documents import CertifiedGame, CertifiedPassage
from drmg_check.vocabulary import brief, visible
from drmg_reports.pictures._svg import ACCENT, INK, QUIET, REFUTED, Picture, picture
from drmg_reports.words import probability, three_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STEP, _LINE, _RADIUS = 1.9, 0.95, 0.26  # inches: between steps, between states, of a place
_LEFT, _TOP, _RIGHT, _BOTTOM = 1.45, 0.6, 0.4, 0.4
_THINNEST, _THICKEST = 0.7, 3.5  # points, of an arrow that play takes for certain
_UNSEEN = 0.002  # a probability that no arrow shows
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class _Flow:
    """Play from a place to a state, nominal and in the worst case, and how likely the place is."""

    h: int
    s: int
    t: int
    nominal: float
    worst: float
    reach: float

    @property
    def change(self) -> float:
        return self.reach * (self.worst - self.nominal)


def passages_picture(passages: Sequence[CertifiedPassage], game: CertifiedGame, salt: str) -> Picture | None:
    """Draw where play goes from step to step under the nominal kernel and under the worst one.

    A place is as dark as it is likely, an arrow as wide. Where the worst kernel sends more than the nominal
    one, it has the colour of a refutation and says how much. Returns ``None`` when play never moves.

    >>> from drmg_check.documents import example_certificate
    >>> document = example_certificate()
    >>> passages_picture(document.agents[0].path, document.game, "an id").caption[-37:]
    'e. Red is what the worst kernel adds.'
    """
    rows = sorted({passage.s for passage in passages})
    steps = 1 + max((passage.h for passage in passages), default=0)
    flows = _flows(passages, rows, steps)
    if not flows:
        return None
    width = _LEFT + _STEP * (steps - 1) + _RIGHT
    height = _TOP + _LINE * (len(rows) - 1) + _BOTTOM
    grown = (flow for flow in flows if flow.change > _UNSEEN)
    labelled = sorted(grown, key=lambda flow: -flow.change)[:_MOST_LABELS]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)

        def place(h: int, s: int) -> tuple[float, float]:
            return _LEFT + _STEP * h, _TOP + _LINE * rows.index(s)

        for h in range(steps):
            axes.text(_LEFT + _STEP * h, 0.12, f"step {h + 1}", ha="center", va="center", color=QUIET)
        for s in rows:
            y = place(0, s)[1]
            axes.text(
                _LEFT - 0.35, y, brief(visible(game.state_names[s]), 14), ha="right", va="center", color=INK
            )
        for flow in sorted(flows, key=lambda flow: flow.change):
            _draw_arrow(axes, place(flow.h, flow.s), place(flow.h + 1, flow.t), flow)
        for flow in labelled:  # above every arrow, so that none strikes a label through
            _draw_label(axes, place(flow.h, flow.s), place(flow.h + 1, flow.t), flow)
        for passage in passages:
            _draw_place(axes, place(passage.h, passage.s), passage.reach)

    moved = any(flow.change > _UNSEEN for flow in flows)
    never = any(not flow.worst for flow in flows)
    shown = "" if steps == game.steps else f" The first {steps} of {game.steps} steps."
    kept = "" if len(rows) == game.states else f" {len(rows)} of {game.states} states."
    caption = (
        "Where play goes: a place is as dark, and an arrow as wide, as it is likely in the worst case. "
        + ("Red is what the worst kernel adds" if moved else "The worst kernel moves nothing")
        + f"{'; dashed is what it never does' if never else ''}.{shown}{kept}"
    )
    return picture(draw, (width, height), salt, caption)


def _flows(passages: Sequence[CertifiedPassage], rows: Sequence[int], steps: int) -> list[_Flow]:
    return [
        _Flow(passage.h, passage.s, t, p, q, passage.reach)
        for passage in passages
        for t, p, q in passage.successors
        if t in rows and passage.h + 1 < steps and passage.reach * max(p, q) > _UNSEEN
    ]


def _draw_place(axes: Axes, centre: tuple[float, float], reach: float) -> None:
    """Draw a place with the probability of coming there, as dark as it is likely."""
    from matplotlib.patches import Circle

    fill = 0.04 + 0.26 * min(reach, 1.0)
    axes.add_patch(Circle(centre, _RADIUS, facecolor=INK, edgecolor="none", alpha=fill))
    axes.add_patch(Circle(centre, _RADIUS, facecolor="none", edgecolor=INK, linewidth=1))
    axes.text(*centre, three_digits(round(reach, 3)), ha="center", va="center", color=INK)


def _draw_label(axes: Axes, start: tuple[float, float], end: tuple[float, float], flow: _Flow) -> None:
    """Say how the probability of an arrow changes: above a level one, beside one that rises or falls."""
    (x0, y0), (x1, y1) = _ends(start, end)
    x, y = x0 + 0.42 * (x1 - x0), y0 + 0.42 * (y1 - y0)
    steep = abs(y1 - y0) > 0.2
    change = f"{probability(flow.nominal)} → {probability(flow.worst)}"
    where = (x + 0.1, y - 0.06) if steep else (x, y - 0.12)
    axes.text(*where, change, ha="left" if steep and y1 > y0 else "center", va="center", color=REFUTED)


def _ends(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an arrow between two places begins and ends."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    gap = _RADIUS + 0.03
    return (start[0] + gap * ux, start[1] + gap * uy), (end[0] - gap * ux, end[1] - gap * uy)


def _draw_arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], flow: _Flow) -> None:
    from matplotlib.patches import FancyArrowPatch

    first, last = _ends(start, end)
    more = flow.change > _UNSEEN
    thick = _THINNEST + (_THICKEST - _THINNEST) * flow.reach * flow.worst
    arrow = FancyArrowPatch(
        first,
        last,
        arrowstyle="-|>",
        mutation_scale=8 + 3 * thick,
        shrinkA=0,
        shrinkB=0,
        color=REFUTED if more else ACCENT,
        linewidth=thick,
        linestyle="solid" if flow.worst else (0, (3, 2)),
    )
    axes.add_patch(arrow)
