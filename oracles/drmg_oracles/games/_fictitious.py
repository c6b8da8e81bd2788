"""The decision process that one agent faces when the others' actions are averaged out, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.models import (
    DenseRows,
    JointPolicy,
    Model,
    Stage,
    action_distribution,
    check_policy_fits,
    exact_radius,
    exact_reward,
    marginal,
    nominal_row,
    row_set,
)
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.vocabulary import UnsupportedError, float_view


def averaged_game(game: Model, policy: JointPolicy, i: int, *, obeying: bool) -> Model:
    """Return the one-agent game of agent i's expected kernels and rewards given its own action.

    With a fictitious set it defines agent i's robust value: that of its own marginal policy here. Its ball
    is total variation around each averaged row, with the radius of (i, h, s, a_i).

    Parameters
    ----------
    game, policy
    i : int
        An agent with a fictitious set, or with any set whose radius depends on its own action only.
    obeying : bool
        Average over the others' actions given agent i's recommendation, as when it obeys; else over their
        marginal, as when it deviates. Where a recommendation has probability 0 the marginal stands in.

    Raises
    ------
    InputError
        The policy belongs to another game.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> alone = averaged_game(game, policy, 0, obeying=True)
    >>> alone.actions, alone.stages[0].r[0, 1].tolist()  # in bad, 1 pays if the other agent tosses 1, too
    ((2,), [0.0, 0.5])
    """
    check_policy_fits(game, policy)
    return game.alone(i, [_averaged_stage(stage, policy, i, obeying=obeying) for stage in game.stages])


def _averaged_stage(stage: Stage, policy: JointPolicy, i: int, *, obeying: bool) -> Stage:
    if stage.arrival is not None:
        raise UnsupportedError(
            f"{stage.name!r} pays on arrival, which an average over the others does not keep"
        )
    S, n = stage.n_states, stage.actions[i]
    uncertainty = stage.uncertainty[i]
    P = np.full((S, n, S), Fraction(0), dtype=object)
    r = np.full((1, S, n), Fraction(0), dtype=object)
    rho = np.full((1, S, n), Fraction(0), dtype=object)
    plays = list(np.ndindex(*stage.actions))
    index = {play: a for a, play in enumerate(plays)}
    for s in range(S):
        joint = dict(zip(plays, action_distribution(policy, stage.step, s), strict=True))
        own = marginal(policy, i, stage.step, s)
        for k in range(n):
            given: dict[int, Fraction] = {}  # joint action -> probability of the others' part of it
            for play, weight in joint.items():
                if obeying and own[k]:
                    weight = weight / own[k] if play[i] == k else Fraction(0)
                if weight:
                    a = index[(*play[:i], k, *play[i + 1 :])]
                    given[a] = given.get(a, Fraction(0)) + weight
            for a, weight in given.items():
                r[0, s, k] += weight * exact_reward(stage, i, s, a)
                for t, p in enumerate(nominal_row(stage, s, a)):
                    if p:
                        P[s, k, t] += weight * p
            rho[0, s, k] = exact_radius(stage, i, s, next(iter(given)))
    ball = uncertainty.ball if isinstance(uncertainty, FictitiousTotalVariation) else row_set(stage, i)
    return Stage(
        rows=DenseRows(P, float_view(P)),  # an average of distributions is one
        reward=r,
        radius=rho,
        uncertainty=(ball,),
        actions=(n,),
        name=stage.name,
        step=stage.step,
        views=(float_view(r), float_view(rho)),
    )


def own_policy(policy: JointPolicy, i: int) -> JointPolicy:
    """Return agent i's marginal as the policy of a one-agent game."""
    H, S = policy.horizon, policy.n_states
    weights = np.empty((H, S, policy.actions[i]), dtype=object)
    for h, s in np.ndindex(H, S):
        weights[h, s] = marginal(policy, i, h, s)
    return JointPolicy(weights, (policy.actions[i],))
