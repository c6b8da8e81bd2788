"""The page on s-rectangular sets shows what its example prints."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/sets/s-rectangular.md"


def test_the_example_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]):
    match = re.search(r"```python\n(.*?)```\s+```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    exec(compile(match[1], str(PAGE), "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == match[2]
