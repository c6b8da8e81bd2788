"""``drmg-check claims``: the ledger, one claim of it, and its search in this process."""

from __future__ import annotations

from pathlib import Path

import click

from drmg_check.cli._completion import claim_ids, games
from drmg_check.cli._console import console
from drmg_check.cli._ledgers import list_ledgers, new
from drmg_check.cli._list_claims import list_claims
from drmg_check.cli._options import ledger_option, limit_option, profile_option, seed_option
from drmg_check.cli._verify_claims import verify


@click.group()
def claims() -> None:
    """List the claims, show one, or judge one."""


for command in (list_claims, list_ledgers, new, verify):
    claims.add_command(command)


@claims.command("show")
@click.argument("id_", metavar="ID", shell_complete=claim_ids)
@ledger_option
def show_claim(id_: str, ledgers: tuple[str, ...]) -> int:
    """Show the statement of a claim, its formalisation and what the ledger expects."""
    from textwrap import indent, wrap

    from drmg_properties.audit import find_claim
    from drmg_properties.audit import list_claims as claims_of

    entry = find_claim(claims_of(ledgers), id_)
    claim = entry.claim
    out = console()
    out.print(f"{claim.id}  {claim.title}", style="bold")
    out.print(f"{claim.place} ({entry.ledger.id})", style="dim")
    parts = {
        "Statement": claim.statement,
        "LaTeX": claim.latex,
        "Formalisation": claim.formalisation,
        "Assumptions": "\n".join(claim.assumptions) or "none",
        "Reading": claim.reading,
        "Expected": f"{claim.expected} (severity: {claim.severity})",
        "Corrected by": claim.corrected or "",
        "False neighbours": "\n".join(neighbour.name for neighbour in claim.neighbours)
        or ("none: the power of the search is unknown" if claim.needs_neighbour else ""),
        "Search": type(claim.search).__name__.lower() + (", and on given games" if claim.on_game else ""),
    }
    for name, text in parts.items():
        if text:
            out.print(f"\n{name}", style="bold")
            lines = [line for part in text.splitlines() for line in wrap(part, out.width - 2)]
            out.print(indent("\n".join(lines), "  "), soft_wrap=True)
    return 0


@claims.command("run", epilog="Exit codes: 0 the verdict is as expected, 1 it is not, 2 usage or input.")
@click.argument("id_", metavar="ID", shell_complete=claim_ids)
@click.option(
    "--game",
    metavar="FILE|zoo:NAME",
    shell_complete=games,
    help="Judge on this game, not on generated instances.",
)
@profile_option
@limit_option
@seed_option
@ledger_option
def run_claim(
    id_: str, game: str | None, profile: str, limit: float | None, seed: int, ledgers: tuple[str, ...]
) -> int:
    """Judge one claim in this process, as an audit does in a worker.

    A claim that crashes takes this command with it, which is what a debugger wants.
    """
    from drmg_check.vocabulary import UnsupportedError
    from drmg_check.zoo import resolve_game
    from drmg_properties.audit import find_claim, limited, list_claims, plan, run_case
    from drmg_reports import print_result

    entry = find_claim(list_claims(ledgers), id_)
    if game is not None:
        resolve_game(game)
        if entry.claim.on_game is None:
            raise UnsupportedError(f"claim {id_} has no form for a given game; leave out --game")
    planned = plan([entry], [game] if game else [], profile, seed)
    if limit is not None:
        planned = limited(planned, limit)
    result = run_case(planned.cases[-1])
    print_result(console(), result)
    return 0 if result.outcome in ("as expected", "skipped") else 1


@claims.command("freeze", epilog="Exit codes: 0 written, 2 a verdict is not found, usage or input.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("properties/counterexamples"),
    show_default=True,
    help="Folder of the files, one per refuted or vacuous claim.",
)
@ledger_option
def freeze_claims(out: Path, ledgers: tuple[str, ...]) -> int:
    """Write a file for each violation that the ledger expects.

    It holds the instance, its slack, the derivation and a certificate for each worst-case expectation,
    so that it is checked without a search. The same ledger gives the same bytes.
    """
    from drmg_properties.audit import freeze, list_claims

    written = freeze(list_claims(ledgers), out)
    console().print(f"Written: {len(written)} violations to {out}", soft_wrap=True)
    return 0
