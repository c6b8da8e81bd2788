"""Our kernels beside optora (PyTorch), where that is installed: CPU time of a row, and the error.

python benchmarks/peers.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from benchmarks.sweeps import fastest
from drmg_check.kernels import worst_case_expectations
from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation, UncertaintySet
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose

STATES, FEW, MANY = 100, 3, 2_000
SETS: dict[str, tuple[UncertaintySet, float]] = {
    "TotalVariationAmbiguitySet": (TotalVariation("nominal"), 0.1),
    "KLAmbiguitySet": (KullbackLeibler(), 0.1),
    "ChiSquareAmbiguitySet": (ChiSquare(), 0.2),
}
ABSENT = "optora is not installed here.\n"


@dataclass(frozen=True, slots=True)
class Compared:
    """Microseconds of a row and largest error against the certified value, by three ways to call."""

    name: str
    sweep: float
    one_row: float
    theirs: float
    error: float
    their_error: float


def compared() -> list[Compared]:
    """Measure every set that both have.

    Raises
    ------
    ImportError
        optora is not installed.
    """
    import optora
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    P, V = rng.dirichlet(np.ones(STATES), MANY), rng.random(STATES)
    results = []
    for name, (uncertainty, rho) in SETS.items():
        peer = getattr(optora, name)
        # Total variation has a closed form there; the others need a solver, here one that converges.
        solver = optora.GradientDescent(step_size=0.1, max_iter=20_000, tol=1e-9)
        options = {} if isinstance(uncertainty, TotalVariation) else {"dual_solver": solver}
        truth = [float(enclose(Row.of(uncertainty, p, V, rho)).lo) for p in P[:FEW]]

        def theirs(
            peer: Any = peer,  # noqa: ANN401
            rho: float = rho,
            options: dict[str, Any] = options,
        ) -> list[float]:
            losses = torch.tensor(-V)
            sets = [peer(nominal=torch.tensor(p), radius=rho, **options) for p in P[:FEW]]
            return [-float(ball.worst_case_expectation(losses).detach()) for ball in sets]

        def ours(n: int, uncertainty: UncertaintySet = uncertainty, rho: float = rho) -> FloatArray:
            return worst_case_expectations(uncertainty, P[:n], np.full(n, rho), V)

        runs: list[Callable[[], object]] = [lambda: ours(MANY), lambda: ours(1), theirs]
        sweep, one_row, peers = fastest(runs, 0.3, process_time)
        errors = [float(np.abs(np.array(values) - truth).max()) for values in (ours(FEW), theirs())]
        results.append(
            Compared(name, 1e6 * sweep / MANY, 1e6 * one_row, 1e6 * peers / FEW, errors[0], errors[1])
        )
    return results


def markdown(results: list[Compared]) -> str:
    """Return the table as Markdown."""
    lines = [
        "| set | us a row in a sweep | us a call of one row | error | optora, us a row | error |",
        "|---|---|---|---|---|---|",
    ]
    for row in results:
        lines.append(
            f"| {row.name} | {row.sweep:.3g} | {row.one_row:.3g} | {row.error:.1e} "
            f"| {row.theirs:,.0f} | {row.their_error:.1e} |"
        )
    return "\n".join(lines) + "\n"


def section() -> str:
    """Return the table, or that there is nothing to compare with."""
    try:
        return markdown(compared())
    except ImportError:
        return ABSENT


if __name__ == "__main__":
    print(section())
