r"""One state's problem in an s-rectangular set, as the oracle solves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets._s_rectangular import SRectangular
from drmg_check.vocabulary import InputError, Number, exact, exact_tuple, normalise, show


@dataclass(frozen=True, slots=True)
class StateProblem:
    r"""What an agent can secure in one state, against an adversary with one budget for all its actions.

    Action a belongs to the choice ``k = choices[a]`` of the agent, which draws it with the share ``c_a``:

        max_{d in simplex} min_{q in U_s} sum_k d_k sum_{a: choices[a] = k} c_a E_{q_a} z_a.

    Where the agent is alone every action is a choice of its own, with share 1. Among others its choices are
    its own actions, a is a joint action, and ``c_a`` is what the others contribute to it. A policy is
    evaluated by one choice whose shares are its probabilities.

    Parameters
    ----------
    uncertainty : SRectangular
    nominal : tuple of rows [A][S']
        Non-negative weights, not all zero; a row means its exact normalisation.
    values : tuple of rows [A][S']
        ``z_a(s') = r(s, a) + gamma V(s')``, or whatever follows (s, a, s').
    budget : Fraction >= 0
    choices : tuple of int [A]
    shares : tuple of Fraction >= 0 [A]

    Raises
    ------
    InputError
        Rows of different lengths, illegal weights, budget, choices or shares.

    Examples
    --------
    >>> from drmg_check.sets import L1
    >>> problem = StateProblem.of(SRectangular(L1()), [[1, 0], [1, 0]], [[1, 0], [1, 0]], 1)
    >>> problem.n_choices, problem.playing(["1/2", "1/2"]).shares
    (2, (Fraction(1, 2), Fraction(1, 2)))
    """

    uncertainty: SRectangular
    nominal: tuple[tuple[Fraction, ...], ...]
    values: tuple[tuple[Fraction, ...], ...]
    budget: Fraction
    choices: tuple[int, ...]
    shares: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        A = len(self.nominal)
        lengths = {len(row) for row in (*self.nominal, *self.values)}
        if not A or len(self.values) != A or len(lengths) != 1:
            raise InputError(
                f"nominal has {A} rows and values has {len(self.values)}, of lengths {sorted(lengths)}; "
                "expected as many, all of one length"
            )
        for a, row in enumerate(self.nominal):
            normalise(row, f"nominal[{a}]")
        if not self.uncertainty.fits(A):
            raise InputError(f"weights has {len(self.uncertainty.weights)} entries; expected {A}, or none")
        if self.uncertainty.n_states not in (None, *lengths):
            raise InputError(f"the set is for {self.uncertainty.n_states} states; nominal has {lengths}")
        if self.budget < 0:
            raise InputError(f"budget={show(self.budget)}; expected >= 0")
        if len(self.choices) != A or set(self.choices) != set(range(max(self.choices) + 1)):
            raise InputError(f"choices={self.choices!r}; expected 0, ..., K - 1, one an action")
        if len(self.shares) != A or min(self.shares) < 0:
            raise InputError(f"shares={[show(c) for c in self.shares]}; expected a number >= 0 an action")

    @classmethod
    def of(
        cls,
        uncertainty: SRectangular,
        nominal: Sequence[Iterable[Number]],
        values: Sequence[Iterable[Number]],
        budget: Number,
    ) -> StateProblem:
        """Build the problem of an agent that is alone from anything that :func:`exact` reads.

        >>> from drmg_check.sets import ChiSquare
        >>> StateProblem.of(SRectangular(ChiSquare()), [[1, 1]], [[1, 0]], "1/4").budget
        Fraction(1, 4)
        """
        A = len(nominal)
        return cls(
            uncertainty,
            tuple(exact_tuple(row, "nominal") for row in nominal),
            tuple(exact_tuple(row, "values") for row in values),
            exact(budget, "budget"),
            tuple(range(A)),
            (Fraction(1),) * A,
        )

    def playing(self, policy: Iterable[Number]) -> StateProblem:
        """Return the evaluation of a policy over the choices: one choice is left.

        >>> from drmg_check.sets import L1
        >>> problem = StateProblem.of(SRectangular(L1()), [[1], [1]], [[1], [0]], 1)
        >>> problem.playing([0, 1]).choices
        (0, 0)
        """
        d = exact_tuple(policy, "policy")
        shares = tuple(c * d[k] for c, k in zip(self.shares, self.choices, strict=True))
        return StateProblem(
            self.uncertainty, self.nominal, self.values, self.budget, (0,) * len(shares), shares
        )

    @property
    def n_choices(self) -> int:
        """The number K of choices."""
        return max(self.choices) + 1

    @property
    def probabilities(self) -> tuple[tuple[Fraction, ...], ...]:
        """The exact nominal distributions."""
        return tuple(normalise(row) for row in self.nominal)

    def usable(self, a: int) -> tuple[bool, ...]:
        """Return for each state whether the adversary may put mass there after action a."""
        anywhere = self.uncertainty.leaves_support
        return tuple(anywhere or weight > 0 for weight in self.nominal[a])
