"""Exact answers: certified enclosures, convex primals, high-precision duals, brute force."""

from drmg_oracles._agreement import Agreement as Agreement
from drmg_oracles._agreement import agrees as agrees
from drmg_oracles._agreement import agrees_backward as agrees_backward
from drmg_oracles._agreement import rounding_allowance as rounding_allowance
from drmg_oracles._agreement import zero_pattern_sensitive as zero_pattern_sensitive
from drmg_oracles._bellman import ExactBestResponse as ExactBestResponse
from drmg_oracles._bellman import ExactGap as ExactGap
from drmg_oracles._bellman import ExactValues as ExactValues
from drmg_oracles._bellman import best_response_exactly as best_response_exactly
from drmg_oracles._bellman import ce_gap_exactly as ce_gap_exactly
from drmg_oracles._bellman import evaluate_exactly as evaluate_exactly
from drmg_oracles._bellman import gap_exactly as gap_exactly
from drmg_oracles._brute_force import brute_force_best_response as brute_force_best_response
from drmg_oracles._brute_force import brute_force_value as brute_force_value
from drmg_oracles._brute_force import vertex_kernels as vertex_kernels
from drmg_oracles._certificate import Certificate as Certificate
from drmg_oracles._certificate import Enclosure as Enclosure
from drmg_oracles._certificate import certificate_from_json as certificate_from_json
from drmg_oracles._certificate import certificate_to_json as certificate_to_json
from drmg_oracles._dual import DualSolution as DualSolution
from drmg_oracles._dual import dual as dual
from drmg_oracles._enclosure import enclose as enclose
from drmg_oracles._polyhedral import tv_worst_case as tv_worst_case
from drmg_oracles._polyhedral import worst_case_exact as worst_case_exact
from drmg_oracles._primal import ConvexSolution as ConvexSolution
from drmg_oracles._primal import primal as primal
