"""``discounted-evaluation``: each agent's robust discounted value of a stationary joint policy.

``f(P[s, a, s'], r[i, s, a], rho[i, s, a], gamma[i], pi[s, a], actions)`` returns ``V[i, s]``, the fixed
point of

    V_i(s) = sum_a pi(a|s) [ r_i(s, a) + inf { E_q gamma_i V_i : D_i(q, P(.|s, a)) <= rho_i(s, a) } ].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

import numpy as np

from drmg_check.models import JointPolicy, discounted
from drmg_check.referee.asking import Form, Session
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    best_answer,
    best_joint,
    lifted_rows,
    negated_rewards,
    stationary_values,
    worst_joint,
)
from drmg_check.referee.evidence import CertifiedValues, Fault
from drmg_check.referee.levels._games import Actions, in_floats, received_game
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_discounted import (
    DiscountedQuestion,
    certified_for_ever,
    discounted_checks,
    discounted_given,
    discounted_lines,
    discounted_request,
    discounted_tables,
    entries_for_ever,
    entries_of_many_agents,
    example_discounted,
    of_all_agents,
    plain_discounted,
    rewards_for_ever,
    stored_discounted,
    telling_discounted,
)
from drmg_check.referee.levels._of_policy import diagnosed, policy_failure, rewarded, rewards_read, shrunk
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import ValueRules, judge_values
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, implementation
from drmg_check.vocabulary import Array, FloatArray
from drmg_oracles import evaluate_exactly
from drmg_properties.laws import FLOAT64, Tolerance


@lru_cache(maxsize=1024)
def certified_discounted_evaluation(
    question: DiscountedQuestion, tolerance: Tolerance = FLOAT64
) -> CertifiedValues:
    """Return brackets of the values, and the error forgiven.

    Raises
    ------
    NumericalError
        No enclosure at any precision that is tried, or a declared accuracy that allows for any value.
    """
    values = evaluate_exactly(question.model, question.policy)
    return of_all_agents(
        certified_for_ever(question, i, values.lo[i, 0], values.hi[i, 0], tolerance)
        for i in range(question.game.n_agents)
    )


_RULES: ValueRules[DiscountedQuestion] = ValueRules(
    truth=certified_discounted_evaluation,
    place=lambda where: f"V of agent {where[0]} in s{where[1]}",
    rewarded=rewarded,
    shrunk=shrunk,
    rewards_in=rewards_for_ever,
)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[DiscountedQuestion]]:
    return discounted_checks(_RULES, declared, {})


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    return (
        *lifted_rows(uncertainty),
        *entries_for_ever(),
        *entries_of_many_agents(),
        *negated_rewards(),
        GameAlternative("the best response", "agent i does not obey", Recursion(obey=best_answer)),
        GameAlternative("the best joint action", "max in place of the average", Recursion(obey=best_joint)),
        GameAlternative(
            "the worst joint action", "the adversary chooses it as well", Recursion(obey=worst_joint)
        ),
    )


def _recompute(how: Recursion, tables: Tables) -> Array:
    return how.write(stationary_values(how, how.read(tables), how.obey))


DISCOUNTED_EVALUATION_CATALOGUE: ValueCatalogue[DiscountedQuestion] = ValueCatalogue(
    entries=_entries,
    questions=telling_discounted,
    plain=plain_discounted,
    tables=discounted_tables,
    recompute=_recompute,
    truth=certified_discounted_evaluation,
)
"""What an implementation may compute in place of a stationary policy's value."""


def _diagnose(
    session: Session[DiscountedQuestion], fault: Fault[DiscountedQuestion], _: Diagnose
) -> str | None:
    return diagnosed(DISCOUNTED_EVALUATION_CATALOGUE, session, fault)


@implementation("tv", level="discounted-evaluation", name="worked example")
def discounted_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Return ``V[i, s]`` of the stationary policy."""
    game = discounted(received_game(P[None], r[:, None], rho[:, None], actions), gamma.tolist())
    values = evaluate_exactly(game, JointPolicy(pi[None], actions))
    return in_floats(np.asarray(values.lo[:, 0]))


_REQUEST = partial(discounted_request, "discounted-evaluation")

DISCOUNTED_EVALUATION: Level[DiscountedQuestion] = Level(
    name="discounted-evaluation",
    row=TableRow(
        "f(P[s,a,s'], r[i,s,a], rho[i,s,a], gamma[i], pi[s,a], actions)",
        "`V[i,s]`, each agent's robust discounted value of a stationary policy",
        "`V[i][s]`",
    ),
    form=Form(
        given=discounted_given,
        request=_REQUEST,
        read=rewards_read,
        states=lambda question: question.game.n_states,
    ),
    checks=_checks,
    verdict=partial(judge_values, _RULES),
    failure=partial(policy_failure, _REQUEST, discounted_lines),
    diagnose=_diagnose,
    stored=stored_discounted,
    lines=discounted_lines,
    examples=(
        Example(
            about="V[i][s] of the stationary joint policy pi",
            function=discounted_evaluation,
            questions=lambda: (example_discounted(),),
        ),
    ),
)
