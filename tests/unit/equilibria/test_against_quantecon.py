"""QuantEcon agrees where it is right; where its simplex method is wrong, exact arithmetic says so."""

import fcntl
import importlib
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from math import prod
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages, stage_gaps
from drmg_oracles import correlated_optimum, proves_optimum, stage_gap_exactly

if not find_spec("quantecon"):
    pytest.skip("a development dependency: pip install drmg-check[dev]", allow_module_level=True)
AGREE = 1e-9  # QuantEcon states no accuracy; where it is right it is right to this


@pytest.fixture(scope="module")
def quantecon() -> ModuleType:
    """Import it in one process at a time.

    Importing it compiles NumPy ufuncs into Numba's cache. When two processes do so at once, the second may
    store one without its inner loop, and from then on every import aborts: LLVM ERROR: Symbol not found.
    """
    with (Path(sys.prefix) / ".quantecon-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return importlib.import_module("quantecon")


def largest_welfare(quantecon: ModuleType, payoffs: np.ndarray, actions: tuple[int, ...], *, swaps: bool):
    """Return the CCE or CE of largest welfare by QuantEcon's simplex method."""
    A = prod(actions)
    rows = []
    for i, n in enumerate(actions):
        u, play = payoffs[i].reshape(actions), np.indices(actions)[i]
        for j in range(n):
            gain = np.take(u, [j], axis=i) - u
            rows += [np.where(play == k, gain, 0.0).ravel() for k in range(n)] if swaps else [gain.ravel()]
    G = np.array(rows)
    return quantecon.optimize.linprog_simplex(
        payoffs.sum(axis=0), A_ub=G, b_ub=np.zeros(len(G)), A_eq=np.ones((1, A)), b_eq=np.ones(1)
    )


@pytest.mark.parametrize("actions", [(2, 2), (3, 3), (2, 2, 2)])
def test_both_find_the_largest_welfare(
    quantecon: ModuleType, actions: tuple[int, ...], draw_games: Callable[..., np.ndarray]
):
    payoffs = draw_games("uniform", actions, 50, seed=9)
    for swaps in (False, True):
        solved = solve_stages(payoffs, actions, "ce" if swaps else "cce")
        for s in range(payoffs.shape[1]):
            theirs = largest_welfare(quantecon, payoffs[:, s], actions, swaps=swaps)
            assert theirs.success
            assert abs(theirs.fun - payoffs[:, s].sum(axis=0) @ solved.x[s]) <= AGREE


def test_both_find_the_value_of_matrix_games(quantecon: ModuleType, draw_games: Callable[..., np.ndarray]):
    payoff = draw_games("uniform", (4, 5), 20, seed=10)[0]
    solved = solve_stages(np.array([payoff, -payoff]), (4, 5), "nash")
    for s in range(20):
        value, _, _ = quantecon.optimize.minmax(payoff[s].reshape(4, 5))
        assert abs(value - payoff[s] @ solved.x[s]) <= AGREE


def test_its_path_of_lemke_and_howson_ends_in_an_equilibrium_too(
    quantecon: ModuleType, draw_games: Callable[..., np.ndarray]
):
    payoffs = draw_games("uniform", (4, 4), 20, seed=11)
    for s in range(20):
        A, B = payoffs[:, s].reshape(2, 4, 4)
        players = [quantecon.game_theory.Player(A), quantecon.game_theory.Player(B.T)]
        x, y = quantecon.game_theory.lemke_howson(quantecon.game_theory.NormalFormGame(players))
        assert stage_gaps(payoffs[:, s : s + 1], np.outer(x, y).reshape(1, 16), (4, 4), "nash")[0] <= AGREE


@pytest.mark.skipif(version("quantecon") != "0.11.4", reason="the instances were found in version 0.11.4")
@pytest.mark.parametrize(
    ("seed", "gap", "short"), [(12633, 0.4, 0.2), (2837, 0.0, 0.005)], ids=["no equilibrium", "no optimum"]
)
def test_its_simplex_method_succeeds_with_a_wrong_answer(
    quantecon: ModuleType, seed: int, gap: float, short: float
):
    """Of 15,000 games of 5 x 5 actions, 23 such answers: here one that is no CE, one of less welfare."""
    payoffs = np.random.default_rng(seed).random((2, 25))
    theirs = largest_welfare(quantecon, payoffs, (5, 5), swaps=True)
    assert theirs.success
    assert theirs.x.min() >= -AGREE
    best = correlated_optimum(payoffs, (5, 5), "ce")
    assert proves_optimum(payoffs, (5, 5), "ce", best)
    assert stage_gap_exactly(payoffs, (5, 5), theirs.x, "ce") >= gap
    assert float(best.value) - theirs.fun >= short
    ours = solve_stages(payoffs[:, None], (5, 5), "ce")
    assert stage_gap_exactly(payoffs, (5, 5), ours.x[0], "ce") <= AGREE
    assert abs(float(best.value) - payoffs.sum(axis=0) @ ours.x[0]) <= AGREE
