"""What the commands repeat, so as to start without the engine, is what the engine says."""

from typing import get_args

from drmg_check.cli._audit import audit
from drmg_check.cli._list_claims import SEVERITIES, VERDICTS
from drmg_check.runs import PROFILES
from drmg_check.vocabulary import Verdict
from drmg_properties import Severity
from drmg_properties.audit import DEFAULT_LEDGERS


def test_profiles_and_ledgers_are_those_of_the_engine():
    options = {parameter.name: parameter for parameter in audit.params}
    assert list(options["profile"].type.choices) == list(PROFILES)
    assert tuple(options["ledgers"].default) == DEFAULT_LEDGERS


def test_verdicts_and_severities_are_those_of_the_engine():
    assert list(VERDICTS) == [str(verdict) for verdict in Verdict]
    assert get_args(Severity) == SEVERITIES
