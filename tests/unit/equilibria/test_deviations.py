"""Deviation gains against their definition, summed term by term."""

from fractions import Fraction
from itertools import product

import numpy as np

from drmg_check.equilibria import deviation_payoffs, modification_value, response_values, stage_gaps, value

ACTIONS = (2, 3, 2)


def by_definition(payoff: np.ndarray, x: np.ndarray, i: int) -> list[list[Fraction]]:
    """Return D[k, k'] in rationals, from the sum over joint actions as written."""
    n = ACTIONS[i]
    D = [[Fraction(0)] * n for _ in range(n)]
    for a in product(*map(range, ACTIONS)):
        for j in range(n):
            deviated = (*a[:i], j, *a[i + 1 :])
            weight = Fraction(x[np.ravel_multi_index(a, ACTIONS)])
            D[a[i]][j] += weight * Fraction(payoff[np.ravel_multi_index(deviated, ACTIONS)])
    return D


def test_every_entry_is_within_its_rounding_bound():
    rng = np.random.default_rng(0)
    payoff, x = rng.normal(size=(4, 12)), rng.dirichlet(np.ones(12), size=4)
    for i in range(3):
        D = deviation_payoffs(payoff, x, i, ACTIONS)
        for s in range(4):
            exact = by_definition(payoff[s], x[s], i)
            bound = 13 * 2.0**-53 * np.abs(payoff[s]).max() * x[s].sum()
            for k, j in product(range(ACTIONS[i]), repeat=2):
                assert abs(Fraction(D[s, k, j]) - exact[k][j]) <= Fraction(bound)


def test_modifying_recommendations_never_earns_less_than_ignoring_them():
    """Exactly, in floating point: the two sums run in the same order and rounding is monotone."""
    rng = np.random.default_rng(1)
    payoff, x = rng.normal(size=(5000, 12)), rng.dirichlet(np.ones(12), size=5000)
    for i in range(3):
        D = deviation_payoffs(payoff, x, i, ACTIONS)
        assert (modification_value(D) >= response_values(D).max(axis=1)).all()
        assert (modification_value(D) >= value(D)).all()


def test_stage_gaps_take_the_agent_that_gains_most():
    payoffs = np.array([[[0.0, 0.0, 1.0, 0.0]], [[0.0, 3.0, 0.0, 0.0]]])
    x = np.array([[1.0, 0.0, 0.0, 0.0]])
    assert stage_gaps(payoffs, x, (2, 2), "nash").tolist() == [3.0]
