"""A row problem as bars: the nominal distribution, the worst one in its ball, and the values averaged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from drmg_check.runs import MovedRow
from drmg_check.vocabulary import InputError, exact_tuple, normalise
from drmg_reports.pictures._svg import ACCENT, INK, QUIET, REFUTED, TEXT, Picture, picture, small_frame
from drmg_reports.words import short_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MAX_STATES, _MAX_VECTORS = 24, 4


def row_picture(instance: str, salt: str, moves: Sequence[MovedRow] = ()) -> Picture | None:
    """Draw a row problem: the nominal distribution and the worst one, beside them the values averaged.

    Returns ``None`` when the instance has no ``nominal`` row of 2 to 24 states, or no vector beside it.

    >>> from drmg_check.runs import example_validation
    >>> row_picture(example_validation()[3].failure.instance, "an id").caption
    'The nominal row and values, 2 states, radius 1.'
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
            small_frame(axes, max(0.0, *drawn), min(0.0, *drawn))

    what = "The nominal row, the worst one in the ball" if worst else "The nominal row"
    names = f"{what} and {' and '.join([*vectors][1:])}"
    caption = f"{names}, {len(states)} states{f', radius {short_number(radius)}' if radius else ''}."
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
