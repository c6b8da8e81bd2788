"""``discounted-gap``: what each agent gains by leaving a stationary joint policy for ever.

``f(P[s, a, s'], r[i, s, a], rho[i, s, a], gamma[i], pi[s, a], actions)`` returns ``gap[i, s]``, the
discounted value of a best response less that of the policy: the NE gap of a product policy, the CCE gap of a
correlated one. Against others who are stationary a stationary response is as good as any.
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
    costs_of_responses,
    lifted_rows,
    other_responses,
    stationary_values,
)
from drmg_check.referee.evidence import CertifiedValues, Fault
from drmg_check.referee.levels._discounted_evaluation import certified_discounted_evaluation
from drmg_check.referee.levels._games import Actions, in_floats, received_game
from drmg_check.referee.levels._gap import difference, gap_rules, sign_of_gaps
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
    stored_discounted,
    telling_discounted,
)
from drmg_check.referee.levels._of_policy import diagnosed, differences_read, policy_failure
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import ValueRules, judge_values
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, implementation
from drmg_check.vocabulary import Array, FloatArray
from drmg_oracles import best_response_exactly, gap_exactly
from drmg_properties.laws import FLOAT64, Tolerance


@lru_cache(maxsize=1024)
def certified_discounted_response(
    question: DiscountedQuestion, tolerance: Tolerance = FLOAT64
) -> CertifiedValues:
    """Return brackets of the best responses' values, and the error forgiven; errors as for the policy's."""
    each = (best_response_exactly(question.model, question.policy, i) for i in range(question.game.n_agents))
    return of_all_agents(
        certified_for_ever(question, i, best.lo[0], best.hi[0], tolerance) for i, best in enumerate(each)
    )


@lru_cache(maxsize=1024)
def certified_discounted_gap(question: DiscountedQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return brackets of the gaps, and the error forgiven in both values; errors as for them."""
    obeying = certified_discounted_evaluation(question, tolerance)
    return difference(certified_discounted_response(question, tolerance), obeying)


_RULES: ValueRules[DiscountedQuestion] = gap_rules(certified_discounted_gap)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[DiscountedQuestion]]:
    return discounted_checks(_RULES, declared, sign_of_gaps(_RULES))


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    stationary = (entry for entry in other_responses() if entry.name not in _OF_STEPS)
    return (
        *lifted_rows(uncertainty),
        *entries_for_ever(),
        *entries_of_many_agents(),
        *costs_of_responses(difference=True),
        *stationary,
    )


_OF_STEPS = {"a deviation at the first step only", "the nominal best response"}
"""Responses that are no fixed points, or that are found by one."""


def _recompute(how: Recursion, tables: Tables) -> Array:
    t = how.read(tables)
    return how.write(stationary_values(how, t, how.respond) - stationary_values(how, t, how.obey))


DISCOUNTED_GAP_CATALOGUE: ValueCatalogue[DiscountedQuestion] = ValueCatalogue(
    entries=_entries,
    questions=telling_discounted,
    plain=plain_discounted,
    tables=discounted_tables,
    recompute=_recompute,
    truth=certified_discounted_gap,
)
"""What an implementation may compute in place of a discounted gap."""


def _diagnose(
    session: Session[DiscountedQuestion], fault: Fault[DiscountedQuestion], _: Diagnose
) -> str | None:
    return diagnosed(DISCOUNTED_GAP_CATALOGUE, session, fault)


@implementation("tv", level="discounted-gap", name="worked example")
def discounted_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, gamma: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Return what each agent gains by deviating for ever, ``gap[i, s]``."""
    game = discounted(received_game(P[None], r[:, None], rho[:, None], actions), gamma.tolist())
    return in_floats(np.asarray(gap_exactly(game, JointPolicy(pi[None], actions)).lo))


_REQUEST = partial(discounted_request, "discounted-gap")

DISCOUNTED_GAP: Level[DiscountedQuestion] = Level(
    name="discounted-gap",
    row=TableRow(
        "the same",
        "what each agent gains by leaving a stationary policy, `[i,s]`",
        "`gap[i][s]`",
    ),
    form=Form(
        given=discounted_given,
        request=_REQUEST,
        read=differences_read,
        states=lambda question: question.game.n_states,
    ),
    checks=_checks,
    verdict=partial(judge_values, _RULES),
    failure=partial(policy_failure, _REQUEST, discounted_lines, signed=False),
    diagnose=_diagnose,
    stored=stored_discounted,
    lines=discounted_lines,
    examples=(
        Example(
            about="what agent i gains by leaving pi for ever, from s",
            function=discounted_gap,
            questions=lambda: (example_discounted(),),
        ),
    ),
)
