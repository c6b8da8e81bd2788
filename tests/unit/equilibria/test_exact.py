"""The rational fallbacks, and the float solvers against them: on integer games the same fractions."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.equilibria import Method, solve_stages
from drmg_check.equilibria._exact_bimatrix import lemke_howson_exactly
from drmg_check.equilibria._exact_correlated import correlated_exactly


def exact_gains(
    K: np.ndarray, x: Sequence[Fraction], actions: tuple[int, ...], *, swaps: bool
) -> list[Fraction]:
    """Return each agent's largest gain from a deviation, from the definition."""
    gains = []
    for i, n in enumerate(actions):
        D = [[Fraction(0)] * n for _ in range(n)]
        for a, each in enumerate(np.ndindex(*actions)):
            for j in range(n):
                other = np.ravel_multi_index((*each[:i], j, *each[i + 1 :]), actions)
                D[each[i]][j] += x[a] * (int(K[i, other]) - int(K[i, a]))
        if swaps:
            gains.append(sum((max(row) for row in D), Fraction(0)))
        else:
            gains.append(max(sum(column, Fraction(0)) for column in zip(*D, strict=True)))
    return gains


@pytest.mark.parametrize("actions", [(2, 2), (3, 3), (2, 2, 2), (2, 3)])
@pytest.mark.parametrize("family", ["integers 0..1", "integers 0..2", "duplicated action", "constant sum"])
def test_float_and_rational_selection_agree_to_the_fraction(
    family: str, actions: tuple[int, ...], draw_games: Callable[..., np.ndarray]
):
    """Denominators stay below 10^6 here, so fractions as close as floats are equal."""
    payoffs = draw_games(family, actions, 25)
    for swaps in (False, True):
        solved = solve_stages(payoffs, actions, "ce" if swaps else "cce")
        assert (solved.method == Method.SIMPLEX).all()
        for s in range(payoffs.shape[1]):
            exactly = correlated_exactly(payoffs[:, s].astype(int), actions, swaps=swaps)
            assert [Fraction(w).limit_denominator(10**6) for w in solved.x[s]] == exactly
            assert max(exact_gains(payoffs[:, s].astype(int), exactly, actions, swaps=swaps)) <= 0


@pytest.mark.parametrize("actions", [(3, 3), (2, 2, 2)])
def test_the_rational_fallback_is_an_equilibrium_however_close_the_ties(
    actions: tuple[int, ...], draw_games: Callable[..., np.ndarray]
):
    payoffs = draw_games("near ties 1e-7", actions, 10)
    K = np.rint(payoffs * 2.0**40).astype(np.int64)
    for s in range(10):
        for swaps in (False, True):
            x = correlated_exactly(K[:, s], actions, swaps=swaps)
            assert sum(x) == 1
            assert min(x) >= 0
            assert max(exact_gains(K[:, s], x, actions, swaps=swaps)) <= 0


@pytest.mark.parametrize(
    "family", ["uniform", "zero", "integers 0..1", "near ties 1e-7", "duplicated action"]
)
def test_integer_lemke_howson_ends_in_an_exact_equilibrium(
    family: str, draw_games: Callable[..., np.ndarray]
):
    """From every label; also where float ratios would be misordered."""
    actions = (3, 4)
    K = np.rint(draw_games(family, actions, 10) * 2.0**40).astype(np.int64)
    for s in range(10):
        A, B = (K[i, s].reshape(actions).tolist() for i in range(2))
        for label in range(7):
            x, y = lemke_howson_exactly(A, B, label)
            product = [p * q for p in x for q in y]
            assert sum(product) == 1
            assert min(product) >= 0
            assert max(exact_gains(K[:, s], product, actions, swaps=False)) == 0


def test_what_floats_cannot_settle_is_settled_in_rationals(draw_games: Callable[..., np.ndarray]):
    """Among near ties some games need it; the result says which."""
    payoffs = draw_games("near ties 1e-7", (5, 5), 100)
    solved = solve_stages(payoffs, (5, 5), "ce")
    assert (solved.method == Method.EXACT).any()
    assert solved.gap.max() <= (2.0**-34 + 2.0**-39) * np.abs(payoffs).max()  # see test_solve


def test_lemke_howson_finds_the_known_equilibria():
    """Von Stengel (2007), example 3.3: labels reach the equilibria ((0, 1/3, 2/3), (1/3, 2/3)) and others."""
    A, B = [[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]
    thirds = [Fraction(k, 3) for k in range(3)]
    known = [
        ([Fraction(1), Fraction(0), Fraction(0)], [Fraction(1), Fraction(0)]),
        ([Fraction(4, 5), Fraction(1, 5), Fraction(0)], [thirds[2], thirds[1]]),
        ([Fraction(0), thirds[1], thirds[2]], [thirds[1], thirds[2]]),
    ]
    reached = [lemke_howson_exactly(A, B, label) for label in range(5)]
    assert all((x, y) in known for x, y in reached)
