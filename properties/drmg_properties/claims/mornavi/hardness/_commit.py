"""Theorem 4 under NASH: a learner whose regret falls as the number of joint actions grows (E5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.hardness._bandit_game import Arms, TeamArms, gap_lines, robust_gap
from drmg_properties.formulas import ball, enclose_formula, interval, outward

HALF = Fraction(1, 2)
WIDTH = Fraction(1, 2**60)
MAX_PULLS = 2000


@dataclass(frozen=True, slots=True)
class Explorer:
    """A team that tries each of its A = M^N profiles n times, then always plays the one that paid most often.

    Ties are broken by a fair draw. K is the number of episodes.
    """

    team: TeamArms
    n: int
    K: int

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_PULLS or self.n * self.A > self.K or self.team.N < 2:
            raise InputError(
                f"n={self.n}, K={self.K}, N={self.team.N}; expected 1 <= n <= {MAX_PULLS}, K >= n A = "
                f"{self.n * self.A} and several agents"
            )

    @property
    def A(self) -> int:
        """The number of joint actions."""
        return int(self.team.M**self.team.N)

    @property
    def neighbours(self) -> int:
        """How many profiles differ from theta in one agent's action; all others are equilibria."""
        return self.team.N * (self.team.M - 1)


def pulls(K: int, A: int) -> int:
    """Return ``sqrt(K log(2 K A) / A)`` rounded up, but at most K / A."""
    wanted = enclose_formula(lambda: (ball(Fraction(K, A)) * ball(2 * K * A).log()).sqrt(), WIDTH)
    return min(-(-wanted.high.numerator // wanted.high.denominator), K // A)


def chance_of_theta(case: Explorer) -> Fraction:
    """Return the probability that theta is the profile kept, from binomial sums.

    With F the distribution function of a wrong profile's count and p its weights, theta wins at k with
    probability ``(F(k)^A - F(k - 1)^A) / (A p(k))``, ties included.
    """
    n, A, good = case.n, case.A, HALF + case.team.arms.eps
    # Integers over one denominator: adding Fractions would reduce after each of the n terms.
    a, b = good.numerator, good.denominator
    total, below = 0, 0
    for k in range(n + 1):
        upto = below + comb(n, k)
        ties = sum(upto**j * below ** (A - 1 - j) for j in range(A))
        total += comb(n, k) * a**k * (b - a) ** (n - k) * ties
        below = upto
    return Fraction(total, A * b**n * 2 ** (n * (A - 1)))


def _explorers(budget: Budget) -> Iterator[Explorer]:
    shapes = ((2, 2), (3, 2), (2, 3))[: 1 + budget.size]
    advantages = [Fraction(x) for x in ("2/5", "1/4", "1/10", "1/20", "1/100")]
    for (M, N), k, eps in product(shapes, range(3, 4 + budget.size), advantages):
        team, K = TeamArms(M, N, Arms(eps, Fraction(1, 10))), 10**k
        yield Explorer(team, pulls(K, M**N), K)


def _bad_share(case: Explorer) -> Fraction:
    """Return the probability of keeping a neighbour of theta; wrong profiles are alike."""
    return (1 - chance_of_theta(case)) * Fraction(case.neighbours, case.A - 1)


def _regret(case: Explorer) -> Slack:
    """Return the NASH regret: D in each episode that plays a neighbour of theta, 0 in all others."""
    D = robust_gap(case.team.arms)
    factor = case.n * case.neighbours + (case.K - case.n * case.A) * _bad_share(case)
    return Slack(factor * D.low, factor * D.high)


def _allowed(case: Explorer) -> Slack:
    """Return ``8 (M - 1) sqrt(K log(2 K A) / A) + 1``."""

    def formula() -> arb:
        K, A = case.K, case.A
        return 8 * (case.team.M - 1) * (ball(Fraction(K, A)) * ball(2 * K * A).log()).sqrt() + 1

    return enclose_formula(formula, WIDTH)


def _slack(case: Explorer) -> Slack:
    found, allowed = _regret(case), _allowed(case)
    return Slack(allowed.low - found.high, allowed.high - found.low)


def _explain(case: Explorer) -> tuple[str, ...]:
    return (
        f"M = {case.team.M} actions, N = {case.team.N} agents, A = {case.A}, K = {case.K}",
        *gap_lines(case.team.arms),
        f"{case.n} trials of each profile; of these {case.n * case.neighbours} are of neighbours of theta",
        f"a neighbour is kept with probability {outward(_bad_share(case), 1)}, by binomial sums",
        f"NASH regret: {interval(_regret(case))}",
        f"8 (M - 1) sqrt(K log(2 K A) / A) + 1: {interval(_allowed(case))}",
        f"slack = {interval(_slack(case))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="E5.commit",
        place="Theorem 4 (Theorem 2 of the main text), NASH",
        title="Trying every profile, then keeping one",
        statement=(
            "Trying each profile sqrt(K log(2 K A) / A) times and keeping the best has NASH regret at most "
            "8 (M - 1) sqrt(K log(2 K A) / A) + 1, whatever eps and theta."
        ),
        latex=(
            r"E[Regret_{NASH}(K)] \le 8 (M - 1) \sqrt{\frac{K \log(2 K A)}{A}} + 1, \quad A = \prod_i A_i"
        ),
        formalisation=(
            "With two agents or more a wrong profile costs only if it differs from theta in one agent's "
            "action (E5.equilibria). Exact binomial sums, for several eps and K; slack = right - left, "
            "enclosed. The bound falls as A grows: the opposite of a curse."
        ),
        assumptions=("benchmark = nash", "Example 2 with N >= 2", "equal numbers of actions"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Explorer,
        search=Exhaustive(_explorers),
        derive=twins(_slack, _explain),
    ),
)
