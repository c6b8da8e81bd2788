"""A row of a large game on the states that its worst case can need, out of values that are doubles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from drmg_check.sets import Row, UncertaintySet
from drmg_check.vocabulary import FloatArray, Number, exact, normalise


def row_on_support(
    uncertainty: UncertaintySet,
    states: Sequence[int],
    weights: Sequence[Number],
    radius: Fraction,
    V: FloatArray,
) -> Row:
    """Return the row of some nominal weights without the states that no worst case needs.

    Outside the support an adversary wants the least values alone: as many states as
    :meth:`UncertaintySet.states_beyond_support` says, and all of them for a ground metric.

    Parameters
    ----------
    uncertainty : UncertaintySet
    states, weights : of the same length
        The support, in increasing order.
    radius : Fraction
    V : float64 array [S]
        Values of all states, taken exactly.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> V = np.array([4.0, 3.0, 2.0, 1.0])
    >>> row_on_support(TotalVariation(), [0, 1], ["1/2", "1/2"], Fraction(1, 4), V).values
    (Fraction(4, 1), Fraction(3, 1), Fraction(1, 1))
    """
    known = dict(zip(states, normalise([exact(weight) for weight in weights]), strict=True))
    extra = min(uncertainty.states_beyond_support(radius, len(V)), len(V) - len(known))
    if extra > 0:
        least = np.argsort(V, kind="stable")[: extra + len(known)].tolist()
        known |= dict.fromkeys([s for s in least if s not in known][:extra], Fraction(0))
    kept = sorted(known)
    return Row(uncertainty, tuple(known[s] for s in kept), tuple(Fraction(float(V[s])) for s in kept), radius)
