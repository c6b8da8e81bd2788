"""Every place of the paper has a row, every claim of the ledger stands in one, and the page is current."""

import re
import runpy
from pathlib import Path

import pytest

from drmg_check.vocabulary import InputError
from drmg_properties.claims.coverage import Place, equations
from drmg_properties.claims.mornavi import LEDGER

ROOT = Path(__file__).parents[3]
SCRIPT = runpy.run_path(str(ROOT / "docs/write_coverage.py"), run_name="write_coverage")
PLACES = SCRIPT["read_places"](SCRIPT["PLACES"])
NAMED = (
    *(f"Lemma {k}" for k in range(1, 28)),
    *(f"Theorem {k} ({which} bound)" for k in (1, 2) for which in ("lower", "upper")),
    *("Theorem 3", "Theorem 4", "Corollary 1", "Corollary 2", "Proposition 1", "Assumption 1"),
    *("Definition 1", "Definition 2", "Example 1", "Example 2", "Remark 1", "Remark 2", "Algorithm 1"),
)
LAST_EQUATION, ROWS_OF_TABLE_1 = 178, 10


def test_the_page_is_what_the_script_writes() -> None:
    assert (ROOT / "docs/coverage.md").read_text(encoding="utf-8") == SCRIPT["page"](), (
        "run `python docs/write_coverage.py`"
    )


def test_no_numbered_equation_is_without_a_row() -> None:
    covered = {number for place in PLACES if "Eq" in place.where for number in equations(place.where)}
    assert covered == set(range(1, LAST_EQUATION + 1))


@pytest.mark.parametrize("name", NAMED)
def test_no_lemma_theorem_or_other_named_place_is_without_a_row(name: str) -> None:
    assert any(re.fullmatch(re.escape(name) + r"(,.*)?", place.where) for place in PLACES)


def test_no_row_of_table_1_is_without_a_row() -> None:
    rows = [place for place in PLACES if place.where.startswith("Table 1") and "caption" not in place.where]
    assert len(rows) == ROWS_OF_TABLE_1


def test_every_claim_named_is_a_claim_and_every_claim_is_named() -> None:
    named = {name for place in PLACES for name in place.claims}
    assert named == {claim.id for claim in LEDGER.claims}


def test_each_step_of_the_repaired_theorem_is_a_claim_that_holds_and_has_the_neighbour_named() -> None:
    """A row of the table names claims, and a neighbour of one of them."""
    page = (ROOT / "docs/theorem-1.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| .* \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert len(rows) == 18
    known = {claim.id: claim for claim in LEDGER.claims}
    for claims, neighbour in rows:
        steps = [known[name] for name in re.findall(r"`([^`]+)`", claims)]
        assert all(step.expected.is_true for step in steps)
        names = {each.name for step in steps for each in step.neighbours}
        assert neighbour in names


def test_a_place_without_a_reason_or_claims_is_refused() -> None:
    with pytest.raises(InputError, match="expected one iff"):
        Place("Eq. (1)", "It says.", ("A1",), "weaker")
    with pytest.raises(InputError, match="no claims"):
        Place("Eq. (1)", "It says.", ())
