"""Learning a game episode by episode, with exact robust regret against the game itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from drmg_check.kernels import compiled_sweep
from drmg_check.learners._checkpoint import open_folder, read_checkpoint, write_checkpoint
from drmg_check.learners._episodes import (
    GAIN,
    GAP,
    N_CURVES,
    REGRET,
    TOO_HIGH,
    TOO_LOW,
    WIDTH,
    Diary,
    Truth,
    run_episodes,
)
from drmg_check.learners._settings import Settings, believed, schedule
from drmg_check.models import RobustMarkovGame, row_set
from drmg_check.planner.compiled import Bounds, Planner, backup_error, bounds_from, prepare, solve_exactly
from drmg_check.vocabulary import FloatArray, InputError, IntArray

BLOCK = 1024  # episodes whose random numbers are drawn together
_SAVE_EVERY, _RETURN_EVERY = 5.0, 0.25  # seconds
_MOST_BYTES = 2**34


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
    game: RobustMarkovGame,
    settings: Settings,
    seeds: Sequence[int],
    *,
    folder: Path | None = None,
    resume: bool = False,
    threads: int = 1,
    marks: Sequence[int] | None = None,
    progress: Callable[[int, int], object] = lambda seed, k: None,
) -> Learning:
    """Run one learner on a game, once for each seed.

    Parameters
    ----------
    game : RobustMarkovGame
        Simulated at its nominal kernel; one agent or more; rewards in [0, 1].
    settings : Settings
    seeds : sequence of int
        A seed decides every draw of its run; the result depends neither on the other seeds nor on threads.
    folder : Path, optional
        Where a checkpoint of each seed is kept, at least every few seconds.
    resume : bool
        Go on from the checkpoints in ``folder``; the result is the same as without interruption.
    threads : int
        Seeds that run at the same time.
    marks : increasing sequence of int, optional
        After how many episodes the curves are written; the last must be K. By default about 150 of them.
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
    run = _prepare_run(game, settings, marks)
    if folder is not None:
        open_folder(folder, game, settings, resume=resume)

    def one(seed: int) -> tuple[Bounds, Diary]:
        return _one_seed(run, seed, folder, lambda k: progress(seed, k))

    if threads == 1:
        done = [one(seed) for seed in seeds]
    else:
        with ThreadPoolExecutor(threads) as pool:
            done = list(pool.map(one, seeds))
    curves = np.stack([diary.curves for _, diary in done])
    return Learning(
        settings=settings,
        seeds=tuple(seeds),
        episodes=run.marks,
        regret=curves[..., REGRET],
        gap=curves[..., GAP],
        width=curves[..., WIDTH],
        too_low=curves[..., TOO_LOW],
        too_high=curves[..., TOO_HIGH],
        stage_gain=curves[..., GAIN],
        N=np.stack([bounds.N for bounds, _ in done]),
        pi=np.stack([bounds.pi for bounds, _ in done]),
    )


def _check_memory(game: RobustMarkovGame, runs: int) -> None:
    """Refuse what would not fit: N and pi of all runs are kept, and copied once."""
    S = game.n_states
    size = 2 * 8 * runs * game.horizon * S * game.n_joint_actions * (S + 1)
    if size > _MOST_BYTES:
        raise InputError(
            f"{runs:,} seeds need {size / 2**30:,.0f} GiB of memory for counts and policies; expected at "
            f"most {_MOST_BYTES / 2**30:.0f} GiB: run fewer seeds at once"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What all seeds of a run share."""

    loop: tuple[Any, ...]
    """The true kernel, then the pointers of the planner."""
    truth: Truth
    planner: Planner
    schedule: IntArray
    marks: IntArray


def _prepare_run(game: RobustMarkovGame, settings: Settings, marks: Sequence[int] | None) -> _Run:
    sweep = compiled_sweep(row_set(game.stages[0], 0), game.rho)
    planner = prepare(*believed(settings, game), settings.concept)
    m, H, S, A = game.n_agents, game.horizon, game.n_states, game.n_joint_actions
    truth = Truth(
        P=np.array(game.P, order="C").reshape(H, S * A, S),
        r=planner.inputs.r,
        radius=np.array(sweep.radius, order="C").reshape(m, H, S * A),
        actions=planner.inputs.actions,
        all_states=sweep.all_states,
        swaps=settings.concept == "ce",
        start=game.initial_state,
        rounding=rounding(game),
    )
    pointers = (sweep.expectations, *planner.pointers)
    written = np.array(_default_marks(settings.episodes) if marks is None else marks, dtype=np.int64)
    increasing = bool(np.all(np.diff(written, prepend=0) > 0))
    if written[-1:].tolist() != [settings.episodes] or not increasing:
        raise InputError(f"marks={list(written)[:9]!r}...; expected to increase from 1 or more to K")
    return _Run(pointers, truth, planner, np.array(schedule(settings)), written)


def _default_marks(K: int) -> list[int]:
    """Return evenly spaced episodes, quarters among them, and logarithmically spaced ones."""
    marks = {-(-K * k // 100) for k in range(1, 101)} | {round(K ** (k / 60)) for k in range(60)}
    return sorted(marks)


def rounding(game: RobustMarkovGame) -> float:
    """Bound the rounding of Vbar or Vlow plus that of the value it is compared with, rewards in [0, 1].

    It bounds the rounding of a gap, the difference of two values, as well.
    """
    H = game.horizon
    V, Q = np.array([0.0, float(H)]), np.full((game.n_states, game.n_joint_actions), float(H))
    V = np.pad(V, (0, max(game.n_states - 2, 0)))
    return 2.0 * H * backup_error(0.0, V, Q, np.ones(1))


def _one_seed(
    run: _Run, seed: int, folder: Path | None, progress: Callable[[int], object]
) -> tuple[Bounds, Diary]:
    m, H, S, A = run.truth.r.shape
    K = int(run.marks[-1])
    bounds = bounds_from(np.zeros((H, S, A, S), dtype=np.int64), m)
    diary = Diary(
        now=np.zeros(N_CURVES),
        curves=np.full((len(run.marks), N_CURVES), np.nan),
        marks=run.marks,
        values=np.zeros((2, m)),
        measured=np.full(1, -1),
    )
    kept = {name: getattr(bounds, name) for name in ("N", "pi", "Vbar", "Vlow")}
    kept |= {"now": diary.now, "curves": diary.curves}
    k, done = 0, np.zeros((), dtype=np.int64)
    if folder is not None and (found := read_checkpoint(folder, seed, {"k": done, **kept})):
        k = int(found["k"])
        for name, array in kept.items():
            array[...] = found[name]
    h, batch, saved = -1, 16, monotonic()
    while k < K:
        block = k // BLOCK
        u = np.random.default_rng([seed, block]).random((BLOCK, H, 2))[k % BLOCK :]
        began = monotonic()
        stop = min(k + batch, (block + 1) * BLOCK, K)
        k, h = run_episodes(
            *run.loop, run.truth, run.planner.inputs, bounds, diary, u, run.schedule, k, stop, h
        )
        if h >= 0:
            solve_exactly(run.planner, bounds, h)
            continue
        batch = max(1, min(BLOCK, batch * 2 if monotonic() - began < _RETURN_EVERY else batch // 2))
        due = True
        try:
            progress(k)
            due = k == K or monotonic() - saved >= _SAVE_EVERY
        finally:  # whoever stops the run from progress loses nothing
            if folder is not None and due:
                write_checkpoint(folder, seed, {"k": np.array(k, dtype=np.int64), **kept})
                saved = monotonic()
    return bounds, diary
