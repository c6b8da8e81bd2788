"""Reading an array as a policy: what is wrong with it, or which policy it means."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drmg_check.models import FiniteHorizon, JointPolicy, marginal, product_policy
from drmg_check.vocabulary import Array, exact
from drmg_check.words import Concept
from drmg_properties.laws import FLOAT64, Tolerance


@dataclass(frozen=True, slots=True)
class PolicyErrors:
    """By how much what is returned for a policy may be off.

    Rounding explains ``u' = 6 (A + m) u`` of careful normalisation and of products of marginals. Where each
    entry is off by ``e`` besides, a sum of A entries is off by ``A e``. Divided by it, entries are off by
    ``(1 + A) e / (1 - A e)`` at most, agent i's marginal by ``(A / A_i + A) e / (1 - A e)``, and a product
    of marginals by the sum of these over the agents: so far it may be from the entry.

    Parameters
    ----------
    entry, total, product : Fraction
        Of a probability, of the sum of all, and of a product of marginals beside the joint probability.
    """

    entry: Fraction
    total: Fraction
    product: Fraction

    @classmethod
    def of(cls, game: FiniteHorizon, tolerance: Tolerance) -> PolicyErrors:
        """Return what an implementation is forgiven that declares such a tolerance."""
        A, e = game.n_joint_actions, tolerance.accuracy
        rounding = rounding_of_policies(game, tolerance)
        parts = 1 + A + sum(A // n + A for n in game.actions)
        return cls(rounding + e, rounding + A * e, rounding + parts * e / (1 - min(A * e, Fraction(1, 2))))


def rounding_of_policies(game: FiniteHorizon, tolerance: Tolerance) -> Fraction:
    """Return by how much rounding may carry an entry or a sum of a policy."""
    return 6 * (game.n_joint_actions + game.n_agents) * tolerance.unit


def policy_in(
    game: FiniteHorizon, weights: Array, concept: Concept, tolerance: Tolerance = FLOAT64
) -> tuple[str, JointPolicy | None]:
    """Return what is wrong with an array as a policy, or "" and the policy that it means.

    What is forgiven of entries, sums and products says :class:`PolicyErrors`. For NASH the policy is the
    exact product of the marginals.
    """
    A = game.n_joint_actions
    forgiven = PolicyErrors.of(game, tolerance)
    rows = weights.reshape(game.horizon, game.n_states, A)
    for h, s in np.ndindex(game.horizon, game.n_states):
        total = sum(rows[h, s], Fraction(0))
        place = f"{[float(x) for x in rows[h, s]]} at step {h + 1}, s{s} is no distribution"
        if min(rows[h, s]) < -forgiven.entry:
            return f"{place}: it has the negative probability {float(min(rows[h, s]))!r}", None
        if abs(total - 1) > forgiven.total:
            return f"{place}: it sums to {float(total)!r}", None
    clipped: Array = np.array(rows)
    clipped[clipped < 0] = Fraction(0)
    policy = JointPolicy(clipped / clipped.sum(axis=2, keepdims=True), game.actions)
    if concept != "nash" or game.n_agents == 1:
        return "", policy
    product = product_policy([_marginals(policy, i) for i in range(game.n_agents)])
    for h, s, a in np.ndindex(*product.weights.shape):
        off = abs(exact(product.weights[h, s, a]) - exact(policy.weights[h, s, a]))
        if off > forgiven.product:
            place = f"at step {h + 1}, s{s} joint action a{a}"
            return f"{place} is off the product of marginals by {float(off):.2g}", None
    return "", product


def _marginals(policy: JointPolicy, i: int) -> Array:
    result: Array = np.empty((policy.horizon, policy.n_states, policy.actions[i]), dtype=object)
    for h, s in np.ndindex(policy.horizon, policy.n_states):
        result[h, s] = marginal(policy, i, h, s)
    return result
