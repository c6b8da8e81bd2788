"""rsome: a robust model as a person would write it, solved by ECOS, which is as exact as its tolerances."""

import rsome as rso
from rsome import eco_solver, ro

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray


@implementation("kl", name="rsome kldiv with ECOS", accuracy="1e-5")
def kl(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Maximise t subject to t <= E_q V for all q of the ball, with V scaled to [0, 1]."""
    low, span = float(V.min()), float(V.max() - V.min())
    if rho == 0 or span == 0:
        raise NotImplementedError("an interior-point method needs an interior and something to choose")
    model = ro.Model()
    q, t = model.rvar(len(p)), model.dvar()
    ball = (q >= 0, sum(q) == 1, rso.kldiv(q, p, rho))
    model.max(t)
    model.st((t <= q @ ((V - low) / span)).forall(ball))
    model.solve(eco_solver, display=False)
    return low + span * float(model.get())
