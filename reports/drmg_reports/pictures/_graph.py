"""The state graph of a small game: what moves where under the nominal kernel, and in the worst case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING

from drmg_check.runs import MovedRow
from drmg_check.vocabulary import InputError
from drmg_reports.pictures._sketch import GameSketch, sketch_game
from drmg_reports.pictures._svg import ACCENT, INK, QUIET, REFUTED, Picture, picture
from drmg_reports.words import probability, short_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _RADIUS, _NODE = 5.6, 1.35, 0.33  # inches: the picture, the circle of states, a state
_BEND = 0.18


def game_picture(instance: str, salt: str, moves: Sequence[MovedRow] = ()) -> Picture | None:
    """Draw the game of an instance: states, probabilities, rewards where they fit.

    With ``moves``, an arrow says how its probability changes from the nominal kernel to the worst one at the
    first step at which it does; where the worst kernel has more mass, it has the colour of a refutation.

    Returns ``None`` when the instance holds no game with one kernel for all steps, at most 4 states and at
    most 3 joint actions.

    >>> from drmg_check.documents import example_certificate
    >>> game_picture(example_certificate().game_text, "an id") is None  # four joint actions
    True
    """
    try:
        data = json.loads(instance)
        game = sketch_game(data["game"] if isinstance(data, dict) and "game" in data else data)
    except (ValueError, InputError, RecursionError):
        return None
    S, A = game.n_states, game.n_actions
    worst, agent = _first_rows(game, moves)
    angles = _angles(S)
    places = [(0.0, 0.0)] if S == 1 else [(_RADIUS * cos(angle), _RADIUS * sin(angle)) for angle in angles]
    outward = angles if S > 2 else [pi / 2] * S
    loops = [y + 1.1 * sin(angle) for (_, y), angle in zip(places, outward, strict=True)]
    top = max(loops) + 0.15
    bottom = min(*loops, *(y - _NODE for _, y in places)) - 0.25

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(-_WIDTH / 2, _WIDTH / 2)
        axes.set_ylim(bottom, top)
        for s, place in enumerate(places):
            _draw_state(axes, place, s, _reward(game, s))
        for s, t, label, colour in _arrows(game, worst):
            if s == t:
                _draw_loop(axes, places[s], outward[s], label, colour)
            else:
                _draw_arrow(axes, places[s], places[t], label, colour)

    adversary = f", and where it goes in the worst case of {agent}" if worst else ""
    caption = (
        f"The nominal kernel of the game{adversary}: "
        f"{S} state{'s' * (S != 1)}, {A} joint action{'s' * (A != 1)}, horizon {game.horizon}."
    )
    return picture(draw, (_WIDTH, top - bottom), salt, caption)


def _angles(S: int) -> list[float]:
    """Put the states on a circle, clockwise from the top; two stand side by side."""
    start = pi if S == 2 else pi / 2
    return [start - 2 * pi * s / S for s in range(S)]


def _first_rows(game: GameSketch, moves: Sequence[MovedRow]) -> tuple[dict[tuple[int, int], MovedRow], str]:
    """Return for each (s, a) the first step at which its row moves, and the agent against whom."""
    rows: dict[tuple[int, int], MovedRow] = {}
    agent = ""
    for move in moves:
        if move.where is None or len(move.worst) != game.n_states:
            continue
        i, _, s, a = move.where
        if i < len(game.agent_names) and s < game.n_states and a < game.n_actions:
            rows.setdefault((s, a), move)
            agent = agent or game.agent_names[i]
    return rows, agent


def _arrows(
    game: GameSketch, worst: Mapping[tuple[int, int], MovedRow]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield each pair of states with a probability, how to label it, and in which colour."""
    for s, rows in enumerate(game.rows):
        for t in range(game.n_states):
            labels, more = [], False
            for a, row in enumerate(rows):
                label, move = short_number(str(row[t])), worst.get((s, a))
                if move is not None and move.worst[t] != move.nominal[t]:
                    label = f"{label} → {probability(move.worst[t])}"
                    more = more or move.worst[t] > move.nominal[t]
                labels.append(label)
            if shown := [f"a{a}: {label}" for a, label in enumerate(labels) if label != "0"]:
                same = len(set(labels)) == 1
                yield s, t, labels[0] if same else ", ".join(shown), REFUTED if more else ACCENT


def _reward(game: GameSketch, s: int) -> str:
    """Return the reward of a state, if it depends neither on agent nor on step nor on action."""
    reward = game.rewards[s]
    return "" if reward is None else f"r = {short_number(str(reward))}"


def _draw_state(axes: Axes, place: tuple[float, float], s: int, reward: str) -> None:
    from matplotlib.patches import Circle

    x, y = place
    axes.add_patch(Circle(place, _NODE, facecolor="none", edgecolor=INK))
    axes.text(x, y + (0.09 if reward else 0), f"s{s}", ha="center", va="center")
    axes.text(x, y - 0.1, reward, ha="center", va="center", color=QUIET)


def _draw_arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], label: str, colour: str
) -> None:
    (x, y), (u, v) = start, end
    nx, ny = v - y, x - u  # the arrow bends to the right of its way
    control = ((x + u) / 2 + _BEND * nx, (y + v) / 2 + _BEND * ny)
    first, last = _rim(start, control), _rim(end, control)
    _draw_curve(axes, [first, control, last], colour)
    length = hypot(nx, ny)
    aside = (0.12 + 0.1 * abs(nx) / length) / length  # a label is wider than high
    middle = [(p + 2 * q + r) / 4 for p, q, r in zip(first, control, last, strict=True)]
    axes.text(middle[0] + aside * nx, middle[1] + aside * ny, label, ha="center", va="center")


def _draw_loop(axes: Axes, place: tuple[float, float], outward: float, label: str, colour: str) -> None:
    """Draw a loop that leaves the state in the direction of the angle ``outward``."""

    def polar(radius: float, angle: float) -> tuple[float, float]:
        return place[0] + radius * cos(outward + angle), place[1] + radius * sin(outward + angle)

    _draw_curve(axes, [polar(_NODE, 0.5), polar(1.1, 0.5), polar(1.1, -0.5), polar(_NODE, -0.5)], colour)
    x, y = polar(1 + 0.1 * abs(cos(outward)), 0)
    axes.text(x, y, label, ha="center", va="center")


def _draw_curve(axes: Axes, points: list[tuple[float, float]], colour: str) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    codes = [Path.MOVETO, *[Path.CURVE3 if len(points) == 3 else Path.CURVE4] * (len(points) - 1)]
    arrow = FancyArrowPatch(path=Path(points, codes), arrowstyle="-|>", mutation_scale=9, color=colour)
    axes.add_patch(arrow)


def _rim(place: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the point of a state's rim that faces another point."""
    dx, dy = other[0] - place[0], other[1] - place[1]
    length = hypot(dx, dy)
    return place[0] + dx / length * _NODE, place[1] + dy / length * _NODE
