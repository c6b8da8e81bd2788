"""``drmg-check protocol`` and ``drmg-check init-adapter``: what an implementer starts from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import sets
from drmg_check.cli._options import LEVELS, new_file

if TYPE_CHECKING:
    from drmg_check.targets import Level


@click.command()
@click.option("--schema", "what", flag_value="schema", help="Print the JSON schema only.")
@click.option("--transcript", "what", flag_value="transcript", help="Print the dialogue only.")
def protocol(what: str | None) -> int:
    """Print the protocol that a command speaks to be validated.

    One JSON object a line on standard input and standard output: its schema,
    then a dialogue, > from drmg-check and < from the implementation.
    """
    from drmg_check.targets import protocol_schema, protocol_transcript

    if what != "transcript":
        click.echo(protocol_schema(), nl=False)
    if what != "schema":
        for speaker, line in protocol_transcript():
            click.echo(f"{'>' if speaker == 'referee' else '<'} {line}")
    return 0


@click.command("init-adapter")
@click.argument("file", type=new_file, metavar="FILE.py")
@click.option(
    "--set",
    "name",
    default="tv",
    show_default=True,
    metavar="SET",
    shell_complete=sets,
    help="As in kl, tv:nominal.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default=LEVELS[0],
    show_default=True,
    metavar="LEVEL",
    help="What it computes, as for validate.",
)
def init_adapter(file: Path, name: str, level: Level) -> int:
    """Write the skeleton of an adapter to FILE.py."""
    from drmg_check.targets import adapter
    from drmg_check.vocabulary import InputError

    text = adapter(str(file), name, level)
    if file.exists():
        raise InputError(f"{file} is there already; choose another name")
    file.write_text(text, encoding="utf-8", newline="\n")
    function = level.replace("-", "_")
    line = shlex.join(["drmg-check", "validate", f"{file}:{function}"])
    click.echo(f"{file}: fill in {function}, then run\n  {line}")
    return 0
