"""Appendix E: the bonus (19) and the recursion of its estimates, eq. (25)-(37) (B6, B8, B9, B28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.model._duals import Estimates, estimates
from drmg_properties.claims.steps import mean, sdrop
from drmg_properties.formulas import ball, enclose_formula, interval, vector

MAX_COUNT = 10**9
WIDTH = Fraction(1, 2**40)


@dataclass(frozen=True, slots=True)
class Count:
    """A number: of visits N, of episodes K, or of steps H."""

    n: int

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_COUNT:
            raise InputError(f"n={self.n}; expected 1 <= n <= {MAX_COUNT}")


@dataclass(frozen=True, slots=True)
class Visits:
    """N visits, and the ratio c2' / c2 of the constant in Lemma 7 to that of the bonus."""

    N: int
    ratio: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.N <= MAX_COUNT or self.ratio <= 0:
            raise InputError(f"N={self.N}, ratio={self.ratio}; expected 1 <= N <= {MAX_COUNT}, ratio > 0")


def _visits(budget: Budget) -> Iterator[Visits]:
    ratio = 10**budget.size
    return (Visits(N, Fraction(ratio)) for N in (1, ratio, ratio**2, ratio**2 + 1))


def _b6_slack(case: Visits) -> Slack:
    return Slack.of((case.ratio / case.N) ** 2 - Fraction(1, case.N))


def _b6_explain(case: Visits) -> tuple[str, ...]:
    left, right = Fraction(1, case.N), (case.ratio / case.N) ** 2
    return (
        f"N = {case.N}, c2' = {case.ratio} c2; last step h = H, where V_(h+1) = 0",
        "bonus (19) less 1 / sqrt(K): c2 H^2 S iota / sqrt(N); Lemma 7 allows c2' H^2 S iota / N",
        f"squares, in units of (c2 H^2 S iota)^2: 1 / N = {left} against (c2' / c2)^2 / N^2 = {right}",
        f"slack = {right} - {left} = {right - left}",
    )


def episodes(budget: Budget) -> Iterator[Count]:
    """Return the first numbers of episodes K."""
    return (Count(n) for n in range(1, 1 + 5 * budget.size))


def covering_check(many: int, printed: int, because: str = "") -> Check[Count]:
    """Check ``many / sqrt(K) <= sqrt(printed / K)``, the covering terms of so many bonuses, by squares."""

    def slack(case: Count) -> Slack:
        return Slack.of(Fraction(printed - many**2, case.n))

    def explain(case: Count) -> tuple[str, ...]:
        return (
            f"K = {case.n}: {because}{many} beta holds {many} / sqrt(K), whose square is "
            f"{Fraction(many**2, case.n)}",
            f"the square of sqrt({printed} / K) is {Fraction(printed, case.n)}",
            f"slack = {slack(case).low}",
        )

    return Check(slack, explain)


def _hinge_gap(case: Estimates, sign: int) -> tuple[Fraction, Fraction]:
    """Return the sup over eta of ``sign (E(eta - U)+ - E(eta - L)+)`` and its eta, found at the breaks."""

    def difference(eta: Fraction) -> Fraction:
        upper, lower = ([max(eta - v, Fraction(0)) for v in values] for values in (case.U, case.L))
        return sign * (mean(case.nominal, upper) - mean(case.nominal, lower))

    return max((difference(eta), eta) for eta in {Fraction(0), *case.U, *case.L})


def _drop_difference(case: Estimates) -> Fraction:
    return sdrop(case.nominal, case.U, case.radius) - sdrop(case.nominal, case.L, case.radius)


def _hinge_check(sign: int) -> Check[Estimates]:
    name = "E(eta - U)+ - E(eta - L)+" if sign > 0 else "E(eta - L)+ - E(eta - U)+"

    def slack(case: Estimates) -> Slack:
        room = _hinge_gap(case, sign)[0] - _drop_difference(case)
        if sign < 0:
            expected = mean(case.nominal, case.U) - mean(case.nominal, case.L)
            room = min(room, expected - _hinge_gap(case, sign)[0])
        return Slack.of(room)

    def explain(case: Estimates) -> tuple[str, ...]:
        gap, eta = _hinge_gap(case, sign)
        return (
            f"P* = {vector(case.nominal)}, U = {vector(case.U)}, L = {vector(case.L)}, rho = {case.radius}",
            f"B = sdrop(U) - sdrop(L) = {_drop_difference(case)}",
            f"sup over eta of {name} = {gap}, at eta = {eta}",
            f"slack = {slack(case).low}",
        )

    return Check(slack, explain)


def _horizons(budget: Budget) -> Iterator[Count]:
    return (Count(H) for H in range(1, 20 * budget.size))


def _growth_slack(case: Count) -> Slack:
    limit = enclose_formula(lambda: ball(20).exp(), WIDTH)
    growth = (1 + Fraction(20, case.n)) ** case.n
    return Slack(limit.low - growth, limit.high - growth)


def _growth_explain(case: Count) -> tuple[str, ...]:
    growth = (1 + Fraction(20, case.n)) ** case.n
    return (
        f"H = {case.n}: (1 + 20/H)^H = {growth}",
        "the sequence grows toward e^20 = 485165195.4...: an absolute constant, but it multiplies the regret",
        f"slack = e^20 - {growth}: {interval(_growth_slack(case))}",
    )


_FOUR, _SIXTEEN = covering_check(4, 4), covering_check(4, 16)
_PRINTED, _TURNED = _hinge_check(1), _hinge_check(-1)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B6",
        place="Eq. (19) against Lemmas 6, 7, 11 and eq. (27)",
        title="The rate of the last bonus term",
        statement="The bonus (19), with c2 H^2 S iota / sqrt(N), keeps Lemma 7's bound c2' H^2 S iota / N.",
        latex=r"\frac{c_2 H^2 S \iota}{\sqrt{N}} \le \frac{c_2' H^2 S \iota}{N}",
        formalisation=(
            "At the last step all other terms of both sides vanish or agree. The ratio c2' / c2 is part of "
            "the instance: refuting one refutes the smaller ones. slack = difference of the squares."
        ),
        assumptions=("h = H", "c2, c2' absolute constants"),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="B20.corrected",
        instance_type=Visits,
        search=Exhaustive(_visits),
        derive=twins(_b6_slack, _b6_explain),
    ),
    Claim(
        id="B8",
        place="Eq. (27), (29), (112), (114)",
        title="The covering term of four bonuses",
        statement="4 beta contributes sqrt(4 / K).",
        latex=r"4 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{4}{K}}",
        formalisation="slack = difference of the squares.",
        assumptions=("K >= 1",),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="B8.corrected",
        instance_type=Count,
        search=Exhaustive(episodes),
        derive=twins(_FOUR.slack, _FOUR.explain),
    ),
    Claim(
        id="B8.corrected",
        place="Eq. (27), (29), (112), (114)",
        title="The covering term of four bonuses, corrected",
        statement="4 beta contributes sqrt(16 / K).",
        latex=r"4 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{16}{K}}",
        formalisation="slack = difference of the squares.",
        assumptions=("K >= 1",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Count,
        search=Exhaustive(episodes),
        derive=twins(_SIXTEEN.slack, _SIXTEEN.explain),
    ),
    Claim(
        id="B9",
        place="After eq. (25)",
        title="The sign in the bound on term B",
        statement="B = sigma(U) - sigma(L) <= sup over eta of E(eta - U)+ - E(eta - L)+.",
        latex=r"B \le \sup_{\eta \in [0,H]} \left\{ E_{P^*}[\eta - U]_+ - E_{P^*}[\eta - L]_+ \right\}",
        formalisation="sigma is the dual with its min term dropped, as in the paper here; slack = right - B.",
        assumptions=("U >= L >= 0",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="B9.corrected",
        instance_type=Estimates,
        search=Generated(estimates),
        derive=twins(_PRINTED.slack, _PRINTED.explain),
    ),
    Claim(
        id="B9.corrected",
        place="After eq. (25)",
        title="The bound on term B with the sign turned",
        statement="B <= sup over eta of E(eta - L)+ - E(eta - U)+ <= E[U - L].",
        latex=(
            r"B \le \sup_{\eta \in [0,H]} \left\{ E_{P^*}[\eta - L]_+ - E_{P^*}[\eta - U]_+ \right\} "
            r"\le E_{P^*}[U - L]"
        ),
        formalisation="slack = the smaller of the two differences.",
        assumptions=("U >= L >= 0",),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Estimates,
        search=Generated(estimates),
        derive=twins(_TURNED.slack, _TURNED.explain),
    ),
    Claim(
        id="B28",
        place="Eq. (37)",
        title="The factor of the recursion",
        statement="(1 + 20/H)^H is bounded by an absolute constant.",
        latex=r"\left(1 + \frac{20}{H}\right)^H \le e^{20}",
        formalisation="The least constant is e^20, about 4.85e8, approached as H grows; slack = e^20 - left.",
        assumptions=("H >= 1",),
        reading="literal",
        severity="constant",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Count,
        search=Exhaustive(_horizons),
        derive=twins(_growth_slack, _growth_explain),
    ),
)
