"""Not one accusation of code that keeps the accuracy that it declares, of rows and of games."""

import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.fairness import (
    APPROXIMATE,
    LEARNERS,
    PLANS,
    SETS,
    STAGES,
    VALUES,
    Count,
    Honest,
    accusations,
    adversarial_rows,
)
from benchmarks.fairness.__main__ import of_set, said_of_games
from benchmarks.fairness._honest import RIGHT
from benchmarks.fairness._page import HEADING, read, section, write
from benchmarks.page import PAGE

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SAMPLE = {} if DEEP else {"examples": 3, "mutations": 30}
SAMPLED = SETS if DEEP else ("tv", "kl", "wasserstein:2")


def said_of_rows(honest: Honest, name: str) -> list[str]:
    rows = islice(adversarial_rows(name, 0, **SAMPLE), 0, None, 29)
    return [said for row in rows for said in accusations(of_set(honest, name), row, Count())]


@pytest.mark.parametrize("honest", APPROXIMATE, ids=lambda honest: honest.name)
def test_no_answer_within_what_is_declared_is_accused(honest: Honest):
    for name in (name for name in SAMPLED if name in honest.declared.sets):
        assert said_of_rows(honest, name) == []


@pytest.mark.parametrize("honest", [*VALUES, *STAGES, *PLANS, *LEARNERS], ids=lambda honest: honest.name)
def test_no_answer_about_a_game_within_what_is_declared_is_accused(
    honest: Honest, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("benchmarks.fairness.__main__.GAMES", 60 if DEEP else 12)
    counts = read(afresh=True)
    for name in [name for name in SAMPLED if name in honest.declared.sets][: None if DEEP else 1] or [""]:
        assert list(said_of_games(of_set(honest, name) if name else honest, 0, counts)) == []
    assert sum(count.judgements for count in counts.values()) > 5


@pytest.mark.parametrize(
    "honest",
    [honest for honest in (*APPROXIMATE, *VALUES) if "off by" in honest.name],
    ids=lambda honest: honest.name,
)
def test_honest_code_uses_what_it_declares(honest: Honest):
    """Were it right to rounding, nothing would be tested: with a quarter of it declared it is accused."""
    declared = honest.declared
    told = replace(declared, accuracy=declared.accuracy / 4, accuracy_absolute=declared.accuracy_absolute / 4)
    counts = read(afresh=True)
    less = of_set(replace(honest, declared=told), "tv")
    of_rows = told.level == "worst-case"
    assert said_of_rows(less, "tv") if of_rows else list(said_of_games(less, 0, counts))


def test_counts_are_kept_and_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    monkeypatch.setattr("benchmarks.fairness._page.rewrite", said.append)
    counts = read(afresh=True)
    counts["worst-case", "float32"] = Count(1000, 25000, 0)
    counts["worst-case", RIGHT] = Count(1000, 2000, 0)
    counts["gap", "a stopping rule"] = Count(7, 30, 1)
    path = tmp_path / "counts.json"
    write(counts, path)
    assert read(path) == counts
    assert said == [section(counts)]
    lines = said[0].splitlines()
    assert lines[0] == HEADING
    assert lines[-5:] == [
        "| `worst-case` | float32 | 1,000 | 25,000 | 0 |",
        "| `worst-case` | right to rounding | 1,000 | 2,000 | 0 |",
        "| `gap` | a stopping rule | 7 | 30 | 1 |",
        "| **all** | | 2,007 | 27,030 | 1 |",
        "| **approximate code** | | 1,007 | 25,030 | 1 |",
    ]


def test_the_page_shows_the_counts_on_file():
    counts = read()
    assert section(counts) in PAGE.read_text(encoding="utf-8")
    assert sum(count.accusations for count in counts.values()) == 0
