"""``gap``: what each agent gains by leaving a joint policy.

``f(P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a], pi[h, s, a], actions)`` returns ``gap[i, s]`` at the first
step, the value of a best response less that of the policy: the NE gap of a product policy, the CCE gap of a
correlated one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np

from drmg_check.models import JointPolicy, is_product
from drmg_check.referee.asking import Form, Session, tolerance_of
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    clipping,
    costs_of_responses,
    discounts,
    independence,
    index_errors,
    lifted_rows,
    myopia,
    negated_answers,
    nominal,
    obeyed,
    other_games,
    other_policies,
    other_responses,
    radii,
    responded,
    worst_case,
)
from drmg_check.referee.evidence import CertifiedValues, Fault, GameFault, Tally
from drmg_check.referee.levels._best_response import certified_response
from drmg_check.referee.levels._evaluation import certified_evaluation
from drmg_check.referee.levels._games import Actions, in_floats, received_game
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_policy import (
    Asked,
    PolicyQuestion,
    diagnosed,
    differences_read,
    example_question,
    plain_questions,
    policy_checks,
    policy_failure,
    policy_given,
    policy_lines,
    policy_request,
    policy_tables,
    rewarded,
    stored_policy,
    telling_questions,
)
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._values import ValueRules, judge_values
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, implementation
from drmg_check.vocabulary import Array, FloatArray
from drmg_check.words import FailureKind
from drmg_oracles import gap_exactly
from drmg_properties.laws import FLOAT64, Tolerance


@lru_cache(maxsize=1024)
def certified_gap(question: PolicyQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return the exact gaps at the first step, and the error forgiven in both values.

    Raises
    ------
    NumericalError
        No enclosure at any precision that is tried.
    """
    return difference(certified_response(question, tolerance), certified_evaluation(question, tolerance))


def difference(best: CertifiedValues, obeying: CertifiedValues) -> CertifiedValues:
    """Return what a best response gains; the error of both values is forgiven."""
    return CertifiedValues(best.lo - obeying.hi, best.hi - obeying.lo, obeying.allowed + best.allowed)


def gap_rules(truth: Callable[[Asked, Tolerance], CertifiedValues]) -> ValueRules[Asked]:
    """Return the rules of gaps that are certified by ``truth``."""
    return ValueRules(
        truth=truth,
        place=lambda where: f"the gap of agent {where[0]} in s{where[1]}",
        rewarded=rewarded,
        shrunk=None,
        rewards_in=lambda question: 0,
        gap=True,
    )


_RULES: ValueRules[PolicyQuestion] = gap_rules(certified_gap)


def judge_sign(
    rules: ValueRules[Asked], session: Session[Asked], question: Asked, tally: Tally
) -> Fault[Asked] | None:
    """Return whether a gap of a product policy is negative, or None."""
    if question.game.n_agents > 1 and not is_product(question.policy):
        return None
    answer = session.answer(question)
    if not tally.count(answer) or answer.array is None:
        return None
    allowed = rules.truth(question, tolerance_of(session.declared)).allowed
    if min((answer.array + allowed).ravel()) < 0:
        said = f"got {[[float(x) for x in row] for row in answer.array]}"
        return GameFault(FailureKind.LAW_BROKEN, question, answer, said)
    return None


def sign_of_gaps(rules: ValueRules[Asked]) -> dict[str, tuple[str, Judge[Asked]]]:
    """Return the law that gaps have beside those of all values."""
    return {"nonnegative": ("no gap of a product policy is negative", partial(judge_sign, rules))}


def _checks(declared: Implementation) -> Iterator[PlannedCheck[PolicyQuestion]]:
    return policy_checks(_RULES, declared, sign_of_gaps(_RULES))


def gap_entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    """Return the alternatives to a gap, the likeliest first."""
    return (
        *lifted_rows(uncertainty),
        *negated_answers(),
        *costs_of_responses(difference=True),
        myopia(),
        *radii(),
        *discounts(steps=True),
        *clipping(steps=True),
        *other_games(),
        *other_policies(),
        *index_errors(),
        *other_responses(),
        independence(),
        *_nominal_parts(),
        *_written_otherwise(),
    )


def _nominal_parts() -> Iterator[GameAlternative]:
    how = Recursion(obeying_row=nominal)
    words = "the adversary is missing in V^pi"
    yield GameAlternative("the best response less the nominal value", words, how)
    how = Recursion(row=nominal, obeying_row=worst_case)
    words = "the adversary is missing in V^dagger"
    yield GameAlternative("the nominal best response less the robust value", words, how)


def _written_otherwise() -> Iterator[GameAlternative]:
    yield GameAlternative("the largest gap of all agents", "for each", Recursion(write=_largest(0)))
    yield GameAlternative("the largest gap of all states", "in each", Recursion(write=_largest(1)))
    how = Recursion(write=_largest(None))
    yield GameAlternative("the largest gap of all", "for each and in each", how)
    yield GameAlternative("no negative gap", "max(gap, 0)", Recursion(write=_cut))
    yield GameAlternative("the gap without its sign", "|gap|", Recursion(write=np.abs))


def _largest(axis: int | None) -> Callable[[Array], Array]:
    return lambda gap: np.broadcast_to(gap.max(axis=axis, keepdims=True), gap.shape)


def _cut(gap: Array) -> Array:
    cut: Array = gap.copy()
    cut[cut < 0] = Fraction(0)
    return cut


def gap_by(how: Recursion, tables: Tables) -> Array:
    """Return the gaps ``[m, S]`` of a recursion at the first step."""
    t = how.read(tables)
    return how.write(responded(how, t) - obeyed(how, t))


GAP_CATALOGUE: ValueCatalogue[PolicyQuestion] = ValueCatalogue(
    entries=gap_entries,
    questions=telling_questions,
    plain=plain_questions,
    tables=policy_tables,
    recompute=gap_by,
    truth=certified_gap,
)
"""What an implementation may compute in place of a gap."""


def _diagnose(session: Session[PolicyQuestion], fault: Fault[PolicyQuestion], _: Diagnose) -> str | None:
    return diagnosed(GAP_CATALOGUE, session, fault)


@implementation("tv", level="gap", name="worked example")
def gap(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Return what each agent gains by deviating, ``gap[i, s]``."""
    return in_floats(gap_exactly(received_game(P, r, rho, actions), JointPolicy(pi, actions)).lo)


_REQUEST = partial(policy_request, "gap")

GAP: Level[PolicyQuestion] = Level(
    name="gap",
    row=TableRow(
        "the same",
        "the difference `[i,s]`: the NE gap of a product policy, the CCE gap of a correlated one",
        "`gap[i][s]`",
    ),
    form=Form(
        given=policy_given,
        request=_REQUEST,
        read=differences_read,
        states=lambda question: question.game.n_states,
    ),
    checks=_checks,
    verdict=partial(judge_values, _RULES),
    failure=partial(policy_failure, _REQUEST, policy_lines, signed=False),
    diagnose=_diagnose,
    stored=stored_policy,
    lines=policy_lines,
    examples=(
        Example(
            about="what agent i gains by leaving pi, from s at the first step",
            function=gap,
            questions=lambda: (example_question(),),
        ),
    ),
)
