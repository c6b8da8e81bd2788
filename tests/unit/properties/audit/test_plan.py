"""What is planned, and how claims and durations are named."""

from types import ModuleType

import pytest

from drmg_check.runs import split_case_id
from drmg_check.vocabulary import InputError
from drmg_properties.audit import load_ledger, parse_duration, plan, select_claims


def test_claims_come_first_then_each_game_with_the_claims_that_take_games(planted: ModuleType):
    cases = plan(planted.healthy(), ["zoo:a", "game.json"]).header.cases
    assert cases == ("T1", "T2", "F1", "F2", "N1", "T1@zoo:a", "F1@zoo:a", "T1@game.json", "F1@game.json")


def test_a_game_named_twice_is_judged_once(planted: ModuleType):
    assert plan(planted.healthy(), ["zoo:a", "zoo:a"]).header.cases[5:] == ("T1@zoo:a", "F1@zoo:a")


def test_case_ids_split_at_the_first_at_sign():
    assert split_case_id("B1@odd@name.json") == ("B1", "odd@name.json")
    assert split_case_id("B1") == ("B1", "generated")


def test_profiles_search_harder_and_harder(planted: ModuleType):
    budgets = [plan(planted.healthy(), [], profile).cases[0].budget for profile in ("quick", "ci", "deep")]
    assert sorted(budgets, key=lambda budget: (budget.size, budget.max_examples)) == budgets
    with pytest.raises(InputError, match="quick, ci, deep"):
        plan(planted.healthy(), [], "fast")


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [([], ["T1", "T2", "F1", "F2", "N1"]), (["F*", "T1"], ["T1", "F1", "F2"]), (["[TN]1"], ["T1", "N1"])],
)
def test_patterns_select_in_ledger_order(planted: ModuleType, patterns: list[str], ids: list[str]):
    assert [claim.id for claim in select_claims(planted.healthy(), patterns)] == ids


def test_an_unknown_claim_gets_the_closest_match(planted: ModuleType):
    with pytest.raises(InputError, match=r"no claim matches 'f3'; did you mean 'F[12]'"):
        select_claims(planted.healthy(), ["f3"])
    with pytest.raises(InputError, match="claims list"):
        select_claims(planted.healthy(), ["zzz"])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("drmg_planted:twice", "unique ids"),
        ("drmg_planted:no_claims", "returns no claims"),
        ("drmg_planted:TRUE", "returns no claims"),
        ("drmg_planted:nothing", "no attribute 'nothing'"),
        ("drmg_planted:broken", "ZeroDivisionError: no ledger today"),
        ("drmg_planted", "module:function"),
        ("no.such.module:ledger", "No module named"),
        ("", "module:function"),
    ],
)
def test_an_address_without_a_ledger_is_refused(planted: ModuleType, address: str, message: str):
    with pytest.raises(InputError, match=message):
        load_ledger(address)


@pytest.mark.parametrize(("text", "seconds"), [("2h", 7200), ("90m", 5400), ("45s", 45), ("1h30m", 5400)])
def test_durations(text: str, seconds: float):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "-1h", "2h30", "1.5h", "0s", "٣h", "1h1h"])
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(InputError, match="no duration"):
        parse_duration(text)
