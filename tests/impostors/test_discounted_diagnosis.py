"""Discounted games: an honest package passes whole, and each of its mistakes is caught and named."""

import json
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from types import ModuleType

import jsonschema
import numpy as np
import pytest

from drmg_check.readers import game_to_data, policy_to_data
from drmg_check.referee import check_implementation
from drmg_check.referee.diagnosis import ValueCatalogue, entries_for
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._discounted_evaluation import (
    DISCOUNTED_EVALUATION_CATALOGUE,
    certified_discounted_evaluation,
)
from drmg_check.referee.levels._discounted_gap import DISCOUNTED_GAP_CATALOGUE
from drmg_check.referee.levels._discounted_optimum import DISCOUNTED_OPTIMUM_CATALOGUE
from drmg_check.referee.levels._games import example_game
from drmg_check.referee.levels._of_discounted import DiscountedQuestion
from drmg_check.targets import Implementation, protocol_schema
from drmg_check.vocabulary import FloatArray, InputError, NumericalError
from drmg_check.words import LevelName
from drmg_properties.laws import Tolerance

CATALOGUES: dict[LevelName, ValueCatalogue[DiscountedQuestion]] = {
    "discounted-evaluation": DISCOUNTED_EVALUATION_CATALOGUE,
    "discounted-gap": DISCOUNTED_GAP_CATALOGUE,
    "discounted-optimum": DISCOUNTED_OPTIMUM_CATALOGUE,
}


@pytest.fixture(name="package")
def _package(planted: ModuleType) -> ModuleType:
    return import_module("drmg_discounted")


@pytest.mark.parametrize("level", CATALOGUES)
def test_the_honest_package_passes_whole(package: ModuleType, level: LevelName):
    honest = getattr(package, level.replace("-", "_"))
    results = check_implementation(honest, "tv", level=level, profile="quick", on_fail=None)
    assert [check.case for check in results if check.outcome == "failed"] == []
    assert sum(check.outcome == "passed" for check in results) >= 10


@pytest.mark.parametrize(
    ("mistake", "level", "named"),
    [
        (
            "the_iterate_before",
            "discounted-optimum",
            "the iterate before, once the largest change is below 1e-3",
        ),
        (
            "a_change_below_eps",
            "discounted-optimum",
            "value iteration until the largest change is below 1e-4",
        ),
        ("radius_on_the_wrong_axis", "discounted-optimum", "radii with flipped axes"),
        ("gamma_in_the_dual", "discounted-optimum", "radii divided by gamma"),
        ("robust_only_in_evaluation", "discounted-optimum", "the robust value of the nominal optimum"),
        ("first_reward_discounted", "discounted-optimum", "gamma times the value"),
        ("one_discount_for_all", "discounted-evaluation", "the first agent's discount for all"),
        ("nominal_deviation", "discounted-gap", "the nominal mean in each row"),
    ],
)
def test_each_mistake_of_the_package_is_caught_and_named(
    package: ModuleType, mistake: str, level: LevelName, named: str
):
    results = check_implementation(
        getattr(package, mistake), "tv", level=level, profile="quick", on_fail=None, checks=("tv/oracle/*",)
    )
    failures = [check.failure for check in results if check.outcome == "failed"]
    assert failures
    said = {failure.diagnosis for failure in failures if failure is not None and failure.diagnosis}
    assert any(each.startswith(f"agrees with {named} (") for each in said), said


@pytest.mark.parametrize("level", CATALOGUES)
def test_every_entry_shows_on_a_question_that_everybody_is_asked(level: LevelName):
    """Stopping rules apart: they take hundreds of sweeps each, and the package above has two of them."""
    catalogue = CATALOGUES[level]
    waiting = {
        entry.name: entry
        for entry in entries_for(catalogue, "tv")
        if "sweeps" not in entry.name and " is below " not in entry.name
    }
    for question in catalogue.questions("tv"):
        truth, tables = catalogue.truth(question), catalogue.tables(question)
        size = abs(truth.lo).max()
        for name, entry in list(waiting.items()):
            try:
                values = catalogue.recompute(entry.how, tables)
            except (ArithmeticError, ValueError):
                continue
            if (np.maximum(truth.lo - values, values - truth.hi) > truth.allowed + size / 10**6).any():
                del waiting[name]
    assert sorted(waiting) == []


@pytest.mark.parametrize("level", CATALOGUES)
def test_requests_obey_the_schema_and_failures_are_read_back(level: LevelName):
    declared, known = Implementation(level=level, sets=("tv",)), level_of(level)
    for question in CATALOGUES[level].questions("tv")[:3]:
        request = {"seq": 1, **known.form.request(declared, question)}
        jsonschema.validate(request, json.loads(protocol_schema()))
        instance = _instance(question)
        assert known.stored(instance, declared) == question


def _instance(question: DiscountedQuestion) -> str:
    return json.dumps({"game": game_to_data(question.model), "policy": policy_to_data(question.policy)})


@pytest.mark.parametrize(
    ("discounts", "said"),
    [
        ([], "horizon and discounts: expected one of them"),
        (["1"], "expected 0 <= discount < 1"),
        (["-1/2"], "expected 0 <= discount < 1"),
        (["1/2", "1/2", "1/2"], "expected one, or one for each agent"),
    ],
)
def test_a_stored_question_with_illegal_discounts_is_refused(discounts: list[str], said: str):
    instance = json.loads(_instance(DISCOUNTED_EVALUATION_CATALOGUE.questions("tv")[0]))
    instance["game"]["discounts"] = discounts
    with pytest.raises(InputError, match=said):
        level_of("discounted-evaluation").stored(
            json.dumps(instance), Implementation(level="discounted-evaluation")
        )


def test_a_game_with_a_horizon_is_no_discounted_one():
    instance = json.dumps({"game": game_to_data(example_game())})
    with pytest.raises(InputError, match="the game has horizon 2; expected one with"):
        level_of("discounted-gap").stored(instance, Implementation(level="discounted-gap"))


def test_a_game_file_alone_is_asked_about_with_uniform_play():
    question = DISCOUNTED_EVALUATION_CATALOGUE.questions("tv")[0]
    document = json.dumps(game_to_data(question.model))
    stored = level_of("discounted-optimum").stored(document, Implementation(level="discounted-optimum"))
    assert stored.discounts == question.discounts
    assert {float(x) for x in stored.policy.weights.ravel()} == {1 / question.game.n_joint_actions}


def test_costs_are_judged_as_costs(package: ModuleType):
    def of_costs(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
        return -package.discounted_optimum(P, -r, rho, gamma)

    def outcomes(function: Callable[..., FloatArray], quantity: str) -> set[str]:
        results = check_implementation(
            function,
            "tv",
            level="discounted-optimum",
            quantity=quantity,
            profile="quick",
            on_fail=None,
            checks=("tv/[so]*",),
            diagnose=None,
        )
        return {check.outcome for check in results}

    assert outcomes(of_costs, "cost") == {"passed"}
    assert "failed" in outcomes(of_costs, "reward")


def test_a_loose_accuracy_at_a_discount_near_one_is_not_judged():
    """A quarter of the span in every backup allows for any value at 0.99, so nobody is accused."""
    questions = DISCOUNTED_EVALUATION_CATALOGUE.questions("tv")
    near_one = next(question for question in questions if max(question.discounts) > Fraction(98, 100))
    with pytest.raises(NumericalError, match=r"allows for any value at the discount 0\.99"):
        certified_discounted_evaluation(near_one, Tolerance(accuracy=Fraction(1, 4)))
