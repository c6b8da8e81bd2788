"""What states are worth whose actions share a budget: by hand, by certificate, by another solver."""

import copy
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    Row,
    SRectangular,
    StateProblem,
    TotalVariation,
)
from drmg_check.vocabulary import InputError
from drmg_oracles import enclose, enclose_state, state_certificate, state_primal
from drmg_oracles.checker import RefusedError
from drmg_oracles.state_checker import verify_state
from drmg_properties.laws import STATE_LAWS
from drmg_properties.strategies import state_problems
from drmg_properties.strategies._states import CURVED, POLYHEDRAL

F = Fraction
HALF = F(1, 2)
# id: nominal rows, z, budget; worth, policy, spent, multiplier, best worth of a single action
BY_HAND = {
    "S1": ([[1, 0], [1, 0]], [[1, 0], [1, 0]], "1", "3/4", "1/2 1/2", "1/2 1/2", "1/4", "1/2"),
    "S2": ([[1, 0], [1, 1]], [[1, 0], [2, 0]], "1/2", "5/6", "2/3 1/3", "1/3 1/6", "1/3", "3/4"),
    "S3": (
        [[2, 1, 1], [1, 1, 1]],
        [[3, 1, 0], [2, 2, 0]],
        "2/3",
        "11/10",
        "2/5 3/5",
        "13/30 7/30",
        "3/5",
        "3/4",
    ),
    "S4": ([[1, 0], [1, 0]], [[10, 0], [1, 0]], "1/4", "35/4", "1 0", "1/4 0", "5", "35/4"),
    "S5": ([[1, 1], [1, 1]], [[1, 0], [1, 0]], "4", "0", None, "1 1", "0", "0"),
}


def numbers(text: str) -> tuple[F, ...]:
    return tuple(map(F, text.split()))


@pytest.mark.parametrize("name", BY_HAND)
def test_vectors_by_hand(name: str):
    rows, z, budget, worth, policy, spent, multiplier, pure = BY_HAND[name]
    problem = StateProblem.of(SRectangular(L1()), rows, z, budget)
    proved = enclose_state(problem)
    assert proved.lo == proved.hi == F(worth)
    assert (proved.spent, proved.multiplier) == (numbers(spent), F(multiplier))
    if policy is not None:
        assert proved.policy == numbers(policy)
    singles = [enclose_state(problem.playing(x)).hi for x in ([1, 0], [0, 1])]
    assert max(singles) == F(pure)


def test_total_variation_is_half_of_l1():
    rows, z = [[1, 0], [1, 1]], [[1, 0], [2, 0]]
    half = enclose_state(StateProblem.of(SRectangular(TotalVariation()), rows, z, "1/4"))
    assert half.lo == half.hi == F(5, 6)


def test_weights_change_who_is_attacked():
    """At four times the price the first action is left alone; its twin alone would fall to 0."""
    problem = StateProblem.of(SRectangular(L1(), [4, 1]), [[1, 0], [1, 0]], [[1, 0], [1, 0]], 2)
    proved = enclose_state(problem)
    # falling by u costs 8 u and 2 u: u = 2 / 10, and the policy leans to the dear one
    assert proved.lo == F(4, 5)
    assert proved.policy == (F(4, 5), F(1, 5))
    assert enclose_state(problem.playing([HALF, HALF])).hi == F(1, 2)


@pytest.mark.parametrize("ball", POLYHEDRAL + CURVED, ids=repr)
def test_one_action_alone_is_its_ball(ball: object):
    for budget in ("0", "1/8", "1/3", "1"):
        row = Row.of(ball, ["1/2", "1/3", "1/6"], [1, 0, 2], budget)
        problem = StateProblem.of(SRectangular(ball, [2]), [row.nominal], [row.values], 2 * row.radius)
        alone, state = enclose(row), enclose_state(problem)
        assert max(alone.lo, state.lo) <= min(alone.hi, state.hi)


@settings(max_examples=150)
@given(state_problems(st.sampled_from(POLYHEDRAL), among_others=True))
def test_polyhedral_worths_are_exact_and_proved(problem: StateProblem):
    proved = enclose_state(problem)
    assert proved.lo == proved.hi
    assert verify_state(state_certificate(proved)) == (proved.lo, proved.hi)


@settings(max_examples=80)
@given(state_problems(st.sampled_from(CURVED), among_others=True), st.sampled_from([64, 110, 192]))
def test_curved_worths_are_narrow_and_proved(problem: StateProblem, bits: int):
    proved = enclose_state(problem, bits=bits)
    z = [x for row in problem.values for x in row]
    assert proved.width <= F(4 * max(max(z) - min(z), 1), 2**bits)
    assert verify_state(state_certificate(proved)) == (proved.lo, proved.hi)


@settings(max_examples=40, deadline=None)
@given(state_problems(among_others=True))
def test_a_convex_solver_agrees(problem: StateProblem):
    """It knows the set by its definition only, and neither duals nor levels."""
    proved = enclose_state(problem)
    assert abs(state_primal(problem) - float(proved.lo)) < 1e-5


@settings(max_examples=100)
@given(state_problems(max_actions=2))
def test_the_policy_secures_the_worth_and_no_other_more(problem: StateProblem):
    proved = enclose_state(problem)
    slack = F(1, 2**90)
    assert enclose_state(problem.playing(proved.policy)).hi >= proved.lo - slack
    for k in range(5):
        x = F(k, 4)
        other = [x, 1 - x][: problem.n_choices] if problem.n_choices == 2 else [1]
        assert enclose_state(problem.playing(other)).lo <= proved.hi + slack


@pytest.mark.parametrize("law", STATE_LAWS, ids=lambda law: law.id)
@settings(max_examples=40)
@given(problem=state_problems())
def test_the_oracle_obeys_the_laws(law: object, problem: StateProblem):
    worth = float(enclose_state(problem).lo)
    for relation in law.relations(problem):
        assert not relation.broken_by(worth, float(enclose_state(relation.other).lo), 1e-13), relation


def impostor_of_single_actions(problem: StateProblem) -> float:
    K = problem.n_choices
    return max(float(enclose_state(problem.playing(np.eye(K)[k])).lo) for k in range(K))


def impostor_without_weights(problem: StateProblem) -> float:
    plain = SRectangular(problem.uncertainty.ball)
    return float(enclose_state(StateProblem.of(plain, problem.nominal, problem.values, problem.budget)).lo)


def impostor_of_equal_parts(problem: StateProblem) -> float:
    """Gives each action an equal part of the budget and takes the best."""
    A = len(problem.nominal)
    each = [
        StateProblem.of(
            SRectangular(problem.uncertainty.ball, [problem.uncertainty.weight(a)]),
            [problem.nominal[a]],
            [problem.values[a]],
            problem.budget / A,
        )
        for a in range(A)
    ]
    return max(float(enclose_state(alone).lo) for alone in each)


def test_who_forgets_the_weights_breaks_the_law_of_units():
    relations = next(each for each in STATE_LAWS if each.id == "unit").relations
    S2 = StateProblem.of(SRectangular(L1(), [1, 2]), [[1, 0], [1, 1]], [[1, 0], [2, 0]], "1/2")
    worth = impostor_without_weights(S2)
    assert any(r.broken_by(worth, impostor_without_weights(r.other), 1e-9) for r in relations(S2))


def test_who_takes_the_best_single_action_or_equal_parts_is_seen_by_the_truth_alone():
    """Both obey the laws, copies help the one and not the other: the oracle is needed."""
    S2 = StateProblem.of(SRectangular(L1()), [[1, 0], [1, 1]], [[1, 0], [2, 0]], "1/2")
    assert impostor_of_single_actions(S2) == 0.75
    assert impostor_of_equal_parts(S2) == 0.875
    assert enclose_state(S2).lo == F(5, 6)


def tampered(data: dict, *path: object, value: object) -> dict:
    changed = copy.deepcopy(data)
    where = changed
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    "ball", [L1(), KullbackLeibler(), ChiSquare(), Interval()], ids=lambda ball: ball.kind
)
def test_a_certificate_that_says_too_much_is_refused(ball: object):
    problem = StateProblem.of(SRectangular(ball), [[2, 1, 1], [1, 1, 1]], [[3, 1, 0], [2, 2, 0]], "1/3")
    data = state_certificate(enclose_state(problem))
    lo, hi = verify_state(data)
    for change in (
        {"path": ("lo",), "value": str(lo + F(1, 10**9))},
        {"path": ("hi",), "value": str(hi - F(1, 10**9))},
        {"path": ("multiplier",), "value": "0"},
        {"path": ("policy",), "value": ["1", "0"]},
        {"path": ("spent", 0), "value": "0"},
        {"path": ("spent", 0), "value": "1"},
        {"path": ("state", "budget"), "value": "1/4"},
        {"path": ("state", "uncertainty", "weights"), "value": ["2", "2"]},
        {"path": ("rows", 0), "value": ["1", "0", "0"]},
        {"path": ("state", "uncertainty", "ball", "kind"), "value": "hellinger"},
        {"path": ("format",), "value": "drmg-certificate"},
        {"path": ("at",), "value": []},
    ):
        with pytest.raises(RefusedError):
            verify_state(tampered(data, *change["path"], value=change["value"]))


def test_only_states_are_enclosed():
    with pytest.raises(InputError, match="expected a StateProblem"):
        enclose_state("state")
