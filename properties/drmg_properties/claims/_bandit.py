"""Theorem 4 and Example 2, the "Robust Corrupted Bandit": what the KL adversary does to a reward gap (E2-E5).

An arm that pays 1 with probability p is worth g(p) = inf { q : kl(q, p) <= rho } to a robust agent. The
secret arm has p = 1/2 + eps, every other one 1/2, so a wrong pull costs D = g(1/2 + eps) - g(1/2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, KullbackLeibler, Row, Slack, Verdict, uniform_policy
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import best_response_exactly, enclose, evaluate_exactly
from drmg_properties._balls import ball, enclose_formula, sign
from drmg_properties._claim import Budget, Check, Claim, Exhaustive
from drmg_properties._text import interval

HALF = Fraction(1, 2)
WIDTH = Fraction(1, 2**80)
TOLERANCE = Fraction(1, 2**60)


@dataclass(frozen=True, slots=True)
class Arms:
    """The advantage eps of the secret arm, and the radius."""

    eps: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.eps < HALF or self.radius < 0:
            raise InputError(f"eps={self.eps}, radius={self.radius}; expected 0 < eps < 1/2, radius >= 0")


@dataclass(frozen=True, slots=True)
class ArmsConstant:
    """Arms, and a constant c that an Omega may hide."""

    arms: Arms
    c: Fraction


@dataclass(frozen=True, slots=True)
class TeamArms:
    """N agents with M actions each, and the arms."""

    M: int
    N: int
    arms: Arms

    def __post_init__(self) -> None:
        if self.M < 2 or self.N < 1 or self.M**self.N > 10**4:
            raise InputError(f"M={self.M}, N={self.N}; expected M >= 2, N >= 1 and M^N <= 10^4")


@dataclass(frozen=True, slots=True)
class TeamArmsConstant:
    """Team arms with ``eps = 1 / (4 j)`` and ``K = M^N j^2`` episodes, and a constant c of the Omega."""

    M: int
    N: int
    j: int
    radius: Fraction
    c: Fraction

    def __post_init__(self) -> None:
        TeamArms(self.M, self.N, Arms(Fraction(1, 4 * max(self.j, 1)), self.radius))
        if self.j < 1:
            raise InputError(f"j={self.j}; expected j >= 1")


def worth(p: Fraction, radius: Fraction) -> Slack:
    """Return g(p), enclosed."""
    found = enclose(Row(KullbackLeibler(), (1 - p, p), (Fraction(0), Fraction(1)), radius))
    return Slack(found.lo, found.hi)


def robust_gap(arms: Arms) -> Slack:
    """Return ``D = g(1/2 + eps) - g(1/2)``, enclosed."""
    secret, other = worth(HALF + arms.eps, arms.radius), worth(HALF, arms.radius)
    return Slack(secret.low - other.high, secret.high - other.low)


def _minus(gap: Slack, wanted: Fraction) -> Slack:
    return Slack(gap.low - wanted, gap.high - wanted)


def _gap_lines(arms: Arms) -> tuple[str, ...]:
    return (
        f"eps = {arms.eps}, rho = {arms.radius}",
        f"g(1/2 + eps) = {interval(worth(HALF + arms.eps, arms.radius))}",
        f"g(1/2) = {interval(worth(HALF, arms.radius))}",
        f"D = {interval(robust_gap(arms))}",
    )


def _arms(budget: Budget) -> Iterator[Arms]:
    epsilons = [Fraction(1, d) for d in (4, 10, 100, 1000)][: 2 + budget.size]
    radii = [Fraction(n, d) for n, d in ((1, 10), (1, 2), (69, 100), (1, 1), (2, 1), (1, 100))]
    return (Arms(eps, radius) for eps, radius in product(epsilons, radii))


def _e2_slack(arms: Arms) -> Slack:
    return _minus(robust_gap(arms), arms.eps)


def _e2_explain(arms: Arms) -> tuple[str, ...]:
    return (
        *_gap_lines(arms),
        f"a wrong pull costs D with the adversary and eps = {arms.eps} without",
        f"slack = D - eps = {interval(_e2_slack(arms))}",
    )


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
    threshold = enclose_formula(lambda: -ball(HALF - arms.eps).log(), WIDTH)
    return (
        *_gap_lines(arms),
        "log 2 = 0.693147...: from there on g(1/2) = 0",
        f"-log(1/2 - eps) {interval(threshold)}: from there on g(1/2 + eps) = 0, and D = 0",
        f"slack = {_e3_slack(arms).low} (0: both equivalences hold, -1: one fails)",
    )


def _e4_cases(budget: Budget) -> Iterator[ArmsConstant]:
    c = Fraction(1, 10 ** (1 + budget.size))
    return (ArmsConstant(arms, c) for arms in _arms(budget))


def _e4_slack(case: ArmsConstant) -> Slack:
    return _minus(robust_gap(case.arms), case.c * case.arms.eps)


def _e4_explain(case: ArmsConstant) -> tuple[str, ...]:
    return (
        *_gap_lines(case.arms),
        f"c eps = {case.c * case.arms.eps}",
        f"slack = {interval(_e4_slack(case))}",
    )


def slope_at_half(radius: Fraction) -> Slack:
    """Return ``2 x / atanh(2 x)`` with x = 1/2 - g(1/2), the slope of g at 1/2, for 0 < rho < log 2."""
    at = worth(HALF, radius)

    def formula() -> arb:
        x = 1 - 2 * ball(at.low).union(ball(at.high))
        return x / x.atanh()

    return enclose_formula(formula, WIDTH)


def _below_log_2(budget: Budget) -> Iterator[Arms]:
    return (arms for arms in _arms(budget) if arms.radius < Fraction(69, 100))


def _slope_slack(arms: Arms) -> Slack:
    slope, gap = slope_at_half(arms.radius), robust_gap(arms)
    return Slack(gap.low - slope.high * arms.eps, gap.high - slope.low * arms.eps)


def _slope_explain(arms: Arms) -> tuple[str, ...]:
    return (
        *_gap_lines(arms),
        f"c(rho) = 2 x / atanh(2 x), x = 1/2 - g(1/2): {interval(slope_at_half(arms.radius))}",
        f"slack = D - c(rho) eps = {interval(_slope_slack(arms))}",
    )


def _teams(budget: Budget) -> Iterator[TeamArms]:
    shapes = ((2, 1), (2, 2), (3, 2), (2, 3))[: 2 + budget.size]
    arms = (Arms(Fraction(1, 10), Fraction(1, 10)), Arms(Fraction(1, 4), Fraction(1, 2)))
    return (TeamArms(M, N, one) for (M, N), one in product(shapes, arms))


def uniform_gap(case: TeamArms) -> Slack:
    """Return the NASH gap of uniform play, from the exact recursion of the game itself."""
    game = corrupted_bandit(agents=case.N, actions=case.M, epsilon=case.arms.eps, radius=case.arms.radius)
    policy = uniform_policy(game)
    best, value = best_response_exactly(game, policy, 0), evaluate_exactly(game, policy)
    s = game.initial_state
    return Slack(best.lo[0, s] - value.hi[0, 0, s], best.hi[0, s] - value.lo[0, 0, s])


def _uniform_sides(case: TeamArms) -> tuple[Slack, Slack]:
    D, factor = robust_gap(case.arms), Fraction(case.M - 1, case.M**case.N)
    return uniform_gap(case), Slack(factor * D.low, factor * D.high)


def _uniform_slack(case: TeamArms) -> Slack:
    game, formula = _uniform_sides(case)
    most = max(game.high - formula.low, formula.high - game.low)
    least = max(Fraction(0), game.low - formula.high, formula.low - game.high)
    return Slack(TOLERANCE - most, TOLERANCE - least)


def _uniform_explain(case: TeamArms) -> tuple[str, ...]:
    game, formula = _uniform_sides(case)
    return (
        f"M = {case.M} actions, N = {case.N} agents",
        *_gap_lines(case.arms),
        f"gap of uniform play, from the game's own recursion: {interval(game)}",
        f"(M - 1) / M^N D = {interval(formula)}",
        f"slack = 2^-60 - |difference|: {interval(_uniform_slack(case))}",
    )


def _e5_cases(budget: Budget) -> Iterator[TeamArmsConstant]:
    c = Fraction(1, 100)
    return (TeamArmsConstant(M, 2, 10, Fraction(1, 10), c) for M in range(2, 40))


def _e5_sides(case: TeamArmsConstant) -> tuple[Slack, Fraction]:
    """Return the NASH regret of uniform play over K episodes and ``c sqrt(M^N K) = c M^N j``."""
    A = case.M**case.N
    D, factor = robust_gap(Arms(Fraction(1, 4 * case.j), case.radius)), (case.M - 1) * case.j**2
    return Slack(factor * D.low, factor * D.high), case.c * A * case.j


def _e5_slack(case: TeamArmsConstant) -> Slack:
    regret, wanted = _e5_sides(case)
    return _minus(regret, wanted)


def _e5_explain(case: TeamArmsConstant) -> tuple[str, ...]:
    regret, wanted = _e5_sides(case)
    A = case.M**case.N
    return (
        f"M = {case.M} actions, N = {case.N} agents, A = {A}, K = A j^2 = {A * case.j**2}, c = {case.c}",
        *_gap_lines(Arms(Fraction(1, 4 * case.j), case.radius)),
        "learner: uniform play for ever. Agent i alone can only gain when the others happen to play theta:",
        "so the gap is (M - 1) / M^N D in each episode, for every theta;",
        f"regret K (M - 1) / M^N D = {interval(regret)}",
        f"Theorem 4 wants at least c sqrt(A K) = {wanted}",
        f"slack = {interval(_e5_slack(case))}",
    )


_ARMS = Check(_e2_slack, _e2_explain)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="E2",
        ledger="mornavi",
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
        corrected="E4.corrected",
        instance_type=Arms,
        search=Exhaustive(_arms),
        slack=_ARMS.slack,
        explain=_ARMS.explain,
    ),
    Claim(
        id="E3",
        ledger="mornavi",
        place="Example 2",
        title="Radii from which nothing can be lost",
        statement="g(1/2) = 0 iff rho >= log 2, and all robust regret is 0 iff rho >= -log(1/2 - eps).",
        latex=r"D = 0 \Leftrightarrow \rho \ge -\log\left(\frac{1}{2} - \epsilon\right)",
        formalisation="Certified signs on both sides of the thresholds; slack = 0, or -1 where one fails.",
        assumptions=("Example 2",),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_arms),
        slack=_e3_slack,
        explain=_e3_explain,
    ),
    Claim(
        id="E4",
        ledger="mornavi",
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
        slack=_e4_slack,
        explain=_e4_explain,
    ),
    Claim(
        id="E4.corrected",
        ledger="mornavi",
        place="Theorem 4, one agent",
        title="A robust gap of the order of eps below log 2",
        statement="For rho < log 2, D >= c(rho) eps with c(rho) = 2x / atanh(2x), x = 1/2 - g(1/2).",
        latex=r"D \ge \frac{2x}{artanh(2x)} \, \epsilon, \quad x = \frac{1}{2} - g\left(\frac{1}{2}\right)",
        formalisation="slack = D - c(rho) eps, enclosed.",
        assumptions=("Example 2", "0 < rho < log 2"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Arms,
        search=Exhaustive(_below_log_2),
        slack=_slope_slack,
        explain=_slope_explain,
    ),
    Claim(
        id="E5",
        ledger="mornavi",
        place="Theorem 4 (Theorem 2 of the main text), NASH",
        title="Regret of a team in the corrupted bandit",
        statement="With N >= 2 agents every learner has NASH regret Omega(sqrt(K A_1 ... A_N)), some theta.",
        latex=r"\inf_{ALG} \sup_\theta E[Regret_i(K)] \ge \Omega\left(\sqrt{K \prod_i A_i}\right)",
        formalisation=(
            "Two agents, eps = sqrt(A / K) / 4, the choice of the bandit lower bound. Uniform play has the "
            "same gap (M - 1) / M^N D in every episode and for every theta (E5.uniform); slack = its regret "
            "- c sqrt(A K), enclosed. The constant is part of the instance: refuting c refutes larger ones, "
            "and any c falls once M is above 1 / (4 c)."
        ),
        assumptions=("Example 2 with N = 2", "best-response benchmark"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="E5.uniform",
        instance_type=TeamArmsConstant,
        search=Exhaustive(_e5_cases),
        slack=_e5_slack,
        explain=_e5_explain,
    ),
    Claim(
        id="E5.uniform",
        ledger="mornavi",
        place="Theorem 4 (Theorem 2 of the main text), NASH",
        title="Gap of uniform play in the corrupted bandit",
        statement="Uniform play has NASH gap (M - 1) / M^N D, whatever theta.",
        latex=r"gap_i(\mathrm{uniform}) = \frac{M - 1}{M^N} D",
        formalisation=(
            "Best response and value from the certified recursion of the two-step game against the formula; "
            "slack = 2^-60 - |difference|."
        ),
        assumptions=("Example 2", "equal numbers of actions"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=TeamArms,
        search=Exhaustive(_teams),
        slack=_uniform_slack,
        explain=_uniform_explain,
    ),
)
