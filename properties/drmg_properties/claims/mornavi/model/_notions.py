"""Section 2.1: equilibrium notions, and what the regret of Definition 2 says of them (A12, A15, A16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame, check_policy_fits, is_product
from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import ce_gap_exactly, gap_exactly
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games, policies

MAX_EPISODES = 10**4


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
    return plays(games(max_states=2, max_horizon=min(budget.size, 2)))


def _lone_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_agents=1, min_states=2, max_states=2, max_horizon=min(budget.size, 2)))


def _elsewhere_slack(play: Play) -> Slack:
    gap = gap_exactly(play.game, play.policy).lo.max(axis=0)
    return Slack.of(gap[play.game.initial_state] - max(gap.tolist()))


def _elsewhere_explain(play: Play) -> tuple[str, ...]:
    gap = gap_exactly(play.game, play.policy).lo.max(axis=0).tolist()
    s = play.game.initial_state
    return (
        *describe_play(play),
        f"gap, the largest over agents, at s0, s1, ...: {vector(gap)}; episodes start in s{s}",
        f"slack = gap(s_1) - max_s gap(s) = {gap[s]} - {max(gap)} = {gap[s] - max(gap)}",
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


def _started_slack(case: Started) -> Slack:
    drawn, gaps = _start_gaps(case)
    slacks = []
    for whole, each in zip(drawn, gaps, strict=True):
        mean = sum((mu * gap for mu, gap in zip(case.start, each, strict=True)), Fraction(0))
        slacks.append(-abs(whole - mean))
        if min(each) >= 0:
            slacks.extend(whole / mu - gap for mu, gap in zip(case.start, each, strict=True))
    return Slack.of(min(slacks))


def _started_explain(case: Started) -> tuple[str, ...]:
    drawn, gaps = _start_gaps(case)
    return (
        *describe_play(Play(case.game, case.policy)),
        f"s_1 drawn from mu = {vector(case.start)}",
        *(
            f"agent {i}: gap {whole} at the start, {vector(each)} at the states"
            for i, (whole, each) in enumerate(zip(drawn, gaps, strict=True))
        ),
        f"slack = {_started_slack(case).low}",
    )


def _lapses(budget: Budget) -> Iterator[Lapses]:
    return (Lapses(j, 10**budget.size) for j in range(14))


def _regret(case: Lapses) -> int:
    return case.j + 1


def _lapse_slack(case: Lapses) -> Slack:
    return Slack.of(Fraction(case.c * _regret(case), 2**case.j) - 1)


def _lapse_explain(case: Lapses) -> tuple[str, ...]:
    K = 2**case.j
    return (
        "one state, one step, one agent; action 1 pays 1, action 0 nothing: the gaps are 0 and 1",
        f"the learner plays action 0 in episodes 1, 2, 4, ..., {K} and action 1 in all others",
        f"Regret({K}) = log2 {K} + 1 = {_regret(case)}: sub-linear",
        f"gap(pi^{K}) = 1; c Regret(K) / K = {case.c} * {_regret(case)} / {K} = "
        f"{Fraction(case.c * _regret(case), K)}",
        f"slack = {_lapse_slack(case).low}",
    )


def _notion_gaps(play: Play) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Return the CCE gains and the CE gains, by agent and state."""
    game, policy = play.game, play.policy
    return gap_exactly(game, policy).lo.tolist(), ce_gap_exactly(game, policy).lo.tolist()


def _notion_slack(play: Play) -> Slack:
    one_action, modified = (np.array(gaps, dtype=object) for gaps in _notion_gaps(play))
    difference = modified - one_action
    return Slack.of(-abs(difference).max() if is_product(play.policy) else difference.min())


def _notion_explain(play: Play) -> tuple[str, ...]:
    cce, ce = _notion_gaps(play)
    lines = [
        f"agent {i}: CCE gap {vector(x)}, CE gap {vector(y)}"
        for i, (x, y) in enumerate(zip(cce, ce, strict=True))
    ]
    kind = "a product policy: both are the NE gap" if is_product(play.policy) else "a correlated policy"
    return (*describe_play(play), kind, *lines, f"slack = {_notion_slack(play).low}")


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A12",
        place="Definitions of robust eps-NE, CCE, CE against Definition 2",
        title="No regret at s_1 is an equilibrium",
        statement="A policy without regret at s_1 is a robust equilibrium, i.e. has no gap at any state.",
        latex=r"gap(\pi, s) \le gap(\pi, s_1) \quad \forall s \in \mathcal{S}",
        formalisation=(
            "The regret sums gap(pi^k, s_1^k), the definitions of equilibria quantify over all s. Exact "
            "gaps, s_1 fixed; slack = gap(s_1) - max_s gap(s)."
        ),
        assumptions=("s_1^k = s_1 for all k", "total variation"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="A12.corrected",
        instance_type=Play,
        search=Generated(_lone_plays),
        derive=twins(_elsewhere_slack, _elsewhere_explain),
    ),
    Claim(
        id="A12.corrected",
        place="Definitions of robust eps-NE, CCE, CE against Definition 2",
        title="A drawn s_1 bounds the gap at every state",
        statement=(
            "If s_1 is drawn from mu, an agent's gap is the mean of its gaps at the states; where these are "
            "not negative, its gap at s is at most 1 / mu(s) of it."
        ),
        latex=r"gap_i(\pi, \mu) = \sum_s \mu(s) gap_i(\pi, s) \ge \mu(s) \, gap_i(\pi, s)",
        formalisation=(
            "The game with one step before it that draws s_1, by exact recursion: one best response is best "
            "from every state at once. slack = the least of -|gap(mu) - mean| and gap(mu) / mu(s) - gap(s). "
            "With a fixed s_1, read the definitions at s_1."
        ),
        assumptions=("mu(s) > 0 for all s", "total variation", "no adversary before s_1"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Started,
        search=Generated(_started),
        derive=twins(_started_slack, _started_explain),
    ),
    Claim(
        id="A15",
        place="After Definition 2",
        title="Sub-linear regret achieves an equilibrium",
        statement="If an algorithm has sub-linear regret, its policies approach a robust equilibrium.",
        latex=r"gap(\pi^K, s_1) \le c \, \frac{Regret(K)}{K}",
        formalisation=(
            "A finding beyond the table of claims. The gap of the policy of episode K is at most a constant "
            "c times the mean regret, for an algorithm that errs in episodes 1, 2, 4, ...: its regret is "
            "log2 K + 1. slack = right - left; c is part of the instance, and every c fails."
        ),
        assumptions=("the policy of the last episode is meant",),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="G2.corrected",
        instance_type=Lapses,
        search=Exhaustive(_lapses),
        derive=twins(_lapse_slack, _lapse_explain),
    ),
    Claim(
        id="A16",
        place="Section 2.1, solutions to DRMGs",
        title="NE, CE and CCE are nested",
        statement="The CCE gap is at most the CE gap; for product policies both are the NE gap.",
        latex=r"gap_{CCE}(\pi, s) \le gap_{CE}(\pi, s), \quad \pi = \prod_i \pi_i \Rightarrow \text{equal}",
        formalisation=(
            "A finding beyond the table of claims: the paper says so of NE and CCE. Exact best responses and "
            "strategy modifications; slack = the least of CE gap - CCE gap, for a product policy minus the "
            "largest |difference|."
        ),
        assumptions=("total variation",),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_plays),
        derive=twins(_notion_slack, _notion_explain),
    ),
)
