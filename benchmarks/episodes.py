"""What an episode of f-MORNAVI costs, against its parts timed alone, and how that grows.

An episode plans (two worst-case sweeps for each agent and step, one stage game for each state and step),
measures the exact gap if the policy changed (two more sweeps for each agent and step) and plays. Its
parts are those sweeps and stage games alone, over all rows and states, in the same run. Only what
changed is recomputed, so a ratio below 1 is possible.

    python benchmarks/episodes.py [--episodes K] [--repeat N]
"""

from __future__ import annotations

import argparse
from time import process_time
from typing import Any

import numba
import numpy as np

from drmg_check.equilibria import nash_batch
from drmg_check.learners import Settings, learn
from drmg_check.planner import optimistic_plan, practical
from drmg_check.planner.compiled import prepare, worst_cases
from drmg_check.vocabulary import FloatArray, IntArray, RobustMarkovGame
from drmg_check.zoo import random_dirichlet

SIZES = (  # S, actions of each of two agents, H
    (5, 2, 5),
    (10, 2, 5),
    (20, 2, 5),
    (40, 2, 5),
    (10, 3, 5),
    (10, 4, 5),
    (10, 2, 10),
    (10, 2, 20),
)
LIMIT = 2.0


@numba.njit(error_model="numpy")
def _sweeps(
    kernel: Any,  # noqa: ANN401
    P: FloatArray,
    radius: FloatArray,
    V: FloatArray,
    all_states: bool,
    repeat: int,
) -> None:
    """Sweep every step's rows with every agent's next values, twice for planning and twice for the gap."""
    m, H = radius.shape[:2]
    out = np.empty(P.shape[1])
    for _ in range(2 * repeat):
        for i in range(m):
            for h in range(H):
                for which in range(2):
                    worst_cases(kernel, P[h], radius[i, h], V[which, i, h + 1], all_states, out)


@numba.njit(error_model="numpy")
def _stages(K: IntArray, n: IntArray, repeat: int) -> None:
    for _ in range(repeat):
        for h in range(K.shape[0]):
            nash_batch(K[h], n)


def _seconds(call: Any, repeat: int) -> float:  # noqa: ANN401
    """Return the mean time of a call; the first, which may compile, is not counted."""
    call()
    began = process_time()
    for _ in range(repeat):
        call()
    return (process_time() - began) / repeat


def measure(game: RobustMarkovGame, episodes: int, repeat: int) -> tuple[float, float, float]:
    """Return the seconds of an episode, of its sweeps and of its stage games."""
    optimism = practical(game, episodes)
    settings = Settings(algorithm="mornavi", concept="nash", episodes=episodes, optimism=optimism)
    run = learn(game, settings, [0])
    planner = prepare(game, optimism, "nash")
    m, H, S, A = planner.inputs.r.shape
    plan = optimistic_plan(game, run.N[0], optimism, "nash")
    P = np.array(game.P).reshape(H, S * A, S)
    radius = planner.inputs.radius.reshape(m, H, S * A)
    V = np.stack([plan.Vbar, plan.Vlow])
    K = np.rint(plan.Qbar * planner.inputs.unit).astype(np.int64).transpose(1, 0, 2, 3).copy()
    kernel = planner.pointers[0]
    return (
        _seconds(lambda: learn(game, settings, [0], marks=[episodes]), repeat) / episodes,
        _seconds(lambda: _sweeps(kernel, P, radius, V, planner.inputs.all_states, 200), repeat) / 200,
        _seconds(lambda: _stages(K, planner.inputs.actions, 200), repeat) / 200,
    )


def main() -> int:
    """Print the table; return 1 if an episode costs more than twice its parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    worst = 0.0
    print("set    S   A   H    episode    sweeps    stages  ratio  ns / S2AH")
    for kind in ("tv", "kl"):
        sizes, costs = [], []
        for S, actions, H in SIZES:
            game = random_dirichlet(actions=actions, states=S, horizon=H, uncertainty=kind)
            episode, sweeps, stages = measure(game, options.episodes, options.repeat)
            ratio, size = episode / (sweeps + stages), S * S * actions**2 * H
            worst = max(worst, ratio)
            sizes.append(size)
            costs.append(episode)
            print(
                f"{kind:4} {S:3} {actions**2:3} {H:3} {1e6 * episode:7.0f} us {1e6 * sweeps:6.0f} us "
                f"{1e6 * stages:6.0f} us {ratio:6.2f} {1e9 * episode / size:10.1f}"
            )
        exponent = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
        print(f"{kind}: the cost grows like (S2AH)^{exponent:.2f}\n")
    print(f"largest ratio {worst:.2f}, at most {LIMIT:g} wanted")
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
