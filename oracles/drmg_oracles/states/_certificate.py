"""What is proved of a state's problem, and its JSON form, which the stand-alone checker verifies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from drmg_check.sets import Operation, Shareable, StateProblem, game_set_to_data, operation
from drmg_check.vocabulary import InputError, normalise
from drmg_oracles.rows import text
from drmg_oracles.state_checker import Share

FORMAT, VERSION = "drmg-state-certificate", 1


@dataclass(frozen=True, slots=True)
class StateEnclosure:
    r"""``lo <= max_d min_q sum_k d_k sum_{a of k} c_a E_{q_a} z_a <= hi``, with what proves it.

    Parameters
    ----------
    problem : StateProblem
    lo, hi : Fraction
    policy : tuple of Fraction [K]
        The probabilities d, which secure lo.
    multiplier : Fraction >= 0
        What a unit of budget is worth: the lambda of the dual.
    spent : tuple of Fraction [A]
        The xi: how far each row may move; weighed, at most the budget.
    rows : tuple of weights [A][S']
        The adversary's kernels, each a row meaning its normalisation, against which nothing earns above hi.
    at : tuple of Fraction [A]
        The dual point of each row, where its ball has one: see :mod:`drmg_oracles.state_checker`.

    Raises
    ------
    InputError
        ``lo > hi``.

    Examples
    --------
    >>> from drmg_check.sets import L1, SRectangular
    >>> from drmg_oracles.states import enclose_state
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0], [1, 0]], [[1, 0], [1, 0]], 1)
    >>> proved = enclose_state(problem)
    >>> proved.hi, proved.policy, proved.spent, proved.multiplier  # one half is the best pure one
    (Fraction(3, 4), (Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2)), Fraction(1, 4))
    """

    problem: StateProblem
    lo: Fraction
    hi: Fraction
    policy: tuple[Fraction, ...]
    multiplier: Fraction
    spent: tuple[Fraction, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    at: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if self.lo > self.hi:
            raise InputError(f"enclosure=[{self.lo}, {self.hi}] is empty; expected lo <= hi")

    @property
    def width(self) -> Fraction:
        """``hi - lo``; zero for the polyhedral balls."""
        return self.hi - self.lo

    @property
    def worst_kernel(self) -> tuple[tuple[Fraction, ...], ...]:
        """The distributions of the rows."""
        return tuple(normalise(row) for row in self.rows)


def state_certificate(proved: StateEnclosure) -> dict[str, Any]:
    """Return the self-contained JSON object of a state's enclosure; every number is an exact string.

    >>> from drmg_check.sets import L1, SRectangular
    >>> from drmg_oracles.state_checker import verify_state
    >>> from drmg_oracles.states import enclose_state
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0], ["1/2", "1/2"]], [[1, 0], [2, 0]], "1/2")
    >>> verify_state(state_certificate(enclose_state(problem)))
    (Fraction(5, 6), Fraction(5, 6))
    """
    problem = proved.problem
    return {
        "format": FORMAT,
        "version": VERSION,
        "state": {
            "uncertainty": game_set_to_data(problem.uncertainty),
            "nominal": _texts(problem.nominal),
            "values": _texts(problem.values),
            "budget": text(problem.budget),
            "choices": list(problem.choices),
            "shares": [text(c) for c in problem.shares],
        },
        "lo": text(proved.lo),
        "hi": text(proved.hi),
        "policy": [text(x) for x in proved.policy],
        "multiplier": text(proved.multiplier),
        "spent": [text(x) for x in proved.spent],
        "rows": _texts(proved.rows),
        "at": [text(x) for x in proved.at],
    }


def shares_of(problem: StateProblem) -> list[Share]:
    """Return the actions of a problem as the checker reads them."""
    ball, uncertainty = problem.uncertainty.ball, problem.uncertainty
    return [
        Share(ball.kind, p, z, problem.usable(a), uncertainty.weight(a), c, k)
        for a, (p, z, c, k) in enumerate(
            zip(problem.probabilities, problem.values, problem.shares, problem.choices, strict=True)
        )
    ]


enclosed_state: Operation[[StateProblem, int], StateEnclosure] = operation(
    "state enclosure", __name__, "what rows that share a budget are proved to be worth", of=Shareable
)


def _texts(rows: Sequence[Sequence[Fraction]]) -> list[list[str]]:
    return [[text(x) for x in row] for row in rows]
