"""Example 1, the "Initial Shock" game, by arithmetic: exact regrets for each benchmark.

The trap is never visited under the nominal kernel, so what a learner plays there does not depend on the
secret a*. Values in the trap are linear in the mixture of open-loop plans (a_2, ..., a_H). Translating all
actions is a symmetry that is transitive on secrets, so a plan that is translated uniformly at random loses
the same for every secret: its regret averaged over the secrets. Regrets are those of one episode, in
units of rho.

What a learner is compared with is the ``benchmark``:

- ``"single-agent"``: the best response of one fixed agent, agent 1;
- ``"nash"``: the best response of whichever agent gains most, the NASH gap of the paper;
- ``"team"``: the best joint policy, which plays the secret at once.

With N = 1 the three are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Literal, TypeAlias

from flint import fmpz

from drmg_check.models import deterministic_policy
from drmg_check.vocabulary import Bounds, InputError, UnsupportedError
from drmg_check.zoo import initial_shock
from drmg_oracles import best_response_exactly, evaluate_exactly
from drmg_properties.claims.mornavi.hardness._trap import escape_step
from drmg_properties.claims.steps import Shock

MAX_COUNTED = 10**4
"""Joint actions and steps up to which regrets are counted secret by secret."""
MAX_PLANS = 5000
MAX_GAME_PLANS = 32
ROOT_BITS = 80
Action: TypeAlias = tuple[int, ...]
Plan: TypeAlias = tuple[Action, ...]
Benchmark: TypeAlias = Literal["single-agent", "nash", "team"]
Variant: TypeAlias = Literal["as printed", "everywhere", "hidden"]
"""The radius where the example has it, or at every (h, s, a); or no reward for the secret."""


@dataclass(frozen=True, slots=True)
class ShockConstant:
    """The constant 1 / c that an Omega may hide, and a game on which to try it."""

    c: Fraction
    shock: Shock

    def __post_init__(self) -> None:
        if self.c < 1:
            raise InputError(f"c={self.c}; expected c >= 1")


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


@dataclass(frozen=True, slots=True)
class ShockPlan:
    """A game and a plan for its trap."""

    shock: Shock
    plan: Plan

    def __post_init__(self) -> None:
        if not self.plan:
            raise InputError("plan=(); expected H - 1 joint actions")
        ShockPlay(self.shock, Fraction(1), self.plan[0], self.plan)


def joint_actions(shock: Shock) -> tuple[Action, ...]:
    """Return the M^N joint actions.

    Raises
    ------
    UnsupportedError
        There are more than ``MAX_COUNTED``.
    """
    if max(shock.M**shock.N, shock.H) > MAX_COUNTED:
        raise UnsupportedError(
            f"{describe_shock(shock)}: too large to be counted; expected {MAX_COUNTED} at most"
        )
    return tuple(product(range(shock.M), repeat=shock.N))


def scale(shock: Shock) -> int:
    """Return ``min{H, prod A_i}``, what Theorem 3 asks for in units of rho."""
    n_joint: int = shock.M**shock.N
    return min(shock.H, n_joint)


def regret(plan: Plan, secret: Action, benchmark: Benchmark) -> int:
    """Return the wasted steps of a plan less those of the benchmark.

    An agent that always plays its own secret action escapes as soon as the others play theirs.
    """
    wasted = escape_step(plan, secret) - 1
    if benchmark == "team":
        return wasted
    agents = range(len(secret)) if benchmark == "nash" else range(1)
    return max(wasted - _waste_without(i, plan, secret) for i in agents)


def _waste_without(i: int, plan: Plan, secret: Action) -> int:
    return escape_step(tuple(_others(a, i) for a in plan), _others(secret, i)) - 1


def _others(a: Action, i: int) -> Action:
    return (*a[:i], *a[i + 1 :])


def regret_in_the_game(
    plan: Plan,
    secret: Action,
    shock: Shock,
    radius: Fraction,
    benchmark: Benchmark = "single-agent",
    variant: Variant = "as printed",
) -> Fraction:
    """Return the same regret, times the radius, from the exact Bellman recursion of the game itself.

    The team is one agent whose actions are the joint ones.
    """
    N, M, H = shock.N, shock.M, shock.H
    if benchmark == "team":
        index = {a: (n,) for n, a in enumerate(joint_actions(shock))}
        plan, secret, N, M = tuple(index[a] for a in plan), index[secret], 1, M**N
    game = initial_shock(
        agents=N,
        actions=M,
        horizon=H,
        radius=radius,
        secret=secret,
        everywhere=variant == "everywhere",
        hidden=variant == "hidden",
    )
    policy = deterministic_policy(game, lambda h, s: plan[max(h - 1, 0)])
    values = evaluate_exactly(game, policy).lo[:, 0, game.initial_state]
    agents = range(N) if benchmark == "nash" else range(1)
    best = [best_response_exactly(game, policy, i).lo[0, game.initial_state] for i in agents]
    return max(Fraction(best[i] - values[i]) for i in agents)


def average(shock: Shock, plan: Plan, benchmark: Benchmark) -> Fraction:
    """Return the regret of a plan averaged over the secrets; plans may be long."""
    C = shock.H - 1
    first = _first_steps(plan)
    agents = {"team": range(0), "single-agent": range(1), "nash": range(shock.N)}[benchmark]
    alone = [_first_steps(tuple(_others(a, i) for a in plan)) for i in agents]
    total = 0
    for secret in joint_actions(shock):
        wasted = first.get(secret, C)
        total += max((wasted - alone[i].get(_others(secret, i), C) for i in agents), default=wasted)
    return Fraction(total, shock.M**shock.N)


def _first_steps(plan: Plan) -> dict[Action, int]:
    """Return how many steps pass before each action is first played."""
    return {a: j for j, a in reversed(tuple(enumerate(plan)))}


def constant(shock: Shock) -> Plan:
    """Return the plan in which nobody ever changes its action."""
    return ((0,) * shock.N,) * (shock.H - 1)


def sweep(shock: Shock) -> Plan:
    """Return the plan in which agent 1 tries its actions in turn and the others repeat theirs."""
    return tuple(((j % shock.M), *(0,) * (shock.N - 1)) for j in range(shock.H - 1))


def exhaust(shock: Shock) -> Plan:
    """Return the plan that tries the joint actions in turn."""
    actions = joint_actions(shock)
    return tuple(actions[j % len(actions)] for j in range(shock.H - 1))


def plans(shock: Shock) -> Iterator[Plan]:
    """Yield every open-loop plan up to translation: the first action may be fixed.

    Raises
    ------
    UnsupportedError
        More than ``MAX_PLANS`` plans.
    """
    actions, C = joint_actions(shock), shock.H - 1
    if len(actions) ** (C - 1) > MAX_PLANS:
        raise UnsupportedError(f"{len(actions)}^{C - 1} plans; expected at most {MAX_PLANS}")
    return ((actions[0], *rest) for rest in product(actions, repeat=C - 1))


def shocks_by_plans(most: int) -> Iterator[Shock]:
    """Yield the games that have at most so many plans, by the number of plans."""
    shocks = [Shock(M, N, H) for M, N, H in product(range(2, 6), range(1, 4), range(2, 6))]
    listed = [shock for shock in shocks if len(joint_actions(shock)) ** (shock.H - 2) <= most]
    return iter(sorted(listed, key=lambda x: (len(joint_actions(x)) ** (x.H - 1), x.M, x.N, x.H)))


def least_by_enumeration(shock: Shock, benchmark: Benchmark) -> Fraction:
    """Return the least average regret over all open-loop plans."""
    return min(average(shock, plan, benchmark) for plan in plans(shock))


def least_in_the_game(shock: Shock, benchmark: Benchmark, variant: Variant = "as printed") -> Fraction | None:
    """Return the least average regret from the game's own Bellman recursion; None for too many plans.

    One game suffices: averaging over secrets is averaging over the translations of the plan.
    """
    actions, C = joint_actions(shock), shock.H - 1
    if len(actions) ** C > MAX_GAME_PLANS:
        return None
    regrets = {
        plan: regret_in_the_game(plan, actions[0], shock, Fraction(1), benchmark, variant)
        for plan in product(actions, repeat=C)
    }
    orbits = (
        [regrets[tuple(_translated(a, by, shock.M) for a in plan)] for by in actions] for plan in regrets
    )
    return min(sum(orbit, Fraction(0)) / len(actions) for orbit in orbits)


def _translated(a: Action, by: Action, M: int) -> Action:
    return tuple((x + y) % M for x, y in zip(a, by, strict=True))


def never_changing(shock: Shock) -> Fraction:
    """Return ``(H - 1) N (M - 1) / M^N``, the NASH regret of a random joint action that never changes."""
    return Fraction((shock.H - 1) * shock.N * (shock.M - 1), shock.M**shock.N)


def uniform_nash_regret(shock: Shock) -> Fraction:
    """Return the NASH gap of uniform play, the same for every secret and every agent."""
    C, p = shock.H - 1, Fraction(1, shock.M**shock.N)
    return _geometric_waste(p, C) - _geometric_waste(p * shock.M, C)


def _geometric_waste(p: Fraction, C: int) -> Fraction:
    """Return ``E[min(tau - 1, C)]`` for a geometric tau."""
    return (1 - p) / p * (1 - (1 - p) ** C)


def nash_lower_bound(shock: Shock) -> Bounds:
    r"""Return a NASH regret below which no learner gets, enclosed.

    A plan that has tried d joint actions, and ``d_i`` joint actions of all agents but i, within t steps
    leaves ``1 - d / M^N`` of the secrets unescaped, agent i's best response ``1 - d_i / M^{N-1}``. So the
    mean over agents of the average regret is ``M^-N sum_t (M mean_i d_i - d)``, and the largest is no less.
    By the inequality of Loomis and Whitney ``prod_i d_i >= d^{N-1}``; hence each term is at least
    ``f(d) = M d^{1 - 1/N} - d``, and d starts at 1 and grows by at most one a step. f is concave, so the
    least sum never changes its action, or never repeats one:

        ``M^-N min{ (H-1) f(1), sum_{d <= min(H-1, M^N)} f(d) }``.
    """
    M, N, C, A = shock.M, shock.N, shock.H - 1, shock.M**shock.N
    roots = [_root(d ** (N - 1), N) for d in range(1, min(C, A) + 1)]
    done = len(roots) * (len(roots) + 1) // 2
    low, high = (M * sum((getattr(x, end) for x in roots), Fraction(0)) - done for end in ("low", "high"))
    stay = Fraction(C * (M - 1))
    return Bounds(min(stay, low) / A, min(stay, high) / A)


def _root(n: int, N: int) -> Bounds:
    """Return the N-th root of n, enclosed; exact where it is an integer."""
    whole = int(fmpz(n).root(N))
    if whole**N == n:
        return Bounds.of(whole)
    scaled = int(fmpz(n << (N * ROOT_BITS)).root(N))
    return Bounds(Fraction(scaled, 1 << ROOT_BITS), Fraction(scaled + 1, 1 << ROOT_BITS))


def shock_address(case: Shock | ShockConstant | ShockPlay | ShockPlan) -> str:
    """Return where the game of an instance is found; regrets are in units of its radius."""
    shock = case if isinstance(case, Shock) else case.shock
    sizes = f"agents={shock.N}&actions={shock.M}&horizon={shock.H}"
    if isinstance(case, ShockPlay):
        secret = ",".join(map(str, case.secret))
        return f"zoo:initial-shock?{sizes}&radius={case.radius}&secret={secret}"
    return f"zoo:initial-shock?{sizes}&radius=1"


def describe_shock(shock: Shock) -> str:
    """Write the sizes of the game."""
    return (
        f"M = {shock.M} action{'s' * (shock.M > 1)}, N = {shock.N} agent{'s' * (shock.N > 1)}, "
        f"H = {shock.H}; regrets of one episode in units of rho"
    )
