r"""Optimistic robust planning: Stage 2 of Algorithm 1 (f-MORNAVI) of the MORNAVI paper.

From counts N_h(s, a, s') the estimate (4) is ``P^ = N / N_h(s, a)``, or 1 / S where (s, a) was never seen.
Backwards in h, with the worst case ``sigma`` over agent i's ball around ``P^``,

    Qbar_i = min { r_i + sigma[Vbar_i,h+1] + beta_i, clip }              (5)
    Qlow_i = max { r_i + sigma[Vlow_i,h+1] - beta_i, 0 }                 (6)
    pi_h(. | s) = an equilibrium of the stage game Qbar(s, .)            (7)
    Vbar_i(s) = E_pi Qbar_i(s, .),  Vlow_i(s) = E_pi Qlow_i(s, .)        (8)

The policy is that of the upper bounds for both estimates. The bonuses are those of
:mod:`drmg_check.planner._optimism`. Where all Qbar of a state are clipped, all joint actions tie, and the
selection rule of the stage solvers decides: no exploration.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp, ldexp, sqrt
from typing import Any, get_args

import numpy as np

from drmg_check.equilibria import GRID_BITS, Concept, correlated_batch, nash_batch, solve_stages
from drmg_check.kernels import compiled_sweep
from drmg_check.models import FiniteHorizon, row_set
from drmg_check.planner._backward import STAGE, BoundArrays, Inputs, plan_backwards
from drmg_check.planner._optimism import Optimism
from drmg_check.sets import L1, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import Array, FloatArray, InputError, IntArray, UnsupportedError


@dataclass(frozen=True, slots=True, eq=False)
class OptimisticPlan:
    """What Stage 2 derives from counts.

    Attributes
    ----------
    Qbar, Qlow : array [m, H, S, A]
        With Qlow <= Qbar everywhere.
    Vbar, Vlow : array [m, H + 1, S]
    pi : array [H, S, A]
    gain : array [H, S]
        The largest gain of any agent by deviating from ``pi`` in the stage game Qbar(s, .).

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> import numpy as np
    >>> from drmg_check.planner import practical
    >>> nothing_seen = np.zeros((4, 2, 4, 2), dtype=np.int64)
    >>> plan = optimistic_plan(game, nothing_seen, practical(game, 100), "nash")
    >>> plan.Qbar.max().item(), plan.Qlow.max().item()  # H, and no less than it is paid at once
    (4.0, 2.32)
    """

    Qbar: FloatArray
    Qlow: FloatArray
    Vbar: FloatArray
    Vlow: FloatArray
    pi: FloatArray
    gain: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Planner:
    """A game's rewards, sets and radii with constants, prepared for compiled loops; its kernel is not read.

    Attributes
    ----------
    pointers : the compiled kernel of the set, and the solvers for NASH and for CCE and CE
    inputs : Inputs
    actions : tuple of int
    concept : "nash", "cce" or "ce"
    """

    pointers: tuple[Any, Any, Any]
    inputs: Inputs
    actions: tuple[int, ...]
    concept: Concept


def prepare(game: FiniteHorizon, optimism: Optimism, concept: Concept) -> Planner:
    """Return what planning needs besides counts.

    Raises
    ------
    InputError
        Rewards outside [0, 1], which clips and bonuses presume; the operator "drop" without total variation
        over the whole simplex; an unknown concept.
    UnsupportedError
        Agents with different sets, or a set without a kernel that compiled loops can call.
    """
    if concept not in get_args(Concept):
        raise InputError(f"concept={concept!r}; expected one of {get_args(Concept)}")
    r = np.array(game.r, order="C")
    low, high = float(r.min()), float(r.max())
    if not (low >= 0.0 and high <= 1.0):
        raise InputError(
            f"rewards of {game.name!r} go from {low!r} to {high!r}; optimistic planning clips at 0 and H, "
            "so rescale them to [0, 1]"
        )
    uncertainty = row_set(game.stages[0], 0)
    if any(other != uncertainty for other in game.uncertainty):
        raise UnsupportedError(
            f"agents of {game.name!r} have different uncertainty sets; learning needs one set for all agents "
            "(radii may differ)"
        )
    drop = optimism.operator == "drop"
    if drop and not (isinstance(uncertainty, TotalVariation | L1) and uncertainty.support == "all"):
        raise InputError(f"operator='drop' needs total variation over all states; the set is {uncertainty!r}")
    sweep = compiled_sweep(uncertainty, game.rho)
    S, H = game.n_states, game.horizon
    spread = S if optimism.rate == "sqrt_S" else 1
    inputs = Inputs(
        r=r,
        radius=np.array(sweep.radius, order="C"),
        clip=_clips(sweep.radius, optimism),
        actions=np.array(game.actions, dtype=np.int64),
        variance=optimism.c1 * optimism.iota * spread,
        width=2.0 * optimism.c3 / H,
        rarity=optimism.c2 * H * H * S * optimism.iota,
        per_N=optimism.rate != "literal_19",
        is_kl=isinstance(uncertainty, KullbackLeibler),
        kl=2.0 * optimism.cf * H * sqrt(optimism.iota),
        floor=1.0 / sqrt(optimism.episodes),
        drop=drop,
        all_states=sweep.all_states,
        concept=get_args(Concept).index(concept),
        unit=ldexp(1.0, GRID_BITS - frexp(float(H))[1]),
    )
    return Planner((sweep.expectations, nash_batch, correlated_batch), inputs, game.actions, concept)


def _clips(radius: FloatArray, optimism: Optimism) -> FloatArray:
    """Return the largest Qbar of each agent and step."""
    m, H = radius.shape[:2]
    if optimism.clip == "H":
        return np.full((m, H), float(H))
    clip = np.tile(np.arange(H, 0, -1, dtype=np.float64), (m, 1))
    if optimism.operator == "drop":
        least = np.maximum(radius.min(axis=(1, 2, 3)), 1.0 / H)
        clip = np.minimum(clip, 1.0 / least[:, None])
    return clip


def bounds_from(N: Array, m: int) -> BoundArrays:
    """Return counts of which nothing is planned yet; the policy is uniform and the values unknown.

    Parameters
    ----------
    N : integers [H, S, A, S]
        Transitions seen, copied.
    m : int
        Number of agents.
    """
    if N.ndim != 4 or N.shape[1] != N.shape[3] or N.dtype.kind not in "iu" or np.any(N < 0):
        raise InputError(f"N has shape {N.shape} and type {N.dtype}; expected counts >= 0 [H, S, A, S]")
    H, S, A, _ = N.shape
    unknown = np.full((m, H, S, A), np.nan)
    V = np.full((m, H + 1, S), np.nan)
    V[:, H] = 0.0
    return BoundArrays(
        N=N.astype(np.int64),
        visits=np.zeros((H, S, A), dtype=np.int64),
        P=np.empty(N.shape),
        stale=np.ones((H, S, A), dtype=np.bool_),
        Qbar=unknown,
        Qlow=unknown.copy(),
        Vbar=V,
        Vlow=V.copy(),
        pi=np.full((H, S, A), 1.0 / A),
        gain=np.zeros((H, S)),
        moved=np.zeros(m, dtype=np.int8),
        touched=np.zeros(S, dtype=np.int8),
        changes=np.zeros(1, dtype=np.int64),
    )


def replan(planner: Planner, bounds: BoundArrays) -> None:
    """Bring the bounds and the policy up to date with the counts."""
    h = plan_backwards(*planner.pointers, planner.inputs, bounds, bounds.P.shape[0])
    while h >= 0:
        solve_exactly(planner, bounds, h)
        h = plan_backwards(*planner.pointers, planner.inputs, bounds, h)


def solve_exactly(planner: Planner, bounds: BoundArrays, h: int) -> None:
    """Write the policy of step h, at which compiled planning stopped for want of exact arithmetic."""
    states = np.flatnonzero(bounds.touched == STAGE)
    H = float(bounds.P.shape[0])
    bounds.pi[h, states] = solve_stages(
        np.ascontiguousarray(bounds.Qbar[:, h, states]), planner.actions, planner.concept, scale=H
    ).x
    bounds.changes[0] += 1


def optimistic_plan(game: FiniteHorizon, N: IntArray, optimism: Optimism, concept: Concept) -> OptimisticPlan:
    """Return bounds and the policy of the next episode, given counts: equations (4) to (8).

    Parameters
    ----------
    game : FiniteHorizon
        Its rewards, sets and radii are used; its kernel is what is being learned, and is not read.
    N : int array [H, S, A, S]
        How often each transition was seen.
    optimism : Optimism
        From :func:`theory` or :func:`practical`, or your own.
    concept : "nash", "cce" or "ce"

    Raises
    ------
    InputError
        Counts of another shape, or what :func:`prepare` refuses.
    UnsupportedError
        As for :func:`prepare`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> import numpy as np
    >>> from drmg_check.planner import practical
    >>> seen = np.zeros((4, 2, 4, 2), dtype=np.int64)
    >>> seen[..., 0] = 1000  # whatever was played led to good; a bonus of 1 / sqrt(K) is left
    >>> optimistic_plan(game, seen, practical(game, 100), "nash").Vbar[0, 3].round(2).tolist()
    [1.1, 1.1]
    """
    expected = (game.horizon, game.n_states, game.n_joint_actions, game.n_states)
    if np.shape(N) != expected:
        raise InputError(f"N.shape={np.shape(N)}; the game {game.name!r} needs {expected}")
    planner, bounds = prepare(game, optimism, concept), bounds_from(N, game.n_agents)
    replan(planner, bounds)
    return OptimisticPlan(bounds.Qbar, bounds.Qlow, bounds.Vbar, bounds.Vlow, bounds.pi, bounds.gain)
