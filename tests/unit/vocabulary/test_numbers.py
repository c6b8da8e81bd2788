"""A number means exactly what it says, or is refused with its name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.vocabulary import InputError, exact, normalise, show
from drmg_check.vocabulary._numbers import float_view, numbers_array


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", Fraction(1, 3)),
        ("-7/2", Fraction(-7, 2)),
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        (".5", Fraction(1, 2)),
        ("0x1.8p-1", Fraction(3, 4)),
        (" 2 ", Fraction(2)),
    ],
)
def test_strings_mean_what_they_say(text: str, value: Fraction):
    assert exact(text) == value


def test_hex_floats_are_never_rounded():
    """Digits and exponents beyond float64 keep their exact meaning."""
    assert exact("0x1.00000000000001p0") == 1 + Fraction(1, 2**56)
    assert exact("-0x.8p-5000") == -Fraction(1, 2**5001)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_hex_float_means_the_float(value: float):
    assert exact(value.hex()) == exact(value)


@pytest.mark.parametrize("bad", ["1e9999", "0x1p1024", "1e-9999", f"1/{10**3900}"])
def test_numbers_without_a_float_view_are_refused(bad: str):
    with pytest.raises(InputError, match=r"weight.*out of range"):
        exact(bad, "weight")


def test_a_float_view_that_overflows_is_refused():
    with pytest.raises(InputError, match="exceeds"):
        float_view(numbers_array([Fraction(10**400)], "x"))


def test_a_float_means_its_binary_value():
    assert exact(0.1) == Fraction(3602879701896397, 36028797018963968)
    assert exact(np.float64(0.1)) == exact(0.1)
    assert exact(np.float32(0.1)) != exact(0.1)


@pytest.mark.parametrize(
    "bad",
    [
        *("nan", "inf", "1/0", "1/-3", "", "0.1.2", "__import__('os')", "1e99999", "0x", "٣", "1_000"),
        *(float("nan"), float("-inf"), True, None, [1], 1j, b"1"),
        "9" * 5000,
    ],
)
def test_everything_else_is_refused_by_name(bad: object):
    with pytest.raises(InputError, match="weight"):
        exact(bad, "weight")


@given(st.fractions())
def test_what_is_shown_is_read_back(value: Fraction):
    assert exact(show(value)) == value


@given(st.lists(st.fractions(min_value=0), min_size=1).filter(any))
def test_a_normalised_row_is_proportional_and_sums_to_one(weights: list[Fraction]):
    p = normalise(weights)
    assert sum(p) == 1
    assert all(p[j] * weights[k] == p[k] * weights[j] for j in range(len(p)) for k in range(j))


@pytest.mark.parametrize(
    ("weights", "message"), [([], "empty"), ([0, 0], "sums to 0"), ([2, -1], "negative")]
)
def test_illegal_weights_are_refused(weights: list[int], message: str):
    with pytest.raises(InputError, match=message):
        normalise([Fraction(w) for w in weights])


def test_arrays_keep_floats_and_read_everything_else_exactly():
    assert numbers_array([0.5, 1.0], "x").dtype == np.float64
    assert numbers_array([1, 2], "x").dtype == np.float64
    mixed = numbers_array([["1/3", 0.5]], "x")
    assert mixed.dtype == object
    assert mixed[0, 0] == Fraction(1, 3)
    assert numbers_array([2**60], "x")[0] == Fraction(2**60)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([[1.0], [1.0, 2.0]], "rectangular"),
        ([0.0, float("nan")], r"x\[1\]=nan"),
        (float("inf"), r"x\[\]=inf"),
        ([["a"]], r"x\[0, 0\]"),
        ([True], "truth value"),
    ],
)
def test_arrays_name_the_offending_entry(bad: object, message: str):
    with pytest.raises(InputError, match=message):
        numbers_array(bad, "x")


def test_arrays_are_read_only():
    array = numbers_array([1.0], "x")
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 2.0
