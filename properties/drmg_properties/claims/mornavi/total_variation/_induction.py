"""Steps of the induction in Lemmas 8-10 and 19-21 that are misprinted (B34, C17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import best_modification_exactly, worst_case_exact
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    both,
    equal,
)
from drmg_properties.claims.steps import action_values, answered_values
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games


@dataclass(frozen=True, slots=True)
class Step:
    """One (s, a): reward r, bonus, and three worst-case expectations of next values.

    ``low`` is that of the pessimistic estimate under the empirical kernel, ``own`` that of the policy and
    ``best`` that of the best response under the true one.
    """

    r: Fraction
    bonus: Fraction
    low: Fraction
    own: Fraction
    best: Fraction

    def __post_init__(self) -> None:
        if min(self.r, self.bonus, self.low, self.own) < 0 or self.best < self.own:
            raise InputError(
                f"r={self.r}, bonus={self.bonus}, low={self.low}, own={self.own}, best={self.best}; "
                "expected numbers >= 0, best >= own"
            )


@dataclass(frozen=True, slots=True)
class Rewards:
    """One state and one action: the rewards of steps 1, 2, ..., H."""

    r: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not self.r or min(self.r) < 0:
            raise InputError(f"r={vector(self.r)}; expected at least one reward, none negative")


def _steps(budget: Budget) -> Iterator[Step]:
    grid = [Fraction(n, budget.size) for n in range(budget.size + 1)]
    for r, low, own, best, bonus in product(*(grid,) * 4, [*grid, Fraction(2)]):
        if best >= own:
            yield Step(r, bonus, low, own, best)


def _pessimism(step: Step, exact_floor: bool) -> Derivation:
    """State (51), with ``0 - Q^dagger`` as printed or with ``0 - Q^pi``."""
    Q_low, Q_own = max(step.r + step.low - step.bonus, Fraction(0)), step.r + step.own
    floor = Q_own if exact_floor else step.r + step.best
    name = "Q^pi" if exact_floor else "Q^dagger"
    right = max(step.low - step.own - step.bonus, -floor)
    return equal(
        Q_low - Q_own,
        right,
        lambda: (
            f"r = {step.r}, bonus = {step.bonus}; worst-case expectations of the next values: pessimistic "
            f"estimate {step.low}, policy {step.own}, best response {step.best}",
            f"(6): Q_low = max(r + {step.low} - bonus, 0) = {Q_low}",
            f"Q^pi = {Q_own}, Q^dagger = {step.r + step.best}; left: Q_low - Q^pi = {Q_low - Q_own}",
            f"right: max({step.low} - {step.own} - {step.bonus}, 0 - {name}) = {right}",
        ),
    )


def _rewards(budget: Budget) -> Iterator[Rewards]:
    for H in range(1, 3 + budget.size):
        for r in product((0, 1), repeat=H):
            yield Rewards(tuple(map(Fraction, r)))


def _same_step(case: Rewards) -> Derivation:
    """State ``Q_1 = r_1 + V_1``."""
    value = sum(case.r, Fraction(0))
    return equal(
        value,
        case.r[0] + value,
        lambda: (
            f"one state, one action, H = {len(case.r)}, rewards {vector(case.r)}",
            f"left: max_phi Q_1 = max_phi V_1 = {value}",
            f"right, as printed: r_1 + sigma(max_phi V_1) = {case.r[0]} + {value}",
        ),
    )


def _two_steps(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2, min_horizon=2, max_horizon=2))


def _modified(play: Play, inside: int) -> Derivation:
    """State that ``max_phi Q_1`` over all modifications of step 2 is ``r + sigma(max_phi V_inside)``."""
    game, policy = play.game, play.policy

    def lines(i: int, s: int, a: int) -> tuple[str, ...]:
        return (
            *describe_play(play),
            f"agent {i}, s{s}, a{a}: left is max_phi Q_1 by exact recursion for every modification of step 2",
            f"right is r + sigma(max_phi V_{inside})",
        )

    parts = []
    for i in range(game.n_agents):
        last = np.full(game.n_states, Fraction(0), dtype=object)
        answered = [
            action_values(game, i, 0, following, worst_case_exact)
            for following in answered_values(play, i, 1, last)
        ]
        best = best_modification_exactly(game, policy, i).lo[inside - 1]
        recursion = action_values(game, i, 0, best, worst_case_exact)
        for s, a in product(range(game.n_states), range(game.n_joint_actions)):
            parts.append(equal(max(Q[s, a] for Q in answered), recursion[s, a], partial(lines, i, s, a)))
    return both(*parts)


_DIFFERENCE = r"\underline{Q}_{i,h} - Q^{\pi}_{i,h} = \max\left\{ \hat\sigma[\underline{V}_{i,h+1}] - "


B34 = Claim(
    id="B34",
    place="Eq. (51), (63), (75)",
    title="The floor of the pessimistic estimate",
    statement=(
        "Q_low - Q^pi = max{ sigma^(V_low) - sigma(V^pi) - bonus, 0 - Q^dagger }, by the Bellman "
        "equation and (6)."
    ),
    latex=_DIFFERENCE + r"\sigma[V^\pi_{i,h+1}] - \beta, \; 0 - Q^{\dagger,\pi_{-i}}_{i,h} \right\}",
    formalisation=(
        "One (s, a) with the worst-case expectations as given numbers. Harmless "
        "for the next line, where the floor is replaced by 0; (53) should carry the variance of the "
        "middle and 2 E[U - L] / H (see B21), and pi_-1 in (56) reads pi_-i."
    ),
    assumptions=("Q_low by (6)",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="B34.corrected",
    instance_type=Step,
    search=Exhaustive(_steps),
    derive=lambda step: _pessimism(step, exact_floor=False),
)
B34_CORRECTED = Claim(
    id="B34.corrected",
    place="Eq. (51), (63), (75)",
    title="The floor of the pessimistic estimate, corrected",
    statement="Q_low - Q^pi = max{ sigma^(V_low) - sigma(V^pi) - bonus, 0 - Q^pi }.",
    latex=_DIFFERENCE + r"\sigma[V^\pi_{i,h+1}] - \beta, \; 0 - Q^{\pi}_{i,h} \right\}",
    formalisation="One (s, a), the worst-case expectations as given numbers.",
    assumptions=("Q_low by (6)",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Step,
    search=Exhaustive(_steps),
    derive=lambda step: _pessimism(step, exact_floor=True),
    neighbours=(Neighbour("0 - Q^dagger, as printed", lambda step: _pessimism(step, exact_floor=False)),),
)
C17 = Claim(
    id="C17",
    place="Eq. (162)-(163)",
    title="The value inside the worst-case expectation",
    statement="max_phi Q_h = r_h + sigma(max_phi V_h), with the value of the same step.",
    latex=(
        r"\max_\phi Q^{\phi \circ \pi}_{i,h}(s,a) = "
        r"r_{i,h}(s,a) + \sigma\left[\max_\phi V^{\phi \circ \pi}_{i,h}\right]"
    ),
    formalisation=(
        "What (162) needs with the index printed, for one state and one action: V_h is the sum of the "
        "rewards from h on; at h = 1. Besides, (143) and (155) conclude Q^dagger "
        "<= Q_up where Q_low <= Q^pi was shown."
    ),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="C17.corrected",
    instance_type=Rewards,
    search=Exhaustive(_rewards),
    derive=_same_step,
)
C17_CORRECTED = Claim(
    id="C17.corrected",
    place="Eq. (162)-(163)",
    title="The value inside the worst-case expectation, of the next step",
    statement="max_phi Q_h = r_h + sigma(max_phi V_{h+1}).",
    latex=(
        r"\max_\phi Q^{\phi \circ \pi}_{i,h}(s,a) = "
        r"r_{i,h}(s,a) + \sigma\left[\max_\phi V^{\phi \circ \pi}_{i,h+1}\right]"
    ),
    formalisation=(
        "Two steps: every modification of the second, by exact recursion, against the worst-case "
        "expectation of the values that are best at every state."
    ),
    assumptions=("total variation",),
    reading="corrected",
    instance_type=Play,
    search=Generated(_two_steps),
    derive=lambda play: _modified(play, 2),
    neighbours=(Neighbour("V of the same step, as printed", lambda play: _modified(play, 1)),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B34,
    B34_CORRECTED,
    C17,
    C17_CORRECTED,
)
