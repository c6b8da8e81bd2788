"""Eq. (29)-(32): one variance for all agents, and estimates of a coarse equilibrium (B23, B33)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np

from drmg_check.models import RobustMarkovGame, exact_radius, nominal_row, uniform_policy
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.total_variation._equilibria import Told, external_gain, swap_gain
from drmg_properties.claims.mornavi.total_variation._total_variance import summed_along_play
from drmg_properties.claims.steps import span_bound, variance
from drmg_properties.formulas import vector
from drmg_properties.instances import FailingPlay, Play, describe_play, failing_plays
from drmg_properties.strategies import simple_fractions


@dataclass(frozen=True, slots=True)
class Radii:
    """The radii of two agents who are paid alike."""

    first: Fraction
    second: Fraction

    def __post_init__(self) -> None:
        if not (0 < self.first <= 1 and 0 < self.second <= 1):
            raise InputError(f"{self}; expected radii in (0, 1]")


def detour(radii: tuple[Fraction, ...]) -> RobustMarkovGame:
    """Return a game whose two next states are worth 1 and 1 - rho.

    States: the start s0, ``now`` (paid 1 at once), ``later`` (leads to ``then``, which is paid 1), ``then``
    and a failure state, to which ``now`` and ``then`` lead. s0 leads to ``now`` and to ``later`` alike.
    """
    half, one, none = Fraction(1, 2), Fraction(1), Fraction(0)
    P = np.full((5, 1, 5), none, dtype=object)
    P[0, 0, 1] = P[0, 0, 2] = half
    P[1, 0, 4] = P[2, 0, 3] = P[3, 0, 4] = P[4, 0, 4] = one
    reward = np.full((1, 1, 5, 1), none, dtype=object)
    reward[0, 0, 1] = reward[0, 0, 3] = one
    return RobustMarkovGame(
        transition=P,
        reward=np.repeat(reward, len(radii), axis=0),
        radius=np.array(radii, dtype=object).reshape(-1, 1, 1, 1),
        uncertainty=(TotalVariation(),) * len(radii),
        actions=(1,) * len(radii),
        horizon=3,
    )


def _next_values(radius: Fraction) -> tuple[Fraction, ...]:
    """Return ``V_2`` of an agent with that radius, by the exact recursion on the game."""
    game = detour((radius,))
    return tuple(evaluate_exactly(game, uniform_policy(game)).lo[0, 1].tolist())


def _variances(case: Radii) -> tuple[Fraction, Fraction]:
    """Return the largest variance of an agent's own value at s0, and that for the smallest radius."""
    row = nominal_row(detour((case.first,)).stages[0], 0, 0)
    each = [variance(row, _next_values(radius)) for radius in (case.first, case.second)]
    return max(each), variance(row, _next_values(min(case.first, case.second)))


def _radii_slack(case: Radii) -> Slack:
    own, proxy = _variances(case)
    return Slack.of(proxy - own)


def _radii_explain(case: Radii) -> tuple[str, ...]:
    own, proxy = _variances(case)
    lines = [
        f"rho = {radius}: V_2(now) = {V[1]}, V_2(later) = {V[2]}"
        for radius in (case.first, case.second)
        for V in (_next_values(radius),)
    ]
    return (
        "s0 leads to now (paid 1) and to later (then paid 1 a step after) with probability 1/2 each; H = 3",
        "later leads to the payment for sure, but the adversary moves mass rho to the failure state",
        *lines,
        f"Var_P*(V_2) = rho^2 / 4: at most {own} over the agents, {proxy} for the smallest radius",
        f"slack = {proxy} - {own} = {proxy - own}",
    )


def _pairs(budget: Budget) -> Iterator[Radii]:
    radii = [x for x in simple_fractions(0, 1, 1 + budget.size) if x]
    return (Radii(one, two) for one, two in product(radii, radii))


def summed_largest_variance(play: Play) -> Fraction:
    """Return ``sum_h E max_i Var_{P_h}(V_{i,h+1})`` along the nominal play from the initial state."""
    V = evaluate_exactly(play.game, play.policy).lo
    agents = range(play.game.n_agents)
    return summed_along_play(play, lambda h, row: max(variance(row, V[i, h + 1].tolist()) for i in agents))


def _allowed(play: Play) -> tuple[int, Fraction, Fraction]:
    """Return m, ``Hb = min{1/rho_min, H}`` and ``2 min{m, Hb} Hb H``."""
    game = play.game
    least = min(exact_radius(game.stages[0], i, 0, 0) for i in range(game.n_agents))
    span = span_bound(least, game.horizon)
    return game.n_agents, span, 2 * min(Fraction(game.n_agents), span) * span * game.horizon


def _largest_slack(play: Play) -> Slack:
    return Slack.of(_allowed(play)[2] - summed_largest_variance(play))


def _largest_explain(play: Play) -> tuple[str, ...]:
    m, span, allowed = _allowed(play)
    total = summed_largest_variance(play)
    return (
        *describe_play(play),
        f"m = {m}, Hb = min(1/rho_min, H) = {span}",
        f"sum of the largest variances {total}, allowed 2 min(m, Hb) Hb H = {allowed}",
        f"slack = {allowed - total}",
    )


def _correlated(budget: Budget) -> Iterator[Told]:
    """Yield correlated equilibria for agent 1: payoffs 0 or 1, one profile for each action of both agents."""
    for n in (2, 3):
        for order in permutations(range(n)):
            for flat in product((0, 1), repeat=n * n):
                R = tuple(tuple(map(Fraction, flat[n * a : n * a + n])) for a in range(n))
                case = Told(R, tuple(enumerate(order)))
                if swap_gain(case) <= 0:
                    yield case


def _correlated_slack(case: Told) -> Slack:
    return Slack.of(-external_gain(case))


def _correlated_explain(case: Told) -> tuple[str, ...]:
    return (
        f"agent 1's payoffs Qbar1 = {', '.join(map(vector, case.R))}, true payoffs not above them",
        f"profiles told, each with probability {Fraction(1, len(case.profiles))}: {case.profiles}",
        f"answering each recommendation on its own gains {swap_gain(case)}: it is a CE of Qbar",
        f"a fixed action gains {external_gain(case)} over U = E_pi Qbar",
        f"slack = U - V^dagger >= {_correlated_slack(case).low}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B23",
        place="Eq. (29)-(32)",
        title="The variance of the smallest radius in the place of each agent's",
        statement=(
            "In the recursion each Var[V_i^{pi, rho_i}] may be replaced by that of V^{pi, rho_min}, "
            "since values "
            "grow as the radius shrinks."
        ),
        latex=(
            r"\max_i Var_{P^*_h}\left[V^{\pi,\rho_i}_{i,h+1}\right] \le "
            r"Var_{P^*_h}\left[V^{\pi,\rho_{min}}_{h+1}\right]"
        ),
        formalisation=(
            "A family of games with five states, two agents paid alike and one action each; exact values "
            "at s0, "
            "step 1. As rho_min falls, the left side stays rho^2 / 4. slack = right - left."
        ),
        assumptions=("Assumption 1", "equal rewards, so that V^{pi, rho_min} needs no agent"),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="B23.corrected",
        instance_type=Radii,
        search=Exhaustive(_pairs),
        derive=twins(_radii_slack, _radii_explain),
    ),
    Claim(
        id="B23.corrected",
        place="Eq. (29)-(32) and (40)",
        title="The largest of the agents' variances, summed",
        statement=(
            "With max_i Var[V_i^{pi, rho_i}] in (29), its expected sum over an episode is at most 2 "
            "min{m, Hb} Hb H, "
            "Hb = min{1/rho_min, H}."
        ),
        latex=(
            r"\sum_{h=1}^H E_{P^*,\pi} \max_i Var_{P^*_h}\left(V^{\pi,\rho_i}_{i,h+1}\right) \le "
            r"2 \min\{m, \bar H\} \bar H H, \quad \bar H = \min\{\rho_{min}^{-1}, H\}"
        ),
        formalisation="Nominal play from the initial state, exactly; slack = right - left.",
        assumptions=("Assumption 1", "rewards in [0, 1]", "total variation"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=FailingPlay,
        search=Generated(lambda budget: failing_plays(1 + budget.size, 2 + budget.size)),
        derive=twins(_largest_slack, _largest_explain),
    ),
    Claim(
        id="B33",
        place="Lemma 10, titled CE, whose proof bounds the best response",
        title="A correlated equilibrium bounds what a fixed deviation earns",
        statement="If EQUILIBRIUM is CE and Qbar >= Q^dagger, then V^dagger <= Vbar.",
        latex=r"V^{\dagger,\pi_{-i}}_i \le \overline{V}_i \quad \text{if } \pi \in CE(\overline{Q})",
        formalisation=(
            "One stage, payoffs 0 or 1, correlated equilibria that tell one profile for each action. It says "
            "nothing of gap_CE, which needs the bound on swaps of B32. slack = U - the best fixed "
            "action's value."
        ),
        assumptions=("Qbar >= Q^dagger",),
        reading="literal",
        severity="typo",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Told,
        search=Exhaustive(_correlated),
        derive=twins(_correlated_slack, _correlated_explain),
    ),
)
