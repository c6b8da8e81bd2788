"""Diagnosis: what an implementation that disagrees seems to compute, found in catalogues of alternatives."""

from drmg_check.referee.diagnosis._games import diagnose_game as diagnose_game
from drmg_check.referee.diagnosis._rows import diagnose as diagnose
