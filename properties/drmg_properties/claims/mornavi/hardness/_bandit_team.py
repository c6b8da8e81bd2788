"""Theorem 4 and Example 2 with several agents: deviations of one agent rarely matter (D2, E5)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.models import JointPolicy, RobustMarkovGame, deterministic_policy
from drmg_check.vocabulary import Slack, Verdict, within
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import gap_exactly
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.hardness._bandit_game import (
    TOLERANCE,
    Arms,
    TeamArms,
    TeamArmsConstant,
    gap_by_formula,
    gap_in_the_game,
    gap_lines,
    minus,
    robust_gap,
)
from drmg_properties.formulas import interval


def _teams(budget: Budget) -> Iterator[TeamArms]:
    shapes = ((2, 1), (2, 2), (3, 2), (2, 3))[: 2 + budget.size]
    arms = (Arms(Fraction(1, 10), Fraction(1, 10)), Arms(Fraction(1, 4), Fraction(1, 2)))
    return (TeamArms(M, N, one) for (M, N), one in product(shapes, arms))


def _uniform_sides(case: TeamArms) -> tuple[Slack, Slack]:
    return gap_in_the_game(case, "nash"), gap_by_formula(case, "nash")


def _uniform_slack(case: TeamArms) -> Slack:
    return within(*_uniform_sides(case), TOLERANCE)


def _uniform_explain(case: TeamArms) -> tuple[str, ...]:
    game, formula = _uniform_sides(case)
    return (
        f"M = {case.M} actions, N = {case.N} agents",
        *gap_lines(case.arms),
        f"gap of uniform play, from the game's own recursion: {interval(game)}",
        f"(M - 1) / M^N D = {interval(formula)}",
        f"slack = 2^-60 - |difference|: {interval(_uniform_slack(case))}",
    )


def _secretly_slack(case: TeamArmsConstant) -> Slack:
    gap, wanted = _secretly_sides(case)
    return minus(gap, wanted)


def _secretly_sides(case: TeamArmsConstant) -> tuple[Slack, Fraction]:
    """Return the NASH regret of playing theta for K episodes, and ``c sqrt(M^N K)``."""
    A, arms = case.M**case.N, Arms(Fraction(1, 4 * case.j), case.radius)
    gap = gap_in_the_game(TeamArms(case.M, case.N, arms), "nash", secretly=True)
    K = A * case.j**2
    return Slack(K * gap.low, K * gap.high), case.c * A * case.j


def _secretly_explain(case: TeamArmsConstant) -> tuple[str, ...]:
    gap, wanted = _secretly_sides(case)
    A = case.M**case.N
    return (
        f"M = {case.M} actions, N = {case.N} agents, A = {A}, K = A j^2 = {A * case.j**2}, c = {case.c}",
        "learner: always plays theta, the secret of the one game whose existence is claimed",
        f"its NASH regret over K episodes, from the game's own recursion: {interval(gap)}",
        f"the theorem wants at least c sqrt(A K) = {wanted}",
        f"slack {interval(_secretly_slack(case))}",
    )


def _one_game(budget: Budget) -> Iterator[TeamArmsConstant]:
    c = Fraction(1, 10 ** (2 + budget.size))
    return (TeamArmsConstant(2, N, 1, Fraction(1, 10), c) for N in (1, 2))


def deviators_by_formula(M: int, N: int) -> int:
    """Return ``N (M - 1)``: the profiles that differ from the secret in one agent's action."""
    return N * (M - 1)


def pure_gaps(case: TeamArms) -> tuple[Slack, ...]:
    """Return the NASH gap of each pure profile, from the exact recursion of the two-step game."""
    game = corrupted_bandit(agents=case.N, actions=case.M, epsilon=case.arms.eps, radius=case.arms.radius)
    gaps, s = [], game.initial_state
    for a in range(game.n_joint_actions):
        found = gap_exactly(game, _always(game, a))
        gaps.append(Slack(max(found.lo[:, s].tolist()), max(found.hi[:, s].tolist())))
    return tuple(gaps)


def _always(game: RobustMarkovGame, a: int) -> JointPolicy:
    return deterministic_policy(game, lambda h, s: a)


def _pure_counts(case: TeamArms) -> tuple[int, int]:
    """Return how many pure profiles have a gap of at most 2^-60, and how many a gap within 2^-60 of D."""
    gaps, D = pure_gaps(case), robust_gap(case.arms)
    none = sum(gap.high <= TOLERANCE for gap in gaps)
    full = sum(D.low - TOLERANCE <= gap.low and gap.high <= D.high + TOLERANCE for gap in gaps)
    return none, full


def _pure_slack(case: TeamArms) -> Slack:
    none, full = _pure_counts(case)
    few = deviators_by_formula(case.M, case.N)
    return Slack.of(-abs(none - (case.M**case.N - few)) - abs(full - few))


def _pure_explain(case: TeamArms) -> tuple[str, ...]:
    none, full = _pure_counts(case)
    few = deviators_by_formula(case.M, case.N)
    return (
        f"M = {case.M} actions, N = {case.N} agents: {case.M**case.N} pure profiles",
        *gap_lines(case.arms),
        f"NASH gap at most 2^-60, by the game's own recursion: {none}; formula {case.M**case.N - few}",
        f"NASH gap D: {full}; formula N (M - 1) = {few}",
        f"slack = {_pure_slack(case).low}",
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
    return minus(regret, wanted)


def _e5_explain(case: TeamArmsConstant) -> tuple[str, ...]:
    regret, wanted = _e5_sides(case)
    A = case.M**case.N
    return (
        f"M = {case.M} actions, N = {case.N} agents, A = {A}, K = A j^2 = {A * case.j**2}, c = {case.c}",
        *gap_lines(Arms(Fraction(1, 4 * case.j), case.radius)),
        "learner: uniform play for ever. Agent i alone can only gain when the others happen to play theta:",
        "so the gap is (M - 1) / M^N D in each episode, for every theta;",
        f"regret K (M - 1) / M^N D = {interval(regret)}",
        f"Theorem 4 wants at least c sqrt(A K) = {wanted}",
        f"slack = {interval(_e5_slack(case))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="D2.bandit",
        place="Theorem 2 of the main text (lower bound)",
        title="One bandit that is hard for every algorithm",
        statement="There is a DRMG in which any algorithm has regret at least Omega(sqrt(K A)).",
        latex=(
            r"\exists \mathcal{M} \; \forall ALG: \; E[Regret_{NASH}(K)] \ge "
            r"\Omega\left(\sqrt{K \prod_i A_i}\right)"
        ),
        formalisation=(
            "The order of the quantifiers. The algorithm that always plays the secret of that game, with eps "
            "= 1 / (4 j) and K = A j^2; slack = its NASH regret - c sqrt(A K), enclosed, for a constant c "
            "that is part of the instance."
        ),
        assumptions=("benchmark = nash", "Example 2"),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="E5.team",
        instance_type=TeamArmsConstant,
        search=Exhaustive(_one_game),
        derive=twins(_secretly_slack, _secretly_explain),
    ),
    Claim(
        id="E5",
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
        assumptions=("benchmark = nash", "Example 2 with N = 2"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="E5.uniform",
        instance_type=TeamArmsConstant,
        search=Exhaustive(_e5_cases),
        derive=twins(_e5_slack, _e5_explain),
    ),
    Claim(
        id="E5.uniform",
        place="Theorem 4 (Theorem 2 of the main text), NASH",
        title="Gap of uniform play in the corrupted bandit",
        statement="Uniform play has NASH gap (M - 1) / M^N D, whatever theta.",
        latex=r"gap_i(\mathrm{uniform}) = \frac{M - 1}{M^N} D",
        formalisation=(
            "Best response and value from the certified recursion of the two-step game against the formula; "
            "slack = 2^-60 - |difference|."
        ),
        assumptions=("benchmark = nash", "Example 2", "equal numbers of actions"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=TeamArms,
        search=Exhaustive(_teams),
        derive=twins(_uniform_slack, _uniform_explain),
    ),
    Claim(
        id="E5.equilibria",
        place="Theorem 4 (Theorem 2 of the main text), NASH",
        title="Nearly every profile of the corrupted bandit is an equilibrium",
        statement=(
            "Of the M^N pure profiles the N (M - 1) that differ from theta in one agent have NASH gap D, all "
            "others are robust NE."
        ),
        latex=r"\#\{ a : gap(a) = 0 \} = M^N - N (M - 1)",
        formalisation=(
            "The gap of each pure profile by the certified recursion of the two-step game, counted as 0 or D "
            "if it is so up to 2^-60; slack = -(the sum of the differences of both counts)."
        ),
        assumptions=("benchmark = nash", "Example 2", "equal numbers of actions"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=TeamArms,
        search=Exhaustive(_teams),
        derive=twins(_pure_slack, _pure_explain),
    ),
)
