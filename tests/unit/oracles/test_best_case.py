"""Optimistic nature: the best case is minus the worst case of -V, of rows, of games, of every set."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from drmg_check.kernels import best_case_expectations
from drmg_check.models import RobustMarkovGame, row_of, uniform_policy
from drmg_check.planner import evaluate
from drmg_check.referee import check_implementation, diagnose
from drmg_check.sets import Interval, ProbabilityBounds, Row, TotalVariation, UncertaintySet, set_family
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose, enclose_best, evaluate_exactly
from drmg_oracles.games import vertex_kernels
from drmg_properties.strategies import rows_of_any_set

F = Fraction


@given(rows_of_any_set())
def test_worst_case_mean_and_best_case_are_in_order_and_the_kernel_agrees(row: Row):
    low, high = enclose_best(row)
    mean = sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), F(0))
    assert enclose(row).lo <= mean <= high
    assert low <= max(row.values)
    P, V = (np.array([float(x) for x in numbers]) for numbers in (row.probabilities, row.values))
    computed = best_case_expectations(row.uncertainty, P[None], np.array([float(row.radius)]), V)[0]
    assert abs(F(float(computed)) - high) <= F(1, 10**12) * (1 + row.span)


@pytest.mark.parametrize(
    "uncertainty", [TotalVariation(), Interval("nominal"), ProbabilityBounds((0, 0, "1/8"), (1, "1/2", 1))]
)
def test_it_is_attained_at_the_best_vertex(uncertainty: UncertaintySet):
    row = Row.of(uncertainty, ["1/2", "1/2", 0], [3, 1, 5], "1/4")
    best = max(sum((x * v for x, v in zip(q, row.values, strict=True)), F(0)) for q in vertex_kernels(row))
    assert enclose_best(row) == (best, best)


def game() -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=[[["1/2", "1/2"], ["1/4", "3/4"]], [[1, 0], ["1/3", "2/3"]]],
        reward=[[[[0, 0], [0, 0]], [[1, 0], [3, 2]]]],
        radius="1/4",
        uncertainty=TotalVariation(),
        actions=(2,),
        horizon=2,
    )


def test_of_a_game_it_is_the_largest_return_over_all_vertex_kernels():
    played = game()
    policy, last = uniform_policy(played), [F(1, 2), F(5, 2)]
    expected = F(0)
    for a in range(2):
        row = row_of(played.stages[0], 0, 0, a, last)
        expected += (
            max(sum((x * v for x, v in zip(q, last, strict=True)), F(0)) for q in vertex_kernels(row)) / 2
        )
    best = evaluate_exactly(played, policy, nature="best")
    assert best.lo[0, 0, 0] == best.hi[0, 0, 0] == expected
    assert abs(evaluate(played, policy, nature="best").V[0, 0, 0] - float(expected)) < 1e-14
    assert evaluate_exactly(played, policy).lo[0, 0, 0] < expected


@pytest.mark.parametrize("name", ["weighted-l1", "l2", "scenarios"])
def test_whoever_takes_the_best_case_for_the_worst_is_told_so_and_right_if_it_is_declared(name: str):
    """A declared cost is what optimistic code computes: the supremum."""

    def optimist(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        return float(best_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])

    def solve(row: Row) -> float:
        return float(enclose_best(row)[1])

    row = Row.of(set_family(name).make(2), [1, 1], [0, 1], "1/4")
    assert str(diagnose(solve, row.uncertainty, [row])).startswith("agrees with the largest expectation (")
    checks = [f"{name}/oracle/small", f"{name}/smoke/*"]
    results = check_implementation(optimist, name, quantity="cost", profile="quick", checks=checks)
    assert results
    assert {check.outcome for check in results} == {"passed"}
