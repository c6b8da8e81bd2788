"""Honest code for the values of games: the textbook recursion over honest code for rows, or all in one.

A recursion passes on the errors of its rows: whoever declares an accuracy declares it of each worst case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numba import njit

from benchmarks.fairness._approximate import APPROXIMATE, compiled_tv
from benchmarks.fairness._exact import EXACT, SETS, Way, kernel
from benchmarks.fairness._honest import Honest
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray
from drmg_check.words import LevelName

Actions: TypeAlias = tuple[int, ...]
Sets: TypeAlias = tuple[UncertaintySet, ...]
Choice = Callable[[FloatArray, FloatArray, int, Actions], FloatArray]
"""``Q[s, a]``, ``pi[s, a]``, agent i and the numbers of actions to ``V[s]``."""
Textbook: TypeAlias = Callable[..., FloatArray]
EXACT_ROWS = ("kernel", "rounded_anyhow", "forward_sum")
single = np.float32


def backup(way: Way) -> Textbook:
    """Return ``Q[s, a]`` with a way to solve rows."""

    def backed_up(
        P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, uncertainty: UncertaintySet
    ) -> FloatArray:
        Q = np.empty(r.shape)
        for s, a in np.ndindex(*r.shape):
            Q[s, a] = r[s, a] + float(way(P[s, a], V, float(rho[s, a]), uncertainty))
        return Q

    return backed_up


def obeyed(Q: FloatArray, pi: FloatArray, _i: int, _actions: Actions) -> FloatArray:
    """Average over what the policy plays."""
    values: FloatArray = (pi * Q).sum(axis=1)
    return values


def answered(Q: FloatArray, pi: FloatArray, i: int, actions: Actions) -> FloatArray:
    """Let agent i choose its best action against what the others play."""
    S = len(Q)
    others = pi.reshape(S, *actions).sum(axis=1 + i, keepdims=True)
    each = (others * Q.reshape(S, *actions)).sum(axis=tuple(1 + j for j in range(len(actions)) if j != i))
    best: FloatArray = each.max(axis=1)
    return best


def recursion(way: Way, choice: Choice) -> Textbook:
    """Return ``V[i, s]`` at the first step with a way to solve rows."""
    backed_up = backup(way)

    def values(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: Sets
    ) -> FloatArray:
        m, H, S, _ = r.shape
        V = np.zeros((m, S))
        for i in range(m):
            for h in reversed(range(H)):
                Q = backed_up(P[h], r[i, h], rho[i, h], V[i], uncertainty[i])
                V[i] = choice(Q, pi[h], i, actions)
        return V

    return values


def evaluation(way: Way) -> Textbook:
    """Return the value of the policy."""
    return recursion(way, obeyed)


def best_response(way: Way) -> Textbook:
    """Return what each agent gets by its best response."""
    return recursion(way, answered)


def gap(way: Way) -> Textbook:
    """Return what each agent gains by its best response."""
    best, own = recursion(way, answered), recursion(way, obeyed)

    def gained(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: Sets
    ) -> FloatArray:
        game = (P, r, rho, pi, actions, uncertainty)
        return best(*game) - own(*game)

    return gained


@njit
def compiled_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Return the value of the policy for total variation, all loops compiled."""
    m, H, S, A = r.shape
    V = np.zeros((m, S))
    for i in range(m):
        for h in range(H - 1, -1, -1):
            after = V[i].copy()
            for s in range(S):
                V[i, s] = 0.0
                for a in range(A):
                    Q = r[i, h, s, a] + compiled_tv(P[h, s, a], after, rho[i, h, s, a])
                    V[i, s] += pi[h, s, a] * Q
    return V


def single_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: Sets
) -> FloatArray:
    """Return the value of the policy, kept in float32 at every step."""
    m, H, S, A = r.shape
    V = np.zeros((m, S), dtype=single)
    for i in range(m):
        for h in reversed(range(H)):
            after = V[i].astype(float)
            for s in range(S):
                worst = [kernel(P[h, s, a], after, rho[i, h, s, a], uncertainty[i]) for a in range(A)]
                Q = r[i, h, s].astype(single) + np.array(worst, dtype=single)
                V[i, s] = (pi[h, s].astype(single) * Q).sum(dtype=single)
    return V.astype(float)


def _values() -> Iterator[Honest]:
    textbooks: dict[LevelName, Callable[[Way], Textbook]] = {
        "backup": backup,
        "evaluation": evaluation,
        "best-response": best_response,
        "gap": gap,
    }
    rows = [honest for honest in EXACT if honest.name in EXACT_ROWS]
    rows += [
        honest
        for honest in APPROXIMATE
        if not honest.declared.distribution and honest.kind not in ("float32", "compiled")
    ]
    for level, textbook in textbooks.items():
        for honest in rows:
            told = Implementation(
                level=level,
                sets=honest.declared.sets,
                accuracy=honest.declared.accuracy,
                accuracy_absolute=honest.declared.accuracy_absolute,
            )
            yield Honest(
                name=f"{level} by {honest.name}",
                kind=honest.kind,
                function=textbook(honest.function),
                declared=told,
                repeats=honest.repeats,
            )
    told = Implementation(level="evaluation", sets=("tv",), accuracy=Fraction(0))
    yield Honest(name="compiled evaluation", kind="compiled", function=compiled_evaluation, declared=told)
    told = Implementation(level="evaluation", sets=SETS, accuracy=Fraction(0), precision="float32")
    yield Honest(name="evaluation in float32", kind="float32", function=single_evaluation, declared=told)


VALUES = tuple(_values())
"""What is judged on values of games."""
