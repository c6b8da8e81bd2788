r"""Values of a policy and of the best answers to it, as tables of doubles, proved state by state.

For agent i and each of value, response and modification, a table has doubles ``L_h(s)`` and numbers ``d_h``
with

    L_h <= V_h <= L_h + d_h   at every state.

One proved sweep a step goes from ``L_{h+1}``: the worst case is monotone and moves with a constant, so that
``r + lo <= Q_h <= r + hi + d_{h+1}`` for bounds lo, hi of ``sigma(L_{h+1})``; averages and maxima keep both.
So each state can be checked alone, in fractions, from the next step's table: ``L_h(s) <= (T L_{h+1})(s)`` and
``(T L_{h+1})(s) + d_{h+1} <= L_h(s) + d_h``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import prod
from typing import TypeAlias

import numpy as np

from drmg_check.documents import QUESTIONS, Question, Table
from drmg_check.enclosures._operators import answered, obeyed
from drmg_check.enclosures._outward import U
from drmg_check.enclosures._prepared import Prepared
from drmg_check.enclosures._rows import LEAST_WEIGHT, any_rounded
from drmg_check.models import FiniteHorizon, JointPolicy, Model, SparsePolicy, Stage, check_policy_fits
from drmg_check.vocabulary import FloatArray, IntArray, UnsupportedError

Progress: TypeAlias = Callable[[str], None]


def tables(
    model: Model,
    policy: JointPolicy | SparsePolicy,
    *,
    questions: tuple[Question, ...] = QUESTIONS,
    threads: int = 1,
    progress: Progress = lambda text: None,
) -> tuple[Table, ...]:
    """Return proved tables for every agent and question, by one proved sweep for each of them and each step.

    Parameters
    ----------
    model : Model
        With a finite horizon; its rows are read by their supports.
    policy : JointPolicy or SparsePolicy
    questions : tuple of {"value", "response", "modification"}
    threads : int
        Rows and states are shared out to at most so many; the tables are the same for every number.
    progress : callable, optional
        Told after each step what was done.

    Raises
    ------
    InputError
        The policy belongs to another game.
    UnsupportedError
        A fictitious set, or rounded weights or products of weights near the least doubles.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> value, response, _ = tables(game, uniform_policy(game))[:3]
    >>> low, high = value.bounds(0, game.initial_state)
    >>> low <= Fraction(2449, 640) <= high, float(high - low) < 1e-13
    (True, True)
    """
    return tuple(proved_tables(model, policy, questions=questions, threads=threads, progress=progress))


def proved_tables(
    model: Model,
    policy: JointPolicy | SparsePolicy,
    *,
    questions: tuple[Question, ...] = QUESTIONS,
    threads: int = 1,
    progress: Progress = lambda text: None,
) -> Iterator[Table]:
    """Yield the same tables as :func:`tables`, each when it is done, so that only one has to be in memory.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> next(proved_tables(game, uniform_policy(game))).question
    'value'
    """
    check_policy_fits(model, policy)
    if not isinstance(model, FiniteHorizon):
        raise UnsupportedError(
            f"{model.name!r} is a {type(model).__name__}; tables are of games with a horizon"
        )
    if any(stage.arrival is not None for stage in model.stages):
        raise UnsupportedError(f"{model.name!r} pays on arrival; tables know rewards of (s, a) only")
    prepared, roundings = Prepared(threads), float(_roundings(policy))
    for i in range(model.n_agents):
        for question in questions:
            L = np.zeros((len(model.stages) + 1, model.n_states))
            d = np.zeros(len(model.stages) + 1)
            for stage in reversed(model.stages):
                h = stage.step
                bounds = prepared.bounds(stage, i, L[h + 1])
                operator = _operator(stage, i, question, policy.rule(h), roundings)
                widest = _by_states(operator, bounds, L[h], threads)
                d[h] = (widest + d[h + 1]) * (1.0 + 4.0 * U)
                progress(f"agent {i}, {question}, step {h}")
            yield Table(i, question, L, d)


def _roundings(policy: JointPolicy | SparsePolicy) -> int:
    """Return how often a weight of a rule in float64 was rounded: once if it is no double, once a product.

    Raises
    ------
    UnsupportedError
        A weight so small that a rounding may have cost it more than u of itself.
    """
    parts = (policy.stored,) if isinstance(policy, JointPolicy) else tuple(policy.stored)
    count = len(parts) - 1 + sum(any_rounded(part) for part in parts)
    if count:
        least = prod(float(min(float(x) for x in {*part.ravel().tolist()} if x)) for part in parts)
        if least < LEAST_WEIGHT:
            raise UnsupportedError(
                f"the policy has a weight that may round to {least!r}; tables need rounded weights of "
                f"at least {LEAST_WEIGHT!r}: leave out what is never played, or certify with --exact"
            )
    return count


Operate: TypeAlias = Callable[[slice, FloatArray, FloatArray, FloatArray, FloatArray], None]
"""``(states, lo, hi, L, widths)`` of those states, of which the last two are written."""


def _operator(stage: Stage, i: int, question: Question, pi: FloatArray, roundings: float) -> Operate:
    """Return what maps bounds on the worst cases of some states to lower bounds on values, and widths."""
    r, pi = np.ascontiguousarray(stage.r[i]), np.ascontiguousarray(pi)
    own, others = _split(stage.actions, i)

    def operate(states: slice, lo: FloatArray, hi: FloatArray, L: FloatArray, widths: FloatArray) -> None:
        if question == "value":
            obeyed(pi[states], r[states], lo, hi, roundings, L, widths)
        else:
            told = question == "modification"
            answered(pi[states], own, others, told, r[states], lo, hi, roundings, L, widths)

    return operate


def _by_states(operate: Operate, bounds: tuple[FloatArray, FloatArray], L: FloatArray, threads: int) -> float:
    """Write the lower bounds of a step and return how far values may be above, next values being exact."""
    S, widths = len(L), np.empty(len(L))
    lo, hi = (each.reshape(S, -1) for each in bounds)

    def part(states: slice) -> None:
        operate(states, lo[states], hi[states], L[states], widths[states])

    cuts = [S * k // threads for k in range(threads + 1)]
    shares = [slice(*ends) for ends in pairwise(cuts) if ends[0] < ends[1]]
    if threads == 1:
        part(slice(0, S))
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, shares))
    return float(widths.max())


def _split(actions: tuple[int, ...], i: int) -> tuple[IntArray, IntArray]:
    """Return of each joint action the agent's own, and the number of the others' together."""
    each = np.indices(actions).reshape(len(actions), -1)
    rest = [n for j, n in enumerate(actions) if j != i]
    others = (
        np.ravel_multi_index([each[j] for j in range(len(actions)) if j != i], rest) if rest else each[0] * 0
    )
    return np.ascontiguousarray(each[i]), np.ascontiguousarray(others)
