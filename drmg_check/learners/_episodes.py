"""The compiled loop over episodes: plan, measure, play, count."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from drmg_check.kernels import forget_stale_code
from drmg_check.planner.compiled import (
    BOUNDS,
    CORRELATED,
    F1,
    F2,
    F3,
    F4,
    I1,
    INPUTS,
    KERNEL,
    NASH,
    PLANNER,
    BoundArrays,
    Inputs,
    b1,
    compiled,
    deviation_gain,
    f8,
    i8,
    named,
    none,
    plan_backwards,
    worst_cases,
)
from drmg_check.vocabulary import FloatArray, IntArray

forget_stale_code(Path(__file__).parent, PLANNER)

REGRET, GAP, WIDTH, TOO_LOW, TOO_HIGH, GAIN = range(6)
N_CURVES = 6
NO_STEP = -1


class Truth(NamedTuple):
    """The game that the learner does not know."""

    P: FloatArray  # [H, S * A, S]
    r: FloatArray  # [m, H, S, A]
    radius: FloatArray  # [m, H, S * A], in the unit of the kernel
    actions: IntArray  # [m]
    all_states: bool
    swaps: bool  # whether deviations are those of a CE
    start: int
    rounding: float  # values computed here are within this of the exact ones


class Span(NamedTuple):
    """Which episodes are run in one go, with what randomness, and before which of them is planned."""

    u: FloatArray  # [stop - k, H, 2], uniform numbers: for the joint action and the next state of each step
    first_plan: int  # the first episode before which is planned
    every: int  # after how many episodes it is planned again
    k: int  # the first episode
    stop: int  # the first episode that is not run any more
    solved: int  # the step whose policy was just found in exact arithmetic for episode k, or NO_STEP


class Stopped(NamedTuple):
    """Where the loop stopped: before which episode, and for which step's stage games, or NO_STEP."""

    k: int
    step: int


class Diary(NamedTuple):
    """What is known about one run so far.

    ``now`` holds the present entry of each curve: regret, gap, width, how often Vbar was too low and Vlow too
    high, the largest stage gain. ``measured[0]`` says for which policy gap and values were computed.
    """

    now: FloatArray  # [N_CURVES]
    curves: FloatArray  # [marks, N_CURVES]
    marks: IntArray  # after how many episodes a line is written
    values: FloatArray  # [2, m]: V^pi and the best deviation's value at the start
    measured: IntArray  # [1]


class Run(NamedTuple):
    """One learner in one game: what is true, what it plans with, what it believes, what is written down."""

    truth: Truth
    inputs: Inputs
    bounds: BoundArrays
    diary: Diary


TRUTH = named(Truth, F3, F4, F3, I1, b1, b1, i8, f8)
DIARY = named(Diary, F1, F2, I1, F2, I1)
SPAN = named(Span, F3, i8, i8, i8, i8, i8)
STOPPED = named(Stopped, i8, i8)
RUN = named(Run, TRUTH, INPUTS, BOUNDS, DIARY)


@compiled(f8(KERNEL, TRUTH, F3, F2))
def measure(kernel: Any, truth: Truth, pi: FloatArray, values: FloatArray) -> float:  # noqa: ANN401
    """Write each agent's robust value of ``pi`` and of its best deviation at the start; return the gap."""
    m, H, S, A = truth.r.shape
    worst, Q = np.empty(S * A), np.empty(A)
    gap = -np.inf
    stride = A
    for i in range(m):
        stride //= truth.actions[i]
        V = np.zeros((2, S))
        for h in range(H - 1, -1, -1):
            new = np.empty((2, S))
            for best in range(2):
                if best == 0 or (V[0] != V[1]).any():
                    worst_cases(kernel, truth.P[h], truth.radius[i, h], V[best], truth.all_states, worst)
                for s in range(S):
                    for a in range(A):
                        Q[a] = truth.r[i, h, s, a] + worst[s * A + a]
                    new[best, s] = 0.0
                    for a in range(A):
                        new[best, s] += pi[h, s, a] * Q[a]
                    if best == 1:
                        new[1, s] += deviation_gain(Q, pi[h, s], truth.actions[i], stride, truth.swaps)
            V = new
        values[0, i], values[1, i] = V[0, truth.start], V[1, truth.start]
        gap = max(gap, values[1, i] - values[0, i])
    return gap


@compiled(i8(F1, f8))
def _draw(p: FloatArray, u: float) -> int:
    """Return an index with probability ``p``; rounding of the sum falls to the last positive entry."""
    total, last = 0.0, 0
    for k in range(p.shape[0]):
        if p[k] > 0.0:
            total += p[k]
            last = k
            if u < total:
                break
    return last


@compiled(none(TRUTH, BOUNDS, F2))
def _play(truth: Truth, bounds: BoundArrays, u: FloatArray) -> None:
    """Play one episode with the policy and count its transitions."""
    _, H, _, A = truth.r.shape
    s = truth.start
    for h in range(H):
        a = _draw(bounds.pi[h, s], u[h, 0])
        t = _draw(truth.P[h, s * A + a], u[h, 1])
        bounds.N[h, s, a, t] += 1
        bounds.stale[h, s, a] = True
        s = t


@compiled(none(RUN))
def _account(run: Run) -> None:
    """Add the episode about to be played to the curves: its gap, and whether the bounds hold."""
    truth, bounds, diary = run.truth, run.bounds, run.diary
    diary.now[REGRET] += diary.now[GAP]
    width, too_low, too_high = -np.inf, False, False
    for i in range(truth.r.shape[0]):
        high, low = bounds.Vbar[i, 0, truth.start], bounds.Vlow[i, 0, truth.start]
        width = high - low if not width >= high - low else width
        too_low |= high < diary.values[1, i] - truth.rounding
        too_high |= low > diary.values[0, i] + truth.rounding
    diary.now[WIDTH] = width
    diary.now[TOO_LOW] += too_low
    diary.now[TOO_HIGH] += too_high


@compiled(STOPPED(KERNEL, KERNEL, NASH, CORRELATED, RUN, SPAN))
def run_episodes(
    true_kernel: Any,  # noqa: ANN401
    kernel: Any,  # noqa: ANN401
    nash: Any,  # noqa: ANN401
    correlated: Any,  # noqa: ANN401
    run: Run,
    span: Span,
) -> Stopped:
    """Run the episodes of a span, until all are done or a stage game needs exact arithmetic.

    The first four are compiled functions; numba takes such as parameters only.

    Parameters
    ----------
    true_kernel : the kernel of the game's own set, for the exact gap
    kernel : the kernel of the set that the learner plans with
    nash, correlated : the solvers of stage games
    run : Run
        Overwritten: bounds and diary.
    span : Span
    """
    truth, bounds, diary = run.truth, run.bounds, run.diary
    k, step, H = span.k, span.solved, truth.r.shape[1]
    line = np.searchsorted(diary.marks, k + 1)
    while k < span.stop:
        solved = step != NO_STEP
        if solved or (k >= span.first_plan and (k - span.first_plan) % span.every == 0):
            step = plan_backwards(kernel, nash, correlated, run.inputs, bounds, step if solved else H)
            if step != NO_STEP:
                return Stopped(k, step)
            diary.now[GAIN] = max(diary.now[GAIN], bounds.gain.max())
        if diary.measured[0] != bounds.changes[0]:
            diary.now[GAP] = measure(true_kernel, truth, bounds.pi, diary.values)
            diary.measured[0] = bounds.changes[0]
        _account(run)
        _play(truth, bounds, span.u[k - span.k])
        k += 1
        if line < diary.marks.shape[0] and diary.marks[line] == k:
            diary.curves[line] = diary.now
            line += 1
    return Stopped(k, NO_STEP)
