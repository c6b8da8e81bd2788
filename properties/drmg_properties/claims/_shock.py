"""Theorem 3 and Example 1, the "Initial Shock" game: what a learner must lose (D3, D8, D10).

Interaction under the nominal kernel never visits the trap, so what is played there does not depend on
the secret a*. Values in the trap are linear in the mixture of open-loop plans (a_2, ..., a_H), and so is
the value of agent 1's best response, which always plays a*_1. Hence the minimax regret is a matrix game
between plans and secrets. Translating all actions is a symmetry that is transitive on secrets, so the
best mixture is a plan translated uniformly at random, and the value is the least, over plans, of the
regret averaged over secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import InputError, Slack, UnsupportedError, Verdict, deterministic_policy
from drmg_check.zoo import initial_shock
from drmg_oracles import best_response_exactly, evaluate_exactly
from drmg_properties._claim import Budget, Claim, Exhaustive, Generated
from drmg_properties.claims._trap import escape_step
from drmg_properties.strategies import fractions

MAX_PLANS = 5000
MAX_GAME_PLANS = 32
Action: TypeAlias = tuple[int, ...]
Plan: TypeAlias = tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Shock:
    """N agents with M actions each, horizon H; the radius is 1 and K is 1, both being mere factors."""

    M: int
    N: int
    H: int

    def __post_init__(self) -> None:
        if self.M < 2 or self.N < 1 or self.H < 2 or self.M**self.N > 10**4 or self.H > 10**4:
            raise InputError(
                f"M={self.M}, N={self.N}, H={self.H}; expected M >= 2, N >= 1, H >= 2, M^N and H at most 10^4"
            )


@dataclass(frozen=True, slots=True)
class ShockConstant:
    """A constant that the Omega of Theorem 3 may hide, and a game on which to try it."""

    c: Fraction
    shock: Shock


@dataclass(frozen=True, slots=True)
class ShockPlay:
    """The game with a radius, and a plan for the trap: one joint action for each step from the second."""

    shock: Shock
    radius: Fraction
    secret: Action
    plan: Plan

    def __post_init__(self) -> None:
        joint = [*self.plan, self.secret]
        if len(self.plan) != self.shock.H - 1 or not 0 <= self.radius <= 1:
            raise InputError(
                f"plan={self.plan}, radius={self.radius}; expected H - 1 joint actions, 0 <= rho <= 1"
            )
        if any(len(a) != self.shock.N or not all(0 <= b < self.shock.M for b in a) for a in joint):
            raise InputError(
                f"plan={self.plan}, secret={self.secret}; expected joint actions, the plan H - 1 of them"
            )


def joint_actions(shock: Shock) -> tuple[Action, ...]:
    """Return the M^N joint actions."""
    return tuple(product(range(shock.M), repeat=shock.N))


def own_regret(plan: Plan, secret: Action) -> int:
    """Return agent 1's regret (rho = 1): its wasted steps less those of always playing its secret action."""
    mine = escape_step(plan, secret) - 1
    others = escape_step(tuple(a[1:] for a in plan), secret[1:]) - 1
    return mine - others


def team_regret(plan: Plan, secret: Action) -> int:
    """Return the regret against the best joint policy, which plays the secret at once."""
    return escape_step(plan, secret) - 1


def regret_in_the_game(plan: Plan, secret: Action, shock: Shock, radius: Fraction) -> Fraction:
    """Return agent 1's best-response regret, from the exact Bellman recursion of the game itself."""
    game = initial_shock(agents=shock.N, actions=shock.M, horizon=shock.H, radius=radius, secret=secret)
    policy = deterministic_policy(game, lambda h, s: plan[max(h - 1, 0)])
    best = best_response_exactly(game, policy, 0).lo[0, game.initial_state]
    value = evaluate_exactly(game, policy).lo[0, 0, game.initial_state]
    return Fraction(best - value)


def average(shock: Shock, plan: Plan, regret: Callable[[Plan, Action], int]) -> Fraction:
    """Return the regret of a plan averaged over the secrets."""
    secrets = joint_actions(shock)
    return Fraction(sum(regret(plan, secret) for secret in secrets), len(secrets))


def sweep(shock: Shock) -> Plan:
    """Return the plan in which agent 1 tries its actions in turn and the others repeat theirs."""
    return tuple(((j % shock.M), *(0,) * (shock.N - 1)) for j in range(shock.H - 1))


def exhaust(shock: Shock) -> Plan:
    """Return the plan that tries the joint actions in turn."""
    actions = joint_actions(shock)
    return tuple(actions[j % len(actions)] for j in range(shock.H - 1))


def minimax_formula(shock: Shock) -> Fraction:
    """Return ``M^-N sum over j = 1 .. min(H - 1, M - 1) of (M - j)``."""
    M = shock.M
    return Fraction(sum(M - j for j in range(1, min(shock.H - 1, M - 1) + 1)), M**shock.N)


def minimax_by_enumeration(shock: Shock, regret: Callable[[Plan, Action], int]) -> Fraction:
    """Return the least average regret over all open-loop plans.

    The first action may be fixed, translation being a symmetry.
    """
    actions, C = joint_actions(shock), shock.H - 1
    if len(actions) ** (C - 1) > MAX_PLANS:
        raise UnsupportedError(f"{len(actions)}^{C - 1} plans; expected at most {MAX_PLANS}")
    first = actions[0]
    return min(average(shock, (first, *rest), regret) for rest in product(actions, repeat=C - 1))


def _translated(a: Action, by: Action, M: int) -> Action:
    return tuple((x + y) % M for x, y in zip(a, by, strict=True))


def minimax_in_the_game(shock: Shock) -> Fraction | None:
    """Return the least average regret from the game's own Bellman recursion; None for too many plans.

    One game suffices: averaging over secrets is averaging over the translations of the plan.
    """
    actions, C = joint_actions(shock), shock.H - 1
    if len(actions) ** C > MAX_GAME_PLANS:
        return None
    secret = actions[0]
    regret = {
        plan: regret_in_the_game(plan, secret, shock, Fraction(1)) for plan in product(actions, repeat=C)
    }
    orbits = ([regret[tuple(_translated(a, by, shock.M) for a in plan)] for by in actions] for plan in regret)
    return min(sum(orbit, Fraction(0)) / len(actions) for orbit in orbits)


def _scale(shock: Shock) -> int:
    return min(shock.H, len(joint_actions(shock)))


def _constants(budget: Budget) -> Iterator[ShockConstant]:
    """Yield games of two agents, M growing, H just long enough to ask for more than the learner loses."""
    c = Fraction(1, 100 if budget.size == 1 else 1000)
    for M in range(2, 41):
        enough = floor(minimax_formula(Shock(M, 2, M)) / c) + 1
        yield ShockConstant(c, Shock(M, 2, max(2, min(M * M, enough))))


def _d8_slack(case: ShockConstant) -> Slack:
    return Slack.of(average(case.shock, sweep(case.shock), own_regret) - case.c * _scale(case.shock))


def _d8_explain(case: ShockConstant) -> tuple[str, ...]:
    M, N, H = case.shock.M, case.shock.N, case.shock.H
    found, wanted = average(case.shock, sweep(case.shock), own_regret), case.c * _scale(case.shock)
    return (
        f"M = {M} actions, N = {N} agents, H = {H}, c = {case.c}; regret of one episode in units of rho",
        "learner: draw a joint action b uniformly; in the trap agents 2..N repeat theirs, agent 1 plays",
        "b_1, b_1 + 1, ... (mod M). The trap is never visited, so nothing about a* can be learned.",
        f"with probability 1 - M^-{N - 1} the others never play a*: nobody escapes, no regret",
        f"else the best response escapes at once, agent 1 after j wasted steps, j uniform on 0..{M - 1}",
        f"regret for every a* = M^-N sum_(j<M) min(j, {H - 1}) = {found}",
        f"Theorem 3 wants at least c min(H, M^N) = {case.c} * {_scale(case.shock)} = {wanted}",
        f"slack = {found} - {wanted} = {found - wanted}",
    )


def _grid(budget: Budget) -> Iterator[Shock]:
    """Yield the games whose plans can be listed, by the number of plans."""
    most = 100 if budget.size == 1 else MAX_PLANS
    shocks = [Shock(M, N, H) for M, N, H in product(range(2, 5), range(1, 4), range(2, 6))]
    listed = [shock for shock in shocks if len(joint_actions(shock)) ** (shock.H - 2) <= most]
    return iter(sorted(listed, key=lambda x: (len(joint_actions(x)) ** (x.H - 1), x.M, x.N, x.H)))


def _exact_slack(shock: Shock) -> Slack:
    formula = minimax_formula(shock)
    found = [minimax_by_enumeration(shock, own_regret), average(shock, sweep(shock), own_regret)]
    in_the_game = minimax_in_the_game(shock)
    if in_the_game is not None:
        found.append(in_the_game)
    return Slack.of(-max(abs(value - formula) for value in found))


def _exact_explain(shock: Shock) -> tuple[str, ...]:
    in_the_game = minimax_in_the_game(shock)
    return (
        f"M = {shock.M} actions, N = {shock.N} agents, H = {shock.H}; one episode, in units of rho",
        f"formula: {minimax_formula(shock)}",
        f"least average regret over all open-loop plans: {minimax_by_enumeration(shock, own_regret)}",
        f"attained by sweeping: {average(shock, sweep(shock), own_regret)}",
        f"from the game's own Bellman recursion: {in_the_game or 'too many plans'}",
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
        case.radius * own_regret(case.plan, case.secret),
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
    value = minimax_by_enumeration(shock, team_regret)
    sweeping = average(shock, exhaust(shock), team_regret)
    half = Fraction(min(shock.H - 1, shock.M**shock.N - 1), 2)
    return Slack.of(min(value - half, -abs(value - sweeping)))


def _team_explain(shock: Shock) -> tuple[str, ...]:
    value = minimax_by_enumeration(shock, team_regret)
    half = Fraction(min(shock.H - 1, shock.M**shock.N - 1), 2)
    return (
        f"M = {shock.M} actions, N = {shock.N} agents, H = {shock.H}; one episode, in units of rho",
        f"least average of the wasted steps over all open-loop plans: {value}",
        f"attained by trying the joint actions in turn: {average(shock, exhaust(shock), team_regret)}",
        f"min(H - 1, M^N - 1) / 2 = {half}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="D3",
        ledger="mornavi",
        place="Eq. (14)",
        title="Regret is the value gap of the trap",
        statement="The best-response regret of an episode is rho (V_2^dagger(bad) - V_2^pi(bad)).",
        latex=r"Regret^k_1 = \rho \left( V^{\dagger,\pi_{-1}}_2(s_{bad}) - V^{\pi}_2(s_{bad}) \right)",
        formalisation=(
            "Exact Bellman recursion and best response of the game against rho times the wasted steps of the "
            "plan less those of the best response; slack = -|difference|."
        ),
        assumptions=("Example 1", "total variation with coefficient rho", "deterministic plans"),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=ShockPlay,
        search=Generated(_shock_plays),
        slack=_d3_slack,
        explain=_d3_explain,
    ),
    Claim(
        id="D8",
        ledger="mornavi",
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
        assumptions=("Example 1 with N = 2", "i = 1", "interaction under the nominal kernel"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="D8.corrected",
        instance_type=ShockConstant,
        search=Exhaustive(_constants),
        slack=_d8_slack,
        explain=_d8_explain,
    ),
    Claim(
        id="D8.corrected",
        ledger="mornavi",
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
        assumptions=("Example 1", "equal numbers of actions", "interaction under the nominal kernel"),
        reading="corrected",
        severity="none",
        expected=Verdict.PROVED,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_grid, proves=True),
        slack=_exact_slack,
        explain=_exact_explain,
    ),
    Claim(
        id="D10",
        ledger="mornavi",
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
            "Every open-loop plan is tried, wasted steps averaged over the secrets; slack = the smaller of "
            "(value - bound) and -|value - regret of trying the joint actions in turn|."
        ),
        assumptions=("Example 1", "equal numbers of actions", "interaction under the nominal kernel"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Shock,
        search=Exhaustive(_grid),
        slack=_team_slack,
        explain=_team_explain,
    ),
)
