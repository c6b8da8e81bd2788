"""Whole games, exactly: recursions, deviations, programs, brute force, worst paths."""

from drmg_oracles.games._bellman import DEFAULT_BITS as DEFAULT_BITS
from drmg_oracles.games._bellman import EXACT_BITS as EXACT_BITS
from drmg_oracles.games._bellman import ExactValues as ExactValues
from drmg_oracles.games._bellman import evaluate_exactly as evaluate_exactly
from drmg_oracles.games._bellman import exact_row as exact_row
from drmg_oracles.games._bellman import worst_cases as worst_cases
from drmg_oracles.games._brute_force import brute_force_best_response as brute_force_best_response
from drmg_oracles.games._brute_force import brute_force_value as brute_force_value
from drmg_oracles.games._brute_force import vertex_kernels as vertex_kernels
from drmg_oracles.games._deviations import ExactBestResponse as ExactBestResponse
from drmg_oracles.games._deviations import ExactGap as ExactGap
from drmg_oracles.games._deviations import best_modification_exactly as best_modification_exactly
from drmg_oracles.games._deviations import best_response_exactly as best_response_exactly
from drmg_oracles.games._deviations import ce_gap_exactly as ce_gap_exactly
from drmg_oracles.games._deviations import gap_exactly as gap_exactly
from drmg_oracles.games._fictitious import averaged_game as averaged_game
from drmg_oracles.games._game_program import evaluate_by_program as evaluate_by_program
from drmg_oracles.games._visit import Visit as Visit
from drmg_oracles.games._visit import WorstRow as WorstRow
from drmg_oracles.games._worst_path import worst_path as worst_path
