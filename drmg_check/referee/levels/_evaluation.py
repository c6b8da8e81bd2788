"""``evaluation``: each agent's robust value of a joint policy.

``f(P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a], pi[h, s, a], actions)`` returns ``V[i, s]`` at the first
step, by the recursion in :mod:`drmg_check.referee.levels._values`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

from drmg_check.models import JointPolicy
from drmg_check.referee.asking import Form, Session
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    best_answer,
    best_joint,
    clipping,
    discounts,
    independence,
    index_errors,
    lifted_rows,
    myopia,
    negated_answers,
    negated_rewards,
    obeyed,
    other_games,
    other_policies,
    radii,
    worst_joint,
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
from drmg_oracles import evaluate_exactly
from drmg_properties.laws import FLOAT64, Tolerance


@lru_cache(maxsize=1024)
def certified_evaluation(question: PolicyQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return the exact values at the first step, and the error forgiven.

    Raises
    ------
    NumericalError
        No enclosure at any precision that is tried.
    """
    game = question.game
    values = evaluate_exactly(game, question.policy)
    allowed = [forgiven_in_a_game(game, i, values.lo[i], tolerance) for i in range(game.n_agents)]
    return CertifiedValues(values.lo[:, 0], values.hi[:, 0], for_each_agent(allowed, game.n_states))


_RULES: ValueRules[PolicyQuestion] = ValueRules(
    truth=certified_evaluation,
    place=lambda where: f"V of agent {where[0]} in s{where[1]}",
    rewarded=rewarded,
    shrunk=shrunk,
    rewards_in=lambda question: question.game.horizon,
)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[PolicyQuestion]]:
    return policy_checks(_RULES, declared, {})


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    best, every = Recursion(obey=best_answer), Recursion(obey=best_joint)
    harm = Recursion(obey=worst_joint)
    return (
        *lifted_rows(uncertainty),
        *negated_answers(),
        *negated_rewards(),
        myopia(),
        *radii(),
        *discounts(steps=True),
        *clipping(steps=True),
        *other_games(),
        *other_policies(),
        *index_errors(),
        independence(),
        GameAlternative("the best response", "agent i does not obey", best),
        GameAlternative("the best joint action", "max in place of the average", every),
        GameAlternative("the worst joint action", "the adversary chooses it as well", harm),
    )


def _recompute(how: Recursion, tables: Tables) -> Array:
    return how.write(obeyed(how, how.read(tables)))


EVALUATION_CATALOGUE: ValueCatalogue[PolicyQuestion] = ValueCatalogue(
    entries=_entries,
    questions=telling_questions,
    plain=plain_questions,
    tables=policy_tables,
    recompute=_recompute,
    truth=certified_evaluation,
)
"""What an implementation may compute in place of a policy's value."""


def _diagnose(session: Session[PolicyQuestion], fault: Fault[PolicyQuestion], _: Diagnose) -> str | None:
    return diagnosed(EVALUATION_CATALOGUE, session, fault)


@implementation("tv", level="evaluation", name="worked example")
def evaluation(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Return ``V[i, s]`` of the policy."""
    values = evaluate_exactly(received_game(P, r, rho, actions), JointPolicy(pi, actions))
    return in_floats(values.lo[:, 0])


_REQUEST = partial(policy_request, "evaluation")

EVALUATION: Level[PolicyQuestion] = Level(
    name="evaluation",
    row=TableRow(
        "f(P[h,s,a,s'], r[i,h,s,a], rho[i,h,s,a], pi[h,s,a], actions)",
        "`V[i,s]`, each agent's robust value at the first step",
        "`V[i][s]`",
    ),
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
            about="V[i][s] of the joint policy pi at the first step",
            function=evaluation,
            questions=lambda: (example_question(),),
        ),
    ),
)
