"""How the planner iterates an operator through the stages of a model: one driver for each kind of model.

An operator maps the next values of some agents through one stage. What it does there is its own business:
average over a policy, take a maximum, solve stage games. Where next values come from is the driver's: a
finite horizon starts from 0 behind the last step and goes backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np

from drmg_check.models import FiniteHorizon, Model, Stage, backwards
from drmg_check.vocabulary import FloatArray, UnsupportedError

Choice = TypeVar("Choice")


class Backup(NamedTuple, Generic[Choice]):
    """What an operator makes of the next values of k agents at one stage.

    Attributes
    ----------
    V : array [k, S]
    Q : array [k, S, A]
    error : array [k]
        Each value is within this of the exact one.
    x : array [S, A]
        What is played: the policy, whoever deviates from it, or what the operator chose.
    choice
        What else was chosen in each state, if anything.
    """

    V: FloatArray
    Q: FloatArray
    error: FloatArray
    x: FloatArray
    choice: Choice


Operator: TypeAlias = Callable[[Stage, FloatArray, FloatArray], Backup[Choice]]
"""``(stage, next values [k, S], their errors [k])`` to the values of the stage."""


@dataclass(frozen=True, slots=True, eq=False)
class Values(Generic[Choice]):
    """The values of k agents in all stages.

    Attributes
    ----------
    V : array [k, H + 1, S]
        ``V[:, h + 1]`` follows stage h.
    Q : array [k, H, S, A]
    error : array [k, H + 1]
    x : array [H, S, A]
    choices : tuple, length H
    """

    V: FloatArray
    Q: FloatArray
    error: FloatArray
    x: FloatArray
    choices: tuple[Choice, ...]


def iterate(model: Model, agents: Sequence[int], operator: Operator[Choice]) -> Values[Choice]:
    """Return the values of some agents that an operator leads to, by the driver of this kind of model.

    Raises
    ------
    UnsupportedError
        The planner has no driver for such a model.
    """
    return drive(model, agents, operator)


@singledispatch
def drive(model: Model, agents: Sequence[int], operator: Operator[Any]) -> Values[Any]:
    """Register the driver of a kind of model here."""
    raise UnsupportedError(f"the planner has no driver for {type(model).__name__} {model.name!r}")


@drive.register
def _(model: FiniteHorizon, agents: Sequence[int], operator: Operator[Any]) -> Values[Any]:
    k, H, S, A = len(agents), model.horizon, model.n_states, model.n_joint_actions
    nothing = np.empty(0)
    last = Backup(np.zeros((k, S)), nothing, np.zeros(k), nothing, None)
    steps = backwards(
        model.stages, lambda stage, following: operator(stage, following.V, following.error), last
    )
    V, Q, x, error = (
        np.zeros((k, H + 1, S)),
        np.empty((k, H, S, A)),
        np.empty((H, S, A)),
        np.zeros((k, H + 1)),
    )
    for h, step in enumerate(steps[:-1]):
        V[:, h], Q[:, h], x[h], error[:, h] = step.V, step.Q, step.x, step.error
    return Values(V, Q, error, x, tuple(step.choice for step in steps[:-1]))
