"""Laws of the discounted robust backup: what makes values, stopping rules and certificates of it sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, exact_array, exact_radius, nominal_row
from drmg_check.sets import Row, TotalVariation
from drmg_oracles import averaged_game, evaluate_exactly, worst_case_exact
from drmg_oracles.games import best_modification_exactly, best_response_exactly
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, both, equal
from drmg_properties.claims.own._cases import (
    Guess,
    Vector,
    answered,
    answers,
    described,
    distance,
    guesses,
    obeyed,
    shifted,
)
from drmg_properties.strategies import Variety

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


def _contraction(factor: Fraction) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        TV, TW = answered(case, case.V), answered(case, case.W)
        return at_most(
            distance(TV, TW),
            factor * case.discount * distance(case.V, case.W),
            lambda: described(case, ("V", case.V), ("W", case.W), ("TV", TV), ("TW", TW)),
            silent="" if distance(case.V, case.W) else "V = W",
        )

    return derive


def _monotone(share: Fraction) -> Callable[[Guess], Derivation]:
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


def _shift(*, is_discounted: bool) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        c = ONE / 2
        moved = answered(case, shifted(case.V, c))
        wanted = shifted(answered(case, case.V), case.discount * c if is_discounted else c)
        lines = partial(described, case, ("V", case.V), ("T(V + 1/2)", moved), ("wanted", wanted))
        return both(*(equal(a, b, lines) for a, b in zip(moved, wanted, strict=True)))

    return derive


def _whole_simplex(radius: Fraction) -> Callable[[Guess], Derivation]:
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


def _horizon(extra: int) -> Callable[[Guess], Derivation]:
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


def _death(*, is_equal: bool) -> Callable[[Guess], Derivation]:
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


def _greedy(*, of_value: bool) -> Callable[[Guess], Derivation]:
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


def _padded(support: str) -> Callable[[Guess], Derivation]:
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


def _average_after(case: Guess) -> Derivation:
    """Derive that the best response solves its own fixed point, with the average after the worst case."""
    best = _best(case)
    lines = partial(described, case, ("V*", best), ("TV*", answered(case, best)))
    return both(*(equal(a, b, lines) for a, b in zip(best, answered(case, best), strict=True)))


def _average_before(case: Guess) -> Derivation:
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


def _gains(*, told: bool) -> Callable[[Guess], Derivation]:
    """Derive that answering recommendations, or ignoring them, never loses."""

    def derive(case: Guess) -> Derivation:
        value = _value(case)
        other = tuple(best_modification_exactly(case.model, case.policy, 0).lo[0]) if told else _best(case)
        return _each(value, other, case, ("V", "V of the best deviation"))

    return derive


def _stage_game(gamma: Fraction) -> Callable[[Guess], Derivation]:
    def derive(case: Guess) -> Derivation:
        value = _value(replace(case, discount=gamma))
        paid = obeyed(replace(case, discount=Fraction(0)), case.V)
        lines = partial(described, case, ("V", value), ("E r", paid))
        return both(*(equal(a, b, lines) for a, b in zip(value, paid, strict=True)))

    return derive


def _opposite(*, is_equal: bool) -> Callable[[Guess], Derivation]:
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


def _law(
    n: int,
    title: str,
    statement: str,
    latex: str,
    derive: Callable[[Guess], Derivation],
    neighbour: Neighbour[Guess],
    strategy: Callable[[Budget], SearchStrategy[Guess]] = guesses,
) -> Claim[Guess]:
    return Claim(
        id=f"DISCOUNT-{n}",
        place=SOURCE,
        title=title,
        statement=statement,
        latex=latex,
        formalisation=(
            "Agent 0 of a discounted game of few states with polyhedral sets, in fractions; T answers best, "
            "T_pi obeys, both against the worst case of the discounted values."
        ),
        assumptions=("(s, a)-rectangular sets", "0 <= discount < 1"),
        reading="intended",
        instance_type=Guess,
        search=Generated(strategy),
        derive=derive,
        neighbours=(neighbour,),
    )


def _total_variation(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(budget, uncertainty=TotalVariation())


def _without_costs(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(budget, variety=Variety(places=True))


CLAIMS = (
    _law(
        1,
        "The backup contracts by the discount",
        "The images of two guesses under T are closer to each other than the guesses, by the discount.",
        r"\|TV - TW\|_\infty \le \gamma \|V - W\|_\infty",
        _contraction(ONE),
        Neighbour("99/100 of the discount", _contraction(Fraction(99, 100))),
    ),
    _law(
        2,
        "The backup keeps the order",
        "If V <= U in all states, then TV <= TU.",
        r"V \le U \Rightarrow TV \le TU",
        _monotone(Fraction(0)),
        Neighbour("and TU is larger by half of the gain", _monotone(Fraction(1, 2))),
    ),
    _law(
        3,
        "A constant comes out discounted",
        "If all values rise by c, those of T rise by gamma c.",
        r"T(V + c) = TV + \gamma c",
        _shift(is_discounted=True),
        Neighbour("undiscounted", _shift(is_discounted=False)),
    ),
    _law(
        4,
        "A ball that is the simplex leaves the least value",
        "With total variation of radius 1 the backup is the largest reward and the discounted minimum of V.",
        r"(TV)(s) = \max_a r(s, a) + \gamma \min V",
        _whole_simplex(ONE),
        Neighbour("at the radius 99/100", _whole_simplex(Fraction(99, 100))),
        _total_variation,
    ),
    _law(
        5,
        "A horizon cuts off what is left, discounted",
        "With rewards >= 0, the value of H discounted steps is at most gamma^H max r / (1 - gamma) below the "
        "value.",
        r"V_H \le V \le V_H + \gamma^H r_{\max} / (1 - \gamma)",
        _horizon(0),
        Neighbour("gamma^(H + 1)", _horizon(1)),
        _without_costs,
    ),
    _law(
        6,
        "A death inside the ball costs more than a discount",
        "Dying with probability 1 - gamma is a discount if it stands beside the ball; inside a ball of total "
        "variation the worst case of values >= 0 is not larger.",
        r"\sigma_{\mathrm{inside}}(V, 0) \le \gamma \sigma(V)",
        _death(is_equal=False),
        Neighbour("it is the same", _death(is_equal=True)),
        _total_variation,
    ),
    _law(
        7,
        "The greedy policy of the best response attains it",
        "Answering best to the value of the best response, always and in every state, is worth that value.",
        r"V^{\mathrm{greedy}(V^*)} = V^*",
        _greedy(of_value=True),
        Neighbour("greedy for the rewards alone", _greedy(of_value=False)),
    ),
    _law(
        8,
        "A state that nobody can reach changes nothing",
        "With the nominal support, a further state that no row reaches changes no value, however bad it is.",
        r"V_{S + 1} = V_S",
        _padded("nominal"),
        Neighbour("the adversary may go anywhere", _padded("all")),
        _total_variation,
    ),
    _law(
        9,
        "A best response averages after the worst case",
        "The value of a best response is the fixed point of the maximum over own actions of the others' "
        "average of worst cases.",
        r"V(s) = \max_{a_i} \sum_{a_{-i}} \pi_{-i} [r + \gamma \sigma_{s, a}(V)]",
        _average_after,
        Neighbour("the kernel is averaged before", _average_before),
    ),
    _law(
        10,
        "Answering recommendations never loses",
        "What the best answers to recommendations earn is at least what obeying earns.",
        r"V^{\pi} \le \max_\phi V^{\phi \circ \pi}",
        _gains(told=True),
        Neighbour("ignoring them neither", _gains(told=False)),
    ),
    _law(
        11,
        "Without a future a discounted game is its stage",
        "At the discount 0 the value is the expected reward.",
        r"\gamma = 0: \quad V^\pi(s) = E_\pi r(s, a)",
        _stage_game(Fraction(0)),
        Neighbour("at the discount 1/100", _stage_game(Fraction(1, 100))),
    ),
    _law(
        12,
        "Natures of one's own take from both",
        "Two agents of opposite rewards, each with an adversary of its own, expect at most 0 together.",
        r"V_0 + V_1 \le 0",
        _opposite(is_equal=False),
        Neighbour("exactly 0", _opposite(is_equal=True)),
    ),
)
