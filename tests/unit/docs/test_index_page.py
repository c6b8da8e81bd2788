"""The first page and the README show what their examples print."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_the_python_example_of_the_first_page_prints_what_it_shows(capsys: pytest.CaptureFixture[str]):
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n((?:(?!```).)*print\(.*?)```\s+```text\n(.*?)```", text, re.DOTALL)
    assert match is not None
    exec(compile(match[1], "index.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == match[2]


def test_the_python_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "print(" in block]
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out.startswith("1/4\n")
