"""Measure the sweeps as ratios to ``P @ V`` on the same data, in one process, back to back.

``python benchmarks/sweeps.py`` prints the tables. Only ratios mean something: each is the fastest of several
runs over the fastest ``P @ V`` measured around them, on one core. A cold sweep knows nothing; a warm one
starts from what a sweep left for values that differ by 1e-4, as late in value iteration.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy loads its BLAS
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import brentq

from drmg_check.kernels import nominal_expectations, worst_case_expectations
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose, primal

SHAPES = {"S = 10000, out of cache": (10_000, 2_000), "S = 1000, out of cache": (1_000, 20_000)}
SHAPES |= {"S = 1000, in cache": (1_000, 100), "S = 100": (100, 2_000), "S = 32": (32, 2_000)}
SHAPES |= {"S = 8": (8, 2_000)}
SETS: dict[str, tuple[UncertaintySet, float]] = {
    "total variation": (TotalVariation(), 0.1),
    "contamination": (Contamination(), 0.1),
    "interval": (Interval(), 0.01),
    "chi-square": (ChiSquare(), 0.2),
    "KL": (KullbackLeibler(), 0.1),
    "Hellinger": (Hellinger(), 0.05),
    "reverse KL": (ReverseKL(), 0.1),
    "Cressie-Read 3/2": (CressieRead(Fraction(3, 2)), 0.1),
    "Cressie-Read -1": (CressieRead(Fraction(-1)), 0.1),
}
# cold and warm, out of cache
TARGETS = {
    "total variation": (2, 1.3),
    "contamination": (2, 2),
    "interval": (2, 2),
    "chi-square": (3, 2),
    "KL": (6, 4),
    "Hellinger": (6, 4),
    "reverse KL": (15, 7),
    "Cressie-Read 3/2": (15, 15),
    "Cressie-Read -1": (15, 15),
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many ``P @ V`` one sweep of a set takes."""

    name: str
    cold: float
    warm: float
    two_threads: float


def fastest(
    runs: Sequence[Callable[[], object]], budget: float, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Return the seconds of each run's fastest time, taking turns so that all meet the same noise.

    At least three rounds, and as many as fit into ``budget`` seconds for each run. CPU time as the clock
    leaves out what other programs take, and adds up threads.
    """
    best = [float("inf")] * len(runs)
    begin, rounds = clock(), 0
    while rounds < 3 or clock() - begin < budget * len(runs):
        for k, run in enumerate(runs):
            start = clock()
            run()
            best[k] = min(best[k], clock() - start)
        rounds += 1
    return best


def measure(uncertainty: UncertaintySet, rho: float, P: FloatArray, V: FloatArray, budget: float) -> Ratio:
    """Return the ratios of one set on one matrix."""
    n = P.shape[0]
    radius, out, left = np.full(n, rho), np.empty(n), np.zeros(n)
    moved = V + 1e-4 * np.random.default_rng(1).normal(size=V.shape)
    worst_case_expectations(uncertainty, P, radius, V, out=out, start=left)
    start = left.copy()

    def cold() -> None:
        worst_case_expectations(uncertainty, P, radius, V, out=out)

    def warm() -> None:
        start[:] = left
        worst_case_expectations(uncertainty, P, radius, moved, out=out, start=start)

    def shared() -> None:
        worst_case_expectations(uncertainty, P, radius, V, out=out, threads=2)

    unit, *seconds = fastest([lambda: P @ V, cold, warm, shared], budget)
    return Ratio(uncertainty.kind, *(x / unit for x in seconds))


def sweeps(budget: float) -> dict[str, dict[str, Ratio]]:
    """Return the ratios for every shape and set."""
    table: dict[str, dict[str, Ratio]] = {}
    for shape, (S, n) in SHAPES.items():
        rng = np.random.default_rng(0)
        P, V = rng.dirichlet(np.ones(S), n), rng.random(S)
        unit, seconds = fastest([lambda P=P, V=V: P @ V, lambda P=P, V=V: nominal_expectations(P, V)], budget)
        nominal = seconds / unit
        table[shape] = {"nominal": Ratio("nominal", nominal, nominal, nominal)}
        for name, (uncertainty, rho) in SETS.items():
            table[shape][name] = measure(uncertainty, rho, P, V, budget)
        if S <= 100:
            line = tuple(tuple(Fraction(abs(s - t), S) for t in range(S)) for s in range(S))
            table[shape]["Wasserstein"] = measure(Wasserstein(line), 0.05, P, V, budget)
    return table


def numpy_tv(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Sort, cut the largest values, one row: the textbook."""
    order = np.argsort(-V)
    q = p.copy()
    cut = np.minimum(np.maximum(rho - (np.cumsum(p[order]) - p[order]), 0), p[order])
    q[order] -= cut
    q[V.argmin()] += cut.sum()
    return float(q @ V)


def numpy_kl(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Solve the optimality condition of the dual by bracketing, one row: the textbook."""
    W = V - V.min()

    def excess(s: float) -> float:
        e = p * np.exp(-s * W)
        return float(-s * (e @ W) / e.sum() - np.log(e.sum()) - rho)

    s = brentq(excess, 1e-8, 1e4)
    return float(V.min() - (np.log(p @ np.exp(-s * W)) + rho) / s)


def baselines(budget: float) -> list[tuple[str, float]]:
    """Return the microseconds per row at S = 100 of kernels and of what one would write without them."""
    rng = np.random.default_rng(0)
    S, n = 100, 2_000
    P, V, rho = rng.dirichlet(np.ones(S), n), rng.random(S), np.full(n, 0.1)
    few = P[:20]
    row = Row.of(KullbackLeibler(), P[0], V, 0.1)
    runs: list[tuple[str, Callable[[], object], int]] = [
        ("P @ V", lambda: P @ V, n),
        ("TV kernel", lambda: worst_case_expectations(TotalVariation(), P, rho, V), n),
        ("TV in NumPy, row by row", lambda: [numpy_tv(p, V, 0.1) for p in few], len(few)),
        ("KL kernel", lambda: worst_case_expectations(KullbackLeibler(), P, rho, V), n),
        ("KL in SciPy, row by row", lambda: [numpy_kl(p, V, 0.1) for p in few], len(few)),
        ("KL in cvxpy (Clarabel)", lambda: primal(row), 1),
        ("KL enclosure with certificate", lambda: enclose(row), 1),
    ]
    seconds = fastest([run for _, run, _ in runs], budget)
    return [(name, best / rows * 1e6) for (name, _, rows), best in zip(runs, seconds, strict=True)]


def markdown(table: dict[str, dict[str, Ratio]], rows: list[tuple[str, float]]) -> str:
    """Return the tables as Markdown."""
    lines = []
    for shape, ratios in table.items():
        target = "out of cache" in shape
        lines += [
            f"### {shape}",
            "",
            "| set | cold | warm | cold, 2 threads |" + (" target |" if target else ""),
        ]
        lines += ["|---|---|---|---|" + ("---|" if target else "")]
        for name, ratio in ratios.items():
            line = f"| {name} | {ratio.cold:.1f} | {ratio.warm:.1f} | {ratio.two_threads:.1f} |"
            if target:
                line += " {} / {} |".format(*TARGETS[name]) if name in TARGETS else " |"
            lines.append(line)
        lines.append("")
    lines += ["### One row of 100 states", "", "| what | microseconds |", "|---|---|"]
    lines += [f"| {name} | {microseconds:.3g} |" for name, microseconds in rows]
    return "\n".join(lines) + "\n"


def plot(table: dict[str, dict[str, Ratio]], path: Path) -> None:
    """Draw the cold and warm ratios out of cache against their targets."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "drmg-check"})
    from matplotlib.figure import Figure

    ratios = table["S = 1000, out of cache"]
    names = [name for name in ratios if name in TARGETS]
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    y = np.arange(len(names))
    axes.barh(y - 0.2, [ratios[name].cold for name in names], 0.4, label="cold", color="#4477aa")
    axes.barh(y + 0.2, [ratios[name].warm for name in names], 0.4, label="warm", color="#88ccee")
    for column, offset in ((0, -0.2), (1, 0.2)):
        targets = [TARGETS[name][column] for name in names]
        label = "target" if column == 0 else None
        axes.plot(targets, y + offset, "|", color="black", markersize=14, label=label)
    axes.set_yticks(y, names)
    axes.invert_yaxis()
    axes.set_xlabel("time of a sweep / time of P @ V (1000 states, out of cache)")
    axes.legend(frameon=False)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--budget", type=float, default=0.3, help="seconds for each figure")
    budget = parser.parse_args().budget
    print(markdown(sweeps(budget), baselines(budget)))


if __name__ == "__main__":
    main()
