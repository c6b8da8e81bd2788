"""``drmg-check learn``: run a learner on a game and account for its regret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drmg_check.cli._completion import games
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._folder import leaving_at_a_good_moment, naming, only_run_in
from drmg_check.cli._options import EPISODES, JOBS, SEED, SEEDS, json_option, quiet_option
from drmg_check.cli._recorded import say_how_to_go_on
from drmg_check.cli._tables import write_csv, write_curves, write_document

if TYPE_CHECKING:
    from rich.console import Console

    from drmg_check.documents import Study
    from drmg_check.learners import Algorithm, Learning, Settings
    from drmg_check.models import FiniteHorizon
    from drmg_check.planner import Clip, OperatorName, Preset, Rate


@click.command(epilog="Exit codes: 0 done, 2 usage or input.")
@click.argument("address", metavar="GAME", shell_complete=games)
@click.option(
    "--algorithm",
    type=click.Choice(["mornavi", "nash-vi", "commit", "uniform"]),
    default="mornavi",
    show_default=True,
    help="f-MORNAVI; Nash-VI without robustness; uniform play for K^(2/3) episodes, then one plan; uniform.",
)
@click.option(
    "--equilibrium",
    type=click.Choice(["nash", "cce", "ce"]),
    default="nash",
    show_default=True,
    help="Of the stage games, and of the gap.",
)
@click.option("--episodes", type=EPISODES, default=10_000, show_default=True, help="K.")
@click.option("--seeds", type=SEEDS, default=4, show_default=True, help="How many runs.")
@click.option("--seed", "first", type=SEED, default=0, show_default=True, help="The first seed.")
@click.option(
    "--preset",
    type=click.Choice(["theory", "practical"]),
    default="practical",
    show_default=True,
    help="Constants of the bonuses: the paper's, vacuous at such K; or small ones, without proof.",
)
@click.option("--rate", type=click.Choice(["literal_19", "per_N", "sqrt_S"]), help="Of the Bernstein bonus.")
@click.option(
    "--operator",
    type=click.Choice(["full", "drop"]),
    default="full",
    show_default=True,
    help="The worst case; or, for total variation, without rho min V.",
)
@click.option(
    "--clip",
    type=click.Choice(["H", "span"]),
    default="H",
    show_default=True,
    help="Of Qbar: H; or H - h + 1, and 1 / rho with --operator drop.",
)
@click.option(
    "--replan-every",
    type=EPISODES,
    default=1,
    show_default=True,
    metavar="EPISODES",
    help="From one plan to the next.",
)
@click.option("--jobs", type=JOBS, default=1, show_default=True, help="Seeds at the same time.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("drmg-learn"),
    show_default=True,
    help="Folder for learn.html, curves, the last policies and checkpoints.",
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoints in --out.")
@quiet_option
@json_option("what was found as JSON")
def learn(
    address: str,
    algorithm: Algorithm,
    equilibrium: Any,  # noqa: ANN401 - one of the three
    episodes: int,
    seeds: int,
    first: int,
    preset: Preset,
    rate: Rate | None,
    operator: OperatorName,
    clip: Clip,
    replan_every: int,
    jobs: int,
    out: Path,
    resume: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run a learner on a game and account for its regret.

    GAME is a file or zoo:NAME. Each episode adds the exact gap of the policy played, by robust dynamic
    programming on the game itself. A run that is stopped goes on with --resume as if it was not.
    """
    from dataclasses import replace

    from drmg_check.documents import encode_document
    from drmg_check.learners import Settings, learning_setting, learning_study
    from drmg_check.models import JointPolicy
    from drmg_check.planner import practical, theory
    from drmg_check.readers import write_policy
    from drmg_check.zoo import resolve_game
    from drmg_reports.words import setting_facts

    game = resolve_game(address)
    optimism = (theory if preset == "theory" else practical)(game, episodes, operator=operator)
    optimism = replace(optimism, clip=clip, rate=rate or optimism.rate)
    settings = Settings(
        algorithm=algorithm,
        concept=equilibrium,
        episodes=episodes,
        optimism=optimism,
        replan_every=replan_every,
    )
    terminal = console()
    setting = learning_setting(game, settings, preset, range(first, first + seeds))
    if not (quiet or as_json):
        print_facts(terminal, setting_facts(setting))
    with only_run_in(out), naming(out):
        try:
            run = _run(game, settings, range(first, first + seeds), out, resume=resume, jobs=jobs)
            study = learning_study(run, game.name, setting)
            if as_json:
                click.echo(encode_document(study), nl=False)
            else:
                _print_summary(terminal, study, quiet=quiet)
            _write(run, study, out)
            for seed, pi in zip(run.seeds, run.pi, strict=True):
                write_policy(JointPolicy(pi, game.actions), out / f"policy-{seed}.json")
        except KeyboardInterrupt:
            say_how_to_go_on(f"checkpoints are in {out}")
            raise
    if not as_json:
        terminal.print(f"{out}: learn.html, its data, curves, policy-SEED.json, checkpoints", soft_wrap=True)
    return 0


def _run(
    game: FiniteHorizon, settings: Settings, seeds: range, out: Path, *, resume: bool, jobs: int
) -> Learning:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from drmg_check.learners import Recording
    from drmg_check.learners import learn as run_learner

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeRemainingColumn(),
    )
    terminal = console(stderr=True)
    with (
        leaving_at_a_good_moment() as leave,
        Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bars,
    ):
        tasks = {seed: bars.add_task(f"seed {seed}", total=settings.episodes) for seed in seeds}

        def progress(seed: int, k: int) -> None:
            bars.update(tasks[seed], completed=k)
            leave()

        return run_learner(
            game,
            settings,
            seeds,
            recording=Recording(out, resume),
            threads=jobs,
            progress=progress,
        )


def _print_summary(terminal: Console, study: Study, *, quiet: bool) -> None:
    """Print what was learned, and an empty line; ``quiet`` leaves the bounds that were violated."""
    from drmg_reports import print_table
    from drmg_reports.words import finding_facts

    findings = study.findings
    if quiet:  # the finding of a bound is the share of the episodes that violate it
        findings = tuple(finding for finding in findings if finding.kind == "share" and finding.value)
    else:
        terminal.print()
        for table in study.tables:
            print_table(terminal, table)
        terminal.print()
    if findings:
        print_facts(terminal, finding_facts(findings))
        terminal.print()


def _write(run: Learning, study: Study, out: Path) -> None:
    from drmg_check.learners import curve_records

    write_csv(out / "curves.csv", curve_records(run))
    write_curves(out / "curves.svg", study.panels, f"{study.name}, {len(run.seeds)} seeds: mean and range")
    write_document(out / "learn.html", study)
