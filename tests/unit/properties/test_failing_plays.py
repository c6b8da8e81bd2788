"""Claims that presume Assumption 1 refuse a game without failure states, and know every kind of them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import find

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_properties import Budget, decode_instance, encode_instance
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.model._bellman import _closed_plays, _response_and_deviations
from drmg_properties.claims.mornavi.total_variation._sums import Visits
from drmg_properties.instances._plays import FailingPlay, Play, lacks_failure_state

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__


def game_of(kernel: list[list[float]], paid: list[float]) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=np.array(kernel)[:, np.newaxis],
        reward=np.array(paid)[:, np.newaxis],
        radius=np.array(Fraction(1, 2), dtype=object),
        uncertainty=(TotalVariation(),),
        actions=(1,),
        horizon=2,
    )


def lively() -> dict[str, Any]:
    """Return, as JSON, a play of two states that pay and are never left: there is no failure state."""
    game = game_of([[1, 0], [0, 1]], [1, 1])
    instance: dict[str, Any] = json.loads(encode_instance(claim("B1"), Play(game, uniform_policy(game))))
    return instance


@pytest.mark.parametrize("name", ["A9.corrected", "B4.corrected", "B23.corrected", "B26"])
def test_a_claim_for_failure_states_refuses_what_refutes_it_without(name: str) -> None:
    with pytest.raises(InputError, match="breaks Assumption 1"):
        decode_instance(claim(name), json.dumps(lively()))


def test_so_does_the_one_with_a_bonus() -> None:
    with pytest.raises(InputError, match="breaks Assumption 1"):
        decode_instance(claim("B5.corrected"), json.dumps({"play": lively(), "beta": "1"}))


@pytest.mark.parametrize(
    ("kernel", "paid", "fails"),
    [
        ([[1, 0], [0, 1]], [1, 0], True),
        ([[1, 0], [0, 1]], [1, 1], False),  # nothing is without reward
        ([[1, 0], [0.5, 0.5]], [1, 0], False),  # the one without reward may be left
        ([[1, 0, 0], [0, 0, 1], [0, 1, 0]], [1, 0, 0], True),  # two lead to each other
        ([[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0]], [1, 0, 0], False),  # and then to what pays
    ],
)
def test_failure_states_are_a_closed_set_without_reward(
    kernel: list[list[float]], paid: list[float], fails: bool
) -> None:
    game = game_of(kernel, paid)
    assert (lacks_failure_state(game) == "") is fails
    if fails:
        assert claim("A9.corrected").derive(FailingPlay(game, uniform_policy(game))).difference.holds


def test_assumption_1_is_about_rewards_that_are_not_negative() -> None:
    game = replace(game_of([[1, 0], [0, 1]], [1, 0]), reward=np.array([[-1.0], [0.0]]))
    with pytest.raises(InputError, match="negative rewards"):
        FailingPlay(game, uniform_policy(game))
    on_game = claim("A9.corrected").on_game
    assert on_game is not None
    with pytest.raises(UnsupportedError, match="negative rewards"):
        on_game(game)


def test_the_search_reaches_failure_states_that_lead_to_each_other() -> None:
    def swaps(play: FailingPlay) -> bool:
        P = play.game.P[0, :, 0]
        return bool(len(P) >= 2 and P[-1, -2] == P[-2, -1] == 1)

    find(_closed_plays(Budget(max_examples=40, size=1, seed=0)), swaps)


def test_best_responses_are_compared_at_every_step() -> None:
    game = game_of([[1, 0], [0, 1]], [1, 0])
    labels = [label for label, _, _ in _response_and_deviations(Play(game, uniform_policy(game)))]
    assert labels == [f"agent 0, step {h}, s{s}" for h in (1, 2) for s in (0, 1)]


def test_the_logarithm_of_inverse_visits_is_the_least_of_its_pairs() -> None:
    """One visit to each of two pairs: 2 log(2 * 20 * 2^(3/2)) - 2, as S = 1 and A = 2, not the reverse."""
    slack = claim("B27").derive(Visits((1, 1))).difference
    assert float(slack.low) == pytest.approx(2 * np.log(2 * 20 * 2**1.5) - 2)
