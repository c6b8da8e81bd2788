"""Write one page per uncertainty set, with its ball in the simplex and its worst case against the radius.

Run ``python docs/draw_sets.py``; the pages are functions of the docstrings and the kernels alone, and
the same code writes the same bytes.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from drmg_check.kernels import (
    Shares,
    worst_case_distributions,
    worst_case_expectations,
    worst_case_states,
)
from drmg_check.sets import (
    L1,
    L2,
    ChiSquare,
    Contamination,
    CressieRead,
    Ellipsoid,
    Hellinger,
    Interval,
    KullbackLeibler,
    ProbabilityBounds,
    ReverseKL,
    Row,
    Scenarios,
    SRectangular,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose

HERE = Path(__file__).parent / "sets"
NOMINAL = np.array([[0.5, 0.3, 0.2]])
VALUES = np.array([1.0, 0.4, 0.0])
TRIANGLE = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])  # corners of the simplex in the plane
INK, ACCENT = "#30343f", "#3b6ea8"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: the set, three radii whose balls are drawn, and where the radius axis ends."""

    title: str
    uncertainty: UncertaintySet
    radii: tuple[float, float, float]
    last_radius: float


WEIGHTS = (Fraction(1), Fraction(2), Fraction(4))
BOUNDS = (("1/5", "1/5", 0), ("3/5", "1/2", "1/2"))
LIST = (("4/5", "1/5", 0), ("1/5", "2/5", "2/5"), ("2/5", "1/5", "2/5"))
LINE = ((Fraction(0), Fraction(1), Fraction(2)), (Fraction(1), Fraction(0), Fraction(1)))
PAGES = (
    Page("Total variation", TotalVariation(), (0.05, 0.1, 0.2), 1.0),
    Page("L1", L1(), (0.1, 0.2, 0.4), 2.0),
    Page("Kullback-Leibler", KullbackLeibler(), (0.02, 0.08, 0.2), 2.0),
    Page("Reverse Kullback-Leibler", ReverseKL(), (0.02, 0.08, 0.2), 2.0),
    Page("Chi-square", ChiSquare(), (0.04, 0.15, 0.4), 5.0),
    Page("Squared Hellinger", Hellinger(), (0.02, 0.06, 0.15), 2.0),
    Page("Cressie-Read, alpha = 3/2", CressieRead(Fraction(3, 2)), (0.02, 0.08, 0.2), 3.0),
    Page("Contamination", Contamination(), (0.1, 0.2, 0.4), 1.0),
    Page("Interval (L-infinity)", Interval(), (0.05, 0.1, 0.2), 1.0),
    Page("Wasserstein", Wasserstein((*LINE, (Fraction(2), Fraction(1), Fraction(0)))), (0.1, 0.2, 0.4), 2.0),
    Page("Weighted L1, weights (1, 2, 4)", WeightedL1(WEIGHTS), (0.2, 0.5, 1.0), 5.0),
    Page("Weighted L-infinity, weights (1, 2, 4)", WeightedInterval(WEIGHTS), (0.1, 0.3, 0.6), 4.0),
    Page("L2 (Euclidean)", L2(), (0.05, 0.15, 0.3), 1.2),
    Page("Ellipsoid, weights (1, 2, 4)", Ellipsoid(WEIGHTS), (0.1, 0.25, 0.5), 2.0),
    Page("Bounds given as data", ProbabilityBounds(*BOUNDS), (0.25, 0.5, 1.0), 1.0),
    Page("Scenarios: a finite list", Scenarios(LIST), (0.25, 0.5, 1.0), 1.0),
)


def boundary(uncertainty: UncertaintySet, radius: float) -> FloatArray:
    """Return points [n, 2] of the ball's boundary: the worst distribution for n directions of V."""
    angles = np.linspace(0.0, 2.0 * np.pi, 241)
    centred = TRIANGLE - TRIANGLE.mean(axis=0)
    points: list[FloatArray] = []
    for angle in angles:
        V = centred @ np.array([np.cos(angle), np.sin(angle)])
        worst = worst_case_distributions(uncertainty, NOMINAL, np.array([radius]), V)[0] @ TRIANGLE
        if not points or np.abs(worst - points[-1]).max() > 0.001:  # a third of a pixel; corners repeat
            points.append(worst)
    return np.array([*points, points[0]])


def draw_simplex(axes: Axes, page: Page) -> None:
    """Draw the simplex of three states and the balls of the page's radii around the nominal row."""
    axes.plot(*np.vstack([TRIANGLE, TRIANGLE[:1]]).T, color=INK, linewidth=1)
    for radius in sorted(page.radii, reverse=True):
        edge = boundary(page.uncertainty, radius).T
        axes.fill(*edge, color=ACCENT, alpha=0.22, linewidth=0)
        axes.plot(*edge, color=ACCENT, linewidth=1)
    axes.plot(*(NOMINAL @ TRIANGLE).T, "o", color=INK, markersize=3)
    for corner, (label, offset) in enumerate(
        (("V = 1", (0, -14)), ("V = 0.4", (0, -14)), ("V = 0", (26, -6)))
    ):
        axes.annotate(label, TRIANGLE[corner], xytext=offset, textcoords="offset points", ha="center")
    axes.set_title("radii " + ", ".join(f"{radius:g}" for radius in page.radii), fontsize=9)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_curve(axes: Axes, page: Page) -> None:
    """Draw the worst-case expectation against the radius, between the nominal mean and min V."""
    radii = np.linspace(0.0, page.last_radius, 401)
    P = np.repeat(NOMINAL, radii.size, axis=0)
    axes.plot(radii, worst_case_expectations(page.uncertainty, P, radii, VALUES), color=ACCENT)
    axes.axhline(VALUES.min(), color=INK, linewidth=0.7, linestyle=":")
    axes.axhline((NOMINAL @ VALUES)[0], color=INK, linewidth=0.7, linestyle=":")
    axes.set_xlabel("radius")
    axes.set_title("worst-case expectation", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def table(page: Page) -> str:
    """Return the certified worst case and the worst distribution at the radii drawn."""
    lines = ["| radius | worst-case expectation | worst distribution |", "|---|---|---|"]
    for radius in page.radii:
        row = Row.of(page.uncertainty, ("1/2", "3/10", "1/5"), (1, "2/5", 0), repr(radius))
        value = float(enclose(row).lo)
        worst = worst_case_distributions(page.uncertainty, NOMINAL, np.array([radius]), VALUES)[0]
        lines.append(f"| {radius:g} | {value:.12f} | ({', '.join(f'{q:.4f}' for q in worst)}) |")
    return "\n".join(lines)


def text(page: Page) -> str:
    """Return the page: the set's docstring, the picture, the table."""
    kind = page.uncertainty.kind
    docstring = (inspect.getdoc(type(page.uncertainty)) or "").partition("\n\nExamples\n")[0]
    return (
        f"# {page.title}\n\n`{type(page.uncertainty).__name__}`, in files `{kind}`\n\n{docstring}\n\n"
        f"![The ball around p = (0.5, 0.3, 0.2) and the worst case of V = (1, 0.4, 0)]({kind}.svg)\n\n"
        f"For the nominal row p = (0.5, 0.3, 0.2) and V = (1, 0.4, 0):\n\n{table(page)}\n"
    )


def draw(page: Page) -> Figure:
    """Return the page's picture."""
    figure = Figure(figsize=(7, 2.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_simplex(left, page)
    draw_curve(right, page)
    return figure


def draw_mixtures() -> Figure:
    """Return what mixing two copies of an action is worth in s-rectangular sets: the actions of S1."""
    figure = Figure(figsize=(7, 2.9), layout="constrained")
    x = np.linspace(0.0, 1.0, 201)
    P = np.repeat(np.array([[[1.0, 0.0], [1.0, 0.0]]]), x.size, axis=0)
    coin = np.full_like(P, 0.5)
    for axes, (ball, rows, budgets) in zip(
        figure.subplots(1, 2),
        ((L1(), P, (0.5, 1.0, 1.5)), (KullbackLeibler(), coin, (0.1, 0.3, 0.6))),
        strict=True,
    ):
        for budget in budgets:
            drawn = Shares(np.zeros(2, dtype=np.int64), np.stack([x, 1.0 - x], axis=1))
            spent, V = np.full(x.size, budget), np.array([1.0, 0.0])
            worth, _ = worst_case_states(
                SRectangular(ball), rows, np.zeros((x.size, 2)), spent, V, shares=drawn
            )
            axes.plot(x, worth, color=ACCENT)
            axes.annotate(
                f"{budget:g}", (0.5, worth[100]), xytext=(0, 3), textcoords="offset points", ha="center"
            )
        axes.set_xlabel("probability of the first action")
        axes.set_title(f"worth, {ball.kind}", fontsize=9)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "drmg-check", "font.size": 9})
    for page in PAGES:
        draw(page).savefig(HERE / f"{page.uncertainty.kind}.svg", metadata={"Date": None})
        (HERE / f"{page.uncertainty.kind}.md").write_text(text(page), encoding="utf-8")
    draw_mixtures().savefig(HERE / "s-rectangular.svg", metadata={"Date": None})
