"""The picture of a worst case shows the worst case: distributions in the ball that attain it."""

from dataclasses import dataclass

import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.runs import MovedRow
from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation
from drmg_check.zoo import load
from drmg_properties.audit._adversary import worst_moves


@dataclass(frozen=True)
class Play:
    game: RobustMarkovGame
    policy: JointPolicy


@dataclass(frozen=True)
class Wrapped:
    row: Row


TV_ROW = Row.of(TotalVariation(), ["1/2", "1/2", "0"], ["0", "1", "-1"], "1/4")


def test_of_a_row_the_worst_distribution():
    assert worst_moves(TV_ROW) == (MovedRow(where=None, nominal=(0.5, 0.5, 0.0), worst=(0.5, 0.25, 0.25)),)
    assert worst_moves(Wrapped(TV_ROW)) == worst_moves(TV_ROW)


@pytest.mark.parametrize("uncertainty", [KullbackLeibler(), ChiSquare()])
def test_of_a_curved_ball_a_distribution_with_mass_one(uncertainty: KullbackLeibler | ChiSquare):
    (move,) = worst_moves(Row.of(uncertainty, ["1/2", "1/2"], ["0", "1"], "1/10"))
    assert sum(move.worst) == pytest.approx(1, abs=1e-15)
    assert move.worst[0] > 0.6


def test_of_a_game_the_rows_that_the_worst_kernel_moves():
    game = load("initial-shock")
    moves = worst_moves(Play(game, uniform_policy(game)))
    assert {move.where for move in moves} == {(0, 0, 0, a) for a in range(4)}
    assert all((move.nominal, move.worst) == ((1.0, 0.0), (0.9, 0.1)) for move in moves)


@pytest.mark.parametrize(
    "instance", [None, 3, "text", Play(load("taxi"), uniform_policy(load("initial-shock")))]
)
def test_what_cannot_be_drawn_has_no_moves(instance: object):
    assert worst_moves(instance) == ()


def test_a_game_for_another_policy_has_no_moves():
    other = uniform_policy(load("good-bad-chain"))
    assert worst_moves(Play(load("initial-shock"), other)) == ()
