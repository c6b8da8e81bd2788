"""The best pure Nash equilibrium: largest welfare, then the largest sorted payoffs, smallest first."""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import sorted_order
from drmg_check.vocabulary import IntArray


@compiled
def _is_equilibrium(K: IntArray, n: IntArray, stride: IntArray, a: int) -> bool:
    for i in range(len(n)):
        without = a - ((a // stride[i]) % n[i]) * stride[i]
        for k in range(n[i]):
            if K[i, without + k * stride[i]] > K[i, a]:
                return False
    return True


@compiled
def _compare(K: IntArray, a: int, b: int) -> int:
    """Return the sign of the preference for a over b, blind to the numbering of agents."""
    m = len(K)
    difference = 0
    for i in range(m):
        difference += K[i, a] - K[i, b]
    if difference != 0:
        return 1 if difference > 0 else -1
    left, right = np.empty(m, dtype=np.int64), np.empty(m, dtype=np.int64)
    for i in range(m):
        left[i], right[i] = K[i, a], K[i, b]
    left, right = left[sorted_order(left, m)], right[sorted_order(right, m)]
    for i in range(m):
        if left[i] != right[i]:
            return 1 if left[i] > right[i] else -1
    return 0


@compiled
def best_pure(K: IntArray, n: IntArray, stride: IntArray, agents: IntArray) -> tuple[int, bool]:
    """Return the preferred pure equilibrium, -1 if there is none, and whether only labels decide.

    Parameters
    ----------
    K : int array [m, A]
        Payoffs as multiples of the grid, so that ties are exact.
    agents : int array [m] or [0]
        An order of the agents in which payoffs break the remaining ties; empty to report them instead.

    Notes
    -----
    Equilibria that pay every agent the same are equally good; the one of smallest index stands for
    them. ``True`` means that the best ones differ only in which agent gets which of the same payoffs.
    """
    best, ambiguous = -1, False
    for a in range(K.shape[1]):
        if not _is_equilibrium(K, n, stride, a):
            continue
        preference = 1 if best < 0 else _compare(K, a, best)
        if preference > 0:
            best, ambiguous = a, False
        elif preference == 0:
            for i in agents:
                if K[i, a] != K[i, best]:
                    if K[i, a] > K[i, best]:
                        best = a
                    break
            if len(agents) == 0:
                for i in range(len(n)):
                    ambiguous = ambiguous or K[i, a] != K[i, best]
    return best, ambiguous
