"""``drmg-check vectors``: the certified test vectors, built and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console, print_facts

if TYPE_CHECKING:
    from drmg_oracles import VectorSummary

folder = click.argument(
    "folder",
    metavar="[DIR]",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("oracles/vectors"),
)


@click.group()
def vectors() -> None:
    """Build or check the certified test vectors."""


@vectors.command()
@folder
def build(folder: Path) -> int:
    """Write the vectors into DIR.

    The same version writes the same bytes. DIR is oracles/vectors if left out.
    """
    from drmg_oracles import build_vectors

    _sum_up(build_vectors(folder), f"written to {folder}")
    return 0


@vectors.command(epilog="Exit codes: 0 every case is proved, 1 one is not, 2 usage or input.")
@folder
def check(folder: Path) -> int:
    """Verify each vector in DIR with the stand-alone checker.

    DIR is oracles/vectors if left out.
    """
    from drmg_check.vocabulary import CertificateError, visible
    from drmg_oracles import check_vectors

    try:
        summary = check_vectors(folder)
    except CertificateError as error:
        console().print(f"REFUSED  {visible(str(error))}", style="bold red", soft_wrap=True)
        return 1
    _sum_up(summary, "proved")
    return 0


def _sum_up(summary: VectorSummary, what: str) -> None:
    out = console()
    print_facts(out, {name: f"{count:,} cases" for name, count in summary.cases.items()})
    out.print(
        f"{summary.total:,} case{'s' * (summary.total != 1)} {what}", style="bold green", soft_wrap=True
    )
