r"""Robust value iteration on a known model: backward induction through equilibria of stage games.

At step h every state is a stage game with payoffs ``Q_i,h(s, .)``, the robust backup of the next
values; an equilibrium of it is the policy there. If no agent gains more than ``g_h(s)`` in the stage
game at (h, s), then no agent gains more than

    sum_h max_s g_h(s)

in the whole game: ``V^dagger_h - V^pi_h <= max_s g_h(s) + max_s (V^dagger_{h+1} - V^pi_{h+1})``, since
the worst-case expectation is monotone and 1-Lipschitz. The same holds for modifications and CE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria import Concept, StageEquilibria, deviation_payoffs, solve_stages, value
from drmg_check.files import Part, Steps
from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    Stage,
    largest_payment,
    product_policy,
)
from drmg_check.planner._bellman import SMALLEST, robust_backup, stage_error
from drmg_check.planner._iterate import Backup, Operator, iterate
from drmg_check.planner._s_rectangular import answer_shared, error_shared, obey_shared
from drmg_check.planner._sweeps import Sweeps
from drmg_check.sets import SRectangular
from drmg_check.vocabulary import FloatArray, NumericalError, UnsupportedError

ACCURACY = 1e-9  # of stage gaps, in units of all that may be paid: the solvers check their points to 2^-36


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A robust equilibrium of a known game, with the proof of how close it is.

    Attributes
    ----------
    policy : JointPolicy
        For "nash" exactly a product of its marginals.
    concept : "nash", "cce" or "ce"
    V : array [m, H + 1, S]
        The robust values of the policy.
    Q : array [m, H, S, A]
    stage_gap : array [H, S]
        The largest gain of any agent in the stage game at (h, s), measured on Q.
    bound : float
        The gap of the policy is at most this at every state: the stage gaps summed as above, plus
        rounding.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> plan = robust_value_iteration(game, "nash")
    >>> plan.V[0, 0].tolist(), plan.stage_gap.max().item()
    ([4.0, 4.0], 0.0)
    """

    policy: JointPolicy
    concept: Concept
    V: FloatArray
    Q: FloatArray
    stage_gap: FloatArray
    bound: float


def robust_value_iteration(
    game: Model,
    concept: Concept,
    *,
    accuracy: float = ACCURACY,
    threads: int = 1,
    progress: Callable[[int], object] = lambda _step: None,
    steps: Steps | None = None,
) -> Plan:
    """Return a robust equilibrium of ``game``.

    Parameters
    ----------
    game : Model
        One agent makes it a robust Markov decision process, of which any concept is the optimum.
    concept : "nash", "cce" or "ce"
        Which of several equilibria is taken is stated in :mod:`drmg_check.equilibria._solve`.
    accuracy : float
        The largest stage gap accepted, as a share of ``(H + 1) max |r|``, which no value exceeds; sums that
        underflow are forgiven. The solvers check their points up to 2^-36 of the payoffs, so 1e-9 is met
        unless one of them fails.
    threads : int
        The rows (s, a) of a backup, and stage games by thousands, are shared out to this many; the plan is
        the same for every number.
    progress : callable (step)
        Called when the stage games of a step are solved; the last step comes first.
    steps : Steps, optional
        Where solved steps are kept and recalled, as of :func:`drmg_check.files.kept_parts`.

    Raises
    ------
    InputError
        There is no thread.
    NumericalError
        A stage gap exceeds the accuracy.
    UnsupportedError
        A discounted game of several agents: stage equilibria of the values of stage equilibria need not
        settle, so that no value iteration finds a stationary one (Zinkevich, Greenwald and Littman 2006).
        A stage is no matrix game: a fictitious set, or an s-rectangular one among several agents.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> plan = robust_value_iteration(game, "nash")
    >>> plan.policy.pi[0].tolist(), plan.bound < 1e-12  # in bad both choose 1, which pays
    ([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]], True)
    """
    if isinstance(game, DiscountedGame) and game.n_agents > 1:
        raise UnsupportedError(
            f"{game.name!r} has {game.n_agents} agents and {game.criterion}: equilibria of its stages may go "
            "round in a circle for ever, so value iteration plans it for a horizon or one agent only. Give a "
            "policy to certify, or zero_sum the value of opposite rewards"
        )
    agents, occupancy = range(game.n_agents), game.occupancy
    if game.n_agents == 1 and isinstance(game.uncertainty[0], SRectangular):
        return _randomised(game, concept, _limit(game, accuracy)[0], threads, progress)
    told = progress if steps is None else lambda _step: None  # a step that is kept is told when it is kept
    solve = stage_solver(game, concept, accuracy, threads, told)
    if steps is not None:
        solve = _resuming(solve, steps, progress)
    plan = iterate(game, agents, solve)
    gap = np.array([solved.gap for solved in plan.choices])
    pure = bool(np.isin(plan.x, (0.0, 1.0)).all())
    if pure or concept != "nash":
        policy = JointPolicy(plan.x, game.actions)
    else:
        each = zip(*(solved.marginals for solved in plan.choices), strict=True)
        policy = product_policy([np.stack(marginals) for marginals in each])
    largest = np.maximum(gap, 0.0).max(axis=1)
    bound = float((occupancy * largest).sum() + 2.0 * plan.error[:, 0].max())
    return Plan(policy, concept, plan.V, plan.Q, gap, bound)


def _randomised(
    game: Model, concept: Concept, limit: float, threads: int, progress: Callable[[int], object]
) -> Plan:
    """Return the optimum of one agent whose actions share a budget: it may have to be mixed."""

    def randomise(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[FloatArray]:
        uniform = np.full((stage.n_states, stage.n_joint_actions), 1.0 / stage.n_joint_actions)
        best, d = answer_shared(stage, 0, V[0], uniform, threads=threads)
        worth = obey_shared(stage, 0, V[0], d, threads=threads)
        gap = np.maximum(best - worth, 0.0)
        _refuse_above(limit, gap, stage.step)
        progress(stage.step)
        Q = np.broadcast_to(worth[:, None], d.shape)
        return Backup(worth[None], Q[None], np.array([error_shared(stage, 0, error[0], V[0])]), d, gap)

    plan = iterate(game, (0,), randomise)
    gap = np.array(plan.choices)
    bound = float((game.occupancy * gap.max(axis=1)).sum() + 2.0 * plan.error[:, 0].max())
    return Plan(JointPolicy(plan.x, game.actions), concept, plan.V, plan.Q, gap, bound)


def stage_solver(
    game: Model, concept: Concept, accuracy: float, threads: int, progress: Callable[[int], object]
) -> Operator[StageEquilibria]:
    """Return the operator that solves the stage games of a stage, all agents at once; see above."""
    agents, sweeps = range(game.n_agents), Sweeps(threads)
    limit, scale = _limit(game, accuracy)

    def solve(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[StageEquilibria]:
        Q, values, errors = np.empty(stage.r.shape), np.empty_like(V), np.empty_like(error)
        for i in agents:
            Q[i] = robust_backup(stage, i, V[i], sweeps)
        solved = solve_stages(Q, stage.actions, concept, scale=scale, threads=threads)
        _refuse_above(limit, solved.gap, stage.step)
        for i in agents:
            values[i] = value(deviation_payoffs(Q[i], solved.x, i, stage.actions))
            errors[i] = stage_error(stage, i, error[i], V[i], Q[i])
        progress(stage.step)
        return Backup(values, Q, errors, solved.x, solved)

    return solve


def _limit(game: Model, accuracy: float) -> tuple[float, float]:
    """Return the largest stage gap that is accepted, and what no value exceeds."""
    scale = (float(game.occupancy.sum()) + 1.0) * max(map(largest_payment, game.stages))
    return accuracy * scale + game.n_joint_actions * SMALLEST, scale


def _resuming(
    solve: Operator[StageEquilibria], steps: Steps, progress: Callable[[int], object]
) -> Operator[StageEquilibria]:
    """Return an operator that recalls the steps that were kept, and keeps those that it solves."""

    def recalled_or_solved(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[StageEquilibria]:
        if (known := steps.recall()) is not None:
            progress(stage.step)
            return _recalled(known)
        backup = solve(stage, V, error)
        solved = backup.choice
        steps.keep((backup.V, backup.Q, backup.error, solved.x, solved.gap, solved.method, *solved.marginals))
        progress(stage.step)
        return backup

    return recalled_or_solved


def _recalled(part: Part) -> Backup[StageEquilibria]:
    """Return a step as it was kept."""
    values, Q, errors, x, gap, method, *marginals = part
    return Backup(values, Q, errors, x, StageEquilibria(tuple(marginals), x, gap, method))


def _refuse_above(limit: float, gap: FloatArray, h: int) -> None:
    s = int(gap.argmax())
    if gap[s] > limit:
        raise NumericalError(
            f"gap={float(gap[s])!r} of the stage game at h={h}, s={s}; expected at most {limit!r}. "
            "Ask for a CCE or CE, which are linear programs; in Python also for a coarser accuracy"
        )
