"""Every uncertainty set has a page, and the page says what its docstring and the oracle say."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from drmg_check.sets import UNCERTAINTY_SETS

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """Return the names of docs/draw_sets.py, run without writing anything."""
    return runpy.run_path(str(DOCS / "draw_sets.py"), run_name="draw_sets")


@pytest.mark.parametrize("kind", sorted(UNCERTAINTY_SETS))
def test_the_page_is_current(script: dict[str, Any], kind: str):
    """If not, run ``python docs/draw_sets.py``."""
    page = next(page for page in script["PAGES"] if page.uncertainty.kind == kind)
    assert (DOCS / "sets" / f"{kind}.md").read_text(encoding="utf-8") == script["text"](page)
    assert (DOCS / "sets" / f"{kind}.svg").stat().st_size > 0
