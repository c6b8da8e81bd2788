"""Other natures: one kernel for all agents and the sum of their rewards, or each agent's best kernel."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from drmg_check.models._discounted import DiscountedGame
from drmg_check.models._model import Model
from drmg_check.models._policy import JointPolicy, check_policy_fits
from drmg_check.models._stage import Stage
from drmg_check.models._staged_game import StagedGame
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.vocabulary import UnsupportedError, exact


def common_play(game: Model, policy: JointPolicy) -> tuple[Model, JointPolicy]:
    """Return the game of one agent that earns what all earn together, and the policy that plays it alike.

    Its robust value is ``inf_P sum_i u_i(pi, P)`` over *one* kernel P of the sets that all agents share; the
    sum of the agents' own robust values, each under a kernel of its own, is at most that.

    Raises
    ------
    UnsupportedError
        The agents' sets or radii differ, or are fictitious, so that nature has no one ball for a row.
    InputError
        The policy belongs to another game.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> from drmg_check.models import uniform_policy
    >>> game = load("initial-shock")
    >>> together, played = common_play(game, uniform_policy(game))
    >>> together.n_agents, together.actions, str(together.stages[0].reward[0, 1, 3])
    (1, (4,), '2')
    """
    check_policy_fits(game, policy)
    first = game.uncertainty[0]
    if isinstance(first, FictitiousTotalVariation) or any(ball != first for ball in game.uncertainty):
        raise UnsupportedError(
            f"the agents of {game.name!r} have sets of their own; common nature needs one set that all "
            "share, not a fictitious one"
        )
    made: dict[int, Stage] = {}
    for stage in game.stages:
        if not bool((stage.radius == stage.radius[:1]).all()):
            raise UnsupportedError(
                f"the agents of {game.name!r} have radii of their own at step {stage.step}; common nature "
                "needs one radius for each row"
            )
        made[stage.step] = _together(stage)
    stages = tuple(made[stage.step] for stage in game.stages)
    together = _with_stages(game, stages, _common_discount(game))
    return together, JointPolicy(policy.weights, (game.stages[0].n_joint_actions,))


def mirrored_game(game: Model) -> Model:
    """Return the game in which everybody pays what it earned: its robust values are minus the best cases.

    ``sup_P u_i(pi, P) = -inf_P -u_i(pi, P)``, for every policy pi that is obeyed; who maximises in the one
    game minimises in the other.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> float(mirrored_game(load("initial-shock")).stages[0].reward[0, 1, 3])
    -1.0
    """
    made = {
        stage.step: Stage(
            rows=stage.rows,
            reward=-stage.reward,
            radius=stage.radius,
            uncertainty=stage.uncertainty,
            actions=stage.actions,
            name=stage.name,
            step=stage.step,
            arrival=None if stage.arrival is None else -stage.arrival,
        )
        for stage in game.stages
    }
    discounts = game.discounts if isinstance(game, DiscountedGame) else ()
    return _with_stages(game, tuple(made[stage.step] for stage in game.stages), discounts)


def _with_stages(game: Model, stages: tuple[Stage, ...], discounts: tuple[Fraction, ...]) -> Model:
    labels: dict[str, Any] = {
        "name": game.name,
        "initial_state": game.initial_state,
        "state_names": game.state_names,
    }
    if isinstance(game, DiscountedGame):
        return DiscountedGame(stage=stages[0], discounts=discounts, **labels)
    return StagedGame(stages=stages, **labels)


def _common_discount(game: Model) -> tuple[Fraction, ...]:
    if not isinstance(game, DiscountedGame):
        return ()
    if len(set(game.discounts)) > 1:
        raise UnsupportedError(
            f"the agents of {game.name!r} have discounts of their own, so that rewards have no sum; "
            "expected one discount for all"
        )
    return game.discounts[:1]


def _together(stage: Stage) -> Stage:
    m, S, A = stage.reward.shape
    total = np.empty((1, S, A), dtype=object)
    for s, a in np.ndindex(S, A):
        total[0, s, a] = sum((exact(stage.reward[i, s, a]) for i in range(m)), exact(0))
    if stage.arrival is not None:
        raise UnsupportedError(f"{stage.name!r} pays on arrival; common nature needs rewards of (s, a)")
    return Stage(
        rows=stage.rows,
        reward=total,
        radius=stage.radius[:1],
        uncertainty=stage.uncertainty[:1],
        actions=(A,),
        name=stage.name,
        step=stage.step,
    )
