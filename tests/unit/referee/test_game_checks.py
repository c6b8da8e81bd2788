"""Whole games: what is forgiven is what rounding explains, and who forgets something is caught."""

import json
import os
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from types import ModuleType

import jsonschema
import numpy as np
import pytest
from hypothesis import Phase, find, settings

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import best_response, evaluate, gaps
from drmg_check.referee import check_implementation
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._backup import certified_backup, smoke_backups
from drmg_check.referee.levels._evaluation import certified_evaluation
from drmg_check.referee.levels._gap import certified_gap
from drmg_check.referee.levels._of_policy import policy_questions, smoke_questions
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_check.targets import Implementation, protocol_schema, set_family, write_request
from drmg_check.vocabulary import FloatArray

Function = Callable[..., FloatArray]
Actions = tuple[int, ...]
LEVELS = ("backup", "evaluation", "best-response", "gap")


@pytest.fixture(name="targets")
def _targets(planted: ModuleType) -> ModuleType:
    return import_module("drmg_targets")


def accusations(
    function: Function | str, name: str, level: str, *checks: str, profile: str = "quick", **options: object
) -> dict[str, str]:
    results = check_implementation(
        function,
        name,
        level=level,
        profile=profile,
        on_fail=None,
        checks=checks,
        diagnose=None,
        accuracy="0",
        **options,
    )
    return {check.case.partition("/")[2]: check.reason for check in results if check.outcome == "failed"}


def the_game(P: FloatArray, r: FloatArray, rho: FloatArray, actions: tuple[int, ...], uncertainty: object):
    return RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)


def our_backup(
    P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, uncertainty: UncertaintySet
) -> FloatArray:
    S, A = r.shape
    worst = worst_case_expectations(uncertainty, P.reshape(S * A, S), rho.reshape(S * A), V)
    return r + worst.reshape(S, A)


def our_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: object
) -> FloatArray:
    return evaluate(the_game(P, r, rho, actions, uncertainty), JointPolicy(pi, actions)).V[:, 0]


def our_best_response(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: object
) -> FloatArray:
    game, policy = the_game(P, r, rho, actions, uncertainty), JointPolicy(pi, actions)
    return np.array([best_response(game, policy, i).V[0] for i in range(len(actions))])


def our_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: object
) -> FloatArray:
    return gaps(the_game(P, r, rho, actions, uncertainty), JointPolicy(pi, actions)).cce


OURS = dict(zip(LEVELS, (our_backup, our_evaluation, our_best_response, our_gap), strict=True))


@pytest.mark.parametrize("name", ["tv", "kl", "chi2", "interval:nominal", "wasserstein", "wasserstein:2"])
@pytest.mark.parametrize("level", LEVELS)
def test_our_planner_is_not_accused(level: str, name: str):
    """``HYPOTHESIS_PROFILE=deep`` asks 4,000 questions about each."""
    profile = "deep" if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else "quick"
    checks = ("*/smoke/*", "*/law/scale", "*/oracle/*")
    assert accusations(OURS[level], name, level, *checks, profile=profile) == {}


@pytest.mark.parametrize(
    ("function", "level"),
    [("backup", "backup"), ("evaluation", "evaluation"), ("best_response", "best-response"), ("gap", "gap")],
)
def test_the_textbook_is_not_accused_in_its_own_process(targets: ModuleType, function: str, level: str):
    assert accusations(f"drmg_targets:{function}", "tv", level, "*/[sco]*") == {}


def test_costs_are_not_accused(targets: ModuleType):
    def of_costs(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
    ) -> FloatArray:
        return -targets.evaluation(P, -r, rho, pi, actions)

    assert accusations(of_costs, "tv", "evaluation", "*/[so]*", quantity="cost") == {}
    assert "smoke/two-states" in accusations(of_costs, "tv", "evaluation", "*/smoke/*")


@pytest.mark.parametrize(
    ("impostor", "level", "check", "words"),
    [
        ("nominal_evaluation", "evaluation", "smoke/two-states", "V of agent 0 in s0 is too optimistic"),
        ("myopic_gap", "gap", "oracle/generated", "is too optimistic by"),
        ("wrong_shape", "evaluation", "smoke/one-state", "returned an array of shape (1,); expected (1, 1)"),
        ("discounted_backup", "backup", "smoke/two-states", "Q(s0, a0) is too pessimistic"),
    ],
)
def test_impostors_are_caught(targets: ModuleType, impostor: str, level: str, check: str, words: str):
    found = accusations(getattr(targets, impostor), "tv", level, "tv/smoke/*", f"tv/{check}")
    assert words in found[check]


def rogue(kind: str) -> Function:
    """An evaluation that is right but for one thing."""
    calls = iter(range(10**9))

    def function(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
    ) -> FloatArray:
        value = our_evaluation(P, r, rho, pi, actions, TotalVariation())
        if kind == "writes":
            r[...] = 0.0
        if kind == "moody":
            value = value + 1e-3 * (next(calls) % 2)
        if kind == "one step":
            value = our_evaluation(P, r, rho, pi, actions, TotalVariation()) + (len(P) > 1)
        if kind == "shy":
            raise NotImplementedError("no games today")
        if kind == "nan":
            value = value * np.nan
        return value.astype(object) if kind == "objects" else value

    return function


@pytest.mark.parametrize(
    ("kind", "check", "words"),
    [
        ("writes", "contract/input", "it writes into r"),
        ("moody", "contract/deterministic", "the same question twice"),
        ("one step", "law/scale", "got [["),
        ("nan", "contract/answers", "returned [[nan"),
        ("objects", "contract/answers", "expected an array of numbers"),
    ],
)
def test_the_contract_holds_for_games_too(kind: str, check: str, words: str):
    assert words in accusations(rogue(kind), "tv", "evaluation", f"tv/{check}")[check]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_law_of_equality_is_broken_on_either_side(sign: int):
    """Rewards that count once more squared: too much for larger ones, or too little."""

    def bent(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
        return our_backup(P, r, rho, V, TotalVariation()) + sign * 0.01 * r**2

    assert list(accusations(bent, "tv", "backup", "tv/law/shift")) == ["law/shift"]


def test_what_is_not_supported_is_no_fault():
    assert accusations(rogue("shy"), "tv", "evaluation") == {}


def test_parameters_of_the_sets_are_filled_in():
    """One metric for a backup, one of each agent in games; order and alpha are the same for all."""
    seen: dict[str, list[object]] = {"backup": [], "evaluation": [], "alpha": []}

    def backup(
        P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, ground: FloatArray, order: int
    ) -> FloatArray:
        seen["backup"].append((ground.shape == (len(V), len(V)), order))
        return r

    def evaluation(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        pi: FloatArray,
        actions: Actions,
        ground: FloatArray,
        order: int,
    ) -> FloatArray:
        m, _, S, _ = r.shape
        seen["evaluation"].append((ground.shape == (m, S, S), order))
        return np.zeros((m, S))

    def with_alpha(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, alpha: float
    ) -> FloatArray:
        seen["alpha"].append(alpha)
        return np.zeros((len(actions), P.shape[1]))

    accusations(backup, "wasserstein:2", "backup", "*/contract/input")
    accusations(evaluation, "wasserstein:2", "evaluation", "*/contract/input")
    accusations(with_alpha, "cressie-read:3/2", "evaluation", "*/contract/input")
    assert {name: set(values) for name, values in seen.items()} == {
        "backup": {(True, 2)},
        "evaluation": {(True, 2)},
        "alpha": {1.5},
    }


def test_wasserstein_games_differ_in_states_and_metrics():
    drawn = policy_questions(set_family("wasserstein:2").make(1))
    quickly = settings(database=None, derandomize=True, phases=[Phase.generate])
    game = find(drawn, lambda one: len(set(one.game.uncertainty)) == 2, settings=quickly).game
    assert {(len(one.ground), one.order) for one in game.uncertainty} == {(game.n_states, 2)}


def test_smoke_questions_have_answers_that_a_reader_can_check():
    """Two steps of a fair coin with radius 1/4: V_1 = (0, 1), its worst case is 1/4."""
    two_steps = smoke_questions(TotalVariation())["two-states"]
    for truth, expected in (
        (certified_evaluation(two_steps), [["1/4", "5/4"]]),
        (certified_backup(smoke_backups(TotalVariation())["two-states"]), [["1/4"], ["5/4"]]),
        (certified_gap(two_steps), [[0, 0]]),
    ):
        assert truth.lo.tolist() == [[Fraction(x) for x in row] for row in expected]
        assert (truth.hi == truth.lo).all()
        assert float(truth.allowed.max()) < 1e-12


@pytest.mark.parametrize("name", ["tv", "wasserstein:2"])
@pytest.mark.parametrize("level", LEVELS)
def test_requests_about_games_obey_the_schema(level: str, name: str):
    smoke = smoke_backups if level == "backup" else smoke_questions
    declared, form = Implementation(sets=(name,), level=level), level_of(level).form
    question = form.given(smoke(set_family(name).make(1))["two-states"], "float64")
    line = write_request(3, form.request(declared, question))
    jsonschema.Draft202012Validator(json.loads(protocol_schema())).validate(json.loads(line))


@pytest.mark.parametrize("impostor", ["nominal_evaluation", "discounted_backup"])
def test_the_program_shows_the_fault_with_numpy_alone(
    monkeypatch: pytest.MonkeyPatch, targets: ModuleType, impostor: str
):
    level = "backup" if impostor.endswith("backup") else "evaluation"
    results = check_implementation(
        getattr(targets, impostor), "tv", level=level, on_fail=None, checks=["tv/smoke/*"]
    )
    program = next(check.failure.snippet for check in results if check.failure is not None)
    assert "drmg_check" not in program
    with pytest.raises(AssertionError):
        exec(program, {})  # noqa: S102 - the program under test
    monkeypatch.setattr("runpy.run_path", lambda _: {impostor: getattr(targets, level)})
    exec(program, {})  # noqa: S102
