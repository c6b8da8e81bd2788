"""Lemma 26: Azuma-Hoeffding on walks of two steps, stopped ones among them (F2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, chance_at_most
from drmg_properties.claims.steps import chance_outside
from drmg_properties.formulas import exp_of, interval

MAX_STOPPED = 64


@dataclass(frozen=True, slots=True)
class Walk:
    """n steps of mean 0, each by ``2 (1 - up)`` with probability ``up``, else by ``-2 up``; and a distance.

    A walk that is ``stopped`` stays where it first is so far from its start: a martingale whose steps depend
    on each other.
    """

    n: int
    distance: Fraction
    up: Fraction = Fraction(1, 2)
    stopped: bool = False

    def __post_init__(self) -> None:
        most = MAX_STOPPED if self.stopped else 10**9
        if not 1 <= self.n <= most or self.distance <= 0 or not 0 < self.up < 1:
            raise InputError(
                f"n={self.n}, distance={self.distance}, up={self.up}; expected 1 <= n <= {most}, "
                "distance > 0 and 0 < up < 1"
            )


def azuma(case: Walk, factor: Fraction = Fraction(2), exponent: Fraction = Fraction(2)) -> Derivation:
    """Derive ``P(|Z_n - Z_0| >= beta) <= factor exp(-exponent beta^2 / sum c_t^2)`` with c_t = 2."""
    power = exponent * case.distance**2 / (4 * case.n)
    size = exp_of(-power)
    allowed = Bounds(factor * size.low, factor * size.high)
    stays = ", and stays where it first is so far" if case.stopped else ""
    return chance_at_most(
        _stopped_chance(case) if case.stopped else _chance(case),
        allowed,
        lambda: (
            f"{case.n} steps, +{2 * (1 - case.up)} with probability {case.up}, else -{2 * case.up}{stays}: "
            "c_t = 2",
            f"P(|Z_n - Z_0| >= beta) at beta = {case.distance}",
            f"{factor} exp(-{exponent} beta^2 / {4 * case.n}) = {interval(allowed)}",
        ),
    )


def _chance(case: Walk) -> Bounds:
    expected, half = case.n * case.up, case.distance / 2
    return chance_outside(case.n, case.up, floor(expected - half), ceil(expected + half))


def _stopped_chance(case: Walk) -> Bounds:
    """Return the probability that the walk is ever so far away, by the law of its place step by step."""
    law, reached = {0: Fraction(1)}, Fraction(0)
    for t in range(1, case.n + 1):
        following: dict[int, Fraction] = {}
        for ups, chance in law.items():
            for k, weight in ((ups + 1, case.up), (ups, 1 - case.up)):
                if abs(2 * (k - t * case.up)) >= case.distance:
                    reached += chance * weight
                else:
                    following[k] = following.get(k, Fraction(0)) + chance * weight
        law = following
    return Bounds.of(reached)


def _walks(budget: Budget) -> Iterator[Walk]:
    """Yield fair walks, then uneven and stopped ones, then long ones."""
    ups = [Fraction(x) for x in ("1/2", "1/10", "3/4", "1/100")][: 2 + budget.size]
    for n in range(1, 1 + 8 * budget.size):
        yield from (Walk(n, Fraction(beta)) for beta in range(1, n + 1))
    for up, n, stopped in product(ups, (4, 9, 16), (False, True)):
        yield from (Walk(n, Fraction(beta), up, stopped) for beta in range(1, n + 1, 2))
    for n in (10**4, 10**6):
        yield from (Walk(n, Fraction(int(n**0.5)) * z, up) for up, z in product(ups, (2, 4, 7)))


F2 = Claim(
    id="F2",
    place="Lemma 26, eq. (178)",
    title="Azuma-Hoeffding, two-sided with constant 1",
    statement="P(|Z_t - Z_0| >= beta) <= exp(-2 beta^2 / sum c_i^2).",
    latex=r"P(|Z_t - Z_0| \ge \beta) \le \exp\left(-\frac{2 \beta^2}{\sum_{i \le t} c_i^2}\right)",
    formalisation=(
        "Walks of independent steps of two sizes, c_i = 2, and the same walks stopped at the distance; exact "
        "or enclosed probabilities."
    ),
    assumptions=("bounded martingale differences",),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="F2.corrected",
    instance_type=Walk,
    search=Exhaustive(_walks),
    derive=lambda case: azuma(case, Fraction(1)),
)
F2_CORRECTED = replace(
    F2,
    id="F2.corrected",
    title="Azuma-Hoeffding, two-sided",
    statement="P(|Z_t - Z_0| >= beta) <= 2 exp(-2 beta^2 / sum c_i^2).",
    latex=r"P(|Z_t - Z_0| \ge \beta) \le 2 \exp\left(-\frac{2 \beta^2}{\sum_{i \le t} c_i^2}\right)",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=azuma,
    neighbours=(
        Neighbour("8/5 for the factor 2", lambda case: azuma(case, Fraction(8, 5))),
        Neighbour("9/4 for 2 in the exponent", lambda case: azuma(case, exponent=Fraction(9, 4))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (F2, F2_CORRECTED)
