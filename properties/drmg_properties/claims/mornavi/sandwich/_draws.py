"""Plans from n draws at one row: how often events and sandwich fail, exactly (B12, C4).

One agent with one action is at s0. The first step leads to state s with probability p(s), the second and last
step pays ``V(s) = (S - 1 - s) / (S - 1)``. So n episodes of Algorithm 1 are n draws from p, and the
estimates are a function of how often each state was drawn: all such counts with their multinomial
probabilities are the law of the plan.

Bonuses here are smaller than those of the proofs: c2 = 1, c3 = 0 and c_f = 1/4, since with those the
estimates are clipped at any n that can be enumerated. B12.least-c1 and others search the least constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, IntArray, Slack, UnsupportedError, Verdict, normalise
from drmg_oracles import multinomials
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Reading, twins
from drmg_properties.claims.mornavi.sandwich._runs import (
    Event,
    Side,
    constants,
    estimates,
    event_holds,
    room,
    true_sides,
)
from drmg_properties.formulas import exp_of, interval, outward, vector

if TYPE_CHECKING:
    from drmg_check.planner import Optimism, OptimisticPlan, Rate

Kind: TypeAlias = Literal["tv", "kl"]
Counts: TypeAlias = tuple[int, ...]
"""How often each state was drawn."""
EPISODES = 10**12
"""K of the bonus: its 1 / sqrt(K) is to hide nothing."""
SMALL = "c1 = 2, c2 = 1, c3 = 0, c_f = 1/4 in the bonus, K = 10^12"
MAX_PLANS = 5000
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Draws:
    """n draws from p, the radius, and iota."""

    n: int
    p: tuple[Fraction, ...]
    radius: Fraction
    iota: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 10**8 or len(self.p) < 2 or normalise(self.p) != self.p:
            raise InputError(
                f"n={self.n}, p={vector(self.p)}; expected 1 <= n <= 10^8 and a distribution over two states "
                "or more"
            )
        if self.radius < 0 or self.iota <= 0:
            raise InputError(f"radius={self.radius}, iota={self.iota}; expected radius >= 0 and iota > 0")


class Scene(NamedTuple):
    """The game of this module and what is true in it."""

    game: RobustMarkovGame
    sides: tuple[Side, ...]


@cache
def scene(p: tuple[Fraction, ...], radius: Fraction, kind: Kind) -> Scene:
    """Return the game in which the first step draws from p, and every later one stays."""
    S = len(p)
    P = np.zeros((2, S, 1, S), dtype=object)
    P[:, np.arange(S), 0, np.arange(S)] = 1
    P[0, 0, 0] = p
    reward = np.zeros((1, 2, S, 1), dtype=object)
    reward[0, 1, :, 0] = [Fraction(S - 1 - s, S - 1) for s in range(S)]
    game = RobustMarkovGame(
        transition=P,
        reward=reward,
        radius=np.array(radius, dtype=object),
        uncertainty=(TotalVariation() if kind == "tv" else KullbackLeibler(),),
        actions=(1,),
    )
    return Scene(game, true_sides(game, uniform_policy(game), "nash"))


def small_bonus(iota: Fraction, rate: Rate) -> Optimism:
    """Return c1 = 2, c2 = 1, c3 = 0 and c_f = 1/4."""
    return replace(constants(EPISODES, iota, rate), c2=1.0, c3=0.0, cf=0.25)


def transitions(counts: Counts) -> IntArray:
    """Return N[h, s, a, s'] after the draws counted."""
    S = len(counts)
    N = np.zeros((2, S, 1, S), dtype=np.int64)
    N[0, 0, 0] = counts
    N[1, np.arange(S), 0, np.arange(S)] = counts
    return N


def plan(where: Scene, counts: Counts, optimism: Optimism) -> OptimisticPlan:
    """Return the estimates at these counts."""
    return estimates(where.game, transitions(counts), optimism, "nash")


def plan_room(where: Scene, counts: Counts, optimism: Optimism) -> Slack:
    """Return the room of the sandwich between the estimates at these counts."""
    return room_between(where, plan(where, counts, optimism))


def room_between(where: Scene, found: OptimisticPlan) -> Slack:
    """Return the room of the sandwich; H, which is the most there can be, where all estimates are clipped."""
    return room(where.game, found, where.sides) or Slack.of(where.game.horizon)


def counted(draws: Draws) -> Iterator[tuple[Counts, Fraction]]:
    """Yield all counts with their probabilities.

    Raises
    ------
    UnsupportedError
        More than ``MAX_PLANS`` of them.
    """
    S = len(draws.p)
    if comb(draws.n + S - 1, S - 1) > MAX_PLANS:
        raise UnsupportedError(
            f"n={draws.n}, S={S}; expected at most {MAX_PLANS} vectors of counts: sample them"
        )
    return multinomials(draws.n, draws.p)


def on_tv_event(draws: Draws, counts: Counts) -> bool:
    """Whether both parts of E_TV hold."""
    return _holds(draws, counts, "values")


def on_second_part(draws: Draws, counts: Counts) -> bool:
    """Whether the second part of E_TV holds."""
    return _holds(draws, counts, "counts")


def _holds(draws: Draws, counts: Counts, event: Event) -> bool:
    where = scene(draws.p, draws.radius, "tv")
    return event_holds(where.game, transitions(counts), draws.iota, where.sides, event)


def on_kl_event(draws: Draws, counts: Counts) -> bool:
    """Whether ``n P_min >= 12 iota`` and ``(Phat - P)^2 <= 3 iota P / n`` in each state, at s0."""
    n = draws.n
    near = all(
        n * (Fraction(k, n) - p) ** 2 <= 3 * draws.iota * p for k, p in zip(counts, draws.p, strict=True)
    )
    return near and n * min(draws.p) >= 12 * draws.iota


OnEvent: TypeAlias = Callable[[Draws, Counts], bool]


class _Chances(NamedTuple):
    """Probabilities that the event fails, that the sandwich is violated, and of either; mean width at s0."""

    off_event: Fraction
    violated: Fraction
    either: Fraction
    width: float


@cache
def _chances(draws: Draws, kind: Kind, rate: Rate, holds: OnEvent) -> _Chances:
    where, optimism = scene(draws.p, draws.radius, kind), small_bonus(draws.iota, rate)
    off_event, violated, either, width = Fraction(0), Fraction(0), Fraction(0), 0.0
    for counts, chance in counted(draws):
        found = plan(where, counts, optimism)
        failed, wrong = not holds(draws, counts), not room_between(where, found).holds
        off_event += chance * failed
        violated += chance * wrong
        either += chance * (failed or wrong)
        width += float(chance) * float(found.Vbar[0, 0, 0] - found.Vlow[0, 0, 0])
    return _Chances(off_event, violated, either, width)


def draws_lines(draws: Draws) -> tuple[str, ...]:
    """Write the game."""
    S = len(draws.p)
    return (
        f"s0 leads to s with probability p = {vector(draws.p)}; the last step pays (S - 1 - s) / (S - 1)",
        f"S = {S}, H = 2, one action, rho = {draws.radius}, n = {draws.n} draws, iota = {draws.iota}",
    )


def _exact_check(kind: Kind, rate: Rate, holds: OnEvent, inequalities: Callable[[int], int]) -> Check[Draws]:
    """Check ``P(event fails or sandwich violated) <= 2 (number of inequalities) e^-iota``."""

    def allowed(draws: Draws) -> Slack:
        return exp_of(-draws.iota, 2 * inequalities(len(draws.p)))

    def slack(draws: Draws) -> Slack:
        found, bound = _chances(draws, kind, rate, holds).either, allowed(draws)
        return Slack(bound.low - found, bound.high - found)

    def explain(draws: Draws) -> tuple[str, ...]:
        found = _chances(draws, kind, rate, holds)
        return (
            *draws_lines(draws),
            f"{SMALL}, {rate}; mean of Vbar - Vlow at s0: {found.width:.3f}",
            f"P(event fails) = {outward(found.off_event, 1)}, over all counts",
            f"P(sandwich violated) = {outward(found.violated, 1)}",
            f"allowed: {2 * inequalities(len(draws.p))} e^-iota {interval(allowed(draws))}",
            f"slack {interval(slack(draws))}",
        )

    return Check(slack, explain)


def _tv_draws(budget: Budget) -> Iterator[Draws]:
    """Yield coins and, at few draws, three states."""
    coins = ((HALF, HALF), (Fraction(9, 10), Fraction(1, 10)))
    for n, p in product((80, 160, 320)[: budget.size], coins):
        yield Draws(n, p, Fraction(1, 4), Fraction(2))
    for n in (12, 20, 30)[: budget.size]:
        yield Draws(n, (HALF, Fraction(1, 4), Fraction(1, 4)), Fraction(1, 10), Fraction(5, 2))


def _kl_draws(budget: Budget) -> Iterator[Draws]:
    """Yield coins with ``n P_min >= 12 iota``."""
    coins = ((HALF, HALF), (Fraction(3, 4), Fraction(1, 4)), (Fraction(1, 4), Fraction(3, 4)))
    for n, radius, p in product((50, 100, 300)[: budget.size], (HALF, Fraction(1, 4)), coins):
        iota = Fraction(3, 2)
        if n * min(p) >= 12 * iota:
            yield Draws(n, p, radius, iota)


def _claim(
    id: str,  # noqa: A002 - the word of the ledger
    place: str,
    title: str,
    statement: str,
    reading: Reading,
    event: str,
    check: Check[Draws],
    search: Exhaustive[Draws],
) -> Claim[Draws]:
    return Claim(
        id=id,
        place=place,
        title=title,
        statement=statement,
        latex=(
            r"P\left( E^c \vee \exists (h, s, a): Q^\dagger > \overline{Q} \vee \underline{Q} > Q^\pi "
            r"\right) "
            r"\le 2 n_E e^{-\iota}"
        ),
        formalisation=(
            f"One agent, one action, H = 2; {SMALL}. Event: {event}. Every vector of counts with its exact "
            "probability; slack = right - left."
        ),
        assumptions=("one action, so that values do not depend on the data",),
        reading=reading,
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Draws,
        search=search,
        derive=twins(check.slack, check.explain),
    )


CLAIMS: tuple[Claim[Any], ...] = (
    _claim(
        "B12.exact",
        "Lemma 8, with the / N bonus, for values that do not depend on the data",
        "How often the event fails or the sandwich is violated, exactly",
        "With the / N bonus, E_TV fails or an estimate is on the wrong side with probability at most "
        "2 (2 S - 1) e^-iota.",
        "intended",
        "both parts of E_TV, c1 = 2, c2 = 3, S + S - 1 inequalities",
        _exact_check("tv", "per_N", on_tv_event, lambda S: 2 * S - 1),
        Exhaustive(_tv_draws),
    ),
    _claim(
        "B12.corrected-exact",
        "Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
        "How often the event fails or the repaired sandwich is violated, exactly",
        "With c1 S in the place of c1, the second part of E_TV fails or an estimate is on the wrong side "
        "with probability at most 2 S e^-iota.",
        "corrected",
        "the second part of E_TV, c1 = 2, c2 = 3, S inequalities",
        _exact_check("tv", "sqrt_S", on_second_part, lambda S: S),
        Exhaustive(_tv_draws),
    ),
    _claim(
        "C4.exact",
        "Lemma 19, after enough visits",
        "How often the event fails or the KL sandwich is violated, exactly",
        "If N P_min >= 12 iota, with (102) a frequency is far from its probability or an estimate is on the "
        "wrong side with probability at most 2 S e^-iota.",
        "corrected",
        "N P_min >= 12 iota and (Phat - P)^2 <= 3 iota P / N in each state, S inequalities",
        _exact_check("kl", "per_N", on_kl_event, lambda S: S),
        Exhaustive(_kl_draws),
    ),
)
