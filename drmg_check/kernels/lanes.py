"""Arithmetic on eight lanes, how kernels are compiled, and hulls, for other rooms that write kernels."""

from drmg_check.kernels._elementary import LN2_HIGH as LN2_HIGH
from drmg_check.kernels._elementary import LN2_LOW as LN2_LOW
from drmg_check.kernels._elementary import LOG2_E as LOG2_E
from drmg_check.kernels._elementary import exp_and_expm1 as exp_and_expm1
from drmg_check.kernels._elementary import exp_less_one as exp_less_one
from drmg_check.kernels._elementary import log_of_sum as log_of_sum
from drmg_check.kernels._jit import kernel as kernel
from drmg_check.kernels._simd import LANES as LANES
from drmg_check.kernels._simd import SHIFTER as SHIFTER
from drmg_check.kernels._simd import borrowed as borrowed
from drmg_check.kernels._simd import exponent as exponent
from drmg_check.kernels._simd import fma as fma
from drmg_check.kernels._simd import gathered as gathered
from drmg_check.kernels._simd import load as load
from drmg_check.kernels._simd import maximum as maximum
from drmg_check.kernels._simd import minimum as minimum
from drmg_check.kernels._simd import power_of_two as power_of_two
from drmg_check.kernels._simd import splat as splat
from drmg_check.kernels._simd import sqrt as sqrt
from drmg_check.kernels._simd import store as store
from drmg_check.kernels._simd import total as total
from drmg_check.kernels._simd import where_le as where_le
from drmg_check.kernels._wasserstein import hulls as hulls
