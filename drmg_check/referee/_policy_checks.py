r"""Checks of what returns a policy: a stage-game solver, or a whole planner.

Equilibria are many, so no policy is compared with another one. A policy is right if it is one, a product
where NASH is asked for, and if no agent gains by deviating: the exact recursion gives its gap

    max_{i, s} V_i^{dagger, pi_{-i}}(s) - V_i^pi(s),    for CE  max_phi V_i^{phi o pi}(s) - V_i^pi(s),

which may exceed 0 by what rounding explains and by the declared accuracy, a fraction of ``H max |r|``. A
stage game is a game of one state and one step, where the adversary has no choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import JointPolicy, RobustMarkovGame, marginal, product_policy, uniform_policy
from drmg_check.referee._game_checks import (
    GameCheck,
    GameFinding,
    GameJudge,
    grade_of,
    judge_untouched,
    questions,
)
from drmg_check.referee._judge import Tally
from drmg_check.referee._precision import tolerance_of
from drmg_check.referee._questions import (
    Question,
    certified_answer,
    on_states,
    question_as_given,
    with_rewards,
)
from drmg_check.referee._session import Session
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import Array, exact
from drmg_check.words import Concept, FailureKind
from drmg_oracles import ce_gap_exactly
from drmg_properties.laws import FLOAT64, Tolerance
from drmg_properties.strategies import games

LARGE, SMALL = Fraction(1000), Fraction(1, 1000)
SCALES = (Fraction(1), Fraction(3), LARGE, SMALL)
HALF = Fraction(1, 2)


def plan_policy_checks(declared: Implementation) -> tuple[GameCheck, ...]:
    """Return every check of a stage-game solver, or of a planner set by set."""
    if declared.level == "equilibrium":
        return tuple(_stage_checks(declared.concept))
    return tuple(check for name in declared.sets for check in _planner_checks(name, declared.concept))


def _stage_checks(concept: Concept) -> Iterator[GameCheck]:
    drawn, examples = stage_questions(concept), stage_examples(concept)
    every = tuple(examples.values())
    for name, question in examples.items():
        title = f"solves {name.replace('-', ' ')}"
        yield GameCheck(f"{concept}/smoke/{name}", title, judge_gap, (question,))
    legal = "every game gets a distribution, for NASH a product"
    yield GameCheck(f"{concept}/contract/answers", legal, judge_legal, (), drawn)
    yield GameCheck(f"{concept}/contract/input", "leaves its input alone", judge_untouched, every)
    for name, factor in (("scale", LARGE), ("small", SMALL)):
        judge = partial(judge_transformed, factor)
        yield GameCheck(f"{concept}/law/{name}", f"payoffs times {factor} stay solved", judge, (), drawn)
    yield GameCheck(f"{concept}/oracle/generated", "nobody gains by deviating", judge_gap, (), drawn)


def _planner_checks(name: str, concept: Concept) -> Iterator[GameCheck]:
    one = set_family(name).make(1)
    drawn = questions("planner", one).map(partial(replace, concept=concept))
    examples = planner_examples(one, concept)
    every = tuple(examples.values())
    for smoke, question in examples.items():
        title = f"solves {smoke.replace('-', ' ')} by hand"
        yield GameCheck(f"{name}/smoke/{smoke}", title, judge_gap, (question,))
    legal = "every legal game gets a policy, for NASH a product"
    yield GameCheck(f"{name}/contract/answers", legal, judge_legal, (), drawn)
    yield GameCheck(f"{name}/contract/input", "leaves its input alone", judge_untouched, every)
    judge: GameJudge = partial(judge_transformed, LARGE)
    yield GameCheck(f"{name}/law/scale", f"rewards times {LARGE} stay solved", judge, (), drawn)
    yield GameCheck(f"{name}/oracle/generated", "nobody gains by deviating", judge_gap, (), drawn)


def judge_legal(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return the trouble, or what keeps an answer from being a policy, or None."""
    answer = session.answer(question)
    if not tally.count(answer):
        return None
    if answer.array is None:
        return GameFinding(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    wrong, _ = read_policy(question.game, answer.array, question.concept, tolerance_of(session.declared))
    return GameFinding(FailureKind.ILLEGAL_POLICY, question, answer, wrong) if wrong else None


def judge_gap(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return who gains by deviating from the policy returned, by more than is forgiven, or None."""
    finding = judge_legal(session, question, tally)
    answer = session.answer(question)
    if finding is not None or answer.array is None:
        return finding
    game = question.game
    _, policy = read_policy(game, answer.array, question.concept, tolerance_of(session.declared))
    assert policy is not None
    lo, hi, allowed = policy_gap(game, policy, question.concept, tolerance_of(session.declared))
    beyond: Array = lo - allowed
    worst = max(np.ndindex(*lo.shape), key=lambda where: exact(beyond[where]))
    grade = grade_of(exact(beyond[worst]), largest_value(game))
    tally.note_grade(grade)
    if grade == "exact":
        return None
    i, s = map(int, worst)
    return GameFinding(
        FailureKind.NO_EQUILIBRIUM,
        question,
        answer,
        f"agent {i} gains {float(lo[worst]):.3g} in s{s} by deviating",
        worst,
        exact(lo[worst]),
        exact(hi[worst]),
        grade=grade,
    )


def judge_transformed(
    factor: Fraction, session: Session, question: Question, tally: Tally
) -> GameFinding | None:
    """Judge the policy for the same game in another unit of the rewards."""
    transformed = session.given_question(with_rewards(question, factor, Fraction(0)))
    return judge_gap(session, transformed, tally)


def read_policy(
    game: RobustMarkovGame, weights: Array, concept: Concept, tolerance: Tolerance = FLOAT64
) -> tuple[str, JointPolicy | None]:
    """Return what is wrong with an array as a policy, or "" and the policy that it means.

    Entries and sums may be off by ``6 (A + m) u``, which careful normalisation and products of marginals
    explain. For NASH the policy is the exact product of the marginals.
    """
    A = game.n_joint_actions
    rounding = rounding_of_policies(game, tolerance)
    rows = weights.reshape(game.horizon, game.n_states, A)
    for h, s in np.ndindex(game.horizon, game.n_states):
        total = sum(rows[h, s], Fraction(0))
        if min(rows[h, s]) < -rounding or abs(total - 1) > rounding:
            row = [float(x) for x in rows[h, s]]
            return f"{row} at step {h + 1}, s{s} is no distribution: it sums to {float(total)!r}", None
    clipped: Array = np.array(rows)
    clipped[clipped < 0] = Fraction(0)
    policy = JointPolicy(clipped / clipped.sum(axis=2, keepdims=True), game.actions)
    if concept != "nash" or game.n_agents == 1:
        return "", policy
    product = product_policy([_marginals(policy, i) for i in range(game.n_agents)])
    for h, s, a in np.ndindex(*product.weights.shape):
        off = abs(exact(product.weights[h, s, a]) - exact(policy.weights[h, s, a]))
        if off > rounding:
            return (
                f"at step {h + 1}, s{s} joint action a{a} is off the product of marginals by "
                f"{float(off):.2g}",
                None,
            )
    return "", product


def _marginals(policy: JointPolicy, i: int) -> Array:
    result: Array = np.empty((policy.horizon, policy.n_states, policy.actions[i]), dtype=object)
    for h, s in np.ndindex(policy.horizon, policy.n_states):
        result[h, s] = marginal(policy, i, h, s)
    return result


def policy_gap(
    game: RobustMarkovGame, policy: JointPolicy, concept: Concept, tolerance: Tolerance
) -> tuple[Array, Array, Fraction]:
    """Return bounds ``[m, S]`` on each agent's gain at the first step, and what is forgiven."""
    question = Question("gap", game, policy, (Fraction(0),) * game.n_states)
    truth = certified_answer(question, tolerance)
    lo, hi = truth.lo, truth.hi
    if concept == "ce":
        found = ce_gap_exactly(game, policy)
        lo, hi = found.lo, found.hi
    unnormalised = 2 * game.n_joint_actions * rounding_of_policies(game, tolerance)
    return lo, hi, truth.allowed.max() + (tolerance.accuracy + unnormalised) * largest_value(game)


def rounding_of_policies(game: RobustMarkovGame, tolerance: Tolerance) -> Fraction:
    """Return by how much an entry or a sum of a policy may be off."""
    return 6 * (game.n_joint_actions + game.n_agents) * tolerance.unit


def largest_value(game: RobustMarkovGame) -> Fraction:
    """Return ``H max |r|``, which no value exceeds."""
    return game.horizon * Fraction(float(np.abs(game.r).max()))


@st.composite
def stage_questions(draw: DrawFn, concept: Concept) -> Question:
    """Draw payoffs of two agents with up to three actions, or of three agents with two."""
    agents, actions = draw(st.sampled_from([(2, 3), (3, 2)]))
    game = draw(games(max_agents=agents, max_actions=actions, max_states=1, max_horizon=1, max_radius=0))
    question = Question("equilibrium", game, uniform_policy(game), (Fraction(0),), concept)
    return question_as_given(with_rewards(question, draw(st.sampled_from(SCALES)), Fraction(0)))


def stage_examples(concept: Concept) -> dict[str, Question]:
    """Return a game with dominant actions, and one in which both agents have to mix."""
    dilemma = [[[2, 0], [3, 1]], [[2, 3], [0, 1]]]
    pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    named = {"prisoners-dilemma": dilemma, "matching-pennies": pennies}
    examples = {}
    for name, payoffs in named.items():
        u = np.array(payoffs, dtype=object).reshape(2, 1, 1, 4)
        certain = np.full((1, 1, 4, 1), Fraction(1), dtype=object)
        game = _game(certain, u, TotalVariation(), (2, 2), 0)
        examples[name] = Question("equilibrium", game, uniform_policy(game), (Fraction(0),), concept)
    return examples


def planner_examples(one: UncertaintySet, concept: Concept) -> dict[str, Question]:
    """Return games of one and of two agents whose equilibria a reader can check.

    ``safe-or-risky``: in s0 an agent takes 9/20 at once, or goes to s1, which pays 1, with probability 1/2.
    The nominal mean is 1/2, but at radius 1/4 no set leaves more than 3/8 (Wasserstein-2: 7/16). In s1 it
    takes 1/5 and goes to s0, or 1/10 and stays, which is worth more. ``prisoners-dilemma`` is played at
    either state and step, whatever happens next.
    """
    risky = np.array([[[1, 0], [HALF, HALF]], [[1, 0], [0, 1]]], dtype=object)
    paid = [[Fraction(9, 20), 0], [Fraction(1, 5), Fraction(1, 10)]], [[0, 0], [1, 1]]
    reward = np.array([paid], dtype=object)
    alone = _game(np.stack([risky, risky]), reward, one, (2,), Fraction(1, 4))
    fair = np.full((2, 2, 4, 2), HALF, dtype=object)
    dilemma = np.array([[2, 0, 3, 1], [2, 3, 0, 1]], dtype=object).reshape(2, 1, 1, 4)
    pair = _game(fair, np.broadcast_to(dilemma, (2, 2, 2, 4)), one, (2, 2), Fraction(1, 4))
    zeros = (Fraction(0), Fraction(0))
    return {
        "safe-or-risky": Question("planner", alone, uniform_policy(alone), zeros, concept),
        "prisoners-dilemma": Question("planner", pair, uniform_policy(pair), zeros, concept),
    }


def _game(
    P: Array, r: Array, one: UncertaintySet, actions: tuple[int, ...], radius: Fraction | int
) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=np.array(Fraction(radius), dtype=object),
        uncertainty=(on_states(one, P.shape[-1]),) * len(actions),
        actions=actions,
    )
