"""Appendix E, Lemmas 8, 11 and 12 at one row: bonuses against worst cases (B12, B13, B15, B16).

Values here may be any, chosen after the data were seen: what holds, holds on the event for all of them.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

from drmg_check.sets import Row, TotalVariation
from drmg_oracles import worst_case_exact
from drmg_properties.claim import Claim, Derivation, Generated, Neighbour, at_most
from drmg_properties.claims.mornavi.total_variation._learned import (
    LEARNED,
    ON_EVENT,
    Learned,
    Vector,
    extremes,
    learned,
)
from drmg_properties.claims.steps import C1, C2, mean, sdrop, variance
from drmg_properties.formulas import ball, enclose_closely, interval

LAST = Fraction(C1 + C2)
"""c2', the constant of the last terms."""


def hinge_distance(case: Learned, over: Vector, under: Vector | None = None) -> Fraction:
    """Return the sup over eta of ``|(Phat - P)[(eta - over)+ - (eta - under)+]|``, without ``under`` if None.

    The difference is linear between the values, and constant beyond them if both terms are there;
    eta goes up to H.
    """

    def deviation(eta: Fraction) -> Fraction:
        f = [max(eta - x, Fraction(0)) for x in over]
        if under is not None:
            f = [x - max(eta - y, Fraction(0)) for x, y in zip(f, under, strict=True)]
        return abs(mean(case.empirical, f) - mean(case.nominal, f))

    return max(deviation(eta) for eta in {Fraction(0), case.H, *over, *(under or ())})


def _moved(case: Learned) -> tuple[Fraction, tuple[str, ...]]:
    """Return ``|sigma_Phat(V) - sigma_P(V)|`` for the worst case over the whole ball, and its line."""
    there, here = (
        worst_case_exact(Row(TotalVariation(), p, case.V, case.radius))
        for p in (case.empirical, case.nominal)
    )
    return abs(there - here), (f"sigma_Phat(V) = {there}, sigma_P(V) = {here}",)


def _uniform_bonus(case: Learned, with_S: bool = True, last: Fraction = LAST) -> Derivation:
    """State ``|sigma_Phat(V) - sigma_P(V)| <= sqrt(c1 S t Var) + 2 E[D] / H + last H^2 S t``."""
    spread, width = variance(case.empirical, case.middle), mean(case.empirical, case.D)
    square = C1 * case.t * spread * (len(case.V) if with_S else 1)
    moved, line = _moved(case)
    return at_most(
        moved,
        enclose_closely(lambda: ball(square).sqrt() + ball(2 * width / case.H + last * case.size)),
        lambda: (
            *case.lines(),
            *line,
            f"Var_Phat((U + L)/2) = {spread}, E_Phat[U - L] = {width}",
            f"the bonus less 1 / sqrt(K): the root of {square}, and 2 E[U - L] / H + {last} H^2 S t",
        ),
    )


def _printed_bonus(case: Learned, c2: Fraction = Fraction(C2)) -> Derivation:
    """State that the last term of (19) suffices, at the fewest visits for which ``iota = t N >= 1``."""
    N = max(1, ceil(1 / case.t))
    moved, line = _moved(case)
    bonus = enclose_closely(lambda: ball(c2 * case.size) * ball(N).sqrt())
    return at_most(
        moved,
        bonus,
        lambda: (
            *case.lines(),
            *line,
            f"N = {N}, iota = t N = {case.t * N}; c2 H^2 S iota / sqrt(N) {interval(bonus)} with c2 = {c2}",
        ),
    )


def _term_ii(case: Learned, share: int = 1, last: Fraction = LAST) -> Derivation:
    """State that term (ii) is at most ``share E_Phat[D] / H + last H^2 S t``."""
    width = mean(case.empirical, case.D)
    return at_most(
        hinge_distance(case, case.V, case.U),
        share * width / case.H + last * case.size,
        lambda: (
            *case.lines(),
            "left = sup over eta of |(Phat - P)[(eta - V)+ - (eta - U)+]|",
            f"right = {share} E_Phat[U - L] / H + {last} H^2 S t, where E_Phat[U - L] = {width}",
        ),
    )


def _lemma_11(case: Learned, share: int = 1, last: Fraction = LAST, first: int = 1) -> Derivation:
    """State ``|sigma_Phat(V) - sigma_P(V)| <= first term (i) + share E_Phat[D] / H + last H^2 S t``."""
    there, here = (sdrop(p, case.V, case.radius) for p in (case.empirical, case.nominal))
    cut, width = hinge_distance(case, case.U), mean(case.empirical, case.D)
    return at_most(
        abs(there - here),
        first * cut + share * width / case.H + last * case.size,
        lambda: (
            *case.lines(),
            f"sdrop_Phat(V) = {there}, sdrop_P(V) = {here}",
            f"sup over eta of |(Phat - P)(eta - U)+| = {cut}, E_Phat[U - L] = {width}, times {share} / H",
            f"and {last} H^2 S t = {last * case.size}",
        ),
    )


B12_CORRECTED = Claim(
    id="B12.corrected",
    place="Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
    title="A bonus for all values at once",
    statement=(
        "On the event, |sigma_Phat(V) - sigma_P(V)| <= sqrt(c1 S iota Var_Phat((U + L)/2) / N) "
        "+ 2 E_Phat[U - L] / H + (c1 + c2) H^2 S iota / N for every V between L and U."
    ),
    latex=(
        r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \sqrt{\frac{c_1 S \iota Var_{\hat P}(\bar M)}{N}} "
        r"+ \frac{2 E_{\hat P}[D]}{H} + \frac{(c_1 + c_2) H^2 S \iota}{N}"
    ),
    formalisation=LEARNED + "Worst cases over the whole ball, exactly; the root is enclosed.",
    assumptions=ON_EVENT,
    reading="corrected",
    instance_type=Learned,
    search=Generated(learned, extremes),
    derive=_uniform_bonus,
    neighbours=(
        Neighbour("without S under the root", lambda case: _uniform_bonus(case, with_S=False)),
        Neighbour("7/4 for c1 + c2 = 5", lambda case: _uniform_bonus(case, last=Fraction(7, 4))),
    ),
)
B13 = replace(
    B12_CORRECTED,
    id="B13",
    place="Lemma 8 with (19) as printed",
    title="The last term of the printed bonus suffices alone",
    statement="On the event, |sigma_Phat(V) - sigma_P(V)| <= c2 H^2 S iota / sqrt(N) for every V in [0, H].",
    latex=r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \frac{c_2 H^2 S \iota}{\sqrt{N}}",
    formalisation=LEARNED + "N is the least number with iota >= 1, which is hardest. Worst cases exactly.",
    assumptions=(*ON_EVENT, "iota >= 1"),
    reading="literal",
    derive=_printed_bonus,
    neighbours=(Neighbour("4/5 for c2 = 3", lambda case: _printed_bonus(case, Fraction(4, 5))),),
)
B15 = replace(
    B12_CORRECTED,
    id="B15",
    place="Lemma 11, term (ii), eq. (88)-(90)",
    title="From the best-response value to the value of the policy",
    statement="On the event, term (ii) is at most E_Phat[U - L] / H + c2' H^2 S iota / N, c2' = c1 + c2.",
    latex=(
        r"\sup_\eta \left|(\hat P - P^*)[(\eta - V)_+ - (\eta - V^\dagger)_+]\right| "
        r"\le \frac{E_{\hat P}[D]}{H} + \frac{c_2' H^2 S \iota}{N}"
    ),
    formalisation=LEARNED + "U stands for the best-response value, V for the policy's.",
    reading="intended",
    derive=_term_ii,
    neighbours=(
        Neighbour("without E[U - L] / H", lambda case: _term_ii(case, share=0)),
        Neighbour("2 for c2' = 5", lambda case: _term_ii(case, last=Fraction(2))),
    ),
)
B16_CORRECTED = replace(
    B12_CORRECTED,
    id="B16.corrected",
    place="Lemma 11, for the value of any policy",
    title="Lemma 11, stated for V^pi with the best-response value in term (i)",
    statement=(
        "On the event, |sigma_Phat(V) - sigma_P(V)| <= sup over eta of |(Phat - P)(eta - U)+| "
        "+ E_Phat[U - L] / H + c2' H^2 S iota / N for L <= V <= U."
    ),
    latex=(
        r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \sup_\eta |(\hat P - P^*)(\eta - V^\dagger)_+| "
        r"+ \frac{E_{\hat P}[D]}{H} + \frac{c_2' H^2 S \iota}{N}"
    ),
    formalisation=(
        LEARNED + "sigma is the dual without its min term; U stands for the best-response value, for which "
        "the first part of the event bounds term (i); c2' = c1 + c2."
    ),
    derive=_lemma_11,
    neighbours=(
        Neighbour("without term (i)", lambda case: _lemma_11(case, first=0)),
        Neighbour("without E[U - L] / H", lambda case: _lemma_11(case, share=0)),
        Neighbour("2 for c2' = 5", lambda case: _lemma_11(case, last=Fraction(2))),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (B12_CORRECTED, B13, B15, B16_CORRECTED)
