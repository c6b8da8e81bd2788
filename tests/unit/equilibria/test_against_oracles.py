"""The stage solvers against exact vertices, exact paths and existence proofs that share no code with them."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.equilibria import Method, solve_stages
from drmg_check.equilibria._exact_bimatrix import lemke_howson_exactly
from drmg_check.equilibria._exact_correlated import correlated_exactly
from drmg_oracles import (
    correlated_optimum,
    lemke_howson,
    prove_equilibrium,
    proves_optimum,
    stage_gap_exactly,
)

OURS = 2.0**-34 + 2.0**-39  # the accuracy of solve_stages, see test_solve


@pytest.mark.parametrize("actions", [(2, 2), (3, 3), (2, 2, 2)])
def test_the_welfare_is_the_exact_optimum(
    actions: tuple[int, ...], every_family: str, draw_games: Callable[..., np.ndarray]
):
    """Gains of at most OURS raise the welfare by their multipliers; the grid moves each payoff by less."""
    payoffs = draw_games(every_family, actions, 4, seed=5)
    size = np.abs(payoffs).max()
    for concept in ("cce", "ce"):
        solved = solve_stages(payoffs, actions, concept)
        for s in range(payoffs.shape[1]):
            best = correlated_optimum(payoffs[:, s], actions, concept)
            assert proves_optimum(payoffs[:, s], actions, concept, best)
            welfare = float(payoffs[:, s].sum(axis=0) @ solved.x[s])
            allowed = OURS * size * (len(actions) + 2.0 * float(sum(best.multipliers)))
            assert abs(welfare - float(best.value)) <= allowed


@pytest.mark.parametrize("actions", [(2, 3), (3, 3), (2, 2, 2)])
def test_the_rational_fallback_reaches_the_exact_optimum(
    actions: tuple[int, ...], every_family: str, draw_games: Callable[..., np.ndarray]
):
    """To the fraction: two rational methods, one by pivots from the best profile, one by the dual."""
    K = np.rint(draw_games(every_family, actions, 2, seed=6) * 2.0**30).astype(np.int64)
    for s in range(K.shape[1]):
        for concept in ("cce", "ce"):
            x = correlated_exactly(K[:, s], actions, swaps=concept == "ce")
            welfare = sum(int(w) * p for w, p in zip(K[:, s].sum(axis=0), x, strict=True))
            assert welfare == correlated_optimum(K[:, s], actions, concept).value
            assert stage_gap_exactly(K[:, s], actions, x, concept) <= 0


def test_two_exact_paths_end_alike(every_family: str, draw_games: Callable[..., np.ndarray]):
    """Integer-preserving and rational pivots, from every label; ties are broken by the same perturbation."""
    K = np.rint(draw_games(every_family, (3, 4), 3, seed=7) * 2.0**40).astype(np.int64)
    for s in range(K.shape[1]):
        A, B = (K[i, s].reshape(3, 4).tolist() for i in range(2))
        for label in range(7):
            x, y = lemke_howson_exactly(A, B, label)
            assert (tuple(x), tuple(y)) == lemke_howson(K[:, s], (3, 4), label)


@pytest.mark.parametrize("actions", [(2, 2), (4, 4), (2, 2, 2), (3, 3, 3), (2, 2, 2, 2)])
def test_every_nash_of_a_generic_game_is_proved_to_exist(
    actions: tuple[int, ...], draw_games: Callable[..., np.ndarray]
):
    """Exactly one equilibrium lies in a box narrower than 2^-60, and it is what was returned up to 2^-20.

    How far a small gap lets a profile be off depends on the game; here 2^-34 and a factor of 2^14.
    """
    payoffs = draw_games("uniform", actions, 12, seed=8)
    solved = solve_stages(payoffs, actions, "nash")
    for s in range(payoffs.shape[1]):
        plays = [play[s] for play in solved.marginals]
        box = prove_equilibrium(payoffs[:, s], plays)
        assert box is not None
        for play, bounds in zip(plays, box.bounds, strict=True):
            for p, (low, high) in zip(play, bounds, strict=True):
                assert high - low < Fraction(1, 2**60)
                assert abs(Fraction(float(p)) - low) < Fraction(1, 2**20)


def test_mixed_equilibria_are_among_those_proved(draw_games: Callable[..., np.ndarray]):
    """The test above would be empty if all its equilibria were pure."""
    solved = solve_stages(draw_games("uniform", (3, 3, 3), 12, seed=8), (3, 3, 3), "nash")
    assert (solved.method == Method.SUPPORTS).sum() >= 2
