"""A certificate on the terminal: the gaps, each agent's values, the best deviations, the worst kernels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from drmg_check.documents import Certified
from drmg_check.vocabulary import visible
from drmg_reports.formats.terminal._layout import plain_table, print_facts
from drmg_reports.words import (
    SOLID,
    best_deviations,
    bounds_text,
    certificate_facts,
    gap_facts,
    worst_lines,
)


def print_certificate(console: Console, document: Certified) -> None:
    """Print a certificate.

    >>> from drmg_check.documents import example_certificate
    >>> print_certificate(Console(width=80), example_certificate())  # doctest: +ELLIPSIS
    game    initial-shock, from 'good', H = 4
    policy  uniform (independent agents)
    NE gap  11/128, the CCE and CE gap of independent agents too
    ...
    agent 0, agent 1: best deviation, place by place
      step 2, state bad: play 1 instead of mixing 0 (1/2), 1 (1/2), gains 7/16
    ...
        bad 0 -> 1/10
    """
    print_facts(console, certificate_facts(document) | gap_facts(document))
    console.print()
    _print_table(console, document)
    agents = list(enumerate(document.agents))
    deviations = {agent.name: best_deviations(document, i) for i, agent in agents}
    for kind in dict.fromkeys(kind for kinds in deviations.values() for kind in kinds):
        title = f"{kind.removeprefix('The ')}, place by place"
        _print_blocks(console, title, {name: kinds.get(kind, []) for name, kinds in deviations.items()})
    kernels = {agent.name: list(worst_lines(document, i)) for i, agent in agents}
    _print_blocks(console, "worst kernel along the path", kernels)


def _print_table(console: Console, document: Certified) -> None:
    gains = ("gain",) if document.product else ("CCE gain", "CE gain")
    table = plain_table()
    for name in ("", "robust value", "best response", *gains):
        table.add_column(name)
    digits = 5 if document.product else 4  # so that the columns fit into 80 characters
    for agent in document.agents:
        bounds = [
            agent.value,
            agent.best_response,
            agent.gain,
            *([] if document.product else [agent.ce_gain]),
        ]
        cells = ["not known" if each is None else bounds_text(each.pair, digits) for each in bounds]
        table.add_row(Text(visible(agent.name), style="bold"), *map(Text, cells))
    console.print(table)


def _print_blocks(console: Console, what: str, blocks: Mapping[str, Sequence[str]]) -> None:
    """Print the lines of each agent below its name, once for agents whose lines are the same."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, lines in blocks.items():
        names.setdefault(tuple(lines), []).append(name)
    for lines, same in names.items():
        if lines:
            console.print(f"\n{visible(', '.join(same))}: {what}", style="bold", soft_wrap=True)
        for line in lines:
            parts = wrap(visible(line), console.width - 2, initial_indent="  ", subsequent_indent="    ")
            console.print("\n".join(parts).replace(SOLID, " "), soft_wrap=True)
