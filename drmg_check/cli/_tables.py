"""Tables and curves that commands leave in a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drmg_check.cli._folder import naming, write_file

if TYPE_CHECKING:
    from drmg_check.events import Panel, Study


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write records with the same keys; floats so that they read back the same."""
    rows = list(rows)
    with naming(path), path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_curves(path: Path, panels: Sequence[Panel], title: str) -> None:
    """Write the panels as an SVG file."""
    from drmg_reports import render_curves

    write_file(path, render_curves(panels, title))


def write_study(path: Path, study: Study) -> None:
    """Write a study as JSON and as a page, ``path`` with ``.json`` and ``.html`` added."""
    from drmg_check.events import encode_study
    from drmg_reports import render_study

    write_file(path.with_name(f"{path.name}.json"), encode_study(study).decode())
    write_file(path.with_name(f"{path.name}.html"), render_study(study))
