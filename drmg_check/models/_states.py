"""States of a stage whose actions share a budget, as problems of their own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from drmg_check.models._stage import Stage, exact_radius, exact_reward, nominal_row
from drmg_check.sets import SRectangular, StateProblem
from drmg_check.vocabulary import UnsupportedError


def state_problem(
    stage: Stage,
    i: int,
    s: int,
    values: Sequence[Fraction],
    choices: Sequence[int],
    shares: Sequence[Fraction],
) -> StateProblem:
    """Return the problem in state s of an agent i with an s-rectangular set, for the next values ``V``.

    Parameters
    ----------
    choices, shares
        Of the joint actions: see :class:`drmg_check.sets.StateProblem`. A policy is evaluated by one choice,
        0 everywhere, with its probabilities; a response to others has the agent's own actions, and what the
        others contribute.

    Raises
    ------
    UnsupportedError
        The set is not s-rectangular.

    Notes
    -----
    States are left out that neither a nominal row reaches nor the adversary needs.

    Examples
    --------
    >>> from drmg_check.models import DenseRows, Stage
    >>> from drmg_check.sets import L1
    >>> rows = DenseRows([[[1, 0, 0], [1, 0, 0]]] * 3)
    >>> sets = (SRectangular(L1()),)
    >>> stage = Stage(rows=rows, reward=0, radius=1, uncertainty=sets, actions=(2,))
    >>> V, ones = [Fraction(v) for v in (1, 0, 2)], [Fraction(1)] * 2
    >>> problem = state_problem(stage, 0, 0, V, (0, 1), ones)
    >>> problem.values  # nothing leads to the last state
    ((Fraction(1, 1), Fraction(0, 1)), (Fraction(1, 1), Fraction(0, 1)))
    """
    uncertainty = stage.uncertainty[i]
    if not isinstance(uncertainty, SRectangular):
        raise UnsupportedError(f"agent {i} of {stage.name!r} has no s-rectangular set; use row_of")
    joint = range(stage.n_joint_actions)
    rows = [nominal_row(stage, s, a) for a in joint]
    kept = needed_states(uncertainty, rows, values)
    rewards = [exact_reward(stage, i, s, a) for a in joint]
    return StateProblem(
        uncertainty.restrict(kept),
        tuple(tuple(row[t] for t in kept) for row in rows),
        tuple(tuple(r + values[t] for t in kept) for r in rewards),
        exact_radius(stage, i, s, 0),
        tuple(choices),
        tuple(shares),
    )


def needed_states(
    uncertainty: SRectangular, rows: Sequence[Sequence[Fraction]], values: Sequence[Fraction]
) -> tuple[int, ...]:
    """Return the states that a nominal row reaches or a worst kernel may need, in order.

    >>> from drmg_check.sets import KullbackLeibler
    >>> needed_states(SRectangular(KullbackLeibler()), [[0, 1, 0], [0, 1, 0]], [0, 0, 0])
    (1,)
    """
    reached = {t for row in rows for t, weight in enumerate(row) if weight}
    extra = uncertainty.states_beyond_support(len(values))
    others = sorted((t for t in range(len(values)) if t not in reached), key=values.__getitem__)[:extra]
    return tuple(sorted(reached.union(others)))
