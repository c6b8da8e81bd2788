"""An independent solver reaches the same welfare and the same values of matrix games."""

from collections.abc import Callable
from math import prod

import numpy as np
import pytest
from scipy.optimize import linprog

from drmg_check.equilibria import solve_stages

TOLERANCE = 1e-10  # feasibility that HiGHS is asked for, on rows of size one
OURS = 2.0**-34 + 2.0**-39  # the accuracy of solve_stages, see test_solve


def deviation_rows(payoffs: np.ndarray, actions: tuple[int, ...], *, swaps: bool) -> np.ndarray:
    """Return the rows of G x <= 0, written independently of the package."""
    rows = []
    tensors = payoffs.reshape(len(actions), *actions)
    for i, n in enumerate(actions):
        for j in range(n):
            deviated = np.repeat(np.take(tensors[i], [j], axis=i), n, axis=i)
            gain = deviated - tensors[i]
            if not swaps:
                rows.append(gain.ravel())
                continue
            for k in range(n):
                part = np.zeros(actions)
                where = (slice(None),) * i + (k,)
                part[where] = gain[where]
                rows.append(part.ravel())
    return np.array([row for row in rows if np.abs(row).max() > 0.0])


@pytest.mark.parametrize("actions", [(3, 3), (5, 5), (2, 2, 2), (3, 3, 3)])
@pytest.mark.parametrize("family", ["uniform", "integers 0..2", "constant sum", "own action irrelevant"])
def test_no_equilibrium_has_a_larger_welfare(
    family: str, actions: tuple[int, ...], draw_games: Callable[..., np.ndarray]
):
    """The optima differ by at most the tolerances of both sides times the dual variables."""
    payoffs = draw_games(family, actions, 4, seed=3)
    for swaps in (False, True):
        solved = solve_stages(payoffs, actions, "ce" if swaps else "cce")
        for s in range(payoffs.shape[1]):
            welfare = payoffs[:, s].sum(axis=0)
            rows = deviation_rows(payoffs[:, s], actions, swaps=swaps)
            if not len(rows):
                continue
            rows /= np.abs(rows).max(axis=1, keepdims=True)
            optimum = linprog(
                -welfare,
                A_ub=rows,
                b_ub=np.zeros(len(rows)),
                A_eq=np.ones((1, prod(actions))),
                b_eq=np.ones(1),
                method="highs-ds",
                options={"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE},
            )
            assert optimum.status == 0
            multipliers = np.abs(optimum.ineqlin.marginals).sum() + np.abs(optimum.eqlin.marginals).sum()
            allowed = (TOLERANCE + OURS) * (multipliers + np.abs(payoffs).max())
            assert abs(-optimum.fun - welfare @ solved.x[s]) <= allowed


@pytest.mark.parametrize("actions", [(2, 2), (3, 5), (6, 6)])
def test_matrix_games_have_the_value_of_the_linear_program(
    actions: tuple[int, int], draw_games: Callable[..., np.ndarray]
):
    payoff = draw_games("uniform", actions, 20, seed=4)[0]
    solved = solve_stages(np.array([payoff, -payoff]), actions, "nash")
    rows, columns = actions
    for s in range(20):
        optimum = linprog(
            np.append(np.zeros(rows), -1.0),
            A_ub=np.hstack([-payoff[s].reshape(actions).T, np.ones((columns, 1))]),
            b_ub=np.zeros(columns),
            A_eq=np.append(np.ones(rows), 0.0)[None],
            b_eq=np.ones(1),
            method="highs-ds",
            options={"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE},
        )
        # Both strategies of a matrix game are within the gap of the value, from either side.
        assert abs(-optimum.fun - payoff[s] @ solved.x[s]) <= 2.0 * OURS + 4.0 * TOLERANCE
