"""Where an adversary moves probability: one line for each row, from the nominal to the worst probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drmg_check.runs import MovedRow
from drmg_check.vocabulary import brief
from drmg_reports.pictures._svg import INK, QUIET, REFUTED, RULE, Picture, picture
from drmg_reports.words import probability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINE, _MARGIN, _WIDTH, _LABELS = 0.24, 0.62, 7.0, 2.6  # inches
_MOST_LINES = 24


@dataclass(frozen=True, slots=True)
class Shift:
    """The probability of one successor of one row, nominal and worst, with its label."""

    label: str
    nominal: float
    worst: float


def moves_picture(moves: Sequence[MovedRow], salt: str) -> Picture | None:
    """Draw the rows that a worst kernel moves; ``None`` without any.

    >>> move = MovedRow(where=(0, 0, 0, 0), nominal=(1.0, 0.0), worst=(0.9, 0.1))
    >>> moves_picture([move], "an id").caption.partition(":")[0]
    'Where the worst kernel moves probability as the policy plays'
    """
    shifts = []
    for move in moves:
        if move.where is not None:
            _, h, s, a = move.where
            pairs = enumerate(zip(move.nominal, move.worst, strict=False))
            shifts += [Shift(f"step {h + 1}, s{s}, a{a} to s{t}", p, q) for t, (p, q) in pairs if p != q]
    return shifts_picture(shifts, salt) if shifts else None


def shifts_picture(shifts: Sequence[Shift], salt: str) -> Picture:
    """Draw probabilities that change, a line each: a mark at the nominal one, an arrow to the worst one."""
    shown = shifts[:_MOST_LINES]
    height = _MARGIN + _LINE * len(shown)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes(
            (_LABELS / _WIDTH, 0.5 / height, 1 - (_LABELS + 0.9) / _WIDTH, 1 - _MARGIN / height)
        )
        for k, shift in enumerate(shown):
            colour = REFUTED if shift.worst > shift.nominal else QUIET
            axes.plot([shift.nominal] * 2, [k - 0.25, k + 0.25], color=QUIET, linewidth=2, clip_on=False)
            axes.annotate(
                "",
                (shift.worst, k),
                (shift.nominal, k),
                arrowprops={"arrowstyle": "-|>", "color": colour, "shrinkA": 0, "shrinkB": 0},
                annotation_clip=False,
            )
            change = f"{probability(shift.nominal)} → {probability(shift.worst)}"
            axes.text(1.03, k, change, va="center", color=colour, transform=axes.get_yaxis_transform())
        axes.set_xlim(0, 1)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_yticks(range(len(shown)), [brief(shift.label, 40) for shift in shown])
        axes.set_xticks([0, 0.5, 1], ["0", "1/2", "1"])
        axes.set_xlabel("probability, nominal → worst")
        axes.tick_params(length=0, pad=4, colors=INK)
        axes.grid(axis="x", color=RULE, linewidth=0.6, clip_on=False)
        axes.set_axisbelow(True)
        for spine in axes.spines.values():
            spine.set_visible(False)

    rest = len(shifts) - len(shown)
    caption = (
        "Where the worst kernel moves probability as the policy plays: a mark at the nominal probability, "
        f"an arrow to the worst one{f'; {rest} more' if rest else ''}."
    )
    return picture(draw, (_WIDTH, height), salt, caption)
