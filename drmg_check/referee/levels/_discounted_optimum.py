"""``discounted-optimum``: the largest robust discounted value that one agent can have.

``f(P[s, a, s'], r[s, a], rho[s, a], gamma)`` returns ``V[s]``, the fixed point of

    V(s) = max_a [ r(s, a) + inf { E_q gamma V : D(q, P(.|s, a)) <= rho(s, a) } ].

No policy is better, stationary or not, because the sets are (s, a)-rectangular (Iyengar 2005).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from drmg_check.models import discounted, uniform_policy
from drmg_check.referee.asking import Answer, Form, Session, array_in
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    average,
    costs_of_responses,
    lifted_rows,
    planned_without_adversary,
    stationary_values,
    worst_joint,
)
from drmg_check.referee.evidence import CertifiedValues, Fault
from drmg_check.referee.levels._discounted_gap import certified_discounted_response
from drmg_check.referee.levels._games import in_floats, received_game
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_discounted import (
    DiscountedQuestion,
    discounted_checks,
    discounted_given,
    discounted_lines,
    discounted_request,
    discounted_tables,
    entries_for_ever,
    example_discounted,
    plain_discounted,
    rewards_for_ever,
    stored_discounted,
    telling_discounted,
)
from drmg_check.referee.levels._of_policy import diagnosed, policy_failure, rewarded, shrunk
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import ValueRules, judge_values
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, Reply, implementation
from drmg_check.vocabulary import Array, FloatArray
from drmg_oracles import best_response_exactly
from drmg_properties.laws import FLOAT64, Tolerance

ALONE = 1


def certified_optimum(question: DiscountedQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return brackets ``[S]`` of the optimum, and the error forgiven; errors as for best responses."""
    best = certified_discounted_response(question, tolerance)
    return CertifiedValues(best.lo[0], best.hi[0], best.allowed[0])


_RULES: ValueRules[DiscountedQuestion] = ValueRules(
    truth=certified_optimum,
    place=lambda where: f"V(s{where[0]})",
    rewarded=rewarded,
    shrunk=shrunk,
    rewards_in=lambda question: rewards_for_ever(question)[0],
)


def _read(declared: Implementation, question: DiscountedQuestion, reply: Reply) -> Answer:
    answer = array_in(reply, reply.value, (question.game.n_states,))
    if answer.array is None or declared.quantity != "cost":
        return answer
    return Answer(array=-answer.array, mutated=answer.mutated)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[DiscountedQuestion]]:
    return discounted_checks(_RULES, declared, {}, ALONE)


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    how = Recursion(respond=planned_without_adversary)
    return (
        *lifted_rows(uncertainty),
        *entries_for_ever(),
        *costs_of_responses(difference=False),
        GameAlternative(
            "the robust value of the nominal optimum", "the adversary is missing in the plan", how
        ),
        GameAlternative("the worst action", "min in place of max", Recursion(respond=worst_joint)),
        GameAlternative("the value of uniform actions", "no maximum is taken", Recursion(respond=average)),
    )


def _recompute(how: Recursion, tables: Tables) -> Array:
    values: Array = how.write(stationary_values(how, how.read(tables), how.respond))[0]
    return values


DISCOUNTED_OPTIMUM_CATALOGUE: ValueCatalogue[DiscountedQuestion] = ValueCatalogue(
    entries=_entries,
    questions=partial(telling_discounted, most_agents=ALONE),
    plain=partial(plain_discounted, most_agents=ALONE),
    tables=discounted_tables,
    recompute=_recompute,
    truth=certified_optimum,
)
"""What an implementation may compute in place of the optimum."""


def _diagnose(
    session: Session[DiscountedQuestion], fault: Fault[DiscountedQuestion], _: Diagnose
) -> str | None:
    return diagnosed(DISCOUNTED_OPTIMUM_CATALOGUE, session, fault)


@implementation("tv", level="discounted-optimum", name="worked example")
def discounted_optimum(P: FloatArray, r: FloatArray, rho: FloatArray, gamma: float) -> FloatArray:
    """Return ``V[s]`` of the best that one agent can do."""
    game = discounted(received_game(P[None], r[None, None], rho[None, None], (r.shape[1],)), gamma)
    return in_floats(best_response_exactly(game, uniform_policy(game), 0).lo[0])


_REQUEST = partial(discounted_request, "discounted-optimum")

DISCOUNTED_OPTIMUM: Level[DiscountedQuestion] = Level(
    name="discounted-optimum",
    row=TableRow(
        "f(P[s,a,s'], r[s,a], rho[s,a], gamma)",
        "`V[s]`, the largest robust discounted value of one agent",
        "`V[s]`",
    ),
    form=Form(
        given=discounted_given,
        request=_REQUEST,
        read=_read,
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
            about="V[s], the most that one agent can have",
            function=discounted_optimum,
            questions=lambda: (example_discounted(alone=True),),
        ),
    ),
)
