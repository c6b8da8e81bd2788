"""Laws to the last bit: what they forgive, what they say of rows done by hand, what each alone notices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import enclose, saturation_radius
from drmg_properties.laws import (
    LAWS,
    Law,
    Relation,
    Tolerance,
    allowance,
    check_law,
    check_worst_distribution,
)
from drmg_properties.strategies import critical_radii

F = Fraction
U = F(1, 2**53)
HAIR = F(1, 2**1200)
BY_ID = {law.id: law for law in LAWS}
COIN = Row.of(TotalVariation(), [1, 1], [0, 1], "1/4")
SETS: list[UncertaintySet] = [
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Contamination(),
    Interval(),
    CressieRead(F(3, 2)),
]


@cache
def honest(row: Row) -> float:
    return float(enclose(row).lo)


# What is forgiven


@pytest.mark.parametrize("accuracy", [F(0), F(1, 1000)])
def test_a_law_forgives_what_the_oracle_does_and_no_more(accuracy: Fraction):
    """``T = 6 k (u (span + |v|) + 2^-1074) + accuracy span`` for each value, k = 36 for two states."""
    row = replace(COIN, values=(F(0), F(2)), radius=F(1, 2))
    tolerance = Tolerance(accuracy)
    allowed = 6 * 36 * (U * (2 + 1) + F(1, 2**1074)) + accuracy * 2
    assert allowance(row, 1.0, tolerance) == allowed
    for beyond, noticed in ((0, False), (HAIR, True)):
        said = Relation((row,), (F(1),), -1 - allowed - beyond, False, "a value of 1 is too low by so much")
        law = Law("bound", "", lambda _row, said=said: iter([said]))
        assert (check_law(law, lambda _row: 1.0, row, tolerance) is not None) == noticed


def test_a_row_that_is_not_offered_ends_its_relation_and_not_the_law():
    """The second relation is still judged."""
    other = replace(COIN, radius=F(1, 8))
    relations = [Relation((row,), (F(1),), F(-3), False, "a value of at least 3") for row in (COIN, other)]

    def solve(row: Row) -> float:
        if row == COIN:
            raise UnsupportedError("not this one")
        return 0.0

    violation = check_law(Law("two", "", lambda _row: iter(relations)), solve, COIN)
    assert violation is not None
    assert violation.relation is relations[1]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_breaks_every_law(value: float):
    for law in LAWS:
        if any(True for _ in law.relations(COIN)):
            assert check_law(law, lambda _row: value, COIN) is not None, law.id


# The worst distribution, for a fair coin under TV: q = (3/4, 1/4) with the value 1/4, slack 36 u


def wrong(q: list[float], value: float = 0.25, row: Row = COIN, accuracy: str = "0") -> str:
    return check_worst_distribution(q, value, row, Tolerance(F(accuracy))) or "right"


def test_a_worst_distribution_is_one_up_to_rounding():
    """Negative probabilities, sums, means and distances: accepted within k u, refused a little beyond."""
    assert wrong([0.75, 0.25]) == "right"
    few, many = 30 * 2.0**-53, 500 * 2.0**-53
    least = Row.of(TotalVariation(), [1, 1], [0, 1], "1/2")
    for off, said in ((few, "right"), (many, "negative probability")):
        assert said in wrong([1.0, -off], 0.0, least)
    for sign in (1, -1):
        for off, said in ((few, "right"), (many, "sums to")):
            assert said in wrong([0.75 + sign * off, 0.25])
    for off, said in ((few, "right"), (many, "outside the ball")):
        assert said in wrong([0.75 + off, 0.25 - off])
    for value, said in ((0.25 + 1e-14, "right"), (0.25 + 1e-12, "has mean"), (0.25 - 1e-12, "has mean")):
        assert said in wrong([0.75, 0.25], value)
    assert "has 1 states" in wrong([1.0])
    assert "outside [0, 1]" in wrong([math.nan, 0.25])
    assert "outside [0, 1]" in wrong([1.5, -0.5])


def test_a_worst_distribution_keeps_to_the_support_that_it_has():
    """Mass on a state that nothing leads to, where the set confines the adversary."""
    leak = 1e-9
    for uncertainty in (
        TotalVariation("nominal"),
        L1("nominal"),
        KullbackLeibler(),
        ReverseKL("nominal"),
        ChiSquare(),
        Hellinger("nominal"),
        CressieRead(F(1, 2), "nominal"),
        CressieRead(F(3, 2)),
        Contamination("nominal"),
        Interval("nominal"),
    ):
        row = Row.of(uncertainty, [1, 1, 0], [0, 1, 0], "1/4")
        truth = enclose(row)
        q = [float(x) for x in truth.worst_distribution]
        value = float(truth.lo)
        assert wrong(q, value, row) == "right", uncertainty
        assert "outside the ball" in wrong([q[0] - leak, q[1], leak], value, row), uncertainty


def test_a_declared_accuracy_widens_all_of_it():
    assert wrong([0.7505, 0.2495], 0.2495) != "right"
    assert wrong([0.7505, 0.2495], 0.2495, accuracy="1/1000") == "right"
    assert wrong([0.76, 0.24], 0.24, accuracy="1/1000") != "right"


# What laws say of rows done by hand

MIXTURES: list[tuple[UncertaintySet, Fraction, Fraction]] = [
    (TotalVariation(), F(1, 4), F(1, 2)),
    (Interval(), F(1, 4), F(1, 2)),
    (L1(), F(1, 4), F(1, 4)),
    (Contamination(), F(1, 4), F(1, 4)),
    (ChiSquare(), F(1, 4), F(1, 2)),
    (KullbackLeibler(), F(1, 4), F(1, 2)),
    (ReverseKL(), F(1, 4), F(1, 5)),
    (Hellinger(), F(1, 4), F(15, 64)),
    (Wasserstein(((F(0), F(2)), (F(2), F(0))), 2), F(1), F(1, 2)),
    (Wasserstein(((F(0), F(2)), (F(2), F(0))), 1), F(1, 2), F(1, 2)),
]


@pytest.mark.parametrize(("uncertainty", "radius", "weight"), MIXTURES, ids=str)
def test_the_adversary_mixes_as_much_as_the_module_says(
    uncertainty: UncertaintySet, radius: Fraction, weight: Fraction
):
    """Of a fair coin with values 0 and 1 the mixture keeps ``(1 - w) / 2``; for TV that is the worst case."""
    (relation,) = BY_ID["mixing-adversary"].relations(Row.of(uncertainty, [1, 1], [0, 1], radius))
    assert relation.constant == (1 - weight) / 2
    assert enclose(relation.rows[0]).lo <= relation.constant


@pytest.mark.parametrize("uncertainty", [KullbackLeibler(), ReverseKL(), ChiSquare(), Hellinger()], ids=str)
def test_the_larger_ball_of_an_inclusion_is_larger(uncertainty: UncertaintySet):
    """Irrational radii are rounded outward, and by a few ulp only."""
    squares: dict[str, Callable[[Fraction], Fraction]] = {
        "TV <= sqrt(KL / 2)": lambda rho: rho / 2,
        "TV <= sqrt(reverse KL / 2)": lambda rho: rho / 2,
        "TV <= sqrt(chi2) / 2": lambda rho: rho / 4,
        "TV <= sqrt(H2 (1 - H2 / 4))": lambda rho: rho * (1 - rho / 4),
    }
    seen = set()
    for k in range(1, 60):
        rho = F(k, 97)
        for relation in BY_ID["inclusion"].relations(replace(COIN, uncertainty=uncertainty, radius=rho)):
            if relation.words in squares:
                radius, exact = relation.rows[0].radius, squares[relation.words](rho)
                assert exact <= radius**2 <= exact * (1 + F(1, 2**49))
                seen.add(relation.words)
    assert seen


def test_a_scale_that_is_no_power_of_two_is_tried():
    """Powers of two scale floats exactly and would hide an absolute tolerance."""
    factors = [-relation.coefficients[0] for relation in BY_ID["scale"].relations(COIN)]
    assert any(x.numerator & (x.numerator - 1) for x in factors)
    far = [-relation.coefficients[0] for relation in BY_ID["extreme-scale"].relations(COIN)]
    assert min(far) < F(1, 2**30) < 2**30 < max(far)


@pytest.mark.parametrize("off", [-0.5, 0.5])
@pytest.mark.parametrize("law", ["scale", "constant", "split"])
def test_an_equality_is_broken_on_either_side(law: str, off: float):
    row = Row.of(TotalVariation(), [1, 1, 2], [3, 1, 0], "1/4")
    wrong = next(iter(BY_ID[law].relations(row))).rows[-1]
    assert check_law(BY_ID[law], lambda asked: honest(asked) + off * (asked == wrong), row) is not None


def test_the_value_of_each_of_the_first_states_is_raised():
    row = Row.of(TotalVariation(), [1, 1, 2, 1, 1], [3, 1, 0, 2, 4], "1/4")
    pairs = [relation.rows for relation in BY_ID["monotone-in-values"].relations(row)]
    moved = [{s for s in range(5) if x.values[s] != y.values[s]} for x, y in pairs]
    assert moved == [{0}, {1}, {2}, {3}]


def test_both_parts_of_a_state_that_is_split_have_mass():
    """Who loses a tenth for every state that is visited loses another one."""

    def counts(row: Row) -> float:
        return honest(row) - 0.1 * sum(p > 0 for p in row.nominal)

    assert check_law(BY_ID["split"], counts, COIN) is not None


# What each law alone notices


def rows() -> list[Row]:
    return [
        *(Row.of(uncertainty, [1, 1, 2], [3, 1, 0], "1/4") for uncertainty in SETS),
        *(Row.of(uncertainty, [1, 2, 0], [4, 0, 1], "1/4") for uncertainty in SETS),
        Row.of(Hellinger(), [0, 1, 1], [0, 1, 2], "1/16"),
    ]


def liar(about: Row, off: float) -> Callable[[Row], float]:
    """Return an implementation that is right everywhere but for one row."""
    return lambda row: honest(row) + off * float(row == about)


def reads_less(of: Row, share: Fraction) -> Callable[[Row], float]:
    """Return an implementation that reads a share of the radius, of one set, always."""
    kind = of.uncertainty.kind
    return lambda row: honest(
        replace(row, radius=row.radius * share) if row.uncertainty.kind == kind else row
    )


def noticed_by(solve: Callable[[Row], float], row: Row) -> set[str]:
    return {law.id for law in LAWS if check_law(law, solve, row) is not None}


def liars(law: Law, row: Row) -> Iterator[Callable[[Row], float]]:
    for derived in {derived: None for relation in law.relations(row) for derived in relation.rows}:
        for off in (-0.02, 0.02, -0.5, 0.5):
            yield liar(derived, off * max(1.0, float(derived.span)))
    for share in (F(1, 2), F(1, 8), F(1, 64)):
        yield reads_less(row, share)


@pytest.mark.parametrize("law", [law for law in LAWS if law.id != "bounds"], ids=lambda law: law.id)
def test_each_law_notices_something_that_no_other_law_does(law: Law):
    """An implementation that is wrong about one row, or reads less than the radius.

    The bounds are the exception: they follow from monotonicity, shifts and mixtures, and say it plainly.
    """
    assert any(
        check_law(law, solve, row) is not None and noticed_by(solve, row) == {law.id}
        for row in rows()
        for solve in liars(law, row)
    )


# The radii that strategies draw


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_radii_are_drawn_on_both_sides_of_the_border(uncertainty: UncertaintySet):
    """Just below the radius from which on the minimum is reached, and at it or just above."""
    p, V = (F(1, 8), F(1, 8), F(1, 4), F(1, 2)), (F(0), F(0), F(1), F(2))
    border = saturation_radius(Row(uncertainty, p, V, F(0)))
    radii = critical_radii(uncertainty, p, V)
    assert radii[0] == 0
    if border is None:
        return
    near = F(1, 50)
    assert any(border - near <= radius < border for radius in radii)
    assert any(border <= radius <= border + near for radius in radii)
    if uncertainty.max_radius is not None:
        assert uncertainty.max_radius in radii
