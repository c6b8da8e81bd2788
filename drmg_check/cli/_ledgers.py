"""``drmg-check claims ledgers`` and ``claims new``: the ledgers of other authors."""

from __future__ import annotations

from pathlib import Path

import click

from drmg_check.cli._console import console, print_facts
from drmg_check.cli._folder import write_file


@click.command("ledgers")
def list_ledgers() -> int:
    """List the ledgers that installed packages register."""
    from drmg_properties.audit import installed_ledgers

    print_facts(console(), installed_ledgers())
    return 0


@click.command(epilog="Exit codes: 0 written, 2 usage or input.")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=Path(),
    help="Folder of the module.  [default: the current one]",
)
def new(name: str, out: Path) -> int:
    """Write NAME.py, the skeleton of a ledger with two claims that run."""
    from importlib.resources import files
    from keyword import iskeyword

    from drmg_check.vocabulary import InputError

    if not name.isidentifier() or iskeyword(name) or not name.isascii():
        raise InputError(f"{name!r} is no name of a module; expected letters, digits and _, as in my_paper")
    path = out / f"{name}.py"
    if path.exists():
        raise InputError(f"{path} is there already; choose another name")
    text = files("drmg_check.cli").joinpath("_skeleton.py").read_text(encoding="utf-8")
    write_file(path, text.replace("LEDGER-ID", name.lower().replace("_", "-")).replace("NAME", name))
    console().print(
        f"Written: {path}. Run its claims, and register them in the pyproject.toml of your package:\n\n"
        f"  drmg-check audit --ledger {path}:LEDGER\n\n"
        f'  [project.entry-points."drmg_check.ledgers"]\n'
        f'  {name.replace("_", "-")} = "{name}:LEDGER"',
        soft_wrap=True,
    )
    return 0
