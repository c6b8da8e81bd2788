"""Example 2, the "Robust Corrupted Bandit", by arithmetic: what arms are worth, exact gaps by benchmark.

An arm that pays 1 with probability p is worth ``g(p) = inf { q : kl(q, p) <= rho }`` to a robust agent. The
secret arm has p = 1/2 + eps, every other one 1/2, so a wrong pull costs ``D = g(1/2 + eps) - g(1/2)``. g is
convex, with g(1) = 1; it vanishes where ``rho >= -log(1 - p)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from flint import arb

from drmg_check.models import deterministic_policy, uniform_policy
from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, NumericalError, difference
from drmg_check.zoo import corrupted_bandit
from drmg_oracles import best_response_exactly, enclose, evaluate_exactly
from drmg_properties.claims.mornavi.hardness._shock_game import Benchmark
from drmg_properties.claims.steps import LARGEST_SIZE
from drmg_properties.formulas import ball, enclose_formula, interval

HALF = Fraction(1, 2)
WIDTH = Fraction(1, 2**80)
TOLERANCE = Fraction(1, 2**60)
CROSSOVER_BITS = 12


@dataclass(frozen=True, slots=True)
class Arms:
    """The advantage eps of the secret arm, and the radius."""

    eps: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.eps < HALF or self.radius < 0:
            raise InputError(f"eps={self.eps}, radius={self.radius}; expected 0 < eps < 1/2, radius >= 0")


@dataclass(frozen=True, slots=True)
class ArmsConstant:
    """Arms, and the constant 1 / c that an Omega may hide."""

    arms: Arms
    c: Fraction

    def __post_init__(self) -> None:
        if self.c < 1:
            raise InputError(f"c={self.c}; expected c >= 1")


@dataclass(frozen=True, slots=True)
class TeamArms:
    """N agents with M actions each, and the arms."""

    M: int
    N: int
    arms: Arms

    def __post_init__(self) -> None:
        if self.M < 2 or self.N < 1 or self.M**self.N > LARGEST_SIZE:
            raise InputError(f"M={self.M}, N={self.N}; expected M >= 2, N >= 1 and M^N <= 10^15")


@dataclass(frozen=True, slots=True)
class TeamArmsConstant:
    """Team arms, ``eps = 1 / (4 j)``, ``K = M^N j^2`` episodes, and the constant 1 / c of the Omega."""

    M: int
    N: int
    j: int
    radius: Fraction
    c: Fraction

    def __post_init__(self) -> None:
        TeamArms(self.M, self.N, Arms(Fraction(1, 4 * max(self.j, 1)), self.radius))
        if self.j < 1 or self.c < 1:
            raise InputError(f"j={self.j}, c={self.c}; expected j >= 1 and c >= 1")


def bandit_address(case: Arms | ArmsConstant | TeamArms | TeamArmsConstant) -> str:
    """Return where the game of an instance is found; arms without a team are those of one agent."""
    M, N = (case.M, case.N) if isinstance(case, TeamArms | TeamArmsConstant) else (2, 1)
    if isinstance(case, TeamArmsConstant):
        arms = Arms(Fraction(1, 4 * case.j), case.radius)
    else:
        arms = case if isinstance(case, Arms) else case.arms
    return f"zoo:corrupted-bandit?agents={N}&actions={M}&epsilon={arms.eps}&radius={arms.radius}"


def arm_row(p: Fraction, radius: Fraction) -> Row:
    """Return the row whose worst case is g(p)."""
    return Row(KullbackLeibler(), (1 - p, p), (Fraction(0), Fraction(1)), radius)


@cache
def worth(p: Fraction, radius: Fraction) -> Bounds:
    """Return g(p), enclosed."""
    enclosure = enclose(arm_row(p, radius))
    return Bounds(enclosure.lo, enclosure.hi)


def robust_gap(arms: Arms) -> Bounds:
    """Return ``D = g(1/2 + eps) - g(1/2)``, enclosed."""
    secret, other = worth(HALF + arms.eps, arms.radius), worth(HALF, arms.radius)
    return Bounds(secret.low - other.high, secret.high - other.low)


def vanishing_radius(eps: Fraction) -> Bounds:
    """Return ``-log(1/2 - eps)``, enclosed: from there on even the secret arm is worth nothing."""
    return enclose_formula(lambda: -ball(HALF - eps).log(), WIDTH)


@cache
def crossover(radius: Fraction) -> Bounds:
    """Return an eps at which ``D = eps``, enclosed to ``2^-CROSSOVER_BITS``, for a radius > 0.

    D / eps increases with eps, g being convex, from less than 1 to more than 1 at eps = 1/2.
    """
    low, high = Fraction(0), HALF
    while high - low > Fraction(1, 2**CROSSOVER_BITS):
        middle = (low + high) / 2
        excess = difference(robust_gap(Arms(middle, radius)), Bounds.of(middle))
        if not (excess.holds or excess.violated):
            raise NumericalError(f"D is too near to eps = {middle} at rho = {radius} to tell which is larger")
        low, high = (middle, high) if excess.violated else (low, middle)
    return Bounds(low, high)


def slope_at_half(radius: Fraction) -> Bounds:
    """Return ``2 x / atanh(2 x)`` with x = 1/2 - g(1/2), the slope of g at 1/2, for 0 < rho < log 2."""
    at = worth(HALF, radius)

    def formula() -> arb:
        x = 1 - 2 * ball(at.low).union(ball(at.high))
        return x / x.atanh()

    return enclose_formula(formula, WIDTH)


def gap_lines(arms: Arms) -> tuple[str, ...]:
    """Write what the two kinds of arms are worth."""
    return (
        f"eps = {arms.eps}, rho = {arms.radius}",
        f"g(1/2 + eps) = {interval(worth(HALF + arms.eps, arms.radius))}",
        f"g(1/2) = {interval(worth(HALF, arms.radius))}",
        f"D = {interval(robust_gap(arms))}",
    )


def gap_in_the_game(case: TeamArms, benchmark: Benchmark, *, secretly: bool = False) -> Bounds:
    """Return the regret of uniform play in one episode, from the exact recursion of the two-step game.

    The team is one agent whose actions are the joint ones. ``secretly``: of playing the secret instead.
    """
    N, M = (1, case.M**case.N) if benchmark == "team" else (case.N, case.M)
    game = corrupted_bandit(agents=N, actions=M, epsilon=case.arms.eps, radius=case.arms.radius)
    last = game.n_joint_actions - 1
    policy = deterministic_policy(game, lambda h, s: last) if secretly else uniform_policy(game)
    value, s = evaluate_exactly(game, policy), game.initial_state
    agents = range(N) if benchmark == "nash" else range(1)
    best = [best_response_exactly(game, policy, i) for i in agents]
    return Bounds(
        max(best[i].lo[0, s] - value.hi[i, 0, s] for i in agents),
        max(best[i].hi[0, s] - value.lo[i, 0, s] for i in agents),
    )
