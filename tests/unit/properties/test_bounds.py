"""The calculators against the formulas of the paper, evaluated another way in 60 digits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import log10

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from drmg_check.vocabulary import InputError
from drmg_check.words import Rate
from drmg_properties.bounds import (
    REGRET_BOUNDS,
    TABLE_1,
    Constants,
    CountedRow,
    Magnitude,
    Point,
    Size,
    kl_bonus,
    regret,
    regret_at_power,
    samples,
    sheet,
    tv_bonus,
    vacuous_below,
    visits_for,
)
from drmg_properties.bounds._regret import OF_COUNT
from drmg_properties.claims.mornavi.total_variation._width import LAST
from drmg_properties.claims.steps import C1, C2, C2_BONUS, CF

F = Fraction
SIZE = Size(S=5, actions=(2, 3), H=4, radius=F(1, 10), delta=F(1, 20), P_min=F(1, 7))
K = F(10**6)
OTHER = Constants(F(1, 2), F(5), F(7, 3), F(3), F(1))
SHORT = Size(S=2, actions=(2,), H=1, radius=F(1, 2), P_min=F(1, 2))
each_rate = pytest.mark.parametrize("rate", ["literal_19", "per_N", "sqrt_S"])
each_bound = pytest.mark.parametrize("name", REGRET_BOUNDS)
sizes = st.builds(
    Size,
    st.integers(1, 50),
    st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    st.integers(1, 20),
    st.fractions(F(1, 50), 1, max_denominator=50),
    st.fractions(F(1, 50), F(1, 2), max_denominator=50),
    st.fractions(F(1, 50), 1, max_denominator=50),
)


def number(value: F | int) -> mpf:
    return mpf(F(value).numerator) / F(value).denominator


def iota(size: Size, episodes: F) -> mpf:
    inside = number(F(size.S**2 * size.A * size.H**2) / size.delta) * number(episodes) ** mpf("1.5")
    return mp.log(inside)


def encloses(magnitude: Magnitude, value: mpf) -> bool:
    """Whether the enclosure contains the value, and is narrow."""
    low, high = number(magnitude.low), number(magnitude.high)
    return bool(low <= mp.log10(value) <= high and high - low < mpf(10) ** -9)


@pytest.fixture(autouse=True)
def digits():
    """Compute in 60 digits."""
    with mp.workdps(60):
        yield


@each_rate
@pytest.mark.parametrize("constants", [Constants(), OTHER])
def test_the_bonus_of_total_variation_is_formula_19(rate: Rate, constants: Constants):
    N, variance, width = 17, F(3), F(5, 2)
    i, S, H = iota(SIZE, K), SIZE.S, SIZE.H
    union = S if rate == "sqrt_S" else 1
    count = N if rate != "literal_19" else mp.sqrt(N)
    by_hand = (
        mp.sqrt(number(constants.c1) * union * i * number(variance) / N)
        + number(constants.c2) * H**2 * S * i / count
        + 2 * number(width) / H
        + 1 / mp.sqrt(number(K))
    )
    row = CountedRow(N, variance, width)
    assert encloses(tv_bonus(SIZE, K, row, rate=rate, constants=constants), by_hand)


@pytest.mark.parametrize("N", [0, 1, 1000])
def test_the_bonus_of_kl_is_formula_102(N: int):
    root = mp.sqrt(iota(SIZE, K) / (max(N, 1) * number(SIZE.P_min)))
    scale = 2 * number(F(11, 5)) * SIZE.H / number(SIZE.radius)
    assert encloses(kl_bonus(SIZE, K, N), scale * root + 1 / mp.sqrt(number(K)))


def test_the_default_constants_are_those_of_the_ledger():
    """The bonus is that of the sandwich, and the factors of the regret are those of Lemma 7 at that bonus."""
    default = Constants()
    assert (default.c1, default.c2, default.cf) == (C1, C2_BONUS, CF)
    assert OF_COUNT * default.c2 >= LAST - C2 + default.c2  # LAST is for a bonus with C2


def tv_regret(size: Size, c: Constants, *, printed: bool, repaired: bool) -> mpf:
    """Return R(K) of the module's notes."""
    b, H, i, k = number(size.span), size.H, iota(size, K), number(K)
    total = H * size.S * size.A * (2 + mp.log(k))
    uniform = size.S * min(len(size.actions), b) if repaired else 1
    counts = 2 * H * mp.sqrt(k * size.S * size.A) if printed else total
    variances = number(c.variance) * (b * H * k + b**3 * H * i)
    return (1 + mpf(20) / H) ** H * (
        number(c.martingale) * b * mp.sqrt(H * k * i)
        + 4 * mp.sqrt(mpf(3) / 2 * number(c.c1) * uniform * i * variances * total)
        + 4 * number(c.c2) * H**2 * size.S * i * (counts + 2 * total)
        + 4 * H * mp.sqrt(k)
    )


def kl_regret(size: Size, c: Constants, growth: mpf) -> mpf:
    H, i, k = size.H, iota(size, K), number(K)
    bonus = 8 * mp.sqrt(8) * number(c.cf) * H * i / (number(size.radius) * mp.sqrt(number(size.P_min)))
    return growth * (
        number(c.martingale) * mp.sqrt(H**3 * k * i)
        + bonus * 2 * H * mp.sqrt(k * size.S * size.A)
        + 4 * H * mp.sqrt(k)
    )


REGRETS: dict[str, Callable[[Size, Constants], mpf]] = {
    "theorem-1": lambda size, c: tv_regret(size, c, printed=False, repaired=False),
    "theorem-1-printed": lambda size, c: tv_regret(size, c, printed=True, repaired=False),
    "theorem-1-repaired": lambda size, c: tv_regret(size, c, printed=False, repaired=True),
    "theorem-2": lambda size, c: kl_regret(size, c, mp.exp(size.H**2)),
    "theorem-2-by-mass": lambda size, c: kl_regret(size, c, number(size.P_min) ** -size.H),
}


@each_bound
@pytest.mark.parametrize("constants", [Constants(), OTHER])
@pytest.mark.parametrize("size", [SIZE, SHORT], ids=["long", "short"])
def test_the_regret_bounds_are_their_formulas(name: str, constants: Constants, size: Size):
    assert encloses(regret(REGRET_BOUNDS[name], size, K, constants), REGRETS[name](size, constants))


@each_bound
def test_a_power_of_ten_is_a_number_of_episodes_like_any_other(name: str):
    plain, power = regret(REGRET_BOUNDS[name], SIZE, K), regret_at_power(REGRET_BOUNDS[name], SIZE, F(6))
    assert max(plain.low, power.low) <= min(plain.high, power.high)


@each_bound
@settings(max_examples=15)
@given(size=sizes)
def test_a_bound_is_vacuous_just_below_the_episodes_found_and_not_just_above(name: str, size: Size):
    bound, limit = REGRET_BOUNDS[name], vacuous_below(REGRET_BOUNDS[name], size)
    assert limit.high - limit.low < F(1, 2**30)

    def above_trivial(exponent: F) -> F:
        return regret_at_power(bound, size, exponent).low - F(log10(size.H)) - exponent

    assert above_trivial(limit.low - F(1, 10**6)) > 0 > above_trivial(limit.high + F(1, 10**6))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("generative-tv", 100 * 4**3 * 5 * 6 * 4),  # min{1/rho, H} = H = 4
        ("generative-contamination", 100 * 4**3 * 5 * 5 * 4),
        ("generative-fictitious", 100**2 * 4**6 * 5 * 5 * 4),
        ("offline-tv", 100 * 2 * 4**4 * 25 * 6),
        ("online-kl-oracle", 100 * 4**5 * 5 * 9),
        ("online-tv", 100 * 4**3 * 5 * 6 * 4),
        ("lower-bound-tv", 100 * 4**3 * 5 * 3 * 4),
        # f(4, 1/10) = (4/10 - 1 + (9/10)^4) 100 = 561/100 > 4
        ("offline-tv-coverage", 100 * 2 * 4**4 * 5 * 5 * 4),
    ],
)
def test_rows_of_table_1_by_hand(name: str, expected: int):
    assert encloses(samples(TABLE_1[name], SIZE, F(1, 10), F(2)), mpf(expected))


def test_exponentials_of_table_1_and_their_form_by_mass():
    plain, by_mass = (
        {
            name: samples(TABLE_1[name], SIZE, F(1, 10), F(2), by_mass=by_mass)
            for name in ("offline-kl", "online-kl")
        }
        for by_mass in (False, True)
    )
    offline, online = mpf(100 * 100 * 2 * 4**4 * 25 * 6), mpf(100 * 100 * 7 * 4**5 * 5 * 6)
    assert encloses(plain["offline-kl"], offline * mp.e**4)
    assert encloses(plain["online-kl"], online * mp.e**32)
    assert encloses(by_mass["offline-kl"], offline * 7)
    assert encloses(by_mass["online-kl"], online * 7**8)


@settings(max_examples=30)
@given(size=sizes, rate=st.sampled_from(["literal_19", "per_N", "sqrt_S"]))
def test_the_bonus_says_something_from_the_visits_found_on(size: Size, rate: Rate):
    def bonus(N: int) -> Magnitude:
        return tv_bonus(size, K, CountedRow(N), rate=rate)

    visits = visits_for(bonus, size.H)
    assert visits is not None
    N = round(10**visits.log10)
    assert bonus(N).log10 <= log10(size.H) + 1e-12
    assert N == 1 or bonus(N - max(2, N // 500)).log10 >= log10(size.H) - 1e-12


def test_no_number_of_visits_lowers_the_bonus_of_one_episode_to_one_step():
    assert visits_for(lambda N: tv_bonus(SHORT, F(1), CountedRow(N)), 1) is None


@pytest.mark.parametrize(
    ("log", "at_least", "about", "at_most"),
    [
        (F(0), "1.00", "1.00", "1.00"),
        (F(301029995, 10**9), "1.99", "2.00", "2.00"),  # just below log10 2
        (F(1000) + F(1, 10**9), "1.00e1000", "1.00e1000", "1.01e1000"),
        (F(-3), "0.00100", "0.00100", "0.00100"),
        (F(6), "1.00e6", "1.00e6", "1.00e6"),
    ],
)
def test_decimals_are_rounded_outward(log: F, at_least: str, about: str, at_most: str):
    x = Magnitude(log, log)
    assert (x.at_least(), x.about(), x.at_most()) == (at_least, about, at_most)


def point(size: Size, **changes: F | int) -> Point:
    given: dict[str, F | int] = {
        "K": K,
        "eps": F(1, 10),
        "coverage": F(1),
        "visits": 100,
        "variance": F(0),
        "width": F(0),
    }
    return Point(size, **given | changes)  # type: ignore[arg-type]


def test_the_largest_sizes_overflow_nowhere():
    large = Size(10**6, (10,) * 20, 10_000, F(1, 10**6), F(1, 10**9), F(1, 10**9))
    lines = sheet(point(large, K=F(10) ** 300))
    assert all(line.numbers and not line.undefined for line in (*lines.regret, *lines.bonus, *lines.samples))
    exponent = next(line for line in lines.samples if line.name == "online-kl").numbers["samples"]
    assert exponent is not None
    assert exponent.log10 > 2 * 10**8 * log10(2.718)


def test_what_a_size_leaves_undefined_says_why_in_its_line_only():
    lines = sheet(point(Size(2, (2,), 1, F(0))))
    why = {
        line.name: line.undefined for line in (*lines.regret, *lines.bonus, *lines.samples) if line.undefined
    }
    assert {name for name, text in why.items() if "radius=0" in text} == {
        *("theorem-2", "theorem-2-by-mass", "bonus-kl", "offline-kl", "online-kl")
    }
    assert {name for name, text in why.items() if "H=1" in text} == {"offline-tv-coverage"}
    wide = sheet(point(Size(2, (2,), 2, F(3))))
    undefined = [line.name for line in wide.regret if "total variation" in line.undefined]
    assert undefined == ["theorem-1", "theorem-1-printed", "theorem-1-repaired"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"K": F(1, 2)}, "K=1/2"),
        ({"visits": -1}, "visits=-1"),
        ({"variance": F(10)}, "variance=10"),
        ({"width": F(-1)}, "width=-1"),
        ({"eps": F(0)}, "eps=0"),
        ({"coverage": F(-1)}, "coverage=-1"),
    ],
)
def test_a_number_out_of_range_is_refused(changes: dict[str, F | int], said: str):
    with pytest.raises(InputError, match=said):
        sheet(point(SIZE, **changes))
