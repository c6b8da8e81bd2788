"""Planners that get their bounds wrong are caught by the sandwich on runs, and the right one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.equilibria import Concept
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import Optimism, OptimisticPlan, optimistic_plan
from drmg_check.sets import KullbackLeibler
from drmg_check.vocabulary import IntArray, Verdict
from drmg_check.zoo import random_fractions
from drmg_properties import Budget, judge
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.sandwich import _sandwich
from drmg_properties.claims.mornavi.sandwich._runs import (
    Event,
    Run,
    event_holds,
    true_sides,
    with_luck,
)

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__

QUICK = Budget(max_examples=40, size=1, seed=0)
Planning = Callable[[RobustMarkovGame, IntArray, Optimism, Concept], OptimisticPlan]


def without_bonus(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Believe the data: only 1/sqrt(K) of the bonus is left, and that of a K which no run has."""
    bare = replace(optimism, c1=0.0, c2=0.0, c3=0.0, cf=0.0, episodes=10**12)
    return optimistic_plan(game, N, bare, concept)


def bonus_added_twice(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Add the bonus to the pessimistic estimate too, instead of subtracting it."""
    plan = optimistic_plan(game, N, optimism, concept)
    return replace(plan, Qlow=plan.Qbar, Vlow=plan.Vbar)


def without_robustness(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Plan for the nominal kernel, whose values are above the robust ones."""
    bare = replace(game, radius=np.zeros(()))
    small = replace(optimism, c1=0.01, c2=0.01, c3=0.0, cf=0.01)
    return optimistic_plan(bare, N, small, concept)


def last_step_only(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Forget the values of the next step."""
    plan = optimistic_plan(game, N, optimism, concept)
    Qbar, Vbar = plan.Qbar.copy(), plan.Vbar.copy()
    Qbar[:, 0], Vbar[:, 0] = Qbar[:, -1], Vbar[:, -2]
    return replace(plan, Qbar=Qbar, Vbar=Vbar)


def counts_reversed(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Count each transition as one to the state at the other end."""
    return optimistic_plan(game, N[..., ::-1], optimism, concept)


def uniform_kernel(
    game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept
) -> OptimisticPlan:
    """Count how often each row was visited, and believe that all states follow alike."""
    visits, S = N.sum(axis=-1, keepdims=True), N.shape[-1]
    return optimistic_plan(game, visits // S + (np.arange(S) < visits % S), optimism, concept)


def bonus_by_20(game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept) -> OptimisticPlan:
    """Divide the whole bonus by 20."""
    small = replace(
        optimism,
        c1=optimism.c1 / 20**2,
        c2=optimism.c2 / 20,
        c3=optimism.c3 / 20,
        cf=optimism.cf / 20,
        episodes=optimism.episodes * 20**2,
    )
    return optimistic_plan(game, N, small, concept)


RUNS = (
    "B12.runs",
    "B12.corrected-runs",
    "B13.runs",
    "B32.runs",
    "B33.runs",
    "C4.runs",
    "C17.cce-runs",
    "C17.ce-runs",
)


@pytest.mark.parametrize("planning", [counts_reversed, uniform_kernel, bonus_by_20])
@pytest.mark.parametrize("name", RUNS)
def test_a_wrong_kernel_and_a_small_bonus_are_refuted(
    planning: Planning, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every claim on runs tells the learner's estimates from those of another kernel and a smaller bonus."""
    monkeypatch.setattr(_sandwich, "estimates_at", planning)
    finding = judge(claim(name), QUICK)
    assert finding.verdict is Verdict.REFUTED, (planning.__doc__, finding)


@pytest.mark.parametrize("name", RUNS)
def test_the_right_planner_is_judged_on_estimates_that_could_be_wrong(name: str) -> None:
    """The least room is that of an estimate: below H, which clipped ones would have."""
    finding = judge(claim(name), QUICK)
    assert finding.verdict is Verdict.ON_A_LIST
    assert finding.undecided <= finding.instances // 2
    assert finding.smallest is not None
    assert finding.smallest.high < 1


def test_a_run_without_a_free_estimate_tells_nothing() -> None:
    """After 40 episodes the printed bonus clips every estimate before the last step."""
    game = random_fractions(agents=1, actions=2, states=2, horizon=2, radius="1/4", seed=0)
    for name in ("B13.runs", "B12.runs"):
        derivation = claim(name).derive(Run(game, 40, 0, Fraction(1)))
        assert not derivation.tells
        assert "not clipped" in derivation.silent


@pytest.mark.parametrize("event", ["counts", "ratios"])
def test_luck_goes_to_the_edge_of_the_event(event: Event) -> None:
    """One draw more to the better state, or to the worse one, and the event fails."""
    game = replace(fair_coin(), reward=np.array([[[[0.0], [0.0]], [[1.0], [0.0]]]]), radius=np.full((), 50.0))
    N = np.full((2, 2, 1, 2), 100, dtype=np.int64)
    sides = true_sides(replace(game, radius=np.zeros(())), uniform_policy(game), "nash")
    for luck, sign in (("good", 1), ("bad", -1)):
        run = Run(game, 200, 0, Fraction(1), luck)
        lucky = with_luck(run, N, sides, event)
        assert lucky[0].sum(axis=-1).tolist() == N[0].sum(axis=-1).tolist()
        assert sign * (int(lucky[0, 0, 0, 0]) - 100) > 0
        assert event_holds(game, lucky, run.iota, sides, event)
        lucky[0, 0, 0] += sign, -sign
        assert not event_holds(game, lucky, run.iota, sides, event)


@pytest.mark.parametrize("planning", [without_bonus, bonus_added_twice, without_robustness, last_step_only])
@pytest.mark.parametrize("name", ["B12.runs", "C4.runs"])
def test_a_planner_with_wrong_bounds_is_refuted(
    planning: Planning, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runs stay those of the right learner; the bounds at their counts are the impostor's."""
    monkeypatch.setattr(_sandwich, "estimates_at", planning)
    finding = judge(claim(name), QUICK)
    assert finding.verdict is Verdict.REFUTED, (planning.__doc__, finding)


@pytest.mark.parametrize(
    ("heads", "iota", "holds"),
    [
        (50, Fraction(1, 100), True),  # Phat = P
        (40, Fraction(1), True),  # |Phat - P| = 1/10 <= sqrt(2 (1/100) (2/5)) + 3/100 = 0.119
        (30, Fraction(1), False),  # 2/10 > sqrt(2 (1/100) (3/10)) + 3/100 = 0.107
        (30, Fraction(8), True),  # t = 8/100: 3 t = 0.24 is enough
    ],
)
def test_the_event_of_a_fair_coin(heads: int, iota: Fraction, holds: bool) -> None:
    game = fair_coin()
    N = np.zeros((2, 2, 1, 2), dtype=np.int64)
    N[0, 0, 0] = heads, 100 - heads
    N[1] = 1, 99  # no value follows the last step
    sides = true_sides(game, uniform_policy(game), "nash")
    assert event_holds(game, N, iota, sides, "counts") is holds


@pytest.mark.parametrize(
    ("heads", "iota", "holds"),
    [
        (49, Fraction(4), True),  # N P_min = 50 >= 12 * 4
        (49, Fraction(5), False),  # 50 < 60, and the bonus is below H = 2 at radius 100
        (50, Fraction(5), True),  # Phat = P
        (40, Fraction(2, 3), True),  # (1/10)^2 <= 3 (2/3) (1/2) / 100 = 1/100
        (39, Fraction(2, 3), False),
    ],
)
def test_the_kl_event_of_a_fair_coin(heads: int, iota: Fraction, holds: bool) -> None:
    game = replace(fair_coin(), radius=np.full((), 100.0))
    N = np.zeros((2, 2, 1, 2), dtype=np.int64)
    N[0, :, 0] = heads, 100 - heads
    N[1] = 1, 99
    assert event_holds(game, N, iota, (), "ratios") is holds


def fair_coin() -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=np.full((2, 1, 2), Fraction(1, 2)),
        reward=np.zeros(()),
        radius=np.zeros(()),
        uncertainty=(KullbackLeibler(),),
        actions=(1,),
        horizon=2,
    )


def test_modifications_earn_more_than_obeying_in_what_the_estimates_must_enclose() -> None:
    """The upper sides of CE are those of NASH for a product policy, and no lower than the own value."""
    game = random_fractions(agents=2, actions=2, states=2, horizon=2, seed=3)
    policy = JointPolicy(np.full((2, 2, 4), 0.25), game.actions)
    for nash, ce in zip(true_sides(game, policy, "nash"), true_sides(game, policy, "ce"), strict=True):
        assert np.array_equal(nash.V[0], ce.V[0])
        assert np.array_equal(nash.Q[1], ce.Q[1])
    upper, lower = true_sides(game, policy, "nash")[:2]
    assert upper.upper
    assert not lower.upper
    assert np.all(upper.V[0] >= lower.V[1])
