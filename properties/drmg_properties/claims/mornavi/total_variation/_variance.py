"""Appendix E, Lemmas 13-15: variances, and what visits tell of them (B17-B19)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, Slack, Verdict, normalise
from drmg_properties.claim import Budget, Check, Claim, Generated, twins
from drmg_properties.claims.steps import C1, C2, mean, on_event, variance
from drmg_properties.formulas import vector
from drmg_properties.strategies import weighted_values


@dataclass(frozen=True, slots=True)
class Between:
    """Values ``0 <= L <= V <= U <= H`` at one nominal row."""

    nominal: tuple[Fraction, ...]
    L: tuple[Fraction, ...]
    V: tuple[Fraction, ...]
    U: tuple[Fraction, ...]
    H: Fraction

    def __post_init__(self) -> None:
        _check_rows(self.nominal, self.L, self.V, self.U)
        inside = zip(self.L, self.V, self.U, strict=True)
        if not all(0 <= low <= v <= u <= self.H for low, v, u in inside):
            raise InputError(
                f"L={vector(self.L)}, V={vector(self.V)}, U={vector(self.U)}; expected 0 <= L <= V <= U <= H"
            )


@dataclass(frozen=True, slots=True)
class Empirical:
    """A nominal row, an empirical one, values X in [0, H], and t = iota / N for which event E_TV holds.

    That is, ``|Phat(s) - P(s)| <= sqrt(c1 t min(P(s), Phat(s))) + c2 t`` with c1 = 2, c2 = 3 in each state.
    """

    nominal: tuple[Fraction, ...]
    empirical: tuple[Fraction, ...]
    X: tuple[Fraction, ...]
    H: Fraction
    t: Fraction

    def __post_init__(self) -> None:
        _check_rows(self.nominal, self.X)
        _check_rows(self.empirical, self.X)
        if not all(0 <= x <= self.H for x in self.X) or self.H < 1 or self.t <= 0:
            raise InputError(
                f"X={vector(self.X)}, H={self.H}, t={self.t}; expected 0 <= X <= H, H >= 1, t > 0"
            )
        if not on_event(self.nominal, self.empirical, self.t):
            raise InputError(
                f"t={self.t}, Phat={vector(self.empirical)}, P={vector(self.nominal)}; expected event E_TV"
            )


def _check_rows(p: tuple[Fraction, ...], *values: tuple[Fraction, ...]) -> None:
    for each in values:
        Row(TotalVariation(), p, each, Fraction(0))
    if normalise(p) != p:
        raise InputError(f"nominal={vector(p)} sums to {sum(p)}; expected a distribution")


@st.composite
def _betweens(draw: DrawFn, budget: Budget) -> Between:
    p, L, d, e = draw(weighted_values(1 + budget.size, columns=3, high=1))
    V = tuple(x + y for x, y in zip(L, d, strict=True))
    U = tuple(x + y for x, y in zip(V, e, strict=True))
    return Between(p, L, V, U, max(*U, Fraction(1)))


@st.composite
def empiricals(draw: DrawFn, budget: Budget) -> Empirical:
    p, X = draw(weighted_values(2 + budget.size))
    weights = draw(st.lists(st.integers(0, 4), min_size=len(p), max_size=len(p)).filter(any))
    near = draw(st.sampled_from((0, 1, 10)))
    q = normalise([near * w + Fraction(x, sum(weights)) for w, x in zip(p, weights, strict=True)])
    # The smallest t on a grid of powers of two for which the event holds makes the claim hardest.
    t = next(t for t in (Fraction(1, 2**k) for k in range(20, -1, -1)) if on_event(p, q, t))
    return Empirical(p, q, X, max(*X, Fraction(1)), t)


def _middle(case: Between) -> tuple[Fraction, ...]:
    return tuple((u + low) / 2 for u, low in zip(case.U, case.L, strict=True))


def _variance_gap_check(factor: int) -> Check[Between]:
    """Check ``|Var V - Var (U + L)/2| <= factor H E[U - L]``."""

    def sides(case: Between) -> tuple[Fraction, Fraction, Fraction]:
        gap = mean(case.nominal, case.U) - mean(case.nominal, case.L)
        return variance(case.nominal, case.V), variance(case.nominal, _middle(case)), factor * case.H * gap

    def slack(case: Between) -> Slack:
        one, two, allowed = sides(case)
        return Slack.of(allowed - abs(one - two))

    def explain(case: Between) -> tuple[str, ...]:
        one, two, allowed = sides(case)
        return (
            f"P = {vector(case.nominal)}, H = {case.H}",
            f"L = {vector(case.L)}, V = {vector(case.V)}, U = {vector(case.U)}",
            f"Var(V) = {one}, Var((U + L)/2) = {two}",
            f"{factor} H E[U - L] = {allowed}",
            f"slack = {allowed} - |{one} - {two}| = {allowed - abs(one - two)}",
        )

    return Check(slack, explain)


def _mean_sides(case: Empirical) -> tuple[Fraction, Fraction]:
    """Return ``|(Phat - P) X|`` and ``E_P[X] / H + (c1 + c2) H^2 S t``."""
    expected = mean(case.nominal, case.X)
    allowed = expected / case.H + (C1 + C2) * case.H**2 * len(case.X) * case.t
    return abs(mean(case.empirical, case.X) - expected), allowed


def _empirical_lines(case: Empirical) -> tuple[str, ...]:
    return (
        f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, X = {vector(case.X)}, H = {case.H}",
        f"event E_TV holds at t = iota / N = {case.t} with c1 = {C1}, c2 = {C2}",
    )


def _mean_slack(case: Empirical) -> Slack:
    left, right = _mean_sides(case)
    return Slack.of(right - left)


def _mean_explain(case: Empirical) -> tuple[str, ...]:
    left, right = _mean_sides(case)
    return (
        *_empirical_lines(case),
        f"|E_Phat X - E_P X| = {left}, allowed {right}",
        f"slack = {right} - {left} = {right - left}",
    )


def _sharp_sides(case: Empirical) -> tuple[Fraction, Fraction]:
    """Return ``Var_Phat(X)`` and ``1.5 Var_P(X) + (c1/2 + c2) S H^2 t``."""
    room = (Fraction(C1, 2) + C2) * len(case.X) * case.H**2 * case.t
    return variance(case.empirical, case.X), Fraction(3, 2) * variance(case.nominal, case.X) + room


def _sharp_slack(case: Empirical) -> Slack:
    left, right = _sharp_sides(case)
    return Slack.of(right - left)


def _sharp_explain(case: Empirical) -> tuple[str, ...]:
    left, right = _sharp_sides(case)
    return (
        *_empirical_lines(case),
        f"Var_Phat(X) = {left}, 1.5 Var_P(X) + (c1/2 + c2) S H^2 t = {right}",
        f"slack = {right} - {left} = {right - left}",
    )


_LOOSE, _SHARP = _variance_gap_check(4), _variance_gap_check(1)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B17",
        place="Lemma 13, eq. (44)",
        title="Empirical means on the event",
        statement="On event E_TV, |E_Phat D - E_P D| <= E_P[D] / H + c2' H^2 S iota / N.",
        latex=r"|E_{\hat P} D - E_P D| \le \frac{E_P[D]}{H} + \frac{c_2' H^2 S \iota}{N}",
        formalisation=(
            "D in [0, H], the second part of E_TV with c1 = 2, c2 = 3, and c2' = c1 + c2; t = iota / N is "
            "the least power of 1/2 for which the event holds. slack = right - left."
        ),
        assumptions=("event E_TV", "H >= 1"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Empirical,
        search=Generated(empiricals),
        derive=twins(_mean_slack, _mean_explain),
    ),
    Claim(
        id="B18",
        place="Lemma 14",
        title="Variance of the best response against the middle",
        statement="|Var(V) - Var((U + L)/2)| <= 4 H E[U - L] for L <= V <= U in [0, H].",
        latex=r"\left| Var(V) - Var\left(\frac{U + L}{2}\right) \right| \le 4 H E[U - L]",
        formalisation="Exact variances; slack = right - left.",
        assumptions=("0 <= L <= V <= U <= H",),
        reading="intended",
        severity="constant",
        expected=Verdict.HOLDS,
        corrected="B18.tight",
        instance_type=Between,
        search=Generated(_betweens),
        derive=twins(_LOOSE.slack, _LOOSE.explain),
    ),
    Claim(
        id="B18.tight",
        place="Lemma 14",
        title="Variance of the best response against the middle, constant 1",
        statement="|Var(V) - Var((U + L)/2)| <= H E[U - L] for L <= V <= U in [0, H].",
        latex=r"\left| Var(V) - Var\left(\frac{U + L}{2}\right) \right| \le H E[U - L]",
        formalisation="Exact variances; slack = right - left.",
        assumptions=("0 <= L <= V <= U <= H",),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Between,
        search=Generated(_betweens),
        derive=twins(_SHARP.slack, _SHARP.explain),
    ),
    Claim(
        id="B19.corrected",
        place="Lemma 15, sharpened",
        title="Empirical variance on the event",
        statement="On event E_TV, Var_Phat(X) <= 1.5 Var_P(X) + (c1/2 + c2) S H^2 iota / N.",
        latex=(
            r"Var_{\hat P}(X) \le \frac{3}{2} Var_P(X) "
            r"+ \left(\frac{c_1}{2} + c_2\right) \frac{S H^2 \iota}{N}"
        ),
        formalisation=(
            "In the place of Lemma 15, whose additive 1 does not vanish with N. The second part of E_TV with "
            "c1 = 2, c2 = 3; slack = right - left."
        ),
        assumptions=("event E_TV", "0 <= X <= H"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Empirical,
        search=Generated(empiricals),
        derive=twins(_sharp_slack, _sharp_explain),
    ),
)
