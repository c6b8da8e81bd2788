"""dro: its empirical worst-case loss is a worst-case expectation when the features are all zero.

Least absolute deviations without intercept have the losses ``|y|`` then, whatever theta is; a probability
with a small denominator becomes so many samples. Losses are scaled to [0, 1]: its solver has absolute
tolerances.
"""

from fractions import Fraction
from math import lcm

import numpy as np
from dro.linear_model.tv_dro import TVDRO

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray

MOST_SAMPLES = 64
GRID = Fraction(1, 2**53)
"""Probabilities come rounded to multiples of this, and the largest completes the sum to 1."""


@implementation("tv:nominal", name="dro TVDRO, robust_obj", quantity="cost", accuracy="1e-5")
def robust_objective(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the objective that the fit reports."""
    samples, low, span = _losses(p, V, rho)
    model = _model(rho)
    model.fit(np.zeros((len(samples), 1)), samples)
    return low + span * float(model.robust_obj)


@implementation(
    "tv:nominal", name="dro TVDRO, worst_distribution", quantity="cost", accuracy="1e-5", distribution=True
)
def with_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[float, FloatArray]:
    """Return the objective and the distribution that should attain it."""
    samples, low, span = _losses(p, V, rho)
    model = _model(rho)
    worst = model.worst_distribution(np.zeros((len(samples), 1)), samples)
    q = np.zeros(len(p))
    for value, weight in zip(worst["sample_pts"][1], worst["weight"], strict=True):
        tied = np.where((V - low) / span == value, p, 0.0)  # samples of equal loss are interchangeable
        q += weight * tied / tied.sum()
    return low + span * float(model.robust_obj), q


def _model(rho: float) -> TVDRO:
    return TVDRO(input_dim=1, model_type="lad", fit_intercept=False, eps=rho)


def _losses(p: FloatArray, V: FloatArray, rho: float) -> tuple[FloatArray, float, float]:
    """Return equally likely losses in [0, 1], and what was subtracted and divided out."""
    fractions = [Fraction(x).limit_denominator(MOST_SAMPLES) for x in p]
    n = lcm(*(x.denominator for x in fractions))
    # S roundings at most; on top of them, a state may neither leave nor enter the support.
    close = all(abs(x - y) <= len(p) * GRID and (x > 0) == (y > 0) for x, y in zip(fractions, p, strict=True))
    low, span = float(V[p > 0].min()), float(np.ptp(V[p > 0]))
    if rho >= 1 or n > MOST_SAMPLES or not close or span == 0:
        raise NotImplementedError(
            f"a radius below 1, at most {MOST_SAMPLES} equally likely samples, losses that differ"
        )
    return np.repeat((V - low) / span, [int(x * n) for x in fractions]), low, span
