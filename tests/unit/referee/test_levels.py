"""Every level has one file, one line in the registry, one signature, one row in each table of the docs."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.referee.asking import GameQuestion, with_radius, with_rewards
from drmg_check.referee.levels import Level, level_of
from drmg_check.referee.levels._backup import BackupQuestion
from drmg_check.referee.levels._learner import LearnerQuestion
from drmg_check.referee.levels._of_policy import PolicyQuestion
from drmg_check.referee.levels._planner import PlannerQuestion
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.targets import Implementation, command_of
from drmg_check.words import LEVELS, SIGNATURES, LevelName

DOCS = Path(__file__).parents[3] / "docs"


def implementation_of(name: LevelName) -> Implementation:
    return Implementation(level=name, sets=("tv",) if SIGNATURES[name].sets else ())


@pytest.mark.parametrize("name", LEVELS)
def test_a_level_stands_in_the_file_of_its_name(name: LevelName):
    module = import_module(f"drmg_check.referee.levels._{command_of(name)}")
    assert getattr(module, command_of(name).upper()) is level_of(name)
    assert level_of(name).name == name
    assert module.__doc__.startswith(f"``{name}``: ")


@pytest.mark.parametrize("name", LEVELS)
def test_requests_hold_every_argument_that_the_function_gets(name: LevelName):
    level, declared = level_of(name), implementation_of(name)
    for example in level.examples:
        for question in example.questions():
            request = level.form.request(replace(declared, sets=_sets_of(level, question)), question)
            assert request["cmd"] == command_of(name)
            assert set(SIGNATURES[name].arguments) <= set(request)
            assert ("concept" in request) == SIGNATURES[name].concept
            assert ("set" in request, "sets" in request) == (
                SIGNATURES[name].sets == 1,
                SIGNATURES[name].sets == 2,
            )


def _sets_of(level: Level[Any], question: object) -> tuple[str, ...]:
    return () if level.name == "equilibrium" else ("tv", "wasserstein:2")


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_has_smoke_contract_and_oracle_checks(name: LevelName):
    checks = list(level_of(name).checks(implementation_of(name)))
    ids = [check.id for check in checks]
    assert len(ids) == len(set(ids))
    assert {check.name.partition("/")[0] for check in checks} >= {"smoke", "contract", "oracle"}
    assert [check.is_smoke for check in checks] == ["/smoke/" in check.id for check in checks]


def test_the_pages_list_the_levels_as_the_registry_does():
    validate = (DOCS / "validate.md").read_text(encoding="utf-8")
    protocol = (DOCS / "protocol.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+)` \| (`f\(.*?\)`|the same) \| (.*) \|$", validate, re.MULTILINE)
    told = [(name, level_of(name).row) for name in LEVELS]
    calls = [row.call if row.call == "the same" else f"`{row.call}`" for _, row in told]
    assert rows == [(name, call, row.returns) for (name, row), call in zip(told, calls, strict=True)]
    assert re.findall(r"^\| `(\S+)` \| `(\w+)` \| (.*) \|$", protocol, re.MULTILINE) == [
        (name, command_of(name), row.value) for name, row in told
    ]


def game(reward: Fraction = Fraction(1, 3), uncertainty: object = TotalVariation()) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=np.array([[["1/2", "1/2"]], [["1/4", "3/4"]]], dtype=object),
        reward=np.array([[[[reward], [0]]]], dtype=object),
        radius=np.array("1/8", dtype=object),
        uncertainty=uncertainty,
        actions=(1,),
        horizon=2,
    )


def policy(weight: int = 1) -> JointPolicy:
    return JointPolicy(np.full((2, 2, 1), Fraction(weight), dtype=object), (1,))


QUESTIONS: dict[str, Callable[[RobustMarkovGame], GameQuestion]] = {
    "backup": lambda g: BackupQuestion(g, (Fraction(0), Fraction(1))),
    "policy": lambda g: PolicyQuestion(g, policy()),
    "plan": lambda g: PlannerQuestion(g, "nash"),
    "run": lambda g: LearnerQuestion(g, "nash", episodes=3, seed=1),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_questions_with_the_same_numbers_are_the_same_question(kind: str):
    ask = QUESTIONS[kind]
    assert ask(game()) == ask(game())
    assert hash(ask(game())) == hash(ask(game()))
    others = [
        ask(game(Fraction(1, 3) + Fraction(1, 10**30))),
        ask(with_rewards(game(), Fraction(1), Fraction(1))),
        ask(with_radius(game(), Fraction(1, 2))),
        ask(game(uncertainty=KullbackLeibler())),
    ]
    assert len({ask(game()), *others}) == 1 + len(others)


def test_questions_that_ask_for_more_differ_in_that_too():
    run = LearnerQuestion(game(), "nash", episodes=3, seed=1)
    assert run != replace(run, seed=2)
    assert run != replace(run, concept="ce")
    assert PlannerQuestion(game(), "nash") != PlannerQuestion(game(), "cce")
    assert BackupQuestion(game(), (Fraction(0), Fraction(1))) != BackupQuestion(game(), (Fraction(0),) * 2)
    assert PlannerQuestion(game(), "nash") != "nash"
