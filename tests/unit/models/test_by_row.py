"""Games whose rows have sets of their own: interval models and finite lists of kernels."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, row_set, set_at, uniform_policy
from drmg_check.planner import best_response, evaluate, gaps, robust_value_iteration
from drmg_check.readers import read_game, write_game
from drmg_check.sets import (
    L1,
    ByRow,
    Interval,
    ProbabilityBounds,
    Scenarios,
    TotalVariation,
    game_set_from_data,
    game_set_to_data,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_oracles import best_response_exactly, evaluate_exactly
from drmg_oracles.games import brute_force_best_response, brute_force_value
from drmg_oracles.policies import certificate_document, certify, verify_certificate
from drmg_properties.laws import Relabelling, relabel_game, relabel_policy

F = Fraction
ROWS = [[["1/2", "1/2"], ["1/4", "3/4"]], [[0, 1], ["2/3", "1/3"]]]
LOWER = [[("1/4", "1/4"), (0, "1/2")], [(0, "1/2"), ("1/3", 0)]]
UPPER = [[("3/4", 1), ("1/2", 1)], [("1/2", 1), (1, "1/2")]]
BOUNDS = ByRow(
    [
        [ProbabilityBounds(*ends) for ends in zip(*both, strict=True)]
        for both in zip(LOWER, UPPER, strict=True)
    ]
)
LISTS = ByRow(
    [
        [Scenarios([[1, 0], ["1/3", "2/3"]]), Scenarios([["1/4", "3/4"]])],
        [Scenarios([["1/8", "7/8"]]), Scenarios([[0, 1], [1, 0]])],
    ]
)


def game(sets: object, radius: object = 1, horizon: int = 2) -> RobustMarkovGame:
    reward = np.array([[[1, 0], ["1/2", 2]], [[0, 1], [1, 0]]], dtype=object)[:, None]
    return RobustMarkovGame(
        transition=ROWS, reward=reward, radius=radius, uncertainty=sets, actions=(2, 1), horizon=horizon
    )


def by_all_kernels(played: RobustMarkovGame, policy: JointPolicy) -> Fraction:
    """Return agent 0's value of the list as the least return over all choices of listed rows, by hand."""
    rows = [
        [(F(1, 2), F(1, 2)), (F(1), F(0)), (F(1, 3), F(2, 3))],
        [(F(1, 4), F(3, 4))],
        [(F(0), F(1)), (F(1, 8), F(7, 8))],
        [(F(2, 3), F(1, 3)), (F(0), F(1)), (F(1), F(0))],
    ]
    half, least = F(1, 2), []
    r = [[F(1), F(0)], [F(1, 2), F(2)]]
    last = [half * (x + y) for x, y in r]
    for q in product(*rows):
        value = sum(half * (r[0][a] + sum(m * v for m, v in zip(q[a], last, strict=True))) for a in range(2))
        least.append(value)
    assert policy.pi[0, 0].tolist() == [0.5, 0.5]
    return min(least)


@pytest.mark.parametrize(
    "sets", [BOUNDS, LISTS, (BOUNDS, TotalVariation()), (L1(), LISTS)], ids=["b", "l", "bt", "ll"]
)
@pytest.mark.parametrize("radius", [1, "1/3", 0])
def test_planner_and_fractions_agree(sets: object, radius: object):
    played = game(sets, radius, 3)
    policy = uniform_policy(played)
    computed, exactly = evaluate(played, policy), evaluate_exactly(played, policy)
    assert np.abs(computed.V - exactly.lo.astype(float)).max() <= computed.error.max()
    assert (exactly.lo == exactly.hi).all()
    for i in range(2):
        answer = best_response(played, policy, i)
        assert abs(answer.V[0, 0] - float(best_response_exactly(played, policy, i).lo[0, 0])) < 1e-12


def test_the_worst_of_a_list_is_the_worst_of_all_its_kernels():
    played = game(LISTS)
    policy = uniform_policy(played)
    assert evaluate_exactly(played, policy).lo[0, 0, 0] == by_all_kernels(played, policy)


def test_bounds_are_evaluated_as_brute_force_over_their_vertices_does():
    played = game(BOUNDS)
    policy = uniform_policy(played)
    for i in range(2):
        assert evaluate_exactly(played, policy).lo[i, 0, 0] == brute_force_value(played, policy, i)
        assert best_response_exactly(played, policy, i).lo[0, 0] == brute_force_best_response(
            played, policy, i
        )


def test_bounds_at_a_distance_of_rho_are_the_interval_ball():
    """Each row of an interval model may be written as bounds; then both sets are one."""
    rho = F(1, 8)

    def around(p: list[object]) -> ProbabilityBounds:
        x = [F(v) for v in p]
        return ProbabilityBounds(tuple(max(v - rho, F(0)) for v in x), tuple(min(v + rho, F(1)) for v in x))

    data = ByRow([[around(p) for p in line] for line in ROWS])
    policy = uniform_policy(game(data))
    assert (
        evaluate_exactly(game(data), policy).lo == evaluate_exactly(game(Interval(), rho), policy).lo
    ).all()


def test_one_set_for_all_rows_is_that_set():
    whole, each = L1("nominal"), ByRow([[L1("nominal")] * 2] * 2)
    policy = uniform_policy(game(whole))
    assert (evaluate_exactly(game(whole), policy).lo == evaluate_exactly(game(each), policy).lo).all()
    assert (evaluate(game(whole), policy).V == evaluate(game(each), policy).V).all()
    assert set_at(game(each).stages[0], 0, 1, 1) == whole


def test_a_policy_of_an_interval_model_is_certified_and_the_certificate_verified():
    for sets in (BOUNDS, LISTS):
        played = game(sets)
        policy = uniform_policy(played)
        assert verify_certificate(certificate_document(certify(played, policy))) > 0


def test_it_survives_files_and_relabelling(tmp_path: Path):
    played = game((BOUNDS, LISTS))
    assert game_set_from_data(game_set_to_data(BOUNDS)) == BOUNDS
    write_game(played, tmp_path / "game.json")
    again = read_game(tmp_path / "game.json")
    assert again.uncertainty == played.uncertainty
    how = Relabelling(agents=(1, 0), states=(1, 0), actions=((1, 0), (0,)))
    moved, policy = relabel_game(played, how), uniform_policy(played)
    before, after = (
        evaluate_exactly(played, policy).lo,
        evaluate_exactly(moved, relabel_policy(policy, how)).lo,
    )
    assert (after == before[[1, 0]][..., [1, 0]]).all()


def test_plans_are_equilibria_up_to_their_bound():
    plan = robust_value_iteration(game(BOUNDS), "nash")
    gain = gaps(game(BOUNDS), plan.policy)
    assert gain.cce.max() <= plan.bound + gain.error.max()


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (lambda: ByRow([]), "expected one for each joint action"),
        (lambda: ByRow([[L1()], [L1(), L1()]]), "expected one for each joint action"),
        (lambda: ByRow([["tv"]]), r"sets\[0\]\[0\]"),
        (lambda: ByRow([[ProbabilityBounds((0,), (1,))], [L1()]]), "lower has 1 states; expected 2"),
        (lambda: game(ByRow([[L1()], [L1()]])), "has 1 sets for a state; expected 2"),
        (
            lambda: game(ByRow([[L1(), TotalVariation()]] * 2), 2),
            "radius=2 is illegal|illegal for the tv set",
        ),
        (lambda: game(ByRow([[L1()] * 2] * 3)), "has 3 states; the game has 2"),
        (lambda: game_set_from_data({"kind": "by-row", "sets": 3}), "by-row"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(sets: object, message: str):
    with pytest.raises(InputError, match=message):
        sets()  # type: ignore[operator]


def test_whoever_needs_one_set_for_all_rows_says_so():
    with pytest.raises(UnsupportedError, match="has a set for each row"):
        row_set(game(BOUNDS).stages[0], 0)
