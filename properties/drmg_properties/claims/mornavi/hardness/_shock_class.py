"""Example 1: the class of games that it belongs to, and the order of its quantifiers (D1, D2, D11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from drmg_check.models import deterministic_policy
from drmg_check.vocabulary import UnsupportedError, Verdict
from drmg_check.zoo import initial_shock
from drmg_oracles import (
    best_response_exactly,
    brute_force_best_response,
    brute_force_value,
    evaluate_exactly,
)
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._shock_game import (
    MAX_GAME_PLANS,
    Action,
    ShockConstant,
    ShockPlan,
    ShockPlay,
    average,
    describe_shock,
    joint_actions,
    least_in_the_game,
    plans,
    regret,
    regret_in_the_game,
    scale,
    shock_address,
)
from drmg_properties.claims.steps import Shock, least_by_formula
from drmg_properties.formulas import vector

HALF = Fraction(1, 2)


def _small_plays(budget: Budget) -> Iterator[ShockPlay]:
    """Yield every plan against one secret in games of two actions."""
    sizes = ((1, 2), (1, 3), (2, 2), (1, 4))[: 2 + budget.size]
    shocks = (Shock(2, N, H) for N, H in sizes)
    for shock, radius in product(shocks, (HALF, Fraction(1, 3))):
        actions = joint_actions(shock)
        for plan in product(actions, repeat=shock.H - 1):
            yield ShockPlay(shock, radius, actions[0], plan)


def _play_lines(case: ShockPlay) -> tuple[str, ...]:
    return (
        f"M = {case.shock.M}, N = {case.shock.N}, H = {case.shock.H}, rho = {case.radius}",
        f"secret {case.secret}, plan in the trap {case.plan}",
    )


def _everywhere(case: ShockPlay) -> Derivation:
    """Derive (14) for the game with the radius at every (h, s, a)."""
    game = regret_in_the_game(case.plan, case.secret, case.shock, case.radius, variant="everywhere")
    wasted = regret(case.plan, case.secret, "single-agent")
    return equal(
        game,
        case.radius * wasted,
        lambda: (
            *_play_lines(case),
            f"the radius at every (h, s, a), as Definition 1 has it: regret of agent 1 {game}",
            f"eq. (14): rho times the wasted steps = {case.radius} * {wasted} = {case.radius * wasted}",
        ),
    )


def _rectangular(share: Fraction) -> Callable[[ShockPlay], Derivation]:
    """Derive that the recursion at ``share rho`` gives the minimum over all kernels of the balls."""

    def derive(case: ShockPlay) -> Derivation:
        every = tuple(_recursion_and_kernels(case, share))

        def lines() -> tuple[str, ...]:
            shown = (f"{label}: recursion {x}, minimum over kernels {y}" for label, x, y in every)
            return (*_play_lines(case), *shown)

        return both(*(equal(x, y, lines) for _, x, y in every))

    return derive


def _recursion_and_kernels(case: ShockPlay, share: Fraction) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yield label, recursion and minimum over all kernels, for each agent's value and best response."""
    shock = case.shock
    game, other = (
        initial_shock(agents=shock.N, actions=shock.M, horizon=shock.H, radius=radius, secret=case.secret)
        for radius in (case.radius, share * case.radius)
    )
    policy = deterministic_policy(game, lambda h, s: case.plan[max(h - 1, 0)])
    V, start = evaluate_exactly(other, policy).lo, game.initial_state
    for i in range(shock.N):
        yield f"agent {i + 1}, value", V[i, 0, start], brute_force_value(game, policy, i)
        best = best_response_exactly(other, policy, i).lo[0, start]
        yield f"agent {i + 1}, best response", best, brute_force_best_response(game, policy, i)


def _small(c: Fraction) -> ShockConstant:
    """Return the smallest game: a learner that loses nothing contradicts every constant."""
    return ShockConstant(c, Shock(2, 1, 2))


def _knowing_regret(shock: Shock) -> Fraction:
    """Return the NASH regret of the learner that always plays a*, in the one game given."""
    secret = joint_actions(shock)[-1]
    return regret_in_the_game((secret,) * (shock.H - 1), secret, shock, Fraction(1), "nash")


def read_off(shock: Shock, secret: Action) -> Action:
    """Return the joint action that the reward function pays for in the trap, as a learner would read it."""
    game = initial_shock(agents=shock.N, actions=shock.M, horizon=shock.H, radius=1, secret=secret)
    bad = game.state_names.index("bad")
    return joint_actions(shock)[int(np.argmax(game.r[0, 0, bad]))]


def _reading_regret(shock: Shock) -> Fraction:
    """Return the largest team regret, over all secrets, of the learner that reads the reward function."""
    return max(
        regret_in_the_game((read_off(shock, a),) * (shock.H - 1), a, shock, Fraction(1), "team")
        for a in joint_actions(shock)
    )


def _learner_loses(learn: Callable[[Shock], Fraction], learner: str) -> Callable[[ShockConstant], Derivation]:
    """Derive that a learner loses at least ``min{H, M^N} / c``."""

    def derive(case: ShockConstant) -> Derivation:
        lost, wanted = learn(case.shock), scale(case.shock) / case.c
        return at_least(
            lost,
            wanted,
            lambda: (
                f"{describe_shock(case.shock)}; c = {case.c}",
                f"learner: {learner}",
                f"regret from the game's Bellman recursion: {lost}",
                f"the theorem wants at least min(H, M^N) / c = {wanted}",
            ),
        )

    return derive


def _plans(budget: Budget) -> Iterator[ShockPlan]:
    shocks = [
        Shock(M, N, H) for M, N, H in ((2, 1, 2), (2, 1, 4), (3, 1, 4), (2, 2, 3), (2, 2, 4), (3, 2, 3))
    ]
    return (ShockPlan(shock, plan) for shock in shocks for plan in plans(shock))


def _half(H: int, shock: Shock) -> Fraction:
    return Fraction(min(H - 1, shock.M**shock.N - 1), 2)


def _each_plan(bound: Callable[[Shock], Fraction], name: str) -> Callable[[ShockPlan], Derivation]:
    """Derive that a plan wastes at least a bound, averaged over the secrets."""

    def derive(case: ShockPlan) -> Derivation:
        secrets, least = joint_actions(case.shock), bound(case.shock)
        wasted = [Fraction(regret(case.plan, secret, "team")) for secret in secrets]
        average_waste = average(case.shock, case.plan, "team")
        return at_least(
            average_waste,
            least,
            lambda: (
                describe_shock(case.shock),
                f"plan in the trap {case.plan}",
                f"steps wasted against {', '.join(map(str, secrets))}: {vector(wasted)}, mean "
                f"{average_waste}",
                f"{name} = {least}",
            ),
        )

    return derive


def _hidden(budget: Budget) -> Iterator[Shock]:
    """Yield the games with few plans; the last step before the horizon is worth nothing."""
    shocks = (Shock(M, N, H) for M, N, H in product(range(2, 6), (1, 2), range(3, 7)))
    return (x for x in shocks if (x.M**x.N) ** (x.H - 1) <= MAX_GAME_PLANS)


def _hidden_secret(less: int) -> Callable[[Shock], Derivation]:
    """Derive the minimax team regret of the game whose trap pays nothing, with ``less`` steps less."""

    def derive(shock: Shock) -> Derivation:
        value = least_in_the_game(shock, "team", "hidden")
        if value is None:
            raise UnsupportedError(f"{shock}; expected fewer plans, to be tried one by one")
        formula = least_by_formula(Shock(shock.M, shock.N, shock.H - less), "team")
        half = _half(shock.H - less, shock)

        def lines() -> tuple[str, ...]:
            return (
                describe_shock(shock),
                f"least average regret of all plans, from the game's Bellman recursion: {value}",
                f"closed form, as with the reward but {less} step less: {formula}",
                f"min(H - {1 + less}, M^N - 1) / 2 = {half}",
            )

        return both(equal(value, formula, lines), at_least(value, half, lines))

    return derive


D1 = Claim(
    id="D1",
    place="Example 1, eq. (14)",
    title="The shock game belongs to the class of Definition 1",
    statement="With the one radius of Definition 1, (14) holds: Regret = rho (V_2^dagger - V_2)(bad).",
    latex=(
        r"\mathcal{P}^{\rho_i}_{i,h}(s,a) \text{ of radius } \rho_i \text{ at all } (h,s,a) \Rightarrow "
        r"Regret_1 = \rho \left( V^{\dagger}_2(s_{bad}) - V^{\pi}_2(s_{bad}) \right)"
    ),
    formalisation=(
        "Definition 1 has one radius rho_i > 0 for all (h, s, a), Example 1 a radius at the first step "
        "only. The game with the radius everywhere, by exact recursion, against (14)."
    ),
    assumptions=("benchmark = single-agent", "Definition 1", "total variation with coefficient rho"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="D1.corrected",
    instance_type=ShockPlay,
    search=Exhaustive(_small_plays),
    derive=_everywhere,
    address=lambda case: f"{shock_address(case)}&everywhere=true",
)
D1_CORRECTED = replace(
    D1,
    id="D1.corrected",
    place="Example 1",
    title="The shock game with a radius for each (i, h, s, a)",
    statement=(
        "With radii rho_{i,h,s,a} the set stays rectangular: recursion and best responses are the "
        "minimum over all kernels."
    ),
    latex=r"\mathcal{P}_i = \bigotimes_{(h,s,a)} \mathcal{P}^{\rho_{i,h,s,a}}_{i,h}(s,a)",
    formalisation=(
        "Values and best responses by recursion against the minimum over all products of vertex kernels. "
        "(14) for these radii is D3."
    ),
    assumptions=("Example 1", "total variation with coefficient rho"),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=_rectangular(Fraction(1)),
    address=shock_address,
    neighbours=(Neighbour("9/10 of each radius", _rectangular(Fraction(9, 10))),),
)
D2 = Claim(
    id="D2",
    place="Theorem 1 of the main text (lower bound)",
    title="One game that is hard for every algorithm",
    statement="There is a DRMG in which any algorithm has regret at least Omega(rho K min{H, A}).",
    latex=(
        r"\exists \mathcal{M} \; \forall ALG: \; E[Regret_{NASH}(K)] \ge "
        r"\Omega\left(\rho K \min\left\{H, \prod_i A_i\right\}\right)"
    ),
    formalisation=(
        "The order of the quantifiers. The algorithm that always plays the secret of that game has no NASH "
        "regret, whatever constant the Omega hides. Any other game has a robust NE, and an algorithm that "
        "always plays it."
    ),
    assumptions=("benchmark = nash", "Example 1"),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="D2.corrected",
    instance_type=ShockConstant,
    search=EveryConstant(_small),
    derive=_learner_loses(
        _knowing_regret, "always plays a*, the secret of the one game whose existence is claimed"
    ),
    address=shock_address,
)
D2_CORRECTED = Claim(
    id="D2.corrected",
    place=D2.place,
    title="For every plan a game that is hard for it",
    statement=(
        "Averaged over the secrets every plan wastes min(H - 1, A - 1) / 2 steps or more; so every "
        "mixture of plans has a secret against which it does."
    ),
    latex=(
        r"\forall ALG \; \exists a^*: \; E[Regret_{team}(K)] \ge "
        r"\frac{\rho K}{2} \min\left\{H - 1, \prod_i A_i - 1\right\}"
    ),
    formalisation="Every plan of each game listed.",
    assumptions=("benchmark = team", "Example 1", "interaction under the nominal kernel"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=ShockPlan,
    search=Exhaustive(_plans),
    derive=_each_plan(lambda shock: _half(shock.H, shock), "min(H - 1, M^N - 1) / 2"),
    neighbours=(
        Neighbour("min{H, A} / 2", _each_plan(lambda shock: Fraction(scale(shock), 2), "min(H, M^N) / 2")),
    ),
)
D11 = Claim(
    id="D11",
    place="Example 1 with Section 2.1 and eq. (5)",
    title="The shock game keeps its secret",
    statement="Interaction tells nothing about a*, so every learner pays Omega(rho K min{H, A}).",
    latex=(
        r"\inf_{ALG} \sup_{a^*} E[Regret(K)] \ge "
        r"\Omega\left(\rho K \min\left\{H, \prod_i A_i\right\}\right)"
    ),
    formalisation=(
        "A finding beyond the table of claims. Rewards are deterministic, and (5) uses them before any "
        "visit; but r(bad, a) = 1 just for a = a*. The learner that plays argmax r(bad, .) in the trap has "
        "no regret against the best joint policy, for any secret."
    ),
    assumptions=("benchmark = team", "Example 1", "the reward function is known, as in Algorithm 1"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="D11.corrected",
    instance_type=ShockConstant,
    search=EveryConstant(_small),
    derive=_learner_loses(
        _reading_regret, "reads in the reward function which joint action is paid in the trap, and plays it"
    ),
    address=shock_address,
)
D11_CORRECTED = Claim(
    id="D11.corrected",
    place="Example 1 with r(bad, a*) = 0",
    title="The shock game with a secret in the kernel only",
    statement=(
        "If the trap pays nothing, the minimax team regret is at least rho K min(H - 2, A - 1) / 2, and "
        "exactly that of Example 1 with one step less."
    ),
    latex=(
        r"\inf_{ALG} \sup_{a^*} E[Regret_{team}(K)] \ge "
        r"\frac{\rho K}{2} \min\left\{H - 2, \prod_i A_i - 1\right\}"
    ),
    formalisation=(
        "All games have the same rewards. Every plan by the exact recursion of the game, averaged over the "
        "secrets."
    ),
    assumptions=("benchmark = team", "interaction under the nominal kernel"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Shock,
    search=Exhaustive(_hidden),
    derive=_hidden_secret(1),
    neighbours=(Neighbour("without the lost step", _hidden_secret(0)),),
)

CLAIMS: tuple[Claim[Any], ...] = (D1, D1_CORRECTED, D2, D2_CORRECTED, D11, D11_CORRECTED)
