"""Each entry of the catalogue for whole games has an impostor that follows it; each is caught, and named.

Most impostors follow the catalogue itself, so that no entry goes untested; others are written by hand and
share no code with it. CI tries every entry at one level, and those that differ in kind at each;
``HYPOTHESIS_PROFILE=deep`` tries all of them everywhere.
"""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import best_response, gaps, robust_value_iteration
from drmg_check.referee import check_implementation
from drmg_check.referee._game_checks import GameFinding, judge_answer
from drmg_check.referee._judge import Tally
from drmg_check.referee._learner_checks import judge_regret
from drmg_check.referee._policy_checks import judge_gap
from drmg_check.referee._questions import Question
from drmg_check.referee._session import Answer, InProcess, Session
from drmg_check.referee.diagnosis._discriminating_games import discriminating_games
from drmg_check.referee.diagnosis._discriminating_plans import discriminating_plans, discriminating_stages
from drmg_check.referee.diagnosis._game_alternatives import value_catalogue
from drmg_check.referee.diagnosis._games import (
    DECLARED,
    FEWEST,
    FEWEST_PLANS,
    diagnose_game,
    diagnose_policies,
    diagnose_values,
)
from drmg_check.referee.diagnosis._policy_alternatives import COARSE, CORRELATED, policy_catalogue
from drmg_check.referee.diagnosis._recursion import (
    GameAlternative,
    answer_by,
    mixtures,
    tables_of,
)
from drmg_check.referee.diagnosis._regret import (
    RegretAlternative,
    diagnose_regret,
    discriminating_runs,
    regret_catalogue,
)
from drmg_check.sets import TotalVariation
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import Array, FloatArray

Ask = Callable[[Question], Answer]
Actions = tuple[int, ...]
LEVELS = ("backup", "evaluation", "best-response", "gap")
CONCEPTS = ("nash", "cce", "ce")


def values_of(name: str, level: str) -> dict[str, GameAlternative]:
    return {one.name: one for one in value_catalogue(level, set_family(name).make(1))}


def policies_of(level: str, concept: str, name: str = "") -> dict[str, GameAlternative]:
    uncertainty = set_family(name).make(1) if name else None
    return {one.name: one for one in policy_catalogue(level, concept, uncertainty)}


def in_floats(values: Array) -> Answer:
    array: Array = np.empty(values.shape, dtype=object)
    for at in np.ndindex(*values.shape):
        array[at] = Fraction(float(values[at]))
    return Answer(array=array)


def follower(one: GameAlternative) -> Ask:
    """Answer as the alternative does, in floats."""

    @cache
    def ask(question: Question) -> Answer:
        try:
            return in_floats(answer_by(one.how, question))
        except Exception as silent:
            return Answer(trouble="not supported", message=str(silent))

    return ask


def planner(one: GameAlternative, kinds: Callable[[Question], bool] = lambda question: True) -> Ask:
    """Return an equilibrium of what the alternative makes of the game, by backward induction."""

    @cache
    def ask(question: Question) -> Answer:
        if not kinds(question):
            return Answer(trouble="not supported", message="not this size")
        t = tables_of(question)
        read = one.how.read(replace(t, pi=np.arange(t.pi.size).reshape(t.pi.shape)))
        H, S, A = read.pi.shape
        pi, V = np.zeros(read.pi.shape), [[Fraction(0)] * S for _ in read.actions]
        for h in reversed(range(H)):
            q = [mixtures(one.how, read, i, h, V[i]) for i in range(len(read.actions))]
            Q = np.array([[[mix(s, {a: Fraction(1)}) for a in range(A)] for s in range(S)] for mix in q])
            x = solve_stages(Q.astype(float), read.actions, one.how.concept or question.concept).x
            pi[h] = np.clip(x, 0.0, None) / np.clip(x, 0.0, None).sum(axis=1, keepdims=True)
            earned = np.vectorize(Fraction)(pi[h]) * Q
            V = [[one.how.settle(sum(row), H - h, H) for row in each] for each in earned]
        written = np.empty(t.pi.size)
        written[read.pi.ravel().astype(int)] = pi.ravel()  # undo what reading does to a policy
        return in_floats(written.reshape(question.shape))

    return ask


class Answering(Session):
    """A session that asks a function about questions."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(InProcess(lambda: None), Implementation(level="gap", sets=("tv",)))
        self._ask_game = ask

    def answer(self, question: Question) -> Answer:
        return self._ask_game(question)


def first_failure(judge: Callable[..., GameFinding | None], ask: Ask, questions: tuple[Question, ...]):
    session = Answering(ask)
    found = (judge(session, question, Tally()) for question in questions if not ask(question).trouble)
    return next((finding for finding in found if finding is not None), None)


DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SAMPLE = (
    *("half the radius in each row", "the nominal mean in each row", "the largest expectation in each row"),
    *("a discount of 0.9 in each row", "Q at most H - h + 1", "V at most H", "the worst case at most H - h"),
)


def is_sampled(entry: str) -> bool:
    """Alternatives to rows, discounts and clipping differ in numbers: CI tries some of them everywhere."""
    alike = entry.endswith(" in each row") or entry.startswith(("Q ", "V ", "rewards times", "a discount of"))
    return DEEP or not alike or entry in SAMPLE


EVERY_VALUE = sorted({name for level in LEVELS for name in values_of("tv", level)})


@pytest.mark.parametrize("entry", EVERY_VALUE)
def test_the_impostor_of_values_is_caught_and_named_at_each_level(entry: str):
    levels = [level for level in LEVELS if entry in values_of("tv", level)]
    for level in levels if is_sampled(entry) else levels[:1]:
        ask = follower(values_of("tv", level)[entry])
        finding = first_failure(judge_answer, ask, discriminating_games(level, "tv"))
        assert finding is not None, level
        said = diagnose_game(ask, finding)
        assert said is not None, level
        assert said.startswith(f"agrees with {entry} ("), level
        assert "tells these apart" not in said


@pytest.mark.parametrize("concept", CONCEPTS)
def test_impostors_of_a_stage_solver_are_caught_and_named(concept: str):
    for entry, one in policies_of("equilibrium", concept).items():
        ask = planner(one)
        finding = first_failure(judge_gap, ask, discriminating_stages(concept))
        assert finding is not None, entry
        said = diagnose_game(ask, finding)
        assert said is not None, entry
        assert said.startswith(f"its policies are equilibria with {entry} ("), entry
        assert "tells these apart" not in said


ALIKE = {COARSE: CORRELATED}
"""In games with two actions for each agent, the coarse equilibrium of largest welfare is often no other."""


PURE = (CORRELATED, COARSE, "rewards taken for costs", "the largest expectation in each row")
"""Not told by games of three steps, where agents mix: whoever mixes is as indifferent between costs."""


@pytest.mark.parametrize("entry", [name for name in policies_of("planner", "nash", "tv") if is_sampled(name)])
def test_impostors_of_a_planner_are_caught_and_named(entry: str):
    least = 2 if entry in PURE else 3
    one = policies_of("planner", "nash", "tv")[entry]
    ask = planner(one, lambda question: question.game.n_agents == 2 and question.game.horizon >= least)
    finding = first_failure(judge_gap, ask, discriminating_plans("nash", "tv"))
    assert finding is not None
    said = diagnose_game(ask, finding)
    assert said is not None
    assert said.startswith(f"its policies are equilibria with {ALIKE.get(entry, entry)} (")
    assert "tells these apart" not in said


@pytest.mark.parametrize("entry", ["half the radius in each row", "the nominal mean in each row"])
def test_a_planner_of_one_agent_is_named_too(entry: str):
    one = policies_of("planner", "nash", "tv")[entry]
    ask = planner(one, lambda question: question.game.n_agents == 1)
    finding = first_failure(judge_gap, ask, discriminating_plans("nash", "tv"))
    assert f"with {entry} (" in (diagnose_game(ask, finding) or "")


def learner(one: RegretAlternative) -> Ask:
    """Play two policies in turn, and report as regret what the alternative says."""

    @cache
    def ask(question: Question) -> Answer:
        each = [question.policy, uniform_policy(question.game)] * (question.episodes // 2)
        gaps = [answer_by(one.how, replace(question, level="gap", policy=policy))[:, 0] for policy in each]
        regret, pi = np.array(one.total(gaps)), np.stack([policy.weights for policy in each])
        return Answer(run={"pi": pi, "regret": in_floats(regret).array})

    return ask


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "the mean of the gaps",
            "the gap of each episode",
            "the sum of earlier gaps",
            "the sum over agents",
        ),
        *("the gaps of the first agent", "the nominal mean in each row", "half the radius in each row"),
        *("rewards taken for costs", "the largest gap of all states", "no last reward"),
    ],
)
def test_impostors_of_a_learner_are_named_by_their_regret(entry: str):
    catalogue = {one.name: one for one in regret_catalogue(TotalVariation(), "cce")}
    ask, runs = learner(catalogue[entry]), discriminating_runs("tv", "cce")
    finding = first_failure(judge_regret, ask, runs)
    assert finding is not None
    assert (diagnose_game(ask, finding) or "").startswith(f"its regret agrees with {entry} (")


def test_the_right_regret_is_never_diagnosed():
    right = RegretAlternative("", "", DECLARED.how, regret_catalogue(TotalVariation(), "cce")[-1].total)
    ask, runs = learner(right), discriminating_runs("tv", "cce")
    assert first_failure(judge_regret, ask, runs) is None
    assert diagnose_regret(ask, runs[0]) is None


OTHER_SETS = {
    "kl": "the radius in bits in each row",
    "wasserstein:2": "the root of the radius in each row",
    "interval:nominal": "all states in each row",
}


@pytest.mark.parametrize("name", OTHER_SETS)
def test_impostors_of_other_sets_are_named(name: str):
    ask = follower(values_of(name, "evaluation")[OTHER_SETS[name]])
    said = diagnose_values(ask, discriminating_games("evaluation", name)[:3])
    assert said is not None
    assert said.startswith(f"agrees with {OTHER_SETS[name]} (")


def the_game(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=P, reward=r, radius=rho, uncertainty=(TotalVariation(),) * len(actions), actions=actions
    )


def clipped(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Cuts every value at the number of steps that are left, as if rewards were at most 1."""
    m, H, S, A = r.shape
    V = np.zeros((m, S))
    for h in reversed(range(H)):
        for i in range(m):
            rows, radii = P[h].reshape(S * A, S), rho[i, h].ravel()
            worst = worst_case_expectations(TotalVariation(), rows, radii, V[i]).reshape(S, A)
            V[i] = np.minimum((pi[h] * (r[i, h] + worst)).sum(axis=1), H - h)
    return V


def half(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Takes the radius for an L1 distance."""
    S, A = r.shape
    return r + worst_case_expectations(TotalVariation(), P.reshape(S * A, S), rho.ravel() / 2, V).reshape(
        S, A
    )


def column_major(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Numbers joint actions with the first agent's action fastest."""
    order = np.arange(r.shape[3]).reshape(actions, order="F").ravel()
    game = the_game(P[:, :, order], r[..., order], rho[..., order], actions)
    policy = JointPolicy(pi[..., order], actions)
    return np.array([best_response(game, policy, i).V[0] for i in range(len(actions))])


def nominal_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Forgets the adversary."""
    return gaps(the_game(P, r, 0 * rho, actions), JointPolicy(pi, actions)).cce


def team(u: FloatArray, actions: Actions) -> FloatArray:
    """Lets the agents cooperate."""
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]


def careless(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Plans for the nominal game."""
    return robust_value_iteration(the_game(P, r, 0 * rho, actions), "nash").policy.pi


@pytest.mark.parametrize(
    ("function", "level", "check", "words"),
    [
        (half, "backup", "tv/smoke/two-states", "agrees with half the radius in each row ("),
        (clipped, "evaluation", "tv/law/shift", "agrees with V at most H - h + 1 ("),
        (column_major, "best-response", "tv/oracle/generated", "agrees with joint actions with agent 1's"),
        (nominal_gap, "gap", "tv/oracle/generated", "agrees with the nominal mean in each row ("),
        (team, "equilibrium", "nash/smoke/prisoners-dilemma", "with the sum of the rewards for all ("),
        (careless, "planner", "tv/smoke/safe-or-risky", "with the nominal mean in each row ("),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_impostors_by_hand_are_named_in_the_record(
    function: Callable[..., FloatArray], level: str, check: str, words: str
):
    sets = {} if level == "equilibrium" else {"sets": "tv"}
    found = check_implementation(function, **sets, level=level, checks=[check], on_fail=None, profile="quick")
    assert [one.outcome for one in found] == ["failed"]
    assert words in found[0].failure.diagnosis


@pytest.mark.parametrize("level", LEVELS)
def test_right_values_are_never_diagnosed(level: str):
    """Not even on games that a failure hands in, and not when the last digits are off."""
    questions = discriminating_games(level, "tv")

    def ask(question: Question) -> Answer:
        truth = answer_by(DECLARED.how, question)
        return in_floats(truth + Fraction(1, 10**7))

    assert diagnose_values(ask, questions[:FEWEST]) is None


@pytest.mark.parametrize("concept", CONCEPTS)
def test_our_equilibria_are_never_diagnosed(concept: str):
    stages, plans = discriminating_stages(concept), discriminating_plans(concept, "tv")
    ask = planner(DECLARED)
    assert diagnose_policies(ask, stages[:FEWEST_PLANS]) is None
    assert diagnose_policies(ask, plans[:2]) is None
    assert first_failure(judge_gap, ask, stages) is None


def noise(question: Question) -> Answer:
    """Returns any values."""
    values = np.random.default_rng(question.game.horizon).uniform(0, 1, question.shape)
    return in_floats(values)


def rough(question: Question) -> Answer:
    """Halves the radius, and is off by 1e-4 besides."""
    right = answer_by(values_of("tv", question.level)["half the radius in each row"].how, question)
    return in_floats(right + Fraction(1, 1000))


def two_at_once(question: Question) -> Answer:
    """Halves the radius on the policy in reversed order: two entries, neither of which it follows."""
    entries = values_of("tv", question.level)
    how = replace(
        entries["half the radius in each row"].how, read=entries["the policy in reversed order"].how.read
    )
    return in_floats(answer_by(how, question))


def off_catalogue(question: Question) -> Answer:
    """Averages robust and nominal values, as nobody does."""
    robust = answer_by(DECLARED.how, question)
    return in_floats((robust + answer_by(values_of("tv", "gap")[NOMINAL].how, question)) / 2)


def mostly(question: Question) -> Answer:
    """Forgets the adversary, but for games of two agents."""
    if question.game.n_agents == 2:
        return in_floats(answer_by(DECLARED.how, question))
    return in_floats(answer_by(values_of("tv", "gap")[NOMINAL].how, question))


def refuses_nearly_all(question: Question) -> Answer:
    """Forgets the adversary, and answers fewer games than a diagnosis needs."""
    if question not in discriminating_games("evaluation", "tv")[: FEWEST - 1]:
        return Answer(trouble="not supported")
    return in_floats(answer_by(values_of("tv", "gap")[NOMINAL].how, question))


NOMINAL = "the nominal mean in each row"


@pytest.mark.parametrize("impostor", [noise, rough, two_at_once, off_catalogue, mostly, refuses_nearly_all])
def test_nothing_is_said_of_values_rather_than_guessed(impostor: Ask):
    assert diagnose_values(impostor, discriminating_games("evaluation", "tv")[:1]) is None


def pure_noise(question: Question) -> Answer:
    """Plays any pure actions."""
    chance = random.Random(repr(question.game.reward.tolist()))  # noqa: S311
    rows = [chance.randrange(question.shape[-1]) for _ in range(int(np.prod(question.shape[:-1])))]
    return in_floats(np.eye(question.shape[-1])[rows].reshape(question.shape))


def mixed_noise(question: Question) -> Answer:
    """Plays everything alike."""
    return in_floats(np.full(question.shape, 1 / question.shape[-1]))


def costs_of_the_other(question: Question) -> Answer:
    """Takes the other agent's rewards for its own costs: two entries, neither of which it follows."""
    other = policies_of("equilibrium", "nash")["the other agent's rewards"].how

    def read(t: object) -> object:
        exchanged = other.read(t)
        return replace(exchanged, r=-exchanged.r)

    return planner(GameAlternative("", "", replace(other, read=read)))(question)


@pytest.mark.parametrize("impostor", [pure_noise, mixed_noise, costs_of_the_other])
def test_nothing_is_said_of_policies_rather_than_guessed(impostor: Ask):
    stages, plans = discriminating_stages("nash"), discriminating_plans("nash", "tv")
    assert diagnose_policies(impostor, stages[:1]) is None
    if impostor is not costs_of_the_other:
        assert diagnose_policies(impostor, plans[:1]) is None


def test_games_are_always_the_same_and_names_unique():
    for level in LEVELS:
        assert discriminating_games(level, "tv") is discriminating_games(level, "tv")
        names = [one.name for one in value_catalogue(level, TotalVariation())]
        assert len(names) == len(set(names))
    names = [one.name for one in policy_catalogue("planner", "nash", TotalVariation())]
    assert len(names) == len(set(names))


def test_an_implementation_that_no_alternative_explains_is_asked_no_more():
    """The games that tell alternatives apart are asked only while one is left."""
    asked: list[Question] = []

    def ask(question: Question) -> Answer:
        asked.append(question)
        return noise(question)

    assert diagnose_values(ask, discriminating_games("evaluation", "tv")[:1]) is None
    assert len(asked) == 1
