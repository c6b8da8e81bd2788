"""What the laws of the discounted robust backup say of one instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from drmg_check.models import RobustMarkovGame, exact_array, exact_radius, nominal_row
from drmg_check.sets import Row, TotalVariation
from drmg_oracles import averaged_game, evaluate_exactly, worst_case_exact
from drmg_oracles.games import best_modification_exactly, best_response_exactly
from drmg_properties.claim import Derivation, at_most, both, equal
from drmg_properties.claims.own._cases import (
    Guess,
    Vector,
    answered,
    answers,
    described,
    distance,
    obeyed,
    shifted,
)

SOURCE = "Iyengar (2005), Nilim and El Ghaoui (2005): discounted robust dynamic programming"
ONE = Fraction(1)


def _value(case: Guess) -> Vector:
    return tuple(evaluate_exactly(case.model, case.policy).lo[0, 0])


def _best(case: Guess) -> Vector:
    return tuple(best_response_exactly(case.model, case.policy, 0).lo[0])


def _each(
    left: Vector, right: Vector, case: Guess, names: tuple[str, str], *more: tuple[str, Vector]
) -> Derivation:
    """State ``left <= right`` in all states."""
    lines = partial(described, case, (names[0], left), (names[1], right), *more)
    return both(*(at_most(a, b, lines) for a, b in zip(left, right, strict=True)))


def contraction(factor: Fraction) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        TV, TW = answered(case, case.V), answered(case, case.W)
        return at_most(
            distance(TV, TW),
            factor * case.discount * distance(case.V, case.W),
            lambda: described(case, ("V", case.V), ("W", case.W), ("TV", TV), ("TW", TW)),
            silent="" if distance(case.V, case.W) else "V = W",
        )

    return derive


def monotone(share: Fraction) -> Callable[[Guess], Derivation]:
    """Derive ``T V + share gamma max (U - V) <= T U`` for ``U = max(V, W)``."""

    def derive(case: Guess) -> Derivation:
        U = tuple(map(max, case.V, case.W))
        gain = share * case.discount * distance(U, case.V)
        return _each(
            shifted(answered(case, case.V), gain),
            answered(case, U),
            case,
            ("TV", "TU"),
            ("V", case.V),
            ("U", U),
        )

    return derive


def shift(*, is_discounted: bool) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        c = ONE / 2
        moved = answered(case, shifted(case.V, c))
        wanted = shifted(answered(case, case.V), case.discount * c if is_discounted else c)
        lines = partial(described, case, ("V", case.V), ("T(V + 1/2)", moved), ("wanted", wanted))
        return both(*(equal(a, b, lines) for a, b in zip(moved, wanted, strict=True)))

    return derive


def whole_simplex(radius: Fraction) -> Callable[[Guess], Derivation]:
    """Derive that a ball of this radius, in place of the case's, gives ``max_a r + gamma min V``."""

    def derive(case: Guess) -> Derivation:
        game = case.game
        wide = _with(case, game, radius=np.full((game.n_agents, 1, 1, 1), radius, dtype=object))
        floor = case.discount * min(case.V)
        bare = replace(wide, discount=Fraction(0))
        left = answered(wide, case.V)
        right = shifted(answered(bare, case.V), floor)
        lines = partial(described, wide, ("V", case.V), ("TV", left), ("max r + gamma min V", right))
        return both(*(equal(a, b, lines) for a, b in zip(left, right, strict=True)))

    return derive


def _with(case: Guess, game: RobustMarkovGame, **changes: object) -> Guess:
    fields: dict[str, object] = {
        "transition": exact_array(game.stages[0].rows),
        "reward": game.reward,
        "radius": game.radius,
        "uncertainty": game.uncertainty,
        "actions": game.actions,
        "horizon": 1,
    }
    return replace(case, game=RobustMarkovGame(**(fields | changes)))  # type: ignore[arg-type] # as above


def horizon(extra: int) -> Callable[[Guess], Derivation]:
    """Derive ``V_H <= V <= V_H + gamma^(H + extra) max r / (1 - gamma)`` after three steps."""

    def derive(case: Guess) -> Derivation:
        V: Vector = (Fraction(0),) * case.game.n_states
        for _ in range(3):
            V = obeyed(case, V)
        rest = case.discount ** (3 + extra) * Fraction(max(case.game.reward[0].ravel())) / (1 - case.discount)
        value = _value(case)
        return both(
            _each(V, value, case, ("V_3", "V")),
            _each(value, shifted(V, rest), case, ("V", "V_3 + gamma^3 max r / (1 - gamma)")),
        )

    return derive


def death(*, is_equal: bool) -> Callable[[Guess], Derivation]:
    """Derive that a death inside the ball costs more than a discount: ``sigma' <= gamma sigma``, or ``=``."""
    state = equal if is_equal else at_most

    def derive(case: Guess) -> Derivation:
        stage, gamma, V = case.game.stages[0], case.discount, tuple(map(abs, case.V))
        parts = []
        for s, a in np.ndindex(case.game.n_states, case.game.n_joint_actions):
            p, radius = nominal_row(stage, s, a), exact_radius(stage, 0, s, a)
            dying = (*(gamma * x for x in p), 1 - gamma)
            inside = worst_case_exact(Row(TotalVariation(), dying, (*V, Fraction(0)), radius))
            beside = gamma * worst_case_exact(Row(TotalVariation(), p, V, radius))
            parts.append(state(inside, beside, partial(described, case, ("V", V))))
        return both(*parts)

    return derive


def greedy(*, of_value: bool) -> Callable[[Guess], Derivation]:
    """Derive that always answering best, to V* or to 0, is worth V*."""

    def derive(case: Guess) -> Derivation:
        best = _best(case)
        aim = best if of_value else (Fraction(0),) * case.game.n_states
        chosen = [
            max(range(case.game.actions[0]), key=answers(case, aim, s).__getitem__) for s in range(len(aim))
        ]
        V = _worth(case, chosen)
        lines = partial(described, case, ("V*", best), ("value of the greedy policy", V))
        return both(*(equal(a, b, lines) for a, b in zip(V, best, strict=True)))

    return derive


def _worth(case: Guess, chosen: list[int]) -> Vector:
    """Return agent 0's value if it plays ``chosen[s]`` and the others as before."""
    game = case.game
    stride = game.n_joint_actions // game.actions[0]
    weights = np.full((1, game.n_states, game.n_joint_actions), Fraction(0), dtype=object)
    for s in range(game.n_states):
        for a in range(game.n_joint_actions):
            weights[0, s, chosen[s] * stride + a % stride] += Fraction(case.policy.weights[0, s, a])
    return _value(replace(case, policy=type(case.policy)(weights, game.actions)))


def padded(support: str) -> Callable[[Guess], Derivation]:
    """Derive that a state nobody can reach, and that is worse than all, changes no value."""

    def derive(case: Guess) -> Derivation:
        game = case.game
        S, A, m = game.n_states, game.n_joint_actions, game.n_agents
        P = np.full((S + 1, A, S + 1), Fraction(0), dtype=object)
        P[:S, :, :S] = exact_array(game.stages[0].rows)
        P[S, :, S] = Fraction(1)
        reward = np.full((m, 1, S + 1, A), Fraction(-9), dtype=object)
        reward[:, :, :S] = game.reward
        radius = np.full((m, 1, S + 1, A), Fraction(0), dtype=object)
        radius[:, :, :S] = game.radius
        ball = TotalVariation(support=support)  # type: ignore[arg-type] # one of the two words
        larger = RobustMarkovGame(
            transition=P,
            reward=reward,
            radius=radius,
            uncertainty=(ball,) * m,
            actions=game.actions,
            horizon=1,
        )
        weights = np.concatenate([case.policy.weights, case.policy.weights[:, :1]], axis=1)
        own = _with(case, game, uncertainty=(TotalVariation(support="nominal"),) * m)
        before = _value(own)
        after = _value(
            replace(
                case,
                game=larger,
                policy=type(case.policy)(weights, game.actions),
                V=(*case.V, Fraction(0)),
                W=(*case.W, Fraction(0)),
            )
        )[:S]
        lines = partial(described, own, ("V", before), ("V with one state more", after))
        return both(*(equal(a, b, lines) for a, b in zip(before, after, strict=True)))

    return derive


def average_after(case: Guess) -> Derivation:
    """Derive that the best response solves its own fixed point, with the average after the worst case."""
    best = _best(case)
    lines = partial(described, case, ("V*", best), ("TV*", answered(case, best)))
    return both(*(equal(a, b, lines) for a, b in zip(best, answered(case, best), strict=True)))


def average_before(case: Guess) -> Derivation:
    """Derive the same of the process whose kernel is averaged before the worst case is taken."""
    best = _best(case)
    alone = averaged_game(case.model, case.policy, 0, obeying=False)
    every = type(case.policy)(
        np.full((1, case.game.n_states, alone.n_joint_actions), Fraction(1, alone.n_joint_actions)),
        alone.actions,
    )
    other = tuple(best_response_exactly(alone, every, 0).lo[0])
    lines = partial(described, case, ("V*", best), ("of the averaged kernel", other))
    return both(*(equal(a, b, lines) for a, b in zip(best, other, strict=True)))


def gains(*, told: bool) -> Callable[[Guess], Derivation]:
    """Derive that answering recommendations, or ignoring them, never loses."""

    def derive(case: Guess) -> Derivation:
        value = _value(case)
        other = tuple(best_modification_exactly(case.model, case.policy, 0).lo[0]) if told else _best(case)
        return _each(value, other, case, ("V", "V of the best deviation"))

    return derive


def stage_game(gamma: Fraction) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        value = _value(replace(case, discount=gamma))
        paid = obeyed(replace(case, discount=Fraction(0)), case.V)
        lines = partial(described, case, ("V", value), ("E r", paid))
        return both(*(equal(a, b, lines) for a, b in zip(value, paid, strict=True)))

    return derive


def opposite(*, is_equal: bool) -> Callable[[Guess], Derivation]:
    """Derive that two agents with opposite rewards and a nature each expect at most 0 together, or 0."""
    state = equal if is_equal else at_most

    def derive(case: Guess) -> Derivation:
        game, policy = case.game, case.policy
        actions = (game.n_joint_actions, 1)
        pair = RobustMarkovGame(
            transition=exact_array(game.stages[0].rows),
            reward=np.concatenate([game.reward[:1], -game.reward[:1]]),
            radius=np.concatenate([game.radius[:1]] * 2),
            uncertainty=game.uncertainty[:1] * 2,
            actions=actions,
            horizon=1,
        )
        both_play = replace(case, game=pair, policy=type(policy)(policy.weights, actions))
        first, second = (tuple(V) for V in evaluate_exactly(both_play.model, both_play.policy).lo[:, 0])
        lines = partial(described, both_play, ("V_0", first), ("V_1", second))
        return both(*(state(x + y, Fraction(0), lines) for x, y in zip(first, second, strict=True)))

    return derive
