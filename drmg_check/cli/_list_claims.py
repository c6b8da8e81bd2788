"""``drmg-check claims list``: the claims of ledgers, those that a reader looks for, at any width."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import claim_ids
from drmg_check.cli._console import console
from drmg_check.cli._options import json_option, ledger_option

if TYPE_CHECKING:
    from drmg_properties.audit import AnyClaim, Listed

WIDE = 100
"""Columns from which places and severities have room beside the titles."""
VERDICTS = ("holds", "holds on a list", "proved", "refuted", "vacuous", "unproved", "not checkable")
SEVERITIES = (
    "none", "typo", "constant", "assumption missing", "proof", "result step false", "result false"
)  # fmt: skip
"""As drmg_check.vocabulary and drmg_properties have them, which cost too much to import for a help text."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader looks for; an empty part asks for nothing."""

    verdicts: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    place: str = ""
    text: str = ""

    def fits(self, claim: AnyClaim) -> bool:
        """Whether the claim, beyond its id, is one of those."""
        said = " ".join((claim.id, claim.title, claim.statement, claim.formalisation)).casefold()
        place = rf"(?<!\w){re.escape(self.place)}(?!\w)" if self.place else ""  # Lemma 1 is not Lemma 11
        return (
            (not self.verdicts or str(claim.expected) in self.verdicts)
            and (not self.severities or claim.severity in self.severities)
            and re.search(place, claim.place, re.IGNORECASE) is not None
            and all(word in said for word in self.text.casefold().split())
        )


@click.command("list")
@click.argument("patterns", nargs=-1, metavar="[GLOB]...", shell_complete=claim_ids)
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(VERDICTS),
    metavar="VERDICT",
    help=f"Expected: {', '.join(VERDICTS)}. Repeatable.",
)
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice(SEVERITIES),
    metavar="SEVERITY",
    help=f"What a refutation means for the paper: {', '.join(SEVERITIES)}. Repeatable.",
)
@click.option("--place", default="", help='Where the paper says it, as in "Lemma 4" or "(19)".')
@click.option("--text", default="", help="Words of the title, the statement or how it is checked.")
@json_option("the claims as JSON")
@ledger_option
def list_claims(
    patterns: tuple[str, ...],
    verdicts: tuple[str, ...],
    severities: tuple[str, ...],
    place: str,
    text: str,
    as_json: bool,
    ledgers: tuple[str, ...],
) -> int:
    """List the claims of the ledger, or those that fit.

    GLOB stands for ids, as in A3 or 'B*'.
    """
    import msgspec

    from drmg_check.vocabulary import InputError
    from drmg_properties.audit import claim_text, list_claims, select_claims

    wanted = Sought(verdicts, severities, place, text)
    listed = select_claims(list_claims(ledgers), patterns)
    known = [entry for entry in listed if wanted.fits(entry.claim)]
    if not known:
        raise InputError("no claim is all of that; leave out an option")
    if as_json:
        texts = msgspec.json.encode([claim_text(entry) for entry in known])
        click.echo(msgspec.json.format(texts, indent=1))
    else:
        _print(known)
    return 0


def _print(known: Sequence[Listed]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    out = console()
    wide = out.width >= WIDE
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    table.add_column("id", no_wrap=True)
    table.add_column("claim", ratio=2 if wide else None, overflow="fold")
    if wide:
        table.add_column("place", ratio=1, overflow="fold")
    table.add_column("expected", no_wrap=True)
    if wide:
        table.add_column("severity", no_wrap=True)
    for claim in (entry.claim for entry in known):
        cells = [Text(claim.id, style="bold"), Text(claim.title), Text(str(claim.expected))]
        if wide:
            severity = "" if claim.severity == "none" else claim.severity
            cells = [*cells[:2], Text(claim.place, style="dim"), cells[2], Text(severity)]
        table.add_row(*cells)
    out.print(table)
    out.print(_summary([entry.claim for entry in known]), style="dim")


def _summary(claims: Sequence[AnyClaim]) -> str:
    counts = Counter(str(claim.expected) for claim in claims)
    parts = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    return f"\n{len(claims)} claim{'s' * (len(claims) != 1)}, expected: {', '.join(parts)}"
