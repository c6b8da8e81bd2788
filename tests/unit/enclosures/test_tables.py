"""Tables of values contain the exact recursion at every place, and a table that is not true is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.hill_climb import named_set
from drmg_check.documents import Table, proved_agents
from drmg_check.enclosures import tables
from drmg_check.models import JointPolicy, RobustMarkovGame, SparseRows, StagedGame, repeated, uniform_policy
from drmg_check.sets import FictitiousTotalVariation, UncertaintySet
from drmg_check.vocabulary import CertificateError, InputError, UnsupportedError, exact
from drmg_check.zoo import load
from drmg_oracles import best_modification_exactly, best_response_exactly, evaluate_exactly
from drmg_oracles.policies import sampled_places, verify_places

ACTIONS = ((3,), (2, 3), (2, 2, 2))
SETS = ("tv", "tv:nominal", "contamination", "interval:nominal", "chi2", "kl", "hellinger")


def random_game(uncertainty: UncertaintySet, actions: tuple[int, ...], seed: int) -> RobustMarkovGame:
    """Return a game of decimals, in which kernel, rewards and radii depend on everything that they may."""
    chance = np.random.default_rng(seed)
    S, H, A, m = 4, 3, int(np.prod(actions)), len(actions)
    P = np.empty((H, S, A, S), dtype=object)
    for where in np.ndindex(H, S, A):
        states = chance.permutation(S)[: chance.integers(1, S + 1)]
        weights = chance.integers(1, 30, len(states))
        row = [Fraction(0)] * S
        for state, weight in zip(states.tolist(), weights.tolist(), strict=True):
            row[state] = Fraction(weight, int(weights.sum()))
        P[where] = row
    decimals = np.vectorize(lambda x: Fraction(int(x), 100), otypes=[object])
    return RobustMarkovGame(
        transition=P,
        reward=decimals(chance.integers(-300, 300, (m, H, S, A))),
        radius=decimals(chance.integers(0, 60, (m, H, S, A))),
        uncertainty=uncertainty,
        actions=actions,
    )


def random_policy(game: RobustMarkovGame, seed: int) -> JointPolicy:
    """Return a correlated policy of decimals that does not use every action."""
    chance = np.random.default_rng(seed)
    shape = game.horizon, game.n_states, game.n_joint_actions
    weights = chance.integers(0, 4, shape)
    weights[..., 0] += 1
    total = weights.sum(axis=-1)
    exactly = np.empty(shape, dtype=object)
    for where in np.ndindex(*shape):
        exactly[where] = Fraction(int(weights[where]), int(total[where[:2]]))
    return JointPolicy(exactly, game.actions)


def exact_tables(
    game: RobustMarkovGame, policy: JointPolicy
) -> Iterator[tuple[int, str, np.ndarray, np.ndarray]]:
    values = evaluate_exactly(game, policy)
    for i in range(game.n_agents):
        yield i, "value", values.lo[i], values.hi[i]
        for question, answer in (
            ("response", best_response_exactly),
            ("modification", best_modification_exactly),
        ):
            best = answer(game, policy, i)
            yield i, question, best.lo, best.hi


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("actions", ACTIONS, ids=str)
def test_every_place_contains_the_exact_recursion(name: str, actions: tuple[int, ...]):
    game = random_game(named_set(name), actions, len(actions))
    policy = random_policy(game, 7)
    proved = {(table.agent, table.question): table for table in tables(game, policy)}
    for agent, question, lo, hi in exact_tables(game, policy):
        table = proved[agent, question]
        for h, s in np.ndindex(game.horizon, game.n_states):
            low, high = table.bounds(h, s)
            assert low <= lo[h, s] <= hi[h, s] <= high, (agent, question, h, s)
        assert table.d[0] < 1e-11
    assert len(proved) == 3 * game.n_agents


def test_every_place_is_proved_again_in_fractions():
    game = random_game(named_set("kl"), (2, 2), 5)
    policy = random_policy(game, 8)
    for table in tables(game, policy):
        places = sampled_places(table, 10**6, 0)
        assert len(places) == game.horizon * game.n_states
        assert verify_places(game, policy, table, places) >= len(places)


def spoilt(table: Table, way: str) -> Table:
    L, d = table.L.copy(), table.d.copy()
    if way == "one value too high":
        L[1, 2] = np.nextafter(L[1, 2] + d[1], np.inf)
    elif way == "one value too low":
        L[1, 2] -= 3 * d[1]
    elif way == "widths of one step for another":
        d[0] = d[1]
    elif way == "widths of 0":
        d[:] = 0.0
    elif way == "two states exchanged":
        L[0, [0, 1]] = L[0, [1, 0]]
    else:
        L[:-1] *= 1 + 1e-9
    return replace(table, L=L, d=d)


WAYS = (
    *("one value too high", "one value too low", "widths of one step for another", "widths of 0"),
    *("two states exchanged", "all values too large by 1e-9"),
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("question", ["value", "response", "modification"])
def test_a_table_that_is_not_true_is_refused(way: str, question: str):
    game = random_game(named_set("tv"), (2, 2), 6)
    policy = random_policy(game, 9)
    table = next(each for each in tables(game, policy) if each.question == question)
    with pytest.raises(CertificateError, match=rf"{question}, step \d, state \d.* does not follow"):
        verify_places(game, policy, spoilt(table, way), sampled_places(table, 10**6, 0))


def test_a_table_of_another_question_policy_or_game_is_refused():
    game = random_game(named_set("tv"), (2, 2), 6)
    policy = random_policy(game, 9)
    value, response, _ = tables(game, policy)[:3]
    places = sampled_places(value, 10**6, 0)
    for wrong in (replace(value, question="response"), replace(response, question="value")):
        with pytest.raises(CertificateError):
            verify_places(game, policy, wrong, places)
    with pytest.raises(CertificateError):
        verify_places(game, random_policy(game, 10), value, places)
    with pytest.raises(CertificateError):
        verify_places(random_game(named_set("tv"), (2, 2), 7), policy, value, places)
    with pytest.raises(InputError, match="3 steps and 4 states; expected 4 and 2"):
        verify_places(load("initial-shock"), uniform_policy(load("initial-shock")), value, [(0, 0)])


def sparse(game: RobustMarkovGame) -> StagedGame:
    """Return the first step of a game, repeated, with its rows compressed."""
    first = game.stages[0]
    S, A, _ = first.rows.shape
    states = [[t for t in range(S) if game.transition[0, s, a, t]] for s, a in np.ndindex(S, A)]
    rows = SparseRows(
        indptr=np.cumsum([0, *map(len, states)]),
        indices=np.concatenate(states),
        weights=np.array(
            [game.transition[0, k // A, k % A, t] for k, each in enumerate(states) for t in each],
            dtype=object,
        ),
        shape=(S, A, S),
    )
    return StagedGame(
        stages=repeated(replace(first, rows=rows, views=(first.r, first.rho)), 3), name=game.name
    )


@pytest.mark.parametrize("name", SETS)
def test_compressed_rows_give_the_same_bits(name: str):
    game = random_game(named_set(name), (2, 2), 11)
    stationary = RobustMarkovGame(
        transition=game.transition[0],
        reward=game.reward[:, :1],
        radius=game.radius[:, :1],
        uncertainty=game.uncertainty,
        actions=game.actions,
        horizon=3,
    )
    policy = random_policy(stationary, 12)
    for dense, compressed in zip(tables(stationary, policy), tables(sparse(game), policy), strict=True):
        assert dense.L.tolist() == compressed.L.tolist()
        assert dense.d.tolist() == compressed.d.tolist()


def test_gains_are_differences_of_tables():
    game = load("initial-shock")
    proved = proved_agents(tables(game, uniform_policy(game)), game.initial_state)
    for agent in proved:
        low, high = agent.gain
        assert low <= Fraction(11, 128) <= high < low + Fraction(1, 10**12)
    with pytest.raises(InputError, match="expected one for each agent and question"):
        proved_agents(tables(game, uniform_policy(game), questions=("value",)), 0)


def test_radii_and_rewards_of_each_step_are_used():
    """Whoever prepares the radii of one step for all of them is off by far more than a width."""
    game = random_game(named_set("tv"), (2,), 13)
    policy = uniform_policy(game)
    (value,) = tables(game, policy, questions=("value",))
    for h in range(game.horizon):
        exactly = evaluate_exactly(game, policy).lo[0, h]
        assert max(abs(float(exact(v)) - x) for v, x in zip(exactly, value.L[h], strict=True)) < 1e-12


def test_a_fictitious_set_is_refused():
    game = load("initial-shock")
    fictitious = RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius="1/10",
        uncertainty=FictitiousTotalVariation(),
        actions=game.actions,
    )
    with pytest.raises(UnsupportedError, match="fictitious"):
        tables(fictitious, uniform_policy(fictitious))


def test_progress_is_told_after_each_step():
    game, said = load("good-bad-chain"), []
    tables(game, uniform_policy(game), progress=said.append)
    assert len(said) == 3 * game.horizon
    assert said[0] == f"agent 0, value, step {game.horizon - 1}"
