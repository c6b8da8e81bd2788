"""Learning a game episode by episode, with exact robust regret against the game itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from drmg_check.kernels import compiled_sweep
from drmg_check.learners._checkpoint import (
    NOTHING_KEPT,
    Recording,
    open_folder,
    read_checkpoint,
    write_checkpoint,
)
from drmg_check.learners._episodes import (
    GAIN,
    GAP,
    N_CURVES,
    NO_STEP,
    REGRET,
    TOO_HIGH,
    TOO_LOW,
    WIDTH,
    Diary,
    Run,
    Span,
    Truth,
    run_episodes,
)
from drmg_check.learners._settings import Schedule, Settings, believed, schedule
from drmg_check.models import FiniteHorizon, float_array, row_set
from drmg_check.planner.compiled import Planner, backup_error, bounds_from, prepare, solve_exactly
from drmg_check.vocabulary import FloatArray, InputError, IntArray

BLOCK = 1024  # episodes whose random numbers are drawn together
_SAVE_EVERY, _RETURN_EVERY = 5.0, 0.25  # seconds
_FIRST_BATCH = 16  # episodes of unknown cost; doubled and halved so that a batch takes _RETURN_EVERY
_MOST_BYTES = 2**34
"""16 GiB: what a large workstation has."""
_GIB = 2**30
"""Bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """What each seed of one learner did.

    Attributes
    ----------
    settings : Settings
    seeds : tuple of int
    episodes : int array [L]
        After how many episodes each column of the curves was written; the last is K.
    regret : array [seeds, L]
        The sum of the exact gaps of the policies played so far.
    gap : array [seeds, L]
        The gap of the last policy.
    width : array [seeds, L]
        The largest Vbar - Vlow of an agent at the start; NaN where the learner never planned.
    too_low, too_high : array [seeds, L]
        In how many episodes Vbar at the start was below an agent's best-deviation value (optimism
        violated), and Vlow above its value; by more than rounding. If neither, the gap is at most the width.
    stage_gain : array [seeds, L]
        The largest gain of any agent in any stage game so far: it adds at most H times itself to a gap.
    N : int array [seeds, H, S, A, S]
    pi : array [seeds, H, S, A]
        The last policies.

    Examples
    --------
    >>> from drmg_check.learners import learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge?horizon=2")
    >>> how = Settings(algorithm="uniform", concept="cce", episodes=8, optimism=practical(game, episodes=8))
    >>> run = learn(game, how, seeds=[0])
    >>> run.episodes.tolist(), run.pi[0, 0, 0].tolist()
    ([1, 2, 3, 4, 5, 6, 7, 8], [0.25, 0.25, 0.25, 0.25])
    """

    settings: Settings
    seeds: tuple[int, ...]
    episodes: IntArray
    regret: FloatArray
    gap: FloatArray
    width: FloatArray
    too_low: FloatArray
    too_high: FloatArray
    stage_gain: FloatArray
    N: IntArray
    pi: FloatArray


def learn(
    game: FiniteHorizon,
    settings: Settings,
    seeds: Sequence[int],
    *,
    recording: Recording = NOTHING_KEPT,
    threads: int = 1,
    progress: Callable[[int, int], object] = lambda seed, k: None,
) -> Learning:
    """Run one learner on a game, once for each seed.

    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge?horizon=2")
    >>> settings = Settings(
    ...     algorithm="mornavi", concept="nash", episodes=20, optimism=practical(game, episodes=20)
    ... )
    >>> run = learn(game, settings, seeds=[0, 1], recording=Recording(marks=[10, 20]))
    >>> run.regret.shape, run.N.sum(axis=(2, 3, 4)).tolist()
    ((2, 2), [[20, 20], [20, 20]])

    Parameters
    ----------
    game : FiniteHorizon
        Simulated at its nominal kernel; one agent or more; rewards in [0, 1].
    settings : Settings
    seeds : sequence of int
        A seed decides every draw of its run; the result depends neither on the other seeds nor on threads.
    recording : Recording
        Which checkpoints are kept, and after how many episodes the curves are written.
    threads : int
        Seeds that run at the same time.
    progress : callable (seed, k)
        Called now and then with the number of episodes done. What it raises ends the run, with a checkpoint.

    Raises
    ------
    InputError
        Settings that do not fit the game, no or repeated seeds, more of them than fit into 16 GiB, or
        checkpoints of another run.
    UnsupportedError
        A set that compiled loops cannot handle, or different sets for different agents.
    """
    _check_memory(game, len(seeds))
    if not seeds or len(set(seeds)) != len(seeds) or min(seeds) < 0:
        raise InputError(f"seeds={list(seeds)!r}; expected different numbers >= 0")
    if settings.optimism.episodes < settings.episodes:
        raise InputError(
            f"optimism is for {settings.optimism.episodes} episodes, the run for {settings.episodes}; "
            "expected no more"
        )
    plan = _prepared(game, settings, recording.marks)
    if recording.folder is not None:
        open_folder(recording.folder, game, settings, resume=recording.resume)

    def learn_from(seed: int) -> Run:
        return _one_seed(plan, seed, recording.folder, lambda k: progress(seed, k))

    if threads == 1:
        runs = [learn_from(seed) for seed in seeds]
    else:
        with ThreadPoolExecutor(threads) as pool:
            runs = list(pool.map(learn_from, seeds))
    curves = np.stack([run.diary.curves for run in runs])
    return Learning(
        settings=settings,
        seeds=tuple(seeds),
        episodes=plan.marks,
        regret=curves[..., REGRET],
        gap=curves[..., GAP],
        width=curves[..., WIDTH],
        too_low=curves[..., TOO_LOW],
        too_high=curves[..., TOO_HIGH],
        stage_gain=curves[..., GAIN],
        N=np.stack([run.bounds.N for run in runs]),
        pi=np.stack([run.bounds.pi for run in runs]),
    )


def _check_memory(game: FiniteHorizon, runs: int) -> None:
    """Refuse what would not fit: N and pi of all runs are kept, and copied once."""
    S = game.n_states
    size = 2 * 8 * runs * game.horizon * S * game.n_joint_actions * (S + 1)
    if size > _MOST_BYTES:
        raise InputError(
            f"{runs:,} seeds need {size / _GIB:,.0f} GiB of memory for counts and policies; expected at "
            f"most {_MOST_BYTES / _GIB:.0f} GiB: run fewer seeds at once"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """What all seeds of a run share."""

    true_kernel: Any  # compiled
    truth: Truth
    planner: Planner
    schedule: Schedule
    marks: IntArray


def _prepared(game: FiniteHorizon, settings: Settings, marks: Sequence[int] | None) -> _Prepared:
    sweep = compiled_sweep(row_set(game.stages[0], 0), game.rho)
    planner = prepare(*believed(settings, game), settings.concept)
    m, H, S, A = game.n_agents, game.horizon, game.n_states, game.n_joint_actions
    truth = Truth(
        P=np.stack([float_array(stage.rows).reshape(S * A, S) for stage in game.stages]),
        r=planner.inputs.r,
        radius=np.array(sweep.radius, order="C").reshape(m, H, S * A),
        actions=planner.inputs.actions,
        all_states=sweep.all_states,
        swaps=settings.concept == "ce",
        start=game.initial_state,
        rounding=rounding(game),
    )
    written = np.array(_default_marks(settings.episodes) if marks is None else marks, dtype=np.int64)
    increasing = bool(np.all(np.diff(written, prepend=0) > 0))
    if written[-1:].tolist() != [settings.episodes] or not increasing:
        raise InputError(f"marks={list(written)[:9]!r}...; expected to increase from 1 or more to K")
    return _Prepared(sweep.expectations, truth, planner, schedule(settings), written)


def _default_marks(K: int) -> list[int]:
    """Return evenly spaced episodes, quarters among them, and logarithmically spaced ones."""
    marks = {-(-K * k // 100) for k in range(1, 101)} | {round(K ** (k / 60)) for k in range(60)}
    return sorted(marks)


def rounding(game: FiniteHorizon) -> float:
    """Bound the rounding of Vbar or Vlow plus that of the value it is compared with, rewards in [0, 1].

    It bounds the rounding of a gap, the difference of two values, as well.

    >>> from drmg_check.zoo import load
    >>> 0 < rounding(load("shaky-bridge")) < 1e-12
    True
    """
    H = game.horizon
    V, Q = np.array([0.0, float(H)]), np.full((game.n_states, game.n_joint_actions), float(H))
    V = np.pad(V, (0, max(game.n_states - 2, 0)))
    return 2.0 * H * backup_error(0.0, V, Q, np.ones(1))


def _one_seed(plan: _Prepared, seed: int, folder: Path | None, progress: Callable[[int], object]) -> Run:
    run = _fresh(plan)
    arrays = {name: getattr(run.bounds, name) for name in ("N", "pi", "Vbar", "Vlow")}
    arrays |= {"now": run.diary.now, "curves": run.diary.curves}
    k = 0 if folder is None else _restore(folder, seed, arrays)
    K, step, batch, saved = int(plan.marks[-1]), NO_STEP, _FIRST_BATCH, monotonic()
    while k < K:
        began = monotonic()
        stop = min(k + batch, (k // BLOCK + 1) * BLOCK, K)
        k, step = run_episodes(
            plan.true_kernel, *plan.planner.pointers, run, _span(plan, seed, k, stop, step)
        )
        if step != NO_STEP:
            solve_exactly(plan.planner, run.bounds, step)
            continue
        batch = max(1, min(BLOCK, batch * 2 if monotonic() - began < _RETURN_EVERY else batch // 2))
        due = True
        try:
            progress(k)
            due = k == K or monotonic() - saved >= _SAVE_EVERY
        finally:  # whoever stops the run from progress loses nothing
            if folder is not None and due:
                write_checkpoint(folder, seed, {"k": np.array(k, dtype=np.int64), **arrays})
                saved = monotonic()
    return run


def _fresh(plan: _Prepared) -> Run:
    """Return a run of which nothing is known yet."""
    m, H, S, A = plan.truth.r.shape
    diary = Diary(
        now=np.zeros(N_CURVES),
        curves=np.full((len(plan.marks), N_CURVES), np.nan),
        marks=plan.marks,
        values=np.zeros((2, m)),
        measured=np.full(1, -1),
    )
    bounds = bounds_from(np.zeros((H, S, A, S), dtype=np.int64), m)
    return Run(plan.truth, plan.planner.inputs, bounds, diary)


def _restore(folder: Path, seed: int, arrays: Mapping[str, FloatArray | IntArray]) -> int:
    """Overwrite the arrays with those of the last checkpoint; return how many episodes are done."""
    checkpoint = read_checkpoint(folder, seed, {"k": np.zeros((), dtype=np.int64), **arrays})
    if checkpoint is None:
        return 0
    for name, array in arrays.items():
        array[...] = checkpoint[name]
    return int(checkpoint["k"])


def _span(plan: _Prepared, seed: int, k: int, stop: int, step: int) -> Span:
    """Return the episodes k ... stop - 1; what is drawn in a block depends on seed and block only."""
    block = k // BLOCK
    u = np.random.default_rng([seed, block]).random((BLOCK, plan.truth.r.shape[1], 2))
    return Span(u[k % BLOCK :], plan.schedule.first, plan.schedule.every, k, stop, step)
