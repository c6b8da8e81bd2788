"""Threads: how much faster whole games and learners are on two than on one.

    python benchmarks/threads.py [--rounds N]

Told by CPU times, so that a busy machine does not matter: with a core for each thread, a run ends after the
CPU time of the thread that shares out, plus half of what its two workers take.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time, thread_time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy loads its BLAS
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.sweeps import SETS
from benchmarks.whole_games import EVALUATED, random_game
from drmg_check.learners import Settings, learn
from drmg_check.models import uniform_policy
from drmg_check.planner import evaluate, practical, robust_value_iteration
from drmg_check.zoo import load

SHARED = ("total variation", "KL")
LEARNED = {"random-dirichlet": 3000, "random-dirichlet?states=20&horizon=10&actions=3": 100}  # episodes


@dataclass(frozen=True, slots=True)
class Scaling:
    """What a second thread brings, and what it costs.

    Attributes
    ----------
    speed_up : float
        The time of one thread over that of two with a core each.
    cost : float
        The CPU time of two threads over that of one.
    """

    what: str
    speed_up: float
    cost: float


def scaling(what: str, run: Callable[[int], object], rounds: int) -> Scaling:
    """Measure ``run(threads)`` on one and on two threads, in turns; the cheapest run of each counts."""
    run(2)  # compiled
    alone, two = float("inf"), (float("inf"), float("inf"))
    for _ in range(rounds):
        alone = min(alone, cpu_seconds(lambda: run(1))[0])
        two = min(two, cpu_seconds(lambda: run(2)))
    total, path = two
    return Scaling(what, alone / path, total / alone)


def cpu_seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU time of all threads, and that of this one plus half of what the others take."""
    began, own_began = process_time(), thread_time()
    run()
    total, own = process_time() - began, thread_time() - own_began
    return total, own + (total - own) / 2


def scalings(rounds: int) -> list[Scaling]:
    """Measure evaluations and plans of every size, and learners of two seeds."""
    results = []
    for S, actions, H in EVALUATED:
        for name in SHARED:
            game = random_game(S, actions, H, *SETS[name])
            policy, size = uniform_policy(game), f"{name}, S = {S}, A = {game.n_joint_actions}, H = {H}"
            runs: dict[str, Callable[[int], object]] = {
                "evaluation": lambda threads, game=game, policy=policy: evaluate(
                    game, policy, threads=threads
                ),
                "plan, a CCE": lambda threads, game=game: robust_value_iteration(
                    game, "cce", threads=threads
                ),
            }
            results += [scaling(f"{what}: {size}", run, rounds) for what, run in runs.items()]
    for address, episodes in LEARNED.items():
        game = load(address)
        settings = Settings(
            algorithm="mornavi", concept="nash", episodes=episodes, optimism=practical(game, episodes)
        )
        results.append(
            scaling(
                f"two seeds of f-MORNAVI: `{address}`",
                lambda threads, game=game, settings=settings: learn(game, settings, [0, 1], threads=threads),
                rounds,
            )
        )
    return results


def markdown(results: list[Scaling]) -> str:
    """Return the table as Markdown."""
    lines = ["| what | speed-up of 2 threads over 1 | CPU time, 2 over 1 |", "|---|---|---|"]
    lines += [f"| {scaling.what} | {scaling.speed_up:.2f} | {scaling.cost:.2f} |" for scaling in results]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="runs of each kind")
    print(markdown(scalings(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
