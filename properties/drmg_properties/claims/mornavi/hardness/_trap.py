"""Appendix D.1, inside the proof: what the trap of Example 1 costs a policy (D4, D7).

In the trap the secret joint action pays 1 and leads back to the good state, which pays 1 a step; every
other action pays 0. With C steps left, tau the step of the escape and q_j the probability to escape at
step j, the value of the trap is V_1 of the recursion V_j = q_j (1 + C - j) + (1 - q_j) V_{j+1}, V_{C+1} = 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
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


def _printed_value(trap: Trap) -> Fraction:
    C, law = len(trap.escape), escape_law(trap.escape)
    return sum((law[j - 1] * (C - j + 2) for j in range(1, C + 1)), Fraction(0))


def _d4_slack(trap: Trap) -> Slack:
    return Slack.of(-abs(trap_value(trap.escape) - _printed_value(trap)))


def _d4_explain(trap: Trap) -> tuple[str, ...]:
    C, law = len(trap.escape), escape_law(trap.escape)
    terms = " + ".join(f"{law[j - 1]} * {C - j + 2}" for j in range(1, C + 1))
    true, printed = trap_value(trap.escape), _printed_value(trap)
    return (
        f"C = {C} step{'s' * (C > 1)} left, escape probabilities q = {vector(trap.escape)}",
        f"P(tau = j), j = 1..{C}: {vector(law)}",
        f"printed: sum_j P(tau = j) (C - j + 2) = {terms} = {printed}",
        f"true value, by V_j = q_j (1 + C - j) + (1 - q_j) V_(j+1): {true}",
        f"slack = -|{true} - {printed}| = {-abs(true - printed)}",
    )


def _corrected_forms(trap: Trap) -> tuple[Fraction, Fraction]:
    C, law = len(trap.escape), escape_law(trap.escape)
    forward = sum((law[j - 1] * (C - j + 1) for j in range(1, C + 1)), Fraction(0))
    return forward, C - wasted_steps(trap.escape)


def _d4_corrected_slack(trap: Trap) -> Slack:
    true = trap_value(trap.escape)
    return Slack.of(-max(abs(true - form) for form in _corrected_forms(trap)))


def _d4_corrected_explain(trap: Trap) -> tuple[str, ...]:
    forward, waste = _corrected_forms(trap)
    return (
        f"C = {len(trap.escape)}, escape probabilities q = {vector(trap.escape)}",
        f"sum_j P(tau = j) (C - j + 1) = {forward}",
        f"C - E[min(tau - 1, C)] = {waste}",
        f"true value, by backward recursion: {trap_value(trap.escape)}",
    )


def _schedules(budget: Budget) -> Iterable[Schedule]:
    for M, C, K in sorted(product((2, 3), (1, 2), (1, 2)), key=sum):
        plans = tuple(product(range(M), repeat=C))
        for plays in product(plans, repeat=K):
            yield Schedule(M, plays)


def _sup_and_sum(case: Schedule) -> tuple[Fraction, Fraction]:
    """Return ``sup over secrets of the summed regret`` and the sum of the suprema (rho = 1)."""
    regret = [[escape_step(plan, secret) - 1 for secret in range(case.M)] for plan in case.plays]
    return Fraction(max(map(sum, zip(*regret, strict=True)))), Fraction(sum(map(max, regret)))


def _d7_slack(case: Schedule) -> Slack:
    together, apart = _sup_and_sum(case)
    return Slack.of(together - apart)


def _d7_explain(case: Schedule) -> tuple[str, ...]:
    together, apart = _sup_and_sum(case)
    lines = [f"N = 1, M = {case.M}, C = {len(case.plays[0])}, K = {len(case.plays)}, rho = 1"]
    for k, plan in enumerate(case.plays):
        regret = [Fraction(escape_step(plan, secret) - 1) for secret in range(case.M)]
        lines.append(f"episode {k + 1} plays {plan}: wasted steps for a* = 0..{case.M - 1}: {vector(regret)}")
    lines.append(f"sup over a* of the sum = {together}; sum over k of the sup = {apart}")
    lines.append(f"slack = {together} - {apart} = {together - apart}")
    return tuple(lines)


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
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
            "probabilities q_1..q_C; slack = -|recursion - printed|."
        ),
        assumptions=("rewards and transitions of Example 1",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="D4.corrected",
        instance_type=Trap,
        search=Generated(_traps),
        derive=twins(_d4_slack, _d4_explain),
    ),
    Claim(
        id="D4.corrected",
        place=f"{PLACE}, step 2",
        title="Escape identity, corrected",
        statement="The value of the trap is E[1(tau <= C) (C - tau + 1)] = C - E[min(tau - 1, C)].",
        latex=r"V_2(s_{bad}) = E\left[1\{\tau \le C\} \, (C - \tau + 1)\right] = C - E[\min(\tau - 1, C)]",
        formalisation="Both forms against the backward recursion; slack = -(the larger difference).",
        assumptions=("rewards and transitions of Example 1",),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Trap,
        search=Generated(_traps),
        derive=twins(_d4_corrected_slack, _d4_corrected_explain),
    ),
    Claim(
        id="D7",
        place=f"{PLACE}, step 4",
        title="Supremum of a sum",
        statement="The worst secret for the summed regret costs the sum over episodes of the worst regrets.",
        latex=r"\sup_{a^*} \sum_{k=1}^K Regret^k(a^*) = \sum_{k=1}^K \sup_{a^*} Regret^k(a^*)",
        formalisation=(
            "One agent, rho = 1, deterministic plans that may differ between episodes; the regret of a plan "
            "is its wasted steps. slack = left - right."
        ),
        assumptions=("Example 1 with N = 1", "the secret is fixed over the K episodes"),
        reading="literal",
        severity="proof",
        expected=Verdict.REFUTED,
        corrected="D2.corrected",
        instance_type=Schedule,
        search=Exhaustive(_schedules),
        derive=twins(_d7_slack, _d7_explain),
    ),
)
