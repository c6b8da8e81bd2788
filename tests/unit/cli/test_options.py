"""What the commands repeat, so as to start without the engine, is what the engine says."""

from drmg_check.cli._audit import audit
from drmg_check.cli._options import LEVELS
from drmg_check.cli._replay import DEFAULT_RUN as RUN_TO_REPLAY
from drmg_check.targets import LEVELS as LEVELS_OF_TARGETS
from drmg_properties.audit import DEFAULT_LEDGER, DEFAULT_RUN, PROFILES


def test_profiles_ledger_and_folder_are_those_of_the_engine():
    options = {parameter.name: parameter for parameter in audit.params}
    assert list(options["profile"].type.choices) == list(PROFILES)
    assert options["ledger"].default == DEFAULT_LEDGER
    assert str(RUN_TO_REPLAY) == DEFAULT_RUN == str(options["out"].default / "audit.ndjson")


def test_levels_are_those_of_targets():
    assert LEVELS == LEVELS_OF_TARGETS
