"""A finite list of rows: the best of their means is the same for every nominal row of a sweep."""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, OutVector, Vector, f8, kernel, none
from drmg_check.kernels._passes import mass_and_mean
from drmg_check.vocabulary import FloatArray


@kernel(none(Matrix, Vector, Vector, f8, OutVector, OutVector))
def expectations(
    P: FloatArray, rho: FloatArray, W: FloatArray, least: float, start: FloatArray, out: FloatArray
) -> None:
    """Write every row's worst-case expectation; ``least`` is the smallest mean of the list."""
    for i in range(P.shape[0]):
        _, mean = mass_and_mean(P[i], W)
        out[i] = mean if not mean > least else (1.0 - rho[i]) * mean + rho[i] * least


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, least: float, row: FloatArray, Q: FloatArray
) -> None:
    """Write every row's worst distribution; ``row`` is the one of the list that has the smallest mean."""
    for i in range(P.shape[0]):
        mass, mean = mass_and_mean(P[i], W)
        part = rho[i] if mean > least else 0.0
        for k in range(W.shape[0]):
            Q[i, k] = (1.0 - part) * (P[i, k] / mass) + part * row[k]
