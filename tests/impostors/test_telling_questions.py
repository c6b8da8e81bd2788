"""Every entry of every catalogue is a wrong implementation, and the default questions show each of them."""

import os
from pathlib import Path

import pytest

from benchmarks.page import PAGE
from benchmarks.questions import HEADING, LEVELS, SETS, read, section, shown_by, write
from drmg_check.referee.diagnosis import FEWEST

AT_LEAST = 3
"""Questions that show an entry: one is enough to be caught, three to be believed."""
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
CASES = [(name, level) for name in (SETS if DEEP else ("tv", "interval")) for level in LEVELS]


@pytest.mark.parametrize(("name", "level"), CASES)
def test_each_mistake_shows_on_several_of_the_questions_that_are_always_asked(name: str, level: str):
    shown = shown_by(name, level)
    assert {entry: n for entry, n in shown.items() if n < AT_LEAST} == {}
    assert sum(n >= FEWEST for n in shown.values()) >= 0.95 * len(shown)  # so that it can be named
    assert read().get((name, level), shown) == shown  # what is on file is current


def test_no_mistake_hides_in_any_set_that_is_counted():
    counts = read()
    assert {name for name, _ in counts} >= {"tv", "tv:nominal", "l1", "contamination"}
    assert min(n for by_entry in counts.values() for n in by_entry.values()) >= AT_LEAST


def test_the_page_says_what_is_counted():
    assert section(read()) in PAGE.read_text(encoding="utf-8")


def test_counts_are_kept_and_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    monkeypatch.setattr("benchmarks.questions.rewrite", said.append)
    counts = {("tv", level): {"half the radius": 7, "the nominal mean": 9} for level in LEVELS}
    write(counts, tmp_path / "counts.json")
    assert read(tmp_path / "counts.json") == counts
    assert said == [section(counts)]
    assert said[0].startswith(f"{HEADING}\n")
    assert "| `tv` | gap | 2 | 7 | half the radius | 7 |" in said[0]
    assert said[0].endswith(
        "| half the radius | 7 | 7 | 7 | 7 | 7 |\n| the nominal mean | 9 | 9 | 9 | 9 | 9 |\n"
    )
