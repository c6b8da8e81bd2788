r"""Equilibria of a batch of stage games, each with its a-posteriori gap and how it was found.

**Grid.** Payoffs are first rounded to multiples of an absolute grid, and the equilibrium is *selected*
on those integers: which equilibrium is chosen jumps with the last bit of a payoff, and after rounding
it does not depend on how a sum was ordered. The gap is then *measured* on the payoffs as given;
rounding adds at most one grid step to it. Where a payoff is a million times all that the equilibrium meets,
as a penalty may be that nobody ever pays, the game is solved again on a finer grid.

**Selection.** Any number of equilibria may exist, and the values of a plan depend on which is taken:

* CCE, CE: of those of largest welfare (sum over agents) the one of least ``|x|^2``. It is unique.
* NASH: a pure equilibrium if there is one: the largest welfare, then the largest sorted payoffs, smallest
  first. If the best differ only in who gets what, the canonical order of agents decides, unless the
  game is symmetric in them; then, as whenever symmetric agents have no pure equilibrium, the logit
  path from the uniform prior is followed, which treats them alike. Otherwise, in canonical order, zero-sum
  games are solved by the simplex method, other games of two agents by Lemke-Howson from label 0 (or the
  first that meets the accuracy), and games of more agents by the first support, smallest first, or by
  the logit path, or by the supports that generic games rule out.

With one agent every concept means a best action, the first of those that tie. Otherwise
no rule looks at how agents or actions are numbered (:mod:`drmg_check.equilibria._canonical`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from math import frexp, prod

import numpy as np

from drmg_check.equilibria._batch import correlated_batch, nash_batch
from drmg_check.equilibria._deviations import stage_gaps
from drmg_check.equilibria._exact_bimatrix import lemke_howson_exactly
from drmg_check.vocabulary import Array, FloatArray, InputError, IntArray
from drmg_check.words import Concept

GRID_BITS = 40
"""Payoffs keep so many bits below the scale: the order of sums, some 2^-50 of it, is rounded away."""
FINE_BITS = 51
"""What they keep where only payoffs far below the scale are at stake; float64 still holds sums of a few."""
WIDE = 2.0**20
"""A stage game is wide if its largest payoff is so many times those that its equilibrium meets."""
AT_ONCE = 2**13
"""Stage games that are solved together: 10 MB of work with 16 joint actions, and some milliseconds."""
EXACTLY = 64
"""Joint actions of a wide game up to which CCE and CE are found in fractions, in moments."""


class Method(IntEnum):
    """How an equilibrium was found.

    >>> Method(2).name
    'SIMPLEX'
    """

    FAILED = 0
    """No method met the accuracy: the point of smallest gap is returned, and the gap says how far it is."""
    PURE = 1
    """The best pure equilibrium."""
    SIMPLEX = 2
    """A linear program: CCE, CE, or a zero-sum game."""
    LEMKE_HOWSON = 3
    """Complementary pivoting in floating point."""
    SUPPORTS = 4
    """Newton's method on the first support that has a solution."""
    LOGIT = 5
    """The logit path, then Newton's method on the support that it leads to."""
    EXACT = 6
    """Rational arithmetic, where floating point did not meet the accuracy."""


@dataclass(frozen=True, slots=True, eq=False)
class StageEquilibria:
    """One equilibrium of each of S stage games.

    Attributes
    ----------
    marginals : tuple of array [S, A_i]
        For "nash": each agent's mixed action. Empty for "cce" and "ce".
    x : array [S, A]
        The distribution over joint actions.
    gap : array [S]
        The largest gain of any agent on the payoffs given, in their unit: measured, not assumed.
    method : int8 array [S]
        A :class:`Method` each.

    Examples
    --------
    >>> prisoners = np.array([[[3.0, 0.0, 5.0, 1.0]], [[3.0, 5.0, 0.0, 1.0]]])
    >>> solution = solve_stages(prisoners, (2, 2), "nash")
    >>> solution.x.tolist(), Method(solution.method[0]).name
    ([[0.0, 0.0, 0.0, 1.0]], 'PURE')
    """

    marginals: tuple[FloatArray, ...]
    x: FloatArray
    gap: FloatArray
    method: Array


def solve_stages(
    payoffs: FloatArray,
    actions: Sequence[int],
    concept: Concept,
    *,
    scale: float = 0.0,
    threads: int = 1,
) -> StageEquilibria:
    """Return an equilibrium of each stage game by the rule stated in the module.

    Parameters
    ----------
    payoffs : array [m, S, A]
        Agent i's payoff of each joint action in each of S games.
    actions : sequence of int, length m
    concept : "nash", "cce" or "ce"
    scale : float
        A bound on the payoffs of the whole problem: the grid is ``2^-40`` of the next power of two.
        The same for all calls that should select alike; by default the largest payoff given.
    threads : int
        Games are shared out to at most so many, by thousands; the result is the same for every number.

    Raises
    ------
    InputError
        Shapes that do not fit, payoffs that are not finite or above the scale, an unknown concept.

    Notes
    -----
    CCE, CE and two-agent NASH end in exact arithmetic if they must, so only NASH of three or more
    agents can be :attr:`Method.FAILED`; of millions of games that were drawn to break it, a few were, whose
    payoffs span eleven orders of magnitude within one agent. That a point is an equilibrium is checked on
    payoffs scaled to size one per agent, up to ``2^-36``. The result does not depend on the machine
    (x86-64) or on the other games in the batch, if ``scale`` is given.

    Examples
    --------
    >>> chicken = np.array([[[6.0, 2.0, 7.0, 0.0]], [[6.0, 7.0, 2.0, 0.0]]])
    >>> solve_stages(chicken, (2, 2), "ce").x.tolist()
    [[0.5, 0.25, 0.25, 0.0]]
    """
    if payoffs.ndim != 3 or payoffs.shape[1] <= AT_ONCE:
        return _solved(payoffs, actions, concept, scale)
    scale = scale or float(np.abs(payoffs).max())
    parts = [payoffs[:, first : first + AT_ONCE] for first in range(0, payoffs.shape[1], AT_ONCE)]
    with ThreadPoolExecutor(threads) as pool:
        solved = list(pool.map(lambda part: _solved(part, actions, concept, scale), parts))
    return StageEquilibria(
        tuple(np.concatenate(each) for each in zip(*(part.marginals for part in solved), strict=True)),
        *(np.concatenate([getattr(part, name) for part in solved]) for name in ("x", "gap", "method")),
    )


def _solved(payoffs: FloatArray, actions: Sequence[int], concept: Concept, scale: float) -> StageEquilibria:
    solution = _on_grid(payoffs, actions, concept, scale, GRID_BITS)
    if len(actions) > 1 and (wide := _wide(payoffs, solution.x)).any():
        again = _on_grid(payoffs[:, wide], actions, concept, scale or float(np.abs(payoffs).max()), FINE_BITS)
        for old, new in zip(solution.marginals, again.marginals, strict=True):
            old[wide] = new
        solution.x[wide], solution.gap[wide], solution.method[wide] = again.x, again.gap, again.method
    return solution


def _wide(payoffs: FloatArray, x: FloatArray) -> Array:
    """Return which games have payoffs far beyond all that are met, on which the grid was wasted."""
    size = np.abs(payoffs)
    met = np.where(x > 2.0**-36, size, 0.0).max(axis=(0, 2))  # smaller weights may be rounding
    least = np.where(size > 0.0, size, np.inf).min(axis=(0, 2))
    wide: Array = size.max(axis=(0, 2)) > WIDE * np.maximum(met, least)
    return wide


def _on_grid(
    payoffs: FloatArray, actions: Sequence[int], concept: Concept, scale: float, bits: int
) -> StageEquilibria:
    """Solve on multiples of ``2^-bits`` of the scale; on a fine grid in fractions, where there is a way."""
    m, A = len(actions), prod(actions)
    if payoffs.ndim != 3 or payoffs.shape[0] != m or payoffs.shape[2] != A:
        raise InputError(f"payoffs.shape={payoffs.shape}; expected [m, S, A] with m={m}, A={A}")
    size = float(np.abs(payoffs).max(initial=0.0))
    scale = scale or size
    if not size <= scale < np.inf:
        raise InputError(f"payoffs reach {size!r}; expected finite numbers up to scale={scale!r}")
    K = np.rint(np.ldexp(payoffs, bits - frexp(scale)[1])).astype(np.int64)
    n = np.array(actions, dtype=np.int64)
    if concept not in ("nash", "cce", "ce"):
        raise InputError(f"concept={concept!r}; expected 'nash', 'cce' or 'ce'")
    marginals: tuple[FloatArray, ...] = ()
    if m == 1:
        x: FloatArray = np.eye(A)[K[0].argmax(axis=1)]
        marginals = (x,) if concept == "nash" else ()
        method = np.full(len(x), Method.PURE, dtype=np.int8)
    elif concept == "nash":
        p, method = nash_batch(K, n)
        if bits == FINE_BITS and m == 2:
            method[method > Method.PURE] = Method.FAILED
        _exact_nash(K, actions, p, method)
        marginals = tuple(np.ascontiguousarray(p[:, i, : actions[i]]) for i in range(m))
        x = marginals[0]
        for play in marginals[1:]:
            x = (x[:, :, None] * play[:, None, :]).reshape(len(x), -1)
    else:
        x, method = correlated_batch(K, n, concept == "ce")
        if bits == FINE_BITS and A <= EXACTLY:
            method[:] = Method.FAILED
        _exact_correlated(K, actions, x, method, swaps=concept == "ce")
    return StageEquilibria(marginals, x, stage_gaps(payoffs, x, actions, concept), method)


def _exact_nash(K: IntArray, actions: Sequence[int], p: FloatArray, method: Array) -> None:
    if len(actions) != 2:
        return
    for s in np.flatnonzero(method == Method.FAILED):
        A, B = (K[i, s].reshape(tuple(actions)).tolist() for i in range(2))
        for i, play in enumerate(lemke_howson_exactly(A, B)):
            p[s, i, : actions[i]] = [float(weight) for weight in play]
        method[s] = Method.EXACT


def _exact_correlated(
    K: IntArray, actions: Sequence[int], x: FloatArray, method: Array, *, swaps: bool
) -> None:
    from drmg_check.equilibria._exact_correlated import correlated_exactly

    for s in np.flatnonzero(method == Method.FAILED):
        x[s] = [float(weight) for weight in correlated_exactly(K[:, s], actions, swaps=swaps)]
        method[s] = Method.EXACT
