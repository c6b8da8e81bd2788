"""PRISM's explicit files are read exactly, and intervals become sets only where they are sets."""

from fractions import Fraction
from pathlib import Path

import pytest

from drmg_check.models import nominal_row
from drmg_check.readers import PrismFiles, game_from_prism, read_game
from drmg_check.sets import Interval, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import resolve_game

TRANSITIONS = """# Transitions (MDP)
3 4 7
0 0 0 0.5 east
0 0 1 0.5 east
0 1 2 1 south
1 0 0 0.3333333333333333
1 0 1 0.3333333333333333
1 0 2 0.3333333333333333
2 0 2 1
"""
LABELS = '0="init" 1="deadlock" 2="goal"\n1: 0\n2: 2 1\n'
STATES = "(x,y)\n0:(0,0)\n1:(0,1)\n2:(1,0)\n"
STATE_REWARDS = '# Reward structure "time"\n# State rewards\n3 2\n0 0.1\n2 5\n'
TRANSITION_REWARDS = "3 4 3\n0 0 1 3\n1 0 0 1\n1 0 2 2\n"
INTERVALS = """3 4 6
0 0 0 [0.1,0.3] a
0 0 1 [0.7, 0.9] a
0 1 2 [1,1] b
1 0 0 [0,0.4]
1 0 2 [0.6,1]
2 0 2 1
"""


def test_a_decision_process_is_read_exactly():
    files = PrismFiles(TRANSITIONS, LABELS, STATES, STATE_REWARDS, TRANSITION_REWARDS)
    game = game_from_prism(files, horizon=4)
    third = Fraction(1, 3)
    assert (game.horizon, game.n_states, game.actions, game.initial_state) == (4, 3, (2,), 1)
    assert nominal_row(game.stages[0], 1, 0) == (third, third, third)
    assert game.reward[0, 0, :, 0].tolist() == [Fraction(1, 10) + Fraction(3, 2), 1, 5]
    assert game.reward[0, 0, 0, 1] == Fraction(1, 10)
    assert game.state_names == ("(0,0)", "(0,1)", "(1,0)")
    assert game.uncertainty == (TotalVariation(),)
    assert not game.rho.any()


def test_a_missing_choice_repeats_choice_0():
    files = PrismFiles(TRANSITIONS, state_rewards=STATE_REWARDS, transition_rewards=TRANSITION_REWARDS)
    game = game_from_prism(files, horizon=1)
    for s in (1, 2):
        assert nominal_row(game.stages[0], s, 1) == nominal_row(game.stages[0], s, 0)
        assert game.reward[0, 0, s, 1] == game.reward[0, 0, s, 0]


def test_a_chain_is_a_process_of_one_choice():
    files = PrismFiles("2 3\n0 0 1/4\n0 1 3/4\n1 1 1\n", transition_rewards="2 1\n0 1 8\n")
    game = game_from_prism(files, horizon=2)
    assert game.actions == (1,)
    assert nominal_row(game.stages[0], 0, 0) == (Fraction(1, 4), Fraction(3, 4))
    assert game.r[0, 0, :, 0].tolist() == [6, 0]


def test_intervals_become_balls_with_their_own_radii():
    """Also where they are clipped: [0, 0.4] and [0.6, 1] are the ball of 1/5 around (1/5, 4/5)."""
    game = game_from_prism(PrismFiles(INTERVALS), horizon=3)
    assert game.uncertainty == (Interval("nominal"),)
    assert nominal_row(game.stages[0], 0, 0) == (Fraction(1, 5), Fraction(4, 5), 0)
    assert nominal_row(game.stages[0], 1, 0) == (Fraction(1, 5), 0, Fraction(4, 5))
    assert game.radius[0, 0, :, 0].tolist() == [Fraction(1, 10), Fraction(1, 5), 0]
    assert game.radius[0, 0, :, 1].tolist() == [0, Fraction(1, 5), 0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[0.1,0.3]", "[0.6,0.9]"),  # two widths
        ("[0.1,0.3]", "[0.5,0.7]"),  # midpoints that do not sum to 1
        ("[0,0.1]", "[0.5,1]"),  # no p within the clipped interval
        ("[0.3,0.1]", "[0.7,0.9]"),  # reversed
        ("[-0.1,0.3]", "[0.7,1.1]"),  # no probabilities
    ],
)
def test_intervals_that_are_no_ball_are_unsupported(first: str, second: str):
    text = INTERVALS.replace("[0.1,0.3]", first).replace("[0.7, 0.9]", second)
    with pytest.raises(UnsupportedError, match="row 0 0 are no ball"):
        game_from_prism(PrismFiles(text), horizon=3)


def test_a_state_that_only_an_interval_reaches_is_no_ball():
    """Around p = 0 the ball with the nominal support would not enter the state, and the interval does."""
    text = "1 1 3\n0 0 0 [0,0.1]\n0 0 1 [0.4,0.6]\n0 0 2 [0.4,0.6]\n".replace("1 1 3", "3 3 5")
    with pytest.raises(UnsupportedError, match="row 0 0 are no ball"):
        game_from_prism(PrismFiles(text + "1 0 1 1\n2 0 2 1\n"), horizon=1)


def test_files_beside_the_transitions_are_read_with_them(tmp_path: Path):
    (tmp_path / "m.tra").write_text(TRANSITIONS)
    (tmp_path / "m.lab").write_text(LABELS)
    (tmp_path / "m.rews").write_text(STATE_REWARDS)
    (tmp_path / "m.trew").write_text(TRANSITION_REWARDS)
    game = resolve_game(f"{tmp_path}/m.tra?horizon=7&radius=1/9&uncertainty=kl")
    assert (game.name, game.horizon, game.initial_state) == ("m", 7, 1)
    assert game.radius[0, 0, 0, 0] == Fraction(1, 9)
    assert game.uncertainty == (KullbackLeibler(),)
    assert game.reward[0, 0, 1, 0] == 1
    (tmp_path / "m.srew").write_text(STATE_REWARDS)
    with pytest.raises(InputError, match=r"m\.srew and m\.rews both exist"):
        read_game(tmp_path / "m.tra", horizon=1)


def test_options_are_for_what_a_file_does_not_say(tmp_path: Path):
    (tmp_path / "m.tra").write_text(INTERVALS)
    (tmp_path / "m.json").write_text("{}")
    with pytest.raises(InputError, match=r"PRISM files do not say the horizon; .*m.*\.tra\?horizon=10"):
        read_game(tmp_path / "m.tra")
    with pytest.raises(InputError, match="intervals of the file bring their own"):
        read_game(tmp_path / "m.tra", horizon=1, radius="1/2")
    with pytest.raises(InputError, match=r"give them for \.tra files only"):
        read_game(tmp_path / "m.json", horizon=1)
    with pytest.raises(InputError, match="no parameter 'horizn'; did you mean 'horizon'"):
        resolve_game(f"{tmp_path}/m.tra?horizn=1")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3 4 7\n", "", "header: '0.5' is no index"),
        ("3 4 7\n", "3\n", "no header"),
        ("3 4 7\n", "3 4 8\n", r"header is \[3, 4, 8\], but the file has \[3, 4, 7\]"),
        ("3 4 7\n", "4 4 7\n", "state 3 has no choice 0"),
        ("3 4 7\n", "2 4 7\n", "transition 0 -> 2; expected states 0 ... 1"),
        ("3 4 7\n", "999999999 4 7\n", "expected at most"),
        ("3 4 7\n", "9999999999 4 7\n", "no index"),
        ("0 1 2 1 south", "0 999999999 2 1 south", "expected at most"),
        ("0 1 2 1 south", "0 1 2", "expected: s a s' value"),
        ("0 1 2 1 south", "0 1 2 1 2 3", "expected: s a s' value"),
        ("0 1 2 1 south", "0 x 2 1", "'x' is no index"),
        ("0 1 2 1 south", "0 \N{ARABIC-INDIC DIGIT ONE} 2 1", "is no index"),
        ("0 1 2 1 south", "0 1 \N{SUPERSCRIPT TWO} 1", "is no index"),
        ("0 1 2 1 south", "0 1 2 0.999999999999999", "row 0 1 is .*sum to 1"),
        ("0 1 2 1 south", "0 1 2 one", "no exact number"),
        ("0 1 2 1 south", "0 1 2 0.9", "row 0 1 is .*sum to 1"),
        ("0 1 2 1 south", "0 1 2 -1", "row 0 1 is"),
        ("0 1 2 1 south", "0 1 2 [0.5 1]", "expected: s a s' value|no exact number"),
        ("0 0 1 0.5", "0 0 0 0.5", "is repeated"),
        (TRANSITIONS, "", "no header"),
        (TRANSITIONS, "0 0 0", "header"),
    ],
)
def test_another_text_is_refused(old: str, new: str, message: str):
    assert old in TRANSITIONS
    with pytest.raises(InputError, match=message):
        game_from_prism(PrismFiles(TRANSITIONS.replace(old, new, 1)), horizon=1)


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        ({"labels": LABELS.replace("1: 0", "3: 0")}, InputError, "initial_state=3"),
        ({"labels": LABELS.replace("1: 0", "x: 0")}, InputError, "'x' is no index"),
        ({"labels": LABELS + "0: 0\n"}, UnsupportedError, "2 states are labelled init"),
        ({"states": "(x)\n0:(0)\n"}, InputError, "state_names"),
        ({"state_rewards": "3 1\n0\n"}, InputError, "expected: state reward"),
        ({"state_rewards": "3 2\n0 1\n0 1\n"}, InputError, "each state once"),
        ({"state_rewards": "3 1\n0 inf\n"}, InputError, "reward of state 0='inf'"),
        ({"transition_rewards": "3 4 1\n2 1 0 1\n"}, InputError, "choice 1 of state 2, which has no"),
        ({"transition_rewards": "3 4 1\n2 1\n"}, InputError, "transition reward line"),
    ],
)
def test_files_that_contradict_each_other_are_refused(
    files: dict[str, str], error: type[Exception], message: str
):
    with pytest.raises(error, match=message):
        game_from_prism(PrismFiles(TRANSITIONS, **files), horizon=1)


@pytest.mark.parametrize(
    ("horizon", "radius", "message"), [(0, "0", "expected numbers >= 1"), (1, "2", "illegal for the tv set")]
)
def test_a_horizon_and_a_radius_out_of_range_are_refused(horizon: int, radius: str, message: str):
    with pytest.raises(InputError, match=message):
        game_from_prism(PrismFiles(TRANSITIONS), horizon=horizon, radius=radius)


def test_without_labels_the_first_state_is_initial():
    assert game_from_prism(PrismFiles(TRANSITIONS), horizon=1).initial_state == 0
    assert game_from_prism(PrismFiles(TRANSITIONS, '1="goal"\n2: 1\n'), horizon=1).initial_state == 0
