"""The checker's arithmetic: intervals that contain, functions that are bounded, numbers as written."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_oracles import checker
from drmg_oracles.checker import Interval, RefusedError, number

F = Fraction
ENDS = [F(-3), F(-1, 2), F(0), F(2, 3), F(5)]
INTERVALS = [Interval(lo, hi) for lo, hi in product(ENDS, ENDS) if lo <= hi]
CONTEXT = checker._PRECISIONS[0]


def test_sums_and_products_of_intervals_are_exactly_what_their_members_give():
    """The ends are attained, and no member leaves them, whatever the signs."""
    for x, y in product(INTERVALS, INTERVALS):
        members = [(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
        sums, products = [a + b for a, b in members], [a * b for a, b in members]
        assert x + y == Interval(min(sums), max(sums))
        assert x * y == Interval(min(products), max(products))


def test_a_number_acts_as_the_interval_that_holds_it_alone():
    for x, y in product(INTERVALS, ENDS):
        assert x + y == x + Interval(y, y)
        assert x * y == x * Interval(y, y)


@pytest.mark.parametrize(("lo", "hi"), [("1/3", "3"), ("1/7", "1/5"), ("3", "100"), ("1", "1"), ("1", "2")])
def test_functions_of_intervals_reach_from_one_end_to_the_other(lo: str, hi: str):
    """From below the value at the lower end to above that at the upper one, by next to nothing."""
    x = Interval(F(lo), F(hi))
    for function in (checker._log, checker._exp, lambda y, context: checker._power(y, F(3, 7), context)):
        at_ends = [function(F(end), CONTEXT) for end in (lo, hi)]
        enclosed = function(x, CONTEXT)
        assert enclosed.lo <= at_ends[0].lo
        assert at_ends[1].hi <= enclosed.hi
        assert enclosed.lo > at_ends[0].lo - F(1, 10**15)
        assert enclosed.hi < at_ends[1].hi + F(1, 10**15)


@pytest.mark.parametrize("e", ["1/2", "-1/2", "3/2", "2/3", "-2/3", "1", "-1"])
def test_powers_of_intervals_are_right_whether_they_rise_or_fall(e: str):
    """Negative powers exchange the ends; where the roots are rational the ends are exact."""
    ends = sorted(checker._power(F(x), F(e), CONTEXT).lo for x in ("1/64", "729"))
    assert checker._power(Interval(F(1, 64), F(729)), F(e), CONTEXT) == Interval(*ends)


def test_a_logarithm_of_one_is_zero_and_an_exponential_never_negative():
    """Else no ball of radius 0 would hold its centre, and a sum might be less than one of its parts."""
    assert checker._log(F(1), CONTEXT) == Interval(F(0), F(0))
    for x in (F(-10), F(-(10**4)), F(-(10**7)), Interval(F(-(10**7)), F(-1))):
        enclosed = checker._exp(x, CONTEXT)
        assert 0 <= enclosed.lo < enclosed.hi <= F(37, 100)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 64])
def test_integer_roots_are_found_if_and_only_if_there_are_any(n: int):
    roots = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 31, 32, 33, 1000, 2**20 - 1, 2**31, 10**12 + 39]
    powers = {root**n: root for root in roots}
    near = {power + step for power in powers for step in (-1, 0, 1) if power + step >= 0}
    for k in near | set(range(70)):
        expected = k if n == 1 else next((root for root in range(71) if root**n == k), powers.get(k))
        assert checker._root(k, n) == expected, (k, n)


@pytest.mark.parametrize("e", [1, -1])
def test_powers_are_exact_up_to_2000_bits_and_enclosed_beyond(e: int):
    """A proof needs points on a sphere exactly, and no number longer than its inputs make it."""
    for x in (F(2) ** 1999, F(2) ** -1999, F(2**1999, 3)):
        assert checker._power(x, F(e), CONTEXT) == Interval(x**e, x**e)
    for x in (F(2) ** 2000, F(2) ** -2000, F(2**2000, 3), F(3, 2**2000)):
        enclosed = checker._power(x, F(e), CONTEXT)
        assert enclosed.lo < x**e < enclosed.hi
    assert checker._power(F(2) ** 999, F(2 * e), CONTEXT).lo == F(2) ** (1998 * e)
    enclosed = checker._power(F(2) ** 1000, F(2 * e), CONTEXT)
    assert enclosed.lo < F(2) ** (2000 * e) < enclosed.hi


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", F(0)),
        ("-0", F(0)),
        ("+7", F(7)),
        ("007", F(7)),
        ("-22/7", F(-22, 7)),
        ("1.", F(1)),
        (".5", F(1, 2)),
        ("-.5e1", F(-5)),
        ("1E3", F(1000)),
        ("1e+3", F(1000)),
        ("1e-3", F(1, 1000)),
        ("1e9999", F(10) ** 9999),
        ("0x1p0", F(1)),
        ("0x10p0", F(16)),
        ("0X1.8P1", F(3)),
        ("0xAp0", F(10)),
        ("-0x1.8p+1", F(-3)),
        ("+0x.8p0", None),
        ("0x0.08p4", F(1, 2)),
        ("0x1.p-1", F(1, 2)),
        ("-0x0.0000000000001p-1022", F(-1, 2**1074)),
        ("9" * 4000, F(10) ** 4000 - 1),
        ("9" * 4001, None),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, value: Fraction | None):
    """Ratios, decimals, hexadecimal floats with every digit, case and sign; up to 4,000 characters."""
    if value is None:
        with pytest.raises(RefusedError):
            number(text)
    else:
        assert number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "1\n", "--1", "+-1", "1/-2", "1//2", "1/2/3", "1.5/2", "1e", "e1", ".", "-", "1e1.5",
        "1_000", "1e10000", "0x", "0x1", "0xp1", "0x1p", "0x1p10000", "0xgp1", "0x1.gp1", "1x1p1", "nan",
        "inf", "-inf", "1j", "٣", "1/٣", "1e٣", "0x1p٣", "1.٣", "½", "one", 1, 1.5, None, True, ["1"], b"1",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: object):
    with pytest.raises(RefusedError, match=r"no exact number|no string"):
        number(text)


def test_the_refusal_of_a_long_text_is_short():
    with pytest.raises(RefusedError) as error:
        number("x" * 4000)
    assert len(str(error.value)) < 100


@given(st.lists(st.fractions(0, 9), min_size=1, max_size=5))
def test_weights_mean_their_normalisation(weights: list[Fraction]):
    """Exactly: shares of a whole, in their order."""
    if not any(weights):
        with pytest.raises(RefusedError, match="sum to 0"):
            checker._distribution([str(x) for x in weights])
    else:
        shares = checker._distribution([str(x) for x in weights])
        assert sum(shares) == 1
        assert all(x * sum(weights) == weight for x, weight in zip(shares, weights, strict=True))
