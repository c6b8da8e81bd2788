"""Whole games: robust evaluation beside ``P @ V``, and how long certificates take.

    python benchmarks/whole_games.py [--budget SECONDS]

``evaluations`` compares :func:`drmg_check.planner.evaluate` of a policy that mixes over everything with the
products ``P[h] @ V`` of every agent and step. ``certificates`` measures the CPU time of
:func:`drmg_oracles.policies.certify` and what was announced beforehand.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from time import process_time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy loads its BLAS
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.sweeps import SETS, fastest
from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.planner import evaluate, robust_value_iteration
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import FloatArray
from drmg_check.zoo import load
from drmg_oracles.policies import certify, estimate_seconds

EVALUATED = ((1000, (2, 2), 4), (100, (4, 4), 10), (20, (4, 4), 10))  # S, actions, H
CERTIFIED = {  # S = 50, H = 20 and 64 joint actions; the policies
    "random-dirichlet?states=50&horizon=20&actions=8": ("uniform", "nash", "cce"),
    "random-dirichlet?states=50&horizon=20&actions=4&agents=3": ("uniform",),
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How many ``P @ V`` an evaluation of one game takes, per agent and step."""

    states: int
    joint_actions: int
    name: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Certified:
    """The CPU seconds of one certificate, and those announced."""

    address: str
    policy: str
    announced: float
    seconds: float


def random_game(
    S: int, actions: tuple[int, ...], H: int, uncertainty: UncertaintySet, rho: float
) -> RobustMarkovGame:
    """Return a game with flat Dirichlet rows."""
    rng, A, m = np.random.default_rng(0), int(np.prod(actions)), len(actions)
    return RobustMarkovGame(
        transition=rng.dirichlet(np.ones(S), H * S * A).reshape(H, S, A, S),
        reward=rng.random((m, H, S, A)),
        radius=rho,
        uncertainty=uncertainty,
        actions=actions,
    )


def evaluations(budget: float) -> list[Evaluated]:
    """Measure every size and set."""
    results = []
    for S, actions, H in EVALUATED:
        for name, (uncertainty, rho) in SETS.items():
            game = random_game(S, actions, H, uncertainty, rho)
            rows, V = game.P.reshape(H, -1, S), np.random.default_rng(1).random(S)
            policy = uniform_policy(game)

            def products(
                rows: FloatArray = rows, V: FloatArray = V, m: int = game.n_agents
            ) -> list[FloatArray]:
                return [step @ V for _ in range(m) for step in rows]

            evaluate(game, policy)
            unit, seconds = fastest(
                [products, lambda game=game, policy=policy: evaluate(game, policy)],
                budget,
                process_time,
            )
            results.append(Evaluated(S, game.n_joint_actions, name, seconds / unit))
    return results


def certificates() -> list[Certified]:
    """Certify the uniform policy and planned ones of the largest games that should take below a minute."""
    results = []
    for address, names in CERTIFIED.items():
        game = load(address)
        for name in names:
            policy = uniform_policy(game) if name == "uniform" else robust_value_iteration(game, name).policy
            announced, began = estimate_seconds(game, policy), process_time()
            certify(game, policy)
            results.append(Certified(address, name, announced, process_time() - began))
    return results


def markdown(evaluated: list[Evaluated], certified: list[Certified]) -> str:
    """Return both tables as Markdown."""
    names = list(dict.fromkeys(call.name for call in evaluated))
    sizes = list(dict.fromkeys((call.states, call.joint_actions) for call in evaluated))
    ratio = {(call.states, call.joint_actions, call.name): call.ratio for call in evaluated}
    lines = ["| set | " + " | ".join(f"S = {S}, A = {A}" for S, A in sizes) + " |"]
    lines.append("|---|" + "---|" * len(sizes))
    for name in names:
        lines.append(f"| {name} | " + " | ".join(f"{ratio[S, A, name]:.1f}" for S, A in sizes) + " |")
    lines += ["", "| game | policy | announced | CPU seconds |", "|---|---|---|---|"]
    for each in certified:
        lines.append(f"| `{each.address}` | {each.policy} | {each.announced:.0f} s | {each.seconds:.0f} s |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--budget", type=float, default=0.3, help="seconds for each figure of the first table"
    )
    options = parser.parse_args()
    print(markdown(evaluations(options.budget), certificates()))


if __name__ == "__main__":
    main()
