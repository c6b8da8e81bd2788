"""The ledgers of claims, in the order of the papers."""

from drmg_properties.claims._registry import claim as claim
from drmg_properties.claims._registry import ledger as ledger
