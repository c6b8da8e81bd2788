"""Sections 1, 4 and 7: what the paper concludes from its two lower bounds (E7)."""

from __future__ import annotations

from typing import Any

from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Claim, Nothing, Proof, nothing_to_derive
from drmg_properties.claims.mornavi.hardness import _bandit_team, _shock_nash

_STEPS = (_shock_nash.D9, _bandit_team.E5)

E7 = Claim(
    id="E7",
    place="Sections 1, 4 and 7",
    title="The curse of multi-agency is inevitable",
    statement=(
        "The regret of every online learner of equilibria grows with prod A_i, which separates online "
        "DRMGs from those with a generative model or offline data."
    ),
    latex=(
        r"\inf_{ALG} E[Regret_{NASH}(K)] \ge "
        r"\Omega\left(\rho K \min\left\{H, \prod_i A_i\right\}\right), \quad "
        r"\Omega\left(\sqrt{K \prod_i A_i}\right)"
    ),
    formalisation=(
        "A conclusion in prose; its steps are the two lower bounds for the NASH gap, Theorems 1 and 2 of "
        "Section 4. Against the best joint policy both hold (D10, E5.team)."
    ),
    assumptions=("benchmark = nash",),
    severity="result false",
    expected=Verdict.UNPROVED,
    corrected="E5.team",
    instance_type=Nothing,
    search=Proof(_STEPS),
    derive=nothing_to_derive,
)

CLAIMS: tuple[Claim[Any], ...] = (E7,)
