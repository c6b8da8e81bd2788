"""What an episode of f-MORNAVI costs, against its parts timed alone, and how that grows.

An episode plans (two worst-case sweeps for each agent and step, one stage game for each state and step),
measures the exact gap if the policy changed (two more sweeps for each agent and step) and plays. Its
parts are those sweeps and stage games alone, over all rows and states, in the same run. Only what
changed is recomputed, so a ratio below 1 is possible.

    python benchmarks/episodes.py [--episodes K] [--repeat N]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from time import process_time
from typing import Any

import numba
import numpy as np

from drmg_check.equilibria import nash_batch
from drmg_check.learners import Recording, Settings, learn
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import optimistic_plan, practical
from drmg_check.planner.compiled import prepare, worst_cases
from drmg_check.vocabulary import FloatArray, IntArray
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
        _seconds(lambda: learn(game, settings, [0], recording=Recording(marks=[episodes])), repeat)
        / episodes,
        _seconds(lambda: _sweeps(kernel, P, radius, V, planner.inputs.all_states, 200), repeat) / 200,
        _seconds(lambda: _stages(K, planner.inputs.actions, 200), repeat) / 200,
    )


@dataclass(frozen=True, slots=True)
class Episode:
    """What an episode of one game costs, in seconds."""

    kind: str
    S: int
    A: int
    H: int
    whole: float
    sweeps: float
    stages: float

    @property
    def ratio(self) -> float:
        """The cost over that of the parts alone."""
        return self.whole / (self.sweeps + self.stages)

    @property
    def size(self) -> int:
        """S^2 A H."""
        return self.S * self.S * self.A * self.H


def episodes(count: int, repeat: int) -> list[Episode]:
    """Measure every size for total variation and KL."""
    results = []
    for kind in ("tv", "kl"):
        for S, actions, H in SIZES:
            game = random_dirichlet(actions=actions, states=S, horizon=H, uncertainty=kind)
            results.append(Episode(kind, S, actions**2, H, *measure(game, count, repeat)))
    return results


def markdown(measured: list[Episode]) -> str:
    """Return the table, the largest ratio and the exponents of growth as Markdown."""
    lines = [
        "| set | S | A | H | episode | sweeps | stage games | ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in measured:
        seconds = " | ".join(f"{1e6 * x:.0f} us" for x in (each.whole, each.sweeps, each.stages))
        lines.append(f"| {each.kind} | {each.S} | {each.A} | {each.H} | {seconds} | {each.ratio:.2f} |")
    lines += ["", f"Largest ratio {max(each.ratio for each in measured):.2f}, at most {LIMIT:g} wanted."]
    for kind in ("tv", "kl"):
        of_kind = [each for each in measured if each.kind == kind]
        sizes, costs = [each.size for each in of_kind], [each.whole for each in of_kind]
        exponent = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
        lines.append(f"Under {kind} the cost grows like (S^2 A H)^{exponent:.2f}.")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table; return 1 if an episode costs more than twice its parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--episodes", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    measured = episodes(options.episodes, options.repeat)
    print(markdown(measured))
    return int(max(each.ratio for each in measured) > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
