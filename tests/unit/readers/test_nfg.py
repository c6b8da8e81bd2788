"""Gambit's strategic games are read exactly, in both forms."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.readers import game_from_nfg, read_game
from drmg_check.vocabulary import InputError

# A 3 x 2 game; payoffs are distinct, so that no transposition goes unnoticed.
PAYOFFS = """NFG 1 R "three by two"
{ "row" "column" } { 3 2 }

11 -11  21 -21  31 -31
12 -12  22 -22  32 -32
"""
OUTCOMES = """NFG 1 R "three by two" { "row" "column" }
{ { "top" "middle" "bottom" }
  { "left" "right" } }
"a comment with { braces } and \\"quotes\\""
{ { "" 11, -11 } { "" 21, -21 } { "" 31 -31 }
  { "" 12, -12 } { "" 22, -22 } { "last" 32, -32 } }
1 2 3 4 5 6
"""
EXPECTED = [[11, 12], [21, 22], [31, 32]]


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES])
def test_the_first_players_strategy_runs_fastest(text: str):
    game = game_from_nfg(text)
    assert (game.horizon, game.n_states, game.actions) == (1, 1, (3, 2))
    assert game.r[:, 0, 0].reshape(2, 3, 2).tolist() == [EXPECTED, (-np.array(EXPECTED)).tolist()]
    assert game.name == "three by two"
    assert game.agent_names == ("row", "column")
    assert not game.rho.any()


def test_strategy_names_are_kept_where_they_differ():
    assert game_from_nfg(OUTCOMES).action_names == (("top", "middle", "bottom"), ("left", "right"))
    assert game_from_nfg(OUTCOMES.replace("middle", "top")).action_names[0] == ("0", "1", "2")


def test_three_players_keep_their_order():
    """Payoff = 100 a + 10 b + c for strategies (a, b, c) lands at joint action (a, b, c)."""
    numbers = [f"{100 * a + 10 * b + c} 0 0" for c in range(2) for b in range(3) for a in range(2)]
    game = game_from_nfg('NFG 1 D "" { "x" "y" "z" } { 2 3 2 } ' + " ".join(numbers))
    expected = [100 * a + 10 * b + c for a in range(2) for b in range(3) for c in range(2)]
    assert game.r[0, 0, 0].tolist() == expected


def test_numbers_are_exact_and_outcome_zero_pays_nothing():
    text = 'NFG 1 R "" { "a" "b" } { 2 1 } { { "x" 0.1 1/3 } } 0 1'
    game = game_from_nfg(text)
    assert game.reward[:, 0, 0].tolist() == [[0, Fraction(1, 10)], [0, Fraction(1, 3)]]


def test_a_file_is_recognised_by_its_content(tmp_path: Path):
    file = tmp_path / "game.txt"
    file.write_text(PAYOFFS)
    assert read_game(file).actions == (3, 2)
    file.write_bytes(PAYOFFS.encode() + b"\xff")
    with pytest.raises(InputError, match=r"game\.txt: is not UTF-8"):
        read_game(file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("NFG 1 R", "NFG 2 R", "expected NFG 1 R"),
        ("NFG 1 R", "EFG 1 R", "expected NFG 1 R"),
        ("{ 3 2 }", "", "expected NFG 1 R"),
        ("{ 3 2 }", "{ 3 2", "ends inside braces"),
        ("{ 3 2 }", "{ 3 2 } }", "misplaced brace"),
        ("{ 3 2 }", "{ { { 3 2 } } }", "misplaced brace"),
        ("{ 3 2 }", "{ 3 2 1 }", "2 players, but strategies for 3"),
        ("{ 3 2 }", "{ 3 0 }", "expected numbers >= 1"),
        ("{ 3 2 }", "{ 3 x }", "'x' is no integer"),
        ("{ 3 2 }", "{ 3 { } }", r"\{ ... \} is no integer"),
        ("{ 3 2 }", "{ 100000 100000 }", "expected at most"),
        ("{ 3 2 }", '{ 3 2 } { { "" 1 } } 1 1 1 1 1 1', "1 payoffs; expected 2"),
        ('{ "row" "column" }', "{ row column }", "players"),
        ('{ "row" "column" }', "{ }", "0 players, but strategies for 2"),
        ("32 -32", "32", "11 payoffs; expected 12"),
        ("32 -32", "32 -32 7", "13 payoffs; expected 12"),
        ("32 -32", "32 nan", "payoff 11='nan' is no exact number"),
        ("32 -32", '32 "x"', "payoff 'x'; expected a number"),
        ('by two"', "by two", "unexpected '\"'"),
    ],
)
def test_another_text_is_refused(old: str, new: str, message: str):
    assert old in PAYOFFS
    with pytest.raises(InputError, match=message):
        game_from_nfg(PAYOFFS.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("5 6\n", "5 7\n", "outcome 7; expected 0 ... 6"),
        ("5 6\n", "5\n", "outcomes for 5 profiles; expected 6"),
        ("5 6\n", '5 "6"\n', "'6' is no integer"),
        ('"last"', "last", r"outcome 6 is \{ ... \}"),
    ],
)
def test_illegal_outcomes_are_refused(old: str, new: str, message: str):
    with pytest.raises(InputError, match=message):
        game_from_nfg(OUTCOMES.replace(old, new, 1))


def test_a_file_may_begin_with_a_mark_of_byte_order_or_blank_lines(tmp_path: Path):
    for start in (b"\xef\xbb\xbf", b"\n\n", b" \r\n\t", b"\xef\xbb\xbf\n"):
        (tmp_path / "g.nfg").write_bytes(start + b'NFG 1 R "g" { "a" } { 2 } 1 2')
        assert read_game(tmp_path / "g.nfg").r.ravel().tolist() == [1.0, 2.0]


def test_a_file_that_should_be_gambits_is_refused_as_such(tmp_path: Path):
    (tmp_path / "g.nfg").write_bytes(b"\xff\xfeN\x00F\x00G\x00")
    with pytest.raises(InputError, match="UTF-16"):
        read_game(tmp_path / "g.nfg")
    (tmp_path / "g.nfg").write_text("# made by hand\nNFG 1 R")
    with pytest.raises(InputError, match="expected NFG 1 R"):
        read_game(tmp_path / "g.nfg")


def test_quotes_and_backslashes_in_names_are_what_they_stand_for():
    text = r'NFG 1 R "the \"game\"" { "a\\b" "c\d" } { { "\"x\"" "y" } { 1_ } } 1 2 3 4'.replace("1_", '"z"')
    game = game_from_nfg(text)
    assert game.name == 'the "game"'
    assert game.agent_names == ("a\\b", "c\\d")
    assert game.action_names[0] == ('"x"', "y")
