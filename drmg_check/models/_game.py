"""The robust Markov game: m agents, finite horizon, one (s, a)-rectangular uncertainty set per agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from drmg_check.models._finite_horizon import FiniteHorizon
from drmg_check.models._model import Model
from drmg_check.models._rows import DenseRows, exact_array
from drmg_check.models._stage import Stage, broadcast_numbers, check_radii, check_size, checked_sets
from drmg_check.models._staged import checked_labels, labels_alone
from drmg_check.sets import GameSet
from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    check_distributions,
    float_view,
    numbers_array,
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RobustMarkovGame(FiniteHorizon):
    """A finite-horizon general-sum Markov game in which each agent fears its own adversary.

    Agent ``i`` values a joint policy by the worst kernel of its own set
    ``{ P' : D_i(P'_h(.|s,a), P_h(.|s,a)) <= radius[i, h, s, a] for all (h, s, a) }``
    (agent-wise (s, a)-rectangular, Definition 1 of the MORNAVI paper with the radius allowed to
    depend on the place). Indices: agent i < m, step h < H (the paper's h minus one), state s < S, joint
    action a < A in C order of the per-agent actions.

    Parameters
    ----------
    transition : array [H, S, A, S] or [S, A, S]
        Nominal kernel P. A row means its exact rational normalisation; its exact sum must lie
        within ``S 2^-52`` of 1 (what rounding each probability to a float can cost).
    reward : array broadcastable to [m, H, S, A]
        Known rewards, any real numbers as long as ``(H + 1) max |r| <= 2^1010``: then values, their sums and
        differences are finite in float64.
    radius : array broadcastable to [m, H, S, A]
        Radius of agent i's set at (h, s, a), in the range of its set. That of a fictitious set depends on
        agent i's own action at most.
    uncertainty : UncertaintySet or FictitiousTotalVariation, or one per agent
    actions : tuple of int, length m
        Number of actions of each agent; their product is A.
    horizon : int, optional
        Needed when ``transition`` has no axis h.
    initial_state : int
    name, agent_names, state_names, action_names : labels, optional

    Raises
    ------
    InputError
        Any shape, number, row sum, radius or name that is illegal; the message gives the indices.

    Notes
    -----
    Arrays may hold floats (their exact binary values are meant), Fractions, or exact strings. ``P``,
    ``r`` and ``rho`` are read-only float64 views for kernels; a stationary kernel is stored once and
    broadcast along h. ``stages[h]`` is step h as a :class:`Stage`, of the same memory.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> game = RobustMarkovGame(
    ...     transition=[[["1/2", "1/2"]], [[0, 1]]],  # one action: a coin in state 0, state 1 for ever
    ...     reward=[[1], [0]],
    ...     radius="1/4",
    ...     uncertainty=TotalVariation(),
    ...     actions=(1,),
    ...     horizon=3,
    ... )
    >>> game.n_states, game.is_stationary, game.rho.shape
    (2, True, (1, 3, 2, 1))
    """

    transition: Array
    reward: Array
    radius: Array
    uncertainty: tuple[GameSet, ...]
    actions: tuple[int, ...]
    horizon: int = 0
    initial_state: int = 0
    name: str = "game"
    agent_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = ()
    action_names: tuple[tuple[str, ...], ...] = ()
    P: FloatArray = field(init=False, repr=False)
    r: FloatArray = field(init=False, repr=False)
    rho: FloatArray = field(init=False, repr=False)
    stages: tuple[Stage, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        def put(attribute: str, value: object) -> None:
            object.__setattr__(self, attribute, value)

        actions = checked_actions(self.actions)
        put("actions", actions)
        m, A = len(actions), prod(actions)
        P = numbers_array(self.transition, "transition")
        H, S = _checked_shape(P, self.horizon, A)
        put("horizon", H)
        check_distributions(P, "transition")
        sets = self.uncertainty if isinstance(self.uncertainty, tuple | list) else (self.uncertainty,) * m
        put("uncertainty", checked_sets(sets, m, S))
        for attribute, rounded in (("reward", "r"), ("radius", "rho")):
            exactly, floats = broadcast_numbers(getattr(self, attribute), attribute, (m, H, S, A))
            put(attribute, exactly)
            put(rounded, floats)
        check_size(self.r, H)
        check_radii(self.radius, self.uncertainty, self.actions)
        view = float_view(P)
        put("transition", np.broadcast_to(P, (H, S, A, S)))
        put("P", np.broadcast_to(view, (H, S, A, S)))
        put("stages", _stages(self, P, view))
        for attribute, names in checked_labels(self).items():
            put(attribute, names)

    def alone(self, i: int, stages: Sequence[Stage]) -> RobustMarkovGame:
        """Return the game of agent i as its only agent, with these stages in place of its own."""
        return game_of_stages(stages, **labels_alone(self, i))


def game_of_stages(stages: Sequence[Stage], **labels: Any) -> RobustMarkovGame:  # noqa: ANN401 - those of a game
    """Return the game of some stages, over all pairs of states; rows that they share are stored once."""
    first = stages[0]
    shared = all(stage.rows is first.rows for stage in stages)
    return RobustMarkovGame(
        transition=exact_array(first.rows) if shared else np.stack([exact_array(s.rows) for s in stages]),
        reward=np.stack([stage.reward for stage in stages], axis=1),
        radius=np.stack([stage.radius for stage in stages], axis=1),
        uncertainty=first.uncertainty,
        actions=first.actions,
        horizon=len(stages),
        **labels,
    )


def checked_actions(actions: object) -> tuple[int, ...]:
    """Return the number of actions of each agent.

    Raises
    ------
    InputError
        No agent, or anything but integers >= 1.
    """
    each = tuple(actions) if isinstance(actions, Iterable) else ()
    if not each or not all(
        isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 1 for n in each
    ):
        raise InputError(f"actions={actions!r}; expected one positive number of actions per agent")
    return tuple(int(n) for n in each)


def joint_action(game: Model, a: int) -> tuple[int, ...]:
    """Return the per-agent actions of the joint action with C-order index ``a``.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> game.actions, joint_action(game, 2)
    ((2, 2), (1, 0))
    """
    return tuple(int(k) for k in np.unravel_index(a, game.actions))


def _checked_shape(P: Array, horizon: object, A: int) -> tuple[int, int]:
    """Return the numbers of steps and of states."""
    if P.ndim not in (3, 4) or P.shape[-1] != P.shape[-3] or 0 in P.shape:
        raise InputError(f"transition.shape={P.shape}; expected [H, S, A, S] or [S, A, S]")
    H = P.shape[0] if P.ndim == 4 else horizon
    if isinstance(H, bool) or not isinstance(H, int) or H < 1 or (horizon not in (0, H)):
        raise InputError(f"horizon={horizon!r}; expected {'P.shape[0]' if P.ndim == 4 else '>= 1'}")
    if P.shape[-2] != A:
        raise InputError(f"transition.shape={P.shape} has {P.shape[-2]} joint actions; actions give {A}")
    return H, P.shape[-1]


def _stages(game: RobustMarkovGame, P: Array, view: FloatArray) -> tuple[Stage, ...]:
    """Return one stage a step, all with the same rows if the kernel ``[S, A, S]`` is stationary."""
    if P.ndim == 3:
        rows = [DenseRows(P, view)] * game.horizon
    else:
        rows = [DenseRows(*both) for both in zip(P, view, strict=True)]
    return tuple(
        Stage(
            rows=rows[h],
            reward=game.reward[:, h],
            radius=game.radius[:, h],
            uncertainty=game.uncertainty,
            actions=game.actions,
            name=game.name,
            step=h,
            views=(game.r[:, h], game.rho[:, h]),
        )
        for h in range(game.horizon)
    )
