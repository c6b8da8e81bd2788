"""A small package of discounted robust value iteration, by hand: honest, and with one mistake at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drmg_check.vocabulary import FloatArray


def tv(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Cut the mass rho from the largest values and put it on one smallest."""
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V)


def q_values(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    S, A = r.shape
    return r + np.array([[tv(P[s, a], V, float(rho[s, a])) for a in range(A)] for s in range(S)])


def iterate(T: Callable[[FloatArray], FloatArray], S: int, gamma: float) -> FloatArray:
    """Stop where the error is below 1e-11 of the largest change so far: ``residual gamma / (1 - gamma)``."""
    V, scale = np.zeros(S), 0.0
    for _ in range(100_000):
        after = T(V)
        residual = float(np.abs(after - V).max())
        scale = max(scale, residual)
        V = after
        if residual * gamma <= 1e-13 * (1.0 - gamma) * scale or residual <= 4e-16 * np.abs(V).max():
            return V
    return V


def discounted_optimum(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Robust value iteration."""
    return iterate(lambda V: q_values(P, r, rho, gamma * V).max(axis=1), len(r), gamma)


def discounted_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: object
) -> FloatArray:
    """Robust policy evaluation, agent by agent."""
    return np.array(
        [
            iterate(lambda V, i=i: (pi * q_values(P, r[i], rho[i], gamma[i] * V)).sum(1), len(P), gamma[i])
            for i in range(len(r))
        ]
    )


def discounted_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """What an agent gains: the best answer to the others' marginal, for ever."""
    S, joint = len(P), pi.reshape(len(P), *actions)

    def best(i: int, V: FloatArray) -> FloatArray:
        others = joint.sum(axis=1 + i, keepdims=True)
        Q = q_values(P, r[i], rho[i], gamma[i] * V).reshape(S, *actions)
        axes = tuple(1 + j for j in range(len(actions)) if j != i)
        return (others * Q).sum(axis=axes).max(axis=1)

    response = [iterate(lambda V, i=i: best(i, V), S, gamma[i]) for i in range(len(r))]
    return np.array(response) - discounted_evaluation(P, r, rho, gamma, pi, actions)


def the_iterate_before(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Return V where it tested the next one, at a change of 1e-3."""
    V = np.zeros(len(r))
    while True:
        after = q_values(P, r, rho, gamma * V).max(axis=1)
        if np.abs(after - V).max() < 1e-3:
            return V
        V = after


def a_change_below_eps(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Take a change of 1e-4 for an error of 1e-4."""
    V = np.zeros(len(r))
    while True:
        after = q_values(P, r, rho, gamma * V).max(axis=1)
        if np.abs(after - V).max() < 1e-4:
            return after
        V = after


def radius_on_the_wrong_axis(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Read ``rho[s, a]`` as if it were stored as ``rho[a, s]``."""
    flipped = rho.reshape(rho.shape[::-1]).T
    return discounted_optimum(P, r, np.ascontiguousarray(flipped), gamma)


def gamma_in_the_dual(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Discount the expectation of the dual, and not its penalty: ``gamma E min(V, x) - rho (x - min V)``."""

    def T(V: FloatArray) -> FloatArray:
        Q = r.copy()
        for s, a in np.ndindex(*r.shape):
            duals = [gamma * (P[s, a] @ np.minimum(V, x)) - rho[s, a] * (x - V.min()) for x in V]
            Q[s, a] += max(duals)
        return Q.max(axis=1)

    return iterate(T, len(r), gamma)


def robust_only_in_evaluation(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Plan without the adversary, and value the plan with him."""
    nominal = iterate(lambda V: q_values(P, r, 0 * rho, gamma * V).max(axis=1), len(r), gamma)
    plan = q_values(P, r, 0 * rho, gamma * nominal).argmax(axis=1)
    states = np.arange(len(r))
    return iterate(lambda V: q_values(P, r, rho, gamma * V)[states, plan], len(r), gamma)


def first_reward_discounted(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Count the reward that is paid at once as one that comes a step later."""
    return gamma * discounted_optimum(P, r, rho, gamma)


def one_discount_for_all(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: object
) -> FloatArray:
    """Use the first agent's discount for every agent."""
    return discounted_evaluation(P, r, rho, np.full_like(gamma, gamma[0]), pi, actions)


def nominal_deviation(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Forget the adversary in both values of a gap."""
    return discounted_gap(P, r, 0 * rho, gamma, pi, actions)
