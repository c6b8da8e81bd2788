"""What an implementation is given: numbers rounded to its format, so that both sides mean the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from drmg_check.models import (
    FiniteHorizon,
    JointPolicy,
    RobustMarkovGame,
    exact_radius,
    exact_reward,
    nominal_row,
)
from drmg_check.referee.asking._precision import FORMATS, rounded
from drmg_check.sets import Row
from drmg_check.vocabulary import UnsupportedError, exact
from drmg_check.words import Precision

ORDINARY = 100
"""Numbers between 2^-100 and 2^100 are normal ones in every format."""


def row_as_given(row: Row, precision: Precision = "float64") -> Row:
    """Return the row that an implementation of that precision is given for this one.

    Values and radius are rounded. Probabilities are rounded to multiples of 2^-53 (2^-24), those below it to
    the format, and the largest completes the sum to exactly 1 (as nearly as the format allows beside tiny
    ones): otherwise it would matter, at tiny radii, whether an implementation normalises.

    >>> from drmg_check.sets import TotalVariation
    >>> third = Row.of(TotalVariation(), ["1/3", "2/3"], [0, 1], "1/8")
    >>> sum(row_as_given(third).nominal) == 1, row_as_given(third) == third
    (True, False)
    """
    top = row.uncertainty.max_radius
    radius = rounded(row.radius, precision)
    return Row(
        row.uncertainty,
        given_probabilities(row.probabilities, precision),
        tuple(rounded(v, precision) for v in row.values),
        radius if top is None else min(radius, top),
    )


def game_as_given(game: FiniteHorizon, precision: Precision = "float64") -> RobustMarkovGame:
    """Return the game that an implementation of that precision is given for this one, rounded like rows."""
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    P = np.empty((H, S, A, S), dtype=object)
    r, rho = np.empty((m, H, S, A), dtype=object), np.empty((m, H, S, A), dtype=object)
    for h, s, a in np.ndindex(H, S, A):
        P[h, s, a] = given_probabilities(nominal_row(game.stages[h], s, a), precision)
    for i, h, s, a in np.ndindex(m, H, S, A):
        r[i, h, s, a] = rounded(exact_reward(game.stages[h], i, s, a), precision)
        rho[i, h, s, a] = rounded(exact_radius(game.stages[h], i, s, a), precision)
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=rho,
        uncertainty=game.uncertainty,
        actions=game.actions,
        initial_state=game.initial_state,
    )


def policy_as_given(policy: JointPolicy, precision: Precision = "float64") -> JointPolicy:
    """Return the policy that an implementation of that precision is given for this one."""
    pi = np.empty(policy.weights.shape, dtype=object)
    for h, s in np.ndindex(*pi.shape[:2]):
        pi[h, s] = given_probabilities([exact(x) for x in policy.weights[h, s]], precision)
    return JointPolicy(pi, policy.actions)


def given_probabilities(p: Sequence[Fraction], precision: Precision = "float64") -> tuple[Fraction, ...]:
    """Return the probabilities that stand for p, as :func:`row_as_given` rounds them."""
    largest = max(range(len(p)), key=p.__getitem__)
    weights = [_on_grid(x, precision) for x in p]
    weights[largest] = Fraction(0)
    weights[largest] = rounded(1 - sum(weights, Fraction(0)), precision)
    return tuple(weights)


def _on_grid(x: Fraction, precision: Precision) -> Fraction:
    grid = 2 ** FORMATS[precision].digits
    return Fraction(round(x * grid), grid) if x * grid >= 1 else rounded(x, precision)


def float_parts(row: Row, precision: Precision = "float64") -> tuple[list[float], list[float], float]:
    """Return ``(p, V, rho)`` of a row derived from a given one: each number within half an ulp.

    Raises
    ------
    UnsupportedError
        A number is beyond the precision, or rounds like a subnormal: then the floats mean another row.
    """
    nominal = [_float(x, precision) for x in row.nominal]
    return nominal, [_float(v, precision) for v in row.values], _float(row.radius, precision)


def _float(x: Fraction, precision: Precision) -> float:
    if x and abs(x.numerator.bit_length() - x.denominator.bit_length()) < ORDINARY:
        return float(x)
    used = FORMATS[precision]
    if abs(x) > used.largest or (abs(x) < used.smallest_normal and rounded(x, precision) != x):
        raise UnsupportedError(f"a number of the row is beyond {precision}")
    return float(x)
