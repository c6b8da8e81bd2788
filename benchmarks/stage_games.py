"""How accurate the stage solvers are on hard games, and how fast beside linear programs game by game.

``verification`` solves many games of every shape, half of them uniform and half from ten degenerate
families, for every concept, and reports the worst gap on the payoffs as given and how many games needed
exact arithmetic. Gaps are shares of the range of the family's payoffs, for the grid on which equilibria are
selected is absolute too. ``throughput`` compares CCE and CE with ``scipy.optimize.linprog`` and with one
HiGHS model whose rows are replaced; for those the rows are built beforehand, which favours them.

    python benchmarks/stage_games.py [--games 20000] [--budget SECONDS]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from time import process_time

import highspy
import numpy as np
from scipy.optimize import linprog

from benchmarks.sweeps import fastest
from drmg_check.equilibria import Concept, Method, solve_stages
from drmg_check.vocabulary import FloatArray

FAMILIES = (
    "uniform",
    "zero",
    "integers 0..1",
    "integers 0..2",
    "duplicated action",
    "identical interest",
    "near ties 1e-12",
    "near ties 1e-7",
    "players scaled 1e-5..1e5",
    "own action irrelevant",
    "constant sum",
)
SHAPES = ((2, 2), (3, 3), (4, 4), (5, 5), (2, 2, 2), (3, 3, 3), (2, 2, 2, 2))
CONCEPTS: tuple[Concept, ...] = ("nash", "cce", "ce")
TIMED = ((2, 2), (3, 3), (5, 5), (2, 2, 2), (3, 3, 3))
WANTED = {(2, 2), (3, 3), (3, 3, 3)}  # where 100 times linprog and 5 times highspy are wanted
LIMIT = 1e-9  # of the range of a family's payoffs


def draw(family: str, actions: tuple[int, ...], count: int, seed: int = 0) -> FloatArray:
    """Return payoffs ``[m, count, A]`` of one family."""
    rng = np.random.default_rng(seed)
    m, A = len(actions), prod(actions)
    shape = (m, count, A)
    if family == "uniform":
        return rng.random(shape)
    if family == "zero":
        return np.zeros(shape)
    if family == "identical interest":
        return np.broadcast_to(rng.integers(0, 4, (1, count, A)).astype(float), shape).copy()
    if family == "players scaled 1e-5..1e5":
        scaled: FloatArray = rng.random(shape) * 10.0 ** np.linspace(-5, 5, m)[:, None, None]
        return scaled
    if family == "own action irrelevant":
        payoffs = rng.random((m, count, *actions))
        for i in range(m):
            payoffs[i] = payoffs[i].mean(axis=1 + i, keepdims=True)
        return payoffs.reshape(shape)
    whole = rng.integers(0, 2 if family == "integers 0..1" else 3, shape).astype(float)
    if family.startswith("near ties"):
        noisy: FloatArray = whole + float(family.split()[-1]) * rng.random(shape)
        return noisy
    if family == "constant sum":
        whole[-1] = 2.0 * m - whole[:-1].sum(axis=0)
    if family == "duplicated action":
        payoffs = whole.reshape(m, count, *actions)
        payoffs[:, :, -1] = payoffs[:, :, 0]
    return whole


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out for one shape and concept."""

    actions: tuple[int, ...]
    concept: Concept
    games: int
    worst: float
    """The largest gap, as a share of the range of the family's payoffs."""
    family: str
    """The family of the worst gap."""
    exact: int
    """How many games ended in exact arithmetic."""
    failed: int
    """How many games were marked as failed."""
    above: int
    """How many gaps exceed :data:`LIMIT`."""
    microseconds: float
    """CPU time of a game."""


def verify(actions: tuple[int, ...], concept: Concept, games: int, seed: int = 0) -> Verified:
    """Solve half uniform, half degenerate games of one shape."""
    degenerate = len(FAMILIES) - 1
    worst, where, exact, failed, above, seconds = 0.0, "none", 0, 0, 0, 0.0
    for family in FAMILIES:
        count = games // 2 if family == "uniform" else games // (2 * degenerate)
        payoffs = draw(family, actions, count, seed)
        began = process_time()
        solved = solve_stages(payoffs, actions, concept)
        seconds += process_time() - began
        share = solved.gap / (np.ptp(payoffs) or 1.0)
        if share.max() > worst:
            worst, where = float(share.max()), family
        exact += int((solved.method == Method.EXACT).sum())
        failed += int((solved.method == Method.FAILED).sum())
        above += int((share > LIMIT).sum())
    solved = games // 2 + degenerate * (games // (2 * degenerate))
    return Verified(actions, concept, solved, worst, where, exact, failed, above, 1e6 * seconds / solved)


def verification(
    games: int, *, progress: Callable[[Verified], object] = lambda verified: None
) -> list[Verified]:
    """Verify every shape and concept."""
    results = []
    for actions in SHAPES:
        for concept in CONCEPTS:
            verify(actions, concept, 2 * len(FAMILIES))  # compiled before it is timed
            results.append(verify(actions, concept, games))
            progress(results[-1])
    return results


@dataclass(frozen=True, slots=True)
class Timed:
    """Microseconds of one game by each solver, CPU time."""

    actions: tuple[int, ...]
    concept: Concept
    own: float
    highs: float
    linprog: float


def deviation_rows(payoffs: FloatArray, actions: tuple[int, ...], *, swaps: bool) -> FloatArray:
    """Return G of ``G x <= 0`` for one game, payoffs ``[m, A]``."""
    rows = []
    for i, n in enumerate(actions):
        u, play = payoffs[i].reshape(actions), np.indices(actions)[i]
        for j in range(n):
            gain = np.take(u, [j], axis=i) - u
            parts = [np.where(play == k, gain, 0.0) for k in range(n) if k != j] if swaps else [gain]
            rows += [part.ravel() for part in parts]
    return np.array(rows)


def timed(actions: tuple[int, ...], concept: Concept, budget: float) -> Timed:
    """Measure the CPU time of one shape and concept on uniform games, the solvers taking turns."""
    payoffs = draw("uniform", actions, 2000, 1)
    few = [payoffs[:, s] for s in range(20)]
    programs = [(u.sum(axis=0), deviation_rows(u, actions, swaps=concept == "ce")) for u in few]
    model = _Model(programs[0][1])
    runs: list[tuple[Callable[[], object], int]] = [
        (lambda: solve_stages(payoffs, actions, concept), payoffs.shape[1]),
        (lambda: [model.solve(w, G) for w, G in programs], len(few)),
        (lambda: [_linprog(w, G) for w, G in programs], len(few)),
    ]
    seconds = fastest([run for run, _ in runs], budget, process_time)
    each = [1e6 * best / count for best, (_, count) in zip(seconds, runs, strict=True)]
    return Timed(actions, concept, *each)


def throughput(budget: float) -> list[Timed]:
    """Measure CCE and CE for every shape."""
    return [timed(actions, concept, budget) for actions in TIMED for concept in ("cce", "ce")]


class _Model:
    """One HiGHS model whose rows and costs are replaced from game to game."""

    def __init__(self, G: FloatArray) -> None:
        rows, A = G.shape
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.addVars(A, np.zeros(A), np.full(A, highspy.kHighsInf))
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.columns = np.arange(A, dtype=np.int32)
        self.starts = np.arange(rows + 1, dtype=np.int32) * A
        self.indices = np.tile(self.columns, rows + 1)
        self.low = np.append(np.full(rows, -highspy.kHighsInf), 1.0)
        self.high = np.append(np.zeros(rows), 1.0)

    def solve(self, w: FloatArray, G: FloatArray) -> list[float]:
        """Return an x of largest ``w.x`` with ``G x <= 0`` in the simplex."""
        model, rows, A = self.solver, *G.shape
        model.clearSolver()  # a start from the last basis can be wrong (HiGHS issues 3194, 3294)
        present = model.getNumRow()
        if present:
            model.deleteRows(present, np.arange(present, dtype=np.int32))
        values = np.concatenate([G.ravel(), np.ones(A)])
        model.addRows(rows + 1, self.low, self.high, len(values), self.starts, self.indices, values)
        model.changeColsCost(A, self.columns, w)
        model.run()
        return list(model.getSolution().col_value)


def _linprog(w: FloatArray, G: FloatArray) -> FloatArray:
    A = len(w)
    program = linprog(
        -w, A_ub=G, b_ub=np.zeros(len(G)), A_eq=np.ones((1, A)), b_eq=np.ones(1), method="highs"
    )
    x: FloatArray = program.x
    return x


def markdown(verified: list[Verified], measured: list[Timed]) -> str:
    """Return both tables as Markdown."""
    lines = [
        "| shape | concept | games | worst gap | above 1e-9 | made exact | failed | us a game |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in verified:
        counts = f"{line.above} | {line.exact} | {line.failed}"
        lines.append(
            f"| {_shape(line.actions)} | {line.concept.upper()} | {line.games:,} | "
            f"{line.worst:.1e}, {line.family} | {counts} | {line.microseconds:.3g} |"
        )
    lines += [
        "",
        "| shape | concept | us a game | HiGHS, rows replaced | linprog | wanted |",
        "|---|---|---|---|---|---|",
    ]
    for each in measured:
        wanted = "5 / 100" if each.actions in WANTED else ""
        lines.append(
            f"| {_shape(each.actions)} | {each.concept.upper()} | {each.own:.3g} | "
            f"{each.highs / each.own:.0f} times | {each.linprog / each.own:.0f} times | {wanted} |"
        )
    return "\n".join(lines) + "\n"


def _shape(actions: tuple[int, ...]) -> str:
    return "x".join(map(str, actions))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--games", type=int, default=20_000)
    parser.add_argument("--budget", type=float, default=1.0, help="seconds for each row of the second table")
    options = parser.parse_args()
    measured = throughput(options.budget)
    print(markdown(verification(options.games, progress=print), measured))


if __name__ == "__main__":
    main()
