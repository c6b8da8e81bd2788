"""Robust value iteration on games of many states: a step is planned, and of it only what is played is kept.

The same operator as that of :func:`robust_value_iteration` goes backwards through the same stages, and its
stage gaps sum to the same bound. A place takes 16 bytes for each action that is played there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria import Concept, StageEquilibria
from drmg_check.models import FiniteHorizon, SparsePolicy, SparseRows, compressed_rule, stacked
from drmg_check.planner._plan import ACCURACY, stage_solver
from drmg_check.vocabulary import FloatArray, UnsupportedError

LEAST_WEIGHT = 2.0**-1000  # as of enclosing kernels: below, a weight may have lost more than half an ulp


@dataclass(frozen=True, slots=True, eq=False)
class LargePlan:
    """A robust equilibrium of a game of many states, with the proof of how close it is.

    Attributes
    ----------
    policy : SparsePolicy
        For "nash" of several agents by those of each, else by joint actions.
    concept : "nash", "cce" or "ce"
    V : array [m, S]
        The robust values of the policy from the first step on.
    stage_gap : array [H]
        The largest gain of any agent in a stage game of each step.
    bound : float
        The gap of the policy is at most this at every state, as far as float64 goes: ``certify`` proves it.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> plan = plan_large(load("initial-shock"), "nash")
    >>> plan.V[0].tolist(), plan.policy.rule(0).tolist()  # in bad both choose 1, which pays
    ([4.0, 4.0], [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    """

    policy: SparsePolicy
    concept: Concept
    V: FloatArray
    stage_gap: FloatArray
    bound: float


def plan_large(
    game: FiniteHorizon,
    concept: Concept,
    *,
    accuracy: float = ACCURACY,
    threads: int = 1,
    progress: Callable[[int], object] = lambda _step: None,
) -> LargePlan:
    """Return a robust equilibrium of a game of many states.

    Parameters, errors and what is selected are those of :func:`robust_value_iteration`; memory is that of the
    game, of the payoffs of one step, and of the policy.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> plan_large(load("good-bad-chain"), "cce").bound < 1e-12
    True
    """
    for rows in {id(stage.rows): stage.rows for stage in game.stages}.values():
        if isinstance(rows, SparseRows) and rows.P.min() < LEAST_WEIGHT:
            raise UnsupportedError(
                f"a weight rounds to {float(rows.P.min())!r}; expected at least {LEAST_WEIGHT!r}: omit"
                " such successors, or plan by other means and certify with --exact"
            )
    operator = stage_solver(game, concept, accuracy, threads, progress)
    V, error = np.zeros((game.n_agents, game.n_states)), np.zeros(game.n_agents)
    kept: list[tuple[SparseRows, ...]] = []
    gaps: list[float] = []
    for stage in reversed(game.stages):
        step = operator(stage, V, error)
        V, error = step.V, step.error
        kept.append(_compressed(step.choice, concept))
        gaps.append(max(float(step.choice.gap.max()), 0.0))
    bound = float(np.dot(game.occupancy, gaps[::-1]) + 2.0 * error.max())
    rules = tuple(stacked(steps) for steps in zip(*kept[::-1], strict=True))
    policy = SparsePolicy(rules, game.actions, game.horizon)
    return LargePlan(policy, concept, V, np.array(gaps[::-1]), bound)


def _compressed(solved: StageEquilibria, concept: Concept) -> tuple[SparseRows, ...]:
    """Return the rule of a step: of each agent by itself for "nash", else of all jointly."""
    independent = concept == "nash" and len(solved.marginals) > 1
    return tuple(compressed_rule(rule) for rule in (solved.marginals if independent else (solved.x,)))
