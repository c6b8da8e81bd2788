"""Lemma 5: how far apart the robust values of two states can be (B1, B2), and its use in Lemma 8 (B4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Array, InputError, Slack, UnsupportedError, Verdict, exact
from drmg_oracles import best_response_exactly, evaluate_exactly, worst_case_exact
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.model._duals import printed_dual
from drmg_properties.claims.steps import Operator, action_values, values_by
from drmg_properties.formulas import interval, vector
from drmg_properties.instances import (
    FailingPlay,
    Play,
    describe_game,
    describe_play,
    failing_plays,
    is_small,
    plays,
    plays_on,
)
from drmg_properties.strategies import games

MAX_HORIZON = 200
Bound: TypeAlias = Callable[[Fraction, int], Fraction]
Values: TypeAlias = Callable[[Play], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Chain:
    """Two absorbing states, one of which pays 1 a step: radius and horizon."""

    radius: Fraction
    H: int

    def __post_init__(self) -> None:
        if not 0 <= self.radius <= 1 or not 1 <= self.H <= MAX_HORIZON:
            raise InputError(
                f"radius={self.radius}, H={self.H}; expected 0 <= radius <= 1, 1 <= H <= {MAX_HORIZON}"
            )


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


def paper_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 1 / rho, k }`` for k = H - h + 1 steps to go."""
    return min(1 / rho, Fraction(k)) if rho else Fraction(k)


def tight_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``(1 - (1 - rho)^k) / rho``, the sum of ``(1 - rho)^j`` over j < k."""
    return (1 - (1 - rho) ** k) / rho if rho else Fraction(k)


def doubled_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 2 / rho, k }``."""
    return paper_bound(rho / 2, k)


def by_printed_dual(row: Row) -> Fraction:
    """Return eq. (10) as printed, with the coefficient rho / 2."""
    return printed_dual(row, row.radius / 2)[0]


def _true_values(play: Play) -> tuple[Array, Array]:
    # Rational values of a large game grow in length with H S A; 64 bits then decide the slack as well.
    values = evaluate_exactly(play.game, play.policy, bits=None if is_small(play.game) else 64)
    return values.lo, values.hi


def _values_with(sigma: Operator) -> Values:
    def values(play: Play) -> tuple[Array, Array]:
        V = np.stack([values_by(play.game, play.policy, i, sigma) for i in range(play.game.n_agents)])
        return V, V

    return values


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


def _spans(play: Play, values: Values, bound: Bound) -> Iterator[tuple[int, int, Slack, Fraction]]:
    """Yield agent, step, the span as an interval and what is allowed."""
    lo, hi = values(play)
    for i in range(play.game.n_agents):
        rho, scale = _radius(play.game, i), _scale(play.game, i)
        for h in range(play.game.horizon):
            least = max(Fraction(0), max(lo[i, h]) - min(hi[i, h]))
            span = Slack(least, max(hi[i, h]) - min(lo[i, h]))
            yield i, h, span, scale * bound(rho, play.game.horizon - h)


def _span_check(values: Values, bound: Bound) -> Check[Play]:
    def slack(play: Play) -> Slack:
        spans = [(allowed, span) for _, _, span, allowed in _spans(play, values, bound)]
        return Slack(
            min(allowed - span.high for allowed, span in spans),
            min(allowed - span.low for allowed, span in spans),
        )

    def explain(play: Play) -> tuple[str, ...]:
        lo, _ = values(play)
        game = play.game
        lines = list(describe_play(play))
        for i, h in product(range(game.n_agents), reversed(range(game.horizon))):
            lines.append(f"agent {i}, step {h + 1}: V = {vector(lo[i, h])}")
        i, h, span, allowed = min(_spans(play, values, bound), key=lambda found: found[3] - found[2].high)
        lines.append(f"agent {i}, step {h + 1}: span {interval(span)}, allowed {allowed}")
        lines.append(f"slack = {allowed} - span = {interval(slack(play))}")
        return tuple(lines)

    return Check(slack, explain)


def _needs_tv(game: RobustMarkovGame) -> None:
    for i, one in enumerate(game.uncertainty):
        if one != TotalVariation():
            raise UnsupportedError(
                f"agent {i} of {game.name!r} has a {one.kind} set; Lemma 5 is about total variation "
                "with mass allowed anywhere"
            )


def _tv_plays_on(game: RobustMarkovGame) -> Iterable[Play]:
    _needs_tv(game)
    return plays_on(game)


def _tv_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2 + budget.size, max_horizon=1 + 2 * budget.size))


def _small_tv_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2, max_horizon=1 + budget.size, max_agents=budget.size))


def _tiny_chains(budget: Budget) -> Iterator[Play]:
    """Yield all chains of one or two states with point masses and rewards in {0, 1}, the shortest first."""
    radii = (Fraction(1), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4))
    for H, S, radius in product(range(1, 2 + budget.size), (1, 2), radii):
        for kernel, reward in product(product(range(S), repeat=S), product((0, 1), repeat=S)):
            yield _chain_play(np.eye(S)[list(kernel)], np.array(reward), radius, H)


def _chains(budget: Budget) -> Iterator[Chain]:
    denominators = 2 + 2 * budget.size
    radii = sorted(
        {Fraction(n, d) for d in range(1, denominators + 1) for n in range(d + 1)},
        key=lambda x: (x.denominator, x),
    )
    for H, radius in product(range(1, 6 * budget.size + 1), radii):
        yield Chain(radius, H)


def _chain_span(chain: Chain) -> Fraction:
    play = good_bad_chain(chain)
    V: list[Fraction] = evaluate_exactly(play.game, play.policy).lo[0, 0].tolist()
    return max(V) - min(V)


def _attained_slack(chain: Chain) -> Slack:
    return Slack.of(-abs(_chain_span(chain) - tight_bound(chain.radius, chain.H)))


def _attained_explain(chain: Chain) -> tuple[str, ...]:
    return (
        f"good and bad are absorbing, r(good) = 1, r(bad) = 0, H = {chain.H}, rho = {chain.radius}",
        f"exact Bellman recursion: V_1(good) - V_1(bad) = {_chain_span(chain)}",
        f"(1 - (1 - rho)^H) / rho = {tight_bound(chain.radius, chain.H)}",
    )


def _best_response_q(play: Play, sigma: Operator) -> Iterator[tuple[int, int, Array]]:
    """Yield agent, step and ``Q^{dagger, pi_{-i}}_{i,h}[s, a]`` of every joint action."""
    game = play.game
    for i in range(game.n_agents):
        V = best_response_exactly(game, play.policy, i).lo
        for h in range(game.horizon):
            yield i, h, action_values(game, i, h, V[h + 1], sigma)


def _q_slack(play: Play) -> Slack:
    return Slack.of(
        min(
            paper_bound(_radius(play.game, i), play.game.horizon - h) - max(Q.flat)
            for i, h, Q in _best_response_q(play, worst_case_exact)
        )
    )


def _q_explain(play: Play) -> tuple[str, ...]:
    lines = list(describe_game(play.game))
    for i, h, Q in _best_response_q(play, worst_case_exact):
        allowed = paper_bound(_radius(play.game, i), play.game.horizon - h)
        lines.append(f"agent {i}, step {h + 1}: max Q = {max(Q.flat)}, allowed {allowed}")
    return (*lines, f"slack = {_q_slack(play).low}")


_PAPER = _span_check(_true_values, paper_bound)
_TIGHT = _span_check(_true_values, tight_bound)
_PRINTED = _span_check(_values_with(by_printed_dual), paper_bound)
_PRINTED_DOUBLED = _span_check(_values_with(by_printed_dual), doubled_bound)
_ON_GAMES = (
    "On a given game rho is the smallest radius of the agent and the bound is scaled by the range of its "
    "rewards when they leave [0, 1]."
)
_SETTING = ("rewards in [0, 1]", "total variation with one radius per agent", "any joint policy")

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B1",
        place="Lemma 5",
        title="Span of the robust value",
        statement="max_s V_h - min_s V_h <= min{1/rho, H - h + 1} for every agent, step and joint policy.",
        latex=(
            r"\max_s V^{\pi,\rho_i}_{i,h}(s) - \min_s V^{\pi,\rho_i}_{i,h}(s) "
            r"\le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}"
        ),
        formalisation=f"Exact values of the true set; slack = the least of bound - span. {_ON_GAMES}",
        assumptions=_SETTING,
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected="B1.tight",
        instance_type=Play,
        search=Generated(_tv_plays),
        derive=twins(_PAPER.slack, _PAPER.explain),
        on_game=_tv_plays_on,
    ),
    Claim(
        id="B1.tight",
        place="Lemma 5",
        title="Span of the robust value, sharp form",
        statement="max_s V_h - min_s V_h <= (1 - (1 - rho)^k) / rho with k = H - h + 1.",
        latex=(
            r"\max_s V^{\pi,\rho_i}_{i,h}(s) - \min_s V^{\pi,\rho_i}_{i,h}(s) "
            r"\le \frac{1 - (1 - \rho_i)^{H-h+1}}{\rho_i}"
        ),
        formalisation="Exact values of the true set; slack = the least of bound - span.",
        assumptions=_SETTING,
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_tv_plays),
        derive=twins(_TIGHT.slack, _TIGHT.explain),
    ),
    Claim(
        id="B1.attained",
        place="Lemma 5",
        title="The sharp span is attained",
        statement="Two absorbing states, one of which pays 1 a step, have span (1 - (1 - rho)^H) / rho.",
        latex=r"V_1(good) - V_1(bad) = \frac{1 - (1 - \rho)^H}{\rho}",
        formalisation="Exact Bellman recursion on a grid of radii and horizons; slack = -|difference|.",
        assumptions=("total variation",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Chain,
        search=Exhaustive(_chains),
        derive=twins(_attained_slack, _attained_explain),
    ),
    Claim(
        id="B2",
        place="Lemma 5 with eq. (10)",
        title="Span of the value that eq. (10) computes",
        statement="The bound of Lemma 5 for values whose worst case is eq. (10) as printed.",
        latex=(
            r"\max_s V_h(s) - \min_s V_h(s) \le \min\left\{\frac{1}{\rho}, H - h + 1\right\}, \quad "
            r"\sigma = (10)"
        ),
        formalisation=(
            "Backward recursion with the coefficient rho/2, on all chains of at most two states with point "
            "masses and rewards 0 or 1; slack = the least of bound - span."
        ),
        assumptions=_SETTING,
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="B2.corrected",
        instance_type=Play,
        search=Exhaustive(_tiny_chains),
        derive=twins(_PRINTED.slack, _PRINTED.explain),
    ),
    Claim(
        id="B2.corrected",
        place="Lemma 5 with eq. (10)",
        title="Span of the value that eq. (10) computes, corrected",
        statement="With eq. (10) as printed the span is at most min{2/rho, H - h + 1}.",
        latex=r"\max_s V_h(s) - \min_s V_h(s) \le \min\left\{\frac{2}{\rho}, H - h + 1\right\}",
        formalisation="Backward recursion with the coefficient rho/2; slack = the least of bound - span.",
        assumptions=_SETTING,
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_small_tv_plays),
        derive=twins(_PRINTED_DOUBLED.slack, _PRINTED_DOUBLED.explain),
    ),
    Claim(
        id="B4",
        place="Lemma 8, proof, eq. (48)",
        title="The clip of the action value",
        statement="Q^{dagger, pi_-i}_h <= min{1/rho, H - h + 1}, by Lemma 5.",
        latex=r"Q^{\dagger,\pi_{-i}}_{i,h}(s,a) \le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}",
        formalisation=(
            "Exact best responses of the true set, on all chains of at most two states with point masses and "
            "rewards 0 or 1; slack = the least of bound - Q."
        ),
        assumptions=_SETTING,
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="B4.corrected",
        instance_type=Play,
        search=Exhaustive(_tiny_chains),
        derive=twins(_q_slack, _q_explain),
    ),
    Claim(
        id="B4.corrected",
        place="Lemma 8, proof, eq. (48)",
        title="The clip of the action value, with a failure state",
        statement="With a failure state, so that min_s V = 0, Q^{dagger, pi_-i}_h <= min{1/rho, H - h + 1}.",
        latex=(
            r"\min_s V^{\dagger,\pi_{-i}}_{i,h}(s) = 0 \quad \Rightarrow \quad "
            r"Q^{\dagger,\pi_{-i}}_{i,h}(s,a) \le \min\left\{\frac{1}{\rho_i}, H - h + 1\right\}"
        ),
        formalisation="Games with an absorbing state that pays 0; slack = the least of bound - Q.",
        assumptions=(*_SETTING, "an absorbing state without reward"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=FailingPlay,
        search=Generated(lambda budget: failing_plays(2, 1 + budget.size)),
        derive=twins(_q_slack, _q_explain),
    ),
)
