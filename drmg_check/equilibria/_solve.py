"""Equilibria of a batch of stage games, each with its a-posteriori gap and a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drmg_check.equilibria._deviations import Concept, stage_gaps
from drmg_check.equilibria._linear_programs import correlated_by_highs, zero_sum_by_highs
from drmg_check.vocabulary import FloatArray, UnsupportedError


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
    """

    marginals: tuple[FloatArray, ...]
    x: FloatArray
    gap: FloatArray


def solve_stages(payoffs: FloatArray, actions: Sequence[int], concept: Concept) -> StageEquilibria:
    """Return an equilibrium of each stage game.

    Parameters
    ----------
    payoffs : array [m, S, A]
        Agent i's payoff of each joint action in each of S games.
    actions : sequence of int, length m
    concept : "nash", "cce" or "ce"

    Raises
    ------
    UnsupportedError
        A NASH of a stage game that is not zero-sum.
    """
    S = payoffs.shape[1]
    x = np.zeros(payoffs.shape[1:])
    marginals = tuple(np.zeros((S, n)) for n in actions) if concept == "nash" else ()
    best = payoffs.sum(axis=0).argmax(axis=1)
    x[np.arange(S), best] = 1.0
    # With one agent, or where the profile of largest welfare is an equilibrium, nothing beats it.
    pure = stage_gaps(payoffs, x, actions, concept) <= 0.0
    for i, play in enumerate(np.unravel_index(best, tuple(actions)) if marginals else ()):
        marginals[i][np.arange(S), play] = 1.0
    for s in np.flatnonzero(~pure):
        if concept == "nash":
            marginals[0][s], marginals[1][s] = _zero_sum(payoffs[:, s], actions, int(s))
            x[s] = np.outer(marginals[0][s], marginals[1][s]).ravel()
        else:
            x[s] = correlated_by_highs(payoffs[:, s], actions, swaps=concept == "ce")
    return StageEquilibria(marginals, x, stage_gaps(payoffs, x, actions, concept))


def _zero_sum(payoffs: FloatArray, actions: Sequence[int], s: int) -> tuple[FloatArray, FloatArray]:
    if len(actions) != 2:
        raise UnsupportedError(
            f"stage game {s} has {len(actions)} agents and no pure NASH of largest welfare; ask for 'cce'"
        )
    total = payoffs.sum(axis=0)
    if np.ptp(total) > 2.0**-40 * np.abs(payoffs).max():
        raise UnsupportedError(
            f"stage game {s} is not zero-sum: u_1 + u_2 ranges over {float(np.ptp(total))!r}. A zero-sum "
            "reward does not make a zero-sum robust game, for each agent fears its own kernel; ask for 'cce'"
        )
    return zero_sum_by_highs(payoffs[0].reshape(tuple(actions)))
