"""Write ``docs/coverage.md`` from the places of the paper and the ledger.

Run ``python docs/write_coverage.py``; the same data give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from drmg_properties.claims import mornavi
from drmg_properties.claims.coverage import coverage_page, read_places

PAGE = Path(__file__).parent / "coverage.md"
PLACES = Path(mornavi.__file__).parent / "coverage.toml"


def page() -> str:
    """Return what the page says today."""
    return coverage_page(read_places(PLACES), mornavi.LEDGER)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
