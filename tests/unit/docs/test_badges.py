"""The badges of the README and the table of findings say what is true today."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPT = runpy.run_path(str(ROOT / "docs/draw_badges.py"), run_name="draw_badges")
BADGES = dict(SCRIPT["badges"]())


@pytest.mark.parametrize("path", BADGES, ids=lambda path: path.stem)
def test_a_badge_is_what_the_sample_the_vectors_and_the_settings_give(path: Path):
    assert path.read_text(encoding="utf-8") == BADGES[path], "run `python docs/draw_badges.py`"
    assert f"(docs/images/{path.name})" in README


def test_the_readme_says_what_the_sample_found():
    assert SCRIPT["with_findings"](README) == README, "run `python docs/draw_badges.py`"
