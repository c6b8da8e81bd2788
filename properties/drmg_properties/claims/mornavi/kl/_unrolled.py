"""Eq. (122): the recursion of the KL widths unrolled, with signs and weights (C22)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Claim, EveryConstant, Generated, Neighbour
from drmg_properties.claims.steps import (
    UnrolledEpisode,
    by_one_weight,
    by_weights,
    lucky_episode,
    short_episodes,
)

C22 = Claim(
    id="C22",
    place="Eq. (122)",
    title="Martingale differences weighted by one constant",
    statement=(
        "As 1 <= exp(H / eta)^h <= d_H, the recursion (121) gives Delta_1 <= c' d_H sum_h (zeta_h + xi_h + "
        "bonus_h) for an absolute constant c'."
    ),
    latex=r"\Delta^k_1 \le c' d_H \sum_{h=1}^H \left( \zeta^k_h + \xi^k_h + \beta^k_h \right)",
    formalisation=(
        "A finding beyond the table of claims. One episode, two states, two actions; the factor "
        "exp(H / eta) = 8 of a step. zeta and xi have signs, and a negative one with a small weight may not "
        "be given the largest: the right side is negative, so that no c' >= 0 helps. What follows in (123) "
        "needs Azuma's inequality for the weighted sum, which has its bound as the weights are at most d_H."
    ),
    assumptions=("(121)",),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="C22.corrected",
    instance_type=UnrolledEpisode,
    search=EveryConstant(lambda c: lucky_episode(c, Fraction(8))),
    derive=by_one_weight,
)
C22_CORRECTED = replace(
    C22,
    id="C22.corrected",
    title="Martingale differences with their weights",
    statement="Delta_1 is the sum of exp((h - 1) H / eta) (zeta_h + exp(H / eta) xi_h + bonus_h).",
    latex=r"\Delta^k_1 = \sum_{h=1}^H d^{h-1} \left( \zeta^k_h + d \, \xi^k_h + \beta^k_h \right)",
    formalisation="Exactly, on generated episodes of two states and two actions.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(short_episodes),
    derive=by_weights,
    neighbours=(Neighbour("without the weights", lambda case: by_weights(case, weight=0)),),
)

CLAIMS: tuple[Claim[Any], ...] = (C22, C22_CORRECTED)
