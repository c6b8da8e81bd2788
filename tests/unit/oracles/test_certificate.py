"""Certificates as data: numbers that keep their value, objects that come back as they went."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.sets import KullbackLeibler, Row, TotalVariation, Wasserstein
from drmg_check.vocabulary import InputError
from drmg_oracles import Certificate, certificate_from_json, certificate_to_json, enclose
from drmg_oracles.checker import number
from drmg_oracles.rows._certificate import text

F = Fraction
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.one_of(FLOATS.map(F), st.fractions(), st.decimals(allow_nan=False, allow_infinity=False).map(F)))
def test_written_numbers_are_read_back_exactly(x: Fraction):
    """Ratio, decimal or hex float: whichever is written, the checker reads the same rational."""
    assert number(text(x)) == x


@given(FLOATS)
def test_a_float_is_never_longer_than_its_hex_form(x: float):
    """Files stay small: 1e-300 is no ratio of 700 digits."""
    assert len(text(F(x))) <= len(x.hex())


def test_the_shortest_form_is_written():
    """Small fractions as ratios, powers of ten as decimals, floats as hex floats."""
    assert text(F(3)) == "3"
    assert text(F(-1, 3)) == "-1/3"
    assert text(F(1, 10**40)) == "1e-40"
    assert text(F(0.1)) == "0x1.999999999999ap-4"


@pytest.mark.parametrize(
    "x", [F(10**4500), F(1, 3**9000), F(1, 2**40000)], ids=["integer", "ratio", "dyadic"]
)
def test_a_number_too_long_for_the_format_is_an_input_error(x: Fraction):
    """Not the interpreter's own limit of 4,300 digits."""
    with pytest.raises(InputError, match="4,000"):
        text(x)


@pytest.mark.parametrize(
    "row",
    [
        Row.of(TotalVariation("nominal"), [1, 0, 0.3], ["1/3", 0.1, -2], "1/7"),
        Row.of(KullbackLeibler(), [1e-300, 0.5], [1e12, -0.1], 0.1),
        Row.of(Wasserstein(((F(0), F(1, 3)), (F(1, 3), F(0))), 2), [1, 2], [5, 3], "1/9"),
    ],
    ids=lambda row: row.uncertainty.kind,
)
def test_an_enclosure_survives_json(row: Row):
    """Row, ends, distribution, dual point and plan come back equal."""
    enclosure = enclose(row)
    assert certificate_from_json(json.loads(json.dumps(certificate_to_json(enclosure)))) == enclosure


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"format": "drmg-game"},
        {"row": {}},
        {"lo": "5"},
        {"lo": 0.5},
        {"distribution": ["1"]},
        {"distribution": ["-1", "2"]},
        {"bound": {"kind": "hope"}},
        {"plan": [["a", 0, "1"]]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_certificate_is_an_input_error(change: dict[str, object]):
    """Reading does not check the proof, but refuses what has no meaning."""
    data = certificate_to_json(enclose(Row.of(TotalVariation(), [1, 1], [0, 1], "1/4")))
    with pytest.raises(InputError):
        certificate_from_json(data | change)


def test_a_certificate_without_mass_is_refused():
    """Weights mean their normalisation, so they may not all be zero; and a bound has a known kind."""
    with pytest.raises(InputError, match="sums to 0"):
        Certificate((F(0), F(0)), "minimum")
    with pytest.raises(InputError, match="expected one of"):
        Certificate((F(1),), "hope")
