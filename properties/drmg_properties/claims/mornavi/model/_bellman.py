"""Section 2 and Appendix C: the Bellman equation and what rests on it (A5, A6, A7, A9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, action_distribution, marginal
from drmg_check.sets import Row
from drmg_check.vocabulary import Array, Bounds, InputError, UnsupportedError, Verdict
from drmg_oracles import (
    best_response_exactly,
    brute_force_best_response,
    brute_force_value,
    ce_gap_exactly,
    evaluate_exactly,
    gap_exactly,
    worst_case_exact,
)
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
from drmg_properties.claims.steps import answered_values, replies, values_by, values_settled
from drmg_properties.formulas import vector
from drmg_properties.instances import (
    FailingPlay,
    Play,
    correlated_plays,
    describe_play,
    failing_plays,
    lacks_failure_state,
    plays,
    plays_on,
)
from drmg_properties.strategies import EXACT_SETS, games

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
    # Every other game has two agents with two actions: only there do a recommendation and a deviation differ.
    two_by_two = games(uncertainty=EXACT_SETS, min_agents=2, min_actions=2, max_states=2, max_horizon=2)
    return correlated_plays(two_by_two) | plays(games(uncertainty=EXACT_SETS, max_states=2, max_horizon=2))


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
"""Of a play: a place, and two numbers that should be equal there."""


def _equal(pairs: Pairs, left: str, right: str) -> Callable[[Play], Derivation]:
    """Derive that the two numbers at every place are equal."""

    def derive(play: Play) -> Derivation:
        every = tuple(pairs(play))

        def lines() -> tuple[str, ...]:
            return (*describe_play(play), *(f"{label}: {left} {x}, {right} {y}" for label, x, y in every))

        return both(*(equal(x, y, lines) for _, x, y in every))

    return derive


def _recursion_and_kernels(share: Fraction) -> Pairs:
    """Pair the recursion at ``share`` of each radius with the minimum over the kernels of the whole balls."""

    def sigma(row: Row) -> Fraction:
        return worst_case_exact(replace(row, radius=share * row.radius))

    def pairs(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
        V = [values_by(play.game, play.policy, i, sigma) for i in range(play.game.n_agents)]
        for i, h, s in _places(play.game):
            direct = brute_force_value(play.game, play.policy, i, step=h, state=s)
            yield f"agent {i}, step {h + 1}, s{s}", V[i][h, s], direct

    return pairs


def _response_and_deviations(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
    for i in range(play.game.n_agents):
        V = best_response_exactly(play.game, play.policy, i).lo
        yield from _against_deviations(play, i, V)


def _sighted_response(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Let the agent see what the others are told before it answers: a stronger best response."""
    for i in range(play.game.n_agents):

        def answer(h: int, s: int, Q: Array, i: int = i) -> Fraction:
            told = np.array(action_distribution(play.policy, h, s), dtype=object)
            weights = np.atleast_1d(told.reshape(play.game.actions).sum(axis=i))
            best: Fraction = (weights * np.atleast_1d(Q.reshape(play.game.actions).max(axis=i))).sum()
            return best

        yield from _against_deviations(play, i, values_settled(play.game, i, worst_case_exact, answer))


def _against_deviations(play: Play, i: int, V: Array) -> Iterator[tuple[str, Fraction, Fraction]]:
    for h, s in product(range(play.game.horizon), range(play.game.n_states)):
        direct = brute_force_best_response(play.game, play.policy, i, step=h, state=s)
        yield f"agent {i}, step {h + 1}, s{s}", V[h, s], direct


def _modifications(gains: Callable[[Play], Array]) -> Pairs:
    """Pair the gains [m, S] that a recursion gives with the best of all Markov modifications."""

    def pairs(play: Play) -> Iterator[tuple[str, Fraction, Fraction]]:
        game, policy = play.game, play.policy
        recursion = gains(play)
        base = evaluate_exactly(game, policy).lo[:, 0]
        places = tuple(product(range(game.horizon), range(game.n_states)))
        for i in range(game.n_agents):
            count = prod(len(replies(marginal(policy, i, h, s))) for h, s in places)
            if count > MAX_MODIFICATIONS:
                raise UnsupportedError(
                    f"{count} strategy modifications; expected at most {MAX_MODIFICATIONS}"
                )
            values = list(_modified_values(play, i))
            for s in range(game.n_states):
                yield f"agent {i}, s{s}", recursion[i, s], max(V[s] for V in values) - base[i, s]

    return pairs


def _modified_values(play: Play, i: int) -> Iterator[Array]:
    """Yield agent i's first values [S] for all its Markov modifications."""

    def from_step(h: int, following: Array) -> Iterator[Array]:
        if h < 0:
            yield following
            return
        for V in answered_values(play, i, h, following):
            yield from from_step(h - 1, V)

    return from_step(play.game.horizon - 1, np.full(play.game.n_states, Fraction(0), dtype=object))


def _ce_gains(play: Play) -> Array:
    return ce_gap_exactly(play.game, play.policy).lo


def _cce_gains(play: Play) -> Array:
    return gap_exactly(play.game, play.policy).lo


def _sizes(budget: Budget) -> Iterator[FailureSet]:
    return (FailureSet(n) for n in range(1, 3 + budget.size))


def _failure_set(case: FailureSet) -> Derivation:
    """Derive that the mass which the assumption puts on the failure set is at most 1."""
    return at_most(
        case.size,
        1,
        lambda: (
            f"{case.size} failure states: P*(s' | s, a) = 1 for each of them",
            f"the row sums to at least {case.size}, but a distribution sums to 1",
        ),
    )


def _closed_plays(budget: Budget) -> SearchStrategy[FailingPlay]:
    """Draw games with one failure state, or with two that lead to each other."""
    return st.integers(1, 2).flatmap(lambda n: failing_plays(1 + budget.size, 1 + budget.size, n))


def _least_values(states: Callable[[Array], Array]) -> Callable[[FailingPlay], Derivation]:
    """Derive that the least value over the states chosen is 0 at every step, for every agent."""

    def derive(play: FailingPlay) -> Derivation:
        V = evaluate_exactly(play.game, play.policy).lo
        largest = max(abs(v) for v in V.flat)
        steps = tuple(product(range(play.game.n_agents), range(play.game.horizon)))
        worst = max(abs(states(V[i, h]).min()) for i, h in steps)

        def lines() -> tuple[str, ...]:
            each = (
                f"agent {i}, step {h + 1}: V = {vector(V[i, h])}" for i, h, s in _places(play.game) if not s
            )
            return (*describe_play(play), *each)

        return Derivation(
            Bounds.of(worst),
            Bounds.of(0),
            lines,
            silent="" if largest else "every value is 0",
            scale=largest,
            names=("max |min_s V|", "0"),
        )

    return derive


def _others(V: Array) -> Array:
    """Return the values but that of the last state, which is a failure state."""
    others: Array = V[:-1]
    return others


def _failure_on(game: RobustMarkovGame) -> Iterator[FailingPlay]:
    """Yield plays of a game that satisfies Assumption 1."""
    if why := lacks_failure_state(game):
        raise UnsupportedError(why)
    return (FailingPlay(play.game, play.policy) for play in plays_on(game))


_BELLMAN = ("recursion", "minimum over kernels")
POLYHEDRAL = "balls of total variation, L1, contamination and intervals"
_RESPONSE = ("recursion", "best deviation")
_MODIFICATION = ("gain by recursion", "best modification")

A5 = Claim(
    id="A5",
    place="Proposition 1, eq. (12)-(13)",
    title="Robust Bellman equation",
    statement="V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})] is the worst value over the product of the balls.",
    latex=(
        r"V^{\pi,\rho_i}_{i,h}(s) = E_{a \sim \pi_h(\cdot|s)} \left[ r_{i,h}(s,a) + "
        r"\sigma_{P^{\rho_i}_{i,h}(s,a)}[V^{\pi,\rho_i}_{i,h+1}] \right]"
    ),
    formalisation=(
        "Joint policies, correlated ones too. The recursion against the minimum over all products of "
        "vertices of the balls, the return being computed forwards."
    ),
    assumptions=(POLYHEDRAL, "agent-wise (s, a)-rectangular sets", "Markov joint policy"),
    instance_type=Play,
    search=Generated(_tiny_plays),
    derive=_equal(_recursion_and_kernels(Fraction(1)), *_BELLMAN),
    neighbours=(
        Neighbour("9/10 of each radius", _equal(_recursion_and_kernels(Fraction(9, 10)), *_BELLMAN)),
    ),
    on_game=_tiny_plays_on,
)
A6 = Claim(
    id="A6",
    place="Eq. (2)-(3), (56), (68)",
    title="Best response by dynamic programming",
    statement="Backward maximisation against pi_-i gives the best Markov deviation from every state.",
    latex=r"V^{\dagger,\pi_{-i}}_{i,h}(s) = \max_{\pi'_i} V^{\pi'_i \times \pi_{-i}}_{i,h}(s)",
    formalisation=(
        "The recursion against the best of all deterministic Markov deviations, each valued by brute force "
        "over kernels."
    ),
    assumptions=(POLYHEDRAL, "agent i answers the marginal pi_-i"),
    reading="intended",
    severity="typo",
    instance_type=Play,
    search=Generated(_tiny_plays),
    derive=_equal(_response_and_deviations, *_RESPONSE),
    neighbours=(Neighbour("seeing what the others are told", _equal(_sighted_response, *_RESPONSE)),),
)
A7 = Claim(
    id="A7",
    place="Eq. (80), (170)",
    title="Best strategy modification by dynamic programming",
    statement="The best modification phi is found backwards, one recommendation at a time.",
    latex=(
        r"\max_\phi V^{\phi \circ \pi}_h "
        r"= \max_\phi E_{\phi \circ \pi}[\max_{\phi'} Q^{\phi' \circ \pi}_h]"
    ),
    formalisation=(
        "The gain by recursion against the best of all Markov modifications, each valued exactly. In "
        "(162)-(163) V_h is read as V_{h+1}."
    ),
    assumptions=(POLYHEDRAL, "Markov modifications phi_{h,s}"),
    reading="intended",
    severity="typo",
    instance_type=Play,
    search=Generated(_tiny_plays),
    derive=_equal(_modifications(_ce_gains), *_MODIFICATION),
    neighbours=(
        Neighbour("one answer to all recommendations", _equal(_modifications(_cce_gains), *_MODIFICATION)),
    ),
)
A9 = Claim(
    id="A9",
    place="Assumption 1",
    title="A failure set of any size can satisfy the assumption",
    statement="P*(s' | s, a) = 1 for all s and all s' in the failure set S_f.",
    latex=r"P^*_h(s' | s, a) = 1 \quad \mathrm{for\ all\ } s \in S_f, \, s' \in S_f",
    formalisation="The row must have mass |S_f| on S_f, and a distribution has mass 1.",
    assumptions=("S_f is not empty",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="A9.corrected",
    instance_type=FailureSet,
    search=Exhaustive(_sizes),
    derive=_failure_set,
)
A9_CORRECTED = Claim(
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
        "measured by the largest value."
    ),
    assumptions=("rewards >= 0", "a closed set of states without reward"),
    reading="corrected",
    instance_type=FailingPlay,
    search=Generated(_closed_plays),
    derive=_least_values(lambda V: V),
    neighbours=(Neighbour("without the last failure state", _least_values(_others)),),
    on_game=_failure_on,
)

CLAIMS: tuple[Claim[Any], ...] = (A5, A6, A7, A9, A9_CORRECTED)
