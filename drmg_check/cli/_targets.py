"""``drmg-check protocol`` and ``drmg-check init-adapter``: what an implementer starts from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import sets
from drmg_check.cli._options import new_file
from drmg_check.words import LEVELS

if TYPE_CHECKING:
    from drmg_check.referee import Transcript
    from drmg_check.words import LevelName

WIDTH = 80


@click.command()
@click.option("--schema", "what", flag_value="schema", help="Print the JSON schema only.")
@click.option("--transcript", "what", flag_value="transcript", help="Print the dialogues only.")
@click.option(
    "--level",
    type=click.Choice([*LEVELS, "trouble"]),
    metavar="LEVEL",
    help=f"Print the dialogues of one level: {', '.join(LEVELS)}; or of trouble.",
)
def protocol(what: str | None, level: Transcript | None) -> int:
    """Print the protocol that a command speaks to be validated.

    One JSON object a line on standard input and standard output: its schema,
    then dialogues, > from drmg-check and < from the implementation. Lines are
    folded here; = is what drmg-check makes of a reply.
    """
    from drmg_check.targets import protocol_schema

    if what == "schema" or (what is None and level is None):
        click.echo(protocol_schema(), nl=False)
    if what != "schema":
        _print_dialogues(level)
    return 0


def _print_dialogues(level: Transcript | None) -> None:
    from textwrap import wrap

    from drmg_check.referee import TRANSCRIPTS, transcripts

    marks = {"referee": "> ", "target": "< ", "verdict": "= "}
    for name in TRANSCRIPTS if level is None else (level,):
        for dialogue in transcripts(name):
            click.echo(f"# {name}: {dialogue.about}")
            for speaker, line in dialogue.lines:
                text = wrap(line, WIDTH - 2) if speaker == "verdict" else _folded(line)
                click.echo(marks[speaker] + "\n  ".join(text))
            click.echo("# the end of its input ends the implementation\n")


def _folded(line: str) -> list[str]:
    """Break JSON where it reads well; joined again, the pieces are the line."""
    room, pieces = WIDTH - 2, []
    while len(line) > room:
        # Before a member, before a list, after any comma or space: the first that leaves no short piece.
        cuts = [line.rfind(mark, 0, room) + 1 for mark in (',"', ",[", ",")]
        cut = next((cut for cut in (*cuts, line.rfind(" ", 0, room)) if cut > room // 2), room)
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]


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
def init_adapter(file: Path, name: str, level: LevelName) -> int:
    """Write the skeleton of an adapter to FILE.py."""
    from drmg_check.files import write_whole
    from drmg_check.targets import adapter
    from drmg_check.vocabulary import InputError

    text = adapter(str(file), name, level)
    if file.exists():
        raise InputError(f"{file} is there already; choose another name")
    write_whole(file, text)
    function = level.replace("-", "_")
    line = shlex.join(["drmg-check", "validate", f"{file}:{function}"])
    click.echo(f"{file}: fill in {function}, then run\n  {line}")
    return 0
