"""Bounds from approximate points hold however coarse the arithmetic: rounding goes to the safe side."""

import math
from fractions import Fraction
from functools import cache

import pytest

from drmg_check.sets import (
    L1,
    ChiSquare,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
)
from drmg_check.vocabulary import normalise
from drmg_oracles import Certificate, Enclosure, certificate_to_json, enclose
from drmg_oracles.checker import RefusedError, verify
from drmg_oracles.rows import _lagrangian
from drmg_oracles.rows._conjugates import conjugate
from drmg_oracles.rows._lagrangian import lagrangian_bound, pull_into_ball

F = Fraction
SMOOTH = [
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Hellinger("nominal"),
    CressieRead(F(-1)),
    CressieRead(F(1, 3)),
    CressieRead(F(5, 2)),
]
ROWS = [([1, 2, 3], [0, 1, 3]), ([3, 1, 1], [5, 2, 4]), ([2, 0, 4], [1, 0, 2])]


def row_of(uncertainty: UncertaintySet, k: int, radius: str) -> Row:
    return Row.of(uncertainty, *ROWS[k], radius)


@cache
def best_multiplier(row: Row) -> Fraction:
    """Return where the bound, concave in the multiplier, is largest, by thirds of its logarithm."""
    low, high = -3.0, 4.0
    for _ in range(20):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        worse = lagrangian_bound(row, F(math.exp(left))) < lagrangian_bound(row, F(math.exp(right)))
        low, high = (left, high) if worse else (low, right)
    return F(math.exp(low))


def is_in_the_ball(row: Row, q: tuple[Fraction, ...]) -> bool:
    """Whether the stand-alone checker believes it."""
    floor, mean = min(row.values), sum(x * v for x, v in zip(q, row.values, strict=True))
    try:
        verify(certificate_to_json(Enclosure(row, floor, mean, Certificate(q, "minimum"))))
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("uncertainty", SMOOTH, ids=str)
@pytest.mark.parametrize("bits", [12, 256])
def test_a_lower_bound_at_the_best_multiplier_is_one_at_any_precision(
    uncertainty: UncertaintySet, bits: int, monkeypatch: pytest.MonkeyPatch
):
    """With 12 bits the conjugates are off by 2^-12: rounded up they still bound, and to nearest not."""
    for k in range(len(ROWS)):
        row = row_of(uncertainty, k, "1/8")
        multiplier = best_multiplier(row)
        with monkeypatch.context() as patch:
            patch.setattr(_lagrangian, "PRECISION", bits)
            bound = lagrangian_bound(row, multiplier)
        truth = enclose(row)
        assert bound <= truth.hi
        assert bound >= truth.lo - row.span * F(1, 10**5 if bits == 256 else 100)


@pytest.mark.parametrize("uncertainty", [*SMOOTH, TotalVariation(), L1(), Interval()], ids=str)
@pytest.mark.parametrize("bits", [12, 256])
def test_a_point_pulled_into_the_ball_is_in_it_at_any_precision(
    uncertainty: UncertaintySet, bits: int, monkeypatch: pytest.MonkeyPatch
):
    """Whatever distribution is offered, even a point mass; and one inside stays where it is."""
    monkeypatch.setattr(_lagrangian, "PRECISION", bits)
    for k in range(len(ROWS)):
        row = row_of(uncertainty, k, "1/8")
        states = _lagrangian.admissible_states(row)
        for weights in ([9, 1, 1], [1, 7, 1], [0, 0, 1], [1, 0, 1], [1, 1, 1]):
            q = normalise([F(w) if s in states else F(0) for s, w in enumerate(weights)])
            assert is_in_the_ball(row, pull_into_ball(row, q))
        near = tuple(x + (y - x) / 64 for x, y in zip(row.probabilities, q, strict=True))
        assert pull_into_ball(row, near) == near


@pytest.mark.parametrize("uncertainty", SMOOTH, ids=str)
@pytest.mark.parametrize("shift", [-50.0, -1.0, 0.0, 0.5, 1.0, 1.5, 5.0, 50.0])
def test_a_shift_that_is_far_off_proves_nothing_false(
    uncertainty: UncertaintySet, shift: float, monkeypatch: pytest.MonkeyPatch
):
    """Any eta proves, but for those at which a conjugate is infinite: they prove nothing."""
    monkeypatch.setattr(_lagrangian, "_best_shift", lambda *_: shift)
    for k in range(len(ROWS)):
        row = row_of(uncertainty, k, "1/8")
        for multiplier in (F(1, 4), F(1), F(8)):
            assert lagrangian_bound(row, multiplier) <= enclose(row).hi


def test_no_bound_is_below_the_smallest_value():
    """A multiplier that is far off, negative or zero proves what needs no proof."""
    for uncertainty in (*SMOOTH, TotalVariation()):
        row = row_of(uncertainty, 0, "1/8")
        for multiplier in (F(-1), F(0), F(1, 10**9), F(10**9)):
            assert 0 <= lagrangian_bound(row, multiplier) <= enclose(row).hi


def test_off_the_support_a_multiplier_proves_only_what_the_divergence_charges():
    """f(t) / t tends to 1 for Hellinger: off the support the conjugate is 0 up to y = 1, then infinite."""
    of = conjugate(Hellinger())
    assert of.value(F(1), False) == 0
    assert of.value(F(1) + F(1, 2**60), False) is None
