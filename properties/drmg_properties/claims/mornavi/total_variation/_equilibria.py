"""Lemmas 9 and 10, Corollary 1: equilibria of stage games and of the policy that is output (B32, G2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import permutations, product
from typing import Any, TypeAlias

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import action_distribution
from drmg_check.vocabulary import Array, InputError, Verdict
from drmg_oracles import ce_gap_exactly, evaluate_exactly, worst_case_exact
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
    chance_at_most,
)
from drmg_properties.claims.steps import action_values, mean
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games

Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Agent 1's payoffs ``R[a][b]``, and the profiles (a, b) that are told with equal probability."""

    R: Matrix
    profiles: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        _check_matrix(self.R)
        n, m = len(self.R), len(self.R[0])
        if not self.profiles or not all(0 <= a < n and 0 <= b < m for a, b in self.profiles):
            raise InputError(f"profiles={self.profiles}; expected actions of a {n} x {m} game")


@dataclass(frozen=True, slots=True)
class TwoProfiles:
    """A bimatrix game and two pure profiles (a, b), played one after the other."""

    R1: Matrix
    R2: Matrix
    first: tuple[int, int]
    second: tuple[int, int]

    def __post_init__(self) -> None:
        _check_matrix(self.R1)
        _check_matrix(self.R2)
        n, m = len(self.R1), len(self.R1[0])
        if (len(self.R2), len(self.R2[0])) != (n, m):
            raise InputError(f"R2 is {len(self.R2)} x {len(self.R2[0])}; expected {n} x {m}")
        if not all(0 <= a < n and 0 <= b < m for a, b in (self.first, self.second)):
            raise InputError(f"profiles {self.first}, {self.second}; expected actions of a {n} x {m} game")


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of K episodes, and the probability delta with which the output may fail."""

    gaps: tuple[Fraction, ...]
    delta: Fraction

    def __post_init__(self) -> None:
        if not self.gaps or min(self.gaps) < 0 or not 0 < self.delta < 1:
            raise InputError(
                f"gaps={vector(self.gaps)}, delta={self.delta}; expected gaps >= 0, 0 < delta < 1"
            )


def _check_matrix(R: Matrix) -> None:
    if not R or not R[0] or any(len(row) != len(R[0]) for row in R):
        raise InputError(f"payoffs have rows of lengths {[len(row) for row in R]}; expected a matrix")


def external_gain(case: Told) -> Fraction:
    """Return what agent 1 gains by one fixed action: at most 0 in a coarse correlated equilibrium."""
    columns = [b for _, b in case.profiles]
    best = max(sum((row[b] for b in columns), Fraction(0)) for row in case.R)
    return best / len(columns) - obeyed_value(case)


def swap_gain(case: Told) -> Fraction:
    """Return what agent 1 gains by the best answer to each recommendation."""
    total = Fraction(0)
    for told in {a for a, _ in case.profiles}:
        columns = [b for a, b in case.profiles if a == told]
        total += max(sum((row[b] for b in columns), Fraction(0)) for row in case.R)
    return total / len(case.profiles) - obeyed_value(case)


def obeyed_value(case: Told) -> Fraction:
    """Return what agent 1 earns by obeying."""
    return sum((case.R[a][b] for a, b in case.profiles), Fraction(0)) / len(case.profiles)


def _told(budget: Budget) -> Iterator[Told]:
    """Yield coarse equilibria: payoffs 0 or 1, one profile for each action of both agents; 2 x 2 first."""
    for n in (2, 3):
        for order in permutations(range(n)):
            profiles = tuple(enumerate(order))
            for flat in product((0, 1), repeat=n * n):
                R = tuple(tuple(map(Fraction, flat[n * a : n * a + n])) for a in range(n))
                case = Told(R, profiles)
                if external_gain(case) <= 0:
                    yield case


def _swaps(case: Told) -> Derivation:
    """State that the best answers to the recommendations earn at most what obeying does."""
    obeyed, swap = obeyed_value(case), swap_gain(case)
    return at_most(
        obeyed + swap,
        obeyed,
        lambda: (
            f"agent 1's payoffs R1 = {', '.join(map(vector, case.R))}; agent 2 is always paid 0",
            f"profiles told, each with probability {Fraction(1, len(case.profiles))}: {case.profiles}",
            f"obeying earns {obeyed}; a fixed action gains at most {external_gain(case)}: it is a CCE",
            f"answering each recommendation on its own gains {swap}",
            "left: max_phi V^(phi o pi); right: U, with the bonus at 0",
        ),
    )


def stage_gain(play: Play, i: int, h: int, s: int, Q: Array) -> Fraction:
    """Return agent i's gain at one stage by the best answer to each recommendation, Q held fixed."""
    actions = play.game.actions
    weights = np.array(action_distribution(play.policy, h, s), dtype=object).reshape(actions)
    payoffs = np.moveaxis(Q[s].reshape(actions), i, 0).reshape(actions[i], -1)
    gain = Fraction(0)
    by_told = np.moveaxis(weights, i, 0).reshape(actions[i], -1)
    for told, given in enumerate(by_told):
        earned = [mean(given.tolist(), payoffs[b].tolist()) for b in range(actions[i])]
        gain += max(earned) - earned[told]
    return gain


def _gains(play: Play) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Yield agent, its largest CE gain over states, and the sum over h of its largest stage gain."""
    game = play.game
    V, gap = evaluate_exactly(game, play.policy).lo, ce_gap_exactly(game, play.policy).lo
    for i in range(game.n_agents):
        local = Fraction(0)
        for h in range(game.horizon):
            Q = action_values(game, i, h, V[i, h + 1], worst_case_exact)
            local += max(stage_gain(play, i, h, s, Q) for s in range(game.n_states))
        yield i, max(gap[i].tolist()), local


def _local(play: Play, share: Fraction = Fraction(1)) -> Derivation:
    """State that every agent's CE gain is at most ``share`` of the sum of its stage gains."""

    def lines(i: int) -> tuple[str, ...]:
        return (
            *describe_play(play),
            f"left: the CE gain of agent {i}; right: {share} of the sum over steps of its largest stage gain",
        )

    return both(*(at_most(gain, share * local, partial(lines, i)) for i, gain, local in _gains(play)))


def _plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=2, max_horizon=1 + budget.size))


def _mixed_value(R: Matrix, x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    return sum((p * q * R[a][b] for a, p in enumerate(x) for b, q in enumerate(y)), Fraction(0))


def nash_gap(R1: Matrix, R2: Matrix, x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    """Return the larger gain of the two agents by a deviation from the product of x and y."""
    n, m = len(x), len(y)
    one = max(_mixed_value(R1, _pure(a, n), y) for a in range(n)) - _mixed_value(R1, x, y)
    two = max(_mixed_value(R2, x, _pure(b, m)) for b in range(m)) - _mixed_value(R2, x, y)
    return max(one, two)


def _pure(a: int, n: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(a == b) for b in range(n))


def _two_profiles(budget: Budget) -> Iterator[TwoProfiles]:
    """Yield diagonal 2 x 2 games with payoffs 0, 1, 2 and all pairs of pure profiles."""
    profiles = ((0, 0), (0, 1), (1, 0), (1, 1))
    for a, b, c, d in product((0, 1, 2), repeat=4):
        R1 = ((Fraction(a), Fraction(0)), (Fraction(0), Fraction(b)))
        R2 = ((Fraction(c), Fraction(0)), (Fraction(0), Fraction(d)))
        for first, second in product(profiles, repeat=2):
            yield TwoProfiles(R1, R2, first, second)


def _averaged(case: TwoProfiles) -> tuple[Fraction, Fraction, Fraction]:
    """Return the gaps of the two profiles and that of the product of the averaged marginals."""
    n, m = len(case.R1), len(case.R1[0])
    pairs = [(_pure(a, n), _pure(b, m)) for a, b in (case.first, case.second)]
    x, y = (
        tuple((p + q) / 2 for p, q in zip(*marginals, strict=True)) for marginals in zip(*pairs, strict=True)
    )
    each = [nash_gap(case.R1, case.R2, *pair) for pair in pairs]
    return each[0], each[1], nash_gap(case.R1, case.R2, x, y)


def _averaging(case: TwoProfiles) -> Derivation:
    """State that the product of the averages has at most the average gap."""
    first, second, together = _averaged(case)
    return at_most(
        together,
        (first + second) / 2,
        lambda: (
            *_profile_lines(case, first, second),
            f"each agent averages its own actions: the product has NASH gap {together}",
        ),
    )


def _least(case: TwoProfiles, share: Fraction = Fraction(1)) -> Derivation:
    """State that the better profile has at most ``share`` of the average gap."""
    first, second, _ = _averaged(case)
    return at_most(
        min(first, second), share * (first + second) / 2, lambda: _profile_lines(case, first, second)
    )


def _profile_lines(case: TwoProfiles, first: Fraction, second: Fraction) -> tuple[str, ...]:
    return (
        f"R1 = {', '.join(map(vector, case.R1))}; R2 = {', '.join(map(vector, case.R2))}",
        f"profiles {case.first} and {case.second} have NASH gaps {first} and {second}",
    )


def _gap_lists(budget: Budget) -> Iterator[Gaps]:
    for delta in (Fraction(1, 2), Fraction(1, 20)):
        for K in range(1, 4 + budget.size):
            for gaps in product((0, 1, 4), repeat=K):
                yield Gaps(tuple(map(Fraction, gaps)), delta)


def _drawn(case: Gaps, markov: bool, share: Fraction = Fraction(1)) -> Derivation:
    """State ``P(gap of a drawn episode > eps) <= delta``, eps the mean gap, or share of it over delta."""
    eps = share * sum(case.gaps, Fraction(0)) / len(case.gaps) / (case.delta if markov else 1)
    failure = Fraction(sum(gap > eps for gap in case.gaps), len(case.gaps))
    name = f"{share} mean / delta" if markov else "mean"
    return chance_at_most(
        failure,
        case.delta,
        lambda: (
            f"gaps of the episodes {vector(case.gaps)}, delta = {case.delta}; eps = {name} = {eps}",
            f"an episode drawn at random has a gap above eps with probability {failure}",
        ),
    )


B32 = Claim(
    id="B32",
    place="Lemma 9 (titled CCE)",
    title="Modifications against a coarse correlated equilibrium",
    statement="With EQUILIBRIUM = CCE, max_phi V^{phi o pi} <= the optimistic estimate U.",
    latex=r"\max_\phi V^{\phi \circ \pi^k, \rho_i}_{i,h}(s) \le \bar V^{k,\rho_i}_{i,h}(s)",
    formalisation=(
        "One step, one state, bonus 0: U = V^pi, so the claim is that in a CCE no answer to the "
        "recommendations gains. All games with payoffs 0 or 1 for agent 1 and 0 for agent 2, one profile "
        "told for each action, 2 x 2 before 3 x 3."
    ),
    assumptions=("pi is a CCE of the stage game",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="B32.corrected",
    instance_type=Told,
    search=Exhaustive(_told),
    derive=_swaps,
)
B32_CORRECTED = Claim(
    id="B32.corrected",
    place="Lemmas 9 and 10, titles exchanged",
    title="Stage-wise correlated equilibria are correlated equilibria",
    statement="The CE gain of an agent is at most the sum over steps of its largest stage gain.",
    latex=r"\max_\phi V^{\phi \circ \pi}_1 - V^\pi_1 \le \sum_{h=1}^H \max_s gain_h(s)",
    formalisation=(
        "The stage gain is taken with Q^pi held fixed, so a policy that is a CE of every stage game is a CE."
    ),
    assumptions=("total variation", "any joint policy"),
    reading="corrected",
    instance_type=Play,
    search=Generated(_plays),
    derive=_local,
    neighbours=(Neighbour("9/10 of the stage gains", lambda play: _local(play, Fraction(9, 10))),),
)
G2 = Claim(
    id="G2",
    place="Corollary 1, online-to-batch",
    title="Averaging product policies keeps the NASH gap",
    statement="The agents' averaged policies have at most the average NASH gap of the episodes.",
    latex=r"gap(\bar\pi_1 \times \bar\pi_2) \le \frac{1}{K} \sum_{k=1}^K gap(\pi^k)",
    formalisation=(
        "One step, one state, two episodes with pure profiles in a diagonal 2 x 2 game; each agent "
        "averages its own policies."
    ),
    assumptions=("NASH", "output by averaging, as online-to-batch has it"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="G2.corrected",
    instance_type=TwoProfiles,
    search=Exhaustive(_two_profiles),
    derive=_averaging,
)
G2_CORRECTED = Claim(
    id="G2.corrected",
    place="Corollary 1",
    title="The best episode has at most the average gap",
    statement="The episode with the least certified gap has at most the average NASH gap.",
    latex=r"\min_k gap(\pi^k) \le \frac{1}{K} \sum_{k=1}^K gap(\pi^k)",
    formalisation=(
        "The learner can pick k by max_i (U_i - L_i)(s_1), which bounds the gap; here the gap itself."
    ),
    assumptions=("fixed s_1",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=TwoProfiles,
    search=Exhaustive(_two_profiles),
    derive=_least,
    neighbours=(Neighbour("9/10 of the mean", lambda case: _least(case, Fraction(9, 10))),),
)
G2_RANDOM = Claim(
    id="G2.random",
    place="Corollary 1, online-to-batch",
    title="An episode drawn at random",
    statement="The policy of a random episode has at most the average gap, with probability 1 - delta.",
    latex=r"P\left( gap(\pi^k) > \frac{1}{K} \sum_{j=1}^K gap(\pi^j) \right) \le \delta",
    formalisation=("The other conversion that keeps product policies. All gaps 0, 1 or 4 of few episodes."),
    assumptions=("k uniformly random",),
    reading="intended",
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="G2.random-corrected",
    instance_type=Gaps,
    search=Exhaustive(_gap_lists),
    derive=lambda case: _drawn(case, markov=False),
)
G2_RANDOM_CORRECTED = Claim(
    id="G2.random-corrected",
    place="Corollary 1, online-to-batch",
    title="An episode drawn at random, by Markov's inequality",
    statement="A random episode has at most 1 / delta times the average gap, with probability 1 - delta.",
    latex=r"P\left( gap(\pi^k) > \frac{1}{\delta K} \sum_{j=1}^K gap(\pi^j) \right) \le \delta",
    formalisation="As G2.random. So K grows by 1 / delta^2; choosing the episode (G2.corrected) is free.",
    assumptions=("k uniformly random",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Gaps,
    search=Exhaustive(_gap_lists),
    derive=lambda case: _drawn(case, markov=True),
    neighbours=(Neighbour("2/3 of it", lambda case: _drawn(case, True, Fraction(2, 3))),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B32,
    B32_CORRECTED,
    G2,
    G2_CORRECTED,
    G2_RANDOM,
    G2_RANDOM_CORRECTED,
)
