"""The page on the protocol shows what the command prints, and leaves out no level."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check.referee import TRANSCRIPTS

PAGE = (Path(__file__).parents[3] / "docs/protocol.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ drmg-check protocol --level (\S+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "shown"), BLOCKS)
def test_a_dialogue_is_what_the_command_prints(
    command: Callable[..., tuple[object, str, str]], name: str, shown: str
):
    """An ellipsis on a line of its own stands for what the page leaves out."""
    code, out, err = command("protocol", "--level", name)
    assert (code, err) == (0, "")
    assert re.fullmatch(re.escape(shown.strip()).replace(r"\.\.\.", r"[\s\S]*"), out.strip()), out


def test_every_level_has_a_dialogue_and_a_row_of_the_table():
    assert tuple(name for name, _ in BLOCKS) == TRANSCRIPTS
    assert re.findall(r"^\| `(\S+)` \| `\w+` \|", PAGE, re.MULTILINE) == list(TRANSCRIPTS[:-1])
