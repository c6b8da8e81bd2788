"""Reading an array as a policy: what is wrong with it, or which policy it means."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, marginal, product_policy
from drmg_check.vocabulary import Array, exact
from drmg_check.words import Concept
from drmg_properties.laws import FLOAT64, Tolerance


def policy_in(
    game: RobustMarkovGame, weights: Array, concept: Concept, tolerance: Tolerance = FLOAT64
) -> tuple[str, JointPolicy | None]:
    """Return what is wrong with an array as a policy, or "" and the policy that it means.

    Entries and sums may be off by ``6 (A + m) u``, which careful normalisation and products of marginals
    explain, and by the declared accuracy. For NASH the policy is the exact product of the marginals.
    """
    A = game.n_joint_actions
    rounding = rounding_of_policies(game, tolerance)
    rows = weights.reshape(game.horizon, game.n_states, A)
    for h, s in np.ndindex(game.horizon, game.n_states):
        total = sum(rows[h, s], Fraction(0))
        place = f"{[float(x) for x in rows[h, s]]} at step {h + 1}, s{s} is no distribution"
        if min(rows[h, s]) < -rounding:
            return f"{place}: it has the negative probability {float(min(rows[h, s]))!r}", None
        if abs(total - 1) > rounding:
            return f"{place}: it sums to {float(total)!r}", None
    clipped: Array = np.array(rows)
    clipped[clipped < 0] = Fraction(0)
    policy = JointPolicy(clipped / clipped.sum(axis=2, keepdims=True), game.actions)
    if concept != "nash" or game.n_agents == 1:
        return "", policy
    product = product_policy([_marginals(policy, i) for i in range(game.n_agents)])
    for h, s, a in np.ndindex(*product.weights.shape):
        off = abs(exact(product.weights[h, s, a]) - exact(policy.weights[h, s, a]))
        if off > rounding:
            place = f"at step {h + 1}, s{s} joint action a{a}"
            return f"{place} is off the product of marginals by {float(off):.2g}", None
    return "", product


def _marginals(policy: JointPolicy, i: int) -> Array:
    result: Array = np.empty((policy.horizon, policy.n_states, policy.actions[i]), dtype=object)
    for h, s in np.ndindex(policy.horizon, policy.n_states):
        result[h, s] = marginal(policy, i, h, s)
    return result


def rounding_of_policies(game: RobustMarkovGame, tolerance: Tolerance) -> Fraction:
    """Return by how much an entry or a sum of a policy may be off."""
    return 6 * (game.n_joint_actions + game.n_agents) * tolerance.unit + tolerance.accuracy
