"""How small the constants of the bonuses may be: findings of our own, up to a factor of two (B12, C4).

The paper calls c1, c2 and c_f absolute and gives no values; it does not say that small ones do. Each claim
has the least power of two with which nothing on its list of coins violates the sandwich on its event; half of
it is the false neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    at_most,
    chance_at_most,
)
from drmg_properties.claims.mornavi.sandwich._draws import (
    CLIPPED,
    HALF,
    SMALL,
    Counts,
    Draws,
    Kind,
    OnEvent,
    closest_at,
    counted,
    draws_lines,
    on_kl_event,
    on_tv_event,
    scene,
    small_bonus,
)
from drmg_properties.claims.mornavi.sandwich._runs import Closest
from drmg_properties.claims.steps import last_before
from drmg_properties.formulas import exp_of, interval, outward

if TYPE_CHECKING:
    from drmg_check.planner import Optimism

IOTA = Fraction(48)
"""That of K = 10^12, S = H = 2 and A = 1 at the delta that makes it an integer, about 0.0229."""
STEPS = 40
TRIED = 2


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of the constant in question, and draws from two states."""

    value: Fraction
    draws: Draws

    def __post_init__(self) -> None:
        if self.value < 0 or len(self.draws.p) != 2:
            raise InputError(f"value={self.value}, S={len(self.draws.p)}; expected value >= 0 and S = 2")


def drawn(draws: Draws, heads: int) -> Counts:
    """Return the counts if state 0 was drawn so often."""
    return heads, draws.n - heads


def counts_on_event(draws: Draws, kind: Kind, holds: OnEvent) -> tuple[int, ...]:
    """Return evenly spaced counts on the event, its ends among them."""
    where, expected = scene(draws.p, draws.radius, kind), round(draws.n * draws.p[0])

    def off(heads: int) -> bool:
        return not holds(where, draws, drawn(draws, heads))

    first = last_before(0, expected, lambda heads: not off(heads)) + 1
    last = last_before(expected, draws.n, off)
    spaced = sorted({first + (last - first) * j // STEPS for j in range(STEPS + 1)})
    return tuple(heads for heads in spaced if not off(heads))


class Least(NamedTuple):
    """Which constant is halved, on which event."""

    name: str
    kind: Kind
    holds: OnEvent
    vary: Callable[[Optimism, float], Optimism]

    def worst(self, case: Constant, counts: tuple[int, ...]) -> tuple[Closest, int] | None:
        """Return the inequality with the least room at these counts of state 0, and the count."""
        draws, where = case.draws, scene(case.draws.p, case.draws.radius, self.kind)
        optimism = self.vary(small_bonus(draws.iota, "per_N"), float(case.value))
        at = ((closest_at(where, drawn(draws, heads), optimism), heads) for heads in counts)
        left = [(inequality, heads) for inequality, heads in at if inequality]
        return min(left, key=lambda pair: pair[0].room.low, default=None)

    def derive(self, case: Constant) -> Derivation:
        """Derive the sandwich at counts on the event."""
        counts = counts_on_event(case.draws, self.kind, self.holds)
        worst = self.worst(case, counts)

        def lines() -> tuple[str, ...]:
            half = self.worst(replace(case, value=case.value / 2), counts)
            said = (
                f"{self.name} = {value}: "
                + (
                    f"least room {interval(pair[0].room)}, {pair[0].place}, at {pair[1]} times s = 0"
                    if pair
                    else CLIPPED
                )
                for value, pair in ((case.value / 2, half), (case.value, worst))
            )
            return (
                *draws_lines(case.draws),
                f"on the event s = 0 was drawn {counts[0]} to {counts[-1]} times; {len(counts)} counts tried",
                f"{SMALL}, but for {self.name}:",
                *said,
            )

        if worst is None:
            return at_most(0, 2, lines, silent=CLIPPED)
        return at_most(worst[0].left, worst[0].right, lines)


def c1_alone(case: Constant) -> Derivation:
    """Derive that the sandwich is violated with probability at most ``2 e^-iota`` with c1 alone."""
    half = replace(case, value=case.value / 2)
    allowed = exp_of(-case.draws.iota, 2)
    return chance_at_most(
        _chance(case),
        allowed,
        lambda: (
            *draws_lines(case.draws),
            f"c1 = {half.value}, c2 = c3 = 0: P(sandwich violated) = {outward(_chance(half), 1)}",
            f"c1 = {case.value}: P(sandwich violated), against 2 e^-iota = {interval(allowed)}",
        ),
    )


def _chance(case: Constant) -> Fraction:
    """Return the probability that the sandwich is violated with c1 alone."""
    draws, where = case.draws, scene(case.draws.p, case.draws.radius, "tv")
    optimism = replace(small_bonus(draws.iota, "per_N"), c1=float(case.value), c2=0.0)
    at = ((closest_at(where, counts, optimism), chance) for counts, chance in counted(draws))
    return sum((chance for inequality, chance in at if inequality and not inequality.room.holds), Fraction(0))


def _from(least: Fraction, draws: Callable[[Budget], list[Draws]]) -> Exhaustive[Constant]:
    """Try the least constant and twice that on all draws."""

    def instances(budget: Budget) -> Iterator[Constant]:
        return (Constant(least * 2**j, each) for j in range(TRIED) for each in draws(budget))

    return Exhaustive(instances)


def _half(derive: Callable[[Constant], Derivation]) -> tuple[Neighbour[Constant], ...]:
    """Return the neighbour with half of the constant."""
    return (Neighbour("half of it", lambda case: derive(replace(case, value=case.value / 2))),)


def _coins(sizes: tuple[int, ...], iota: Fraction) -> Callable[[Budget], list[Draws]]:
    """Return coins of a small radius, where a worst case is nearly a mean."""

    def draws(budget: Budget) -> list[Draws]:
        heads = (HALF, Fraction(9, 10), Fraction(1, 10))[: budget.size]
        return [Draws(n, (p, 1 - p), Fraction(1, 100), iota) for n in sizes for p in heads]

    return draws


def _kl_coins(budget: Budget) -> list[Draws]:
    """Return coins with ``n P_min >= 12 iota``."""
    heads = (HALF, Fraction(3, 4), Fraction(1, 4))[: budget.size]
    radii = tuple(Fraction(x) for x in ("1/2", "1/10", "2"))[: budget.size]
    return [Draws(n, (p, 1 - p), rho, IOTA) for n in (2400, 48000) for p in heads for rho in radii]


_SANDWICH = r"\underline{Q} \le Q^\pi \le Q^\dagger \le \overline{Q}"
_OURS = (
    "A finding of our own: the paper says that there is a constant, and gives none. Coins of two states, "
    f"{SMALL}, but for the constant; half of it is too small. "
)
_ROOM = (
    _OURS
    + "iota = 48, that of K = 10^12 at delta = 0.0229. The inequality with the least room over up to 41 "
    "counts on the event, its ends among them."
)
_C1 = Least("c1", "tv", on_tv_event, lambda given, c: replace(given, c1=c))
_C2 = Least("c2", "tv", on_tv_event, lambda given, c: replace(given, c2=c))
_CF = Least("c_f", "kl", on_kl_event, lambda given, c: replace(given, cf=c))

B12_LEAST_C1 = Claim(
    id="B12.least-c1",
    place="Theorem 1, how small c1 may be",
    title="The least c1",
    statement="On E_TV, coins keep the sandwich with c1 >= 2 in the bonus, c2 = 1.",
    latex=rf"c_1 \ge 2 \Rightarrow {_SANDWICH}",
    formalisation=_ROOM,
    assumptions=("one agent, one action", "the bonus with / N"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Constant,
    search=_from(Fraction(2), _coins((10**4, 10**6), IOTA)),
    derive=_C1.derive,
    neighbours=_half(_C1.derive),
)
B12_LEAST_C2 = replace(
    B12_LEAST_C1,
    id="B12.least-c2",
    place="Theorem 1, how small c2 may be",
    title="The least c2",
    statement="On E_TV, coins keep the sandwich with c2 >= 1/2 in the bonus, c1 = 2.",
    latex=rf"c_2 \ge \frac{{1}}{{2}} \Rightarrow {_SANDWICH}",
    search=_from(Fraction(1, 2), _coins((10**4, 10**6), IOTA)),
    derive=_C2.derive,
    neighbours=_half(_C2.derive),
)
B12_LIKELY_C1 = replace(
    B12_LEAST_C1,
    id="B12.likely-c1",
    title="The least c1, by probability",
    statement="With c1 >= 2 and c2 = c3 = 0 the sandwich is violated with probability at most 2 e^-iota.",
    formalisation=_OURS + "Here c2 = 0 too; the probability is summed over all counts.",
    search=_from(Fraction(2), _coins((25, 50), Fraction(3))),
    derive=c1_alone,
    neighbours=_half(c1_alone),
)
C4_LEAST_CF = replace(
    B12_LEAST_C1,
    id="C4.least-cf",
    place="Theorem 2, how small c_f may be",
    title="The least c_f",
    statement="On the event of C1.corrected, coins keep the sandwich with c_f >= 1/8 in the bonus.",
    latex=rf"c_f \ge \frac{{1}}{{8}} \Rightarrow {_SANDWICH}",
    search=_from(Fraction(1, 8), _kl_coins),
    derive=_CF.derive,
    neighbours=_half(_CF.derive),
)

CLAIMS: tuple[Claim[Any], ...] = (B12_LEAST_C1, B12_LEAST_C2, B12_LIKELY_C1, C4_LEAST_CF)
