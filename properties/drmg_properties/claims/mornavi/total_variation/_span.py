"""Lemma 5: how far apart the robust values of two states can be (B1, B2), and its use in Lemma 8 (B4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Array, Bounds, UnsupportedError, Verdict, exact
from drmg_oracles import best_response_exactly, evaluate_exactly, worst_case_exact
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.steps import Chain, action_values, printed_dual, span_bound, values_by
from drmg_properties.formulas import interval, vector
from drmg_properties.instances import (
    FailingPlay,
    Play,
    describe_game,
    describe_play,
    failing_plays,
    is_small,
    lacks_failure_state,
    plays,
    plays_on,
)
from drmg_properties.strategies import games

Bound: TypeAlias = Callable[[Fraction, int], Fraction]
Values: TypeAlias = Callable[[Play], tuple[Array, Array]]
SHORTER = Fraction(9, 10)
LONG = 10
"""Steps after which (10) as printed has come within 1/500 of the span 2 / rho at rho = 1."""


def good_bad_chain(chain: Chain) -> Play:
    """Return the chain as a game of one agent with one action, and its only policy."""
    return _chain_play(np.eye(2), np.array([1, 0]), chain.radius, chain.H)


def _chain_play(kernel: Array, reward: Array, radius: Fraction, H: int) -> Play:
    game = RobustMarkovGame(
        transition=kernel[:, np.newaxis],
        reward=reward[:, np.newaxis],
        radius=np.array(radius, dtype=object),
        uncertainty=(TotalVariation(),),
        actions=(1,),
        horizon=H,
    )
    return Play(game, uniform_policy(game))


def tight_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``(1 - (1 - rho)^k) / rho``, the sum of ``(1 - rho)^j`` over j < k."""
    return (1 - (1 - rho) ** k) / rho if rho else Fraction(k)


def _doubled(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 2 / rho, k }``."""
    return span_bound(rho / 2, k)


def _less_radius(bound: Bound) -> Bound:
    """Return the bound with 9/10 of 1 / rho."""
    return lambda rho, k: min(bound(rho, k), bound(rho / SHORTER, k) if rho else Fraction(k))


def _less_horizon(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 1 / rho, k - 1/10 }``."""
    return min(span_bound(rho, k), k - Fraction(1, 10))


def _less_from_three(rho: Fraction, k: int) -> Fraction:
    """Return the sharp bound, less one in a hundred with three steps to go or more."""
    return tight_bound(rho, k) * (1 if k < 3 else Fraction(99, 100))


def _true_values(play: Play) -> tuple[Array, Array]:
    # Rational values of a large game grow in length with H S A; 64 bits then decide the slack as well.
    values = evaluate_exactly(play.game, play.policy, bits=None if is_small(play.game) else 64)
    return values.lo, values.hi


def _printed_sigma(row: Row) -> Fraction:
    """Return the worst case by eq. (10) as printed, with the coefficient rho / 2."""
    return printed_dual(row, row.radius / 2)[0]


def _printed_values(play: Play) -> tuple[Array, Array]:
    """Return the values by eq. (10) as printed."""
    V = np.stack([values_by(play.game, play.policy, i, _printed_sigma) for i in range(play.game.n_agents)])
    return V, V


def _distinct(array: Array) -> list[Fraction]:
    """Return the numbers of an array, those along a broadcast axis once."""
    once = array[tuple(slice(1) if stride == 0 else slice(None) for stride in array.strides)]
    return [exact(value) for value in once.flat]


def _scale(game: RobustMarkovGame, i: int) -> Fraction:
    """Return 1 for rewards in [0, 1], their range otherwise: spans ignore shifts and follow scales."""
    rewards = _distinct(game.reward[i])
    low, high = min(rewards), max(rewards)
    return Fraction(1) if low >= 0 and high <= 1 else high - low


def _radius(game: RobustMarkovGame, i: int) -> Fraction:
    return min(_distinct(game.radius[i]))


def _spans(values: Values, bound: Bound) -> Callable[[Play], Derivation]:
    """State the bound on the span for every agent and step; the closest speaks."""

    def derive(play: Play) -> Derivation:
        game = play.game
        lo, hi = values(play)

        def lines(i: int, h: int, allowed: Fraction) -> tuple[str, ...]:
            places = product(range(game.n_agents), reversed(range(game.horizon)))
            return (
                *describe_play(play),
                *(f"agent {j}, step {t + 1}: V = {vector(lo[j, t])}" for j, t in places),
                f"left: the span of agent {i} at step {h + 1}; right: {interval(Bounds.of(allowed))}",
            )

        parts = []
        for i, h in product(range(game.n_agents), range(game.horizon)):
            allowed = _scale(game, i) * bound(_radius(game, i), game.horizon - h)
            least = max(Fraction(0), max(lo[i, h]) - min(hi[i, h]))
            span = Bounds(least, max(hi[i, h]) - min(lo[i, h]))
            parts.append(at_most(span, allowed, partial(lines, i, h, allowed)))
        return both(*parts)

    return derive


def _tv_plays_on(game: RobustMarkovGame) -> Iterable[Play]:
    for i, uncertainty in enumerate(game.uncertainty):
        if uncertainty != TotalVariation():
            raise UnsupportedError(
                f"agent {i} of {game.name!r} has a {uncertainty.kind} set; Lemma 5 is about total variation "
                "with mass allowed anywhere"
            )
    return plays_on(game)


def _tv_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2 + budget.size, max_horizon=1 + 2 * budget.size))


def _small_tv_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2, max_horizon=1 + budget.size, max_agents=budget.size))


def _chain_plays(budget: Budget) -> Iterator[Play]:
    """Yield chains, on which the sharp bound is attained."""
    for H, radius in product((1, 2, 3, LONG), ("0", "1/4", "1/2", "1")):
        yield good_bad_chain(Chain(Fraction(radius), H))


def failing_chains(budget: Budget) -> Iterator[FailingPlay]:
    """Yield the chains, whose bad state is a failure state."""
    return (FailingPlay(play.game, play.policy) for play in _chain_plays(budget))


def _tiny_chains(budget: Budget) -> Iterator[Play]:
    """Yield all chains of one or two states with point masses and rewards in {0, 1}, the shortest first."""
    radii = (Fraction(1), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4))
    for H, S, radius in product(range(1, 2 + budget.size), (1, 2), radii):
        for kernel, reward in product(product(range(S), repeat=S), product((0, 1), repeat=S)):
            yield _chain_play(np.eye(S)[list(kernel)], np.array(reward), radius, H)


def _tiny_failing_chains(budget: Budget) -> Iterator[FailingPlay]:
    """Yield those of them that have a failure state."""
    plays = (play for play in _tiny_chains(budget) if not lacks_failure_state(play.game))
    return (FailingPlay(play.game, play.policy) for play in plays)


def _chains(budget: Budget) -> Iterator[Chain]:
    denominators = 2 + 2 * budget.size
    radii = sorted(
        {Fraction(n, d) for d in range(1, denominators + 1) for n in range(d + 1)},
        key=lambda x: (x.denominator, x),
    )
    for H, radius in product(range(1, 6 * budget.size + 1), radii):
        yield Chain(radius, H)


def _attained(bound: Bound) -> Callable[[Chain], Derivation]:
    """State that the span of the chain is the bound."""

    def derive(chain: Chain) -> Derivation:
        play = good_bad_chain(chain)
        values = evaluate_exactly(play.game, play.policy)
        low, high = (end[0, 0].tolist() for end in (values.lo, values.hi))
        span = Bounds(max(low) - min(high), max(high) - min(low))
        attained = bound(chain.radius, chain.H)
        return equal(
            span,
            attained,
            lambda: (
                f"good and bad are absorbing, r(good) = 1, r(bad) = 0, H = {chain.H}, rho = {chain.radius}",
                f"exact Bellman recursion: V_1(good) - V_1(bad) {interval(span)}; stated: {attained}",
            ),
        )

    return derive


def _printed_clip(play: Play) -> Derivation:
    """State the bound for the Q of every step, of a lone agent with one action, by eq. (10)."""
    game, V = play.game, _printed_values(play)[0][0]
    parts = []
    for h in range(game.horizon):
        most = max(action_values(game, 0, h, V[h + 1], _printed_sigma).flat)
        where = f"left: the largest Q, by (10), at step {h + 1}; right: the clip"
        parts.append(
            at_most(
                most,
                span_bound(_radius(game, 0), game.horizon - h),
                partial(lambda where: (*describe_game(game), where), where),
            )
        )
    return both(*parts)


def _clip(bound: Bound) -> Callable[[Play], Derivation]:
    """State the bound for ``Q^{dagger, pi_{-i}}`` of every agent, step and joint action."""

    def derive(play: Play) -> Derivation:
        game = play.game

        def lines(i: int, h: int) -> tuple[str, ...]:
            where = f"left: the largest Q^dagger of agent {i} at step {h + 1}; right: the clip"
            return (*describe_game(game), where)

        parts = []
        for i in range(game.n_agents):
            V = best_response_exactly(game, play.policy, i).lo
            for h in range(game.horizon):
                most = max(action_values(game, i, h, V[h + 1], worst_case_exact).flat)
                allowed = bound(_radius(game, i), game.horizon - h)
                parts.append(at_most(most, allowed, partial(lines, i, h)))
        return both(*parts)

    return derive


_SETTING = ("rewards in [0, 1]", "total variation with one radius per agent, rho <= 1", "any joint policy")

B1 = Claim(
    id="B1",
    place="Lemma 5",
    title="Span of the robust value",
    statement="max_s V_h - min_s V_h <= min{1/rho, H - h + 1} for every agent, step and joint policy.",
    latex=(
        r"\max_s V^{\pi,\rho_i}_{i,h}(s) - \min_s V^{\pi,\rho_i}_{i,h}(s) "
        r"\le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}"
    ),
    formalisation=(
        "Exact values of the true set. On a given game rho is the smallest radius of the agent and the bound "
        "is scaled by the range of its rewards when they leave [0, 1]."
    ),
    assumptions=_SETTING,
    corrected="B1.tight",
    instance_type=Play,
    search=Generated(_tv_plays, _chain_plays),
    derive=_spans(_true_values, span_bound),
    neighbours=(
        Neighbour("9/10 of 1/rho", _spans(_true_values, _less_radius(span_bound))),
        Neighbour("H - h + 9/10 for H - h + 1", _spans(_true_values, _less_horizon)),
    ),
    on_game=_tv_plays_on,
)
B1_TIGHT = replace(
    B1,
    id="B1.tight",
    title="Span of the robust value, sharp form",
    statement="max_s V_h - min_s V_h <= (1 - (1 - rho)^k) / rho with k = H - h + 1.",
    latex=(
        r"\max_s V^{\pi,\rho_i}_{i,h}(s) - \min_s V^{\pi,\rho_i}_{i,h}(s) "
        r"\le \frac{1 - (1 - \rho_i)^{H-h+1}}{\rho_i}"
    ),
    formalisation="Exact values of the true set.",
    reading="corrected",
    corrected=None,
    derive=_spans(_true_values, tight_bound),
    neighbours=(Neighbour("99/100 of it for k >= 3", _spans(_true_values, _less_from_three)),),
    on_game=None,
)
B1_ATTAINED = Claim(
    id="B1.attained",
    place="Lemma 5",
    title="The sharp span is attained",
    statement="Two absorbing states, one of which pays 1 a step, have span (1 - (1 - rho)^H) / rho.",
    latex=r"V_1(good) - V_1(bad) = \frac{1 - (1 - \rho)^H}{\rho}",
    formalisation="Exact Bellman recursion on a grid of radii and horizons.",
    assumptions=("total variation",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Chain,
    search=Exhaustive(_chains),
    derive=_attained(tight_bound),
    neighbours=(Neighbour("min{1/rho, H}", _attained(span_bound)),),
)
B2 = Claim(
    id="B2",
    place="Lemma 5 with eq. (10)",
    title="Span of the value that eq. (10) computes",
    statement="The bound of Lemma 5 for values whose worst case is eq. (10) as printed.",
    latex=(
        r"\max_s V_h(s) - \min_s V_h(s) \le \min\left\{\frac{1}{\rho}, H - h + 1\right\}, \quad \sigma = (10)"
    ),
    formalisation=(
        "Backward recursion with the coefficient rho/2, on all chains of at most two states with point "
        "masses and rewards 0 or 1."
    ),
    assumptions=_SETTING,
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B2.corrected",
    instance_type=Play,
    search=Exhaustive(_tiny_chains),
    derive=_spans(_printed_values, span_bound),
)
B2_CORRECTED = replace(
    B2,
    id="B2.corrected",
    title="Span of the value that eq. (10) computes, corrected",
    statement="With eq. (10) as printed the span is at most min{2/rho, H - h + 1}.",
    latex=r"\max_s V_h(s) - \min_s V_h(s) \le \min\left\{\frac{2}{\rho}, H - h + 1\right\}",
    formalisation="Backward recursion with the coefficient rho/2.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(_small_tv_plays, _chain_plays),
    derive=_spans(_printed_values, _doubled),
    neighbours=(Neighbour("9/10 of 2/rho", _spans(_printed_values, _less_radius(_doubled))),),
)
B4 = Claim(
    id="B4",
    place="Lemma 8, proof, eq. (48), with eq. (10)",
    title="The clip of the action value",
    statement="With a failure state and (10), Q^{dagger, pi_-i}_h <= min{1/rho, H - h + 1}, by Lemma 5.",
    latex=r"Q^{\dagger,\pi_{-i}}_{i,h}(s,a) \le \min\{1 / \rho_i, H - h + 1\}, \quad \sigma = (10)",
    formalisation=(
        "Backward recursion with the coefficient rho/2, on all chains of at most two states with point "
        "masses, rewards 0 or 1 and a failure state, as appendix E assumes one throughout. With the true set "
        "it is true; without a failure state false, for Lemma 5 bounds a span."
    ),
    assumptions=(*_SETTING, "an absorbing state without reward"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B4.corrected",
    instance_type=FailingPlay,
    search=Exhaustive(_tiny_failing_chains),
    derive=_printed_clip,
)
B4_CORRECTED: Claim[FailingPlay] = Claim(
    id="B4.corrected",
    place="Lemma 8, proof, eq. (48)",
    title="The clip of the action value, with a failure state",
    statement="With a failure state, so that min_s V = 0, Q^{dagger, pi_-i}_h <= min{1/rho, H - h + 1}.",
    latex=(
        r"\min_s V^{\dagger,\pi_{-i}}_{i,h}(s) = 0 \quad \Rightarrow \quad "
        r"Q^{\dagger,\pi_{-i}}_{i,h}(s,a) \le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}"
    ),
    formalisation="Games with an absorbing state that pays 0.",
    assumptions=(*_SETTING, "an absorbing state without reward"),
    reading="corrected",
    instance_type=FailingPlay,
    search=Generated(lambda budget: failing_plays(2, 1 + budget.size), failing_chains),
    derive=_clip(span_bound),
    neighbours=(
        Neighbour("9/10 of 1/rho", _clip(_less_radius(span_bound))),
        Neighbour("H - h + 9/10 for H - h + 1", _clip(_less_horizon)),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (B1, B1_TIGHT, B1_ATTAINED, B2, B2_CORRECTED, B4, B4_CORRECTED)
