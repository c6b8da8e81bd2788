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
    """Print names and values in two columns."""
    from textwrap import wrap

    from rich.text import Text

    from drmg_check.vocabulary import visible

    width = max(map(len, facts))
    for name, value in facts.items():
        room = max(out.width - width - 2, 20)
        lines = wrap(visible(value), room, break_long_words=False, break_on_hyphens=False)
        text = f"\n{' ' * (width + 2)}".join(lines)
        out.print(Text.assemble((f"{visible(name):<{width}}", "bold"), f"  {text}"), soft_wrap=True)
