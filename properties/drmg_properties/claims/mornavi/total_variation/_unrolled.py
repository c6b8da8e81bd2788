"""Eq. (37): the recursion of the widths unrolled, with signs and weights (B28)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Claim, EveryConstant, Generated, Neighbour
from drmg_properties.claims.steps import (
    UnrolledEpisode,
    by_means,
    by_one_weight,
    by_weights,
    lucky_episode,
    short_episodes,
)

B28_SUM = Claim(
    id="B28.sum",
    place="Eq. (37)",
    title="Martingale differences weighted by one constant",
    statement=(
        "As 1 <= (1 + 20/H)^h <= c, the recursion (36) gives Delta_1 <= c sum_h (zeta_h + xi_h + B_h) for an "
        "absolute constant c."
    ),
    latex=r"\Delta^k_1 \le c \sum_{h=1}^H \left( \zeta^k_h + \xi^k_h + B^k_h \right)",
    formalisation=(
        "One episode, H = 2, two states, two actions; the factor 1 + 20/H = 11 of a step; c is in units of "
        "11^2. zeta and xi have signs, and a negative one with a small weight may not be given the largest: "
        "the right side is negative, so that no c >= 0 helps. What follows in (38) needs Azuma's inequality "
        "for the weighted sum, which has its bound as the weights are at most e^20."
    ),
    assumptions=("(36)",),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="B28.sum-corrected",
    instance_type=UnrolledEpisode,
    search=EveryConstant(lambda c: lucky_episode(c, Fraction(11))),
    derive=by_one_weight,
)
B28_SUM_CORRECTED = replace(
    B28_SUM,
    id="B28.sum-corrected",
    title="Martingale differences with their weights",
    statement="Delta_1 is the sum of (1 + 20/H)^(h - 1) (zeta_h + (1 + 20/H) xi_h + B_h).",
    latex=r"\Delta^k_1 = \sum_{h=1}^H d^{h-1} \left( \zeta^k_h + d \, \xi^k_h + B^k_h \right)",
    formalisation="Exactly, on generated episodes of two states and two actions, with any factor of a step.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(short_episodes),
    derive=by_weights,
    neighbours=(Neighbour("without the weights", lambda case: by_weights(case, weight=0)),),
)

B28_MARTINGALE = replace(
    B28_SUM_CORRECTED,
    id="B28.martingale",
    place="Eq. (33)-(36), (118)-(121)",
    title="zeta and xi are martingale differences",
    statement="In the mean zeta and xi vanish: Delta_1 is that of sum_h (1 + 20/H)^(h - 1) B_h.",
    latex=r"\Delta^k_1 = E\left[ \sum_{h=1}^H d^{h-1} B^k_h \right]",
    formalisation=(
        "The recursion, backwards, against the mean over all episodes, forwards; exactly, with any factor of "
        "a step. Given the actions that were played zeta does not vanish."
    ),
    assumptions=(),
    reading="literal",
    derive=by_means,
    neighbours=(Neighbour("given the actions played", lambda case: by_means(case, played=True)),),
)

CLAIMS: tuple[Claim[Any], ...] = (B28_MARTINGALE, B28_SUM, B28_SUM_CORRECTED)
