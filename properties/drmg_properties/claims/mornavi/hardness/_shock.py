"""Theorem 3 and Example 1, the "Initial Shock" game: what a learner must lose (D3, D8, D10)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import Slack, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.hardness._shock_game import (
    MAX_PLANS,
    Shock,
    ShockConstant,
    ShockPlay,
    average,
    describe_shock,
    exhaust,
    least_by_enumeration,
    least_by_formula,
    least_in_the_game,
    regret,
    regret_in_the_game,
    scale,
    shocks_by_plans,
    sweep,
)
from drmg_properties.strategies import fractions


def _constants(budget: Budget) -> Iterator[ShockConstant]:
    """Yield games of two agents, M growing, H just long enough to ask for more than the learner loses."""
    c = Fraction(1, 100 if budget.size == 1 else 1000)
    for M in range(2, 41):
        enough = floor(least_by_formula(Shock(M, 2, M), "single-agent") / c) + 1
        yield ShockConstant(c, Shock(M, 2, max(2, min(M * M, enough))))


def _d8_sides(case: ShockConstant) -> tuple[Fraction, Fraction]:
    return average(case.shock, sweep(case.shock), "single-agent"), case.c * scale(case.shock)


def _d8_slack(case: ShockConstant) -> Slack:
    found, wanted = _d8_sides(case)
    return Slack.of(found - wanted)


def _d8_explain(case: ShockConstant) -> tuple[str, ...]:
    M, N, H = case.shock.M, case.shock.N, case.shock.H
    found, wanted = _d8_sides(case)
    return (
        f"M = {M} actions, N = {N} agents, H = {H}, c = {case.c}; regret of one episode in units of rho",
        "learner: draw a joint action b uniformly; in the trap agents 2..N repeat theirs, agent 1 plays",
        "b_1, b_1 + 1, ... (mod M). The trap is never visited, so nothing about a* can be learned.",
        f"with probability 1 - M^-{N - 1} the others never play a*: nobody escapes, no regret",
        f"else the best response escapes at once, agent 1 after j wasted steps, j uniform on 0..{M - 1}",
        f"regret for every a* = M^-N sum_(j<M) min(j, {H - 1}) = {found}",
        f"Theorem 3 wants at least c min(H, M^N) = {case.c} * {scale(case.shock)} = {wanted}",
        f"slack = {found} - {wanted} = {found - wanted}",
    )


def _grid(budget: Budget) -> Iterator[Shock]:
    return shocks_by_plans(100 if budget.size == 1 else MAX_PLANS)


def _exact_slack(shock: Shock) -> Slack:
    formula = least_by_formula(shock, "single-agent")
    found = [least_by_enumeration(shock, "single-agent"), average(shock, sweep(shock), "single-agent")]
    in_the_game = least_in_the_game(shock, "single-agent")
    if in_the_game is not None:
        found.append(in_the_game)
    return Slack.of(-max(abs(value - formula) for value in found))


def _exact_explain(shock: Shock) -> tuple[str, ...]:
    in_the_game = least_in_the_game(shock, "single-agent")
    return (
        describe_shock(shock),
        f"formula: {least_by_formula(shock, 'single-agent')}",
        f"least average regret over all open-loop plans: {least_by_enumeration(shock, 'single-agent')}",
        f"attained by sweeping: {average(shock, sweep(shock), 'single-agent')}",
        f"from the game's own Bellman recursion: {'too many plans' if in_the_game is None else in_the_game}",
    )


@st.composite
def _shock_plays(draw: DrawFn, budget: Budget) -> ShockPlay:
    M, N, H = draw(st.integers(2, 3)), draw(st.integers(1, 2)), draw(st.integers(2, 2 + budget.size))
    joint = st.tuples(*(st.integers(0, M - 1) for _ in range(N)))
    plan = tuple(draw(joint) for _ in range(H - 1))
    return ShockPlay(Shock(M, N, H), draw(fractions(0, 1, 4)), draw(joint), plan)


def _d3_sides(case: ShockPlay) -> tuple[Fraction, Fraction]:
    return (
        regret_in_the_game(case.plan, case.secret, case.shock, case.radius),
        case.radius * regret(case.plan, case.secret, "single-agent"),
    )


def _d3_slack(case: ShockPlay) -> Slack:
    game, trap = _d3_sides(case)
    return Slack.of(-abs(game - trap))


def _d3_explain(case: ShockPlay) -> tuple[str, ...]:
    game, trap = _d3_sides(case)
    return (
        f"M = {case.shock.M}, N = {case.shock.N}, H = {case.shock.H}, rho = {case.radius}",
        f"secret {case.secret}, plan in the trap {case.plan}",
        f"regret from the exact recursion of the game: {game}",
        f"rho (V_2^dagger(bad) - V_2^pi(bad)) = {trap}",
        f"slack = -|{game} - {trap}| = {-abs(game - trap)}",
    )


def _team_slack(shock: Shock) -> Slack:
    value = least_by_enumeration(shock, "team")
    found = [average(shock, exhaust(shock), "team"), least_by_formula(shock, "team")]
    half = Fraction(min(shock.H - 1, shock.M**shock.N - 1), 2)
    return Slack.of(min(value - half, *(-abs(value - other) for other in found)))


def _team_explain(shock: Shock) -> tuple[str, ...]:
    half = Fraction(min(shock.H - 1, shock.M**shock.N - 1), 2)
    return (
        describe_shock(shock),
        f"least average of the wasted steps over all open-loop plans: {least_by_enumeration(shock, 'team')}",
        f"attained by trying the joint actions in turn: {average(shock, exhaust(shock), 'team')}",
        f"sum over j <= min(H - 1, M^N - 1) of (1 - j M^-N): {least_by_formula(shock, 'team')}",
        f"min(H - 1, M^N - 1) / 2 = {half}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="D3",
        place="Eq. (14)",
        title="Regret is the value gap of the trap",
        statement="The best-response regret of an episode is rho (V_2^dagger(bad) - V_2^pi(bad)).",
        latex=r"Regret^k_1 = \rho \left( V^{\dagger,\pi_{-1}}_2(s_{bad}) - V^{\pi}_2(s_{bad}) \right)",
        formalisation=(
            "Exact Bellman recursion and best response of the game against rho times the wasted steps of the "
            "plan less those of the best response; slack = -|difference|."
        ),
        assumptions=(
            "benchmark = single-agent",
            "Example 1",
            "total variation with coefficient rho",
            "deterministic plans",
        ),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=ShockPlay,
        search=Generated(_shock_plays),
        derive=twins(_d3_slack, _d3_explain),
    ),
    Claim(
        id="D8",
        place="Theorem 3 (Theorem 1 of the main text)",
        title="Regret of a fixed agent in the Initial Shock game",
        statement=(
            "For each fixed agent i every learner has, for some secret, a regret E[Regret_i(K)] of at least "
            "Omega(rho K min{H, A_1 ... A_N})."
        ),
        latex=(
            r"\inf_{ALG} \sup_{a^*} E[Regret_i(K)] \ge "
            r"\Omega\left(\rho K \min\left\{H, \prod_i A_i\right\}\right)"
        ),
        formalisation=(
            "Two agents, so that Omega may hide a constant that depends on N. An instance is a constant c "
            "and a game; slack = (regret of the sweeping learner, equal for all secrets) - c min{H, M^N}, in "
            "units of rho K. Refuting c refutes every larger constant; c is as small as the budget asks, and "
            "by D8.corrected every c > 0 fails once H and M^2 reach 1 / (2 c)."
        ),
        assumptions=(
            "benchmark = single-agent",
            "Example 1 with N = 2",
            "i = 1",
            "interaction under the nominal kernel",
        ),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="D8.corrected",
        instance_type=ShockConstant,
        search=Exhaustive(_constants),
        derive=twins(_d8_slack, _d8_explain),
    ),
    Claim(
        id="D8.corrected",
        place="Theorem 3 (Theorem 1 of the main text)",
        title="Regret of a fixed agent, exactly",
        statement="The minimax regret of a fixed agent is rho K M^-N sum_{j <= min(H-1, M-1)} (M - j).",
        latex=(r"\inf_{ALG} \sup_{a^*} E[Regret_i(K)] = \rho K M^{-N} \sum_{j=1}^{\min\{H-1, M-1\}} (M - j)"),
        formalisation=(
            "Every open-loop plan is tried and its regret averaged over the secrets, which is the minimax "
            "value by symmetry; where there are few plans the regrets come from the Bellman recursion of "
            "the game itself. slack = -max |difference from the formula|. Proved means: for each game listed "
            "(M <= 4, N <= 3, H <= 5, as far as plans can be listed), not for all M, N, H."
        ),
        assumptions=(
            "benchmark = single-agent",
            "Example 1",
            "equal numbers of actions",
            "interaction under the nominal kernel",
        ),
        reading="corrected",
        severity="none",
        expected=Verdict.PROVED,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_grid, proves=True),
        derive=twins(_exact_slack, _exact_explain),
    ),
    Claim(
        id="D10",
        place="Theorem 3, team benchmark",
        title="Regret against the best joint policy",
        statement=(
            "Against max_pi V - V^pi (or with one agent) the minimax regret is at least "
            "rho K min(H - 1, A - 1) / 2."
        ),
        latex=(
            r"\inf_{ALG} \sup_{a^*} E[Regret_{team}(K)] \ge "
            r"\frac{\rho K}{2} \min\left\{H - 1, \prod_i A_i - 1\right\}"
        ),
        formalisation=(
            "Every open-loop plan is tried, wasted steps averaged over the secrets; slack = the least of "
            "(value - bound), -|value - regret of trying the joint actions in turn| and -|value - its "
            "closed form|."
        ),
        assumptions=(
            "benchmark = team",
            "Example 1",
            "equal numbers of actions",
            "interaction under the nominal kernel",
        ),
        reading="intended",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_grid),
        derive=twins(_team_slack, _team_explain),
    ),
)
