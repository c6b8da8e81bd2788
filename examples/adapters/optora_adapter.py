"""optora: dual formulations on torch. It takes losses, so the worst case is the largest expectation."""

import torch
from optora import (
    AmbiguitySet,
    GradientDescent,
    KLAmbiguitySet,
    TotalVariationAmbiguitySet,
    WassersteinAmbiguitySet,
)

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray


@implementation("tv", name="optora TotalVariationAmbiguitySet", quantity="cost")
def total_variation(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Sort and sweep, in closed form."""
    return _worst(TotalVariationAmbiguitySet(torch.from_numpy(p), rho), V)


@implementation("wasserstein", name="optora WassersteinAmbiguitySet", quantity="cost")
def wasserstein(p: FloatArray, V: FloatArray, rho: float, ground: FloatArray) -> float:
    """Bisect the derivative of the dual."""
    return _worst(WassersteinAmbiguitySet(torch.from_numpy(p), torch.from_numpy(ground), rho), V)


@implementation("kl", name="optora KLAmbiguitySet", quantity="cost", accuracy="1e-2")
def kl(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Descend the dual in log eta; the user chooses the solver."""
    solver = GradientDescent(step_size=0.1, max_iter=200, tol=1e-9)
    return _worst(KLAmbiguitySet(torch.from_numpy(p), rho, dual_solver=solver), V)


def _worst(ambiguity: AmbiguitySet, V: FloatArray) -> float:
    return float(ambiguity.worst_case_expectation(torch.from_numpy(V)).detach())
