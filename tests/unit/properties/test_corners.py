"""Corners are tried before anything is generated, and the climb starts from them as well."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from drmg_check.vocabulary import Verdict
from drmg_properties import Budget, Claim, Generated, at_most, judge

BUDGET = Budget(20, 1, 0)


@dataclass(frozen=True, slots=True)
class Point:
    """A number."""

    x: Fraction


def bounded_by(limit: Fraction) -> Claim[Point]:
    return Claim(
        id="X1",
        place="nowhere",
        title="Numbers are small",
        statement="x is at most a limit.",
        latex="x",
        formalisation="As said.",
        instance_type=Point,
        search=Generated(
            lambda budget: st.integers(1, 9).map(lambda n: Point(Fraction(n))),
            lambda budget: [Point(Fraction(n)) for n in (7, 1001, 1000)],
        ),
        derive=lambda case: at_most(case.x, limit),
    )


def test_a_corner_violates_what_is_generated_never_does() -> None:
    finding = judge(bounded_by(Fraction(999)), BUDGET)
    assert finding.verdict == Verdict.REFUTED
    assert finding.counterexample is not None
    assert 999 < finding.counterexample.x <= 1001
    assert "instance 2, a corner" in finding.note


def test_corners_count_as_tried() -> None:
    finding = judge(bounded_by(Fraction(1001)), BUDGET)
    assert finding.verdict == Verdict.HOLDS
    assert finding.note.startswith("3 corners")
    assert finding.relative == 0
