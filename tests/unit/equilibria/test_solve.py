"""Stage equilibria: every family and shape meets the stated accuracy; known games have known answers."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from drmg_check.equilibria import Method, solve_stages, stage_gaps
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, NumericalError

SHAPES = [(2, 2), (3, 3), (5, 5), (2, 3), (2, 2, 2), (3, 3, 3), (2, 2, 2, 2)]
# An accepted point gains at most 2^-36 of payoffs scaled to span at most 1, so at most 2^-35 of their
# span, which is at most twice the largest; rounding to the grid moves each side of a gain by half of
# at most 2^-39 of the largest.
ACCURACY = 2.0**-34 + 2.0**-39


@pytest.mark.parametrize("actions", SHAPES, ids=lambda actions: "x".join(map(str, actions)))
@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_no_gap_exceeds_the_accuracy(
    concept: str, actions: tuple[int, ...], every_family: str, draw_games: Callable[..., np.ndarray]
):
    payoffs = draw_games(every_family, actions, 25)
    solved = solve_stages(payoffs, actions, concept)
    assert (solved.method != Method.FAILED).all()
    assert (solved.gap <= ACCURACY * np.abs(payoffs).max()).all()
    assert (solved.x >= 0.0).all()
    assert (np.abs(solved.x.sum(axis=1) - 1.0) <= solved.x.shape[1] * 2.0**-52).all()


def stage(*payoffs: list[list[float]]) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return the payoffs [m, 1, A] of one stage game, and the numbers of actions."""
    each = [np.array(u, dtype=float) for u in payoffs]
    return np.array([u.ravel() for u in each])[:, None], each[0].shape


def test_rock_paper_scissors_is_mixed_evenly():
    win = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    solved = solve_stages(*stage(win, [[-u for u in row] for row in win]), "nash")
    for play in solved.marginals:
        assert np.abs(play[0] - 1 / 3).max() <= ACCURACY


def test_the_best_pure_equilibrium_of_the_stag_hunt_is_the_stag():
    solved = solve_stages(*stage([[4, 0], [3, 2]], [[4, 3], [0, 2]]), "nash")
    assert solved.x[0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert solved.method[0] == Method.PURE


def test_equal_welfare_prefers_the_larger_smallest_payoff():
    """(0, 0) pays (5, 1) and (1, 1) pays (3, 3); both are equilibria."""
    solved = solve_stages(*stage([[5, 0], [0, 3]], [[1, 0], [0, 3]]), "nash")
    assert solved.x[0].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_the_battle_of_the_sexes_treats_both_alike():
    """Neither pure equilibrium can be preferred without naming an agent; each plays its own with 2/3."""
    solved = solve_stages(*stage([[2, 0], [0, 1]], [[1, 0], [0, 2]]), "nash")
    assert solved.method[0] == Method.LOGIT
    assert np.abs(solved.marginals[0][0] - [2 / 3, 1 / 3]).max() <= ACCURACY
    assert np.abs(solved.marginals[1][0] - [1 / 3, 2 / 3]).max() <= ACCURACY


def test_three_agents_with_only_a_mixed_equilibrium():
    """Each wants to differ from the next; one half each is the only equilibrium."""
    payoffs = np.zeros((3, 1, 8))
    for a, each in enumerate(np.ndindex(2, 2, 2)):
        payoffs[0, 0, a] = each[0] != each[1]
        payoffs[1, 0, a] = each[1] != each[2]
        payoffs[2, 0, a] = each[2] != each[0]
    solved = solve_stages(payoffs, (2, 2, 2), "nash")
    assert all(np.abs(play - 0.5).max() <= ACCURACY for play in solved.marginals)


def test_the_most_even_of_all_distributions_is_uniform():
    for concept in ("cce", "ce"):
        solved = solve_stages(np.zeros((2, 1, 6)), (2, 3), concept)
        assert np.abs(solved.x - 1 / 6).max() <= ACCURACY


def test_two_actions_make_every_cce_a_ce(draw_games: Callable[..., np.ndarray]):
    """Ignoring the recommendation of one of two actions is the same as modifying the other one."""
    payoffs = draw_games("uniform", (2, 2, 2), 200)
    cce, ce = (solve_stages(payoffs, (2, 2, 2), concept).x for concept in ("cce", "ce"))
    assert (cce == ce).all()


# Ties broken by noise of 1e-7: every agent mixes, two of them with weights of about 1e-8.
NEAR_TIES = """
    222112100202100021100000222
    111110011200202021021221201
    121222112010111111011100021
"""
NOISE = (  # in units of 2^-38
    5039,
    24513,
    24994,
    13402,
    10489,
    2992,
    27308,
    10277,
    12402,
    3130,
    9975,
    9458,
    14415,
    2843,
    21740,
    1584,
    3942,
    23143,
    21953,
    11746,
    27137,
    8296,
    10168,
    1791,
    6401,
    16553,
    5315,
    1083,
    11083,
    22067,
    5645,
    17830,
    3214,
    9277,
    19189,
    11319,
    14777,
    3177,
    23805,
    5094,
    19766,
    23148,
    18441,
    22686,
    26104,
    25056,
    23573,
    7592,
    15509,
    9351,
    13329,
    7325,
    23985,
    25559,
    2420,
    13264,
    18287,
    501,
    7827,
    23160,
    18657,
    25286,
    5050,
    14592,
    23467,
    10930,
    13948,
    24377,
    11737,
    8245,
    1452,
    26827,
    11670,
    20629,
    1180,
    8842,
    24978,
    846,
    4044,
    27225,
    19894,
)


def test_supports_are_tried_thoroughly_before_giving_up():
    whole = np.array([[int(digit) for digit in row] for row in NEAR_TIES.split()])
    payoffs = whole + np.reshape(NOISE, (3, 27)) * 2.0**-38
    solved = solve_stages(payoffs[:, None], (3, 3, 3), "nash")
    assert solved.method[0] != Method.FAILED
    assert solved.gap[0] <= ACCURACY * payoffs.max()


# Newton's method finds no support: payoffs of one agent span eleven orders of magnitude.
UNSOLVED = (
    (
        0.0001,
        0.0,
        0.0,
        0.2,
        0.01,
        0.0,
        0.0002,
        0.0,
        1e-06,
        2e-11,
        2e-07,
        0.0,
        2e-11,
        0.0,
        0.0,
        0.001,
        1e-09,
        2e-11,
    ),
    (
        0.1,
        2e-09,
        0.1,
        2e-08,
        1e-08,
        0.02,
        0.0,
        0.0,
        0.001,
        0.0001,
        1e-08,
        1e-08,
        0.0,
        1e-08,
        1e-06,
        0.0,
        1e-06,
        1e-11,
    ),
    (
        2e-10,
        0.0,
        0.0,
        0.0,
        2e-06,
        2.0,
        1e-07,
        0.0,
        1e-09,
        1e-08,
        0.0001,
        0.0,
        0.001,
        0.0,
        0.0,
        1e-05,
        0.0,
        0.0001,
    ),
)


def test_what_no_method_solves_is_marked_and_never_returned_by_a_plan():
    payoffs = np.array(UNSOLVED)[:, None]
    solved = solve_stages(payoffs, (3, 2, 3), "nash")
    assert solved.method[0] == Method.FAILED
    assert solved.gap[0] == stage_gaps(payoffs, solved.x, (3, 2, 3), "nash")[0] > ACCURACY * payoffs.max()
    game = RobustMarkovGame(
        transition=np.ones((1, 1, 18, 1)),
        reward=payoffs[:, None],
        radius=0.0,
        uncertainty=TotalVariation(),
        actions=(3, 2, 3),
    )
    with pytest.raises(NumericalError, match="gap="):
        robust_value_iteration(game, "nash")
    assert robust_value_iteration(game, "cce").bound <= 1e-9


def test_a_continuum_of_symmetric_equilibria_is_entered_alike_under_any_labels():
    """The first two actions are duplicates, so no regular system describes the symmetric equilibrium."""
    own = np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 1.0], [2.0, 2.0, 0.0]])
    for first in permutations(range(3)):
        for second in permutations(range(3)):
            payoffs = np.array([own[np.ix_(first, second)], own.T[np.ix_(first, second)]])
            solved = solve_stages(payoffs.reshape(2, 1, 9), (3, 3), "nash")
            earned = (payoffs.reshape(2, 9) * solved.x[0]).sum(axis=1)
            assert np.abs(earned - 0.8).max() <= 2.0**-16  # the root is a double one: sqrt(ACCURACY)


def test_one_agent_takes_a_best_action_with_certainty():
    payoffs = np.array([[[1.0, 3.0, 2.0], [5.0, 5.0, 0.0]]])
    for concept in ("nash", "cce", "ce"):
        solved = solve_stages(payoffs, (3,), concept)
        assert solved.x.tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


def test_a_game_is_solved_alike_in_any_batch(draw_games: Callable[..., np.ndarray]):
    payoffs = draw_games("integers 0..2", (3, 3), 60)
    for concept in ("nash", "cce", "ce"):
        together = solve_stages(payoffs, (3, 3), concept, scale=4.0)
        for s in range(0, 60, 7):
            alone = solve_stages(payoffs[:, s : s + 1], (3, 3), concept, scale=4.0)
            assert (alone.x[0] == together.x[s]).all()


def test_the_last_bit_of_a_payoff_does_not_decide(draw_games: Callable[..., np.ndarray], every_family: str):
    """Selection jumps with the payoffs; rounding them to the grid first keeps noise of sums out of it."""
    rng = np.random.default_rng(1)
    payoffs = draw_games(every_family, (3, 3), 60)
    if every_family.startswith(("near", "uniform", "players", "own")):
        payoffs = np.rint(payoffs * 2.0**20) * 2.0**-20  # on the grid, so that no value lies between two
    noisy = payoffs * (1.0 + rng.integers(-2, 3, payoffs.shape) * 2.0**-52)
    scale = float(2.0 * np.abs(payoffs).max())
    for concept in ("nash", "cce", "ce"):
        before, after = (solve_stages(u, (3, 3), concept, scale=scale) for u in (payoffs, noisy))
        assert (before.x == after.x).all()


def test_what_does_not_fit_is_refused():
    for payoffs, actions, concept, scale, message in (
        (np.zeros((2, 1, 5)), (2, 2), "ce", 0.0, "payoffs.shape"),
        (np.full((2, 1, 4), np.inf), (2, 2), "ce", 0.0, "finite"),
        (np.full((2, 1, 4), np.nan), (2, 2), "ce", 1.0, "finite"),
        (np.ones((2, 1, 4)), (2, 2), "ce", 0.5, "scale"),
        (np.ones((2, 1, 4)), (2, 2), "correlated", 1.0, "concept"),
    ):
        with pytest.raises(InputError, match=message):
            solve_stages(payoffs, actions, concept, scale=scale)
