"""The announced time counts the operations of a certificate: its rows, and how long their numbers are."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import drmg_oracles.games._bellman as recursion
import drmg_oracles.games._worst_path as path
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import robust_value_iteration
from drmg_check.sets import Interval, KullbackLeibler, TotalVariation, UncertaintySet
from drmg_check.zoo import load
from drmg_oracles import EXACT_BITS, best_response_exactly
from drmg_oracles.policies import certify
from drmg_oracles.policies._certify import BITS
from drmg_oracles.policies._estimate import count_rows, mean_bits

SIZES = ["states=2&horizon=4", "states=4&horizon=4", "states=4&horizon=8", "states=4&horizon=4&actions=3"]


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count, in its only entry, the worst cases that are asked for."""
    count = [0]

    def counting(rows: Callable[..., Callable[..., object]]) -> Callable[..., Callable[..., object]]:
        def made(*arguments: object) -> Callable[..., object]:
            row = rows(*arguments)

            def counted(*place: object) -> object:
                count[0] += 1
                return row(*place)

            return counted

        return made

    monkeypatch.setattr(recursion, "worst_cases", counting(recursion.worst_cases))
    monkeypatch.setattr(path, "worst_rows", counting(path.worst_rows))
    return count


@pytest.mark.parametrize("planned", ["uniform", "nash", "cce"])
@pytest.mark.parametrize("size", SIZES)
def test_rows_grow_as_they_are_counted(solved: list[int], size: str, planned: str):
    """All of them, but for those that no path meets and those of its last step."""
    game = load(f"random-dirichlet?{size}")
    policy = uniform_policy(game) if planned == "uniform" else robust_value_iteration(game, planned).policy
    certificate = certify(game, policy)
    deviations = 1 if certificate.product else 2
    counted = sum(count_rows(policy, i, deviations) for i in range(game.n_agents))
    assert counted / 2 < solved[0] <= counted


def with_set(game: RobustMarkovGame, uncertainty: UncertaintySet) -> RobustMarkovGame:
    return replace(game, uncertainty=uncertainty, radius=np.full((1, 1, 1, 1), Fraction(1, 8)))


def measured_bits(game: RobustMarkovGame, policy: JointPolicy) -> float:
    """Return the mean over steps of the longest denominator among a step's next values, at least 128."""
    V = best_response_exactly(game, policy, 0).lo[1:]
    return float(np.mean([max(BITS, *(x.denominator.bit_length() for x in step)) for step in V]))


@pytest.mark.parametrize(
    "uncertainty", [TotalVariation(), Interval()], ids=lambda uncertainty: uncertainty.kind
)
@pytest.mark.parametrize("address", ["random?horizon=30", *(f"random-dirichlet?{size}" for size in SIZES)])
def test_exact_values_grow_as_long_as_the_recursion_says(address: str, uncertainty: UncertaintySet):
    """Within a factor of two: of what float64 rows make, and of small fractions that share their sums."""
    game = with_set(load(address), uncertainty)
    for policy in (uniform_policy(game), robust_value_iteration(game, "cce").policy):
        truth = measured_bits(game, policy)
        assert truth / 2 <= mean_bits(game, policy, 0, uncertainty) <= 2 * truth


def test_rounded_values_have_128_bits():
    """Those of a curved set, and all those of a large game."""
    small, large = load("random-dirichlet"), load("random-dirichlet?states=30&horizon=14&actions=2")
    curved = with_set(small, KullbackLeibler())
    assert mean_bits(curved, uniform_policy(curved), 0, KullbackLeibler()) == BITS
    assert mean_bits(large, uniform_policy(large), 0, large.uncertainty[0]) == BITS
    polyhedral = with_set(small, TotalVariation())
    assert BITS < mean_bits(polyhedral, uniform_policy(polyhedral), 0, TotalVariation()) <= EXACT_BITS
