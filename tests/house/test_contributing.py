"""The recipes of CONTRIBUTING.md are short, and each ends in a command that can be run."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^\*\*(An? [\w ]+)\*\*.*\n((?:\d\. .*\n(?:   .*\n)*)+)", TEXT, re.MULTILINE))
WANTED = ["claim", "ledger", "set", "model", "level", "kernel", "adapter", "impostor", "proof"]


def test_there_is_a_recipe_for_everything_that_is_added():
    names = {name.split()[-1] for name in RECIPES}
    assert names >= {*WANTED, "format"}
    assert {"A file format", "A report format"} <= RECIPES.keys()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_has_eight_lines_and_ends_in_a_command(name: str):
    lines = RECIPES[name].strip().split("\n")
    assert [line[:2] for line in lines] == [f"{k}." for k in range(1, 9)]
    assert re.fullmatch(r"8\. `[^`]+`", lines[-1]), lines[-1]


@pytest.mark.parametrize("name", RECIPES)
def test_the_tests_that_a_recipe_runs_are_there(name: str):
    command = RECIPES[name].strip().split("\n")[-1]
    for path in re.findall(r"tests/[\w./-]+", command):
        assert (ROOT / path).exists(), path


def test_the_five_commands_are_five():
    block = re.search(r"## Five commands to green\n\n```console\n(.*?)```", TEXT, re.DOTALL)
    assert block is not None
    assert [line[0] for line in block[1].splitlines()] == ["$"] * 5
