"""What every view on the terminal is made of: facts in two columns, tables without a frame, whole lines."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from drmg_check.vocabulary import visible
from drmg_reports.formats.terminal._prose import Prose


def print_facts(console: Console, facts: Mapping[str, str]) -> None:
    """Print names and values in two columns; a value is broken between words at the terminal's width.

    >>> print_facts(Console(width=80), {"game": "initial-shock", "policy": "uniform"})
    game    initial-shock
    policy  uniform
    """
    width = max(map(len, facts))
    for name, value in facts.items():
        room = max(console.width - width - 2, 20)
        lines = wrap(visible(value), room, break_long_words=False, break_on_hyphens=False)
        text = f"\n{' ' * (width + 2)}".join(lines)
        console.print(Text.assemble((f"{visible(name):<{width}}", "bold"), f"  {text}"), soft_wrap=True)


def print_part(console: Console, part: RenderableType) -> None:
    """Print a part of a view: a Text is a line that may be pasted and stays whole, Prose breaks itself."""
    console.print(part, soft_wrap=isinstance(part, Text | Prose))


def plain_table() -> Table:
    """Return an empty table without a frame, its header quiet."""
    return Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
