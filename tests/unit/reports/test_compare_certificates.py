"""Two certificates are compared number by number; only what certainly changed is called worse or better."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from drmg_check.documents import Certified
from drmg_reports import (
    certificate_comparison_to_data,
    compare_certificates,
    print_certificate_comparison,
)
from drmg_reports.documents import ChangedBounds
from tests.unit.reports.documents import agent, bounds, certified, product_agent
from tests.unit.reports.test_html import HOSTILE


def product(low: str, high: str) -> Certified:
    return certified(product_agent("a", bounds(low, high)), product=True)


def gap(before: Certified, after: Certified) -> ChangedBounds:
    return compare_certificates(before, after).changes[0]


def printed(before: Certified, after: Certified, *, verbose: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False)
    print_certificate_comparison(console, compare_certificates(before, after), verbose=verbose)
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "change", "worse", "better"),
    [
        (("0", "1/8"), ("1/4", "1/2"), "grew", True, False),
        (("1/4", "1/2"), ("0", "1/8"), "shrank", False, True),
        (("0", "1/4"), ("1/4", "1/2"), "meets", False, False),
        (("0", "1/4"), ("1/8", "1/8"), "meets", False, False),
    ],
)
def test_a_gap_changed_only_if_its_intervals_are_apart(
    before: tuple[str, str], after: tuple[str, str], change: str, worse: bool, better: bool
):
    changed = gap(product(*before), product(*after))
    assert (changed.of, changed.number, changed.change) == ("nash", "gap", change)
    assert (changed.worse, changed.better) == (worse, better)


def test_a_certificate_differs_in_nothing_from_itself():
    comparison = compare_certificates(certified(), certified())
    assert (comparison.changes, comparison.worse) == ((), False)
    assert printed(certified(), certified()) == (
        "0 gaps grew, 0 shrank; 0 other numbers differ, 11 are the same\n"
    )


def test_values_and_gains_change_and_are_not_judged():
    comparison = compare_certificates(
        certified(agent("row"), agent("column")),
        certified(agent("row", gain=bounds("1/16")), agent("column")),
    )
    assert [(change.of, change.number, change.change) for change in comparison.changes] == [
        ("row", "best_response", "shrank"),
        ("row", "gain", "shrank"),
    ]
    assert not any(change.worse or change.better for change in comparison.changes)


def test_a_gap_that_is_known_in_one_only_is_said_to_be():
    correlated = certified(agent("a", gain=bounds("0"), ce_gain=None))
    comparison = compare_certificates(product("0", "0"), correlated)
    assert {change.of: change.change for change in comparison.changes if change.number == "gap"} == {
        "nash": "is gone",
        "ce": "is gone",
    }
    assert "  · NE gap  0 -> not known\n" in printed(product("0", "0"), correlated)


def test_another_game_and_another_policy_are_named_with_what_differs():
    old = product("0", "0")
    changed = json.loads(old.game_text) | {"initial_state": 1, "radius": {}}
    new = replace(old, game_text=json.dumps(changed), policy_text='{"format": "other"}', tool_version="2.0")
    text = printed(old, new)
    assert "they differ in initial_state and radius" in " ".join(text.split())
    assert "policy: uniform (independent agents); they differ in format" in text
    assert "drmg-check: 1.0 -> 2.0" in text


def test_only_verbose_lists_many_numbers():
    many = [certified(*(agent(f"{k}", gain=bounds(g)) for k in range(9))) for g in ("1/8", "1/4")]
    assert "  and 7 more; --verbose lists them" in printed(*many)
    assert "more; --verbose" not in printed(*many, verbose=True)
    assert max(map(len, printed(*many, verbose=True).splitlines())) <= 80


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text: str):
    other = certified(text=text)
    shown = printed(certified(), other, verbose=True)
    assert "\x1b" not in shown
    json.dumps(certificate_comparison_to_data(compare_certificates(certified(), other)))
