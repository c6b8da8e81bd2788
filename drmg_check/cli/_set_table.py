"""``drmg-check doctor --sets``: the table set x operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.sets import Entry

ROOMS = (
    "drmg_check.kernels",
    "drmg_check.enclosures",
    "drmg_oracles",
    "drmg_properties.laws",
    "drmg_properties.strategies",
    "drmg_check.referee.diagnosis",
)
"""Importing them declares their operations; a test holds this list to be complete."""
YES, NO, MISSING = "yes", "-", "MISSING"
GAP = 2


def print_sets(as_json: bool) -> int:
    """Print what each set has; return 1 if something is missing without a reason."""
    from drmg_check.sets import set_table

    for room in ROOMS:
        import_module(room)
    table = set_table()
    if as_json:
        _print_json(table)
    else:
        _print_table(table)
    return 1 if any(entry.missing for entry in table) else 0


def _print_json(table: Sequence[Entry]) -> None:
    import json
    from dataclasses import asdict

    from drmg_check.sets import operations

    about = [{"name": each.name, "room": each.room, "about": each.about} for each in operations().values()]
    click.echo(json.dumps({"operations": about, "sets": [asdict(entry) for entry in table]}, indent=1))


def _print_table(table: Sequence[Entry]) -> None:
    from textwrap import wrap

    from rich.table import Table

    out = console()
    names = list(dict.fromkeys(entry.operation for entry in table))
    columns: dict[str, dict[str, str]] = {}
    for entry in table:
        columns.setdefault(entry.kind, {})[entry.operation] = _cell(entry)
    for kinds in _side_by_side(columns, out.width - max(map(len, names)) - GAP):
        shown = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
        for heading in ("", *kinds):
            shown.add_column(heading, no_wrap=True)
        for name in names:
            row = [columns[kind][name] for kind in kinds]
            shown.add_row(name, *row, style="bold red" if MISSING in row else None)
        out.print(shown)
        out.print()
    for line in (
        "fictitious-tv belongs to a game: each of its averaged rows is one of tv.",
        *_reasons(table),
    ):
        out.print("\n".join(wrap(line, out.width, subsequent_indent="  ", break_on_hyphens=False)))


def _cell(entry: Entry) -> str:
    if entry.has:
        return f"as {entry.via}" if entry.via else YES
    return MISSING if entry.missing else NO


def _side_by_side(columns: Mapping[str, Mapping[str, str]], room: int) -> Iterator[list[str]]:
    """Yield as many columns as fit beside each other."""
    kinds: list[str] = []
    left = room
    for kind, cells in columns.items():
        width = max(map(len, (kind, *cells.values()))) + GAP
        if kinds and width > left:
            yield kinds
            kinds, left = [], room
        kinds.append(kind)
        left -= width
    yield kinds


def _reasons(table: Sequence[Entry]) -> Iterator[str]:
    """Say once why an operation is not there for the sets that give the same reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for entry in table:
        if not entry.has:
            reasons.setdefault((entry.operation, entry.reason), []).append(entry.kind)
    for (name, reason), kinds in reasons.items():
        yield f"no {name} for {', '.join(kinds)}: {reason or 'missing, and nobody says why'}"
