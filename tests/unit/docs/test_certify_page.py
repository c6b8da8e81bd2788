"""The page on certificates shows what the command prints."""

import re
from collections.abc import Callable
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/certify.md"


def test_the_example_is_what_the_command_prints(command: Callable[..., tuple[object, str, str]]):
    match = re.search(r"```\n\$ drmg-check (.*)\n((?s:.*?))```", PAGE.read_text(encoding="utf-8"))
    assert match is not None
    code, out, err = command(*match[1].split())
    assert (code, err) == (0, "")
    assert [line.rstrip() for line in out.splitlines()] == match[2].splitlines()


def test_the_kernel_file_begins_as_shown(command: Callable[..., tuple[object, str, str]], tmp_path: Path):
    match = re.search(r'```\n(\{"format":"drmg-worst(?s:.*?))```', PAGE.read_text(encoding="utf-8"))
    assert match is not None
    command("certify", "zoo:initial-shock", "--policy", "uniform", "--kernel-out", "kernel.json")
    assert (tmp_path / "kernel.json").read_text(encoding="utf-8").startswith(match[1].rstrip())
