"""Every kind of model is complete: it says what a model says, and planner and oracles can drive it."""

import inspect

import pytest

from drmg_check import models
from drmg_check.models import Model
from drmg_check.planner._iterate import drive
from drmg_oracles.games._iterate import forwards, iterate

MEMBERS = {name for name in vars(Model) if not name.startswith("_")}
KINDS = [
    kind
    for _, kind in inspect.getmembers(models, inspect.isclass)
    if kind is not Model and all(hasattr(kind, name) for name in MEMBERS)
]
DRIVERS = {"the planner's": drive, "the oracles'": iterate, "the oracles' way forwards": forwards}


def test_the_kinds_of_models_are_those_that_the_package_exports():
    assert models.RobustMarkovGame in KINDS
    assert models.Stage not in KINDS


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_model_has_every_driver(kind: type, driver: str):
    """A class without one gets the answer of the default, which is an error in words."""
    dispatched = DRIVERS[driver]
    assert dispatched.dispatch(kind) is not dispatched.dispatch(object)
