"""Theorem 4 under NASH: a learner whose regret falls as the number of joint actions grows (E5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

from flint import arb

from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most
from drmg_properties.claims.mornavi.hardness._bandit_game import Arms, TeamArms, gap_lines, robust_gap
from drmg_properties.formulas import ball, enclose_formula, interval

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
        # The weight of k times the sum of F(k)^j F(k - 1)^(A - 1 - j) over ties is a difference of powers.
        total += a**k * (b - a) ** (n - k) * (upto**A - below**A)
        below = upto
    return Fraction(total, A * b**n * 2 ** (n * (A - 1)))


def _explorers(budget: Budget) -> Iterator[Explorer]:
    """Yield teams of two and three, and one of nine that has so many neighbours of theta that N counts."""
    yield Explorer(TeamArms(2, 9, Arms(Fraction(499_999, 10**6), Fraction(7, 10))), 61, 10**5)
    shapes = ((2, 2), (3, 2), (2, 3))[: 1 + budget.size]
    advantages = [Fraction(x) for x in ("2/5", "1/4", "1/10", "1/20", "1/100")]
    for (M, N), k, eps in product(shapes, range(3, 4 + budget.size), advantages):
        team, K = TeamArms(M, N, Arms(eps, Fraction(1, 10))), 10**k
        yield Explorer(team, pulls(K, M**N), K)


def _bad_share(case: Explorer) -> Fraction:
    """Return the probability of keeping a neighbour of theta; wrong profiles are alike."""
    return (1 - chance_of_theta(case)) * Fraction(case.neighbours, case.A - 1)


def _bound(factor: Callable[[int], Fraction], name: str) -> Callable[[Explorer], Derivation]:
    """Derive that the NASH regret is at most ``factor(N) (M - 1) sqrt(K log(2 K A) / A) + 1``.

    It is D in each episode that plays a neighbour of theta, 0 in all others.
    """

    def derive(case: Explorer) -> Derivation:
        D, kept, N = robust_gap(case.team.arms), _bad_share(case), case.team.N
        episodes = case.n * case.neighbours + (case.K - case.n * case.A) * kept
        regret = Bounds(episodes * D.low, episodes * D.high)

        def formula() -> arb:
            K, A = case.K, case.A
            root = (ball(Fraction(K, A)) * ball(2 * K * A).log()).sqrt()
            return ball(factor(N) * (case.team.M - 1)) * root + 1

        allowed = enclose_formula(formula, WIDTH)
        return at_most(
            regret,
            allowed,
            lambda: (
                f"M = {case.team.M} actions, N = {N} agents, A = {case.A}, K = {case.K}",
                *gap_lines(case.team.arms),
                f"{case.n} trials of each profile; of these {case.n * case.neighbours} are of neighbours of "
                f"theta",
                f"a neighbour is kept with probability {interval(Bounds.of(kept))}, by binomial sums",
                f"NASH regret: {interval(regret)}",
                f"{name} (M - 1) sqrt(K log(2 K A) / A) + 1: {interval(allowed)}",
            ),
        )

    return derive


E5_COMMIT = Claim(
    id="E5.commit",
    place="Theorem 4 (Theorem 2 of the main text), NASH",
    title="Trying every profile, then keeping one",
    statement=(
        "Trying each profile sqrt(K log(2 K A) / A) times and keeping the best has NASH regret at most "
        "4 N (M - 1) sqrt(K log(2 K A) / A) + 1, whatever eps and theta."
    ),
    latex=r"E[Regret_{NASH}(K)] \le 4 N (M - 1) \sqrt{\frac{K \log(2 K A)}{A}} + 1, \quad A = \prod_i A_i",
    formalisation=(
        "With two agents or more a wrong profile costs only if it differs from theta in one agent's action "
        "(E5.equilibria): there are N (M - 1) of these. Exact binomial sums, for several eps and K, and a "
        "team of nine. The bound falls as A grows: the opposite of a curse."
    ),
    assumptions=("benchmark = nash", "Example 2 with N >= 2", "equal numbers of actions"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Explorer,
    search=Exhaustive(_explorers),
    derive=_bound(lambda N: Fraction(4 * N), "4 N"),
    neighbours=(Neighbour("8 for 4 N", _bound(lambda N: Fraction(8), "8")),),
)

CLAIMS: tuple[Claim[Any], ...] = (E5_COMMIT,)
