r"""s-rectangular sets: one budget for all actions of a state, shared out by the adversary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from drmg_check.sets._base import Shareable, UncertaintySet
from drmg_check.vocabulary import InputError, Number, exact_tuple, show


@dataclass(frozen=True, slots=True)
class SRectangular:
    r"""All kernels of a state that keep within one budget together.

    With the discrepancy D of ``ball`` and the nominal rows ``p_a = P(. | s, a)`` of a state,

        U_s = { (q_a)_a : sum_a w_a D(q_a, p_a) <= kappa },

    so that the adversary may spend all of ``kappa`` on one action or share it out. The sum is over *joint*
    actions: agent i's adversary chooses the kernels of all joint actions of a state before anybody acts, and
    the worth of a joint policy x is ``min_{q in U_s} sum_a x(a) (r_i(s, a) + E_{q_a} V_i)``.

    It is a set of the game and not of a row: what it does to one row depends on how likely the others are.
    The best policy of an agent may have to be randomised (Wiesemann, Kuhn and Rustem, 2013), and copies of an
    action dilute the adversary. With one action the set is its ball of radius ``kappa / w``; the ball of
    radius ``kappa / w_a`` for each action by itself contains it.

    Parameters
    ----------
    ball : Shareable
        TotalVariation, L1, KullbackLeibler, ChiSquare or Interval.
        ``Interval`` means the sum over actions of the L-infinity distances (Behzadian, Petrik and Ho, 2021);
        bounding their *maximum* is what ``Interval`` by itself does.
    weights : numbers > 0, one for each joint action, optional
        What a unit of discrepancy costs at each; 1 if none are given.

    Raises
    ------
    InputError
        Another ball, or a weight that is not positive.

    Notes
    -----
    The budget belongs to the game: it is the radius, which depends on (i, h, s) and not on a. Sources: Ho,
    Petrik and Wiesemann (2018, 2021) for L1, (2022) for phi-divergences.

    Examples
    --------
    >>> from drmg_check.sets import L1, KullbackLeibler
    >>> SRectangular(L1())
    SRectangular(ball=L1(support='all'), weights=())
    >>> SRectangular(KullbackLeibler(), weights=["1/2", 1]).weight(0)
    Fraction(1, 2)
    """

    ball: Shareable
    weights: tuple[Fraction, ...] = ()
    kind: ClassVar[str] = "s-rectangular"
    max_radius: ClassVar[Fraction | None] = None

    def __init__(self, ball: UncertaintySet, weights: Iterable[Number] = ()) -> None:
        if not isinstance(ball, Shareable):
            kinds = ", ".join(sorted(cls.kind for cls in Shareable.__subclasses__()))
            got = ball.kind if isinstance(ball, UncertaintySet) else repr(ball)
            raise InputError(f"ball={got} has no s-rectangular set; expected one of {kinds}")
        exactly = exact_tuple(weights, "weights")
        for a, weight in enumerate(exactly):
            if weight <= 0:
                raise InputError(f"weights[{a}]={show(weight)}; expected a positive number")
        object.__setattr__(self, "ball", ball)
        object.__setattr__(self, "weights", exactly)

    @property
    def n_states(self) -> int | None:
        """The one number of states that its ball fits; None where it fits any."""
        return self.ball.n_states

    @property
    def fixed_by(self) -> str:
        """The parameter of its ball that fixes the number of states; empty where none does."""
        return self.ball.fixed_by

    @property
    def leaves_support(self) -> bool:
        """Whether the adversary may move mass to states that a nominal row never visits."""
        return self.ball.leaves_support

    def weight(self, a: int) -> Fraction:
        """Return what a unit of discrepancy costs at the joint action a."""
        return self.weights[a] if self.weights else Fraction(1)

    def fits(self, n_joint_actions: int) -> bool:
        """Whether there are as many weights as joint actions, or none."""
        return len(self.weights) in (0, n_joint_actions)

    def states_beyond_support(self, n_states: int) -> int:
        """Return how many states that no nominal row reaches, those of least value, a worst kernel may need.

        One where mass pays by the distance it moves; all where no state may take more than its share.
        """
        if not self.leaves_support:
            return 0
        return n_states if self.ball.states_beyond_support(Fraction(1, n_states), n_states) > 1 else 1

    def restrict(self, states: Sequence[int]) -> SRectangular:
        """Return the set for rows over these states only, in this order."""
        return self

    @classmethod
    def read(cls, parameters: dict[str, Any], ball: UncertaintySet) -> SRectangular:
        """Build the set from the parameters of its JSON form beside the ball.

        Raises
        ------
        InputError
            A parameter that it has not, or an illegal one.
        """
        if unknown := sorted(set(parameters) - {"weights"}):
            raise InputError(
                f"uncertainty {cls.kind!r} has no parameter {unknown[0]!r}; expected ['ball', 'weights']"
            )
        return cls(ball, parameters.get("weights", ()))
