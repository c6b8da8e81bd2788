"""Random games with seeds: small fractions for people, Dirichlet floats for measurements."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import check_size
from drmg_check.sets import game_set_for
from drmg_check.vocabulary import Array, InputError, IntArray, Number, exact
from drmg_check.zoo._agents import equal_actions


def random_fractions(
    *,
    agents: int = 2,
    actions: int = 2,
    states: int = 3,
    horizon: int = 3,
    radius: Number = "1/4",
    uncertainty: str = "tv",
    successors: int = 2,
    seed: int = 0,
) -> RobustMarkovGame:
    """Build a general-sum game whose numbers are small fractions.

    Every (h, s, a) draws ``successors`` next states with replacement and equal weights, so probabilities
    are multiples of 1/successors and a row may omit states; rewards are multiples of 1/4 in [0, 1].

    Parameters
    ----------
    agents, actions, states, horizon : m, the actions of each agent, S and H
    radius : in the range of the set
    uncertainty : str
        The kind of the set, such as "tv" or "kl", with its default parameters.
    successors : int from 1 to 1000
    seed : int >= 0

    Raises
    ------
    InputError
        A size, radius, kind or seed out of range.

    Examples
    --------
    >>> game = random_fractions(uncertainty="kl", successors=3, seed=1)
    >>> sorted({str(p) for p in game.transition.flat})
    ['0', '1', '1/3', '2/3']
    """
    each = equal_actions(agents, actions)
    check_size(states=states, actions=each, horizon=horizon, kernels=horizon, rational=True)
    if not 1 <= successors <= 1000:
        raise InputError(f"successors={successors}; expected 1 <= successors <= 1000")
    rng, A = _generator(seed), actions**agents
    counts = np.zeros((horizon, states, A, states), dtype=np.int64)
    for place in np.ndindex(horizon, states, A):
        np.add.at(counts[place], rng.integers(states, size=successors), 1)
    quarters = rng.integers(5, size=(agents, horizon, states, A))
    return RobustMarkovGame(
        transition=_ratio(counts, successors),
        reward=_ratio(quarters, 4),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(game_set_for(uncertainty, states),) * agents,
        actions=each,
        name="random",
    )


def random_dirichlet(
    *,
    agents: int = 2,
    actions: int = 2,
    states: int = 4,
    horizon: int = 3,
    radius: Number = "1/10",
    uncertainty: str = "tv",
    concentration: float = 1.0,
    seed: int = 0,
) -> RobustMarkovGame:
    """Build a general-sum game of floats: Dirichlet rows, rewards uniform in [0, 1].

    Parameters
    ----------
    agents, actions, states, horizon, radius, uncertainty, seed
        As for :func:`random_fractions`.
    concentration : float > 0
        Of the Dirichlet law; below 1 most of a row's mass is on few states.

    Raises
    ------
    InputError
        A size, radius, kind, concentration or seed out of range.

    Examples
    --------
    >>> game = random_dirichlet(states=5, seed=7)
    >>> game.P.shape, bool((game.P == random_dirichlet(states=5, seed=7).P).all())
    ((3, 5, 4, 5), True)
    """
    each = equal_actions(agents, actions)
    check_size(states=states, actions=each, horizon=horizon, kernels=horizon)
    # at 0.01 a row is nearly a point mass, at 1e6 it is uniform to three digits
    if not 1e-2 <= concentration <= 1e6:
        raise InputError(f"concentration={concentration}; expected 0.01 <= concentration <= 1e6")
    rng, A = _generator(seed), actions**agents
    return RobustMarkovGame(
        transition=rng.dirichlet(np.full(states, concentration), size=(horizon, states, A)),
        reward=rng.random((agents, horizon, states, A)),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(game_set_for(uncertainty, states),) * agents,
        actions=each,
        name="random-dirichlet",
    )


def _generator(seed: int) -> np.random.Generator:
    if seed < 0:
        raise InputError(f"seed={seed}; expected >= 0")
    return np.random.default_rng(seed)


def _ratio(numerators: IntArray, denominator: int) -> Array:
    ratios = [Fraction(k, denominator) for k in range(int(numerators.max()) + 1)]
    return np.array(ratios, dtype=object)[numerators]
