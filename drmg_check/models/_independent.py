"""Policies of independent agents that were stored as floats: what rounding made of a product is one again."""

from __future__ import annotations

import sys
from math import prod

import numpy as np

from drmg_check.models._policy import JointPolicy, is_product, product_policy
from drmg_check.models._rows import DenseRows, compressed
from drmg_check.models._sparse_policy import SparsePolicy
from drmg_check.vocabulary import FloatArray


def independent(policy: JointPolicy) -> JointPolicy:
    """Return the product of independent agents that a policy in floats means; any other policy as it is.

    A policy of float64 weights that all lie within :func:`rounding_of_a_product` of the product of its
    marginals, relatively, *is* the product of its marginals rounded to float64, each normalised exactly. A
    policy in fractions is exactly what it says.

    Examples
    --------
    >>> import numpy as np
    >>> joint = np.outer([0.1, 0.9], [0.3, 0.7])  # rounded, so that its agents are correlated a little
    >>> policy = JointPolicy(joint.reshape(1, 1, 4), (2, 2))
    >>> is_product(policy), is_product(independent(policy))
    (False, True)
    """
    if len(policy.actions) == 1 or not is_rounded_product(policy) or is_product(policy):
        return policy
    product = product_policy([x / x.sum(axis=-1, keepdims=True) for x in _product(policy)[0]])
    return JointPolicy(np.broadcast_to(product.weights, policy.weights.shape), policy.actions)


def independent_rules(policy: JointPolicy) -> JointPolicy | SparsePolicy:
    """Return the same by the rules of the agents, whose product is not written out: for many states.

    >>> import numpy as np
    >>> joint = np.outer([0.1, 0.9], [0.3, 0.7])
    >>> independent_rules(JointPolicy(joint.reshape(1, 1, 4), (2, 2))).is_independent
    True
    """
    if len(policy.actions) == 1 or not is_rounded_product(policy):
        return policy
    marginals = (x / x.sum(axis=-1, keepdims=True) for x in _product(policy)[0])
    rules = tuple(compressed(DenseRows(x)) for x in marginals)
    return SparsePolicy(rules, policy.actions, policy.horizon)


def is_rounded_product(policy: JointPolicy) -> bool:
    """Whether a policy of float64 weights is a product up to the rounding of its weights.

    >>> is_rounded_product(JointPolicy([[[0.1 * 0.3, 0.1 * 0.7, 0.9 * 0.3, 0.9 * 0.7]]], (2, 2)))
    True
    """
    if policy.weights.dtype != np.float64:
        return False
    product = _product(policy)[1]
    # Below the smallest normal number, products have lost digits or became 0.
    allowed = rounding_of_a_product(policy.actions) * product + sys.float_info.min
    return bool((np.abs(_once(policy) - product) <= allowed).all())


def rounding_of_a_product(actions: tuple[int, ...]) -> float:
    """Return how far, relatively, a rounded product may lie from the product of its marginals.

    With u = 2^-53 and m agents: a weight that was multiplied in m - 1 steps and divided by a sum once is off
    by at most m u; so is each of the m marginals, and so is the sum of all, by which each is divided:
    2 m^2 u. Adding up the A weights for the marginals here, and multiplying them, adds at most m (A + 1) u.

    >>> rounding_of_a_product((2, 2)) < 2e-15
    True
    """
    m, A = len(actions), prod(actions)
    return (2 * m * m + m * (A + 1)) * 2.0**-53


def correlation(policy: JointPolicy) -> float:
    """Return the largest difference of a weight from the product of the marginals, in float64.

    >>> correlation(JointPolicy([[["1/2", 0, 0, "1/2"]]], (2, 2)))
    0.25
    """
    return float(np.abs(_once(policy) - _product(policy)[1]).max())


def _once(policy: JointPolicy) -> FloatArray:
    """Return the weights in float64 without repetition: one step of a rule that serves all."""
    once: FloatArray = policy.pi[: len(policy.stored)]
    return once


def _product(policy: JointPolicy) -> tuple[list[FloatArray], FloatArray]:
    """Return the marginals, arrays [H, S, A_i], and their product, an array [H, S, A], in float64.

    H is 1 where one rule serves all steps.
    """
    H, S, m = len(policy.stored), policy.n_states, len(policy.actions)
    joint = _once(policy).reshape(H, S, *policy.actions)
    marginals = [joint.sum(axis=tuple(2 + j for j in range(m) if j != i)) for i in range(m)]
    product = np.ones((H, S, 1))
    for each in marginals:
        product = (product[..., None] * each[:, :, None, :]).reshape(H, S, -1)
    return marginals, product
