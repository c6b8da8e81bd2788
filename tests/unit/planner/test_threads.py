"""A whole game on one, two or three threads: the same bits."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import (
    best_modification,
    best_response,
    evaluate,
    gaps,
    robust_value_iteration,
)
from drmg_check.sets import FictitiousTotalVariation, GameSet, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load

GAME = load("random-dirichlet?states=7&horizon=3&actions=3")  # 63 rows, which 2 does not divide
POLICY = uniform_policy(GAME)
RUNS: dict[str, Callable[[RobustMarkovGame, JointPolicy, int], object]] = {
    "evaluate": lambda game, policy, n: evaluate(game, policy, threads=n),
    "gaps": lambda game, policy, n: gaps(game, policy, threads=n),
    "best_response": lambda game, policy, n: best_response(game, policy, 1, threads=n),
    "best_modification": lambda game, policy, n: best_modification(game, policy, 1, threads=n),
    "plan": lambda game, policy, n: robust_value_iteration(game, "cce", threads=n),
}


def bits(result: object) -> list[object]:
    """Return everything that a result holds, arrays as bytes."""
    parts = (getattr(result, name) for name in result.__slots__)
    return [
        bits(part)
        if isinstance(part, JointPolicy)
        else part.tobytes()
        if isinstance(part, np.ndarray)
        else part
        for part in parts
    ]


@pytest.mark.parametrize(
    ("name", "uncertainty"),
    [
        *product(RUNS, (TotalVariation(), KullbackLeibler())),
        *product(("evaluate", "gaps", "best_response"), (FictitiousTotalVariation(),)),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_the_number_of_threads_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch, name: str, uncertainty: GameSet
):
    monkeypatch.setattr("drmg_check.kernels._sweep.SHARE", 1)
    game = replace(GAME, uncertainty=uncertainty, radius=np.full((1, 1, 1, 1), 0.2))
    alone, *shared = (bits(RUNS[name](game, POLICY, n)) for n in (1, 2, 3))
    assert shared == [alone, alone]


@pytest.mark.parametrize("name", RUNS)
def test_no_thread_is_refused(name: str):
    with pytest.raises(InputError, match="threads=0"):
        RUNS[name](GAME, POLICY, 0)
