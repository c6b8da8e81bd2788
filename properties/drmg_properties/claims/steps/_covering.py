"""The covering terms of several bonuses, each ``1 / sqrt(K)``, against one root."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.vocabulary import InputError
from drmg_properties.claim import Budget, Derivation, at_most
from drmg_properties.formulas import interval, root

MAX_COUNT = 10**9
"""Far beyond what is tried: the instance of a stranger must not take for ever."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number: of episodes K, or of steps H.

    >>> Count(4).n
    4
    """

    n: int

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_COUNT:
            raise InputError(f"n={self.n}; expected 1 <= n <= {MAX_COUNT}")


def episodes(budget: Budget) -> Iterator[Count]:
    """Yield numbers of episodes K, squares so that ``1 / sqrt(K)`` is rational.

    >>> [case.n for case in episodes(Budget(1, 1, 0))]
    [1, 4, 9, 16, 25]
    """
    return (Count(n * n) for n in range(1, 1 + 5 * budget.size))


def covering(many: int, printed: int, because: str = "") -> Callable[[Count], Derivation]:
    """State ``many / sqrt(K) <= sqrt(printed / K)`` for the covering terms of so many bonuses.

    >>> covering(2, 2)(Count(1)).violated, covering(2, 4)(Count(1)).holds
    (True, True)
    """

    def derive(case: Count) -> Derivation:
        left, right = root(Fraction(many**2, case.n)), root(Fraction(printed, case.n))
        return at_most(
            left,
            right,
            lambda: (
                f"K = {case.n}: {because}{many} beta holds {many} / sqrt(K): {interval(left)}",
                f"sqrt({printed} / K): {interval(right)}",
            ),
        )

    return derive
