"""``best-response``: what each agent's best response to the others earns.

``f(P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a], pi[h, s, a], actions)`` returns ``V[i, s]`` at the first
step, where agent i answers best to what the others do under pi, whatever pi tells agent i.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

import numpy as np

from drmg_check.models import JointPolicy
from drmg_check.referee.asking import Form, Session
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    average,
    clipping,
    costs_of_responses,
    discounts,
    index_errors,
    lifted_rows,
    myopia,
    negated_answers,
    negated_rewards,
    other_games,
    other_policies,
    other_responses,
    radii,
    responded,
)
from drmg_check.referee.evidence import CertifiedValues, Fault, forgiven_in_a_game
from drmg_check.referee.levels._games import Actions, in_floats, received_game
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_policy import (
    PolicyQuestion,
    diagnosed,
    example_question,
    for_each_agent,
    plain_questions,
    policy_checks,
    policy_failure,
    policy_given,
    policy_lines,
    policy_request,
    policy_tables,
    rewarded,
    rewards_read,
    shrunk,
    stored_policy,
    telling_questions,
)
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import ValueRules, judge_values
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, implementation
from drmg_check.vocabulary import Array, FloatArray
from drmg_oracles import best_response_exactly
from drmg_properties.laws import FLOAT64, Tolerance


@lru_cache(maxsize=1024)
def certified_response(question: PolicyQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return the exact values of best responses at the first step, and the error forgiven.

    Raises
    ------
    NumericalError
        No enclosure at any precision that is tried.
    """
    game, agents = question.game, range(question.game.n_agents)
    best = [best_response_exactly(game, question.policy, i) for i in agents]
    allowed = [forgiven_in_a_game(game, i, best[i].lo, tolerance) for i in agents]
    lo, hi = np.stack([values.lo[0] for values in best]), np.stack([values.hi[0] for values in best])
    return CertifiedValues(lo, hi, for_each_agent(allowed, game.n_states))


_RULES: ValueRules[PolicyQuestion] = ValueRules(
    truth=certified_response,
    place=lambda where: f"V^dagger of agent {where[0]} in s{where[1]}",
    rewarded=rewarded,
    shrunk=shrunk,
    rewards_in=lambda question: question.game.horizon,
)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[PolicyQuestion]]:
    return policy_checks(_RULES, declared, {})


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    return (
        *lifted_rows(uncertainty),
        *negated_answers(),
        *costs_of_responses(difference=False),
        *negated_rewards(),
        myopia(),
        *radii(),
        *discounts(steps=True),
        *clipping(steps=True),
        *other_games(),
        *other_policies(),
        *index_errors(),
        *other_responses(),
        GameAlternative("the policy's own value", "nobody deviates", Recursion(respond=average)),
    )


def _recompute(how: Recursion, tables: Tables) -> Array:
    return how.write(responded(how, how.read(tables)))


RESPONSE_CATALOGUE: ValueCatalogue[PolicyQuestion] = ValueCatalogue(
    entries=_entries,
    questions=telling_questions,
    plain=plain_questions,
    tables=policy_tables,
    recompute=_recompute,
    truth=certified_response,
)
"""What an implementation may compute in place of a best response."""


def _diagnose(session: Session[PolicyQuestion], fault: Fault[PolicyQuestion], _: Diagnose) -> str | None:
    return diagnosed(RESPONSE_CATALOGUE, session, fault)


@implementation("tv", level="best-response", name="worked example")
def best_response(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Return ``V[i, s]`` of each agent's best response."""
    game, policy = received_game(P, r, rho, actions), JointPolicy(pi, actions)
    return in_floats(np.stack([best_response_exactly(game, policy, i).lo[0] for i in range(game.n_agents)]))


_REQUEST = partial(policy_request, "best-response")

BEST_RESPONSE: Level[PolicyQuestion] = Level(
    name="best-response",
    row=TableRow("the same", "`V[i,s]` of each agent's best response to the others", "`V[i][s]`"),
    form=Form(
        given=policy_given,
        request=_REQUEST,
        read=rewards_read,
        states=lambda question: question.game.n_states,
    ),
    checks=_checks,
    verdict=partial(judge_values, _RULES),
    failure=partial(policy_failure, _REQUEST, policy_lines),
    diagnose=_diagnose,
    stored=stored_policy,
    lines=policy_lines,
    examples=(
        Example(
            about="V[i][s] of agent i's best response to pi at the first step",
            function=best_response,
            questions=lambda: (example_question(),),
        ),
    ),
)
