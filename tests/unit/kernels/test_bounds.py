"""No kernel reads beyond its arrays: numba checks every index, as it does not by default."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import numpy as np
from drmg_check.kernels import worst_case_expectations
from drmg_check.vocabulary import uncertainty_from_data

for S in (1, 2, 3, 5, 20):
    P = np.full((1, S), 1 / S)
    for rho in (5e-324, 1e-300, 1e-17, 2.0**-54, 1e-3, 1.0):
        for V in (np.arange(S, dtype=float), np.arange(S, dtype=float)[::-1].copy(), np.zeros(S)):
            worst_case_expectations(uncertainty_from_data(KIND), P, np.array([rho]), V)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["interval", "tv", "chi2"])
def test_indices_stay_in_range_at_tiny_radii(tmp_path: Path, kind: str):
    """The first cap of the interval kernel was guessed as 0 / 0 and read memory of others."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("KIND", repr(kind))],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr[-400:]) == (0, "")
