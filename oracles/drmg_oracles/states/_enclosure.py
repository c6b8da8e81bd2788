"""One entry for every ball that a budget may be shared out in."""

from __future__ import annotations

from drmg_check.sets import StateProblem
from drmg_check.vocabulary import check_type
from drmg_oracles.states import _curved, _polyhedral  # noqa: F401 - they register what they enclose
from drmg_oracles.states._certificate import StateEnclosure, enclosed_state


def enclose_state(problem: StateProblem, *, bits: int = 110) -> StateEnclosure:
    """Return a certified interval around what an agent can secure in a state, and how.

    Parameters
    ----------
    problem : StateProblem
    bits : int
        The interval is about ``2**-bits`` times the span of z wide; exact, ``lo == hi``, for L1, TV and
        L-infinity, whatever ``bits``.

    Raises
    ------
    InputError
        Something else than a state's problem.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler, SRectangular
    >>> half = ["1/2", "1/2"]
    >>> problem = StateProblem.of(SRectangular(KullbackLeibler()), [half, half], [[1, 0], [1, 0]], "1/2")
    >>> proved = enclose_state(problem)
    >>> float(proved.lo), proved.policy, proved.width < 2**-100  # half the budget is left for each action
    (0.1621069221498177, (Fraction(1, 2), Fraction(1, 2)), True)
    """
    check_type(problem, StateProblem, "problem", "a StateProblem, as from StateProblem.of")
    check_type(bits, int, "bits", "a number of bits")
    ball = problem.uncertainty.ball
    return enclosed_state(ball, problem, bits)
