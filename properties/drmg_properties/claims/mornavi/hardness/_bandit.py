"""Theorem 4 and Example 2 with one agent: what the KL adversary does to a reward gap (E1-E4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

import numpy as np
from flint import arb

from drmg_check.models import RobustMarkovGame, deterministic_policy
from drmg_check.sets import KullbackLeibler
from drmg_check.vocabulary import Bounds, UnsupportedError, Verdict
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._bandit_game import (
    HALF,
    WIDTH,
    Arms,
    ArmsConstant,
    bandit_address,
    crossover,
    gap_lines,
    robust_gap,
    slope_at_half,
    vanishing_radius,
    worth,
)
from drmg_properties.formulas import ball, enclose_formula, interval, sign

NEAR = Fraction(1, 2**40)
"""How near to g its two neighbours are, one inside and one outside the ball."""


def _arms(budget: Budget) -> Iterator[Arms]:
    epsilons = [Fraction(1, d) for d in (4, 10, 100, 1000)][: 2 + budget.size]
    radii = [Fraction(n, d) for n, d in ((1, 10), (1, 2), (69, 100), (1, 1), (2, 1), (1, 100))]
    return (Arms(eps, radius) for eps, radius in product(epsilons, radii))


def _one_step(arms: Arms) -> Derivation:
    """Derive that the secret arm is worth g(1/2 + eps) in a one-step game of one state."""
    p = HALF + arms.eps
    game = RobustMarkovGame(
        transition=np.array([[[1], [1]]]),
        reward=np.array([[HALF, p]], dtype=object),
        radius=np.array(arms.radius, dtype=object),
        uncertainty=(KullbackLeibler(),),
        actions=(2,),
        horizon=1,
    )
    V = evaluate_exactly(game, deterministic_policy(game, lambda h, s: 1))
    value, wanted = Bounds(V.lo[0, 0, 0], V.hi[0, 0, 0]), worth(p, arms.radius)
    return equal(
        value,
        wanted,
        lambda: (
            f"eps = {arms.eps}, rho = {arms.radius}; S = 1, H = 1, reward 1/2 + eps = {p}",
            f"Section 2.1: rewards are known, and the only transition is P* = (1): V = {interval(value)}",
            f"Example 2: the adversary lowers the reward to g(1/2 + eps) = {interval(wanted)}",
        ),
    )


def _two_steps(arms: Arms) -> Bounds:
    """Return what the secret arm is worth in the game of two steps."""
    game = corrupted_bandit(agents=1, actions=2, epsilon=arms.eps, radius=arms.radius)
    V = evaluate_exactly(game, deterministic_policy(game, lambda h, s: game.n_joint_actions - 1))
    s = game.initial_state
    return Bounds(V.lo[0, 0, s], V.hi[0, 0, s])


def _divergence(q: Fraction, p: Fraction) -> Bounds:
    """Return ``kl(q, p)``, enclosed, for 0 <= q < 1."""

    def formula() -> arb:
        failing = ball(1 - q) * (ball(1 - q) / ball(1 - p)).log()
        return failing + (ball(q) * (ball(q) / ball(p)).log() if q else ball(0))

    return enclose_formula(formula, WIDTH)


def _worth_is(share: Fraction) -> Callable[[Arms], Derivation]:
    """Derive that the value of the two-step game is ``inf { q : kl(q, p) <= share rho }``, up to 2^-40."""

    def derive(arms: Arms) -> Derivation:
        value, p, radius = _two_steps(arms), HALF + arms.eps, share * arms.radius
        # Beyond p the divergence grows again: the worst case is below.
        above, below = min(value.high + NEAR, p), value.low - NEAR
        inside = _divergence(above, p)
        outside = _divergence(below, p) if below > 0 else None

        def lines() -> tuple[str, ...]:
            beyond = "would be negative" if outside is None else f"has kl {interval(outside)}: it must not be"
            return (
                f"eps = {arms.eps}, rho = {arms.radius}, p = 1/2 + eps = {p}; the radius is {radius}",
                f"worth of the secret arm by the recursion of the two-step game: {interval(value)}",
                f"q = that + 2^-40 has kl(q, p) {interval(inside)}: it must be allowed",
                f"q = that - 2^-40 {beyond}",
            )

        parts = [at_most(inside, radius, lines)]
        if outside is not None:
            parts.append(at_most(radius, outside, lines))
        return both(*parts)

    return derive


def _dominates(arms: Arms) -> Derivation:
    """Derive ``D >= eps``."""
    return at_least(
        robust_gap(arms),
        arms.eps,
        lambda: (*gap_lines(arms), f"a wrong pull costs D with the adversary, eps = {arms.eps} without"),
    )


def _around_crossover(budget: Budget) -> Iterator[Arms]:
    """Yield eps on both sides of the crossover of each radius, near to it and far."""
    for radius in (Fraction(n, 100) for n in (1, 10, 50, 69, 100, 200)[: 2 + 2 * budget.size]):
        at = crossover(radius)
        for share in (Fraction(1, 10), Fraction(1, 2), Fraction(1)):
            yield Arms(at.low * share, radius)
            yield Arms(at.high + (HALF - at.high) * (1 - share), radius)


def _crosses(share: Fraction) -> Callable[[Arms], Derivation]:
    """Derive ``D >= eps`` from ``share eps*`` on, and ``D <= eps`` below."""

    def derive(arms: Arms) -> Derivation:
        at = crossover(arms.radius)
        if share * at.low < arms.eps < share * at.high:
            raise UnsupportedError(f"eps={arms.eps} lies within the enclosure of the crossover")
        compare = at_least if arms.eps >= share * at.high else at_most
        return compare(
            robust_gap(arms),
            arms.eps,
            lambda: (*gap_lines(arms), f"D = eps at eps* {interval(at)} for rho = {arms.radius}"),
        )

    return derive


def _around_thresholds(budget: Budget) -> Iterator[Arms]:
    """Yield the grid, and radii within 10^-6 of the thresholds on both sides."""
    yield from _arms(budget)
    for eps in (Fraction(1, d) for d in (4, 10, 100)):
        for at in (vanishing_radius(eps).low, vanishing_radius(Fraction(0)).low):
            below = Fraction(floor(at * 10**6), 10**6)
            yield from (Arms(eps, below), Arms(eps, below + Fraction(1, 10**6)))


def _at_least_minus_log(radius: Fraction, p: Fraction) -> bool:
    """Whether ``rho >= -log p``."""
    return sign(lambda: ball(radius) + ball(p).log()) >= 0


def _thresholds(secret: Callable[[Fraction], Fraction]) -> Callable[[Arms], Derivation]:
    """Derive ``g(1/2) = 0 iff rho >= log 2`` and ``D = 0 iff rho >= -log secret(eps)``."""

    def derive(arms: Arms) -> Derivation:
        gap, other = robust_gap(arms), worth(HALF, arms.radius)

        def lines() -> tuple[str, ...]:
            return (
                *gap_lines(arms),
                "log 2 = 0.693147...: from there on g(1/2) = 0",
                f"-log(1/2 - eps) {interval(vanishing_radius(arms.eps))}: from there on D = 0",
            )

        def vanishes(number: Bounds, p: Fraction) -> Derivation:
            if _at_least_minus_log(arms.radius, p):
                return replace(equal(number, 0, lines), scale=HALF)
            return at_most(0, number, lines, strict=True)

        return both(vanishes(other, HALF), vanishes(gap, secret(arms.eps)))

    return derive


def _large_radius(c: Fraction) -> ArmsConstant:
    """Return arms of which neither is worth anything: D = 0."""
    return ArmsConstant(Arms(Fraction(1, 10), Fraction(1)), c)


def _of_the_order(case: ArmsConstant) -> Derivation:
    """Derive ``D >= eps / c``."""
    return at_least(
        robust_gap(case.arms),
        case.arms.eps / case.c,
        lambda: (*gap_lines(case.arms), f"eps / c = {case.arms.eps / case.c}"),
    )


def _below_log_2(budget: Budget) -> Iterator[Arms]:
    return (arms for arms in _arms(budget) if arms.radius < Fraction(69, 100))


def _slope(share: Fraction) -> Callable[[Arms], Derivation]:
    """Derive ``D >= share c(rho) eps``."""

    def derive(arms: Arms) -> Derivation:
        slope = slope_at_half(arms.radius)
        return at_least(
            robust_gap(arms),
            Bounds(share * slope.low * arms.eps, share * slope.high * arms.eps),
            lambda: (
                *gap_lines(arms),
                f"c(rho) = 2 x / atanh(2 x), x = 1/2 - g(1/2): {interval(slope)}; wanted: {share} c(rho) eps",
            ),
        )

    return derive


E1 = Claim(
    id="E1",
    place="Example 2 with Section 2.1",
    title="The corrupted bandit is a game of Section 2.1",
    statement="With H = 1 and one state, the adversary makes an arm with mean p worth g(p) < p.",
    latex=r"V^{\theta,\rho}_1(s) = g\left(\frac{1}{2} + \epsilon\right)",
    formalisation=(
        "Section 2.1 has deterministic, known rewards, and uncertainty about transitions only. The game with "
        "one state, one step and the means as rewards, by exact recursion, against g. As the rewards are "
        "known besides, nothing has to be learned."
    ),
    assumptions=("the class of Section 2.1",),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="E1.corrected",
    instance_type=Arms,
    search=Exhaustive(_arms),
    derive=_one_step,
    address=bandit_address,
)
E1_CORRECTED = replace(
    E1,
    id="E1.corrected",
    place="Example 2 as a game of two steps",
    title="The corrupted bandit with the draw in the kernel",
    statement="With H = 2, P(win | s, a) = p and reward 1 in win, the robust value of an arm is g(p).",
    latex=r"V^{\theta,\rho}_1(s) = \inf\{ q : kl(q, p) \le \rho \}, \quad p = \frac{1}{2} + \epsilon",
    formalisation=(
        "The value by the exact recursion of the game; kl in ball arithmetic, which no oracle takes part "
        "in, must allow q = value + 2^-40 and forbid value - 2^-40."
    ),
    assumptions=("Example 2 with two steps",),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=_worth_is(Fraction(1)),
    neighbours=(
        Neighbour("9/10 of the radius", _worth_is(Fraction(9, 10))),
        Neighbour("11/10 of the radius", _worth_is(Fraction(11, 10))),
    ),
)
E2 = Claim(
    id="E2",
    place="Theorem 4, eq. (15)",
    title="Robust regret dominates the regret without adversary",
    statement="E[Regret(K; M_theta, rho)] >= E[Regret(K; M_theta, 0)].",
    latex=r"E[Regret(K; M_{\theta,\rho})] \ge E[Regret(K; M_{\theta,0})]",
    formalisation=(
        "One agent. The regrets are the expected number of wrong pulls times D and times eps, with the same "
        "pulls, because the learner sees nominal rewards; so D is compared with eps."
    ),
    assumptions=("Example 2", "rho > 0"),
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="E2.crossover",
    instance_type=Arms,
    search=Exhaustive(_arms),
    derive=_dominates,
    address=bandit_address,
)
E2_CROSSOVER = replace(
    E2,
    id="E2.crossover",
    title="Where robust regret dominates",
    statement="For each rho > 0 there is eps* in (0, 1/2) with D < eps below it and D >= eps above.",
    latex=r"E[Regret(\rho)] \ge E[Regret(0)] \Leftrightarrow \epsilon \ge \epsilon^*(\rho)",
    formalisation=(
        "g is convex, so D / eps increases; eps* by bisection with certified signs, to 2^-12. D is compared "
        "with eps on both sides of it."
    ),
    assumptions=("Example 2", "one agent", "rho > 0"),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    search=Exhaustive(_around_crossover),
    derive=_crosses(Fraction(1)),
    neighbours=(Neighbour("from 9/10 of eps* on", _crosses(Fraction(9, 10))),),
)
E3 = Claim(
    id="E3",
    place="Example 2",
    title="Radii from which nothing can be lost",
    statement="g(1/2) = 0 iff rho >= log 2, and all robust regret is 0 iff rho >= -log(1/2 - eps).",
    latex=r"D = 0 \Leftrightarrow \rho \ge -\log\left(\frac{1}{2} - \epsilon\right)",
    formalisation="Certified signs on both sides of the thresholds.",
    assumptions=("Example 2",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Arms,
    search=Exhaustive(_around_thresholds),
    derive=_thresholds(lambda eps: HALF - eps),
    neighbours=(
        Neighbour("D = 0 from log 2 on", _thresholds(lambda eps: HALF)),
        Neighbour(
            "D = 0 from -log(1/2 - 11/10 eps) on", _thresholds(lambda eps: HALF - Fraction(11, 10) * eps)
        ),
    ),
)
E4 = Claim(
    id="E4",
    place="Theorem 4, one agent",
    title="A robust gap of the order of eps for every radius",
    statement="A wrong pull costs D >= c eps with an absolute constant c > 0, whatever rho.",
    latex=r"g\left(\frac{1}{2} + \epsilon\right) - g\left(\frac{1}{2}\right) \ge c \, \epsilon",
    formalisation="What the reduction to bandits needs. From rho = -log(1/2 - eps) on D is 0.",
    assumptions=("Example 2", "any rho > 0"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="E4.corrected",
    instance_type=ArmsConstant,
    search=EveryConstant(_large_radius),
    derive=_of_the_order,
    address=bandit_address,
)
E4_CORRECTED = Claim(
    id="E4.corrected",
    place=E4.place,
    title="A robust gap of the order of eps below log 2",
    statement="For rho < log 2, D >= c(rho) eps with c(rho) = 2x / atanh(2x), x = 1/2 - g(1/2).",
    latex=r"D \ge \frac{2x}{artanh(2x)} \, \epsilon, \quad x = \frac{1}{2} - g\left(\frac{1}{2}\right)",
    formalisation="Both sides enclosed.",
    assumptions=("Example 2", "0 < rho < log 2"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Arms,
    search=Exhaustive(_below_log_2),
    derive=_slope(Fraction(1)),
    neighbours=(Neighbour("11/10 c(rho)", _slope(Fraction(11, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (E1, E1_CORRECTED, E2, E2_CROSSOVER, E3, E4, E4_CORRECTED)
