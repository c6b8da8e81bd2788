"""What the page of a refutation shows beside the smallest instance, and what the front page separates."""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode

import msgspec
import pytest
from rich.console import Console

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import game_from_data, game_to_data
from drmg_check.runs import Counterexample, FamilyPoint
from drmg_check.zoo import load
from drmg_reports import print_result, render_html
from drmg_reports.runs import read_run
from drmg_reports.words import audit_sentence
from tests.unit.reports.sample import A3, A5, claim, result, sample_run

SMALL = Counterexample(instance='{"c":1}', lines=("the smallest",), slack_low="-1", slack_high="-1")
TELLING = Counterexample(instance='{"c":100}', lines=("far worse",), slack_low="-99", slack_high="-99")
FAMILY = tuple(FamilyPoint(constant=10.0**k, log10_ratio=864.3 - k) for k in (0, 2, 4, 6))


def test_the_most_telling_instance_stands_after_the_smallest_with_the_plot_of_its_family():
    page = render_html(
        sample_run(result(A3, "refuted", counterexample=SMALL, telling=TELLING, family=FAMILY, relative=-0.5))
    )
    order = [page.index(text) for text in ("the smallest", "Most telling", "far worse", "Every constant")]
    assert order == sorted(order)
    assert "With the constant 1 the witness misses what is claimed by a factor of 10⁸⁶⁴" in page
    assert "slack of the counterexample" in page
    assert "(relative −0.5)" in page


def test_a_family_that_fails_by_more_than_any_factor_is_told_in_words():
    endless = tuple(FamilyPoint(constant=10.0**k, log10_ratio=None) for k in (0, 2, 4, 6))
    page = render_html(sample_run(result(A3, "refuted", counterexample=SMALL, family=endless)))
    assert "With each constant tried, 1 to 10⁶, one side is 0 or of the other sign: no factor is" in page


def test_a_refutation_without_more_says_nothing_of_it():
    page = render_html(sample_run(result(A3, "refuted", counterexample=SMALL)))
    assert "Most telling" not in page
    assert "Every constant" not in page


def test_worst_cases_are_counted_with_their_certificates():
    resting = Counterexample(
        instance="{}", lines=("x",), slack_low="-1", slack_high="-1", certificates=({"a": 1}, {"b": 2})
    )
    page = render_html(sample_run(result(A3, "refuted", counterexample=resting)))
    assert "It rests on 2 worst cases, each with its certificate in the embedded data." in page


def test_the_game_of_an_instance_is_a_file():
    game = load("initial-shock")
    instance = json.dumps({"game": game_to_data(game), "policy": []})
    violated = Counterexample(instance=instance, lines=("x",), slack_low="-1", slack_high="-1")
    page = render_html(sample_run(result(A3, "refuted", counterexample=violated)))
    (name, data) = re.findall(r'download="([^"]+)" href="data:application/json;base64,([^"]+)"', page)[0]
    assert name == "A3.game.json"
    again = game_from_data(json.loads(b64decode(data)))
    assert isinstance(again, RobustMarkovGame)
    assert game_to_data(again) == game_to_data(game)


def test_an_instance_without_a_game_has_no_file():
    assert "data:application/json" not in render_html(sample_run(result(A3, "refuted", counterexample=SMALL)))


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ("result false", "1 result is false"),
        ("result step false", "1 step of a proof is false"),
        ("proof", "1 step of a proof is false"),
        ("assumption missing", "1 lacks an assumption"),
        ("constant", "1 is wrong in a constant"),
        ("typo", "1 is a typo"),
    ],
)
def test_what_is_false_is_told_apart_from_constants_and_typos(severity: str, said: str):
    wrong = claim("X1", "A claim", "Lemma 1", "refuted", severity=severity)
    events = sample_run(result(wrong, "refuted", counterexample=SMALL), result(A5, "holds"))
    assert f"refuted by an exact counterexample ({said})" in audit_sentence(read_run(events))
    page = render_html(events)
    assert f"<b>{said}</b>" in page
    assert page.index("What is refuted") < page.index('id="claims"')


def test_what_is_false_comes_first():
    kinds = ("typo", "constant", "result false", "proof")
    wrong = [claim(f"X{k}", "A claim", "Lemma 1", "refuted", severity=kind) for k, kind in enumerate(kinds)]
    sentence = audit_sentence(read_run(sample_run(*(result(each, "refuted") for each in wrong))))
    said = ("1 result is false, 1 step of a proof is false, 1 is wrong in a constant, 1 is a typo",)
    assert all(part in sentence for part in said)


def test_an_audit_without_refutations_has_no_such_section():
    assert "What is refuted" not in render_html(sample_run(result(A5, "holds")))


def test_a_slack_that_no_float_holds_keeps_its_exponent():
    tiny = f"-1/{10**400}"
    screen = io.StringIO()
    smallest = {"smallest_slack_low": tiny, "smallest_slack_high": tiny}
    refuted = result(A3, "refuted", counterexample=SMALL, telling=TELLING, **smallest)
    print_result(Console(file=screen, width=100), refuted)
    said = screen.getvalue()
    assert "-1.0e-400" in said
    assert "of the source: constant" in said
    assert said.index("the smallest") < said.index("More telling than the smallest instance:")
    assert said.index("More telling") < said.index("far worse")
    assert "10⁻⁴⁰⁰" in render_html(sample_run(refuted))


def test_the_game_that_an_instance_describes_is_written_by_a_command():
    said = msgspec.structs.replace(SMALL, address="zoo:contexts?contexts=20000")
    page = render_html(sample_run(result(A3, "refuted", counterexample=said, telling=TELLING)))
    assert page.count("drmg-check convert &#39;zoo:contexts?contexts=20000&#39; OUT") == 1
