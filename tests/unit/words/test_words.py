"""The closed lists of words: one home each, complete wherever they are repeated, free to load."""

import json
import subprocess
import sys
from typing import get_args

from drmg_check.targets import command_of, level_of_command, protocol_schema
from drmg_check.words import CONCEPTS, DIAGNOSED, LEVELS, NO_FAULT, SIGNATURES, FailureKind, LevelName


def test_they_load_neither_numpy_nor_anything_else_of_ours():
    code = "import sys, drmg_check.words; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    free = ("drmg_check.words", "drmg_check.version")
    packages = {
        name for name in loaded.split() if name.startswith(("numpy", "drmg_")) and not name.startswith(free)
    }
    assert packages == {"drmg_check"}


def test_every_level_has_a_signature_and_a_command_of_its_own():
    assert LEVELS == get_args(LevelName) == tuple(SIGNATURES)
    assert [level_of_command(command_of(level)) for level in LEVELS] == list(LEVELS)


def test_the_schema_of_the_protocol_has_the_same_levels_and_concepts():
    schema = json.loads(protocol_schema())["$defs"]
    assert schema["declaration"]["properties"]["level"]["enum"] == list(LEVELS)
    assert schema["concept"]["enum"] == list(CONCEPTS)


def test_kinds_of_failures_have_groups_that_exclude_each_other():
    assert not set(NO_FAULT) & set(DIAGNOSED)
    assert {*NO_FAULT, *DIAGNOSED} < set(FailureKind)
