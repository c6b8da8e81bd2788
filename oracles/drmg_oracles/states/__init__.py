"""States whose actions share a budget: s-rectangular sets, with certificates."""

from drmg_oracles.states._certificate import StateEnclosure as StateEnclosure
from drmg_oracles.states._certificate import state_certificate as state_certificate
from drmg_oracles.states._enclosure import enclose_state as enclose_state
from drmg_oracles.states._primal import state_primal as state_primal
