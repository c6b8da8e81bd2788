"""NASH of three and more agents on random games without pure equilibria, a round at a time.

    python -m benchmarks.hard_games [--seconds S] [--shape 5x5x5 ...] [--afresh]

A round solves 505 games of a shape, drawn from the round's number. The counts are kept in
``hard_games.json`` and added to, whole rounds only, so that a run goes on where the last one was stopped;
``python -m benchmarks hard --write`` publishes them. Exit code 1 if a game was not solved.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from time import monotonic, process_time

import numpy as np

from drmg_check.equilibria import Method, solve_stages
from drmg_check.files import write_whole
from drmg_check.vocabulary import FloatArray

COUNTS = Path(__file__).with_suffix(".json")
SHAPES = ((2, 2, 2), (3, 3, 3), (2, 2, 2, 2), (2, 2, 9), (3, 3, 7), (4, 4, 5), (5, 5, 5))
WANTED = 20_000  # games of a shape
PENALTY = 1e4
BATCH = 256  # games drawn at once, of which those with a pure equilibrium are put aside
KINDS = {"sums of integers": 300, "integers": 100, "uniform": 100, "penalties": 5}  # games in a round


@dataclass(slots=True)
class Count:
    """What was solved of one shape.

    Attributes
    ----------
    rounds, games, failed : int
    exact : int
        Games that floating point did not solve and rational arithmetic did.
    gap : float
        The largest gap, as a share of the range of the game's payoffs.
    seconds : float
        CPU time of the solver.
    """

    rounds: int = 0
    games: int = 0
    failed: int = 0
    exact: int = 0
    gap: float = 0.0
    seconds: float = 0.0


def draw(kind: str, actions: tuple[int, ...], count: int, seed: Sequence[int]) -> FloatArray:
    """Return payoffs ``[m, count, A]`` of games that have no pure equilibrium.

    "sums of integers" are -1, 0 and 1 with the last agent's minus the sum of the others', "penalties" the
    same with one entry of -10^4 for each agent; "integers" are -3 to 3.

    >>> draw("integers", (2, 2, 2), 3, [0]).shape
    (3, 3, 8)
    """
    rng, m, A = np.random.default_rng(seed), len(actions), prod(actions)
    kept, missing = [], count
    while missing > 0:
        if kind == "uniform":
            payoffs = rng.random((m, BATCH, A))
        else:
            most = 3 if kind == "integers" else 1
            payoffs = rng.integers(-most, most + 1, (m, BATCH, A)).astype(float)
        if kind in ("sums of integers", "penalties"):
            payoffs[-1] = -payoffs[:-1].sum(axis=0)
        if kind == "penalties":
            for agent in payoffs:
                agent[np.arange(BATCH), rng.integers(A, size=BATCH)] = -PENALTY
        kept.append(payoffs[:, ~_has_pure(payoffs, actions)][:, :missing])
        missing -= kept[-1].shape[1]
    return np.concatenate(kept, axis=1)


def _has_pure(payoffs: FloatArray, actions: tuple[int, ...]) -> FloatArray:
    """Return which of the games ``[m, n, A]`` have a profile from which nobody gains alone."""
    m, n, _ = payoffs.shape
    stable = np.ones((n, *actions), dtype=bool)
    for i, own in enumerate(payoffs.reshape(m, n, *actions)):
        stable &= own >= own.max(axis=1 + i, keepdims=True)
    return stable.reshape(n, -1).any(axis=1)


def add_round(count: Count, actions: tuple[int, ...]) -> list[str]:
    """Solve the next round of a shape, add it to the count, and return the games that failed, in words."""
    failures = []
    for number, (kind, games) in enumerate(KINDS.items()):
        seed = [count.rounds, number, *actions]
        payoffs = draw(kind, actions, games, seed)
        began = process_time()
        solved = solve_stages(payoffs, actions, "nash")
        count.seconds += process_time() - began
        share = solved.gap / np.ptp(payoffs, axis=(0, 2))
        failed = np.flatnonzero(solved.method == Method.FAILED)
        failures += [f"{shape_name(actions)}, {kind}, seed {seed}, game {k}" for k in failed]
        count.games += games
        count.failed += len(failed)
        count.exact += int((solved.method == Method.EXACT).sum())
        count.gap = max(count.gap, float(share.max()))
    count.rounds += 1
    return failures


def shape_name(actions: tuple[int, ...]) -> str:
    """Return a shape as the page has it.

    >>> shape_name((2, 2, 9))
    '2x2x9'
    """
    return "x".join(map(str, actions))


def read(path: Path = COUNTS) -> dict[str, Count]:
    """Return the counts on file by shape."""
    if not path.exists():
        return {}
    return {name: Count(**numbers) for name, numbers in json.loads(path.read_text(encoding="utf-8")).items()}


def write(counts: dict[str, Count], path: Path = COUNTS) -> None:
    """Keep the counts, rounded to what they are worth."""
    data = {name: asdict(count) for name, count in counts.items()}
    for numbers in data.values():
        numbers["gap"], numbers["seconds"] = float(f"{numbers['gap']:.2g}"), round(numbers["seconds"], 1)
    write_whole(path, (json.dumps(data, indent=1) + "\n").encode())


def markdown(counts: dict[str, Count]) -> str:
    """Return the table of the page."""
    lines = [
        "| shape | games without a pure equilibrium | failed | made exact | worst gap | ms a game |",
        "|---|---|---|---|---|---|",
    ]
    for name in map(shape_name, SHAPES):
        if (count := counts.get(name)) and count.games:
            lines.append(
                f"| {name} | {count.games:,} | {count.failed} | {count.exact:,} | {count.gap:.1e} "
                f"| {1e3 * count.seconds / count.games:.3g} |"
            )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Solve rounds, those shapes first that have fewest, until all have enough or the time is up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no round begins after these")
    parser.add_argument("--shape", action="append", choices=[shape_name(actions) for actions in SHAPES])
    parser.add_argument("--afresh", action="store_true", help="forget the counts on file")
    arguments = parser.parse_args()
    counts = {} if arguments.afresh else read()
    for actions in SHAPES:
        counts.setdefault(shape_name(actions), Count())
    asked = [actions for actions in SHAPES if shape_name(actions) in (arguments.shape or counts)]
    end, failures = monotonic() + arguments.seconds, 0
    while monotonic() < end:
        actions = min(asked, key=lambda actions: counts[shape_name(actions)].games)
        count = counts[shape_name(actions)]
        if count.games >= WANTED:
            break
        for failure in add_round(count, actions):
            failures += 1
            print(f"not solved: {failure}", flush=True)
        write(counts)
    print(markdown(counts))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
