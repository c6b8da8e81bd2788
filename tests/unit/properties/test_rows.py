"""Every statement of the paper that was audited by hand is in the ledger, with the verdict of that audit."""

from __future__ import annotations

import pytest

from drmg_check.vocabulary import Verdict
from drmg_properties.claims.mornavi import LEDGER

SECTIONS = {"A": 14, "B": 34, "C": 19, "D": 10, "E": 7, "F": 3, "G": 7}
"""Model, TV bound, KL bound, hardness with and without support shift, tools, corollary and prose."""
ROWS = {
    Verdict.REFUTED: (
        "A1 A2 A3 A4 A9 A10 A11 A12 A13 B2 B3 B4 B5 B6 B7 B8 B9 B11 B12 B16 B23 B24 B30 B32 B34 C1 C3 "
        "C4 C6 C10 C11 C13 C14 C17 D1 D2 D4 D6 D7 D8 D9 E1 E2 E4 E5 F2 G2 G3 G5"
    ),
    Verdict.HOLDS: (
        "A5 A6 A7 A8 B1 B10 B13 B14 B15 B17 B18 B19 B21 B22 B25 B26 B27 B28 B33 C2 C5 C8 C9 C12 C15 C19 D3 "
        "D5 D10 E3 E6 F1 F3 G1 G4"
    ),
    Verdict.PROVED: "C16",
    Verdict.UNPROVED: "B20 B29 C7 E7 G6",
    Verdict.VACUOUS: "B31 C18",
    Verdict.NOT_CHECKABLE: "A14 G7",
}
PAPER = {one.id: one for one in LEDGER.claims}


def test_no_row_is_missing_from_this_list() -> None:
    rows = [row for rows in ROWS.values() for row in rows.split()]
    assert sorted(rows) == sorted(f"{letter}{k + 1}" for letter, n in SECTIONS.items() for k in range(n))


@pytest.mark.parametrize(
    ("row", "verdict"), [(row, verdict) for verdict, rows in ROWS.items() for row in rows.split()]
)
def test_each_row_is_a_claim_with_the_verdict_of_the_audit(row: str, verdict: Verdict) -> None:
    found = PAPER[row].expected
    assert (Verdict.HOLDS if found is Verdict.ON_A_LIST else found) is verdict


def test_each_further_claim_belongs_to_a_row_or_says_that_it_goes_beyond_them() -> None:
    rows = {row for rows in ROWS.values() for row in rows.split()}
    for one in PAPER.values():
        row = one.id.partition(".")[0]
        if row not in rows:
            assert "beyond the table of claims" in PAPER[row].formalisation, one.id


def test_a_refuted_statement_says_what_is_true_instead() -> None:
    without = {one.id for one in PAPER.values() if one.expected is Verdict.REFUTED and one.corrected is None}
    assert not without
