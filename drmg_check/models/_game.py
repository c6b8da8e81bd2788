"""The robust Markov game: m agents, finite horizon, one (s, a)-rectangular uncertainty set per agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import get_args

import numpy as np

from drmg_check.sets import FictitiousTotalVariation, GameSet, Row, UncertaintySet, Wasserstein, check_radius
from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    UnsupportedError,
    check_distributions,
    check_type,
    exact,
    float_view,
    normalise,
    numbers_array,
)

LARGEST = 2.0**1010  # of values; sums over agents, actions and error bounds have room above


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RobustMarkovGame:
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
    broadcast along h.
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

    def __post_init__(self) -> None:
        def put(attribute: str, value: object) -> None:
            object.__setattr__(self, attribute, value)

        actions = checked_actions(self.actions)
        put("actions", actions)
        m, A = len(actions), prod(actions)
        P = numbers_array(self.transition, "transition")
        if P.ndim not in (3, 4) or P.shape[-1] != P.shape[-3] or 0 in P.shape:
            raise InputError(f"transition.shape={P.shape}; expected [H, S, A, S] or [S, A, S]")
        H = P.shape[0] if P.ndim == 4 else self.horizon
        if isinstance(H, bool) or not isinstance(H, int) or H < 1 or (self.horizon not in (0, H)):
            raise InputError(f"horizon={self.horizon!r}; expected {'P.shape[0]' if P.ndim == 4 else '>= 1'}")
        S = P.shape[-1]
        if P.shape[-2] != A:
            raise InputError(f"transition.shape={P.shape} has {P.shape[-2]} joint actions; actions give {A}")
        put("horizon", H)
        check_distributions(P, "transition")
        sets = self.uncertainty if isinstance(self.uncertainty, tuple | list) else (self.uncertainty,) * m
        if len(sets) != m:
            raise InputError(f"uncertainty has {len(sets)} sets; expected one, or one per agent ({m})")
        put("uncertainty", tuple(sets))
        for i, one in enumerate(sets):
            check_type(one, get_args(GameSet), f"uncertainty[{i}]", "an uncertainty set, as TotalVariation()")
            if isinstance(one, Wasserstein) and len(one.ground) != S:
                raise InputError(f"uncertainty[{i}].ground has {len(one.ground)} states; the game has {S}")
        reward = numbers_array(self.reward, "reward")
        radius = numbers_array(self.radius, "radius")
        for attribute, array, view in (("reward", reward, "r"), ("radius", radius, "rho")):
            try:
                put(attribute, np.broadcast_to(array, (m, H, S, A)))
                put(view, np.broadcast_to(float_view(array), (m, H, S, A)))
            except ValueError as error:
                raise InputError(
                    f"{attribute}.shape={array.shape} does not broadcast to [m, H, S, A]={(m, H, S, A)}"
                ) from error
        _check_size(self.r, H)
        _check_radii(self.radius, self.uncertainty, self.actions)
        put("transition", np.broadcast_to(P, (H, S, A, S)))
        put("P", np.broadcast_to(float_view(P), (H, S, A, S)))
        check_type(self.initial_state, (int, np.integer), "initial_state", f"0 <= s < {S}")
        if isinstance(self.initial_state, bool) or not 0 <= self.initial_state < S:
            raise InputError(f"initial_state={self.initial_state!r}; expected 0 <= s < {S}")
        put("agent_names", _names(self.agent_names, m, "agent_names", "agent {}"))
        put("state_names", _names(self.state_names, S, "state_names", "s{}"))
        action_names = self.action_names or ((),) * m
        if len(action_names) != m:
            raise InputError(f"action_names has {len(action_names)} entries; expected one per agent ({m})")
        put(
            "action_names",
            tuple(
                _names(names, n, f"action_names[{i}]", "{}")
                for i, (names, n) in enumerate(zip(action_names, actions, strict=True))
            ),
        )

    @property
    def n_agents(self) -> int:
        """Number m of agents."""
        return len(self.actions)

    @property
    def n_states(self) -> int:
        """Number S of states."""
        return int(self.transition.shape[-1])

    @property
    def n_joint_actions(self) -> int:
        """Number A of joint actions, the product over agents."""
        return prod(self.actions)

    @property
    def is_stationary(self) -> bool:
        """Whether the kernel is stored once for all steps."""
        return self.horizon == 1 or self.transition.strides[0] == 0


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


def nominal_row(game: RobustMarkovGame, h: int, s: int, a: int) -> tuple[Fraction, ...]:
    """Return the exact nominal distribution ``P_h(. | s, a)``, length S."""
    return normalise([exact(x) for x in game.transition[h, s, a]], f"transition[{h}, {s}, {a}]")


def exact_reward(game: RobustMarkovGame, i: int, h: int, s: int, a: int) -> Fraction:
    """Return the exact reward ``r[i, h, s, a]``."""
    return exact(game.reward[i, h, s, a])


def exact_radius(game: RobustMarkovGame, i: int, h: int, s: int, a: int) -> Fraction:
    """Return the exact radius ``rho[i, h, s, a]``."""
    return exact(game.radius[i, h, s, a])


def row_of(game: RobustMarkovGame, i: int, h: int, s: int, a: int, values: Sequence[Fraction]) -> Row:
    """Return agent i's worst-case problem at (h, s, a) for the next values ``V``, length S.

    Raises
    ------
    UnsupportedError
        As for :func:`row_set`.
    """
    return Row(row_set(game, i), nominal_row(game, h, s, a), tuple(values), exact_radius(game, i, h, s, a))


def row_set(game: RobustMarkovGame, i: int) -> UncertaintySet:
    """Return agent i's set as one of single rows (h, s, a).

    Raises
    ------
    UnsupportedError
        The set is fictitious: its rows are averages over the other agents' actions.
    """
    one = game.uncertainty[i]
    if isinstance(one, FictitiousTotalVariation):
        raise UnsupportedError(
            f"agent {i} of {game.name!r} has a fictitious set, whose rows average over the other agents' "
            "policies; evaluation, best responses and NE / CCE gaps handle it"
        )
    return one


def joint_action(game: RobustMarkovGame, a: int) -> tuple[int, ...]:
    """Return the per-agent actions of the joint action with C-order index ``a``."""
    return tuple(int(k) for k in np.unravel_index(a, game.actions))


def _check_size(r: FloatArray, H: int) -> None:
    """Refuse rewards whose values float64 may not hold."""
    largest = max(float(r.max()), -float(r.min()))
    if largest > LARGEST / (H + 1):
        raise InputError(
            f"rewards reach {largest!r} over horizon={H}; expected (H + 1) max |r| <= 2^1010, so that "
            "float64 holds the values; rescale the rewards"
        )


def _check_radii(radius: Array, sets: tuple[GameSet, ...], actions: tuple[int, ...]) -> None:
    for i, one in enumerate(sets):
        ball = one.ball if isinstance(one, FictitiousTotalVariation) else one
        low, high = np.argmin(radius[i]), np.argmax(radius[i])
        for flat in (low, high):
            where = tuple(int(k) for k in np.unravel_index(int(flat), radius[i].shape))
            check_radius(ball, exact(radius[i][where]), f"radius{[i, *where]}")
        if isinstance(one, FictitiousTotalVariation):
            _check_own_radius(radius[i], i, actions)


def _check_own_radius(radius: Array, i: int, actions: tuple[int, ...]) -> None:
    by_agent = radius.reshape(*radius.shape[:2], *actions)
    first = by_agent[(..., *(slice(None) if j == i else slice(0, 1) for j in range(len(actions))))]
    differing = np.argwhere(by_agent != first)
    if differing.shape[0]:
        h, s, *each = (int(k) for k in differing[0])
        raise InputError(
            f"radius[{i}, {h}, {s}] at the joint action {tuple(each)} differs from that of another action of "
            f"the others; expected one radius for each action of agent {i}, as its set is fictitious"
        )


def _names(names: Sequence[str], n: int, what: str, pattern: str) -> tuple[str, ...]:
    check_type(names, Sequence, what, f"{n} strings")
    if not names:
        return tuple(pattern.format(k) for k in range(n))
    if isinstance(names, str) or len(names) != n or not all(isinstance(name, str) for name in names):
        raise InputError(f"{what}={names!r}; expected {n} strings")
    if len(set(names)) != n:
        raise InputError(f"{what}={names!r} repeats a name; expected {n} different ones")
    return tuple(names)
