"""Radii that their sets admit: in range, and as many as a set tells apart."""

from __future__ import annotations

import numpy as np

from drmg_check.sets import ByRow, FictitiousTotalVariation, GameSet, SRectangular, check_radius
from drmg_check.vocabulary import Array, InputError, exact


def check_radii(radius: Array, sets: tuple[GameSet, ...], actions: tuple[int, ...]) -> None:
    """Refuse radii ``[m, ..., S, A]`` out of the range of their sets."""
    for i, uncertainty in enumerate(sets):
        if isinstance(uncertainty, ByRow):
            _check_radii_by_row(radius[i], i, uncertainty)
            continue
        fictitious = isinstance(uncertainty, FictitiousTotalVariation)
        if isinstance(uncertainty, SRectangular):
            _check_budget(radius[i], i, uncertainty)
        for flat in (np.argmin(radius[i]), np.argmax(radius[i])):
            where = tuple(int(k) for k in np.unravel_index(int(flat), radius[i].shape))
            limits = uncertainty.ball if isinstance(uncertainty, FictitiousTotalVariation) else uncertainty
            check_radius(limits, exact(radius[i][where]), f"radius{[i, *where]}")
        if fictitious:
            _check_own_radius(radius[i], i, actions)


def _check_radii_by_row(radius: Array, i: int, sets: ByRow) -> None:
    if radius.shape[-1] != sets.n_joint_actions:
        raise InputError(
            f"uncertainty[{i}].sets has {sets.n_joint_actions} sets for a state; expected "
            f"{radius.shape[-1]}, one for each joint action"
        )
    for where in np.ndindex(radius.shape):
        check_radius(sets.at(*where[-2:]), exact(radius[where]), f"radius{[i, *where]}")


def _check_own_radius(radius: Array, i: int, actions: tuple[int, ...]) -> None:
    by_agent = radius.reshape(*radius.shape[:-1], *actions)
    first = by_agent[(..., *(slice(None) if j == i else slice(0, 1) for j in range(len(actions))))]
    differing = np.argwhere(by_agent != first)
    if differing.shape[0]:
        where = [int(k) for k in differing[0]]
        place, joint = where[: -len(actions)], tuple(where[-len(actions) :])
        raise InputError(
            f"radius{[i, *place]} at the joint action {joint} differs from that of another action of "
            f"the others; expected one radius for each action of agent {i}, as its set is fictitious"
        )


def _check_budget(radius: Array, i: int, uncertainty: SRectangular) -> None:
    A = radius.shape[-1]
    if not uncertainty.fits(A):
        raise InputError(
            f"uncertainty[{i}].weights has {len(uncertainty.weights)} entries; expected one for each of the "
            f"{A} joint actions"
        )
    differing = np.argwhere(radius != radius[..., :1])
    if differing.shape[0]:
        *place, a = (int(k) for k in differing[0])
        raise InputError(
            f"radius{[i, *place]} at the joint action {a} differs from that of joint action 0; expected one "
            "budget for all actions of a state, as the set is s-rectangular"
        )
