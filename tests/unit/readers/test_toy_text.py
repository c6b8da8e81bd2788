"""A Gymnasium table becomes the game that its author meant."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import exact_reward, nominal_row
from drmg_check.readers import Names, from_gymnasium, from_toy_text
from drmg_check.readers._rows import exact_distribution
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError

THIRD, REST = 1 / 3, (1 - 1 / 3) / 2  # what Gymnasium computes for slippery ice; neither is 1/3, nor equal


def test_thirds_that_were_computed_are_thirds():
    """Duplicates are added, and the row of FrozenLake is (2/3, 1/3) and not nearly so."""
    assert REST != THIRD
    table = {
        0: {0: [(REST, 0, 0, False), (THIRD, 0, 0, False), (REST, 1, 1, False)]},
        1: {0: [(1.0, 1, 0, False)]},
    }
    game = from_toy_text(table, horizon=2, radius="1/10")
    assert nominal_row(game.stages[0], 0, 0) == (Fraction(2, 3), Fraction(1, 3))
    assert exact_reward(game.stages[0], 0, 0, 0) == Fraction(1, 3)
    assert game.uncertainty == (TotalVariation(),)
    assert game.radius[0, 0, 0, 0] == Fraction(1, 10)


def test_termination_leads_to_one_absorbing_state_without_reward():
    table = {
        0: {0: [(0.5, 0, 1, True), (0.5, 1, 2, True)], 1: [(1.0, 1, 4, False)]},
        1: {0: [(1.0, 1, 8, True)], 1: [(1.0, 0, 0, False)]},
    }
    game = from_toy_text(
        table,
        horizon=3,
        radius=0,
        uncertainty=KullbackLeibler(),
        initial_state=1,
        names=Names("two", states=("a", "b")),
    )
    assert game.state_names == ("a", "b", "end")
    assert game.P[0, 0].tolist() == [[0, 0, 1], [0, 1, 0]]
    assert game.P[0, 1].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert game.P[0, 2].tolist() == [[0, 0, 1], [0, 0, 1]]
    assert game.r[0, 0].tolist() == [[1.5, 4], [8, 0], [0, 0]]
    assert game.initial_state == 1


def test_a_table_without_termination_gets_no_state():
    game = from_toy_text({0: {0: [(1.0, 0, 1, False)]}}, horizon=5, radius=0)
    assert game.n_states == 1


def test_dyadic_tables_stay_floats_and_one_kernel_serves_all_steps():
    game = from_toy_text({0: {0: [(1.0, np.int64(0), -1, False)]}}, horizon=50, radius="1/3")
    assert game.transition.dtype == game.reward.dtype == np.float64
    assert game.is_stationary


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "no entry 0"),
        ({1: {0: [(1, 1, 0, False)]}}, "no entry 0"),
        ({0: {}}, "expected at least one|without|>= 1"),
        ({0: {0: []}}, "without"),
        (
            {0: {0: [(1.0, 0, 0, False)]}, 1: {0: [(1.0, 0, 0, False)], 1: [(1.0, 0, 0, False)]}},
            "same in every",
        ),
        ({0: {0: [(1.0, 0, 0)]}}, r"table\[0\]\[0\]\[0\]=.*expected \(probability"),
        ({0: {0: [(1.0, 1, 0, False)]}}, "leads to state 1; expected 0 <= s' < 1"),
        ({0: {0: [(1.0, -1, 0, False)]}}, "leads to state -1"),
        ({0: {0: [(1.0, 0.0, 0, False)]}}, "leads to state 0.0"),
        ({0: {0: [(0.9, 0, 0, False)]}}, r"table\[0\]\[0\] is .*sum to 1"),
        ({0: {0: [(1.5, 0, 0, False), (-0.5, 0, 1, False)]}}, "sum to 1"),
        ({0: {0: [(float("nan"), 0, 0, False)]}}, "not finite"),
        ({0: {0: [(1.0, 0, float("inf"), False)]}}, "not finite"),
        ({0: {0: ["9" * 5000]}}, r"table\[0\]\[0\]\[0\]='9{5,20}\.\.\.9{5,20}'; expected"),
        (None, "no entry"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_another_table_is_refused_with_its_place(table: object, message: str):
    with pytest.raises(InputError, match=message):
        from_toy_text(table, horizon=1, radius=0)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6).filter(any))
def test_a_row_of_rounded_small_fractions_means_the_fractions(counts: list[int]):
    """Law: rounding each probability of denominator <= 180 to a float is undone."""
    total = sum(counts)
    row = {s: Fraction(n / total) for s, n in enumerate(counts)}
    assert exact_distribution(row, 6, "row") == {s: Fraction(n, total) for s, n in enumerate(counts) if n}


@given(st.lists(st.floats(1e-3, 1), min_size=1, max_size=6))
def test_any_other_row_is_a_distribution_within_rounding(weights: list[float]):
    total = sum(weights)
    row = {s: Fraction(w / total) for s, w in enumerate(weights)}
    meant = exact_distribution(row, len(row), "row")
    assert sum(meant.values()) == 1
    assert all(abs(meant[s] - row[s]) <= Fraction(len(row), 2**52) for s in row)


@pytest.mark.parametrize("states", [1, 3, 100])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_is_1_within_one_ulp_a_state(states: int, sign: int):
    """``S 2^-52`` is rounding, a hair more is another row."""
    slack, hair = sign * Fraction(states, 2**52), sign * Fraction(1, 2**90)
    pi = Fraction(3141592653589793, 10**16)
    assert sum(exact_distribution({0: pi, 1: 1 - pi + slack}, states, "row").values()) == 1
    with pytest.raises(InputError, match="sum to 1 up to rounding"):
        exact_distribution({0: pi, 1: 1 - pi + slack + hair}, states, "row")


def test_fractions_are_taken_for_meant_within_one_ulp_only():
    """1/3 + 2^-52 means 1/3; 1/3 + 2^-51 beside 2/3 - 2^-51 is itself."""
    for shift, meant in ((Fraction(1, 2**52), True), (Fraction(1, 2**51), False)):
        row = {0: Fraction(1, 3) + shift, 1: Fraction(2, 3) - shift}
        assert (exact_distribution(row, 2, "row") == {0: Fraction(1, 3), 1: Fraction(2, 3)}) == meant
    over = {0: Fraction(1, 1009), 1: Fraction(1008, 1009) + Fraction(1, 2**54)}
    assert exact_distribution(over, 2, "row") != {0: Fraction(1, 1009), 1: Fraction(1008, 1009)}


def test_fractions_are_taken_for_meant_only_if_they_sum_to_one():
    """Five fractions sum to 1 + 1 / (997 991 983 971 947), five ulps above 1; each entry is an ulp less."""
    fractions = ((70, 997), (271, 991), (453, 983), (116, 971), (72, 947))
    row = {s: Fraction(*each) - Fraction(1, 2**52) for s, each in enumerate(fractions)}
    assert sum(Fraction(*each) for each in fractions) > 1
    assert sum(exact_distribution(row, 5, "row").values()) == 1


def test_a_row_of_other_fractions_that_sums_to_one_is_left_alone():
    row = {0: Fraction(1, 3), 1: Fraction(2, 3) - Fraction(1, 2**60), 2: Fraction(1, 2**60), 3: Fraction(0)}
    assert exact_distribution(row, 4, "row") == {s: p for s, p in row.items() if p}


def test_an_environment_is_read_by_its_own_table():
    gymnasium = pytest.importorskip("gymnasium")
    env = gymnasium.make("FrozenLake-v1", is_slippery=False)
    game = from_gymnasium(env, horizon=3, radius="1/10")
    by_hand = from_toy_text(env.unwrapped.P, horizon=3, radius="1/10")
    assert (game.P == by_hand.P).all()
    assert (game.r == by_hand.r).all()
    assert from_gymnasium(env, horizon=3, radius=0, initial_state=5).initial_state == 5
    with pytest.raises(InputError, match="give it to from_gymnasium"):
        from_toy_text(env, horizon=3, radius=0)
    with pytest.raises(InputError, match="does not say where it begins"):
        from_gymnasium(SimpleNamespace(P=env.unwrapped.P), horizon=3, radius=0)
