"""How exact bounds on values are iterated through the stages of a model: one driver for each kind of model.

An operator maps bounds on the next values of one agent through one stage, exactly or rounded outward. A
finite horizon starts from 0 behind the last step and goes backwards; play goes the other way. A discounted
game has a fixed point, which ``_fixed_point.py`` brackets; play in it comes to a state again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import singledispatch
from typing import TypeAlias

import numpy as np

from drmg_check.models import DiscountedGame, FiniteHorizon, Model, Stage, backwards
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles.games._fixed_point import Between, Operator, bracket
from drmg_oracles.games._visit import Visit


@singledispatch
def iterate(model: Model, i: int, operator: Operator) -> Between:
    """Return bounds on agent i's values that an operator leads to, in all stages.

    Raises
    ------
    UnsupportedError
        There is no driver for such a model.
    """
    raise UnsupportedError(f"the oracles have no driver for {type(model).__name__} {model.name!r}")


@iterate.register
def _(model: FiniteHorizon, _i: int, operator: Operator) -> Between:
    nothing = np.full(model.n_states, Fraction(0), dtype=object)
    steps = backwards(model.stages, operator.back_up, Between(nothing, nothing))
    lo, hi = np.stack([step.lo for step in steps]), np.stack([step.hi for step in steps])
    return _read_only(Between(lo, hi))


@iterate.register
def _(model: DiscountedGame, i: int, operator: Operator) -> Between:
    V = bracket(model, i, operator)
    return _read_only(Between(np.stack([V.lo, V.lo]), np.stack([V.hi, V.hi])))


def _read_only(values: Between) -> Between:
    values.lo.setflags(write=False)
    values.hi.setflags(write=False)
    return values


Look: TypeAlias = Callable[[Stage, int, float, dict[int, float]], Visit]
"""``(stage, s, how much play comes to s, following)`` to the visit; what goes on is added to the last."""


@singledispatch
def forwards(model: Model, i: int, look: Look) -> Iterator[Visit]:
    """Yield the places where play can come, in the order of play, for agent i.

    Raises
    ------
    UnsupportedError
        There is no driver for such a model.
    """
    raise UnsupportedError(f"the oracles do not walk through {type(model).__name__} {model.name!r}")


@forwards.register
def _(model: FiniteHorizon, _i: int, look: Look) -> Iterator[Visit]:
    reach = {model.initial_state: 1.0}
    for stage in model.stages[:-1]:
        following: dict[int, float] = {}
        for s, chance in sorted(reach.items()):
            yield look(stage, s, chance, following)
        reach = following
    for s, chance in sorted(reach.items()):  # nothing that follows the last step is worth anything
        yield Visit(model.horizon - 1, s, chance, ())


@forwards.register
def _(model: DiscountedGame, i: int, look: Look) -> Iterator[Visit]:
    gamma = float(model.discounts[i])
    start, visits = model.initial_state, dict[int, Visit]()
    chances = dict[int, dict[int, float]]()
    waiting = [start]
    while waiting:
        s = waiting.pop()
        if s not in visits:
            chances[s] = {}
            visits[s] = look(model.stage, s, 1.0, chances[s])
            waiting += chances[s]
    states = sorted(visits)
    place = {s: k for k, s in enumerate(states)}
    flow = np.eye(len(states))
    for s, following in chances.items():
        for t, chance in following.items():
            flow[place[t], place[s]] -= gamma * chance
    often = np.linalg.solve(flow, np.eye(len(states))[place[start]])
    for s, times in zip(states, often.tolist(), strict=True):
        rows = tuple(replace(row, loss=times * row.loss) for row in visits[s].rows)
        yield Visit(0, s, times, rows)
