"""Solvers of stage games and planners: any equilibrium is right, and nothing else."""

import json
from collections.abc import Callable
from fractions import Fraction

import jsonschema
import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.referee import check_implementation
from drmg_check.referee.evidence import policy_in
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._equilibrium import stage_examples
from drmg_check.referee.levels._of_solver import policy_gap
from drmg_check.referee.levels._planner import planner_examples
from drmg_check.sets import TotalVariation
from drmg_check.targets import Implementation, protocol_schema, set_family, write_request
from drmg_check.vocabulary import FloatArray, InputError
from drmg_properties.laws import FLOAT64

Function = Callable[..., FloatArray]
Actions = tuple[int, ...]
CONCEPTS = ("nash", "cce", "ce")


def accusations(function: Function, level: str, *checks: str, **options: object) -> dict[str, str]:
    results = check_implementation(
        function, level=level, profile="quick", on_fail=None, checks=checks, diagnose=None, **options
    )
    assert any(check.judged for check in results)
    return {check.case.partition("/")[2]: check.reason for check in results if check.outcome == "failed"}


def our_equilibrium(u: FloatArray, actions: Actions, concept: str) -> FloatArray:
    return solve_stages(u[:, None, :], actions, concept).x[0]


def our_plan(
    P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: object, concept: str
) -> FloatArray:
    game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)
    return robust_value_iteration(game, concept).policy.pi


@pytest.mark.parametrize("concept", CONCEPTS)
def test_our_stage_solver_is_not_accused(concept: str):
    assert accusations(our_equilibrium, "equilibrium", "*/[sol]*", concept=concept) == {}


@pytest.mark.parametrize(("name", "concept"), [("tv", "nash"), ("chi2", "cce"), ("wasserstein:2", "ce")])
def test_our_planner_is_not_accused(name: str, concept: str):
    assert accusations(our_plan, "planner", "*/[so]*", sets=[name], concept=concept) == {}


def test_costs_are_not_accused():
    def of_costs(u: FloatArray, actions: Actions, concept: str) -> FloatArray:
        return our_equilibrium(-u, actions, concept)

    assert accusations(of_costs, "equilibrium", "nash/[so]*", quantity="cost") == {}
    assert "smoke/prisoners-dilemma" in accusations(of_costs, "equilibrium", "nash/smoke/*")


def team(u: FloatArray, actions: Actions) -> FloatArray:
    """Let the agents cooperate: the largest sum of payoffs."""
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]


def uniform(u: FloatArray, actions: Actions) -> FloatArray:
    """Draw every action alike."""
    return np.full(u.shape[1], 1 / u.shape[1])


def correlated(u: FloatArray, actions: Actions) -> FloatArray:
    """Return a coarse correlated equilibrium for a Nash equilibrium: half heads-heads, half tails-tails."""
    return np.array([0.5, 0.0, 0.0, 0.5]) if actions == (2, 2) else uniform(u, actions)


def unnormalised(u: FloatArray, actions: Actions) -> FloatArray:
    """Forget to divide by the sum."""
    return np.ones(u.shape[1])


def absolute(u: FloatArray, actions: Actions) -> FloatArray:
    """Take payoffs below 0.01 for zero."""
    return our_equilibrium(np.where(np.abs(u) < 0.01, 0.0, u), actions, "nash")


@pytest.mark.parametrize(
    ("impostor", "check", "words"),
    [
        (team, "smoke/prisoners-dilemma", "agent 0 gains 1 in s0 by deviating"),
        (uniform, "smoke/prisoners-dilemma", "gains 0.5 in s0 by deviating"),
        (correlated, "smoke/matching-pennies", "joint action a0 is off the product of marginals by 0.25"),
        (unnormalised, "smoke/prisoners-dilemma", "is no distribution: it sums to"),
        (absolute, "law/small", "by deviating"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_impostors_of_a_stage_solver_are_caught(impostor: Function, check: str, words: str):
    assert words in accusations(impostor, "equilibrium", "nash/smoke/*", f"nash/{check}")[check]


def planner_that(kind: str) -> Function:
    """A planner that is right but for one thing."""

    def plan(
        P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: object
    ) -> FloatArray:
        if kind == "forgets the adversary":
            rho = 0 * rho
        if kind == "discounts the future away":
            P = np.broadcast_to(np.eye(P.shape[3])[:, None], P.shape).copy()
            r = r * np.array([1.0] + [0.0] * (len(P) - 1))[:, None, None]
        pi = our_plan(P, r, rho, actions, uncertainty, "nash")
        if kind == "writes into its input":
            r[...] = 0.0
        if kind == "plans forwards":
            return pi[::-1]
        return pi[0] if kind == "returns one step" else pi

    return plan


@pytest.mark.parametrize(
    ("kind", "check", "words"),
    [
        ("forgets the adversary", "smoke/safe-or-risky", "agent 0 gains 0.2 in s0 by deviating"),
        ("discounts the future away", "smoke/safe-or-risky", "in s1 by deviating"),
        ("plans forwards", "smoke/safe-or-risky", "in s1 by deviating"),
        ("writes into its input", "contract/input", "it writes into r"),
        ("returns one step", "smoke/safe-or-risky", "returned an array of shape"),
    ],
)
def test_impostors_of_a_planner_are_caught(kind: str, check: str, words: str):
    found = accusations(planner_that(kind), "planner", "tv/smoke/*", f"tv/{check}", sets=["tv"])
    assert words in found[check]


@pytest.mark.parametrize("name", ["wasserstein", "wasserstein:2"])
def test_a_planner_that_forgets_to_transport_is_caught(name: str):
    found = accusations(planner_that("forgets the adversary"), "planner", "*/smoke/*", sets=[name])
    assert "agent 0 gains 0." in found["smoke/safe-or-risky"]


def test_a_policy_that_is_a_product_up_to_rounding_means_its_product():
    game = stage_examples("nash")["matching-pennies"].game
    weights = np.array([Fraction(0.1 * 0.3), Fraction(0.1 * 0.7), Fraction(0.9 * 0.3), Fraction(0.9 * 0.7)])
    wrong, policy = policy_in(game, weights, "nash")
    assert wrong == ""
    lo, hi, allowed = policy_gap(game, policy, "nash", FLOAT64)
    assert (lo == hi).all()
    assert float(lo.max()) == pytest.approx(0.8 + 0.8 * 0.4, abs=1e-15)
    assert allowed < Fraction(1, 10**12)


@pytest.mark.parametrize("level", ["equilibrium", "planner"])
def test_requests_obey_the_schema(level: str):
    examples = stage_examples("ce") if level == "equilibrium" else planner_examples(TotalVariation(), "ce")
    declared = Implementation(level=level, sets=() if level == "equilibrium" else ("tv",), concept="ce")
    schema = jsonschema.Draft202012Validator(json.loads(protocol_schema()))
    for question in examples.values():
        schema.validate(json.loads(write_request(1, level_of(level).form.request(declared, question))))


def test_the_program_shows_the_fault_with_numpy_alone(monkeypatch: pytest.MonkeyPatch):
    results = check_implementation(
        team, level="equilibrium", on_fail=None, checks=["*/smoke/prisoners-dilemma"]
    )
    program = results[0].failure.snippet
    assert "drmg_check" not in program
    with pytest.raises(AssertionError):
        exec(program.replace(f"from {__name__} import team as function", ""), {"function": team})  # noqa: S102
    honest = {"function": lambda u, actions: np.array([0.0, 0.0, 0.0, 1.0])}
    exec(program.replace(f"from {__name__} import team as function", ""), honest)  # noqa: S102


def test_declarations_that_make_no_sense_are_refused():
    with pytest.raises(InputError, match="a stage game has no uncertainty set"):
        Implementation(level="equilibrium", sets=("tv",))
    with pytest.raises(InputError, match="concept='berge'; expected one of nash, cce, ce"):
        Implementation(level="equilibrium", concept="berge")


def test_the_risky_action_is_never_right():
    """Whatever the set, radius 1/4 leaves less than 9/20 of an even chance of 1."""
    for name in ("tv", "kl", "reverse-kl", "chi2", "hellinger", "contamination", "interval", "wasserstein"):
        game = planner_examples(set_family(name).make(2), "nash")["safe-or-risky"].game
        weights = np.zeros((2, 2, 2), dtype=object) + Fraction(0)
        weights[..., 1] = Fraction(1)
        _, risky = policy_in(game, weights, "nash")
        lo, _, _ = policy_gap(game, risky, "nash", FLOAT64)
        assert lo[0, 0] >= Fraction(9, 20) - Fraction(3, 8), name
