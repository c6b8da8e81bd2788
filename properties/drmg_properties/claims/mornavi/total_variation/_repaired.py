"""Lemmas 6 and 7 and (27) with the bonus that serves all values at once, and (40) as it is summed (B20-B26).

The bonus is ``sqrt(c1 S t Var_Phat(M)) + 2 E_Phat[U - L] / H + 5 H^2 S t`` with c1 = 2 and ``M = (U + L) /
2``. By B12.corrected, for V = U and V = L, term A is at most twice the bonus. The proof of B20.corrected goes
through with S under the root, word by word: ``sqrt(c1 S t) H |sqrt(Phat) - sqrt(P)|`` is at most ``(1 + sqrt
6) H S t``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

from flint import arb

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most, chance_at_most
from drmg_properties.claims.mornavi.total_variation._learned import LEARNED, Learned
from drmg_properties.claims.mornavi.total_variation._width import B20_CORRECTED
from drmg_properties.claims.steps import C1, Trials, chance_between, mean, sdrop, variance
from drmg_properties.formulas import ball, enclose_closely, exp_of, interval

C2_REPAIRED = 5
"""c1 + c2 of the event, as in B12.corrected."""
LAST = Fraction(4 + 10 + C2_REPAIRED)
"""Of Lemma 7: 4 of the root, 10 of 2 E_Phat[U - L] / H, and that of the bonus."""


def _root(case: Learned, row: tuple[Fraction, ...], values: tuple[Fraction, ...], times: Fraction) -> arb:
    """Return ``sqrt(times c1 S t Var(values))`` over a row."""
    return ball(times * C1 * len(case.V) * case.t * variance(row, values)).sqrt()


def _bonus(case: Learned) -> arb:
    rest = 2 * mean(case.empirical, case.D) / case.H + C2_REPAIRED * case.size
    return _root(case, case.empirical, case.middle, Fraction(1)) + ball(rest)


def _lines(case: Learned) -> tuple[str, ...]:
    return (
        *case.lines(),
        f"Var_Phat((U + L)/2) = {variance(case.empirical, case.middle)}, "
        f"Var_P(V) = {variance(case.nominal, case.V)}",
        f"E_Phat[U - L] = {mean(case.empirical, case.D)}, E_P[U - L] = {mean(case.nominal, case.D)}",
        f"beta, less 1/sqrt(K): {interval(enclose_closely(lambda: _bonus(case)))}",
    )


def lemma_7(
    case: Learned, share: Fraction = Fraction(1), width: Fraction = Fraction(5), last: Fraction = LAST
) -> Derivation:
    """State ``beta <= sqrt(share c1 S t Var_P(V)) + width E_P[D] / H + last H^2 S t``."""
    rest = width * mean(case.nominal, case.D) / case.H + last * case.size
    return at_most(
        enclose_closely(lambda: _bonus(case)),
        enclose_closely(lambda: _root(case, case.nominal, case.V, share) + ball(rest)),
        lambda: (
            *_lines(case),
            f"right: sqrt({share} c1 S t Var_P(V)) + {width} E_P[U - L] / H + {last} H^2 S t",
        ),
    )


def recursion(
    case: Learned, width: Fraction = Fraction(20), roots: Fraction = Fraction(4), last: Fraction = 4 * LAST
) -> Derivation:
    """State (27) for this bonus: ``(1 + width/H) E_P[D] + roots sqrt(c1 S t Var_P(V)) + last H^2 S t``."""
    upper, lower = (sdrop(case.empirical, values, case.radius) for values in (case.U, case.L))
    rest = (1 + width / case.H) * mean(case.nominal, case.D) + last * case.size
    return at_most(
        enclose_closely(lambda: ball(upper - lower) + 2 * _bonus(case)),
        enclose_closely(lambda: _root(case, case.nominal, case.V, roots**2) + ball(rest)),
        lambda: (
            *_lines(case),
            f"left: sigma_Phat(U) - sigma_Phat(L) + 2 beta, where sigma_Phat(U) = {upper}, "
            f"sigma_Phat(L) = {lower}",
            f"right: (1 + {width}/H) E_P[U - L] + {roots} sqrt(c1 S t Var_P(V)) + {last} H^2 S t",
        ),
    )


def realised(case: Trials, times: Fraction = Fraction(2), share: Fraction = Fraction(1)) -> Derivation:
    """State ``P(X > times n p + share level) <= e^-level`` for a binomial X."""
    bound = floor(times * case.n * case.p + share * case.level)
    allowed = exp_of(-case.level)
    return chance_at_most(
        chance_between(case.n, case.p, bound + 1, case.n),
        allowed,
        lambda: (
            f"K = {case.n} episodes, in each the variances sum to M with probability p = {case.p}, else to 0",
            f"log(1/delta) = {case.level}; in units of M the mean is K p = {case.n * case.p}",
            f"P(the sum > {times} K p + {share} log(1/delta)) against delta = {interval(allowed)}",
        ),
    )


def _episodes(budget: Budget) -> Iterator[Trials]:
    """Yield numbers of episodes with from one in ten to many such expected."""
    levels = tuple(map(Fraction, (1, 3, 6, 16)))
    for level, p, expected in product(levels, ("1/2", "1/100", "1/10000"), ("1/10", "1", "10", "1000")):
        chance = Fraction(p)
        if (n := floor(Fraction(expected) / chance)) >= 1:
            yield Trials(n, chance, level)


B20_REPAIRED = replace(
    B20_CORRECTED,
    id="B20.repaired",
    place="Lemma 7, with sqrt(c1 S iota Var / N) in the bonus",
    title="The bonus that serves all values is bounded by the variance of the policy's value",
    statement=(
        "On the event, with S under its root and c2 = 5, beta <= sqrt(c1 S iota Var_P(V) / N) + 5 E_P[D] / H "
        "+ 19 H^2 S iota / N."
    ),
    latex=(
        r"\beta \le \sqrt{\frac{c_1 S \iota Var_{P^*}(V)}{N}} + \frac{5 E_{P^*}[D]}{H} "
        r"+ \frac{19 H^2 S \iota}{N}"
    ),
    formalisation=LEARNED + "Both sides less 1 / sqrt(K). The proof is that of B20.corrected.",
    derive=lemma_7,
    neighbours=(
        Neighbour("9/10 c1 under the root", lambda case: lemma_7(case, share=Fraction(9, 10))),
        Neighbour("2 for 5", lambda case: lemma_7(case, width=Fraction(2))),
        Neighbour("8 for 19", lambda case: lemma_7(case, last=Fraction(8))),
    ),
)
B22_REPAIRED = replace(
    B20_REPAIRED,
    id="B22.repaired",
    place="Eq. (26)-(27), with sqrt(c1 S iota Var / N) in the bonus",
    title="The recursion with the bonus that serves all values",
    statement=(
        "On the event, sigma_Phat(U) - sigma_Phat(L) + 2 beta <= (1 + 20/H) E_P[U - L] "
        "+ 4 sqrt(c1 S iota Var_P(V) / N) + 76 H^2 S iota / N."
    ),
    latex=(
        r"\overline{Q} - \underline{Q} \le \left(1 + \frac{20}{H}\right) E_{P^*}[D] "
        r"+ 4 \sqrt{\frac{c_1 S \iota Var_{P^*}(V)}{N}} + \frac{76 H^2 S \iota}{N}"
    ),
    formalisation=(
        LEARNED
        + "sigma without its min term, both sides less 1/sqrt(K). From A <= 2 beta (B12.corrected, for U and "
        "for L), B <= E[D] (B9.corrected) and four times B20.repaired."
    ),
    derive=recursion,
    neighbours=(
        Neighbour("1 + 4/H for 1 + 20/H", lambda case: recursion(case, width=Fraction(4))),
        Neighbour("19/10 for the root's 4", lambda case: recursion(case, roots=Fraction(19, 10))),
        Neighbour("19 for 76", lambda case: recursion(case, last=Fraction(19))),
    ),
)
B26_REALISED = Claim(
    id="B26.realised",
    place="Eq. (40), as it is summed over episodes",
    title="The sum of the variances that were met",
    statement=(
        "With probability 1 - delta the variances met in K episodes sum to at most twice the sum of their "
        "means given the past, and M log(1/delta), M the most an episode can have."
    ),
    latex=(r"\sum_{k=1}^K X_k \le 2 \sum_{k=1}^K E[X_k \mid F_{k-1}] + M \log\frac{1}{\delta}"),
    formalisation=(
        "So (40) holds with 4 min{1/rho, H} H K + min{1/rho, H}^2 H iota / 4, of the agent's own radius: the "
        "mean is at most 2 min{1/rho, H} H by B26, whatever policy the past has chosen, and M = H min{1/rho, "
        "H}^2 / 4. Exact or enclosed tails where X_k is M or 0, which is hardest: for x in [0, 1], e^x <= 1 "
        "+ (e - 1) x, so that exp(sum X - (e - 1) sum E X) is a supermartingale, and e - 1 < 2."
    ),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Trials,
    search=Exhaustive(_episodes),
    derive=realised,
    neighbours=(
        Neighbour("the mean once", lambda case: realised(case, times=Fraction(1))),
        Neighbour("1/3 of log(1/delta)", lambda case: realised(case, share=Fraction(1, 3))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (B20_REPAIRED, B22_REPAIRED, B26_REALISED)
