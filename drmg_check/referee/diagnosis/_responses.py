"""What agents do other than obey or answer best: deviations of other kinds, and none."""

from __future__ import annotations

from fractions import Fraction

from drmg_check.referee.diagnosis._formulas import mean
from drmg_check.referee.diagnosis._recursion import (
    Choice,
    Mix,
    Recursion,
    Tables,
    answers,
    average,
    best_answer,
    played,
    values_by,
)
from drmg_check.sets import Row


def nominal(_i: int, row: Row) -> Fraction:
    """Return the nominal expectation."""
    return mean(row)


def best_joint(t: Tables, _i: int) -> Choice:
    """Play the best joint action: the others cooperate."""
    return lambda _h, _s, mix: max(mix({a: Fraction(1)}) for a in range(t.pi.shape[2]))


def worst_joint(t: Tables, _i: int) -> Choice:
    """Let the adversary choose the joint action."""
    return lambda _h, _s, mix: min(mix({a: Fraction(1)}) for a in range(t.pi.shape[2]))


def worst_answer(t: Tables, i: int) -> Choice:
    """Take the minimum in place of the maximum."""
    return lambda h, s, mix: min(mix(joint) for joint in answers(t, i, played(t, h, s)))


def seeing(t: Tables, i: int) -> Choice:
    """Take the maximum inside the expectation: the others' actions are seen."""

    def choose(h: int, s: int, mix: Mix) -> Fraction:
        each = zip(*(joint.items() for joint in answers(t, i, played(t, h, s))), strict=True)
        return sum((max(mix({a: w}) for a, w in group) for group in each), Fraction(0))

    return choose


def deviating_once(t: Tables, i: int) -> Choice:
    """Answer best at the first step, and obey afterwards."""
    first, afterwards = best_answer(t, i), average(t, i)
    return lambda h, s, mix: (afterwards if h else first)(h, s, mix)


def nominal_answer(t: Tables, i: int) -> Choice:
    """Play what answers best without the adversary."""
    plan = _nominal_plan(t, i)
    return lambda h, s, mix: mix(answers(t, i, played(t, h, s))[plan[h, s]])


def _nominal_plan(t: Tables, i: int) -> dict[tuple[int, int], int]:
    plan = {}

    def choose(h: int, s: int, mix: Mix) -> Fraction:
        options = [mix(joint) for joint in answers(t, i, played(t, h, s))]
        plan[h, s] = options.index(max(options))
        return max(options)

    values_by(Recursion(row=nominal), t, i, lambda _t, _i: choose)
    return plan
