"""Real defects, rebuilt as strangers would write them, are caught; most are named, and none misnamed."""

import warnings
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.page import PAGE
from benchmarks.strangers import GAMES, ROWS, Stranger
from benchmarks.strangers._judge import Verdict, judged
from benchmarks.strangers._page import HEADING, read, section, write

SAMPLED = ("coin", "newsvendor", "wide_multiplier", "two_at_once", "discounted_backup", "column_major")
"""Judged again here, as quick ones; ``python -m benchmarks.strangers`` judges all."""


def test_at_least_two_in_three_are_named_and_none_is_misnamed():
    verdicts = read()
    assert len(verdicts) == len({stranger.name for stranger in (*ROWS, *GAMES)}) >= 23
    outcomes = Counter(verdicts[stranger.name].outcome(stranger) for stranger in (*ROWS, *GAMES))
    assert outcomes["misnamed"] == outcomes["not caught"] == 0
    assert 3 * outcomes["named"] >= 2 * len(verdicts)


def test_the_page_shows_the_verdicts_on_file():
    assert section(read()) in PAGE.read_text(encoding="utf-8")


def test_the_guide_says_how_many():
    outcomes = Counter(read()[stranger.name].outcome(stranger) for stranger in (*ROWS, *GAMES))
    guide = " ".join((PAGE.parent / "validate.md").read_text(encoding="utf-8").split())
    assert (
        f"of {sum(outcomes.values())} defects of strangers, rebuilt by hand, {outcomes['named']} are named"
        in guide
    )


@pytest.mark.parametrize("name", SAMPLED)
def test_what_is_on_file_is_what_is_said_now(name: str):
    stranger = next(each for each in (*ROWS, *GAMES) if each.name == name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert judged(stranger) == read()[name]


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict(0, 3, ()), "not caught"),
        (Verdict(2, 3, ()), "unnamed"),
        (Verdict(2, 3, (("half the radius", "a lost mass"), ("half the radius",))), "named"),
        (Verdict(2, 3, (("half the radius",), ("a lost mass",))), "misnamed"),
    ],
)
def test_an_outcome_is_good_only_if_every_diagnosis_is(verdict: Verdict, outcome: str):
    stranger = Stranger(function=len, sets="tv", entry="half the radius")
    assert verdict.outcome(stranger) == outcome


def test_verdicts_are_kept_and_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    monkeypatch.setattr("benchmarks.strangers._page.rewrite", said.append)
    verdicts = {"coin": Verdict(3, 4, (("half the radius",),)), "newsvendor": Verdict(2, 4, ())}
    write(verdicts, tmp_path / "verdicts.json")
    assert read(tmp_path / "verdicts.json") == verdicts
    assert said == [section(verdicts)]
    assert said[0].startswith(f"{HEADING}\n")
    assert "Of 2: **1 named, 1 unnamed, 0 misnamed, 0 not caught**." in said[0]
    assert "| Declare KL(q \\|\\| p) and compute it in bits |" in said[0].splitlines()[-1]
