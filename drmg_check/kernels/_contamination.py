"""Contamination: ``sigma = (1 - rho) E[W] + rho b``, b the smallest value that may be reached."""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean, support_start
from drmg_check.vocabulary import FloatArray, IntArray


@kernel(none(Matrix, Vector, Vector, Order, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; there is nothing to start from."""
    for i in range(P.shape[0]):
        mass, mean = mass_and_mean(P[i], W)
        if rho[i] > 0.0 and mass > 0.0:
            bottom = 0 if all_states else support_start(P[i], order)
            mean = (1.0 - rho[i]) * mean + rho[i] * W[order[bottom]]
        out[i] = mean


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        bottom = 0 if all_states else support_start(P[i], order)
        for k in range(S):
            Q[i, k] = (1.0 - rho[i]) * (P[i, k] / mass)
        Q[i, order[bottom]] += rho[i]
