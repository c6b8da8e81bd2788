"""Matplotlib figures as inline SVG in the colours of the page, so that they follow dark and light.

The same input gives the same bytes: element ids come from a fixed salt, there is no date, and text stays
text. Matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

from markupsafe import Markup, escape

from drmg_check.vocabulary import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Matplotlib wants colours; these stand for the colours of the style sheet, by name.
_NAMES = ("ink", "quiet", "rule", "holds", "refuted", "accent", "unproved", "vacuous")
INK, QUIET, RULE, HOLDS, REFUTED, ACCENT, UNPROVED, VACUOUS = (f"#00000{k}" for k in range(len(_NAMES)))
POINTS = 72  # in an inch; a page takes each for a pixel
TEXT = 11  # points; one point becomes one CSS pixel
_HAIRLINE = ("stroke-width", "0.6")  # of grids; a pixel is as good
_DIGITS = re.compile(r"(\.\d)\d+")  # a tenth of a pixel is enough
_STROKE = re.compile(r"([A-Za-z])([^A-Za-z]*)")


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG with the sentence that says the same to those who do not see it.

    >>> Picture(Markup("<svg></svg>"), "Nothing is drawn.").caption
    'Nothing is drawn.'
    """

    svg: Markup
    caption: str
    width: float = 0.0  # pixels


def picture(draw: Callable[[Figure], None], size: tuple[float, float], salt: str, caption: str) -> Picture:
    """Return what ``draw`` draws on a figure of ``size`` inches; ``salt`` is unique on the page."""
    caption = visible(caption)
    with plain_style(salt, INK):
        from matplotlib.figure import Figure

        figure = Figure(figsize=size)
        figure.patch.set_visible(False)
        draw(figure)
        for axes in figure.axes:
            axes.patch.set_visible(False)
        svg = saved(figure)
    return Picture(_inlined(svg, caption), caption, POINTS * size[0])


@contextmanager
def plain_style(salt: str, ink: str) -> Iterator[None]:
    """Draw with Matplotlib's defaults and our type, whatever the reader's own settings are."""
    from matplotlib import rc_context, rcdefaults, rcParams

    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": salt,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # comes with Matplotlib: the same metrics everywhere
        "font.size": TEXT,
        "axes.labelcolor": ink,
        "text.color": ink,
        "text.usetex": False,
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
    with rc_context(), catch_warnings():
        # Text stays text: a letter that this font lacks is drawn by the reader's own.
        filterwarnings("ignore", message="Glyph .* missing from font")
        rcdefaults()  # a reader's own matplotlibrc must not change the report
        rcParams.update(style)
        yield


def small_frame(axes: Axes, top: float, bottom: float = 0.0) -> None:
    """Keep only what a small picture needs: a base line and the extremes on the vertical axis."""
    axes.set_ylim(bottom, top if top > bottom else bottom + 1)
    axes.set_yticks([tick for tick in sorted({bottom, 0.0, top}) if tick or bottom])
    axes.tick_params(length=0, pad=4, colors=INK)
    axes.grid(axis="y", color=RULE, linewidth=0.6, clip_on=False)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(INK)


def saved(figure: Figure) -> str:
    """Return a figure as an SVG file without a date."""
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _inlined(svg: str, label: str) -> Markup:
    """Reduce Matplotlib's file to what a page needs: no prologue, namespaces, metadata, styles or ids."""
    box = re.search(r'viewBox="([\d. ]+)"', svg)
    assert box is not None, "Matplotlib writes a viewBox"
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r' id="[\w.]+_\d+"| transform="rotate\(-0 [^"]*"| clip-path="[^"]*"', "", body)
    body = re.sub(r'style="([^"]*)"', _classed, body)
    body = re.sub(r' (?:d|x|y)="[^"]*"', lambda match: _DIGITS.sub(r"\1", match[0]), body)
    body = re.sub(r'(?<= d=")[^"]*', lambda match: _thinned(match[0]), body)
    body = re.sub(r"</?g/?>|<defs>.*?</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", "", body)
    width, height = box[1].split()[2:]
    return Markup(  # noqa: S704 - Matplotlib escapes its text, the label is escaped here
        f'<svg class="plot" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{body.strip()}'
    )


def _thinned(path: str) -> str:
    """Leave out the points of a path where nothing turns: most of a histogram's."""
    strokes = [(name, numbers.split()) for name, numbers in _STROKE.findall(path)]
    kept: list[tuple[str, list[str]]] = []
    for name, point in strokes:
        if name == "L" and len(kept) > 1 and kept[-1][0] == "L" and _passed(kept[-2][1], kept[-1][1], point):
            kept.pop()
        kept.append((name, point))
    return "".join(f"{name}{' '.join(point)}" for name, point in kept)


def _passed(before: list[str], at: list[str], after: list[str]) -> bool:
    """Whether a way comes through ``at`` on a level or upright way from ``before`` to ``after``."""
    if any(len(point) != 2 for point in (before, at, after)):
        return False
    (x, u), (y, v), (z, w) = (map(float, point) for point in (before, at, after))
    return (x == y == z and min(u, w) <= v <= max(u, w)) or (u == v == w and min(x, z) <= y <= max(x, z))


def _classed(match: re.Match[str]) -> str:
    """Turn a style into classes, so that the style sheet decides how things look."""
    style = match[1]
    kind = "line" if "fill: none" in style else "area"
    colour = re.search(r"#00000(\d)", style)
    anchor = re.search(r"text-anchor: (\w+)", style)
    kept = dict(re.findall(r"(stroke-dasharray|stroke-width|opacity): ([\d., ]+)", style))
    rest = "".join(f' {name}="{value.strip()}"' for name, value in kept.items() if (name, value) != _HAIRLINE)
    return f'class="{anchor[1] if anchor else kind} {_NAMES[int(colour[1])] if colour else "ink"}"{rest}'
