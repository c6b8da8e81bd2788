"""The claims of the MORNAVI paper, part by part."""

from drmg_properties.claim import Ledger
from drmg_properties.claims.mornavi import hardness, kl, model, results, sandwich, tails, total_variation
from drmg_properties.claims.order import in_order

LEDGER = Ledger(
    id="mornavi",
    name="the MORNAVI paper",
    source="The MORNAVI paper on robust Markov games with agent-wise uncertainty sets, and its appendix",
    claims=in_order(
        claim
        for part in (model, total_variation, kl, sandwich, hardness, tails, results)
        for claim in part.CLAIMS
    ),
    powerful=True,
)
