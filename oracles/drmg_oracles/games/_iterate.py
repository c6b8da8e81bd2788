"""How exact bounds on values are iterated through the stages of a model: one driver for each kind of model.

An operator maps bounds on the next values of one agent through one stage, exactly or rounded outward. A
finite horizon starts from 0 behind the last step and goes backwards; play goes the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from typing import TypeAlias

import numpy as np

from drmg_check.models import FiniteHorizon, Model, Stage, backwards
from drmg_check.vocabulary import Array, UnsupportedError


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Values ``lo <= V <= hi``, object arrays of Fractions: [S] of one stage, [H + 1, S] of all.

    Entry ``h + 1`` of the latter follows stage h.
    """

    lo: Array
    hi: Array


Operator: TypeAlias = Callable[[Stage, Between], Between]
"""``(stage, bounds on the next values)`` to bounds on the values of the stage."""


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
    steps = backwards(model.stages, operator, Between(nothing, nothing))
    lo, hi = np.stack([step.lo for step in steps]), np.stack([step.hi for step in steps])
    lo.setflags(write=False)
    hi.setflags(write=False)
    return Between(lo, hi)


@singledispatch
def in_order(model: Model) -> Iterator[tuple[Stage, bool]]:
    """Yield the stages in the order of play, and whether anything that follows is worth something.

    Raises
    ------
    UnsupportedError
        There is no driver for such a model.
    """
    raise UnsupportedError(f"the oracles do not walk through {type(model).__name__} {model.name!r}")


@in_order.register
def _(model: FiniteHorizon) -> Iterator[tuple[Stage, bool]]:
    for stage in model.stages:
        yield stage, stage.step + 1 < model.horizon
