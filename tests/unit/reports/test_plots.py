"""Pictures show the data they are given, in the colours of the page, the same way every time."""

import json
import math
import re
from xml.etree import ElementTree

import pytest

from drmg_check.readers import game_to_json
from drmg_check.runs import MovedRow, SlackCurve
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_reports.pictures import (
    game_picture,
    moves_picture,
    row_picture,
    slack_histogram,
    tightness_picture,
)
from drmg_reports.pictures._svg import _thinned
from tests.unit.reports.sample import A3_INSTANCE, wave


def test_a_picture_is_small_well_formed_and_names_no_colour():
    along = SlackCurve(parameter="H", values=(1.0, 2.0, 3.0), smallest=(1.0, 2.0, -1.0))
    pictures = (
        slack_histogram(wave(-1, 2), "a"),
        row_picture(A3_INSTANCE, "a"),
        tightness_picture((along,) * 4, "a"),
    )
    for picture in pictures:
        ElementTree.fromstring(picture.svg)  # noqa: S314 - our own output
        assert len(picture.svg) < 4000
        assert not re.search(r"#|style=|xmlns| id=", picture.svg)


def test_the_same_slacks_give_the_same_bytes():
    assert slack_histogram(wave(-1, 2), "a") == slack_histogram(wave(-1, 2), "a")


def test_a_readers_own_matplotlib_settings_change_nothing():
    from matplotlib import rc_context

    plain = slack_histogram(wave(-1, 2), "a")
    with rc_context(
        {"axes.linewidth": 5, "font.size": 30, "axes.facecolor": "red", "axes.spines.bottom": False}
    ):
        assert slack_histogram(wave(-1, 2), "a") == plain


def test_violations_are_drawn_apart_from_the_rest():
    assert "refuted" not in slack_histogram(wave(0, 2), "a").svg
    assert "holds" not in slack_histogram(wave(-2, -1), "a").svg
    both = slack_histogram((-1.0, 0.0, 3.0), "a")
    assert 'class="area refuted"' in both.svg
    assert 'class="area holds"' in both.svg
    assert both.caption == "Relative slack of 3 instances, from −1 to 3; 1 below 0, where the claim fails."


def test_a_slack_of_zero_counts_as_holding():
    assert "refuted" not in slack_histogram((0.0, 0.5, 1.0), "a").svg


@pytest.mark.parametrize(
    "slacks",
    [(), (1.0,), (2.0, 2.0, 3.0), (math.nan, math.inf, 1.0), (-1e308, 0.0, 1e308), (-5e-324, 0.0, 5e-324)],
)
def test_slacks_that_make_no_histogram_make_no_picture(slacks: tuple[float, ...]):
    assert slack_histogram(slacks, "a") is None


@pytest.mark.parametrize(
    "slacks", [(1e-300, 2e-300, 3e-300), (1e300, 1e301, 2e301), (1.0, 1.0 + 2**-52, 1.0 + 2**-51)]
)
def test_extreme_slacks_are_drawn(slacks: tuple[float, ...]):
    ElementTree.fromstring(slack_histogram(slacks, "a").svg)  # noqa: S314 - our own output


@pytest.mark.parametrize(
    "instance",
    [
        "",
        "null",
        "[]",
        "{}",
        "not json",
        '{"nominal": 3, "values": ["1"], "radius": "1"}',
        '{"nominal": ["0", "0"], "values": ["1", "2"], "radius": "1"}',
        '{"nominal": ["1", "1"], "values": ["1"], "radius": "1"}',
        '{"nominal": ["1", "x"], "values": ["1", "2"], "radius": "1"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_row_makes_no_picture(instance: str):
    assert row_picture(instance, "a") is None


def test_a_row_is_normalised_and_may_have_negative_values():
    picture = row_picture('{"nominal": ["1", "3"], "values": ["-1", "2"], "radius": "1/3"}', "a")
    assert picture.caption == "The nominal row and values, 2 states, radius 1/3."
    assert ">0.75<" in picture.svg


def game(*rows: list[list[str]], rewards: list[str] | None = None, horizon: int = 2) -> str:
    """Return the document of a game; ``rows[s][a]`` is a nominal row."""
    S, A = len(rows), len(rows[0])
    kernel = [
        [s, a, [[t, p] for t, p in enumerate(row)]]
        for s, of_s in enumerate(rows)
        for a, row in enumerate(of_s)
    ]
    return json.dumps(
        {
            "format": "drmg-game",
            "version": 1,
            "horizon": horizon,
            "states": S,
            "actions": [A],
            "state_names": [f"<b>{s}" for s in range(S)],
            "uncertainty": ["tv"],
            "reward": {"numbers": "rational", "shape": [1, 1, S, 1], "values": rewards or ["0"] * S},
            "radius": {"numbers": "rational", "shape": [1, 1, 1, 1], "values": ["1/2"]},
            "transition": {"numbers": "rational", "kernels": [kernel]},
        }
    )


def test_a_small_game_is_drawn_with_its_probabilities_and_rewards():
    picture = game_picture(game([["1/3", "2/3"]], [["0", "1"]], rewards=["0", "-1/2"]), "a")
    texts = [element.text for element in ElementTree.fromstring(picture.svg).iter("text")]  # noqa: S314 - ours
    assert sorted(texts) == sorted(["s0", "r = 0", "s1", "r = −1/2", "1/3", "2/3", "1"])
    assert picture.caption == "The nominal kernel of the game: 2 states, 1 joint action, horizon 2."


def test_actions_that_move_differently_are_told_apart():
    svg = game_picture(game([["1/2", "1/2"], ["0", "1"]], [["0", "1"], ["0", "1"]]), "a").svg
    assert ">a0: 1/2, a1: 1</text>" in svg
    assert ">a0: 1/2</text>" in svg
    assert ">1</text>" in svg


def test_a_game_inside_an_instance_is_found():
    inside = json.dumps({"game": json.loads(game([["1"]])), "policy": {}})
    assert game_picture(inside, "a") == game_picture(game([["1"]]), "a")


@pytest.mark.parametrize("S", [1, 2, 3, 4])
def test_a_complete_graph_stays_in_its_frame(S: int):
    svg = ElementTree.fromstring(game_picture(game(*([[f"1/{S}"] * S] for _ in range(S))), "a").svg)  # noqa: S314
    width, height = float(svg.get("width")), float(svg.get("height"))
    for text in svg.iter("text"):
        assert 10 < float(text.get("x")) < width - 10
        assert 10 < float(text.get("y")) < height - 2


@pytest.mark.parametrize("instance", ["", "null", "[]", '{"game": 3}', "[" * 100_000, A3_INSTANCE])
def test_what_is_no_game_makes_no_picture(instance: str):
    assert game_picture(instance, "a") is None


def test_a_game_too_large_to_read_makes_no_picture():
    assert game_picture(game(*([["1/5"] * 5] for _ in range(5))), "a") is None


def test_the_worst_row_stands_beside_the_nominal_one():
    moves = (MovedRow(where=None, nominal=(1.0, 0.0), worst=(0.5, 0.5)),)
    drawn = row_picture(A3_INSTANCE, "a", moves)
    assert 'class="area refuted"' in drawn.svg
    assert ">worst case<" in drawn.svg
    assert drawn.caption.startswith("The nominal row, the worst one in the ball and values, 2 states")
    assert "refuted" not in row_picture(A3_INSTANCE, "a").svg
    wrapped = json.dumps({"row": json.loads(A3_INSTANCE), "H": "1"})
    assert row_picture(wrapped, "a", moves) == drawn


def test_a_row_of_another_length_is_not_drawn():
    assert row_picture(
        A3_INSTANCE, "a", (MovedRow(where=None, nominal=(1.0,), worst=(1.0,)),)
    ) == row_picture(A3_INSTANCE, "a")


def test_the_graph_shows_where_the_worst_kernel_goes():
    game = json.dumps({"game": json.loads(game_to_json(load("good-bad-chain")))})
    plain = game_picture(game, "a")
    assert "→" not in plain.svg
    moved = game_picture(game, "a", (MovedRow(where=(0, 0, 0, 0), nominal=(1.0, 0.0), worst=(0.75, 0.25)),))
    assert "→ 3/4" in moved.svg
    assert "0 → 1/4" in moved.svg
    assert 'class="line refuted"' in moved.svg
    assert "in the worst case of" in moved.caption
    for where in ((9, 0, 0, 0), (0, 0, 9, 0), (0, 0, 0, 9), None):
        assert (
            game_picture(game, "a", (MovedRow(where=where, nominal=(1.0, 0.0), worst=(0.0, 1.0)),)) == plain
        )


def test_moves_of_a_large_game_are_lines():
    move = MovedRow(where=(0, 1, 2, 3), nominal=(1.0, 0.0, 0.0), worst=(2 / 3, 0.0, 1 / 3))
    drawn = moves_picture((move,), "a")
    ElementTree.fromstring(drawn.svg)  # noqa: S314 - our own output
    for text in ("step 2, s2, a3 to s0", "1 → 2/3", "0 → 1/3"):
        assert text in drawn.svg
    assert "to s1<" not in drawn.svg
    assert "; 16 more." in moves_picture((move,) * 20, "a").caption
    assert moves_picture((), "a") is None


def test_tightness_is_drawn_along_what_it_depends_on():
    along = SlackCurve(parameter="rho", values=(0.0, 0.5, 1.0), smallest=(2.0, 1.0, -1.0))
    constant = SlackCurve(parameter="S", values=(1.0, 2.0), smallest=(0.0, 0.0))
    drawn = tightness_picture((constant, along), "a")
    ElementTree.fromstring(drawn.svg)  # noqa: S314 - our own output
    assert drawn.caption == "The smallest relative slack seen, against ρ."
    for text in (">rho<", ">0<", ">1<", ">2<", ">−1<"):
        assert text in drawn.svg
    assert drawn.svg.count('class="line refuted"') == 1, "one value violates"
    assert tightness_picture((constant,), "a") is None
    assert tightness_picture((), "a") is None


def test_a_tightness_that_is_no_function_is_refused():
    with pytest.raises(InputError, match="expected as many"):
        SlackCurve(parameter="S", values=(1.0, 2.0), smallest=(0.0,))
    with pytest.raises(InputError, match="expected finite ones"):
        SlackCurve(parameter="S", values=(math.inf,), smallest=(0.0,))


@pytest.mark.parametrize(
    ("path", "thin"),
    [
        ("M 0 9L 0 9L 0 5L 2 5L 2 9z", "M0 9L0 5L2 5L2 9z"),  # a point twice, and a bar
        ("M 0 9L 1 9L 3 9L 4 9L 4 2", "M0 9L4 9L4 2"),  # along a level line
        ("M 0 1L 0 9L 0 5", "M0 1L0 9L0 5"),  # back again: the turn stays
        ("M 0 0L 1 1L 2 2", "M0 0L1 1L2 2"),  # slanted lines stay as they are
        ("M 0 0L 0 0M 0 0L 0 4", "M0 0L0 0M0 0L0 4"),  # each part has its own beginning
        ("M 0 0Q 1 1 2 0L 2 0", "M0 0Q1 1 2 0L2 0"),
    ],
)
def test_points_at_which_nothing_turns_are_left_out(path: str, thin: str):
    assert _thinned(path) == thin
