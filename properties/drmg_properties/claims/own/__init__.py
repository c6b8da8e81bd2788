"""What drmg-check claims of itself."""

from drmg_properties.claim import Ledger
from drmg_properties.claims.order import in_order
from drmg_properties.claims.own import _discounted, _own, _s_rectangular, _stopping

LEDGER = Ledger(
    id="drmg-check",
    name="drmg-check itself",
    source="The docstrings of drmg_check.kernels and drmg_check.planner",
    claims=in_order(_own.CLAIMS + _s_rectangular.CLAIMS + _discounted.CLAIMS + _stopping.CLAIMS),
    powerful=True,
)
