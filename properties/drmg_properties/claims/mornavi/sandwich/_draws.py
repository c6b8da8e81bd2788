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
from itertools import product
from math import comb
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import Bounds, InputError, IntArray, UnsupportedError, Verdict, normalise
from drmg_oracles import multinomials
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    at_most,
    chance_at_most,
)
from drmg_properties.claims.mornavi.sandwich._runs import (
    Closest,
    Event,
    Side,
    closest,
    event_holds,
    true_sides,
)
from drmg_properties.claims.steps import bonus_constants, estimates_at
from drmg_properties.formulas import exp_of, interval, outward, vector

if TYPE_CHECKING:
    from drmg_check.planner import Optimism, OptimisticPlan, Rate

Kind: TypeAlias = Literal["tv", "kl"]
Counts: TypeAlias = tuple[int, ...]
"""How often each state was drawn."""
EPISODES = 10**12
"""K of the bonus: its 1 / sqrt(K) is to hide nothing."""
SMALL = "c1 = 2, c2 = 1, c3 = 0, c_f = 1/4 in the bonus, K = 10^12"
CLIPPED = "all estimates before the last step are clipped, whatever was drawn"
MAX_PLANS = 5000
NEGLIGIBLE = Fraction(1, 2**64)
"""Of 5000 counts the sum is below e^-35, where what is allowed is above e^-8."""
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
    return replace(bonus_constants(EPISODES, iota, rate), c2=1.0, c3=0.0, cf=0.25)


def transitions(counts: Counts) -> IntArray:
    """Return N[h, s, a, s'] after the draws counted."""
    S = len(counts)
    N = np.zeros((2, S, 1, S), dtype=np.int64)
    N[0, 0, 0] = counts
    N[1, np.arange(S), 0, np.arange(S)] = counts
    return N


def plan(where: Scene, counts: Counts, optimism: Optimism) -> OptimisticPlan:
    """Return the estimates at these counts."""
    return estimates_at(where.game, transitions(counts), optimism, "nash")


def closest_at(where: Scene, counts: Counts, optimism: Optimism) -> Closest | None:
    """Return the inequality of the sandwich that leaves the least room; None if all estimates are clipped."""
    return closest(where.game, plan(where, counts, optimism), where.sides)


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


def on_tv_event(where: Scene, draws: Draws, counts: Counts) -> bool:
    """Whether both parts of E_TV hold."""
    return _holds(where, draws, counts, "values")


def on_second_part(where: Scene, draws: Draws, counts: Counts) -> bool:
    """Whether the second part of E_TV holds."""
    return _holds(where, draws, counts, "counts")


def _holds(where: Scene, draws: Draws, counts: Counts, event: Event) -> bool:
    return event_holds(where.game, transitions(counts), draws.iota, where.sides, event)


def on_kl_event(where: Scene, draws: Draws, counts: Counts) -> bool:
    """Whether ``n P_min >= 12 iota`` and ``(Phat - P)^2 <= 3 iota P / n`` in each state, at s0."""
    n = draws.n
    near = all(
        n * (Fraction(k, n) - p) ** 2 <= 3 * draws.iota * p for k, p in zip(counts, draws.p, strict=True)
    )
    return near and n * min(draws.p) >= 12 * draws.iota


OnEvent: TypeAlias = Callable[[Scene, Draws, Counts], bool]


class Chances(NamedTuple):
    """Probabilities: event fails (at least); event fails or sandwich violated; some estimate not clipped."""

    off_event: Fraction
    either: Bounds
    free: Fraction


def chances(draws: Draws, kind: Kind, optimism: Optimism, holds: OnEvent) -> Chances:
    """Return the probabilities, summed over all counts.

    What rounding leaves open may be a violation or not, and so may counts too unlikely to be looked at.
    """
    where = scene(draws.p, draws.radius, kind)
    off_event, certain, possible, free = (Fraction(0),) * 4
    for counts, chance in counted(draws):
        if chance < NEGLIGIBLE:
            possible += chance
            continue
        inequality = closest_at(where, counts, optimism)
        failed = not holds(where, draws, counts)
        off_event += chance * failed
        certain += chance * (failed or (inequality is not None and inequality.room.violated))
        possible += chance * (failed or (inequality is not None and not inequality.room.holds))
        free += chance * (inequality is not None)
    return Chances(off_event, Bounds(certain, possible), free)


def draws_lines(draws: Draws) -> tuple[str, ...]:
    """Write the game."""
    S = len(draws.p)
    return (
        f"s0 leads to s with probability p = {vector(draws.p)}; the last step pays (S - 1 - s) / (S - 1)",
        f"S = {S}, H = 2, one action, rho = {draws.radius}, n = {draws.n} draws, iota = {draws.iota}",
    )


class Exact(NamedTuple):
    """A claim: ``P(event fails or sandwich violated) <= 2 inequalities(S) e^-iota``."""

    kind: Kind
    rate: Rate
    holds: OnEvent
    inequalities: Callable[[int], int]

    def derive(self, draws: Draws, divisor: int = 1) -> Derivation:
        """Derive it with the bonus over a number."""
        given = small_bonus(draws.iota, self.rate)
        optimism = replace(given, c1=given.c1 / divisor**2, c2=given.c2 / divisor, cf=given.cf / divisor)
        law = chances(draws, self.kind, optimism, self.holds)
        factor = 2 * self.inequalities(len(draws.p))
        allowed = exp_of(-draws.iota, factor)

        def lines() -> tuple[str, ...]:
            return (
                *draws_lines(draws),
                f"{SMALL}, {self.rate}" + (f"; all over {divisor}" if divisor > 1 else ""),
                f"P(event fails) >= {outward(law.off_event, -1)}, over all counts",
                f"P(some estimate is not clipped) = {outward(law.free, -1)}",
                f"P(event fails or sandwich violated), against {factor} e^-iota = {interval(allowed)}",
            )

        if not law.free:
            return at_most(law.either, 1, lines, silent=CLIPPED)
        return chance_at_most(law.either, allowed, lines)

    def by(self, divisor: int) -> Neighbour[Draws]:
        """Return the same with the bonus divided by a number."""
        return Neighbour(f"1/{divisor} of the bonus", lambda draws: self.derive(draws, divisor))


def _tv_draws(budget: Budget) -> Iterator[Draws]:
    """Yield coins and, at fewer draws, three states; many draws show the root in the bonus."""
    coins = ((HALF, HALF), (Fraction(9, 10), Fraction(1, 10)))
    for n, p in product((80, 320)[: budget.size], coins):
        yield Draws(n, p, Fraction(1, 4), Fraction(2))
    for n in (50, 90)[: max(1, budget.size - 1)]:
        yield Draws(n, (HALF, Fraction(1, 4), Fraction(1, 4)), Fraction(1, 10), Fraction(5, 2))
    yield Draws(1500, coins[0], Fraction(1, 4), Fraction(8))


def _kl_draws(budget: Budget) -> Iterator[Draws]:
    """Yield coins with ``n P_min >= 12 iota``."""
    coins = ((HALF, HALF), (Fraction(3, 4), Fraction(1, 4)), (Fraction(1, 4), Fraction(3, 4)))
    for n, radius, p in product((50, 100, 300)[: budget.size], (HALF, Fraction(1, 4)), coins):
        iota = Fraction(3, 2)
        if n * min(p) >= 12 * iota:
            yield Draws(n, p, radius, iota)
    yield Draws(1000, (Fraction(9, 10), Fraction(1, 10)), Fraction(2), Fraction(8))


def _formalisation(event: str) -> str:
    return (
        f"One agent, one action, H = 2; {SMALL}. Event: {event}. Every vector of counts with its exact "
        "probability."
    )


_BOTH_PARTS = Exact("tv", "per_N", on_tv_event, lambda S: 2 * S - 1)
_SECOND_PART = Exact("tv", "sqrt_S", on_second_part, lambda S: S)
_NEAR = Exact("kl", "per_N", on_kl_event, lambda S: S)

B12_EXACT = Claim(
    id="B12.exact",
    place="Lemma 8, with the / N bonus, for values that do not depend on the data",
    title="How often the event fails or the sandwich is violated, exactly",
    statement=(
        "With the / N bonus, E_TV fails or an estimate is on the wrong side with probability at most "
        "2 (2 S - 1) e^-iota."
    ),
    latex=(
        r"P\left( E^c \vee \exists (h, s, a): Q^\dagger > \overline{Q} \vee \underline{Q} > Q^\pi \right) "
        r"\le 2 n_E e^{-\iota}"
    ),
    formalisation=_formalisation("both parts of E_TV, c1 = 2, c2 = 3, S + S - 1 inequalities"),
    assumptions=("one action, so that values do not depend on the data",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Draws,
    search=Exhaustive(_tv_draws),
    derive=_BOTH_PARTS.derive,
    neighbours=(_BOTH_PARTS.by(4),),
)
B12_CORRECTED_EXACT = replace(
    B12_EXACT,
    id="B12.corrected-exact",
    place="Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
    title="How often the event fails or the repaired sandwich is violated, exactly",
    statement=(
        "With c1 S in the place of c1, the second part of E_TV fails or an estimate is on the wrong side "
        "with probability at most 2 S e^-iota."
    ),
    formalisation=_formalisation("the second part of E_TV, c1 = 2, c2 = 3, S inequalities"),
    reading="corrected",
    derive=_SECOND_PART.derive,
    neighbours=(_SECOND_PART.by(4),),
)
C4_EXACT = replace(
    B12_EXACT,
    id="C4.exact",
    place="Lemma 19, after enough visits",
    title="How often the event fails or the KL sandwich is violated, exactly",
    statement=(
        "If N P_min >= 12 iota, with (102) a frequency is far from its probability or an estimate is on the "
        "wrong side with probability at most 2 S e^-iota."
    ),
    formalisation=_formalisation(
        "N P_min >= 12 iota and (Phat - P)^2 <= 3 iota P / N in each state, S inequalities"
    ),
    reading="corrected",
    search=Exhaustive(_kl_draws),
    derive=_NEAR.derive,
    neighbours=(_NEAR.by(3),),
)

CLAIMS: tuple[Claim[Any], ...] = (B12_EXACT, B12_CORRECTED_EXACT, C4_EXACT)
