"""The reference of ledgers is that of today, and complete."""

import runpy
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from drmg_check.vocabulary import Verdict
from drmg_properties import Claim, Derivation, Ledger, Neighbour, Reading, Severity, strategies
from drmg_properties.claim import Search

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "ledger-reference.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """Return what the page says of one name."""
    return PAGE.partition(f"### {name}\n")[2].partition("\n### ")[0]


def test_the_page_is_current():
    """If not, run ``python docs/write_ledger_reference.py``."""
    script = runpy.run_path(str(DOCS / "write_ledger_reference.py"), run_name="reference")
    assert script["text"]() == PAGE


@pytest.mark.parametrize("kind", [Claim, Neighbour, Ledger, Derivation], ids=lambda kind: kind.__name__)
def test_every_field_is_described(kind: type):
    said = section(kind.__name__).partition("**Parameters**")[2].partition("**")[0]
    items = [line for line in said.splitlines() if line.startswith("- ")]
    described = {name.strip() for item in items for name in item.split("`")[1].split(",")}
    assert described == {field.name for field in fields(kind) if field.init}
    assert all(": " in item for item in items), items


def test_every_value_of_a_closed_list_is_named():
    said = section("Claim")
    for word in (*get_args(Reading), *get_args(Severity)):
        assert f'"{word}"' in said
    for verdict in Verdict:
        assert f"`{verdict}`" in PAGE


def test_every_search_and_every_strategy_is_there():
    searches = [getattr(search, "__origin__", search).__name__ for search in get_args(Search)]
    for name in (*searches, *(name for name in vars(strategies) if name[0].islower() and name[0] != "_")):
        assert section(name), name
