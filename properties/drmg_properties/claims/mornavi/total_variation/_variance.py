"""Appendix E, Lemmas 13-15: variances, and what visits tell of them (B17-B19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import InputError
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, bounded
from drmg_properties.claims.mornavi.total_variation._learned import (
    LEARNED,
    ON_EVENT,
    Empirical,
    Learned,
    Vector,
    between,
    check_rows,
    empiricals,
    extreme_values,
    extremes,
    frequencies,
)
from drmg_properties.claims.steps import C1, C2, mean, variance
from drmg_properties.formulas import vector

LITTLE = tuple(Fraction(x) for x in ("1/2", "1/10", "1/100"))
NINE_TENTHS = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Between:
    """Values ``0 <= L <= V <= U <= H`` at one nominal row."""

    nominal: Vector
    L: Vector
    V: Vector
    U: Vector
    H: Fraction

    def __post_init__(self) -> None:
        check_rows((self.nominal,), Fraction(0), self.L, self.V, self.U)
        inside = zip(self.L, self.V, self.U, strict=True)
        if not all(0 <= low <= v <= u <= self.H for low, v, u in inside):
            raise InputError(
                f"L={vector(self.L)}, V={vector(self.V)}, U={vector(self.U)}; expected 0 <= L <= V <= U <= H"
            )


@st.composite
def _betweens(draw: DrawFn, budget: Budget) -> Between:
    p, _, L, V, U = draw(between(budget))
    return Between(p, L, V, U, max(*U, Fraction(1)))


def _narrow(budget: Budget) -> Iterator[Between]:
    """Yield little mass on one state, values 0 at the other, and near 1 between estimates close together."""
    low, high = Fraction(0), Fraction(1)
    for p, d in product(LITTLE, LITTLE):
        for V in (high, high - d):
            yield Between((1 - p, p), (low, high - d), (low, V), (low, high), high)


@st.composite
def _tall(draw: DrawFn, budget: Budget) -> Learned:
    """Draw values up to 20 that are known well, at rows that are known better: Lemma 15 says something."""
    p, q, *estimates = draw(between(budget))
    share = draw(st.sampled_from((Fraction(0), Fraction(1, 50))))
    base = estimates[0]
    L, V, U = (
        tuple(10 * (low + share * (x - low)) for low, x in zip(base, each, strict=True)) for each in estimates
    )
    return Learned(p, frequencies(p, q, 10**6), L, V, U, Fraction(0), max(*U, Fraction(3)))


def _high(budget: Budget) -> Iterator[Learned]:
    """Yield the extremes of values 0 and 10 on which the lemma says something if 4 is taken for 1/2."""
    return (case for case in extremes(budget, H=10) if not _lemma_15(case, width=Fraction(1, 2)).silent)


def _middle(case: Between) -> Vector:
    return tuple((u + low) / 2 for u, low in zip(case.U, case.L, strict=True))


def _variance_gap(case: Between, factor: Fraction) -> Derivation:
    """State ``|Var V - Var (U + L)/2| <= factor H E[U - L]``."""
    own, middle = variance(case.nominal, case.V), variance(case.nominal, _middle(case))
    width = mean(case.nominal, case.U) - mean(case.nominal, case.L)
    return at_most(
        abs(own - middle),
        factor * case.H * width,
        lambda: (
            f"P = {vector(case.nominal)}, H = {case.H}",
            f"L = {vector(case.L)}, V = {vector(case.V)}, U = {vector(case.U)}",
            f"Var(V) = {own}, Var((U + L)/2) = {middle}, E[U - L] = {width}; right = {factor} H E[U - L]",
        ),
    )


def _mean_gap(case: Empirical, share: int = 1, last: Fraction = Fraction(C1 + C2)) -> Derivation:
    """State ``|E_Phat X - E_P X| <= share E_P[X] / H + last H^2 S t``."""
    there, here = mean(case.empirical, case.X), mean(case.nominal, case.X)
    return at_most(
        abs(there - here),
        share * here / case.H + last * case.H**2 * len(case.X) * case.t,
        lambda: (
            *case.lines(),
            f"E_Phat X = {there}, E_P X = {here}; right = {share} E_P[X] / H + {last} H^2 S t",
        ),
    )


def _sharp(
    case: Empirical, factor: Fraction = Fraction(3, 2), last: Fraction = Fraction(C1, 2) + C2
) -> Derivation:
    """State ``Var_Phat(X) <= factor Var_P(X) + last S H^2 t``."""
    there, here = variance(case.empirical, case.X), variance(case.nominal, case.X)
    return at_most(
        there,
        factor * here + last * len(case.X) * case.H**2 * case.t,
        lambda: (
            *case.lines(),
            f"Var_Phat(X) = {there}, Var_P(X) = {here}; right = {factor} Var_P(X) + {last} S H^2 t",
        ),
    )


def _lemma_15(case: Learned, width: Fraction = Fraction(4), added: int = 1) -> Derivation:
    """State ``|Var_Phat(M) - Var_P(V)| <= width H E_P[D] + (c1 + c2) H^4 S t + added``.

    Two variances of values in [0, H] differ by at most ``H^2 / 4`` anyway.
    """
    there, here = variance(case.empirical, case.middle), variance(case.nominal, case.V)
    D = mean(case.nominal, case.D)
    return bounded(
        abs(there - here),
        width * case.H * D + (C1 + C2) * case.H**2 * case.size + added,
        case.H**2 / 4,
        lambda: (
            *case.lines(),
            f"Var_Phat((U + L)/2) = {there}, Var_P(V) = {here}, E_P[U - L] = {D}",
            f"right = {width} H E_P[U - L] + {C1 + C2} H^4 S t + {added}",
        ),
    )


B17 = Claim(
    id="B17",
    place="Lemma 13, eq. (44)",
    title="Empirical means on the event",
    statement="On event E_TV, |E_Phat D - E_P D| <= E_P[D] / H + c2' H^2 S iota / N.",
    latex=r"|E_{\hat P} D - E_P D| \le \frac{E_P[D]}{H} + \frac{c_2' H^2 S \iota}{N}",
    formalisation=LEARNED + "D in [0, H], called X here; c1 = 2, c2 = 3 and c2' = c1 + c2.",
    assumptions=("event E_TV", "H >= 1"),
    reading="intended",
    instance_type=Empirical,
    search=Generated(empiricals, extreme_values),
    derive=_mean_gap,
    neighbours=(
        Neighbour("without E_P[D] / H", lambda case: _mean_gap(case, share=0)),
        Neighbour("2 for c2' = 5", lambda case: _mean_gap(case, last=Fraction(2))),
    ),
)
B18 = Claim(
    id="B18",
    place="Lemma 14",
    title="Variance of the best response against the middle",
    statement="|Var(V) - Var((U + L)/2)| <= 4 H E[U - L] for L <= V <= U in [0, H].",
    latex=r"\left| Var(V) - Var\left(\frac{U + L}{2}\right) \right| \le 4 H E[U - L]",
    formalisation="Exact variances.",
    assumptions=("0 <= L <= V <= U <= H",),
    reading="intended",
    severity="constant",
    corrected="B18.tight",
    instance_type=Between,
    search=Generated(_betweens, _narrow),
    derive=lambda case: _variance_gap(case, Fraction(4)),
    neighbours=(Neighbour("9/10 for 4", lambda case: _variance_gap(case, NINE_TENTHS)),),
)
B18_TIGHT = replace(
    B18,
    id="B18.tight",
    title="Variance of the best response against the middle, constant 1",
    statement="|Var(V) - Var((U + L)/2)| <= H E[U - L] for L <= V <= U in [0, H].",
    latex=r"\left| Var(V) - Var\left(\frac{U + L}{2}\right) \right| \le H E[U - L]",
    reading="corrected",
    severity="none",
    corrected=None,
    derive=lambda case: _variance_gap(case, Fraction(1)),
    neighbours=(Neighbour("9/10 for 1", lambda case: _variance_gap(case, NINE_TENTHS)),),
)
B19 = Claim(
    id="B19",
    place="Lemma 15",
    title="Empirical variance of the middle against the true variance",
    statement=(
        "On the event, |Var_Phat((U + L)/2) - Var_P(V)| <= 4 H E_P[U - L] + c2' H^4 S iota / N + 1, "
        "with c2' = c1 + c2."
    ),
    latex=(
        r"\left| Var_{\hat P}\left(\frac{U + L}{2}\right) - Var_{P^*}(V) \right| \le "
        r"4 H E_{P^*}[U - L] + \frac{c_2' H^4 S \iota}{N} + 1"
    ),
    formalisation=(
        LEARNED + "Values up to 30: beyond H^2 / 4 the bound says nothing, so that it tells for H > 2 only. "
        "True, but the 1 does not vanish with N: under the root of the bonus it becomes sqrt(c1 iota / N), "
        "which (45) drops (B20.step)."
    ),
    assumptions=ON_EVENT,
    severity="constant",
    corrected="B19.corrected",
    instance_type=Learned,
    search=Generated(_tall, _high),
    derive=_lemma_15,
    neighbours=(
        Neighbour("without the 1", lambda case: _lemma_15(case, added=0)),
        Neighbour("1/2 for 4", lambda case: _lemma_15(case, width=Fraction(1, 2))),
    ),
)
B19_CORRECTED = replace(
    B17,
    id="B19.corrected",
    place="Lemma 15, sharpened",
    title="Empirical variance on the event",
    statement="On event E_TV, Var_Phat(X) <= 1.5 Var_P(X) + (c1/2 + c2) S H^2 iota / N.",
    latex=(
        r"Var_{\hat P}(X) \le \frac{3}{2} Var_P(X) + \left(\frac{c_1}{2} + c_2\right) \frac{S H^2 \iota}{N}"
    ),
    formalisation=LEARNED + "In the place of Lemma 15, whose additive 1 does not vanish with N.",
    assumptions=("event E_TV", "0 <= X <= H"),
    reading="corrected",
    derive=_sharp,
    neighbours=(
        Neighbour("1 for 3/2", lambda case: _sharp(case, factor=Fraction(1))),
        Neighbour("5/2 for c1/2 + c2 = 4", lambda case: _sharp(case, last=Fraction(5, 2))),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (B17, B18, B18_TIGHT, B19, B19_CORRECTED)
