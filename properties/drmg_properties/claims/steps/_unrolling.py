r"""The recursion of the widths unrolled along an episode, eq. (37) and (122) of the MORNAVI paper.

With a factor d >= 1 and bonuses b, ``Qtilde_h = d E[Vtilde_{h+1}] + b_h`` and ``Vtilde_h = E_pi[Qtilde_h]``.
Along an episode let ``Delta_h = Vtilde_h(s_h)``, ``zeta_h = Delta_h - Qtilde_h(s_h, a_h)`` and
``xi_h = E[Vtilde_{h+1} | s_h, a_h] - Delta_{h+1}``. Then ``Delta_h = zeta_h + d xi_h + b_h + d Delta_{h+1}``,
so that ``Delta_1 = sum_h d^(h-1) (zeta_h + d xi_h + b_h)``. As zeta and xi have signs, the weights cannot be
replaced by the largest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.vocabulary import InputError
from drmg_properties.claim import Budget, Derivation, at_most, equal
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions

MOVES = Fraction(3, 4)
"""With this probability action 0 or 1 leads to the state of that number, else to the other one."""
Pair: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class UnrolledEpisode:
    """An episode of two states and two actions, each played with probability 1/2; the factors c and d.

    Parameters
    ----------
    c, d : Fraction
        The constant that the proof calls absolute, and the factor of a step, at least 1.
    bonuses : tuple of ((Fraction, Fraction), (Fraction, Fraction))
        ``b[h][s][a] >= 0``.
    actions, states : tuple of int
        What was played, and where that led, at each step; the first state is 0.

    Raises
    ------
    InputError
        Lengths that differ, or a number out of range.

    Examples
    --------
    >>> UnrolledEpisode(Fraction(1), Fraction(2), (((Fraction(1),) * 2,) * 2,), (0,), (1,)).H
    1
    """

    c: Fraction
    d: Fraction
    bonuses: tuple[tuple[Pair, Pair], ...]
    actions: tuple[int, ...]
    states: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.bonuses) == len(self.actions) == len(self.states) <= 10:
            raise InputError(f"{self}; expected as many bonuses, actions and states, 1 to 10")
        if self.c < 0 or self.d < 1 or min(b for step in self.bonuses for pair in step for b in pair) < 0:
            raise InputError(f"{self}; expected c >= 0, d >= 1 and bonuses >= 0")
        if not set(self.actions + self.states) <= {0, 1}:
            raise InputError(f"actions={self.actions}, states={self.states}; expected 0 and 1")

    @property
    def H(self) -> int:
        """The number of steps."""
        return len(self.bonuses)


class Step(NamedTuple):
    """Both martingale differences of a step, and its bonus."""

    zeta: Fraction
    xi: Fraction
    bonus: Fraction


def unroll(case: UnrolledEpisode) -> tuple[Fraction, tuple[Step, ...]]:
    """Return ``Delta_1`` and the steps of the episode.

    >>> unit = Fraction(1)
    >>> unroll(UnrolledEpisode(unit, unit, (((unit, 3 * unit), (unit, unit)),), (0,), (0,)))
    (Fraction(2, 1), (Step(zeta=Fraction(1, 1), xi=Fraction(0, 1), bonus=Fraction(1, 1)),))
    """
    V: Pair = (Fraction(0), Fraction(0))
    steps: list[Step] = []
    for h in reversed(range(case.H)):
        mean = [MOVES * V[a] + (1 - MOVES) * V[1 - a] for a in (0, 1)]
        Q = [[case.d * mean[a] + case.bonuses[h][s][a] for a in (0, 1)] for s in (0, 1)]
        before, after = (case.states[h - 1] if h else 0), V[case.states[h]]
        V = ((Q[0][0] + Q[0][1]) / 2, (Q[1][0] + Q[1][1]) / 2)
        a = case.actions[h]
        steps.append(Step(V[before] - Q[before][a], mean[a] - after, case.bonuses[h][before][a]))
    return V[0], tuple(reversed(steps))


def by_one_weight(case: UnrolledEpisode) -> Derivation:
    """Derive ``Delta_1 <= c d^H sum_h (zeta_h + xi_h + b_h)``.

    >>> by_one_weight(lucky_episode(Fraction(1), Fraction(11))).right.low < 0
    True
    """
    first, steps = unroll(case)
    total = sum((sum(step, Fraction(0)) for step in steps), Fraction(0))
    return at_most(
        first,
        case.c * case.d**case.H * total,
        lambda: (
            *_lines(case, steps),
            f"sum of zeta + xi + b = {total}; right: c d^H times it, c = {case.c}",
        ),
    )


def by_weights(case: UnrolledEpisode, weight: int = 1) -> Derivation:
    """Derive ``Delta_1 = sum_h d^(weight (h - 1)) (zeta_h + d xi_h + b_h)``.

    >>> by_weights(lucky_episode(Fraction(1), Fraction(11))).holds
    True
    """
    first, steps = unroll(case)
    total = sum(
        (case.d ** (weight * h) * (zeta + case.d * xi + b) for h, (zeta, xi, b) in enumerate(steps)),
        Fraction(0),
    )
    said = f"d^({weight} (h - 1))"
    return equal(
        first,
        total,
        lambda: (*_lines(case, steps), f"Delta_1 = {first}; sum of {said} (zeta + d xi + b) = {total}"),
    )


def by_means(case: UnrolledEpisode, played: bool = False) -> Derivation:
    """Derive that ``Delta_1`` is the mean of ``sum_h d^(h - 1) b_h``, in which zeta and xi vanish.

    The mean is over episodes, or over those only in which the actions of this one are ``played``.

    >>> by_means(lucky_episode(Fraction(1), Fraction(11))).holds
    True
    """
    first, _ = unroll(case)
    at = [Fraction(1), Fraction(0)]
    total = Fraction(0)
    for h, (bonuses, action) in enumerate(zip(case.bonuses, case.actions, strict=True)):
        chances = (1 - action, action) if played else (Fraction(1, 2), Fraction(1, 2))
        for weight, pair in zip(at, bonuses, strict=True):
            total += case.d**h * weight * (chances[0] * pair[0] + chances[1] * pair[1])
        likely = chances[0] * MOVES + chances[1] * (1 - MOVES)
        at = [likely, 1 - likely]
    kept = "the actions played" if played else "all actions"
    return equal(
        first,
        total,
        lambda: (
            *_lines(case, ()),
            f"left: Delta_1, by the recursion; right: the mean of sum d^(h - 1) b_h over {kept}",
        ),
    )


def _lines(case: UnrolledEpisode, steps: tuple[Step, ...]) -> tuple[str, ...]:
    b = "; ".join(
        f"step {h + 1}: {vector(low)}, {vector(high)}" for h, (low, high) in enumerate(case.bonuses)
    )
    return (
        f"H = {case.H}, two states, two actions each played with 1/2; action a leads to state a with {MOVES}",
        f"factor of a step d = {case.d}; bonuses of (s0, s1) by action: {b}",
        f"played {', '.join(map(str, case.actions))}, which led to {', '.join(map(str, case.states))}",
        *(
            f"step {h + 1}: zeta = {step.zeta}, xi = {step.xi}, b = {step.bonus}"
            for h, step in enumerate(steps)
        ),
    )


def lucky_episode(c: Fraction, d: Fraction) -> UnrolledEpisode:
    """Return two steps in which the worse state is reached, as its action was played: zeta_1 is negative.

    >>> unroll(lucky_episode(Fraction(1), Fraction(11)))[1][0].zeta < 0
    True
    """
    small, large = (Fraction(1, 100),) * 2, (Fraction(1),) * 2
    return UnrolledEpisode(c, d, ((small, small), (large, small)), (0, 0), (0, 0))


def short_episodes(budget: Budget) -> SearchStrategy[UnrolledEpisode]:
    """Draw short episodes with any bonuses and factors.

    >>> short_episodes(Budget(40, 1, 0)).is_empty
    False
    """
    pair = st.tuples(fractions(0, 2, 2), fractions(0, 2, 2))
    bit = st.integers(0, 1)
    return st.integers(1, 2 + budget.size).flatmap(
        lambda H: st.builds(
            UnrolledEpisode,
            st.just(Fraction(1)),
            fractions(1, 11, 2),
            st.tuples(*(st.tuples(pair, pair) for _ in range(H))),
            st.tuples(*(bit for _ in range(H))),
            st.tuples(*(bit for _ in range(H))),
        )
    )
