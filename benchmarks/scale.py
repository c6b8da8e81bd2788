"""Sparse rows: enclosing sweeps beside a sparse product, and beside certificates in fractions; whole games.

python -m benchmarks scale
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from time import process_time
from tracemalloc import get_traced_memory
from tracemalloc import start as start_tracing
from tracemalloc import stop as stop_tracing

import numpy as np
from scipy import sparse

from benchmarks.grid import grid_game, grid_policy
from benchmarks.sweeps import fastest
from benchmarks.threads import scaling
from drmg_check.enclosures import (
    Entries,
    Radii,
    enclosed_expectations,
    entries_of,
    radii_between,
    tables,
)
from drmg_check.kernels import worst_case_expectations
from drmg_check.models import DenseRows, JointPolicy, SparseRows, support
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    TotalVariation,
    UncertaintySet,
)
from drmg_check.vocabulary import FloatArray
from drmg_oracles.rows import enclose, row_on_support

SETS: dict[str, UncertaintySet] = {
    "contamination": Contamination(),
    "tv": TotalVariation(),
    "tv, nominal support": TotalVariation(support="nominal"),
    "interval, nominal support": Interval(support="nominal"),
    "interval": Interval(),
    "chi2": ChiSquare(),
    "kl": KullbackLeibler(),
    "hellinger": Hellinger(),
    "reverse-kl": ReverseKL(),
    "cressie-read 3/2": CressieRead(Fraction(3, 2)),
}
TARGETS = {
    5: {"contamination": 1.3, "tv": 2.5, "interval, nominal support": 3.0, "chi2": 3.5, "kl": 12.0},
    16: {"contamination": 1.2, "tv": 2.5, "interval, nominal support": 2.7, "chi2": 2.3, "kl": 5.5},
}
"""Products that a sweep may take, by successors, at 1e5 states."""
DENSE = {"tv": (TotalVariation(), 1.5), "kl": (KullbackLeibler(), 2.3)}
"""What a proved sweep over dense rows may take of a plain one."""
SIZES = ((10**4, 5), (10**5, 5), (10**5, 16))  # states and successors, four actions
SAMPLED = 300  # rows that are enclosed in fractions for comparison
GAMES = ((10, 50, "tv"), (10, 50, "kl"), (18, 50, "tv"))
RADIUS = 0.1


@dataclass(frozen=True, slots=True)
class Swept:
    """One set at one size: products, microseconds in fractions, and the largest width in spans."""

    name: str
    states: int
    successors: int
    products: float
    nanoseconds: float
    times_fractions: float
    width: float

    @property
    def target(self) -> float | None:
        """How many products are wanted at most, if anything is."""
        return TARGETS[self.successors].get(self.name) if self.states == 10**5 else None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that is no row of the table of sweeps, and what is wanted of it."""

    what: str
    measured: float
    wanted: str


def random_rows(S: int, k: int) -> SparseRows:
    """Return four rows a state with k successors anywhere."""
    chance = np.random.default_rng(0)
    n = 4 * S
    indices = np.sort(chance.integers(0, S // k, (n, k)) + np.arange(k) * (S // k), axis=1)
    weights = chance.random((n, k)) + 0.05
    weights /= weights.sum(axis=1, keepdims=True)
    indptr = np.arange(0, n * k + 1, k)
    return SparseRows(indptr=indptr, indices=indices.ravel(), weights=weights.ravel(), shape=(S, 4, S))


def sweeps(budget: float) -> list[Swept]:
    """Measure every set at every size, each beside the product on the same data."""
    results = []
    for S, k in SIZES:
        rows, V = random_rows(S, k), np.random.default_rng(1).random(S)
        entries, radii = entries_of(rows), radii_between(np.full(4 * S, RADIUS))
        matrix = sparse.csr_array(
            (rows.P, rows.indices.astype(np.int32), rows.indptr.astype(np.int32)), shape=(4 * S, S)
        )
        for name, ball in SETS.items():
            runs = (partial(matrix.__matmul__, V), partial(enclosed_expectations, ball, entries, radii, V))
            product, once = fastest(runs, budget, process_time)
            lo, hi = enclosed_expectations(ball, entries, radii, V)
            exactly = _in_fractions(rows, ball, V) / SAMPLED
            each = once / (4 * S)
            width = float((hi - lo).max()) / float(V.max() - V.min())
            results.append(Swept(name, S, k, once / product, 1e9 * each, exactly / each, width))
    return results


def _in_fractions(rows: SparseRows, ball: UncertaintySet, V: np.ndarray) -> float:
    chosen = np.random.default_rng(2).choice(rows.shape[0], SAMPLED, replace=False).tolist()
    supports = [support(rows, s, 0) for s in chosen]
    made = [row_on_support(ball, s.tolist(), w.tolist(), Fraction(RADIUS), V) for s, w in supports]
    start = process_time()
    for row in made:
        enclose(row)
    return process_time() - start


def ratios(budget: float) -> list[Ratio]:
    """Measure dense rows beside plain sweeps, what a second thread brings, and memory beside the rows."""
    results = []
    for S, n in ((100, 2000), (1000, 400)):
        chance = np.random.default_rng(3)
        P, V = chance.dirichlet(np.ones(S), size=n), chance.random(S)
        P /= P.sum(axis=1, keepdims=True)
        entries, rho = entries_of(DenseRows(P[:, None])), np.full(n, RADIUS)
        for name, (ball, most) in DENSE.items():
            plain = partial(worst_case_expectations, ball, P, rho, V)
            proved = partial(enclosed_expectations, ball, entries, radii_between(rho), V)
            cold, bounds = fastest((plain, proved), budget, process_time)
            results.append(Ratio(f"dense rows, S = {S}, {name}: proved / plain", bounds / cold, f"<= {most}"))
    S = 10**5
    rows, V = random_rows(S, 5), np.random.default_rng(1).random(S)
    entries, radii = entries_of(rows), radii_between(np.full(4 * S, RADIUS))
    for name in ("tv", "kl"):
        shared = scaling(name, partial(_with_threads, SETS[name], entries, radii, V), 9)
        results.append(Ratio(f"second thread, S = 1e5, {name}: speed-up", shared.speed_up, ">= 1.7"))
    kept = sum(array.nbytes for array in (entries.starts, entries.columns, entries.weights, radii.low))
    start_tracing()
    enclosed_expectations(SETS["kl"], entries, radii, V)
    swept = get_traced_memory()[1]
    stop_tracing()
    results.append(Ratio("memory, bytes a row of 5 beside the game", (kept + swept) / (4 * S), "<= 130"))
    return results


def _with_threads(
    ball: UncertaintySet, entries: Entries, radii: Radii, V: FloatArray, threads: int
) -> tuple[FloatArray, FloatArray]:
    return enclosed_expectations(ball, entries, radii, V, threads=threads)


def games() -> list[tuple[str, int, float, float]]:
    """Return name, rows, CPU seconds and the largest width of whole proved games."""
    results = []
    for n, H, name in GAMES:
        game = grid_game(n, H, SETS[name], RADIUS)
        weights = grid_policy(n)
        policy = JointPolicy(np.broadcast_to(weights, (H, *weights.shape)), (4, 4))
        start = process_time()
        proved = tables(game, policy)
        seconds = process_time() - start
        rows = game.n_states * game.n_joint_actions
        results.append(
            (f"{name}, {game.n_states:,} states, H = {H}", rows, seconds, max(t.d[0] for t in proved))
        )
    return results


def markdown(table: list[Swept], others: list[Ratio], proved: list[tuple[str, int, float, float]]) -> str:
    """Return all tables."""
    lines = [
        "| set | states | successors | products | wanted | ns a row | times faster than fractions "
        "| width / span |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in table:
        wanted = f"<= {row.target}" if row.target else ""
        lines.append(
            f"| {row.name} | {row.states:,} | {row.successors} | {row.products:.1f} | {wanted} |"
            f" {row.nanoseconds:.0f} | {row.times_fractions:,.0f} | {row.width:.0e} |"
        )
    lines += ["", "| what | measured | wanted |", "|---|---|---|"]
    lines += [f"| {ratio.what} | {ratio.measured:.2f} | {ratio.wanted} |" for ratio in others]
    lines += ["", "| whole game | rows a step | CPU s, six tables | largest width |", "|---|---|---|---|"]
    lines += [f"| {name} | {rows:,} | {seconds:.1f} | {width:.0e} |" for name, rows, seconds, width in proved]
    return "\n".join(lines) + "\n"
