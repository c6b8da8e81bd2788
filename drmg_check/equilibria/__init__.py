"""Stage games: equilibria of payoff tensors, and what deviating from a distribution earns."""

from drmg_check.equilibria._batch import correlated_batch as correlated_batch
from drmg_check.equilibria._batch import nash_batch as nash_batch
from drmg_check.equilibria._deviations import deviation_payoffs as deviation_payoffs
from drmg_check.equilibria._deviations import modification_value as modification_value
from drmg_check.equilibria._deviations import response_values as response_values
from drmg_check.equilibria._deviations import stage_gaps as stage_gaps
from drmg_check.equilibria._deviations import value as value
from drmg_check.equilibria._solve import GRID_BITS as GRID_BITS
from drmg_check.equilibria._solve import Method as Method
from drmg_check.equilibria._solve import StageEquilibria as StageEquilibria
from drmg_check.equilibria._solve import solve_stages as solve_stages
from drmg_check.words import Concept as Concept
