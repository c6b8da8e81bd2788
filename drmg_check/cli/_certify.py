"""``drmg-check certify``: proven values and gaps of a joint policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import games
from drmg_check.cli._console import console
from drmg_check.cli._options import existing_file, json_option, new_file
from drmg_check.cli._tables import write_page

if TYPE_CHECKING:
    from drmg_check.models import JointPolicy, Model
    from drmg_oracles.policies import Concept

WORTH_SAYING = 5.0  # seconds from which an estimate is printed


@click.command(epilog="Exit codes: 0 certified, whatever the gap; 2 usage or input.")
@click.argument("address", metavar="GAME", shell_complete=games)
@click.argument("file", metavar="[POLICY]", type=existing_file, required=False)
@click.option("--policy", "named", type=click.Choice(["uniform"]), help="This policy instead of a file.")
@click.option(
    "--concept",
    type=click.Choice(["nash", "cce", "ce"]),
    help="Without a policy, plan this equilibrium.  [default: cce]",
)
@click.option("--policy-out", type=new_file, metavar="FILE", help="Write the policy as JSON.")
@click.option("--kernel-out", type=new_file, metavar="FILE", help="Write the worst kernels as JSON.")
@click.option("--html", type=new_file, metavar="FILE", help="Write a page, and its data as .json beside it.")
@json_option("the certificate as JSON")
def certify(
    address: str,
    file: Path | None,
    named: str | None,
    concept: Concept | None,
    policy_out: Path | None,
    kernel_out: Path | None,
    html: Path | None,
    as_json: bool,
) -> int:
    """Prove how good a joint policy is.

    Each agent's robust value, best-response value and NE / CCE / CE gap, as numbers or intervals that
    contain the truth, the best deviation, and the worst kernel along the path. GAME is a file or zoo:NAME,
    POLICY a file; without one, a robust equilibrium is planned first.
    """
    import msgspec

    from drmg_check.cli._certify_text import print_certificate
    from drmg_check.files import regular_target
    from drmg_check.readers import write_policy
    from drmg_check.zoo import resolve_game
    from drmg_oracles.policies import certificate_to_data, certify, estimate_seconds, write_worst_kernels

    if html is not None and html.suffix == ".json":
        raise click.UsageError(f"--html {html} is the page; its data go beside it, with the suffix .json.")
    for path in (policy_out, kernel_out, html):
        if path is not None:
            regular_target(path)  # what takes minutes is not to fail at the end
    game = resolve_game(address)
    policy, origin = _policy(game, file, named, concept)
    if policy_out is not None:
        write_policy(policy, policy_out)
    seconds = estimate_seconds(game, policy)
    if seconds >= WORTH_SAYING:
        console(stderr=True).print(f"This will take about {_duration(seconds)}.", soft_wrap=True)
    certificate = certify(game, policy)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(certificate_to_data(certificate)), indent=1))
    else:
        print_certificate(console(), certificate, origin, policy_out)
    if html is not None:
        from drmg_check.cli._certify_page import certified_page
        from drmg_check.cli._certify_text import certificate_facts

        write_page(html, certified_page(certificate, certificate_facts(certificate, origin)))
        if not as_json:
            click.echo(f"\n{html}, {html.with_suffix('.json')}")
    if kernel_out is not None:
        count = write_worst_kernels(certificate, kernel_out)
        if not as_json:
            click.echo(f"\n{kernel_out}: {count:,} rows of worst kernels")
    return 0


def _policy(
    game: Model, file: Path | None, named: str | None, concept: Concept | None
) -> tuple[JointPolicy, str]:
    """Return the policy asked for and where it comes from."""
    from drmg_check.models import check_policy_fits, uniform_policy
    from drmg_check.readers import read_policy

    if sum(given is not None for given in (file, named, concept)) > 1:
        raise click.UsageError("Give one of POLICY, --policy and --concept.")
    if file is not None:
        policy = read_policy(file)
        check_policy_fits(game, policy)
        return policy, f"from {file}"
    if named is not None:
        return uniform_policy(game), named
    from drmg_check.planner import robust_value_iteration

    wanted: Concept = concept or "cce"
    return robust_value_iteration(game, wanted).policy, f"planned, a {wanted.upper()}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
