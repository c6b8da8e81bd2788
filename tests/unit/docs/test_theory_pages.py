"""The pages on claims, refutations and bounds show what their commands print."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_properties.bounds import REGRET_BOUNDS

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ("bounds.md",)
BLOCKS = [
    pytest.param(match[1], match[2], id=f"{page}-{k}")
    for page in PAGES
    for k, match in enumerate(
        re.finditer(
            r"^```\n\$ drmg-check (.*)\n((?s:.*?))^```",
            (DOCS / page).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
]


@pytest.mark.parametrize(("line", "output"), BLOCKS)
def test_a_block_is_what_the_command_prints(
    command: Callable[..., tuple[object, str, str]], line: str, output: str
):
    code, out, err = command(*shlex.split(line))
    assert (code, err) == (0, "")
    assert [line.rstrip() for line in out.splitlines()] == output.splitlines()


def test_the_python_example_on_bounds_prints_what_it_says(capsys: pytest.CaptureFixture[str]):
    text = (DOCS / "bounds.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```\n\nprints `(.*?)`", text, re.DOTALL)
    assert match is not None
    exec(compile(match[1], "bounds.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == f"{match[2]}\n"


def test_the_picture_shows_every_bound():
    picture = (DOCS / "images/bounds.svg").read_text(encoding="utf-8")
    assert [name for name in REGRET_BOUNDS if name not in picture] == []
