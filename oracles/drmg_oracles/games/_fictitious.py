"""The decision process that one agent faces when the others' actions are averaged out, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    check_policy_fits,
    exact_radius,
    exact_reward,
    marginal,
    nominal_row,
    row_set,
)
from drmg_check.sets import FictitiousTotalVariation


def averaged_game(game: RobustMarkovGame, policy: JointPolicy, i: int, *, obeying: bool) -> RobustMarkovGame:
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
    """
    check_policy_fits(game, policy)
    H, S, n = game.horizon, game.n_states, game.actions[i]
    one = game.uncertainty[i]
    P = np.full((H, S, n, S), Fraction(0), dtype=object)
    r = np.full((1, H, S, n), Fraction(0), dtype=object)
    rho = np.full((1, H, S, n), Fraction(0), dtype=object)
    plays = list(np.ndindex(*game.actions))
    index = {play: a for a, play in enumerate(plays)}
    for h, s in np.ndindex(H, S):
        joint = dict(zip(plays, action_distribution(policy, h, s), strict=True))
        own = marginal(policy, i, h, s)
        for k in range(n):
            given: dict[int, Fraction] = {}  # joint action -> probability of the others' part of it
            for play, weight in joint.items():
                if obeying and own[k]:
                    weight = weight / own[k] if play[i] == k else Fraction(0)
                if weight:
                    a = index[(*play[:i], k, *play[i + 1 :])]
                    given[a] = given.get(a, Fraction(0)) + weight
            for a, weight in given.items():
                r[0, h, s, k] += weight * exact_reward(game, i, h, s, a)
                for t, p in enumerate(nominal_row(game, h, s, a)):
                    if p:
                        P[h, s, k, t] += weight * p
            rho[0, h, s, k] = exact_radius(game, i, h, s, next(iter(given)))
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=rho,
        uncertainty=(one.ball if isinstance(one, FictitiousTotalVariation) else row_set(game, i),),
        actions=(n,),
        initial_state=game.initial_state,
        name=game.name,
        agent_names=(game.agent_names[i],),
        state_names=game.state_names,
        action_names=(game.action_names[i],),
    )


def own_policy(policy: JointPolicy, i: int) -> JointPolicy:
    """Return agent i's marginal as the policy of a one-agent game."""
    H, S = policy.horizon, policy.n_states
    weights = np.empty((H, S, policy.actions[i]), dtype=object)
    for h, s in np.ndindex(H, S):
        weights[h, s] = marginal(policy, i, h, s)
    return JointPolicy(weights, (policy.actions[i],))
