"""Acceptance to the last bit: where the forward and the backward test end, on rows done by hand."""

from dataclasses import replace
from fractions import Fraction

from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation
from drmg_oracles import agrees, agrees_backward, rounding_allowance, zero_pattern_sensitive

U = 2.0**-53
COIN = Row.of(TotalVariation(), [1, 1], [0, 1], "1/4")  # its value is 1/4, its allowance k = 36
HAIR = Fraction(1, 2**1200)


def borders(row: Row) -> tuple[Fraction, Fraction]:
    """Return the values farthest below and above 1/4 that the forward test accepts: ``off = k unit(v)``."""
    k = rounding_allowance(row)
    u, smallest = Fraction(1, 2**53), Fraction(1, 2**1074)
    above = (Fraction(1, 4) + k * (u * row.span + smallest)) / (1 - k * u)  # v - 1/4 = k (u (span + v) + ...)
    below = (Fraction(1, 4) - k * (u * row.span + smallest)) / (1 + k * u)
    return below, above


def test_the_forward_test_ends_where_the_theorem_says() -> None:
    """``T = k (u (span + |v|) + 2^-1074)`` to the last bit; one hair beyond, the backward test decides."""
    below, above = borders(COIN)
    for border, beyond in ((below, -HAIR), (above, HAIR)):
        assert agrees(border, COIN).reason.startswith("right up to rounding")
        assert agrees(border + beyond, COIN).reason.startswith("right for an input within 36 ulp")


def test_the_backward_test_ends_at_the_corner_of_the_box() -> None:
    """All inputs moved by 36 ulp: p and V outward, the radius inward for a rise, and 36 u beyond."""
    eps, smallest = Fraction(36, 2**53), Fraction(1, 2**1074)
    highest = (Fraction(1, 2) * (1 + eps) - Fraction(1, 4) * (1 - eps)) * (1 + eps) + eps + 36 * smallest
    lowest = (Fraction(1, 2) * (1 - eps) - Fraction(1, 4) * (1 + eps)) * (1 - eps) - eps - 36 * smallest
    for border, beyond in ((highest, HAIR), (lowest, -HAIR)):
        assert agrees_backward(border, COIN)  # type: ignore[arg-type]
        assert not agrees_backward(border + beyond, COIN)  # type: ignore[arg-type]
        assert agrees(border, COIN).accepted
        assert not agrees(border + beyond, COIN).accepted


def test_values_of_any_sign_move_outward_in_the_box() -> None:
    """A negative value rises by moving towards 0: the sign of V is that of the number, not of the move."""
    row = replace(COIN, values=(Fraction(-3), Fraction(-2)))  # -11/4
    eps, smallest = Fraction(36, 2**53), Fraction(1, 2**1074)
    rise = Fraction(1, 2) * (1 + eps) - Fraction(1, 4) * (1 - eps)  # mass that keeps the better value
    highest = -3 * (1 - eps) * (1 - rise) - 2 * (1 - eps) * rise + eps + 36 * smallest
    assert agrees_backward(highest, row)  # type: ignore[arg-type]
    assert not agrees_backward(highest + HAIR, row)  # type: ignore[arg-type]


def test_a_radius_at_its_largest_is_not_moved_beyond_it() -> None:
    """There is no ball of radius 1 + 36 u to ask; a value below the least is too pessimistic."""
    row = replace(COIN, radius=Fraction(1))
    judgement = agrees(-200 * U, row)
    assert not judgement.accepted
    assert judgement.direction == "too pessimistic"


def test_grades_end_at_1e_9_and_1e_6_of_the_span_beyond_the_rounding() -> None:
    """Engineering, weak, wrong; a span of 8 has limits eight times as far."""
    row = replace(COIN, values=(Fraction(0), Fraction(8)))
    k, u, smallest = rounding_allowance(row), Fraction(1, 2**53), Fraction(1, 2**1074)
    for limit, inside, outside in ((9, "engineering", "weak"), (6, "weak", "wrong")):
        margin = row.span / 10**limit
        border = (2 + margin + k * (u * row.span + smallest)) / (1 - k * u)
        assert agrees(border, row).grade == inside
        assert agrees(border + HAIR, row).grade == outside


def test_a_row_is_zero_pattern_sensitive_above_1e_8_of_the_span() -> None:
    """A weight of 2^-43 moved by 4 u moves chi-square by 1e-9, one of 2^-50 by more than 1e-8."""
    assert zero_pattern_sensitive(Row.of(ChiSquare(), [2.0**-50, 1 - 2.0**-50], [0.0, 1.0], 0.5))
    moderate = Row.of(ChiSquare(), [2.0**-43, 1 - 2.0**-43], [0.0, 1.0], 0.5)
    assert not zero_pattern_sensitive(moderate)
    assert not agrees(0.5, moderate).flags
    raw = Row.of(KullbackLeibler(), [1.0, 2.0], [0.0, 1.0], 0.125)
    assert agrees(0.9, raw).flags == ("normalisation",)
