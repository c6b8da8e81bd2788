"""Section 2.1: equilibrium notions, and what the regret of Definition 2 says of them (A12, A15, A16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame, check_policy_fits, is_product
from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import ce_gap_exactly, gap_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Generated,
    Neighbour,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.mornavi.model._bellman import POLYHEDRAL
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, correlated_plays, describe_play, plays
from drmg_properties.strategies import EXACT_SETS, games, policies

MAX_EPISODES = 2**64


@dataclass(frozen=True, slots=True, eq=False)
class Started:
    """A game, a policy, and a distribution of s_1 that gives every state a positive probability."""

    game: RobustMarkovGame
    policy: JointPolicy
    start: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        check_policy_fits(self.game, self.policy)
        if len(self.start) != self.game.n_states or min(self.start) <= 0 or sum(self.start) != 1:
            raise InputError(
                f"start={vector(self.start)}; expected {self.game.n_states} positive probabilities of sum 1"
            )


@dataclass(frozen=True, slots=True)
class Lapses:
    """K = 2^j episodes with gap 1 in episodes 1, 2, 4, ..., K and gap 0 in all others.

    c is a constant that "achieves an equilibrium" may hide.
    """

    j: int
    c: int

    def __post_init__(self) -> None:
        if not self.j >= 0 or 2**self.j > MAX_EPISODES or self.c < 1:
            raise InputError(f"j={self.j}, c={self.c}; expected j >= 0, 2^j <= {MAX_EPISODES}, c >= 1")


def _plays(budget: Budget) -> SearchStrategy[Play]:
    # Every other game has two agents with two actions: only there can a policy be correlated.
    H = min(budget.size, 2)
    two_by_two = games(uncertainty=EXACT_SETS, min_agents=2, min_actions=2, max_states=2, max_horizon=H)
    return correlated_plays(two_by_two) | plays(games(uncertainty=EXACT_SETS, max_states=2, max_horizon=H))


def _lone_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_agents=1, min_states=2, max_states=2, max_horizon=min(budget.size, 2)))


def _elsewhere(play: Play) -> Derivation:
    """Derive that the gap at every state is at most that at s_1."""
    gap = gap_exactly(play.game, play.policy).lo.max(axis=0).tolist()
    s = play.game.initial_state
    return at_most(
        max(gap),
        gap[s],
        lambda: (
            *describe_play(play),
            f"gap, the largest over agents, at s0, s1, ...: {vector(gap)}; episodes start in s{s}",
        ),
    )


@st.composite
def _started(draw: DrawFn, budget: Budget) -> Started:
    game = draw(games(max_states=2, max_horizon=min(budget.size, 2)))
    weights = draw(st.lists(st.integers(1, 3), min_size=game.n_states, max_size=game.n_states))
    start = tuple(Fraction(w, sum(weights)) for w in weights)
    return Started(game, draw(policies(game)), start)


def drawn_start(case: Started) -> tuple[RobustMarkovGame, JointPolicy]:
    """Return the game with one step before it, which pays nothing and moves to s with ``start[s]``.

    That step has radius 0. No state is added: an adversary could move mass there in all later steps.
    """
    game, policy = case.game, case.policy
    m, H, S, A = game.n_agents, game.horizon, game.n_states, game.n_joint_actions
    P = np.empty((H + 1, S, A, S), dtype=object)
    P[0], P[1:] = np.array(case.start, dtype=object), game.transition
    r = np.full((m, H + 1, S, A), Fraction(0), dtype=object)
    rho = np.full((m, H + 1, S, A), Fraction(0), dtype=object)
    r[:, 1:], rho[:, 1:] = game.reward, game.radius
    pi = np.full((H + 1, S, A), Fraction(1, A), dtype=object)
    pi[1:] = policy.weights
    longer = RobustMarkovGame(
        transition=P, reward=r, radius=rho, uncertainty=game.uncertainty, actions=game.actions
    )
    return longer, JointPolicy(pi, policy.actions)


def _start_gaps(case: Started) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Return each agent's gap at the drawn start, and at each state."""
    longer, policy = drawn_start(case)
    drawn = gap_exactly(longer, policy).lo[:, longer.initial_state].tolist()
    return drawn, gap_exactly(case.game, case.policy).lo.tolist()


def _drawn(factor: Callable[[Fraction], Fraction]) -> Callable[[Started], Derivation]:
    """Derive the mean of the gaps, and that the gap at s is at most ``factor(mu(s))`` of it."""

    def derive(case: Started) -> Derivation:
        drawn, gaps = _start_gaps(case)

        def lines() -> tuple[str, ...]:
            return (
                *describe_play(Play(case.game, case.policy)),
                f"s_1 drawn from mu = {vector(case.start)}",
                *(
                    f"agent {i}: gap {whole} at the start, {vector(each)} at the states"
                    for i, (whole, each) in enumerate(zip(drawn, gaps, strict=True))
                ),
            )

        parts = []
        for whole, each in zip(drawn, gaps, strict=True):
            average = sum((mu * gap for mu, gap in zip(case.start, each, strict=True)), Fraction(0))
            parts.append(equal(whole, average, lines))
            if min(each) >= 0:
                shares = zip(case.start, each, strict=True)
                parts += [at_most(gap, factor(mu) * whole, lines) for mu, gap in shares]
        return both(*parts)

    return derive


def _lapse(case: Lapses) -> Derivation:
    """Derive that the gap of episode K is at most c times the mean regret."""
    K, regret = 2**case.j, case.j + 1
    return at_most(
        1,
        Fraction(case.c * regret, K),
        lambda: (
            "one state, one step, one agent; action 1 pays 1, action 0 nothing: the gaps are 0 and 1",
            f"the learner plays action 0 in episodes 1, 2, 4, ..., {K} and action 1 in all others",
            f"Regret({K}) = log2 {K} + 1 = {regret}: sub-linear",
            f"gap(pi^{K}) = 1; c Regret(K) / K = {case.c} * {regret} / {K}",
        ),
    )


def _lapse_for(c: Fraction) -> Lapses:
    """Return the first K = 2^j with ``K > c (j + 1)``."""
    return next(Lapses(j, int(c)) for j in range(64) if 2**j > c * (j + 1))


def _notion_gaps(play: Play) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Return the CCE gains and the CE gains, by agent and state."""
    game, policy = play.game, play.policy
    return gap_exactly(game, policy).lo.tolist(), ce_gap_exactly(game, policy).lo.tolist()


def _nested(always_equal: bool) -> Callable[[Play], Derivation]:
    """Derive ``CCE gap <= CE gap``, and equality for product policies, or for all."""

    def derive(play: Play) -> Derivation:
        cce, ce = _notion_gaps(play)
        product = is_product(play.policy)
        kind = "a product policy: both are the NE gap" if product else "a correlated policy"

        def lines() -> tuple[str, ...]:
            gains = zip(cce, ce, strict=True)
            each = (f"agent {i}: CCE gap {vector(x)}, CE gap {vector(y)}" for i, (x, y) in enumerate(gains))
            return (*describe_play(play), kind, *each)

        pairs = [pair for x, y in zip(cce, ce, strict=True) for pair in zip(x, y, strict=True)]
        compare = equal if product or always_equal else at_most
        return both(*(compare(x, y, lines) for x, y in pairs))

    return derive


A12 = Claim(
    id="A12",
    place="Definitions of robust eps-NE, CCE, CE against Definition 2",
    title="No regret at s_1 is an equilibrium",
    statement="A policy without regret at s_1 is a robust equilibrium, i.e. has no gap at any state.",
    latex=r"gap(\pi, s) \le gap(\pi, s_1) \quad \forall s \in \mathcal{S}",
    formalisation=(
        "The regret sums gap(pi^k, s_1^k), the definitions of equilibria quantify over all s. Exact gaps, "
        "s_1 fixed."
    ),
    assumptions=("s_1^k = s_1 for all k", "total variation"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="A12.corrected",
    instance_type=Play,
    search=Generated(_lone_plays),
    derive=_elsewhere,
)
A12_CORRECTED = Claim(
    id="A12.corrected",
    place=A12.place,
    title="A drawn s_1 bounds the gap at every state",
    statement=(
        "If s_1 is drawn from mu, an agent's gap is the mean of its gaps at the states; where these are "
        "not negative, its gap at s is at most 1 / mu(s) of it."
    ),
    latex=r"gap_i(\pi, \mu) = \sum_s \mu(s) gap_i(\pi, s) \ge \mu(s) \, gap_i(\pi, s)",
    formalisation=(
        "The game with one step before it that draws s_1, by exact recursion: one best response is best "
        "from every state at once. With a fixed s_1, read the definitions at s_1."
    ),
    assumptions=("mu(s) > 0 for all s", "total variation", "no adversary before s_1"),
    reading="corrected",
    instance_type=Started,
    search=Generated(_started),
    derive=_drawn(lambda mu: 1 / mu),
    neighbours=(
        Neighbour("without the factor 1 / mu(s)", _drawn(lambda mu: Fraction(1))),
        Neighbour("9/10 of the factor", _drawn(lambda mu: Fraction(9, 10) / mu)),
    ),
)
A15 = Claim(
    id="A15",
    place="After Definition 2",
    title="Sub-linear regret and the last policy",
    statement=(
        "If an algorithm has sub-linear regret, it achieves an equilibrium: the gap of its last policy is at "
        "most c times the mean regret."
    ),
    latex=r"gap(\pi^K, s_1) \le c \, \frac{Regret(K)}{K}",
    formalisation=(
        "A finding beyond the table of claims. That the policy of the last episode is meant is a reading of "
        "ours; of the best one the sentence is true (G2.corrected). An algorithm that errs in episodes 1, 2, "
        "4, ... has regret log2 K + 1."
    ),
    assumptions=("the policy of the last episode is meant",),
    reading="intended",
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="G2.corrected",
    instance_type=Lapses,
    search=EveryConstant(_lapse_for),
    derive=_lapse,
)
A16 = Claim(
    id="A16",
    place="Section 2.1, solutions to DRMGs",
    title="NE, CE and CCE are nested",
    statement="The CCE gap is at most the CE gap; for product policies both are the NE gap.",
    latex=r"gap_{CCE}(\pi, s) \le gap_{CE}(\pi, s), \quad \pi = \prod_i \pi_i \Rightarrow \text{equal}",
    formalisation=(
        "A finding beyond the table of claims: the paper says so of NE and CCE. Exact best responses and "
        "strategy modifications."
    ),
    assumptions=(POLYHEDRAL,),
    instance_type=Play,
    search=Generated(_plays),
    derive=_nested(always_equal=False),
    neighbours=(Neighbour("equal for correlated policies, too", _nested(always_equal=True)),),
)

CLAIMS: tuple[Claim[Any], ...] = (A12, A12_CORRECTED, A15, A16)
