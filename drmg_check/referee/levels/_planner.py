"""``planner``: a robust equilibrium of a known game.

``f(P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a], actions)`` returns the policy ``pi[h, s, a]``, for NASH a
product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import row_set
from drmg_check.referee.asking import (
    Answer,
    Form,
    Session,
    Subject,
    array_in,
    game_as_given,
    game_members,
    tolerance_of,
    with_rewards,
)
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    PolicyCatalogue,
    clipping_of_a_plan,
    coarse_plans,
    diagnose_policies,
    discriminating_plans,
    other_concepts,
    other_orders,
    other_payoffs,
    other_steps,
    radii,
    radii_exchanged,
    rows_of_a_plan,
)
from drmg_check.referee.evidence import (
    Fault,
    GameFault,
    Tally,
    call_lines,
    concept_of_instance,
    game_failure,
    game_lines,
    game_of_instance,
    illegal_policy_lines,
    instance_from_json,
    plan_gap_lines,
    value_lines,
)
from drmg_check.referee.levels._backup import backup
from drmg_check.referee.levels._equilibrium import equilibrium
from drmg_check.referee.levels._games import Actions, example_game, game_of, set_drawn
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_solver import LARGE, SolverQuestion, judge_gap, solver_checks
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions
from drmg_check.runs import Failure
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, Reply, Request, implementation, set_family, set_name
from drmg_check.vocabulary import FloatArray
from drmg_check.words import Concept, FailureKind, Precision
from drmg_properties.strategies import EVERYTHING, games

_HALF = Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class PlannerQuestion(SolverQuestion):
    """What is asked: a game, and which equilibrium is meant."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the answer: ``[H, S, A]``."""
        return self.game.horizon, self.game.n_states, self.game.n_joint_actions


def _given(question: PlannerQuestion, precision: Precision = "float64") -> PlannerQuestion:
    return PlannerQuestion(game_as_given(question.game, precision), question.concept)


def _request(declared: Implementation, question: PlannerQuestion) -> Request:
    return {"cmd": "planner", **game_members(declared, question.game), "concept": question.concept}


def _read(_: Implementation, question: PlannerQuestion, reply: Reply) -> Answer:
    return array_in(reply, reply.value, question.shape)


def telling_games(concept: Concept, name: str) -> tuple[PlannerQuestion, ...]:
    """Return questions that tell alternatives apart, for a set by its short name."""
    games = (*discriminating_plans(name), *(coarse_plans(name) if concept == "ce" else ()))
    return tuple(PlannerQuestion(game, concept) for game in games)


def repeated_games(concept: Concept, name: str) -> tuple[PlannerQuestion, ...]:
    """Return questions that are asked again: games of chicken, which have three equilibria each."""
    chicken = [each for each in telling_games(concept, name) if each.game.n_agents == each.game.horizon == 2]
    return tuple(chicken[:3])


def _checks(declared: Implementation) -> Iterator[PlannedCheck[PlannerQuestion]]:
    for name in declared.sets:
        yield from _checks_of(name, declared.concept)


def _checks_of(name: str, concept: Concept) -> Iterator[PlannedCheck[PlannerQuestion]]:
    ball = set_family(name).make(1)
    examples = planner_examples(ball, concept).items()
    yield from solver_checks(
        name,
        {smoke: (f"solves {smoke.replace('-', ' ')} by hand", each) for smoke, each in examples},
        "every legal game gets a policy, for NASH a product",
        {"scale": (f"rewards times {LARGE} stay solved", judge_scaled)},
        FixedQuestions(partial(telling_games, concept, name), partial(repeated_games, concept, name)),
        partial(planner_questions, ball, concept),
    )


def judge_scaled(
    session: Session[PlannerQuestion], question: PlannerQuestion, tally: Tally
) -> Fault[PlannerQuestion] | None:
    """Judge the policy for the same game in another unit of the rewards."""
    scaled = PlannerQuestion(with_rewards(question.game, LARGE, Fraction(0)), question.concept)
    return judge_gap(session, session.given(scaled), tally)


@st.composite
def planner_questions(draw: DrawFn, uncertainty: UncertaintySet, concept: Concept) -> PlannerQuestion:
    """Draw a small game."""
    sets, least, most = set_drawn(draw, uncertainty)
    game = draw(
        games(
            uncertainty=sets,
            max_agents=2,
            min_states=least,
            max_states=most,
            max_horizon=3,
            max_radius=2,
            variety=EVERYTHING,
        )
    )
    return _given(PlannerQuestion(game, concept))


def planner_examples(uncertainty: UncertaintySet, concept: Concept) -> dict[str, PlannerQuestion]:
    """Return games of one and of two agents whose equilibria a reader can check.

    ``safe-or-risky``: in s0 an agent takes 9/20 at once, or goes to s1, which pays 1, with probability 1/2.
    The nominal mean is 1/2, but at radius 1/4 no set leaves more than 3/8 (Wasserstein-2: 7/16). In s1 it
    takes 1/5 and goes to s0, or 1/10 and stays, which is worth more. ``prisoners-dilemma`` is played at
    either state and step, whatever happens next.
    """
    risky = np.array([[[1, 0], [_HALF, _HALF]], [[1, 0], [0, 1]]], dtype=object)
    paid = [[Fraction(9, 20), 0], [Fraction(1, 5), Fraction(1, 10)]], [[0, 0], [1, 1]]
    reward = np.array([paid], dtype=object)
    alone = game_of(np.stack([risky, risky]), reward, uncertainty, (2,), Fraction(1, 4))
    fair = np.full((2, 2, 4, 2), _HALF, dtype=object)
    dilemma = np.array([[2, 0, 3, 1], [2, 3, 0, 1]], dtype=object).reshape(2, 1, 1, 4)
    pair = game_of(fair, np.broadcast_to(dilemma, (2, 2, 2, 4)), uncertainty, (2, 2), Fraction(1, 4))
    return {
        "safe-or-risky": PlannerQuestion(alone, concept),
        "prisoners-dilemma": PlannerQuestion(pair, concept),
    }


def _failure(fault: GameFault[PlannerQuestion], subject: Subject, diagnosis: str) -> Failure:
    question, declared = fault.question, subject.declared
    if fault.kind == FailureKind.ILLEGAL_POLICY:
        shows = illegal_policy_lines(question.game, question.concept, tolerance_of(declared))
    elif fault.kind == FailureKind.NO_EQUILIBRIUM:
        shows = plan_gap_lines(fault)
    else:
        shows = value_lines(fault, negated=declared.quantity == "cost")
    call = call_lines(subject, question.game, _request(declared, question), "answer = np.array({})")
    return game_failure(
        fault,
        beside={"concept": question.concept},
        lines=game_lines(question.game),
        program=[*call, "print(answer)", *shows],
        diagnosis=diagnosis,
    )


def _stored(text: str, declared: Implementation) -> PlannerQuestion:
    instance = instance_from_json(text)
    return PlannerQuestion(game_of_instance(instance), concept_of_instance(instance, declared.concept))


def _entries(concept: Concept, name: str) -> tuple[GameAlternative, ...]:
    return (
        *other_concepts(concept),
        *other_payoffs(),
        *other_orders(),
        *rows_of_a_plan(set_family(name).make(1)),
        *radii(),
        *radii_exchanged(),
        *other_steps(),
        *clipping_of_a_plan(),
    )


PLAN_CATALOGUE: PolicyCatalogue[PlannerQuestion] = PolicyCatalogue(
    entries=_entries,
    questions=telling_games,
)
"""What a policy may be an equilibrium of in place of the robust game."""


def _diagnose(session: Session[PlannerQuestion], fault: Fault[PlannerQuestion], _: Diagnose) -> str | None:
    if fault.kind not in (FailureKind.NO_EQUILIBRIUM, FailureKind.ILLEGAL_POLICY):
        return None
    question = fault.question
    name = set_name(row_set(question.game.stages[0], 0))
    tolerance = tolerance_of(session.declared)
    return diagnose_policies(PLAN_CATALOGUE, session.answer, (question,), question.concept, name, tolerance)


@implementation("tv", level="planner", name="worked example")
def planner(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Return ``pi[h, s, a]``: backward induction over stage equilibria."""
    m, H, S, A = r.shape
    pi, V = np.empty((H, S, A)), np.zeros((m, S))
    for h in reversed(range(H)):
        Q = np.stack([backup(P[h], r[i, h], rho[i, h], V[i]) for i in range(m)])
        pi[h] = [equilibrium(Q[:, s], actions) for s in range(S)]
        V = (pi[h] * Q).sum(axis=2)
    return pi


PLANNER: Level[PlannerQuestion] = Level(
    name="planner",
    row=TableRow(
        "f(P, r, rho, actions)", "`pi[h,s,a]`, a robust equilibrium of a known game", "`pi[h][s][a]`"
    ),
    form=Form(given=_given, request=_request, read=_read, states=lambda question: question.game.n_states),
    checks=_checks,
    verdict=judge_gap,
    failure=_failure,
    diagnose=_diagnose,
    stored=_stored,
    lines=lambda question: game_lines(question.game),
    examples=(
        Example(
            about="pi[h][s][a], a robust equilibrium",
            function=planner,
            questions=lambda: (PlannerQuestion(example_game(), "nash"),),
        ),
    ),
)
