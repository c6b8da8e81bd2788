"""Which enclosing kernel a set has, as the number by which the sweep chooses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.enclosures._blocks import (
    CHI2,
    CONTAMINATION,
    CRESSIE_READ,
    HELLINGER,
    INTERVAL,
    KL,
    OPEN_INTERVAL,
    REVERSE_KL,
    TV,
    WASSERSTEIN,
)
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ReverseKL,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    operation,
)
from drmg_check.vocabulary import FloatArray

KINDS = {
    TotalVariation: TV,
    Contamination: CONTAMINATION,
    ChiSquare: CHI2,
    KullbackLeibler: KL,
    Hellinger: HELLINGER,
    ReverseKL: REVERSE_KL,
    CressieRead: CRESSIE_READ,
    Wasserstein: WASSERSTEIN,
}

enclosing: Operation[[], int] = operation(
    "enclosing kernel", __name__, "proved worst cases of many rows at once", canonical=True
)


@enclosing.register(*KINDS)
def _kind(uncertainty: UncertaintySet) -> int:
    return KINDS[type(uncertainty)]


@enclosing.register(Interval)
def _interval(uncertainty: Interval) -> int:
    return OPEN_INTERVAL if uncertainty.leaves_support else INTERVAL


def order_of(ball: UncertaintySet) -> FloatArray:
    """Return what :mod:`drmg_check.enclosures._cressie_read` asks of the order a, each rounded once."""
    a = ball.power[0] if isinstance(ball, PowerDivergence) else Fraction(1)
    if a in (0, 1):
        return np.array([float(a), 0.0, 0.0, 0.0, 0.0])
    return np.array([float(x) for x in (a, 1 / (a - 1), a * (a - 1), (a - 1) / a, a / (a - 1))])
