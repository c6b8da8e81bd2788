"""On a terminal: what agents can gain once the kernel is known, beside what they gain in robust values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from drmg_check.vocabulary import Ends, visible
from drmg_reports.formats.terminal._layout import plain_table, print_facts
from drmg_reports.words import bounds_text


def print_ex_post(
    console: Console, facts: Mapping[str, str], names: Sequence[str], gains: Sequence[tuple[Ends, Ends]]
) -> None:
    """Print the ex-post and the agent-wise gain of each agent, and what both gaps say.

    >>> from fractions import Fraction
    >>> tenth, nothing = (Fraction(1, 10),) * 2, (Fraction(0),) * 2
    >>> print_ex_post(Console(width=80), {"game": "goal"}, ["one"], [(tenth, nothing)])  # doctest: +ELLIPSIS
    game         goal
    ex-post gap  1/10, which some deviation gains once the kernel is known
    ...
    """
    low, high = (max(ends[k] for ends, _ in gains) for k in (0, 1))
    robust = tuple(max(ends[k] for _, ends in gains) for k in (0, 1))
    verdict = "whether a deviation gains once the kernel is known is not decided"
    if low > 0:
        verdict = "which some deviation gains once the kernel is known"
    elif high <= 0:
        verdict = "no deviation gains, whatever the kernel"
    gaps = {
        "ex-post gap": f"{bounds_text((low, high))}, {verdict}",
        "agent-wise": f"{bounds_text((robust[0], robust[1]))}, the gap in robust values, at most that",
    }
    print_facts(console, {**facts, **gaps})
    console.print()
    table = plain_table()
    for column in ("", "ex-post gain", "agent-wise gain"):
        table.add_column(column)
    for name, (ex_post, agent_wise) in zip(names, gains, strict=True):
        cells = (Text(bounds_text(ends)) for ends in (ex_post, agent_wise))
        table.add_row(Text(visible(name), style="bold"), *cells)
    console.print(table)
