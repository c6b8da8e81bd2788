"""Appendices E and F: sums over visits, eq. (19), (39) and (124) (B13, B25, B27, C15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
)
from drmg_properties.formulas import ball, enclose_closely, root, vector
from drmg_properties.strategies import fractions

MAX_VISITS = 10**4
DELTA = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Visits:
    """How often each of the S A pairs of one step is played in K episodes, in descending order."""

    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= sum(self.counts) <= MAX_VISITS or min(self.counts) < 0:
            raise InputError(f"counts={self.counts}; expected counts >= 0 with a sum of 1 to {MAX_VISITS}")
        if list(self.counts) != sorted(self.counts, reverse=True):
            raise InputError(f"counts={self.counts}; expected them in descending order")

    @property
    def K(self) -> int:
        """The number of episodes."""
        return sum(self.counts)

    @property
    def cells(self) -> int:
        """The number of pairs."""
        return len(self.counts)

    def line(self) -> str:
        """Return what is given, for a derivation."""
        return f"H = S = 1, A = {self.cells} pairs visited {self.counts} times, K = {self.K}"


@dataclass(frozen=True, slots=True)
class Weighted:
    """Numbers of visits N >= 1, and standard deviations w >= 0, one of each per term of a sum."""

    N: tuple[int, ...]
    w: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not self.N or len(self.N) != len(self.w) or min(self.N) < 1 or min(self.w) < 0:
            raise InputError(f"N={self.N}, w={vector(self.w)}; expected pairs of N >= 1 and w >= 0")


@dataclass(frozen=True, slots=True)
class Spread:
    """S states and A joint actions, each pair visited n times at each of H steps; a constant c of the O."""

    S: int
    A: int
    H: int
    n: int
    c: Fraction

    def __post_init__(self) -> None:
        if min(self.S, self.A, self.H) < 1 or not 1 <= self.n <= MAX_VISITS or self.c <= 0:
            raise InputError(
                f"S={self.S}, A={self.A}, H={self.H}, n={self.n}, c={self.c}; expected sizes >= 1, "
                f"n <= {MAX_VISITS}, c > 0"
            )


@st.composite
def _weighted(draw: DrawFn, budget: Budget) -> Weighted:
    n = draw(st.integers(1, 2 + 2 * budget.size))
    pairs = [(draw(st.integers(1, 9)), draw(fractions(0, 2, 3))) for _ in range(n)]
    return Weighted(tuple(N for N, _ in pairs), tuple(w for _, w in pairs))


def _proportional(budget: Budget) -> Iterator[Weighted]:
    """Yield deviations in proportion to 1 / sqrt(N), where both sides are equal."""
    for n in (1, 2, 3):
        yield Weighted((1, 4, 9)[:n], (Fraction(1), Fraction(1, 2), Fraction(1, 3))[:n])


def _cauchy(case: Weighted, share: Fraction = Fraction(1)) -> Derivation:
    """State ``(sum w / sqrt(N))^2 <= share sum w^2 sum 1 / N``; the square term by term, for exactness."""
    low = high = Fraction(0)
    for n, w in zip(case.N, case.w, strict=True):
        for m, v in zip(case.N, case.w, strict=True):
            inverse = root(Fraction(1, n * m))
            low, high = low + w * v * inverse.low, high + w * v * inverse.high
    spread = sum((w * w for w in case.w), Fraction(0))
    inverses = sum((Fraction(1, n) for n in case.N), Fraction(0))
    return at_most(
        Bounds(low, high),
        share * spread * inverses,
        lambda: (
            f"N = {case.N}, sqrt(Var) = {vector(case.w)}",
            f"left = (sum sqrt(Var / N))^2; sum of Var = {spread}, sum of 1 / N = {inverses}",
        ),
    )


def _partitions(total: int, parts: int, largest: int) -> Iterator[tuple[int, ...]]:
    if parts == 0:
        if total == 0:
            yield ()
        return
    for first in range(min(total, largest), -1, -1):
        for rest in _partitions(total - first, parts - 1, first):
            yield (first, *rest)


def _visits(budget: Budget) -> Iterator[Visits]:
    """Yield every way to share K visits among the pairs, K small, then some long runs of one pair or five."""
    for K in range(1, 5 + 4 * budget.size):
        for cells in range(1, 4):
            yield from map(Visits, _partitions(K, cells, K))
    for K in (50, 400, 2000):
        yield Visits((K,))
        yield Visits((K // 5,) * 5)


def _inverse_sum(counts: tuple[int, ...]) -> Fraction:
    """Return the sum over episodes of ``1 / (N v 1)``, where N counts the visits before the episode."""
    terms = (Fraction(1, max(n, 1)) for count in counts for n in range(count))
    return sum(terms, Fraction(0))


def _root_sum(counts: tuple[int, ...]) -> arb:
    """Return the sum over episodes of ``1 / sqrt(N v 1)``."""
    return sum((1 / ball(max(n, 1)).sqrt() for count in counts for n in range(count)), ball(0))


def _inverses(case: Visits, name: str, allowed: Callable[[], arb]) -> Derivation:
    """State that the sum of 1 / (N v 1) is at most what is named, per step."""
    total = _inverse_sum(case.counts)
    return at_most(
        enclose_closely(lambda: ball(total)),
        enclose_closely(allowed),
        lambda: (case.line(), f"left = sum of 1 / (N v 1), right = {name}"),
    )


def _by_iota(case: Visits, c: Fraction = Fraction(1)) -> Derivation:
    """Compare with ``c S A iota``; S = 1 is the least S^2 A for so many pairs."""

    def allowed() -> arb:
        return ball(c) * case.cells * (ball(case.cells / DELTA).log() + 3 * ball(case.K).log() / 2)

    return _inverses(case, f"{c} S A iota, delta = {DELTA}", allowed)


def _by_log(case: Visits, added: Fraction = Fraction(2)) -> Derivation:
    """Compare with ``S A (added + log K)``."""
    return _inverses(case, f"S A ({added} + log K)", lambda: case.cells * (ball(added) + ball(case.K).log()))


def _roots(case: Visits, pairs: int, factor: Fraction = Fraction(2)) -> Derivation:
    """State that the sum of 1 / sqrt(N v 1) is at most ``factor (sqrt(K S A) + pairs S A)``, per step."""
    return at_most(
        enclose_closely(lambda: _root_sum(case.counts)),
        enclose_closely(lambda: ball(factor) * (ball(case.K * case.cells).sqrt() + pairs * case.cells)),
        lambda: (
            case.line(),
            f"left = sum of 1 / sqrt(N v 1), right = {factor} (sqrt(K S A) + {pairs} S A)",
        ),
    )


def _last_terms(case: Spread, name: str, factor: Fraction) -> Derivation:
    """State that what the last terms of (19) sum to at rho = 1 is at most ``factor sqrt(n)``."""
    pairs = case.S * case.A
    return at_most(
        enclose_closely(lambda: case.H**3 * case.S * pairs * _root_sum((case.n,))),
        enclose_closely(lambda: ball(factor) * ball(case.n).sqrt()),
        lambda: (
            f"S = {case.S}, A = {case.A}, H = {case.H}, rho = 1; each pair is visited {case.n} times at each "
            f"step, K = {pairs * case.n}",
            f"left = sum of H^2 S / sqrt(N v 1) over steps and episodes; right = {name}",
        ),
    )


def _claimed_rate(case: Spread) -> Derivation:
    """Compare with ``c sqrt(H^2 S A K)``, the rate of Theorem 1 at rho = 1."""
    name = f"c sqrt(min(1/rho, H) H^2 S A K) with c = {case.c}"
    return _last_terms(case, name, case.c * case.H * case.S * case.A)


def _own_rate(case: Spread, c: Fraction = Fraction(2)) -> Derivation:
    """Compare with ``c sqrt(H^6 S^3 A K)``."""
    return _last_terms(case, f"{c} sqrt(H^6 S^3 A K)", c * case.H**3 * case.S**2 * case.A)


def _many_states(c: Fraction) -> Spread:
    """Return so many states that the terms are some hundred times the rate with the constant c."""
    return Spread(int(100 * c), 2, 2, 4, c)


def _spreads(budget: Budget) -> Iterator[Spread]:
    return (Spread(S, 2, 2, n, Fraction(1)) for S in (2, 10**budget.size) for n in (1, 4, 400))


B13_RATE = Claim(
    id="B13.rate",
    place="Theorem 1 with (19) as printed",
    title="The rate with the last term of the printed bonus",
    statement="The last terms of (19) sum to at most c sqrt(min{1/rho, H} H^2 S A K).",
    latex=(
        r"\sum_{k,h} \frac{H^2 S}{\sqrt{N^k_h \vee 1}} \le "
        r"c \sqrt{\min\{\rho^{-1}, H\} H^2 S K \prod_i A_i}"
    ),
    formalisation=(
        "c2 = 1, without iota on either side, rho = 1, every pair visited equally often. The ratio is "
        "between H^2 S / c and twice that for every K; for each c the witness has S = 100 c states."
    ),
    assumptions=("the bonus (19), with which optimism holds (B13)",),
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="B13.rate-corrected",
    instance_type=Spread,
    search=EveryConstant(_many_states),
    derive=_claimed_rate,
)
B13_RATE_CORRECTED = replace(
    B13_RATE,
    id="B13.rate-corrected",
    title="The rate that the last term of the printed bonus gives",
    statement="The last terms of (19) sum to at most 2 c2 iota sqrt(H^6 S^3 A K).",
    latex=r"\sum_{k,h} \frac{H^2 S}{\sqrt{N^k_h \vee 1}} \le 2 \sqrt{H^6 S^3 K \prod_i A_i}",
    formalisation="As B13.rate; by C15.tight for visits of any kind.",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    search=Exhaustive(_spreads),
    derive=_own_rate,
    neighbours=(Neighbour("19/10 for 2", lambda case: _own_rate(case, Fraction(19, 10))),),
)
B25 = Claim(
    id="B25",
    place="Eq. (39)",
    title="Cauchy-Schwarz for the sum of bonuses",
    statement="The sum of sqrt(Var / N) is at most the root of (sum of Var) times (sum of 1 / N).",
    latex=(
        r"\sum_{k,h} \sqrt{\frac{Var}{N \vee 1}} \le "
        r"\sqrt{\sum_{k,h} Var} \; \sqrt{\sum_{k,h} \frac{1}{N \vee 1}}"
    ),
    formalisation=(
        "Both sides squared, each product of roots on its own: exact for perfect squares, among which are "
        "all cases of equality, and enclosed otherwise."
    ),
    assumptions=("N >= 1, Var >= 0 with a rational root",),
    instance_type=Weighted,
    search=Generated(_weighted, _proportional),
    derive=_cauchy,
    neighbours=(Neighbour("99/100 of the right side", lambda case: _cauchy(case, Fraction(99, 100))),),
)
B27 = Claim(
    id="B27",
    place="Second factor of eq. (39), after Liu et al. (2021), Theorem 3",
    title="The sum of inverse visits",
    statement="The sum over steps and episodes of 1 / (N v 1) is at most c2 H S A iota; c2 = 1 serves.",
    latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{N^k_h(s^k_h, a^k_h) \vee 1} \le H S A \iota",
    formalisation=(
        "The sum depends on the final counts only, and steps add up: every way to share K visits among S A "
        "pairs at one step, S = 1, where iota is least; delta = 1/20. As K grows, c2 -> 2/3 is needed."
    ),
    assumptions=("delta <= 1/20", "N counts the visits in earlier episodes"),
    expected=Verdict.ON_A_LIST,
    corrected="B27.tight",
    instance_type=Visits,
    search=Exhaustive(_visits),
    derive=_by_iota,
    neighbours=(Neighbour("c2 = 3/5", lambda case: _by_iota(case, Fraction(3, 5))),),
)
B27_TIGHT = replace(
    B27,
    id="B27.tight",
    place="Second factor of eq. (39)",
    title="The sum of inverse visits, for every delta",
    statement="The sum over steps and episodes of 1 / (N v 1) is at most H S A (2 + log K).",
    latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{N^k_h(s^k_h, a^k_h) \vee 1} \le H S A (2 + \log K)",
    formalisation=(
        "As B27: every way to share K visits among S A pairs. 1 + Euler's constant would do for the 2."
    ),
    assumptions=("N counts the visits in earlier episodes",),
    reading="corrected",
    corrected=None,
    derive=_by_log,
    neighbours=(Neighbour("31/20 for 2", lambda case: _by_log(case, Fraction(31, 20))),),
)
C15 = replace(
    B27,
    id="C15",
    place="Eq. (124)",
    title="The sum of inverse roots of visits",
    statement="The sum of 1 / sqrt(N v 1) is at most c (sqrt(H^2 K S A) + H S A); c = 2 serves.",
    latex=(
        r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{\sqrt{N^k_h \vee 1}} \le "
        r"2 \left(\sqrt{H^2 K S A} + H S A\right)"
    ),
    formalisation=(
        "The sum depends on the final counts only, and steps add up: every way to share K visits among S A "
        "pairs at one step."
    ),
    assumptions=("N counts the visits in earlier episodes",),
    corrected="C15.tight",
    derive=lambda case: _roots(case, 1),
    neighbours=(Neighbour("c = 19/10", lambda case: _roots(case, 1, Fraction(19, 10))),),
)
C15_TIGHT = replace(
    C15,
    id="C15.tight",
    title="The sum of inverse roots of visits, one term",
    statement="The sum of 1 / sqrt(N v 1) is at most 2 sqrt(H^2 K S A).",
    latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{\sqrt{N^k_h \vee 1}} \le 2 \sqrt{H^2 K S A}",
    formalisation="As C15, without the second term.",
    reading="corrected",
    corrected=None,
    derive=lambda case: _roots(case, 0),
    neighbours=(Neighbour("19/10 for 2", lambda case: _roots(case, 0, Fraction(19, 10))),),
)
CLAIMS: tuple[Claim[Any], ...] = (B13_RATE, B13_RATE_CORRECTED, B25, B27, B27_TIGHT, C15, C15_TIGHT)
