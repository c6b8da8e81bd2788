"""What version 0.1 exported from the vocabulary is still found there."""

import importlib

import pytest

import drmg_check
from drmg_check import models, sets, vocabulary

SETS = (
    *("L1", "UNCERTAINTY_SETS", "ChiSquare", "Contamination", "CressieRead", "FictitiousTotalVariation"),
    *("GameSet", "Hellinger", "Interval", "KullbackLeibler", "ReverseKL", "Row", "Support"),
    *("TotalVariation", "UncertaintySet", "Wasserstein", "check_radius", "game_set_from_data"),
    *("game_set_to_data", "leaves_support", "uncertainty_from_data", "uncertainty_to_data"),
)
MODELS = (
    *("JointPolicy", "RobustMarkovGame", "action_distribution", "check_policy_fits", "deterministic_policy"),
    *("exact_radius", "exact_reward", "is_product", "joint_action", "marginal", "nominal_row"),
    *("product_policy", "row_of", "row_set", "uniform_policy"),
)


@pytest.mark.parametrize(("home", "names"), [(sets, SETS), (models, MODELS)], ids=["sets", "models"])
def test_a_moved_name_is_the_same_object(home: object, names: tuple[str, ...]):
    for name in names:
        assert getattr(vocabulary, name) is getattr(home, name)


def test_it_can_be_imported_by_name():
    from drmg_check.vocabulary import InputError, RobustMarkovGame, Row

    assert (Row, RobustMarkovGame) == (sets.Row, models.RobustMarkovGame)
    assert issubclass(InputError, ValueError)


@pytest.mark.parametrize("name", ["SetFamily", "Jeffreys", "JointPolicies"])
def test_other_names_are_no_attributes(name: str):
    with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
        getattr(vocabulary, name)


def test_the_names_of_the_package_load():
    for name in drmg_check.__all__:
        assert getattr(drmg_check, name) is not None
    assert drmg_check.Row is importlib.import_module("drmg_check.sets").Row
