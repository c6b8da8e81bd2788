r"""``learner``: runs on known games, whose bounds and regret the exact recursion re-computes.

``f(P, r, rho, actions, episodes, delta, seed)`` returns of each of K episodes the policy ``pi[k, h, s, a]``,
bounds ``lower[k, i]`` and ``upper[k, i]`` at the initial state, and the ``regret[k]`` so far.

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
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from drmg_check.models import row_set, uniform_policy
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
    RegretCatalogue,
    clipping,
    diagnose_regret,
    discriminating_games,
    entries_for,
)
from drmg_check.referee.evidence import (
    Fault,
    GameFault,
    Tally,
    call_lines,
    concept_of_instance,
    count_of_instance,
    game_failure,
    game_lines,
    game_of_instance,
    instance_from_json,
    largest_value,
    policy_in,
    run_lines,
)
from drmg_check.referee.levels._games import Actions, example_game, game_of, received_game
from drmg_check.referee.levels._gap import GAP_CATALOGUE, gap_by
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._played import LearnerQuestion, PlayedPolicies
from drmg_check.referee.levels._values import judge_untouched
from drmg_check.runs import Failure
from drmg_check.sets import UncertaintySet
from drmg_check.targets import (
    RUN_EXPECTED,
    Implementation,
    Reply,
    Request,
    implementation,
    is_run,
    set_family,
    set_name,
)
from drmg_check.vocabulary import Array, FloatArray
from drmg_check.words import Concept, FailureKind, Precision
from drmg_oracles import binomial_probability, gap_exactly

DELTA = Fraction(1, 100)
"""The probability with which a learner's bounds may fail in one run."""
EPISODES, RUNS = 8, 12
FALSE_ALARM = Fraction(1, 10**9)
_PAIRS, _ALONE, _TELLING_EPISODES = 14, 10, 4
_UNSEEN = frozenset(
    {
        "no negative value in each row",
        "no negative gap",
        "the gap without its sign",
        "the agents in reversed order",
        "the largest gap of all agents",
        "the answer in the first state for all",
        *(entry.name for entry in clipping(steps=True) if "[0, 1]" not in entry.name),
    }
)
"""What changes no regret: rewards lie in [0, 1], and regret is of the worst agent in the first state.

It is below 0 only where every agent loses by deviating, which few policies in few games bring about.
"""


def _given(question: LearnerQuestion, precision: Precision = "float64") -> LearnerQuestion:
    return replace(question, game=game_as_given(question.game, precision))


def _request(declared: Implementation, question: LearnerQuestion) -> Request:
    return {
        "cmd": "learner",
        **game_members(declared, question.game),
        "concept": question.concept,
        "episodes": question.episodes,
        "delta": float(DELTA),
        "seed": question.seed,
    }


def _read(_: Implementation, question: LearnerQuestion, reply: Reply) -> Answer:
    if not is_run(reply.value):
        said = f"the value is something else; expected {RUN_EXPECTED}"
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated)
    run: dict[str, Array] = {}
    shapes = {name: shape for name, shape in question.run_shapes.items() if name in reply.value}
    for name, shape in shapes.items():
        part = array_in(reply, reply.value[name], shape, name)
        if part.array is None:
            return part
        run[name] = part.array
    return Answer(run=run, mutated=reply.mutated)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[LearnerQuestion]]:
    for name in declared.sets:
        yield from _checks_of(name, declared.concept)


def _checks_of(name: str, concept: Concept) -> Iterator[PlannedCheck[LearnerQuestion]]:
    examples = learner_examples(set_family(name).make(1), concept)
    every = tuple(examples.values())
    runs: list[tuple[str, str, Judge[LearnerQuestion], tuple[LearnerQuestion, ...]]] = [
        ("smoke/runs", "learns a game of one agent", judge_run, every[:1]),
        ("contract/input", "leaves its input alone", judge_untouched, every),
    ]
    for game, question in examples.items():
        rate = f"its bounds hold with probability {1 - DELTA}"
        runs += [
            (f"contract/{game}", f"returns policies and ordered bounds: {game}", judge_run, (question,)),
            (
                f"oracle/regret-{game}",
                f"its regret is the sum of the gaps: {game}",
                judge_regret,
                (question,),
            ),
            (f"oracle/sandwich-{game}", f"{rate}: {game}", judge_sandwich, (question,)),
        ]
    for check, title, judge, asked in runs:
        yield PlannedCheck(about=name, name=check, title=title, judge=judge, questions=partial(tuple, asked))
    title = "its regret is right where every mistake of the catalogue shows"
    told = partial(telling_runs, concept, name)
    yield PlannedCheck(about=name, name="oracle/telling", title=title, judge=judge_regret, questions=told)


def judge_run(
    session: Session[LearnerQuestion], question: LearnerQuestion, tally: Tally
) -> Fault[LearnerQuestion] | None:
    """Return the trouble, the first policy that is none, or the first bounds in the wrong order, or None."""
    answer = session.answer(question)
    if not tally.count(answer):
        return None
    if answer.run is None:
        return GameFault(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    game = question.game
    for k, weights in enumerate(answer.run["pi"]):
        wrong, _ = policy_in(game, weights, question.concept, tolerance_of(session.declared))
        if wrong:
            return GameFault(FailureKind.ILLEGAL_POLICY, question, answer, f"episode {k}: {wrong}")
    if not {"lower", "upper"} <= answer.run.keys():
        return None
    rounding = session.declared.accuracy * largest_value(game) + session.declared.accuracy_absolute
    for k, i in np.ndindex(*answer.run["lower"].shape):
        lower, upper = answer.run["lower"][k, i], answer.run["upper"][k, i]
        if lower > upper + rounding:
            said = f"episode {k}: agent {i} has lower = {float(lower)!r} above upper = {float(upper)!r}"
            return GameFault(FailureKind.LAW_BROKEN, question, answer, said)
    return None


def judge_regret(
    session: Session[LearnerQuestion], question: LearnerQuestion, tally: Tally
) -> Fault[LearnerQuestion] | None:
    """Return the first episode after which the regret reported is none of the policies played, or None."""
    answer = _with_one_of(("regret",), session.answer(question))
    if not tally.count(answer) or answer.run is None:
        return None
    lo = hi = Fraction(0)
    played = PlayedPolicies(question, answer.run["pi"], tolerance_of(session.declared))
    for k in range(question.episodes):
        truth = played.truth(k)
        if truth is None:  # the business of another check
            return None
        lo += max(truth.gap_lo) - truth.allowed
        hi += max(truth.gap_hi) + truth.allowed
        regret = answer.run["regret"][k]
        if not lo <= regret <= hi:
            said = f"the gaps of episodes 0 to {k} sum to {float((lo + hi) / 2):.6g}, not {float(regret):.6g}"
            return GameFault(
                FailureKind.WRONG_REGRET,
                question,
                answer,
                said,
                where=(k,),
                low=lo,
                high=hi,
                part="regret",
            )
    return None


def judge_sandwich(
    session: Session[LearnerQuestion], question: LearnerQuestion, tally: Tally
) -> Fault[LearnerQuestion] | None:
    """Return the first bound that fails, if more of :data:`RUNS` runs fail than chance explains, or None."""
    failures: list[GameFault[LearnerQuestion]] = []
    for seed in range(RUNS):
        run = replace(question, seed=seed)
        answer = _with_one_of(("lower", "upper"), session.answer(run))
        if tally.count(answer) and answer.run is not None:
            failure = _first_failure(session, run, answer)
            failures += [] if failure is None else [failure]
    n = len(failures)
    chance = binomial_probability(RUNS, DELTA, lambda k: k >= n)
    if chance > FALSE_ALARM:
        return None
    said = f"in {n} of {RUNS} runs a bound fails, which has probability {float(chance):.1g}"
    return replace(failures[0], message=f"{failures[0].message}; {said}")


def _with_one_of(names: tuple[str, ...], answer: Answer) -> Answer:
    """Return the answer, or that the run reports none of the arrays: then nothing is claimed of them."""
    if answer.run is None or any(name in answer.run for name in names):
        return answer
    return Answer(trouble=FailureKind.NOT_SUPPORTED, message=f"it returns no {' or '.join(names)}")


def _first_failure(
    session: Session[LearnerQuestion], question: LearnerQuestion, answer: Answer
) -> GameFault[LearnerQuestion] | None:
    assert answer.run is not None
    played = PlayedPolicies(question, answer.run["pi"], tolerance_of(session.declared))
    lowers, uppers = answer.run.get("lower"), answer.run.get("upper")
    for k, i in np.ndindex(question.episodes, question.game.n_agents):
        truth = played.truth(k)
        if truth is None:
            return None
        where = f"seed {question.seed}, episode {k}, agent {i}"
        fault = GameFault(FailureKind.WRONG_BOUND, question, answer, where, where=(k, i))
        lo, hi = truth.value_lo[i] - truth.allowed, truth.value_hi[i] + truth.allowed
        if lowers is not None and lowers[k, i] > hi:
            said = f"{where}: lower is {float(lowers[k, i]):.6g}, the value of the policy {float(hi):.6g}"
            return replace(fault, message=said, low=lo, high=hi, direction="too optimistic", part="lower")
        lo, hi = lo + truth.gap_lo[i], hi + truth.gap_hi[i]
        if uppers is not None and uppers[k, i] < lo:
            said = f"{where}: upper is {float(uppers[k, i]):.6g}, the best deviation earns {float(lo):.6g}"
            return replace(fault, message=said, low=lo, high=hi, direction="too pessimistic", part="upper")
    return None


def learner_examples(uncertainty: UncertaintySet, concept: Concept) -> dict[str, LearnerQuestion]:
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
    games: dict[str, tuple[Array, Array, Actions]] = {
        "alone": (np.stack([rows, rows]), alone[None], (2,)),
        "pair": (joint, np.stack([paid, paid], axis=1), (2, 2)),
    }
    return {
        name: LearnerQuestion(game_of(P, r, uncertainty, actions, Fraction(1, 4)), concept, EPISODES)
        for name, (P, r, actions) in games.items()
    }


def _failure(fault: GameFault[LearnerQuestion], subject: Subject, diagnosis: str) -> Failure:
    question = fault.question
    call = call_lines(subject, question.game, _request(subject.declared, question), "run = {}")
    return game_failure(
        fault,
        beside={
            "concept": question.concept,
            "episodes": question.episodes,
            "seed": question.seed,
        },
        lines=game_lines(question.game),
        program=[*call, *run_lines(fault)],
        diagnosis=diagnosis,
    )


def _stored(text: str, declared: Implementation) -> LearnerQuestion:
    instance = instance_from_json(text)
    return LearnerQuestion(
        game_of_instance(instance),
        concept_of_instance(instance, declared.concept),
        episodes=count_of_instance(instance, "episodes", EPISODES),
        seed=count_of_instance(instance, "seed", 0),
    )


def telling_runs(concept: Concept, name: str) -> tuple[LearnerQuestion, ...]:
    """Return runs on small games with rewards in [0, 1], of two agents and of one."""
    games = discriminating_games(name)
    chosen = (*games[-_PAIRS:], *games[:_ALONE])
    unit = [with_rewards(each.game, Fraction(1, 8), Fraction(1, 2)) for each in chosen]  # from [-4, 4]
    return tuple(LearnerQuestion(game_as_given(game), concept, _TELLING_EPISODES) for game in unit)


def _gaps(name: str) -> tuple[GameAlternative, ...]:
    return tuple(entry for entry in entries_for(GAP_CATALOGUE, name) if entry.name not in _UNSEEN)


REGRET_CATALOGUE: RegretCatalogue[LearnerQuestion] = RegretCatalogue(
    gaps=_gaps, gap_of=gap_by, questions=telling_runs
)
"""What a learner may report in place of its regret."""


def _diagnose(session: Session[LearnerQuestion], fault: Fault[LearnerQuestion], _: Diagnose) -> str | None:
    if fault.kind != FailureKind.WRONG_REGRET:
        return None
    question = fault.question
    name = set_name(row_set(question.game.stages[0], 0))
    tolerance = tolerance_of(session.declared)
    return diagnose_regret(REGRET_CATALOGUE, session.answer, question, question.concept, name, tolerance)


@implementation("tv", level="learner", name="worked example")
def learner(
    P: FloatArray,
    r: FloatArray,
    rho: FloatArray,
    actions: Actions,
    episodes: int,
    delta: float,
    seed: int,
) -> dict[str, FloatArray]:
    """Play at random, learn nothing and promise only what is certain; that is correct."""
    game = received_game(P, r, rho, actions)
    gain = gap_exactly(game, uniform_policy(game)).at_initial[0]
    each = np.ones((episodes, game.n_agents))
    return {
        "pi": np.full((episodes, *r.shape[1:]), 1 / game.n_joint_actions),
        "lower": 0 * each,
        "upper": game.horizon * each,
        "regret": float(gain) * np.arange(1, episodes + 1),
    }


LEARNER: Level[LearnerQuestion] = Level(
    name="learner",
    row=TableRow(
        "f(P, r, rho, actions, episodes, delta, seed)",
        "`pi[k,h,s,a]`, `lower[k,i]`, `upper[k,i]`, `regret[k]` in a dictionary; all but `pi` may be missing",
        "an object of `pi[k][h][s][a]`, `lower[k][i]`, `upper[k][i]`, `regret[k]`",
    ),
    form=Form(given=_given, request=_request, read=_read, states=lambda question: question.game.n_states),
    checks=_checks,
    verdict=judge_regret,
    failure=_failure,
    diagnose=_diagnose,
    stored=_stored,
    lines=lambda question: game_lines(question.game),
    examples=(
        Example(
            about="policies, bounds and regret of each episode; this one does not learn",
            function=learner,
            questions=lambda: (LearnerQuestion(example_game(), "nash", episodes=2),),
        ),
    ),
)
