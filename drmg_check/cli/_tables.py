"""Tables and curves that commands leave in a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drmg_check.events import Panel


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write records with the same keys; floats so that they read back the same."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_curves(path: Path, panels: Sequence[Panel], title: str) -> None:
    """Write the panels as an SVG file."""
    from drmg_reports import render_curves

    path.write_text(render_curves(panels, title), encoding="utf-8")
