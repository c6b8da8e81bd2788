"""Planners that are wrong on purpose; Hypothesis must find a game on which the named check tells."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame, marginal, product_policy
from drmg_check.planner import Evaluation, Gaps, Plan, evaluate, gaps, robust_value_iteration
from drmg_check.vocabulary import FloatArray, exact
from drmg_oracles import ExactGap, ce_gap_exactly, evaluate_exactly, gap_exactly
from drmg_properties.laws import gaps_are_permuted, planned_values_are_permuted, values_are_permuted
from drmg_properties.strategies import games, policies, relabellings

SEARCH = settings(
    max_examples=2000,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PLAYED = games(max_states=2).flatmap(lambda game: st.tuples(st.just(game), policies(game)))


def values_match_the_exact_recursion(
    evaluate: Callable[[RobustMarkovGame, JointPolicy], Evaluation],
    game: RobustMarkovGame,
    policy: JointPolicy,
) -> bool:
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    return all(
        truth.lo[i, h, s] - exact(computed.error[i, h])
        <= exact(computed.V[i, h, s])
        <= truth.hi[i, h, s] + exact(computed.error[i, h])
        for i, h, s in np.ndindex(*computed.V.shape)
    )


def ce_gains_match_the_exact_recursion(
    gaps: Callable[[RobustMarkovGame, JointPolicy], Gaps], game: RobustMarkovGame, policy: JointPolicy
) -> bool:
    computed = gaps(game, policy)
    return _within(computed.ce, computed.error, ce_gap_exactly(game, policy))


def cce_gains_match_the_exact_recursion(
    gaps: Callable[[RobustMarkovGame, JointPolicy], Gaps], game: RobustMarkovGame, policy: JointPolicy
) -> bool:
    computed = gaps(game, policy)
    return _within(computed.cce, computed.error, gap_exactly(game, policy))


def ce_gains_are_at_least_cce_gains(
    gaps: Callable[[RobustMarkovGame, JointPolicy], Gaps], game: RobustMarkovGame, policy: JointPolicy
) -> bool:
    computed = gaps(game, policy)
    return bool((computed.ce >= computed.cce - computed.error[:, None]).all())


def _within(computed: FloatArray, error: FloatArray, truth: ExactGap) -> bool:
    return all(
        truth.lo[i, s] - exact(error[i]) <= exact(computed[i, s]) <= truth.hi[i, s] + exact(error[i])
        for i, s in np.ndindex(*computed.shape)
    )


def horizon_off_by_one(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by starting the recursion at V_{H-1} = 0, as if the last step paid nothing."""
    reward = np.array(game.reward)
    reward[:, -1] = Fraction(0)
    return evaluate(replaced(game, reward=reward), policy)


def radius_of_the_wrong_agent(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by giving every agent the radius of the last one."""
    return evaluate(replaced(game, radius=game.radius[-1:]), policy)


def one_adversary_for_all(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by letting the adversary hurt the sum of the agents instead of each agent by its own kernel."""
    computed = evaluate(game, policy)
    m, H, S, A = game.n_agents, game.horizon, game.n_states, game.n_joint_actions
    V = np.zeros((H + 1, S))
    for h in reversed(range(H)):
        rows, rho = game.P[h].reshape(S * A, S), game.rho[0, h].reshape(S * A)
        worst = worst_case_expectations(game.uncertainty[0], rows, rho, V[h + 1]).reshape(S, A)
        V[h] = (policy.pi[h] * (game.r[:, h].sum(axis=0) + worst)).sum(axis=1)
    return replace(computed, V=np.broadcast_to(V / m, computed.V.shape))


def adversary_after_the_average(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by mixing the nominal rows over actions first, so that the adversary sees the mixture only."""
    computed = evaluate(game, policy)
    V = np.zeros_like(computed.V)
    for i, h in np.ndindex(game.n_agents, game.horizon):
        step = game.horizon - 1 - h
        rows = np.einsum("sa,sat->st", policy.pi[step], game.P[step])
        rho = np.einsum("sa,sa->s", policy.pi[step], game.rho[i, step])
        mean = np.einsum("sa,sa->s", policy.pi[step], game.r[i, step])
        V[i, step] = mean + worst_case_expectations(
            game.uncertainty[i], rows, np.minimum(rho, 1.0), V[i, step + 1]
        )
    return replace(computed, V=V)


def marginals_mistaken_for_products(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by evaluating the product of the marginals of a correlated policy."""
    return evaluate(game, product_of_marginals(game, policy))


def transposed_agents(game: RobustMarkovGame, policy: JointPolicy) -> Gaps:
    """Lies by reading joint actions in Fortran order, so that agents trade their axes."""
    order = np.arange(game.n_joint_actions).reshape(game.actions).ravel(order="F")
    actions = game.actions[::-1]
    mistaken = replaced(
        game,
        actions=actions,
        transition=game.transition[:, :, order],
        reward=game.reward[..., order],
        radius=game.radius[..., order],
    )
    return gaps(mistaken, JointPolicy(policy.weights[..., order], actions))


def deviation_without_the_recommendation(game: RobustMarkovGame, policy: JointPolicy) -> Gaps:
    """Lies by counting as CE gain what a deviation earns that ignores the recommendation."""
    computed = gaps(game, policy)
    return replace(computed, ce=computed.cce)


def modification_of_the_product(game: RobustMarkovGame, policy: JointPolicy) -> Gaps:
    """Lies by measuring the CE gain on the product of the marginals, where recommendations say nothing."""
    return replace(gaps(game, policy), ce=gaps(game, product_of_marginals(game, policy)).ce)


def myopic_deviation(game: RobustMarkovGame, policy: JointPolicy) -> Gaps:
    """Lies by letting agents deviate at the first step only."""
    computed, values = gaps(game, policy), evaluate(game, policy)
    cce = np.empty_like(computed.cce)
    for i, n in enumerate(game.actions):
        payoff = np.moveaxis(values.Q[i, 0].reshape(-1, *game.actions), i + 1, 1)
        weights = policy.pi[0].reshape(-1, *game.actions).sum(axis=i + 1, keepdims=True)
        others = np.moveaxis(weights, i + 1, 1)
        cce[i] = (payoff * others).reshape(game.n_states, n, -1).sum(axis=2).max(axis=1) - values.V[i, 0]
    return replace(computed, cce=cce)


def values_swept_in_place(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by keeping one vector of values: a state sees step h of those before it, not h + 1."""
    V = [in_place(game, i, lambda h, s, Q: policy.pi[h, s] @ Q) for i in range(game.n_agents)]
    return replace(evaluate(game, policy), V=np.array(V))


def planned_in_place(game: RobustMarkovGame) -> Plan:
    """Lies in the same way about the optimum of one agent."""
    V = in_place(game, 0, lambda h, s, Q: Q.max())
    return replace(robust_value_iteration(game, "nash"), V=V[None])


def in_place(game: RobustMarkovGame, i: int, value: Callable[[int, int, FloatArray], float]) -> FloatArray:
    """Return V[h, s] of a sweep that overwrites what it still reads."""
    V, now = np.zeros((game.horizon + 1, game.n_states)), np.zeros(game.n_states)
    for h in reversed(range(game.horizon)):
        for s in range(game.n_states):
            worst = worst_case_expectations(
                game.uncertainty[i], game.P[h, s], np.array(game.rho[i, h, s]), now
            )
            now[s] = value(h, s, game.r[i, h, s] + worst)
        V[h] = now
    return V


def mass_taken_in_the_order_of_states(game: RobustMarkovGame, policy: JointPolicy) -> Evaluation:
    """Lies by taking the adversary's mass from the first states, where the best ones are meant."""
    computed = evaluate(game, policy)
    V = np.zeros_like(computed.V)
    for i, back in np.ndindex(game.n_agents, game.horizon):
        h = game.horizon - 1 - back
        kept = np.maximum(np.cumsum(game.P[h], axis=-1) - game.rho[i, h, ..., None], 0.0)
        worst = np.diff(kept, axis=-1, prepend=0.0) @ V[i, h + 1]
        worst += np.minimum(game.rho[i, h], 1.0) * V[i, h + 1].min()
        V[i, h] = (policy.pi[h] * (game.r[i, h] + worst)).sum(axis=1)
    return replace(computed, V=V)


@pytest.mark.parametrize(
    ("impostor", "check"),
    [
        (horizon_off_by_one, values_match_the_exact_recursion),
        (radius_of_the_wrong_agent, values_match_the_exact_recursion),
        (one_adversary_for_all, values_match_the_exact_recursion),
        (adversary_after_the_average, values_match_the_exact_recursion),
        (marginals_mistaken_for_products, values_match_the_exact_recursion),
        (transposed_agents, cce_gains_match_the_exact_recursion),
        (transposed_agents, ce_gains_match_the_exact_recursion),
        (myopic_deviation, cce_gains_match_the_exact_recursion),
        (deviation_without_the_recommendation, ce_gains_match_the_exact_recursion),
        (modification_of_the_product, ce_gains_are_at_least_cce_gains),
    ],
    ids=lambda function: function.__name__,
)
def test_is_caught_by(impostor: Callable[..., object], check: Callable[..., bool]):
    """A game is found on which the impostor fails the check; the honest planner passes it there."""
    game, policy = find(PLAYED, lambda played: not check(impostor, *played), settings=SEARCH)
    honest = evaluate if check is values_match_the_exact_recursion else gaps
    assert check(honest, game, policy)


@pytest.mark.parametrize(
    ("impostor", "honest", "check"),
    [
        (values_swept_in_place, evaluate, values_are_permuted),
        (mass_taken_in_the_order_of_states, evaluate, values_are_permuted),
        (radius_of_the_wrong_agent, evaluate, values_are_permuted),
        (transposed_agents, gaps, gaps_are_permuted),
    ],
    ids=lambda function: function.__name__,
)
def test_other_names_give_it_away(
    impostor: Callable[..., object], honest: Callable[..., object], check: Callable[..., bool]
):
    """No oracle is asked: the names alone tell what depends on them."""
    game, policy, how = find(
        games(max_agents=3).flatmap(
            lambda game: st.tuples(st.just(game), policies(game), relabellings(game))
        ),
        lambda renamed: not check(impostor, *renamed),
        settings=SEARCH,
    )
    assert check(honest, game, policy, how)


def test_other_names_give_a_planner_away():
    """One agent, so that there is one optimal value."""
    game, how = find(
        games(max_agents=1).flatmap(lambda game: st.tuples(st.just(game), relabellings(game))),
        lambda renamed: not planned_values_are_permuted(planned_in_place, *renamed),
        settings=SEARCH,
    )
    assert planned_values_are_permuted(partial(robust_value_iteration, concept="nash"), game, how)


def product_of_marginals(game: RobustMarkovGame, policy: JointPolicy) -> JointPolicy:
    """Return the product policy in which each agent plays its marginal."""
    shape = (policy.horizon, policy.n_states)
    arrays = [np.empty((*shape, n), dtype=object) for n in game.actions]
    for i, h, s in np.ndindex(game.n_agents, *shape):
        arrays[i][h, s] = marginal(policy, i, h, s)
    return product_policy(arrays)


def replaced(game: RobustMarkovGame, **changes: object) -> RobustMarkovGame:
    """Return the game with some fields replaced."""
    fields = {name: getattr(game, name) for name in ("transition", "reward", "radius", "uncertainty")}
    fields |= {"actions": game.actions, "horizon": game.horizon, "initial_state": game.initial_state}
    return RobustMarkovGame(**(fields | changes))
