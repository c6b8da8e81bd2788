"""Appendix D.1, inside the proof: what the trap of Example 1 costs a policy (D4, D7).

In the trap the secret joint action pays 1 and leads back to the good state, which pays 1 a step; every
other action pays 0. With C steps left, tau the step of the escape and q_j the probability to escape at
step j, the value of the trap is V_1 of the recursion V_j = q_j (1 + C - j) + (1 - q_j) V_{j+1}, V_{C+1} = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.vocabulary import InputError, Verdict
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
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions

A = TypeVar("A")  # an action, or a joint one
PLACE = "Appendix D.1, proof of Theorem 3"
MAX_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Trap:
    """A policy in the trap: ``escape[j]`` is the probability to play the secret at step j + 1."""

    escape: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.escape) <= MAX_STEPS or not all(0 <= q <= 1 for q in self.escape):
            raise InputError(f"escape={vector(self.escape)}; expected 1 to {MAX_STEPS} probabilities")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One agent with M actions in the trap: ``plays[k][j]`` is the action of episode k at step j."""

    M: int
    plays: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        lengths = {len(plan) for plan in self.plays}
        if len(lengths) != 1 or 0 in lengths or any(not 0 <= a < self.M for plan in self.plays for a in plan):
            raise InputError(
                f"plays={self.plays}; expected equally long plans of actions 0..{self.M - 1}, one an episode"
            )


def trap_value(escape: tuple[Fraction, ...]) -> Fraction:
    """Return the value of the trap by backward recursion."""
    value = Fraction(0)
    for later, q in enumerate(reversed(escape)):
        value = q * (1 + later) + (1 - q) * value
    return value


def escape_law(escape: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Return ``P(tau = j)`` for j = 1..C."""
    law, held = [], Fraction(1)
    for q in escape:
        law.append(held * q)
        held *= 1 - q
    return tuple(law)


def wasted_steps(escape: tuple[Fraction, ...]) -> Fraction:
    """Return ``E[min(tau - 1, C)]``, the tail sum of ``P(tau > j)``."""
    total, held = Fraction(0), Fraction(1)
    for q in escape:
        held *= 1 - q
        total += held
    return total


def escape_step(plan: tuple[A, ...], secret: A) -> int:
    """Return tau: the step (from 1) at which the plan plays the secret, C + 1 if never."""
    return plan.index(secret) + 1 if secret in plan else len(plan) + 1


def _traps(budget: Budget) -> SearchStrategy[Trap]:
    return st.lists(fractions(0, 1, 6), min_size=1, max_size=2 + 2 * budget.size).map(
        lambda q: Trap(tuple(q))
    )


def _escape(extra: int) -> Callable[[Trap], Derivation]:
    """Derive that the value of the trap is ``E[1(tau <= C) (C - tau + extra)]``."""

    def derive(trap: Trap) -> Derivation:
        C, law = len(trap.escape), escape_law(trap.escape)
        forward = sum((law[j - 1] * (C - j + extra) for j in range(1, C + 1)), Fraction(0))
        terms = " + ".join(f"{law[j - 1]} * {C - j + extra}" for j in range(1, C + 1))
        true = trap_value(trap.escape)
        return equal(
            true,
            forward,
            lambda: (
                f"C = {C} step{'s' * (C > 1)} left, escape probabilities q = {vector(trap.escape)}",
                f"P(tau = j), j = 1..{C}: {vector(law)}",
                f"sum_j P(tau = j) (C - j + {extra}) = {terms} = {forward}",
                f"true value, by V_j = q_j (1 + C - j) + (1 - q_j) V_(j+1): {true}",
            ),
        )

    return derive


def _escape_corrected(trap: Trap) -> Derivation:
    """Derive both forms of the corrected identity."""
    forward, C = _escape(1)(trap), len(trap.escape)
    waste = wasted_steps(trap.escape)
    return both(
        forward,
        equal(
            trap_value(trap.escape),
            C - waste,
            lambda: (*forward.lines(), f"C - E[min(tau - 1, C)] = {C} - {waste} = {C - waste}"),
        ),
    )


def _schedules(budget: Budget) -> Iterable[Schedule]:
    for M, C, K in sorted(product((2, 3), (1, 2), (1, 2)), key=sum):
        plans = tuple(product(range(M), repeat=C))
        for plays in product(plans, repeat=K):
            yield Schedule(M, plays)


def _sup_of_sum(case: Schedule) -> Derivation:
    """Derive that the largest summed regret is the sum of the largest ones (rho = 1)."""
    regret = [[escape_step(plan, secret) - 1 for secret in range(case.M)] for plan in case.plays]
    together, apart = max(map(sum, zip(*regret, strict=True))), sum(map(max, regret))

    def lines() -> tuple[str, ...]:
        wasted = (
            f"episode {k + 1} plays {plan}: wasted steps for a* = 0..{case.M - 1}: {row}"
            for k, (plan, row) in enumerate(zip(case.plays, regret, strict=True))
        )
        return (
            f"N = 1, M = {case.M}, C = {len(case.plays[0])}, K = {len(case.plays)}, rho = 1",
            *wasted,
            f"sup over a* of the sum = {together}; sum over k of the sup = {apart}",
        )

    return equal(together, apart, lines)


D4 = Claim(
    id="D4",
    place=f"{PLACE}, step 2",
    title="Escape identity",
    statement=(
        "With C steps left in the trap and tau the step of the escape, the value of the trap is "
        "E[1(tau <= C) (C - tau + 2)]."
    ),
    latex=r"V_2(s_{bad}) = E\left[1\{\tau \le C\} \, (C - \tau + 2)\right]",
    formalisation=(
        "The escape pays 1, each later step pays 1. The value is the backward recursion over any escape "
        "probabilities q_1..q_C."
    ),
    assumptions=("rewards and transitions of Example 1",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="D4.corrected",
    instance_type=Trap,
    search=Generated(_traps),
    derive=_escape(2),
)
D4_CORRECTED = replace(
    D4,
    id="D4.corrected",
    title="Escape identity, corrected",
    statement="The value of the trap is E[1(tau <= C) (C - tau + 1)] = C - E[min(tau - 1, C)].",
    latex=r"V_2(s_{bad}) = E\left[1\{\tau \le C\} \, (C - \tau + 1)\right] = C - E[\min(\tau - 1, C)]",
    formalisation="Both forms against the backward recursion.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    derive=_escape_corrected,
    neighbours=(
        Neighbour("C - tau + 2", _escape(2)),
        Neighbour("C - tau", _escape(0)),
    ),
)
D7 = Claim(
    id="D7",
    place=f"{PLACE}, step 4",
    title="Supremum of a sum",
    statement="The worst secret for the summed regret costs the sum over episodes of the worst regrets.",
    latex=r"\sup_{a^*} \sum_{k=1}^K Regret^k(a^*) = \sum_{k=1}^K \sup_{a^*} Regret^k(a^*)",
    formalisation=(
        "One agent, rho = 1, deterministic plans that may differ between episodes; the regret of a plan "
        "is its wasted steps."
    ),
    assumptions=("Example 1 with N = 1", "the secret is fixed over the K episodes"),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="D2.corrected",
    instance_type=Schedule,
    search=Exhaustive(_schedules),
    derive=_sup_of_sum,
)

CLAIMS: tuple[Claim[Any], ...] = (D4, D4_CORRECTED, D7)
