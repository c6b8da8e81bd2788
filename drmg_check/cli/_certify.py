"""``drmg-check certify``: proven values and gaps of a joint policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from drmg_check.cli._certify_work import Work, certified, clock, planned, work_that_may_be_stopped
from drmg_check.cli._completion import games
from drmg_check.cli._console import console
from drmg_check.cli._folder import write_file
from drmg_check.cli._options import JOBS, existing_file, new_file
from drmg_check.cli._tables import write_document
from drmg_check.words import CONCEPTS, Concept

if TYPE_CHECKING:
    from drmg_check.documents import Certified, PolicyOrigin
    from drmg_check.models import JointPolicy, Model, SparsePolicy

EX_POST: Final = "ex-post"
HARDLY = 1e-3  # a correlation that rounding to three digits or more may have caused
STDOUT = Path("-")


@click.command(epilog="Exit codes: 0 certified, whatever the gap; 2 usage or input.")
@click.argument("address", metavar="GAME", shell_complete=games)
@click.argument("file", metavar="[POLICY]", type=existing_file, required=False)
@click.option("--policy", "named", type=click.Choice(["uniform"]), help="This policy instead of a file.")
@click.option(
    "--concept",
    type=click.Choice((*CONCEPTS, EX_POST)),
    metavar="CONCEPT",
    help="Without a policy, plan this equilibrium: nash, cce or ce.  [default: cce]  ex-post: of any policy, "
    "bound what deviations gain once the kernel is known.",
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
@click.option("--jobs", type=JOBS, default=1, show_default=True, help="Threads of sweeps; the same bits.")
def certify(
    address: str,
    file: Path | None,
    named: str | None,
    concept: Concept | Literal["ex-post"] | None,
    policy_out: Path | None,
    kernel_out: Path | None,
    csv: Path | None,
    html: Path | None,
    data: Path | None,
    tables: Path | None,
    exact: bool,
    jobs: int,
) -> int:
    """Prove how good a joint policy is.

    Each agent's robust value, best-response value and NE / CCE / CE gap, as numbers or intervals that
    contain the truth, the best deviation, and the worst kernel along the path. GAME is a file or zoo:NAME,
    POLICY a file; without one, a robust equilibrium is planned first. A game with compressed rows is
    proved in float64, with bounds that are rounded outward; so is any with --tables. Work in fractions that
    is stopped leaves what is done in this folder, and the same command goes on from there.
    """
    from drmg_check.cli._certify_tables import certify_by_tables
    from drmg_check.cli._large_games import policy_for_large
    from drmg_check.documents import encode_document
    from drmg_check.models import StagedGame
    from drmg_check.readers import write_policy
    from drmg_check.zoo import resolve_model
    from drmg_reports import print_certificate

    _check_targets(file, policy_out, kernel_out, csv, tables, html, data)
    if concept == EX_POST:
        return _ex_post(address, file, named, policy_out, (kernel_out, csv, html, data, tables))
    game, targets = resolve_model(address), _Targets(kernel_out, csv, html, data)
    by_tables = tables is not None or (not exact and isinstance(game, StagedGame))
    if by_tables and (exact or any(astuple(targets))):
        raise click.UsageError(
            "Tables have no page, kernels, CSV or JSON: give --tables alone, or --exact for the rest."
        )
    policy: JointPolicy | SparsePolicy
    with work_that_may_be_stopped() as work:
        if by_tables and isinstance(game, StagedGame):
            policy, origin = policy_for_large(game, file, named, concept, jobs)
        else:
            policy, origin = _policy(game, file, named, concept, work)
        if policy_out is not None:
            write_policy(policy, policy_out)
            work.written.append(f"{policy_out}: the policy")
        if by_tables:
            return certify_by_tables(game, policy, origin, tables, jobs)
        document = _in_fractions(game, policy, origin, targets, work)
    if data == STDOUT:
        click.echo(encode_document(document), nl=False)
        return 0
    print_certificate(console(), document)
    for line in [*work.written, *(["Proved in fractions, as --exact asks."] if exact else [])]:
        click.echo(f"\n{line}")
    return 0


def _ex_post(
    address: str,
    file: Path | None,
    named: str | None,
    policy_out: Path | None,
    others: Sequence[Path | None],
) -> int:
    """Bound what deviations gain once the kernel is known; only the file of the policy is written."""
    from drmg_check.cli._certify_ex_post import certify_ex_post
    from drmg_check.readers import write_policy
    from drmg_check.zoo import resolve_model

    if any(others):
        raise click.UsageError("An ex-post gap is printed, and has no file: give --policy-out at most.")
    game = resolve_model(address)
    with work_that_may_be_stopped() as work:
        policy, origin = _policy(game, file, named, None, work)
        if policy_out is not None:
            write_policy(policy, policy_out)
        return certify_ex_post(game, policy, origin)


@dataclass(frozen=True, slots=True)
class _Targets:
    """Where what only fractions give is written."""

    kernels: Path | None
    csv: Path | None
    html: Path | None
    data: Path | None


def _in_fractions(
    game: Model, policy: JointPolicy | SparsePolicy, origin: PolicyOrigin, targets: _Targets, work: Work
) -> Certified:
    """Certify in fractions, and write what is asked for."""
    from drmg_check.documents import encode_document
    from drmg_check.models import SparsePolicy, joint_policy
    from drmg_oracles.policies import certificate_document, write_worst_kernels
    from drmg_reports import render_csv

    certificate = certified(game, joint_policy(policy) if isinstance(policy, SparsePolicy) else policy, work)
    document = certificate_document(certificate, origin)
    if targets.data is not None and targets.data != STDOUT:
        write_file(targets.data, encode_document(document).decode())
        work.written.append(f"{targets.data}: the certificate")
    if targets.csv is not None:
        write_file(targets.csv, render_csv(document))
        work.written.append(f"{targets.csv}: the bounds as a table")
    if targets.html is not None:
        write_document(targets.html, document)
        work.written.append(f"{targets.html}, {targets.html.with_suffix('.json')}")
    if targets.kernels is not None:
        with clock("writing worst kernels"):
            count = write_worst_kernels(certificate, targets.kernels)
        work.written.append(f"{targets.kernels}: {count:,} rows of worst kernels")
    return document


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
    game: Model, file: Path | None, named: str | None, concept: Concept | None, work: Work
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
    wanted: Concept = concept or "cce"
    return planned(game, wanted, work), PolicyOrigin("plan", wanted)


def _hint(policy: JointPolicy) -> None:
    """Say of a policy that is correlated by little more than rounding how to make its agents independent."""
    from drmg_check.models import correlation, is_product

    if 0.0 < (apart := correlation(policy)) <= HARDLY and not is_product(policy):
        console(stderr=True).print(
            f"The policy is within {apart:.1g} of one of independent agents, and correlated all the same, so "
            "that it has no NE gap. Of independent agents, give the policies one by one: marginals.",
            soft_wrap=True,
        )
