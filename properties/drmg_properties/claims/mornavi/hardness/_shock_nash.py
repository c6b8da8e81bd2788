"""Theorem 3 and Theorem 1 of the main text with the NASH gap: what the shock game costs at most (D9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.models import uniform_policy
from drmg_check.vocabulary import Bounds, Verdict
from drmg_check.zoo import initial_shock
from drmg_oracles import gap_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Existence,
    Neighbour,
    at_least,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._shock_game import (
    MAX_GAME_PLANS,
    Plan,
    ShockConstant,
    ShockPlan,
    average,
    constant,
    describe_shock,
    exhaust,
    joint_actions,
    nash_lower_bound,
    never_changing,
    plans,
    regret_in_the_game,
    scale,
    shock_address,
    shocks_by_plans,
    uniform_nash_regret,
)
from drmg_properties.claims.steps import Shock
from drmg_properties.formulas import interval

LISTED = 300
"""Games with at most so many plans are tried plan by plan."""
MAX_GAME_SECRETS = 27
"""Secrets against which the game itself is solved, each by the exact recursion."""


def _ever_larger(c: Fraction) -> ShockConstant:
    """Return a game that asks for 5 times what the learner loses, even with the constant 1/c."""
    M = 10 * int(c)
    return ShockConstant(c, Shock(M, 2, M * M + 1))


def _omega(case: ShockConstant) -> Derivation:
    """Derive that never changing a random joint action costs at least ``min{H, M^N} / c``."""
    M, N, H = case.shock.M, case.shock.N, case.shock.H
    lost, wanted = never_changing(case.shock), scale(case.shock) / case.c
    return at_least(
        lost,
        wanted,
        lambda: (
            f"{describe_shock(case.shock)}; c = {case.c}",
            "learner: draw a joint action b uniformly, play b whenever in the trap",
            "b = a*: nobody wastes a step. b and a* differ in two agents or more: no agent alone can escape.",
            f"b and a* differ in one agent, {N} (M - 1) = {N * (M - 1)} of the M^N = {M**N} actions: that "
            f"agent",
            f"would escape at once, and all H - 1 = {H - 1} steps are wasted",
            f"NASH regret for every a* = {H - 1} * {N} * {M - 1} / {M**N} = {lost}",
            f"the theorem wants at least min(H, M^N) / c = {scale(case.shock)} / {case.c} = {wanted}",
        ),
    )


def _grid(budget: Budget) -> Iterator[Shock]:
    return shocks_by_plans(130 if budget.size == 1 else LISTED)


def _never(others: Callable[[int], int]) -> Callable[[Shock], Derivation]:
    """Derive that never changing costs ``(H - 1) N others(M) / M^N``, counted and in the game."""

    def derive(shock: Shock) -> Derivation:
        formula = Fraction((shock.H - 1) * shock.N * others(shock.M), shock.M**shock.N)
        counted = average(shock, constant(shock), "nash")

        def lines() -> tuple[str, ...]:
            return (describe_shock(shock), f"formula {formula}; counted over all secrets: {counted}")

        parts = [equal(counted, formula, lines)]
        if len(joint_actions(shock)) <= MAX_GAME_SECRETS:
            by_recursion = _never_in_the_game(shock)
            shown = f"from the game's Bellman recursion, secret by secret: {by_recursion}"
            parts.append(equal(by_recursion, formula, lambda: (*lines(), shown)))
        return both(*parts)

    return derive


def _never_in_the_game(shock: Shock) -> Fraction:
    plan, secrets = constant(shock), joint_actions(shock)
    lost = (regret_in_the_game(plan, secret, shock, Fraction(1), "nash") for secret in secrets)
    return sum(lost, Fraction(0)) / len(secrets)


def _written(plan: str) -> Plan:
    return tuple(tuple(int(action) for action in joint) for joint in plan.split())


BETTER_PLANS = (
    ShockPlan(Shock(2, 3, 8), _written("000 001 010 100 011 101 110")),
    ShockPlan(Shock(3, 2, 8), _written("00 01 10 11 02 12 20")),
)
"""Plans that beat both never changing and trying the joint actions in their own order."""


def _better(share: Fraction) -> Callable[[ShockPlan], Derivation]:
    """Derive that a plan loses less than ``share`` of the better of two others."""

    def derive(case: ShockPlan) -> Derivation:
        never, in_turn = never_changing(case.shock), average(case.shock, exhaust(case.shock), "nash")
        lost = average(case.shock, case.plan, "nash")
        return at_most(
            lost,
            share * min(never, in_turn),
            lambda: (
                f"{describe_shock(case.shock)}; NASH regrets averaged over the secrets",
                f"never changing: {never}; trying the joint actions in turn: {in_turn}",
                f"the plan {' '.join(''.join(map(str, a)) for a in case.plan)}: {lost}",
            ),
            strict=True,
        )

    return derive


def upper(shock: Shock) -> tuple[Fraction, str]:
    """Return the least NASH regret of three learners, and which."""
    return min(
        (never_changing(shock), "never changing"),
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


def _bracket(
    raised: Fraction = Fraction(1), lowered: Fraction = Fraction(0)
) -> Callable[[Shock], Derivation]:
    """Derive ``raised L <= least regret <= (2 N - 1 - lowered) L`` with the bound L by Loomis and Whitney."""

    def derive(shock: Shock) -> Derivation:
        bound, (high, learner) = nash_lower_bound(shock), upper(shock)
        low = Bounds(raised * bound.low, raised * bound.high)
        factor = 2 * shock.N - 1 - lowered
        listed = _listed(shock)
        mean = min(_mean_regret(shock, plan) for plan in plans(shock)) if listed else None

        def lines() -> tuple[str, ...]:
            counted = "" if mean is None else f"; least mean over agents, of all plans: {mean}"
            return (
                describe_shock(shock),
                f"L, by Loomis and Whitney: {interval(bound)}; lower bound {raised} L",
                f"upper bound, by {learner}: {high}{counted}",
                f"(2 N - 1 - {lowered}) L = {interval(Bounds(factor * bound.low, factor * bound.high))}",
            )

        parts = [
            at_most(low, high, lines),
            at_most(high, Bounds(factor * bound.low, factor * bound.high), lines),
        ]
        if mean is not None:
            parts.append(at_most(low, mean, lines))
        if listed and len(joint_actions(shock)) <= MAX_GAME_PLANS:
            parts.append(equal(_uniform_in_the_game(shock), uniform_nash_regret(shock), lines))
        return both(*parts)

    return derive


_PLACE = "Theorem 1 of the main text, Theorem 3"

D9 = Claim(
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
        "Two agents, so that Omega may hide a constant that depends on N. For every constant 1 / c there is "
        "a game: the NASH regret of the learner that never changes its random joint action is 2 (M - 1) for "
        "H = M^2 + 1, in units of rho K, and the theorem asks for M^2 / c: 18 against 100 at M = 10, 198 "
        "against 10^4 at M = 100."
    ),
    assumptions=("benchmark = nash", "Example 1 with N = 2", "interaction under the nominal kernel"),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="D9.corrected",
    instance_type=ShockConstant,
    search=EveryConstant(_ever_larger),
    derive=_omega,
    address=shock_address,
)
D9_PLANS = Claim(
    id="D9.plans",
    place=_PLACE,
    title="NASH regret of never changing, exactly",
    statement="Never changing a random joint action has NASH regret (H - 1) N (M - 1) / M^N.",
    latex=(
        r"\frac{1}{M^N} \sum_{a^*} \max_i \left(V^{\dagger,\pi_{-i}}_i - V^\pi_i\right) = "
        r"\rho (H - 1) N \frac{M - 1}{M^N}"
    ),
    formalisation=(
        "The regret is counted over all secrets, and where there are few also found by the Bellman recursion "
        "of the game against each secret."
    ),
    assumptions=("benchmark = nash", "Example 1", "equal numbers of actions", "deterministic plans"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_grid),
    derive=_never(lambda M: M - 1),
    neighbours=(
        Neighbour("M for M - 1", _never(lambda M: M)),
        Neighbour("min(M - 1, 3) for M - 1", _never(lambda M: min(M - 1, 3))),
    ),
)
D9_BETTER = Claim(
    id="D9.better-plan",
    place=_PLACE,
    title="A plan that beats never changing and trying all in turn",
    statement=(
        "There is a game in which a plan has less NASH regret than never changing and than trying the joint "
        "actions in turn: neither is minimax among plans."
    ),
    latex=r"\exists M, N, H, \pi: \quad Regret_{NASH}(\pi) < \min\{Regret_{never}, Regret_{in\,turn}\}",
    formalisation="Two games with a plan each, the regrets counted over all secrets.",
    assumptions=("benchmark = nash", "Example 1", "equal numbers of actions", "deterministic plans"),
    reading="corrected",
    expected=Verdict.PROVED,
    instance_type=ShockPlan,
    search=Existence(lambda budget: BETTER_PLANS),
    derive=_better(Fraction(1)),
    neighbours=(Neighbour("by a tenth", _better(Fraction(9, 10))),),
)
D9_CORRECTED = Claim(
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
        "Upper bound: the best of three learners (never changing, trying all in turn, uniform play). Where "
        "plans can be listed, no plan's mean over agents of its regret, averaged over secrets, is below L; "
        "and the uniform learner's formula is met by the game's Bellman recursion. The lower bound rests on "
        "Loomis and Whitney's inequality between the joint actions tried and those of N - 1 agents."
    ),
    assumptions=(
        "benchmark = nash",
        "Example 1",
        "equal numbers of actions",
        "interaction under the nominal kernel",
    ),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_brackets),
    derive=_bracket(),
    neighbours=(
        Neighbour("2 N - 11/10 for 2 N - 1", _bracket(lowered=Fraction(1, 10))),
        Neighbour("11/10 L below", _bracket(raised=Fraction(11, 10))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (D9, D9_PLANS, D9_BETTER, D9_CORRECTED)
