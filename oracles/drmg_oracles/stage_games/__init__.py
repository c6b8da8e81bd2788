"""Equilibria of one stage game, proved: gaps, linear programs, Lemke-Howson, Krawczyk boxes."""

from drmg_oracles.stage_games._krawczyk import EquilibriumBox as EquilibriumBox
from drmg_oracles.stage_games._krawczyk import prove_equilibrium as prove_equilibrium
from drmg_oracles.stage_games._lemke_howson import lemke_howson as lemke_howson
from drmg_oracles.stage_games._stage_games import stage_gap_exactly as stage_gap_exactly
from drmg_oracles.stage_games._stage_lp import CorrelatedOptimum as CorrelatedOptimum
from drmg_oracles.stage_games._stage_lp import correlated_optimum as correlated_optimum
from drmg_oracles.stage_games._stage_lp import proves_optimum as proves_optimum
