"""Theorem 3 and Example 1, the "Initial Shock" game: what a learner must lose (D3, D8, D10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isqrt
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Generated,
    Neighbour,
    at_least,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._shock_game import (
    MAX_PLANS,
    ShockConstant,
    ShockPlay,
    average,
    describe_shock,
    exhaust,
    least_by_enumeration,
    least_in_the_game,
    regret,
    regret_in_the_game,
    scale,
    shock_address,
    shocks_by_plans,
    sweep,
)
from drmg_properties.claims.steps import Shock, least_by_formula
from drmg_properties.strategies import fractions


def _ever_larger(c: Fraction) -> ShockConstant:
    """Return a game that asks for 200 times what the learner loses, even with the constant 1/c."""
    M = 10 * (isqrt(int(c) - 1) + 1)
    return ShockConstant(c, Shock(M, 2, M * M))


def _omega(case: ShockConstant) -> Derivation:
    """Derive that the sweeping learner loses at least ``min{H, M^N} / c``."""
    M, N, H = case.shock.M, case.shock.N, case.shock.H
    lost, wanted = least_by_formula(case.shock, "single-agent"), scale(case.shock) / case.c
    return at_least(
        lost,
        wanted,
        lambda: (
            f"M = {M} actions, N = {N} agents, H = {H}, c = {case.c}; regret of one episode in units of rho",
            "learner: draw a joint action b uniformly; in the trap agents 2..N repeat theirs, agent 1 plays",
            "b_1, b_1 + 1, ... (mod M). The trap is never visited, so nothing about a* can be learned.",
            f"with probability 1 - M^-{N - 1} the others never play a*: nobody escapes, no regret",
            f"else the best response escapes at once, agent 1 after j wasted steps, j uniform on 0..{M - 1}",
            f"regret for every a* = M^-N sum_(j<M) min(j, {H - 1}) = {lost}, by D8.corrected",
            f"Theorem 3 wants at least min(H, M^N) / c = {scale(case.shock)} / {case.c} = {wanted}",
        ),
    )


def _grid(budget: Budget) -> Iterator[Shock]:
    return shocks_by_plans(130 if budget.size == 1 else MAX_PLANS)


def _exactly(last: int | None) -> Callable[[Shock], Derivation]:
    """Derive the minimax regret of a fixed agent, its sum cut at ``j <= last``, in all the ways there are."""

    def derive(shock: Shock) -> Derivation:
        cut = shock if last is None else Shock(shock.M, shock.N, min(shock.H, last + 1))
        formula = least_by_formula(cut, "single-agent")
        counted = least_by_enumeration(shock, "single-agent")
        swept = average(shock, sweep(shock), "single-agent")
        in_the_game = least_in_the_game(shock, "single-agent")

        def lines() -> tuple[str, ...]:
            recursion = "too many plans" if in_the_game is None else in_the_game
            return (
                describe_shock(shock),
                f"formula: {formula}",
                f"least average regret over all open-loop plans: {counted}",
                f"attained by sweeping: {swept}",
                f"from the game's own Bellman recursion: {recursion}",
            )

        values = [value for value in (counted, swept, in_the_game) if value is not None]
        return both(*(equal(value, formula, lines) for value in values))

    return derive


@st.composite
def _shock_plays(draw: DrawFn, budget: Budget) -> ShockPlay:
    M, N, H = draw(st.integers(2, 3)), draw(st.integers(1, 2)), draw(st.integers(2, 2 + budget.size))
    joint = st.tuples(*(st.integers(0, M - 1) for _ in range(N)))
    plan = tuple(draw(joint) for _ in range(H - 1))
    # One agent alone loses only where the others play their part of the secret.
    secret = draw(joint | st.sampled_from(plan).flatmap(lambda step: _beside(step, M)))
    return ShockPlay(Shock(M, N, H), draw(fractions(Fraction(1, 4), 1, 4)), secret, plan)


def _beside(step: tuple[int, ...], M: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.integers(0, M - 1).map(lambda first: (first, *step[1:]))


def _trap_gap(share: Fraction) -> Callable[[ShockPlay], Derivation]:
    """Derive that the regret of an episode is ``share rho`` times the value gap of the trap."""

    def derive(case: ShockPlay) -> Derivation:
        game = regret_in_the_game(case.plan, case.secret, case.shock, case.radius)
        gap = regret(case.plan, case.secret, "single-agent")
        return equal(
            game,
            share * case.radius * gap,
            lambda: (
                f"M = {case.shock.M}, N = {case.shock.N}, H = {case.shock.H}, rho = {case.radius}",
                f"secret {case.secret}, plan in the trap {case.plan}",
                f"regret from the exact recursion of the game: {game}",
                f"{share} rho (V_2^dagger(bad) - V_2^pi(bad)) = {share} * {case.radius} * {gap}",
            ),
            silent="" if gap and case.radius else "nothing is lost",
        )

    return derive


def _team(bound: Callable[[Shock], Fraction], name: str) -> Callable[[Shock], Derivation]:
    """Derive the minimax team regret: its closed form, how it is attained, and a bound below it."""

    def derive(shock: Shock) -> Derivation:
        value, formula = least_by_enumeration(shock, "team"), least_by_formula(shock, "team")
        attained, least = average(shock, exhaust(shock), "team"), bound(shock)

        def lines() -> tuple[str, ...]:
            return (
                describe_shock(shock),
                f"least average of the wasted steps over all open-loop plans: {value}",
                f"attained by trying the joint actions in turn: {attained}",
                f"sum over j <= min(H - 1, M^N - 1) of (1 - j M^-N): {formula}",
                f"{name} = {least}",
            )

        return both(
            equal(value, formula, lines), equal(value, attained, lines), at_least(value, least, lines)
        )

    return derive


D3 = Claim(
    id="D3",
    place="Eq. (14)",
    title="Regret is the value gap of the trap",
    statement="The best-response regret of an episode is rho (V_2^dagger(bad) - V_2^pi(bad)).",
    latex=r"Regret^k_1 = \rho \left( V^{\dagger,\pi_{-1}}_2(s_{bad}) - V^{\pi}_2(s_{bad}) \right)",
    formalisation=(
        "The exact Bellman recursion and best response of the game against rho times the wasted steps of the "
        "plan less those of the best response."
    ),
    assumptions=(
        "benchmark = single-agent",
        "Example 1",
        "total variation with coefficient rho",
        "deterministic plans",
    ),
    instance_type=ShockPlay,
    search=Generated(_shock_plays),
    derive=_trap_gap(Fraction(1)),
    neighbours=(Neighbour("rho/2, as by eq. (10)", _trap_gap(Fraction(1, 2))),),
)
D8 = Claim(
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
        "Two agents, so that Omega may hide a constant that depends on N. For every constant 1 / c there is "
        "a game: the regret of the sweeping learner, equal for all secrets, is below 1/2 in units of rho K, "
        "while min{H, M^2} / c grows without end."
    ),
    assumptions=(
        "benchmark = single-agent",
        "Example 1 with N = 2",
        "i = 1",
        "interaction under the nominal kernel",
    ),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="D8.corrected",
    instance_type=ShockConstant,
    search=EveryConstant(_ever_larger),
    derive=_omega,
    address=shock_address,
)
D8_CORRECTED = Claim(
    id="D8.corrected",
    place=D8.place,
    title="Regret of a fixed agent, exactly",
    statement="The minimax regret of a fixed agent is rho K M^-N sum_{j <= min(H-1, M-1)} (M - j).",
    latex=r"\inf_{ALG} \sup_{a^*} E[Regret_i(K)] = \rho K M^{-N} \sum_{j=1}^{\min\{H-1, M-1\}} (M - j)",
    formalisation=(
        "Every open-loop plan is tried and its regret averaged over the secrets, which is the minimax value "
        "by symmetry; where there are few plans the regrets come from the Bellman recursion of the game "
        "itself. Listed are games with M <= 5, N <= 3, H <= 5, as far as plans can be listed. For all M, N, "
        "H: a plan that within t steps has tried d joint actions, and d_-1 of the others' actions, loses "
        "M^-N sum_t (M d_-1 - d) on average; d <= min(t, M d_-1) makes each term at least max(M - t, 0)."
    ),
    assumptions=(
        "benchmark = single-agent",
        "Example 1",
        "equal numbers of actions",
        "interaction under the nominal kernel",
    ),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_grid),
    derive=_exactly(None),
    neighbours=(
        Neighbour("the sum cut at j = 3", _exactly(3)),
        Neighbour("the sum cut at j = 1", _exactly(1)),
    ),
)
D10 = Claim(
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
        "Every open-loop plan is tried, wasted steps averaged over the secrets; the value is also the regret "
        "of trying the joint actions in turn, and its closed form."
    ),
    assumptions=(
        "benchmark = team",
        "Example 1",
        "equal numbers of actions",
        "interaction under the nominal kernel",
    ),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_grid),
    derive=_team(
        lambda shock: Fraction(min(shock.H - 1, shock.M**shock.N - 1), 2), "min(H - 1, M^N - 1) / 2"
    ),
    neighbours=(
        Neighbour("min{H, A} / 2", _team(lambda shock: Fraction(scale(shock), 2), "min(H, M^N) / 2")),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (D3, D8, D8_CORRECTED, D10)
