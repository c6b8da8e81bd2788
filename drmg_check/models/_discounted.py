"""The discounted robust game: one stage for ever, and what is paid later counts less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from drmg_check.models._finite_horizon import FiniteHorizon
from drmg_check.models._game import RobustMarkovGame, game_of_stages
from drmg_check.models._payments import largest_payment
from drmg_check.models._stage import LARGEST, Stage
from drmg_check.models._staged import Staged, checked_labels, labels_alone, labels_of
from drmg_check.sets import GameSet
from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    Number,
    UnsupportedError,
    check_type,
    exact,
    exact_tuple,
    show,
)

SHOWN = 12  # characters of a discount; one that was given as a float has forty
LONGEST = (
    2**40
)  # 1 / (1 - gamma): rewards that far away are still seen beside float64's rounding of the first


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DiscountedGame(Staged):
    r"""A stationary robust game without an end: agent i values a policy by its worst discounted sum.

    With the discount ``gamma_i`` and a stationary policy pi, agent i's value is the fixed point of

        V_i(s) = sum_a pi(a|s) [ r_i(s, a) + inf { E_q gamma_i V_i : D_i(q, P(.|s, a)) <= rho_i(s, a) } ],

    so that the first reward counts fully. A ball does not depend on V: what a discounted game hands to its
    stage are the values ``gamma_i V_i`` in the place of those of the next step, and nothing in a stage knows
    of discounts. An adversary that may choose a new kernel at every visit does no more harm than one that
    chooses once, because the sets are (s, a)-rectangular (Iyengar 2005; Nilim and El Ghaoui 2005).

    Parameters
    ----------
    stage : Stage
        With ``step`` 0; it leads to its own states.
    discounts : one number, or one for each agent
        Exact, ``0 <= gamma < 1``.
    initial_state : int
    name, agent_names, state_names, action_names : labels, optional

    Attributes
    ----------
    stages : tuple of one Stage
        Policies have the one decision rule ``pi[0]``.

    Raises
    ------
    InputError
        A discount outside ``[0, 1)``, a stage that leads elsewhere, rewards whose values float64 may not
        hold, an initial state or names that do not fit.

    Examples
    --------
    >>> from drmg_check.models import DenseRows
    >>> from drmg_check.sets import TotalVariation
    >>> rows = DenseRows([[[1, 0]], [[0, 1]]])
    >>> sets = (TotalVariation(),)
    >>> stage = Stage(rows=rows, reward=[[[1], [0]]], radius="1/10", uncertainty=sets, actions=(1,))
    >>> game = DiscountedGame(stage=stage, discounts="9/10")
    >>> game.criterion, game.discounts, round(float(game.occupancy[0]), 9)
    ('discount 9/10', (Fraction(9, 10),), 10.0)
    """

    stage: Stage
    discounts: tuple[Fraction, ...]
    initial_state: int = 0
    name: str = "game"
    agent_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = field(default=(), repr=False)
    action_names: tuple[tuple[str, ...], ...] = ()
    stages: tuple[Stage, ...] = field(init=False, repr=False)
    actions: tuple[int, ...] = field(init=False, repr=False)
    uncertainty: tuple[GameSet, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        stage = self.stage
        check_type(stage, Stage, "stage", "a Stage")
        S, A, after = stage.rows.shape
        if after != S or stage.step != 0:
            raise InputError(
                f"stage has rows {(S, A, after)} and step={stage.step}; expected as many next states as "
                "states, and step 0"
            )
        fields = {
            "discounts": checked_discounts(self.discounts, stage.n_agents),
            "stages": (stage,),
            "actions": stage.actions,
            "uncertainty": stage.uncertainty,
        }
        for attribute, value in fields.items():
            object.__setattr__(self, attribute, value)
        size, largest = largest_payment(stage), LARGEST / (float(self.occupancy[0]) + 1.0)
        if size > largest:
            raise InputError(
                f"rewards reach {size!r} with {self.criterion}; expected at most {largest!r}, so that "
                "float64 holds the values; rescale the rewards"
            )
        for attribute, names in checked_labels(self).items():
            object.__setattr__(self, attribute, names)

    @property
    def occupancy(self) -> FloatArray:
        """How often the stage is played, discounted: 1 / (1 - gamma) for the largest discount, rounded up."""
        return np.nextafter([float(1 / (1 - max(self.discounts)))], np.inf)

    @property
    def criterion(self) -> str:
        """The discounts in words."""
        each = dict.fromkeys(map(_shown, self.discounts))
        if len(each) == 1:
            return f"discount {next(iter(each))}"
        return f"discounts {', '.join(map(_shown, self.discounts))}"

    def alone(self, i: int, stages: Sequence[Stage]) -> DiscountedGame:
        """Return the game of agent i as its only agent, with this stage in place of its own."""
        return DiscountedGame(stage=stages[0], discounts=(self.discounts[i],), **labels_alone(self, i))


def checked_discounts(discounts: object, m: int) -> tuple[Fraction, ...]:
    """Return one exact discount for each of m agents.

    Raises
    ------
    InputError
        A discount outside ``[0, 1)``, or another number of them.

    Examples
    --------
    >>> checked_discounts("9/10", 2)
    (Fraction(9, 10), Fraction(9, 10))
    """
    if isinstance(discounts, Iterable) and not isinstance(discounts, str):
        each = exact_tuple(discounts, "discounts")
    else:
        each = (exact(discounts, "discounts"),)
    if len(each) not in (1, m):
        raise InputError(f"discounts has {len(each)} numbers; expected one, or one for each agent ({m})")
    for i, discount in enumerate(each):
        if not 0 <= discount < 1:
            raise InputError(
                f"discounts[{i}]={_shown(discount)}; expected 0 <= discount < 1. A sum that is not "
                "discounted needs a horizon; averages over time are not computed, but a discount close to 1 "
                "comes near them"
            )
        if (1 - discount) * LONGEST < 1:
            raise InputError(f"discounts[{i}]={_shown(discount)}; expected at most 1 - 2^-40")
    return each * m if len(each) == 1 else each


def discounted(
    game: FiniteHorizon,
    discounts: Number | Sequence[Number],
    *,
    arrival: Array | None = None,
    costs: bool = False,
    first_discounted: bool = False,
) -> DiscountedGame:
    """Return the game whose one stage is that of all steps of a game with a horizon.

    Parameters
    ----------
    game : FiniteHorizon
        Its stages are all the same.
    discounts : one number, or one for each agent
    arrival : array broadcastable to [m, S, A, S'], optional
        What is paid on arrival in the next state besides, inside the worst case.
    costs : bool
        What is paid are costs, of which nature takes the largest: they become rewards by their sign, exactly,
        and values are minus the worst costs.
    first_discounted : bool
        The first payment counts gamma, the next one gamma^2: all become gamma times themselves, exactly.

    Raises
    ------
    InputError
        The stages differ, or the discounts are none.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = discounted(load("good-bad-chain"), "9/10")
    >>> game.criterion, game.name
    ('discount 9/10', 'good-bad-chain')
    """
    first = game.stages[0]
    for stage in game.stages[1:]:
        same = stage.rows is first.rows and all(
            bool((getattr(stage, name) == getattr(first, name)).all()) for name in ("reward", "radius")
        )
        if not same:
            raise InputError(
                f"{game.name!r} differs between steps 0 and {stage.step}; expected stages that are all the "
                "same, for a discounted game has one"
            )
    each = checked_discounts(discounts, game.n_agents)
    factors = [(-1 if costs else 1) * (gamma if first_discounted else 1) for gamma in each]
    paid = first.arrival if arrival is None else arrival
    stage = replace(
        first,
        reward=_times(factors, first.reward),
        arrival=None if paid is None else _times(factors, np.asarray(paid)),
    )
    return DiscountedGame(stage=stage, discounts=each, **labels_of(game))


def _times(factors: Sequence[Fraction | int], numbers: Array) -> Array:
    """Return what is paid times a factor for each agent, exactly; as it is where all are 1."""
    if all(factor == 1 for factor in factors):
        return numbers
    exactly = np.array([exact(x) for x in numbers.ravel().tolist()], dtype=object).reshape(numbers.shape)
    by_agent = np.array([Fraction(factor) for factor in factors], dtype=object)
    scaled: Array = exactly * by_agent.reshape(-1, *(1,) * (numbers.ndim - 1))
    return scaled


def played_once(game: DiscountedGame) -> RobustMarkovGame:
    """Return the game of one step that has the stage of a discounted one.

    >>> from drmg_check.zoo import load
    >>> game = discounted(load("good-bad-chain"), "9/10")
    >>> played_once(game).horizon, discounted(played_once(game), "9/10").criterion
    (1, 'discount 9/10')
    """
    if game.stage.arrival is not None:
        raise UnsupportedError(f"{game.name!r} pays on arrival, which a game of steps does not")
    return game_of_stages(game.stages, **labels_of(game))


def _shown(discount: Fraction) -> str:
    text = show(discount)
    return text if len(text) <= SHOWN else repr(float(discount))
