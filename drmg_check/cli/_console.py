"""The console that commands print on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is: no markup, no guessed highlights."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def print_facts(out: Console, facts: Mapping[str, str]) -> None:
    """Print names and values in two columns, as reports do; they are imported when they are needed."""
    from drmg_reports import print_facts as print_in_columns

    print_in_columns(out, facts)
