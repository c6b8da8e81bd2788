"""``equilibrium``: an equilibrium of one stage game.

``f(u[i, a], actions)`` returns the distribution ``x[a]`` over joint actions, for NASH a product. A stage game
is a game of one state and one step, where the adversary has no choice, so there is no set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.referee.asking import (
    Answer,
    Form,
    Session,
    Subject,
    array_in,
    game_as_given,
    sign_of,
    tolerance_of,
    with_rewards,
)
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    PolicyCatalogue,
    diagnose_policies,
    discriminating_stages,
    other_beliefs,
    other_concepts,
    other_orders,
    other_payoffs,
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
    stage_gap_lines,
    value_lines,
)
from drmg_check.referee.levels._games import Actions, game_of, in_floats
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._of_solver import (
    LARGE,
    SMALL,
    SolverQuestion,
    judge_gap,
    solver_checks,
)
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions
from drmg_check.runs import Failure
from drmg_check.sets import TotalVariation
from drmg_check.targets import Implementation, Reply, Request, implementation
from drmg_check.vocabulary import FloatArray, InputError
from drmg_check.words import Concept, FailureKind, Precision
from drmg_oracles import lemke_howson
from drmg_properties.strategies import Variety, games

SCALES = (Fraction(1), Fraction(3), LARGE, SMALL)


@dataclass(frozen=True, eq=False)
class StageQuestion(SolverQuestion):
    """What is asked: the game has one state and one step; ``u[i, a]`` are its rewards."""

    @property
    def shape(self) -> tuple[int]:
        """Of the answer: ``[A]``."""
        return (self.game.n_joint_actions,)


def _given(question: StageQuestion, precision: Precision = "float64") -> StageQuestion:
    return StageQuestion(game_as_given(question.game, precision), question.concept)


def _request(declared: Implementation, question: StageQuestion) -> Request:
    game = question.game
    return {
        "cmd": "equilibrium",
        "concept": question.concept,
        "m": game.n_agents,
        "A": game.n_joint_actions,
        "actions": list(game.actions),
        "u": (sign_of(declared) * game.r[:, 0, 0]).tolist(),
    }


def _read(_: Implementation, question: StageQuestion, reply: Reply) -> Answer:
    return array_in(reply, reply.value, question.shape)


def telling_stages(concept: Concept, _: str) -> tuple[StageQuestion, ...]:
    """Return questions that tell alternatives apart."""
    return tuple(StageQuestion(game, concept) for game in discriminating_stages())


def _checks(declared: Implementation) -> Iterator[PlannedCheck[StageQuestion]]:
    concept = declared.concept
    yield from solver_checks(
        concept,
        {name: (f"solves {name.replace('-', ' ')}", each) for name, each in stage_examples(concept).items()},
        "every game gets a distribution, for NASH a product",
        {
            name: (f"payoffs times {factor} stay solved", partial(judge_scaled, factor))
            for name, factor in (("scale", LARGE), ("small", SMALL))
        },
        FixedQuestions(partial(telling_stages, concept, ""), partial(repeated_stages, concept)),
        partial(stage_questions, concept),
    )


def repeated_stages(concept: Concept) -> tuple[StageQuestion, ...]:
    """Return questions that are asked again: where two or three agents coordinate, equilibria are many."""
    return tuple(_coordination(actions, concept) for actions in ((2, 2), (4, 4), (2, 2, 2)))


def _coordination(actions: Actions, concept: Concept) -> StageQuestion:
    """Pay an agent for doing what all others do, and a little more for the first action."""
    joint = np.indices(actions).reshape(len(actions), -1)
    alike = (joint == joint[0]).all(axis=0)
    u = np.array([Fraction(int(each)) for each in alike], dtype=object)
    u[0] = Fraction(9, 8)
    certain = np.full((1, 1, len(u), 1), Fraction(1), dtype=object)
    payoffs = np.stack([u] * len(actions)).reshape(len(actions), 1, 1, -1)
    return StageQuestion(game_of(certain, payoffs, TotalVariation(), actions, 0), concept)


def judge_scaled(
    factor: Fraction, session: Session[StageQuestion], question: StageQuestion, tally: Tally
) -> Fault[StageQuestion] | None:
    """Judge the policy for the same game in another unit of the payoffs."""
    scaled = StageQuestion(with_rewards(question.game, factor, Fraction(0)), question.concept)
    return judge_gap(session, session.given(scaled), tally)


@st.composite
def stage_questions(draw: DrawFn, concept: Concept) -> StageQuestion:
    """Draw payoffs of two agents with up to three actions, or of three agents with two."""
    agents, actions = draw(st.sampled_from([(2, 3), (3, 2)]))
    game = draw(
        games(
            max_agents=agents,
            max_actions=actions,
            max_states=1,
            max_horizon=1,
            max_radius=0,
            variety=Variety(signs=True),
        )
    )
    scaled = with_rewards(game, draw(st.sampled_from(SCALES)), Fraction(0))
    return _given(StageQuestion(scaled, concept))


def stage_examples(concept: Concept) -> dict[str, StageQuestion]:
    """Return a game with dominant actions, and one in which both agents have to mix."""
    dilemma = [[[2, 0], [3, 1]], [[2, 3], [0, 1]]]
    pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    examples = {}
    for name, payoffs in {"prisoners-dilemma": dilemma, "matching-pennies": pennies}.items():
        u = np.array(payoffs, dtype=object).reshape(2, 1, 1, 4)
        certain = np.full((1, 1, 4, 1), Fraction(1), dtype=object)
        examples[name] = StageQuestion(game_of(certain, u, TotalVariation(), (2, 2), 0), concept)
    return examples


def _failure(fault: GameFault[StageQuestion], subject: Subject, diagnosis: str) -> Failure:
    question, declared = fault.question, subject.declared
    game, costs = question.game, declared.quantity == "cost"
    if fault.kind == FailureKind.ILLEGAL_POLICY:
        shows = illegal_policy_lines(game, question.concept, tolerance_of(declared))
    elif fault.kind == FailureKind.NO_EQUILIBRIUM:
        shows = stage_gap_lines(question.concept, fault.allowed, costs=costs)
    else:
        shows = value_lines(fault, negated=costs)
    call = call_lines(subject, game, _request(declared, question), "answer = np.array({})")
    return game_failure(
        fault,
        beside={"concept": question.concept},
        lines=game_lines(game),
        program=[*call, "print(answer)", *shows],
        diagnosis=diagnosis,
    )


def _stored(text: str, declared: Implementation) -> StageQuestion:
    instance = instance_from_json(text)
    game = game_of_instance(instance)
    if game.n_states != 1 or game.horizon != 1:
        raise InputError(f"S={game.n_states}, H={game.horizon}; expected a game of one state and one step")
    return StageQuestion(game, concept_of_instance(instance, declared.concept))


def _entries(concept: Concept, _: str) -> tuple[GameAlternative, ...]:
    return (*other_concepts(concept), *other_payoffs(), *other_orders(), *other_beliefs())


STAGE_CATALOGUE: PolicyCatalogue[StageQuestion] = PolicyCatalogue(
    entries=_entries,
    questions=telling_stages,
)
"""What a policy may be an equilibrium of in place of a stage game."""


def _diagnose(session: Session[StageQuestion], fault: Fault[StageQuestion], _: Diagnose) -> str | None:
    if fault.kind not in (FailureKind.NO_EQUILIBRIUM, FailureKind.ILLEGAL_POLICY):
        return None
    return diagnose_policies(
        STAGE_CATALOGUE,
        session.answer,
        (fault.question,),
        fault.question.concept,
        "",
        tolerance_of(session.declared),
    )


@implementation(level="equilibrium", name="worked example")
def equilibrium(u: FloatArray, actions: Actions) -> FloatArray:
    """Return a Nash equilibrium ``x[a]`` of a stage game of at most two agents."""
    if len(actions) > 2:
        raise NotImplementedError("at most two agents")
    together: FloatArray = np.zeros(len(u[0]))
    if len(actions) == 1:
        together[u[0].argmax()] = 1.0
    else:
        x, y = (in_floats(np.array(mixed, dtype=object)) for mixed in lemke_howson(u, actions))
        together = np.outer(x, y).ravel()
    return together


EQUILIBRIUM: Level[StageQuestion] = Level(
    name="equilibrium",
    row=TableRow("f(u[i,a], actions)", "`x[a]`, an equilibrium of a stage game", "`x[a]`"),
    form=Form(given=_given, request=_request, read=_read, states=lambda question: 1),
    checks=_checks,
    verdict=judge_gap,
    failure=_failure,
    diagnose=_diagnose,
    stored=_stored,
    lines=lambda question: game_lines(question.game),
    examples=(
        Example(
            about="x[a] of a stage game in which both agents have to mix",
            function=equilibrium,
            questions=lambda: (stage_examples("nash")["matching-pennies"],),
        ),
    ),
)
