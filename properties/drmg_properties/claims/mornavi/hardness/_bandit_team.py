"""Theorem 4 and Example 2 with several agents: deviations of one agent rarely matter (D2, E5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.models import JointPolicy, Model, deterministic_policy
from drmg_check.vocabulary import Bounds, Verdict, distance
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import gap_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._bandit_game import (
    TOLERANCE,
    Arms,
    TeamArms,
    TeamArmsConstant,
    bandit_address,
    gap_in_the_game,
    gap_lines,
    robust_gap,
)
from drmg_properties.formulas import interval


def _teams(budget: Budget) -> Iterator[TeamArms]:
    shapes = ((2, 1), (2, 2), (3, 2), (2, 3))[: 2 + budget.size]
    arms = (Arms(Fraction(1, 10), Fraction(1, 10)), Arms(Fraction(1, 4), Fraction(1, 2)))
    return (TeamArms(M, N, pair) for (M, N), pair in product(shapes, arms))


def _uniform(deviations: Callable[[int], int], name: str) -> Callable[[TeamArms], Derivation]:
    """Derive that uniform play has the gap ``deviations(M) / M^N D``, up to 2^-60."""

    def derive(case: TeamArms) -> Derivation:
        game, D = gap_in_the_game(case, "nash"), robust_gap(case.arms)
        factor = Fraction(deviations(case.M), case.M**case.N)
        formula = Bounds(factor * D.low, factor * D.high)
        return Derivation(
            distance(game, formula),
            Bounds.of(TOLERANCE),
            lambda: (
                f"M = {case.M} actions, N = {case.N} agents",
                *gap_lines(case.arms),
                f"gap of uniform play, from the game's own recursion: {interval(game)}",
                f"{name} / M^N D = {interval(formula)}",
            ),
            scale=D.high,
            names=("|difference|", "2^-60"),
        )

    return derive


def _secretly(case: TeamArmsConstant) -> Derivation:
    """Derive that playing theta for K episodes costs ``sqrt(M^N K) / c``."""
    A, arms = case.M**case.N, Arms(Fraction(1, 4 * case.j), case.radius)
    K = A * case.j**2
    gap = gap_in_the_game(TeamArms(case.M, case.N, arms), "nash", secretly=True)
    lost, wanted = Bounds(K * gap.low, K * gap.high), A * case.j / case.c
    return at_least(
        lost,
        wanted,
        lambda: (
            f"M = {case.M} actions, N = {case.N} agents, A = {A}, K = A j^2 = {K}, c = {case.c}",
            "learner: always plays theta, the secret of the one game whose existence is claimed",
            f"its NASH regret over K episodes, from the game's own recursion: {interval(lost)}",
            f"the theorem wants at least sqrt(A K) / c = {wanted}",
        ),
    )


def _one_game(c: Fraction) -> TeamArmsConstant:
    return TeamArmsConstant(2, 1, 1, Fraction(1, 10), c)


def pure_gaps(case: TeamArms) -> tuple[Bounds, ...]:
    """Return the NASH gap of each pure profile, from the exact recursion of the two-step game."""
    game = corrupted_bandit(agents=case.N, actions=case.M, epsilon=case.arms.eps, radius=case.arms.radius)
    gaps, s = [], game.initial_state
    for a in range(game.n_joint_actions):
        gap = gap_exactly(game, _always(game, a))
        gaps.append(Bounds(max(gap.lo[:, s].tolist()), max(gap.hi[:, s].tolist())))
    return tuple(gaps)


def _always(game: Model, a: int) -> JointPolicy:
    return deterministic_policy(game, lambda h, s: a)


def _pure_counts(case: TeamArms) -> tuple[int, int]:
    """Return how many pure profiles have a gap of at most 2^-60, and how many a gap within 2^-60 of D."""
    gaps, D = pure_gaps(case), robust_gap(case.arms)
    none = sum(gap.high <= TOLERANCE for gap in gaps)
    full = sum(D.low - TOLERANCE <= gap.low and gap.high <= D.high + TOLERANCE for gap in gaps)
    return none, full


def _equilibria(costly: Callable[[TeamArms], int]) -> Callable[[TeamArms], Derivation]:
    """Derive that so many pure profiles have the gap D, and all others none."""

    def derive(case: TeamArms) -> Derivation:
        if robust_gap(case.arms).low <= 2 * TOLERANCE:
            return at_most(0, 1, lambda: gap_lines(case.arms), silent="D is 0, or too small to tell")
        none, full = _pure_counts(case)
        few, every = costly(case), case.M**case.N

        def lines() -> tuple[str, ...]:
            return (
                f"M = {case.M} actions, N = {case.N} agents: {every} pure profiles",
                *gap_lines(case.arms),
                f"NASH gap at most 2^-60, by the game's own recursion: {none}; formula {every - few}",
                f"NASH gap D: {full}; formula {few}",
            )

        return both(equal(none, every - few, lines), equal(full, few, lines))

    return derive


def _ever_larger(c: Fraction) -> TeamArmsConstant:
    """Return a team of two that asks for 40 times what uniform play loses, even with the constant 1/c."""
    return TeamArmsConstant(10 * int(c), 2, 10, Fraction(1, 10), c)


def _uniform_for_ever(case: TeamArmsConstant) -> Derivation:
    """Derive that uniform play costs ``sqrt(M^N K) / c`` over K episodes."""
    A, arms = case.M**case.N, Arms(Fraction(1, 4 * case.j), case.radius)
    D, episodes = robust_gap(arms), (case.M - 1) * case.j**2
    lost, wanted = Bounds(episodes * D.low, episodes * D.high), A * case.j / case.c
    return at_least(
        lost,
        wanted,
        lambda: (
            f"M = {case.M} actions, N = {case.N} agents, A = {A}, K = A j^2 = {A * case.j**2}, c = {case.c}",
            *gap_lines(arms),
            "learner: uniform play for ever. An agent alone can only gain when the others happen to play "
            "theta:",
            "so the gap is (M - 1) / M^N D in each episode, for every theta (E5.uniform);",
            f"regret K (M - 1) / M^N D = {interval(lost)}",
            f"Theorem 4 wants at least sqrt(A K) / c = {wanted}",
        ),
    )


_PLACE = "Theorem 4 (Theorem 2 of the main text), NASH"

D2_BANDIT = Claim(
    id="D2.bandit",
    place="Theorem 2 of the main text (lower bound)",
    title="One bandit that is hard for every algorithm",
    statement="There is a DRMG in which any algorithm has regret at least Omega(sqrt(K A)).",
    latex=(
        r"\exists \mathcal{M} \; \forall ALG: \; E[Regret_{NASH}(K)] \ge "
        r"\Omega\left(\sqrt{K \prod_i A_i}\right)"
    ),
    formalisation=(
        "The order of the quantifiers. The algorithm that always plays the secret of that game has no NASH "
        "regret, whatever constant the Omega hides; eps = 1 / (4 j), K = A j^2."
    ),
    assumptions=("benchmark = nash", "Example 2"),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="E5.team",
    instance_type=TeamArmsConstant,
    search=EveryConstant(_one_game),
    derive=_secretly,
    address=bandit_address,
)
E5 = Claim(
    id="E5",
    place=_PLACE,
    title="Regret of a team in the corrupted bandit",
    statement="With N >= 2 agents every learner has NASH regret Omega(sqrt(K A_1 ... A_N)), some theta.",
    latex=r"\inf_{ALG} \sup_\theta E[Regret_i(K)] \ge \Omega\left(\sqrt{K \prod_i A_i}\right)",
    formalisation=(
        "Two agents, eps = sqrt(A / K) / 4, the choice of the bandit lower bound. Uniform play has the same "
        "gap (M - 1) / M^N D in every episode and for every theta (E5.uniform): a regret of order M, where A "
        "= M^2 is asked for. So there is a game for every constant 1 / c."
    ),
    assumptions=("benchmark = nash", "Example 2 with N = 2"),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="E5.uniform",
    instance_type=TeamArmsConstant,
    search=EveryConstant(_ever_larger),
    derive=_uniform_for_ever,
    address=bandit_address,
)
E5_UNIFORM = Claim(
    id="E5.uniform",
    place=_PLACE,
    title="Gap of uniform play in the corrupted bandit",
    statement="Uniform play has NASH gap (M - 1) / M^N D, whatever theta.",
    latex=r"gap_i(\mathrm{uniform}) = \frac{M - 1}{M^N} D",
    formalisation=(
        "Best response and value from the certified recursion of the two-step game against the formula; they "
        "may differ by 2^-60."
    ),
    assumptions=("benchmark = nash", "Example 2", "equal numbers of actions"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=TeamArms,
    search=Exhaustive(_teams),
    derive=_uniform(lambda M: M - 1, "(M - 1)"),
    neighbours=(Neighbour("M for M - 1", _uniform(lambda M: M, "M")),),
)
E5_EQUILIBRIA = replace(
    E5_UNIFORM,
    id="E5.equilibria",
    title="Nearly every profile of the corrupted bandit is an equilibrium",
    statement=(
        "Of the M^N pure profiles the N (M - 1) that differ from theta in one agent have NASH gap D, all "
        "others are robust NE."
    ),
    latex=r"\#\{ a : gap(a) = 0 \} = M^N - N (M - 1)",
    formalisation=(
        "The gap of each pure profile by the certified recursion of the two-step game, counted as 0 or D "
        "if it is so up to 2^-60."
    ),
    derive=_equilibria(lambda case: case.N * (case.M - 1)),
    neighbours=(Neighbour("all but theta have a gap", _equilibria(lambda case: case.M**case.N - 1)),),
)

CLAIMS: tuple[Claim[Any], ...] = (D2_BANDIT, E5, E5_UNIFORM, E5_EQUILIBRIA)
