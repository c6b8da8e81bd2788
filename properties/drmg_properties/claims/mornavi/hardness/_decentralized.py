"""Theorem 3 says "decentralized", the main text "any algorithm": for the Initial Shock the two are one (D12).

Nothing is learned in the trap before the secret is played, so that any learner is a mixture of open-loop
plans, and against a secret drawn uniformly it loses what the best plan loses. A plan whose every agent shifts
its own actions by a private draw loses that for every secret: the shifts of all agents together are uniform
over the joint actions, with nothing said between the agents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, equal
from drmg_properties.claims.mornavi.hardness._shock_game import (
    Action,
    Plan,
    average,
    describe_shock,
    joint_actions,
    plans,
    regret,
    shocks_by_plans,
)
from drmg_properties.claims.steps import Shock

FEW, MORE = 70, 700
"""Plans up to which all are tried."""


def _games(budget: Budget) -> Iterator[Shock]:
    return (shock for shock in shocks_by_plans(FEW if budget.size == 1 else MORE) if shock.N > 1)


def _private(shock: Shock) -> tuple[Action, ...]:
    """Return the shifts that agents draw each by itself: all of them, each as likely."""
    return joint_actions(shock)


def _common(shock: Shock) -> tuple[Action, ...]:
    """Return the shifts of agents that all read the same draw."""
    return tuple((shift,) * shock.N for shift in range(shock.M))


def _none(shock: Shock) -> tuple[Action, ...]:
    return ((0,) * shock.N,)


def _shifted(plan: Plan, shift: Action, M: int) -> Plan:
    return tuple(tuple((x + y) % M for x, y in zip(a, shift, strict=True)) for a in plan)


def _played_apart(shifts: Callable[[Shock], tuple[Action, ...]]) -> Callable[[Shock], Derivation]:
    """Derive that the best plan, shifted, loses for its worst secret what no learner loses less than."""

    def derive(shock: Shock) -> Derivation:
        plan = min(plans(shock), key=lambda plan: average(shock, plan, "nash"))
        least, drawn = average(shock, plan, "nash"), shifts(shock)
        shifted = [_shifted(plan, shift, shock.M) for shift in drawn]
        lost = {
            secret: Fraction(sum(regret(each, secret, "nash") for each in shifted), len(drawn))
            for secret in joint_actions(shock)
        }
        worst = max(lost, key=lambda secret: lost[secret])
        return equal(
            lost[worst],
            least,
            lambda: (
                describe_shock(shock),
                f"any learner is a mixture of plans; the least average regret of a plan, of {plan}: {least}",
                f"its agents shift their own actions by one of {len(drawn)} draws, each as likely",
                f"the regret for the worst secret, {worst}, is then {lost[worst]}",
            ),
        )

    return derive


D12 = Claim(
    id="D12",
    place="Theorem 3",
    title="Agents that do not talk lose no more than one learner for all",
    statement=(
        "Decentralized learners of the Initial Shock have the least worst-case NASH regret that any "
        "algorithm has: 'every decentralized learner' of Theorem 3 and 'any algorithm' bound the same."
    ),
    latex=(
        r"\min_{ALG_1 \times \dots \times ALG_N} \max_{a^*} E[Regret_{NASH}] "
        r"= \min_{ALG} \max_{a^*} E[Regret_{NASH}]"
    ),
    formalisation=(
        "A finding beyond the table of claims. The best of all plans by its average over the secrets, which "
        "no learner beats, against the worst secret of that plan when each agent shifts its own actions by a "
        "private uniform draw."
    ),
    assumptions=("benchmark = nash", "Example 1", "a plan that all agents know before"),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_games),
    derive=_played_apart(_private),
    neighbours=(
        Neighbour("one shift for all agents", _played_apart(_common)),
        Neighbour("without a draw", _played_apart(_none)),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (D12,)
