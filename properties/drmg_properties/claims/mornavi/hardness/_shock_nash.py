"""Theorem 3 and Theorem 1 of the main text with the NASH gap: what the shock game costs at most (D9)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.models import uniform_policy
from drmg_check.vocabulary import Slack, Verdict
from drmg_check.zoo import initial_shock
from drmg_oracles import gap_exactly
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.hardness._shock_game import (
    MAX_GAME_PLANS,
    Plan,
    Shock,
    ShockConstant,
    average,
    constant,
    describe_shock,
    exhaust,
    joint_actions,
    least_by_enumeration,
    least_by_formula,
    least_in_the_game,
    nash_lower_bound,
    plans,
    scale,
    shocks_by_plans,
    uniform_nash_regret,
)
from drmg_properties.formulas import interval

LISTED = 300
"""Games with at most so many plans are tried plan by plan."""


def _constants(budget: Budget) -> Iterator[ShockConstant]:
    c = Fraction(1, 10 if budget.size == 1 else 100)
    return (ShockConstant(c, Shock(M, 2, 2)) for M in range(2, 101))


def _d9_sides(case: ShockConstant) -> tuple[Fraction, Fraction]:
    return average(case.shock, constant(case.shock), "nash"), case.c * scale(case.shock)


def _d9_slack(case: ShockConstant) -> Slack:
    found, wanted = _d9_sides(case)
    return Slack.of(found - wanted)


def _d9_explain(case: ShockConstant) -> tuple[str, ...]:
    M, N, H = case.shock.M, case.shock.N, case.shock.H
    found, wanted = _d9_sides(case)
    return (
        f"{describe_shock(case.shock)}; c = {case.c}",
        "learner: draw a joint action b uniformly, play b whenever in the trap",
        "b = a*: nobody wastes a step. b and a* differ in two agents or more: no agent alone can escape.",
        f"b and a* differ in one agent, {N} (M - 1) = {N * (M - 1)} of the M^N = {M**N} actions: that agent",
        f"would escape at once, and all H - 1 = {H - 1} steps are wasted",
        f"NASH regret for every a* = {H - 1} * {N} * {M - 1} / {M**N} = {found}",
        f"the theorem wants at least c min(H, M^N) = {case.c} * {scale(case.shock)} = {wanted}",
        f"slack = {found} - {wanted} = {found - wanted}",
    )


def _grid(budget: Budget) -> Iterator[Shock]:
    return shocks_by_plans(100 if budget.size == 1 else LISTED)


def constant_gap(shock: Shock) -> Fraction:
    """Return ``(H - 1) N (M - 1) / M^N``."""
    return Fraction((shock.H - 1) * shock.N * (shock.M - 1), shock.M**shock.N)


def _average_parts(shock: Shock) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """Return label, closed form and count: for the constant plan, and for the best of all plans."""
    best = min(least_by_formula(shock, "nash"), average(shock, exhaust(shock), "nash"))
    listed = least_by_enumeration(shock, "nash")
    parts = [
        ("never changing, over all secrets", constant_gap(shock), average(shock, constant(shock), "nash")),
        ("the least over all plans, never changing or trying all in turn", best, listed),
    ]
    in_the_game = least_in_the_game(shock, "nash")
    if in_the_game is not None:
        parts.append(("the least over all plans, from the game's Bellman recursion", best, in_the_game))
    return tuple(parts)


def _average_slack(shock: Shock) -> Slack:
    return Slack.of(-max(abs(formula - found) for _, formula, found in _average_parts(shock)))


def _average_explain(shock: Shock) -> tuple[str, ...]:
    return (
        describe_shock(shock),
        *(f"{label}: formula {formula}, counted {found}" for label, formula, found in _average_parts(shock)),
        f"slack = {_average_slack(shock).low}",
    )


def upper(shock: Shock) -> tuple[Fraction, str]:
    """Return the least NASH regret of three learners, and which."""
    return min(
        (constant_gap(shock), "never changing"),
        (average(shock, exhaust(shock), "nash"), "trying the joint actions in turn"),
        (uniform_nash_regret(shock), "uniform play"),
    )


def _brackets(budget: Budget) -> Iterator[Shock]:
    yield from _grid(budget)
    sizes = ((2, 2), (3, 2), (10, 2), (2, 3), (4, 3), (2, 5), (30, 2), (2, 10), (100, 2), (20, 3))
    horizons = (10, 100, 1000)
    for (M, N), H in product(sizes[: 3 + 3 * budget.size], horizons):
        yield Shock(M, N, H)


def _mean_regret(shock: Shock, plan: Plan) -> Fraction:
    """Return the regret of a plan averaged over the secrets and the agents."""
    turned = (tuple((*a[i:], *a[:i]) for a in plan) for i in range(shock.N))
    return sum((average(shock, each, "single-agent") for each in turned), Fraction(0)) / shock.N


def _uniform_in_the_game(shock: Shock) -> Fraction:
    game = initial_shock(agents=shock.N, actions=shock.M, horizon=shock.H, radius=1)
    gaps: list[Fraction] = gap_exactly(game, uniform_policy(game)).lo[:, game.initial_state].tolist()
    return max(gaps)


def _listed(shock: Shock) -> bool:
    n_plans: int = len(joint_actions(shock)) ** (shock.H - 2)
    return n_plans <= LISTED


def _bracket_parts(shock: Shock) -> tuple[tuple[str, Slack], ...]:
    """Return the inequalities that make the bracket, each as a slack."""
    low, high = nash_lower_bound(shock), upper(shock)[0]
    factor = 2 * shock.N - 1
    parts = [
        ("upper - lower", Slack(high - low.high, high - low.low)),
        (f"{factor} lower - upper", Slack(factor * low.low - high, factor * low.high - high)),
    ]
    if _listed(shock):
        least = min(_mean_regret(shock, plan) for plan in plans(shock))
        parts.append(
            ("least mean over agents, of all plans, - lower", Slack(least - low.high, least - low.low))
        )
    if _listed(shock) and len(joint_actions(shock)) <= MAX_GAME_PLANS:
        error = abs(_uniform_in_the_game(shock) - uniform_nash_regret(shock))
        parts.append(("-|uniform play in the game - its formula|", Slack.of(-error)))
    return tuple(parts)


def _bracket_slack(shock: Shock) -> Slack:
    parts = [slack for _, slack in _bracket_parts(shock)]
    return Slack(min(slack.low for slack in parts), min(slack.high for slack in parts))


def _bracket_explain(shock: Shock) -> tuple[str, ...]:
    high, learner = upper(shock)
    return (
        describe_shock(shock),
        f"lower bound, by Loomis and Whitney: {interval(nash_lower_bound(shock))}",
        f"upper bound, by {learner}: {high}",
        *(f"{label}: {interval(slack)}" for label, slack in _bracket_parts(shock)),
        f"slack {interval(_bracket_slack(shock))}",
    )


_PLACE = "Theorem 1 of the main text, Theorem 3"

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="D9",
        place=_PLACE,
        title="NASH regret in the Initial Shock game",
        statement=(
            "Every learner has, for some secret, a NASH regret E[Regret(K)] of at least "
            "Omega(rho K min{H, A_1 ... A_N})."
        ),
        latex=(
            r"\inf_{ALG} \sup_{a^*} E[Regret_{NASH}(K)] \ge "
            r"\Omega\left(\rho K \min\left\{H, \prod_i A_i\right\}\right)"
        ),
        formalisation=(
            "Two agents, so that Omega may hide a constant that depends on N. An instance is a constant c "
            "and a game; slack = (NASH regret of the learner that never changes its random joint action, "
            "counted over the secrets, the same for each) - c min{H, M^N}, in units of rho K. Refuting c "
            "refutes every larger constant, and every c falls: at H = 2 once M reaches 1 / c."
        ),
        assumptions=("benchmark = nash", "Example 1 with N = 2", "interaction under the nominal kernel"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="D9.corrected",
        instance_type=ShockConstant,
        search=Exhaustive(_constants),
        derive=twins(_d9_slack, _d9_explain),
    ),
    Claim(
        id="D9.plans",
        place=_PLACE,
        title="NASH regret of plans, exactly",
        statement=(
            "Never changing a random joint action has NASH regret (H - 1) N (M - 1) / M^N; no plan does "
            "better than the better of that and trying the joint actions in turn."
        ),
        latex=(
            r"\frac{1}{M^N} \sum_{a^*} \max_i \left(V^{\dagger,\pi_{-i}}_i - V^\pi_i\right) = "
            r"\rho (H - 1) N \frac{M - 1}{M^N}"
        ),
        formalisation=(
            "Every open-loop plan is tried and its NASH regret averaged over the secrets, where there are "
            "few plans also by the Bellman recursion of the game; slack = -max |difference from the closed "
            "forms|. Proved means: for each game listed, not for all M, N, H. Policies that randomise inside "
            "an episode may lose less: see D9.corrected."
        ),
        assumptions=("benchmark = nash", "Example 1", "equal numbers of actions", "deterministic plans"),
        reading="corrected",
        severity="none",
        expected=Verdict.PROVED,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_grid, proves=True),
        derive=twins(_average_slack, _average_explain),
    ),
    Claim(
        id="D9.corrected",
        place=_PLACE,
        title="NASH regret in the Initial Shock game, bracketed",
        statement=(
            "The minimax NASH regret per episode, in units of rho, is at least M^-N min{(H-1)(M-1), "
            "sum_{d <= min(H-1, M^N)} (M d^{1-1/N} - d)}, and at most 2 N - 1 times that."
        ),
        latex=(
            r"L \le \inf_{ALG} \sup_{a^*} \frac{E[Regret_{NASH}(K)]}{\rho K} \le (2N - 1) L, \quad "
            r"L = M^{-N} \min\left\{(H-1)(M-1), "
            r"\sum_{d=1}^{\min\{H-1, M^N\}} \left(M d^{1 - 1/N} - d\right)\right\}"
        ),
        formalisation=(
            "Upper bound: the best of three learners (never changing, trying all in turn, uniform play). "
            "slack = the least of upper - lower, (2 N - 1) lower - upper and, where plans can be listed, "
            "(mean over agents of any plan's regret, averaged over secrets) - lower and the error of the "
            "uniform learner's formula against the game's Bellman recursion. The lower bound rests on "
            "Loomis and Whitney's inequality between the joint actions tried and those of N - 1 agents."
        ),
        assumptions=(
            "benchmark = nash",
            "Example 1",
            "equal numbers of actions",
            "interaction under the nominal kernel",
        ),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_brackets),
        derive=twins(_bracket_slack, _bracket_explain),
    ),
)
