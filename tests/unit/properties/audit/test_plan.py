"""What is planned, and how claims and durations are named."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from drmg_check.runs import split_case_id
from drmg_check.vocabulary import InputError
from drmg_properties.audit import list_claims, load_ledger, parse_duration, plan, select_claims

HEALTHY = ("drmg_planted:healthy",)


def test_claims_come_first_then_each_game_with_the_claims_that_take_games(planted: ModuleType):
    cases = plan(list_claims(HEALTHY), ["zoo:a", "game.json"]).header.cases
    assert cases == ("T1", "T2", "F1", "F2", "N1", "T1@zoo:a", "F1@zoo:a", "T1@game.json", "F1@game.json")


def test_a_game_named_twice_is_judged_once(planted: ModuleType):
    assert plan(list_claims(HEALTHY), ["zoo:a", "zoo:a"]).header.cases[5:] == ("T1@zoo:a", "F1@zoo:a")


def test_case_ids_split_at_the_first_at_sign():
    assert split_case_id("B1@odd@name.json") == ("B1", "odd@name.json")
    assert split_case_id("B1") == ("B1", "generated")


def test_profiles_search_harder_and_harder(planted: ModuleType):
    budgets = [plan(list_claims(HEALTHY), [], profile).cases[0].budget for profile in ("quick", "ci", "deep")]
    assert sorted(budgets, key=lambda budget: (budget.size, budget.max_examples)) == budgets
    with pytest.raises(InputError, match="quick, ci, deep"):
        plan(list_claims(HEALTHY), [], "fast")


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [([], ["T1", "T2", "F1", "F2", "N1"]), (["F*", "T1"], ["T1", "F1", "F2"]), (["[TN]1"], ["T1", "N1"])],
)
def test_patterns_select_in_ledger_order(planted: ModuleType, patterns: list[str], ids: list[str]):
    assert [entry.claim.id for entry in select_claims(list_claims(HEALTHY), patterns)] == ids


def test_an_unknown_claim_gets_the_closest_match(planted: ModuleType):
    with pytest.raises(InputError, match=r"no claim matches 'f3'; did you mean 'F[12]'"):
        select_claims(list_claims(HEALTHY), ["f3"])
    with pytest.raises(InputError, match="claims list"):
        select_claims(list_claims(HEALTHY), ["zzz"])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("drmg_planted:twice", "there twice; expected unique ids"),
        ("drmg_planted:no_claims", "expected a Ledger"),
        ("drmg_planted:TRUE", "expected a Ledger"),
        ("drmg_planted:nothing", "no attribute 'nothing'"),
        ("drmg_planted:broken", "ZeroDivisionError: no ledger today"),
        ("drmg_planted", "module:NAME"),
        ("no.such.module:ledger", "No module named"),
        ("./no_such_file.py:LEDGER", "no file no_such_file.py"),
        ("", "module:NAME"),
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


def test_claims_of_the_same_id_in_two_ledgers_are_refused(planted: ModuleType):
    with pytest.raises(InputError, match=r"claim 'T1' is in ledger 'planted' and in 'planted'"):
        list_claims(["drmg_planted:healthy", "drmg_planted:sick"])


def test_a_ledger_is_loaded_from_a_file_that_may_be_called_like_a_package(
    planted: ModuleType, tmp_path: Path
):
    """The file's name shadows nothing: numpy stays NumPy."""
    file = tmp_path / "numpy.py"
    file.write_text(Path(planted.__file__).read_text(encoding="utf-8"))
    assert load_ledger(f"{file}:healthy").id == "planted"
    assert hasattr(import_module("numpy"), "ndarray")
