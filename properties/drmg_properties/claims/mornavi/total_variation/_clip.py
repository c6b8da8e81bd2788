"""Where the text says two things: the clip of eq. (5) against (48), and S^2 or S^3 in iota (B5, B7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import isqrt
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import action_distribution, exact_radius
from drmg_check.vocabulary import Array, InputError, Slack, Verdict
from drmg_oracles import evaluate_exactly, worst_case_exact
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.steps import action_values, mean, span_bound
from drmg_properties.instances import FailingPlay, describe_play, failing_plays
from drmg_properties.strategies import fractions, simple_fractions


@dataclass(frozen=True, slots=True)
class Bonused:
    """A state that pays 1 and is kept, a failure state beside it, and a bonus beta at every step."""

    H: int
    radius: Fraction
    beta: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.H <= 100 or not 0 <= self.radius <= 1 or self.beta < 0:
            raise InputError(
                f"H={self.H}, radius={self.radius}, beta={self.beta}; expected 1 <= H <= 100, "
                "0 <= radius <= 1, beta >= 0"
            )


@dataclass(frozen=True, slots=True, eq=False)
class BonusedPlay:
    """A game with a failure state, a joint policy, and a bonus beta >= 0 at every (h, s, a)."""

    play: FailingPlay
    beta: Fraction

    def __post_init__(self) -> None:
        if self.beta < 0:
            raise InputError(f"beta={self.beta}; expected >= 0")


@dataclass(frozen=True, slots=True)
class Union:
    """m agents with two actions each, S states, H steps, K episodes (a square), and delta."""

    m: int
    S: int
    H: int
    K: int
    delta: Fraction

    def __post_init__(self) -> None:
        if min(self.m, self.S, self.H, self.K) < 1 or isqrt(self.K) ** 2 != self.K or not 0 < self.delta < 1:
            raise InputError(f"{self}; expected sizes >= 1, K a square, 0 < delta < 1")


def _bonused(budget: Budget) -> Iterator[Bonused]:
    radii = simple_fractions(0, 1, 1 + budget.size)
    bonuses = (Fraction(0), Fraction(1, 2), Fraction(1))
    return (Bonused(H, rho, beta) for H, rho, beta in product(range(1, 3 + budget.size), radii, bonuses))


def _estimates(case: Bonused) -> list[tuple[int, Fraction, Fraction]]:
    """Return h, the estimate (5) of the state that pays, and min{1/rho, H - h + 1}; the last step first."""
    found, following = [], Fraction(0)
    for k in range(1, case.H + 1):
        following = min(1 + (1 - case.radius) * following + case.beta, Fraction(case.H))
        found.append((case.H - k + 1, following, span_bound(case.radius, k)))
    return found


def _b5_slack(case: Bonused) -> Slack:
    return Slack.of(min(bound - estimate for _, estimate, bound in _estimates(case)))


def _b5_explain(case: Bonused) -> tuple[str, ...]:
    return (
        f"H = {case.H}, rho = {case.radius}, beta = {case.beta}; reward 1, failure state of value 0",
        *(
            f"step {h}: (5) gives {estimate}, (48) at most min(1/rho, H - h + 1) = {bound}"
            for h, estimate, bound in _estimates(case)
        ),
        f"slack = {_b5_slack(case).low}",
    )


@st.composite
def _bonused_plays(draw: DrawFn, budget: Budget) -> BonusedPlay:
    play = draw(failing_plays(1 + budget.size, 1 + budget.size))
    return BonusedPlay(play, draw(fractions(0, 2, 4)))


def _clipped(case: BonusedPlay, i: int) -> Array:
    """Return agent i's estimates [H + 1, S] by (5) and (8) with the true kernel, clipped as in (48)."""
    game, policy = case.play.game, case.play.policy
    V = np.full((game.horizon + 1, game.n_states), Fraction(0), dtype=object)
    for h in reversed(range(game.horizon)):
        cap = span_bound(exact_radius(game.stages[0], i, 0, 0), game.horizon - h)
        Q = action_values(game, i, h, V[h + 1], worst_case_exact) + case.beta
        V[h] = [
            mean(action_distribution(policy, h, s), [min(q, cap) for q in Q[s].tolist()])
            for s in range(game.n_states)
        ]
    return V


def _clipped_slack(case: BonusedPlay) -> Slack:
    game = case.play.game
    true = evaluate_exactly(game, case.play.policy).lo
    return Slack.of(min((_clipped(case, i) - true[i]).min() for i in range(game.n_agents)))


def _clipped_explain(case: BonusedPlay) -> tuple[str, ...]:
    return (
        *describe_play(case.play),
        f"bonus {case.beta} everywhere, estimates clipped at min(1/rho, H - h + 1)",
        f"slack = least of (estimate - V^pi) = {_clipped_slack(case).low}",
    )


def _unions(budget: Budget) -> Iterator[Union]:
    deltas = (Fraction(1, 20), Fraction(1, 2))
    for m, S, H, root, delta in product((1, 2, 3), (1, 2, 5), (1, 5), (1, 100), deltas):
        yield Union(m, S, H, root**2, delta)


def _failures(case: Union, power: int) -> Fraction:
    """Return ``m H S A S K (S H sqrt K) e^(-power iota)``, iota having S^2."""
    A, root = 2**case.m, isqrt(case.K)
    count = case.m * case.S**3 * A * case.H**2 * root**3
    return Fraction(count * (case.delta / (case.S**2 * A * case.H**2 * root**3)) ** power)


def _union_check(power: int) -> Check[Union]:
    def slack(case: Union) -> Slack:
        return Slack.of(case.delta - _failures(case, power))

    def explain(case: Union) -> tuple[str, ...]:
        A = 2**case.m
        level = "e^-iota" if power == 1 else f"e^(-{power} iota)"
        return (
            f"m = {case.m}, S = {case.S}, A = {A}, H = {case.H}, K = {case.K}, delta = {case.delta}",
            f"inequalities: {case.m} agents, H S A S K, and S H sqrt(K) points of the net",
            f"{level} for each sums to {_failures(case, power)}",
            f"slack = {case.delta} - {_failures(case, power)} = {slack(case).low}",
        )

    return Check(slack, explain)


_ONCE, _TWICE = _union_check(1), _union_check(2)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B5",
        place="Eq. (5) against (48)",
        title="Two clips of the optimistic estimate",
        statement="The estimate of (5), clipped at H, is at most min{1/rho, H - h + 1}, as (48) has it.",
        latex=(
            r"\min\left\{ r + \sigma(\bar V_{h+1}) + \beta, H \right\} "
            r"\le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}"
        ),
        formalisation=(
            "A state that pays 1 and stays, and a failure state to which the adversary moves mass rho; the "
            "same bonus at every step. slack = the least of bound - estimate over steps."
        ),
        assumptions=("total variation", "Assumption 1"),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="B5.corrected",
        instance_type=Bonused,
        search=Exhaustive(_bonused),
        derive=twins(_b5_slack, _b5_explain),
    ),
    Claim(
        id="B5.corrected",
        place="Eq. (5) with the clip of (48)",
        title="The smaller clip keeps optimism",
        statement="Clipped at min{1/rho, H - h + 1}, the estimates stay at least V^pi for any bonus >= 0.",
        latex=(
            r"\bar Q_h = \min\left\{ r + \sigma(\bar V_{h+1}) + \beta, \frac{1}{\rho_i}, H - h + 1 \right\} "
            r"\Rightarrow \bar V_h \ge V^\pi_h"
        ),
        formalisation="Estimates with the true kernel, one bonus everywhere; slack = least difference.",
        assumptions=("total variation", "Assumption 1", "rewards in [0, 1]"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=BonusedPlay,
        search=Generated(_bonused_plays),
        derive=twins(_clipped_slack, _clipped_explain),
    ),
    Claim(
        id="B7",
        place="Theorem 1, eq. (19) and Lemmas 11-13 against Lemmas 4, 7, 16-18, 22-24",
        title="S^2 or S^3 in the logarithm",
        statement="With S^2 in iota the inequalities of event E_TV, each failing with e^-iota, cost delta.",
        latex=(
            r"m \cdot H S A \cdot S K \cdot S H \sqrt{K} \cdot e^{-\iota} \le \delta, \qquad "
            r"\iota = \log\left(\frac{S^2 A H^2 K^{3/2}}{\delta}\right)"
        ),
        formalisation=(
            "The union of Lemma 4 with its net of S H sqrt(K) points, for each of m agents with their own V; "
            "K is a square, so that all is rational. slack = delta - sum."
        ),
        assumptions=("each inequality fails with probability at most e^-iota",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="B7.corrected",
        instance_type=Union,
        search=Exhaustive(_unions),
        derive=twins(_ONCE.slack, _ONCE.explain),
    ),
    Claim(
        id="B7.corrected",
        place="Lemma 4",
        title="Twice the logarithm with S^2 covers the union over states and agents",
        statement="Each inequality failing with e^(-2 iota), the union costs at most delta.",
        latex=r"m \cdot H S A \cdot S K \cdot S H \sqrt{K} \cdot e^{-2 \iota} \le \delta",
        formalisation="As B7. The factor 2 is absorbed in c1 and c2.",
        assumptions=("every agent has at least two actions, so that m <= A",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Union,
        search=Exhaustive(_unions),
        derive=twins(_TWICE.slack, _TWICE.explain),
    ),
)
