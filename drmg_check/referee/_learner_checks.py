r"""Checks of a learner: runs on known games, whose bounds and regret the exact recursion re-computes.

A run of K episodes returns the policy of each episode, bounds at the initial state, and the regret so far.

* **Sandwich.** With probability at least 1 - delta, for all episodes k and agents i at once,

      lower[k, i] <= V_i^{pi_k},    max over deviations of agent i from pi_k <= upper[k, i].

  One failure proves nothing, so independent runs are counted: a learner is accused if so many fail that
  a correct one, failing with probability delta in each, does so with probability at most
  :data:`FALSE_ALARM` (binomial tail, exact).
* **Regret.** ``regret[k]`` is the sum over episodes up to k of ``max_i`` of what agent i gains by deviating
  from pi, at the initial state. It is arithmetic and may be off by what rounding explains.

How fast regret grows is not judged: at numbers of episodes that can be run every known bound is vacuous.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.referee._game_checks import GameCheck, GameFinding, judge_untouched
from drmg_check.referee._judge import Tally
from drmg_check.referee._policy_checks import largest_value, policy_gap, read_policy
from drmg_check.referee._precision import tolerance_of
from drmg_check.referee._questions import DELTA, Question, on_states
from drmg_check.referee._session import Answer, Session
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, set_family
from drmg_check.words import Concept, FailureKind
from drmg_oracles import binomial_probability, evaluate_exactly
from drmg_properties.laws import Tolerance

EPISODES, RUNS = 8, 12
FALSE_ALARM = Fraction(1, 10**9)


def plan_learner_checks(declared: Implementation) -> tuple[GameCheck, ...]:
    """Return every check of a learner, set by set."""
    return tuple(check for name in declared.sets for check in _checks_of(name, declared.concept))


def _checks_of(name: str, concept: Concept) -> Iterator[GameCheck]:
    examples = learner_examples(set_family(name).make(1), concept)
    every = tuple(examples.values())
    yield GameCheck(f"{name}/smoke/runs", "learns a game of one agent", judge_run, every[:1])
    yield GameCheck(f"{name}/contract/input", "leaves its input alone", judge_untouched, every)
    for game, question in examples.items():
        each = (question,)
        title = f"returns policies and ordered bounds: {game}"
        yield GameCheck(f"{name}/contract/{game}", title, judge_run, each)
        title = f"its regret is the sum of the gaps: {game}"
        yield GameCheck(f"{name}/oracle/regret-{game}", title, judge_regret, each)
        title = f"its bounds hold with probability {1 - DELTA}: {game}"
        yield GameCheck(f"{name}/oracle/sandwich-{game}", title, judge_sandwich, each)


def judge_run(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return the trouble, the first policy that is none, or the first bounds in the wrong order, or None."""
    answer = session.answer(question)
    if not tally.count(answer):
        return None
    if answer.run is None:
        return GameFinding(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    game = question.game
    for k, weights in enumerate(answer.run["pi"]):
        wrong, _ = read_policy(game, weights, question.concept)
        if wrong:
            return GameFinding(FailureKind.ILLEGAL_POLICY, question, answer, f"episode {k}: {wrong}")
    rounding = session.declared.accuracy * largest_value(game)
    for k, i in np.ndindex(*answer.run["lower"].shape):
        lower, upper = answer.run["lower"][k, i], answer.run["upper"][k, i]
        if lower > upper + rounding:
            said = f"episode {k}: agent {i} has lower = {float(lower)!r} above upper = {float(upper)!r}"
            return GameFinding(FailureKind.LAW_BROKEN, question, answer, said)
    return None


def judge_regret(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return the first episode after which the regret reported is none of the policies played, or None."""
    answer = session.answer(question)
    if not tally.count(answer) or answer.run is None:
        return None
    lo = hi = Fraction(0)
    truths: dict[bytes, Truth | None] = {}
    for k in range(question.episodes):
        truth = _truth(session, question, answer, k, truths)
        if truth is None:  # the business of another check
            return None
        lo += max(truth.gap_lo) - truth.allowed
        hi += max(truth.gap_hi) + truth.allowed
        regret = answer.run["regret"][k]
        if not lo <= regret <= hi:
            said = f"the gaps of episodes 0 to {k} sum to {float((lo + hi) / 2):.6g}, not {float(regret):.6g}"
            return GameFinding(FailureKind.WRONG_REGRET, question, answer, said, (k,), lo, hi, part="regret")
    return None


def judge_sandwich(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return the first bound that fails, if more of :data:`RUNS` runs fail than chance explains, or None."""
    found: list[GameFinding] = []
    for seed in range(RUNS):
        one = replace(question, seed=seed)
        answer = session.answer(one)
        if tally.count(answer) and answer.run is not None:
            found += [finding for finding in [_first_failure(session, one, answer)] if finding is not None]
    n = len(found)
    chance = binomial_probability(RUNS, DELTA, lambda k: k >= n)
    if chance > FALSE_ALARM:
        return None
    said = f"in {n} of {RUNS} runs a bound fails, which has probability {float(chance):.1g}"
    return replace(found[0], message=f"{found[0].message}; {said}")


@dataclass(frozen=True, slots=True)
class Truth:
    """Of one policy at the initial state: each agent's value and gain, and the error forgiven."""

    value_lo: tuple[Fraction, ...]
    value_hi: tuple[Fraction, ...]
    gap_lo: tuple[Fraction, ...]
    gap_hi: tuple[Fraction, ...]
    allowed: Fraction


def _first_failure(session: Session, question: Question, answer: Answer) -> GameFinding | None:
    assert answer.run is not None
    truths: dict[bytes, Truth | None] = {}
    for k, i in np.ndindex(*answer.run["lower"].shape):
        truth = _truth(session, question, answer, k, truths)
        if truth is None:
            return None
        lower, upper = answer.run["lower"][k, i], answer.run["upper"][k, i]
        where = f"seed {question.seed}, episode {k}, agent {i}"
        lo, hi = truth.value_lo[i] - truth.allowed, truth.value_hi[i] + truth.allowed
        if lower > hi:
            said = f"{where}: lower is {float(lower):.6g}, the value of the policy {float(hi):.6g}"
            return GameFinding(
                FailureKind.WRONG_BOUND,
                question,
                answer,
                said,
                (k, i),
                lo,
                hi,
                "too optimistic",
                part="lower",
            )
        lo, hi = lo + truth.gap_lo[i], hi + truth.gap_hi[i]
        if upper < lo:
            said = f"{where}: upper is {float(upper):.6g}, the best deviation earns {float(lo):.6g}"
            return GameFinding(
                FailureKind.WRONG_BOUND,
                question,
                answer,
                said,
                (k, i),
                lo,
                hi,
                "too pessimistic",
                part="upper",
            )
    return None


def _truth(
    session: Session, question: Question, answer: Answer, k: int, known: dict[bytes, Truth | None]
) -> Truth | None:
    """Return the truth about the policy of episode k, or None if it is no policy."""
    assert answer.run is not None
    weights = answer.run["pi"][k]
    key = weights.astype(np.float64).tobytes()
    if key not in known:
        _, policy = read_policy(question.game, weights, question.concept)
        known[key] = None
        if policy is not None:
            forgiven = tolerance_of(session.declared)
            known[key] = _of_policy(question.game, policy, question.concept, forgiven)
    return known[key]


def _of_policy(game: RobustMarkovGame, policy: JointPolicy, concept: Concept, tolerance: Tolerance) -> Truth:
    lo, hi, allowed = policy_gap(game, policy, concept, tolerance)
    values = evaluate_exactly(game, policy)
    s = game.initial_state
    return Truth(
        tuple(values.lo[:, 0, s]), tuple(values.hi[:, 0, s]), tuple(lo[:, s]), tuple(hi[:, s]), allowed
    )


def learner_examples(one: UncertaintySet, concept: Concept) -> dict[str, Question]:
    """Return a game of one agent and a general-sum game of two, rewards in [0, 1], radius 1/4, two steps.

    In both, what is done at the first step decides how often the second one is played where it pays.
    """
    nine = [Fraction(k, 10) for k in range(10)]
    alone = np.array([[[nine[1], nine[9]], [nine[4], nine[6]]], [[nine[9], nine[1]], [nine[5], nine[5]]]])
    rows = np.array([[[1, 9], [9, 1]], [[5, 5], [2, 8]]], dtype=object) * Fraction(1, 10)
    first = np.array([nine[4], 0, nine[9], nine[1]], dtype=object)
    second = np.array([nine[4], nine[9], 0, nine[1]], dtype=object)
    paid = np.stack([np.stack([first, second[::-1]]), np.stack([second, first[::-1]])])
    joint = np.stack([rows[:, [0, 1, 1, 0]]] * 2)
    games = {
        "alone": (np.stack([rows, rows]), alone[None], (2,)),
        "pair": (joint, np.stack([paid, paid], axis=1), (2, 2)),
    }
    questions = {}
    for name, (P, r, actions) in games.items():
        game = RobustMarkovGame(
            transition=P,
            reward=r,
            radius=np.array(Fraction(1, 4), dtype=object),
            uncertainty=(on_states(one, 2),) * len(actions),
            actions=actions,
        )
        zeros = (Fraction(0), Fraction(0))
        questions[name] = Question("learner", game, uniform_policy(game), zeros, concept, EPISODES)
    return questions
