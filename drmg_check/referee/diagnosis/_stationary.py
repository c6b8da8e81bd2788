r"""The discounted recursion with any of its parts exchanged, and where its iteration may have stopped.

    V_i = T_i V_i,    T_i V(s) = average of combine(r_i(s, a), row(gamma_i V)),

with the exchanged parts of :mod:`drmg_check.referee.diagnosis._recursion`. The fixed point is sought by
Anderson's method in float64: it asks nothing of T but that it is a map, as many an alternative is no
contraction. What does not come to rest says nothing.

A stopping rule is an alternative of its own kind: ``V_0 = 0``, ``V_{n+1} = T V_n`` until a test of the
residual passes, then ``V_{n+1}`` or the iterate before. At a discount of 0.99 a residual of eps leaves an
error of up to 99 eps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.referee.diagnosis._readings import Reading, of_radii, of_rewards
from drmg_check.referee.diagnosis._recursion import (
    Choice,
    GameAlternative,
    Mix,
    Recursion,
    Response,
    RowValue,
    Tables,
    answers,
    best_answer,
    largest,
    mixtures,
    played,
    worst_case,
)
from drmg_check.referee.diagnosis._responses import nominal
from drmg_check.sets import Row
from drmg_check.vocabulary import Array, FloatArray, UnsupportedError

AT_REST = 1e-12
"""The residual, in units of the largest value: at a discount of 0.99 four digits below what is told apart."""
DEPTH, SWEEPS, LONGEST_RUN = 6, 150, 4000
"""Residuals that Anderson's method combines, and how long it and a stopping rule may take."""
_TESTS: tuple[str, ...] = ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6")
Sweep: TypeAlias = Callable[[FloatArray], FloatArray]
Test: TypeAlias = Callable[[int, FloatArray, FloatArray], bool]
"""``(n, V_n, V_{n+1})`` to whether the iteration ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Stopped(Recursion):
    """A value iteration that ends, with the iterate that passed the test or the one ``before``."""

    test: Test = lambda n, V, after: False
    before: bool = False


def stationary_values(how: Recursion, t: Tables, response: Response, row: RowValue | None = None) -> Array:
    """Return each agent's discounted values ``[m, S]`` of the tables as read; what they do is ``response``.

    Raises
    ------
    UnsupportedError
        The iteration does not come to rest.
    """
    agents = range(len(t.actions))
    row = row or how.row
    each = [_values(how, t, i, response, _quick if row is worst_case else row) for i in agents]
    values: Array = np.array([[Fraction(v) for v in V] for V in each], dtype=object)
    return values


def _quick(_: int, row: Row) -> Fraction:
    """Return the worst case as the kernel computes it: a diagnosis needs six digits, hundreds of times."""
    nominal = np.array([row.nominal], dtype=np.float64)
    values, radius = np.array(row.values, dtype=np.float64), np.array([float(row.radius)])
    return Fraction(float(worst_case_expectations(row.uncertainty, nominal, radius, values)[0]))


def _values(how: Recursion, t: Tables, i: int, response: Response, row: RowValue) -> FloatArray:
    if isinstance(how, Stopped):
        for n, (V, after) in enumerate(pairwise(_iterates(t, i, response, row))):
            if how.test(n, V, after):
                return V if how.before else after
        raise UnsupportedError("the test does not pass")
    return _at_rest(_sweep(how, t, i, response(t, i), row), t.P.shape[1], largest(t))


def _sweep(how: Recursion, t: Tables, i: int, choose: Choice, row: RowValue) -> Sweep:
    gamma = t.discounts[i]

    def swept(V: FloatArray) -> FloatArray:
        mix = mixtures(how, t, i, 0, [gamma * Fraction(v) for v in V.tolist()], row)
        values = (how.settle(choose(0, s, partial(mix, s)), 1, 1) for s in range(len(V)))
        return np.array([float(v) for v in values])

    return swept


@lru_cache(maxsize=256)
def _run(t: Tables, i: int, response: Response, row: RowValue) -> tuple[list[FloatArray], Sweep]:
    """Return the iterates so far, shared by all stopping rules, and how they go on."""
    return [np.zeros(t.P.shape[1])], _sweep(Recursion(), t, i, response(t, i), row)


def _iterates(t: Tables, i: int, response: Response, row: RowValue) -> Iterator[FloatArray]:
    iterates, swept = _run(t, i, response, row)
    for n in range(LONGEST_RUN):
        if n == len(iterates):
            iterates.append(swept(iterates[-1]))
        yield iterates[n]


def _at_rest(swept: Sweep, S: int, size: Fraction) -> FloatArray:
    V, images, residuals = np.zeros(S), list[FloatArray](), list[FloatArray]()
    for _ in range(SWEEPS):
        image = swept(V)
        if not np.isfinite(image).all():
            break
        images, residuals = [*images[-DEPTH:], image], [*residuals[-DEPTH:], image - V]
        if np.abs(residuals[-1]).max() <= AT_REST * max(float(size), float(np.abs(image).max())):
            return image
        V = image
        if len(images) > 1:
            changes = np.diff(residuals, axis=0).T
            shares = np.linalg.lstsq(changes, residuals[-1], rcond=None)[0]
            V = image - np.diff(images, axis=0).T @ shares
    raise UnsupportedError("the iteration does not come to rest")


def planned_without_adversary(t: Tables, i: int) -> Choice:
    """Play what is optimal without the adversary, and value it with him."""
    V = _at_rest(_sweep(Recursion(), t, i, best_answer(t, i), nominal), t.P.shape[1], largest(t))
    plan: list[int] = []

    def choose(h: int, s: int, mix: Mix) -> Fraction:
        options = [mix(joint) for joint in answers(t, i, played(t, h, s))]
        plan.append(options.index(max(options)))
        return max(options)

    _sweep(Recursion(), t, i, choose, nominal)(V)
    return lambda h, s, mix: mix(answers(t, i, played(t, h, s))[plan[s]])


def other_discounts() -> Iterator[GameAlternative]:
    """Yield discounts at other places."""
    changes: dict[str, tuple[str, Callable[[Fraction], Fraction]]] = {
        "gamma squared": ("the discount is applied twice", lambda gamma: gamma**2),
        "1 - gamma for gamma": ("the discount rate is taken for the factor", lambda gamma: 1 - gamma),
        "no discount": ("gamma is missing", lambda gamma: Fraction(1)),
        "no future": ("gamma is taken for 0", lambda gamma: Fraction(0)),
    }
    for name, (words, change) in changes.items():
        yield GameAlternative(name, words, Recursion(read=_of_discounts(_each(change))))
    words = "the first reward is discounted as well"
    yield GameAlternative("gamma times the value", words, Recursion(read=_scaled(lambda gamma: gamma)))
    words = "the mean reward of a step in place of the sum"
    yield GameAlternative("(1 - gamma) V", words, Recursion(read=_scaled(lambda gamma: 1 - gamma)))


def penalties() -> Iterator[GameAlternative]:
    """Yield duals whose penalty for the radius has another discount than the expectation beside it."""
    words = "gamma is missing in the penalty of the dual, sup gamma E[..] - rho [..]"
    how = Recursion(read=_of_penalty(lambda gamma: 1 / gamma))
    yield GameAlternative("radii divided by gamma", words, how)
    words = "gamma is applied twice in the penalty of the dual"
    how = Recursion(read=_of_penalty(lambda gamma: gamma))
    yield GameAlternative("radii times gamma", words, how)


def _of_penalty(factor: Callable[[Fraction], Fraction]) -> Reading:
    def read(t: Tables) -> Tables:
        factors = np.array([factor(gamma) for gamma in t.discounts], dtype=object)
        return of_radii(lambda rho: rho * factors[:, None, None, None])(t)

    return read


def discounts_of_other_agents() -> Iterator[GameAlternative]:
    """Yield discounts of an agent that stand for those of others."""
    how = Recursion(read=_of_discounts(lambda each: (each[0],) * len(each)))
    yield GameAlternative("the first agent's discount for all", "the index i is missing in gamma", how)
    how = Recursion(read=_of_discounts(lambda each: each[::-1]))
    yield GameAlternative("the other agent's discount", "agents in reversed order in gamma", how)


def _each(change: Callable[[Fraction], Fraction]) -> Callable[[tuple[Fraction, ...]], tuple[Fraction, ...]]:
    return lambda discounts: tuple(map(change, discounts))


def _of_discounts(change: Callable[[tuple[Fraction, ...]], tuple[Fraction, ...]]) -> Reading:
    return lambda t: replace(t, discounts=change(t.discounts))


def _scaled(factor: Callable[[Fraction], Fraction]) -> Reading:
    def read(t: Tables) -> Tables:
        factors = np.array([factor(gamma) for gamma in t.discounts], dtype=object)
        return of_rewards(lambda r: r * factors[:, None, None, None])(t)

    return read


def stopping_rules() -> Iterator[GameAlternative]:
    """Yield value iterations from 0 that stop too early for what they promise, the loosest first."""
    for text in _TESTS:
        eps = float(text)
        tests: dict[str, Test] = {
            f"the largest change is below {text}": partial(_changes_below, eps),
            f"the span of the change is below {text}": partial(_span_below, eps),
            f"the relative change is below {text}": partial(_relative_below, eps),
        }
        for name, test in tests.items():
            words = "which bounds the error by eps gamma / (1 - gamma), not by eps"
            yield GameAlternative(f"value iteration until {name}", words, Stopped(test=test))
            words = "the iterate before the one that passed is returned"
            yield GameAlternative(f"the iterate before, once {name}", words, Stopped(test=test, before=True))
    for count in (10, 50, 100, 500, 1000):
        how = Stopped(test=partial(_after, count))
        yield GameAlternative(f"{count} sweeps", "a fixed number, whatever gamma is", how)


def _after(count: int, n: int, V: FloatArray, after: FloatArray) -> bool:
    return n + 1 >= count


def _changes_below(eps: float, n: int, V: FloatArray, after: FloatArray) -> bool:
    return bool(np.abs(after - V).max() < eps)


def _span_below(eps: float, n: int, V: FloatArray, after: FloatArray) -> bool:
    change = after - V
    return bool(change.max() - change.min() < eps)


def _relative_below(eps: float, n: int, V: FloatArray, after: FloatArray) -> bool:
    return bool((np.abs(after - V) <= eps * np.abs(after)).all())
