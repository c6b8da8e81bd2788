"""Learners do what Algorithm 1 says, and their regret is the exact one."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from drmg_check.equilibria import Concept
from drmg_check.learners import Algorithm, Learning, Recording, Settings, learn
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import (
    best_modification,
    best_response,
    evaluate,
    gaps,
    optimistic_plan,
    practical,
    theory,
)
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_oracles import ce_gap_exactly, gap_exactly

CURVES = ("regret", "gap", "width", "too_low", "too_high", "stage_gain", "N", "pi")


def settings(
    game: RobustMarkovGame,
    episodes: int,
    *,
    algorithm: Algorithm = "mornavi",
    concept: Concept = "cce",
    replan_every: int = 1,
) -> Settings:
    return Settings(
        algorithm=algorithm,
        concept=concept,
        episodes=episodes,
        optimism=practical(game, episodes),
        replan_every=replan_every,
    )


def same(run: Learning, other: Learning) -> bool:
    return all(np.array_equal(getattr(run, name), getattr(other, name), equal_nan=True) for name in CURVES)


@pytest.mark.parametrize("kind", ["tv", "kl"])
@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_the_loop_is_algorithm_1(kind: str, concept: Concept):
    """The compiled loop and a dozen lines of Python visit the same states and sum up the same gaps."""
    K = 40
    game = load(f"random-dirichlet?uncertainty={kind}&states=3&horizon=2&seed=5")
    run = learn(game, settings(game, K, concept=concept), [7])
    rng = np.random.default_rng([7, 0])
    N, regret = np.zeros((2, 3, 4, 3), dtype=np.int64), 0.0
    for _ in range(K):
        plan = optimistic_plan(game, N, practical(game, K), concept)
        gain = gaps(game, JointPolicy(plan.pi, game.actions))
        regret += (gain.ce if concept == "ce" else gain.cce)[:, 0].max()
        s = 0
        for h in range(2):
            a = int(np.searchsorted(np.cumsum(plan.pi[h, s]), rng.random(), side="right"))
            t = int(np.searchsorted(np.cumsum(game.P[h, s, a]), rng.random(), side="right"))
            N[h, s, a, t] += 1
            s = t
    assert np.array_equal(run.N[0], N)
    assert np.array_equal(run.pi[0], plan.pi)
    assert run.width[0, -1] == (plan.Vbar - plan.Vlow)[:, 0, 0].max()
    assert run.regret[0, -1] == pytest.approx(regret, abs=K * 1e-13)  # gaps() says 2e-14 a gap


def test_the_gap_is_the_exact_gap_of_the_policy_played():
    game = load("random?states=2&horizon=2&seed=3")
    for concept in ("cce", "ce"):
        run = learn(game, settings(game, 30, concept=concept), [0, 1])
        for pi, gap in zip(run.pi, run.gap[:, -1], strict=True):
            exactly = ce_gap_exactly if concept == "ce" else gap_exactly
            low, high = exactly(game, JointPolicy(pi, game.actions)).at_initial
            assert float(low) - 1e-13 <= gap <= float(high) + 1e-13


def test_a_seed_decides_its_run_whatever_else_runs():
    game = load("random-dirichlet?seed=1")
    chosen = settings(game, 1500)
    alone = learn(game, chosen, [3])
    among = learn(game, chosen, [1, 3, 2], threads=3)
    assert np.array_equal(among.N[1], alone.N[0])
    assert np.array_equal(among.regret[1], alone.regret[0])
    assert not np.array_equal(among.N[0], among.N[1])


class _Interrupted(Exception):  # noqa: N818
    pass


@pytest.mark.parametrize("algorithm", ["mornavi", "nash-vi", "commit", "uniform"])
@pytest.mark.parametrize("replan_every", [1, 7])
def test_a_resumed_run_equals_an_uninterrupted_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, algorithm: Algorithm, replan_every: int
):
    monkeypatch.setattr("drmg_check.learners._learn._SAVE_EVERY", 0.0)
    game = load("random-dirichlet?seed=1")
    chosen = settings(game, 1300, algorithm=algorithm, replan_every=replan_every)

    def stop(seed: int, k: int) -> None:
        if seed == 1 and 300 < k < 1300:
            raise _Interrupted

    with pytest.raises(_Interrupted):
        learn(game, chosen, [0, 1], recording=Recording(tmp_path), progress=stop)
    with pytest.raises(InputError, match="unfinished"):
        learn(game, chosen, [0, 1], recording=Recording(tmp_path))
    resumed_at: list[int] = []
    resumed = learn(
        game,
        chosen,
        [0, 1],
        recording=Recording(tmp_path, resume=True),
        progress=lambda seed, k: resumed_at.append(k),
    )
    assert min(resumed_at) > 200, "it should go on, not start over"
    assert same(resumed, learn(game, chosen, [0, 1]))
    learn(game, chosen, [0], recording=Recording(tmp_path))  # what is finished may be replaced


def test_an_unfinished_run_is_not_lost_to_a_shorter_one(tmp_path: Path):
    """Nor is the run.json of another program."""
    game = load("random-dirichlet?seed=1")

    def stop(seed: int, k: int) -> None:
        if k >= 100:
            raise _Interrupted

    with pytest.raises(_Interrupted):
        learn(game, settings(game, 100_000), [0], recording=Recording(tmp_path), progress=stop)
    kept = (tmp_path / "seed-0.npz").read_bytes()
    with pytest.raises(InputError, match="unfinished"):
        learn(game, settings(game, 10), [0], recording=Recording(tmp_path))
    assert (tmp_path / "seed-0.npz").read_bytes() == kept
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(InputError, match=r"run\.json is of another program"):
        learn(game, settings(game, 10), [0], recording=Recording(tmp_path))
    assert (tmp_path / "run.json").read_text() == "{}"


def test_checkpoints_of_another_run_or_damaged_ones_are_refused(tmp_path: Path):
    game = load("random-dirichlet?seed=1")
    chosen = settings(game, 50)
    learn(game, chosen, [0], recording=Recording(tmp_path))
    for other, said in (
        (replace(chosen, replan_every=2), "replan_every was 1, now 2"),
        (replace(chosen, concept="ce"), "concept was 'cce', now 'ce'"),
    ):
        with pytest.raises(InputError, match=said):
            learn(game, other, [0], recording=Recording(tmp_path, resume=True))
    for changed in (
        load("random-dirichlet?seed=2"),
        load("random-dirichlet?seed=1&uncertainty=l1"),
        replace(game, radius=game.radius * 0.5),
        replace(game, reward=game.reward * 0.5),
        replace(game, initial_state=1),
    ):
        with pytest.raises(InputError, match="game differs"):
            learn(changed, chosen, [0], recording=Recording(tmp_path, resume=True))
    archive = tmp_path / "seed-0.npz"
    whole = archive.read_bytes()
    for damaged in (b"", whole[:100], b"x" * 100):
        archive.write_bytes(damaged)
        with pytest.raises(InputError, match="no checkpoint"):
            learn(game, chosen, [0], recording=Recording(tmp_path, resume=True))
    np.savez(archive, k=np.int64(3), N=np.zeros(3))
    with pytest.raises(InputError, match=r"seed-0\.npz"):
        learn(game, chosen, [0], recording=Recording(tmp_path, resume=True))
    with archive.open("wb") as stream:
        np.savez(stream, k=np.array([{}], dtype=object))  # a pickle, which must not be opened
    with pytest.raises(InputError, match="no checkpoint"):
        learn(game, chosen, [0], recording=Recording(tmp_path, resume=True))
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        learn(game, chosen, [0], recording=Recording(tmp_path, resume=True))


def test_uniform_play_pays_its_gap_every_episode():
    game = load("random-dirichlet?seed=1")
    run = learn(game, settings(game, 200, algorithm="uniform", concept="nash"), [0])
    gap = gaps(game, uniform_policy(game)).at_start("nash")
    assert np.allclose(run.regret[0], gap * run.episodes, rtol=0, atol=1e-10)
    assert np.isnan(run.width).all()


def test_commit_plays_uniformly_and_then_one_policy_for_ever():
    game = load("random-dirichlet?seed=1")
    run = learn(game, settings(game, 1000, algorithm="commit"), [0])
    explored = run.episodes <= 100  # 1000^(2/3)
    assert len(set(run.gap[0, explored])) == 1
    assert len(set(run.gap[0, ~explored])) == 1
    assert run.gap[0, -1] < 0.2 * run.gap[0, 0]


def test_nash_vi_ignores_the_radius_when_it_plans_but_not_in_its_regret():
    bridge = load("shaky-bridge?alone=true&bonus=0&radius=2/5")
    nominal = load("shaky-bridge?alone=true&bonus=0&radius=0")
    runs = [
        learn(game, settings(bridge, 300, algorithm="nash-vi", concept="nash"), [0])
        for game in (bridge, nominal)
    ]
    assert np.array_equal(runs[0].N, runs[1].N)
    assert runs[0].gap[0, -1] == pytest.approx(0.755, abs=5e-4)
    assert runs[1].gap[0, -1] == 0.0


def test_replanning_seldom_plays_the_same_policy_between_plans():
    game = load("random-dirichlet?seed=1")
    run = learn(game, settings(game, 100, replan_every=10), [0])
    runs = {}
    for k, gap in zip(run.episodes, run.gap[0], strict=True):
        runs.setdefault((k - 1) // 10, set()).add(gap)
    assert all(len(gaps_seen) == 1 for gaps_seen in runs.values())
    assert len({gap for gaps_seen in runs.values() for gap in gaps_seen}) > 3


def test_one_agent_learns_a_robust_decision_process():
    game = load("random-dirichlet?agents=1&actions=3")
    for concept in ("nash", "cce", "ce"):
        run = learn(game, settings(game, 2000, concept=concept), [0])
        assert run.gap[0, -1] < 0.02
        assert set(np.unique(run.pi)) == {0.0, 1.0}


def test_where_optimism_holds_the_width_bounds_the_gap():
    for address in ("random-dirichlet", "random-dirichlet?uncertainty=kl", "random-dirichlet?agents=3"):
        game = load(address)
        run = learn(game, settings(game, 500), [0, 1])
        steady = (np.diff(run.too_low + run.too_high, prepend=0.0, axis=1)) == 0
        assert (run.gap <= run.width + 1e-12)[steady].all()
        assert steady.mean() > 0.9


def test_violated_optimism_is_seen():
    """Without bonuses a KL learner of a bandit believes its first draws; the theory's constants never do."""
    game = load("corrupted-bandit?radius=1/20")
    careful = theory(game, 300)
    bold = replace(careful, c1=0.0, c2=0.0, c3=0.0, cf=0.0)
    rates = [
        learn(
            game,
            Settings(algorithm="mornavi", concept="nash", episodes=300, optimism=optimism),
            range(5),
        ).too_low[:, -1]
        for optimism in (careful, bold)
    ]
    assert rates[0].max() == 0
    assert rates[1].min() > 0


@pytest.mark.parametrize("concept", ["cce", "ce"])
def test_violations_are_counted_against_the_deviation_above_and_the_policy_below(concept: Concept):
    """Vbar is too low below what the best deviation is worth, Vlow too high above what the policy is."""
    K = 150
    game = load("random-dirichlet?states=3&horizon=2&seed=5")
    bold = replace(practical(game, 10**10), c1=0.0, c2=0.0, c3=0.0, cf=0.0)
    run = learn(game, replace(settings(game, K, concept=concept), optimism=bold), [7])
    rng = np.random.default_rng([7, 0])
    N, counts = np.zeros((2, 3, 4, 3), dtype=np.int64), np.zeros(4)
    deviate = best_modification if concept == "ce" else best_response
    for _ in range(K):
        plan = optimistic_plan(game, N, bold, concept)
        policy = JointPolicy(plan.pi, game.actions)
        high, low, worth = plan.Vbar[:, 0, 0], plan.Vlow[:, 0, 0], evaluate(game, policy).V[:, 0, 0]
        best = np.array([deviate(game, policy, i).V[0, 0] for i in range(2)])
        counts += [(high < best).any(), (low > worth).any(), (high < worth).any(), (low > best).any()]
        s = 0
        for h in range(2):
            a = int(np.searchsorted(np.cumsum(plan.pi[h, s]), rng.random(), side="right"))
            t = int(np.searchsorted(np.cumsum(game.P[h, s, a]), rng.random(), side="right"))
            N[h, s, a, t] += 1
            s = t
    assert (run.too_low[0, -1], run.too_high[0, -1]) == (counts[0], counts[1])
    assert counts[0] > counts[2], "a comparison with the policy's value would count less"
    assert counts[1] > counts[3], "a comparison with the deviation's value would count less"


def test_episodes_are_cheap():
    """Planning is incremental: an episode on S = 4, H = 3, A = 4 visits 12 rows a step, not Python."""
    game = load("random-dirichlet")
    stamps = [0]
    from time import process_time

    learn(game, settings(game, 1), [0])
    began = process_time()
    learn(game, settings(game, 2000), [0], progress=lambda seed, k: stamps.append(k))
    assert (process_time() - began) / 2000 < 2e-3  # measured: 0.1 ms; a loop in Python needs 5 ms
    assert all(a < b for a, b in pairwise(stamps))


def test_wrong_settings_are_refused():
    game = load("random-dirichlet")
    chosen = settings(game, 10)
    with pytest.raises(InputError, match=r"100,000,000,000 seeds need .* GiB of memory .*: run fewer seeds"):
        learn(game, chosen, range(10**11))
    for seeds in ([], [1, 1], [-1]):
        with pytest.raises(InputError, match="seeds"):
            learn(game, chosen, seeds)
    with pytest.raises(InputError, match="expected no more"):
        learn(game, replace(chosen, episodes=11), [0])
    for marks in ([], [5], [0, 10], [5, 5, 10]):
        with pytest.raises(InputError, match="marks"):
            learn(game, chosen, [0], recording=Recording(marks=marks))
    for wrong in (
        {"algorithm": "q-learning"},
        {"concept": "pareto"},
        {"episodes": 0},
        {"episodes": 2**63},
        {"replan_every": 0},
    ):
        with pytest.raises(InputError, match=next(iter(wrong))):
            replace(chosen, **wrong)
