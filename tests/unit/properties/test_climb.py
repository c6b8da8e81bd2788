"""The climb finds what lies between the points that Hypothesis draws, and blames nothing that is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import zip_longest
from typing import TypeAlias

import pytest
from hypothesis import given, target
from hypothesis import strategies as st

from drmg_check.vocabulary import Bounds, InputError, Slack, UnsupportedError, Verdict
from drmg_properties import Budget, Claim, Derivation, Generated, Objection, hunt, judge
from drmg_properties.claim._climb import _simpler, climb
from drmg_properties.claim._trees import numbers, simplest_between
from drmg_properties.strategies import fractions, nominal_rows, simple_fractions

F = Fraction
Rule: TypeAlias = Callable[["Point"], Fraction]
BUDGET = Budget(max_examples=200, size=1, seed=3)


@dataclass(frozen=True, slots=True)
class Point:
    """Two rationals, an integer and a distribution."""

    x: Fraction
    y: Fraction
    n: int
    p: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.x <= 1 or sum(self.p) != 1:
            raise InputError(f"{self}; expected 0 <= x <= 1 and sum p = 1")


points = st.builds(Point, fractions(), fractions(), st.integers(0, 10**6), nominal_rows(3))


def needs(slack: Fraction) -> Derivation:
    """State that a slack, measured by 1, is at least 0."""
    return Derivation(Bounds.of(0), Bounds.of(slack), slack=Slack.of(slack), scale=F(1))


def planted(slack: Rule) -> Claim[Point]:
    return Claim(
        id="planted",
        place="here",
        title="planted",
        statement="slack >= 0",
        latex="x",
        formalisation="as it stands",
        expected=Verdict.REFUTED,
        instance_type=Point,
        search=Generated(lambda budget: points),
        derive=lambda point: needs(slack(point)),
    )


def climb_from(slack: Rule, seed: int) -> tuple[Point | None, int]:
    """Climb from 200 instances of Hypothesis; how many evaluations that took."""
    claim, calls = planted(slack), 0

    def check(point: Point) -> Derivation:
        nonlocal calls
        calls += 1
        return claim.derive(point)

    seen = [(claim.derive(point).relative, point) for point in generated(seed)]
    return climb(claim, seen, check, 200, seed), calls


@cache
def generated(seed: int) -> tuple[Point, ...]:
    seen: list[Point] = []
    hunt(points, seen.append, 200, seed)
    return tuple(seen)


def distance(p: tuple[Fraction, ...]) -> Fraction:
    """From (617, 83, 300) / 1000, in L1."""
    hidden = (F(617, 1000), F(83, 1000), F(3, 10))
    return sum((abs(x - y) for x, y in zip_longest(p, hidden, fillvalue=F(0))), F(0))


NEEDLES: dict[str, Rule] = {
    "a point between the grid's": lambda z: (z.x - F(517, 1000)) ** 2 - F(1, 10**6),
    "a valley along which two numbers must move at once": lambda z: (
        30 * (z.x - z.y) ** 2 + (z.x + z.y - F(1034, 1000)) ** 2 - F(1, 40000)
    ),
    "a distribution near none with a small denominator": lambda z: distance(z.p) - F(1, 100),
}
needle = pytest.mark.parametrize("slack", NEEDLES.values(), ids=NEEDLES)


@needle
def test_a_violation_in_the_eye_of_a_needle_is_climbed_to(slack: Rule) -> None:
    for seed in range(3):
        found, calls = climb_from(slack, seed)
        assert found is not None
        assert slack(found) < 0
        assert calls <= 200


@needle
def test_hypothesis_alone_misses_it(slack: Rule) -> None:
    """With as many instances as both together."""

    def violates(point: Point) -> None:
        target(-float(slack(point)))
        if slack(point) < 0:
            raise Objection

    assert not hunt(points, violates, 400, 0)


def test_a_violation_climbed_to_is_counted_and_simplified() -> None:
    """Of all x within 1/1000 of 517/1000 the simplest is 15/29 (0.51724); the rest plays no part."""
    found = judge(planted(NEEDLES["a point between the grid's"]), BUDGET)
    assert found.verdict is Verdict.REFUTED
    assert found.counterexample == Point(F(15, 29), F(0), 0, (F(1),))
    assert 200 < found.instances <= 300
    assert found.note.startswith(f"violated by instance {found.instances}, climbed to after 200 others;")


def test_the_same_seed_climbs_to_the_same_instance() -> None:
    slack = NEEDLES["a valley along which two numbers must move at once"]
    assert climb_from(slack, 0) == climb_from(slack, 0) != climb_from(slack, 1)


TRUE: dict[str, Rule] = {
    "tight at a point off the grid": lambda z: (z.x - F(517, 1000)) ** 2,
    "zero everywhere": lambda z: F(0),
    "tight where only the strategy keeps y": lambda z: 1 - z.y,
    "tight where only the strategy keeps n": lambda z: F(10**6 - z.n),
}


@pytest.mark.parametrize("slack", TRUE.values(), ids=TRUE)
def test_a_true_claim_is_not_blamed(slack: Rule) -> None:
    for seed in range(3):
        found, calls = climb_from(slack, seed)
        assert found is None
        assert calls > 50


def test_every_instance_of_a_climb_is_counted() -> None:
    found = judge(planted(TRUE["tight at a point off the grid"]), BUDGET)
    assert (found.verdict, found.undecided) == (Verdict.HOLDS, 0)
    assert 200 < found.instances <= 300
    assert found.note == f"200 generated by Hypothesis, {found.instances - 200} by climbing from the best"


def test_what_every_instance_had_in_common_stays() -> None:
    """The range of a number, the sum of a distribution and its zeros."""
    start = Point(F(1, 2), F(1, 3), 5, (F(1, 2), F(0), F(1, 2)))
    seen = [start, Point(F(3, 4), F(1, 3), 7, (F(1, 4), F(3, 4)))]
    visited: list[Point] = []

    def keep(point: Point) -> Derivation:
        visited.append(point)
        return needs(point.x)

    assert climb(planted(lambda z: z.x), [(float(point.x), point) for point in seen], keep, 200, 0) is None
    assert len(visited) > 20
    for point in visited:
        assert F(1, 2) <= point.x <= F(3, 4)
        assert point.y == F(1, 3)
        assert 5 <= point.n <= 7
        assert sum(point.p) == 1
        assert len(point.p) == 2 or point.p[1] == 0


def test_instances_out_of_reach_are_no_moves() -> None:
    def slack(point: Point) -> Fraction:
        if point.x.denominator > 12:
            raise UnsupportedError("too fine")
        return point.x

    found = judge(planted(slack), BUDGET)
    assert (found.verdict, found.undecided) == (Verdict.HOLDS, 0)


def test_a_checker_that_breaks_on_a_move_is_reported_with_the_instance() -> None:
    def slack(point: Point) -> Fraction:
        return 1 / Fraction(point.x.denominator <= 12)

    with pytest.raises(ZeroDivisionError) as caught:
        judge(planted(slack), BUDGET)
    assert any("while checking claim planted on {" in note for note in caught.value.__notes__)


def test_instances_without_a_number_that_may_move_are_no_starts() -> None:
    still = Point(F(0), F(0), 0, (F(1),))
    claim = planted(lambda z: z.x)
    assert climb(claim, [(0.0, still)] * 5, lambda _: pytest.fail("judged"), 50, 0) is None
    assert climb(claim, [], lambda _: pytest.fail("judged"), 50, 0) is None


@given(st.fractions(-3, 3, max_denominator=60), st.fractions(0, 1, max_denominator=60))
def test_no_fraction_in_the_interval_is_simpler(low: Fraction, width: Fraction) -> None:
    found = simplest_between(low, low + width)
    assert low <= found <= low + width
    simpler = simple_fractions(low, low + width, found.denominator)
    assert found == simpler[0]


def test_a_number_outside_what_was_seen_is_made_simpler_too() -> None:
    """What completes a sum may lie there; the empty interval between it and the range divided by zero."""
    smaller = list(_simpler({"x": "5/2"}, {("x",): (F(1, 3), F(2, 3))}))
    assert {"x": "1"} in smaller
    assert all(F(tree["x"]) < F(5, 2) for tree in smaller)


def test_the_climb_leaves_labels_alone() -> None:
    """The state in each entry of a sparse row is no number to move."""
    assert list(numbers({"rows": [[2, "1/3"], [5, "2/3"]], "secret": [1, 2]})) == [
        (("rows", 0, 1), F(1, 3)),
        (("rows", 1, 1), F(2, 3)),
        (("secret", 0), F(1)),
        (("secret", 1), F(2)),
    ]
