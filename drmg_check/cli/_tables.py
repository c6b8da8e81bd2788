"""Tables and curves that commands leave in a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from drmg_check.cli._folder import write_file

if TYPE_CHECKING:
    from drmg_check.documents import Document, Panel


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write records with the same keys; floats so that they read back the same."""
    rows = list(rows)
    table = StringIO(newline="")
    writer = csv.DictWriter(table, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_file(path, table.getvalue())


def write_curves(path: Path, panels: Sequence[Panel], title: str) -> None:
    """Write the panels as an SVG file."""
    from drmg_reports import render_curves

    write_file(path, render_curves(panels, title))


def write_document(path: Path, document: Document) -> None:
    """Write the page of a document to ``path``, and the document beside it with the suffix ``.json``."""
    from drmg_check.documents import encode_document
    from drmg_reports import render_document

    write_file(path.with_suffix(".json"), encode_document(document).decode())
    write_file(path, render_document(document))
