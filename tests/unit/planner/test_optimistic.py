"""Optimistic planning writes equations (4) to (8), whatever order the work is done in."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from drmg_check.equilibria import Concept, stage_gaps
from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import (
    Clip,
    OperatorName,
    Optimism,
    OptimisticPlan,
    Rate,
    evaluate,
    gaps,
    optimistic_plan,
    practical,
    theory,
)
from drmg_check.planner.compiled import bounds_from, prepare, replan
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import FloatArray, InputError, IntArray, UnsupportedError
from drmg_check.zoo import load

SETS = ("tv", "kl", "chi2", "contamination", "l1", "hellinger", "reverse-kl", "interval")
ROUNDING = 2.0**-44  # of sums of fewer than 100 terms of size at most H = 3


def counts(game: RobustMarkovGame, seed: int = 0, most: int = 6) -> IntArray:
    """Return counts with many zeros, rows never visited among them."""
    shape = (game.horizon, game.n_states, game.n_joint_actions, game.n_states)
    rng = np.random.default_rng(seed)
    N = rng.integers(0, most, shape) * (rng.random(shape) < 0.4)
    return N * (rng.random(shape[:3]) < 0.7)[..., None]


def bonus(
    game: RobustMarkovGame, optimism: Optimism, i: int, p: FloatArray, n: int, rho: float, V: FloatArray
):
    """Return beta as equations (19) and (102) print it."""
    H, S, n = game.horizon, game.n_states, max(n, 1)
    floor = 1.0 / sqrt(optimism.episodes)
    if game.uncertainty[i].kind == "kl" and rho > 0:
        return 2 * optimism.cf * H / rho * sqrt(optimism.iota / (n * p[p > 0].min())) + floor
    middle, width = V.mean(axis=0), V[0] - V[1]
    variance = p @ (middle - p @ middle) ** 2
    spread = S if optimism.rate == "sqrt_S" else 1
    return (
        sqrt(optimism.c1 * optimism.iota * spread * variance / n)
        + optimism.c3 * 2 * (p @ width) / H
        + optimism.c2 * H * H * S * optimism.iota / (sqrt(n) if optimism.rate == "literal_19" else n)
        + floor
    )


def check(game: RobustMarkovGame, N: IntArray, optimism: Optimism, plan: OptimisticPlan) -> None:
    """Derive each Q from the plan's own next values, in Python, and each value from its own Q and policy."""
    m, H, S, A = plan.Qbar.shape
    drop = optimism.operator == "drop"
    for i, h, s, a in np.ndindex(m, H, S, A):
        n, rho = int(N[h, s, a].sum()), float(game.rho[i, h, s, a])
        p = N[h, s, a] / n if n else np.full(S, 1 / S)
        V = np.stack([plan.Vbar[i, h + 1], plan.Vlow[i, h + 1]])
        worst = [
            worst_case_expectations(game.uncertainty[i], p[None], rho, v)[0] - drop * rho * v.min() for v in V
        ]
        beta = bonus(game, optimism, i, p, n, rho, V)
        clip = H if optimism.clip == "H" else min(H - h, 1 / game.rho[i].min() if drop else H)
        r = game.r[i, h, s, a]
        assert abs(plan.Qbar[i, h, s, a] - min(r + worst[0] + beta, clip)) <= ROUNDING
        assert abs(plan.Qlow[i, h, s, a] - max(r + worst[1] - beta, 0.0)) <= ROUNDING
    assert (plan.Qlow <= plan.Qbar).all()
    assert np.allclose(plan.Vbar[:, :H], (plan.pi * plan.Qbar).sum(axis=3), rtol=0, atol=ROUNDING)
    assert np.allclose(plan.Vlow[:, :H], (plan.pi * plan.Qlow).sum(axis=3), rtol=0, atol=ROUNDING)
    assert np.allclose(plan.pi.sum(axis=2), 1.0, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("kind", SETS)
def test_every_set_follows_the_equations(kind: str):
    game = load(f"random-dirichlet?uncertainty={kind}&seed=3")
    N = counts(game)
    for optimism in (practical(game, 100), theory(game, 100)):
        check(game, N, optimism, optimistic_plan(game, N, optimism, "cce"))


@pytest.mark.parametrize("rate", ["literal_19", "per_N", "sqrt_S"])
@pytest.mark.parametrize("operator", ["full", "drop"])
@pytest.mark.parametrize("clip", ["H", "span"])
def test_every_variant_of_total_variation_follows_the_equations(
    rate: Rate, operator: OperatorName, clip: Clip
):
    game = load("random-dirichlet?radius=1/2")
    N = counts(game, 1)
    optimism = replace(practical(game, 100), rate=rate, operator=operator, clip=clip, c3=1.0)
    check(game, N, optimism, optimistic_plan(game, N, optimism, "nash"))


@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
@pytest.mark.parametrize("actions", [(3,), (2, 3), (2, 2, 2)])
def test_the_policy_is_an_equilibrium_of_every_stage_game(concept: Concept, actions: tuple[int, ...]):
    rng, S, H = np.random.default_rng(2), 3, 3
    A = int(np.prod(actions))
    game = RobustMarkovGame(
        transition=rng.dirichlet(np.ones(S), size=(H, S, A)),
        reward=rng.random((len(actions), H, S, A)),
        radius=rng.random((len(actions), H, S, A)),
        uncertainty=TotalVariation(),
        actions=actions,
    )
    N = counts(game, 2)
    plan = optimistic_plan(game, N, practical(game, 100), concept)
    check(game, N, practical(game, 100), plan)
    for h in range(H):
        gains = stage_gaps(np.ascontiguousarray(plan.Qbar[:, h]), plan.pi[h], actions, concept)
        assert np.allclose(plan.gain[h], np.maximum(gains, 0.0), rtol=0, atol=ROUNDING)
        assert gains.max() <= H * 2.0**-34  # the solvers accept 2^-36 of a span below H


@pytest.mark.parametrize("kind", ["tv", "kl"])
def test_planning_again_after_each_transition_equals_planning_from_scratch_bit_for_bit(kind: str):
    """Hence a run that was interrupted goes on as if it was not."""
    game = load(f"random-dirichlet?uncertainty={kind}&states=3&seed=1")
    optimism, rng = practical(game, 50), np.random.default_rng(0)
    planner = prepare(game, optimism, "nash")
    bounds = bounds_from(np.zeros((3, 3, 4, 3), dtype=np.int64), 2)
    replan(planner, bounds)
    for _ in range(60):
        h, s, a, t = (int(rng.integers(n)) for n in (3, 2, 4, 3))  # state 2 is never seen
        bounds.N[h, s, a, t] += 1
        bounds.stale[h, s, a] = True
        replan(planner, bounds)
        fresh = optimistic_plan(game, bounds.N, optimism, "nash")
        for name in ("Qbar", "Qlow", "Vbar", "Vlow", "pi", "gain"):
            assert np.array_equal(getattr(bounds, name), getattr(fresh, name)), name


def test_the_kernel_of_the_game_is_not_read():
    game = load("random-dirichlet")
    other = replace(game, transition=np.full(game.P.shape, 0.25))
    plans = [optimistic_plan(variant, counts(game), practical(game, 9), "nash") for variant in (game, other)]
    assert np.array_equal(plans[0].Qbar, plans[1].Qbar)


@pytest.mark.parametrize("kind", ["tv", "kl", "contamination"])
@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_with_the_constants_of_the_theory_the_bounds_contain_the_true_values(kind: str, concept: Concept):
    """Counts are drawn from the game itself; the bounds hold at every agent, step and state."""
    game = load(f"random-dirichlet?uncertainty={kind}&states=3")
    rng = np.random.default_rng(0)
    optimism = replace(theory(game, 10_000_000), rate="sqrt_S", c2=0.01, cf=0.01)
    N = np.array([rng.multinomial(1_000_000, row) for row in game.P.reshape(-1, 3)]).reshape(game.P.shape)
    plan = optimistic_plan(game, N, optimism, concept)
    assert plan.Vbar[:, 0].max() < 3.0, "the bounds should say something"
    policy = JointPolicy(plan.pi, game.actions)
    values, computed = evaluate(game, policy), gaps(game, policy)
    assert (plan.Vlow[:, 0] <= values.V[:, 0]).all()
    deviation = values.V[:, 0] + (computed.ce if concept == "ce" else computed.cce)
    assert (plan.Vbar[:, 0] >= deviation).all()
    width = (plan.Vbar - plan.Vlow)[:, 0, game.initial_state].max()
    assert (computed.ce if concept == "ce" else computed.cce)[:, game.initial_state].max() <= width


def test_radius_zero_under_kl_takes_the_bernstein_bonus():
    """Equation (102) divides by rho, so it cannot be the bonus of a game without uncertainty."""
    kl, tv = (load(f"random-dirichlet?uncertainty={kind}&radius=0") for kind in ("kl", "tv"))
    plans = [optimistic_plan(game, counts(game), practical(game, 9), "cce") for game in (kl, tv)]
    assert np.allclose(plans[0].Qbar, plans[1].Qbar, rtol=0, atol=ROUNDING)


def test_l1_is_total_variation_of_half_the_radius_also_when_the_minimum_is_dropped():
    games = [
        load(f"random-dirichlet?uncertainty={kind}&radius={rho}")
        for kind, rho in (("tv", "1/8"), ("l1", "1/4"))
    ]
    optimism = practical(games[0], 9, operator="drop")
    plans = [optimistic_plan(game, counts(game), optimism, "cce") for game in games]
    assert np.array_equal(plans[0].Qbar, plans[1].Qbar)


def test_what_planning_cannot_do_is_refused():
    game = load("random-dirichlet")
    N, optimism = counts(game), practical(game, 9)
    with pytest.raises(InputError, match="rescale"):
        optimistic_plan(replace(game, reward=2.0), N, optimism, "nash")
    kl, drop = load("random-dirichlet?uncertainty=kl"), replace(optimism, operator="drop")
    with pytest.raises(InputError, match="operator='drop'"):
        optimistic_plan(kl, N, drop, "nash")
    with pytest.raises(InputError, match=r"N\.shape"):
        optimistic_plan(game, N[:2], optimism, "nash")
    with pytest.raises(InputError, match="counts >= 0"):
        optimistic_plan(game, -1 - N, optimism, "nash")
    with pytest.raises(InputError, match="concept"):
        optimistic_plan(game, N, optimism, "stackelberg")
    mixed = replace(game, uncertainty=(TotalVariation(), TotalVariation("nominal")))
    with pytest.raises(UnsupportedError, match="different uncertainty sets"):
        optimistic_plan(mixed, N, optimism, "nash")
    with pytest.raises(UnsupportedError, match="fictitious"):
        optimistic_plan(load("random-dirichlet?uncertainty=fictitious-tv"), N, optimism, "nash")
    for wrong in ({"c1": -1.0}, {"iota": float("nan")}, {"rate": "none"}, {"episodes": 0}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            replace(optimism, **wrong)
    with pytest.raises(InputError, match="delta"):
        theory(game, 10, delta=1.0)


def test_the_logarithmic_factor_is_that_of_equation_19():
    """S = 4, A = 4, H = 3, K = 20,000, delta = 1/20."""
    assert theory(load("random-dirichlet"), 20_000).iota == pytest.approx(24.2, abs=0.05)
