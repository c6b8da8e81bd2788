"""What the levels about discounted games share: one stage for ever, a discount for each agent.

A question is the game of that one stage, with discounts beside it: it is rounded, written, shown and
diagnosed like every other game, and only what is true of it comes from another driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    RobustMarkovGame,
    check_policy_fits,
    discounted,
    played_once,
    uniform_policy,
)
from drmg_check.referee.asking import game_members, radii_on_the_wire, rounded, sign_of
from drmg_check.referee.diagnosis import (
    ExampleGame,
    GameAlternative,
    Recursion,
    Tables,
    agents_exchanged,
    clipping,
    discounts_of_other_agents,
    independence,
    index_errors,
    large_games,
    likeliest,
    myopia,
    negated_answers,
    other_discounts,
    penalties,
    plain_games,
    radii,
    reordered_policy,
    stopping_rules,
    tables_of,
    uniform,
)
from drmg_check.referee.diagnosis import discriminating_games as games_of_steps
from drmg_check.referee.evidence import (
    CertifiedValues,
    discounted_of_instance,
    forgiven_for_ever,
    game_lines,
    instance_from_json,
    policy_of_instance,
    shown,
)
from drmg_check.referee.levels._games import example_game, set_drawn, smoke_games
from drmg_check.referee.levels._of_policy import PolicyQuestion, certain_policy, policy_given
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions, ValueRules, value_checks
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, Request, command_of, set_family
from drmg_check.vocabulary import Array
from drmg_check.words import LevelName, Precision
from drmg_properties.laws import Tolerance
from drmg_properties.strategies import EVERYTHING, games, policies

_HALF, _NEAR_ONE = Fraction(1, 2), Fraction(99, 100)
_DRAWN = (_HALF, Fraction(0), Fraction(3, 4), Fraction(9, 10), Fraction(1, 3), _NEAR_ONE)
_TELLING = ((_HALF, Fraction(3, 4)), (Fraction(9, 10), _HALF), (_NEAR_ONE, Fraction(9, 10)))
"""Discounts of one agent and two; those near 1 tell when an iteration stops too early."""


@dataclass(frozen=True, eq=False)
class DiscountedQuestion(PolicyQuestion):
    """What is asked about a game of one stage that is played for ever, and a stationary policy for it.

    Parameters
    ----------
    game : RobustMarkovGame
        Of horizon 1.
    policy : JointPolicy
        Its one decision rule is obeyed at every step; a question about an optimum has one that says nothing.
    discounts : tuple of Fraction
        One for each agent.
    """

    discounts: tuple[Fraction, ...]

    @cached_property
    def model(self) -> DiscountedGame:
        """The discounted game."""
        return discounted(self.game, self.discounts)


def discounted_given(question: DiscountedQuestion, precision: Precision = "float64") -> DiscountedQuestion:
    """Return the question that an implementation of that precision is asked for this one."""
    given = policy_given(question, precision)
    each = tuple(rounded(gamma, precision) for gamma in question.discounts)
    return DiscountedQuestion(given.game, given.policy, each)


def discounted_request(level: LevelName, declared: Implementation, question: DiscountedQuestion) -> Request:
    """Return the request of a level: no steps, and of an optimum one agent's numbers alone."""
    game = question.game
    members = {key: value for key, value in game_members(declared, game).items() if key != "H"}
    r, rho = sign_of(declared) * game.r[:, 0], radii_on_the_wire(declared, game.rho[:, 0])
    gamma = [float(each) for each in question.discounts]
    members |= {"P": game.P[0].tolist(), "r": r.tolist(), "rho": rho.tolist(), "gamma": gamma}
    if level == "discounted-optimum":
        del members["m"], members["actions"]
        members |= {"r": r[0].tolist(), "rho": rho[0].tolist(), "gamma": gamma[0]}
    else:
        members["pi"] = question.policy.pi[0].tolist()
    return {"cmd": command_of(level), **members}


def rewards_for_ever(question: DiscountedQuestion) -> Array:
    """Return ``[m, 1]``, what a reward of 1 at every step is worth to each agent."""
    return np.array([[1 / (1 - gamma)] for gamma in question.discounts], dtype=object)


def certified_for_ever(
    question: DiscountedQuestion, i: int, lo: Array, hi: Array, tolerance: Tolerance
) -> CertifiedValues:
    """Return agent i's bracketed values ``[S]`` with the error that is forgiven in each."""
    allowed = forgiven_for_ever(question.game, i, lo, question.discounts[i], tolerance)
    forgiven: Array = np.full(len(lo), allowed, dtype=object)
    return CertifiedValues(lo, hi, forgiven)


def of_all_agents(each: Iterable[CertifiedValues]) -> CertifiedValues:
    """Return ``[m, S]`` from each agent's ``[S]``."""
    values = tuple(each)
    lo, hi, allowed = (np.stack([getattr(of, name) for of in values]) for name in ("lo", "hi", "allowed"))
    return CertifiedValues(lo, hi, allowed)


def example_discounted(*, alone: bool = False) -> DiscountedQuestion:
    """Return the question that a transcript shows, of two agents or of the first with all the actions."""
    whole = example_game()
    agents = slice(1) if alone else slice(2)
    each = (_HALF,) if alone else (_HALF, Fraction(3, 4))
    actions = (whole.n_joint_actions,) if alone else whole.actions
    stage = RobustMarkovGame(
        transition=whole.transition[:1],
        reward=whole.reward[agents, :1],
        radius=whole.radius[agents, :1],
        uncertainty=whole.uncertainty[agents],
        actions=actions,
    )
    return DiscountedQuestion(stage, uniform_policy(stage), each)


@st.composite
def discounted_questions(
    draw: DrawFn, uncertainty: UncertaintySet, most_agents: int = 2
) -> DiscountedQuestion:
    """Draw a small game, discounts and a stationary policy, product or correlated."""
    sets, least, most = set_drawn(draw, uncertainty)
    game = draw(
        games(
            uncertainty=sets,
            max_agents=most_agents,
            min_states=least,
            max_states=most,
            max_horizon=1,
            max_radius=2,
            variety=EVERYTHING,
        )
    )
    each = tuple(draw(st.sampled_from(_DRAWN)) for _ in range(game.n_agents))
    return discounted_given(DiscountedQuestion(game, draw(policies(game)), each))


def smoke_discounted(uncertainty: UncertaintySet) -> dict[str, DiscountedQuestion]:
    """Return questions whose answers a reader can check: at the discount 1/2."""
    return {
        name: DiscountedQuestion(game, certain_policy(game.horizon, game.n_states), (_HALF,))
        for name, game in smoke_games(uncertainty, horizon=1).items()
    }


def discounted_checks(
    rules: ValueRules[DiscountedQuestion],
    declared: Implementation,
    further: Mapping[str, tuple[str, Judge[DiscountedQuestion]]],
    most_agents: int = 2,
) -> Iterator[PlannedCheck[DiscountedQuestion]]:
    """Yield the checks of a level, set by set; ``further`` are laws of its own."""
    for name in declared.sets:
        ball = set_family(name).make(1)
        drawn = partial(discounted_questions, ball, most_agents)
        telling = partial(telling_discounted, name, most_agents)
        asked = FixedQuestions(telling, partial(_repeated, name, most_agents))
        yield from value_checks(rules, name, smoke_discounted(ball), asked, drawn, further)


def telling_discounted(name: str, most_agents: int = 2) -> tuple[DiscountedQuestion, ...]:
    """Return questions that tell alternatives apart, for a set by its short name."""
    return _for_ever(games_of_steps(name), most_agents)


def plain_discounted(name: str, most_agents: int = 2) -> tuple[DiscountedQuestion, ...]:
    """Return questions for code that handles little."""
    return _for_ever(plain_games(name), most_agents)


def _repeated(name: str, most_agents: int) -> tuple[DiscountedQuestion, ...]:
    telling = telling_discounted(name, most_agents)
    return (telling[0], telling[-1], *_for_ever(large_games(name), most_agents))


def _for_ever(examples: tuple[ExampleGame, ...], most_agents: int) -> tuple[DiscountedQuestion, ...]:
    """Return the last stage of each game, for ever: there rewards depend on the state."""
    return tuple(
        _last_stage(each, _TELLING[k % len(_TELLING)], most_agents) for k, each in enumerate(examples)
    )


def _last_stage(example: ExampleGame, each: tuple[Fraction, ...], most_agents: int) -> DiscountedQuestion:
    """Return the stage for so many agents: one alone has the first one's rewards and all joint actions."""
    game = example.game
    agents = slice(min(game.n_agents, most_agents))
    actions = game.actions if game.n_agents <= most_agents else (game.n_joint_actions,)
    stage = RobustMarkovGame(
        transition=game.transition[-1:],
        reward=game.reward[agents, -1:],
        radius=game.radius[agents, -1:],
        uncertainty=game.uncertainty[agents],
        actions=actions,
    )
    policy = JointPolicy(example.policy.weights[-1:], actions)
    return discounted_given(DiscountedQuestion(stage, policy, each[: stage.n_agents]))


def stored_discounted(text: str, _: Implementation) -> DiscountedQuestion:
    """Return the question that the instance of a failure means.

    Raises
    ------
    InputError
        No discounted game, or a policy that does not fit.
    """
    instance = instance_from_json(text)
    model = discounted_of_instance(instance)
    game = played_once(model)
    policy = policy_of_instance(instance) if "policy" in instance else uniform_policy(game)
    check_policy_fits(game, policy)
    return DiscountedQuestion(game, policy, model.discounts)


def discounted_lines(question: DiscountedQuestion) -> list[str]:
    """Return the numbers of a question for people."""
    each = ", ".join(shown(gamma) for gamma in question.discounts)
    return [f"gamma = ({each}), one stage for ever", *game_lines(question.game, question.policy)]


def discounted_tables(question: DiscountedQuestion) -> Tables:
    """Return the numbers of a question."""
    return replace(tables_of(question.game, question.policy), discounts=question.discounts)


def entries_for_ever() -> Iterator[GameAlternative]:
    """Yield the alternatives beside those of single rows that one agent can be mistaken in."""
    yield from other_discounts()
    yield from penalties()
    yield from stopping_rules()
    yield from negated_answers()
    yield myopia()
    yield from radii()
    yield from clipping(steps=False)


def entries_of_many_agents() -> Iterator[GameAlternative]:
    """Yield those that take other agents, or a policy."""
    yield from discounts_of_other_agents()
    yield from agents_exchanged()
    yield from index_errors()
    words = "one worst case of the kernel averaged over the actions drawn, with the average radius"
    yield GameAlternative("an adversary of the average", words, Recursion(together=True))
    yield GameAlternative("the uniform policy", "pi is ignored", Recursion(read=uniform))
    yield GameAlternative("the likeliest joint action", "pi taken for its mode", Recursion(read=likeliest))
    how = Recursion(read=reordered_policy)
    yield GameAlternative("the policy with agent 1's action fastest", "pi read in column-major order", how)
    yield independence()
