"""The pages on claims, refutations and bounds show what their commands print."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_properties.bounds import REGRET_BOUNDS

DOCS = Path(__file__).parents[3] / "docs"
COUNTEREXAMPLES = DOCS.parent / "properties/counterexamples"
PAGES = ("bounds.md", "claims.md", "refutations.md")
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
    command: Callable[..., tuple[object, str, str]],
    install_ledgers: Callable[[str, dict[str, str]], None],
    line: str,
    output: str,
):
    code, out, err = command(*shlex.split(line))
    assert (code, err) == (0, "")
    assert [line.rstrip() for line in out.splitlines()] == output.splitlines()


def test_the_refutations_are_five_and_among_the_stored():
    text = (DOCS / "refutations.md").read_text(encoding="utf-8")
    lines = [shlex.split(line) for line in re.findall(r"^\$ drmg-check (.*)$", text, re.MULTILINE)]
    assert len(lines) == 5
    for _, name, option, instance in lines:
        stored = json.loads((COUNTEREXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        assert (option, json.loads(instance)) == ("--instance", stored["instance"])


def test_the_code_on_claims_is_that_of_the_example():
    text = (DOCS / "claims.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert match is not None
    assert match[1] in (DOCS.parent / "examples/ledger/rectangularity_claims.py").read_text(encoding="utf-8")


def test_the_python_example_on_bounds_prints_what_it_says(capsys: pytest.CaptureFixture[str]):
    text = (DOCS / "bounds.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```\n\nprints `(.*?)`", text, re.DOTALL)
    assert match is not None
    exec(compile(match[1], "bounds.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == f"{match[2]}\n"


def test_the_picture_shows_every_bound():
    picture = (DOCS / "images/bounds.svg").read_text(encoding="utf-8")
    assert [name for name in REGRET_BOUNDS if name not in picture] == []
