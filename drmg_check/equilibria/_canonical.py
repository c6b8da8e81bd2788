"""A canonical order of agents and actions, so that no choice of a solver depends on how they are numbered.

Colour refinement: every agent and every action carries a colour, a 64-bit digest. A round mixes into the
colour of action k of agent i the multiset, over the joint actions that contain it, of the payoffs and
colours found there. When no round separates more, equal colours mean (but for accidents) that a symmetry
of the game exchanges their bearers; one of them is then singled out, and the refinement goes on until
all colours differ. Sorting by colour gives the order: relabelled games get the same canonical form.

Symmetric agents cannot be told apart by any rule; that they were is reported, so that the caller may
prefer an equilibrium that treats them alike. Payoffs are integers (multiples of the grid): equality of
floats that differ in the last bit would make colours meaningless.
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import sorted_order
from drmg_check.vocabulary import IntArray

# The constants of SplitMix64.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled
def _mix(left: np.uint64, right: np.uint64) -> np.uint64:
    """Return SplitMix64 (Steele, Lea and Flood, 2014) of a pair, not symmetric in it."""
    z = left * _FIRST + right + _GOLDEN
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@compiled
def _refine(K: IntArray, n: IntArray, stride: IntArray, agent: np.ndarray, action: np.ndarray) -> None:
    """Run one round of refinement in place; sums of digests wrap, hence do not depend on order."""
    m, A = K.shape
    gathered = np.zeros(action.shape, dtype=np.uint64)
    for a in range(A):
        profile = np.uint64(0)
        for j in range(m):
            seen = _mix(np.uint64(K[j, a]), action[j, (a // stride[j]) % n[j]])
            profile += _mix(seen, agent[j])
        for j in range(m):
            k = (a // stride[j]) % n[j]
            gathered[j, k] += _mix(profile, np.uint64(K[j, a]))
    for j in range(m):
        own = np.uint64(0)
        for k in range(n[j]):
            action[j, k] = _mix(action[j, k], gathered[j, k])
            own += _mix(action[j, k], _GOLDEN)
        agent[j] = _mix(agent[j], own)


@compiled
def _distinct(n: IntArray, agent: np.ndarray, action: np.ndarray) -> int:
    """Count the classes: agents, and actions within each agent."""
    count = 0
    for j in range(len(n)):
        new = True
        for i in range(j):
            new = new and agent[i] != agent[j]
        count += new
        for k in range(n[j]):
            new = True
            for other in range(k):
                new = new and action[j, other] != action[j, k]
            count += new
    return count


@compiled
def _stabilise(K: IntArray, n: IntArray, stride: IntArray, agent: np.ndarray, action: np.ndarray) -> None:
    before, now = -1, 0
    while now > before:
        before = now
        _refine(K, n, stride, agent, action)
        now = _distinct(n, agent, action)


@compiled
def _single_out(n: IntArray, agent: np.ndarray, action: np.ndarray) -> bool:
    """Give one bearer of the smallest shared colour a colour of its own; return whether there was one."""
    m = len(n)
    for i in sorted_order(agent, m):
        for j in range(m):
            if i != j and agent[i] == agent[j]:
                agent[i] = _mix(agent[i], _SECOND)
                return True
    for i in sorted_order(agent, m):
        for k in sorted_order(action[i], n[i]):
            for other in range(n[i]):
                if k != other and action[i, k] == action[i, other]:
                    action[i, k] = _mix(action[i, k], _SECOND)
                    return True
    return False


@compiled
def canonical_order(K: IntArray, n: IntArray, stride: IntArray) -> tuple[IntArray, IntArray, bool]:
    """Return the canonical order of agents and of their actions, and whether some agents are symmetric.

    Parameters
    ----------
    K : int array [m, A]
        Payoffs as multiples of the grid.
    n, stride : int array [m]
        Number of actions of each agent, and its stride in the joint index.

    Returns
    -------
    agents : int array [m]
        Agents, first in order first.
    actions : int array [m, max n]
        ``actions[i, :n[i]]`` lists the actions of agent i (as numbered by the caller) in order.
    symmetric : bool
        Two agents have the same colour before any is singled out.
    """
    m = len(n)
    agent = np.zeros(m, dtype=np.uint64)
    action = np.zeros((m, n.max()), dtype=np.uint64)
    for i in range(m):
        agent[i] = np.uint64(n[i])
    _stabilise(K, n, stride, agent, action)
    symmetric = False
    for i in range(m):
        for j in range(i):
            symmetric = symmetric or agent[i] == agent[j]
    while _single_out(n, agent, action):
        _stabilise(K, n, stride, agent, action)
    order = np.zeros((m, n.max()), dtype=np.int64)
    for i in range(m):
        by_colour = sorted_order(action[i], n[i])
        for k in range(n[i]):
            order[i, k] = by_colour[k]
    return sorted_order(agent, m), order, symmetric
