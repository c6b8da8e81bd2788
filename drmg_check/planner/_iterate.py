r"""How the planner iterates an operator through the stages of a model: one driver for each kind of model.

An operator maps the next values of some agents through one stage. What it does there is its own business:
average over a policy, take a maximum, solve stage games. Where next values come from is the driver's: a
finite horizon starts from 0 behind the last step and goes backwards; a discounted game looks for the fixed
point of ``T V = operator(gamma V)``.

**The stopping rule of a discounted game.** Let T be monotone with ``T(V + c) = T V + gamma c``: so is every
backup followed by an average, a maximum or the value of a matrix game. If ``b <= T V - V <= B`` in all
states, then the fixed point V* lies between

    T V + gamma b / (1 - gamma)    and    T V + gamma B / (1 - gamma),

for with ``c = b / (1 - gamma)`` we have ``V + c <= T(V + c)``, and T keeps the order for ever (MacQueen 1966;
Porteus 1971). In floats T V is known to the error e that the operator states, so that b and B are, too. The
driver stops when ``gamma (B - b) <= e``, and at the latest after so many sweeps as bring the first residual
down to e by the factor gamma each; whichever comes first, the middle of the two bounds is returned, and

    e + gamma ((B - b) / 2 + e) / (1 - gamma)

is its error, up to the rounding of these few operations. A rule that looks at the change of V alone, be it
absolute or relative, bounds nothing: of the change b alone the error is ``gamma b / (1 - gamma)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from math import ceil, log
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np

from drmg_check.models import DiscountedGame, FiniteHorizon, Model, Stage, backwards
from drmg_check.planner._bellman import SMALLEST, UNIT_ROUNDOFF
from drmg_check.vocabulary import FloatArray, UnsupportedError

MOST_SWEEPS = 10**6  # of a discounted game, some minutes; the error says what is missing then
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
        ``V[:, h + 1]`` follows stage h. In a discounted game, of one stage, both are the fixed point.
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


@drive.register
def _(model: DiscountedGame, agents: Sequence[int], operator: Operator[Any]) -> Values[Any]:
    return fixed_point(model, agents, operator, np.zeros((len(agents), model.n_states)), 0.0)


def fixed_point(
    model: DiscountedGame,
    agents: Sequence[int],
    operator: Operator[Choice],
    V: FloatArray,
    accuracy: float,
) -> Values[Choice]:
    """Return the fixed point of an operator at the discounted values, by the rule of the module.

    Parameters
    ----------
    model, agents
    operator : callable
        Monotone, and it moves by as much as all next values of an agent do.
    V : array [k, S]
        Where to start.
    accuracy : float
        The error that is good enough; by 0 the iteration goes on until only rounding is left.
    """
    stage = model.stage
    gamma = np.array([[float(model.discounts[i])] for i in agents])
    ahead = np.array([[float(model.discounts[i] / (1 - model.discounts[i]))] for i in agents])
    left = MOST_SWEEPS + 1
    while True:
        # gamma and the product are rounded, and a product may underflow
        step = operator(stage, gamma * V, 3 * UNIT_ROUNDOFF * np.abs(V).max(axis=1) + SMALLEST)
        change = step.V - V
        least, most = change.min(axis=1, keepdims=True), change.max(axis=1, keepdims=True)
        e = step.error[:, None] + 2 * UNIT_ROUNDOFF * np.maximum(most, -least)
        middle = ahead * (least + most) / 2.0
        values = step.V + middle
        sizes = np.abs(values) + np.abs(middle) + np.abs(step.V)
        error = e + ahead * ((most - least) / 2.0 + e) + 8 * UNIT_ROUNDOFF * sizes.max(axis=1, keepdims=True)
        spread = float((gamma * (most - least) / e).max())
        left = _sweeps(float(gamma.max()), spread) if left > MOST_SWEEPS else left - 1
        if spread <= 1.0 or left == 0 or error.max() <= accuracy:
            break
        V = step.V
    return Values(
        V=np.stack([values, values], axis=1),
        Q=(step.Q + middle[..., None])[:, None],
        error=np.concatenate([error, error], axis=1),
        x=step.x[None],
        choices=(step.choice,),
    )


def _sweeps(gamma: float, spread: float) -> int:
    """Return how many sweeps bring a spread to 1 if each brings the factor gamma."""
    if spread <= 1.0 or gamma == 0.0:
        return 1
    return min(MOST_SWEEPS, ceil(log(spread) / -log(gamma)))
