"""``drmg-check claims verify``: stored violations, checked without the search that found them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console
from drmg_check.cli._options import existing_file, ledger_option

if TYPE_CHECKING:
    from drmg_properties.audit import Listed


@click.command(epilog="Exit codes: 0 all proved, 1 some refused, 2 usage or input.")
@click.argument("files", nargs=-1, required=True, type=existing_file, metavar="FILE.json...")
@click.option("-q", "--quiet", is_flag=True, help="Show what is refused and the last line only.")
@ledger_option
def verify(files: tuple[Path, ...], quiet: bool, ledgers: tuple[str, ...]) -> int:
    """Verify stored violations without a search.

    Each FILE is one that `claims freeze` wrote: the instance must violate its claim by the slack and with
    the derivation that are written, and an independent checker proves the certificates.
    """
    from drmg_check.vocabulary import InputError, visible
    from drmg_properties.audit import list_claims

    claims = list_claims(ledgers)
    out = console()
    refused = 0
    for path in files:
        try:
            line = _proof(path, claims)
        except InputError as error:
            refused += 1
            out.print(visible(f"REFUSED  {path}: {error}"), style="bold red", soft_wrap=True)
        else:
            if not quiet:
                out.print(visible(f"proved   {line}"), soft_wrap=True)
    out.print(
        f"{len(files) - refused} proved, {refused} refused", style="bold red" if refused else "bold green"
    )
    return 1 if refused else 0


def _proof(path: Path, claims: tuple[Listed, ...]) -> str:
    import msgspec

    from drmg_check.files import read_bytes
    from drmg_check.vocabulary import InputError
    from drmg_properties.audit import find_claim, verify_frozen
    from drmg_reports.words import bounds_text

    try:
        data = msgspec.json.decode(read_bytes(path))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"no JSON: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("claim"), str):
        raise InputError("no claim is named; expected a file that `drmg-check claims freeze` wrote")
    claim = find_claim(claims, data["claim"]).claim
    slack = verify_frozen(claim, data)
    many = len(data["certificates"])
    certificates = f", {many} certificate{'s' * (many != 1)}" if many else ""
    return f"{claim.id}: slack {bounds_text((slack.low, slack.high))}{certificates}"
