"""Where the text says two things: the clip of eq. (5) against (48), and S^2 or S^3 in iota (B5, B7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import isqrt
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import action_distribution, exact_radius
from drmg_check.vocabulary import Array, Bounds, InputError, Verdict, exact
from drmg_oracles import evaluate_exactly, worst_case_exact
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
)
from drmg_properties.claims.mornavi.total_variation._span import failing_chains
from drmg_properties.claims.steps import mean, span_bound, values_settled
from drmg_properties.formulas import ball, enclose_closely
from drmg_properties.instances import FailingPlay, describe_play, failing_plays
from drmg_properties.strategies import fractions, simple_fractions


@dataclass(frozen=True, slots=True)
class Bonused:
    """A state that pays 1 and is kept, a failure state beside it, and a bonus beta at every step."""

    H: int
    radius: Fraction
    beta: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.H <= 100 or not 0 < self.radius <= 1 or self.beta < 0:
            raise InputError(
                f"H={self.H}, radius={self.radius}, beta={self.beta}; expected 1 <= H <= 100, "
                "0 < radius <= 1, beta >= 0"
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
    radii = [x for x in simple_fractions(0, 1, 1 + budget.size) if x]
    bonuses = (Fraction(0), Fraction(1, 2), Fraction(1))
    return (Bonused(H, rho, beta) for H, rho, beta in product(range(1, 3 + budget.size), radii, bonuses))


def _estimates(case: Bonused) -> list[tuple[int, Fraction, Fraction]]:
    """Return h, the estimate (5) of the state that pays, and min{1/rho, H - h + 1}; the last step first."""
    estimates, following = [], Fraction(0)
    for k in range(1, case.H + 1):
        following = min(1 + (1 - case.radius) * following + case.beta, Fraction(case.H))
        estimates.append((case.H - k + 1, following, span_bound(case.radius, k)))
    return estimates


def _two_clips(case: Bonused) -> Derivation:
    """State that the estimate of every step is at most the clip of (48); the worst step speaks."""

    def lines(h: int) -> tuple[str, ...]:
        return (
            f"H = {case.H}, rho = {case.radius}, beta = {case.beta}; reward 1, failure state of value 0",
            *(
                f"step {step}: (5) gives {estimate}, (48) at most min(1/rho, H - h + 1) = {bound}"
                for step, estimate, bound in _estimates(case)
            ),
            f"left and right at step {h}",
        )

    return both(*(at_most(estimate, bound, partial(lines, h)) for h, estimate, bound in _estimates(case)))


@st.composite
def _bonused_plays(draw: DrawFn, budget: Budget) -> BonusedPlay:
    play = draw(failing_plays(1 + budget.size, 1 + budget.size))
    return BonusedPlay(play, draw(fractions(0, 2, 4)))


def _clipped(case: BonusedPlay, i: int, share: Fraction) -> Array:
    """Return agent i's estimates [H + 1, S] by (5) and (8) with the true kernel, clipped as in (48)."""
    game, policy = case.play.game, case.play.policy
    radius = exact_radius(game.stages[0], i, 0, 0)

    def clip(h: int, s: int, Q: Array) -> Fraction:
        cap = share * span_bound(radius, game.horizon - h)
        return mean(action_distribution(policy, h, s), [min(q + case.beta, cap) for q in Q.tolist()])

    return values_settled(game, i, worst_case_exact, clip)


def _optimism(case: BonusedPlay, share: Fraction = Fraction(1)) -> Derivation:
    """State that the estimates clipped at ``share`` of the clip stay at least V^pi."""
    game = case.play.game
    true = evaluate_exactly(game, case.play.policy).lo
    parts = []
    for i in range(game.n_agents):
        estimates = _clipped(case, i, share)
        for h, s in np.ndindex(game.horizon, game.n_states):
            place = f"at step {h + 1}, s{s}: left = V^pi of agent {i}, right = its estimate"
            own, estimate = exact(true[i, h, s]), exact(estimates[h, s])
            parts.append(at_most(own, estimate, partial(_optimism_lines, case, share, place)))
    return both(*parts)


def _optimism_lines(case: BonusedPlay, share: Fraction, place: str) -> tuple[str, ...]:
    return (
        *describe_play(case.play),
        f"bonus {case.beta} everywhere, estimates clipped at {share} min(1/rho, H - h + 1)",
        place,
    )


def _chain_plays(budget: Budget) -> Iterator[BonusedPlay]:
    """Yield chains without a bonus, whose estimates are at the clip."""
    return (BonusedPlay(play, Fraction(0)) for play in failing_chains(budget))


def _unions(budget: Budget) -> Iterator[Union]:
    deltas = (Fraction(1, 20), Fraction(1, 2))
    for m, S, H, root, delta in product((1, 2, 3), (1, 2, 5), (1, 5), (1, 100), deltas):
        yield Union(m, S, H, root**2, delta)


def _union(case: Union, power: Fraction) -> Derivation:
    """State ``m H S A S K (S H sqrt K) e^(-power iota) <= delta``, iota having S^2."""
    A, K_root = 2**case.m, isqrt(case.K)
    count = case.m * case.S**3 * A * case.H**2 * K_root**3
    level = case.delta / (case.S**2 * A * case.H**2 * K_root**3)
    if power.denominator == 1:
        failures = Bounds.of(count * level**power.numerator)
    else:
        failures = enclose_closely(lambda: count * (ball(level).log() * ball(power)).exp())
    return at_most(
        failures,
        case.delta,
        lambda: (
            f"m = {case.m}, S = {case.S}, A = {A}, H = {case.H}, K = {case.K}, delta = {case.delta}",
            f"{count} inequalities: {case.m} agents, H S A S K, and S H sqrt(K) points of the net",
            f"e^-iota = {level}; left: e^(-{power} iota) for each",
        ),
    )


B5 = Claim(
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
        "same bonus at every step."
    ),
    assumptions=("total variation", "Assumption 1"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B5.corrected",
    instance_type=Bonused,
    search=Exhaustive(_bonused),
    derive=_two_clips,
)
B5_CORRECTED = Claim(
    id="B5.corrected",
    place="Eq. (5) with the clip of (48)",
    title="The smaller clip keeps optimism",
    statement="Clipped at min{1/rho, H - h + 1}, the estimates stay at least V^pi for any bonus >= 0.",
    latex=(
        r"\bar Q_h = \min\left\{ r + \sigma(\bar V_{h+1}) + \beta, \frac{1}{\rho_i}, H - h + 1 \right\} "
        r"\Rightarrow \bar V_h \ge V^\pi_h"
    ),
    formalisation="Estimates with the true kernel, one bonus everywhere.",
    assumptions=("total variation", "Assumption 1", "rewards in [0, 1]"),
    reading="corrected",
    instance_type=BonusedPlay,
    search=Generated(_bonused_plays, _chain_plays),
    derive=_optimism,
    neighbours=(Neighbour("9/10 of the clip", lambda case: _optimism(case, Fraction(9, 10))),),
)
B7 = Claim(
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
        "K is a square, so that all is rational."
    ),
    assumptions=("each inequality fails with probability at most e^-iota",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="B7.corrected",
    instance_type=Union,
    search=Exhaustive(_unions),
    derive=lambda case: _union(case, Fraction(1)),
)
B7_CORRECTED = Claim(
    id="B7.corrected",
    place="Lemma 4",
    title="Twice the logarithm with S^2 covers the union over states and agents",
    statement="Each inequality failing with e^(-2 iota), the union costs at most delta.",
    latex=r"m \cdot H S A \cdot S K \cdot S H \sqrt{K} \cdot e^{-2 \iota} \le \delta",
    formalisation="As B7. The factor 2 is absorbed in c1 and c2.",
    assumptions=("every agent has at least two actions, so that m <= A",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Union,
    search=Exhaustive(_unions),
    derive=lambda case: _union(case, Fraction(2)),
    neighbours=(Neighbour("7/5 iota for 2 iota", lambda case: _union(case, Fraction(7, 5))),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B5,
    B5_CORRECTED,
    B7,
    B7_CORRECTED,
)
