"""Fast worst-case expectations: one sweep over many nominal rows that share a value vector."""

from drmg_check.kernels._compiled import CompiledSweep as CompiledSweep
from drmg_check.kernels._compiled import compiled_sweep as compiled_sweep
from drmg_check.kernels._once import compiled_once as compiled_once
from drmg_check.kernels._stale import caches_of as caches_of
from drmg_check.kernels._stale import forget_stale_code as forget_stale_code
from drmg_check.kernels._states import Shares as Shares
from drmg_check.kernels._states import worst_case_states as worst_case_states
from drmg_check.kernels._sweep import best_case_expectations as best_case_expectations
from drmg_check.kernels._sweep import nominal_expectations as nominal_expectations
from drmg_check.kernels._sweep import worst_case_distributions as worst_case_distributions
from drmg_check.kernels._sweep import worst_case_expectations as worst_case_expectations
