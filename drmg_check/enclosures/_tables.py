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

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from drmg_check.documents import QUESTIONS, Question, Table
from drmg_check.enclosures._operators import answered, obeyed
from drmg_check.enclosures._outward import U
from drmg_check.enclosures._rows import (
    Entries,
    Radii,
    any_rounded,
    enclosed_expectations,
    entries_of,
    radii_between,
)
from drmg_check.models import (
    FiniteHorizon,
    JointPolicy,
    Model,
    Stage,
    check_policy_fits,
    row_set,
)
from drmg_check.vocabulary import FloatArray, IntArray, UnsupportedError

Progress: TypeAlias = Callable[[str], None]


class _Prepared:
    """What sweeps read of the stages, made once where stages share memory."""

    def __init__(self) -> None:
        self._entries: dict[int, Entries] = {}
        self._radii: dict[tuple[object, ...], Radii] = {}

    def entries(self, stage: Stage) -> Entries:
        """Return the rows of a stage."""
        key = id(stage.rows)
        if key not in self._entries:
            self._entries[key] = entries_of(stage.rows)
        return self._entries[key]

    def radii(self, stage: Stage, i: int) -> Radii:
        """Return agent i's radii ``[S A]``."""
        radius = stage.radius[i]
        key = radius.__array_interface__["data"][0], radius.strides, radius.dtype.kind
        if key not in self._radii:
            self._radii[key] = radii_between(np.ascontiguousarray(radius).reshape(-1))
        return self._radii[key]


def tables(
    model: Model,
    policy: JointPolicy,
    *,
    questions: tuple[Question, ...] = QUESTIONS,
    progress: Progress = lambda text: None,
) -> tuple[Table, ...]:
    """Return proved tables for every agent and question, by one proved sweep for each of them and each step.

    Parameters
    ----------
    model : Model
        With a finite horizon; its rows are read by their supports.
    policy : JointPolicy
    questions : tuple of {"value", "response", "modification"}
    progress : callable, optional
        Told after each step what was done.

    Raises
    ------
    InputError
        The policy belongs to another game.
    UnsupportedError
        A fictitious set, or rounded weights near the least doubles.

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
    check_policy_fits(model, policy)
    if not isinstance(model, FiniteHorizon):
        raise UnsupportedError(
            f"{model.name!r} is a {type(model).__name__}; tables are of games with a horizon"
        )
    prepared = _Prepared()
    pi, rounded = policy.pi, float(any_rounded(policy.stored))
    results = []
    for i in range(model.n_agents):
        for question in questions:
            L = np.zeros((len(model.stages) + 1, model.n_states))
            d = np.zeros(len(model.stages) + 1)
            for stage in reversed(model.stages):
                h = stage.step
                bounds = enclosed_expectations(
                    row_set(stage, i), prepared.entries(stage), prepared.radii(stage, i), L[h + 1]
                )
                L[h], widest = _step(stage, i, question, pi[h], rounded, bounds)
                d[h] = (widest + d[h + 1]) * (1.0 + 4.0 * U)
                progress(f"agent {i}, {question}, step {h}")
            results.append(Table(i, question, L, d))
    return tuple(results)


def _step(
    stage: Stage,
    i: int,
    question: Question,
    pi: FloatArray,
    rounded: float,
    bounds: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, float]:
    """Return the lower bounds of a step and how far the values may be above them, next values being exact."""
    S, A = stage.n_states, stage.n_joint_actions
    r, L, widths = np.ascontiguousarray(stage.r[i]), np.empty(S), np.empty(S)
    lo, hi = (each.reshape(S, A) for each in bounds)
    pi = np.ascontiguousarray(pi)
    if question == "value":
        obeyed(pi, r, lo, hi, rounded, L, widths)
    else:
        own, others = _split(stage.actions, i)
        answered(pi, own, others, question == "modification", r, lo, hi, rounded, L, widths)
    return L, float(widths.max())


def _split(actions: tuple[int, ...], i: int) -> tuple[IntArray, IntArray]:
    """Return of each joint action the agent's own, and the number of the others' together."""
    each = np.indices(actions).reshape(len(actions), -1)
    rest = [n for j, n in enumerate(actions) if j != i]
    others = (
        np.ravel_multi_index([each[j] for j in range(len(actions)) if j != i], rest) if rest else each[0] * 0
    )
    return np.ascontiguousarray(each[i]), np.ascontiguousarray(others)
