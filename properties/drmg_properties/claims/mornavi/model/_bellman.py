"""Section 2 and Appendix C: the Bellman equation and what rests on it (A5, A6, A7, A9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, action_distribution, marginal
from drmg_check.vocabulary import Array, InputError, Slack, UnsupportedError, Verdict
from drmg_oracles import (
    best_response_exactly,
    brute_force_best_response,
    brute_force_value,
    ce_gap_exactly,
    evaluate_exactly,
    worst_case_exact,
)
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.steps import action_values
from drmg_properties.formulas import vector
from drmg_properties.instances import (
    FailingPlay,
    Play,
    describe_play,
    failing_plays,
    lacks_failure_state,
    plays,
    plays_on,
)
from drmg_properties.strategies import games

MAX_MODIFICATIONS = 5000
MAX_STATES = 3
MAX_ROWS = 32


@dataclass(frozen=True, slots=True)
class FailureSet:
    """A set of failure states, of which only the size matters."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 1:
            raise InputError(f"size={self.size}; expected at least one failure state")


def _tiny_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2, max_horizon=2, max_agents=2))


def _tiny_plays_on(game: RobustMarkovGame) -> Iterator[Play]:
    rows = game.horizon * game.n_states * game.n_joint_actions
    if game.n_states > MAX_STATES or rows > MAX_ROWS:
        raise UnsupportedError(
            f"{game.name!r} has {game.n_states} states and {rows} rows; trying all vertex kernels is for "
            f"games of at most {MAX_STATES} states and {MAX_ROWS} rows"
        )
    return plays_on(game)


def _places(game: RobustMarkovGame) -> Iterator[tuple[int, int, int]]:
    return product(range(game.n_agents), range(game.horizon), range(game.n_states))


Pairs = Callable[[Play], Iterator[tuple[str, Fraction, Fraction]]]


def _equal(pairs: Pairs, left: str, right: str) -> Check[Play]:
    """Check that the two numbers of every (label, number, number) are equal."""

    def slack(play: Play) -> Slack:
        return Slack.of(-max(abs(x - y) for _, x, y in pairs(play)))

    def explain(play: Play) -> tuple[str, ...]:
        found = tuple(pairs(play))
        worst = max(found, key=lambda pair: abs(pair[1] - pair[2]))
        return (
            *describe_play(play),
            *(f"{label}: {left} {x}, {right} {y}" for label, x, y in found),
            f"slack = -|{worst[1]} - {worst[2]}| = {-abs(worst[1] - worst[2])}",
        )

    return Check(slack, explain)


def _recursion_and_kernels(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
    V = evaluate_exactly(play.game, play.policy).lo
    for i, h, s in _places(play.game):
        direct = brute_force_value(play.game, play.policy, i, step=h, state=s)
        yield f"agent {i}, step {h + 1}, s{s}", V[i, h, s], direct


def _response_and_deviations(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
    for i in range(play.game.n_agents):
        V = best_response_exactly(play.game, play.policy, i).lo
        for h, s in product(range(play.game.horizon), range(play.game.n_states)):
            direct = brute_force_best_response(play.game, play.policy, i, step=h, state=s)
            yield f"agent {i}, step {h + 1}, s{s}", V[h, s], direct


def _replies(told: tuple[Fraction, ...]) -> list[tuple[int, ...]]:
    """Return the maps of actions to actions; a recommendation that never comes is left alone."""
    n = len(told)
    return list(product(*(range(n) if weight else (b,) for b, weight in enumerate(told))))


def _answers(play: Play, i: int, h: int, s: int, Q: Array) -> set[Fraction]:
    """Return what the agent's answers to the recommendations at (h, s) are worth, for Q(s, .)."""
    actions = play.game.actions
    told = list(zip(np.ndindex(*actions), action_distribution(play.policy, h, s), strict=True))

    def value(reply: tuple[int, ...]) -> Fraction:
        total = Fraction(0)
        for a, weight in told:
            done = (*a[:i], reply[a[i]], *a[i + 1 :])
            total += weight * Q[np.ravel_multi_index(done, actions)]
        return total

    return {value(reply) for reply in _replies(marginal(play.policy, i, h, s))}


def answered_values(play: Play, i: int, h: int, following: Array) -> Iterator[Array]:
    """Yield the values ``V_h`` [S] of agent i for all its answers at step h, given ``V_{h+1}``."""
    Q = action_values(play.game, i, h, following, worst_case_exact)
    each_state = (sorted(_answers(play, i, h, s, Q[s])) for s in range(play.game.n_states))
    for chosen in product(*each_state):
        yield np.array(chosen, dtype=object)


def _modifications(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
    game, policy = play.game, play.policy
    recursion = ce_gap_exactly(game, policy).lo
    base = evaluate_exactly(game, policy).lo[:, 0]
    places = tuple(product(range(game.horizon), range(game.n_states)))

    def from_step(i: int, h: int, following: Array) -> Iterator[Array]:
        if h < 0:
            yield following
            return
        for V in answered_values(play, i, h, following):
            yield from from_step(i, h - 1, V)

    for i in range(game.n_agents):
        count = prod(len(_replies(marginal(policy, i, h, s))) for h, s in places)
        if count > MAX_MODIFICATIONS:
            raise UnsupportedError(f"{count} strategy modifications; expected at most {MAX_MODIFICATIONS}")
        last = np.full(game.n_states, Fraction(0), dtype=object)
        values = list(from_step(i, game.horizon - 1, last))
        for s in range(game.n_states):
            yield f"agent {i}, s{s}", recursion[i, s], max(V[s] for V in values) - base[i, s]


def _sizes(budget: Budget) -> Iterator[FailureSet]:
    return (FailureSet(n) for n in range(1, 3 + budget.size))


def _failure_set_slack(case: FailureSet) -> Slack:
    return Slack.of(1 - case.size)


def _failure_set_explain(case: FailureSet) -> tuple[str, ...]:
    return (
        f"{case.size} failure states: P*(s' | s, a) = 1 for each of them",
        f"the row sums to at least {case.size}, but a distribution sums to 1",
        f"slack = 1 - {case.size} = {1 - case.size}",
    )


def _closed_plays(budget: Budget) -> SearchStrategy[FailingPlay]:
    """Draw games with one failure state, or with two that lead to each other."""
    return st.integers(1, 2).flatmap(lambda n: failing_plays(1 + budget.size, 1 + budget.size, n))


def _failure_slack(play: FailingPlay) -> Slack:
    V = evaluate_exactly(play.game, play.policy).lo
    return Slack.of(-max(abs(V[i, h].min()) for i, h, _ in _places(play.game)))


def _failure_explain(play: FailingPlay) -> tuple[str, ...]:
    V = evaluate_exactly(play.game, play.policy).lo
    lines = [f"agent {i}, step {h + 1}: V = {vector(V[i, h])}" for i, h, s in _places(play.game) if s == 0]
    return (*describe_play(play), *lines, f"slack = -max |min V| = {_failure_slack(play).low}")


def _failure_on(game: RobustMarkovGame) -> Iterator[FailingPlay]:
    """Yield plays of a game that satisfies Assumption 1."""
    if why := lacks_failure_state(game):
        raise UnsupportedError(why)
    return (FailingPlay(play.game, play.policy) for play in plays_on(game))


_BELLMAN = _equal(_recursion_and_kernels, "recursion", "minimum over kernels")
_RESPONSE = _equal(_response_and_deviations, "recursion", "best deviation")
_MODIFICATION = _equal(_modifications, "gain by recursion", "best modification")

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A5",
        place="Proposition 1, eq. (12)-(13)",
        title="Robust Bellman equation",
        statement="V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})] is the worst value over the product of the balls.",
        latex=(
            r"V^{\pi,\rho_i}_{i,h}(s) = E_{a \sim \pi_h(\cdot|s)} \left[ r_{i,h}(s,a) + "
            r"\sigma_{P^{\rho_i}_{i,h}(s,a)}[V^{\pi,\rho_i}_{i,h+1}] \right]"
        ),
        formalisation=(
            "Joint policies, correlated ones too. Recursion against the minimum over all products of "
            "vertices of the balls, the return being computed forwards; slack = -max |difference|."
        ),
        assumptions=("total variation", "agent-wise (s, a)-rectangular sets", "Markov joint policy"),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_tiny_plays),
        derive=twins(_BELLMAN.slack, _BELLMAN.explain),
        on_game=_tiny_plays_on,
    ),
    Claim(
        id="A6",
        place="Eq. (2)-(3), (56), (68)",
        title="Best response by dynamic programming",
        statement="Backward maximisation against pi_-i gives the best Markov deviation from every state.",
        latex=r"V^{\dagger,\pi_{-i}}_{i,h}(s) = \max_{\pi'_i} V^{\pi'_i \times \pi_{-i}}_{i,h}(s)",
        formalisation=(
            "Recursion against the best of all deterministic Markov deviations, each valued by brute force "
            "over kernels; slack = -max |difference|."
        ),
        assumptions=("total variation", "agent i answers the marginal pi_-i"),
        reading="intended",
        severity="typo",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_tiny_plays),
        derive=twins(_RESPONSE.slack, _RESPONSE.explain),
    ),
    Claim(
        id="A7",
        place="Eq. (80), (170)",
        title="Best strategy modification by dynamic programming",
        statement="The best modification phi is found backwards, one recommendation at a time.",
        latex=(
            r"\max_\phi V^{\phi \circ \pi}_h "
            r"= \max_\phi E_{\phi \circ \pi}[\max_{\phi'} Q^{\phi' \circ \pi}_h]"
        ),
        formalisation=(
            "Gain by recursion against the best of all Markov modifications, each valued exactly; "
            "slack = -max |difference|. In (162)-(163) V_h is read as V_{h+1}."
        ),
        assumptions=("total variation", "Markov modifications phi_{h,s}"),
        reading="intended",
        severity="typo",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_tiny_plays),
        derive=twins(_MODIFICATION.slack, _MODIFICATION.explain),
    ),
    Claim(
        id="A9",
        place="Assumption 1",
        title="A failure set of any size can satisfy the assumption",
        statement="P*(s' | s, a) = 1 for all s and all s' in the failure set S_f.",
        latex=r"P^*_h(s' | s, a) = 1 \quad \mathrm{for\ all\ } s \in S_f, \, s' \in S_f",
        formalisation="The row must have mass |S_f| on S_f; slack = 1 - |S_f|.",
        assumptions=("S_f is not empty",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="A9.corrected",
        instance_type=FailureSet,
        search=Exhaustive(_sizes),
        derive=twins(_failure_set_slack, _failure_set_explain),
    ),
    Claim(
        id="A9.corrected",
        place="Assumption 1",
        title="A closed failure set makes the least value zero",
        statement="If S_f is closed under P* and pays nothing, min_s V_h = 0 for all policies and radii.",
        latex=(
            r"P^*_h(S_f | s, a) = 1 \quad (s \in S_f) \quad \Rightarrow \quad "
            r"\min_s V^{\pi,\rho_i}_{i,h}(s) = 0"
        ),
        formalisation=(
            "Games with an absorbing state without reward, or with two such states that lead to each other; "
            "slack = -max |min_s V_h(s)|."
        ),
        assumptions=("rewards >= 0", "a closed set of states without reward"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=FailingPlay,
        search=Generated(_closed_plays),
        derive=twins(_failure_slack, _failure_explain),
        on_game=_failure_on,
    ),
)
