r"""Polyhedral balls, exactly: the level of all choices sinks until the budget is spent.

The adversary wants ``max_k G_k`` small, where ``G_k(b)`` is the least worth of choice k when b is spent on
its rows: the pieces of those rows, scaled by ``c_a / w_a`` and taken steepest first. So it lowers the largest
``G_k`` together, each at a cost of ``1 / steepness``, until the budget is gone or a choice cannot fall
further. There ``d_k ~ 1 / steepness_k`` and ``lambda = 1 / sum 1 / steepness_k`` prove that nothing lower is
possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context
from fractions import Fraction

from drmg_check.sets import L1, Interval, Shareable, StateProblem, TotalVariation
from drmg_oracles.state_checker import Share, lower_bound
from drmg_oracles.states._certificate import StateEnclosure, enclosed_state, shares_of
from drmg_oracles.states._pieces import dual_point, pieces_of, spent_row

ZERO = Fraction(0)


@dataclass(slots=True)
class _Choice:
    """How far a choice has sunk: its level, and the pieces ``(budget, steepness, a)`` that are left."""

    level: Fraction
    pieces: list[tuple[Fraction, Fraction, int]]  # the steepest last

    @property
    def cost(self) -> Fraction:
        """What sinking by one unit costs."""
        return 1 / self.pieces[-1][1]

    @property
    def next_bend(self) -> Fraction:
        length, steepness, _ = self.pieces[-1]
        return self.level - length * steepness

    def sink(self, level: Fraction) -> Iterator[tuple[int, Fraction]]:
        """Sink to a level within the present piece; yield which action that spends how much on."""
        length, steepness, a = self.pieces.pop()
        used = (self.level - level) / steepness
        self.level = level
        if used < length:
            self.pieces.append((length - used, steepness, a))
        yield a, used


@enclosed_state.register(L1, TotalVariation, Interval)
def enclose_polyhedral(ball: Shareable, problem: StateProblem, bits: int) -> StateEnclosure:
    """Return the exact worth of a state's problem, ``lo == hi``."""
    shares = shares_of(problem)
    choices = [_choice(ball, shares, k) for k in range(problem.n_choices)]
    spent, d, m = _sunk(choices, problem.budget, len(shares))
    xi = tuple(b / share.weight for b, share in zip(spent, shares, strict=True))
    rows = tuple(spent_row(ball, share, x) for share, x in zip(shares, xi, strict=True))
    at = tuple(dual_point(ball, share, d[share.choice] * share.share, m * share.weight) for share in shares)
    lo = lower_bound(shares, problem.budget, d, m, at, Context()).lo
    return StateEnclosure(problem, lo, max(choice.level for choice in choices), d, m, xi, rows, at)


def _choice(ball: Shareable, shares: Sequence[Share], k: int) -> _Choice:
    level, pieces = ZERO, []
    for a, share in enumerate(shares):
        if share.choice == k and share.share:
            level += share.share * sum((p * z for p, z in zip(share.p, share.z, strict=True)), ZERO)
            scale = share.share / share.weight
            pieces += [
                (piece.length * share.weight, piece.steepness * scale, a) for piece in pieces_of(ball, share)
            ]
    return _Choice(level, sorted(pieces, key=lambda piece: piece[1]))


def _sunk(
    choices: list[_Choice], budget: Fraction, n_actions: int
) -> tuple[list[Fraction], tuple[Fraction, ...], Fraction]:
    """Spend the budget; return what goes to each action, the probabilities of the choices, the multiplier."""
    spent, left = [ZERO] * n_actions, budget
    while True:
        level = max(choice.level for choice in choices)
        highest = [choice for choice in choices if choice.level == level]
        if stuck := [choice for choice in highest if not choice.pieces]:
            return spent, tuple(Fraction(choice is stuck[0]) for choice in choices), ZERO
        costs = sum((choice.cost for choice in highest), ZERO)
        others = [choice.level for choice in choices if choice.level < level]
        bend = max([*others, *(choice.next_bend for choice in highest)])
        done = (level - bend) * costs >= left
        end = level - left / costs if done else bend
        policy = tuple(choice.cost / costs if choice in highest else ZERO for choice in choices)
        for choice in highest:
            for a, used in choice.sink(end):
                spent[a] += used
        if done:
            return spent, policy, 1 / costs
        left -= (level - end) * costs
