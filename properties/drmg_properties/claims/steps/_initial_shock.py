"""The least that is lost in the game of Example 1, the "Initial Shock", whatever is played."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from drmg_check.vocabulary import InputError

LARGEST_SIZE = 10**15
"""What is counted stays an integer of a machine word; a power of ten, so that messages can say it."""


@dataclass(frozen=True, slots=True)
class Shock:
    """N agents with M actions each, horizon H; the radius is 1 and K is 1, both being mere factors."""

    M: int
    N: int
    H: int

    def __post_init__(self) -> None:
        if self.M < 2 or self.N < 1 or self.H < 2 or max(self.M**self.N, self.H) > LARGEST_SIZE:
            raise InputError(
                f"M={self.M}, N={self.N}, H={self.H}; expected M >= 2, N >= 1, H >= 2, M^N and H at most "
                f"10^15"
            )


def least_by_formula(shock: Shock, benchmark: Literal["single-agent", "team"]) -> Fraction:
    r"""Return the minimax regret, by a closed form.

    - single agent: ``M^-N sum_{j <= min(H-1, M-1)} (M - j)``, by sweeping;
    - team: ``sum_{j <= min(H-1, M^N-1)} (1 - j M^-N)``, by trying all in turn.

    For the single agent no plan does better, whatever M, N and H: within t steps it has tried d joint actions
    and ``d_-1`` of the others' actions, and its average regret is ``M^-N sum_t (M d_-1 - d)``. As
    ``d <= min(t, M d_-1)`` and d_-1 >= 1, each term is at least ``max(M - t, 0)``, which the sweep attains.
    """
    M, C, A = shock.M, shock.H - 1, shock.M**shock.N
    most, start = (M - 1, M) if benchmark == "single-agent" else (A - 1, A)
    n = min(C, most)
    return Fraction(n * start - n * (n + 1) // 2, A)
