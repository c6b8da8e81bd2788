"""``drmg-check experiment``: run a named experiment and judge its criteria."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import experiments
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import EPISODES, SEEDS, json_option, quiet_option
from drmg_check.cli._tables import write_csv, write_curves, write_document

if TYPE_CHECKING:
    from drmg_check.documents import Study
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
    from drmg_check.documents import encode_document
    from drmg_properties.experiments import named_experiments, run_experiment
    from drmg_reports import Shown, print_study

    if name == "list":
        _list(as_json=as_json)
        return 0
    if name not in named_experiments():
        run_experiment(name)  # says what could be meant
    chosen = named_experiments()[name]
    out.mkdir(parents=True, exist_ok=True)  # what takes minutes is not to fail at the end
    outcome = _run(name, episodes or 0, seeds or 0)
    small = (episodes or chosen.episodes) < chosen.episodes or (seeds or chosen.seeds) < chosen.seeds
    study = _study(chosen, outcome, small=small)
    if as_json:
        click.echo(encode_document(study), nl=False)
    else:
        print_study(console(), study, Shown(quiet=quiet))
    write_csv(out / f"{name}.csv", outcome.records)
    write_curves(out / f"{name}.svg", outcome.panels, f"{name}: {chosen.question}")
    write_document(out / f"{name}.html", study)
    if not as_json:
        console().print(f"{out}: {name}.html, .json, .csv, .svg", soft_wrap=True)
    return 0 if outcome.met else 1


def _list(*, as_json: bool) -> None:
    import msgspec

    from drmg_properties.experiments import named_experiments

    known = {each.name: each.question for each in named_experiments().values()}
    if as_json:
        listed = [{"name": name, "question": question} for name, question in known.items()]
        click.echo(msgspec.json.format(msgspec.json.encode(listed), indent=1))
    else:
        print_facts(console(), known)


def _study(experiment: Experiment, outcome: ExperimentOutcome, *, small: bool) -> Study:
    from drmg_check.documents import Study
    from drmg_check.version import __version__

    return Study(
        tool_version=__version__,
        subject="experiment",
        name=experiment.name,
        question=experiment.question,
        setting=outcome.setting,
        tables=outcome.tables,
        criteria=outcome.criteria,
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
