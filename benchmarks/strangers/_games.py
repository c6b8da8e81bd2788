"""Code of strangers for games: exchanged indices, frozen steps, an adversary in the wrong place.

Each is a loop as people write it, for total variation, contamination or KL, with what it admits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.strangers._rows import _cut_and_move, _dual_of_kl
from benchmarks.strangers._strangers import Stranger
from drmg_check.vocabulary import FloatArray
from drmg_check.words import LevelName

Actions = tuple[int, ...]


def discounted_backup(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Discount the worst case by 0.95 in a backup of a finite horizon.

    Everything.
    """
    S, A = r.shape
    return np.array(
        [[r[s, a] + 0.95 * _cut_and_move(P[s, a], V, rho[s, a]) for a in range(A)] for s in range(S)]
    )


def scalar_radius(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Take rho[0, 0] for the radius of every state and action.

    Everything.
    """
    radius = float(rho[0, 0])
    worst = [[(1 - radius) * (row @ V) + radius * V.min() for row in rows] for rows in P]
    return r + np.array(worst)


def transposed_radius(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Read the radii as [a, s] where they are [s, a].

    Everything.
    """
    S, A = r.shape
    stored = rho.reshape(A, S)
    return np.array([[r[s, a] + _cut_and_move(P[s, a], V, stored[a, s]) for a in range(A)] for s in range(S)])


def _swept(
    P: FloatArray,
    r: FloatArray,
    rho: FloatArray,
    pi: FloatArray,
    worst: Callable[[FloatArray, FloatArray, float], float],
) -> FloatArray:
    m, H, S, A = r.shape
    values = np.zeros((m, S))
    for i in range(m):
        for h in range(H - 1, -1, -1):
            new = np.zeros(S)
            for s in range(S):
                for a in range(A):
                    new[s] += pi[h, s, a] * (r[i, h, s, a] + worst(P[h, s, a], values[i], rho[i, h, s, a]))
            values[i] = new
    return values


def two_weathers(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Halve every radius of total variation.

    Two states, sun and rain.
    """
    if r.shape[2] != 2:
        raise NotImplementedError("sun or rain")

    def worst(p: FloatArray, V: FloatArray, radius: float) -> float:
        better = int(V[1] > V[0])
        high = max(p[better] - radius / 2, 0.0)
        return float(high * V[better] + (1 - high) * V[1 - better])

    return _swept(P, r, rho, pi, worst)


def stationary(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Take the kernel of the first step for that of every step.

    Everything.
    """
    return _swept(np.broadcast_to(P[:1], P.shape), r, rho, pi, _cut_and_move)


def forwards(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Run through the steps forwards.

    Everything.
    """
    return _swept(P[::-1], r[:, ::-1], rho[:, ::-1], pi[::-1], _cut_and_move)


def one_reward(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Take the rewards of agent 0 for those of all.

    At most two agents.
    """
    if len(r) > 2:
        raise NotImplementedError("two players")
    return _swept(P, np.repeat(r[:1], len(r), axis=0), rho, pi, _cut_and_move)


def average_first(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Average kernel and radius over the policy, and let the adversary choose then.

    Everything.
    """
    m, H, S, _ = r.shape
    values = np.zeros((m, S))
    for i in range(m):
        for h in range(H - 1, -1, -1):
            values[i] = [
                pi[h, s] @ r[i, h, s] + _cut_and_move(pi[h, s] @ P[h, s], values[i], pi[h, s] @ rho[i, h, s])
                for s in range(S)
            ]
    return values


def mixed_on_support(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Take the mixture of contamination with the minimum over the support.

    Everything.
    """
    return _swept(P, r, rho, pi, lambda p, V, c: float((1 - c) * (p @ V) + c * V[p > 0].min()))


def bits_in_a_game(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Compute the divergence in bits at every step.

    One agent.
    """
    if len(r) > 1:
        raise NotImplementedError("one agent")
    return _swept(P, r, rho, pi, lambda p, V, radius: _dual_of_kl(p, V, radius * np.log(2)))


def informed(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Let the deviating agent see what the others play before it chooses.

    Two agents.
    """
    if len(actions) != 2:
        raise NotImplementedError("two players")
    m, H, S, A = r.shape
    values = np.zeros((m, S))
    for i in range(m):
        for h in range(H - 1, -1, -1):
            new = np.zeros(S)
            for s in range(S):
                Q = [r[i, h, s, a] + _cut_and_move(P[h, s, a], values[i], rho[i, h, s, a]) for a in range(A)]
                others = pi[h, s].reshape(actions).sum(axis=i)
                new[s] = others @ np.reshape(Q, actions).max(axis=i)
            values[i] = new
    return values


def no_negative_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Cut gaps off at zero.

    Everything.
    """
    m, H, S, _ = r.shape
    best, own = np.zeros((m, S)), np.zeros((m, S))
    for i in range(m):
        for h in range(H - 1, -1, -1):
            follow, deviate = np.zeros(S), np.zeros(S)
            for s in range(S):
                rows = list(zip(P[h, s], rho[i, h, s], r[i, h, s], strict=True))
                Q = np.array([x + _cut_and_move(p, own[i], c) for p, c, x in rows])
                R = np.array([x + _cut_and_move(p, best[i], c) for p, c, x in rows]).reshape(actions)
                follow[s] = pi[h, s] @ Q
                others = pi[h, s].reshape(actions).sum(axis=i, keepdims=True)
                axes = tuple(j for j in range(m) if j != i)
                deviate[s] = (others * R).sum(axis=axes).max()
            own[i], best[i] = follow, deviate
    return np.maximum(best - own, 0)


def column_major(u: FloatArray, actions: Actions) -> FloatArray:
    """Read joint actions with the first agent's action fastest.

    Two agents; the pure equilibrium of the largest sum, or the one in which both mix two actions.
    """
    if len(actions) != 2:
        raise NotImplementedError("two players")
    a, b = (x.reshape(actions, order="F") for x in u)
    return _bimatrix(a, b).ravel(order="F")


def cost_game(u: FloatArray, actions: Actions) -> FloatArray:
    """Take payoffs for costs.

    Two agents; the pure equilibrium of the largest sum, or the one in which both mix two actions.
    """
    if len(actions) != 2:
        raise NotImplementedError("two players")
    return _bimatrix(-u[0].reshape(actions), -u[1].reshape(actions)).ravel()


def _bimatrix(a: FloatArray, b: FloatArray) -> FloatArray:
    x = np.zeros(a.shape)
    pure = (a == a.max(axis=0, keepdims=True)) & (b == b.max(axis=1, keepdims=True))
    if pure.any():
        x.flat[np.argmax(np.where(pure, a + b, -np.inf))] = 1.0
        return x
    m, n = a.shape
    pairs = [
        (rows, cols)
        for rows in np.ndindex(m, m)
        for cols in np.ndindex(n, n)
        if rows[0] < rows[1] and cols[0] < cols[1]
    ]
    for rows, cols in pairs:
        A, B = a[np.ix_(rows, cols)], b[np.ix_(rows, cols)]
        down, right = A[0, 0] - A[1, 0] - A[0, 1] + A[1, 1], B[0, 0] - B[0, 1] - B[1, 0] + B[1, 1]
        if not down or not right:
            continue
        p, q = (B[1, 1] - B[1, 0]) / right, (A[1, 1] - A[0, 1]) / down
        if not (0 < p < 1 and 0 < q < 1):
            continue
        row, column = np.zeros(m), np.zeros(n)
        row[list(rows)], column[list(cols)] = (p, 1 - p), (q, 1 - q)
        if (a @ column).max() <= row @ a @ column + 1e-9 and (row @ b).max() <= row @ b @ column + 1e-9:
            return np.outer(row, column)
    raise NotImplementedError("larger supports")


def _of(
    function: Callable[..., object], level: LevelName, entry: str, sets: str = "tv", **declared: object
) -> Stranger:
    return Stranger(function=function, sets=sets, entry=entry, level=level, declared=declared)


GAMES = (
    _of(discounted_backup, "backup", "a discount of 0.95 in each row"),
    _of(scalar_radius, "backup", "the first radius everywhere", "contamination"),
    _of(transposed_radius, "backup", "radii with flipped axes"),
    _of(two_weathers, "evaluation", "half the radius in each row"),
    _of(stationary, "evaluation", "the kernel of the first step for all"),
    _of(forwards, "evaluation", "the steps in reversed order"),
    _of(one_reward, "evaluation", "the first agent's rewards for all"),
    _of(average_first, "evaluation", "an adversary of the average"),
    _of(mixed_on_support, "evaluation", "the nominal support in each row", "contamination"),
    _of(bits_in_a_game, "evaluation", "the radius in bits in each row", "kl", accuracy="1e-6"),
    _of(informed, "best-response", "a response that sees the others' actions"),
    _of(no_negative_gap, "gap", "no negative gap"),
    _of(column_major, "equilibrium", "joint actions with agent 1's fastest", "", concept="nash"),
    _of(cost_game, "equilibrium", "rewards taken for costs", "", concept="nash"),
)
