"""Storm, a model checker, values a policy under interval sets as the recursions do, where it is installed."""

from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import evaluate
from drmg_check.sets import Interval
from drmg_oracles import evaluate_exactly

stormpy = pytest.importorskip("stormpy", reason="an optional cross-check: pip install stormpy (2.0 or later)")
STOPS = 1e-6  # relative change at which Storm ends its iteration; a step of ours is two of its states
LEAST = 2.0**-40  # Storm wants positive lower bounds; that moves a value by far less than STOPS


def unrolled(game: RobustMarkovGame, policy: JointPolicy, i: int) -> str:
    """Return the interval Markov chain of agent i in the DRN format.

    Place (h, s) draws a joint action; place (h, s, a) is paid for it and moves within its intervals.
    """
    H, S, A = game.horizon, game.n_states, game.n_joint_actions
    end = H * S * (1 + A)

    def place(h: int, s: int) -> int:
        return (h * S + s) * (1 + A)

    def state(number: int, reward: float, moves: dict[int, tuple[float, float]], label: str = "") -> str:
        lines = [f"state {number} [{reward!r}] {label}".rstrip(), "\taction 0 [0]"]
        return "\n".join(lines + [f"\t\t{t} : [{low!r}, {high!r}]" for t, (low, high) in moves.items()])

    states = []
    for h, s in np.ndindex(H, S):
        draws = {place(h, s) + 1 + a: (x, x) for a, x in enumerate(policy.pi[h, s].tolist()) if x}
        start = "init" if (h, s) == (0, game.initial_state) else ""
        states.append(state(place(h, s), 0.0, draws, start))
        for a in range(A):
            moves = {end: (1.0, 1.0)}
            if h + 1 < H:
                moves = {place(h + 1, t): bounds for t, bounds in intervals(game, i, h, s, a).items()}
            states.append(state(place(h, s) + 1 + a, float(game.r[i, h, s, a]), moves))
    states.append(state(end, 0.0, {end: (1.0, 1.0)}, "end"))
    head = "@type: MDP\n@value_type: double-interval\n@parameters\n\n@reward_models\nr\n"
    return f"{head}@nr_states\n{len(states)}\n@nr_choices\n{len(states)}\n@model\n" + "\n".join(states) + "\n"


def intervals(game: RobustMarkovGame, i: int, h: int, s: int, a: int) -> dict[int, tuple[float, float]]:
    rho, everywhere = float(game.rho[i, h, s, a]), game.uncertainty[i].support == "all"
    row = enumerate(game.P[h, s, a].tolist())
    return {t: (max(p - rho, LEAST), min(p + rho, 1.0)) for t, p in row if p or (everywhere and rho)}


@pytest.mark.parametrize("support", ["all", "nominal"])
@pytest.mark.parametrize("seed", range(3))
def test_storm_finds_the_same_robust_value(support: str, seed: int, tmp_path: Path):
    rng = np.random.default_rng(seed)
    H, S, A = 3, 3, 4
    weights = rng.integers(0, 3, (H, S, A, S))
    weights[..., 0] += weights.sum(axis=-1) == 0
    game = RobustMarkovGame(
        transition=weights / weights.sum(axis=-1, keepdims=True),
        reward=rng.random((2, H, S, A)),
        radius=rng.choice([0.0, 0.125, 0.25], (2, H, S, A)),
        uncertainty=Interval(support),
        actions=(2, 2),
    )
    policy = JointPolicy(rng.dirichlet(np.ones(A), (H, S)), (2, 2))
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    worst = stormpy.UncertaintyResolutionMode.MINIMIZE
    for i in range(2):
        (tmp_path / "game.drn").write_text(unrolled(game, policy, i), encoding="utf-8")
        model = stormpy.build_model_from_drn[stormpy.Interval](str(tmp_path / "game.drn"))
        (question,) = stormpy.parse_properties('Rmin=? [F "end"]')
        answer = stormpy.model_checking(model, question, uncertainty_resolution_mode=worst)
        value = answer.get_value(model.initial_states[0])
        assert abs(value - float(truth.lo[i, 0, 0])) <= 2 * H * STOPS * H
        assert abs(value - computed.V[i, 0, 0]) <= 2 * H * STOPS * H
