"""A set of its own for each row of a game."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import UncertaintySet
from drmg_check.vocabulary import InputError, check_type


@dataclass(frozen=True, slots=True)
class ByRow:
    """A set for each (s, a), the same at every step: of an agent, not of a row.

    It is how interval models and finite lists of kernels get into a game: bounds or scenarios are data of one
    row, as its nominal distribution is. Radii stay those of the game.

    Parameters
    ----------
    sets : tuple [S][A] of UncertaintySet
        Of each state and joint action.

    Raises
    ------
    InputError
        No sets, states with different numbers of them, or something else.

    Examples
    --------
    >>> from drmg_check.sets import L1, ProbabilityBounds
    >>> sets = ByRow([[ProbabilityBounds((0, 0), (1, "1/2"))], [L1()]])
    >>> sets.at(1, 0), sets.n_states
    (L1(support='all'), 2)
    """

    sets: tuple[tuple[UncertaintySet, ...], ...]
    kind: ClassVar[str] = "by-row"
    max_radius: ClassVar[Fraction | None] = None
    fixed_by: ClassVar[str] = "sets"

    def __post_init__(self) -> None:
        check_type(self.sets, Iterable, "sets", "a set for each state and joint action")
        sets = tuple(tuple(line) for line in self.sets)
        if not sets or len({len(line) for line in sets}) != 1 or not sets[0]:
            raise InputError(
                f"sets has {[len(line) for line in sets]} sets for its states; expected one for each joint "
                "action"
            )
        for s, line in enumerate(sets):
            for a, ball in enumerate(line):
                check_type(ball, UncertaintySet, f"sets[{s}][{a}]", "an uncertainty set of single rows")
                if ball.n_states not in (None, len(sets)):
                    raise InputError(
                        f"sets[{s}][{a}].{ball.fixed_by} has {ball.n_states} states; expected {len(sets)}"
                    )
        object.__setattr__(self, "sets", sets)

    @property
    def n_states(self) -> int:
        """The number of states that have sets."""
        return len(self.sets)

    @property
    def n_joint_actions(self) -> int:
        """The number of joint actions that have sets."""
        return len(self.sets[0])

    def at(self, s: int, a: int) -> UncertaintySet:
        """Return the set of the row (s, a)."""
        return self.sets[s][a]

    def restrict(self, states: Sequence[int]) -> ByRow:
        """Return the sets of these states, over these states only, in this order."""
        return ByRow(tuple(tuple(ball.restrict(states) for ball in self.sets[s]) for s in states))

    def of_actions(self, joint: Iterable[int]) -> ByRow:
        """Return the sets of these joint actions, in this order."""
        kept = tuple(joint)
        return ByRow(tuple(tuple(line[a] for a in kept) for line in self.sets))
