"""What is paid in a stage beyond rewards of the state and the action: on arrival in the next state."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.vocabulary import Array, InputError, exact, float_view, numbers_array

if TYPE_CHECKING:
    from drmg_check.models._stage import Stage

LARGEST_OF_A_STAGE = 2.0**1009  # of what is paid: twice as much is still a double


def checked_arrival(stage: Stage, arrival: Array) -> Array:
    """Return what is paid on arrival as an array ``[m, S, A, S']``.

    Raises
    ------
    InputError
        Another shape, a number that is none or too large, or a set that looks at more than a row.
    """
    if any(isinstance(ball, FictitiousTotalVariation | SRectangular) for ball in stage.uncertainty):
        raise InputError(
            "arrival with a fictitious or an s-rectangular set, which look at more than a row; expected "
            "sets of rows, or rewards of the state and the action"
        )
    S, A, after = stage.rows.shape
    numbers = numbers_array(arrival, "arrival")
    shape = (len(stage.actions), S, A, after)
    try:
        whole = np.broadcast_to(numbers, shape)
    except ValueError as error:
        raise InputError(
            f"arrival.shape={numbers.shape} does not broadcast to [m, S, A, S']={shape}"
        ) from error
    largest = float(np.abs(stage.r).max()) + float(np.abs(float_view(numbers)).max())
    if largest > LARGEST_OF_A_STAGE:
        raise InputError(f"rewards and arrival reach {largest!r}; expected at most 2^1009")
    return whole


def largest_payment(stage: Stage, i: int | None = None) -> float:
    """Return the size of what agent i, or any agent, can be paid in the stage at most.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> largest_payment(load("initial-shock").stages[0])
    1.0
    """
    agents = slice(None) if i is None else i
    arrived = 0.0 if stage.arrival is None else float(np.abs(float_view(stage.arrival[agents])).max())
    return float(np.abs(stage.r[agents]).max()) + arrived


def next_values(stage: Stage, i: int, s: int, a: int, values: Sequence[Fraction]) -> Sequence[Fraction]:
    """Return what each next state is worth to agent i after (s, a): its value and what is paid on arrival.

    Examples
    --------
    >>> from drmg_check.models import DenseRows, Stage
    >>> from drmg_check.sets import TotalVariation
    >>> rows, sets = DenseRows([[["1/2", "1/2"]]] * 2), (TotalVariation(),)
    >>> paid = {"reward": 0, "radius": "1/4", "uncertainty": sets, "actions": (1,)}
    >>> stage = Stage(rows=rows, arrival=[[[[0, 1]]]], **paid)
    >>> next_values(stage, 0, 0, 0, [Fraction(2), Fraction(2)])
    [Fraction(2, 1), Fraction(3, 1)]
    """
    if stage.arrival is None:
        return values
    return [v + exact(x) for v, x in zip(values, stage.arrival[i, s, a].tolist(), strict=True)]
