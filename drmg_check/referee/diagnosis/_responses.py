"""What agents do other than obey or answer best: deviations of other kinds, and none."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from drmg_check.referee.diagnosis._formulas import mean
from drmg_check.referee.diagnosis._recursion import (
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


def best_joint(t: Tables, _i: int, _h: int, _s: int, mix: Mix) -> Fraction:
    """Play the best joint action: the others cooperate."""
    return max(mix({a: Fraction(1)}) for a in range(t.pi.shape[2]))


def worst_joint(t: Tables, _i: int, _h: int, _s: int, mix: Mix) -> Fraction:
    """Let the adversary choose the joint action."""
    return min(mix({a: Fraction(1)}) for a in range(t.pi.shape[2]))


def worst_answer(t: Tables, i: int, h: int, s: int, mix: Mix) -> Fraction:
    """Take the minimum in place of the maximum."""
    return min(mix(one) for one in answers(t, i, played(t, h, s)))


def seeing(t: Tables, i: int, h: int, s: int, mix: Mix) -> Fraction:
    """Take the maximum inside the expectation: the others' actions are seen."""
    each = zip(*(one.items() for one in answers(t, i, played(t, h, s))), strict=True)
    return sum((max(mix({a: w}) for a, w in group) for group in each), Fraction(0))


def deviating_once(t: Tables, i: int, h: int, s: int, mix: Mix) -> Fraction:
    """Answer best at the first step, and obey afterwards."""
    return (average if h else best_answer)(t, i, h, s, mix)


def nominal_answer(t: Tables, i: int, h: int, s: int, mix: Mix) -> Fraction:
    """Play what answers best without the adversary."""
    return mix(answers(t, i, played(t, h, s))[_nominal_plan(t, i)[h, s]])


@lru_cache(maxsize=64)
def _nominal_plan(t: Tables, i: int) -> dict[tuple[int, int], int]:
    plan = {}

    def choose(t: Tables, i: int, h: int, s: int, mix: Mix) -> Fraction:
        options = [mix(one) for one in answers(t, i, played(t, h, s))]
        plan[h, s] = options.index(max(options))
        return max(options)

    values_by(Recursion(row=nominal), t, i, choose)
    return plan
