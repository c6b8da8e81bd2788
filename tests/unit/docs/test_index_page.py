"""The first page and the README show what their examples print."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_the_python_example_of_the_first_page_prints_what_it_shows(capsys: pytest.CaptureFixture[str]):
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```\s+```text\n(.*?)```", text, re.DOTALL)
    assert match is not None
    exec(compile(match[1], "index.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == match[2]


def test_the_python_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]):
    match = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    exec(compile(match[1], "README.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out.startswith("1/4\n")


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_refutation_replays_from_the_page(page: str, command: Callable[..., tuple[object, str, str]]):
    text = (ROOT / page).read_text(encoding="utf-8")
    match = re.search(r"\$ drmg-check replay (\S+) --instance '(.*)'\n", text)
    assert match is not None
    code, out, err = command("replay", match[1], "--instance", match[2])
    assert (code, err) == (0, "")
    assert "violates the claim" in out


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_policy_of_the_page_is_certified(page: str, command: Callable[..., tuple[object, str, str]]):
    text = (ROOT / page).read_text(encoding="utf-8")
    match = re.search(r"\$ drmg-check (certify .*)\n", text)
    assert match is not None
    code, out, err = command(*match[1].split())
    assert (code, err) == (0, "")
    assert "NE gap" in out
