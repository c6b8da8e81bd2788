"""Lemma 3, eq. (16) and Theorem 4: how often learners of a bandit must pull a wrong arm (E5, E6, E8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb, isqrt
from typing import Any, TypeAlias

from drmg_check.vocabulary import Bounds, InputError, UnsupportedError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
)
from drmg_properties.claims.mornavi.hardness._bandit_game import Arms, robust_gap, slope_at_half
from drmg_properties.formulas import interval

HALF = Fraction(1, 2)
AUER = Fraction(1, 20)
"""The constant of the lower bound of Auer, Cesa-Bianchi, Freund and Schapire (2002), Theorem 5.1."""
MAX_PULLS = 12
ADVANTAGES = tuple(Fraction(n, 8) for n in (1, 2, 3))
Counts: TypeAlias = tuple[tuple[int, int], ...]  # of each arm: how often it paid, how often it did not


@dataclass(frozen=True, slots=True)
class Bandit:
    """M arms, K pulls."""

    M: int
    K: int

    def __post_init__(self) -> None:
        if self.M < 2 or self.K < 1:
            raise InputError(f"M={self.M}, K={self.K}; expected M >= 2 arms and K >= 1 pulls")


@dataclass(frozen=True, slots=True)
class RobustBandit:
    """A bandit whose learner is judged with a radius below log 2."""

    bandit: Bandit
    radius: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.radius < Fraction(69, 100):
            raise InputError(f"radius={self.radius}; expected 0 < rho < 69/100 < log 2")


@dataclass(frozen=True, slots=True)
class Commitment:
    """Two arms, advantage eps, ``K = 2 j^2`` pulls: pull each arm n times, then only the better one.

    1 / c is the constant that an Omega may hide.
    """

    eps: Fraction
    n: int
    j: int
    c: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.eps < HALF or not 1 <= self.n <= 1000 or self.j**2 < self.n or self.c < 1:
            raise InputError(
                f"eps={self.eps}, n={self.n}, j={self.j}, c={self.c}; expected 0 < eps < 1/2, "
                "1 <= n <= 1000, n <= j^2, c >= 1"
            )


def fewest_wrong_pulls(bandit: Bandit, eps: Fraction) -> Fraction:
    """Return the least expected number of wrong pulls when every arm is as likely to be the secret one.

    Backward induction over the counts of each arm, with the likelihoods not normalised. No learner has a
    smaller expectation in the worst case, as the worst case is at least the mean over secrets.
    """
    if bandit.K > MAX_PULLS:
        raise UnsupportedError(f"{bandit.K} pulls; expected at most {MAX_PULLS}")

    @cache
    def cost(counts: Counts) -> Fraction:
        done = sum(map(sum, counts))
        if done == bandit.K:
            return Fraction(0)
        weights = [
            HALF**done * (1 + 2 * eps) ** paid * (1 - 2 * eps) ** not_paid for paid, not_paid in counts
        ]
        total = sum(weights, Fraction(0))
        return min(
            total - weights[a] + cost(_after(counts, a, 1, 0)) + cost(_after(counts, a, 0, 1))
            for a in range(bandit.M)
            if a == 0 or counts[a] != counts[a - 1]
        )

    return cost(((0, 0),) * bandit.M) / bandit.M


def _after(counts: Counts, a: int, paid: int, not_paid: int) -> Counts:
    moved = list(counts)
    moved[a] = (counts[a][0] + paid, counts[a][1] + not_paid)
    return tuple(sorted(moved))


def _root(n: int) -> Bounds:
    """Return the square root of an integer, enclosed."""
    scaled = isqrt(n << 160)
    return Bounds(Fraction(scaled, 1 << 80), Fraction(scaled + (scaled * scaled < n << 160), 1 << 80))


def _bandits(budget: Budget) -> Iterator[Bandit]:
    """Yield bandits with more pulls than arms."""
    longest = {2: 4 + 2 * budget.size, 3: 4 + budget.size, 4: 4 + budget.size}
    return (Bandit(M, K) for M, most in longest.items() for K in range(M + 1, most + 1))


def _auer(constant: Fraction) -> Callable[[Bandit], Derivation]:
    """Derive that no learner loses less than ``constant sqrt(M K)``, for the best eps of the grid."""

    def derive(case: Bandit) -> Derivation:
        lost, eps = max((eps * fewest_wrong_pulls(case, eps), eps) for eps in ADVANTAGES)
        root = _root(case.M * case.K)
        wanted = Bounds(constant * root.low, constant * root.high)
        return at_least(
            lost,
            wanted,
            lambda: (
                f"M = {case.M} arms, K = {case.K} pulls; one arm pays with probability 1/2 + eps, others 1/2",
                f"eps = {eps}, the secret arm uniformly random: no learner loses less than {lost} on average",
                f"{constant} sqrt(M K) {interval(wanted)}",
            ),
        )

    return derive


def _robust_bandits(budget: Budget) -> Iterator[RobustBandit]:
    radii = (Fraction(1, 10), HALF, Fraction(17, 25))
    return (RobustBandit(bandit, radius) for bandit in _bandits(budget) for radius in radii)


def _team(constant: Fraction) -> Callable[[RobustBandit], Derivation]:
    """Derive that no learner loses less than ``constant c(rho) sqrt(A K)``, for the best eps of the grid."""

    def derive(case: RobustBandit) -> Derivation:
        losses = []
        for eps in ADVANTAGES:
            D, wrong = robust_gap(Arms(eps, case.radius)), fewest_wrong_pulls(case.bandit, eps)
            losses.append((wrong * D.low, eps, Bounds(wrong * D.low, wrong * D.high)))
        _, eps, lost = max(losses, key=lambda each: each[0])
        root, slope = _root(case.bandit.M * case.bandit.K), slope_at_half(case.radius)
        wanted = Bounds(constant * slope.low * root.low, constant * slope.high * root.high)
        return at_least(
            lost,
            wanted,
            lambda: (
                f"A = {case.bandit.M} joint actions, K = {case.bandit.K} episodes, rho = {case.radius}",
                f"eps = {eps}, theta uniformly random: the least expected robust regret {interval(lost)}",
                f"c(rho) = 2 x / atanh(2 x) {interval(slope)}; {constant} c(rho) sqrt(A K) "
                f"{interval(wanted)}",
            ),
        )

    return derive


def _binomial(n: int, p: Fraction) -> tuple[Fraction, ...]:
    return tuple(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1))


def chance_of_the_wrong_arm(eps: Fraction, n: int) -> Fraction:
    """Return the probability that the other arm paid more often in n pulls of each; a tie counts half."""
    secret, other = _binomial(n, HALF + eps), _binomial(n, HALF)
    below, wrong = Fraction(0), Fraction(0)
    for at, more in zip(secret, other, strict=True):
        wrong += more * (below + at / 2)
        below += at
    return wrong


def _commitment(c: Fraction) -> Commitment:
    """Return a run that loses 240 at most, where 2000 are asked for."""
    return Commitment(Fraction(2, 5), 600, 1000 * int(c), c)


def _commits(case: Commitment) -> Derivation:
    """Derive that exploring, then committing, costs at least ``sqrt(2 K) / c = 2 j / c``."""
    wrong = chance_of_the_wrong_arm(case.eps, case.n)
    K = 2 * case.j**2
    lost, wanted = case.eps * (case.n + (K - 2 * case.n) * wrong), 2 * case.j / case.c
    return at_least(
        Bounds.of(lost),
        wanted,
        lambda: (
            f"2 arms, eps = {case.eps} fixed, K = 2 * {case.j}^2 = {K}, c = {case.c}, no adversary",
            f"learner: {case.n} pulls of each arm, then the one that paid more often, ties by a coin",
            f"the wrong arm is kept with probability {interval(Bounds.of(wrong))}, a sum of binomials",
            f"regret = eps (n + (K - 2 n) P(wrong)) {interval(Bounds.of(lost))}, whichever arm is the secret",
            f"(16) wants at least sqrt(2 K) / c = {2 * case.j} / {case.c} = {wanted}",
        ),
    )


E5_TEAM = Claim(
    id="E5.team",
    place="Theorem 4 (Theorem 2 of the main text), team",
    title="Regret of a team against the best joint action",
    statement=(
        "Against max_pi V - V^pi, for rho < log 2 and with eps chosen after K, every learner has for "
        "some theta a regret of at least c(rho) sqrt(K A) / 20."
    ),
    latex=(
        r"\inf_{ALG} \sup_{\epsilon, \theta} E[Regret_{team}(K)] \ge "
        r"\frac{c(\rho)}{20} \sqrt{K \prod_i A_i}, \quad c(\rho) = \frac{2x}{artanh(2x)}"
    ),
    formalisation=(
        "A = prod A_i arms. The learner sees nominal draws, and a wrong pull costs D: the least expected "
        "number of wrong pulls, by exact backward induction over counts with theta uniformly random, "
        "times D, for the best eps of 1/8, 1/4, 3/8."
    ),
    assumptions=("benchmark = team", "Example 2", "0 < rho < log 2", "eps may depend on K", "K > A"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=RobustBandit,
    search=Exhaustive(_robust_bandits),
    derive=_team(AUER),
    neighbours=(Neighbour("1/5 for 1/20", _team(Fraction(1, 5))),),
)
E6 = Claim(
    id="E6",
    place="Lemma 3 (Auer et al.)",
    title="The lower bound for bandits",
    statement="For M >= 2 arms and K > M some instance costs every learner at least sqrt(M K) / 20.",
    latex=r"\inf_{ALG} \sup E[Regret(K)] \ge \frac{1}{20} \sqrt{M K}",
    formalisation=(
        "External; the constant is that of its source. On small bandits, exactly: the least expected "
        "regret with the secret arm uniformly random, by backward induction over the counts of all arms, "
        "for the best eps of 1/8, 1/4, 3/8."
    ),
    assumptions=("K > M", "eps may depend on K"),
    expected=Verdict.ON_A_LIST,
    instance_type=Bandit,
    search=Exhaustive(_bandits),
    derive=_auer(AUER),
    neighbours=(Neighbour("1/6 for 1/20", _auer(Fraction(1, 6))),),
)
E8 = Claim(
    id="E8",
    place="Example 2, eq. (16)",
    title="The bandit bound with a fixed advantage",
    statement="With eps a constant, every learner has for some theta a regret of Omega(sqrt(K A)).",
    latex=(
        r"\inf_{ALG} \sup_{\theta} E[Regret(K; M_{\theta,0})] \ge "
        r"\Omega\left(\sqrt{K \prod_i A_i}\right)"
    ),
    formalisation=(
        "A finding beyond the table of claims: Example 2 fixes eps, Lemma 3 chooses the instance after K. "
        "Two arms, eps = 2/5, exact binomials: exploring 600 pulls of each arm, then committing, loses 240, "
        "while sqrt(2 K) / c grows without end."
    ),
    assumptions=("benchmark = team", "Example 2 with N = 1", "eps does not depend on K"),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="E5.team",
    instance_type=Commitment,
    search=EveryConstant(_commitment),
    derive=_commits,
)

CLAIMS: tuple[Claim[Any], ...] = (E5_TEAM, E6, E8)
