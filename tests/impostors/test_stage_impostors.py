"""Stage solvers that are wrong on purpose; Hypothesis must find a game on which the named check tells."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from drmg_check.equilibria import Concept, solve_stages, stage_gaps

ACTIONS = (3, 3)
Solver = Callable[[np.ndarray, Concept], np.ndarray]  # payoffs [2, 3, 3] -> x [3, 3]
GAMES = st.lists(st.integers(0, 3), min_size=18, max_size=18).map(
    lambda numbers: np.array(numbers, dtype=float).reshape(2, 3, 3)
)
ACCURACY = 2.0**-30  # well above that of solve_stages, well below any gain in these games


def honest(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Call the solver under test, on a grid that does not depend on the game."""
    return solve_stages(payoffs.reshape(2, 1, 9), ACTIONS, concept, scale=4.0).x.reshape(3, 3)


def nobody_gains(solver: Solver, payoffs: np.ndarray, concept: Concept) -> bool:
    x = solver(payoffs, concept).reshape(1, 9)
    return bool(stage_gaps(payoffs.reshape(2, 1, 9), x, ACTIONS, concept)[0] <= ACCURACY)


def agents_may_trade_names(solver: Solver, payoffs: np.ndarray, concept: Concept) -> bool:
    """What the first agent earns is what it earns as the second."""
    swapped = np.swapaxes(payoffs[::-1], 1, 2)
    earned = (payoffs * solver(payoffs, concept)).sum(axis=(1, 2))
    renamed = (swapped * solver(swapped, concept)).sum(axis=(1, 2))
    return bool(np.abs(earned - renamed[::-1]).max() <= 2.0**-14)


def actions_may_trade_names(solver: Solver, payoffs: np.ndarray, concept: Concept) -> bool:
    x = solver(payoffs, concept)
    return bool(np.abs(solver(payoffs[:, ::-1, ::-1], concept)[::-1, ::-1] - x).max() <= 2.0**-14)


def the_last_bit_does_not_matter(solver: Solver, payoffs: np.ndarray, concept: Concept) -> bool:
    noise = 1.0 + (np.arange(18).reshape(2, 3, 3) % 5 - 2) * 2.0**-52
    return bool((solver(payoffs * noise, concept) == solver(payoffs, concept)).all())


def index_breaks_ties_of_welfare(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Lies by taking the first pure equilibrium of largest welfare, a sum of floats as they are."""
    flat = payoffs.reshape(2, 1, 9)
    pure = [a for a in range(9) if stage_gaps(flat, np.eye(9)[[a]], ACTIONS, concept)[0] <= 0.0]
    if not pure:
        return honest(payoffs, concept)
    return np.eye(9)[max(pure, key=lambda a: flat[:, 0, a].sum())].reshape(3, 3)


def a_vertex_instead_of_the_most_even(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Lies by returning some optimum of the linear program: the most even one of a slightly tilted game."""
    tilt = np.arange(9).reshape(1, 3, 3) * 2.0**-20
    return honest(payoffs + tilt, concept)


def deviations_ignore_recommendations(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Lies by returning a CCE when asked for a CE."""
    return honest(payoffs, "cce" if concept == "ce" else concept)


def agents_are_transposed(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Lies by reading the payoff tensors with the agents' axes exchanged."""
    return honest(np.swapaxes(payoffs, 1, 2), concept)


def marginals_of_a_correlated_equilibrium(payoffs: np.ndarray, concept: Concept) -> np.ndarray:
    """Lies by calling the product of the marginals of a CE a NASH."""
    x = honest(payoffs, "ce")
    return np.outer(x.sum(axis=1), x.sum(axis=0)) if concept == "nash" else x


@pytest.mark.parametrize(
    ("impostor", "check", "concept"),
    [
        (index_breaks_ties_of_welfare, agents_may_trade_names, "nash"),
        (index_breaks_ties_of_welfare, the_last_bit_does_not_matter, "nash"),
        (a_vertex_instead_of_the_most_even, actions_may_trade_names, "cce"),
        (deviations_ignore_recommendations, nobody_gains, "ce"),
        (agents_are_transposed, nobody_gains, "cce"),
        (agents_are_transposed, nobody_gains, "nash"),
        (marginals_of_a_correlated_equilibrium, nobody_gains, "nash"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_is_caught_by(impostor: Solver, check: Callable[..., bool], concept: Concept):
    """A game is found on which the impostor fails the check; the honest solver passes it there."""
    payoffs = find(
        GAMES,
        lambda game: not check(impostor, game, concept),
        settings=settings(
            max_examples=2000,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert check(honest, payoffs, concept)
