"""What tables of values prove, on the terminal: the gaps, and each agent's values and gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from drmg_check.documents import ProvedAgent
from drmg_check.vocabulary import visible
from drmg_reports.formats.terminal._layout import plain_table, print_facts
from drmg_reports.words import bounds_text


def print_proved_agents(
    console: Console,
    facts: Mapping[str, str],
    names: Sequence[str],
    agents: Sequence[ProvedAgent],
    *,
    product: bool,
) -> None:
    """Print what is proved of each agent; ``product`` says that agents draw independently.

    >>> from fractions import Fraction
    >>> half, one = (Fraction(1, 2),) * 2, (Fraction(1),) * 2
    >>> agents = [ProvedAgent(0, half, one, half, half)]
    >>> facts = {"game": "loop, H = 2"}
    >>> print_proved_agents(Console(width=80), facts, ["agent 0"], agents, product=True)  # doctest: +ELLIPSIS
    game    loop, H = 2
    NE gap  1/2, the CCE and CE gap of independent agents too
    ...
    """
    largest = (max(each) for each in zip(*(agent.gain for agent in agents), strict=True))
    largest_ce = (max(each) for each in zip(*(agent.ce_gain for agent in agents), strict=True))
    gap, ce_gap = (
        bounds_text((next(largest), next(largest))),
        bounds_text((next(largest_ce), next(largest_ce))),
    )
    independent = {"NE gap": f"{gap}, the CCE and CE gap of independent agents too"}
    print_facts(console, {**facts, **(independent if product else {"CCE gap": gap, "CE gap": ce_gap})})
    console.print()
    table = plain_table()
    for column in ("", "robust value", "best response", *(("gain",) if product else ("CCE gain", "CE gain"))):
        table.add_column(column)
    for name, agent in zip(names, agents, strict=True):
        bounds = (agent.value, agent.response, agent.gain, *(() if product else (agent.ce_gain,)))
        cells = (Text(bounds_text(each, 5 if product else 4)) for each in bounds)
        table.add_row(Text(visible(name), style="bold"), *cells)
    console.print(table)
