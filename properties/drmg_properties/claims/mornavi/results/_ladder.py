r"""Theorem 2, Corollary 1 and section 5.2 for KL, on a ladder that play seldom climbs (C7, C9, G1).

``H = n + 2``, one agent, two actions, three states. From the ladder L play comes to the safe state G with 1 -
p in each of n steps, and stays on the ladder with p. At step n + 1 the action theta leads from L to G, the
other one to X; G and X are never left, and at the last step G pays 1. The adversary climbs with ``q = max
{Q(L): KL(Q || P) <= rho}``, so that ``V^dagger - V^pi = q^n (1 - pi(theta))``. Play comes to the top with p^n
an episode, whatever is played: while ``K p^n <= 1/2`` it never does so with probability 1/2 at least. Then
the data do not depend on theta, both regrets sum to K q^n, and so for one theta the regret is at least ``K
q^n / 2`` with probability 1/4: of every learner, even one that knows all but theta.

Where ``-log p = x`` a radius up to x has ``q >= rho / x``, for ``KL <= rho`` once the entropy of (q, 1 - q)
is at least ``-log(1 - p)``. A learner that tries both actions until it has seen theta loses ``q^n / 2`` in
each of ``1 / p^n`` episodes, so that no more than this ladder asks for is known to be inevitable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, UnsupportedError, Verdict
from drmg_oracles import Enclosure, enclose
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    at_most,
    in_logarithms,
)
from drmg_properties.formulas import ball, enclose_closely, interval, outward, sign

S, A = 3, 2
DELTA = Fraction(1, 20)
STEP = 2
"""n of the witnesses. The factor is P_min^-(n - 1)/2 beyond that of Theorem 2, so H = 4 is enough."""
LONGEST = 24


@dataclass(frozen=True, slots=True)
class Rare:
    """A ladder of n steps, each climbed with probability ``e^-rarity``, the radius, and the constant c.

    ``c L^c``, L the logarithm of the bound, is the polynomial of the logarithm: it exceeds any other at some
    c.
    """

    c: Fraction
    n: int
    radius: Fraction
    rarity: Fraction

    def __post_init__(self) -> None:
        if self.c < 1 or not 1 <= self.n <= LONGEST or not 0 < self.radius <= self.rarity:
            raise InputError(f"{self}; expected c >= 1, 1 <= n <= {LONGEST}, 0 < radius <= rarity")

    @property
    def H(self) -> int:
        """The horizon."""
        return self.n + 2


@dataclass(frozen=True, slots=True)
class Rungs:
    """A ladder of n steps, climbed with probability p, and the radius."""

    n: int
    p: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= LONGEST or not 0 < self.p <= Fraction(1, 2) or self.radius <= 0:
            raise InputError(f"{self}; expected 1 <= n <= {LONGEST}, 0 < p <= 1/2 and radius > 0")

    @property
    def K(self) -> int:
        """The most episodes with ``K p^n <= 1/2``."""
        return int(1 / (2 * self.p**self.n))


@dataclass(frozen=True, slots=True)
class Tried:
    """A ladder and a number of episodes."""

    ladder: Rungs
    K: int

    def __post_init__(self) -> None:
        if self.K < 1:
            raise InputError(f"K={self.K}; expected K >= 1")


def _log_climb(case: Rare) -> arb:
    """Return ``log q`` for ``q = radius / rarity``, which the ball is checked to hold.

    Raises
    ------
    UnsupportedError
        It may not.
    """
    q = case.radius / case.rarity
    entropy = sign(lambda: -ball(q) * ball(q).log() + (1 - (-ball(case.rarity)).exp()).log())
    if q < 1 and entropy <= 0:
        raise UnsupportedError(f"{case}; expected a radius at which q = radius / rarity is in the ball")
    return ball(q).log()


def _log_size(case: Rare) -> arb:
    """Return ``log (e^(2 H^2) S A / (rho^2 P_min))``."""
    return ball(S * A / case.radius**2).log() + 2 * case.H**2 + ball(case.rarity)


def _iota(case: Rare) -> arb:
    """Return ``iota = log(S^2 A H^2 K^(3/2) / delta)`` at ``K = e^(n rarity)``, above the K of the claim."""
    return ball(S**2 * A * case.H**2 / DELTA).log() + ball(Fraction(3, 2) * case.n * case.rarity)


def _level(case: Rare) -> arb:
    """Return ``log(S A H / (eps delta))`` at ``eps = q^n / 4``."""
    return ball(4 * S * A * case.H / DELTA).log() - case.n * _log_climb(case)


def _polynomial(case: Rare, logarithm: arb) -> arb:
    return ball(case.c).log() + ball(case.c) * logarithm.log()


def _game_lines(case: Rare) -> tuple[str, ...]:
    return (
        f"n = {case.n} steps of a ladder, H = {case.H}, S = {S}, A = {A}; p = P_min = e^-{case.rarity}, "
        f"rho = {case.radius}; c = {case.c}",
        f"the adversary climbs a step with q >= rho / {case.rarity} = {case.radius / case.rarity}",
        "V^dagger - V^pi = q^n (1 - pi(theta)); play comes to the top with p^n an episode",
    )


def _theorem_2(case: Rare) -> Derivation:
    """State ``K q^n / 2 <= c iota^c sqrt(H^4 e^(2 H^2) K S A / (rho^2 p))`` over sqrt(K), in logarithms."""
    lost = enclose_closely(lambda: ball(case.n * case.rarity / 2) - ball(4).log() + case.n * _log_climb(case))
    allowed = enclose_closely(
        lambda: _polynomial(case, _iota(case)) + 2 * ball(case.H).log() + _log_size(case) / 2
    )
    return at_most(
        lost,
        allowed,
        lambda: (
            *_game_lines(case),
            "K is the integer part of 1 / (2 p^n), at least 1 / (4 p^n): with probability 1/2 the top is "
            "never reached,",
            "so for one theta the regret is at least K q^n / 2 with probability 1/4 > delta = 1/20",
            f"iota <= {outward(enclose_closely(lambda: _iota(case)).high, 1, 6)}",
            "left: log(K q^n / 2) - log(K) / 2; right: log(c iota^c sqrt(H^4 e^(2 H^2) S A / (rho^2 P_min)))",
        ),
    )


def _corollary_1(case: Rare) -> Derivation:
    """State that the samples of Corollary 1 at ``eps = q^n / 4`` exceed ``H / (2 p^n)``, in logarithms."""
    needed = enclose_closely(lambda: ball(case.H).log() + ball(case.n * case.rarity) - ball(2).log())
    claimed = enclose_closely(
        lambda: (
            _polynomial(case, _level(case))
            + ball(16).log()
            - 2 * case.n * _log_climb(case)
            + 5 * ball(case.H).log()
            + _log_size(case)
        )
    )
    return at_least(
        claimed,
        needed,
        lambda: (
            *_game_lines(case),
            "up to K = 1 / (2 p^n) the top is never reached with probability 1/2, and then for one theta the "
            "output's gap",
            "is q^n / 2 at least, with probability 1/4 > delta = 1/20; take eps = q^n / 4",
            "left: log(c L^c eps^-2 H^5 e^(2 H^2) S A / (rho^2 P_min)), L = log(S A H / (eps delta))",
            "right: log(H / (2 p^n)), the samples that are not enough",
        ),
    )


def _steep(c: Fraction) -> Rare:
    """Return so rare a step that ``rarity / 2`` exceeds ``c log iota``; q falls only like its inverse."""
    return Rare(c, STEP, Fraction(1), 100 + 50 * c)


@cache
def _step(p: Fraction, radius: Fraction, low: Fraction, high: Fraction) -> tuple[Enclosure, Enclosure]:
    below, above = (
        enclose(Row(KullbackLeibler(), (p, 1 - p), (value, Fraction(1)), radius)) for value in (low, high)
    )
    return below, above


def _steps(case: Rungs) -> Iterator[tuple[Enclosure, Enclosure]]:
    """Yield the worst cases of both actions played evenly at the top, from the top down."""
    low = high = Fraction(1, 2)
    for _ in range(case.n):
        below, above = _step(case.p, case.radius, low, high)
        yield below, above
        low, high = below.lo, above.hi


def _gap(case: Rungs) -> Bounds:
    """Return ``V^dagger - V^pi`` for even play at the top: the least of the larger gap of the two thetas."""
    *_, (below, above) = _steps(case)
    return Bounds(1 - above.hi, 1 - below.lo)


def _needs_factor(case: Rungs, share: Fraction = Fraction(1, 4), steps: int = 0) -> Derivation:
    """State that regret is at least ``share 2 gap sqrt(K / P_min^(n + steps))``, 2 gap = q^n."""
    gap = _gap(case)
    lost = Bounds(case.K * gap.low, case.K * gap.high)
    root = enclose_closely(lambda: (ball(case.K) / ball(case.p) ** (case.n + steps)).sqrt())
    claimed = Bounds(2 * share * gap.low * root.low, 2 * share * gap.high * root.high)
    return at_least(
        lost,
        claimed,
        lambda: (
            f"n = {case.n} steps of a ladder, H = {case.n + 2}; P_min = p = {case.p}, rho = {case.radius}, "
            f"K = {case.K}",
            f"certified recursion: even play at the top loses {interval(gap)} = q^n / 2 an episode;",
            "with probability 1/2 the top is never reached, and then no play does better for both thetas",
            f"left: K q^n / 2; right: {share} q^n sqrt(K P_min^-{case.n + steps})",
        ),
    )


def _asks_no_more(case: Tried, share: Fraction = Fraction(1)) -> Derivation:
    """State that trying both actions until theta is seen costs at most ``sqrt(K P_min^-(share n)) / 2``."""
    ladder = case.ladder
    top = ladder.p**ladder.n
    episodes = enclose_closely(lambda: (1 - (1 - ball(top)) ** case.K) / ball(top))
    gap = _gap(ladder)
    bound = enclose_closely(
        lambda: (ball(case.K) * (-ball(share * ladder.n) * ball(ladder.p).log()).exp()).sqrt() / 2
    )
    return at_most(
        Bounds(episodes.low * gap.low, episodes.high * gap.high),
        bound,
        lambda: (
            f"n = {ladder.n} steps of a ladder; P_min = p = {ladder.p}, rho = {ladder.radius}, K = {case.K}",
            f"episodes before the top is seen, at most K: {interval(episodes)} expected; each costs "
            f"{interval(gap)}",
            f"right: sqrt(K P_min^-({share} n)) / 2",
        ),
    )


def _ladders(budget: Budget) -> Iterator[Rungs]:
    """Yield adversaries that climb for sure (radius >= -log p), and weaker ones."""
    chances = [Fraction(1, d) for d in (2, 7, 8, 10**4)]
    radii = [Fraction(x) for x in ("10", "1", "1/8")]
    for n, p, radius in product(range(1, 3 + 2 * budget.size), chances, radii):
        yield Rungs(n, p, radius)


def _trials(budget: Budget) -> Iterator[Tried]:
    """Yield numbers of episodes around ``P_min^-n``, where the ladder costs most, and far from it."""
    for ladder in _ladders(budget):
        most = int(1 / ladder.p**ladder.n)
        for K in (1, most // 10, most, 100 * most):
            if 1 <= K <= 10**12:
                yield Tried(ladder, K)


READING = (
    "A finding beyond the proofs. The bound is read for all games at once: absolute constants, a polynomial "
    "c iota^c of the logarithm that exceeds any other at some c, and every K. It is true if K may be so "
    "large, for each game, as to exceed P_min^-(H-2), of which the theorem says nothing."
)
C7_FINITE = Claim(
    id="C7.finite",
    place="Theorem 2 (upper bound), eq. (9)",
    title="The regret of KL-MORNAVI before P_min^-(H-2) episodes",
    statement=(
        "With probability 1 - delta the regret of K episodes is at most c iota^c sqrt(H^4 e^(2 H^2) K S A / "
        "(rho^2 P_min)), at every K."
    ),
    latex=(
        r"Regret(K) \le c \, \iota^c \sqrt{\frac{H^4 e^{2 H^2} K S \prod_i A_i}"
        r"{\rho_{min}^2 P_{min}^\star}} \quad \forall K"
    ),
    formalisation=READING
    + " No learner whatever has such a regret on the ladder of H = 4; logarithms, certified.",
    assumptions=("one agent with two actions, rewards known", "delta = 1/20"),
    reading="intended",
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="C7.ladder",
    instance_type=Rare,
    search=EveryConstant(_steep),
    derive=lambda case: in_logarithms(_theorem_2(case)),
)
G1_FINITE = replace(
    C7_FINITE,
    id="G1.finite",
    place="Corollary 1, KL",
    title="The samples for an eps-equilibrium, for KL",
    statement=(
        "c L^c eps^-2 H^5 e^(2 H^2) S A / (rho^2 P_min) samples give an eps-equilibrium with probability 1 - "
        "delta, L = log(S A H / (eps delta))."
    ),
    latex=(r"KH \le c \, L^c \, \frac{H^5 e^{2 H^2} S \prod_i A_i}{\epsilon^2 \rho_{min}^2 P_{min}^\star}"),
    formalisation=(
        "As C7.finite, at eps = q^n / 4 on the same ladder: no learner can tell the better action from fewer "
        "than P_min^-(H-2) / 2 episodes. It is true if eps must be so small, for each game, that it asks for "
        "more."
    ),
    derive=lambda case: in_logarithms(_corollary_1(case)),
)
C7_LADDER = Claim(
    id="C7.ladder",
    place="Theorem 2 (upper bound), eq. (9), on the ladder",
    title="What the ladder costs at most",
    statement="Trying both actions until the better one is seen has regret at most sqrt(K P_min^-(H-2)) / 2.",
    latex=r"\frac{q^{H-2}}{2} \min\{K, P_{min}^{-(H-2)}\} \le \frac{1}{2} \sqrt{K P_{min}^{-(H-2)}}",
    formalisation=(
        "Expected regret, by the certified recursion, for K around P_min^-(H-2) and far from it: the factor "
        "of C9 is enough there."
    ),
    assumptions=("one agent with two actions, rewards known",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Tried,
    search=Exhaustive(_trials),
    derive=_asks_no_more,
    neighbours=(Neighbour("9/10 (H - 2) for H - 2", lambda case: _asks_no_more(case, Fraction(9, 10))),),
)
C9 = Claim(
    id="C9",
    place="Section 5.2",
    title="Exponential factors are inevitable",
    statement="The factors e^H and 1 / P_min of the KL bound are inevitable.",
    latex=r"\inf_{ALG} \sup Regret(K) \ge \frac{q^{H-2}}{4} \sqrt{K P_{min}^{-(H-2)}}",
    formalisation=(
        "The paper states no lower bound with them and cites none; the ladder gives one for every learner, "
        "at K = 1 / (2 P_min^(H-2)). As q = 1 for rho >= -log P_min, it is e^(H-2) sqrt(K) / 4 at P_min = "
        "e^-2, and sqrt(K / P_min) q / 4 at H = 3. The factor is P_min^-(H-2)/2, not that of Theorem 2 "
        "(claim C7.finite). Certified recursion."
    ),
    assumptions=("one agent with two actions, rewards known",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Rungs,
    search=Exhaustive(_ladders),
    derive=_needs_factor,
    neighbours=(
        Neighbour("2/5 for 1/4", lambda case: _needs_factor(case, Fraction(2, 5))),
        Neighbour("H - 1 for H - 2", lambda case: _needs_factor(case, steps=1)),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (C7_FINITE, C7_LADDER, C9, G1_FINITE)
