r"""One step of a robust game: what an operator maps values through.

At state s under the joint action a agent i is paid ``r[i, s, a]``, and fears the worst next distribution in
the ball of its own set around the nominal row ``P(. | s, a)``, with radius ``rho[i, s, a]``. What follows the
stage is a vector V of next values for each agent; the robust Bellman operator maps it to

    Q_i(s, a) = r[i, s, a] + inf { E_q V_i : D_i(q, P(. | s, a)) <= rho[i, s, a] }.

Where V comes from is the model's business: from the next step, from the same stage again, from a population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from fractions import Fraction
from math import prod
from typing import get_args

import numpy as np

from drmg_check.models._payments import checked_arrival, next_values
from drmg_check.models._radii import check_radii as check_radii
from drmg_check.models._rows import RowBlock, support
from drmg_check.sets import (
    ByRow,
    FictitiousTotalVariation,
    GameSet,
    Row,
    SRectangular,
    UncertaintySet,
)
from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    UnsupportedError,
    check_type,
    exact,
    float_view,
    normalise,
    numbers_array,
)

LARGEST = 2.0**1010  # of values; sums over agents, actions and error bounds have room above


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stage:
    """One step of a robust game of m agents, S states and A joint actions.

    Parameters
    ----------
    rows : RowBlock
        The nominal distributions of the next state, for each (s, a).
    reward : array broadcastable to [m, S, A]
        Real numbers of size at most 2^1009.
    radius : array broadcastable to [m, S, A]
        Radius of agent i's ball at (s, a), in the range of its set. That of a fictitious set depends on agent
        i's own action at most.
    uncertainty : tuple of UncertaintySet, FictitiousTotalVariation or ByRow, length m
        Data that differ from row to row, bounds or lists, stand in a :class:`ByRow`, as radii in ``radius``.
    actions : tuple of int, length m
        Number of actions of each agent; their product is A, joint actions are in C order.
    name : str
        The game's name, for messages.
    step : int
        Which stage of its model it is: the first index of a policy.
    arrival : array broadcastable to [m, S, A, S'], optional
        Paid on arrival in the next state, on top of the reward and inside the worst case, not discounted: the
        adversary minimises ``E_q (arrival + V)``. Its nominal mean in ``reward`` instead is never less.
    views : pair of float64 arrays [m, S, A], optional
        Rewards and radii rounded, from a caller that has checked all numbers: a game does so once for all
        steps.

    Attributes
    ----------
    r, rho : float64 array [m, S, A]
        Rewards and radii as kernels read them.

    Raises
    ------
    InputError
        A number, radius, set or shape that is illegal; the message gives the indices.

    Examples
    --------
    >>> from drmg_check.models import DenseRows, Stage
    >>> from drmg_check.sets import TotalVariation
    >>> rows = DenseRows([[["1/2", "1/2"], [1, 0]], [[0, 1], [0, 1]]])
    >>> sets = (TotalVariation(),)
    >>> stage = Stage(rows=rows, reward=[[[0], [1]]], radius="1/8", uncertainty=sets, actions=(2,))
    >>> nominal_row(stage, 0, 0), exact_reward(stage, 0, 1, 1), exact_radius(stage, 0, 0, 0)
    ((Fraction(1, 2), Fraction(1, 2)), Fraction(1, 1), Fraction(1, 8))
    """

    rows: RowBlock
    reward: Array
    radius: Array
    uncertainty: tuple[GameSet, ...]
    actions: tuple[int, ...]
    name: str = "stage"
    step: int = 0
    arrival: Array | None = None
    r: FloatArray = field(init=False, repr=False)
    rho: FloatArray = field(init=False, repr=False)
    views: InitVar[tuple[FloatArray, FloatArray] | None] = None

    def __post_init__(self, views: tuple[FloatArray, FloatArray] | None) -> None:
        r, rho = self._checked() if views is None else views
        object.__setattr__(self, "r", r)
        object.__setattr__(self, "rho", rho)
        if self.arrival is not None:
            object.__setattr__(self, "arrival", checked_arrival(self, self.arrival))

    def _checked(self) -> tuple[FloatArray, FloatArray]:
        """Check everything and return the rounded rewards and radii."""
        S, A, after = self.rows.shape
        actions = tuple(self.actions)
        if prod(actions) != A:
            raise InputError(f"rows has {A} joint actions; actions={actions!r} give another number")
        shape = (len(actions), S, A)
        sets = checked_sets(self.uncertainty, shape[0], after)
        reward, r = broadcast_numbers(self.reward, "reward", shape)
        radius, rho = broadcast_numbers(self.radius, "radius", shape)
        check_size(r, 1)
        check_radii(radius, sets, actions)
        fields = (("actions", actions), ("uncertainty", sets), ("reward", reward), ("radius", radius))
        for name, value in fields:
            object.__setattr__(self, name, value)
        return r, rho

    @property
    def n_agents(self) -> int:
        """Number m of agents."""
        return len(self.actions)

    @property
    def n_states(self) -> int:
        """Number S of states."""
        return self.rows.shape[0]

    @property
    def n_joint_actions(self) -> int:
        """Number A of joint actions, the product over agents."""
        return self.rows.shape[1]


def nominal_row(stage: Stage, s: int, a: int) -> tuple[Fraction, ...]:
    """Return the exact nominal distribution ``P(. | s, a)``, length S.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> nominal_row(game.stages[0], 0, 3)  # good stays good, as far as the nominal kernel goes
    (Fraction(1, 1), Fraction(0, 1))
    """
    states, weights = support(stage.rows, s, a)
    row = [Fraction(0)] * stage.rows.shape[2]
    for t, weight in zip(states.tolist(), weights.tolist(), strict=True):
        row[t] = exact(weight)
    return normalise(row)


def exact_reward(stage: Stage, i: int, s: int, a: int) -> Fraction:
    """Return the exact reward ``r[i, s, a]``.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> [exact_reward(game.stages[0], 0, 1, a) for a in range(4)]  # bad pays where both choose 1
    [Fraction(0, 1), Fraction(0, 1), Fraction(0, 1), Fraction(1, 1)]
    """
    return exact(stage.reward[i, s, a])


def exact_radius(stage: Stage, i: int, s: int, a: int) -> Fraction:
    """Return the exact radius ``rho[i, s, a]``.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> [exact_radius(stage, 0, 0, 0) for stage in game.stages[:2]]  # only the first step is feared
    [Fraction(1, 10), Fraction(0, 1)]
    """
    return exact(stage.radius[i, s, a])


def row_of(stage: Stage, i: int, s: int, a: int, values: Sequence[Fraction]) -> Row:
    """Return agent i's worst-case problem at (s, a) for the next values ``V``, length S.

    Raises
    ------
    UnsupportedError
        As for :func:`row_set`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> row = row_of(game.stages[0], 0, 0, 0, [Fraction(3), Fraction(1)])
    >>> row.uncertainty, row.span
    (TotalVariation(support='all'), Fraction(2, 1))
    """
    following = tuple(next_values(stage, i, s, a, values))
    return Row(set_at(stage, i, s, a), nominal_row(stage, s, a), following, exact_radius(stage, i, s, a))


def set_at(stage: Stage, i: int, s: int, a: int) -> UncertaintySet:
    """Return agent i's set at the row (s, a).

    Raises
    ------
    UnsupportedError
        The set is fictitious, as for :func:`row_set`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> set_at(game.stages[0], 1, 0, 0)
    TotalVariation(support='all')
    """
    uncertainty = stage.uncertainty[i]
    return uncertainty.at(s, a) if isinstance(uncertainty, ByRow) else row_set(stage, i)


def row_set(stage: Stage, i: int) -> UncertaintySet:
    """Return agent i's set as the one of all its rows (s, a).

    Raises
    ------
    UnsupportedError
        The set is fictitious: its rows are averages over the other agents' actions. Or each row has its own.
        Or it is s-rectangular: the rows of a state share one budget.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> row_set(game.stages[0], 1)
    TotalVariation(support='all')
    """
    uncertainty = stage.uncertainty[i]
    if isinstance(uncertainty, FictitiousTotalVariation):
        raise UnsupportedError(
            f"agent {i} of {stage.name!r} has a fictitious set, whose rows average over the other agents' "
            "policies; evaluation, best responses and NE / CCE gaps handle it"
        )
    if isinstance(uncertainty, ByRow):
        raise UnsupportedError(
            f"agent {i} of {stage.name!r} has a set for each row; evaluation, best responses, gaps, value "
            "iteration and certify without tables handle it"
        )
    if isinstance(uncertainty, SRectangular):
        raise UnsupportedError(
            f"agent {i} of {stage.name!r} has an s-rectangular set, whose budget is shared out among all "
            "actions of a state; evaluation, best responses, NE / CCE gaps and plans of one agent handle it"
        )
    return uncertainty


def checked_sets(sets: Sequence[GameSet], m: int, n_states: int) -> tuple[GameSet, ...]:
    """Return one set an agent, each one that fits the states.

    Raises
    ------
    InputError
        Another number of sets, something else, or a ground metric of other states.
    """
    if len(sets) != m:
        raise InputError(f"uncertainty has {len(sets)} sets; expected one, or one per agent ({m})")
    for i, uncertainty in enumerate(sets):
        check_type(
            uncertainty, get_args(GameSet), f"uncertainty[{i}]", "an uncertainty set, as TotalVariation()"
        )
        if not isinstance(uncertainty, FictitiousTotalVariation) and uncertainty.n_states not in (
            None,
            n_states,
        ):
            raise InputError(
                f"uncertainty[{i}].{uncertainty.fixed_by} has {uncertainty.n_states} states; the game has "
                f"{n_states}"
            )
    return tuple(sets)


def broadcast_numbers(values: object, name: str, shape: tuple[int, ...]) -> tuple[Array, FloatArray]:
    """Return exact numbers and their float64 views, both of this shape ``[m, S, A]`` or ``[m, H, S, A]``.

    Raises
    ------
    InputError
        An entry that is no finite number, or a shape that does not broadcast.
    """
    array = numbers_array(values, name)
    view = float_view(array)
    axes = "[m, H, S, A]" if len(shape) == 4 else "[m, S, A]"
    try:
        return np.broadcast_to(array, shape), np.broadcast_to(view, shape)
    except ValueError as error:
        raise InputError(f"{name}.shape={array.shape} does not broadcast to {axes}={shape}") from error


def check_size(r: FloatArray, H: int) -> None:
    """Refuse rewards whose values over H steps float64 may not hold."""
    largest = max(float(r.max()), -float(r.min()))
    if largest > LARGEST / (H + 1):
        raise InputError(
            f"rewards reach {largest!r} over horizon={H}; expected (H + 1) max |r| <= 2^1010, so that "
            "float64 holds the values; rescale the rewards"
        )
