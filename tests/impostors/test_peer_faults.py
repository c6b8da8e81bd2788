"""Faults that other libraries have, rebuilt in a few lines: each is found, and named if it is one convention.

The libraries themselves are validated where they are installed (``tests/end_to_end/test_peers.py``).
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from drmg_check.referee import check_implementation, on_one_question, open_target, plan_validation, validate
from drmg_check.runs import Check
from drmg_check.vocabulary import FloatArray

ROW = '{"uncertainty":{"kind":"kl"},"nominal":["1/2","1/2","0"],"values":["1","0","-100"],"radius":"1/2"}'


def kl_dual(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the maximum over x > 0 of ``-(log E exp(-x V) + rho) / x``."""
    low, span = V.min(), np.ptp(V)
    if span == 0 or rho == 0:
        return float(p @ V)
    W = (V - low) / span

    def dual(log_x: float) -> float:
        return (logsumexp(-np.exp(log_x) * W, b=p) + rho) / np.exp(log_x)

    best = minimize_scalar(dual, bounds=(-20, 40), method="bounded", options={"xatol": 1e-10})
    return float(low - span * best.fun)


def honest(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Leave out what the nominal row does not visit: the adversary cannot go there."""
    return kl_dual(p[p > 0], V[p > 0], rho)


def clamps_zeros(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Clamp probabilities at 1e-12 before the logarithm, as optora does."""
    return kl_dual(np.maximum(p, 1e-12), V, rho)


def stops_early(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take 200 gradient steps in the logarithm of the multiplier, as optora's solver does."""
    p, V = p[p > 0], V[p > 0]
    log_x = 0.0
    for _ in range(200):
        x = np.exp(log_x)
        tilted = np.exp(-x * (V - V.min())) * p
        log_mean = np.log(tilted.sum()) - x * V.min()
        slope = (log_mean + rho) / x + tilted @ V / tilted.sum()
        log_x += 0.1 * slope
    return float(-(logsumexp(-np.exp(log_x) * V, b=p) + rho) / np.exp(log_x))


def loses_meaning(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the smallest value of all where a probability is 0, as rsome with ECOS does."""
    return kl_dual(p, V, rho) if p.all() else float(V.min())


def mixed_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[float, FloatArray]:
    """Return the right value of total variation with the worst mixture of contamination, as dro does."""
    q, left = p.copy(), rho
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    worst = np.eye(len(p))[np.where(p > 0, V, np.inf).argmin()]
    return float((q + (1 - q.sum()) * worst) @ V), (1 - rho) * p + rho * worst


@pytest.mark.parametrize(
    ("impostor", "check", "words", "diagnosis"),
    [
        (clamps_zeros, "kl/oracle/zeros", "too pessimistic", "p + 1e-12"),
        (stops_early, "kl/law/bounds", "at least the smallest reachable V", ""),
        (loses_meaning, "kl/law/zero-mass", "the adversary cannot reach it", ""),
        (mixed_distribution, "tv:nominal/distribution/attains", "but the value returned is", ""),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_the_fault_is_found_and_named(
    impostor: Callable[..., object], check: str, words: str, diagnosis: str
):
    name = check.partition("/")[0]
    found = check_implementation(
        impostor,
        name,
        accuracy="1e-3" if impostor is stops_early else "1e-6",
        distribution=impostor is mixed_distribution,
        profile="quick",
        on_fail=None,
        checks=[check],
    )
    assert [one.outcome for one in found] == ["failed"]
    assert words in found[0].reason
    assert found[0].failure is not None
    assert diagnosis in found[0].failure.diagnosis
    assert bool(diagnosis) == bool(found[0].failure.diagnosis)


@pytest.mark.parametrize(
    ("function", "outcome"), [(clamps_zeros, "failed"), (loses_meaning, "failed"), (honest, "passed")]
)
def test_the_row_that_showed_it_first_is_judged_as_it_was(function: Callable[..., float], outcome: str):
    events: list[object] = []
    with open_target(function, {"sets": ["kl"], "accuracy": "1e-6"}) as (subject, session):
        plan = plan_validation(subject, patterns=["kl/oracle/generated"], diagnose=None)
        validate(on_one_question(plan, ROW), session, emit=events.append)
    assert [event.outcome for event in events if isinstance(event, Check)] == [outcome]


def test_the_honest_dual_is_not_accused():
    checks = ("kl/smoke/*", "kl/law/bounds", "kl/law/zero-mass", "kl/oracle/zeros", "kl/oracle/saturation")
    found = check_implementation(honest, "kl", accuracy="1e-6", profile="quick", on_fail=None, checks=checks)
    assert {one.outcome for one in found} == {"passed"}
