r"""What is certain: enclosures of rows, and how far rounding may carry a value of a game.

sigma is 1-Lipschitz in V, so errors add over the steps: with k = 36 + 2 S for the row and 3 A + 6 for the
average over A joint actions, one step costs a careful implementation at most

    u k (span V + max |V|) + u (3 A + 6) (max |Q| + max |r|)

(see ``drmg_check/planner/_bellman.py``). Six times that is forgiven, as for single rows. What is declared is
forgiven at every step: the accuracy, a fraction of span V, or where V is constant of its size or that of the
rewards, and the absolute one. V is what the implementation has by then: with an error e' its span may be 2 e'
wider, and V may be constant where the exact one is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from drmg_check.models import FiniteHorizon, exact_reward
from drmg_check.sets import Row
from drmg_check.vocabulary import Array, NumericalError, exact
from drmg_check.words import Grade
from drmg_oracles import Enclosure, enclose
from drmg_properties.laws import LAST_BITS, Tolerance

FORGIVEN = 6  # units of rounding
NEARLY: tuple[tuple[Fraction, Grade], ...] = (
    (Fraction(1, 10**9), "engineering"),
    (Fraction(1, 10**6), "weak"),
)


@dataclass(frozen=True, slots=True, eq=False)
class CertifiedValues:
    """The certified answer ``lo <= exact <= hi``, and the error that is forgiven in each entry."""

    lo: Array
    hi: Array
    allowed: Array


@lru_cache(maxsize=4096)
def certified(row: Row) -> Enclosure:
    """Return the certified interval of a row; several checks ask for the same.

    >>> from drmg_check.sets import TotalVariation
    >>> certified(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")).lo
    Fraction(1, 4)
    """
    return enclose(row)


def forgiven_in_a_game(game: FiniteHorizon, i: int, V: Array, tolerance: Tolerance) -> Fraction:
    """Return the error that is forgiven at the first step, for agent i's values V [H + 1, S]."""
    S, A = game.n_states, game.n_joint_actions
    error = Fraction(0)
    for stage in reversed(game.stages):
        after = [exact(v) for v in V[stage.step + 1]]
        span, size = max(after) - min(after), max(abs(v) for v in after)
        reward = max(abs(exact_reward(stage, i, s, a)) for s, a in np.ndindex(S, A))
        declared = declared_error(span, size, reward, tolerance, error)
        size += error + declared
        rounding = (36 + 2 * S) * (span + 2 * error + size) + (3 * A + 6) * (2 * reward + size)
        error += FORGIVEN * tolerance.unit * rounding + declared
    return error


def forgiven_for_ever(
    game: FiniteHorizon, i: int, V: Array, gamma: Fraction, tolerance: Tolerance
) -> Fraction:
    r"""Return the error that is forgiven in agent i's discounted values V [S] of the game of one stage.

    A backup with error e of its own carries an error E of the next values to ``e + gamma E``, and what is
    declared is a share ``a`` of a span that may be ``2 gamma E`` wider: ``E = e / (1 - gamma - 2 a gamma)``.

    Raises
    ------
    NumericalError
        What is declared allows for any value at this discount.
    """
    stage = game.stages[0]
    after = [gamma * v for v in V]
    span, size = max(after) - min(after), max(abs(v) for v in after)
    reward = max(abs(exact_reward(stage, i, s, a)) for s, a in np.ndindex(stage.rows.shape[:2]))
    rounding = (36 + 2 * game.n_states) * (span + size) + (3 * game.n_joint_actions + 6) * (2 * reward + size)
    error = FORGIVEN * tolerance.unit * rounding + declared_error(span, size, reward, tolerance)
    room = 1 - gamma - 2 * tolerance.accuracy * gamma
    if room <= 0:
        raise NumericalError(
            f"an accuracy of {float(tolerance.accuracy):g} in every backup allows for any value at the "
            f"discount {float(gamma):g}"
        )
    result: Fraction = error / room
    return result


def declared_error(
    span: Fraction, size: Fraction, reward: Fraction, tolerance: Tolerance, before: Fraction = Fraction(0)
) -> Fraction:
    """Return the error of one worst case that is declared, for next values of such a span and size.

    Parameters
    ----------
    span, size : Fraction
        ``max V - min V`` and ``max |V|`` of the next values.
    reward : Fraction
        ``max |r|``: the last step has no next values.
    tolerance : Tolerance
    before : Fraction
        What the next values themselves may be off by.

    Examples
    --------
    >>> mile = Tolerance(accuracy=Fraction(1, 1000))
    >>> [str(declared_error(*map(Fraction, case), mile)) for case in ((2, 5, 1), (0, 5, 1), (0, 0, 3))]
    ['1/500', '1/200', '3/1000']
    >>> str(declared_error(Fraction(2), Fraction(5), Fraction(1), mile, before=Fraction(1)))
    '3/500'
    """
    scale = span + 2 * before
    if span - 2 * before <= LAST_BITS * (size + before):  # they may be constant, and then have no span
        scale = max(scale, size + before)
        if size <= before:  # or nothing but zeros, whose scale is 1 as for a single row
            scale = max(scale, reward, Fraction(1))
    return tolerance.accuracy * scale + tolerance.absolute


def grade_of(beyond: Fraction, span: Fraction) -> Grade:
    """Grade an error beyond what is forgiven by its share of the span.

    >>> grade_of(Fraction(0), Fraction(1)), grade_of(Fraction(1, 10**8), Fraction(1))
    ('exact', 'weak')
    """
    if beyond <= 0:
        return "exact"
    return next((grade for bound, grade in NEARLY if beyond <= bound * span), "wrong")


def largest_value(game: FiniteHorizon) -> Fraction:
    """Return ``H max |r|``, which no value exceeds."""
    return game.horizon * Fraction(float(np.abs(game.r).max()))
