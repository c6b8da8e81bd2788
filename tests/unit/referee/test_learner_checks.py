"""Learners: bounds that hold with high probability and an honest regret are right, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import jsonschema
import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import evaluate, gaps, optimistic_plan, theory
from drmg_check.referee import check_implementation
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._learner import DELTA, EPISODES, FALSE_ALARM, RUNS, learner_examples
from drmg_check.sets import TotalVariation
from drmg_check.targets import Implementation, protocol_schema, write_request
from drmg_check.vocabulary import FloatArray, InputError
from drmg_oracles import binomial_probability

Run = dict[str, FloatArray]
Actions = tuple[int, ...]


def accusations(
    function: Callable[..., object], *checks: str, name: str = "tv", **options: object
) -> dict[str, str]:
    results = check_implementation(
        function,
        name,
        level="learner",
        profile="quick",
        on_fail=None,
        checks=checks,
        diagnose=None,
        **options,
    )
    assert any(check.judged for check in results)
    return {check.case.partition("/")[2]: check.reason for check in results if check.outcome == "failed"}


def learner(kind: str = "honest") -> Callable[..., object]:
    """Optimistic planning from counts, right but for one thing."""

    def learn(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        actions: Actions,
        episodes: int,
        delta: float,
        seed: int,
        uncertainty: object,
        concept: str,
    ) -> object:
        game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)
        optimism = replace(theory(game, episodes, delta=delta), rate="sqrt_S")
        if kind == "trusts its data":
            optimism = replace(optimism, c1=0.0, c2=0.0, c3=0.0, episodes=10**12)
        measured = replace(game, radius=np.zeros(())) if kind == "forgets the adversary" else game
        N = np.zeros(P.shape, dtype=np.int64)
        rng, run = np.random.default_rng(seed), {name: [] for name in ("pi", "lower", "upper", "regret")}
        for k in range(episodes):
            plan = optimistic_plan(game, N, optimism, concept)
            gap = gaps(measured, JointPolicy(plan.pi, actions))
            gain = (gap.ce if concept == "ce" else gap.cce)[:, 0].max()
            largest = gain if kind != "counts no regret" else 0.0
            sofar = run["regret"][-1] if k else 0.0
            lower, upper = plan.Vlow[:, 0, 0], plan.Vbar[:, 0, 0]
            if kind == "swaps its bounds":
                lower, upper = upper, lower
            for name, value in (("pi", plan.pi), ("lower", lower), ("upper", upper)):
                run[name].append(value)
            run["regret"].append(sofar + largest)
            s = 0
            for h in range(len(P)):
                a = int(rng.choice(P.shape[2], p=plan.pi[h, s]))
                t = int(rng.choice(P.shape[3], p=P[h, s, a]))
                N[h, s, a, t] += 1
                s = t
        if kind == "sums wrongly":
            run["pi"] = [2 * pi for pi in run["pi"]]
        if kind == "forgets an episode":
            run["regret"] = run["regret"][1:]
        if kind == "returns its last policy":
            return run["pi"][-1]
        return {name: np.array(values) for name, values in run.items()}

    return learn


@pytest.mark.parametrize("concept", ["nash", "cce"])
def test_an_honest_learner_is_not_accused(concept: str):
    assert accusations(learner(), concept=concept) == {}


@pytest.mark.parametrize(
    ("kind", "check", "words"),
    [
        ("trusts its data", "oracle/sandwich-alone", "of 12 runs a bound fails, which has probability"),
        ("forgets the adversary", "oracle/regret-pair", "the gaps of episodes 0 to 0 sum to"),
        ("counts no regret", "oracle/regret-alone", "not 0"),
        ("swaps its bounds", "contract/pair", "above upper"),
        ("sums wrongly", "smoke/runs", "is no distribution: it sums to 2.0"),
        ("forgets an episode", "smoke/runs", "shape (7,) as regret; expected (8,)"),
        (
            "returns its last policy",
            "smoke/runs",
            "expected a dictionary of arrays pi, lower, upper, regret, of which pi is needed",
        ),
    ],
)
def test_impostors_are_caught(kind: str, check: str, words: str):
    assert words in accusations(learner(kind), f"tv/{check}")[check]


def leaving_out(kind: str, *names: str) -> Callable[..., object]:
    """The same learner, which does not say everything."""
    whole = learner(kind)

    def learn(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        actions: Actions,
        episodes: int,
        delta: float,
        seed: int,
        uncertainty: object,
        concept: str,
    ) -> object:
        run = whole(P, r, rho, actions, episodes, delta, seed, uncertainty, concept)
        return {name: array for name, array in run.items() if name not in names}

    return learn


def test_a_learner_may_know_its_policies_alone():
    results = check_implementation(
        leaving_out("honest", "lower", "upper", "regret"),
        "tv",
        level="learner",
        profile="quick",
        on_fail=None,
    )
    assert {check.outcome for check in results} == {"passed", "skipped"}
    said = {check.reason for check in results if check.outcome == "skipped"}
    assert any("it returns no regret" in reason for reason in said)
    assert any("it returns no lower or upper" in reason for reason in said)


@pytest.mark.parametrize(
    ("kind", "left_out", "check", "words"),
    [
        ("trusts its data", ("lower", "regret"), "oracle/sandwich-alone", "upper is"),
        ("counts no regret", ("lower", "upper"), "oracle/regret-alone", "not 0"),
        ("honest", ("pi",), "smoke/runs", "of which pi is needed"),
    ],
)
def test_what_is_said_is_judged_whatever_is_left_out(
    kind: str, left_out: tuple[str, ...], check: str, words: str
):
    assert words in accusations(leaving_out(kind, *left_out), f"tv/{check}")[check]


def cautious(*, sees_the_adversary: bool) -> Callable[..., object]:
    """Always play first actions, and promise what is certain, or the nominal value as a lower bound."""

    def learn(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        actions: Actions,
        episodes: int,
        delta: float,
        seed: int,
        uncertainty: object,
    ) -> object:
        game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)
        pi, each = np.zeros(P.shape[:3]), np.ones((episodes, len(actions)))
        pi[:, :, 0] = 1.0
        policy = JointPolicy(pi, actions)
        nominal = evaluate(replace(game, radius=np.zeros(())), policy).V[:, 0, 0]
        return {
            "pi": np.repeat(pi[None], episodes, axis=0),
            "lower": (0.0 if sees_the_adversary else nominal) * each,
            "upper": game.horizon * each,
            "regret": gaps(game, policy).cce[:, 0].max() * np.arange(1, episodes + 1),
        }

    return learn


def test_learners_are_judged_on_wasserstein_sets():
    name = "wasserstein:2"
    assert accusations(cautious(sees_the_adversary=True), name=name) == {}
    found = accusations(cautious(sees_the_adversary=False), name=name)
    assert set(found) == {"oracle/sandwich-alone", "oracle/sandwich-pair"}
    assert "of 12 runs a bound fails" in found["oracle/sandwich-alone"]


def test_the_program_shows_the_fault_and_hands_over_what_the_learner_asks_for():
    results = check_implementation(
        learner("counts no regret"), "tv", level="learner", on_fail=None, checks=["tv/oracle/regret-alone"]
    )
    program = results[0].failure.snippet
    assert "uncertainty = (uncertainty_from_data({'kind': 'tv', 'support': 'all'}),)" in program
    assert "concept='nash'" in program
    source = "\n".join(line for line in program.splitlines() if "<locals>" not in line)
    with pytest.raises(AssertionError):
        exec(source, {"function": learner("counts no regret")})  # noqa: S102 - the program under test
    exec(source, {"function": learner("honest")})  # noqa: S102


def test_a_learner_that_fails_as_often_as_it_may_is_accused_with_probability_at_most_1e_9():
    needed = next(
        n for n in range(RUNS + 1) if binomial_probability(RUNS, DELTA, lambda k, n=n: k >= n) <= FALSE_ALARM
    )
    assert needed == 6
    assert Fraction(1, 10**9) == FALSE_ALARM


def test_requests_obey_the_schema_and_rewards_are_in_the_unit_interval():
    schema = jsonschema.Draft202012Validator(json.loads(protocol_schema()))
    declared = Implementation(level="learner", sets=("tv",))
    for question in learner_examples(TotalVariation(), "nash").values():
        schema.validate(json.loads(write_request(1, level_of("learner").form.request(declared, question))))
        assert question.episodes == EPISODES
        assert question.game.r.min() >= 0
        assert question.game.r.max() <= 1
        run = {name: np.zeros(shape).tolist() for name, shape in question.run_shapes.items()}
        schema.validate({"seq": 1, "value": run})


def test_learning_costs_is_refused():
    with pytest.raises(InputError, match="a learner is judged on rewards"):
        Implementation(level="learner", sets=("tv",), quantity="cost")
