"""Appendix E, Lemmas 6 and 7, eq. (26)-(27) and (45): the width of the estimates at one row (B20-B22)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb

from drmg_check.vocabulary import Verdict
from drmg_properties.bounds import Size, iota
from drmg_properties.claim import Claim, Derivation, EveryConstant, Generated, Neighbour, Proof, at_most
from drmg_properties.claims.mornavi.total_variation._bonus import Visits
from drmg_properties.claims.mornavi.total_variation._learned import (
    LEARNED,
    ON_EVENT,
    Learned,
    extremes,
    learned,
)
from drmg_properties.claims.steps import C1, C2, mean, sdrop, variance
from drmg_properties.formulas import ball, enclose_closely, interval, outward

ONE = Size(1, (1,), 1, Fraction(0))
LAST = Fraction(17)
"""The constant of Lemma 7's last term at c1 = 2, c2 = 3: 4 of the root, 10 of 2 E_Phat[D] / H, and c2."""


def _bonus(case: Learned) -> arb:
    """Return the bonus with / N, less 1 / sqrt(K)."""
    rest = 2 * mean(case.empirical, case.D) / case.H + C2 * case.size
    return (ball(C1 * case.t * variance(case.empirical, case.middle))).sqrt() + ball(rest)


def _lemma_7(case: Learned, factor: Fraction, width: Fraction, last: Fraction) -> arb:
    """Return ``sqrt(factor c1 t Var_P(V)) + width E_P[D] / H + last H^2 S t``."""
    rest = width * mean(case.nominal, case.D) / case.H + last * case.size
    return ball(factor * C1 * case.t * variance(case.nominal, case.V)).sqrt() + ball(rest)


def _true_lines(case: Learned) -> tuple[str, ...]:
    return (
        *case.lines(),
        f"Var_Phat((U + L)/2) = {variance(case.empirical, case.middle)}, "
        f"Var_P(V) = {variance(case.nominal, case.V)}",
        f"E_Phat[U - L] = {mean(case.empirical, case.D)}, E_P[U - L] = {mean(case.nominal, case.D)}",
    )


def _by_variance(
    case: Learned, factor: Fraction = Fraction(1), width: Fraction = Fraction(5), last: Fraction = LAST
) -> Derivation:
    """State that the bonus is at most what Lemma 7 says."""
    return at_most(
        enclose_closely(lambda: _bonus(case)),
        enclose_closely(lambda: _lemma_7(case, factor, width, last)),
        lambda: (
            *_true_lines(case),
            f"left: beta = sqrt(c1 t Var_Phat((U + L)/2)) + 2 E_Phat[U - L] / H + {C2} H^2 S t",
            f"right: sqrt({factor} c1 t Var_P(V)) + {width} E_P[U - L] / H + {last} H^2 S t",
        ),
    )


def _recursion(
    case: Learned, width: Fraction = Fraction(20), roots: Fraction = Fraction(4), last: Fraction = 4 * LAST
) -> Derivation:
    """State (27): ``sigma_Phat(U) - sigma_Phat(L) + 2 beta`` against ``E_P[D]`` and four times Lemma 7."""
    upper, lower = (sdrop(case.empirical, values, case.radius) for values in (case.U, case.L))
    D = mean(case.nominal, case.D)
    return at_most(
        enclose_closely(lambda: ball(upper - lower) + 2 * _bonus(case)),
        enclose_closely(lambda: ball(D) + _lemma_7(case, roots**2, width, last)),
        lambda: (
            *_true_lines(case),
            f"sigma_Phat(U) = {upper}, sigma_Phat(L) = {lower}, beta "
            f"{interval(enclose_closely(lambda: _bonus(case)))}",
            f"right: (1 + {width}/H) E_P[U - L] + {roots} sqrt(c1 t Var_P(V)) + {last} H^2 S t",
        ),
    )


def _lemma_6(case: Learned, share: int = 2, last: Fraction = Fraction(C1)) -> Derivation:
    """Set half of (43), whose variance is that of V, against the bonus with that of the middle."""
    own, middle = (variance(case.empirical, values) for values in (case.V, case.middle))
    width = mean(case.empirical, case.D)
    rest = share * width / case.H + last * case.H**2 * case.t
    return at_most(
        enclose_closely(lambda: ball(C1 * case.t * own).sqrt() + ball(width / case.H)),
        enclose_closely(lambda: ball(C1 * case.t * middle).sqrt() + ball(rest)),
        lambda: (
            *case.lines(),
            f"Var_Phat(V) = {own}, Var_Phat((U + L)/2) = {middle}, E_Phat[U - L] = {width}",
            "left: sqrt(c1 t Var_Phat(V)) + E_Phat[U - L] / H",
            f"right: sqrt(c1 t Var_Phat((U + L)/2)) + {share} E_Phat[U - L] / H + {last} H^2 t",
        ),
    )


def _level(case: Visits) -> arb:
    """Return iota at S = A = H = 1 and K = N + 1, the first episode before which there are N visits."""
    return iota(ONE, ball(case.N + 1).log())


def _dropped_root(case: Visits) -> Derivation:
    """State ``sqrt(c1 iota / N) <= c3 S H^2 iota / N`` at S = A = H = 1."""
    level = enclose_closely(lambda: _level(case))
    return at_most(
        enclose_closely(lambda: (ball(Fraction(C1, case.N)) * _level(case)).sqrt()),
        enclose_closely(lambda: ball(case.ratio / case.N) * _level(case)),
        lambda: (
            "Lemma 15: Var_Phat((U + L)/2) <= Var_P(V) + 4 H E[D] + c2' H^4 S iota / N + 1;",
            "take V = U = L = 0",
            f"N = {case.N}, K = N + 1, c3 = {case.ratio}, c1 = {C1}, H = S = A = 1, delta = {ONE.delta}",
            f"iota = log(S^2 A H^2 K^(3/2) / delta) = {outward(level.low, -1, 6)}...",
            "left: under the root of the bonus the 1 leaves sqrt(c1 iota / N), which (45) must cover",
            "right: c3 H^2 S iota / N",
        ),
    )


def _many_visits(c: Fraction) -> Visits:
    """Return so many visits that the root is some hundred times c3 iota / N."""
    return Visits(int((1000 * c) ** 2), c)


B20_STEP = Claim(
    id="B20.step",
    place="Eq. (45)",
    title="The root of the additive 1 of Lemma 15",
    statement="sqrt(c1 iota (Var + 4 H E[D] + c H^4 S iota / N + 1) / N) keeps (45)'s c3 H^2 S iota / N.",
    latex=r"\sqrt{\frac{c_1 \iota}{N}} \le \frac{c_3 H^2 S \iota}{N}",
    formalisation=(
        "Where V = U = L all other terms of (45) vanish but this root. For each c3 the witness has "
        "N = (1000 c3)^2 visits. S = A = H = 1, iota that of K = N + 1."
    ),
    assumptions=("c1 = 2", "c3 absolute", "delta = 1/20"),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="B20.corrected",
    instance_type=Visits,
    search=EveryConstant(_many_visits),
    derive=_dropped_root,
)
B20 = Claim(
    id="B20",
    place="Lemma 7, with / N, and eq. (45)",
    title="The bonus is bounded by the variance of the policy's value",
    statement=(
        "On the event, beta <= sqrt(c1 iota Var_P(V) / N) + 5 E_P[D] / H + c3 H^2 S iota / N + 1 / sqrt(K)."
    ),
    latex=(
        r"\beta \le \sqrt{\frac{c_1 \iota Var_{P^*}(V)}{N}} + \frac{5 E_{P^*}[D]}{H} "
        r"+ \frac{c_3 H^2 S \iota}{N} + \frac{1}{\sqrt{K}}"
    ),
    formalisation=LEARNED + "c3 = 17; both sides less 1 / sqrt(K), the roots enclosed.",
    assumptions=ON_EVENT,
    reading="intended",
    severity="proof",
    expected=Verdict.UNPROVED,
    corrected="B20.corrected",
    instance_type=Learned,
    search=Proof((B20_STEP,), Generated(learned, extremes)),
    derive=_by_variance,
)
B20_CORRECTED = replace(
    B20,
    id="B20.corrected",
    place="Lemma 7, with / N, by another proof",
    title="The bonus is bounded by the variance of the policy's value, with 17 for c3",
    statement=(
        "On the event, beta <= sqrt(c1 iota Var_P(V) / N) + 5 E_P[D] / H + 17 H^2 S iota / N + 1 / sqrt(K)."
    ),
    latex=(
        r"\beta \le \sqrt{\frac{c_1 \iota Var_{P^*}(V)}{N}} + \frac{5 E_{P^*}[D]}{H} "
        r"+ \frac{17 H^2 S \iota}{N} + \frac{1}{\sqrt{K}}"
    ),
    formalisation=(
        LEARNED + "Proof, M = (U + L)/2, sd = sqrt(Var): sd_Phat(M) <= sd_P(M) + H |sqrt(Phat) - sqrt(P)|, "
        "whose entries are at most (sqrt(c1)/2 + sqrt(c2)) sqrt(t) on the event. sd_P(M) <= sd_P(V) + "
        "sqrt(H E_P[D]) / 2. So sqrt(c1 t) sd_Phat(M) <= sqrt(c1 t) sd_P(V) + E_P[D] / H + 4 H^2 S t; by B17 "
        "2 E_Phat[D] / H <= 4 E_P[D] / H + 10 H^2 S t; and c2 = 3."
    ),
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(learned, extremes),
    neighbours=(
        Neighbour("9/10 c1 under the root", lambda case: _by_variance(case, factor=Fraction(9, 10))),
        Neighbour("2 for 5", lambda case: _by_variance(case, width=Fraction(2))),
        Neighbour("7 for 17", lambda case: _by_variance(case, last=Fraction(7))),
    ),
)
B21 = replace(
    B20_CORRECTED,
    id="B21",
    place="Lemma 6, eq. (43)",
    title="From the variance of the best-response value to that of the middle",
    statement=(
        "sqrt(c1 iota Var_Phat(V) / N) + E_Phat[D] / H <= sqrt(c1 iota Var_Phat((U + L)/2) / N) "
        "+ 2 E_Phat[D] / H + c1 H^2 iota / N for L <= V <= U."
    ),
    latex=(
        r"\sqrt{\frac{c_1 \iota Var_{\hat P}(V)}{N}} + \frac{E_{\hat P}[D]}{H} \le "
        r"\sqrt{\frac{c_1 \iota Var_{\hat P}(\bar M)}{N}} + \frac{2 E_{\hat P}[D]}{H} "
        r"+ \frac{c_1 H^2 \iota}{N}"
    ),
    formalisation=(
        "So A <= 2 beta once the constant of the bonus is c1 above that of Lemma 12: Lemma 14 and "
        "2 sqrt(x y) <= x + y. Roots enclosed. c1 / 16 would do."
    ),
    reading="literal",
    derive=_lemma_6,
    neighbours=(
        Neighbour("without c1 H^2 iota / N", lambda case: _lemma_6(case, last=Fraction(0))),
        Neighbour("c1 / 20 for c1", lambda case: _lemma_6(case, last=Fraction(C1, 20))),
        Neighbour("E[D] / H once", lambda case: _lemma_6(case, share=1)),
    ),
)
B22 = replace(
    B20_CORRECTED,
    id="B22",
    place="Eq. (26)-(27)",
    title="The factor 1 + 20/H of the recursion",
    statement=(
        "On the event, sigma_Phat(U) - sigma_Phat(L) + 2 beta <= (1 + 20/H) E_P[U - L] "
        "+ 4 sqrt(c1 iota Var_P(V) / N) + 68 H^2 S iota / N."
    ),
    latex=(
        r"\overline{Q} - \underline{Q} \le \left(1 + \frac{20}{H}\right) E_{P^*}[D] "
        r"+ 4 \sqrt{\frac{c_1 \iota Var_{P^*}(V)}{N}} + \frac{68 H^2 S \iota}{N}"
    ),
    formalisation=(
        LEARNED + "sigma without its min term, the bonus with / N, both less 1/sqrt(K). From A <= 2 beta, "
        "B <= E[D] and four times Lemma 7 (B20.corrected); roots enclosed."
    ),
    reading="intended",
    derive=_recursion,
    neighbours=(
        Neighbour("1 + 4/H for 1 + 20/H", lambda case: _recursion(case, width=Fraction(4))),
        Neighbour("19/10 for the root's 4", lambda case: _recursion(case, roots=Fraction(19, 10))),
        Neighbour("15 for 68", lambda case: _recursion(case, last=Fraction(15))),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (B20_STEP, B20, B20_CORRECTED, B21, B22)
