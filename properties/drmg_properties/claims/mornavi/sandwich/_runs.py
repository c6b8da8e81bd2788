"""Algorithm 1 against the truth: when its events hold, and which room its estimates leave.

The bonuses here have c1 = 2, c2 = 7, c3 = 1 and c_f = 11/5, with which the sandwich follows from the events:
for ``sqrt_S`` from B12.corrected, for ``per_N`` from Lemmas 6, 11 and 12, whose terms without S are at most
``(c1 + c2 / H) H^2 iota / N <= 1.75 H^2 S iota / N`` at H, S >= 2, for KL from C1.corrected. For
``literal_19`` the c2 = 3 of E_TV is enough: its count term alone is above ``H TV(Phat, P)`` on the event once
``(2 c2 H S - 3 S) sqrt(iota) >= sqrt(2 S)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, exact_radius, exact_reward, nominal_row, row_of
from drmg_check.vocabulary import Array, InputError, IntArray, Slack, exact
from drmg_oracles import best_modification_exactly, best_response_exactly, enclose, evaluate_exactly
from drmg_properties.claims.steps import C1, C2, mean, on_event, variance

if TYPE_CHECKING:  # imported where they are used: listing the claims must not load compiled loops
    from drmg_check.equilibria import Concept
    from drmg_check.planner import Optimism, OptimisticPlan, Rate

MAX_EPISODES = 10**5
REPLAN = 50
"""Runs plan before so-many-th episodes: the sandwich is about any counts, and this makes long runs cheap."""
CF = Fraction(11, 5)
C2_BONUS = 7
CONSTANTS = "c1 = 2, c2 = 7, c3 = 1, c_f = 11/5 in the bonus"
CONSTANTS_19 = "c1 = 2, c2 = 3, c3 = 1 in the bonus"
Event: TypeAlias = Literal["counts", "values", "ratios"]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A run of Algorithm 1 on a game, decided by its seed, for K episodes; iota as a number."""

    game: RobustMarkovGame
    episodes: int
    seed: int
    iota: Fraction

    def __post_init__(self) -> None:
        if not 4 <= self.episodes <= MAX_EPISODES or self.seed < 0 or not 0 < self.iota <= 100:
            raise InputError(
                f"episodes={self.episodes}, seed={self.seed}, iota={self.iota}; expected 4 <= episodes <= "
                f"{MAX_EPISODES}, seed >= 0 and 0 < iota <= 100"
            )


class Side(NamedTuple):
    """Bounds on true values of one agent that an estimate must not be below (``upper``) or not above."""

    agent: int
    upper: bool
    V: tuple[Array, Array]  # each [H + 1, S]
    Q: tuple[Array, Array]  # each [H, S, A]


def constants(episodes: int, iota: Fraction, rate: Rate) -> Optimism:
    """Return the constants of this module."""
    from drmg_check.planner import Optimism

    return Optimism(
        episodes=episodes,
        iota=float(iota),
        c1=float(C1),
        c2=float(C2 if rate == "literal_19" else C2_BONUS),
        c3=1.0,
        cf=float(CF),
        rate=rate,
    )


def counts_after(run: Run, optimism: Optimism, concept: Concept, episodes: int) -> IntArray:
    """Return the transitions N[h, s, a, s'] that the learner has seen after some of the run's episodes."""
    from drmg_check.learners import Recording, Settings, learn

    how = Settings(
        algorithm="mornavi", concept=concept, episodes=episodes, optimism=optimism, replan_every=REPLAN
    )
    N: IntArray = learn(run.game, how, [run.seed], recording=Recording(marks=[episodes])).N[0]
    return N


def estimates(game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept) -> OptimisticPlan:
    """Return Stage 2 of Algorithm 1 at these counts."""
    from drmg_check.planner import optimistic_plan

    return optimistic_plan(game, N, optimism, concept)


def true_sides(game: RobustMarkovGame, policy: JointPolicy, concept: Concept) -> tuple[Side, ...]:
    """Return what the estimates must enclose: each agent's best deviation above, its own value below.

    The deviations are the best responses; for "ce" the best modifications, which answer recommendations.
    """
    own = evaluate_exactly(game, policy)
    deviate = best_modification_exactly if concept == "ce" else best_response_exactly
    sides = []
    for i in range(game.n_agents):
        best = deviate(game, policy, i)
        for upper, V in ((True, (best.lo, best.hi)), (False, (own.lo[i], own.hi[i]))):
            sides.append(Side(i, upper, V, _action_values(game, i, *V)))
    return tuple(sides)


def _action_values(game: RobustMarkovGame, i: int, low: Array, high: Array) -> tuple[Array, Array]:
    """Return bounds on ``r_i + sigma(V)``: sigma(V) is at most ``max(high - low)`` above sigma(low)."""
    Q = np.empty((2, game.horizon, game.n_states, game.n_joint_actions), dtype=object)
    for h, s, a in np.ndindex(*Q.shape[1:]):
        reward, V = exact_reward(game.stages[h], i, s, a), tuple(low[h + 1])
        if any(V):
            worst = enclose(row_of(game.stages[h], i, s, a, V))
            Q[0, h, s, a], Q[1, h, s, a] = reward + worst.lo, reward + worst.hi
        else:
            Q[:, h, s, a] = reward
        Q[1, h, s, a] += max(high[h + 1] - low[h + 1])
    return Q[0], Q[1]


def room(game: RobustMarkovGame, plan: OptimisticPlan, sides: tuple[Side, ...]) -> Slack | None:
    """Return the least distance of an estimate from what it must not pass, plus what rounding may cost.

    The last step is left out: no value follows it, so any bonus >= 0 is right there. So are estimates clipped
    at 0 or H, right for rewards in [0, 1]; None if none remains. Floats may be off by ``2 H`` times the
    error of one backup, and by H times the largest gain that the solver of the stage games left to an agent.
    """
    H = game.horizon
    found: list[Slack] = []
    for i, upper, V, Q in sides:
        mine = (plan.Vbar[i], plan.Qbar[i]) if upper else (plan.Vlow[i], plan.Qlow[i])
        for estimates, (low, high) in zip(mine, (V, Q), strict=True):
            found += _distances(estimates[: H - 1], low[: H - 1], high[: H - 1], upper=upper, clip=float(H))
    if not found:
        return None
    allowance = _allowance(game, plan)
    return Slack(min(x.low for x in found) + allowance, min(x.high for x in found) + allowance)


def start_room(game: RobustMarkovGame, plan: OptimisticPlan, policy: JointPolicy) -> Slack:
    """Return the room that the estimates at the start alone leave, with the same allowance."""
    s = game.initial_state
    own = evaluate_exactly(game, policy)
    found = []
    for i in range(game.n_agents):
        best = best_response_exactly(game, policy, i)
        high, low = exact(float(plan.Vbar[i, 0, s])), exact(float(plan.Vlow[i, 0, s]))
        found.append(Slack(high - best.hi[0, s], high - best.lo[0, s]))
        found.append(Slack(own.lo[i, 0, s] - low, own.hi[i, 0, s] - low))
    allowance = _allowance(game, plan)
    return Slack(min(x.low for x in found) + allowance, min(x.high for x in found) + allowance)


def _allowance(game: RobustMarkovGame, plan: OptimisticPlan) -> Fraction:
    from drmg_check.learners import rounding

    return exact(rounding(game) + game.horizon * float(plan.gain.max(initial=0.0)))


def _distances(estimates: Array, low: Array, high: Array, *, upper: bool, clip: float) -> Iterator[Slack]:
    for place in zip(*np.nonzero((estimates > 0.0) & (estimates < clip)), strict=True):
        x = exact(float(estimates[place]))
        yield Slack(x - high[place], x - low[place]) if upper else Slack(low[place] - x, high[place] - x)


def event_holds(
    game: RobustMarkovGame, N: IntArray, iota: Fraction, sides: tuple[Side, ...], event: Event
) -> bool:
    """Whether the event holds at every row that a value follows, hence before the last step.

    * "counts": the second part of E_TV at rows that were visited, with c1 = 2, c2 = 3.
    * "values": also its first part, for the best-deviation values and every eta among the true values,
      where the worst cases attain their dual.
    * "ratios": Phat = P, or the KL bonus (102) is at least H, or N P_min >= 12 iota and
      ``(Phat(s) - P(s))^2 <= 3 iota P(s) / N`` at each state.
    """
    for h, s, a in np.ndindex(game.horizon - 1, *N.shape[1:3]):
        n, p = int(N[h, s, a].sum()), nominal_row(game.stages[h], s, a)
        q = tuple(Fraction(int(k), n) if n else Fraction(1, len(p)) for k in N[h, s, a])
        if event == "ratios":
            radius = max(exact_radius(game.stages[h], i, s, a) for i in range(game.n_agents))
            held = _ratios_hold(p, q, max(n, 1), iota, radius)
        else:
            held = not n or on_event(p, q, iota / n)
        if event == "values" and held and n:
            held = _values_hold(p, q, h, game.horizon, iota / n, sides)
        if not held:
            return False
    return True


def _ratios_hold(
    p: tuple[Fraction, ...], q: tuple[Fraction, ...], n: int, iota: Fraction, radius: Fraction
) -> bool:
    if p == q or (2 * CF) ** 2 * iota >= radius**2 * n * min(x for x in q if x):
        return True
    near = all(n * (x - w) ** 2 <= 3 * iota * w for w, x in zip(p, q, strict=True))
    return near and n * min(x for x in p if x) >= 12 * iota


def _values_hold(
    p: tuple[Fraction, ...],
    q: tuple[Fraction, ...],
    h: int,
    H: int,
    t: Fraction,
    sides: tuple[Side, ...],
) -> bool:
    etas = {x for side in sides for x in side.V[0][h + 1]}
    for side in sides:
        for eta in etas if side.upper else ():
            f = [max(eta - v, Fraction(0)) for v in side.V[0][h + 1]]
            rest = abs(mean(q, f) - mean(p, f)) - C2 * H * t
            if rest > 0 and rest**2 > C1 * t * variance(q, f):
                return False
    return True
