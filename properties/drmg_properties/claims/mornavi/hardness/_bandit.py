"""Theorem 4 and Example 2 with one agent: what the KL adversary does to a reward gap (E1-E4)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

import numpy as np
from flint import arb

from drmg_check.models import RobustMarkovGame, deterministic_policy
from drmg_check.sets import KullbackLeibler
from drmg_check.vocabulary import Slack, UnsupportedError, Verdict, within
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.hardness._bandit_game import (
    HALF,
    WIDTH,
    Arms,
    ArmsConstant,
    crossover,
    gap_lines,
    minus,
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


def _e1_sides(arms: Arms) -> tuple[Slack, Slack]:
    """Return what the secret arm is worth in a one-step game of one state, and g(1/2 + eps)."""
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
    return Slack(V.lo[0, 0, 0], V.hi[0, 0, 0]), worth(p, arms.radius)


def _e1_slack(arms: Arms) -> Slack:
    return within(*_e1_sides(arms))


def _e1_explain(arms: Arms) -> tuple[str, ...]:
    found, wanted = _e1_sides(arms)
    return (
        f"eps = {arms.eps}, rho = {arms.radius}; S = 1, H = 1, reward 1/2 + eps = {HALF + arms.eps}",
        f"Section 2.1: rewards are known, and the only transition is P* = (1): V = {interval(found)}",
        f"Example 2: the adversary lowers the reward to g(1/2 + eps) = {interval(wanted)}",
        f"slack = -|difference| {interval(_e1_slack(arms))}",
    )


def _two_steps(arms: Arms) -> Slack:
    """Return what the secret arm is worth in the game of two steps."""
    game = corrupted_bandit(agents=1, actions=2, epsilon=arms.eps, radius=arms.radius)
    V = evaluate_exactly(game, deterministic_policy(game, lambda h, s: game.n_joint_actions - 1))
    s = game.initial_state
    return Slack(V.lo[0, 0, s], V.hi[0, 0, s])


def _divergence_excess(q: Fraction, p: Fraction, radius: Fraction) -> Slack:
    """Return ``kl(q, p) - rho``, enclosed, for 0 <= q < 1."""

    def formula() -> arb:
        failing = ball(1 - q) * (ball(1 - q) / ball(1 - p)).log()
        paying = ball(q) * (ball(q) / ball(p)).log() if q else ball(0)
        return failing + paying - ball(radius)

    return enclose_formula(formula, WIDTH)


def _worth_parts(arms: Arms) -> tuple[Slack, Slack, Slack]:
    """Return g from the two-step game, ``rho - kl`` just above it, ``kl - rho`` just below it (0 at 0)."""
    found, p = _two_steps(arms), HALF + arms.eps
    inside = _divergence_excess(found.high + NEAR, p, arms.radius)
    if found.low <= NEAR:
        return found, Slack(-inside.high, -inside.low), Slack.of(0)
    return (
        found,
        Slack(-inside.high, -inside.low),
        _divergence_excess(found.low - NEAR, p, arms.radius),
    )


def _worth_slack(arms: Arms) -> Slack:
    _, above, below = _worth_parts(arms)
    return Slack(min(above.low, below.low), min(above.high, below.high))


def _worth_explain(arms: Arms) -> tuple[str, ...]:
    found, above, below = _worth_parts(arms)
    return (
        f"eps = {arms.eps}, rho = {arms.radius}",
        f"worth of the secret arm by the recursion of the two-step game: {interval(found)}",
        f"rho - kl(q, 1/2 + eps) at q = that + 2^-40: {interval(above)}, so q is allowed",
        f"kl(q, 1/2 + eps) - rho at q = that - 2^-40: {interval(below)}, so q is not, or would be negative",
    )


def _e2_slack(arms: Arms) -> Slack:
    return minus(robust_gap(arms), arms.eps)


def _e2_explain(arms: Arms) -> tuple[str, ...]:
    return (
        *gap_lines(arms),
        f"a wrong pull costs D with the adversary and eps = {arms.eps} without",
        f"slack = D - eps = {interval(_e2_slack(arms))}",
    )


def _around_crossover(budget: Budget) -> Iterator[Arms]:
    """Yield eps on both sides of the crossover of each radius, near to it and far."""
    for radius in (Fraction(n, 100) for n in (1, 10, 50, 69, 100, 200)[: 2 + 2 * budget.size]):
        at = crossover(radius)
        for share in (Fraction(1, 10), Fraction(1, 2), Fraction(1)):
            yield Arms(at.low * share, radius)
            yield Arms(at.high + (HALF - at.high) * (1 - share), radius)


def _crossover_slack(arms: Arms) -> Slack:
    excess, at = minus(robust_gap(arms), arms.eps), crossover(arms.radius)
    if at.low < arms.eps < at.high:
        raise UnsupportedError(f"eps={arms.eps} lies within the enclosure of the crossover")
    return excess if arms.eps >= at.high else Slack(-excess.high, -excess.low)


def _crossover_explain(arms: Arms) -> tuple[str, ...]:
    at = crossover(arms.radius)
    return (
        *gap_lines(arms),
        f"D = eps at eps* {interval(at)} for rho = {arms.radius}",
        f"slack = {'D - eps' if arms.eps >= at.high else 'eps - D'} = {interval(_crossover_slack(arms))}",
    )


def _around_thresholds(budget: Budget) -> Iterator[Arms]:
    """Yield the grid, and radii within 10^-6 of the thresholds on both sides."""
    yield from _arms(budget)
    for eps in (Fraction(1, d) for d in (4, 10, 100)):
        for at in (vanishing_radius(eps).low, vanishing_radius(Fraction(0)).low):
            below = Fraction(floor(at * 10**6), 10**6)
            yield from (Arms(eps, below), Arms(eps, below + Fraction(1, 10**6)))


def _vanishes(arms: Arms) -> bool:
    """Whether rho >= -log(1/2 - eps)."""
    return sign(lambda: ball(arms.radius) + ball(HALF - arms.eps).log()) >= 0


def _e3_slack(arms: Arms) -> Slack:
    zero, other = robust_gap(arms), worth(HALF, arms.radius)
    other_vanishes = sign(lambda: ball(arms.radius) - ball(2).log()) >= 0
    right = ((zero.high == 0) if _vanishes(arms) else zero.low > 0) and (
        (other.high == 0) if other_vanishes else other.low > 0
    )
    return Slack.of(0 if right else -1)


def _e3_explain(arms: Arms) -> tuple[str, ...]:
    threshold = vanishing_radius(arms.eps)
    return (
        *gap_lines(arms),
        "log 2 = 0.693147...: from there on g(1/2) = 0",
        f"-log(1/2 - eps) {interval(threshold)}: from there on g(1/2 + eps) = 0, and D = 0",
        f"slack = {_e3_slack(arms).low} (0: both equivalences hold, -1: one fails)",
    )


def _e4_cases(budget: Budget) -> Iterator[ArmsConstant]:
    c = Fraction(1, 10 ** (1 + budget.size))
    return (ArmsConstant(arms, c) for arms in _arms(budget))


def _e4_slack(case: ArmsConstant) -> Slack:
    return minus(robust_gap(case.arms), case.c * case.arms.eps)


def _e4_explain(case: ArmsConstant) -> tuple[str, ...]:
    return (
        *gap_lines(case.arms),
        f"c eps = {case.c * case.arms.eps}",
        f"slack = {interval(_e4_slack(case))}",
    )


def _below_log_2(budget: Budget) -> Iterator[Arms]:
    return (arms for arms in _arms(budget) if arms.radius < Fraction(69, 100))


def _slope_slack(arms: Arms) -> Slack:
    slope, gap = slope_at_half(arms.radius), robust_gap(arms)
    return Slack(gap.low - slope.high * arms.eps, gap.high - slope.low * arms.eps)


def _slope_explain(arms: Arms) -> tuple[str, ...]:
    return (
        *gap_lines(arms),
        f"c(rho) = 2 x / atanh(2 x), x = 1/2 - g(1/2): {interval(slope_at_half(arms.radius))}",
        f"slack = D - c(rho) eps = {interval(_slope_slack(arms))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="E1",
        place="Example 2 with Section 2.1",
        title="The corrupted bandit is a game of Section 2.1",
        statement="With H = 1 and one state, the adversary makes an arm with mean p worth g(p) < p.",
        latex=r"V^{\theta,\rho}_1(s) = g\left(\frac{1}{2} + \epsilon\right)",
        formalisation=(
            "Section 2.1 has deterministic, known rewards, and uncertainty about transitions only. The game "
            "with one state, one step and the means as rewards, by exact recursion, against g; slack = "
            "-|difference|. As the rewards are known besides, nothing has to be learned."
        ),
        assumptions=("the class of Section 2.1",),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="E1.corrected",
        instance_type=Arms,
        search=Exhaustive(_arms),
        derive=twins(_e1_slack, _e1_explain),
    ),
    Claim(
        id="E1.corrected",
        place="Example 2 as a game of two steps",
        title="The corrupted bandit with the draw in the kernel",
        statement="With H = 2, P(win | s, a) = p and reward 1 in win, the robust value of an arm is g(p).",
        latex=r"V^{\theta,\rho}_1(s) = \inf\{ q : kl(q, p) \le \rho \}, \quad p = \frac{1}{2} + \epsilon",
        formalisation=(
            "The value by the exact recursion of the game; kl in ball arithmetic, which no oracle takes part "
            "in, must allow q = value + 2^-40 and forbid value - 2^-40. slack = the smaller of rho - kl and "
            "kl - rho there."
        ),
        assumptions=("Example 2 with two steps",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_arms),
        derive=twins(_worth_slack, _worth_explain),
    ),
    Claim(
        id="E2",
        place="Theorem 4, eq. (15)",
        title="Robust regret dominates the regret without adversary",
        statement="E[Regret(K; M_theta, rho)] >= E[Regret(K; M_theta, 0)].",
        latex=r"E[Regret(K; M_{\theta,\rho})] \ge E[Regret(K; M_{\theta,0})]",
        formalisation=(
            "One agent. The regrets are the expected number of wrong pulls times D and times eps, with the "
            "same pulls, because the learner sees nominal rewards; slack = D - eps, enclosed."
        ),
        assumptions=("Example 2", "rho > 0"),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="E2.crossover",
        instance_type=Arms,
        search=Exhaustive(_arms),
        derive=twins(_e2_slack, _e2_explain),
    ),
    Claim(
        id="E2.crossover",
        place="Theorem 4, eq. (15)",
        title="Where robust regret dominates",
        statement="For each rho > 0 there is eps* in (0, 1/2) with D < eps below it and D >= eps above.",
        latex=r"E[Regret(\rho)] \ge E[Regret(0)] \Leftrightarrow \epsilon \ge \epsilon^*(\rho)",
        formalisation=(
            "g is convex, so D / eps increases; eps* by bisection with certified signs, to 2^-12. slack = "
            "D - eps above the enclosure of eps*, eps - D below it."
        ),
        assumptions=("Example 2", "one agent", "rho > 0"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_around_crossover),
        derive=twins(_crossover_slack, _crossover_explain),
    ),
    Claim(
        id="E3",
        place="Example 2",
        title="Radii from which nothing can be lost",
        statement="g(1/2) = 0 iff rho >= log 2, and all robust regret is 0 iff rho >= -log(1/2 - eps).",
        latex=r"D = 0 \Leftrightarrow \rho \ge -\log\left(\frac{1}{2} - \epsilon\right)",
        formalisation="Certified signs on both sides of the thresholds; slack = 0, or -1 where one fails.",
        assumptions=("Example 2",),
        reading="intended",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_around_thresholds),
        derive=twins(_e3_slack, _e3_explain),
    ),
    Claim(
        id="E4",
        place="Theorem 4, one agent",
        title="A robust gap of the order of eps for every radius",
        statement="A wrong pull costs D >= c eps with an absolute constant c > 0, whatever rho.",
        latex=r"g\left(\frac{1}{2} + \epsilon\right) - g\left(\frac{1}{2}\right) \ge c \, \epsilon",
        formalisation=(
            "What the reduction to bandits needs. The constant is part of the instance: refuting c refutes "
            "larger ones; slack = D - c eps, enclosed."
        ),
        assumptions=("Example 2", "any rho > 0"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="E4.corrected",
        instance_type=ArmsConstant,
        search=Exhaustive(_e4_cases),
        derive=twins(_e4_slack, _e4_explain),
    ),
    Claim(
        id="E4.corrected",
        place="Theorem 4, one agent",
        title="A robust gap of the order of eps below log 2",
        statement="For rho < log 2, D >= c(rho) eps with c(rho) = 2x / atanh(2x), x = 1/2 - g(1/2).",
        latex=r"D \ge \frac{2x}{artanh(2x)} \, \epsilon, \quad x = \frac{1}{2} - g\left(\frac{1}{2}\right)",
        formalisation="slack = D - c(rho) eps, enclosed.",
        assumptions=("Example 2", "0 < rho < log 2"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_below_log_2),
        derive=twins(_slope_slack, _slope_explain),
    ),
)
