"""Appendices E and F: sums over visits, eq. (19), (39) and (124) (B13, B25, B27, C15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.formulas import ball, enclose_formula, interval, vector
from drmg_properties.strategies import fractions

WIDTH = Fraction(1, 2**60)
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


def _inverse_root(n: int) -> Slack:
    """Return ``1 / sqrt(n)``, exactly for a square."""
    if isqrt(n) ** 2 == n:
        return Slack.of(Fraction(1, isqrt(n)))
    return enclose_formula(lambda: 1 / ball(n).sqrt(), WIDTH)


def _cauchy_sides(case: Weighted) -> tuple[Slack, Fraction]:
    """Return ``(sum w / sqrt(N))^2``, term by term, and ``sum w^2 sum 1 / N``."""
    low = high = Fraction(0)
    for n, w in zip(case.N, case.w, strict=True):
        for m, v in zip(case.N, case.w, strict=True):
            root = _inverse_root(n * m)
            low, high = low + w * v * root.low, high + w * v * root.high
    total = sum((w * w for w in case.w), Fraction(0)) * sum((Fraction(1, n) for n in case.N), Fraction(0))
    return Slack(low, high), total


def _cauchy_slack(case: Weighted) -> Slack:
    left, right = _cauchy_sides(case)
    return Slack(right - left.high, right - left.low)


def _cauchy_explain(case: Weighted) -> tuple[str, ...]:
    left, right = _cauchy_sides(case)
    return (
        f"N = {case.N}, sqrt(Var) = {vector(case.w)}",
        f"(sum sqrt(Var / N))^2 = {interval(left)}",
        f"sum Var times sum 1 / N = {right}",
        f"slack = {interval(_cauchy_slack(case))}",
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


def inverse_sum(counts: tuple[int, ...]) -> Fraction:
    """Return the sum over episodes of ``1 / (N v 1)``, where N counts the visits before the episode."""
    return sum(
        (sum((Fraction(1, max(n, 1)) for n in range(count)), Fraction(0)) for count in counts), Fraction(0)
    )


def _root_sum(counts: tuple[int, ...]) -> arb:
    """Return the sum over episodes of ``1 / sqrt(N v 1)``."""
    return sum((1 / ball(max(n, 1)).sqrt() for count in counts for n in range(count)), ball(0))


def _inverse_check(printed: bool) -> Check[Visits]:
    """Check the sum of 1 / (N v 1) against ``S A iota`` or ``S A (2 + log K)``, per step."""

    def allowed(case: Visits) -> arb:
        cells, K = len(case.counts), sum(case.counts)
        iota = ball(cells / DELTA).log() + 3 * ball(K).log() / 2  # S = 1, A = cells: the least S^2 A
        return cells * (iota if printed else 2 + ball(K).log())

    def slack(case: Visits) -> Slack:
        found = inverse_sum(case.counts)
        return enclose_formula(lambda: allowed(case) - ball(found), WIDTH)

    def explain(case: Visits) -> tuple[str, ...]:
        right = "S A iota" if printed else "S A (2 + log K)"
        return (
            f"H = S = 1, A = {len(case.counts)} pairs visited {case.counts} times, K = {sum(case.counts)}",
            f"sum of 1 / (N v 1) = {_short(inverse_sum(case.counts))}",
            f"{right}: {interval(enclose_formula(lambda: allowed(case), WIDTH))}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


def _spreads(budget: Budget) -> Iterator[Spread]:
    c = Fraction(10**budget.size)
    return (Spread(S, 2, 2, n, c) for S in (2, 10**budget.size) for n in (1, 4, 400))


def _rate_check(claimed: bool) -> Check[Spread]:
    """Check what the last terms of (19) sum to against the rate of Theorem 1 at rho = 1, or their own."""

    def sides(case: Spread) -> tuple[Slack, Slack]:
        pairs, H = case.S * case.A, case.H
        factor = case.c * H * pairs if claimed else Fraction(2 * H**3 * case.S * pairs)
        left = enclose_formula(lambda: H**3 * case.S * pairs * _root_sum((case.n,)), WIDTH)
        return left, enclose_formula(lambda: ball(factor) * ball(case.n).sqrt(), WIDTH)

    def slack(case: Spread) -> Slack:
        left, right = sides(case)
        return Slack(right.low - left.high, right.high - left.low)

    def explain(case: Spread) -> tuple[str, ...]:
        left, right = sides(case)
        name = f"c sqrt(H^2 S A K) with c = {case.c}" if claimed else "2 sqrt(H^6 S^3 A K)"
        return (
            f"S = {case.S}, A = {case.A}, H = {case.H}, rho = 1; each pair is visited {case.n} times at each "
            f"step, K = {case.S * case.A * case.n}",
            f"sum of H^2 S / sqrt(N v 1) over steps and episodes: {interval(left)}",
            f"{name}: {interval(right)}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


def _short(value: Fraction) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{float(value):.12g}..."


def _root_check(printed: bool) -> Check[Visits]:
    """Check the sum of 1 / sqrt(N v 1) against ``2 (sqrt(K S A) + S A)`` or ``2 sqrt(K S A)``, per step."""

    def allowed(case: Visits) -> arb:
        cells, K = len(case.counts), sum(case.counts)
        return 2 * (ball(K * cells).sqrt() + (cells if printed else 0))

    def slack(case: Visits) -> Slack:
        return enclose_formula(lambda: allowed(case) - _root_sum(case.counts), WIDTH)

    def explain(case: Visits) -> tuple[str, ...]:
        right = "2 (sqrt(K S A) + S A)" if printed else "2 sqrt(K S A)"
        return (
            f"H = S = 1, A = {len(case.counts)} pairs visited {case.counts} times, K = {sum(case.counts)}",
            f"sum of 1 / sqrt(N v 1): {interval(enclose_formula(lambda: _root_sum(case.counts), WIDTH))}",
            f"{right}: {interval(enclose_formula(lambda: allowed(case), WIDTH))}",
            f"slack = {interval(slack(case))}",
        )

    return Check(slack, explain)


_SUM, _SUM_TIGHT = _inverse_check(printed=True), _inverse_check(printed=False)
_ROOTS, _ROOTS_TIGHT = _root_check(printed=True), _root_check(printed=False)

_CLAIMED_RATE, _OWN_RATE = _rate_check(claimed=True), _rate_check(claimed=False)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
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
            "between H^2 S / c and twice that for every K; c is part of the instance: refuting one refutes "
            "the smaller ones. slack = right - left, enclosed."
        ),
        assumptions=("the bonus (19), with which optimism holds (B13)",),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="B13.rate-corrected",
        instance_type=Spread,
        search=Exhaustive(_spreads),
        derive=twins(_CLAIMED_RATE.slack, _CLAIMED_RATE.explain),
    ),
    Claim(
        id="B13.rate-corrected",
        place="Theorem 1 with (19) as printed",
        title="The rate that the last term of the printed bonus gives",
        statement="The last terms of (19) sum to at most 2 c2 iota sqrt(H^6 S^3 A K).",
        latex=r"\sum_{k,h} \frac{H^2 S}{\sqrt{N^k_h \vee 1}} \le 2 \sqrt{H^6 S^3 K \prod_i A_i}",
        formalisation="As B13.rate; by C15.tight for visits of any kind. slack = right - left, enclosed.",
        assumptions=("the bonus (19), with which optimism holds (B13)",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Spread,
        search=Exhaustive(_spreads),
        derive=twins(_OWN_RATE.slack, _OWN_RATE.explain),
    ),
    Claim(
        id="B25",
        place="Eq. (39)",
        title="Cauchy-Schwarz for the sum of bonuses",
        statement="The sum of sqrt(Var / N) is at most the root of (sum of Var) times (sum of 1 / N).",
        latex=(
            r"\sum_{k,h} \sqrt{\frac{Var}{N \vee 1}} \le "
            r"\sqrt{\sum_{k,h} Var} \; \sqrt{\sum_{k,h} \frac{1}{N \vee 1}}"
        ),
        formalisation=(
            "Squares of both sides, each product of roots on its own: exact for perfect squares, among which "
            "are all cases of equality, and enclosed otherwise. slack = right - left."
        ),
        assumptions=("N >= 1, Var >= 0 with a rational root",),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Weighted,
        search=Generated(_weighted),
        derive=twins(_cauchy_slack, _cauchy_explain),
    ),
    Claim(
        id="B27",
        place="Second factor of eq. (39), after Liu et al. (2021), Theorem 3",
        title="The sum of inverse visits",
        statement="The sum over steps and episodes of 1 / (N v 1) is at most c2 H S A iota; c2 = 1 serves.",
        latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{N^k_h(s^k_h, a^k_h) \vee 1} \le H S A \iota",
        formalisation=(
            "The sum depends on the final counts only, and steps add up: every way to share K visits among "
            "S A pairs at one step, S = 1, where iota is least; delta = 1/20. slack = S A iota - sum."
        ),
        assumptions=("delta <= 1/20", "N counts the visits in earlier episodes"),
        reading="literal",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected="B27.tight",
        instance_type=Visits,
        search=Exhaustive(_visits),
        derive=twins(_SUM.slack, _SUM.explain),
    ),
    Claim(
        id="B27.tight",
        place="Second factor of eq. (39)",
        title="The sum of inverse visits, for every delta",
        statement="The sum over steps and episodes of 1 / (N v 1) is at most H S A (2 + log K).",
        latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{N^k_h(s^k_h, a^k_h) \vee 1} \le H S A (2 + \log K)",
        formalisation="As B27: every way to share K visits among S A pairs; slack = S A (2 + log K) - sum.",
        assumptions=("N counts the visits in earlier episodes",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Visits,
        search=Exhaustive(_visits),
        derive=twins(_SUM_TIGHT.slack, _SUM_TIGHT.explain),
    ),
    Claim(
        id="C15",
        place="Eq. (124)",
        title="The sum of inverse roots of visits",
        statement="The sum of 1 / sqrt(N v 1) is at most c (sqrt(H^2 K S A) + H S A); c = 2 serves.",
        latex=(
            r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{\sqrt{N^k_h \vee 1}} \le "
            r"2 \left(\sqrt{H^2 K S A} + H S A\right)"
        ),
        formalisation=(
            "The sum depends on the final counts only, and steps add up: every way to share K visits among "
            "S A pairs at one step; slack = right - left, enclosed."
        ),
        assumptions=("N counts the visits in earlier episodes",),
        reading="literal",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected="C15.tight",
        instance_type=Visits,
        search=Exhaustive(_visits),
        derive=twins(_ROOTS.slack, _ROOTS.explain),
    ),
    Claim(
        id="C15.tight",
        place="Eq. (124)",
        title="The sum of inverse roots of visits, one term",
        statement="The sum of 1 / sqrt(N v 1) is at most 2 sqrt(H^2 K S A).",
        latex=r"\sum_{k=1}^K \sum_{h=1}^H \frac{1}{\sqrt{N^k_h \vee 1}} \le 2 \sqrt{H^2 K S A}",
        formalisation="As C15, without the second term.",
        assumptions=("N counts the visits in earlier episodes",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Visits,
        search=Exhaustive(_visits),
        derive=twins(_ROOTS_TIGHT.slack, _ROOTS_TIGHT.explain),
    ),
)
