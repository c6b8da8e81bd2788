"""Every entry of every catalogue is a wrong implementation, and the default questions show each of them."""

import os
from pathlib import Path

import pytest

from benchmarks.followers import planner
from benchmarks.page import PAGE
from benchmarks.questions import (
    CASES,
    CONCEPTS,
    HEADING,
    LEVELS,
    OF_VALUES,
    STAGES,
    Judged,
    read,
    section,
    shown_by,
    write,
)
from drmg_check.referee.diagnosis import DECLARED, FEWEST, policies_for
from drmg_check.referee.levels._planner import PLAN_CATALOGUE

AT_LEAST = 3
"""Questions that show an entry: one is enough to be caught, three to be believed."""
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
QUICK = [level for level in OF_VALUES if not level.startswith("discounted")]
"""Fixed points take minutes a level; that each mistake shows in them is tested beside their diagnosis."""
SAMPLE = [
    *((name, level) for name in ("tv", "interval") for level in QUICK),
    *((concept, STAGES) for concept in CONCEPTS),
]


@pytest.mark.parametrize(("about", "level"), CASES if DEEP else SAMPLE)
def test_each_mistake_shows_on_several_of_the_questions_that_are_always_asked(about: str, level: str):
    shown = shown_by(about, level)
    assert {entry: n for entry, n in shown.items() if n < AT_LEAST} == {}
    assert sum(n >= FEWEST for n in shown.values()) >= 0.95 * len(shown)  # so that it can be named
    assert read()[about, level] == shown  # what is on file is current


def test_no_mistake_hides_at_any_level_of_any_set():
    counts = read()
    everywhere = {("tv", level) for level in LEVELS if level != STAGES}
    assert everywhere | {(concept, STAGES) for concept in CONCEPTS} <= counts.keys() <= set(CASES)
    assert min(n for by_entry in counts.values() for n in by_entry.values()) >= AT_LEAST


def test_a_plan_of_coarse_equilibria_shows_where_correlated_ones_are_asked_for():
    """With two actions for each agent they are the same, so that no game of two showed it."""
    coarse = {entry.name: entry for entry in policies_for(PLAN_CATALOGUE, "ce", "tv")}["coarse correlation"]
    games = [game for game in PLAN_CATALOGUE.questions("ce", "tv") if max(game.game.actions) > 2]
    several = [game for game in games if game.game.n_agents > 1]
    assert Judged("planner", several).faults(planner(coarse)) >= AT_LEAST
    assert Judged("planner", several).faults(planner(DECLARED)) == 0


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
        f"| half the radius |{' 7 |' * len(LEVELS)}\n| the nominal mean |{' 9 |' * len(LEVELS)}\n"
    )
