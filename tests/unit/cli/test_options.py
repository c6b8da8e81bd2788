"""What the commands repeat, so as to start without the engine, is what the engine says."""

from drmg_check.cli._audit import audit
from drmg_check.runs import PROFILES
from drmg_properties.audit import DEFAULT_LEDGERS


def test_profiles_and_ledgers_are_those_of_the_engine():
    options = {parameter.name: parameter for parameter in audit.params}
    assert list(options["profile"].type.choices) == list(PROFILES)
    assert tuple(options["ledgers"].default) == DEFAULT_LEDGERS
