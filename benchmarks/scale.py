"""Sparse rows: enclosing sweeps beside a sparse product, and beside certificates in fractions; whole games.

python -m benchmarks scale
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from time import process_time

import numpy as np
from scipy import sparse

from benchmarks.grid import grid_game, grid_policy
from benchmarks.sweeps import fastest
from drmg_check.enclosures import enclosed_expectations, entries_of, radii_between, tables
from drmg_check.models import JointPolicy, SparseRows, support
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    Interval,
    KullbackLeibler,
    TotalVariation,
    UncertaintySet,
)
from drmg_oracles.rows import enclose, row_on_support

SETS: dict[str, UncertaintySet] = {
    "contamination": Contamination(),
    "tv": TotalVariation(),
    "tv, nominal support": TotalVariation(support="nominal"),
    "interval, nominal support": Interval(support="nominal"),
    "chi2": ChiSquare(),
    "kl": KullbackLeibler(),
}
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


def markdown(table: list[Swept], proved: list[tuple[str, int, float, float]]) -> str:
    """Return both tables."""
    lines = [
        "| set | states | successors | products | ns a row | times faster than fractions | width / span |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in table:
        lines.append(
            f"| {row.name} | {row.states:,} | {row.successors} | {row.products:.1f} | {row.nanoseconds:.0f} |"
            f" {row.times_fractions:,.0f} | {row.width:.0e} |"
        )
    lines += ["", "| whole game | rows a step | CPU s, six tables | largest width |", "|---|---|---|---|"]
    lines += [f"| {name} | {rows:,} | {seconds:.1f} | {width:.0e} |" for name, rows, seconds, width in proved]
    return "\n".join(lines) + "\n"
