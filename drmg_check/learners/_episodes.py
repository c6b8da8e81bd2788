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
    Bounds,
    Inputs,
    b1,
    compiled,
    deviation_gain,
    f8,
    i8,
    named,
    none,
    pair,
    plan_backwards,
    worst_cases,
)
from drmg_check.vocabulary import FloatArray, IntArray

forget_stale_code(Path(__file__).parent, PLANNER)

REGRET, GAP, WIDTH, TOO_LOW, TOO_HIGH, GAIN = range(6)
N_CURVES = 6


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


TRUTH = named(Truth, F3, F4, F3, I1, b1, b1, i8, f8)
DIARY = named(Diary, F1, F2, I1, F2, I1)


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
def _play(truth: Truth, bounds: Bounds, u: FloatArray) -> None:
    """Play one episode with the policy and count its transitions."""
    _, H, _, A = truth.r.shape
    s = truth.start
    for h in range(H):
        a = _draw(bounds.pi[h, s], u[h, 0])
        t = _draw(truth.P[h, s * A + a], u[h, 1])
        bounds.N[h, s, a, t] += 1
        bounds.stale[h, s, a] = True
        s = t


@compiled(pair(i8, i8)(KERNEL, KERNEL, NASH, CORRELATED, TRUTH, INPUTS, BOUNDS, DIARY, F3, I1, i8, i8, i8))
def run_episodes(
    true_kernel: Any,  # noqa: ANN401
    kernel: Any,  # noqa: ANN401
    nash: Any,  # noqa: ANN401
    correlated: Any,  # noqa: ANN401
    truth: Truth,
    inputs: Inputs,
    bounds: Bounds,
    diary: Diary,
    u: FloatArray,
    schedule: IntArray,
    k: int,
    stop: int,
    h: int,
) -> tuple[int, int]:
    """Run the episodes k, ..., stop - 1.

    Parameters
    ----------
    u : array [stop - k, H, 2]
        Uniform numbers: for the joint action and for the next state of each step.
    schedule : int array [2]
        The first episode before which is planned, and after how many it is planned again.
    h : int
        The step whose policy was just found in exact arithmetic for episode k, or -1.

    Returns
    -------
    (stop, -1), or the episode and the step whose stage games need exact arithmetic.
    """
    m, H, _, _ = truth.r.shape
    first, line = k, np.searchsorted(diary.marks, k + 1)
    while k < stop:
        if h >= 0 or (k >= schedule[0] and (k - schedule[0]) % schedule[1] == 0):
            h = plan_backwards(kernel, nash, correlated, inputs, bounds, h if h >= 0 else H - 1, h >= 0)
            if h >= 0:
                return k, h
            diary.now[GAIN] = max(diary.now[GAIN], bounds.gain.max())
        if diary.measured[0] != bounds.changes[0]:
            diary.now[GAP] = measure(true_kernel, truth, bounds.pi, diary.values)
            diary.measured[0] = bounds.changes[0]
        diary.now[REGRET] += diary.now[GAP]
        width, too_low, too_high = -np.inf, False, False
        for i in range(m):
            high, low = bounds.Vbar[i, 0, truth.start], bounds.Vlow[i, 0, truth.start]
            width = high - low if not width >= high - low else width
            too_low |= high < diary.values[1, i] - truth.rounding
            too_high |= low > diary.values[0, i] + truth.rounding
        diary.now[WIDTH] = width
        diary.now[TOO_LOW] += too_low
        diary.now[TOO_HIGH] += too_high
        _play(truth, bounds, u[k - first])
        k += 1
        if line < diary.marks.shape[0] and diary.marks[line] == k:
            diary.curves[line] = diary.now
            line += 1
    return stop, -1
