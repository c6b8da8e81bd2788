"""A set of the Cressie-Read family says its order and its unit: rooms without a formula of it ask no more."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

from drmg_check.kernels import worst_case_distributions, worst_case_expectations
from drmg_check.sets import (
    UNCERTAINTY_SETS,
    CressieRead,
    Divergence,
    PowerDivergence,
    Row,
    SupportedSet,
    UncertaintySet,
)
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose, saturation_radius
from drmg_oracles.rows._lagrangian import lagrangian_bound, pull_into_ball
from drmg_properties.laws import LAWS, check_law, check_worst_distribution

F = Fraction
BY_ID = {law.id: law for law in LAWS}


@dataclass(frozen=True, slots=True)
class Neyman(SupportedSet, PowerDivergence):
    """Neyman's chi-square: ``sum (q - p)^2 / q``."""

    kind: ClassVar[str] = "neyman"

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        return F(-1), F(1, 2)

    @property
    def divergence(self) -> Divergence:
        from mpmath import mp, mpf

        return Divergence(lambda t: (t - 1) ** 2 / t if t else mp.inf, lambda t: 1 - 1 / t**2, mpf(1))


@dataclass(frozen=True, slots=True)
class Doubled(SupportedSet, PowerDivergence):
    """Cressie-Read of order 1/4 at twice the price."""

    kind: ClassVar[str] = "doubled"

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        return F(1, 4), F(1, 2)

    @property
    def divergence(self) -> Divergence:
        family = CressieRead(F(1, 4)).divergence
        return Divergence(lambda t: 2 * family.f(t), lambda t: 2 * family.slope(t), 2 * family.away)


@pytest.fixture(params=[Neyman, Doubled], ids=lambda cls: cls.kind)
def row(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Row:
    cls = request.param
    monkeypatch.setitem(UNCERTAINTY_SETS, cls.kind, cls)
    return Row.of(cls(), ["1/4", "1/4", "1/2"], [0, 1, 3], "1/10")


def in_the_family(row: Row) -> Row:
    """Return the row of Cressie-Read that means the same."""
    order, unit = row.uncertainty.power  # type: ignore[attr-defined]
    return replace(row, uncertainty=CressieRead(order), radius=unit * row.radius)


def floats(row: Row) -> tuple[UncertaintySet, FloatArray, FloatArray, FloatArray]:
    p, V = (np.array([float(x) for x in numbers]) for numbers in (row.nominal, row.values))
    return row.uncertainty, p[None], np.array([float(row.radius)]), V


def right(row: Row) -> float:
    return float(enclose(row).lo)


def test_kernel_enclosure_and_proof_are_those_of_the_family(row: Row):
    same = in_the_family(row)
    assert enclose(row).lo == enclose(same).lo
    assert worst_case_expectations(*floats(row)) == worst_case_expectations(*floats(same))
    assert lagrangian_bound(row, F(1)) == pytest.approx(float(lagrangian_bound(same, F(2))), rel=1e-12)
    pulled = pull_into_ball(row, [F(1), F(0), F(0)])
    assert pulled == pull_into_ball(same, [F(1), F(0), F(0)])


def test_the_worst_distribution_is_judged_by_the_divergence_of_the_set(row: Row):
    q = worst_case_distributions(*floats(row))[0].tolist()
    assert check_worst_distribution(q, right(row), row) is None
    without_the_unit = replace(row, uncertainty=in_the_family(row).uncertainty)
    beyond = worst_case_distributions(*floats(without_the_unit))[0].tolist()
    assert check_worst_distribution(beyond, right(without_the_unit), row) is not None


def test_that_it_is_a_ball_of_the_family_is_a_law(row: Row):
    def without_the_unit(asked: Row) -> float:
        return right(replace(asked, uncertainty=in_the_family(row).uncertainty))

    assert check_law(BY_ID["same-ball"], right, row) is None
    assert check_law(BY_ID["same-ball"], without_the_unit, row) is not None


def test_the_adversary_mixes_what_it_may_in_the_unit_of_the_set(row: Row):
    said, same = (next(iter(BY_ID["mixing-adversary"].relations(each))) for each in (row, in_the_family(row)))
    assert said.constant == same.constant


@pytest.mark.parametrize("order", [F(1, 4), F(3, 4), F(3, 2), F(5)])
@pytest.mark.parametrize("likely", [F(0), F(1, 10**6), F(1, 2), 1 - F(1, 10**6)])
def test_the_adversary_mixes_what_convexity_allows(order: Fraction, likely: Fraction):
    """``w = rho / D(delta_t, p)``, and D of the point mass is the radius that reaches the minimum."""
    if likely == 0 and order > 1:
        return  # it may not leave the support
    row = Row.of(CressieRead(order), [likely, 1 - likely], [0, 1], F(1, 100))
    reached = saturation_radius(row)
    assert reached is not None
    (relation,) = BY_ID["mixing-adversary"].relations(row)
    weight = 1 - relation.constant / (1 - likely)
    assert 0 <= min(row.radius / reached, F(1)) - weight <= F(1, 10**11)
    assert enclose(row).lo <= relation.constant
