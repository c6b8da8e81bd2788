"""``drmg-check experiment``: run a named experiment and judge its criteria."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent, wrap
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import experiments
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import EPISODES, SEEDS, json_option, quiet_option
from drmg_check.cli._tables import write_csv, write_curves, write_page

if TYPE_CHECKING:
    from rich.console import Console

    from drmg_check.documents import Finding, Study
    from drmg_properties.experiments import Experiment, ExperimentOutcome


@click.command(epilog="Exit codes: 0 every criterion is met, 1 one is not, 2 usage or input.")
@click.argument("name", default="list", metavar="[NAME]", shell_complete=experiments)
@click.option("--episodes", type=EPISODES, help="K, if not that for which the criteria are meant.")
@click.option("--seeds", type=SEEDS, help="Runs, or random games.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("drmg-experiments"),
    show_default=True,
    help="Folder for NAME.html, .json, .csv and .svg.",
)
@quiet_option
@json_option("the findings as JSON")
def experiment(
    name: str, episodes: int | None, seeds: int | None, out: Path, quiet: bool, as_json: bool
) -> int:
    """Run an experiment on what the paper claims of learning.

    NAME is one of those that `drmg-check experiment list` shows. Each states its criteria, computes
    whether they are met, and takes at most three minutes at its own size.
    """
    from drmg_check.documents import encode_page
    from drmg_properties.experiments import named_experiments, run_experiment

    if name == "list":
        _list(as_json=as_json)
        return 0
    if name not in named_experiments():
        run_experiment(name)  # says what could be meant
    one = named_experiments()[name]
    out.mkdir(parents=True, exist_ok=True)  # what takes minutes is not to fail at the end
    outcome = _run(name, episodes or 0, seeds or 0)
    small = (episodes or one.episodes) < one.episodes or (seeds or one.seeds) < one.seeds
    study = _study(one, outcome, small=small)
    if as_json:
        click.echo(encode_page(study), nl=False)
    else:
        _print(console(), study, quiet=quiet)
    write_csv(out / f"{name}.csv", outcome.records)
    write_curves(out / f"{name}.svg", outcome.panels, f"{name}: {one.question}")
    write_page(out / f"{name}.html", study)
    if not as_json:
        console().print(f"{out}: {name}.html, .json, .csv, .svg", soft_wrap=True)
    return 0 if outcome.met else 1


def _list(*, as_json: bool) -> None:
    import msgspec

    from drmg_properties.experiments import named_experiments

    known = {one.name: one.question for one in named_experiments().values()}
    if as_json:
        listed = [{"name": name, "question": question} for name, question in known.items()]
        click.echo(msgspec.json.format(msgspec.json.encode(listed), indent=1))
    else:
        print_facts(console(), known)


def _study(one: Experiment, outcome: ExperimentOutcome, *, small: bool) -> Study:
    from drmg_check.documents import Finding, Study
    from drmg_check.version import __version__

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


def _run(name: str, episodes: int, seeds: int) -> ExperimentOutcome:
    from rich.progress import Progress

    from drmg_properties.experiments import run_experiment

    terminal = console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        task = bars.add_task(name, total=1.0)
        return run_experiment(
            name, episodes=episodes, seeds=seeds, progress=lambda share: bars.update(task, completed=share)
        )


def _print(terminal: Console, study: Study, *, quiet: bool) -> None:
    """Print a study, and an empty line; ``quiet`` leaves the criteria that are not met."""
    if not quiet:
        terminal.print(f"{study.title}: {study.question}", style="bold", soft_wrap=True)
        for _, setting in study.facts:
            terminal.print("\n".join(wrap(setting, terminal.width)), style="dim", soft_wrap=True)
        terminal.print()
        _print_table(terminal, study)
        terminal.print()
    shown = [finding for finding in study.findings if not (quiet and finding.met)]
    for finding in shown:
        _print_finding(terminal, finding)
    if study.small and not quiet:
        terminal.print("\nSmaller than the size for which the criteria are meant.", style="bold")
    if shown:
        terminal.print()


def _print_table(terminal: Console, study: Study) -> None:
    rows = (study.header, *study.table)
    widths = [max(len(row[k]) for row in rows if k < len(row)) for k in range(len(study.header))]
    for k, row in enumerate(rows):
        cells = [f"{cell:<{widths[j]}}" if j == 0 else f"{cell:>{widths[j]}}" for j, cell in enumerate(row)]
        terminal.print("  ".join(cells).rstrip(), style="dim" if k == 0 else "", soft_wrap=True)


def _print_finding(terminal: Console, finding: Finding) -> None:
    from rich.text import Text

    mark, style = ("met", "bold green") if finding.met else ("NOT MET", "bold red")
    lines = wrap(f"{finding.statement}: {finding.measured}", terminal.width - 9)
    text = indent("\n".join(lines), " " * 9)[9:]
    terminal.print(Text.assemble((f"{mark:<9}", style), text), soft_wrap=True)
