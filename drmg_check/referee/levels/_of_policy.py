"""What the levels about a joint policy share: they are asked alike, and differ in what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import JointPolicy
from drmg_check.readers import policy_to_data
from drmg_check.referee.asking import (
    Answer,
    GameQuestion,
    Session,
    Subject,
    array_in,
    game_as_given,
    game_members,
    policy_as_given,
    tolerance_of,
    with_radius,
    with_rewards,
)
from drmg_check.referee.diagnosis import (
    Tables,
    ValueCatalogue,
    diagnose_values,
    discriminating_games,
    large_games,
    plain_games,
    tables_of,
)
from drmg_check.referee.evidence import (
    Fault,
    GameFault,
    call_lines,
    game_failure,
    game_lines,
    game_of_instance,
    instance_from_json,
    policy_of_instance,
    value_lines,
)
from drmg_check.referee.levels._games import example_game, set_drawn, smoke_games
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions, ValueRules, value_checks
from drmg_check.runs import Failure
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, Reply, Request, command_of, set_family
from drmg_check.vocabulary import Array, InputError
from drmg_check.words import DIAGNOSED, LevelName, Precision
from drmg_properties.strategies import EVERYTHING, games, policies


@dataclass(frozen=True, eq=False)
class PolicyQuestion(GameQuestion):
    """What is asked about a game and a joint policy for it.

    Parameters
    ----------
    game : RobustMarkovGame
    policy : JointPolicy
    """

    policy: JointPolicy

    @property
    def shape(self) -> tuple[int, int]:
        """Of the answer: ``[m, S]``, for each agent and state at the first step."""
        return self.game.n_agents, self.game.n_states


Asked = TypeVar("Asked", bound=PolicyQuestion)


def policy_given(question: PolicyQuestion, precision: Precision = "float64") -> PolicyQuestion:
    """Return the question that an implementation of that precision is asked for this one."""
    game = game_as_given(question.game, precision)
    return PolicyQuestion(game, policy_as_given(question.policy, precision))


def policy_request(level: LevelName, declared: Implementation, question: PolicyQuestion) -> Request:
    """Return the request of a level."""
    game = game_members(declared, question.game)
    return {"cmd": command_of(level), **game, "pi": question.policy.pi.tolist()}


def rewards_read(declared: Implementation, question: PolicyQuestion, reply: Reply) -> Answer:
    """Return an answer in the unit of the rewards."""
    answer = differences_read(declared, question, reply)
    if answer.array is None or declared.quantity != "cost":
        return answer
    return Answer(array=-answer.array, mutated=answer.mutated)


def differences_read(_: Implementation, question: PolicyQuestion, reply: Reply) -> Answer:
    """Return an answer whose sign is the same for rewards and costs."""
    return array_in(reply, reply.value, question.shape)


def rewarded(question: Asked, factor: Fraction, shift: Fraction) -> Asked:
    """Return the question with rewards ``factor * r + shift``."""
    return replace(question, game=with_rewards(question.game, factor, shift))


def shrunk(question: Asked, factor: Fraction) -> Asked:
    """Return the question with every radius multiplied."""
    return replace(question, game=with_radius(question.game, factor))


def for_each_agent(allowed: list[Fraction], states: int) -> Array:
    """Return what is forgiven ``[m, S]``, the same at every state."""
    return np.array([[error] * states for error in allowed], dtype=object)


@st.composite
def policy_questions(draw: DrawFn, uncertainty: UncertaintySet) -> PolicyQuestion:
    """Draw a small game and a policy for it, product or correlated."""
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
    return policy_given(PolicyQuestion(game, draw(policies(game))))


def smoke_questions(uncertainty: UncertaintySet) -> dict[str, PolicyQuestion]:
    """Return questions whose answers a reader can check: one step, then two."""
    return {
        name: PolicyQuestion(game, certain_policy(game.horizon, game.n_states))
        for name, game in smoke_games(uncertainty, horizon=2).items()
    }


def certain_policy(horizon: int, states: int) -> JointPolicy:
    """Return the policy of one agent that has one action."""
    return JointPolicy(np.full((horizon, states, 1), Fraction(1), dtype=object), (1,))


def example_question() -> PolicyQuestion:
    """Return the question that a transcript shows."""
    game = example_game()
    uniform = np.full((game.horizon, game.n_states, game.n_joint_actions), Fraction(1, 4), dtype=object)
    return PolicyQuestion(game, JointPolicy(uniform, game.actions))


def policy_checks(
    rules: ValueRules[PolicyQuestion],
    declared: Implementation,
    further: Mapping[str, tuple[str, Judge[PolicyQuestion]]],
) -> Iterator[PlannedCheck[PolicyQuestion]]:
    """Yield the checks of a level, set by set; ``further`` are laws of its own."""
    for name in declared.sets:
        ball = set_family(name).make(1)
        drawn = partial(policy_questions, ball)
        asked = FixedQuestions(partial(telling_questions, name), partial(repeated_questions, name))
        yield from value_checks(rules, name, smoke_questions(ball), asked, drawn, further)


def stored_policy(text: str, _: Implementation) -> PolicyQuestion:
    """Return the question that the instance of a failure means."""
    instance = instance_from_json(text)
    game, policy = game_of_instance(instance), policy_of_instance(instance)
    shape = game.horizon, game.n_states, game.n_joint_actions
    if policy.weights.shape != shape or policy.actions != game.actions:
        raise InputError(f"a policy of shape {policy.weights.shape}; expected {shape}, as its game has it")
    return PolicyQuestion(game, policy)


def policy_lines(question: PolicyQuestion) -> list[str]:
    """Return the numbers of a question for people."""
    return game_lines(question.game, question.policy)


def policy_failure(
    request: Callable[[Implementation, Asked], Request],
    lines: Callable[[Asked], list[str]],
    fault: GameFault[Asked],
    subject: Subject,
    diagnosis: str,
    *,
    signed: bool = True,
) -> Failure:
    """Return the record of a fault; ``signed`` answers change their sign with costs for rewards."""
    question, declared = fault.question, subject.declared
    call = call_lines(subject, question.game, request(declared, question), "answer = np.array({})")
    negated = signed and declared.quantity == "cost"
    return game_failure(
        fault,
        beside={"policy": policy_to_data(question.policy)},
        lines=lines(question),
        program=[*call, "print(answer)", *value_lines(fault, negated=negated)],
        diagnosis=diagnosis,
    )


def plain_questions(name: str) -> tuple[PolicyQuestion, ...]:
    """Return questions for code that handles little, for a set by its short name."""
    return tuple(PolicyQuestion(example.game, example.policy) for example in plain_games(name))


def telling_questions(name: str) -> tuple[PolicyQuestion, ...]:
    """Return questions that tell alternatives apart, for a set by its short name."""
    return tuple(PolicyQuestion(example.game, example.policy) for example in discriminating_games(name))


def repeated_questions(name: str) -> tuple[PolicyQuestion, ...]:
    """Return questions that are asked again: of one agent, of two, and two of many states."""
    telling = telling_questions(name)
    large = (PolicyQuestion(each.game, each.policy) for each in large_games(name))
    return (telling[0], telling[-1], *large)


def policy_tables(question: PolicyQuestion) -> Tables:
    """Return the numbers of a question."""
    return tables_of(question.game, question.policy)


def diagnosed(catalogue: ValueCatalogue[Asked], session: Session[Asked], fault: Fault[Asked]) -> str | None:
    """Say what an implementation seems to compute instead, or None."""
    if fault.kind not in DIAGNOSED or not isinstance(fault, GameFault):
        return None
    asked = (fault.question, *fault.derived)
    return diagnose_values(catalogue, session.answer, asked, tolerance_of(session.declared))
