"""Algorithm 1 against the truth: when its events hold, and which room its estimates leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, exact_radius, exact_reward, nominal_row, row_of
from drmg_check.vocabulary import Array, Bounds, InputError, IntArray, Slack, difference, exact
from drmg_oracles import best_modification_exactly, best_response_exactly, enclose, evaluate_exactly
from drmg_properties.claims.steps import C1, C2, CF, last_before, mean, on_event, variance

if TYPE_CHECKING:  # imported where they are used: listing the claims must not load compiled loops
    from drmg_check.equilibria import Concept
    from drmg_check.planner import Optimism, OptimisticPlan

MAX_EPISODES = 10**5
REPLAN = 50
"""Runs plan before so-many-th episodes: the sandwich is about any counts, and this makes long runs cheap."""
Event: TypeAlias = Literal["counts", "values", "ratios"]
Luck: TypeAlias = Literal["as it came", "good", "bad"]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A run of Algorithm 1 on a game, decided by its seed, for K episodes; iota as a number.

    With good or bad luck the visits are those of the run, but where they lead is the best or the worst that
    the event admits.
    """

    game: RobustMarkovGame
    episodes: int
    seed: int
    iota: Fraction
    luck: Luck = "as it came"

    def __post_init__(self) -> None:
        if not 4 <= self.episodes <= MAX_EPISODES or self.seed < 0 or not 0 < self.iota <= 100:
            raise InputError(
                f"episodes={self.episodes}, seed={self.seed}, iota={self.iota}; expected 4 <= episodes <= "
                f"{MAX_EPISODES}, seed >= 0 and 0 < iota <= 100"
            )
        if self.luck not in ("as it came", "good", "bad"):
            raise InputError(f"luck={self.luck!r}; expected 'as it came', 'good' or 'bad'")


class Side(NamedTuple):
    """Bounds on true values of one agent that an estimate must not be below (``upper``) or not above."""

    agent: int
    upper: bool
    V: tuple[Array, Array]  # each [H + 1, S]
    Q: tuple[Array, Array]  # each [H, S, A]


class Closest(NamedTuple):
    """The inequality that leaves the least room, ``left <= right``, and where it stands."""

    left: Bounds
    right: Bounds
    place: str

    @property
    def room(self) -> Slack:
        """The room that is left."""
        return difference(self.right, self.left)


def counts_after(run: Run, optimism: Optimism, concept: Concept, episodes: int) -> IntArray:
    """Return the transitions N[h, s, a, s'] that the learner has seen after some of the run's episodes."""
    from drmg_check.learners import Recording, Settings, learn

    how = Settings(
        algorithm="mornavi", concept=concept, episodes=episodes, optimism=optimism, replan_every=REPLAN
    )
    N: IntArray = learn(run.game, how, [run.seed], recording=Recording(marks=[episodes])).N[0]
    return N


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


def closest(game: RobustMarkovGame, plan: OptimisticPlan, sides: tuple[Side, ...]) -> Closest | None:
    """Return the inequality of the sandwich that leaves the least room, what rounding may cost added to it.

    The last step is left out: no value follows it, so any bonus >= 0 is right there. So are estimates clipped
    at 0 or H, right for rewards in [0, 1]; None if none remains. Floats may be off by ``2 H`` times the
    error of one backup, and by H times the largest gain that the solver of the stage games left to an agent.
    """
    allowance = _allowance(game, plan)
    inequalities = (inequality for side in sides for inequality in _inequalities(game, plan, side, allowance))
    return min(inequalities, key=lambda inequality: inequality.room.low, default=None)


def _inequalities(
    game: RobustMarkovGame, plan: OptimisticPlan, side: Side, allowance: Fraction
) -> Iterator[Closest]:
    H, i = game.horizon, side.agent
    pairs = (("Vbar", side.V), ("Qbar", side.Q)) if side.upper else (("Vlow", side.V), ("Qlow", side.Q))
    for name, (low, high) in pairs:
        estimated = getattr(plan, name)[i, : H - 1]
        for place in zip(*np.nonzero((estimated > 0.0) & (estimated < float(H))), strict=True):
            truth, estimate = Bounds(low[place], high[place]), exact(float(estimated[place]))
            h, s, *a = (int(k) for k in place)
            where = f"{name} of agent {i} at step {h + 1}, s{s}" + "".join(f", a{k}" for k in a)
            if side.upper:
                yield Closest(truth, Bounds.of(estimate + allowance), where)
            else:
                yield Closest(Bounds.of(estimate - allowance), truth, where)


def start_room(game: RobustMarkovGame, plan: OptimisticPlan, policy: JointPolicy) -> Slack:
    """Return the room that the estimates at the start alone leave, with the same allowance."""
    s = game.initial_state
    own = evaluate_exactly(game, policy)
    rooms = []
    for i in range(game.n_agents):
        best = best_response_exactly(game, policy, i)
        high, low = exact(float(plan.Vbar[i, 0, s])), exact(float(plan.Vlow[i, 0, s]))
        rooms.append(Slack(high - best.hi[0, s], high - best.lo[0, s]))
        rooms.append(Slack(own.lo[i, 0, s] - low, own.hi[i, 0, s] - low))
    allowance = _allowance(game, plan)
    return Slack(min(x.low for x in rooms) + allowance, min(x.high for x in rooms) + allowance)


def _allowance(game: RobustMarkovGame, plan: OptimisticPlan) -> Fraction:
    from drmg_check.learners import rounding

    return exact(rounding(game) + game.horizon * float(plan.gain.max(initial=0.0)))


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
    return all(
        _row_holds(game, (h, s, a), tuple(map(int, N[h, s, a])), iota, sides, event)
        for h, s, a in np.ndindex(game.horizon - 1, *N.shape[1:3])
    )


def _row_holds(
    game: RobustMarkovGame,
    place: tuple[int, int, int],
    counts: tuple[int, ...],
    iota: Fraction,
    sides: tuple[Side, ...],
    event: Event,
) -> bool:
    h, s, a = place
    n, p = sum(counts), nominal_row(game.stages[h], s, a)
    q = tuple(Fraction(k, n) if n else Fraction(1, len(p)) for k in counts)
    if event == "ratios":
        radius = max(exact_radius(game.stages[h], i, s, a) for i in range(game.n_agents))
        return _ratios_hold(p, q, max(n, 1), iota, radius)
    if not n:
        return True
    return on_event(p, q, iota / n) and (
        event == "counts" or _values_hold(p, q, h, game.horizon, iota / n, sides)
    )


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


def with_luck(run: Run, N: IntArray, sides: tuple[Side, ...], event: Event) -> IntArray:
    """Return the counts with the visits of N and the luck of the run, at rows where the event admits it."""
    if run.luck == "as it came":
        return N
    lucky = N.copy()
    for h, s, a in np.ndindex(run.game.horizon - 1, *N.shape[1:3]):
        counts = _luckiest(run, (h, s, a), int(N[h, s, a].sum()), sides, event)
        if counts:
            lucky[h, s, a] = counts
    return lucky


def _luckiest(
    run: Run, place: tuple[int, int, int], visits: int, sides: tuple[Side, ...], event: Event
) -> tuple[int, ...] | None:
    """Move draws between the best and the worst next state of the first agent, as many as the event admits.

    It starts from the expected counts; None if even they are off the event.
    """
    h, s, a = place
    p = nominal_row(run.game.stages[h], s, a)
    reachable = sorted((t for t, weight in enumerate(p) if weight), key=lambda t: sides[0].V[0][h + 1][t])
    source, target = (reachable[0], reachable[-1]) if run.luck == "good" else (reachable[-1], reachable[0])
    expected = _rounded(p, visits)

    def moved(k: int) -> tuple[int, ...]:
        counts = list(expected)
        counts[source] -= k
        counts[target] += k
        return tuple(counts)

    def off(k: int) -> bool:
        return not _row_holds(run.game, place, moved(k), run.iota, sides, event)

    most = last_before(0, expected[source] if source != target else 0, off)
    return moved(most) if most >= 0 else None


def _rounded(p: tuple[Fraction, ...], n: int) -> tuple[int, ...]:
    """Return counts of sum n near ``n p``, by the largest remainders."""
    counts = [int(n * weight) for weight in p]
    for t in sorted(range(len(p)), key=lambda t: counts[t] - n * p[t])[: n - sum(counts)]:
        counts[t] += 1
    return tuple(counts)
