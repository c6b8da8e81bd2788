"""``drmg-check certify``: proven values and gaps of a joint policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import games
from drmg_check.cli._console import console
from drmg_check.cli._folder import write_file
from drmg_check.cli._options import existing_file, new_file
from drmg_check.cli._tables import write_document
from drmg_check.words import CONCEPTS, Concept

if TYPE_CHECKING:
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import JointPolicy, Model
    from drmg_oracles.policies import GapCertificate

WORTH_SAYING = 5.0  # seconds from which an estimate is printed
HARDLY = 1e-3  # a correlation that rounding to three digits or more may have caused
EVERY = 60.0  # seconds between two lines of a plan that is piped
STDOUT = Path("-")


@click.command(epilog="Exit codes: 0 certified, whatever the gap; 2 usage or input.")
@click.argument("address", metavar="GAME", shell_complete=games)
@click.argument("file", metavar="[POLICY]", type=existing_file, required=False)
@click.option("--policy", "named", type=click.Choice(["uniform"]), help="This policy instead of a file.")
@click.option(
    "--concept", type=click.Choice(CONCEPTS), help="Without a policy, plan this equilibrium.  [default: cce]"
)
@click.option("--policy-out", type=new_file, metavar="FILE", help="Write the policy as JSON.")
@click.option("--kernel-out", type=new_file, metavar="FILE", help="Write the worst kernels as JSON.")
@click.option("--csv", type=new_file, metavar="FILE", help="Write the bounds as a table, a row an agent.")
@click.option("--html", type=new_file, metavar="FILE", help="Write a page, and its data as .json beside it.")
@click.option(
    "--json",
    "data",
    type=new_file,
    metavar="FILE",
    help="Write the certificate for report, diff and verify-certificate; - prints it, and nothing else.",
)
@click.option(
    "--tables",
    type=new_file,
    metavar="FILE",
    help="Prove in float64, at the speed of a sweep, and write the proved values at all places as .npz.",
)
@click.option("--exact", is_flag=True, help="Prove in fractions even where rows are compressed.")
def certify(
    address: str,
    file: Path | None,
    named: str | None,
    concept: Concept | None,
    policy_out: Path | None,
    kernel_out: Path | None,
    csv: Path | None,
    html: Path | None,
    data: Path | None,
    tables: Path | None,
    exact: bool,
) -> int:
    """Prove how good a joint policy is.

    Each agent's robust value, best-response value and NE / CCE / CE gap, as numbers or intervals that
    contain the truth, the best deviation, and the worst kernel along the path. GAME is a file or zoo:NAME,
    POLICY a file; without one, a robust equilibrium is planned first. A game with compressed rows is
    proved in float64, with bounds that are rounded outward; so is any with --tables.
    """
    from drmg_check.cli._certify_tables import certify_by_tables
    from drmg_check.documents import encode_document
    from drmg_check.models import StagedGame
    from drmg_check.readers import write_policy
    from drmg_check.zoo import resolve_model
    from drmg_oracles.policies import certificate_document, write_worst_kernels
    from drmg_reports import print_certificate, render_csv

    _check_targets(file, policy_out, kernel_out, csv, tables, html, data)
    game = resolve_model(address)
    with _saying_what_is_there() as written:
        policy, origin = _policy(game, file, named, concept)
        if policy_out is not None:
            write_policy(policy, policy_out)
            written.append(f"{policy_out}: the policy")
        if tables is not None or (not exact and isinstance(game, StagedGame)):
            if exact or kernel_out or html or data or csv:
                raise click.UsageError(
                    "Tables have no page, kernels, CSV or JSON: give --tables alone, or --exact for the rest."
                )
            return certify_by_tables(game, policy, origin, tables)
        certificate = _certified(game, policy)
        document = certificate_document(certificate, origin)
        if data is not None and data != STDOUT:
            write_file(data, encode_document(document).decode())
            written.append(f"{data}: the certificate")
        if csv is not None:
            write_file(csv, render_csv(document))
            written.append(f"{csv}: the bounds as a table")
        if html is not None:
            write_document(html, document)
            written.append(f"{html}, {html.with_suffix('.json')}")
        if kernel_out is not None:
            with _clock("writing worst kernels"):
                count = write_worst_kernels(certificate, kernel_out)
            written.append(f"{kernel_out}: {count:,} rows of worst kernels")
    if data == STDOUT:
        click.echo(encode_document(document), nl=False)
        return 0
    print_certificate(console(), document)
    for line in written:
        click.echo(f"\n{line}")
    return 0


def _certified(game: Model, policy: JointPolicy) -> GapCertificate:
    """Certify with an estimate before, and a clock meanwhile."""
    from drmg_check.models import StagedGame, written_out
    from drmg_check.readers import check_size
    from drmg_oracles.policies import certify, estimate_seconds

    if isinstance(game, StagedGame):
        check_size(states=game.n_states, actions=game.actions, horizon=game.horizon)
        game = written_out(game)
    seconds = estimate_seconds(game, policy)
    if seconds >= WORTH_SAYING:
        console(stderr=True).print(f"This will take about {_duration(seconds)}.", soft_wrap=True)
    with _clock(f"certifying, about {_duration(seconds)}"):
        return certify(game, policy)


@contextmanager
def _saying_what_is_there() -> Iterator[list[str]]:
    """Yield a list of what was written; on Ctrl-C it is said. A file that was being written is not there."""
    written: list[str] = []
    try:
        yield written
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted; written: {'; '.join(written) or 'nothing'}.", err=True)
        raise


@contextmanager
def _clock(what: str, steps: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show on a terminal what is computed and for how long already; with ``steps``, a bar to advance.

    Where nobody sees a bar, as in a pipe, a line a minute says that the steps go on.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    terminal = console(stderr=True)
    bar = (BarColumn(bar_width=24), MofNCompleteColumn()) if steps else ()
    columns = (TextColumn("{task.description}"), *bar, TimeElapsedColumn())
    told: list[float] = []  # from the first step on: before it, solvers are compiled
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        task = bars.add_task(what, total=steps)

        def advance(_step: int) -> None:
            bars.advance(task)
            now = monotonic()
            if not told:
                told.append(now)
            elif bars.disable and now - told[0] >= EVERY:
                told[0] = now
                terminal.print(f"{what}: {bars.tasks[0].completed:.0f} of {steps} steps", soft_wrap=True)

        yield advance


def _check_targets(policy: Path | None, *targets: Path | None) -> None:
    """Refuse what cannot be written before minutes are computed, and what would replace what is read."""
    from drmg_check.files import regular_target

    *_, html, data = targets
    if html is not None and html.suffix == ".json":
        raise click.UsageError(f"--html {html} is the page; its data go beside it, with the suffix .json.")
    for path in targets:
        if path is not None and (path is not data or path != STDOUT):
            regular_target(path)
            if policy is not None and path.resolve() == policy.resolve():
                raise click.UsageError(f"{path} is the policy to certify; choose another file to write.")


def _policy(
    game: Model, file: Path | None, named: str | None, concept: Concept | None
) -> tuple[JointPolicy, PolicyOrigin]:
    """Return the policy asked for and where it comes from."""
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import check_policy_fits, independent, uniform_policy
    from drmg_check.readers import read_policy

    if sum(given is not None for given in (file, named, concept)) > 1:
        raise click.UsageError("Give one of POLICY, --policy and --concept.")
    if file is not None:
        policy = read_policy(file, game)
        check_policy_fits(game, policy)
        policy = independent(policy)
        _hint(policy)
        return policy, PolicyOrigin("file", str(file))
    if named is not None:
        return uniform_policy(game), PolicyOrigin("name", named)
    from drmg_check.planner import robust_value_iteration

    wanted: Concept = concept or "cce"
    with _clock(f"planning, {wanted}", len(game.stages)) as advance:
        plan = robust_value_iteration(game, wanted, progress=advance)
    return plan.policy, PolicyOrigin("plan", wanted)


def _hint(policy: JointPolicy) -> None:
    """Say of a policy that is correlated by little more than rounding how to make its agents independent."""
    from drmg_check.models import correlation, is_product

    if 0.0 < (apart := correlation(policy)) <= HARDLY and not is_product(policy):
        console(stderr=True).print(
            f"The policy is within {apart:.1g} of one of independent agents, and correlated all the same, so "
            "that it has no NE gap. Of independent agents, give the policies one by one: marginals.",
            soft_wrap=True,
        )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
