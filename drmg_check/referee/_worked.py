"""Total variation at every level, solved exactly: what answers in transcripts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.sets import Row, TotalVariation, UncertaintySet
from drmg_check.targets import implementation
from drmg_check.vocabulary import Array, FloatArray, exact, exact_tuple
from drmg_oracles import (
    best_response_exactly,
    evaluate_exactly,
    gap_exactly,
    lemke_howson,
    worst_case_exact,
)

Actions = tuple[int, ...]
TV = TotalVariation()


@implementation(["tv", "wasserstein:2"], name="worked example")
def worst_case(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet = TV) -> Fraction:
    """Return the smallest expectation of V under the distributions within rho of p."""
    return worst_case_exact(Row(uncertainty, exact_tuple(p, "p"), exact_tuple(V, "V"), exact(rho)))


@implementation("tv", name="worked example", distribution=True)
def with_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[Fraction, FloatArray]:
    """Return a worst distribution, too: the mass rho leaves the largest values for a smallest one."""
    q, left = p.copy(), rho
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        q[np.argmin(V)] += moved
        left -= moved
    return worst_case(p, V, rho), q


@implementation(["tv", "wasserstein:2"], level="backup", name="worked example")
def backup(
    P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, uncertainty: UncertaintySet = TV
) -> FloatArray:
    """Return ``Q[s, a]``."""
    Q = np.empty_like(r)
    for s, a in np.ndindex(*r.shape):
        Q[s, a] = exact(r[s, a]) + worst_case(P[s, a], V, float(rho[s, a]), uncertainty)
    return Q


@implementation("tv", level="evaluation", name="worked example")
def evaluation(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Return ``V[i, s]`` of the policy."""
    return _floats(evaluate_exactly(_game(P, r, rho, actions), JointPolicy(pi, actions)).lo[:, 0])


@implementation("tv", level="best-response", name="worked example")
def best_response(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
) -> FloatArray:
    """Return ``V[i, s]`` of each agent's best response."""
    game, policy = _game(P, r, rho, actions), JointPolicy(pi, actions)
    return _floats(np.stack([best_response_exactly(game, policy, i).lo[0] for i in range(game.n_agents)]))


@implementation("tv", level="gap", name="worked example")
def gap(P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions) -> FloatArray:
    """Return what each agent gains by deviating, ``gap[i, s]``."""
    return _floats(gap_exactly(_game(P, r, rho, actions), JointPolicy(pi, actions)).lo)


@implementation(level="equilibrium", name="worked example")
def equilibrium(u: FloatArray, actions: Actions) -> FloatArray:
    """Return a Nash equilibrium ``x[a]`` of a stage game of at most two agents."""
    if len(actions) > 2:
        raise NotImplementedError("at most two agents")
    together: FloatArray = np.zeros(len(u[0]))
    if len(actions) == 1:
        together[u[0].argmax()] = 1.0
    else:
        x, y = (_floats(np.array(mixed, dtype=object)) for mixed in lemke_howson(u, actions))
        together = np.outer(x, y).ravel()
    return together


@implementation("tv", level="planner", name="worked example")
def planner(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Return ``pi[h, s, a]``: backward induction over stage equilibria."""
    m, H, S, A = r.shape
    pi, V = np.empty((H, S, A)), np.zeros((m, S))
    for h in reversed(range(H)):
        Q = np.stack([backup(P[h], r[i, h], rho[i, h], V[i]) for i in range(m)])
        pi[h] = [equilibrium(Q[:, s], actions) for s in range(S)]
        V = (pi[h] * Q).sum(axis=2)
    return pi


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
    game = _game(P, r, rho, actions)
    gain = gap_exactly(game, uniform_policy(game)).at_initial[0]
    each = np.ones((episodes, game.n_agents))
    return {
        "pi": np.full((episodes, *r.shape[1:]), 1 / game.n_joint_actions),
        "lower": 0 * each,
        "upper": game.horizon * each,
        "regret": float(gain) * np.arange(1, episodes + 1),
    }


def _game(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> RobustMarkovGame:
    sets = (TV,) * len(actions)
    return RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=sets, actions=actions)


def _floats(values: Array) -> FloatArray:
    floats: FloatArray = values.astype(np.float64)
    return floats
