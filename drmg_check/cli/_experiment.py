"""``drmg-check experiment``: run a named experiment and judge its criteria."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent, wrap
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import experiments
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._tables import write_csv, write_curves, write_page

if TYPE_CHECKING:
    from rich.console import Console

    from drmg_check.events import Study
    from drmg_check.experiments import Experiment, Outcome


@click.command(epilog="Exit codes: 0 every criterion is met, 1 one is not, 2 usage or input.")
@click.argument("name", default="list", metavar="[NAME]", shell_complete=experiments)
@click.option("--episodes", type=click.IntRange(1), help="K, if not that for which the criteria are meant.")
@click.option("--seeds", type=click.IntRange(1), help="Runs, or random games.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("drmg-experiments"),
    show_default=True,
    help="Folder for NAME.html, .json, .csv and .svg.",
)
def experiment(name: str, episodes: int | None, seeds: int | None, out: Path) -> int:
    """Run an experiment on what the paper claims of learning.

    NAME is one of those that `drmg-check experiment list` shows. Each states its criteria, computes
    whether they are met, and takes at most three minutes at its own size.
    """
    from drmg_check.experiments import named_experiments, run_experiment

    terminal = console()
    if name == "list":
        print_facts(terminal, {one.name: one.question for one in named_experiments().values()})
        return 0
    outcome = _run(name, episodes or 0, seeds or 0) if name in named_experiments() else run_experiment(name)
    one = named_experiments()[name]
    _print(terminal, one, outcome)
    small = (episodes or one.episodes) < one.episodes or (seeds or one.seeds) < one.seeds
    if small:
        terminal.print("\nSmaller than the size for which the criteria are meant.", style="bold")
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / f"{name}.csv", outcome.records)
    write_curves(out / f"{name}.svg", outcome.panels, f"{name}: {one.question}")
    write_page(out / f"{name}.html", _study(one, outcome, small=small))
    terminal.print(f"\n{out}: {name}.html, .json, .csv, .svg", soft_wrap=True)
    return 0 if outcome.met else 1


def _study(one: Experiment, outcome: Outcome, *, small: bool) -> Study:
    from drmg_check import __version__
    from drmg_check.events import Finding, Study

    return Study(
        tool_version=__version__,
        title=one.name,
        question=one.question,
        facts=(("Setting", outcome.setting),),
        header=outcome.header,
        table=outcome.table,
        findings=tuple(Finding(c.statement, c.measured, c.met) for c in outcome.criteria),
        panels=outcome.panels,
        small=small,
    )


def _run(name: str, episodes: int, seeds: int) -> Outcome:
    from rich.progress import Progress

    from drmg_check.experiments import run_experiment

    terminal = console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        task = bars.add_task(name, total=1.0)
        return run_experiment(
            name, episodes=episodes, seeds=seeds, progress=lambda share: bars.update(task, completed=share)
        )


def _print(terminal: Console, one: Experiment, outcome: Outcome) -> None:
    from rich.text import Text

    terminal.print(f"{one.name}: {one.question}", style="bold", soft_wrap=True)
    terminal.print("\n".join(wrap(outcome.setting, terminal.width)), style="dim", soft_wrap=True)
    rows = (outcome.header, *outcome.table)
    widths = [max(len(row[k]) for row in rows if k < len(row)) for k in range(len(outcome.header))]
    terminal.print()
    for k, row in enumerate(rows):
        cells = [f"{cell:<{widths[j]}}" if j == 0 else f"{cell:>{widths[j]}}" for j, cell in enumerate(row)]
        terminal.print("  ".join(cells).rstrip(), style="dim" if k == 0 else "", soft_wrap=True)
    terminal.print()
    for criterion in outcome.criteria:
        mark, style = ("met", "bold green") if criterion.met else ("NOT MET", "bold red")
        lines = wrap(f"{criterion.statement}: {criterion.measured}", terminal.width - 9)
        text = indent("\n".join(lines), " " * 9)[9:]
        terminal.print(Text.assemble((f"{mark:<9}", style), text), soft_wrap=True)
