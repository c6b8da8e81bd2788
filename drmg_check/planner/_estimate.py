"""What a plan will take: one backup and some stage games of a step, timed, times the number of steps.

Next values are half of the horizon times the best reward of each state, which keep the ties that rewards
have. Of ten plans of two and three agents that took up to 3 s, each took 0.9 to 1.7 times what was announced.
Where a few stage games need rational arithmetic, as among CE of 20 actions each, a plan takes far longer than
a sample of them says.
"""

from __future__ import annotations

from time import thread_time
from typing import NamedTuple

import numpy as np

from drmg_check.equilibria import Concept, solve_stages
from drmg_check.models import Model, Stage
from drmg_check.planner._bellman import robust_backup
from drmg_check.planner._s_rectangular import answer_shared, obey_shared
from drmg_check.sets import SRectangular
from drmg_check.vocabulary import FloatArray, IntArray

ENOUGH = 0.25  # seconds of stage games that are solved to know what one takes
FRACTION = 160  # bytes of a Fraction in an array, of which an exact product policy is made
WEIGHT = 4e-6  # seconds in which one of them is made and checked


class Estimate(NamedTuple):
    """What work will take on an idle core.

    Attributes
    ----------
    seconds : float
    bytes : int

    Examples
    --------
    >>> Estimate(seconds=2.5, bytes=1024).seconds
    2.5
    """

    seconds: float
    bytes: int


def estimate_plan(game: Model, concept: Concept) -> Estimate:
    """Return about what :func:`robust_value_iteration` takes; kernels and solvers are compiled first.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> estimate = estimate_plan(load("initial-shock"), "nash")
    >>> 0 < estimate.seconds < 60, estimate.bytes < 10**5
    (True, True)
    """
    stage, H = game.stages[0], len(game.stages)
    V = stage.r.max(axis=2) * (game.occupancy.sum() / 2.0)
    if game.n_agents == 1 and isinstance(game.uncertainty[0], SRectangular):
        return Estimate(H * _shared_stage(stage, V[0]), _memory(game))
    robust_backup(stage, 0, V[0])
    began = thread_time()
    Q = np.stack([robust_backup(stage, i, V[i]) for i in range(game.n_agents)])
    rows = thread_time() - began
    seconds = H * (rows + _stage_games(Q, game.actions, concept))
    weights = H * game.n_states * game.n_joint_actions if concept == "nash" else 0
    return Estimate(seconds + WEIGHT * weights, _memory(game) + FRACTION * weights)


def _shared_stage(stage: Stage, V: FloatArray) -> float:
    """Return about how long the states of a stage take whose actions share a budget."""
    uniform = np.full((stage.n_states, stage.n_joint_actions), 1.0 / stage.n_joint_actions)
    answer_shared(stage, 0, V, uniform, threads=1)
    began = thread_time()
    _, d = answer_shared(stage, 0, V, uniform, threads=1)
    obey_shared(stage, 0, V, d, threads=1)
    return thread_time() - began


def _stage_games(Q: FloatArray, actions: tuple[int, ...], concept: Concept) -> float:
    """Return about how long the stage games ``[m, S, A]`` take: some of them, spread over the states, do."""
    S, scale = int(Q.shape[1]), float(np.abs(Q).max())
    order = np.random.default_rng(0).permutation(S)  # neighbours may be alike

    def taken(chosen: IntArray) -> float:
        began = thread_time()
        solve_stages(Q[:, chosen], actions, concept, scale=scale)
        return thread_time() - began

    count = 1
    while taken(order[:count]) < ENOUGH and count < S:
        count = min(2 * count, S)
    return taken(order[:count]) / count * S  # once more: what these games need is compiled now


def _memory(game: Model) -> int:
    """Return the bytes of values and policy: those of all steps, and again as one array."""
    m, H, S, A = game.n_agents, len(game.stages), game.n_states, game.n_joint_actions
    return 16 * (m * H * S * (A + 1) + H * S * A)
