"""Eq. (29)-(32): one variance for all agents, and estimates of a coarse equilibrium (B23, B33)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np

from drmg_check.models import RobustMarkovGame, exact_radius, nominal_row, uniform_policy
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Generated, Neighbour, at_most
from drmg_properties.claims.mornavi.total_variation._equilibria import (
    Told,
    external_gain,
    obeyed_value,
    swap_gain,
)
from drmg_properties.claims.mornavi.total_variation._total_variance import coins, summed_along_play
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


def _radii(case: Radii) -> Derivation:
    """State that no agent's variance at s0 is above that for the smallest radius."""
    row = nominal_row(detour((case.first,)).stages[0], 0, 0)
    values = {radius: _next_values(radius) for radius in (case.first, case.second)}
    own = max(variance(row, V) for V in values.values())
    return at_most(
        own,
        variance(row, values[min(values)]),
        lambda: (
            "s0 leads to now (paid 1) and to later (then paid 1 a step after), probability 1/2 each; H = 3",
            "later leads to the payment for sure, but the adversary moves mass rho to the failure state",
            *(f"rho = {radius}: V_2(now) = {V[1]}, V_2(later) = {V[2]}" for radius, V in values.items()),
            "Var_P*(V_2) = rho^2 / 4; left: the largest of the agents', right: that of the smallest radius",
        ),
    )


def _pairs(budget: Budget) -> Iterator[Radii]:
    """Yield radii whose variances differ by a factor of 10^4, then all pairs of simple ones."""
    yield Radii(Fraction(1), Fraction(1, 100))
    radii = [x for x in simple_fractions(0, 1, 1 + budget.size) if x]
    yield from (Radii(first, second) for first, second in product(radii, radii))


def summed_largest_variance(play: Play) -> Fraction:
    """Return ``sum_h E max_i Var_{P_h}(V_{i,h+1})`` along the nominal play from the initial state."""
    V = evaluate_exactly(play.game, play.policy).lo
    agents = range(play.game.n_agents)
    return summed_along_play(play, lambda h, row: max(variance(row, V[i, h + 1].tolist()) for i in agents))


def _largest(factor: Fraction) -> Callable[[Play], Derivation]:
    """State that the summed variances are at most ``factor min{m, Hb} Hb H``, ``Hb = min{1/rho_min, H}``."""

    def derive(play: Play) -> Derivation:
        game = play.game
        m, H = game.n_agents, game.horizon
        span = span_bound(min(exact_radius(game.stages[0], i, 0, 0) for i in range(m)), H)
        return at_most(
            summed_largest_variance(play),
            factor * min(Fraction(m), span) * span * H,
            lambda: (
                *describe_play(play),
                f"m = {m}, H = {H}, Hb = min(1/rho_min, H) = {span}",
                f"left: sum of E max_i Var along nominal play; right: {factor} min(m, Hb) Hb H",
            ),
        )

    return derive


def _correlated(budget: Budget) -> Iterator[Told]:
    """Yield correlated equilibria for agent 1: payoffs 0 or 1, one profile for each action of both agents."""
    for n in (2, 3):
        for order in permutations(range(n)):
            for flat in product((0, 1), repeat=n * n):
                R = tuple(tuple(map(Fraction, flat[n * a : n * a + n])) for a in range(n))
                case = Told(R, tuple(enumerate(order)))
                if swap_gain(case) <= 0:
                    yield case


def _fixed(case: Told, share: Fraction = Fraction(1)) -> Derivation:
    """State that the best fixed action earns at most ``share U``."""
    swap, external, obeyed = swap_gain(case), external_gain(case), obeyed_value(case)
    return at_most(
        external + obeyed,
        share * obeyed,
        lambda: (
            f"agent 1's payoffs Qbar1 = {', '.join(map(vector, case.R))}, true payoffs not above them",
            f"profiles told, each with probability {Fraction(1, len(case.profiles))}: {case.profiles}",
            f"answering each recommendation on its own gains {swap}: it is a CE of Qbar",
            f"left: the best fixed action, at least V^dagger; U = E_pi Qbar = {obeyed}; right = {share} U",
        ),
    )


B23 = Claim(
    id="B23",
    place="Eq. (29)-(32)",
    title="The variance of the smallest radius in the place of each agent's",
    statement=(
        "In the recursion each Var[V_i^{pi, rho_i}] may be replaced by that of V^{pi, rho_min}, since values "
        "grow as the radius shrinks."
    ),
    latex=(
        r"\max_i Var_{P^*_h}\left[V^{\pi,\rho_i}_{i,h+1}\right] \le "
        r"Var_{P^*_h}\left[V^{\pi,\rho_{min}}_{h+1}\right]"
    ),
    formalisation=(
        "A family of games with five states, two agents paid alike and one action each; exact values at s0, "
        "step 1. As rho_min falls, the left side stays rho^2 / 4."
    ),
    assumptions=("Assumption 1", "equal rewards, so that V^{pi, rho_min} needs no agent"),
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="B23.corrected",
    instance_type=Radii,
    search=Exhaustive(_pairs),
    derive=_radii,
)
B23_CORRECTED: Claim[FailingPlay] = Claim(
    id="B23.corrected",
    place="Eq. (29)-(32) and (40)",
    title="The largest of the agents' variances, summed",
    statement=(
        "With max_i Var[V_i^{pi, rho_i}] in (29), its expected sum over an episode is at most 2 min{m, Hb} "
        "Hb H, Hb = min{1/rho_min, H}."
    ),
    latex=(
        r"\sum_{h=1}^H E_{P^*,\pi} \max_i Var_{P^*_h}\left(V^{\pi,\rho_i}_{i,h+1}\right) \le "
        r"2 \min\{m, \bar H\} \bar H H, \quad \bar H = \min\{\rho_{min}^{-1}, H\}"
    ),
    formalisation="Nominal play from the initial state, exactly.",
    assumptions=("Assumption 1", "rewards in [0, 1]", "total variation"),
    reading="corrected",
    instance_type=FailingPlay,
    search=Generated(lambda budget: failing_plays(1 + budget.size, 2 + budget.size), coins),
    derive=_largest(Fraction(2)),
    neighbours=(Neighbour("1/5 for 2", _largest(Fraction(1, 5))),),
)
B33 = Claim(
    id="B33",
    place="Lemma 10, titled CE, whose proof bounds the best response",
    title="A correlated equilibrium bounds what a fixed deviation earns",
    statement="If EQUILIBRIUM is CE and Qbar >= Q^dagger, then V^dagger <= Vbar.",
    latex=r"V^{\dagger,\pi_{-i}}_i \le \overline{V}_i \quad \text{if } \pi \in CE(\overline{Q})",
    formalisation=(
        "One stage, payoffs 0 or 1, correlated equilibria that tell one profile for each action. It "
        "says nothing of gap_CE, which needs the bound on swaps of B32."
    ),
    assumptions=("Qbar >= Q^dagger",),
    severity="typo",
    expected=Verdict.ON_A_LIST,
    instance_type=Told,
    search=Exhaustive(_correlated),
    derive=_fixed,
    neighbours=(Neighbour("9/10 of Vbar", lambda case: _fixed(case, Fraction(9, 10))),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B23,
    B23_CORRECTED,
    B33,
)
