"""How small the constants of the bonuses may be: powers of two down to the first violation (B12, C4).

The paper calls c1, c2 and c_f absolute and gives no values. Each search halves one constant until, for some
coin, there are counts on the event at which the sandwich is violated. The counterexample says where; at twice
its constant nothing on the list was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.sandwich._draws import (
    HALF,
    SMALL,
    Counts,
    Draws,
    Kind,
    OnEvent,
    counted,
    draws_lines,
    on_kl_event,
    on_tv_event,
    plan_room,
    scene,
    small_bonus,
)
from drmg_properties.formulas import exp_of, interval, outward

if TYPE_CHECKING:
    from drmg_check.planner import Optimism

Vary = Callable[["Optimism", float], "Optimism"]
IOTA = Fraction(48)
"""That of K = 10^12, S = H = 2 and A = 1 at the delta that makes it an integer, about 0.0229."""
STEPS = 40
HALVINGS = 10


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of the constant in question, and draws from two states."""

    value: Fraction
    draws: Draws

    def __post_init__(self) -> None:
        if self.value < 0 or len(self.draws.p) != 2:
            raise InputError(f"value={self.value}, S={len(self.draws.p)}; expected value >= 0 and S = 2")


class _Worst(NamedTuple):
    """The least room on the event, and how often state 0 was drawn there."""

    room: Slack
    heads: int


def _drawn(draws: Draws, heads: int) -> Counts:
    return heads, draws.n - heads


def _end(draws: Draws, holds: OnEvent, inside: int, outside: int) -> int:
    """Bisect for the last count on the event between the one expected and an end."""
    if holds(draws, _drawn(draws, outside)):
        return outside
    while abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        held = holds(draws, _drawn(draws, middle))
        inside, outside = (middle, outside) if held else (inside, middle)
    return inside


@cache
def _counts(draws: Draws, holds: OnEvent) -> tuple[int, ...]:
    """Return evenly spaced counts on the event, its ends among them."""
    expected = round(draws.n * draws.p[0])
    first, last = (_end(draws, holds, expected, outside) for outside in (0, draws.n))
    spaced = {first + (last - first) * j // STEPS for j in range(STEPS + 1)}
    return tuple(k for k in sorted(spaced) if holds(draws, _drawn(draws, k)))


def _event_check(kind: Kind, holds: OnEvent, name: str, vary: Vary) -> Check[Constant]:
    """Check the sandwich at counts on the event."""

    @cache
    def worst(case: Constant) -> _Worst:
        draws, where = case.draws, scene(case.draws.p, case.draws.radius, kind)
        optimism = vary(small_bonus(draws.iota, "per_N"), float(case.value))
        found = [_Worst(plan_room(where, _drawn(draws, k), optimism), k) for k in _counts(draws, holds)]
        return min(found, key=lambda one: one.room.low)

    def slack(case: Constant) -> Slack:
        return worst(case).room

    def explain(case: Constant) -> tuple[str, ...]:
        counts, found = _counts(case.draws, holds), worst(case)
        double = worst(Constant(2 * case.value, case.draws)).room
        return (
            *draws_lines(case.draws),
            f"on the event s = 0 was drawn {counts[0]} to {counts[-1]} times; {len(counts)} counts tried",
            f"{SMALL}, but for {name}:",
            f"{name} = {2 * case.value}: least room {outward(double.low, -1)}",
            f"{name} = {case.value}: least room {outward(found.room.low, -1)}, at {found.heads} times s = 0",
            f"slack in [{outward(found.room.low, -1)}, {outward(found.room.high, 1)}]",
        )

    return Check(slack, explain)


@cache
def _chance(case: Constant) -> Fraction:
    """Return the probability that the sandwich is violated with c1 alone."""
    draws, where = case.draws, scene(case.draws.p, case.draws.radius, "tv")
    optimism = replace(small_bonus(draws.iota, "per_N"), c1=float(case.value), c2=0.0)
    return sum(
        (chance for counts, chance in counted(draws) if not plan_room(where, counts, optimism).holds),
        Fraction(0),
    )


def _chance_slack(case: Constant) -> Slack:
    allowed, found = exp_of(-case.draws.iota, 2), _chance(case)
    return Slack(allowed.low - found, allowed.high - found)


def _chance_explain(case: Constant) -> tuple[str, ...]:
    double = Constant(2 * case.value, case.draws)
    return (
        *draws_lines(case.draws),
        f"c1 = {double.value}, c2 = c3 = 0: P(sandwich violated) = {outward(_chance(double), 1)}, all counts",
        f"c1 = {case.value}: {outward(_chance(case), 1)}",
        f"2 e^-iota {interval(exp_of(-case.draws.iota, 2))}",
        f"slack {interval(_chance_slack(case))}",
    )


def _halved(first: Fraction, draws: Callable[[Budget], list[Draws]]) -> Exhaustive[Constant]:
    """Try each constant on all draws before halving it."""

    def instances(budget: Budget) -> Iterator[Constant]:
        for j in range(HALVINGS):
            for one in draws(budget):
                yield Constant(first / 2**j, one)

    return Exhaustive(instances)


def _coins(sizes: tuple[int, ...], iota: Fraction) -> Callable[[Budget], list[Draws]]:
    """Return coins of radius 0, where a worst case is a mean."""

    def draws(budget: Budget) -> list[Draws]:
        heads = (HALF, Fraction(9, 10), Fraction(1, 10))[: budget.size]
        return [Draws(n, (p, 1 - p), Fraction(0), iota) for n in sizes for p in heads]

    return draws


def _kl_coins(budget: Budget) -> list[Draws]:
    """Return coins with ``n P_min >= 12 iota``."""
    heads = (HALF, Fraction(3, 4), Fraction(1, 4))[: budget.size]
    radii = tuple(Fraction(x) for x in ("1/2", "1/10", "2"))[: budget.size]
    return [Draws(n, (p, 1 - p), rho, IOTA) for n in (2400, 48000) for p in heads for rho in radii]


def _claim(
    id: str,  # noqa: A002 - the word of the ledger
    constant: str,
    statement: str,
    event: str,
    search: Exhaustive[Constant],
    check: Check[Constant],
    corrected: str,
) -> Claim[Constant]:
    return Claim(
        id=id,
        place=f"Theorems 1 and 2, the absolute constant {constant}",
        title=f"The least {constant}",
        statement=statement,
        latex=rf"\forall {constant.replace('c', 'c_').replace('__', '_')} > 0: \; {_SANDWICH}",
        formalisation=(
            f"Coins of two states, {SMALL}, but for {constant}, which is halved after it was tried on all "
            f"coins: the counterexample has the largest that fails. {event}"
        ),
        assumptions=("one agent, one action", "the bonus with / N"),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected=corrected,
        instance_type=Constant,
        search=search,
        derive=twins(check.slack, check.explain),
    )


_SANDWICH = r"\underline{Q} \le Q^\pi \le Q^\dagger \le \overline{Q}"
_ROOM = (
    "iota = 48, that of K = 10^12 at delta = 0.0229. slack = the least room of the sandwich over up to 41 "
    "counts on the event, its ends among them."
)
_C1 = _event_check("tv", on_tv_event, "c1", lambda one, c: replace(one, c1=c))
_C2 = _event_check("tv", on_tv_event, "c2", lambda one, c: replace(one, c2=c))
_CF = _event_check("kl", on_kl_event, "c_f", lambda one, c: replace(one, cf=c))

CLAIMS: tuple[Claim[Any], ...] = (
    _claim(
        "B12.least-c1",
        "c1",
        "On E_TV the sandwich holds for every c1 > 0 in the bonus, with c2 = 1.",
        _ROOM,
        _halved(Fraction(4), _coins((10**4, 10**6), IOTA)),
        _C1,
        "B12.corrected-runs",
    ),
    _claim(
        "B12.least-c2",
        "c2",
        "On E_TV the sandwich holds for every c2 > 0 in the bonus, with c1 = 2.",
        _ROOM,
        _halved(Fraction(2), _coins((10**4, 10**6), IOTA)),
        _C2,
        "B12.corrected-runs",
    ),
    _claim(
        "B12.likely-c1",
        "c1",
        "With c2 = c3 = 0, the sandwich is violated with probability at most 2 e^-iota, for every c1 > 0.",
        "Here c2 = 0 too. slack = 2 e^-iota - P(violated), over all counts.",
        _halved(Fraction(4), _coins((25, 50), Fraction(3))),
        Check(_chance_slack, _chance_explain),
        "B12.corrected-exact",
    ),
    _claim(
        "C4.least-cf",
        "c_f",
        "On the event of C1.corrected the sandwich holds for every c_f > 0 in the bonus.",
        _ROOM,
        _halved(Fraction(1, 4), _kl_coins),
        _CF,
        "C4.runs",
    ),
)
