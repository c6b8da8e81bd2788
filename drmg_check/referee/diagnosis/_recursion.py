r"""The robust Bellman recursion with any of its parts exchanged: how somebody else computes a game's values.

    Q_h(s, a) = combine(r_h(s, a), row(V_{h+1})),    V_h(s) = settle(average of Q_h(s, .)),    V_H = 0,

where ``row`` is the worst-case expectation, ``combine`` the sum, ``settle`` nothing, and a best response
replaces the average by a maximum. Before that the game may be read wrongly, and afterwards the answer be
written wrongly. What is computed is exact up to ``2^-100``, apart from rows that are given by a formula in
floats: a diagnosis asks for 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from math import prod
from typing import TypeAlias

import numpy as np

from drmg_check.models import (
    FiniteHorizon,
    JointPolicy,
    action_distribution,
    exact_radius,
    exact_reward,
    nominal_row,
    row_set,
    uniform_policy,
)
from drmg_check.referee.evidence import certified
from drmg_check.sets import Row, UncertaintySet
from drmg_check.vocabulary import Array
from drmg_check.words import Concept

ONE_GRID = 2**100
LONGEST = 256
"""Bits of a denominator above which a value is rounded to a multiple of ``1 / ONE_GRID``."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The numbers of a question: ``P[h, s, a, s']``, ``r`` and ``rho [i, h, s, a]``, ``pi[h, s, a]``.

    Object arrays of Fractions. ``sets`` holds one set an agent, ``after`` the next values of a backup,
    ``discounts`` one number an agent if the one step is played for ever.
    """

    P: Array
    r: Array
    rho: Array
    pi: Array
    sets: tuple[UncertaintySet, ...]
    actions: tuple[int, ...]
    after: tuple[Fraction, ...] = ()
    discounts: tuple[Fraction, ...] = ()


Weights: TypeAlias = Mapping[int, Fraction]  # joint action to weight
Mix: TypeAlias = Callable[[Weights], Fraction]  # the weighted sum of Q_h(s, .)
Choice: TypeAlias = Callable[[int, int, Mix], Fraction]  # (h, s, mix) -> V_h(s)
Response: TypeAlias = Callable[[Tables, int], Choice]  # of agent i
RowValue: TypeAlias = Callable[[int, Row], Fraction]  # of agent i


def worst_case(_: int, row: Row) -> Fraction:
    """Return the certified worst-case expectation."""
    return certified(row).lo if row.span else row.values[0]


def average(t: Tables, _i: int) -> Choice:
    """Obey the policy."""
    return lambda h, s, mix: mix(played(t, h, s))


def best_answer(t: Tables, i: int) -> Choice:
    """Play the best action against the others' marginal."""
    return lambda h, s, mix: max(mix(joint) for joint in answers(t, i, played(t, h, s)))


def best_modification(t: Tables, i: int) -> Choice:
    """Give the best answer to each recommendation."""

    def choose(h: int, s: int, mix: Mix) -> Fraction:
        told: dict[int, dict[int, Fraction]] = {}
        for a, weight in played(t, h, s).items():
            told.setdefault(own_action(t, i, a), {})[a] = weight
        each = (max(mix(joint) for joint in answers(t, i, given)) for given in told.values())
        return sum(each, Fraction(0))

    return choose


@dataclass(frozen=True, slots=True, eq=False)
class Recursion:
    """How somebody computes values; the defaults are right.

    Parameters
    ----------
    read : callable
        Tables to the tables that are understood.
    row : callable
        Agent and row to the worst-case expectation.
    combine, settle : callable
        ``(r, sigma, left, H)`` to Q and ``(V, left, H)`` to V, with ``left = H - h + 1`` in the paper's
        letters: the steps from h to the end.
    obey, respond : callable
        What agent i does in an evaluation, and in a best response.
    next_values : callable
        ``(V[h, s], h)`` to the values that step h follows on, with h counted from 0.
    together : bool
        The adversary sees the average of kernel and radius over what is mixed, not each joint action.
    obeying_row : callable, optional
        The row of the value that is subtracted in a gap, if it is another one.
    write : callable
        The answer to the answer that is returned.
    concept : {"nash", "cce", "ce"}, optional
        Of an equilibrium, if it is another one than is asked for.
    """

    read: Callable[[Tables], Tables] = lambda t: t
    row: RowValue = worst_case
    combine: Callable[[Fraction, Fraction, int, int], Fraction] = lambda r, sigma, left, H: r + sigma
    settle: Callable[[Fraction, int, int], Fraction] = lambda V, left, H: V
    obey: Response = average
    respond: Response = best_answer
    next_values: Callable[[Array, int], Array] = lambda V, h: V[h + 1]
    together: bool = False
    obeying_row: RowValue | None = None
    write: Callable[[Array], Array] = lambda values: values
    concept: Concept | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GameAlternative:
    """Something else that an implementation may compute of a game.

    Parameters
    ----------
    name : str
        A few words, unique in the catalogue of a level.
    words : str
        What it means, or how it comes about.
    how : Recursion
    remedy : str
        How to declare it, if it is a convention and no mistake.
    """

    name: str
    words: str
    how: Recursion
    remedy: str = ""


DECLARED = GameAlternative("", "", Recursion())
"""What is declared: no alternative."""


def tables_of(
    game: FiniteHorizon, policy: JointPolicy | None = None, after: tuple[Fraction, ...] = ()
) -> Tables:
    """Return the numbers of a game, with those of a policy (uniform if there is none) and of next values."""
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    played_with = uniform_policy(game) if policy is None else policy
    P = np.empty((H, S, A, S), dtype=object)
    pi = np.empty((H, S, A), dtype=object)
    r, rho = (np.empty((m, H, S, A), dtype=object) for _ in range(2))
    for h, s in np.ndindex(H, S):
        pi[h, s] = action_distribution(played_with, h, s)
        for a in range(A):
            P[h, s, a] = nominal_row(game.stages[h], s, a)
            for i in range(m):
                r[i, h, s, a] = exact_reward(game.stages[h], i, s, a)
                rho[i, h, s, a] = exact_radius(game.stages[h], i, s, a)
    sets = tuple(row_set(game.stages[0], i) for i in range(m))
    return Tables(P, r, rho, pi, sets, game.actions, after)


def with_policy(t: Tables, pi: Array) -> Tables:
    """Return the tables with another policy ``pi[h, s, a]``."""
    return replace(t, pi=pi.reshape(t.pi.shape))


def largest(t: Tables) -> Fraction:
    """Return ``H max |r|``, which no value exceeds, with the next values of a backup."""
    reward: Fraction = max(abs(r) for r in t.r.ravel())
    return len(t.P) * reward + max((abs(v) for v in t.after), default=Fraction(0))


def obeyed(how: Recursion, t: Tables) -> Array:
    """Return each agent's value ``[m, S]`` of the policy at the first step."""
    row = how.row if how.obeying_row is None else how.obeying_row
    return np.stack([values_by(how, t, i, how.obey, row)[0] for i in range(len(t.actions))])


def responded(how: Recursion, t: Tables) -> Array:
    """Return each agent's value ``[m, S]`` of its response at the first step."""
    return np.stack([values_by(how, t, i, how.respond)[0] for i in range(len(t.actions))])


def gains_by(how: Recursion, t: Tables, concept: Concept) -> Array:
    """Return ``[H, S]``, the largest gain of an agent by deviating from the policy from there on."""
    respond = best_modification if (how.concept or concept) == "ce" else best_answer
    agents = range(len(t.actions))
    each = [values_by(how, t, i, respond) - values_by(how, t, i, how.obey) for i in agents]
    gains: Array = np.max(each, axis=0)[:-1]
    return gains


def values_by(how: Recursion, t: Tables, i: int, response: Response, row: RowValue | None = None) -> Array:
    """Return agent i's values ``[H + 1, S]``."""
    H, S = t.P.shape[:2]
    V: Array = np.full((H + 1, S), Fraction(0), dtype=object)
    choose = response(t, i)
    for h in reversed(range(H)):
        mix = mixtures(how, t, i, h, how.next_values(V, h).tolist(), row)
        for s in range(S):
            V[h, s] = _rounded(how.settle(choose(h, s, partial(mix, s)), H - h, H))
    return V


def mixtures(
    how: Recursion, t: Tables, i: int, h: int, V: Sequence[Fraction], row: RowValue | None = None
) -> Callable[[int, Weights], Fraction]:
    """Return ``(s, weights) -> sum_a weights(a) Q_h(s, a)`` for the next values V."""
    left, H, after, worst = len(t.P) - h, len(t.P), tuple(V), row or how.row

    def one(p: tuple[Fraction, ...], r: Fraction, rho: Fraction) -> Fraction:
        return how.combine(r, worst(i, Row(t.sets[i], p, after, rho)), left, H)

    @cache
    def Q(s: int, a: int) -> Fraction:
        return one(tuple(t.P[h, s, a]), t.r[i, h, s, a], t.rho[i, h, s, a])

    def mix(s: int, weights: Weights) -> Fraction:
        if not how.together:
            return sum((w * Q(s, a) for a, w in weights.items()), Fraction(0))
        total = sum(weights.values(), Fraction(0))
        p, r, rho = (
            sum(w * x[a] for a, w in weights.items()) / total
            for x in (t.P[h, s], t.r[i, h, s], t.rho[i, h, s])
        )
        return total * one(tuple(p), r, rho)

    return mix


def played(t: Tables, h: int, s: int) -> dict[int, Fraction]:
    """Return the joint actions that the policy plays, with their weights."""
    return {a: w for a, w in enumerate(t.pi[h, s]) if w}


def own_action(t: Tables, i: int, a: int) -> int:
    """Return agent i's part of a joint action."""
    return a // prod(t.actions[i + 1 :]) % t.actions[i]


def answers(t: Tables, i: int, given: Weights) -> list[dict[int, Fraction]]:
    """Return for each action of agent i the joint weights if it plays that, and the others as given."""
    stride = prod(t.actions[i + 1 :])
    others: dict[int, Fraction] = {}
    for a, weight in given.items():
        rest = a - own_action(t, i, a) * stride
        others[rest] = others.get(rest, Fraction(0)) + weight
    return [{rest + b * stride: w for rest, w in others.items()} for b in range(t.actions[i])]


def _rounded(x: Fraction) -> Fraction:
    return x if x.denominator.bit_length() <= LONGEST else Fraction(round(x * ONE_GRID), ONE_GRID)
