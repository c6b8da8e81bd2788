"""Values look as a reader expects them, and strings show all that they hold."""

import pytest

from drmg_check.vocabulary import brief, visible
from drmg_reports.formats.html._markup import sort_key, typeset
from drmg_reports.words import (
    as_sentence,
    duration,
    moment,
    one_line,
    short_number,
    slack_interval,
    symbols,
    three_digits,
)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("0", "0"),
        ("-1/4", "−1/4"),
        ("0.125", "1/8"),
        ("1/7340032", "1/7340032"),
        ("123456789/987654321", "≈ 0.125"),
        ("-1e-40", "≈ −1·10⁻⁴⁰"),
        ("1e-300", "≈ 1·10⁻³⁰⁰"),
        ("no number", "no number"),
    ],
)
def test_a_number_is_shown_exactly_or_says_that_it_is_rounded(exact: str, shown: str):
    assert short_number(exact) == shown


def test_a_slack_is_one_number_or_an_interval():
    assert slack_interval("", "") == "–"
    assert slack_interval("1/2", "1/2") == "1/2"
    assert slack_interval("1/4", "1/3") == "[1/4, 1/3]"
    assert slack_interval("0.3333333333333", "0.3333333333334") == "≈ 0.333"


def test_sorting_follows_the_numbers_even_beyond_floats():
    keys = [float(sort_key(text)) for text in ("-1e308", "-1/4", "0", "1e-300", "1/4", f"1{'0' * 400}", "")]
    assert keys == sorted(keys)
    assert sort_key("") == "Infinity", (
        "as JavaScript spells it: what is no number there compares as equal to all"
    )


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "–"),
        (0.0123, "12 ms"),
        (0.9999, "1.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 00 s"),
        (125, "2 min 05 s"),
        (7260, "2 h 01 min"),
    ],
)
def test_a_duration_has_two_digits_that_matter(seconds: float, shown: str):
    assert duration(seconds) == shown


def test_a_rounded_number_has_three_digits():
    assert [three_digits(x) for x in (0.5, -0.25, 4.08e-5, 1234567.0)] == [
        "0.5",
        "−0.25",
        "4.08·10⁻⁵",
        "1.23·10⁶",
    ]


def test_a_time_is_read_only_if_it_is_one():
    assert moment("2026-11-20T09:30:00Z") == "2026-11-20 09:30 UTC"
    assert moment("<now>") == "<now>"


def test_fractions_are_set_as_fractions_and_nothing_else():
    assert typeset("1/2 + x") == '<span class="fraction"><sup>1</sup>/<sub>2</sub></span> + x'
    for text in ("a1/2", "1/2b", "1/2/3", "2026/11/20", "1/2.5", "0.1/2"):
        assert "fraction" not in typeset(text)
    assert typeset("<1/2>").startswith("&lt;<span")


def test_mathematics_is_written_with_its_symbols():
    assert symbols("sup over lambda >= 0 of -lambda rho + eta <= 1") == "sup over λ ≥ 0 of −λ ρ + η ≤ 1"
    assert (
        symbols("slack = -|0 - 1/2| = -1/2, V_h(s) - sigma(V)") == "slack = −|0 − 1/2| = −1/2, V_h(s) − σ(V)"
    )
    for text in ("eta-reduced", "drmg.pi", "epic", "eqs. (12)-(13)", "half-L1", "<==", "--profile", "x->y"):
        assert symbols(text) == text


def test_a_note_becomes_a_sentence():
    assert [as_sentence(text) for text in ("", "shrunk", "Done.")] == ["", "Shrunk.", "Done."]


def test_what_cannot_be_seen_is_named():
    assert visible("a\u202eb\x00c\ud800") == "a⟨U+202E⟩b⟨U+0000⟩c⟨U+D800⟩"
    assert visible("Zoë, ρ ≥ ½, שלום\n\tx") == "Zoë, ρ ≥ ½, שלום\n\tx"


def test_a_line_of_a_stranger_stays_one_line():
    """Else it could look like a line of ours, or like a second command to paste."""
    assert one_line("all is well\n0 failures\r\u2028") == "all is well⟨U+000A⟩0 failures⟨U+000D⟩⟨U+2028⟩"


def test_a_name_is_cut_only_when_it_is_too_long():
    assert (brief("abc", 3), brief("abcd", 3)) == ("abc", "a…d")
