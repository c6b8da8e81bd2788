"""Whatever command line a page shows, in a block or in a sentence, the command and its options exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from drmg_check.cli._main import drmg_check

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / room / "README.md" for room in ("oracles", "properties", "reports", "tests")),
]
SHOWN = re.compile(r"`(drmg-check [^`]+)`|^\s*(?:\$ )?(drmg-check [^`\n]*)$", re.MULTILINE)
PROSE = re.compile(r"drmg-check (?:is|has|was|answers|judges|and|checks|does|reads)\b")


def lines() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for match in SHOWN.finditer(page.read_text(encoding="utf-8")):
            line = " ".join((match[1] or match[2]).split())
            if not PROSE.match(line):
                yield page.relative_to(ROOT).as_posix(), line


def words_of(line: str) -> list[str]:
    """Return the words of the command itself: up to a pipe, a comment, or what the page says beside it."""
    command = re.split(r" \||  | && |[;#]", line)[0]
    try:
        return shlex.split(command)[1:]
    except ValueError:
        return command.split()[1:]


def check(words: list[str]) -> None:
    """Follow the words through groups to a command and look its options up."""
    command: click.Command = drmg_check
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            if not re.fullmatch("[a-z][a-z-]*", word):
                return  # COMMAND, ... stand for any
            assert word in command.commands, f"there is no command {word!r}"
            command = command.commands[word]
        elif re.match("--?[a-z]", word):
            options = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}
            assert word.partition("=")[0] in {*options, "--help", "-h", "--version"}, f"no option {word!r}"


@pytest.mark.parametrize(("page", "line"), sorted(set(lines())))
def test_a_command_line_of_a_page_is_one(page: str, line: str):
    check(words_of(line))


def test_a_command_line_that_is_none_is_noticed():
    for wrong in ("claims run A3 --quiet", "certifyy zoo:random", "validate mine.py:f --sets tv"):
        with pytest.raises(AssertionError):
            check(wrong.split())
