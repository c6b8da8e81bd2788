"""``drmg-check prove``: refutations and corrections as theorems that Coq's kernel checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console

if TYPE_CHECKING:
    from rich.table import Table

    from drmg_properties.theorems import Theorem


@click.command(epilog="Exit codes: 0 proved or written, 1 Coq does not accept a theorem, 2 usage or input.")
@click.argument("claim", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="Every claim that has a theorem.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the file there."
)
@click.option("--check", is_flag=True, help="Let Coq check it, and show the axioms that it rests on.")
def prove(claim: str | None, every: bool, out: Path | None, check: bool) -> int:
    """Show the theorem about a claim, as a file that Coq checks.

    The file has the statement of the paper as a definition, and the theorem that refutes or proves it. It
    imports the definitions and lemmas of drmg-check. Without ID: the claims that have a theorem.
    """
    from drmg_check.files import write_whole
    from drmg_properties.theorems import coq_name, folder, missing_coq, self_contained, stated

    if claim is not None and every:
        raise click.UsageError("Give an ID or --all, not both.")
    if out is not None and claim is None:
        raise click.UsageError("--out writes one theorem: give its ID.")
    if claim is None:
        names = stated()
        if check:
            return _check(names)
        return _list(names)
    text = self_contained(claim)
    if out is None and not check:
        click.echo(text, nl=False)
    if out is not None:
        write_whole(out, text)
        missing = missing_coq()
        console().print(f"{out} is written." + (f" {missing}" if missing else ""), soft_wrap=True)
        console().print(
            f"To check it: make -C {folder()} && coqc -Q {folder() / 'theories'} Drmg {out}", soft_wrap=True
        )
    return _check((coq_name(claim),)) if check else 0


def _list(names: tuple[str, ...]) -> int:
    from drmg_properties.theorems import recorded

    table = _table("Claim", "Theorem", "Rests on")
    for name in names:
        theorem = recorded(name)
        table.add_row(name, *_said(theorem))
    console().print(table)
    return 0


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _said(theorem: Theorem | None) -> tuple[str, str]:
    return ("not recorded as checked", "") if theorem is None else (theorem.name, theorem.foundations)


def _check(names: tuple[str, ...]) -> int:
    from drmg_properties.theorems import AXIOMS, checked, read_record, self_contained

    out, wrong = console(), 0
    cache = Path(click.get_app_dir("drmg-check")) / "theories"
    table = _table("Claim", "Theorem", "Seconds", "Rests on")
    for name in names:
        theorem = read_record()[name].name
        found = checked(self_contained(name), cache, theorem)
        strange = sorted(set(found.axioms) - AXIOMS.keys())
        if found.error or strange:
            wrong += 1
            out.print(
                f"REFUSED  {name}: {found.error or f'it rests on {strange}'}",
                style="bold red",
                soft_wrap=True,
            )
        else:
            said = ", ".join(dict.fromkeys(AXIOMS[axiom] for axiom in found.axioms))
            table.add_row(name, theorem, f"{found.seconds:.1f}", said)
    out.print(table)
    out.print(
        f"{len(names) - wrong} accepted by Coq, {wrong} refused", style="bold red" if wrong else "bold green"
    )
    return 1 if wrong else 0
